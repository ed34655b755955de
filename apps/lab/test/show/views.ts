/** Spanning trees as views, for tests of the forms in which they are printed. */
import * as MacAddress from "@l2lab/l2/MacAddress"
import type * as View from "../../src/show/SpanningTreeView.ts"

export const address = (text: string): number => MacAddress.parse(text) ?? -1

export const TIMES = { helloTime: 2, maxAge: 20, forwardDelay: 15 }

const ROOT_ID = { priority: 4096, address: address("0200.0000.0100") }
const BRIDGE_ID = { priority: 32768, address: address("0200.0000.0300") }

/** A designated port that forwards, number 1 unless `what` says otherwise. */
export const port = (what: Partial<View.SpanningTreePortView>): View.SpanningTreePortView => ({
  interface: `Gi0/${what.portNo ?? 1}`,
  name: `GigabitEthernet0/${what.portNo ?? 1}`,
  role: "designated",
  state: "forwarding",
  cost: 4,
  priority: 128,
  portNo: 1,
  pointToPoint: true,
  linkTypeSet: false,
  edge: false,
  peerStp: false,
  inconsistencies: [],
  designatedRoot: ROOT_ID,
  designatedCost: 4,
  designatedBridge: BRIDGE_ID,
  designatedPort: { priority: 128, portNo: what.portNo ?? 1 },
  messageAge: 0,
  forwardDelay: 0,
  hold: 0,
  bpdusSent: 12,
  bpdusReceived: 0,
  bpdusDiscarded: 0,
  discards: {},
  ...what,
})

/** A bridge below the root. */
export const ACCESS: View.SpanningTreeView = {
  vlans: [1, 10, 20],
  protocol: "ieee",
  root: ROOT_ID,
  bridge: BRIDGE_ID,
  rootPort: { portNo: 1, name: "GigabitEthernet0/1", interface: "Gi0/1" },
  rootPathCost: 4,
  times: TIMES,
  bridgeTimes: { helloTime: 1, maxAge: 10, forwardDelay: 7 },
  ageing: 300,
  topologyChange: false,
  topologyChangeDetected: false,
  timers: { hello: 0, topologyChange: 0, notification: 0 },
  topologyChanges: 2,
  lastTopologyChangeAt: 30.5,
  lastTopologyChangeFrom: "GigabitEthernet0/3",
  topologyChangeCosts: [
    { at: 30.5, from: "Gi0/3", cause: "flag", flushes: 1, forgotten: 12, floodedFrames: 2, floodedOctets: 256, floodedFor: 1.25 },
    { at: 1.5, from: null, cause: "new-root", flushes: 0, forgotten: 0, floodedFrames: 0, floodedOctets: 0, floodedFor: null },
  ],
  ports: [
    port({ role: "root" }),
    port({ portNo: 2, role: "alternate", state: "blocking" }),
    port({ portNo: 3, interface: "Fa0/3", state: "learning", cost: 19, priority: 64, pointToPoint: false }),
    port({ portNo: 4, interface: "Et0/4", role: "backup", state: "blocking", cost: 100, pointToPoint: false }),
    port({ portNo: 1001, interface: "Fou0/1001", state: "listening", cost: 200000000, priority: 240 }),
  ],
}

/** A root, of VLAN 10 alone. */
export const ROOT: View.SpanningTreeView = {
  vlans: [10],
  protocol: "ieee",
  root: { priority: 24586, address: address("0200.0000.0100") },
  bridge: { priority: 24586, address: address("0200.0000.0100") },
  rootPathCost: 0,
  times: TIMES,
  bridgeTimes: TIMES,
  ageing: 15,
  topologyChange: false,
  topologyChangeDetected: false,
  timers: { hello: 0, topologyChange: 0, notification: 0 },
  topologyChanges: 0,
  topologyChangeCosts: [],
  ports: [],
}
