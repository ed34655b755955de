/**
 * The standby's data plane follows the active's: what the journal of the active's bridge says of ports, members of bundles, VLANs and forgotten addresses
 * is a message to the standby, which does the same, and tells its protocols nothing, since they rest.
 */
import type { SwitchPort } from "@l2lab/l2/BridgeConfig"
import * as BridgeState from "@l2lab/l2/BridgeState"
import * as Bundles from "@l2lab/l2/bundle/Bundles"
import * as FilteringDatabase from "@l2lab/l2/FilteringDatabase"
import * as Pairing from "@l2lab/l2/Pairing"
import * as PortSecurity from "@l2lab/l2/PortSecurity"
import * as StormControl from "@l2lab/l2/StormControl"
import * as VlanTable from "@l2lab/l2/VlanTable"
import type { Outbox } from "@l2lab/sim/Device"
import type { EthernetFrame } from "@l2lab/l2/EthernetFrame"
import type { SimTime } from "@l2lab/sim/SimTime"
import { firstPort, isOwn, type ChassisState } from "./ChassisState.ts"
import type { Message } from "./Message.ts"

/** An entry of our own, behind those of the journal: link port, enabled (0 or 1). */
export const ENABLED = 32

type Program = Extract<Message, { readonly kind: "program" }>

/** The message that these entries make, with what they speak of. */
export const programOf = (
  { switchPorts, vlans, vtpDomain }: BridgeState.BridgeState,
  entries: ReadonlyArray<number>,
): Program => {
  const speakOf = new Set<number>()
  const ports: Array<unknown> = []
  for (let i = 0; i < entries.length; i += Pairing.WIDTH) {
    speakOf.add(entries[i])
    if (entries[i] === Pairing.SWITCH_PORT) ports.push(entries[i + 1], switchPorts[entries[i + 1]])
  }
  return {
    kind: "program",
    entries,
    ...(speakOf.has(Pairing.VLANS) && { existing: VlanTable.existingOf(vlans) }),
    ...(speakOf.has(Pairing.TREES) && { trees: Array.from(vlans.treeOf) }),
    ...(speakOf.has(Pairing.VTP_DOMAIN) && { domain: vtpDomain }),
    ...(ports.length > 0 && { switchPorts: ports }),
  }
}

/** Entries that make a bridge that was just made what this one is. */
export const everything = (bridge: BridgeState.BridgeState): ReadonlyArray<number> => {
  const { bundles, config, fdb, portStates, ports, rateBps, switchPorts, trees, up } = bridge
  const entries: Array<number> = []
  const note = (entry: number, a = 0, b = 0, c = 0): number => entries.push(entry, a, b, c)
  const configured = [...config.ports, ...(config.bundles ?? []).map(({ switchPort }) => switchPort)]
  note(Pairing.TREES)
  note(Pairing.VLANS)
  note(Pairing.VTP_DOMAIN)
  switchPorts.forEach((port, p) => {
    if (port !== configured[p]) note(Pairing.SWITCH_PORT, p)
  })
  for (let tree = 0; tree < trees; tree++) note(Pairing.AGEING, tree, fdb.ageing[tree])
  if (bundles !== null) for (let link = 0; link < bundles.links; link++) note(Pairing.MEMBER, link, bundles.role[link])
  for (let port = 0; port < ports; port++) if (up[port] === 1) note(Pairing.PORT, port, 1, rateBps[port])
  portStates.forEach((bits, place) => {
    if (bits !== 0) note(Pairing.PORT_STATE, place % ports, Math.floor(place / ports), bits)
  })
  return entries
}

/** A link port is to the relay what `role` says; a link of this chassis that is down is out, whatever the active believes. */
export const setMember = (state: ChassisState, link: number, role: number): void => {
  const { bridge, links } = state
  const { bundles, config } = bridge
  if (bundles === null || link >= bundles.links) return
  bundles.role[link] = isOwn(state, link) && links.up[link - firstPort(state)] === 0 ? Bundles.OUT : role
  const b = bundles.bundleOf[link]
  bridge.bridgePortOf[link] = bundles.role[link] === Bundles.IN ? bundles.links + b : link
  if (b < 0) return
  Bundles.deal(bundles, config.bundles!, b)
  bridge.linkPortOf[bundles.links + b] = Bundles.membersThatSend(bundles, config.bundles![b])[0] ?? -1
}

/** Do what the active did. What speaks of ports or trees that there are not is passed over. */
export const apply = (
  state: ChassisState,
  { domain, entries, existing, switchPorts, trees }: Program,
  now: SimTime,
  out: Outbox<EthernetFrame>,
): void => {
  const { bridge } = state
  const isPort = (port: number): boolean => Number.isInteger(port) && port >= 0 && port < bridge.ports
  const isTree = (tree: number): boolean => Number.isInteger(tree) && tree >= 0 && tree < bridge.trees
  for (let i = 0; i + Pairing.WIDTH <= entries.length; i += Pairing.WIDTH) {
    const [entry, a, b, c] = entries.slice(i, i + Pairing.WIDTH)
    switch (entry) {
      case Pairing.FLUSHED:
        if (isPort(a) && isTree(b)) FilteringDatabase.flush(bridge.fdb, b, a)
        break
      case Pairing.PORT_STATE:
        if (isPort(a) && isTree(b)) BridgeState.setPortState(bridge, b, a, c & (BridgeState.LEARNING | BridgeState.FORWARDING))
        break
      case Pairing.AGEING:
        if (isTree(a)) FilteringDatabase.setAgeing(bridge.fdb, a, b, now)
        break
      case Pairing.MEMBER:
        if (isPort(a)) setMember(state, a, b)
        break
      case Pairing.PORT:
        if (isPort(a)) setPort(bridge, a, b === 1, c, now)
        break
      case Pairing.VLANS:
        if (existing !== undefined) BridgeState.setVlans(bridge, existing, now)
        break
      case Pairing.TREES:
        if (trees !== undefined && trees.every(isTree)) setTrees(bridge, trees)
        break
      case Pairing.VTP_DOMAIN:
        if (domain !== undefined) bridge.vtpDomain = domain
        break
      case ENABLED:
        if (isOwn(state, a)) setEnabled(state, a, b === 1, out)
        break
    }
  }
  const settled = switchPorts ?? []
  for (let i = 0; i + 1 < settled.length; i += 2) {
    const [port, settings] = [settled[i], settled[i + 1]]
    if (typeof port === "number" && isPort(port) && isSwitchPort(settings)) BridgeState.setSwitchPort(bridge, port, settings)
  }
  // Nobody is told here.
  bridge.vlansChanged = false
}

/** A port came up or went down: what looks at frames before the relay does is told. */
const setPort = (bridge: BridgeState.BridgeState, port: number, up: boolean, rateBps: number, now: SimTime): void => {
  bridge.up[port] = up ? 1 : 0
  bridge.rateBps[port] = rateBps
  if (up) StormControl.linkUp(bridge, port, rateBps, now)
  else PortSecurity.linkDown(bridge, port)
}

/** A port of this chassis is taken out of service, or back into it. */
const setEnabled = (state: ChassisState, link: number, enabled: boolean, out: Outbox<EthernetFrame>): void => {
  if (enabled) state.bridge.errdisable.cause[link] = 0
  out.setPortEnabled(link - firstPort(state), enabled)
}

const setTrees = (bridge: BridgeState.BridgeState, trees: ReadonlyArray<number>): void => {
  const treeOfVlan = new Map(Array.from(bridge.vlans.ids, (vlan, i) => [vlan, trees[i] ?? 0]))
  BridgeState.setVlanTrees(bridge, (vlan) => treeOfVlan.get(vlan) ?? 0)
}

const isVlan = (value: unknown): boolean => typeof value === "number" && value >= 0 && value < 4096

const isSwitchPort = (value: unknown): value is SwitchPort => {
  if (typeof value !== "object" || value === null) return false
  const { allowed, mode, native, vlan } = value as Record<string, unknown>
  if (mode === "access") return isVlan(vlan)
  return mode === "trunk" && isVlan(native) && Array.isArray(allowed) && allowed.every(isVlan)
}
