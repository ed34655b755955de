/** A unidirectional link: the port that hears nothing forwards, or stays blocked. */
import * as Check from "@l2lab/lab/Check"
import { Lab } from "@l2lab/lab/Lab"
import * as Scenario from "@l2lab/lab/Scenario"
import { Effect } from "effect"

export default Scenario.make(
  "loop-guard",
  {
    design: "design.l2.yml",
    description: "A cable that carries one direction only makes a loop after max age; loop guard blocks instead",
    capture: ["pa3"],
  },
  Effect.gen(function* () {
    const lab = yield* Lab

    yield* lab.converged
    const watch = yield* lab.watchLoops
    const fault = yield* lab.now
    yield* lab.say("what a2 and b2 send to a3 and b3 is lost; the carriers stay")
    yield* lab.link("a2:2", "a3:2").deadFrom("a2")
    yield* lab.link("b2:2", "b3:2").deadFrom("b2")
    yield* Effect.sleep("60 seconds")
    yield* Check.equals(
      "a3's second port forwards into the ring",
      (yield* watch.seen).map(({ ports }) => ports),
      [["a1:1", "a1:2", "a2:1", "a2:2", "a3:1", "a3:2"]],
    )
    yield* Check.equals(
      "what b3 says",
      (yield* lab.log.find("LOOPGUARD", "b3")).map(({ text }) => text),
      ["%SPANTREE-2-LOOPGUARD_BLOCK: Loop guard blocking port Ethernet0/2 on VLAN0001."],
    )
    const blocked = (yield* lab.log.find("LOOPGUARD_BLOCK", "b3")).map(({ at }) => Math.round((at - fault) / 1e9))
    yield* Check.equals("seconds to loop guard", blocked, [17])
    yield* Check.equals(
      "seconds to a3's loop",
      (yield* watch.seen).map(({ from }) => Math.round((from - fault) / 1e9)),
      [47],
    )
    yield* lab.say("one broadcast into each triangle: frames go round the one way that is left")
    yield* lab.host("pa3").broadcast
    yield* lab.host("pb3").broadcast
    const report = yield* lab.storm.run({ lasting: "500 millis" })
    const busiest = (triangle: string): number =>
      Math.max(0, ...report.loads.filter(({ from }) => from.startsWith(triangle)).map((load) => load.framesPerSecond))
    yield* Check.atLeast("frames a second on the busiest cable of the a's", busiest("a"), 5000)
    yield* Check.atMost("frames a second on the busiest cable of the b's", busiest("b"), 10)
    yield* lab.say("b2 is heard again")
    yield* lab.link("b2:2", "b3:2").heal
    yield* Effect.sleep("10 seconds")
    yield* Check.equals(
      "what b3 says now",
      (yield* lab.log.find("LOOPGUARD_UNBLOCK", "b3")).map(({ text }) => text),
      ["%SPANTREE-2-LOOPGUARD_UNBLOCK: Loop guard unblocking port Ethernet0/2 on VLAN0001."],
    )
    yield* lab.hint([
      'npx --no lab show apps/lab/scenarios/loop-guard/design.l2.yml spanning-tree inconsistentports --node b3 --after "link b2:2 mute" --at 20s',
    ])
  }),
)
