/** What the guards ask of the machines that they stand around, whichever protocol's these are. Positions are (tree, port) at `tree * ports + port`. */
import type { ControlActions } from "@l2lab/l2/ControlProtocol"
import type { EthernetFrame } from "@l2lab/l2/EthernetFrame"
import type { DurationNs, SimTime } from "@l2lab/sim/SimTime"
import type * as Bpdu from "../Bpdu.ts"
import { readFrame } from "../ReadFrame.ts"

/** A BPDU and the tree that it is of. */
export interface Heard {
  readonly tree: number
  readonly bpdu: Bpdu.Bpdu
}

/** The machines of a protocol. */
export interface Trees<S> {
  /** Whether a BPDU speaks of all trees at once (MSTP). */
  readonly isJoint: boolean
  /** Whether the protocol says something every hello time on ports that are not designated too, if it is asked to. */
  readonly speaksBothWays: boolean
  readonly trees: (state: S) => number
  readonly ports: (state: S) => number
  /** By (tree, port): bits of `Inconsistency`. */
  readonly inconsistent: (state: S) => Uint8Array
  readonly setInconsistent: (state: S, tree: number, port: number, bits: number, now: SimTime, actions: ControlActions) => void
  /** MSTP: the number of the instance that a tree is. */
  readonly mstidOf: (state: S, tree: number) => number
  readonly isMember: (state: S, tree: number, port: number) => boolean
  /** Whether the port is set to be an edge (PortFast) and operates as one. One that the protocol found out for itself is not meant. */
  readonly isEdge: (state: S, tree: number, port: number) => boolean
  /** PortFast of a port; it counts when the link next comes up. */
  readonly setAdminEdge: (state: S, port: number, isEdge: boolean, now: SimTime, actions: ControlActions) => void
  /** The protocol's own timers, behind which stands that of the guards. */
  readonly timers: (state: S) => number
  readonly isPointToPoint: (state: S, port: number, fullDuplex: boolean) => boolean
  /** The hello time in use. */
  readonly helloTime: (state: S, tree: number, port: number) => DurationNs
  /** The BPDU in a frame, if it is one that the protocol takes. */
  readonly read: (state: S, port: number, frame: EthernetFrame, tci: number) => Heard | undefined
  /** Whether a BPDU claims more in a tree than the port is designated with. */
  readonly isSuperior: (state: S, tree: number, port: number, bpdu: Bpdu.Bpdu) => boolean
  /** For how long the protocol keeps what a BPDU says. */
  readonly lifetime: (state: S, tree: number, port: number, bpdu: Bpdu.Bpdu) => DurationNs
  /** Positions at which the protocol is about to forget what it was told when this timer fires; written to `found`. */
  readonly agingOut: (state: S, timer: number, found: Array<number>) => void
  /** Before a timer fires: have something said on a port that is up though it is not designated, if its hello is due. */
  readonly speak: (state: S, timer: number, port: number) => void
}

/** What the machines of 802.1D-1998 and those of 2004 have in the same columns, and answer alike. */
interface MachineColumns {
  readonly trees: number
  readonly ports: number
  readonly inconsistent: Uint8Array
  readonly member: Uint8Array
  readonly adminEdge: Uint8Array
  readonly operEdge: Uint8Array
}

/** What the guards ask of either: a BPDU is of one tree, and a plain one is of the first. */
export const OF_COLUMNS = {
  isJoint: false,
  trees: (s) => s.trees,
  ports: (s) => s.ports,
  inconsistent: (s) => s.inconsistent,
  mstidOf: () => 0,
  isMember: (s, tree, port) => s.member[tree * s.ports + port] === 1,
  isEdge: (s, tree, port) => s.adminEdge[port] === 1 && s.operEdge[tree * s.ports + port] === 1,
  read: (_s, _port, frame, tci) => {
    const bpdu = readFrame(frame, tci)
    return typeof bpdu === "number" ? undefined : { tree: 0, bpdu }
  },
} satisfies Partial<Trees<MachineColumns>>

/** The last four components of 802.1D's vector, and the first: the first that differs decides. */
export const isBetter = (
  bpdu: Bpdu.Vector,
  rootPriority: number,
  rootAddress: number,
  rootPathCost: number,
  bridgePriority: number,
  bridgeAddress: number,
  portId: number,
): boolean => {
  if (bpdu.rootPriority !== rootPriority) return bpdu.rootPriority < rootPriority
  if (bpdu.rootAddress !== rootAddress) return bpdu.rootAddress < rootAddress
  if (bpdu.rootPathCost !== rootPathCost) return bpdu.rootPathCost < rootPathCost
  if (bpdu.bridgePriority !== bridgePriority) return bpdu.bridgePriority < bridgePriority
  if (bpdu.bridgeAddress !== bridgeAddress) return bpdu.bridgeAddress < bridgeAddress
  return bpdu.portIdentifier < portId
}

/** Whether a BPDU is a designated port's word; what others say is an answer and no claim. */
export const isClaim = (bpdu: Bpdu.Bpdu): bpdu is Exclude<Bpdu.Bpdu, Bpdu.TcnBpdu> =>
  bpdu.kind !== "tcn" && (bpdu.kind === "config" || bpdu.role === "designated" || bpdu.role === "unknown")

/** Whether a port is an edge in any tree. */
export const isEdge = <S>(trees: Trees<S>, state: S, port: number): boolean => {
  for (let tree = 0; tree < trees.trees(state); tree++) if (trees.isEdge(state, tree, port)) return true
  return false
}

/** Give a reason to block a port in a tree, or take it back. */
export const set = <S>(
  trees: Trees<S>,
  state: S,
  tree: number,
  port: number,
  reason: number,
  isSo: boolean,
  now: SimTime,
  actions: ControlActions,
): void => {
  const bits = trees.inconsistent(state)[tree * trees.ports(state) + port]
  trees.setInconsistent(state, tree, port, isSo ? bits | reason : bits & ~reason, now, actions)
}

/** The same in every tree that a BPDU of tree `of` speaks of; taking back what is not given does nothing. */
export const setForBpdu = <S>(
  trees: Trees<S>,
  state: S,
  of: number,
  port: number,
  reason: number,
  isSo: boolean,
  now: SimTime,
  actions: ControlActions,
): void => {
  const first = trees.isJoint ? 0 : of
  const last = trees.isJoint ? trees.trees(state) - 1 : of
  for (let tree = first; tree <= last; tree++) set(trees, state, tree, port, reason, isSo, now, actions)
}
