/** A cable is plugged in: behind an ordinary port, an edge port, and a trunk that is one. */
import * as Check from "@l2lab/lab/Check"
import { Lab } from "@l2lab/lab/Lab"
import * as Scenario from "@l2lab/lab/Scenario"
import { Duration, Effect } from "effect"

/** Topology changes of the switch's tree that come of a cable that is out for a second, in a copy of the network. */
const changesBy = (name: string) =>
  Effect.gen(function* () {
    const lab = yield* Lab
    return yield* lab.fork(
      Effect.gen(function* () {
        const fork = yield* Lab
        const changes = Effect.map(fork.switch("sw1").flooding, (rows) => rows[0].changes.length)
        const before = yield* changes
        yield* fork.link(name, "sw1").down
        yield* Effect.sleep("1 second")
        yield* fork.link(name, "sw1").up
        yield* Effect.sleep("40 seconds")
        return (yield* changes) - before
      }),
      { quiet: true },
    )
  })

const formatGap = (gap: Duration.Duration): string => `${(Duration.toMillis(gap) / 1000).toFixed(1)} s`

export default Scenario.make(
  "portfast",
  {
    design: "design.l2.yml",
    description: "A host, and a hypervisor on a trunk, come up behind edge ports at once, behind an ordinary port after 30 s",
    capture: ["server"],
  },
  Effect.gen(function* () {
    const lab = yield* Lab

    const names = ["desk", "tagged", "slow"]
    yield* lab.converged
    const changes = yield* Effect.forEach(names, changesBy)
    yield* lab.say(
      `topology changes, by the cable that is pulled for a second: ${names.map((name, i) => `${name} ${changes[i]}`).join(", ")}`,
    )
    yield* Check.equals("topology changes because of the edge ports", changes.slice(0, 2), [0, 0])
    yield* Check.atLeast("topology changes because of the ordinary port", changes[2], 1)
    const pings = yield* Effect.forEach(names, (name) => lab.host(name).ping("server", { every: "100 millis" }))
    yield* Effect.sleep("2 seconds")
    yield* lab.say("three cables are pulled for a second")
    for (const name of names) yield* lab.link(name, "sw1").down
    yield* Effect.sleep("1 second")
    for (const name of names) yield* lab.link(name, "sw1").up
    yield* Effect.sleep("40 seconds")
    const gaps = yield* Effect.forEach(pings, (ping) => ping.longestGap)
    for (const [i, name] of names.entries()) yield* lab.say(`${name} was dark for ${formatGap(gaps[i])}`)
    yield* Check.atMost("an edge port: a second of cable, no more", gaps[0], "1300 millis")
    yield* Check.atMost("an edge trunk likewise", gaps[1], "1300 millis")
    yield* Check.atLeast("an ordinary port listens and learns", gaps[2], "30 seconds")
  }),
)
