/** The relay's guards in networks: forked and replayed in the middle of what they do, and beside each other on one port. */
import { assert, describe, it } from "@effect/vitest"
import { registry } from "@l2lab/design/Registry"
import type { BridgeState } from "@l2lab/l2/BridgeState"
import * as ErrdisableCause from "@l2lab/l2/ErrdisableCause"
import type { EthernetFrame } from "@l2lab/l2/EthernetFrame"
import { BROADCAST } from "@l2lab/l2/MacAddress"
import * as Fingerprint from "@l2lab/sim/Fingerprint"
import * as Replay from "@l2lab/sim/Replay"
import { SECOND } from "@l2lab/sim/SimTime"
import type { Simulation } from "@l2lab/sim/Simulation"
import { WORLD } from "@l2lab/sim/WorldCommand"
import { Effect } from "effect"
import * as Check from "../src/Check.ts"
import { boot } from "../src/Emulation.ts"
import { Lab } from "../src/Lab.ts"
import { compiled, runOn } from "./support/designs.ts"

type World = Simulation<EthernetFrame>

const MS = 1e6

/** Three stations and a switch; two of the stations share port 1. */
const design = (sw1: string): string => `
spanningTree: { protocol: stp, edgePorts: access }
defaults: { link: { rate: 10M } }
nodes:
  sw1: ${sw1}
  h1: { kind: hub }
  alice: { address: 10.0.0.1/24, mac: "02:00:00:00:00:0a" }
  mallory: { address: 10.0.0.2/24, mac: "02:00:00:00:00:0b" }
  bob: { address: 10.0.0.3/24, mac: "02:00:00:00:00:0c" }
links: [[h1, "sw1:1"], [bob, "sw1:2"], [alice, h1], [mallory, h1]]
`
const [ALICE, MALLORY, BOB] = [2, 3, 4]

const sends = (world: World, node: number, perSecond: number, count: number, destination: number = BROADCAST): void =>
  world.command(node, { type: "traffic.start", destination, octets: 64, everyNs: Math.round(SECOND / perSecond), count } as never)

const sw1 = (world: World): BridgeState => world.world.states[0] as BridgeState

const causes = (world: World): ReadonlyArray<string> =>
  Array.from(sw1(world).errdisable.cause, (cause) => ErrdisableCause.nameOf(cause))

/** A switch whose BPDUs come back to it, again and again, by two small ones that know nothing of them. */
const echoing = (sw1: string): string => `
spanningTree: { protocol: stp, edgePorts: access }
defaults: { link: { rate: 1M } }
nodes:
  sw1: ${sw1}
  d1: { spanningTree: { protocol: none }, reserved: flood }
  d2: { spanningTree: { protocol: none }, reserved: flood }
links: [["d1:1", "d2:1"], ["d1:2", "d2:2"], ["d1:3", "sw1:1"]]
`

interface Case {
  readonly title: string
  readonly sw1: string
  readonly text?: (sw1: string) => string
  /** What is done, and until when, in seconds. */
  readonly before: (world: World) => void
  readonly middle: number
  /** That the guard is in the middle of it. */
  readonly isInIt: (state: BridgeState, world: World) => boolean
  readonly after?: (world: World) => void
  readonly end: number
  readonly isOver: (state: BridgeState, world: World) => boolean
}

const SECURE = "portSecurity: { maximum: 1"
const CASES: ReadonlyArray<Case> = [
  {
    title: "a storm's second running",
    sw1: "{ port: { 2: { stormControl: { broadcast: { rising: 100pps, falling: 50pps } } } } }",
    before: (world) => sends(world, BOB, 1000, 1500),
    middle: 1.5,
    isInIt: ({ storm }) => storm.filtering[4] === 1 && storm.count[4] > 0,
    end: 5,
    isOver: ({ storm }) => storm.storms[4] === 1 && storm.filtered[4] > 1000,
  },
  {
    title: "sticky addresses learnt",
    sw1: `{ port: { 1: { mode: access, ${SECURE}, sticky: true, violation: restrict } } } }`,
    before: (world) => sends(world, ALICE, 10, 3),
    middle: 1,
    isInIt: ({ security }) => security.secure[0].some(({ type }) => type === "sticky"),
    after: (world) => sends(world, MALLORY, 10, 3),
    end: 5,
    isOver: ({ security }) => security.violations[0] === 3 && security.secure[0].length === 1,
  },
  {
    title: "an address about to age out",
    sw1: `{ port: { 1: { mode: access, ${SECURE}, ageing: 3s } } } }`,
    before: (world) => sends(world, ALICE, 10, 3),
    middle: 2,
    isInIt: ({ security }) => security.secure[0].length === 1,
    after: (world) =>
      world.command(MALLORY, {
        type: "traffic.start",
        destination: BROADCAST,
        octets: 64,
        everyNs: SECOND,
        count: 1,
        delayNs: 2 * SECOND,
      } as never),
    end: 6,
    isOver: ({ security }) => security.secure[0][0].address === 0x02000000000b && security.violations[0] === 0,
  },
  {
    title: "a port about to come back",
    sw1: `{ errdisable: { recovery: [psecure-violation], interval: 30s }, port: { 1: { mode: access, ${SECURE} } } } }`,
    before: (world) => {
      sends(world, ALICE, 10, 1)
      world.run(SECOND)
      sends(world, MALLORY, 10, 1)
    },
    middle: 10,
    isInIt: (_, world) => causes(world)[0] === "psecure-violation",
    end: 40,
    isOver: ({ up }, world) => causes(world)[0] === "none" && up[0] === 1,
  },
  {
    title: "PDUs waiting for the processor",
    sw1: "{ controlPlane: { rate: 50, queue: 20, pduRatePerPort: 200 } }",
    text: echoing,
    before: () => {},
    middle: 3.5,
    isInIt: ({ controlPlane: { limited, waiting } }) => waiting.length > 5 && limited[0] > 0,
    after: (world) => world.command(WORLD, { type: "link.disconnect", link: 1 } as never),
    end: 10,
    isOver: ({ controlPlane: { taken, waiting } }) => waiting.length === 0 && taken[0] > 50,
  },
  {
    title: "seconds of a BPDU storm counted",
    sw1: "{ controlPlane: { bpduStorm: {} } }",
    text: echoing,
    before: () => {},
    middle: 3.5,
    isInIt: ({ controlPlane }, world) => controlPlane.bpduSeconds[0] === 1 && causes(world)[0] === "none",
    end: 6,
    isOver: (_, world) => causes(world)[0] === "bpdu-storm",
  },
  {
    title: "hosts moving in a storm, one of them told of",
    sw1: "",
    text: () => `
spanningTree: { protocol: none }
defaults: { link: { rate: 1M } }
nodes: { sw1: , sw2: , a: { address: 10.0.0.1/24 }, b: { address: 10.0.0.2/24 } }
links: [["sw1:1", "sw2:1"], ["sw1:2", "sw2:2"], [a, "sw1:3"], [b, "sw2:3"]]
`,
    before: (world) => sends(world, 2, 1, 1),
    middle: 0.1,
    isInIt: ({ fdb, macMoves }, world) =>
      fdb.moves > 10 && macMoves!.quietUntil.filter((until) => until > world.now).length === 1,
    after: (world) => sends(world, 3, 1, 1),
    end: 0.5,
    isOver: ({ macMoves }, world) => macMoves!.quietUntil.filter((until) => until > world.now).length === 2,
  },
]

describe("forked and replayed in the middle of it, it goes the same way", () => {
  for (const { after, before, end, isInIt, isOver, middle, sw1: keys, text = design, title } of CASES) {
    it(title, () => {
      const { directory, plan } = compiled(text(keys))
      const { simulation } = boot({ plan, directory })
      // Edge ports of 802.1D forward at once; what is sent first is learnt.
      simulation.run(10 * MS)
      before(simulation)
      simulation.run(middle * SECOND)
      assert.isTrue(isInIt(sw1(simulation), simulation), "in the middle of it")
      const fork = simulation.fork()
      const saved = Fingerprint.of(fork)
      after?.(simulation)
      simulation.run(end * SECOND)
      assert.isTrue(isOver(sw1(simulation), simulation), "and through with it")
      assert.strictEqual(Fingerprint.of(fork), saved, "the fork stood still meanwhile")
      after?.(fork)
      fork.run(end * SECOND)
      assert.strictEqual(Fingerprint.of(fork), Fingerprint.of(simulation))
      const replayed = Replay.run(plan, registry(), structuredClone(simulation.world.commandLog), end * SECOND)
      assert.strictEqual(Fingerprint.of(replayed), Fingerprint.of(simulation))
    })
  }
})

describe("several guards on one port", () => {
  const GUARDED = `
spanningTree: { protocol: rapid-pvst, edgePorts: access }
defaults: { link: { rate: 10M } }
nodes:
  sw1:
    errdisable: { recovery: all, interval: 30s }
    port:
      1:
        mode: access
        bpduGuard: true
        portSecurity: {}
        stormControl: { broadcast: 50pps, action: shutdown }
  h1: { kind: hub }
  alice: { address: 10.0.0.1/24 }
  mallory: { address: 10.0.0.2/24, mac: "02:00:00:00:00:0b" }
  rogue: { port: { 1: { shutdown: true } } }
links: [[h1, "sw1:1"], [alice, h1], [mallory, h1], ["rogue:1", h1]]
`
  it.effect("whichever sees its own first takes the port out, and it comes back from each", () =>
    Effect.gen(function* () {
      const { report } = yield* runOn(
        GUARDED,
        Effect.gen(function* () {
          const lab = yield* Lab
          const out = Effect.map(lab.log.find("PM-4-ERR_DISABLE", "sw1"), (lines) =>
            lines.map(({ text }) => / ([\w-]+) error/.exec(text)?.[1]),
          )
          const back = Effect.map(lab.log.find("PM-4-ERR_RECOVER", "sw1"), (lines) => lines.length)
          yield* Effect.sleep("1 second")
          yield* lab.host("alice").broadcast
          yield* Effect.sleep("1 second")
          yield* lab.host("mallory").broadcast
          yield* Effect.sleep("1 second")
          yield* Check.equals("a second address", yield* out, ["psecure-violation"])
          yield* Effect.sleep("40 seconds")
          yield* Check.equals("back", yield* back, 1)
          // Its BPDUs come from an address of their own, which is none of port security's business.
          yield* lab.port("rogue:1").noShutdown
          yield* Effect.sleep("5 seconds")
          yield* Check.equals("a BPDU", yield* out, ["psecure-violation", "bpduguard"])
          yield* lab.port("rogue:1").shutdown
          yield* Effect.sleep("40 seconds")
          yield* Check.equals("back again", yield* back, 2)
          const pings = yield* lab.host("alice").ping("10.0.0.77", { every: "1 millis" })
          yield* Effect.sleep("5 seconds")
          yield* pings.stop
          yield* Check.equals("no more than one ARP request a second, and no storm", (yield* out).length, 2)
        }),
      )
      assert.deepStrictEqual(
        report.checks.filter(({ passed }) => !passed),
        [],
      )
      assert.isUndefined(report.failure)
    }),
  )

  it("a storm of a secure address is storm control's, and leaves no address behind", () => {
    const { directory, plan } = compiled(
      design(
        `{ errdisable: { recovery: all, interval: 30s }, port: { 1: { mode: access, bpduGuard: true, ${SECURE} }, stormControl: { broadcast: 50pps, action: shutdown } } } }`,
      ),
    )
    const { simulation } = boot({ plan, directory })
    simulation.run(10 * MS)
    sends(simulation, ALICE, 1000, 100)
    simulation.run(SECOND)
    assert.strictEqual(causes(simulation)[0], "storm-control")
    assert.deepStrictEqual(sw1(simulation).security.secure[0], [])
    simulation.run(35 * SECOND)
    assert.strictEqual(causes(simulation)[0], "none")
    // And again, with another station: its address is free.
    sends(simulation, MALLORY, 1000, 100)
    simulation.run(36 * SECOND)
    assert.strictEqual(causes(simulation)[0], "storm-control")
    assert.strictEqual(sw1(simulation).security.violations[0], 0)
  })
})
