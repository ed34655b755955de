/** The machines of MSTP, as the guards see them: a BPDU speaks of all trees, and what it says of an MSTI counts within the region only. */
import type * as Bpdu from "../Bpdu.ts"
import type { MstBpdu, MstiMessage } from "../MstBpdu.ts"
import * as Management from "../mstp/Management.ts"
import * as Region from "../mstp/Region.ts"
import { CIST, DESIGNATED_PORT, INFO_RECEIVED, type State } from "../mstp/State.ts"
import * as PortIdentifier from "../PortIdentifier.ts"
import { readFrame } from "../ReadFrame.ts"
import * as StpTime from "../StpTime.ts"
import { isClaim, type Trees } from "./Trees.ts"

/** The one timer of the protocol. */
const TICK = 0

/** Hello times that information outlives. */
const HELLOS = 3

const MSTID = 0x0fff
const BRIDGE_PRIORITY = 0xf000

const isSameRegion = (s: State, bpdu: Bpdu.Bpdu): bpdu is MstBpdu =>
  bpdu.kind === "mst" && Region.isSame(bpdu.configurationId, s.configurationId)

/** Vectors of the CIST (802.1Q-2005 13.10): as the BPDU's sender would be designated in the CIST; from another region it is that region's root. */
const isBetterInCist = (s: State, port: number, bpdu: Exclude<Bpdu.Bpdu, Bpdu.TcnBpdu>): boolean => {
  const own = s.designatedPriority
  if (bpdu.rootPriority !== own.rootPriority[port]) return bpdu.rootPriority < own.rootPriority[port]
  if (bpdu.rootAddress !== own.rootAddress[port]) return bpdu.rootAddress < own.rootAddress[port]
  if (bpdu.rootPathCost !== own.externalRootPathCost[port]) return bpdu.rootPathCost < own.externalRootPathCost[port]
  if (bpdu.bridgePriority !== own.regionalRootPriority[port]) return bpdu.bridgePriority < own.regionalRootPriority[port]
  if (bpdu.bridgeAddress !== own.regionalRootAddress[port]) return bpdu.bridgeAddress < own.regionalRootAddress[port]
  if (!isSameRegion(s, bpdu)) return false
  if (bpdu.internalRootPathCost !== own.internalRootPathCost[port])
    return bpdu.internalRootPathCost < own.internalRootPathCost[port]
  if (bpdu.cistBridgePriority !== own.bridgePriority[port]) return bpdu.cistBridgePriority < own.bridgePriority[port]
  if (bpdu.cistBridgeAddress !== own.bridgeAddress[port]) return bpdu.cistBridgeAddress < own.bridgeAddress[port]
  return bpdu.portIdentifier < own.portId[port]
}

/** Vectors of an MSTI (802.1Q-2005 13.11): the same of an MSTI. */
const isBetterInMsti = (s: State, i: number, bpdu: MstBpdu, msti: MstiMessage): boolean => {
  const own = s.designatedPriority
  if (msti.role !== "designated") return false
  if (msti.regionalRootPriority !== own.regionalRootPriority[i]) return msti.regionalRootPriority < own.regionalRootPriority[i]
  if (msti.regionalRootAddress !== own.regionalRootAddress[i]) return msti.regionalRootAddress < own.regionalRootAddress[i]
  if (msti.internalRootPathCost !== own.internalRootPathCost[i]) return msti.internalRootPathCost < own.internalRootPathCost[i]
  const bridgePriority = (msti.bridgePriority & BRIDGE_PRIORITY) | (msti.regionalRootPriority & MSTID)
  if (bridgePriority !== own.bridgePriority[i]) return bridgePriority < own.bridgePriority[i]
  if (bpdu.cistBridgeAddress !== own.bridgeAddress[i]) return bpdu.cistBridgeAddress < own.bridgeAddress[i]
  return PortIdentifier.withPriority(bpdu.portIdentifier, msti.portPriority) < own.portId[i]
}

/** The message for a tree in a BPDU of the region. */
export const messageOf = (s: State, tree: number, bpdu: MstBpdu): MstiMessage | undefined =>
  bpdu.mstis.find(({ regionalRootPriority }) => (regionalRootPriority & MSTID) === s.mstid[tree])

/** What the guards ask of 802.1Q-2005. */
export const TREES_MSTP: Trees<State> = {
  isJoint: true,
  speaksBothWays: true,
  trees: (s) => 1 + s.instances,
  ports: (s) => s.ports,
  inconsistent: (s) => s.inconsistent,
  setInconsistent: Management.setInconsistent,
  mstidOf: (s, tree) => s.mstid[tree],
  isMember: () => true,
  isEdge: (s, _tree, port) => s.adminEdge[port] === 1 && s.operEdge[port] === 1,
  setAdminEdge: Management.setAdminEdge,
  timers: () => TICK + 1,
  isPointToPoint: (s, port) => s.operPointToPointMAC[port] === 1,
  helloTime: (s) => StpTime.toNs(s.bridgeTimes.helloTime[CIST]),
  read: (_s, _port, frame, tci) => {
    const bpdu = readFrame(frame, tci)
    return typeof bpdu === "number" ? undefined : { tree: CIST, bpdu }
  },
  isSuperior: (s, tree, port, bpdu) => {
    if (tree === CIST) return isClaim(bpdu) && isBetterInCist(s, port, bpdu)
    if (!isSameRegion(s, bpdu)) return false
    const message = messageOf(s, tree, bpdu)
    return message !== undefined && isBetterInMsti(s, tree * s.ports + port, bpdu, message)
  },
  lifetime: (s, _tree, _port, bpdu) =>
    HELLOS * StpTime.toNs(bpdu.kind === "tcn" ? s.bridgeTimes.helloTime[CIST] : Math.max(256, bpdu.helloTime)),
  agingOut: (s, timer, found) => {
    if (timer !== TICK) return
    for (let i = 0; i < (1 + s.instances) * s.ports; i++) {
      if (s.rcvdInfoWhile[i] === 1 && s.infoIs[i] === INFO_RECEIVED && s.portEnabled[i % s.ports] === 1) found.push(i)
    }
  },
  speak: (s, timer, port) => {
    if (timer !== TICK || s.helloWhen[port] !== 1 || s.portEnabled[port] === 0 || s.role[port] === DESIGNATED_PORT) return
    s.newInfo[port] = 1
  },
}
