/** The protocols of the family as networks of tests use them: how a bridge is configured, and what it answers, in words that all share. */
import type { BridgeConfig, ProtocolConfig, VlanId } from "@l2lab/l2/BridgeConfig"
import type { BridgeState } from "@l2lab/l2/BridgeState"
import type { AnyControlProtocolKind } from "@l2lab/l2/ControlProtocol"
import type { Command } from "@l2lab/sim/Device"
import type { SimTime } from "@l2lab/sim/SimTime"
import type { BridgeIdentifier } from "../../src/BridgeIdentifier.ts"
import { Mstp } from "../../src/mstp/Entity.ts"
import * as QueryMstp from "../../src/mstp/Query.ts"
import type { MstpConfig } from "../../src/mstp/Settings.ts"
import type { State as StateMstp } from "../../src/mstp/State.ts"
import { Pvst, RapidPvst } from "../../src/pvst/Entity.ts"
import * as QueryPvst from "../../src/pvst/Query.ts"
import { treeOfVlan } from "../../src/pvst/Settings.ts"
import { Rstp2004 } from "../../src/rstp2004/Entity.ts"
import * as Query2004 from "../../src/rstp2004/Query.ts"
import type { State as State2004 } from "../../src/rstp2004/State.ts"
import { Stp1998 } from "../../src/stp1998/Entity.ts"
import * as Query1998 from "../../src/stp1998/Query.ts"
import type { State as State1998 } from "../../src/stp1998/State.ts"

export interface Timers {
  readonly helloTime: number
  readonly maxAge: number
  readonly forwardDelay: number
}

/** What a bridge is configured with, whatever it runs. */
export interface Settings extends Partial<Timers> {
  readonly address: number
  readonly priority: number
  readonly ports: ReadonlyArray<{ readonly cost: number; readonly priority: number; readonly isShared: boolean }>
  readonly autoEdge: boolean
  /** VLAN 1 alone: access ports; more: trunks with native VLAN 1. */
  readonly vlans: ReadonlyArray<VlanId>
}

/** A port in a tree. */
export interface PortView {
  /** Root, Designated, Alternate, Backup or Disabled. */
  readonly role: string
  readonly isListening: boolean
  readonly designatedRoot: BridgeIdentifier
  readonly designatedCost: number
  readonly designatedBridge: BridgeIdentifier
}

/** A tree as a bridge sees it. */
export interface View {
  readonly root: BridgeIdentifier
  readonly rootPathCost: number
  readonly rootPort?: number
  readonly ports: ReadonlyArray<PortView>
}

export interface Protocol {
  readonly kind: AnyControlProtocolKind
  readonly bridge: (settings: Settings) => BridgeConfig
  readonly view: (bridge: BridgeState, vlan: VlanId, now: SimTime) => View
  /** Whether a BPDU waits because the port has sent as many as it may within a second. */
  readonly isHeld: (bridge: BridgeState) => boolean
  /** BPDUs not taken, by bridge port and reason. */
  readonly discarded: (bridge: BridgeState) => Float64Array
  /** Whether it waits out its timers instead of agreeing with its neighbours. */
  readonly isTimed: boolean
  /** Whether each VLAN has a tree of its own. */
  readonly isPerVlan: boolean
  /** What a bridge's priority in a VLAN's tree has beyond what was set. */
  readonly systemId: (vlan: VlanId) => number
  /** A command to the tree of 802.1D as commands to all trees that the bridge has. */
  readonly commands: (command: Command) => ReadonlyArray<Command>
}

// ------------------------------------------------------------------------------------------------------------ configuration

const bridge = (settings: Settings, protocol: ProtocolConfig): BridgeConfig => ({
  address: settings.address,
  ports: settings.ports.map(() =>
    settings.vlans.length === 1 ? { mode: "access", vlan: 1 } : { mode: "trunk", native: 1, allowed: settings.vlans },
  ),
  vlans: settings.vlans,
  protocols: [protocol],
})

const times = ({ forwardDelay, helloTime, maxAge }: Settings): Partial<Timers> => ({
  ...(helloTime !== undefined && { helloTime }),
  ...(maxAge !== undefined && { maxAge }),
  ...(forwardDelay !== undefined && { forwardDelay }),
})

const timedConfig = (settings: Settings): object => ({
  ...times(settings),
  priority: settings.priority,
  ports: settings.ports.map(({ cost, priority }) => ({ pathCost: cost, priority })),
})

const rapidConfig = (settings: Settings): object => ({
  ...times(settings),
  priority: settings.priority,
  ports: settings.ports.map(({ cost, isShared, priority }) => ({
    pathCost: cost,
    priority,
    autoEdge: settings.autoEdge,
    ...(isShared && { adminPointToPointMAC: false }),
  })),
})

// ------------------------------------------------------------------------------------------------------------------ answers

/** 1998 has one word for alternate and backup; whose bridge is designated tells. */
const roleOf = (role: string, isOwn: boolean): string => (role !== "Blocked" ? role : isOwn ? "Backup" : "Alternate")

/** What the queries of all protocols have in common. */
interface Snapshot extends Pick<Query1998.TreeSnapshot, "bridge" | "root" | "rootPathCost" | "rootPort"> {
  readonly ports: ReadonlyArray<
    Pick<Query1998.PortSnapshot, "designatedBridge" | "designatedCost" | "designatedRoot"> & {
      readonly role: string
      readonly state: string
    }
  >
}

const view = ({ bridge: own, ports, root, rootPathCost, rootPort }: Snapshot): View => ({
  root,
  rootPathCost,
  ...(rootPort !== undefined && { rootPort }),
  ports: ports.map((port) => ({
    role: roleOf(port.role, port.designatedBridge.address === own.address),
    isListening: port.state === "listening",
    designatedRoot: port.designatedRoot,
    designatedCost: port.designatedCost,
    designatedBridge: port.designatedBridge,
  })),
})

const isHeld2004 = ({ newInfo, txCount, txHoldCount }: State2004): boolean =>
  txCount.some((count, i) => newInfo[i] === 1 && count >= txHoldCount)

const oneTree = {
  isPerVlan: false,
  systemId: () => 0,
  commands: (command: Command) => [command],
} satisfies Partial<Protocol>

/** The VLAN of networks that have two, and the MSTI that it is in. */
export const MSTI = 10

export const timed = (kind: AnyControlProtocolKind): Protocol => ({
  kind,
  bridge: (settings) => bridge(settings, { kind: kind.kind, config: timedConfig(settings) }),
  view: ({ protocols }, _vlan, now) => view(Query1998.snapshot(protocols[0] as State1998, 0, now)),
  isHeld: () => false,
  discarded: ({ protocols }) => (protocols[0] as State1998).discarded,
  isTimed: true,
  ...oneTree,
})

export const rapid = (kind: AnyControlProtocolKind): Protocol => ({
  kind,
  bridge: (settings) => bridge(settings, { kind: kind.kind, config: rapidConfig(settings) }),
  view: ({ protocols }) => view(Query2004.snapshot(protocols[0] as State2004, 0)),
  isHeld: ({ protocols }) => isHeld2004(protocols[0] as State2004),
  discarded: ({ protocols }) => (protocols[0] as State2004).discarded,
  isTimed: false,
  ...oneTree,
})

const perVlan = (kind: AnyControlProtocolKind, isTimed: boolean): Protocol => ({
  kind,
  bridge: (settings) => ({
    ...bridge(settings, { kind: kind.kind, config: isTimed ? timedConfig(settings) : rapidConfig(settings) }),
    treeOfVlan: treeOfVlan(settings.vlans, {}),
  }),
  view: ({ protocols }, vlan, now) => view(QueryPvst.snapshot(protocols[0] as QueryPvst.PvstState, vlan, now)!),
  discarded: ({ protocols }) => (protocols[0] as QueryPvst.PvstState).machines.discarded,
  isHeld: ({ protocols }) => !isTimed && isHeld2004((protocols[0] as QueryPvst.PvstState).machines as State2004),
  isTimed,
  isPerVlan: true,
  systemId: (vlan) => vlan,
  commands: (command) => [command],
})

/** Every VLAN but the first is an MSTI of its own number. */
const mstpConfig = (settings: Settings, name: string): MstpConfig => ({
  ...times(settings),
  region: {
    name,
    instances: Object.fromEntries(settings.vlans.filter((vlan) => vlan !== 1).map((vlan) => [vlan, [[vlan, vlan]]])),
  },
  priority: settings.priority,
  ports: settings.ports.map(({ cost, isShared, priority }) => ({
    internalPathCost: cost,
    externalPathCost: cost,
    priority,
    autoEdge: settings.autoEdge,
    ...(isShared && { adminPointToPointMAC: false }),
  })),
  mstis: Object.fromEntries(
    settings.vlans
      .filter((vlan) => vlan !== 1)
      .map((vlan) => [
        vlan,
        {
          priority: settings.priority,
          ports: settings.ports.map(({ cost, priority }) => ({ internalPathCost: cost, priority })),
        },
      ]),
  ),
})

/** The CIST by both its costs together: within one region, or where each bridge is one, that is the tree of 802.1D. */
const viewMstp = (state: StateMstp, vlan: VlanId): View => {
  const tree = vlan === 1 ? 0 : QueryMstp.treeOfMstid(state, vlan)!
  const of = QueryMstp.snapshot(state, tree)
  const seen = view({ ...of, ports: of.ports.map((port) => ({ ...port, role: port.role === "Master" ? "Root" : port.role })) })
  if (tree !== 0) return seen
  return {
    ...seen,
    rootPathCost: of.rootPathCost + of.internalRootPathCost,
    ports: seen.ports.map((port, p) => ({ ...port, designatedCost: port.designatedCost + of.ports[p].designatedInternalCost })),
  }
}

/** `isAlone`: each bridge is a region of its own. */
const multiple = (isAlone: boolean): Protocol => ({
  kind: Mstp,
  bridge: (settings) => ({
    ...bridge(settings, {
      kind: Mstp.kind,
      config: mstpConfig(settings, isAlone ? `region ${settings.address}` : "region"),
    }),
    trees: settings.vlans.length,
  }),
  view: ({ protocols }, vlan) => viewMstp(protocols[0] as StateMstp, isAlone ? 1 : vlan),
  discarded: ({ protocols }) => (protocols[0] as StateMstp).discarded,
  isHeld: ({ protocols }) => {
    const { newInfo, newInfoMsti, txCount, txHoldCount } = protocols[0] as StateMstp
    return txCount.some((count, port) => (newInfo[port] === 1 || newInfoMsti[port] === 1) && count >= txHoldCount)
  },
  isTimed: false,
  isPerVlan: true,
  systemId: (vlan) => (vlan === 1 || isAlone ? 0 : vlan),
  commands: (command) =>
    command.type === "stp.set-path-cost"
      ? [command, { ...command, external: true } as Command, { ...command, msti: MSTI } as Command]
      : [command, { ...command, msti: MSTI } as Command],
})

/** All of them. */
export const PROTOCOLS = {
  stp: timed(Stp1998),
  rstp: rapid(Rstp2004),
  pvst: perVlan(Pvst, true),
  "rapid-pvst": perVlan(RapidPvst, false),
  mstp: multiple(false),
  /** Each bridge a region of its own. */
  "mstp-alone": multiple(true),
} as const satisfies Readonly<Record<string, Protocol>>

export type StandardProtocol = keyof typeof PROTOCOLS
