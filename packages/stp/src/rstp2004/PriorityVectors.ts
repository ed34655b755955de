/**
 * 802.1D-2004 17.6: spanning tree priority vectors, as columns. A vector is the root's identifier, the cost of the path to it, the
 * designated bridge's identifier and the designated port's; each rung of the comparison stands on a line of its own. The smaller one
 * is the better one.
 */
import type { MacAddress } from "@l2lab/l2/MacAddress"

/** Vectors by position. The fifth component, the receiving port's identifier, is kept where it is needed. */
export interface PriorityVectors {
  readonly rootPriority: Uint16Array
  readonly rootAddress: Float64Array
  readonly rootPathCost: Float64Array
  readonly bridgePriority: Uint16Array
  readonly bridgeAddress: Float64Array
  readonly portId: Uint16Array
}

/** So many vectors, all zero. */
export const make = (count: number): PriorityVectors => ({
  rootPriority: new Uint16Array(count),
  rootAddress: new Float64Array(count),
  rootPathCost: new Float64Array(count),
  bridgePriority: new Uint16Array(count),
  bridgeAddress: new Float64Array(count),
  portId: new Uint16Array(count),
})

/** Assign one vector, by its components. */
export const set = (
  vectors: PriorityVectors,
  i: number,
  rootPriority: number,
  rootAddress: MacAddress,
  rootPathCost: number,
  bridgePriority: number,
  bridgeAddress: MacAddress,
  portId: number,
): void => {
  vectors.rootPriority[i] = rootPriority
  vectors.rootAddress[i] = rootAddress
  vectors.rootPathCost[i] = rootPathCost
  vectors.bridgePriority[i] = bridgePriority
  vectors.bridgeAddress[i] = bridgeAddress
  vectors.portId[i] = portId
}

/** Assign one vector, by its components. Whether that changed any of them. */
export const update = (
  vectors: PriorityVectors,
  i: number,
  rootPriority: number,
  rootAddress: MacAddress,
  rootPathCost: number,
  bridgePriority: number,
  bridgeAddress: MacAddress,
  portId: number,
): boolean => {
  const isSame =
    vectors.rootPriority[i] === rootPriority &&
    vectors.rootAddress[i] === rootAddress &&
    vectors.rootPathCost[i] === rootPathCost &&
    vectors.bridgePriority[i] === bridgePriority &&
    vectors.bridgeAddress[i] === bridgeAddress &&
    vectors.portId[i] === portId
  set(vectors, i, rootPriority, rootAddress, rootPathCost, bridgePriority, bridgeAddress, portId)
  return !isSame
}

/** Assign the vector at `i` of one set to `i` of another. */
export const assign = (to: PriorityVectors, from: PriorityVectors, i: number): void =>
  set(
    to,
    i,
    from.rootPriority[i],
    from.rootAddress[i],
    from.rootPathCost[i],
    from.bridgePriority[i],
    from.bridgeAddress[i],
    from.portId[i],
  )

/** Negative if the vector at `i` of `a` is better than that of `b`, 0 if they are the same; `cost` is added to the path of `a`. */
export const compare = (a: PriorityVectors, i: number, b: PriorityVectors, j: number, cost: number): number => {
  if (a.rootPriority[i] !== b.rootPriority[j]) return a.rootPriority[i] - b.rootPriority[j]
  if (a.rootAddress[i] !== b.rootAddress[j]) return a.rootAddress[i] - b.rootAddress[j]
  if (a.rootPathCost[i] + cost !== b.rootPathCost[j]) return a.rootPathCost[i] + cost - b.rootPathCost[j]
  if (a.bridgePriority[i] !== b.bridgePriority[j]) return a.bridgePriority[i] - b.bridgePriority[j]
  if (a.bridgeAddress[i] !== b.bridgeAddress[j]) return a.bridgeAddress[i] - b.bridgeAddress[j]
  return a.portId[i] - b.portId[j]
}

/** The number part of a port identifier (9.2.7†): 12 bits. */
const PORT_NUMBER = 0x0fff

/** 17.6: whether two vectors at `i` speak of the same port of the same bridge, whatever its priorities are now. */
export const isSameTransmitter = (a: PriorityVectors, b: PriorityVectors, i: number): boolean =>
  a.bridgeAddress[i] === b.bridgeAddress[i] && (a.portId[i] & PORT_NUMBER) === (b.portId[i] & PORT_NUMBER)
