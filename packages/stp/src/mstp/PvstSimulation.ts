/**
 * PVST simulation: what a bridge of a region does on a trunk to PVST+ or Rapid PVST+ bridges. Their VLAN 1 speaks 802.1D and is to the region one more
 * neighbour; the trees of their other VLANs live in SSTP frames, and in the region there is only the CIST to stand for them all. So
 * the CIST's BPDU is said again in each VLAN of the trunk, and what comes back must fit: either the region is the root of every VLAN, or
 * of none. Whoever breaks that has the port blocked in all trees, until no such BPDU has come for three hello times.
 *
 * No standard: as vendors describe it†. 802.1Q bridges without it relay SSTP frames as data.
 */
import type { BridgeView, ControlActions } from "@l2lab/l2/ControlProtocol"
import type { EthernetFrame } from "@l2lab/l2/EthernetFrame"
import * as GroupAddress from "@l2lab/l2/GroupAddress"
import * as Protocol from "@l2lab/l2/Protocol"
import type { SimTime } from "@l2lab/sim/SimTime"
import { Result } from "effect"
import type * as Bpdu from "../Bpdu.ts"
import * as BridgeIdentifier from "../BridgeIdentifier.ts"
import * as Discard from "../Discard.ts"
import * as Inconsistency from "../Inconsistency.ts"
import * as Sstp from "../pvst/Sstp.ts"
import * as Trace from "../Trace.ts"
import * as Conditions from "./Conditions.ts"
import * as Engine from "./Engine.ts"
import * as Procedures from "./Procedures.ts"
import * as SstpFrames from "./SstpFrames.ts"
import { CIST, DESIGNATED_PORT, ROOT_PORT, type State } from "./State.ts"

/** The VLAN that speaks 802.1D, and so to the CIST itself. */
const COMMON_VLAN = 1

/** Hellos in a row that have to be missing. */
const HELLOS = 3

/** Whether a frame is one of PVST+'s. */
export const isSstp = (frame: EthernetFrame): boolean =>
  frame.destination === GroupAddress.CISCO_SSTP && frame.protocol === Protocol.SSTP

/** An SSTP frame came in. False: the bridge simulates nothing, and the frame is data. */
export const receive = (
  s: State,
  port: number,
  { payload }: EthernetFrame,
  now: SimTime,
  actions: ControlActions,
): false | void => {
  if (s.pvstSimulation === 0) return false
  if (s.portEnabled[port] === 0) return Discard.count(s.discarded, port, Discard.PORT_DISABLED, actions)
  const sstp = payload instanceof Uint8Array ? Sstp.parse(payload) : Result.succeed(payload as Sstp.SstpBpdu)
  if (Result.isFailure(sstp)) return Discard.count(s.discarded, port, Discard.ofCodecError(sstp.failure.reason), actions)
  const { bpdu, pvid } = sstp.success
  if (pvid !== undefined && SstpFrames.isGone(s, pvid)) return false
  s.sstpReceived[port]++
  if (s.sstpHeard[port] === 0) {
    // PVST+ bridges are behind the port from now on: they get to hear of the CIST in their VLANs at once.
    s.sstpHeard[port] = 1
    s.newInfo[port] = 1
    s.touched[port] = 1
  }
  // VLAN 1 is the CIST's own neighbour, by its BPDUs of 802.1D; a notification claims nothing.
  if (bpdu.kind !== "tcn" && pvid !== undefined && pvid !== COMMON_VLAN && !fits(s, port, bpdu)) {
    s.inconsistentWhile[port] = HELLOS * Conditions.helloTime(s, port)
    if ((s.inconsistent[port] & Inconsistency.PVST) === 0) {
      const { code } = s.role[port] === ROOT_PORT ? Trace.PVST_INFERIOR : Trace.PVST_SUPERIOR
      actions.trace(code, port, pvid, bpdu.rootPriority, bpdu.rootAddress)
    }
    setInconsistent(s, port, true, now, actions)
  }
  Engine.run(s, now, actions)
}

/**
 * Whether another VLAN's BPDU fits what the port is in the CIST. Designated: the region is the root of all VLANs, and none may claim better.
 * Root: the root of VLAN 1 lies beyond, and so must the roots of the others, none worse than that. Other ports forward nothing.
 */
const fits = (s: State, port: number, bpdu: Bpdu.ConfigBpdu | Bpdu.RstBpdu): boolean => {
  // What a root or alternate port says is an answer to this bridge, and no claim.
  if (bpdu.kind === "rst" && bpdu.role !== "designated" && bpdu.role !== "unknown") return true
  const { externalRootPathCost, rootAddress, rootPriority } = s.portPriority
  const root = BridgeIdentifier.compare(bpdu.rootPriority, bpdu.rootAddress, rootPriority[port], rootAddress[port])
  if (s.role[port] === ROOT_PORT) return root <= 0
  if (s.role[port] !== DESIGNATED_PORT) return true
  return root > 0 || (root === 0 && bpdu.rootPathCost >= externalRootPathCost[port])
}

/**
 * VLANs came or went, or ports treat them otherwise: which MSTI a VLAN follows is the region's and stays; what is said in each VLAN of a trunk
 * is said in those that are there. A VLAN that claimed too much may be gone: whether the port fits shows anew.
 */
export const follow = (s: State, bridge: BridgeView, now: SimTime, actions: ControlActions): void => {
  if (s.pvstSimulation === 0) return
  SstpFrames.follow(s, bridge)
  for (let port = 0; port < s.ports; port++) {
    s.inconsistentWhile[port] = 0
    setInconsistent(s, port, false, now, actions)
  }
  Engine.run(s, now, actions)
}

/** A second has passed. */
export const second = (s: State, now: SimTime, actions: ControlActions): void => {
  for (let port = 0; port < s.ports; port++) {
    if (s.inconsistentWhile[port] > 0 && --s.inconsistentWhile[port] === 0) {
      setInconsistent(s, port, false, now, actions)
    }
  }
}

/** A link went down, or management asks anew who is there: what BPDUs of PVST+ said is over. */
export const forget = (s: State, port: number, now: SimTime, actions: ControlActions): void => {
  s.sstpHeard[port] = 0
  s.inconsistentWhile[port] = 0
  setInconsistent(s, port, false, now, actions)
}

/** In all trees, and traced once: the CIST is what does not fit. */
const setInconsistent = (s: State, port: number, isSo: boolean, now: SimTime, actions: ControlActions): void => {
  const was = s.inconsistent[port]
  if (((was & Inconsistency.PVST) !== 0) === isSo) return
  for (let i = port; i < s.inconsistent.length; i += s.ports) {
    s.inconsistent[i] = isSo ? s.inconsistent[i] | Inconsistency.PVST : s.inconsistent[i] & ~Inconsistency.PVST
  }
  s.lastChangeAt.fill(now, CIST, 1 + s.instances)
  actions.trace(Trace.INCONSISTENT.code, port, CIST, was, s.inconsistent[port])
  Procedures.wakePort(s, port)
}
