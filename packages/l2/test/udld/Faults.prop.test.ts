/**
 * Random faults on the cable between two switches. In aggressive mode a cable that carries one direction, or none, is out of service within a stated
 * time; in normal mode a cable that is well never is, whatever happens to the switches at its ends. Everything is drawn from a seed, which stands in the name
 * of what fails.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Prng from "@l2lab/sim/Prng"
import { SECOND } from "@l2lab/sim/SimTime"
import type { BridgeCommand } from "../../src/Bridge.ts"
import type { UdldCommand } from "../../src/udld/Command.ts"
import { LONGEST_MESSAGE_TIME, type Mode, MODES } from "../../src/udld/State.ts"
import type { DiscoveryNetwork } from "../DiscoveryNetwork.ts"
import { at, cut, disabled, pair } from "./Pair.ts"

const SEEDS = 300

/**
 * Seconds from a fault to a port out of service: three message times until the deaf end forgets the other, eight questions; or, where the link was
 * never proven, a message after Mfast, and one second to round up.
 */
const boundOf = (messageTime: number): number => 3 * messageTime + 8 + 7 + 1

interface Drawn {
  readonly network: DiscoveryNetwork
  readonly messageTime: number
  readonly pick: (below: number) => number
}

const draw = (seed: number, name: string, modes: ReadonlyArray<Mode>): Drawn => {
  const random = new Uint32Array(Prng.WORDS)
  Prng.seed(random, 0, seed, name)
  const pick = (below: number): number => Prng.next(random, 0) % below
  const side = () => ({ mode: modes[pick(modes.length)], messageTime: 1 + pick(LONGEST_MESSAGE_TIME) })
  const [a, b] = [side(), side()]
  return { network: pair(a, b), messageTime: Math.max(a.messageTime, b.messageTime), pick }
}

/** Let a random time pass, to the nanosecond. */
const dawdle = ({ network, pick }: Drawn, seconds: number): void => {
  network.simulation.run(network.simulation.now + pick(seconds) * SECOND + pick(1000) * 1e6 + pick(1e6))
}

/** One direction, or both where the link has been proven: who has never heard anyone misses nobody. */
const fault = ({ network, pick }: Drawn): void => {
  const which = pick(at(network, 0) === "advertisement bidirectional" && at(network, 1) === "advertisement bidirectional" ? 3 : 2)
  if (which !== 1) cut(network, "a")
  if (which !== 0) cut(network, "b")
}

describe("aggressive mode", () => {
  it(`takes a cable that carries one direction out of service in time (${SEEDS} seeds)`, () => {
    for (let seed = 1; seed <= SEEDS; seed++) {
      const drawn = draw(seed, "aggressive", ["aggressive"])
      const { messageTime, network, pick } = drawn
      // Some faults hit before or in the middle of the first detection.
      if (pick(4) > 0) dawdle(drawn, pick(2) === 0 ? 6 : 300)
      fault(drawn)
      const since = network.simulation.now / SECOND
      network.run(boundOf(messageTime))
      const found = disabled(network)
      assert.isNotEmpty(found, `seed ${seed}: nothing within ${boundOf(messageTime)} s of ${since} s`)
      assert.isAtMost(found[0].at - since, boundOf(messageTime), `seed ${seed}`)
      assert.isFalse(network.bridge(0).up[0] === 1 || network.bridge(1).up[0] === 1, `seed ${seed}: the link is up`)
    }
  })

  it("normal mode does not where nothing is carried: the property can fail", () => {
    const { messageTime, network } = draw(1, "normal", ["normal"])
    cut(cut(network.run(100), "a"), "b").run(boundOf(messageTime))
    assert.isEmpty(disabled(network))
  })
})

/** What may happen to the ends of a cable that is well. */
const HARMLESS: ReadonlyArray<(drawn: Drawn) => void> = [
  ({ network }) => network.world({ type: "link.disconnect", link: 0 }).run(1).world({ type: "link.connect", link: 0 }),
  ({ network, pick }) => {
    const node = pick(2)
    network.world({ type: "port.disable", node, port: 0 }).run(pick(3)).world({ type: "port.enable", node, port: 0 })
  },
  ({ network, pick }) => {
    const node = pick(2)
    network
      .world({ type: "node.power-off", node, keepCarrier: pick(2) === 0 })
      .run(pick(200))
      .world({ type: "node.power-on", node })
  },
  ({ network, pick }) => network.command(pick(2), { type: "udld.set-message-time", seconds: 1 + pick(90) } as UdldCommand),
  ({ network, pick }) => network.command(pick(2), { type: "udld.set-mode", port: 0, mode: MODES[pick(2)] } as UdldCommand),
  ({ network, pick }) => network.command(pick(2), { type: "bridge.errdisable-reset", cause: "udld" } as BridgeCommand),
  () => {},
]

describe("normal mode", () => {
  it(`takes no cable that is well out of service (${SEEDS} seeds)`, () => {
    let proven = 0
    for (let seed = 1; seed <= SEEDS; seed++) {
      const drawn = draw(seed, "well", ["normal", "normal", "disabled"])
      for (let i = 0; i < 12; i++) {
        HARMLESS[drawn.pick(HARMLESS.length)](drawn)
        dawdle(drawn, 120)
        if (at(drawn.network, 0) === "advertisement bidirectional") proven++
      }
      assert.deepEqual(disabled(drawn.network), [], `seed ${seed}`)
    }
    assert.isAbove(proven, SEEDS, "most of the time both ends know each other")
  })
})
