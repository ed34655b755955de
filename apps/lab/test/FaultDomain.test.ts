/** How far an event reaches, as `lab.faultDomain` tells it; other designs, tables, and numbers that are kept. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as Check from "../src/Check.ts"
import type { FaultDomain } from "../src/FaultDomain.ts"
import { Lab, type LabApi } from "../src/Lab.ts"
import type { Services } from "../src/Scenario.ts"
import { runOn, TRIANGLE } from "./support/designs.ts"

/** A switch with a cable from port to port that waits to be plugged in; beside it one whose processor is small, and one that nothing leads to. */
const FARM = `
spanningTree: { protocol: rstp, edgePorts: access }
defaults: { link: { rate: 1M, queue: 16KiB } }
nodes:
  core: { controlPlane: { rate: 20, queue: 10, punts: [broadcast] } }
  acc: { spanningTree: { priority: 4096 }, port: { 2: { mode: access, edge: true, bpduFilter: true, shutdown: true }, 3: { mode: access, edge: true, bpduFilter: true } } }
  far:
  pc1: { address: 10.0.0.1/24 }
  pc2: { address: 10.0.0.2/24 }
  pc3: { address: 10.0.20.1/24, vlan: 20 }
  pc4: { address: 10.0.20.2/24, vlan: 20 }
links:
  - ["core:1", "acc:1"]
  - ["acc:2", "acc:3"]
  - [pc1, "acc:4"]
  - [pc2, "core:4"]
  - [pc3, "far:2"]
  - [pc4, "far:3"]
`

const watched = (design: string, program: Effect.Effect<FaultDomain, unknown, Lab>) =>
  Effect.gen(function* () {
    let domain: FaultDomain | undefined
    const ran = yield* runOn(
      design,
      Effect.gen(function* () {
        domain = yield* Effect.orDie(program)
      }),
    )
    assert.isUndefined(ran.report.failure)
    return { domain: domain!, ran: ran.report }
  })

const storm = (watching: boolean) =>
  Effect.gen(function* () {
    const lab = yield* Lab
    yield* lab.converged
    yield* lab.host("pc1").ping("pc2", { every: "100 millis" })
    yield* lab.host("pc3").ping("pc4", { every: "100 millis" })
    yield* Effect.sleep("1037 millis")
    const watch = yield* lab.faultDomain({ every: "50 millis" })
    yield* lab.port("acc:2").noShutdown
    yield* lab.host("pc1").broadcast
    if (watching) yield* watch.lasting("5 seconds")
    else yield* Effect.sleep("5 seconds")
    yield* lab.port("acc:2").shutdown
    if (watching) yield* watch.lasting("5 seconds")
    else yield* Effect.sleep("5 seconds")
    return yield* watch.report
  })

describe("lab.faultDomain", () => {
  it.effect("names whom a loop reaches, since when, and whom it does not", () =>
    Effect.gen(function* () {
      const { domain } = yield* watched(FARM, storm(true))
      assert.deepStrictEqual(
        domain.switches.map(({ name }) => name),
        ["acc", "core"],
      )
      const [acc, core] = domain.switches
      assert.strictEqual(acc.at, domain.from, "the port that comes up")
      assert.isAbove(acc.moves, 1000)
      assert.isDefined(acc.flappingAt)
      assert.deepStrictEqual([acc.pdusLost, acc.starvedAt], [0, undefined], "its processor has no limit")
      assert.isAtLeast(core.pdusLost, 1)
      assert.isAtLeast(core.starvedAt!, domain.from)
      assert.isAtMost(core.starvedAt!, domain.from + 5e9)
      assert.deepStrictEqual(
        domain.dark.map(({ isBack, name, vlan }) => [name, vlan, isBack]),
        [["pc1", 1, true]],
      )
      assert.isAbove(domain.dark[0].longestNs, 4e9)
      assert.deepStrictEqual(domain.flooded.map(({ name }) => name).sort(), ["pc1", "pc2"])
      assert.deepStrictEqual(domain.vlans, [{ vlan: 1, at: domain.from, looped: true }])
      assert.deepStrictEqual(
        domain.loops.map(({ from, ports, until }) => [from, until, ports]),
        [[domain.from, domain.from + 5e9, ["acc:2", "acc:3"]]],
      )
      assert.deepStrictEqual(domain.takenOut, [])
    }),
  )

  it.effect("keeps a moment for every interval: the storm begins, goes on, and is over", () =>
    Effect.gen(function* () {
      const { domain } = yield* watched(FARM, storm(true))
      assert.strictEqual(domain.moments.length, 200)
      assert.deepStrictEqual(
        domain.moments.map(({ at }) => at - domain.from),
        Array.from({ length: 200 }, (_, n) => (n + 1) * 50e6),
      )
      const during = domain.moments[60]
      assert.deepStrictEqual([during.ring, during.darkStations, during.floodedHosts], [2, 1, 2])
      // The loop's cable both ways, and three cables that hear of it one way.
      assert.strictEqual(during.fullCables, 5)
      assert.isAbove(during.movesPerSecond, 100)
      const after = domain.moments.at(-1)!
      assert.deepStrictEqual([after.ring, after.fullCables, after.darkStations, after.movesPerSecond], [0, 0, 0, 0])
    }),
  )

  it.effect("changes nothing by looking", () =>
    Effect.gen(function* () {
      const looking = yield* watched(FARM, storm(true))
      const not = yield* watched(FARM, storm(false))
      assert.strictEqual(looking.ran.fingerprint, not.ran.fingerprint)
      assert.strictEqual(not.domain.moments.length, 1, "time that passes otherwise is one interval")
    }),
  )

  it.effect("tells which guard took a port out of service", () =>
    Effect.gen(function* () {
      const guarded = FARM.replaceAll("bpduFilter: true", "stormControl: { broadcast: 5%, action: shutdown }")
        .replaceAll("edge: true, ", "")
        .replace("protocol: rstp", "protocol: none")
        .replace(", edgePorts: access", "")
        .replace("spanningTree: { priority: 4096 }, ", "")
      const { domain } = yield* watched(guarded, storm(true))
      assert.deepStrictEqual(domain.takenOut.map(({ cause, port }) => [port, cause]).sort(), [
        ["acc:2", "storm-control"],
        ["acc:3", "storm-control"],
      ])
      assert.isBelow(domain.loops[0].until! - domain.from, 0.2e9)
    }),
  )

  it.effect("counts what stations got twice since it began to watch", () =>
    Effect.gen(function* () {
      // Tables with room for one address: what is for the others is flooded, over both cables once there are two.
      const flooding = `
spanningTree: { protocol: none }
defaults: { link: { rate: 10M }, switch: { cam: 1, macMove: false } }
nodes:
  sw1: { port: { 2: { shutdown: true } } }
  sw2:
  pc1: { address: 10.0.0.1/24 }
  pc2: { address: 10.0.0.2/24 }
links: [["sw1:1", "sw2:1"], ["sw1:2", "sw2:2"], [pc1, "sw1:3"], [pc2, "sw2:3"]]
`
      const { domain } = yield* watched(
        flooding,
        Effect.gen(function* () {
          const lab = yield* Lab
          yield* lab.host("pc1").ping("pc2", { every: "100 millis" })
          yield* Effect.sleep("1 second")
          const watch = yield* lab.faultDomain()
          yield* watch.lasting("1 second")
          assert.deepStrictEqual((yield* watch.report).doubled, [])
          yield* lab.port("sw1:2").noShutdown
          yield* watch.lasting("1 second")
          return yield* watch.report
        }),
      )
      assert.deepStrictEqual(
        domain.doubled.map(({ name, vlan }) => [name, vlan]),
        [["pc1", 1]],
      )
      assert.isAtLeast(domain.doubled[0].answers, 1)
    }),
  )

  it.effect("refuses to look without end", () =>
    Effect.gen(function* () {
      const { failure } = yield* runOn(
        TRIANGLE,
        Effect.flatMap(Lab, (lab) => lab.faultDomain({ every: "10 nanos" })),
      ).pipe(
        Effect.flip,
        Effect.map((error) => ({ failure: String(error) })),
      )
      assert.include(failure, "a fault domain cannot be looked at every 10 ns: the least is 1 us")
    }),
  )
})

describe("lab.redesign", () => {
  const rootOf = Effect.gen(function* () {
    const lab = yield* Lab
    yield* lab.converged
    return (yield* lab.tree).roots.map(({ switch: name }) => name)
  })

  it.effect("runs a program on a changed design, from its first instant, and leaves this one alone", () =>
    Effect.gen(function* () {
      const { report } = yield* runOn(
        TRIANGLE,
        Effect.gen(function* () {
          const lab = yield* Lab
          yield* lab.converged
          const before = yield* lab.fingerprint
          const changes = { spanningTree: { protocol: "rstp" }, nodes: { sw3: { spanningTree: { priority: 0 } } } }
          const at = yield* lab.redesign(
            changes,
            Effect.flatMap(Lab, (other) => other.now),
          )
          yield* Check.equals("it begins at 0", at, 0)
          yield* Check.equals("its root", yield* lab.redesign(changes, rootOf), ["sw3"])
          yield* Check.equals(
            "this root",
            (yield* lab.tree).roots.map(({ switch: name }) => name),
            ["sw1"],
          )
          yield* Check.equals("this network", yield* lab.fingerprint, before)
          yield* lab.redesign(
            changes,
            Effect.flatMap(Lab, (other) => other.say("unheard")),
            { quiet: true },
          )
        }),
      )
      assert.deepStrictEqual(
        report.checks.filter(({ passed }) => !passed),
        [],
      )
      assert.strictEqual(report.exitCode, 0)
      const said = report.said.map(({ text }) => text)
      assert.isTrue(said.some((text) => text.startsWith("redesign | settled")))
      assert.isFalse(said.some((text) => text.includes("unheard")))
    }),
  )

  it.effect("a change that no design can have is told with its place, and ends the run", () =>
    Effect.gen(function* () {
      const { failure } = yield* runOn(
        TRIANGLE,
        Effect.flatMap(Lab, (lab) => lab.redesign({ spanningTree: { protocl: "rstp" } }, Effect.void)),
      ).pipe(
        Effect.flip,
        Effect.map((error) => ({ failure: String(error) })),
      )
      assert.include(failure, 'spanningTree.protocl: unknown key; did you mean "protocol"?')
    }),
  )
})

describe("a program beside the run", () => {
  const REFUSED = /^this lab belongs to the network that stands still .*: write "const lab = yield\* Lab" inside the program/

  /** What becomes of a run whose program on another network uses the lab that it found outside. */
  const endOf = (mistake: (lab: LabApi) => Effect.Effect<unknown, unknown, Services>) =>
    runOn(TRIANGLE, Effect.flatMap(Lab, mistake)).pipe(
      Effect.flip,
      Effect.map((error) => error.message),
    )

  it.effect("gives its orders to its own lab, and is told so where it uses the other", () =>
    Effect.gen(function* () {
      const changes = { spanningTree: { protocol: "rstp" } }
      assert.match(yield* endOf((lab) => lab.fork(lab.port("sw1:1").shutdown)), REFUSED)
      assert.match(yield* endOf((lab) => lab.fork(lab.link("sw1:1", "sw2:1").down)), REFUSED)
      assert.match(yield* endOf((lab) => lab.redesign(changes, lab.converged)), REFUSED)
      assert.match(yield* endOf((lab) => lab.fork(Effect.flatMap(Lab, (inner) => inner.fork(inner.converged)))), REFUSED)
      const inVain = (lab: LabApi) => Effect.flatMap(lab.faultDomain(), (watch) => lab.fork(watch.lasting("1 second")))
      assert.match(yield* endOf(inVain), REFUSED)
    }),
  )

  it.effect("may ask the other what it is like, and leaves it awake, also where it failed", () =>
    Effect.gen(function* () {
      const { report } = yield* runOn(
        TRIANGLE,
        Effect.gen(function* () {
          const lab = yield* Lab
          yield* lab.converged
          yield* Check.equals("asked from inside", yield* lab.fork(lab.now), 80e9)
          yield* Effect.ignore(lab.fork(Effect.fail("no more")))
          yield* lab.port("sw1:1").shutdown
          yield* lab.fork(Effect.andThen(Effect.sleep("5 seconds"), Check.that("made on the other's time", true)))
        }),
      )
      assert.strictEqual(report.exitCode, 0)
    }),
  )
})

describe("tables", () => {
  it.effect("are printed in columns, figures at the right, and kept as numbers", () =>
    Effect.gen(function* () {
      const { report } = yield* runOn(
        TRIANGLE,
        Effect.gen(function* () {
          const lab = yield* Lab
          yield* lab.table(
            ["NAME", "COUNT", "TIME"],
            [
              ["one", 1, "20 ms"],
              ["eleven", 11, "-"],
            ],
          )
          yield* lab.data("counts", { columns: ["name", "count"], rows: [["one", 1]] })
          yield* Check.that("checked", true)
        }),
      )
      assert.deepStrictEqual(
        report.said.map(({ text }) => text),
        ["NAME    COUNT   TIME", "one         1  20 ms", "eleven     11      -"],
      )
      assert.deepStrictEqual(report.data, { counts: { columns: ["name", "count"], rows: [["one", 1]] } })
    }),
  )

  it.effect("have names that files can have", () =>
    Effect.gen(function* () {
      const { failure } = yield* runOn(
        TRIANGLE,
        Effect.flatMap(Lab, (lab) => lab.data("../x", { columns: [], rows: [] })),
      ).pipe(
        Effect.flip,
        Effect.map((error) => ({ failure: String(error) })),
      )
      assert.include(failure, 'lab.data: "../x" is no name for a file: write letters, digits, - and _')
    }),
  )
})
