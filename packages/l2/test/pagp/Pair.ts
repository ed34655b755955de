/** Switches with cables between them that run PAgP as they are told, and one switch that is fed by hand. */
import { SECOND, type SimTime } from "@l2lab/sim/SimTime"
import { RecordingOutbox } from "@l2lab/sim/testing/RecordingOutbox"
import type { BridgeConfig, SwitchPort } from "../../src/BridgeConfig.ts"
import type { BundleConfig } from "../../src/bundle/Bundles.ts"
import type { EthernetFrame } from "../../src/EthernetFrame.ts"
import { bridgeKind } from "../../src/Bridge.ts"
import { Pagp } from "../../src/pagp/Entity.ts"
import { standingOf } from "../../src/pagp/Machine.ts"
import * as PagpPdu from "../../src/pagp/PagpPdu.ts"
import type { GroupConfig, PagpConfig, PortConfig, State } from "../../src/pagp/State.ts"
import * as Trace from "../../src/Trace.ts"
import { addressOf, DiscoveryNetwork, identity } from "../DiscoveryNetwork.ts"

const TRUNK: SwitchPort = { mode: "trunk", native: 1, allowed: [1, 10] }

/** One switch: how it bundles its first ports. */
export interface Side {
  readonly mode?: "desirable" | "auto" | "on" | "none"
  readonly port?: Partial<PortConfig>
  /** By port. */
  readonly priorities?: ReadonlyArray<number>
  readonly pagp?: Partial<PagpConfig>
  readonly group?: Partial<GroupConfig>
  readonly bundle?: Partial<BundleConfig>
  readonly members?: ReadonlyArray<number>
  /** Several groups, each of its own members, in the place of one. */
  readonly groups?: ReadonlyArray<ReadonlyArray<number>>
}

/** What a bridge of `ports` link ports runs by itself: its protocol's configuration and its bundles. */
const specOf = (side: Side, ports: number) => {
  const { bundle, group, mode = "desirable", pagp, port, priorities } = side
  const groups = side.groups ?? [side.members ?? Array.from({ length: ports }, (_, at) => at)]
  const runs = mode === "desirable" || mode === "auto"
  const config: Omit<PagpConfig, "identity"> = {
    groups: runs ? groups.map((members, b) => ({ bundle: b, number: b + 1, members, ...group })) : [],
    ports: Array.from({ length: ports + 1 }, (_, at) =>
      runs && groups.flat().includes(at)
        ? { mode, ...port, ...(priorities?.[at] !== undefined && { priority: priorities[at] }) }
        : undefined,
    ),
    ...pagp,
  }
  const bundles = groups.map((members): BundleConfig => ({
    members,
    isStatic: mode === "on",
    switchPort: TRUNK,
    loadBalance: "src-dst-mac",
    ...bundle,
  }))
  return {
    ports: Array.from({ length: ports + 1 }, () => TRUNK),
    protocols: { pagp: config },
    more: mode === "none" ? {} : { bundles },
  }
}

/** sw1 and sw2 with `cables` cables; each has one more port, without one. */
export const pair = (a: Side = {}, b: Side = a, cables = 2): DiscoveryNetwork =>
  new DiscoveryNetwork(
    [specOf(a, cables), specOf(b, cables)],
    Array.from({ length: cables }, (_, port) => [[0, port] as const, [1, port] as const]),
  )

/** Any switches and cables; each has as many ports as asked, and one more. */
export const network = (
  sides: ReadonlyArray<Side>,
  cables: ReadonlyArray<readonly [readonly [number, number], readonly [number, number]]>,
  ports = 2,
): DiscoveryNetwork =>
  new DiscoveryNetwork(
    sides.map((side) => specOf(side, ports)),
    cables,
  )

export const stateOf = (of: DiscoveryNetwork, node: number): State => of.protocol<State>(node)

/** `bundled waiting`: what became of each member. */
export const standings = (of: DiscoveryNetwork, node: number): string => {
  const state = stateOf(of, node)
  return Array.from({ length: state.ports }, (_, port) => (state.group[port] < 0 ? "" : standingOf(state, port)))
    .filter((standing) => standing !== "")
    .join(" ")
}

/** What each member is to the relay: `bundled alone`. */
export const roles = (of: DiscoveryNetwork, node: number): string => {
  const bundles = of.bridge(node).bundles
  return bundles === null
    ? ""
    : Array.from(bundles.role, (role, port) => (bundles.bundleOf[port] < 0 ? "" : Trace.MEMBER_ROLES[role]))
        .filter((role) => role !== "")
        .join(" ")
}

/** The messages that a switch has sent by a port, and when, in seconds. */
export const said = (of: DiscoveryNetwork, node: number, port = 0): ReadonlyArray<{ at: number; pdu: PagpPdu.Information }> =>
  of.seen
    .filter(({ frame, ...seen }) => seen.node === node && seen.port === port && "slowHello" in frame.payload)
    .map(({ at, frame }) => ({ at: at / SECOND, pdu: frame.payload as PagpPdu.Information }))

/** Who the switch fed by hand is, and a neighbour of it that speaks of its port 0. */
export const ME = addressOf(0)
export const YOU = addressOf(1)
export const THEM = addressOf(2)

/** A neighbour's message. */
export const message = (
  device: number,
  more: Partial<PagpPdu.Information> = {},
  of: Partial<PagpPdu.Party> = {},
): PagpPdu.Information => ({
  protocol: "pagp",
  slowHello: false,
  auto: false,
  consistent: false,
  local: { device, learns: 2, priority: 128, port: 7, groupCapability: 0x10001, group: 9, ...of },
  partner: { device: ME, learns: 2, priority: 128, port: 1, groupCapability: 0x10001, group: 0 },
  partnerCount: 1,
  ...more,
})

const KIND = bridgeKind([Pagp])

/** A switch of two members whose links are up since instant 0, and hands to feed it. */
export const alone = (side: Side = {}, address: number = ME) => {
  const { more, ports, protocols } = specOf(side, 2)
  const out = new RecordingOutbox<EthernetFrame>()
  const config: BridgeConfig = {
    address,
    vlans: [1, 10],
    ports,
    protocols: [{ kind: "pagp", config: { identity: identity(0, 3), ...protocols.pagp } }],
    ...more,
  }
  const bridge = KIND.make(config, 0)
  KIND.onBoot(bridge, 0, out)
  for (const port of [0, 1]) KIND.onLink(bridge, port, { up: true, rateBps: 1e9, fullDuplex: true }, 0, out)
  const state = bridge.protocols[0] as State
  let now: SimTime = 0
  const taken = () => out.take().flatMap((request) => (request.type === "transmitControl" ? [request.frame] : []))
  taken()
  const runs = {
    bridge,
    state,
    standing: (port = 0): string => standingOf(state, port),
    /** Let so many seconds pass, timer by timer. */
    wait: (seconds: number) => {
      const end = now + seconds * SECOND
      for (;;) {
        const timers = [state.helloTimer, state.quitTimer, state.interfaceTimer, state.otherUntil]
        const next = Math.min(...timers.flatMap((column) => Array.from(column).filter((at) => at > now)))
        if (next > end) break
        now = next
        KIND.onTimer(bridge, 0, now, out)
      }
      now = end
      return runs
    },
    /** A frame comes in. What is sent because of it. */
    hears: (frame: EthernetFrame, port = 0): ReadonlyArray<EthernetFrame> => {
      taken()
      KIND.onFrame(bridge, port, frame, -1, now, out)
      return taken()
    },
    command: (command: { readonly type: string }) => {
      taken()
      KIND.onCommand(bridge, command, now, out)
      return taken()
    },
  }
  return runs
}
