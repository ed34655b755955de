/**
 * The state of a bridge with a tree per VLAN: the machines of 802.1D-1998 or 802.1D-2004 with a tree for each VLAN, and around them which frames carry which
 * tree's BPDUs on which port. Plain data in columns, by tree (the relay's trees are the machines' trees), by bridge port, or by (tree, port).
 */
import type { SwitchPort, VlanId } from "@l2lab/l2/BridgeConfig"
import type { BridgeView } from "@l2lab/l2/ControlProtocol"
import type { EthernetFrame } from "@l2lab/l2/EthernetFrame"
import { untaggedVlan } from "@l2lab/l2/VlanTable"
import { NEVER } from "@l2lab/sim/SimTime"
import type { State as State2004 } from "../rstp2004/State.ts"
import type { State as State1998 } from "../stp1998/State.ts"

/** Values of `encapsulation`: how a tree's BPDUs leave a port. The port does not carry the VLAN: not at all. */
export const ENCAPSULATION_NONE = 0
/** An access port: as 802.1D has them. */
export const ENCAPSULATION_IEEE = 1
/** A trunk: as SSTP frames. */
export const ENCAPSULATION_SSTP = 2
/** VLAN 1 on a trunk: both, the first for 802.1D bridges and for the tree, the second so that others can compare VLANs. */
export const ENCAPSULATION_BOTH = 3

/** The VLAN whose tree is that of 802.1D bridges. */
export const COMMON_VLAN: VlanId = 1

/** No tree: the VLAN does not exist on the bridge. */
export const NO_TREE = 0xffff

export interface State<Trees = State1998 | State2004> {
  /** The machines. */
  readonly machines: Trees
  /** 1: Rapid PVST+. */
  readonly isRapid: number
  readonly ports: number
  /** Trees with an instance: 0 .. instances - 1. The relay's others run without. */
  readonly instances: number
  readonly relayTrees: number
  /** By tree with an instance. */
  readonly vlanOfTree: Uint16Array
  /** By VLAN id; NO_TREE where the VLAN does not exist. */
  readonly treeOfVlan: Uint16Array
  /** By port. */
  readonly isTrunk: Uint8Array
  /** By port: the VLAN of untagged frames, 0 = none. */
  readonly untaggedVlan: Uint16Array
  /** By port: the tree that BPDUs of 802.1D belong to: the access VLAN's; on a trunk VLAN 1's, if the trunk carries it. NO_TREE: none. */
  readonly ieeeTree: Uint16Array
  /** By (tree, port): ENCAPSULATION_NONE .. ENCAPSULATION_BOTH. */
  readonly encapsulation: Uint8Array
  /** By (tree, port): the tag of the tree's SSTP frames, -1 = none. */
  readonly tag: Int32Array
  /** By (tree, port): when an inconsistency ends unless it is seen again; NEVER where there is none. */
  readonly inconsistentUntil: Float64Array
  /** One item: whether the timer for that runs. */
  readonly expiryRuns: Uint8Array

  // Counters, by (tree, port). What is not taken the machines count, by port and reason.
  readonly sstpSent: Float64Array
  readonly sstpReceived: Float64Array

  // A cache: the last SSTP frames sent, reused while the BPDU in them is the same object. No part of fingerprints.
  readonly sstpFrame: Array<EthernetFrame | null>
}

/** Priority 7, as switches send control frames†. */
const TAG_PRIORITY = 7 << 13

/** Everything but the machines, which are made by the caller for `instances` trees. */
export const make = <Trees>(
  machines: Trees,
  isRapid: boolean,
  bridge: BridgeView,
  vlanOfTree: ReadonlyArray<VlanId>,
): State<Trees> => {
  const ports = bridge.bridgePorts
  const instances = vlanOfTree.length
  const count = instances * ports
  const state: State<Trees> = {
    machines,
    isRapid: isRapid ? 1 : 0,
    ports,
    instances,
    relayTrees: bridge.trees,
    vlanOfTree: Uint16Array.from(vlanOfTree),
    treeOfVlan: new Uint16Array(4096).fill(NO_TREE),
    isTrunk: new Uint8Array(ports),
    untaggedVlan: new Uint16Array(ports),
    ieeeTree: new Uint16Array(ports).fill(NO_TREE),
    encapsulation: new Uint8Array(count),
    tag: new Int32Array(count).fill(-1),
    inconsistentUntil: new Float64Array(count).fill(NEVER),
    expiryRuns: new Uint8Array(1),
    sstpSent: new Float64Array(count),
    sstpReceived: new Float64Array(count),
    sstpFrame: Array.from({ length: count }, () => null),
  }
  const exists = existing(bridge)
  mapVlans(state, bridge, exists)
  for (let port = 0; port < ports; port++) configurePort(state, port, bridge.switchPorts[port], exists)
  return state
}

/** The VLANs that exist, of those that have trees. */
export const existing = (bridge: BridgeView): ReadonlySet<VlanId> => new Set(bridge.existing ?? bridge.vlans)

/** Let each VLAN that exists follow its tree; the trees of the others rest. */
export const mapVlans = (state: State<unknown>, bridge: BridgeView, exists: ReadonlySet<VlanId>): void =>
  bridge.vlans.forEach((vlan, position) => {
    state.treeOfVlan[vlan] = exists.has(vlan) ? bridge.treeOfVlan[position] : NO_TREE
  })

/** How a port that treats VLANs so carries each tree's BPDUs. */
export const configurePort = (state: State<unknown>, port: number, settings: SwitchPort, exists: ReadonlySet<VlanId>): void => {
  state.isTrunk[port] = settings.mode === "trunk" ? 1 : 0
  state.untaggedVlan[port] = untaggedVlan(settings)
  state.ieeeTree[port] = NO_TREE
  for (let i = port; i < state.encapsulation.length; i += state.ports) {
    state.encapsulation[i] = ENCAPSULATION_NONE
    state.tag[i] = -1
    state.sstpFrame[i] = null
  }
  for (const vlan of settings.mode === "access" ? [settings.vlan] : settings.allowed) {
    if (!exists.has(vlan)) continue
    const tree = state.treeOfVlan[vlan]
    if (tree === NO_TREE) continue
    if (settings.mode === "access" || vlan === COMMON_VLAN) state.ieeeTree[port] = tree
    if (tree >= state.instances) continue
    const i = tree * state.ports + port
    if (settings.mode === "access") {
      state.encapsulation[i] = ENCAPSULATION_IEEE
      continue
    }
    state.encapsulation[i] = vlan === COMMON_VLAN ? ENCAPSULATION_BOTH : ENCAPSULATION_SSTP
    if (vlan !== settings.native || settings.tagNative === true) state.tag[i] = TAG_PRIORITY | vlan
  }
}

/** The VLAN of each tree that has an instance, from what a bridge is told of itself. Throws if trees are not VLANs: a mistake in composing it. */
export const vlansOfTrees = (bridge: BridgeView, instances: number): ReadonlyArray<VlanId> => {
  const vlans: Array<VlanId> = []
  bridge.vlans.forEach((vlan, position) => {
    const tree = bridge.treeOfVlan[position]
    if (tree >= instances) return
    if (vlans[tree] !== undefined)
      throw new Error(
        `VLANs ${vlans[tree]} and ${vlan} share tree ${tree}: PVST+ needs a tree for each VLAN (pvst/Settings.treeOfVlan)`,
      )
    vlans[tree] = vlan
  })
  return vlans
}
