/** The nodes of a design as they are written: generated or by hand, switches of pairs with what they have from their pair. */
import type { Design } from "./Design.ts"
import { error, type Path, type Problem } from "./DesignError.ts"
import type * as Generators from "./Generators.ts"
import {
  type HostNode,
  type HubNode,
  type HypervisorNode,
  kindOf,
  NODE_SCHEMAS,
  type NodeKind,
  type SwitchNode,
} from "./NodeBlocks.ts"
import * as PairDrafts from "./PairDrafts.ts"

/** A node with its settings by kind; what the farm generated and what the design adds to it are one. */
export type NodeDraft = { readonly name: string; readonly path: Path; readonly pair?: DraftPair } & (
  | { readonly kind: "switch"; readonly block: SwitchNode }
  | { readonly kind: "hub"; readonly block: HubNode }
  | { readonly kind: "host"; readonly block: HostNode }
  | { readonly kind: "hypervisor"; readonly block: HypervisorNode }
)

/** What a switch of a pair has from it. */
interface DraftPair {
  /** Where what both chassis have stands; absent for vPC peers, which have their own. */
  readonly keys?: Path
  /** Where port-channels stand that were written for both. */
  readonly channels: ReadonlyMap<string, Path>
}

/** What nodes and VMs may be called. */
export const NAME = /^[A-Za-z][A-Za-z0-9_.-]{0,62}$/

/** The nodes of a design: the farm's, those that are written, and those that pairs name. */
export const draftNodes = (
  design: Design,
  farm: Generators.Farm | undefined,
  pairs: ReadonlyArray<PairDrafts.PairDraft>,
  problems: Array<Problem>,
): ReadonlyArray<NodeDraft> => {
  const drafts = draftOwnNodes(design, farm, problems)
  const known = new Set(drafts.map(({ name }) => name))
  for (const [name, path] of PairDrafts.switchesNamed(design, farm?.pairs)) {
    if (known.has(name)) continue
    known.add(name)
    drafts.push(draft(name, path, {}))
  }
  if (drafts.length === 0)
    problems.push(error([], "the design has no nodes: add nodes, for instance {sw1:, sw2:}, or a farm", "key"))
  return pairs.length === 0 ? drafts : drafts.map((node) => withPair(node, pairs, problems))
}

/** A switch of a pair with what it has from the pair. */
const withPair = (node: NodeDraft, pairs: ReadonlyArray<PairDrafts.PairDraft>, problems: Array<Problem>): NodeDraft => {
  const found = PairDrafts.pairOf(pairs, node.name)
  if (found === undefined || node.kind !== "switch") return node
  const { draft: pair, member } = found
  const written = node.path[0] === "nodes" ? node.block : {}
  problems.push(...PairDrafts.misplacedKeys(pair, node.name, written, node.path))
  if (pair.block.type === "vss") {
    const { domain: _, dualActive, portChannel, redundancy, switch: own, switches, type, virtualMac, vsl, ...shared } = pair.block
    void [dualActive, portChannel, redundancy, own, switches, type, virtualMac, vsl]
    const { port, ports, mac, spanningTree } = node.block
    const tree = shared.spanningTree === undefined ? spanningTree : { ...spanningTree, ...shared.spanningTree }
    const block = {
      ...shared,
      ...(port !== undefined && { port }),
      ...(ports !== undefined && { ports }),
      ...(mac !== undefined && { mac }),
      ...(tree !== undefined && { spanningTree: tree }),
    }
    return { ...node, block, pair: { keys: pair.path, channels: new Map() } }
  }
  const channels = PairDrafts.channelsOfPeer(pair, member, problems, pair.path)
  const places = new Map(Object.keys(channels).map((key) => [key, [...pair.path, "portChannel", key] as Path]))
  for (const key of Object.keys(node.block.portChannel ?? {})) {
    if (!places.has(key)) continue
    problems.push(
      error(
        [...node.path, "portChannel", key],
        `pair: Po${key} of ${node.name} is written for the pair ${pair.name} too: keep one`,
        "key",
      ),
    )
  }
  const portChannel = { ...node.block.portChannel, ...channels }
  return {
    ...node,
    block: { ...node.block, ...(Object.keys(portChannel).length > 0 && { portChannel }) },
    pair: { channels: places },
  }
}

const draftOwnNodes = (design: Design, farm: Generators.Farm | undefined, problems: Array<Problem>): Array<NodeDraft> => {
  const drafts: Array<NodeDraft> = []
  const written = design.nodes ?? {}
  for (const [name, block] of farm?.nodes ?? []) {
    const own = Object.hasOwn(written, name) ? written[name] : undefined
    if (own === undefined || own === null) {
      drafts.push(draft(name, ["farm"], block))
      continue
    }
    const path = ["nodes", name]
    const kind = kindOf(block)
    const says = "kind" in own || kindOf(own) !== "switch" ? kindOf(own) : kind
    if (says !== kind) {
      problems.push(error([...path, "kind"], `${name} of the farm is a ${kind}: rename your ${says}, or make it a ${kind}`))
      drafts.push(draft(name, path, block))
      continue
    }
    // Without `kind` the block was judged as a switch's.
    const known = NODE_SCHEMAS[kind as NodeKind].fields
    for (const key of Object.keys(own)) {
      if (!Object.hasOwn(known, key))
        problems.push(error([...path, key], `${name} of the farm is a ${kind}, which has no ${key}: remove it`, "key"))
    }
    drafts.push(draft(name, path, { ...block, ...own } as typeof block))
  }
  const generated = new Set(farm?.nodes.map(([name]) => name))
  for (const [name, block] of Object.entries(written)) {
    if (generated.has(name)) continue
    const path = ["nodes", name]
    if (!NAME.test(name)) {
      problems.push(
        error(
          path,
          `"${name}" cannot be a name: names start with a letter and go on with letters, digits, ".", "_" or "-", up to 63 in all`,
          "key",
        ),
      )
    }
    drafts.push(draft(name, path, block ?? {}))
  }
  return drafts
}

const draft = (name: string, path: Path, block: Exclude<NonNullable<Design["nodes"]>[string], null>): NodeDraft =>
  ({ name, path, kind: kindOf(block) as NodeKind, block }) as NodeDraft
