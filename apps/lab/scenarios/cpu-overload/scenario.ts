/** A storm takes the time of a switch's processor; the BPDUs that are lost by it open a second loop, in the backbone. */
import * as Check from "@l2lab/lab/Check"
import { Lab } from "@l2lab/lab/Lab"
import { counted } from "@l2lab/lab/report/Quantity"
import * as Scenario from "@l2lab/lab/Scenario"
import { Effect } from "effect"

const BACKBONE = ["sw1:1", "sw1:2", "sw2:1", "sw2:2", "sw3:1", "sw3:2"]

export default Scenario.make(
  "cpu-overload",
  {
    design: "design.l2.yml",
    description: "A storm below one switch starves another's processor of BPDUs, which opens a loop in the backbone",
    capture: ["sw3:2"],
  },
  Effect.gen(function* () {
    const lab = yield* Lab
    yield* lab.converged
    yield* lab.showTree
    yield* lab.watchLoops
    yield* Effect.sleep("10 seconds")
    const before = yield* lab.switch("sw3").controlPlane.report
    yield* Check.equals("BPDUs that sw3 loses while all is quiet", before.pdusLost, 0)

    yield* lab.say("the second cable between desk1 and desk2 comes into service; pc says one thing")
    yield* lab.port("desk2:2").noShutdown
    yield* lab.host("pc").broadcast
    const { loops: seen } = yield* lab.storm.run({ lasting: "25 seconds" })
    const plane = yield* lab.switch("sw3").controlPlane.report
    yield* lab.say(
      `sw3's processor dealt with ${counted(plane.pdus - before.pdus, "BPDU")} and lost ${plane.pdusLost}; ` +
        `it dealt with ${counted(plane.punted, "broadcast")} and dropped ${counted(plane.puntsLost, "other")}`,
    )
    yield* Check.atLeast("BPDUs lost before sw3's processor", plane.pdusLost, 15)
    yield* Check.atLeast("broadcasts that it dealt with instead", plane.punted, 100)
    const everybody = new Set(seen.flatMap(({ ports }) => ports))
    yield* Check.that(
      "the backbone loops too",
      BACKBONE.every((port) => everybody.has(port)),
    )
    const unlimited = yield* lab.switch("sw2").controlPlane.report
    yield* Check.equals("BPDUs that sw2 lost, whose processor has no limit", unlimited.pdusLost, 0)

    yield* Effect.sleep("30 seconds")
    const watch = yield* lab.storm.watch
    const quiet = yield* lab.switch("sw3").controlPlane.report
    yield* Effect.sleep("10 seconds")
    const last = yield* lab.switch("sw3").controlPlane.report
    yield* Check.equals("BPDUs lost once the storm is over", last.pdusLost - quiet.pdusLost, 0)
    const { full, loops } = yield* watch.report
    yield* Check.equals("loops and full cables in the end", loops.length + full.length, 0)
    yield* lab.hint([
      'npx --no lab show apps/lab/scenarios/cpu-overload/design.l2.yml control-plane --node sw3 --after "port desk2:2 no shutdown" --after "announce pc" --at 20s',
    ])
  }),
)
