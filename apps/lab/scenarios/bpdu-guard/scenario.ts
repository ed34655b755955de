/** Somebody brings a switch and plugs it into a desk's port. */
import * as Check from "@l2lab/lab/Check"
import { Lab } from "@l2lab/lab/Lab"
import * as Scenario from "@l2lab/lab/Scenario"
import { Effect } from "effect"

export default Scenario.make(
  "bpdu-guard",
  {
    design: "design.l2.yml",
    description:
      "A switch at a desk takes the port out of service; it comes back after 30 s, and again as long as the switch is there",
    capture: ["acc-1:2"],
  },
  Effect.gen(function* () {
    const lab = yield* Lab

    yield* Effect.sleep("35 seconds")
    yield* lab.say("home is plugged in")
    yield* lab.port("acc-1:2").noShutdown
    yield* Effect.sleep("5 seconds")
    yield* Check.equals(
      "what acc-1 says",
      (yield* lab.log.lines("acc-1")).filter(({ routine }) => !routine).map(({ text }) => text),
      [
        "%SPANTREE-2-BLOCK_BPDUGUARD: Received BPDU on port Gi0/2 with BPDU Guard enabled. Disabling port.",
        "%PM-4-ERR_DISABLE: bpduguard error detected on Gi0/2, putting Gi0/2 in err-disable state",
      ],
    )
    const ping = yield* lab.host("laptop").ping("desk")
    yield* lab.say("the port comes back every 30 s, and goes again as long as home is there")
    yield* Effect.sleep("70 seconds")
    yield* Check.equals("times that it was taken out of service", (yield* lab.log.find("ERR_DISABLE")).length, 3)
    yield* Check.atMost("pings that the laptop got through", yield* ping.received, 2)
    yield* lab.say("home is taken away: its cable is pulled, and nobody speaks when the port comes back")
    yield* lab.link("acc-1", "home").down
    yield* Effect.sleep("60 seconds")
    yield* Check.equals("times in all", (yield* lab.log.find("ERR_DISABLE")).length, 3)
    yield* Check.equals("times that it came back", (yield* lab.log.find("ERR_RECOVER")).length, 3)
    yield* lab.hint([
      'npx --no lab show apps/lab/scenarios/bpdu-guard/design.l2.yml interfaces status err-disabled --node acc-1 --after "port acc-1:2 no shutdown" --at 10s',
      'npx --no lab show apps/lab/scenarios/bpdu-guard/design.l2.yml errdisable recovery --node acc-1 --after "port acc-1:2 no shutdown" --at 10s',
    ])
  }),
)
