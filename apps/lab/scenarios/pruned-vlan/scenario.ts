/** A VLAN pruned on one of two cables: one tree for all VLANs blocks the other one. */
import * as Check from "@l2lab/lab/Check"
import { Lab } from "@l2lab/lab/Lab"
import * as Scenario from "@l2lab/lab/Scenario"
import { Effect } from "effect"

export default Scenario.make(
  "pruned-vlan",
  {
    design: "design.l2.yml",
    description:
      "A VLAN that is allowed on one of two cables is dark where one tree serves all, and works with a tree of its own",
    capture: ["a1"],
  },
  Effect.gen(function* () {
    const lab = yield* Lab

    yield* Effect.sleep("40 seconds")
    const a10 = yield* lab.host("a10").ping("a10-far")
    const a20 = yield* lab.host("a20").ping("a20-far")
    const b20 = yield* lab.host("b20").ping("b20-far")
    yield* Effect.sleep("10 seconds")
    yield* lab.showTree
    yield* Check.atLeast("VLAN 10, one tree: answers", yield* a10.received, 9)
    yield* Check.equals("VLAN 20, one tree: answers", yield* a20.received, 0)
    yield* Check.atLeast("VLAN 20, its own tree: answers", yield* b20.received, 9)
    yield* lab.say("the cable that blocked is all that is left: now VLAN 20 goes through")
    yield* lab.link("a1:1", "a2:1").down
    yield* Effect.sleep("10 seconds")
    yield* Check.atLeast("VLAN 20, one tree, one cable: answers", yield* a20.received, 5)
  }),
)
