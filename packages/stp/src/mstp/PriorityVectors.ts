/**
 * 802.1Q-2005 13.9 to 13.11: priority vectors of the CIST and of MSTIs, as columns. A vector of the CIST is the root's identifier, the
 * external cost to it, the regional root's identifier, the internal cost to that, the designated bridge's identifier and the designated port's.
 * One of an MSTI begins with the regional root; its first two components are left 0, so that both are compared alike. Each rung
 * of the comparison stands on a line of its own; the smaller vector is the better one.
 */
import type { MacAddress } from "@l2lab/l2/MacAddress"

/** Vectors by position. The last component, the receiving port's identifier, is kept where it is needed. */
export interface PriorityVectors {
  readonly rootPriority: Uint16Array
  readonly rootAddress: Float64Array
  readonly externalRootPathCost: Float64Array
  readonly regionalRootPriority: Uint16Array
  readonly regionalRootAddress: Float64Array
  readonly internalRootPathCost: Float64Array
  readonly bridgePriority: Uint16Array
  readonly bridgeAddress: Float64Array
  readonly portId: Uint16Array
}

/** So many vectors, all zero. */
export const make = (count: number): PriorityVectors => ({
  rootPriority: new Uint16Array(count),
  rootAddress: new Float64Array(count),
  externalRootPathCost: new Float64Array(count),
  regionalRootPriority: new Uint16Array(count),
  regionalRootAddress: new Float64Array(count),
  internalRootPathCost: new Float64Array(count),
  bridgePriority: new Uint16Array(count),
  bridgeAddress: new Float64Array(count),
  portId: new Uint16Array(count),
})

/** Assign the first two components of a vector. */
export const setRoot = (
  vectors: PriorityVectors,
  i: number,
  priority: number,
  address: MacAddress,
  externalRootPathCost: number,
): void => {
  vectors.rootPriority[i] = priority
  vectors.rootAddress[i] = address
  vectors.externalRootPathCost[i] = externalRootPathCost
}

/** Assign the next two. */
export const setRegionalRoot = (
  vectors: PriorityVectors,
  i: number,
  priority: number,
  address: MacAddress,
  internalRootPathCost: number,
): void => {
  vectors.regionalRootPriority[i] = priority
  vectors.regionalRootAddress[i] = address
  vectors.internalRootPathCost[i] = internalRootPathCost
}

/** Assign the last two. */
export const setDesignated = (
  vectors: PriorityVectors,
  i: number,
  priority: number,
  address: MacAddress,
  portId: number,
): void => {
  vectors.bridgePriority[i] = priority
  vectors.bridgeAddress[i] = address
  vectors.portId[i] = portId
}

/** Assign the vector at `j` of one set to `i` of another. */
export const assign = (to: PriorityVectors, i: number, from: PriorityVectors, j: number): void => {
  setRoot(to, i, from.rootPriority[j], from.rootAddress[j], from.externalRootPathCost[j])
  setRegionalRoot(to, i, from.regionalRootPriority[j], from.regionalRootAddress[j], from.internalRootPathCost[j])
  setDesignated(to, i, from.bridgePriority[j], from.bridgeAddress[j], from.portId[j])
}

/** Negative if the vector at `i` of `a` is better than that at `j` of `b`, 0 if they are the same. */
export const compare = (a: PriorityVectors, i: number, b: PriorityVectors, j: number): number => {
  if (a.rootPriority[i] !== b.rootPriority[j]) return a.rootPriority[i] - b.rootPriority[j]
  if (a.rootAddress[i] !== b.rootAddress[j]) return a.rootAddress[i] - b.rootAddress[j]
  if (a.externalRootPathCost[i] !== b.externalRootPathCost[j]) return a.externalRootPathCost[i] - b.externalRootPathCost[j]
  if (a.regionalRootPriority[i] !== b.regionalRootPriority[j]) return a.regionalRootPriority[i] - b.regionalRootPriority[j]
  if (a.regionalRootAddress[i] !== b.regionalRootAddress[j]) return a.regionalRootAddress[i] - b.regionalRootAddress[j]
  if (a.internalRootPathCost[i] !== b.internalRootPathCost[j]) return a.internalRootPathCost[i] - b.internalRootPathCost[j]
  if (a.bridgePriority[i] !== b.bridgePriority[j]) return a.bridgePriority[i] - b.bridgePriority[j]
  if (a.bridgeAddress[i] !== b.bridgeAddress[j]) return a.bridgeAddress[i] - b.bridgeAddress[j]
  return a.portId[i] - b.portId[j]
}

/** The number part of a port identifier: 12 bits. */
const PORT_NUMBER = 0x0fff

/** 13.9†, 13.10†: whether two vectors speak of the same port of the same bridge, whatever its priorities are now. */
export const isSameTransmitter = (a: PriorityVectors, i: number, b: PriorityVectors, j: number): boolean =>
  a.bridgeAddress[i] === b.bridgeAddress[j] && (a.portId[i] & PORT_NUMBER) === (b.portId[j] & PORT_NUMBER)
