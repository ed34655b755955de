/** Which ports are captured: `sw1:1`, `esx-1:vmnic0`, a node for all its ports, `all`. */
import { findBridgePort, type Directory } from "@l2lab/design/Directory"
import { didYouMean } from "@l2lab/design/Suggestion"
import type { WorldPort } from "@l2lab/sim/World"
import { badInput, type InputError } from "../Failure.ts"

/** What is read of a world. */
export interface Ports {
  readonly portBase: Int32Array
}

/** The world ports of a selection, each once, in its order. A node stands for its ports that have a cable. */
export const parse = (
  selection: ReadonlyArray<string>,
  directory: Directory,
  world: Ports,
): ReadonlyArray<WorldPort> | InputError => {
  const chosen = new Set<WorldPort>()
  const addNode = (node: number): void =>
    directory.nodes[node].ports.forEach((port, index) => {
      if (port.link >= 0) chosen.add(world.portBase[node] + index)
    })
  for (const item of selection) {
    if (item === "all") {
      directory.nodes.forEach((_, node) => addNode(node))
      continue
    }
    const node = directory.nodeByName.get(item)
    const nodes = node === undefined ? directory.pairByName.get(item)?.nodes : [node]
    if (nodes !== undefined) {
      nodes.forEach(addNode)
      continue
    }
    const port = findBridgePort(directory, item)
    if (port === undefined) return unknown(item, directory)
    for (const place of port.places) chosen.add(world.portBase[place.node] + place.port)
  }
  return [...chosen]
}

/** The items of a comma list. */
export const items = (list: string): ReadonlyArray<string> =>
  list
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "")

const unknown = (item: string, directory: Directory): InputError => {
  const [owner, port] = item.split(":")
  const node = directory.nodeByName.get(owner) ?? directory.pairByName.get(owner)?.nodes[0]
  if (node === undefined) {
    const asVm = directory.vmByName.get(item)
    if (asVm !== undefined) {
      return badInput(`cannot capture at "${item}": a VM has no cable; capture its host, ${directory.nodes[asVm.node].name}`)
    }
    const otherwise = ": name ports (sw1:1), nodes (sw1), or all"
    return badInput(
      `cannot capture at "${item}": the design has no node "${owner}"${didYouMean(owner, directory.nodeByName.keys(), otherwise)}`,
    )
  }
  const { ports } = directory.nodes[node]
  const range =
    ports.length === 0 ? "none" : ports.length === 1 ? ports[0].end : `${ports[0].end} to ${ports[ports.length - 1].end}`
  return badInput(`cannot capture at "${item}": ${owner} has no port "${port}"; it has ${range}`)
}
