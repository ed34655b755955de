/** A VLAN that is local to two access switches of an MST region, on the cable that its instance blocks. */
import * as Check from "@l2lab/lab/Check"
import { Lab } from "@l2lab/lab/Lab"
import * as Scenario from "@l2lab/lab/Scenario"
import { Effect } from "effect"

export default Scenario.make(
  "mst-local-vlan",
  {
    design: "design.l2.yml",
    description: "A VLAN between two access switches is dark in an MST region, since its instance blocks the cable between them",
    capture: ["acc-1:3"],
  },
  Effect.gen(function* () {
    const lab = yield* Lab

    yield* Effect.sleep("40 seconds")
    const ten = yield* lab.host("ten-1").ping("ten-2")
    const heart = yield* lab.host("heart-1").ping("heart-2")
    yield* Effect.sleep("10 seconds")
    yield* lab.showTree
    yield* Check.atLeast("VLAN 10, through the core: answers", yield* ten.received, 9)
    yield* Check.equals("VLAN 30, by the cable between the two: answers", yield* heart.received, 0)
    yield* lab.say("the cable between the two is made the better way to the root for acc-2, in instance 1")
    yield* lab.port("acc-2:1").stpCost(200_000, { mst: 1 })
    yield* Effect.sleep("20 seconds")
    yield* Check.atLeast("VLAN 30 now: answers", yield* heart.received, 10)
    yield* Check.atLeast("VLAN 10 by the same cable: answers", yield* ten.received, 25)
    yield* lab.hint(["npx --no lab show apps/lab/scenarios/mst-local-vlan/design.l2.yml spanning-tree mst 1 --node acc-2"])
  }),
)
