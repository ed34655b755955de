/** The peer-link of a vPC pair is lost: with the keepalive the secondary gives way, without it both peers go on as if they were alone. */
import * as Check from "@l2lab/lab/Check"
import { Lab } from "@l2lab/lab/Lab"
import * as Scenario from "@l2lab/lab/Scenario"
import { Duration, Effect } from "effect"

/** Who talks to whom: hosts behind vPCs, and the two that hang on one peer alone. */
const TALKS = [
  ["pc1", "pc2"],
  ["pc3", "pc4"],
  ["pc1", "db-1"],
  ["pc3", "db-1"],
  ["pc1", "db-2"],
  ["pc3", "db-2"],
] as const

const NAMES = TALKS.map(([from, to]) => `${from}-${to}`)

/** Lose the peer-link; how long each was silent within ten seconds. */
const lose = Effect.gen(function* () {
  const lab = yield* Lab
  const probes = yield* Effect.forEach(TALKS, ([from, to]) => lab.host(from).ping(to, { every: "10 millis" }))
  yield* Effect.sleep("505 millis")
  yield* lab.say("the peer-link is lost")
  yield* lab.port("agg-1:Po1").shutdown
  yield* Effect.sleep("10 seconds")
  const gaps: Array<number> = []
  for (const probe of probes) {
    gaps.push(Math.round(Duration.toMillis(yield* probe.longestGap)))
    yield* probe.stop
  }
  return gaps
})

const roles = Effect.gen(function* () {
  const lab = yield* Lab
  return (yield* lab.switch("agg").roles).map(({ role, switch: name }) => `${name} ${role}`)
})

export default Scenario.make(
  "vpc-split-brain",
  {
    design: "design.l2.yml",
    description: "A vPC pair loses its peer-link: with its keepalive, and without it",
    capture: ["agg-1:3", "agg-1:4", "agg-2:4", "acc-1:1", "acc-1:2"],
  },
  Effect.gen(function* () {
    const lab = yield* Lab
    yield* lab.converged
    yield* lab.showTree
    yield* Check.equals("who is what", yield* roles, ["agg-1 primary", "agg-2 secondary"])

    const rootsNow = Effect.gen(function* () {
      const now = yield* Lab
      return (yield* now.tree).switches.filter(({ rootPort }) => rootPort === undefined).map((row) => row.switch)
    })

    yield* lab.say("with the keepalive")
    const kept = yield* lab.fork(
      Effect.gen(function* () {
        const gaps = yield* lose
        yield* Check.equals("who is what: the secondary gives way", yield* roles, ["agg-1 primary", "agg-2 secondary"])
        const suspended = yield* (yield* Lab).log.find("VPC_SUSP_ALL_VPC", "agg-2")
        yield* Check.equals(
          "agg-2 says so",
          suspended.map(({ text }) => text),
          ["%VPC-2-VPC_SUSP_ALL_VPC: Peer-link going down, suspending all vPCs on secondary"],
        )
        return gaps
      }),
    )
    yield* lab.say("without it: its cable is lost first")
    const split = yield* lab.fork(
      Effect.gen(function* () {
        yield* (yield* Lab).link("agg-1:3", "agg-2:3").down
        yield* Effect.sleep("6 seconds")
        const gaps = yield* lose
        yield* Check.equals("who is what: both are primary", yield* roles, [
          "agg-1 primary",
          "agg-2 secondary, operational primary",
        ])
        yield* Check.equals("two roots, of one bridge id", yield* rootsNow, ["agg-1", "agg-2"])
        return gaps
      }),
    )
    yield* lab.table(
      ["ms of silence", ...NAMES],
      [
        ["with keepalive", ...kept],
        ["without", ...split],
      ],
    )
    yield* lab.data("silence", {
      columns: ["event", ...NAMES],
      rows: [
        ["with keepalive", ...kept],
        ["without", ...split],
      ],
    })

    yield* Check.equals(
      "behind bundles nobody loses a frame, either way",
      [...kept.slice(0, 2), ...split.slice(0, 2)],
      [10, 10, 10, 10],
    )
    yield* Check.atMost(
      "with it, db-1 at the primary: silence in ms until the secondary gives way",
      Math.max(...kept.slice(2, 4)),
      4000,
    )
    yield* Check.equals("with it, db-2 at the secondary is cut off: silence in ms", kept.slice(4), [10005, 10005])
    yield* Check.atLeast("without it, whoever is bundled to the wrong peer: silence in ms", split[2], 10000)
    yield* lab.hint([
      "npx --no lab show apps/lab/scenarios/vpc-split-brain/design.l2.yml vpc --after 'port agg-1:Po1 shutdown'",
      "npx --no lab show apps/lab/scenarios/vpc-split-brain/design.l2.yml vpc role --after 'link agg-1:3 down' --after 'port agg-1:Po1 shutdown'",
    ])
  }),
)
