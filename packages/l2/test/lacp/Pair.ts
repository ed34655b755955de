/** Two switches with some cables between them that each bundles as it is told, and what LACP makes of it. */
import { SECOND } from "@l2lab/sim/SimTime"
import type { BridgeConfig, SwitchPort } from "../../src/BridgeConfig.ts"
import type { BundleConfig } from "../../src/bundle/Bundles.ts"
import type * as Lacpdu from "../../src/lacp/Lacpdu.ts"
import { muxStateOf, receiveStateOf } from "../../src/lacp/Machines.ts"
import * as Selection from "../../src/lacp/Selection.ts"
import type { GroupConfig, PortConfig, State } from "../../src/lacp/State.ts"
import * as Trace from "../../src/Trace.ts"
import { DiscoveryNetwork } from "../DiscoveryNetwork.ts"

export const TRUNK: SwitchPort = { mode: "trunk", native: 1, allowed: [1, 10] }

/** One switch: how it bundles its first `cables` ports. */
export interface Side {
  readonly mode?: "active" | "passive" | "on" | "none"
  readonly rate?: "fast" | "slow"
  readonly systemPriority?: number
  /** By port. */
  readonly priorities?: ReadonlyArray<number>
  readonly group?: Partial<GroupConfig>
  readonly bundle?: Partial<BundleConfig>
  /** The ports that are members; all of them where nothing is said. */
  readonly members?: ReadonlyArray<number>
  readonly more?: Partial<BridgeConfig>
}

const spec = (side: Side, cables: number) => {
  const {
    bundle,
    group,
    members = Array.from({ length: cables }, (_, port) => port),
    mode = "active",
    more,
    priorities,
    rate,
  } = side
  const isBundled = mode !== "none"
  const port = (index: number): PortConfig | undefined =>
    mode !== "active" && mode !== "passive"
      ? undefined
      : members.includes(index)
        ? {
            mode,
            ...(rate !== undefined && { rate }),
            ...(priorities?.[index] !== undefined && { priority: priorities[index] }),
          }
        : undefined
  return {
    ports: Array.from({ length: cables + 1 }, () => TRUNK),
    protocols: {
      lacp: {
        ...(side.systemPriority !== undefined && { systemPriority: side.systemPriority }),
        groups: mode === "active" || mode === "passive" ? [{ bundle: 0, key: 1, members, ...group }] : [],
        ports: Array.from({ length: cables + 1 }, (_, index) => port(index)),
      },
    },
    more: {
      ...(isBundled && {
        bundles: [
          { members, isStatic: mode === "on", switchPort: TRUNK, loadBalance: "src-dst-mac", ...bundle } satisfies BundleConfig,
        ],
      }),
      ...more,
    },
  }
}

/** sw1 and sw2 with `cables` cables; each has one more port, without one. */
export const pair = (a: Side = {}, b: Side = a, cables = 2): DiscoveryNetwork =>
  new DiscoveryNetwork(
    [spec(a, cables), spec(b, cables)],
    Array.from({ length: cables }, (_, port) => [[0, port] as const, [1, port] as const]),
  )

export const stateOf = (network: DiscoveryNetwork, node: number): State => network.protocol<State>(node)

/** `CURRENT COLLECTING_DISTRIBUTING selected`: what a port is at. */
export const at = (network: DiscoveryNetwork, node: number, port = 0): string => {
  const state = stateOf(network, node)
  return `${receiveStateOf(state, port)} ${muxStateOf(state, port)} ${Selection.standingOf(state, port)}`
}

/** What each port is to the relay: `bundled bundled`. */
export const roles = (network: DiscoveryNetwork, node: number): string => {
  const bundles = network.bridge(node).bundles
  return bundles === null
    ? ""
    : Array.from(bundles.role, (role, port) => (bundles.bundleOf[port] < 0 ? "" : Trace.MEMBER_ROLES[role]))
        .filter((role) => role !== "")
        .join(" ")
}

/** Whether a switch's bundle is up. */
export const isUp = (network: DiscoveryNetwork, node: number): boolean => {
  const { bundles, up } = network.bridge(node)
  return bundles !== null && up[bundles.links] === 1
}

/** The LACPDUs that a switch has sent by a port: when, in seconds, and the sender's state. */
export const said = (network: DiscoveryNetwork, node: number, port = 0): ReadonlyArray<{ at: number; pdu: Lacpdu.Lacpdu }> =>
  network.seen
    .filter((seen) => seen.node === node && seen.port === port && "actor" in seen.frame.payload)
    .map(({ at: sentAt, frame }) => ({ at: sentAt / SECOND, pdu: frame.payload as Lacpdu.Lacpdu }))
