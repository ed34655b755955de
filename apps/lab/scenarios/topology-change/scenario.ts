/** What one pulled cable costs beside the outage: addresses that are forgotten, frames that are flooded until they are learnt again, VLAN by VLAN. */
import * as Check from "@l2lab/lab/Check"
import { Lab } from "@l2lab/lab/Lab"
import { counted } from "@l2lab/lab/report/Quantity"
import * as Scenario from "@l2lab/lab/Scenario"
import { Effect } from "effect"

const SWITCHES = ["sw1", "sw2", "sw3"]

/** What the latest topology change of a VLAN has cost on all switches together. */
const costOf = (vlan: number) =>
  Effect.gen(function* () {
    const lab = yield* Lab
    const cost = { changes: 0, flushes: 0, forgotten: 0, frames: 0, octets: 0 }
    for (const name of SWITCHES) {
      const row = (yield* lab.switch(name).flooding).find((one) => one.vlan === vlan)
      cost.changes += row?.topologyChanges ?? 0
      cost.flushes += row?.sinceChange?.flushes ?? 0
      cost.forgotten += row?.sinceChange?.forgotten ?? 0
      cost.frames += row?.sinceChange?.frames ?? 0
      cost.octets += row?.sinceChange?.octets ?? 0
    }
    return cost
  })

export default Scenario.make(
  "topology-change",
  {
    design: "design.l2.yml",
    description: "A cable of a ring is pulled under Rapid PVST+: one VLAN pays for it, the other does not notice",
    capture: ["bystander"],
  },
  Effect.gen(function* () {
    const lab = yield* Lab
    yield* lab.converged
    yield* lab.showTree
    const inVlan10 = yield* lab.host("client").ping("server", { every: "10 millis", payloadOctets: 1000 })
    const inVlan20 = yield* lab.host("reader").ping("array", { every: "10 millis", payloadOctets: 1000 })
    yield* lab.host("bystander").broadcast
    yield* Effect.sleep("5 seconds")
    const [before10, before20] = [yield* costOf(10), yield* costOf(20)]

    yield* lab.say("the cable between sw1 and sw3 is pulled")
    yield* lab.link("sw1:2", "sw3:1").down
    yield* Effect.sleep("5 seconds")
    const [cost10, cost20] = [yield* costOf(10), yield* costOf(20)]
    yield* lab.say(
      `VLAN 10: ${counted(cost10.forgotten, "address", "addresses")} forgotten in ${counted(cost10.flushes, "flush", "flushes")}, ` +
        `${counted(cost10.frames, "frame")} flooded since, ${counted(cost10.octets, "octet")}`,
    )
    yield* lab.say(`VLAN 20: ${counted(cost20.changes - before20.changes, "topology change")}`)
    yield* Check.atMost("outage in VLAN 10", yield* inVlan10.longestGap, "1 second")
    yield* Check.equals("pings lost in VLAN 20", yield* inVlan20.lost, 0)
    yield* Check.atLeast("topology changes of VLAN 10", cost10.changes - before10.changes, 1)
    yield* Check.equals("topology changes of VLAN 20", cost20.changes - before20.changes, 0)
    yield* Check.atLeast("addresses forgotten in VLAN 10", cost10.forgotten, 1)
    yield* Check.atLeast("frames flooded in VLAN 10 until all was learnt again", cost10.frames, 1)
    yield* Check.atLeast("octets that this put on cables", cost10.octets, 1000)
    yield* lab.hint([
      `npx --no lab show apps/lab/scenarios/topology-change/design.l2.yml spanning-tree vlan 10 detail --after "link sw1:2 down"`,
    ])
  }),
)
