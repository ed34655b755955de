/** What is plugged in where, from what switches say of themselves; a native VLAN mismatch and its leak; who is gone, and since when anybody knows. */
import * as Check from "@l2lab/lab/Check"
import { Lab, type NeighbourReport } from "@l2lab/lab/Lab"
import * as Scenario from "@l2lab/lab/Scenario"
import { Effect } from "effect"

/** What the cabling plan says of sw1. */
const DRAWING = ["sw1:1 sw2 Gi0/1", "sw1:2 sw3 Gi0/1"]

const cables = (neighbours: ReadonlyArray<NeighbourReport>): ReadonlyArray<string> =>
  neighbours.map(({ device, itsPort, port }) => `${port} ${device} ${itsPort}`)

const devices = (neighbours: ReadonlyArray<NeighbourReport>): ReadonlyArray<string> => neighbours.map(({ device }) => device)

export default Scenario.make(
  "neighbours",
  {
    design: "design.l2.yml",
    description: "LLDP and CDP find the cabling as it was built, two native VLANs that leak, and who is gone",
    capture: ["sw2:2"],
  },
  Effect.gen(function* () {
    const lab = yield* Lab
    const [sw1, sw2, sw3] = ["sw1", "sw2", "sw3"].map((name) => lab.switch(name))
    yield* lab.converged

    const found = cables(yield* sw1.lldp.neighbours)
    for (const line of found) yield* lab.say(`${line}${DRAWING.includes(line) ? "" : ", and not as drawn"}`)
    yield* Check.equals("cables of sw1", found, ["sw1:1 sw3 Gi0/1", "sw1:2 sw2 Gi0/1"])
    yield* Check.equals("cables of sw1 that are as drawn", found.filter((line) => DRAWING.includes(line)).length, 0)
    yield* Check.equals("cables of sw2; its host says nothing", cables(yield* sw2.lldp.neighbours), [
      "sw2:1 sw1 Gi0/2",
      "sw2:2 sw3 Gi0/2",
    ])
    yield* Check.equals("CDP knows the same devices", devices(yield* sw2.cdp.neighbours), ["sw1", "sw3"])

    const mismatches = yield* lab.log.find("%CDP-4-NATIVE_VLAN_MISMATCH")
    yield* Check.equals(
      "sw2 tells of the mismatch",
      mismatches.find((line) => line.switch === "sw2")?.text,
      "%CDP-4-NATIVE_VLAN_MISMATCH: Native VLAN mismatch discovered on GigabitEthernet0/2 (1), with sw3 GigabitEthernet0/2 (99).",
    )
    yield* Check.equals("so do both its ends", [...new Set(mismatches.map((line) => line.switch))].sort(), ["sw2", "sw3"])
    yield* Check.equals(
      "LLDP has the VLANs of both ends",
      [(yield* sw2.lldp.neighbours)[1].itsVlan, (yield* sw3.lldp.neighbours)[1].itsVlan],
      [99, 1],
    )
    const ping = yield* lab.host("pc1").ping("server", { every: "1 second" })
    yield* Effect.sleep("10 seconds")
    yield* ping.stop
    yield* Check.equals("answers from VLAN 99 to a host in VLAN 1, without a router", yield* ping.received, 10)
    const where = (yield* lab.cam("pc1").entries).map((entry) => `${entry.switch} VLAN ${entry.vlan}`)
    yield* Check.equals(
      "the host's address is in both VLANs",
      where.filter((at) => !at.startsWith("sw1")),
      ["sw2 VLAN 1", "sw3 VLAN 99"],
    )

    yield* lab.say("somebody pulls the cable between sw1 and sw3")
    const left = (yield* sw1.lldp.neighbours)[0].secondsLeft
    yield* lab.link("sw1", "sw3").down
    yield* Effect.sleep(`${left - 2} seconds`)
    yield* Check.equals("a neighbour nobody has heard for minutes is still listed", devices(yield* sw1.lldp.neighbours), [
      "sw3",
      "sw2",
    ])
    yield* Effect.sleep("3 seconds")
    yield* Check.equals("after its time to live it is not", devices(yield* sw1.lldp.neighbours), ["sw2"])
    yield* Check.equals("CDP's hold time is longer", devices(yield* sw1.cdp.neighbours), ["sw3", "sw2"])
    yield* Effect.sleep("60 seconds")
    yield* Check.equals("and over as well", devices(yield* sw1.cdp.neighbours), ["sw2"])

    yield* lab.say("sw1's other port is shut: it says good-bye before it goes")
    yield* lab.port("sw1:2").shutdown
    yield* Effect.sleep("1 millis")
    yield* Check.equals("whom sw2 knows, by LLDP", devices(yield* sw2.lldp.neighbours), ["sw3"])
    yield* Check.equals("and by CDP", devices(yield* sw2.cdp.neighbours), ["sw3"])
    yield* Check.equals("whom sw1 knows, who was told nothing", devices(yield* sw1.lldp.neighbours), ["sw2"])
    yield* lab.hint([
      "npx --no lab show apps/lab/scenarios/neighbours/design.l2.yml lldp neighbors",
      "npx --no lab show apps/lab/scenarios/neighbours/design.l2.yml cdp neighbors detail --node sw2",
    ])
  }),
)
