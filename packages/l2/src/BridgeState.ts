/**
 * The state of a bridge: plain data, arrays over bridge ports, over (tree, port) or over (VLAN, port).
 *
 * Two port spaces: a link port is a cable's end, a bridge port is what the relay, the filtering database, VLANs and spanning tree know.
 * `bridgePortOf` and `linkPortOf` map between them; they are the identity where no link ports are bundled.
 */
import type { Digest } from "@l2lab/sim/Digest"
import { SECOND, type SimTime } from "@l2lab/sim/SimTime"
import type { BridgeConfig, SwitchPort, VlanId } from "./BridgeConfig.ts"
import * as Bundles from "./bundle/Bundles.ts"
import * as ControlPlane from "./ControlPlane.ts"
import type { AnyControlProtocolKind, BridgeView } from "./ControlProtocol.ts"
import * as Errdisable from "./Errdisable.ts"
import * as FilteringDatabase from "./FilteringDatabase.ts"
import * as Flooding from "./Flooding.ts"
import * as LinkState from "./LinkState.ts"
import type { MacAddress } from "./MacAddress.ts"
import * as MacMove from "./MacMove.ts"
import * as Pairing from "./Pairing.ts"
import * as PortCounters from "./PortCounters.ts"
import * as PortSecurity from "./PortSecurity.ts"
import * as StormControl from "./StormControl.ts"
import * as VlanTable from "./VlanTable.ts"

/** Bits of `portStates`, apart from VlanTable's MEMBER and TAGGED so that one byte of `relay` holds all four. */
export const LEARNING = 4
export const FORWARDING = 8

/** Ageing time of dynamic entries, and room in the filtering database, where the configuration gives none. */
export const DEFAULT_AGEING = 300 * SECOND
export const DEFAULT_CAPACITY = 16_384

export interface BridgeState {
  readonly config: BridgeConfig
  readonly address: MacAddress
  readonly ports: number
  readonly trees: number
  /** Replaced whole when VLANs come, go or change their trees. */
  vlans: VlanTable.VlanTable
  /** How each bridge port treats VLANs; replaced whole, like `vlans`. */
  switchPorts: ReadonlyArray<SwitchPort>
  /** The VTP domain that the bridge is of, "" = none; what VTP has learnt of it, for others. */
  vtpDomain: string
  /** Whether protocols have still to be told that `vlans`, `switchPorts` or `vtpDomain` is another; never between events. */
  vlansChanged: boolean
  readonly fdb: FilteringDatabase.FilteringDatabase
  /** By tree * ports + port: LEARNING, FORWARDING. */
  readonly portStates: Uint8Array
  /** By VLAN index * ports + port: membership and the port's state in the VLAN's tree. Follows from the two; what the relay goes by. */
  readonly relay: Uint8Array
  /** Bundles of link ports; null where there are none: then both maps are the identity and nobody looks them up. */
  readonly bundles: Bundles.Bundles | null
  /** Bridge port of each link port; link port of each bridge port, of a bundle the one that PDUs take, -1 = none. */
  readonly bridgePortOf: Int16Array
  readonly linkPortOf: Int16Array
  /** By bridge port. */
  readonly up: Uint8Array
  readonly rateBps: Float64Array
  readonly fullDuplex: Uint8Array
  /** Ports that the bridge itself took out of service. */
  readonly errdisable: Errdisable.Errdisable
  /** Whether frames that come in are looked at before protocols and relay get them: storm control, port security, a processor with limits or that hangs. */
  guarded: boolean
  readonly storm: StormControl.StormControl
  readonly security: PortSecurity.PortSecurity
  readonly controlPlane: ControlPlane.ControlPlane
  /** Groups of ports that follow others; null where there are none. */
  readonly linkState: LinkState.LinkState | null
  /** Hosts that move from port to port; null where nobody watches. */
  readonly macMoves: MacMove.MacMoves | null
  /** What half of a pair of chassis keeps for the other half; null elsewhere. */
  pairing: Pairing.Pairing | null
  /** By port * PortCounters.REASONS + reason. */
  readonly drops: Float64Array
  /** Frames flooded because their unicast destination was unknown, by VLAN, and what topology changes had to do with it. */
  readonly flooding: Flooding.Flooding
  /** By position in `config.protocols`. */
  readonly protocols: Array<unknown>
  /** By position: whether the protocol is one of link ports, and knows nothing of bundles. */
  readonly perLink: ReadonlyArray<boolean>
  /** By position, with one more at the end: the first timer of each protocol. */
  readonly timerBase: Int32Array
  /** The first of the bridge's own timers, behind those of its protocols. */
  readonly ownTimers: number
  /** Whether no control protocol governs the port states. */
  readonly free: boolean
}

/** Timers of a bridge itself, behind those of its protocols. */
export const ownTimersOf = ({ linkStateGroups }: BridgeConfig): number => (linkStateGroups === undefined ? 2 : 3)

/** Number of trees that a configuration speaks of. */
export const treesOf = (config: BridgeConfig): number =>
  Math.max(config.trees ?? 1, Math.max(0, ...(config.treeOfVlan ?? [])) + 1)

/** How each bridge port treats VLANs: link ports, then bundles. */
const switchPortsOf = ({ bundles, ports }: BridgeConfig): ReadonlyArray<SwitchPort> =>
  bundles === undefined ? ports : [...ports, ...bundles.map(({ switchPort }) => switchPort)]

/** What control protocols are told of a bridge with this configuration. */
export const viewOf = (config: BridgeConfig): BridgeView => ({
  address: config.address,
  bridgePorts: config.ports.length + (config.bundles?.length ?? 0),
  trees: treesOf(config),
  switchPorts: switchPortsOf(config),
  vlans: config.vlans,
  treeOfVlan: config.treeOfVlan ?? config.vlans.map(() => 0),
  ...(config.existing !== undefined && { existing: config.existing }),
  ...(config.vtpDomain !== undefined && { vtpDomain: config.vtpDomain }),
})

/** The same for a protocol of link ports: bundles are no ports to it. */
export const linkView = (view: BridgeView, { ports }: BridgeConfig): BridgeView =>
  view.bridgePorts === ports.length
    ? view
    : { ...view, bridgePorts: ports.length, switchPorts: view.switchPorts.slice(0, ports.length) }

/** What they are told when VLANs came or went, or ports treat them otherwise. */
export const currentView = ({ config, switchPorts, vlans, vtpDomain }: BridgeState): BridgeView => ({
  ...viewOf(config),
  switchPorts,
  vtpDomain,
  existing: VlanTable.existingOf(vlans),
})

/** Whether a configuration, by itself, has frames looked at. */
export const isGuarded = ({ controlPlane, portSecurity, stormControl }: BridgeConfig): boolean =>
  ControlPlane.isLimited(controlPlane) || portSecurity !== undefined || stormControl !== undefined

const treeOfFid = (vlans: VlanTable.VlanTable): Array<number> => {
  const trees: Array<number> = []
  for (let v = 0; v < vlans.ids.length; v++) trees[vlans.fidOf[v]] = vlans.treeOf[v]
  return Array.from(trees, (tree) => tree ?? 0)
}

/** A cold bridge: all ports down, nothing learnt, its protocols freshly made. `kinds` are those of `config.protocols`, by position. */
export const make = (config: BridgeConfig, kinds: ReadonlyArray<AnyControlProtocolKind>, now: SimTime): BridgeState => {
  const view = viewOf(config)
  const ports = view.bridgePorts
  const links = config.ports.length
  const vlans = VlanTable.make({ ...config, ports: view.switchPorts })
  const viewFor = (kind: AnyControlProtocolKind): BridgeView => (kind.perLink ? linkView(view, config) : view)
  const timerBase = new Int32Array(kinds.length + 1)
  kinds.forEach((kind, i) => {
    timerBase[i + 1] = timerBase[i] + kind.timers(config.protocols[i].config, viewFor(kind))
  })
  const fdb = FilteringDatabase.make(
    ports,
    treeOfFid(vlans),
    config.capacity ?? DEFAULT_CAPACITY,
    config.ageingNs ?? DEFAULT_AGEING,
    view.trees,
  )
  for (const entry of config.staticEntries ?? []) {
    FilteringDatabase.setStatic(fdb, entry.address, vlans.fidOf[vlans.indexOf[entry.vlan]], entry.port, now)
  }
  const state: BridgeState = {
    config,
    address: config.address,
    ports,
    trees: view.trees,
    vlans,
    switchPorts: view.switchPorts,
    vtpDomain: config.vtpDomain ?? "",
    vlansChanged: false,
    fdb,
    portStates: new Uint8Array(view.trees * ports),
    relay: vlans.membership.slice(),
    bundles: config.bundles === undefined ? null : Bundles.make(links, config.bundles),
    bridgePortOf: Int16Array.from({ length: links }, (_, p) => p),
    linkPortOf: Int16Array.from({ length: ports }, (_, p) => (p < links ? p : -1)),
    up: new Uint8Array(ports),
    rateBps: new Float64Array(ports),
    fullDuplex: new Uint8Array(ports),
    errdisable: Errdisable.make(ports, config.errdisable),
    guarded: isGuarded(config),
    storm: StormControl.make(ports, config.stormControl),
    security: PortSecurity.make(ports, config.portSecurity),
    controlPlane: ControlPlane.make(ports, config.controlPlane),
    linkState: config.linkStateGroups === undefined ? null : LinkState.make(config.linkStateGroups),
    macMoves: config.macMove === undefined ? null : MacMove.make(config.macMove),
    pairing: null,
    drops: PortCounters.make(ports),
    flooding: Flooding.make(config.vlans.length, view.trees, config.ageingNs ?? DEFAULT_AGEING),
    protocols: kinds.map((kind, i) => kind.make(config.protocols[i].config, viewFor(kind), now)),
    perLink: kinds.map((kind) => kind.perLink),
    timerBase,
    ownTimers: timerBase[kinds.length],
    free: kinds.every((kind) => kind.passive),
  }
  PortSecurity.configure(state, now)
  return state
}

/** Let each VLAN follow the tree that `treeOfVlan` gives. What was learnt is forgotten; every port is to the VLAN what it is in its new tree. */
export const setVlanTrees = (state: BridgeState, treeOfVlan: (vlan: number) => number): void => {
  const { ids, treeOf } = state.vlans
  if (ids.every((vlan, v) => treeOf[v] === treeOfVlan(vlan))) return
  state.vlans = VlanTable.withTrees(state.vlans, treeOfVlan)
  Pairing.note(state, Pairing.TREES)
  FilteringDatabase.follow(state.fdb, treeOfFid(state.vlans))
  refreshRelay(state)
}

/** The relay's bytes anew, after another table. */
const refreshRelay = (state: BridgeState): void => {
  for (let tree = 0; tree < state.trees; tree++) {
    for (let port = 0; port < state.ports; port++) setPortState(state, tree, port, state.portStates[tree * state.ports + port])
  }
}

/**
 * Let these VLANs exist, as far as there is room for them, and no others. What was learnt in those that go is forgotten. True if that changed
 * anything.
 */
export const setVlans = (state: BridgeState, existing: ReadonlyArray<VlanId>, now: SimTime): boolean => {
  const before = state.vlans
  const after = VlanTable.withPorts(before, existing, state.switchPorts)
  const gone = Array.from(before.ids.keys()).filter(
    (i) => before.indexOf[before.ids[i]] !== VlanTable.NO_VLAN && after.indexOf[before.ids[i]] === VlanTable.NO_VLAN,
  )
  if (gone.length === 0 && VlanTable.existingOf(before).length === VlanTable.existingOf(after).length) return false
  state.vlans = after
  const fids = new Set(gone.map((i) => before.fidOf[i]))
  for (const entry of FilteringDatabase.entries(state.fdb, now)) {
    if (!entry.isStatic && fids.has(entry.fid)) FilteringDatabase.remove(state.fdb, entry.address, entry.fid)
  }
  refreshRelay(state)
  state.vlansChanged = true
  Pairing.note(state, Pairing.VLANS)
  return true
}

/** Have a port treat VLANs so; of a bundle, its members too. */
export const setSwitchPort = (state: BridgeState, port: number, settings: SwitchPort): void => {
  const { bundles } = state
  state.switchPorts = state.switchPorts.map((own, p) =>
    p === port || (bundles !== null && p < bundles.links && bundles.bundleOf[p] === port - bundles.links) ? settings : own,
  )
  state.vlans = VlanTable.withPorts(state.vlans, VlanTable.existingOf(state.vlans), state.switchPorts)
  refreshRelay(state)
  state.vlansChanged = true
  Pairing.note(state, Pairing.SWITCH_PORT, port)
}

/** Set what the relay does on (tree, port): a combination of LEARNING and FORWARDING. */
export const setPortState = (state: BridgeState, tree: number, port: number, bits: number): void => {
  const { ports, vlans, relay } = state
  if (state.pairing !== null && state.portStates[tree * ports + port] !== bits) {
    Pairing.note(state, Pairing.PORT_STATE, port, tree, bits)
  }
  state.portStates[tree * ports + port] = bits
  for (let i = vlans.treeStart[tree]; i < vlans.treeStart[tree + 1]; i++) {
    const place = vlans.byTree[i] * ports + port
    relay[place] = vlans.membership[place] | bits
  }
}

/** An independent copy; what never changes is shared, the filtering database copy-on-write. */
export const copy = (state: BridgeState, kinds: ReadonlyArray<AnyControlProtocolKind>): BridgeState => ({
  ...state,
  fdb: FilteringDatabase.copy(state.fdb),
  portStates: state.portStates.slice(),
  relay: state.relay.slice(),
  bundles: state.bundles === null ? null : Bundles.copy(state.bundles),
  bridgePortOf: state.bridgePortOf.slice(),
  linkPortOf: state.linkPortOf.slice(),
  up: state.up.slice(),
  rateBps: state.rateBps.slice(),
  fullDuplex: state.fullDuplex.slice(),
  errdisable: Errdisable.copy(state.errdisable),
  storm: StormControl.copy(state.storm),
  security: PortSecurity.copy(state.security),
  controlPlane: ControlPlane.copy(state.controlPlane),
  linkState: state.linkState === null ? null : LinkState.copy(state.linkState),
  macMoves: state.macMoves === null ? null : MacMove.copy(state.macMoves),
  pairing: state.pairing === null ? null : Pairing.copy(state.pairing),
  drops: state.drops.slice(),
  flooding: Flooding.copy(state.flooding),
  protocols: state.protocols.map((protocol, i) => kinds[i].copy(protocol)),
})

const isAsConfigured = ({ config: { bundles, ports }, switchPorts }: BridgeState): boolean =>
  bundles === undefined
    ? switchPorts === ports
    : switchPorts.every((own, p) => own === (p < ports.length ? ports[p] : bundles[p - ports.length].switchPort))

export const fingerprint = (
  state: BridgeState,
  kinds: ReadonlyArray<AnyControlProtocolKind>,
  digest: Digest,
  now: SimTime,
): void => {
  digest.numbers(state.portStates)
  digest.numbers(state.vlans.treeOf)
  // What a configuration says of VLANs and ports is no news; what has become of it is.
  if (!isAsConfigured(state) || VlanTable.existingOf(state.vlans).length < state.vlans.ids.length) {
    digest.numbers(state.vlans.indexOf)
    digest.numbers(state.vlans.membership)
    digest.numbers(state.vlans.pvid)
  }
  digest.numbers(state.up)
  if (state.bundles !== null) Bundles.fingerprint(state.bundles, digest, now)
  Errdisable.fingerprint(state.errdisable, digest, now)
  StormControl.fingerprint(state.storm, digest, now)
  PortSecurity.fingerprint(state.security, digest, now)
  ControlPlane.fingerprint(state.controlPlane, digest, now)
  if (state.linkState !== null) LinkState.fingerprint(state.linkState, digest)
  if (state.macMoves !== null) MacMove.fingerprint(state.macMoves, digest, now)
  digest.numbers(state.drops)
  Flooding.fingerprint(state, digest)
  FilteringDatabase.fingerprint(state.fdb, digest, now)
  state.protocols.forEach((protocol, i) => kinds[i].fingerprint(protocol, digest, now))
}
