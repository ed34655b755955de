/** 802.1Q-2005 14.4 and 13.26.6: which received BPDUs are processed, and what of them the machines get to see. */
import type { ControlActions } from "@l2lab/l2/ControlProtocol"
import type { SimTime } from "@l2lab/sim/SimTime"
import * as Bpdu from "../Bpdu.ts"
import * as Discard from "../Discard.ts"
import * as PortIdentifier from "../PortIdentifier.ts"
import * as Trace from "../Trace.ts"
import * as Engine from "./Engine.ts"
import * as PriorityVectors from "./PriorityVectors.ts"
import * as Region from "./Region.ts"
import { index, MSG_CONFIG, MSG_MST, MSG_RST, MSG_TCN, type State } from "./State.ts"

/** The least Hello Time that a bridge goes by (802.1D-2004 table 17-1†). */
const MINIMUM_HELLO_TIME = 256

const ROLE_DESIGNATED = Bpdu.RST_ROLES.indexOf("designated")

/** A BPDU came in. */
export const receive = (s: State, port: number, bpdu: Bpdu.Bpdu, now: SimTime, actions: ControlActions): void => {
  if (s.portEnabled[port] === 0) return Discard.count(s.discarded, port, Discard.PORT_DISABLED, actions)
  if (bpdu.kind === "config" && Discard.isExpired(bpdu)) return Discard.count(s.discarded, port, Discard.TOO_OLD, actions)
  if (isOwn(s, port, bpdu)) return Discard.count(s.discarded, port, Discard.OWN, actions)
  count(s, port, bpdu)
  if (actions.tracing) detail(port, bpdu, actions)
  if (bpdu.kind === "tcn") s.msgKind[port] = MSG_TCN
  else {
    takeCist(s, port, bpdu)
    // Within a region hops decide, not ages.
    if (s.msgSameRegion[port] === 0 && Discard.isExpired(bpdu)) {
      Discard.count(s.discarded, port, Discard.EXPIRED, actions)
    }
  }
  if (bpdu.kind === "mst") takeMstis(s, port, bpdu)
  s.rcvdBPDU[port] = 1
  Engine.runOne(s, port, now, actions)
}

/** Whether it is the port's own word, come back. */
const isOwn = (s: State, port: number, bpdu: Bpdu.Bpdu): boolean => {
  if (bpdu.kind === "tcn" || bpdu.portIdentifier !== s.portId[port]) return false
  return (bpdu.kind === "mst" ? bpdu.cistBridgeAddress : bpdu.bridgeAddress) === s.address
}

/** A Configuration or RST BPDU comes from a region of one bridge, which it calls the bridge identifier (13.10†). */
const takeCist = (s: State, port: number, bpdu: Exclude<Bpdu.Bpdu, Bpdu.TcnBpdu>): void => {
  const { msgPriority, msgTimes } = s
  // A bridge that is forced to an earlier version reads no further than that version goes.
  const isMst = bpdu.kind === "mst" && s.forceProtocolVersion >= 3
  PriorityVectors.setRoot(msgPriority, port, bpdu.rootPriority, bpdu.rootAddress, bpdu.rootPathCost)
  PriorityVectors.setRegionalRoot(
    msgPriority,
    port,
    bpdu.bridgePriority,
    bpdu.bridgeAddress,
    isMst ? bpdu.internalRootPathCost : internalCostOf(s, port, bpdu),
  )
  PriorityVectors.setDesignated(
    msgPriority,
    port,
    isMst ? bpdu.cistBridgePriority : bpdu.bridgePriority,
    isMst ? bpdu.cistBridgeAddress : bpdu.bridgeAddress,
    bpdu.portIdentifier,
  )
  msgTimes.messageAge[port] = bpdu.messageAge
  msgTimes.maxAge[port] = bpdu.maxAge
  msgTimes.helloTime[port] = Math.max(MINIMUM_HELLO_TIME, bpdu.helloTime)
  msgTimes.forwardDelay[port] = bpdu.forwardDelay
  msgTimes.remainingHops[port] = isMst ? bpdu.remainingHops : s.maxHops
  s.msgSameRegion[port] = isMst && Region.isSame(bpdu.configurationId, s.configurationId) ? 1 : 0
  s.msgTopologyChange[port] = bpdu.topologyChange ? 1 : 0
  s.msgTopologyChangeAck[port] = bpdu.kind === "config" && bpdu.topologyChangeAcknowledgment ? 1 : 0
  // 802.1D-2004 9.2.9: an RST BPDU of unknown role is taken for a Configuration BPDU, which is a designated port's.
  const isRapid = bpdu.kind === "mst" || (bpdu.kind === "rst" && bpdu.role !== "unknown")
  s.msgKind[port] = isMst ? MSG_MST : isRapid ? MSG_RST : MSG_CONFIG
  s.msgRole[port] = isRapid ? Bpdu.RST_ROLES.indexOf(bpdu.role) : ROLE_DESIGNATED
  s.msgProposal[port] = isRapid && bpdu.proposal ? 1 : 0
  s.msgLearning[port] = isRapid && bpdu.learning ? 1 : 0
  s.msgAgreement[port] = isRapid && bpdu.agreement ? 1 : 0
}

/**
 * A Configuration BPDU has no room for an internal cost, which is 0 of others. Of the bridge's own, heard on another of its ports, it is known: or
 * two ports on one LAN would each take the other's word for better.
 */
const internalCostOf = (s: State, port: number, bpdu: Bpdu.Vector): number =>
  bpdu.bridgeAddress === s.address ? s.designatedPriority.internalRootPathCost[port] : 0

const MSTID = 0x0fff
const BRIDGE_PRIORITY = 0xf000

/** The messages for the MSTIs that this bridge has, from a bridge of its region. */
const takeMstis = (s: State, port: number, bpdu: Bpdu.MstBpdu): void => {
  for (let tree = 1; tree <= s.instances; tree++) s.msgPresent[index(s, tree, port)] = 0
  if (s.msgSameRegion[port] === 0) return
  for (const message of bpdu.mstis) {
    const tree = s.mstid.indexOf(message.regionalRootPriority & MSTID, 1)
    if (tree < 1 || tree > s.instances) continue
    const i = index(s, tree, port)
    const { msgPriority } = s
    PriorityVectors.setRegionalRoot(
      msgPriority,
      i,
      message.regionalRootPriority,
      message.regionalRootAddress,
      message.internalRootPathCost,
    )
    PriorityVectors.setDesignated(
      msgPriority,
      i,
      (message.bridgePriority & BRIDGE_PRIORITY) | s.mstid[tree],
      bpdu.cistBridgeAddress,
      PortIdentifier.withPriority(bpdu.portIdentifier, message.portPriority),
    )
    s.msgTimes.remainingHops[i] = message.remainingHops
    s.msgPresent[i] = 1
    s.msgRole[i] = Bpdu.RST_ROLES.indexOf(message.role)
    s.msgProposal[i] = message.proposal ? 1 : 0
    s.msgLearning[i] = message.learning ? 1 : 0
    s.msgAgreement[i] = message.agreement ? 1 : 0
    s.msgTopologyChange[i] = message.topologyChange ? 1 : 0
    s.msgMaster[i] = message.master ? 1 : 0
  }
}

const count = (s: State, port: number, bpdu: Bpdu.Bpdu): void => {
  if (bpdu.kind === "mst") s.mstReceived[port]++
  else if (bpdu.kind === "rst") s.rstReceived[port]++
  else if (bpdu.kind === "config") s.configReceived[port]++
  else s.tcnReceived[port]++
}

const detail = (port: number, bpdu: Bpdu.Bpdu, actions: ControlActions): void => {
  if (bpdu.kind === "tcn") actions.detail(Trace.TCN_RECEIVED.code, port, 0, 0, 0)
  else {
    const { code } = bpdu.kind === "config" ? Trace.CONFIG_RECEIVED : Trace.RST_RECEIVED
    actions.detail(code, port, 0, bpdu.rootAddress, bpdu.rootPathCost)
  }
}
