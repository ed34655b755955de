/** One broadcast into each of three loops: without storm control, with a filter, with a port taken out of service. */
import * as Check from "@l2lab/lab/Check"
import { Lab } from "@l2lab/lab/Lab"
import { formatCount } from "@l2lab/lab/report/Quantity"
import * as Scenario from "@l2lab/lab/Scenario"
import { Effect } from "effect"

export default Scenario.make(
  "storm-control",
  {
    design: "design.l2.yml",
    description: "One broadcast into three loops of 10 Mb/s: unguarded, filtered above 1 %, and taken out of service",
    capture: ["pb2", "pc2"],
  },
  Effect.gen(function* () {
    const lab = yield* Lab
    const heardBy = (name: string) => Effect.map(lab.port(name).statistics, ({ framesReceived }) => framesReceived)
    yield* lab.watchLoops
    yield* Effect.sleep("1 second")

    yield* lab.say("one broadcast in each of the three networks")
    for (const name of ["pa1", "pb1", "pc1"]) yield* lab.host(name).broadcast
    const storm = yield* lab.storm.watch
    yield* Effect.sleep("1 second")
    const [unguarded, filtered, shut] = [yield* heardBy("pa2"), yield* heardBy("pb2"), yield* heardBy("pc2")]
    yield* lab.say(
      `within a second pa2 heard it ${formatCount(unguarded)} times, pb2 ${formatCount(filtered)}, pc2 ${formatCount(shut)}`,
    )
    const { full } = yield* storm.report
    yield* Check.atLeast("copies without storm control", unguarded, 14_000)
    yield* Check.atMost("copies with a filter at 1 % of both cables", filtered, 400)
    yield* Check.atMost("copies until the port was out of service", shut, 400)
    yield* Check.that(
      "only cables of the unguarded network are full",
      full.length > 0 && full.every(({ from }) => from.startsWith("a")),
    )

    /** The ports that a switch has such lines about. */
    const portsIn = (part: string, name: string) =>
      Effect.map(lab.log.find(part, name), (lines) => lines.map(({ text }) => / on (\w+\/\d+)/.exec(text)?.[1] ?? "").sort())
    const both = ["Et0/1", "Et0/2"]
    yield* Check.equals("ports on which b2 says that it filters", yield* portsIn("%STORM_CONTROL-3-FILTERED", "b2"), both)
    yield* Check.equals("ports that c1 says it disables", yield* portsIn("%STORM_CONTROL-3-SHUTDOWN", "c1"), both)
    yield* Check.equals("ports out of service at c1", yield* portsIn("%PM-4-ERR_DISABLE: storm-control error", "c1"), both)

    yield* lab.say("a1 and a2 loop on: somebody has to pull a cable")
    const { cables } = yield* lab.storm.run({ lasting: "100 millis" })
    yield* Check.equals("cables pulled of the two loops that were left", cables.length, 2)
    const before = yield* heardBy("pb2")
    yield* Effect.sleep("3 seconds")
    yield* Check.atMost("copies once the loops are open", (yield* heardBy("pb2")) - before, 2)
    yield* lab.hint([
      'npx --no lab show apps/lab/scenarios/storm-control/design.l2.yml interfaces status err-disabled --node c1 --after "announce pc1" --at 1s',
    ])
  }),
)
