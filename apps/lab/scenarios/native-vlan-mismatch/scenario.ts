/** Two ends of a trunk that do not agree on VLANs: what leaks under one tree for all, and what per-VLAN trees and PVST simulation block. */
import * as Check from "@l2lab/lab/Check"
import { Lab } from "@l2lab/lab/Lab"
import * as Scenario from "@l2lab/lab/Scenario"
import { Effect } from "effect"

/** How many of ten pings are answered. */
const answers = (from: string, to: string) =>
  Effect.gen(function* () {
    const lab = yield* Lab
    const ping = yield* lab.host(from).ping(to, { every: "1 second" })
    yield* Effect.sleep("10 seconds")
    yield* ping.stop
    return yield* ping.received
  })

/** What a switch says of a guard, the newest line last. */
const says = (name: string, part: string) =>
  Effect.gen(function* () {
    const lab = yield* Lab
    return (yield* lab.log.find(part, name)).map(({ text }) => text)
  })

export default Scenario.make(
  "native-vlan-mismatch",
  {
    design: "design.l2.yml",
    description: "Two native VLANs at one trunk, a trunk on an access port, a region that is not the root: leaked, or blocked",
    capture: ["a1:1"],
  },
  Effect.gen(function* () {
    const lab = yield* Lab

    yield* lab.say("one tree for all VLANs: rapid spanning tree does not look at them")
    yield* lab.redesign(
      { spanningTree: { protocol: "rstp" } },
      Effect.gen(function* () {
        const beside = yield* Lab
        yield* beside.converged
        yield* Check.equals("VLAN 1 is answered from VLAN 99, without a router", yield* answers("guest", "server"), 10)
        yield* Check.equals("and from VLAN 10, by the trunk on an access port", yield* answers("visitor", "printer"), 10)
        const lines = yield* Effect.forEach(["a1", "a2", "b1", "b2"], (name) => says(name, "SPANTREE"))
        yield* Check.equals("what these four switches say of it", lines.flat(), [])
      }),
      { quiet: true },
    )

    yield* lab.say("a tree for each VLAN: every BPDU says of which VLAN it is")
    yield* lab.converged
    yield* Check.equals("a1 blocks both VLANs (PVID_Inc)", yield* says("a1", "SPANTREE"), [
      "%SPANTREE-2-RECV_PVID_ERR: Received BPDU with inconsistent peer vlan id 99 on GigabitEthernet0/1 VLAN0001.",
      "%SPANTREE-2-BLOCK_PVID_PEER: Blocking GigabitEthernet0/1 on VLAN0099. Inconsistent peer vlan.",
      "%SPANTREE-2-BLOCK_PVID_LOCAL: Blocking GigabitEthernet0/1 on VLAN0001. Inconsistent local vlan.",
    ])
    yield* Check.equals("answers from VLAN 99 to VLAN 1", yield* answers("guest", "server"), 0)
    yield* Check.equals("answers within VLAN 10, by the same trunk", yield* answers("clerk", "files"), 10)
    yield* Check.equals("b2 blocks its access port (TYPE_Inc)", yield* says("b2", "SPANTREE"), [
      "%SPANTREE-7-RECV_1Q_NON_TRUNK: Received 802.1Q BPDU on non trunk GigabitEthernet0/1 VLAN0010.",
      "%SPANTREE-7-BLOCK_PORT_TYPE: Blocking GigabitEthernet0/1 on VLAN0010. Inconsistent port type.",
    ])
    yield* Check.equals("answers from VLAN 10 to VLAN 1", yield* answers("visitor", "printer"), 0)

    yield* lab.say("the region of MST is to be the root of every VLAN, or of none")
    yield* Check.equals("m1's lines (PVST_Inc)", (yield* says("m1", "PVSTSIM_FAIL")).length, 1)
    yield* Check.equals("answers in VLAN 10 from behind the region", yield* answers("pm", "pp"), 0)
    yield* lab.switch("p1").stpPriority(32768, { vlan: 10 })
    yield* Effect.sleep("40 seconds")
    yield* Check.equals("m1's lines, once p1 claims VLAN 10 no more", (yield* says("m1", "PVSTSIM_OK")).length, 1)
    yield* Check.equals("answers now", yield* answers("pm", "pp"), 10)
    yield* lab.hint([
      "npx --no lab show apps/lab/scenarios/native-vlan-mismatch/design.l2.yml spanning-tree inconsistentports",
      "npx --no lab show apps/lab/scenarios/native-vlan-mismatch/design.l2.yml spanning-tree --node a1",
    ])
  }),
)
