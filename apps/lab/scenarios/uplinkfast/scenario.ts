/** An access switch loses its uplink: with UplinkFast, and without. */
import * as Check from "@l2lab/lab/Check"
import { Lab } from "@l2lab/lab/Lab"
import * as Scenario from "@l2lab/lab/Scenario"
import { Effect } from "effect"

export default Scenario.make(
  "uplinkfast",
  {
    design: "design.l2.yml",
    description:
      "An access switch loses its uplink and uses the other one at once, where a neighbour listens and learns for 30 s",
    capture: ["dist-2:2"],
  },
  Effect.gen(function* () {
    const lab = yield* Lab

    yield* lab.converged
    yield* lab.host("fast-2").broadcast
    const fast = yield* lab.host("fast-1").ping("server", { every: "100 millis" })
    const slow = yield* lab.host("slow-1").ping("server", { every: "100 millis" })
    yield* Effect.sleep("3 seconds")
    const before = (yield* lab.port("dist-2:2").statistics).framesReceived
    yield* lab.say("both lose their uplink to dist-1")
    yield* lab.link("dist-1:2", "fast:1").down
    yield* lab.link("dist-1:3", "slow:1").down
    yield* Effect.sleep("1 second")
    yield* Check.that(
      "the silent fast-2 is known by the other way, by a multicast in its name",
      yield* lab.cam("fast-2").pointsAt("fast-2"),
    )
    yield* Check.atLeast("frames that came up the new way", (yield* lab.port("dist-2:2").statistics).framesReceived - before, 2)
    yield* Check.equals(
      "what fast says",
      (yield* lab.log.find("PORT_FWD_UPLINK", "fast")).map(({ text }) => text),
      [
        "%SPANTREE_FAST-7-PORT_FWD_UPLINK: VLAN0001 GigabitEthernet0/2 moved to Forwarding (UplinkFast).",
        "%SPANTREE_FAST-7-PORT_FWD_UPLINK: VLAN0010 GigabitEthernet0/2 moved to Forwarding (UplinkFast).",
      ],
    )
    yield* Effect.sleep("40 seconds")
    yield* Check.atMost("outage with UplinkFast", yield* fast.longestGap, "300 millis")
    yield* Check.atLeast("outage without", yield* slow.longestGap, "29 seconds")

    yield* lab.say("the uplink of fast comes back: it waits for twice the forward delay and 5 s, and takes over at once")
    yield* lab.link("dist-1:2", "fast:1").up
    yield* Effect.sleep("34 seconds")
    const rootPort = Effect.map(lab.tree, (tree) => tree.switches.find((row) => row.switch === "fast")?.rootPort?.port)
    yield* Check.equals("root port after 34 s", yield* rootPort, "fast:2")
    yield* Effect.sleep("2 seconds")
    yield* Check.equals("root port after 36 s", yield* rootPort, "fast:1")
    yield* Check.atMost("outage of the way back", yield* fast.longestGap, "300 millis")
    yield* lab.hint(["npx --no lab show apps/lab/scenarios/uplinkfast/design.l2.yml spanning-tree summary --node fast"])
  }),
)
