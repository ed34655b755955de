/** A port comes back by itself, as long as the fault lasts into the fault; and for good when it is gone. */
import * as Check from "@l2lab/lab/Check"
import { Lab } from "@l2lab/lab/Lab"
import * as Scenario from "@l2lab/lab/Scenario"
import { Effect } from "effect"

export default Scenario.make(
  "errdisable-recovery",
  {
    design: "design.l2.yml",
    description: "A port that is out of service comes back every 30 seconds, and goes again while its fault lasts",
    capture: ["sw1:1"],
  },
  Effect.gen(function* () {
    const lab = yield* Lab
    yield* lab.converged
    const alice = yield* lab.host("alice").ping("server", { every: "100 millis" })
    yield* Effect.sleep("2 seconds")
    yield* lab.say("mallory joins alice behind the hub")
    const mallory = yield* lab.host("mallory").ping("server", { every: "1 second" })
    yield* Effect.sleep("100 seconds")

    const times = (part: string) => Effect.map(lab.log.find(part, "sw1"), (lines) => lines.map(({ at }) => at / 1e9))
    const out = yield* times("%PM-4-ERR_DISABLE: psecure-violation")
    const back = yield* times("%PM-4-ERR_RECOVER: Attempting to recover from psecure-violation err-disable state on Gi0/1")
    yield* lab.say(
      `out of service at ${out.map((at) => at.toFixed(1)).join(", ")} s, back at ${back.map((at) => at.toFixed(1)).join(", ")} s`,
    )
    yield* Check.atLeast("times that the port went out of service", out.length, 3)
    yield* Check.equals(
      "seconds from each fault to each recovery",
      back.map((at, i) => Number((at - out[i]).toFixed(3))),
      back.map(() => 30),
    )

    yield* lab.say("mallory is sent home")
    yield* mallory.stop
    yield* lab.host("mallory").powerOff
    yield* Effect.sleep("40 seconds")
    const answered = yield* alice.received
    yield* Effect.sleep("60 seconds")
    yield* Check.atLeast("alice's answers within a minute", (yield* alice.received) - answered, 590)
    yield* Check.equals("the port stays", (yield* times("ERR_DISABLE")).length, (yield* times("ERR_RECOVER")).length)

    yield* lab.say("mallory is back, and recovery is switched off: the port waits for somebody")
    yield* lab.switch("sw1").errdisableRecovery("psecure-violation", false)
    yield* lab.host("mallory").powerOn
    yield* lab.host("mallory").broadcast
    yield* Effect.sleep("10 minutes")
    yield* Check.equals("out once more than back", (yield* times("ERR_DISABLE")).length, (yield* times("ERR_RECOVER")).length + 1)
    yield* lab.hint([
      "npx --no lab show apps/lab/scenarios/errdisable-recovery/design.l2.yml errdisable recovery --after announce --at 10s",
    ])
  }),
)
