/** One broadcast into a loop without spanning tree. The storm is cut off after a tenth of a second, since by itself it does not end. */
import * as Check from "@l2lab/lab/Check"
import { Lab } from "@l2lab/lab/Lab"
import { formatCount, formatNs } from "@l2lab/lab/report/Quantity"
import * as Scenario from "@l2lab/lab/Scenario"
import { Effect } from "effect"

const STORM_MS = 100

export default Scenario.make(
  "two-switch-loop",
  {
    design: "design.l2.yml",
    description: `One broadcast between two switches without spanning tree, cut off after ${STORM_MS} ms`,
    capture: ["pc2"],
  },
  Effect.gen(function* () {
    const lab = yield* Lab
    const sw1 = lab.switch("sw1")
    yield* Effect.sleep("1 second")
    yield* Check.equals("frames before", (yield* sw1.statistics).framesSent, 0)

    yield* lab.say("pc1 sends one ARP request; both switches flood it, to each other too")
    yield* lab.host("pc1").broadcast
    const from = yield* lab.now
    const report = yield* lab.storm.run({ lasting: `${STORM_MS} millis` })
    const lasted = (yield* lab.now) - from
    const hops = (yield* sw1.statistics).framesReceived + (yield* lab.switch("sw2").statistics).framesReceived
    const heard = (yield* lab.port("pc2").statistics).framesReceived
    yield* lab.say(`after ${formatNs(lasted)} sw1 and sw2 have received ${formatCount(hops)} copies of it`)
    yield* lab.say(`pc2 has heard it ${formatCount(heard)} times, where once would have done`)

    yield* Effect.sleep("1 second")
    const later = (yield* lab.port("pc2").statistics).framesReceived
    yield* Check.equals("who looped", report.loops.at(-1)?.ports, ["sw1:1", "sw1:2", "sw2:1", "sw2:2"])
    yield* Check.equals("milliseconds that the storm was let run", lasted / 1e6, STORM_MS)
    yield* Check.atLeast("copies that pc2 heard of one frame", heard, 10_000)
    yield* Check.atMost("copies still on their way when the cable was pulled", later - heard, 10)
  }),
)
