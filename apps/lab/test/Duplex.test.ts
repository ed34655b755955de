/** A duplex mismatch as scenarios and `show` see it: set while it runs, told of by CDP, counted at both ends, forked and replayed in its midst. */
import { assert, describe, it } from "@effect/vitest"
import { registry } from "@l2lab/design/Registry"
import * as Fingerprint from "@l2lab/sim/Fingerprint"
import * as Replay from "@l2lab/sim/Replay"
import { SECOND } from "@l2lab/sim/SimTime"
import { WORLD, type WorldCommand } from "@l2lab/sim/WorldCommand"
import { Effect } from "effect"
import * as Check from "../src/Check.ts"
import { boot } from "../src/Emulation.ts"
import { Lab } from "../src/Lab.ts"
import * as Interfaces from "../src/show/Interfaces.ts"
import * as InterfaceQuery from "../src/show/InterfaceQuery.ts"
import { compiled, runOn } from "./support/designs.ts"

const design = (duplex: string) => `
spanningTree: { protocol: none }
defaults: { switch: { cdp: { interval: 5s, holdtime: 20s } } }
nodes:
  sw1: { ports: 4 }
  sw2:
  pc1: { address: 10.0.0.1/24 }
  pc2: { address: 10.0.0.2/24 }
links: [{ ends: ["sw1:1", "sw2:1"], rate: 10M, duplex: ${duplex} }, [pc1, "sw1:2"], [pc2, "sw2:2"]]
`

describe("a duplex mismatch", () => {
  it.effect("is made and healed by a port, and logged by CDP at both ends meanwhile", () =>
    Effect.gen(function* () {
      const { report } = yield* runOn(
        design("full"),
        Effect.gen(function* () {
          const lab = yield* Lab
          const complaints = Effect.map(lab.log.find("DUPLEX_MISMATCH"), (entries) => [
            ...new Set(entries.map((entry) => `${entry.switch} ${entry.text}`)),
          ])
          yield* Effect.sleep("20 seconds")
          yield* Check.equals("before", yield* complaints, [])
          yield* lab.port("sw1:1").duplex("half")
          yield* Effect.sleep("20 seconds")
          yield* Check.equals("meanwhile", (yield* complaints).sort(), [
            "sw1 %CDP-4-DUPLEX_MISMATCH: duplex mismatch discovered on Ethernet0/1 (not full duplex), with sw2 Ethernet0/1 (full duplex).",
            "sw2 %CDP-4-DUPLEX_MISMATCH: duplex mismatch discovered on Ethernet0/1 (not half duplex), with sw1 Ethernet0/1 (half duplex).",
          ])
          yield* lab.port("sw1:1").duplex("full")
          yield* Effect.sleep("1 second")
          const { length } = yield* lab.log.find("DUPLEX_MISMATCH")
          yield* Effect.sleep("30 seconds")
          yield* Check.equals("afterwards no more", (yield* lab.log.find("DUPLEX_MISMATCH")).length, length)
          const refusal = yield* Effect.flip(lab.port("sw1:4").duplex("half"))
          yield* Check.equals(
            "without a cable",
            "problem" in refusal && refusal.problem,
            "no cable is in sw1:4: it has no duplex",
          )
        }),
      )
      assert.deepStrictEqual(
        report.checks.filter((check) => !check.passed),
        [],
      )
    }),
  )

  it("is counted where it is seen, shown so, and goes the same way in a fork and a replay", () => {
    const { directory, plan } = compiled(design("[half, full]"))
    const emulation = boot({ plan, directory })
    const { simulation } = emulation
    const ping = (node: number, target: number) =>
      simulation.command(node, { type: "ping.start", target, everyNs: 2e6, count: 2000, payloadOctets: 1400 } as never)
    simulation.run(SECOND)
    ping(2, 0x0a000002)
    simulation.run(1.001 * SECOND)
    ping(3, 0x0a000001)
    simulation.run(2 * SECOND)
    const fork = simulation.fork()
    for (const each of [simulation, fork]) each.run(4 * SECOND)
    assert.strictEqual(Fingerprint.of(fork), Fingerprint.of(simulation))
    const replayed = Replay.run(plan, registry(), simulation.world.commandLog, 4 * SECOND)
    assert.strictEqual(Fingerprint.of(replayed), Fingerprint.of(simulation))

    const [half, full] = [0, 1].map((node) => InterfaceQuery.interfaces(emulation, node)[0])
    const lines = [half, full].map((view) => Interfaces.block(view).join("\n"))
    assert.match(
      lines[0],
      /Half-duplex, 10Mb\/s[^]* [1-9]\d* output errors, [1-9]\d* collisions\n {5}[1-9]\d* late collision, [1-9]\d* deferred/,
    )
    assert.match(lines[1], /Full-duplex, 10Mb\/s[^]* [1-9]\d* input errors, [1-9]\d* CRC/)
    assert.notInclude(lines[1], "collision")
    assert.strictEqual(half.output.collisions, full.input.crcErrors + full.input.runts)
    assert.deepStrictEqual(
      [half, full].map((view) => Interfaces.statusLines([view])[2].slice(-12).trim()),
      ["half     10", "full     10"],
    )
    simulation.command(WORLD, { type: "link.duplex", link: 0, end: "a", fullDuplex: true } as WorldCommand)
    assert.notStrictEqual(Fingerprint.of(simulation), Fingerprint.of(fork))
  })
})
