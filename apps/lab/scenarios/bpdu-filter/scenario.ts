/** A cable in the wrong port: what becomes of it behind BPDU filter on the port, and behind that of the switch's default. */
import * as Check from "@l2lab/lab/Check"
import { Lab } from "@l2lab/lab/Lab"
import * as Scenario from "@l2lab/lab/Scenario"
import { Effect } from "effect"

export default Scenario.make(
  "bpdu-filter",
  {
    design: "design.l2.yml",
    description:
      "A cable between two desks: behind bpduFilter on the ports it loops for ever, by the switch's default for microseconds",
    capture: ["pa2"],
  },
  Effect.gen(function* () {
    const lab = yield* Lab

    yield* Effect.sleep("60 seconds")
    yield* lab.say("b1, b2: the cable between two desks is plugged in, filtered by default")
    yield* lab.port("b1:2").noShutdown
    yield* lab.port("b2:2").noShutdown
    yield* lab.host("pb1").broadcast
    const mild = yield* lab.storm.watch
    yield* Effect.sleep("5 seconds")
    const after = yield* mild.report
    yield* Check.equals("b1, b2: loops that last", after.loops.filter(({ until }) => until === undefined).length, 0)
    yield* Check.that("b1 or b2 took its port out of service", (yield* lab.log.find("BLOCK_BPDUGUARD")).length > 0)

    yield* lab.say("a1, a2: the same cable, filtered on the ports themselves")
    yield* lab.port("a1:2").noShutdown
    yield* lab.port("a2:2").noShutdown
    yield* lab.host("pa1").broadcast
    const heard = (yield* lab.port("pa2").statistics).framesReceived
    yield* Effect.sleep("5 seconds")
    const report = yield* lab.storm.run({ lasting: "1 second" })
    const loop = report.loops.find(({ ports }) => ports.includes("a1:2"))
    yield* Check.equals("a1, a2: the ring", loop?.ports, ["a1:1", "a1:2", "a2:1", "a2:2"])
    yield* Check.atLeast("frames that pa2 hears of one", (yield* lab.port("pa2").statistics).framesReceived - heard, 10_000)
    yield* Check.equals(
      "a1, a2: what the guard says",
      [...(yield* lab.log.find("BPDUGUARD", "a1")), ...(yield* lab.log.find("BPDUGUARD", "a2"))].length,
      0,
    )
  }),
)
