/** Forwarding loops as `lab.watchLoops` tells of them. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { Lab, type SeenLoop } from "../src/Lab.ts"
import { runOn } from "./support/designs.ts"

/** Run a program on a design, and what was seen by its end. */
const seenOn = (design: string, program: Effect.Effect<void, unknown, Lab>) =>
  Effect.gen(function* () {
    let seen: ReadonlyArray<SeenLoop> = []
    yield* runOn(
      design,
      Effect.gen(function* () {
        const lab = yield* Lab
        const loops = yield* lab.watchLoops
        yield* Effect.orDie(program)
        seen = yield* loops.seen
      }),
    )
    return seen
  })

const CABLES = `
spanningTree: { protocol: none }
nodes: { sw1: , sw2: }
links: [["sw1:1", "sw2:1"], ["sw1:2", "sw2:2"]]
`

describe("watchLoops", () => {
  it.effect("tells who, since when and until when; without a spanning tree ports forward as soon as they are up", () =>
    Effect.gen(function* () {
      const seen = yield* seenOn(
        `name: cables${CABLES}`,
        Effect.gen(function* () {
          const lab = yield* Lab
          yield* Effect.sleep("1 second")
          yield* lab.link("sw1:2", "sw2:2").down
          yield* Effect.sleep("1 second")
          yield* lab.link("sw1:2", "sw2:2").up
          yield* Effect.sleep("1 second")
          yield* lab.switch("sw2").powerOff
          yield* Effect.sleep("1 second")
          yield* lab.switch("sw2").powerOn
          yield* Effect.sleep("1 second")
        }),
      )
      const ports = ["sw1:1", "sw1:2", "sw2:1", "sw2:2"]
      assert.deepEqual(seen, [
        { from: 0, until: 1e9, ports, joined: [{ at: 0, ports }], vlans: [1] },
        { from: 2e9, until: 3e9, ports, joined: [{ at: 2e9, ports }], vlans: [1] },
        { from: 4e9, ports, joined: [{ at: 4e9, ports }], vlans: [1] },
      ])
    }),
  )

  it.effect("says when more ports join a loop that lasts", () =>
    Effect.gen(function* () {
      const { report } = yield* runOn(
        `name: growing
spanningTree: { protocol: none }
nodes: { sw1: , sw2: , sw3: }
links: [["sw1:1", "sw2:1"], ["sw1:2", "sw2:2"], ["sw2:3", "sw3:1"], ["sw2:4", "sw3:2"]]
`,
        Effect.gen(function* () {
          const lab = yield* Lab
          yield* lab.link("sw2:4", "sw3:2").down
          const loops = yield* lab.watchLoops
          yield* Effect.sleep("1 second")
          yield* lab.link("sw2:4", "sw3:2").up
          yield* loops.seen
        }),
      )
      assert.deepEqual(
        report.said.filter(({ text }) => text.startsWith("LOOP")).map(({ at, text }) => [at, text]),
        [
          [0, "LOOP   sw1:1 sw1:2 sw2:1 sw2:2 forward in a ring"],
          [1e9, "LOOP   sw2:3 sw2:4 sw3:1 sw3:2 join it"],
        ],
      )
    }),
  )

  it.effect("tells in the order of time, before what switches log and a script says later, and to its end", () =>
    Effect.gen(function* () {
      const { report } = yield* runOn(
        `name: narrated
spanningTree: { protocol: none }
nodes: { sw1: , sw2: , pc: { address: 10.0.0.1/24 } }
links: [["sw1:1", "sw2:1"], ["sw1:2", "sw2:2"], [pc, "sw1:3"]]
`,
        Effect.gen(function* () {
          const lab = yield* Lab
          const cable = lab.link("sw1:2", "sw2:2")
          yield* cable.down
          yield* Effect.sleep("1 second")
          yield* lab.watchLoops
          yield* cable.up
          yield* lab.host("pc").broadcast
          yield* Effect.sleep("1 second")
          yield* cable.down
          yield* Effect.sleep("1 second")
          yield* lab.say("all is quiet")
          yield* cable.up
          yield* Effect.sleep("1 second")
        }),
      )
      const told = report.said.map(({ at, text }) => [at, text.split(/[:,] /)[0].replace(/ +/g, " ")])
      assert.deepEqual(told, [
        [1e9, "LOOP sw1:1 sw1:2 sw2:1 sw2:2 forward in a ring"],
        [1_000_004_048, "sw2 %SW_MATM-4-MACFLAP_NOTIF"],
        [1_000_005_060, "sw1 %SW_MATM-4-MACFLAP_NOTIF"],
        [2e9, "LOOP is over after 1 s"],
        [3e9, "all is quiet"],
        [3e9, "LOOP sw1:1 sw1:2 sw2:1 sw2:2 forward in a ring"],
      ])
    }),
  )

  it.effect("sees through hubs, and tells VLANs apart", () =>
    Effect.gen(function* () {
      const byHub = yield* seenOn(
        `name: hub
spanningTree: { protocol: none }
nodes: { sw1: , hub: { kind: hub } }
links: [["sw1:1", "hub:1"], ["sw1:2", "hub:2"]]
`,
        Effect.sleep("1 second"),
      )
      assert.deepEqual(byHub, [
        { from: 0, ports: ["sw1:1", "sw1:2"], joined: [{ at: 0, ports: ["sw1:1", "sw1:2"] }], vlans: [1] },
      ])
      const parted = yield* seenOn(
        `name: parted
vlans: { 10: a, 20: b }
spanningTree: { protocol: none }
nodes:
  sw1: { port: { 1: { vlan: 10 }, 2: { vlan: 20 } } }
  sw2: { port: { 1: { vlan: 10 }, 2: { vlan: 20 } } }
links: [["sw1:1", "sw2:1"], ["sw1:2", "sw2:2"]]
`,
        Effect.sleep("1 second"),
      )
      assert.deepEqual(parted, [])
      // The same cables crossed: what is VLAN 10 on one switch is 20 on the other, and frames go round through both.
      const crossed = yield* seenOn(
        `name: crossed
vlans: { 10: a, 20: b }
spanningTree: { protocol: none }
nodes:
  sw1: { port: { 1: { vlan: 10 }, 2: { vlan: 20 }, 3: { vlan: 10 }, 4: { vlan: 20 } } }
  sw2: { port: { 1: { vlan: 20 }, 2: { vlan: 10 }, 3: { vlan: 20 }, 4: { vlan: 10 } } }
links: [["sw1:1", "sw2:1"], ["sw1:3", "sw2:3"]]
`,
        Effect.sleep("1 second"),
      )
      assert.deepEqual(
        crossed.map(({ ports, vlans }) => [ports, vlans]),
        [
          [
            ["sw1:1", "sw1:3", "sw2:1", "sw2:3"],
            [10, 20],
          ],
        ],
      )
    }),
  )

  it.effect("a spanning tree leaves none", () =>
    Effect.gen(function* () {
      const seen = yield* seenOn(
        `name: tree${CABLES.replace("none", "rstp")}`,
        Effect.gen(function* () {
          const lab = yield* Lab
          yield* Effect.orDie(lab.converged)
        }),
      )
      assert.deepEqual(seen, [])
    }),
  )
})
