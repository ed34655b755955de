/**
 * The questions that the procedures of 8.6 ask of the state. Comparisons are ladders in the order of the standard: the first component
 * that differs decides.
 */
import type { Vector } from "../Bpdu.ts"
import { DISABLED, type State } from "./State.ts"

/** The bridge believes that it is the root: 8.5.3.1 equals 8.5.3.7. */
export const isRootBridge = (state: State, tree: number): boolean =>
  state.designatedRootPriority[tree] === state.bridgePriority[tree] && state.designatedRootAddress[tree] === state.address

/** The port's segment has this bridge as its designated bridge: 8.5.5.6 equals 8.5.3.7. */
const hasOwnBridge = (state: State, tree: number, i: number): boolean =>
  state.designatedBridgePriority[i] === state.bridgePriority[tree] && state.designatedBridgeAddress[i] === state.address

/** The port is the designated port of its segment: 8.5.5.6 and 8.5.5.7 name it. */
export const isDesignatedPort = (state: State, tree: number, port: number): boolean => {
  const i = tree * state.ports + port
  return state.designatedPort[i] === state.portId[i] && hasOwnBridge(state, tree, i)
}

/** The bridge is the designated bridge of at least one port's segment; Disabled ports do not count (docs/DEVIATIONS.md, 15). */
export const isDesignatedForSomePort = (state: State, tree: number): boolean => {
  for (let port = 0; port < state.ports; port++) {
    const i = tree * state.ports + port
    if (state.state[i] !== DISABLED && hasOwnBridge(state, tree, i)) return true
  }
  return false
}

/** 8.6.2.2: whether received information takes the place of what the port holds; the same information again does. */
export const supersedesPortInfo = (state: State, tree: number, port: number, message: Vector): boolean => {
  const i = tree * state.ports + port
  if (message.rootPriority !== state.portDesignatedRootPriority[i])
    return message.rootPriority < state.portDesignatedRootPriority[i]
  if (message.rootAddress !== state.portDesignatedRootAddress[i]) return message.rootAddress < state.portDesignatedRootAddress[i]
  if (message.rootPathCost !== state.designatedCost[i]) return message.rootPathCost < state.designatedCost[i]
  if (message.bridgePriority !== state.designatedBridgePriority[i])
    return message.bridgePriority < state.designatedBridgePriority[i]
  if (message.bridgeAddress !== state.designatedBridgeAddress[i]) return message.bridgeAddress < state.designatedBridgeAddress[i]
  // From the designated bridge itself: its word counts, unless it is this bridge speaking from a worse port.
  if (!hasOwnBridge(state, tree, i)) return true
  return message.portIdentifier <= state.designatedPort[i]
}

/** Whether a message says what port `i` (of a tree) holds from another bridge. */
export const isRepetitionOfPortInfo = (state: State, i: number, message: Vector): boolean =>
  message.bridgeAddress === state.designatedBridgeAddress[i] &&
  message.portIdentifier === state.designatedPort[i] &&
  message.rootAddress === state.portDesignatedRootAddress[i] &&
  message.rootPathCost === state.designatedCost[i] &&
  message.rootPriority === state.portDesignatedRootPriority[i] &&
  message.bridgePriority === state.designatedBridgePriority[i] &&
  message.bridgeAddress !== state.address

/** 8.6.8.3.1: whether `port` is a better way to the root than `best`. */
export const isBetterRootPort = (state: State, tree: number, port: number, best: number): boolean => {
  const p = tree * state.ports + port
  const b = tree * state.ports + best
  const cost = state.designatedCost[p] + state.pathCost[p]
  const bestCost = state.designatedCost[b] + state.pathCost[b]
  if (state.portDesignatedRootPriority[p] !== state.portDesignatedRootPriority[b]) {
    return state.portDesignatedRootPriority[p] < state.portDesignatedRootPriority[b]
  }
  if (state.portDesignatedRootAddress[p] !== state.portDesignatedRootAddress[b]) {
    return state.portDesignatedRootAddress[p] < state.portDesignatedRootAddress[b]
  }
  if (cost !== bestCost) return cost < bestCost
  if (state.designatedBridgePriority[p] !== state.designatedBridgePriority[b]) {
    return state.designatedBridgePriority[p] < state.designatedBridgePriority[b]
  }
  if (state.designatedBridgeAddress[p] !== state.designatedBridgeAddress[b]) {
    return state.designatedBridgeAddress[p] < state.designatedBridgeAddress[b]
  }
  if (state.designatedPort[p] !== state.designatedPort[b]) return state.designatedPort[p] < state.designatedPort[b]
  return state.portId[p] < state.portId[b]
}

/** 8.6.8.3.1: whether the port's information can be a way to the root at all: from others, of a root better than this bridge. */
export const isRootPortCandidate = (state: State, tree: number, port: number): boolean => {
  const i = tree * state.ports + port
  if (state.state[i] === DISABLED || isDesignatedPort(state, tree, port)) return false
  if (state.held !== undefined && state.held[i] === 1) return false
  if (state.portDesignatedRootPriority[i] !== state.bridgePriority[tree]) {
    return state.portDesignatedRootPriority[i] < state.bridgePriority[tree]
  }
  return state.portDesignatedRootAddress[i] < state.address
}

/** 8.6.9.3†: whether this bridge's port has a right to be the designated port of its segment. */
export const shallBeDesignatedPort = (state: State, tree: number, port: number): boolean => {
  const i = tree * state.ports + port
  if (isDesignatedPort(state, tree, port)) return true
  if (state.portDesignatedRootPriority[i] !== state.designatedRootPriority[tree]) return true
  if (state.portDesignatedRootAddress[i] !== state.designatedRootAddress[tree]) return true
  if (state.rootPathCost[tree] !== state.designatedCost[i]) return state.rootPathCost[tree] < state.designatedCost[i]
  if (state.bridgePriority[tree] !== state.designatedBridgePriority[i]) {
    return state.bridgePriority[tree] < state.designatedBridgePriority[i]
  }
  if (state.address !== state.designatedBridgeAddress[i]) return state.address < state.designatedBridgeAddress[i]
  return state.portId[i] <= state.designatedPort[i]
}
