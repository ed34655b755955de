/** The protocols of the family as networks of tests use them: how a bridge is configured, and what it answers, in words that all share. */
import type { BridgeConfig, ProtocolConfig, VlanId } from "@l2lab/l2/BridgeConfig"
import type { BridgeState } from "@l2lab/l2/BridgeState"
import type { AnyControlProtocolKind } from "@l2lab/l2/ControlProtocol"
import type { SimTime } from "@l2lab/sim/SimTime"
import type { BridgeIdentifier } from "../../src/BridgeIdentifier.ts"
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
  /** Whether it waits out its timers instead of agreeing with its neighbours. */
  readonly isTimed: boolean
  /** Whether each VLAN has a tree of its own, with the VLAN's number in the bridge's priority. */
  readonly isPerVlan: boolean
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

type Snapshot = Query1998.TreeSnapshot | Query2004.TreeSnapshot

const view = ({ bridge: own, ports, root, rootPathCost, rootPort }: Omit<Snapshot, "tree">): View => ({
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

export const timed = (kind: AnyControlProtocolKind): Protocol => ({
  kind,
  bridge: (settings) => bridge(settings, { kind: kind.kind, config: timedConfig(settings) }),
  view: ({ protocols }, _vlan, now) => view(Query1998.snapshot(protocols[0] as State1998, 0, now)),
  isHeld: () => false,
  isTimed: true,
  isPerVlan: false,
})

export const rapid = (kind: AnyControlProtocolKind): Protocol => ({
  kind,
  bridge: (settings) => bridge(settings, { kind: kind.kind, config: rapidConfig(settings) }),
  view: ({ protocols }) => view(Query2004.snapshot(protocols[0] as State2004, 0)),
  isHeld: ({ protocols }) => isHeld2004(protocols[0] as State2004),
  isTimed: false,
  isPerVlan: false,
})

const perVlan = (kind: AnyControlProtocolKind, isTimed: boolean): Protocol => ({
  kind,
  bridge: (settings) => ({
    ...bridge(settings, { kind: kind.kind, config: isTimed ? timedConfig(settings) : rapidConfig(settings) }),
    treeOfVlan: treeOfVlan(settings.vlans, {}),
  }),
  view: ({ protocols }, vlan, now) => view(QueryPvst.snapshot(protocols[0] as QueryPvst.PvstState, vlan, now)!),
  isHeld: ({ protocols }) => !isTimed && isHeld2004((protocols[0] as QueryPvst.PvstState).machines as State2004),
  isTimed,
  isPerVlan: true,
})

/** All of them. */
export const PROTOCOLS = {
  stp: timed(Stp1998),
  rstp: rapid(Rstp2004),
  pvst: perVlan(Pvst, true),
  "rapid-pvst": perVlan(RapidPvst, false),
} as const satisfies Readonly<Record<string, Protocol>>

export type StandardProtocol = keyof typeof PROTOCOLS
