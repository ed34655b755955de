/** One VLAN more than a platform has spanning trees: nobody is told, and the first broadcast in it circles. Cut off after 20 ms. */
import * as Check from "@l2lab/lab/Check"
import { Lab } from "@l2lab/lab/Lab"
import { formatCount } from "@l2lab/lab/report/Quantity"
import * as Scenario from "@l2lab/lab/Scenario"
import { Effect } from "effect"

const STORM_MS = 20

export default Scenario.make(
  "instance-limit",
  {
    design: "design.l2.yml",
    description: `Four VLANs on switches with three spanning trees, and one broadcast in the fourth, cut off after ${STORM_MS} ms`,
    capture: ["client", "phone2"],
  },
  Effect.gen(function* () {
    const lab = yield* Lab
    yield* lab.converged
    yield* lab.showTree
    const { beyond, trees } = yield* lab.tree
    yield* Check.equals(
      "VLANs with a tree",
      trees.flatMap(({ vlans }) => vlans),
      [1, 10, 20],
    )
    yield* Check.equals(
      "VLANs without, by switch",
      beyond.map((row) => [row.switch, ...row.vlans]),
      [
        ["sw1", 30],
        ["sw2", 30],
        ["sw3", 30],
      ],
    )

    yield* lab.say("server broadcasts in VLAN 10: its tree delivers one copy")
    yield* Check.equals("copies that client heard", yield* heardOf("server", "client", STORM_MS), 1)

    yield* lab.say("phone1 does so in VLAN 30, which is one too many")
    const copies = yield* heardOf("phone1", "phone2", STORM_MS)
    yield* lab.link("sw2:2", "sw3:2").down
    yield* lab.say(`after ${STORM_MS} ms phone2 has heard it ${formatCount(copies)} times`)
    yield* lab.say("CUT OFF here by pulling a cable: a storm ends with the loop, not by itself")
    yield* Check.atLeast("copies that phone2 heard", copies, 1_000)
  }),
)

/** Copies that a host hears of one broadcast within some time. BPDUs reach it too, two seconds apart: here none in between. */
const heardOf = (from: string, to: string, millis: number) =>
  Effect.gen(function* () {
    const lab = yield* Lab
    const before = (yield* lab.port(to).statistics).framesReceived
    yield* lab.host(from).broadcast
    yield* Effect.sleep(`${millis} millis`)
    return (yield* lab.port(to).statistics).framesReceived - before
  })
