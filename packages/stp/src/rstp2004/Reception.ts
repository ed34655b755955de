/** 802.1D-2004 9.3.4: which received BPDUs are processed, and what of them the machines get to see. */
import type { ControlActions } from "@l2lab/l2/ControlProtocol"
import type { SimTime } from "@l2lab/sim/SimTime"
import * as Bpdu from "../Bpdu.ts"
import * as Discard from "../Discard.ts"
import * as Trace from "../Trace.ts"
import * as Engine from "./Engine.ts"
import * as PriorityVectors from "./PriorityVectors.ts"
import { atLeastMinimumHello, updtBPDUVersion, updtRcvdInfoWhile } from "./Procedures.ts"
import * as State from "./State.ts"

/** A BPDU came in. */
export const receive = (
  s: State.State,
  tree: number,
  port: number,
  bpdu: Bpdu.Bpdu,
  now: SimTime,
  actions: ControlActions,
): void => {
  const i = State.index(s, tree, port)
  if (bpdu === s.repeated[i] && !actions.tracing) return repeat(s, i)
  if (s.portEnabled[i] === 0) return Discard.count(s.discarded, port, Discard.PORT_DISABLED, actions)
  if (bpdu.kind !== "tcn") {
    if (bpdu.kind === "config" && Discard.isExpired(bpdu)) return Discard.count(s.discarded, port, Discard.TOO_OLD, actions)
    // The port's own words, come back.
    if (bpdu.bridgeAddress === s.address && bpdu.portIdentifier === s.portId[i]) {
      return Discard.count(s.discarded, port, Discard.OWN, actions)
    }
    if (Discard.isExpired(bpdu)) Discard.count(s.discarded, port, Discard.EXPIRED, actions)
  }
  count(s, i, bpdu)
  if (actions.tracing) detail(tree, port, bpdu, actions)
  if (bpdu.kind === "tcn") {
    s.msgKind[i] = State.MSG_TCN
    s.msgRole[i] = 0
  } else {
    PriorityVectors.set(
      s.msgPriority,
      i,
      bpdu.rootPriority,
      bpdu.rootAddress,
      bpdu.rootPathCost,
      bpdu.bridgePriority,
      bpdu.bridgeAddress,
      bpdu.portIdentifier,
    )
    s.msgTimes.messageAge[i] = bpdu.messageAge
    s.msgTimes.maxAge[i] = bpdu.maxAge
    s.msgTimes.helloTime[i] = atLeastMinimumHello(bpdu.helloTime)
    s.msgTimes.forwardDelay[i] = bpdu.forwardDelay
    s.msgTopologyChange[i] = bpdu.topologyChange ? 1 : 0
    // 9.2.9: an RST BPDU of unknown role is taken for a Configuration BPDU. An MST BPDU is the RST BPDU of its first 36 octets.
    const isRst = bpdu.kind !== "config" && bpdu.role !== "unknown"
    s.msgKind[i] = isRst ? State.MSG_RST : State.MSG_CONFIG
    s.msgRole[i] = isRst ? Bpdu.RST_ROLES.indexOf(bpdu.role) : 0
    s.msgProposal[i] = isRst && bpdu.proposal ? 1 : 0
    s.msgLearning[i] = isRst && bpdu.learning ? 1 : 0
    s.msgAgreement[i] = isRst && bpdu.agreement ? 1 : 0
    s.msgTopologyChangeAck[i] = bpdu.kind === "config" && bpdu.topologyChangeAcknowledgment ? 1 : 0
  }
  s.rcvdBPDU[i] = 1
  Engine.runOne(s, tree, i, now, actions)
  if (isMereRepetition(s, i)) s.repeated[i] = bpdu
}

/**
 * Whether the message told a port that speaks RST BPDUs what it held, and nothing more. While no machine of the port has anything to look at, the same
 * message can only do the same again; a settled network consists of such messages, and `repeat` is all that they come to.
 */
const isMereRepetition = (s: State.State, i: number): boolean =>
  s.infoIs[i] === State.INFO_RECEIVED &&
  s.rcvdInfo[i] === State.REPEATED_DESIGNATED_INFO &&
  s.msgKind[i] === State.MSG_RST &&
  s.msgProposal[i] === 0 &&
  s.msgTopologyChange[i] === 0 &&
  s.sendRSTP[i] === 1

/** What is left of PRX's RECEIVE and PIM's REPEATED_DESIGNATED for a message that says nothing new. */
const repeat = (s: State.State, i: number): void => {
  s.rstReceived[i]++
  updtBPDUVersion(s, i)
  s.edgeDelayWhile[i] = s.migrateTime
  updtRcvdInfoWhile(s, i)
}

const count = (s: State.State, i: number, bpdu: Bpdu.Bpdu): void => {
  if (bpdu.kind === "tcn") s.tcnReceived[i]++
  else if (bpdu.kind === "config") s.configReceived[i]++
  else s.rstReceived[i]++
}

const detail = (tree: number, port: number, bpdu: Bpdu.Bpdu, actions: ControlActions): void => {
  if (bpdu.kind === "tcn") actions.detail(Trace.TCN_RECEIVED.code, port, tree, 0, 0)
  else {
    const { code } = bpdu.kind === "config" ? Trace.CONFIG_RECEIVED : Trace.RST_RECEIVED
    actions.detail(code, port, tree, bpdu.rootAddress, bpdu.rootPathCost)
  }
}
