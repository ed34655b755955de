/** The scenario API on small designs: every answer is read from emulated devices. */
import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Fiber, Stream } from "effect"
import * as Check from "../src/Check.ts"
import { Lab } from "../src/Lab.ts"
import { PAIR, runOn, TRIANGLE } from "./support/designs.ts"

const failedChecks = (report: { readonly checks: ReadonlyArray<Check.CheckResult> }) =>
  report.checks.filter((check) => !check.passed).map((check) => `${check.name}: ${check.actual}`)

describe("settling", () => {
  it.effect("tells when the last change came, and has watched for max age + 2 x forward delay after it", () =>
    Effect.gen(function* () {
      const { report } = yield* runOn(
        TRIANGLE,
        Effect.gen(function* () {
          const lab = yield* Lab
          const settled = yield* lab.converged
          yield* Check.equals("last change", settled.lastChangeAt, 30e9)
          yield* Check.equals("settled", settled.at, 80e9)
          const again = yield* lab.converged
          yield* Check.equals("at once the second time", again.at, settled.at)
        }),
      )
      assert.deepStrictEqual(failedChecks(report), [])
      assert.strictEqual(report.exitCode, 0)
      assert.strictEqual(report.endedAt, 80e9)
    }),
  )

  it.effect("a probe that falls silent has changed its result", () =>
    Effect.gen(function* () {
      const { report } = yield* runOn(
        TRIANGLE,
        Effect.gen(function* () {
          const lab = yield* Lab
          yield* lab.converged
          yield* lab.host("pc1").ping("pc2", { every: "100 millis" })
          yield* Effect.sleep("60 seconds")
          const at = yield* lab.now
          yield* lab.host("pc2").powerOff
          yield* Effect.sleep("5 seconds")
          const settled = yield* lab.converged
          // The last answer came a tenth of a second before, the first probe without one went out with the power.
          yield* Check.that("counted from the first silent probe on", settled.at >= at + 50e9)
        }),
      )
      assert.deepStrictEqual(failedChecks(report), [])
    }),
  )

  it.effect("gives up with a sentence", () =>
    Effect.gen(function* () {
      const { report } = yield* runOn(
        TRIANGLE,
        Effect.flatMap(Lab, (lab) => lab.converged),
        { limitNs: 20e9 },
      )
      assert.strictEqual(report.exitCode, 1)
      assert.strictEqual(report.endedAt, 20e9)
      assert.match(report.failure ?? "", /has not settled within 20 s: something changed at 15\.000 s.*raise --limit/)
    }),
  )

  it.effect("does not advise to wait for a switch that loses the root again and again", () =>
    Effect.gen(function* () {
      const { report } = yield* runOn(
        `
        spanningTree: { protocol: stp, maxAge: 6s, forwardDelay: 4s }
        nodes: { sw1: { spanningTree: { priority: 4096 } }, sw2: {}, sw3: {}, sw4: {}, sw5: {}, sw6: {} }
        links: [["sw1:2", "sw2:1"], ["sw2:2", "sw3:1"], ["sw3:2", "sw4:1"], ["sw4:2", "sw5:1"], ["sw5:2", "sw6:1"]]
        `,
        Effect.flatMap(Lab, (lab) => lab.converged),
        { limitNs: 60e9 },
      )
      assert.match(
        report.failure ?? "",
        /; sw5:1 has lost the root at max age \d+ times: is the network wider than max age allows/,
      )
      assert.notInclude(report.failure ?? "", "--limit")
    }),
  )
})

describe("the tree", () => {
  it.effect("names root, root ports and what blocks", () =>
    Effect.gen(function* () {
      const { report } = yield* runOn(
        TRIANGLE,
        Effect.gen(function* () {
          const lab = yield* Lab
          yield* lab.converged
          const tree = yield* lab.tree
          yield* Check.equals(
            "roots",
            tree.roots.map((root) => [root.switch, root.believers]),
            [["sw1", 3]],
          )
          yield* Check.equals(
            "ways",
            tree.switches.map((row) => [row.switch, row.rootPort?.port, row.rootPathCost, row.blocked.map((port) => port.port)]),
            [
              ["sw1", undefined, 0, []],
              ["sw2", "sw2:1", 4, []],
              ["sw3", "sw3:1", 4, ["sw3:2"]],
            ],
          )
          yield* lab.switch("sw1").powerOff
          yield* lab.converged
          const after = yield* lab.tree
          yield* Check.equals("off", after.off, ["sw1"])
          yield* Check.equals("root afterwards", after.roots[0].switch, "sw2")
          yield* lab.switch("sw1").powerOn
          yield* lab.converged
          yield* Check.equals("root in the end", (yield* lab.tree).roots[0].switch, "sw1")
        }),
      )
      assert.deepStrictEqual(failedChecks(report), [])
    }),
  )
})

describe("cables, ports and pings", () => {
  it.effect("what a probe counts is what the network did to it", () =>
    Effect.gen(function* () {
      const { report } = yield* runOn(
        PAIR,
        Effect.gen(function* () {
          const lab = yield* Lab
          const ping = yield* lab.host("client").ping("web-1", { every: "100 millis" })
          yield* Effect.sleep("1050 millis")
          yield* Check.equals("sent", yield* ping.sent, 11)
          yield* Check.equals("received", yield* ping.received, 11)
          yield* lab.link("client", "sw1").down
          yield* Effect.sleep("2 seconds")
          yield* Check.atLeast("an open gap counts", yield* ping.longestGap, "2 seconds")
          yield* lab.link("client", "sw1").up
          yield* Effect.sleep("2 seconds")
          yield* Check.atMost("the gap has ended", yield* ping.longestGap, "2300 millis")
          yield* Check.equals("lost", yield* ping.lost, 20)

          yield* lab.port("sw1:4").shutdown
          yield* Effect.sleep("1 second")
          const shut = yield* ping.received
          yield* lab.port("sw1:4").noShutdown
          yield* Effect.sleep("1 second")
          yield* Check.atLeast("answers after no shutdown", (yield* ping.received) - shut, 9)

          const deaf = yield* ping.received
          yield* lab.link("esx-1", "sw1").deadFrom("esx-1")
          yield* Effect.sleep("1 second")
          yield* Check.atMost("answers while one direction is dead", (yield* ping.received) - deaf, 1)
          yield* lab.link("esx-1", "sw1").heal
          yield* ping.stop
          yield* Effect.sleep("1 second")
          const sent = yield* ping.sent
          yield* Effect.sleep("1 second")
          yield* Check.equals("a stopped ping sends nothing", yield* ping.sent, sent)
          yield* lab.link("esx-1", "sw1").loss(1)
          const lost = yield* lab.host("client").ping("10.0.10.101", { every: "10 millis" })
          yield* Effect.sleep("3 seconds")
          yield* Check.equals("with everything lost nothing is received", yield* lost.received, 0)
        }),
      )
      assert.deepStrictEqual(failedChecks(report), [])
    }),
  )

  it.effect("names that the design does not have end the run with a sentence", () =>
    Effect.gen(function* () {
      const program = (act: (lab: Lab["Service"]) => Effect.Effect<unknown, unknown>) => runOn(PAIR, Effect.flatMap(Lab, act))
      const said = (act: (lab: Lab["Service"]) => Effect.Effect<unknown, unknown>) =>
        Effect.map(Effect.flip(program(act)), (error) => error.message)
      assert.strictEqual(
        yield* said((lab) => lab.host("cleint").ping("web-1")),
        'the design pair has no host "cleint"; did you mean "client"?',
      )
      assert.strictEqual(
        yield* said((lab) => lab.vm("web-2").vmotion({ to: "esx-2" })),
        'the design pair has no VM "web-2"; did you mean "web-1"?',
      )
      assert.strictEqual(
        yield* said((lab) => lab.switch("client").powerOff),
        '"client" of the design pair is a host, not a switch or hub',
      )
      assert.strictEqual(yield* said((lab) => lab.port("sw1:9").shutdown), 'there is no port "sw1:9": sw1 has sw1:1 to sw1:4')
      assert.strictEqual(yield* said((lab) => lab.link("client", "sw2").down), "no cable runs between client and sw2")
      assert.match(yield* said((lab) => lab.host("client").ping("web-9")), /nobody in the design pair is called "web-9"/)
      assert.match(yield* said((lab) => lab.host("client").ping("web-1", { every: "10 nanos" })), /cannot be sent every 10 ns/)
      assert.match(yield* said((lab) => lab.vm("web-1").vmotion({ to: "esx-3" })), /esx-3 has no vMotion interface/)
    }),
  )
})

describe("moving a VM", () => {
  it.effect("the VM, its CAM entries and the account of the move agree", () =>
    Effect.gen(function* () {
      const { report } = yield* runOn(
        PAIR,
        Effect.gen(function* () {
          const lab = yield* Lab
          yield* lab.vm("web-1").broadcast
          const ping = yield* lab.host("client").ping("web-1", { every: "10 millis" })
          yield* Effect.sleep("1 second")
          yield* Check.equals("host before", yield* lab.vm("web-1").host, "esx-1")
          yield* Check.that("CAMs before", yield* lab.cam("web-1").pointsAt("esx-1"))
          const move = yield* lab.vm("web-1").vmotion({ to: "esx-2" })
          yield* Check.equals("host after", yield* lab.vm("web-1").host, "esx-2")
          yield* Effect.sleep("2 seconds")
          yield* Check.that("CAMs after", yield* lab.cam("web-1").pointsAt("esx-2"))
          yield* Check.that("not where it was", !(yield* lab.cam("web-1").pointsAt("esx-1")))
          yield* Check.equals(
            "entries",
            (yield* lab.cam("web-1").entries).map((entry) => `${entry.switch} ${entry.vlan} ${entry.port} ${entry.towards}`),
            ["sw1 10 sw1:1 sw2", "sw2 10 sw2:2 esx-2"],
          )
          yield* Check.atLeast("rounds", move.rounds.length, 1)
          yield* Check.that(
            "the instants of a move are in order",
            move.startedAt < move.stunnedAt && move.stunnedAt < move.resumedAt && move.resumedAt <= move.doneAt,
          )
          yield* Check.equals("downtime", Duration.toMillis(move.downtime), (move.resumedAt - move.stunnedAt) / 1e6)
          yield* Check.atLeast("outage is no less than the downtime", yield* ping.longestGap, move.downtime)
          yield* Check.equals("moved", [move.vm, move.from, move.to], ["web-1", "esx-1", "esx-2"])

          const guest = yield* lab.vm("web-1").ping("client", { every: "50 millis" })
          yield* Effect.sleep("1 second")
          yield* Check.atLeast("a guest pings from its new host", yield* guest.received, 19)
        }),
      )
      assert.deepStrictEqual(failedChecks(report), [])
      const said = report.said.map((line) => line.text).join("\n")
      assert.match(said, /vMotion of web-1 from esx-1 to esx-2/)
      assert.match(said, /stun web-1 stands still on esx-1/)
      assert.match(said, /RARP esx-2 announces web-1/)
      assert.match(said, /CAM {2}sw1 {7}web-1 in VLAN 10: Gi0\/2 to esx-1 -> Gi0\/1 to sw2/)
    }),
  )

  it.effect("a move that fails is told with its reason, and the VM goes on", () =>
    Effect.gen(function* () {
      const { report } = yield* runOn(
        PAIR,
        Effect.gen(function* () {
          const lab = yield* Lab
          yield* lab.host("esx-2").powerOff
          const outcome = yield* Effect.result(lab.vm("web-1").vmotion({ to: "esx-2" }))
          yield* Check.that("failed", outcome._tag === "Failure")
          yield* Check.equals("host", yield* lab.vm("web-1").host, "esx-1")
          yield* lab.vm("web-1").vmotion({ to: "esx-2" })
        }),
      )
      assert.deepStrictEqual(failedChecks(report), [])
      assert.strictEqual(report.exitCode, 1)
      assert.match(report.failure ?? "", /^web-1 did not move from esx-1 to esx-2: /)
    }),
  )
})

describe("events, forks and fingerprints", () => {
  it.effect("a stream of events is as fast as the world, and no foreigner", () =>
    Effect.gen(function* () {
      const { report, err } = yield* runOn(
        TRIANGLE,
        Effect.gen(function* () {
          const lab = yield* Lab
          const forwarding = lab.events.pipe(
            Stream.filter((event) => event.name === "stp.port-state" && event.operands["to"] === "forwarding"),
            Stream.take(3),
            Stream.mapEffect((event) => Effect.map(lab.now, (now) => [event.operands["port"], event.at, now])),
            Stream.runCollect,
          )
          const watcher = yield* Effect.forkChild(forwarding)
          yield* lab.converged
          const seen = yield* Fiber.join(watcher)
          yield* Check.equals("three", seen.length, 3)
          yield* Check.that(
            "each at its own instant",
            seen.every(([, at, now]) => at === 30e9 && now === 30e9),
          )
        }),
      )
      assert.deepStrictEqual(failedChecks(report), [])
      assert.strictEqual(err, "")
    }),
  )

  it.effect("a fork leaves this network as it is", () =>
    Effect.gen(function* () {
      const body = (withFork: boolean) =>
        Effect.gen(function* () {
          const lab = yield* Lab
          yield* lab.converged
          if (withFork) {
            const root = yield* lab.fork(
              Effect.gen(function* () {
                const copy = yield* Lab
                yield* copy.switch("sw1").powerOff
                yield* copy.converged
                yield* Check.equals("time in the fork", yield* copy.now, 160e9)
                return (yield* copy.tree).roots[0].switch
              }),
            )
            yield* Check.equals("root of the fork", root, "sw2")
            yield* Check.equals("time here", yield* lab.now, 80e9)
          }
          yield* Effect.sleep("10 seconds")
          yield* Check.equals("root here", (yield* lab.tree).roots[0].switch, "sw1")
          return yield* lab.fingerprint
        })
      const plain = yield* runOn(TRIANGLE, body(false))
      const forked = yield* runOn(TRIANGLE, body(true))
      assert.deepStrictEqual(failedChecks(forked.report).concat(failedChecks(plain.report)), [])
      assert.strictEqual(forked.report.fingerprint, plain.report.fingerprint)
    }),
  )

  it.effect("listening, narrating and octets change no fingerprint; a seed is told apart only where luck plays a part", () =>
    Effect.gen(function* () {
      const body = (talk: boolean) =>
        Effect.gen(function* () {
          const lab = yield* Lab
          if (talk) yield* lab.narrate("spanning-tree", "links", { vm: "web-1" })
          const ping = yield* lab.host("client").ping("web-1", { every: "100 millis" })
          yield* lab.link("client", "sw1").loss(0.2)
          yield* Effect.sleep("20 seconds")
          yield* Check.atLeast("lost", yield* ping.lost, 1)
        })
      const { report: quiet } = yield* runOn(PAIR, body(false))
      const { report: loud } = yield* runOn(PAIR, body(true), { octets: true })
      const { report: other } = yield* runOn(PAIR, body(false), { seed: 2 })
      assert.strictEqual(loud.fingerprint, quiet.fingerprint)
      assert.notStrictEqual(other.fingerprint, quiet.fingerprint)
    }),
  )

  it.effect("a wait by other means is reported, one in lab.real is not", () =>
    Effect.gen(function* () {
      const pause = Effect.promise(() => new Promise((resolve) => setTimeout(resolve, 10)))
      const program = (wait: (lab: Lab["Service"]) => Effect.Effect<unknown>) =>
        runOn(
          TRIANGLE,
          Effect.gen(function* () {
            const lab = yield* Lab
            yield* Effect.sleep("1 second")
            yield* wait(lab)
            yield* Check.equals("time stood still", yield* lab.now, 1e9)
          }),
        )
      const foreign = yield* program(() => pause)
      assert.match(foreign.err, /^warning: the scenario waited on the real world by its own means/)
      const wrapped = yield* program((lab) => lab.real(pause))
      assert.strictEqual(wrapped.err, "")
      assert.strictEqual(wrapped.report.exitCode, 0)
    }),
  )
})

describe("flooding", () => {
  it.effect("is told by VLAN, and since the latest topology change: what a change costs", () =>
    Effect.gen(function* () {
      const { report } = yield* runOn(
        TRIANGLE,
        Effect.gen(function* () {
          const lab = yield* Lab
          yield* lab.converged
          const count = () => Effect.map(lab.switch("sw2").flooding, ([{ sinceChange, ...all }]) => ({ sinceChange, all }))
          const pinging = yield* lab.host("pc1").ping("pc2", { every: "100 millis" })
          yield* Effect.sleep("1 second")
          const before = yield* count()
          yield* lab.link("sw1:1", "sw2:1").down
          yield* Effect.sleep("60 seconds")
          yield* pinging.stop
          const after = yield* count()
          yield* Check.equals("the VLAN", after.all.vlan, 1)
          yield* Check.that("a change came", after.all.topologyChanges > before.all.topologyChanges)
          yield* Check.that("no more since the change than in all", after.sinceChange!.octets <= after.all.octets)
          yield* Check.equals("frames as of old", yield* lab.switch("sw2").floodedUnicastFrames, after.all.frames)
        }),
      )
      assert.deepStrictEqual(failedChecks(report), [])
    }),
  )

  it.effect.each(["stp", "rstp", "pvst", "rapid-pvst", "mst"])("is charged to each topology change, %s", (protocol) =>
    Effect.gen(function* () {
      const { report } = yield* runOn(
        TRIANGLE.replace("\nnodes:", `\nspanningTree: { protocol: ${protocol} }\nnodes:`),
        Effect.gen(function* () {
          const lab = yield* Lab
          yield* lab.converged
          const pinging = yield* lab.host("pc1").ping("pc2", { every: "100 millis" })
          yield* Effect.sleep("1 second")
          const before = (yield* lab.switch("sw3").flooding)[0].changes.length
          const cutAt = yield* lab.now
          yield* lab.link("sw1:2", "sw3:1").down
          yield* Effect.sleep("90 seconds")
          yield* pinging.stop
          const [{ changes, flushes, forgotten, topologyChanges }] = yield* lab.switch("sw3").flooding
          yield* Check.equals("all changes are there", changes.length, topologyChanges)
          yield* Check.atLeast("changes of the cable", changes.length - before, 1)
          yield* Check.that(
            "each since then, by a port of the switch, for a reason",
            changes
              .slice(before)
              .every(({ at, cause, from }) => at >= cutAt && /^sw3:[12]$/.test(from ?? "") && cause !== "new-root"),
          )
          const sum = (key: "flushes" | "forgotten") => changes.reduce((total, change) => total + change[key], 0)
          yield* Check.equals("sums", [sum("flushes"), sum("forgotten")], [flushes, forgotten])
          yield* Check.that(
            "what is flooded ends",
            changes.every(({ at, floodedUntil = at }) => floodedUntil - at < 60e9),
          )
        }),
      )
      assert.deepStrictEqual(failedChecks(report), [])
      assert.isUndefined(report.failure)
    }),
  )
})
