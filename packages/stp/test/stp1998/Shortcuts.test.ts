/**
 * A bridge of 802.1D-1998 that takes a message which its port holds already for no news goes the way of one that chooses root, ports and states
 * anew at each message, to the last bit: bridges that are watched do.
 */
import { assert, describe, it } from "@effect/vitest"
import { bridgeKind } from "@l2lab/l2/Bridge"
import type * as EthernetFrame from "@l2lab/l2/EthernetFrame"
import * as Fingerprint from "@l2lab/sim/Fingerprint"
import { MILLISECOND, SECOND } from "@l2lab/sim/SimTime"
import { Simulation } from "@l2lab/sim/Simulation"
import type { Registry } from "@l2lab/sim/World"
import * as Bpdu from "../../src/Bpdu.ts"
import { Stp1998 } from "../../src/stp1998/Entity.ts"
import * as RandomBridges from "../RandomBridges.ts"
import { Draw } from "../simulation/Draw.ts"

const KIND = bridgeKind([Stp1998])

const REGISTRY: Registry<EthernetFrame.EthernetFrame> = {
  kinds: new Map([[KIND.kind, KIND]]),
  fingerprintFrame: ({ payload }, digest) => digest.numbers(Bpdu.emit(payload as Bpdu.Bpdu)),
}

describe("a bridge that looks at news only", () => {
  it("goes the way of one that is watched: 20 networks", { timeout: 60_000 }, () => {
    for (let seed = 1; seed <= 20; seed++) {
      const from = new Draw(seed, "repetitions")
      const spec = RandomBridges.draw(from, () => ({ kind: Stp1998.kind, config: {} }))
      const runs = [Simulation.boot(spec, REGISTRY), Simulation.boot(spec, REGISTRY)]
      let watched = 0
      runs[1].listen({ onTrace: () => watched++ })
      for (let step = 0; step < 15; step++) {
        const pause = from.one([10 * MILLISECOND, SECOND, 4 * SECOND, 30 * SECOND, 60 * SECOND])
        const [node, command] = RandomBridges.fault(from, spec, false)
        const [alone, seen] = runs.map((simulation) => {
          simulation.run(simulation.now + pause)
          const text = Fingerprint.ofWorld(simulation.save(), REGISTRY)
          simulation.command(node, command)
          return text
        })
        assert.strictEqual(alone, seen, `seed ${seed}, step ${step}`)
      }
      assert.isAbove(watched, 0)
    }
  })
})
