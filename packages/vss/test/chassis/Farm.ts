/**
 * Two chassis that are one switch, access switches with an uplink to each of them, hosts at the access switches and at the chassis. Hosts write down what
 * they hear.
 */
import type { BridgeConfig, ProtocolConfig, SwitchPort, VlanId } from "@l2lab/l2/BridgeConfig"
import type { BridgeState } from "@l2lab/l2/BridgeState"
import type { BundleConfig } from "@l2lab/l2/bundle/Bundles"
import type * as EthernetFrame from "@l2lab/l2/EthernetFrame"
import * as FilteringDatabase from "@l2lab/l2/FilteringDatabase"
import type { PagpConfig, PortConfig } from "@l2lab/l2/pagp/State"
import * as Fingerprint from "@l2lab/sim/Fingerprint"
import * as Replay from "@l2lab/sim/Replay"
import { SECOND } from "@l2lab/sim/SimTime"
import { Simulation } from "@l2lab/sim/Simulation"
import type { LinkSpec, NodeSpec, WorldSpec } from "@l2lab/sim/World"
import { WORLD, type WorldCommand } from "@l2lab/sim/WorldCommand"
import * as SpanningTree from "@l2lab/stp/SpanningTree"
import { USUAL_VSL_MTU, type ChassisConfig, type ChassisTimes } from "../../src/chassis/ChassisConfig.ts"
import { modeOf, type ChassisState } from "../../src/chassis/ChassisState.ts"
import type { DetectionPort } from "../../src/dualactive/Settings.ts"
import type { VslpConfig } from "../../src/vslp/Settings.ts"
import { registry, rewrite, type Host, type Say } from "./World.ts"

/** What a farm is built from. */
export interface FarmSpec {
  /** Access switches; 2 by default. */
  readonly access?: number
  /** Hosts at each; 1 by default. */
  readonly hosts?: number
  /** Hosts at each chassis; 1 by default. */
  readonly orphans?: number
  /** Cables of the virtual switch link; 2 by default. */
  readonly vsl?: number
  /** Uplinks of an access switch to each chassis; 1 by default. */
  readonly uplinks?: number
  /** How uplinks are bundled: `on`, by LACP (`active`, the default), by PAgP (`desirable`), or not at all. */
  readonly bundling?: "on" | "active" | "desirable" | "none"
  /** Cables for dual-active detection; none by default. */
  readonly detection?: ReadonlyArray<"fast-hello" | "bfd">
  /** Whether the chassis heed PAgP, or detect nothing where there are no such cables. */
  readonly pagpDetection?: boolean
  readonly bundle?: Partial<BundleConfig>
  /** The spanning tree of all; none by default. */
  readonly stp?: ProtocolConfig
  readonly vlans?: ReadonlyArray<VlanId>
  readonly treeOfVlan?: ReadonlyArray<number>
  readonly trees?: number
  readonly chassis?: readonly [Partial<VslpConfig>, Partial<VslpConfig>]
  readonly times?: Partial<ChassisTimes>
  readonly config?: Partial<ChassisConfig>
  readonly bridge?: Partial<BridgeConfig>
  readonly seed?: number
  /** One bridge with the ports of both chassis stands in the place of the pair: what neighbours are to see. */
  readonly isOneBridge?: boolean
}

const HOST_VLAN = 1

/** PAgP on these groups. */
const pagpOf = (groups: ReadonlyArray<{ readonly bundle: number; readonly members: ReadonlyArray<number> }>): PagpConfig => {
  const ports: Array<PortConfig | undefined> = []
  for (const { members } of groups) for (const port of members) ports[port] = { mode: "desirable", rate: "fast" }
  return {
    identity: { name: "switch", interfaces: Array.from(ports, (_, port) => `Te${port + 1}`) },
    groups: groups.map((group) => ({ ...group, number: group.bundle + 1 })),
    ports: Array.from(ports),
  }
}

interface LinkEnd {
  readonly node: number
  readonly port: number
}

/** Chassis 0 and 1 are nodes 0 and 1; access switches follow, then hosts: those of chassis 1 and 2, then those of the access switches. */
export class Farm {
  readonly spec: Required<Omit<FarmSpec, "stp" | "trees" | "treeOfVlan">> & FarmSpec
  readonly world: WorldSpec
  simulation: Simulation<EthernetFrame.EthernetFrame>
  readonly hosts: number
  private words = 0

  constructor(spec: FarmSpec = {}, octets = false) {
    this.spec = {
      access: 2,
      hosts: 1,
      orphans: 1,
      vsl: 2,
      uplinks: 1,
      bundling: "active",
      detection: [],
      pagpDetection: false,
      bundle: {},
      vlans: [1],
      chassis: [{}, {}],
      times: {},
      config: {},
      bridge: {},
      seed: 1,
      isOneBridge: false,
      ...spec,
    }
    const { access, hosts, orphans } = this.spec
    this.hosts = 2 * orphans + access * hosts
    this.world = this.layOut()
    this.simulation = Simulation.boot(this.world, registry, (simulation) => {
      if (octets) rewrite(simulation)
    })
  }

  /** Own port of a chassis: the virtual switch link, uplinks by access switch, hosts. */
  get ownPorts(): number {
    const { access, detection, orphans, uplinks, vsl } = this.spec
    return vsl + access * uplinks + orphans + detection.length
  }

  private trunk(): SwitchPort {
    const { vlans } = this.spec
    return vlans.length === 1 ? { mode: "access", vlan: vlans[0] } : { mode: "trunk", native: 1, allowed: vlans }
  }

  private protocols(
    groups: ReadonlyArray<{ readonly bundle: number; readonly members: ReadonlyArray<number> }>,
  ): Array<ProtocolConfig> {
    const { bundling, stp } = this.spec
    if (bundling === "desirable") return [...(stp === undefined ? [] : [stp]), { kind: "pagp", config: pagpOf(groups) }]
    const ports: Array<unknown> = []
    if (bundling === "active")
      for (const { members } of groups) for (const port of members) ports[port] = { mode: "active", rate: "fast" }
    const lacp = {
      groups: bundling === "active" ? groups.map((group) => ({ ...group, key: group.bundle + 1 })) : [],
      ports: Array.from(ports),
    }
    return [...(stp === undefined ? [] : [stp]), { kind: "lacp", config: lacp }]
  }

  private bundles(groups: ReadonlyArray<ReadonlyArray<number>>): Partial<BridgeConfig> {
    const { bundle, bundling } = this.spec
    if (bundling === "none") return {}
    return {
      bundles: groups.map((members) => ({
        members,
        isStatic: bundling === "on",
        switchPort: this.trunk(),
        loadBalance: "src-dst-mac",
        rate: "whole",
        ...bundle,
      })),
    }
  }

  private common(): Pick<BridgeConfig, "vlans" | "treeOfVlan" | "trees"> {
    const { treeOfVlan, trees, vlans } = this.spec
    return { vlans, ...(treeOfVlan !== undefined && { treeOfVlan }), ...(trees !== undefined && { trees }) }
  }

  private dualActive(s: 0 | 1): Partial<ChassisConfig> {
    const { detection, pagpDetection } = this.spec
    if (detection.length === 0 && !pagpDetection) return {}
    const first = this.ownPorts - detection.length
    const ports = detection.map((by, d): DetectionPort => {
      const port = first + d
      const address = 0x020000090000 + s * 0x100 + d
      return by === "bfd" ? { by, port, address, local: 0x0a000001 + s, peer: 0x0a000002 - s } : { by, port }
    })
    return {
      dualActive: {
        domain: 10,
        switchNumber: (s + 1) as 1 | 2,
        address: 0x020000020000 + s * 0x10000,
        ports,
        pagp: pagpDetection,
      },
    }
  }

  private layOut(): WorldSpec {
    const { access, chassis, config, detection, hosts, isOneBridge, orphans, times, uplinks, vsl } = this.spec
    const own = this.ownPorts
    const HOST_PORT: SwitchPort = { mode: "access", vlan: HOST_VLAN }
    const list = <A>(length: number, make: (i: number) => A): Array<A> => Array.from({ length }, (_, i) => make(i))
    const uplinksOf = (a: number): Array<number> => [0, 1].flatMap((s) => list(uplinks, (u) => s * own + vsl + a * uplinks + u))
    const pairGroups = list(access, uplinksOf)
    const pair: BridgeConfig = {
      address: 0x020000010000,
      ports: list(2 * own, (p) => (p % own < vsl + access * uplinks ? this.trunk() : HOST_PORT)),
      ...this.common(),
      ...this.bundles(pairGroups),
      protocols: this.protocols(pairGroups.map((members, bundle) => ({ bundle, members }))),
      ...this.spec.bridge,
    }
    const chassisNode = (s: 0 | 1): NodeSpec => ({
      name: `chassis${s + 1}`,
      kind: "chassis",
      config: {
        bridge: pair,
        ports: [own, own],
        vslp: {
          domain: 10,
          switchNumber: (s + 1) as 1 | 2,
          address: 0x020000020000 + s * 0x10000,
          links: list(vsl, (link) => link),
          ...chassis[s],
        },
        times: {
          rehash: 100_000_000,
          checkpoint: 100_000_000,
          activity: 160 * SECOND,
          heartbeat: 100_000_000,
          silence: 500_000_000,
          reload: 5 * SECOND,
          ...times,
        },
        ...this.dualActive(s),
        ...config,
      } satisfies ChassisConfig,
    })
    const up = list(2 * uplinks, (port) => port)
    const accessNode = (a: number): NodeSpec => ({
      name: `access${a + 1}`,
      kind: "bridge",
      config: {
        address: 0x020000100000 + a * 0x1000,
        ports: [...up.map(() => this.trunk()), ...list(hosts, () => HOST_PORT)],
        ...this.common(),
        ...this.bundles([up]),
        protocols: this.protocols([{ bundle: 0, members: up }]),
      } satisfies BridgeConfig,
    })
    const at = (node: number, port: number): LinkEnd => ({ node, port })
    const joined = ({ node, port }: LinkEnd): LinkEnd => (isOneBridge && node === 1 ? at(0, own + port) : at(node, port))
    const links: Array<LinkSpec> = [
      ...list(isOneBridge ? 0 : vsl, (link) => ({ a: at(0, link), b: at(1, link), mtu: USUAL_VSL_MTU })),
      ...list(access, (a) =>
        [0, 1].flatMap((s) => list(uplinks, (u) => ({ a: at(s, vsl + a * uplinks + u), b: at(2 + a, s * uplinks + u) }))),
      ).flat(),
    ]
    const first = 2 + access
    for (let s = 0; s < 2; s++) {
      for (let h = 0; h < orphans; h++) links.push({ a: at(s, vsl + access * uplinks + h), b: at(first + s * orphans + h, 0) })
    }
    const firstDetection = own - detection.length
    for (let d = 0; d < detection.length; d++) links.push({ a: at(0, firstDetection + d), b: at(1, firstDetection + d) })
    for (let a = 0; a < access; a++) {
      for (let h = 0; h < hosts; h++) links.push({ a: at(2 + a, 2 * uplinks + h), b: at(first + 2 * orphans + a * hosts + h, 0) })
    }
    return {
      seed: this.spec.seed,
      nodes: [
        ...(isOneBridge
          ? [
              { name: "pair", kind: "bridge", config: { ...pair, address: 0x020000020000 } },
              { name: "nobody", kind: "host", config: null },
            ]
          : [chassisNode(0), chassisNode(1)]),
        ...list(access, accessNode),
        ...list(this.hosts, (h) => ({ name: `pc${h + 1}`, kind: "host", config: null })),
      ],
      links: links.map((link) => ({ ...link, a: joined(link.a), b: joined(link.b) })),
    }
  }

  run(seconds: number): this {
    this.simulation.run(this.simulation.now + Math.round(seconds * SECOND))
    return this
  }

  order(command: WorldCommand): this {
    this.simulation.command(WORLD, command)
    return this
  }

  /** A cable of the virtual switch link; the uplink of an access switch to a chassis. */
  vslCable(link: number): number {
    return link
  }
  uplink(a: number, s: 0 | 1, u = 0): number {
    const { isOneBridge, uplinks, vsl } = this.spec
    return (isOneBridge ? 0 : vsl) + a * 2 * uplinks + s * uplinks + u
  }
  cut(link: number): this {
    return this.order({ type: "link.disconnect", link })
  }
  mend(link: number): this {
    return this.order({ type: "link.connect", link })
  }
  off(node: number, keepCarrier = false): this {
    return this.order({ type: "node.power-off", node, keepCarrier })
  }
  on(node: number): this {
    return this.order({ type: "node.power-on", node })
  }

  /** A frame that nobody sent comes in at a port of a chassis. */
  forge(s: 0 | 1, port: number, frame: EthernetFrame.EthernetFrame): void {
    // A command is what has the world turn to a device: one that it knows none of.
    this.simulation.command(s, { type: "nothing" })
    registry.kinds.get("chassis")!.onFrame(this.chassis(s), port, frame, -1, this.simulation.now, this.simulation)
  }

  chassis(s: 0 | 1): ChassisState {
    return this.simulation.world.states[s] as ChassisState
  }
  access(a: number): BridgeState {
    return this.simulation.world.states[2 + a] as BridgeState
  }

  /** What the chassis are doing, for instance `active, standby hot`; `off` for one that is. */
  get modes(): string {
    return [0, 1].map((s) => (this.simulation.world.states[s] === null ? "off" : modeOf(this.chassis(s as 0 | 1)))).join(", ")
  }

  /** The node of host `h`, and its address. */
  hostNode(h: number): number {
    return 2 + this.spec.access + h
  }
  address(h: number): number {
    return 0x060000000001 + h
  }

  /** Host `h` says something to another, or to all; what it is known by. */
  say(h: number, to?: number): number {
    const word = ++this.words
    const command: Say = { type: "say", from: this.address(h), to: to === undefined ? 0xffffffffffff : this.address(to), word }
    this.simulation.command(this.hostNode(h), command)
    return word
  }

  /** How often host `h` has heard something. */
  heard(h: number, word: number): number {
    return (this.simulation.world.states[this.hostNode(h)] as Host).heard.filter((each) => each === word).length
  }

  /** Every host says something to all; what they heard of each, as lists of counts. */
  everybodySpeaks(settle = 0.01): ReadonlyArray<ReadonlyArray<number>> {
    const words = Array.from({ length: this.hosts }, (_, h) => this.say(h))
    this.run(settle)
    return words.map((word) => Array.from({ length: this.hosts }, (_, h) => this.heard(h, word)))
  }

  /** The longest time, in seconds, between two words of `from` that `to` hears, while it says one each millisecond for so long. */
  gap(from: number, to: number, seconds: number): number {
    const start = this.simulation.now
    for (let ms = 0; ms < seconds * 1000; ms++) {
      this.say(from, to)
      this.run(0.001)
    }
    const times = (this.simulation.world.states[this.hostNode(to)] as Host).heardAt.filter((at) => at >= start)
    let last = start
    let longest = 0
    for (const at of [...times, this.simulation.now]) {
      longest = Math.max(longest, at - last)
      last = at
    }
    return longest / SECOND
  }

  /** What a chassis knows: address, FID and bridge port. */
  cam(s: 0 | 1): ReadonlyArray<string> {
    return FilteringDatabase.entries(this.chassis(s).bridge.fdb, this.simulation.now).map(
      ({ address, fid, port }) => `${address.toString(16)} ${fid} ${port}`,
    )
  }

  /** Roles in all trees of a bridge, by port that is up. */
  private rolesOf(bridge: BridgeState): ReadonlyArray<string> {
    const tree = SpanningTree.of(bridge)
    if (tree === undefined) return []
    return Array.from({ length: SpanningTree.treesOf(tree) }, (_, t) => t).flatMap((t) =>
      Array.from({ length: bridge.ports }, (_, port) => port)
        .filter((port) => bridge.up[port] === 1)
        .map((port) => `${t}:${port} ${SpanningTree.roleOf(tree, t, port)} ${bridge.portStates[t * bridge.ports + port]}`),
    )
  }
  /** The pair's, as a chassis has them; an access switch's. */
  pairRoles(s: 0 | 1): ReadonlyArray<string> {
    return this.rolesOf(this.chassis(s).bridge)
  }
  get bridgeRoles(): ReadonlyArray<string> {
    return this.rolesOf(this.simulation.world.states[0] as BridgeState)
  }
  accessRoles(a: number): ReadonlyArray<string> {
    return this.rolesOf(this.access(a))
  }

  /** When anything last changed in an access switch's trees. */
  accessChangedAt(a: number): ReadonlyArray<number> {
    const tree = SpanningTree.of(this.access(a))
    if (tree === undefined) return []
    return Array.from({ length: SpanningTree.treesOf(tree) }, (_, t) => SpanningTree.lastChangeAt(tree, t))
  }

  get fingerprint(): string {
    return Fingerprint.of(this.simulation)
  }
  replayed(): string {
    return Fingerprint.of(Replay.run(this.world, registry, this.simulation.world.commandLog, this.simulation.now))
  }
}
