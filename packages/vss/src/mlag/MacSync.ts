/**
 * Addresses that both peers know: what one learns on a vPC is on the other's own leg of it, or on the peer-link while that leg is down; what it learns on an
 * orphan port is on the peer-link. Of frames that come over the peer-link nothing new is learnt, and they move nothing that a vPC leads to: only the peer's word does.
 */
import * as AdoptedAddress from "@l2lab/l2/AdoptedAddress"
import * as FilteringDatabase from "@l2lab/l2/FilteringDatabase"
import * as MacAddress from "@l2lab/l2/MacAddress"
import { NO_VLAN } from "@l2lab/l2/VlanTable"
import { SECOND, type SimTime } from "@l2lab/sim/SimTime"
import * as Channel from "./Channel.ts"
import type { MlagActions } from "./MlagActions.ts"
import { type MacEntry, MOST_ITEMS } from "./MlagRecord.ts"
import { SWEEP_INTERVAL } from "./Settings.ts"
import { type State, vpcOf } from "./State.ts"

/** Records under way beyond which addresses wait, so that hosts that move at wire speed cannot fill the peer-link. */
const WINDOW = 32

const OLDEST_AGE = 0xffff

/** Where an address is, in the peers' words; undefined where the peer is not told. */
const entryOf = (s: State, address: number, vlan: number, port: number, age: number): MacEntry | undefined => {
  if (port < 0 || port === s.config.peerLink) return undefined
  const v = s.vpcOfPort[port]
  return { address, vlan, vpc: v < 0 ? 0 : s.config.vpcs[v].id, age }
}

const send = (s: State, macs: ReadonlyArray<MacEntry>, actions: MlagActions): void => {
  Channel.tellAll(s, macs, MOST_ITEMS.macs, (part) => ({ type: "macs", macs: part }), actions)
}

/** Tell the peer of addresses that waited, if the channel has room. */
export const sendWaiting = (s: State, actions: MlagActions): void => {
  if (s.macs.size === 0 || s.channel.waiting.length >= WINDOW) return
  const macs = [...s.macs.values()]
  s.macs.clear()
  send(s, macs, actions)
}

/** An address was learnt on a port, or moved to it. */
export const learnt = (s: State, address: number, vlan: number, port: number, actions: MlagActions): void => {
  if (s.adjacent === 0) return
  const entry = entryOf(s, address, vlan, port, 0)
  if (entry === undefined) return
  if (s.channel.waiting.length < WINDOW && s.macs.size === 0) send(s, [entry], actions)
  else s.macs.set(`${address}/${vlan}`, entry)
}

/**
 * An address that nothing was known of was seen on the peer-link: so it stays until the peer tells of it. It may be behind a vPC, and what is sent
 * to it over the peer-link would not be let out there.
 */
export const unlearn = (s: State, address: number, vlan: number): void => {
  const { fdb, vlans } = s.bridge
  const index = vlans.indexOf[vlan]
  if (index !== NO_VLAN) FilteringDatabase.remove(fdb, address, vlans.fidOf[index])
}

/** An address was seen on the peer-link that another port leads to: where that is a vPC, it stays. */
export const moved = (s: State, address: number, vlan: number, from: number, now: SimTime): void => {
  const { bridge } = s
  if (s.vpcOfPort[from] < 0 || bridge.up[from] === 0) return
  const index = bridge.vlans.indexOf[vlan]
  if (index === NO_VLAN) return
  const { fidOf, treeOf } = bridge.vlans
  FilteringDatabase.learn(bridge.fdb, MacAddress.low(address), MacAddress.high(address), fidOf[index], treeOf[index], from, now)
}

/** Addresses on the own ports (`port` undefined: all), seen after `since`. */
const own = (s: State, since: SimTime, port: number | undefined, now: SimTime): ReadonlyArray<MacEntry> => {
  const { fdb, vlans } = s.bridge
  const vlanOf = new Map(Array.from(vlans.ids, (id, i) => [vlans.fidOf[i], id]))
  return FilteringDatabase.entries(fdb, now).flatMap((entry) => {
    if (entry.isStatic || entry.seen < since || (port !== undefined && entry.port !== port)) return []
    const age = Math.min(OLDEST_AGE, Math.floor((now - entry.seen) / SECOND))
    return entryOf(s, entry.address, vlanOf.get(entry.fid) ?? 0, entry.port, age) ?? []
  })
}

/** Forget what is on the peer-link: it is told anew, and to where it is now. */
export const forget = ({ bridge, config }: State): void => {
  for (let tree = 0; tree < bridge.trees; tree++) FilteringDatabase.flush(bridge.fdb, tree, config.peerLink)
}

/** Tell the peer all addresses of this one. */
export const tellAll = (s: State, actions: MlagActions): void => send(s, own(s, -Infinity, undefined, actions.now), actions)

/** Tell the peer those of a vPC, whose leg has gone down there, so that they follow. */
export const tellVpc = (s: State, v: number, actions: MlagActions): void =>
  send(s, own(s, -Infinity, s.portOfVpc[v], actions.now), actions)

/** Tell the peer those that it has on the peer-link: it has forgotten them by a topology change, which leaves the ports of hosts here alone. */
export const tellOthers = (s: State, actions: MlagActions): void => {
  const macs = own(s, -Infinity, undefined, actions.now)
  const isUpThere = (vpc: number): boolean => vpc !== 0 && s.peerUp[vpcOf(s, vpc)] === 1
  send(
    s,
    macs.filter(({ vpc }) => !isUpThere(vpc)),
    actions,
  )
}

/** Tell the peer those that were seen since the last time, so that they do not age there. */
export const sweep = (s: State, actions: MlagActions): void =>
  send(s, own(s, actions.now - SWEEP_INTERVAL, undefined, actions.now), actions)

/** The peer tells of addresses. */
export const hear = (s: State, macs: ReadonlyArray<MacEntry>, now: SimTime): void => {
  const { bridge, config } = s
  for (const { address, age, vlan, vpc } of macs) {
    const index = bridge.vlans.indexOf[vlan]
    if (index === NO_VLAN) continue
    const v = vpc === 0 ? -1 : vpcOf(s, vpc)
    const port = v >= 0 && s.localUp[v] === 1 ? s.portOfVpc[v] : config.peerLink
    if (bridge.up[port] === 0) continue
    const fid = bridge.vlans.fidOf[index]
    const tree = bridge.vlans.treeOf[index]
    const seen = Math.max(0, now - age * SECOND)
    const [low, high] = [MacAddress.low(address), MacAddress.high(address)]
    const at = FilteringDatabase.lookup(bridge.fdb, low, high, fid, tree, now)
    // What frames over the peer-link have made of a vPC's address does not count against the peer's word.
    if (at === config.peerLink && port !== at) FilteringDatabase.learn(bridge.fdb, low, high, fid, tree, port, now)
    else AdoptedAddress.adopt(bridge.fdb, address, fid, port, seen, now)
  }
}
