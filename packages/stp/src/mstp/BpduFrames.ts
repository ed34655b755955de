/**
 * From the state to BPDUs in frames. A frame that would say the same as the last one on its port is that one again: in a settled network no
 * hello allocates anything.
 */
import type { ControlActions } from "@l2lab/l2/ControlProtocol"
import * as EthernetFrame from "@l2lab/l2/EthernetFrame"
import * as Protocol from "@l2lab/l2/Protocol"
import * as Bpdu from "../Bpdu.ts"
import { master } from "./Procedures.ts"
import { ALTERNATE_PORT, BACKUP_PORT, CIST, DESIGNATED_PORT, ROOT_PORT, type State } from "./State.ts"

const LLC_OCTETS = 3

/** The part of a bridge or port identifier that is its priority and nothing else. */
const BRIDGE_PRIORITY = 0xf000
const PORT_PRIORITY = 0xf0

const frame = (bpdu: Bpdu.Bpdu, port: number, actions: ControlActions): EthernetFrame.EthernetFrame =>
  EthernetFrame.make(Bpdu.GROUP_ADDRESS, actions.portAddress(port), Protocol.BPDU, bpdu, LLC_OCTETS + Bpdu.octetLength(bpdu))

/** What all BPDUs take from the CIST's designatedPriority and designatedTimes: to the outside a region is its regional root. */
const vectorOf = (s: State, port: number): Bpdu.Vector => ({
  rootPriority: s.designatedPriority.rootPriority[port],
  rootAddress: s.designatedPriority.rootAddress[port],
  rootPathCost: s.designatedPriority.externalRootPathCost[port],
  bridgePriority: s.designatedPriority.regionalRootPriority[port],
  bridgeAddress: s.designatedPriority.regionalRootAddress[port],
  portIdentifier: s.designatedPriority.portId[port],
  messageAge: s.designatedTimes.messageAge[port],
  maxAge: s.designatedTimes.maxAge[port],
  helloTime: s.designatedTimes.helloTime[port],
  forwardDelay: s.designatedTimes.forwardDelay[port],
})

const isCurrentVector = (s: State, port: number, last: Bpdu.Vector): boolean =>
  last.rootAddress === s.designatedPriority.rootAddress[port] &&
  last.rootPriority === s.designatedPriority.rootPriority[port] &&
  last.rootPathCost === s.designatedPriority.externalRootPathCost[port] &&
  last.bridgeAddress === s.designatedPriority.regionalRootAddress[port] &&
  last.bridgePriority === s.designatedPriority.regionalRootPriority[port] &&
  last.portIdentifier === s.designatedPriority.portId[port] &&
  last.messageAge === s.designatedTimes.messageAge[port] &&
  last.maxAge === s.designatedTimes.maxAge[port] &&
  last.helloTime === s.designatedTimes.helloTime[port] &&
  last.forwardDelay === s.designatedTimes.forwardDelay[port]

/** Send the Configuration BPDU of 13.26.19. */
export const sendConfig = (s: State, port: number, actions: ControlActions): void => {
  const last = s.frame[port]?.payload as Bpdu.Bpdu | undefined
  if (
    last?.kind !== "config" ||
    last.topologyChange !== s.tcWhile[port] > 0 ||
    last.topologyChangeAcknowledgment !== (s.tcAck[port] === 1) ||
    !isCurrentVector(s, port, last)
  ) {
    const bpdu: Bpdu.ConfigBpdu = {
      protocol: "bpdu",
      kind: "config",
      topologyChangeAcknowledgment: s.tcAck[port] === 1,
      topologyChange: s.tcWhile[port] > 0,
      ...vectorOf(s, port),
    }
    s.frame[port] = frame(bpdu, port, actions)
  }
  send(s.frame[port], port, actions)
}

/** 14.6†: the encoding does not tell alternate and backup ports apart; what it has left is an MSTI's Master Port. */
const roleOf = (role: number): Bpdu.RstBpdu["role"] =>
  role === ROOT_PORT
    ? "root"
    : role === DESIGNATED_PORT
      ? "designated"
      : role === ALTERNATE_PORT || role === BACKUP_PORT
        ? "alternate"
        : "unknown"

type Flags = Pick<Bpdu.RstBpdu, "topologyChange" | "proposal" | "role" | "learning" | "forwarding" | "agreement">

const flagsOf = (s: State, i: number): Flags => ({
  topologyChange: s.tcWhile[i] > 0,
  proposal: s.proposing[i] === 1,
  role: roleOf(s.role[i]),
  learning: s.learning[i] === 1,
  forwarding: s.forwarding[i] === 1,
  agreement: s.agree[i] === 1,
})

const isCurrentFlags = (s: State, i: number, last: Flags): boolean =>
  last.topologyChange === s.tcWhile[i] > 0 &&
  last.proposal === (s.proposing[i] === 1) &&
  last.role === roleOf(s.role[i]) &&
  last.learning === (s.learning[i] === 1) &&
  last.forwarding === (s.forwarding[i] === 1) &&
  last.agreement === (s.agree[i] === 1)

const mstiOf = (s: State, i: number): Bpdu.MstiMessage => ({
  ...flagsOf(s, i),
  master: master(s, i),
  regionalRootPriority: s.designatedPriority.regionalRootPriority[i],
  regionalRootAddress: s.designatedPriority.regionalRootAddress[i],
  internalRootPathCost: s.designatedPriority.internalRootPathCost[i],
  bridgePriority: s.designatedPriority.bridgePriority[i] & BRIDGE_PRIORITY,
  portPriority: (s.designatedPriority.portId[i] >>> 8) & PORT_PRIORITY,
  remainingHops: s.designatedTimes.remainingHops[i],
})

const isCurrentMsti = (s: State, i: number, last: Bpdu.MstiMessage): boolean =>
  isCurrentFlags(s, i, last) &&
  last.master === master(s, i) &&
  last.regionalRootPriority === s.designatedPriority.regionalRootPriority[i] &&
  last.regionalRootAddress === s.designatedPriority.regionalRootAddress[i] &&
  last.internalRootPathCost === s.designatedPriority.internalRootPathCost[i] &&
  last.bridgePriority === (s.designatedPriority.bridgePriority[i] & BRIDGE_PRIORITY) &&
  last.portPriority === ((s.designatedPriority.portId[i] >>> 8) & PORT_PRIORITY) &&
  last.remainingHops === s.designatedTimes.remainingHops[i]

const isCurrentMst = (s: State, port: number, last: Bpdu.Bpdu | undefined): boolean => {
  if (last === undefined || (last.kind !== "mst" && last.kind !== "rst")) return false
  if (!isCurrentFlags(s, port, last) || !isCurrentVector(s, port, last)) return false
  if (last.kind === "rst") return s.forceProtocolVersion < 3
  if (
    last.configurationId !== s.configurationId ||
    last.internalRootPathCost !== s.designatedPriority.internalRootPathCost[port] ||
    last.cistBridgePriority !== s.designatedPriority.bridgePriority[port] ||
    last.remainingHops !== s.designatedTimes.remainingHops[port] ||
    last.mstis.length !== s.instances
  ) {
    return false
  }
  for (let tree = 1; tree <= s.instances; tree++) {
    if (!isCurrentMsti(s, tree * s.ports + port, last.mstis[tree - 1])) return false
  }
  return true
}

/** Send the MST BPDU of 13.26.20, or the RST BPDU of a bridge that is forced to version 2. */
export const sendMst = (s: State, port: number, actions: ControlActions): void => {
  if (!isCurrentMst(s, port, s.frame[port]?.payload as Bpdu.Bpdu | undefined)) {
    const common = { protocol: "bpdu", ...flagsOf(s, port), ...vectorOf(s, port) } as const
    const bpdu: Bpdu.Bpdu =
      s.forceProtocolVersion < 3
        ? { ...common, kind: "rst" }
        : {
            ...common,
            kind: "mst",
            configurationId: s.configurationId,
            internalRootPathCost: s.designatedPriority.internalRootPathCost[port],
            cistBridgePriority: s.designatedPriority.bridgePriority[port],
            cistBridgeAddress: s.address,
            remainingHops: s.designatedTimes.remainingHops[port],
            mstis: Array.from({ length: s.instances }, (_, n) => mstiOf(s, (CIST + 1 + n) * s.ports + port)),
          }
    s.frame[port] = frame(bpdu, port, actions)
  }
  send(s.frame[port], port, actions)
}

/** Send a Topology Change Notification BPDU. */
export const sendTcn = (s: State, port: number, actions: ControlActions): void => {
  s.tcnFrame[port] ??= frame(Bpdu.TCN, port, actions)
  send(s.tcnFrame[port], port, actions)
}

const send = (frame: EthernetFrame.EthernetFrame | null, port: number, actions: ControlActions): void => {
  if (frame !== null) actions.sendPdu(port, frame, EthernetFrame.UNTAGGED)
}
