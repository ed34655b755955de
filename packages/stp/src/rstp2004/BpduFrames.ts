/**
 * From the state to BPDUs in frames. A frame that would say the same as the last one on its port is that one again: in a settled tree no
 * hello allocates anything. Whoever changes designatedPriority or designatedTimes drops the frame (`updtRolesTree`); what else it says is compared.
 */
import type { ControlActions } from "@l2lab/l2/ControlProtocol"
import * as EthernetFrame from "@l2lab/l2/EthernetFrame"
import * as Protocol from "@l2lab/l2/Protocol"
import * as Bpdu from "../Bpdu.ts"
import { ALTERNATE_PORT, DESIGNATED_PORT, ROOT_PORT, type State, treeOf } from "./State.ts"

const LLC_OCTETS = 3

const frame = (bpdu: Bpdu.Bpdu, port: number, actions: ControlActions): EthernetFrame.EthernetFrame =>
  EthernetFrame.make(Bpdu.GROUP_ADDRESS, actions.portAddress(port), Protocol.BPDU, bpdu, LLC_OCTETS + Bpdu.octetLength(bpdu))

/** What both kinds of BPDU take from designatedPriority and designatedTimes; a BPDU begins with it, since V8 copies what comes first far faster. */
const vectorOf = (s: State, i: number): Bpdu.Vector => ({
  rootPriority: s.designatedPriority.rootPriority[i],
  rootAddress: s.designatedPriority.rootAddress[i],
  rootPathCost: s.designatedPriority.rootPathCost[i],
  bridgePriority: s.designatedPriority.bridgePriority[i],
  bridgeAddress: s.designatedPriority.bridgeAddress[i],
  portIdentifier: s.designatedPriority.portId[i],
  messageAge: s.designatedTimes.messageAge[i],
  maxAge: s.designatedTimes.maxAge[i],
  helloTime: s.designatedTimes.helloTime[i],
  forwardDelay: s.designatedTimes.forwardDelay[i],
})

const isCurrentConfig = (s: State, i: number, last: Bpdu.Bpdu): boolean =>
  last.kind === "config" && last.topologyChange === s.tcWhile[i] > 0 && last.topologyChangeAcknowledgment === (s.tcAck[i] === 1)

/** Send the Configuration BPDU of 17.21.19. */
export const sendConfig = (s: State, i: number, port: number, actions: ControlActions): void => {
  let next = s.frame[i]
  if (next === null || !isCurrentConfig(s, i, next.payload as Bpdu.Bpdu)) {
    const bpdu: Bpdu.ConfigBpdu = {
      ...vectorOf(s, i),
      protocol: "bpdu",
      kind: "config",
      topologyChangeAcknowledgment: s.tcAck[i] === 1,
      topologyChange: s.tcWhile[i] > 0,
    }
    next = frame(bpdu, port, actions)
    s.frame[i] = next
  }
  actions.sendPdu(port, next, EthernetFrame.UNTAGGED, treeOf(s, i))
}

/** 9.2.9: the encoding does not tell alternate and backup ports apart. */
const roleOf = (role: number): Bpdu.RstBpdu["role"] =>
  role === ROOT_PORT ? "root" : role === DESIGNATED_PORT ? "designated" : role >= ALTERNATE_PORT ? "alternate" : "unknown"

const isCurrentRst = (s: State, i: number, last: Bpdu.Bpdu): boolean =>
  last.kind === "rst" &&
  last.topologyChange === s.tcWhile[i] > 0 &&
  last.proposal === (s.proposing[i] === 1) &&
  last.role === roleOf(s.role[i]) &&
  last.learning === (s.learning[i] === 1) &&
  last.forwarding === (s.forwarding[i] === 1) &&
  last.agreement === (s.agree[i] === 1)

/** Send the RST BPDU of 17.21.20. */
export const sendRst = (s: State, i: number, port: number, actions: ControlActions): void => {
  let next = s.frame[i]
  if (next === null || !isCurrentRst(s, i, next.payload as Bpdu.Bpdu)) {
    const bpdu: Bpdu.RstBpdu = {
      ...vectorOf(s, i),
      protocol: "bpdu",
      kind: "rst",
      topologyChange: s.tcWhile[i] > 0,
      proposal: s.proposing[i] === 1,
      role: roleOf(s.role[i]),
      learning: s.learning[i] === 1,
      forwarding: s.forwarding[i] === 1,
      agreement: s.agree[i] === 1,
    }
    next = frame(bpdu, port, actions)
    s.frame[i] = next
  }
  actions.sendPdu(port, next, EthernetFrame.UNTAGGED, treeOf(s, i))
}

/** Send a Topology Change Notification BPDU. */
export const sendTcn = (s: State, i: number, port: number, actions: ControlActions): void => {
  const next = (s.tcnFrame[i] ??= frame(Bpdu.TCN, port, actions))
  actions.sendPdu(port, next, EthernetFrame.UNTAGGED, treeOf(s, i))
}
