/** A ring wider than max age: who is too far from the root has one of his own, and nobody blocks. */
import * as Check from "@l2lab/lab/Check"
import { Lab } from "@l2lab/lab/Lab"
import * as Scenario from "@l2lab/lab/Scenario"
import { Effect } from "effect"

export default Scenario.make(
  "diameter",
  {
    design: "design.l2.yml",
    description:
      "In a ring of sixteen switches with max age 6 s who is four cables from the root loses it again and again, and nobody blocks",
    capture: ["pc"],
  },
  Effect.gen(function* () {
    const lab = yield* Lab

    const watch = yield* lab.watchLoops
    yield* Effect.sleep("60 seconds")
    const tree = yield* lab.tree
    const roots = tree.roots.map((root) => root.switch ?? root.bridge)
    yield* Check.equals("switches that somebody believes to be the root", roots, ["sw1", "sw5", "sw9", "sw13"])
    yield* Check.equals("ports that block", tree.switches.flatMap((row) => row.blocked).length, 0)
    yield* Check.equals("ports of the ring that forward", (yield* watch.seen).at(-1)?.ports.length, 32)
    yield* lab.host("pc").broadcast
    const report = yield* lab.storm.run({ lasting: "200 millis" })
    const ofTheRing = report.loads.filter(({ from, to }) => from.startsWith("sw") && to.startsWith("sw"))
    yield* Check.equals("directions of cables in the ring", ofTheRing.length, 32)
  }),
)
