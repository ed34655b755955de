/**
 * What the emulated bridges say, held against a record, in the record's own words. A field that was not recorded is not compared;
 * of ports that are not live only number, cost and state are (their designated fields are left-overs of the past).
 */
import * as MacAddress from "@l2lab/l2/MacAddress"
import * as BridgeIdentifier from "@l2lab/stp/BridgeIdentifier"
import * as PortIdentifier from "@l2lab/stp/PortIdentifier"
import * as SpanningTree from "@l2lab/stp/SpanningTree"
import * as CompareMstp from "./CompareMstp.ts"
import * as CompareOneRegion from "./CompareOneRegion.ts"
import * as Network from "./Network.ts"
import type { GoldenBridge, GoldenObservedBridge, GoldenObservedPort } from "./Record.ts"

/** The first field that differs. */
export interface Difference {
  readonly bridge: string
  /** Port number; absent for a field of the bridge. */
  readonly port?: number
  readonly field: string
  readonly recorded: string
  readonly emulated: string
}

/** `b1 port 2: state is forwarding, recorded blocking`. */
export const format = (difference: Difference): string => {
  const where = difference.port === undefined ? difference.bridge : `${difference.bridge} port ${difference.port}`
  return `${where}: ${difference.field} is ${difference.emulated}, recorded ${difference.recorded}`
}

type Value = string | number | boolean

const identifier = (id: BridgeIdentifier.BridgeIdentifier): string => BridgeIdentifier.format(id.priority, id.address)

/** The first difference between a network and what was observed, ports before the bridge's own fields; undefined if there is none. */
export const firstDifference = (
  network: Network.Network,
  observed: Readonly<Record<string, GoldenObservedBridge>>,
): Difference | undefined => {
  for (const bridge of network.record.bridges) {
    const recorded = observed[bridge.name]
    if (recorded === undefined) continue
    const difference = ofBridge(network, bridge, recorded)
    if (difference !== undefined) return difference
  }
  return undefined
}

/** What one bridge shows, as records have it. */
interface Shown {
  readonly bridge_id: string
  readonly root: string
  readonly root_path_cost: number
  readonly root_port: number
  readonly is_root: boolean
  /** The bridge knows the roles of 802.1D-2004, and its one state for ports that are not in use. */
  readonly isRapid: boolean
  readonly ports: ReadonlyMap<number, ShownPort>
}

interface ShownPort {
  readonly port_id: string
  readonly cost: number
  readonly state: string
  readonly role: string
  readonly designated_root: string
  readonly designated_cost: number
  readonly designated_bridge: string
  readonly designated_port: string
}

const show = (network: Network.Network, bridge: GoldenBridge): Shown => {
  const running = Network.treeOf(network, bridge.name)
  if (running === undefined) return switchedOff(network, bridge)
  const tree = SpanningTree.snapshot(running, 0, network.simulation.now)
  return {
    bridge_id: identifier(tree.bridge),
    root: identifier(tree.root),
    root_path_cost: tree.rootPathCost,
    root_port: tree.rootPort === undefined ? 0 : tree.ports[tree.rootPort].portNo,
    is_root: tree.isRoot,
    isRapid: running.kind !== "stp1998",
    ports: new Map(
      tree.ports.map((port) => [
        port.portNo,
        {
          port_id: PortIdentifier.format(port.portIdentifier),
          cost: port.cost,
          state: port.state,
          role: port.role,
          designated_root: identifier(port.designatedRoot),
          designated_cost: port.designatedCost,
          designated_bridge: identifier(port.designatedBridge),
          designated_port: PortIdentifier.format(port.designatedPort),
        },
      ]),
    ),
  }
}

/** A bridge that is off has no state to ask: its configuration is what an operator would read off it. */
const switchedOff = (network: Network.Network, bridge: GoldenBridge): Shown => {
  let priority = bridge.priority ?? BridgeIdentifier.DEFAULT_PRIORITY
  const cost = bridge.ports.map((port) => port.cost ?? 0)
  const portPriority = bridge.ports.map((port) => port.priority ?? PortIdentifier.DEFAULT_PRIORITY)
  for (const command of network.management.get(bridge.name) ?? []) {
    if ("msti" in command && command.msti !== undefined && command.msti !== 0) continue
    if (command.type === "stp.set-bridge-priority") priority = command.priority
    if (command.type === "stp.set-path-cost") cost[command.port] = command.cost ?? 0
    if (command.type === "stp.set-port-priority") portPriority[command.port] = command.priority
  }
  const own = BridgeIdentifier.format(priority, MacAddress.parse(bridge.mac)!)
  const portIds = bridge.ports.map((port, index) => PortIdentifier.format(PortIdentifier.make(portPriority[index], port.no)))
  return {
    bridge_id: own,
    root: own,
    root_path_cost: 0,
    root_port: 0,
    is_root: true,
    isRapid: Network.isRapid(network, bridge),
    ports: new Map(
      bridge.ports.map((port, index) => [
        port.no,
        {
          port_id: portIds[index],
          cost: cost[index],
          state: Network.isRapid(network, bridge) ? "discarding" : "disabled",
          role: "Disabled",
          designated_root: own,
          designated_cost: 0,
          designated_bridge: own,
          designated_port: portIds[index],
        },
      ]),
    ),
  }
}

const isLive = (port: ShownPort): boolean => port.role !== "Disabled"

/** 1998 does not divide its blocked ports into alternate and backup. */
const roleIn1998 = (recorded: string): string => (recorded === "Alternate" || recorded === "Backup" ? "Blocked" : recorded)

const ofBridge = (network: Network.Network, bridge: GoldenBridge, recorded: GoldenObservedBridge): Difference | undefined => {
  const shown = show(network, bridge)
  const differ = (field: string, want: Value | null | undefined, have: Value, port?: number): Difference | undefined =>
    want === null || want === undefined || same(want, have)
      ? undefined
      : { bridge: bridge.name, ...(port !== undefined && { port }), field, recorded: String(want), emulated: String(have) }

  const running = Network.treeOf(network, bridge.name)
  for (const { no } of bridge.ports) {
    const want = recorded.ports?.[String(no)]
    const have = shown.ports.get(no)!
    const difference =
      (want && ofPort(want, have, shown.isRapid, (field, a, b) => differ(field, a, b, no))) ??
      facts(recorded, shown, no, have, (field, a, b) => differ(field, a, b, no))
    if (difference !== undefined) return difference
    if (want?.not_root_port === true && shown.root_port === no) return differ("root port", "another", String(no), no)
  }
  return (
    differ("is_root", recorded.is_root, shown.is_root) ??
    (recorded.not_root_port === true ? differ("root_port", 0, shown.root_port) : undefined) ??
    differ("bridge_id", recorded.bridge_id, shown.bridge_id) ??
    differ("root", recorded.root, shown.root) ??
    differ("root_path_cost", recorded.root_path_cost, shown.root_path_cost) ??
    differ("root_port", recorded.root_port, shown.root_port) ??
    ofRegions(running, recorded, (port) => (field, want, have) => differ(field, want, have, port))
  )
}

const ofRegions = (
  running: SpanningTree.SpanningTree | undefined,
  recorded: GoldenObservedBridge,
  on: (port?: number) => Differ,
): Difference | undefined => {
  if (running === undefined) return undefined
  return running.kind === "mstp"
    ? CompareMstp.ofBridge(running.state, recorded, on)
    : CompareOneRegion.ofBridge(running, recorded, on)
}

/** The difference between what was recorded of a field, if anything, and what is emulated. */
export type Differ = (field: string, want: Value | null | undefined, have: Value) => Difference | undefined

const ofPort = (want: GoldenObservedPort, have: ShownPort, isRapid: boolean, differ: Differ): Difference | undefined => {
  const state = want.state && !isRapid ? stateIn1998(want.state, have.state) : want.state
  const difference = differ("state", state, have.state) ?? differ("port_id", want.port_id, have.port_id)
  if (difference !== undefined) return difference
  // A port that is not live keeps what was configured; the rest is left over.
  if (!isLive(have)) {
    return (
      (have.cost === 0 ? undefined : differ("cost", want.cost, have.cost)) ??
      (isRapid ? differ("role", want.role, have.role) : undefined)
    )
  }
  return (
    differ("cost", want.cost, have.cost) ??
    differ("role", want.role && !isRapid ? roleIn1998(want.role) : want.role, have.role) ??
    differ("designated_root", want.designated_root, have.designated_root) ??
    differ("designated_cost", want.designated_cost, have.designated_cost) ??
    differ("designated_bridge", want.designated_bridge, have.designated_bridge) ??
    differ("designated_port", want.designated_port, have.designated_port)
  )
}

/** Where a later protocol's words were recorded of a bridge that behaves as one of 1998: one state, discarding, for 1998's first three. */
const stateIn1998 = (recorded: string, have: string): string =>
  recorded === "discarding" && (have === "disabled" || have === "blocking" || have === "listening") ? have : recorded

/** Facts of textbook figures that speak of ports. */
const facts = (
  recorded: GoldenObservedBridge,
  shown: Shown,
  no: number,
  have: ShownPort,
  differ: Differ,
): Difference | undefined => {
  const states = typeof recorded.all_ports_in === "string" ? [recorded.all_ports_in] : recorded.all_ports_in
  if (states && !states.some((state) => state === have.state) && isLive(have)) {
    return differ("state", states.join(" or "), have.state)
  }
  const not = typeof recorded.not_root_port === "number" ? [recorded.not_root_port] : recorded.not_root_port
  if (Array.isArray(not) && not.includes(no) && shown.root_port === no) return differ("root port", "another", String(no))
  return undefined
}

/** Identifiers are the same whatever their case and leading zeros. */
const same = (want: Value, have: Value): boolean =>
  want === have ||
  (typeof want === "string" && typeof have === "string" && want.toLowerCase().padStart(4, "0") === have.toLowerCase())
