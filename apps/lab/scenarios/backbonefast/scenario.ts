/** A cable far away breaks: who waits for max age, and who asks. */
import * as Check from "@l2lab/lab/Check"
import { Lab } from "@l2lab/lab/Lab"
import * as Scenario from "@l2lab/lab/Scenario"
import { Effect } from "effect"

export default Scenario.make(
  "backbonefast",
  {
    design: "design.l2.yml",
    description: "An indirect failure takes 50 s, or 30 s where bridges ask for the root instead of waiting for max age",
    capture: ["b3:1"],
  },
  Effect.gen(function* () {
    const lab = yield* Lab

    yield* lab.converged
    const a = yield* lab.host("pa2").ping("pa1", { every: "100 millis" })
    const b = yield* lab.host("pb2").ping("pb1", { every: "100 millis" })
    yield* Effect.sleep("3 seconds")
    yield* lab.say("a2 and b2 lose their cables to the roots; a3 and b3 have other ways")
    yield* lab.link("a1:1", "a2:1").down
    yield* lab.link("b1:1", "b2:1").down
    yield* Effect.sleep("60 seconds")
    const [slow, fast] = [yield* a.longestGap, yield* b.longestGap]
    yield* Check.atLeast("a3 believes what a2 said for max age, then listens and learns", slow, "46 seconds")
    yield* Check.atMost("and no longer", slow, "53 seconds")
    yield* Check.atLeast("b3 asks, then listens and learns", fast, "29 seconds")
    yield* Check.atMost("and no longer", fast, "33 seconds")
  }),
)
