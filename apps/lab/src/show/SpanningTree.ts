/**
 * `show spanning-tree`: one block for each tree of a switch, in the layout of Catalyst switches. Ports without a link are left out,
 * as those switches do. 802.1D knows one tree for all VLANs: its block carries the name of the lowest VLAN in it; an instance of a region has
 * its own name. Discarding is printed
 * as BLK, and a port that is blocked for an inconsistency as BKN*, with the inconsistency behind its type.
 */
import * as MacAddress from "@l2lab/l2/MacAddress"
import * as Columns from "./Columns.ts"
import * as View from "./SpanningTreeView.ts"

const ROLE: Readonly<Record<View.RoleView, string>> = {
  root: "Root",
  designated: "Desg",
  alternate: "Altn",
  backup: "Back",
  master: "Mstr",
  disabled: "Disa",
}

const STATE: Readonly<Record<View.PortStateView, string>> = {
  disabled: "DIS",
  blocking: "BLK",
  discarding: "BLK",
  listening: "LIS",
  learning: "LRN",
  forwarding: "FWD",
}

const MARK: Readonly<Record<View.InconsistencyView, string>> = {
  pvid: "*PVID_Inc",
  type: "*TYPE_Inc",
  pvst: "*PVST_Inc",
  root: "*ROOT_Inc",
  loop: "*LOOP_Inc",
  "bridge-assurance": "*BA_Inc",
}

const INDENT = " ".repeat(13)
/** Of the columns of ports. */
export const ROW_WIDTHS = [19, 4, 3, 9, 8, 32]

const timesLine = ({ helloTime, maxAge, forwardDelay }: View.TimesView): string =>
  `${INDENT}Hello Time ${String(helloTime).padStart(3)} sec  Max Age ${maxAge} sec  Forward Delay ${forwardDelay} sec`

/** `P2p`, `P2p Edge`, `Shr Peer(STP)`, `P2p Bound(RSTP)`, `P2p *PVID_Inc`; at vPC peers `(vPC) P2p`, as on a Nexus. */
const typeOf = ({ boundary, pointToPoint, edge, guards, peerStp, inconsistencies, vpc }: View.SpanningTreePortView): string =>
  [
    ...(vpc === undefined ? [] : [`(${vpc})`]),
    pointToPoint ? "P2p" : "Shr",
    ...(edge ? ["Edge"] : []),
    ...(guards?.network === true ? ["Network"] : []),
    ...(boundary !== undefined ? [`Bound(${boundary})`] : peerStp ? ["Peer(STP)"] : []),
    ...inconsistencies.map((why) => MARK[why]),
  ].join(" ")

/** The table of a tree's ports; `width` is that of its first column. */
export const table = (ports: ReadonlyArray<View.SpanningTreePortView>, width = ROW_WIDTHS[0]): ReadonlyArray<string> => {
  const widths = [width, ...ROW_WIDTHS.slice(1)]
  return [
    Columns.line(widths, "Interface", "Role", "Sts", "Cost", "Prio.Nbr", "Type"),
    Columns.rule(...widths),
    ...ports.map((port) => row(port.interface, port, width)),
  ]
}

/** A line of such a table, which begins with `name`. */
export const row = (name: string, port: View.SpanningTreePortView, width = ROW_WIDTHS[0]): string => {
  const identifier = `${port.priority}.${port.portNo}`
  // The asterisk of a broken port stands in the blank between two columns.
  const [state, cost] = View.isBroken(port)
    ? ["BKN", `*${port.cost}`.padEnd(10)]
    : [STATE[port.state], ` ${port.cost}`.padEnd(10)]
  return `${name.padEnd(width)} ${ROLE[port.role].padEnd(4)} ${state}${cost} ${identifier.padEnd(8)} ${typeOf(port)}`
}

/** One block. `vlan` names it after another of its VLANs than the first. */
export const block = (view: View.SpanningTreeView, vlan?: number): ReadonlyArray<string> => {
  const { root, bridge, rootPort } = view
  // The lower 12 bits of a priority are the system id of later standards; 802.1D-1998 leaves them 0 unless someone set them.
  const systemId = View.systemIdOf(bridge)
  return [
    "",
    View.nameOf(view, vlan),
    `  Spanning tree enabled protocol ${view.protocol}`,
    `  Root ID    Priority    ${root.priority}`,
    `${INDENT}Address     ${MacAddress.formatDotted(root.address)}`,
    ...(View.isRoot(view)
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
    // Of instances switches leave it out.
    ...(view.instance === undefined ? [`${INDENT}Aging Time  ${view.ageing} sec`] : []),
    "",
    ...table(view.ports),
    "",
  ]
}

/** All trees of a switch, or the one that `vlan` follows. */
export const lines = (views: ReadonlyArray<View.SpanningTreeView>, vlan?: number): ReadonlyArray<string> => {
  const chosen = View.ofVlan(views, vlan)
  return chosen.length > 0 ? chosen.flatMap((view) => block(view, vlan)) : View.nothing(vlan)
}

/** For machines: one object a tree. */
export const json = (views: ReadonlyArray<View.SpanningTreeView>, vlan?: number): ReadonlyArray<object> =>
  View.ofVlan(views, vlan).map(View.json)
