/** LLDP and CDP as scenarios see them: handles, forks, replays, and what a design has to say first. */
import { assert, describe, it } from "@effect/vitest"
import { registry } from "@l2lab/design/Registry"
import type { DiscoveryCommand } from "@l2lab/l2/DiscoveryCommand"
import * as Fingerprint from "@l2lab/sim/Fingerprint"
import * as Replay from "@l2lab/sim/Replay"
import { SECOND } from "@l2lab/sim/SimTime"
import { WORLD, type WorldCommand } from "@l2lab/sim/WorldCommand"
import { Effect } from "effect"
import * as Check from "../src/Check.ts"
import { boot } from "../src/Emulation.ts"
import { Lab, type NeighbourReport } from "../src/Lab.ts"
import { compiled, runOn } from "./support/designs.ts"

const DESIGN = `
spanningTree: { protocol: rstp }
nodes:
  sw1: { lldp: true, cdp: true, port: { 3: { shutdown: true } } }
  sw2: { lldp: true, cdp: true, spanningTree: { priority: 4096 } }
  sw3:
links: [["sw1:1", "sw2:1"], ["sw1:2", "sw3:1"], ["sw1:3", "sw2:3"]]
`

const devices = (neighbours: ReadonlyArray<NeighbourReport>): ReadonlyArray<string> => neighbours.map(({ device }) => device)

describe("neighbours", () => {
  it.effect("come, are told apart by protocol, and a fork forgets for itself", () =>
    Effect.gen(function* () {
      const { report } = yield* runOn(
        DESIGN,
        Effect.gen(function* () {
          const lab = yield* Lab
          const { cdp, lldp } = lab.switch("sw2")
          yield* Effect.sleep("10 seconds")
          yield* Check.equals("a port that begins shut is never heard of", devices(yield* lldp.neighbours), ["sw1"])
          yield* Check.equals("what is known", yield* cdp.neighbours, [
            { port: "sw2:1", device: "sw1", itsPort: "GigabitEthernet0/1", itsVlan: 1, secondsLeft: 175 },
          ])
          yield* lab.port("sw1:1").cdp(false)
          yield* Effect.sleep("1 second")
          yield* Check.equals(
            "CDP said good-bye",
            [devices(yield* cdp.neighbours), devices(yield* lldp.neighbours)],
            [[], ["sw1"]],
          )
          yield* lab.fork(
            Effect.gen(function* () {
              const fork = yield* Lab
              yield* fork.switch("sw1").lldp.stop
              yield* Effect.sleep("1 second")
              yield* Check.equals("in the fork LLDP did too", devices(yield* fork.switch("sw2").lldp.neighbours), [])
              yield* fork.switch("sw1").lldp.run
              yield* Effect.sleep("2 seconds")
              yield* Check.equals("and is back", devices(yield* fork.switch("sw2").lldp.neighbours), ["sw1"])
            }),
          )
          yield* Check.equals("here it did not", devices(yield* lldp.neighbours), ["sw1"])
          yield* lab.port("sw1:1").lldp({ transmit: false })
          yield* Effect.sleep("1 second")
          yield* Check.equals("now it did", devices(yield* lldp.neighbours), [])
          yield* Check.equals("and still listens", devices(yield* lab.switch("sw1").lldp.neighbours), ["sw2"])
        }),
      )
      assert.deepStrictEqual(
        report.checks.filter((check) => !check.passed),
        [],
      )
      assert.lengthOf(report.checks, 8)
    }),
  )

  it.effect("are no question to a switch whose design has none of it", () =>
    Effect.gen(function* () {
      const { report } = yield* runOn(
        DESIGN,
        Effect.gen(function* () {
          const lab = yield* Lab
          const refusal = yield* Effect.flip(lab.switch("sw3").cdp.neighbours)
          yield* Check.equals(
            "why",
            "problem" in refusal ? refusal.problem : "",
            "sw3 has no CDP: add cdp: true to it in the design",
          )
          yield* lab.switch("sw1").powerOff
          yield* Effect.flip(lab.switch("sw1").cdp.neighbours)
        }),
      )
      assert.isTrue(report.checks[0].passed)
    }),
  )

  it("survive a replay of the commands, to the last bit", () => {
    const { directory, plan } = compiled(DESIGN)
    const { simulation } = boot({ plan, directory })
    simulation.run(5 * SECOND)
    simulation.command(0, { type: "lldp.set-port", port: 0, transmit: false } as DiscoveryCommand)
    simulation.command(WORLD, { type: "port.disable", node: 1, port: 0 } as WorldCommand)
    simulation.run(6 * SECOND)
    simulation.command(WORLD, { type: "port.enable", node: 1, port: 0 } as WorldCommand)
    simulation.command(0, { type: "cdp.run", on: false } as DiscoveryCommand)
    simulation.run(300 * SECOND)
    const replayed = Replay.run(plan, registry(), simulation.world.commandLog, 300 * SECOND)
    assert.strictEqual(Fingerprint.of(replayed), Fingerprint.of(simulation))
  })
})
