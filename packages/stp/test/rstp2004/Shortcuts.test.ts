/**
 * What an RSTP bridge leaves out to be fast (ports that nothing happened to, roles that cannot have changed, messages that say nothing new) is
 * left out without a trace: random networks with random faults go the same way, to the last bit, by bridges that look at everything again
 * after each step; and by bridges that are watched, which take no message for known.
 */
import { assert, describe, it } from "@effect/vitest"
import { bridgeKind } from "@l2lab/l2/Bridge"
import { type ControlActions, ControlProtocolKind } from "@l2lab/l2/ControlProtocol"
import * as EthernetFrame from "@l2lab/l2/EthernetFrame"
import * as Fingerprint from "@l2lab/sim/Fingerprint"
import { MILLISECOND, SECOND, type SimTime } from "@l2lab/sim/SimTime"
import { Simulation } from "@l2lab/sim/Simulation"
import type { Registry } from "@l2lab/sim/World"
import * as Bpdu from "../../src/Bpdu.ts"
import * as Engine from "../../src/rstp2004/Engine.ts"
import { Rstp2004 } from "../../src/rstp2004/Entity.ts"
import { LOOK_AT_ALL, type State } from "../../src/rstp2004/State.ts"
import * as RandomBridges from "../RandomBridges.ts"
import { Draw } from "../simulation/Draw.ts"

/** Look at everything: every machine of every port, and every port's role; and compose every BPDU anew. */
const lookAgain = (state: State, now: SimTime, actions: ControlActions): void => {
  state.repeated.fill(null)
  state.frame.fill(null)
  state.reselect.fill(1)
  state.selected.fill(0)
  state.dirty.fill(LOOK_AT_ALL)
  state.woken.fill(1)
  for (let tree = 0; tree < state.trees; tree++) Engine.run(state, tree, now, actions)
}

const Thorough: typeof Rstp2004 = new ControlProtocolKind({
  ...Rstp2004,
  onPdu: (state, port, frame, tci, now, actions) => {
    Rstp2004.onPdu(state, port, frame, tci, now, actions)
    lookAgain(state, now, actions)
  },
  onTimer: (state, timer, now, actions) => {
    Rstp2004.onTimer(state, timer, now, actions)
    lookAgain(state, now, actions)
  },
  onPort: (state, port, status, now, actions) => {
    Rstp2004.onPort(state, port, status, now, actions)
    lookAgain(state, now, actions)
  },
  onCommand: (state, command, now, actions) => {
    Rstp2004.onCommand(state, command, now, actions)
    lookAgain(state, now, actions)
  },
})

const registryOf = (protocol: typeof Rstp2004): Registry<EthernetFrame.EthernetFrame> => {
  const kind = bridgeKind([protocol])
  return {
    kinds: new Map([[kind.kind, kind]]),
    fingerprintFrame: ({ payload }, digest) => digest.numbers(Bpdu.emit(payload as Bpdu.Bpdu)),
  }
}

describe("an RSTP bridge that looks at few ports", () => {
  it("goes the way of one that looks at all, and of one that is watched: 20 networks", { timeout: 60_000 }, () => {
    const registries = [registryOf(Rstp2004), registryOf(Thorough), registryOf(Rstp2004)]
    for (let seed = 1; seed <= 20; seed++) {
      const from = new Draw(seed, "shortcuts")
      const spec = RandomBridges.draw(from, () => ({
        kind: Rstp2004.kind,
        config: { forceProtocolVersion: from.chance(85) ? 2 : 0, autoEdge: from.chance(50) },
      }))
      const runs = registries.map((registry) => Simulation.boot(spec, registry))
      let watched = 0
      runs[2].listen({ onTrace: () => watched++ })
      for (let step = 0; step < 15; step++) {
        const pause = from.one([10 * MILLISECOND, SECOND, 4 * SECOND, 30 * SECOND])
        const [node, command] = RandomBridges.fault(from, spec, true)
        const fingerprints = runs.map((simulation, which) => {
          simulation.run(simulation.now + pause)
          const text = Fingerprint.ofWorld(simulation.save(), registries[which])
          simulation.command(node, command)
          return text
        })
        assert.deepStrictEqual(fingerprints.slice(1), [fingerprints[0], fingerprints[0]], `seed ${seed}, step ${step}`)
      }
      assert.isAbove(watched, 0)
    }
  })
})
