/**
 * From BPDUs to frames and out. A frame that would say the same as the last one on its port is that one again: in a settled tree no
 * hello allocates anything. (A tree per VLAN sends them in frames of its own: `pvst/Encapsulation`.)
 */
import type { ControlActions } from "@l2lab/l2/ControlProtocol"
import * as EthernetFrame from "@l2lab/l2/EthernetFrame"
import * as Protocol from "@l2lab/l2/Protocol"
import * as Bpdu from "../Bpdu.ts"
import type * as StpTime from "../StpTime.ts"
import type { State } from "./State.ts"

const LLC_OCTETS = 3

const frame = (bpdu: Bpdu.Bpdu, port: number, actions: ControlActions): EthernetFrame.EthernetFrame =>
  EthernetFrame.make(Bpdu.GROUP_ADDRESS, actions.portAddress(port), Protocol.BPDU, bpdu, LLC_OCTETS + Bpdu.octetLength(bpdu))

/** Whether the port's last Configuration BPDU still says what the state says. */
const isCurrent = (state: State, tree: number, i: number, messageAge: StpTime.Ticks256, last: Bpdu.ConfigBpdu): boolean =>
  last.messageAge === messageAge &&
  last.topologyChange === (state.topologyChange[tree] === 1) &&
  last.topologyChangeAcknowledgment === (state.topologyChangeAcknowledge[i] === 1) &&
  last.rootAddress === state.designatedRootAddress[tree] &&
  last.rootPriority === state.designatedRootPriority[tree] &&
  last.rootPathCost === state.rootPathCost[tree] &&
  last.bridgePriority === state.bridgePriority[tree] &&
  last.portIdentifier === state.portId[i] &&
  last.maxAge === state.maxAge[tree] &&
  last.helloTime === state.helloTime[tree] &&
  last.forwardDelay === state.forwardDelay[tree]

/** Send the Configuration BPDU that the state prescribes (8.6.1.3) with the given message age. */
export const sendConfig = (
  state: State,
  tree: number,
  port: number,
  messageAge: StpTime.Ticks256,
  actions: ControlActions,
): void => {
  const i = tree * state.ports + port
  const last = state.configFrame[i]
  if (last !== null && isCurrent(state, tree, i, messageAge, last.payload as Bpdu.ConfigBpdu)) {
    actions.sendPdu(port, last, EthernetFrame.UNTAGGED, tree)
    return
  }
  const bpdu: Bpdu.ConfigBpdu = {
    protocol: "bpdu",
    kind: "config",
    topologyChangeAcknowledgment: state.topologyChangeAcknowledge[i] === 1,
    topologyChange: state.topologyChange[tree] === 1,
    rootPriority: state.designatedRootPriority[tree],
    rootAddress: state.designatedRootAddress[tree],
    rootPathCost: state.rootPathCost[tree],
    bridgePriority: state.bridgePriority[tree],
    bridgeAddress: state.address,
    portIdentifier: state.portId[i],
    messageAge,
    maxAge: state.maxAge[tree],
    helloTime: state.helloTime[tree],
    forwardDelay: state.forwardDelay[tree],
  }
  const next = frame(bpdu, port, actions)
  state.configFrame[i] = next
  actions.sendPdu(port, next, EthernetFrame.UNTAGGED, tree)
}

/** Send a Topology Change Notification BPDU. */
export const sendTcn = (state: State, tree: number, port: number, actions: ControlActions): void => {
  const next = (state.tcnFrame[port] ??= frame(Bpdu.TCN, port, actions))
  actions.sendPdu(port, next, EthernetFrame.UNTAGGED, tree)
}
