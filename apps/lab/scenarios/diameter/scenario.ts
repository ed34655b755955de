/** A ring wider than max age: who is too far from the root has one of his own, and nobody blocks. */
import * as Check from "@l2lab/lab/Check"
import { Lab } from "@l2lab/lab/Lab"
import * as Scenario from "@l2lab/lab/Scenario"
import { Effect } from "effect"

export default Scenario.make(
  "diameter",
  {
    design: "design.l2.yml",
    description: "In a ring of sixteen switches with max age 6 s the far half never hears of the root, and nobody blocks",
    capture: ["pc"],
  },
  Effect.gen(function* () {
    const lab = yield* Lab

    const watch = yield* lab.watchLoops
    yield* Effect.sleep("60 seconds")
    const tree = yield* lab.tree
    yield* lab.say(`roots: ${tree.roots.map((root) => root.switch ?? root.bridge).join(", ")}`)
    yield* Check.atLeast("switches that somebody believes to be the root", tree.roots.length, 2)
    yield* Check.equals("ports that block", tree.switches.flatMap((row) => row.blocked).length, 0)
    yield* Check.equals("ports of the ring that forward", (yield* watch.seen).at(-1)?.ports.length, 32)
    yield* lab.host("pc").broadcast
    const report = yield* lab.storm.run({ lasting: "200 millis" })
    yield* Check.equals("directions of cables in the ring", report.loads.filter(({ from }) => from.startsWith("sw")).length, 33)
  }),
)
