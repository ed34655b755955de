/** The spanning trees of a running switch as they are shown. Reading changes nothing. */
import type { BridgeState } from "@l2lab/l2/BridgeState"
import * as Flooding from "@l2lab/l2/Flooding"
import { existingOf, MEMBER, NO_VLAN } from "@l2lab/l2/VlanTable"
import { SECOND, type SimTime } from "@l2lab/sim/SimTime"
import * as PortIdentifier from "@l2lab/stp/PortIdentifier"
import * as Stp from "@l2lab/stp/SpanningTree"
import { TOPOLOGY_CHANGE_CAUSES } from "@l2lab/stp/Trace"
import type { Emulation } from "../Emulation.ts"
import * as Settle from "../Settle.ts"
import * as VpcTree from "../VpcTree.ts"
import type * as View from "./SpanningTreeView.ts"
import { stateOf } from "./SwitchQuery.ts"

const ROLES: Readonly<Record<Stp.RoleName, View.RoleView>> = {
  Root: "root",
  Designated: "designated",
  Alternate: "alternate",
  Backup: "backup",
  Master: "master",
  Blocked: "alternate",
  Disabled: "disabled",
}

const MODES: Readonly<Record<Stp.SpanningTreeKind, View.Mode>> = {
  stp1998: "stp",
  rstp2004: "rstp",
  mstp: "mst",
  pvst: "pvst",
  "rapid-pvst": "rapid-pvst",
}
const PROTOCOLS: Readonly<Record<Stp.SpanningTreeKind, View.SpanningTreeProtocol>> = {
  stp1998: "ieee",
  rstp2004: "rstp",
  mstp: "mstp",
  pvst: "ieee",
  "rapid-pvst": "rstp",
}

/** The spanning trees of a switch; undefined if it runs none. With `vlan`, only the tree that it follows, and only ports that carry it. */
export const ofSwitch = (emulation: Emulation, node: number, vlan?: number): View.SwitchTreesView | undefined => {
  const bridge = stateOf(emulation, node)
  const running = Settle.spanningTreeOf(emulation.simulation, node)
  if (bridge === null || running === undefined) return undefined
  return {
    mode: MODES[running.kind],
    pathCostMethod: Stp.pathCostMethodOf(running),
    guards: Stp.guardsOf(running, bridge.switchPorts),
    ...regionOf(running),
    trees: Array.from({ length: Stp.treesOf(running) }, (_, tree) => tree)
      .filter((tree) =>
        vlan === undefined
          ? isInUse(bridge, running, tree)
          : bridge.vlans.indexOf[vlan] !== NO_VLAN && Stp.treeOfVlan(running, vlan) === tree,
      )
      .map((tree) => treeView(emulation, node, bridge, running, tree, vlan)),
    vlansWithoutTree: existingOf(bridge.vlans).filter((id) => Stp.treeOfVlan(running, id) === undefined),
  }
}

const regionOf = (running: Stp.SpanningTree): Pick<View.SwitchTreesView, "region"> => {
  const identifier = Stp.regionOf(running)
  if (identifier === undefined) return {}
  const { digest, name, revision } = identifier
  return { region: { name, revision, digest: Array.from(digest, (octet) => octet.toString(16).padStart(2, "0")).join("") } }
}

const instanceOf = ({ instance }: Stp.TreeSnapshot): Pick<View.SpanningTreeView, "instance"> =>
  instance === undefined
    ? {}
    : {
        instance: {
          ...instance,
          vlans: instance.vlans.map(([first, last]) => (first === last ? first : `${first}-${last}`)).join(","),
        },
      }

/** Who is behind a port that leads out of the region; a port that is blocked for PVST+ bridges behind it does, whoever was heard last. */
const boundaryOf = (port: Stp.PortSnapshot): Pick<View.SpanningTreePortView, "boundary"> => {
  if (port.isPvstBoundary === true) return { boundary: "PVST" }
  if (port.isBoundary !== true) return {}
  return { boundary: port.speaksStp ? "STP" : "RSTP" }
}

/** What the latest topology changes of a tree cost, as far as they are remembered. */
const costsOf = (
  bridge: BridgeState,
  tree: number,
  now: SimTime,
  nameOf: (port: number) => string,
): View.SpanningTreeView["topologyChangeCosts"] =>
  Flooding.ofChanges(bridge, tree, now)
    .map(({ at, cause, floodedUntil, flushes, forgotten, frames, octets, port }) => ({
      at: at / SECOND,
      from: port < 0 ? null : nameOf(port),
      cause: TOPOLOGY_CHANGE_CAUSES[cause],
      flushes,
      forgotten,
      floodedFrames: frames,
      floodedOctets: octets,
      floodedFor: floodedUntil === undefined ? null : (floodedUntil - at) / SECOND,
    }))
    .toReversed()

/** The VLANs of the switch that follow a tree. */
const ofTree = ({ vlans }: BridgeState, tree: number): ReadonlyArray<number> =>
  existingOf(vlans).filter((id) => vlans.treeOf[vlans.indexOf[id]] === tree)

/** A tree of one VLAN ends with it; the others stand for whatever VLANs there are. */
const isInUse = (bridge: BridgeState, { kind }: Stp.SpanningTree, tree: number): boolean =>
  (kind !== "pvst" && kind !== "rapid-pvst") || ofTree(bridge, tree).length > 0

const vpcOf = (vpc: View.SpanningTreePortView["vpc"]): Pick<View.SpanningTreePortView, "vpc"> =>
  vpc === undefined ? {} : { vpc }

const treeView = (
  { simulation, directory }: Emulation,
  node: number,
  bridge: BridgeState,
  running: Stp.SpanningTree,
  tree: number,
  vlan: number | undefined,
): View.SpanningTreeView => {
  const entryOf = (port: number) => directory.nodes[node].bridgePorts[port]
  const { membership, indexOf } = bridge.vlans
  const view = VpcTree.withVpcs(simulation.world, node, running, tree, Stp.snapshot(running, tree, simulation.now))
  const isMsti = (view.instance?.mstid ?? 0) > 0
  // The ports of an MSTI that count are those that carry one of its VLANs; all take part in the CIST.
  const wanted = vlan !== undefined ? [vlan] : isMsti ? ofTree(bridge, tree) : undefined
  const carries = (port: number): boolean =>
    wanted === undefined || wanted.some((id) => (membership[indexOf[id] * bridge.ports + port] & MEMBER) !== 0)
  const isRapid = running.kind !== "stp1998" && running.kind !== "pvst"
  const { rootPort, lastTopologyChangeAt, lastTopologyChangePort, transmitHoldCount } = view
  return {
    vlans: ofTree(bridge, tree),
    protocol: PROTOCOLS[running.kind],
    ...instanceOf(view),
    root: view.root,
    bridge: view.bridge,
    ...(rootPort !== undefined && {
      rootPort: {
        portNo: view.ports[rootPort].portNo,
        name: entryOf(rootPort).name,
        interface: entryOf(rootPort).shortName,
      },
    }),
    rootPathCost: view.rootPathCost,
    times: view.times,
    bridgeTimes: view.bridgeTimes,
    ...(transmitHoldCount !== undefined && { transmitHoldCount }),
    ageing: bridge.fdb.ageing[tree] / SECOND,
    topologyChange: view.topologyChange,
    topologyChangeDetected: view.topologyChangeDetected,
    timers: view.timers,
    topologyChanges: view.topologyChangeCount,
    ...(lastTopologyChangeAt !== undefined && { lastTopologyChangeAt: lastTopologyChangeAt / SECOND }),
    ...(lastTopologyChangePort !== undefined && { lastTopologyChangeFrom: entryOf(lastTopologyChangePort).name }),
    topologyChangeCosts: costsOf(bridge, tree, simulation.now, (port) => entryOf(port).shortName),
    ports: view.ports
      .filter(({ port, isMember }) => isMember && bridge.up[port] === 1 && carries(port))
      .map((port): View.SpanningTreePortView => ({
        interface: entryOf(port.port).shortName,
        name: entryOf(port.port).name,
        // 1998 does not tell alternate from backup: the segment's designated bridge does.
        role: port.role === "Blocked" && port.designatedBridge.address === view.bridge.address ? "backup" : ROLES[port.role],
        state: port.state,
        cost: port.cost,
        priority: port.priority,
        portNo: port.portNo,
        pointToPoint: port.pointToPoint ?? bridge.fullDuplex[port.port] === 1,
        linkTypeSet: port.linkTypeSet,
        edge: port.operEdge,
        peerStp: port.speaksStp && isRapid,
        ...boundaryOf(port),
        inconsistencies: port.inconsistencies,
        ...(port.guards !== undefined && { guards: port.guards }),
        designatedRoot: port.designatedRoot,
        designatedCost: port.designatedCost,
        designatedBridge: port.designatedBridge,
        designatedPort: PortIdentifier.parts(port.designatedPort),
        messageAge: port.messageAge,
        forwardDelay: port.forwardDelay,
        hold: port.hold,
        bpdusSent: port.bpdusSent,
        bpdusReceived: port.bpdusReceived,
        bpdusDiscarded: port.discarded,
        discards: port.discards,
        ...vpcOf(VpcTree.nameOf(simulation.world, node, port.port)),
      })),
  }
}
