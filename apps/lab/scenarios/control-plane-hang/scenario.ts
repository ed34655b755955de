/** The root's processor hangs while its relay goes on: the others think it dead, and their new tree and its old one make a ring. */
import * as Check from "@l2lab/lab/Check"
import { Lab } from "@l2lab/lab/Lab"
import { formatNs } from "@l2lab/lab/report/Quantity"
import * as Scenario from "@l2lab/lab/Scenario"
import { Duration, Effect } from "effect"

/** From one instant to another, which may not have come. */
const span = (from: number, to = Number.POSITIVE_INFINITY) =>
  Number.isFinite(to) ? Duration.nanos(BigInt(to - from)) : Duration.infinity

export default Scenario.make(
  "control-plane-hang",
  {
    design: "design.l2.yml",
    description: "The root's processor hangs and its relay goes on: its neighbours' new tree and its old one are a ring",
    capture: ["pc2"],
  },
  Effect.gen(function* () {
    const lab = yield* Lab
    yield* lab.converged
    yield* lab.showTree
    const root = lab.switch("sw1").controlPlane
    const ping = yield* lab.host("pc1").ping("pc2", { every: "100 millis" })
    yield* Effect.sleep("2 seconds")
    const loops = yield* lab.watchLoops

    yield* lab.say("sw1's processor hangs; its ports forward on")
    const at = yield* lab.now
    yield* root.hang
    yield* Effect.sleep("5 seconds")
    yield* Check.equals("loops while sw2 and sw3 still believe in it", (yield* loops.seen).length, 0)
    yield* Check.equals("pings lost so far", yield* ping.lost, 0)
    yield* Effect.sleep("5 seconds")
    const [loop] = yield* loops.seen
    yield* lab.say(
      `three hellos are missed, and sw3 opens its blocked port: a ring ${formatNs((loop?.from ?? at) - at)} after the hang`,
    )
    yield* Check.equals("ports that forward in a ring", loop?.ports, ["sw1:1", "sw1:2", "sw2:1", "sw2:2", "sw3:1", "sw3:2"])
    yield* Check.atMost("from the hang to the loop", span(at, loop?.from), "9 seconds")

    yield* lab.say("pc1 asks one question of all")
    yield* lab.host("pc1").broadcast
    yield* Effect.sleep("2 seconds")
    const heard = (yield* lab.port("pc2").statistics).framesReceived
    yield* lab.say("sw1's processor goes on")
    const resumedAt = yield* lab.now
    yield* root.resume
    yield* Effect.sleep("10 seconds")
    const [over] = yield* loops.seen
    const report = yield* root.report
    yield* lab.say(`the loop is over ${formatNs((over?.until ?? Infinity) - resumedAt)} after that`)
    yield* Check.atLeast("copies that pc2 heard of what pc1 said", heard, 1000)
    yield* Check.atLeast("BPDUs that came to sw1 while it hung", report.pdusUnheard, 4)
    yield* Check.atMost("from the resumption to the end of the loop", span(resumedAt, over?.until), "2 seconds")
    yield* lab.converged
    yield* Check.equals(
      "root",
      (yield* lab.tree).roots.map(({ switch: name }) => name),
      ["sw1"],
    )
  }),
)
