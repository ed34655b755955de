/**
 * `show spanning-tree`: one block for each tree of a switch, in the layout of Catalyst switches. Ports without a link are left out,
 * as those switches do. 802.1D knows one tree for all VLANs: its block carries the name of the lowest VLAN in it. Discarding is printed
 * as BLK, and a port that is blocked for an inconsistency as BKN*, with the inconsistency behind its type.
 */
import * as MacAddress from "@l2lab/l2/MacAddress"
import * as Columns from "./Columns.ts"

/** Who speaks: the block's second line. */
export type SpanningTreeProtocol = "ieee" | "rstp" | "mstp"

export interface BridgeIdView {
  /** 0..65535, the system id in the lower 12 bits included. */
  readonly priority: number
  readonly address: MacAddress.MacAddress
}

/** In seconds. */
export interface TimesView {
  readonly helloTime: number
  readonly maxAge: number
  readonly forwardDelay: number
}

export type RoleView = "root" | "designated" | "alternate" | "backup" | "master" | "disabled"
export type PortStateView = "disabled" | "blocking" | "discarding" | "listening" | "learning" | "forwarding"

export interface SpanningTreePortView {
  /** `Gi0/1`. */
  readonly interface: string
  readonly role: RoleView
  readonly state: PortStateView
  readonly cost: number
  readonly priority: number
  readonly portNo: number
  /** One bridge at most is at the other end; else the segment is shared. */
  readonly pointToPoint: boolean
  readonly edge: boolean
  /** The neighbour speaks 802.1D-1998, and so does the port, though its protocol is a later one. */
  readonly peerStp: boolean
}

/** One spanning tree of one switch. */
export interface SpanningTreeView {
  /** VLANs that follow the tree, sorted; the block is named after the first, or after `vlan`. */
  readonly vlans: ReadonlyArray<number>
  readonly protocol: SpanningTreeProtocol
  readonly root: BridgeIdView
  readonly bridge: BridgeIdView
  /** Absent at the root. */
  readonly rootPort?: { readonly portNo: number; readonly name: string }
  readonly rootPathCost: number
  /** In use, which are the root's, and the bridge's own. */
  readonly times: TimesView
  readonly bridgeTimes: TimesView
  /** The ageing time in use, in seconds. */
  readonly ageing: number
  readonly topologyChanges: number
  /** Of the last topology change, in seconds of virtual time; absent before the first. */
  readonly lastTopologyChangeAt?: number
  readonly ports: ReadonlyArray<SpanningTreePortView>
}

const ROLE: Readonly<Record<RoleView, string>> = {
  root: "Root",
  designated: "Desg",
  alternate: "Altn",
  backup: "Back",
  master: "Mstr",
  disabled: "Disa",
}

const STATE: Readonly<Record<PortStateView, string>> = {
  disabled: "DIS",
  blocking: "BLK",
  discarding: "BLK",
  listening: "LIS",
  learning: "LRN",
  forwarding: "FWD",
}

const INDENT = " ".repeat(13)
const WIDTHS = [19, 4, 3, 9, 8, 32]

const timesLine = ({ helloTime, maxAge, forwardDelay }: TimesView): string =>
  `${INDENT}Hello Time ${String(helloTime).padStart(3)} sec  Max Age ${maxAge} sec  Forward Delay ${forwardDelay} sec`

const portLine = (port: SpanningTreePortView): string =>
  Columns.line(
    WIDTHS,
    port.interface,
    ROLE[port.role],
    STATE[port.state],
    port.cost,
    `${port.priority}.${port.portNo}`,
    typeOf(port),
  )

/** `P2p`, `P2p Edge`, `Shr Peer(STP)`. */
const typeOf = ({ pointToPoint, edge, peerStp }: SpanningTreePortView): string =>
  [pointToPoint ? "P2p" : "Shr", ...(edge ? ["Edge"] : []), ...(peerStp ? ["Peer(STP)"] : [])].join(" ")

const isRoot = ({ root, bridge }: SpanningTreeView): boolean =>
  root.priority === bridge.priority && root.address === bridge.address

/** One block. `vlan` names it after another of its VLANs than the first. */
export const block = (view: SpanningTreeView, vlan = view.vlans[0] ?? 1): ReadonlyArray<string> => {
  const { root, bridge, rootPort } = view
  // The lower 12 bits of a priority are the system id of later standards; 802.1D-1998 leaves them 0 unless someone set them.
  const systemId = bridge.priority & 0x0fff
  return [
    "",
    `VLAN${String(vlan).padStart(4, "0")}`,
    `  Spanning tree enabled protocol ${view.protocol}`,
    `  Root ID    Priority    ${root.priority}`,
    `${INDENT}Address     ${MacAddress.formatDotted(root.address)}`,
    ...(isRoot(view)
      ? [`${INDENT}This bridge is the root`]
      : [
          `${INDENT}Cost        ${view.rootPathCost}`,
          `${INDENT}Port        ${rootPort === undefined ? "none" : `${rootPort.portNo} (${rootPort.name})`}`,
        ]),
    timesLine(view.times),
    "",
    `  Bridge ID  Priority    ${bridge.priority}  (priority ${bridge.priority - systemId} sys-id-ext ${systemId})`,
    `${INDENT}Address     ${MacAddress.formatDotted(bridge.address)}`,
    timesLine(view.bridgeTimes),
    `${INDENT}Aging Time  ${view.ageing} sec`,
    "",
    Columns.line(WIDTHS, "Interface", "Role", "Sts", "Cost", "Prio.Nbr", "Type"),
    Columns.rule(...WIDTHS),
    ...view.ports.map(portLine),
    "",
  ]
}

/** All trees of a switch, or the one that `vlan` follows. */
export const lines = (views: ReadonlyArray<SpanningTreeView>, vlan?: number): ReadonlyArray<string> => {
  const chosen = vlan === undefined ? views : views.filter((view) => view.vlans.includes(vlan))
  if (chosen.length > 0) return chosen.flatMap((view) => block(view, vlan))
  return [
    "",
    vlan === undefined ? "No spanning tree instance exists." : `Spanning tree instance(s) for vlan ${vlan} does not exist.`,
    "",
  ]
}

/**
 * For machines: the views as they are, with addresses as text (`02:00:00:00:00:01`), `isRoot`, and absent values null. One object a tree.
 */
export const json = (views: ReadonlyArray<SpanningTreeView>, vlan?: number): ReadonlyArray<object> =>
  views
    .filter((view) => vlan === undefined || view.vlans.includes(vlan))
    .map((view) => ({
      ...view,
      root: { ...view.root, address: MacAddress.format(view.root.address) },
      bridge: { ...view.bridge, address: MacAddress.format(view.bridge.address) },
      isRoot: isRoot(view),
      rootPort: view.rootPort ?? null,
      lastTopologyChangeAt: view.lastTopologyChangeAt ?? null,
    }))
