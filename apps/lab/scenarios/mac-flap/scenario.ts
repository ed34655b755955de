/** A VM that moves is no flap; a loop makes flaps of everybody. */
import * as Check from "@l2lab/lab/Check"
import { Lab } from "@l2lab/lab/Lab"
import * as Scenario from "@l2lab/lab/Scenario"
import { Effect } from "effect"

export default Scenario.make(
  "mac-flap",
  {
    design: "design.l2.yml",
    description: "A VM moves, and nobody minds; a second cable closes a loop, and its address is in two places at once",
    capture: ["client"],
  },
  Effect.gen(function* () {
    const lab = yield* Lab
    const flaps = lab.log.find("%SW_MATM-4-MACFLAP_NOTIF")
    yield* lab.watchLoops
    yield* Effect.sleep("1 second")
    const ping = yield* lab.host("client").ping("web-1", { every: "100 millis" })
    yield* Effect.sleep("1 second")
    yield* lab.vm("web-1").vmotion({ to: "esx-2" })
    yield* Effect.sleep("1 second")
    yield* Check.that("every CAM points at esx-2", yield* lab.cam("web-1").pointsAt("esx-2"))
    yield* Check.equals("flaps that a move makes", (yield* flaps).length, 0)

    yield* lab.say("a second cable between sw1 and sw2 comes into service")
    yield* lab.port("sw1:5").noShutdown
    yield* lab.port("sw2:5").noShutdown
    yield* lab.host("client").broadcast
    yield* lab.vm("web-1").broadcast
    const report = yield* lab.storm.run({ lasting: "1 second" })
    const lines = yield* flaps
    yield* Check.equals("switches that tell of flaps", [...new Set(lines.map((line) => line.switch))].sort(), ["sw1", "sw2"])
    yield* Check.atLeast(
      "lines about the client's address",
      lines.filter(({ text }) => text.includes(" in vlan 10 is flapping between port ")).length,
      2,
    )
    yield* Check.atMost("lines, however often it moved", lines.length, 8)
    yield* Check.equals("ports of the ring", report.loops.at(-1)?.ports, ["sw1:1", "sw1:5", "sw2:1", "sw2:5"])
    yield* Check.atLeast("directions of cables that are full", report.full.length, 3)

    yield* lab.say("the loop is open, and the tables still say what the storm said: web-1 is where sw2 would never send")
    yield* Effect.sleep("3 seconds")
    const dark = yield* ping.received
    yield* Effect.sleep("3 seconds")
    yield* Check.equals("pings answered within three seconds", (yield* ping.received) - dark, 0)
    yield* lab.say("web-1 says something")
    yield* lab.vm("web-1").broadcast
    yield* Effect.sleep("3 seconds")
    yield* Check.atLeast("pings answered within three seconds now", (yield* ping.received) - dark, 25)
    yield* lab.hint(["npx --no lab show apps/lab/scenarios/mac-flap/design.l2.yml mac address-table --after announce"])
  }),
)
