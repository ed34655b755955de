/** A vPC pair with access switches on vPCs, orphan hosts, and hosts that write down what they hear. */
import { bridgeKind } from "@l2lab/l2/Bridge"
import type { BridgeConfig, SwitchPort } from "@l2lab/l2/BridgeConfig"
import type { BridgeState } from "@l2lab/l2/BridgeState"
import type { BundleConfig } from "@l2lab/l2/bundle/Bundles"
import * as EthernetFrame from "@l2lab/l2/EthernetFrame"
import * as FrameCodec from "@l2lab/l2/FrameCodec"
import { Lacp } from "@l2lab/l2/lacp/Entity"
import * as Lacpdu from "@l2lab/l2/lacp/Lacpdu"
import { isStructured, registry as codecRegistry } from "@l2lab/l2/PayloadCodec"
import * as Protocol from "@l2lab/l2/Protocol"
import { type AnyDeviceKind, DeviceKind } from "@l2lab/sim/Device"
import type { Digest } from "@l2lab/sim/Digest"
import * as Fingerprint from "@l2lab/sim/Fingerprint"
import * as LogLine from "@l2lab/sim/LogLine"
import * as Replay from "@l2lab/sim/Replay"
import { SECOND } from "@l2lab/sim/SimTime"
import { Simulation } from "@l2lab/sim/Simulation"
import type { TraceEvent } from "@l2lab/sim/TraceEvent"
import type { LinkSpec, NodeSpec, Registry, WorldSpec } from "@l2lab/sim/World"
import { WORLD, type WorldCommand } from "@l2lab/sim/WorldCommand"
import * as Bpdu from "@l2lab/stp/Bpdu"
import * as Sstp from "@l2lab/stp/pvst/Sstp"
import { Mstp, Pvst, RapidPvst, Rstp2004, Stp1998 } from "@l2lab/stp/toolkit/Kinds"
import { LOG } from "../../src/mlag/Log.ts"
import * as MlagPdu from "../../src/mlag/MlagPdu.ts"
import { mlagPeerKind } from "../../src/mlag/MlagPeer.ts"
import * as Query from "../../src/mlag/Query.ts"
import type { MlagConfig } from "../../src/mlag/Settings.ts"
import type { State } from "../../src/mlag/State.ts"

/** What a host does: says something, to somebody or to all. */
interface Say {
  readonly type: "say"
  readonly from: number
  readonly to: number
  /** What the frame is known by. */
  readonly word: number
}

interface Host {
  readonly heard: Map<number, number>
}

const wordOf = ({ payload }: EthernetFrame.EthernetFrame): number => {
  const octets = payload as Uint8Array
  return new DataView(octets.buffer, octets.byteOffset).getUint32(0)
}

const HOST = new DeviceKind<Host, EthernetFrame.EthernetFrame, null>({
  kind: "host",
  ports: () => 1,
  timers: () => 0,
  make: () => ({ heard: new Map() }),
  onBoot: () => {},
  onFrame: ({ heard }, _port, frame) => {
    if (frame.protocol === Protocol.EXPERIMENTAL) heard.set(wordOf(frame), (heard.get(wordOf(frame)) ?? 0) + 1)
  },
  onTimer: () => {},
  onLink: () => {},
  onCommand: (_state, command, _now, out) => {
    const { from, to, word } = command as Say
    const octets = new Uint8Array(4)
    new DataView(octets.buffer).setUint32(0, word)
    out.transmit(0, EthernetFrame.make(to, from, Protocol.EXPERIMENTAL, octets, 46), -1)
  },
  copy: ({ heard }) => ({ heard: new Map(heard) }),
  fingerprint: ({ heard }, digest) => {
    for (const [word, times] of heard) digest.numbers([word, times])
  },
})

const codecs = codecRegistry([Bpdu.codec, Sstp.codec, Lacpdu.codec, Lacpdu.markerCodec, MlagPdu.codec])

/** The kinds that the farm's worlds hold. */
export const registry: Registry<EthernetFrame.EthernetFrame> = {
  kinds: new Map<string, AnyDeviceKind<EthernetFrame.EthernetFrame>>([
    ["bridge", bridgeKind([Mstp, Stp1998, Rstp2004, Pvst, RapidPvst, Lacp])],
    ["mlag-peer", mlagPeerKind([Mstp, Stp1998, Rstp2004, Pvst, RapidPvst, Lacp])],
    ["host", HOST],
  ]),
  fingerprintFrame: (frame, digest: Digest) => {
    digest.numbers([frame.source, frame.destination, frame.protocol, frame.wireOctets])
    if (isStructured(frame.payload)) digest.numbers(codecs.byName.get(frame.payload.protocol)?.emit(frame.payload) ?? [])
  },
}

const log = LogLine.registry(LOG)

export type Tree = "none" | "stp1998" | "rstp2004" | "mstp" | "pvst" | "rapid-pvst"

/** All of them. */
export const TREES: ReadonlyArray<Tree> = ["none", "stp1998", "rstp2004", "mstp", "pvst", "rapid-pvst"]

/** What a farm is made of. */
export interface FarmSpec {
  readonly tree?: Tree
  /** Of the second peer, where it is another. */
  readonly secondTree?: Tree
  /** Access switches, each on a vPC. */
  readonly access?: number
  /** Cables from each access switch to each peer. */
  readonly legs?: number
  /** The second peer's cables lead to the access switches in the opposite order. */
  readonly crossed?: boolean
  /** An orphan host at each peer. */
  readonly orphans?: boolean
  /** A switch with a cable to each peer that is no vPC. */
  readonly hybrid?: boolean
  readonly peerLinks?: number
  readonly isStatic?: boolean
  readonly inBand?: boolean
  /** By peer. */
  readonly peers?: readonly [Partial<MlagConfig>?, Partial<MlagConfig>?]
  readonly trees?: readonly [object?, object?]
  readonly bundles?: readonly [Partial<BundleConfig>?, Partial<BundleConfig>?]
  /** Bridge priority of the access switches, which else have the default. */
  readonly accessPriority?: number
  /** And of the switch that is no vPC. */
  readonly hybridPriority?: number
  /** Access switches take a cable that hears no LACP out of service; by default it is a port of its own. */
  readonly suspendIndividual?: boolean
  /** The peers' bridges look at every frame before they take it, as those with storm control do. */
  readonly guarded?: boolean
  readonly seed?: number
  readonly octets?: boolean
  /** BPDUs that leave are written down. */
  readonly watch?: boolean
}

const VLANS = [1, 10]
const TRUNK: SwitchPort = { mode: "trunk", native: 1, allowed: VLANS }
const ACCESS: SwitchPort = { mode: "access", vlan: 10 }

const isPerVlan = (tree: Tree): boolean => tree === "pvst" || tree === "rapid-pvst"

const bridgeOf = (
  address: number,
  tree: Tree,
  ports: ReadonlyArray<SwitchPort>,
  bundles: ReadonlyArray<BundleConfig>,
  treeConfig: object,
  group: object = {},
): BridgeConfig => ({
  address,
  ports,
  bundles,
  vlans: VLANS,
  ...(isPerVlan(tree) && { treeOfVlan: [0, 1] }),
  protocols: [
    ...(tree === "none"
      ? []
      : [{ kind: tree, config: { ports: ports.map((port) => (port === ACCESS ? { adminEdge: true } : {})), ...treeConfig } }]),
    {
      kind: "lacp",
      config: {
        groups: bundles.flatMap(({ isStatic, members }, bundle) =>
          isStatic ? [] : [{ bundle, key: bundle + 1, members, ...group }],
        ),
        ports: ports.map((_, port) =>
          bundles.some(({ isStatic, members }) => !isStatic && members.includes(port))
            ? { mode: "active", rate: "fast" }
            : undefined,
        ),
      },
    },
  ],
})

/** The farm. Nodes 0 and 1 are the peers; access switches, the hybrid one, and hosts follow. */
export class Farm {
  readonly simulation: Simulation<EthernetFrame.EthernetFrame>
  readonly spec: WorldSpec
  /** Node of each host. */
  readonly hosts: ReadonlyArray<number>
  /** Log lines, `second node: line`. */
  readonly lines: Array<string> = []
  readonly events: Array<TraceEvent> = []
  readonly bpdus: Array<{ readonly at: number; readonly node: number; readonly port: number }> = []
  /** Links by name: `peer-link 0`, `keepalive`, `leg A P L` (access switch, peer, cable), `hybrid P`. */
  readonly links = new Map<string, number>()
  private words = 0

  constructor(spec: FarmSpec = {}) {
    const { access = 2, legs = 1, orphans = true, peerLinks = 2, tree = "rstp2004" } = spec
    const nodes: Array<NodeSpec> = []
    const links: Array<LinkSpec> = []
    const link = (name: string, a: readonly [number, number], b: readonly [number, number]): void => {
      this.links.set(name, links.length)
      links.push({ name, a: { node: a[0], port: a[1] }, b: { node: b[0], port: b[1] }, rateBps: 1e9 })
    }
    const range = (from: number, count: number): Array<number> => Array.from({ length: count }, (_, i) => from + i)
    const isStatic = spec.isStatic === true
    const loadBalance = "src-dst-mac" as const
    const keepalive = peerLinks
    const firstLeg = peerLinks + 1
    const orphan = firstLeg + access * legs
    for (const peer of [0, 1] as const) {
      const ports: Array<SwitchPort> = range(0, orphan).map(() => TRUNK)
      ports.push(ACCESS, TRUNK)
      const bundles: Array<BundleConfig> = [
        { members: range(0, peerLinks), isStatic, switchPort: TRUNK, loadBalance },
        ...range(0, access).map((a) => ({
          members: range(firstLeg + a * legs, legs),
          isStatic,
          switchPort: TRUNK,
          loadBalance,
          ...spec.bundles?.[peer],
        })),
      ]
      const config: MlagConfig = {
        bridge: {
          ...bridgeOf(0x020000100000 + peer * 0x10000, peer === 1 ? (spec.secondTree ?? tree) : tree, ports, bundles, {
            priority: 8192 + peer * 4096,
            ...spec.trees?.[peer],
          }),
          ...(spec.guarded === true && { stormControl: ports.map(() => undefined) }),
        },
        domain: 10,
        peer: peer === 0 ? 1 : 2,
        peerLink: ports.length,
        keepalive: spec.inBand === true ? "peer-link" : keepalive,
        vpcs: range(0, access).map((a) => ({ id: 101 + a, bundle: 1 + a })),
        delayRestoreNs: 5 * SECOND,
        ...spec.peers?.[peer],
      }
      nodes.push({ name: `p${peer + 1}`, kind: "mlag-peer", config })
    }
    range(0, peerLinks).forEach((i) => link(`peer-link ${i}`, [0, i], [1, i]))
    if (spec.inBand !== true) link("keepalive", [0, keepalive], [1, keepalive])
    const hosts: Array<number> = []
    const atHost: Array<readonly [number, number]> = []
    range(0, access).forEach((a) => {
      const node = nodes.length
      const ports: Array<SwitchPort> = [...range(0, 2 * legs).map(() => TRUNK), ACCESS]
      const bundles: Array<BundleConfig> = [{ members: range(0, 2 * legs), isStatic, switchPort: TRUNK, loadBalance }]
      const treeConfig = spec.accessPriority === undefined ? {} : { priority: spec.accessPriority }
      nodes.push({
        name: `a${a + 1}`,
        kind: "bridge",
        config: bridgeOf(0x020000200000 + a * 0x10000, tree, ports, bundles, treeConfig, {
          suspendIndividual: spec.suspendIndividual === true,
        }),
      })
      for (const peer of [0, 1]) {
        const at = spec.crossed === true && peer === 1 ? access - 1 - a : a
        for (const l of range(0, legs)) link(`leg ${a} ${peer} ${l}`, [peer, firstLeg + at * legs + l], [node, peer * legs + l])
      }
      atHost.push([node, 2 * legs])
    })
    if (spec.hybrid === true) {
      const node = nodes.length
      nodes.push({
        name: "hy",
        kind: "bridge",
        config: bridgeOf(
          0x020000300000,
          tree,
          [TRUNK, TRUNK, ACCESS],
          [],
          spec.hybridPriority === undefined ? {} : { priority: spec.hybridPriority },
        ),
      })
      for (const peer of [0, 1]) link(`hybrid ${peer}`, [peer, orphan + 1], [node, peer])
      atHost.push([node, 2])
    }
    if (orphans) for (const peer of [0, 1]) atHost.push([peer, orphan])
    for (const end of atHost) {
      hosts.push(nodes.length)
      link(`host ${hosts.length - 1}`, end, [nodes.length, 0])
      nodes.push({ name: `h${hosts.length}`, kind: "host", config: null })
    }
    this.hosts = hosts
    this.spec = { seed: spec.seed ?? 1, nodes, links }
    this.simulation = Simulation.boot(this.spec, registry, (simulation) => {
      if (spec.octets === true) simulation.rewriteFrames(throughOctets)
      simulation.listen({
        onTrace: (event) => this.note(event),
        onFrame: (port, direction, frame, _tci, at) => {
          const node = simulation.world.nodeOfPort[port]
          const isBpdu = frame.protocol === Protocol.BPDU || frame.protocol === Protocol.SSTP
          if (direction === "out" && isBpdu) this.bpdus.push({ at, node, port: port - simulation.world.portBase[node] })
        },
      })
      if (spec.watch !== true) return
      for (let port = 0; port < simulation.world.portBase[2]; port++) simulation.capture(port, true)
    })
  }

  private note(event: TraceEvent): void {
    this.events.push(event)
    const port = (number: number): string => `p${number}`
    const names = { port, portInFull: port, tree: String, sender: String }
    for (const line of log.get(event.code) ?? []) {
      const message = line.message(event, names)
      if (message === undefined) continue
      const second = (event.at / SECOND).toFixed(1)
      this.lines.push(`${second} ${this.spec.nodes[event.node].name} ${LogLine.format(line, message)}`)
    }
  }

  run(seconds: number): this {
    this.simulation.run(this.simulation.now + seconds * SECOND)
    return this
  }

  world(command: WorldCommand): this {
    this.simulation.command(WORLD, command)
    return this
  }

  /** Cut a link by name, or all whose names begin so. */
  cut(...names: ReadonlyArray<string>): this {
    return this.each(names, (link) => this.world({ type: "link.disconnect", link }))
  }

  /** Mend them. */
  mend(...names: ReadonlyArray<string>): this {
    return this.each(names, (link) => this.world({ type: "link.connect", link }))
  }

  private each(names: ReadonlyArray<string>, act: (link: number) => void): this {
    for (const [name, link] of this.links) if (names.some((each) => name === each || name.startsWith(`${each} `))) act(link)
    return this
  }

  off(node: number, keepCarrier = false): this {
    return this.world({ type: "node.power-off", node, keepCarrier })
  }

  on(node: number): this {
    return this.world({ type: "node.power-on", node })
  }

  peer(node: 0 | 1): State {
    return this.simulation.world.states[node] as State
  }

  bridge(node: number): BridgeState {
    return node < 2 ? this.peer(node as 0 | 1).bridge : (this.simulation.world.states[node] as BridgeState)
  }

  /** The address of a host. */
  address(h: number): number {
    return 0x060000000001 + h
  }

  /** A host says something to another, or to all; what it is known by. */
  say(h: number, to?: number): number {
    const word = ++this.words
    const command: Say = { type: "say", from: this.address(h), to: to === undefined ? 0xffffffffffff : this.address(to), word }
    this.simulation.command(this.hosts[h], command)
    return word
  }

  /** How often a host has heard something. */
  heard(h: number, word: number): number {
    return (this.simulation.world.states[this.hosts[h]] as Host).heard.get(word) ?? 0
  }

  /**
   * Every host speaks to all, then to each other one: by pair `from>to`, copies of the broadcast and of the frame that was for the other. A host that heard
   * more or less than one copy of either is told of.
   */
  probe(): ReadonlyArray<string> {
    const all = this.hosts.map((_, h) => h)
    const broadcasts = all.map((h) => {
      const word = this.say(h)
      this.run(0.01)
      return word
    })
    const unicasts = all.map((h) =>
      all.map((other) => {
        if (other === h) return 0
        const word = this.say(h, other)
        this.run(0.001)
        return word
      }),
    )
    this.run(0.05)
    return all.flatMap((h) =>
      all.flatMap((other) => {
        if (other === h) return this.heard(h, broadcasts[h]) === 0 ? [] : [`${h} hears itself`]
        const [b, u] = [this.heard(other, broadcasts[h]), this.heard(other, unicasts[h][other])]
        return b === 1 && u === 1 ? [] : [`${h}>${other} ${b} ${u}`]
      }),
    )
  }

  get fingerprint(): string {
    return Fingerprint.of(this.simulation)
  }

  replayed(): string {
    return Fingerprint.of(Replay.run(this.spec, registry, this.simulation.world.commandLog, this.simulation.now))
  }
}

const throughOctets = (frame: EthernetFrame.EthernetFrame, tci: number): EthernetFrame.EthernetFrame => {
  const parsed = FrameCodec.parse(FrameCodec.emit(frame, tci, codecs), codecs)
  if (parsed._tag === "Failure") throw new Error(parsed.failure.detail)
  return parsed.success.frame
}

/** Of what a probe found, the hosts that heard something twice. */
export const copies = (found: ReadonlyArray<string>): ReadonlyArray<string> =>
  found.filter((pair) => / ([2-9]|\d\d)/.test(pair) || pair.includes("itself"))

/** Role and vPCs of both peers: `primary up up`, `off`. */
export const views = (farm: Farm): ReadonlyArray<string> =>
  ([0, 1] as const).map((node) => {
    if (farm.simulation.world.states[node] === null) return "off"
    const { role, vpcs } = Query.vpc(farm.peer(node), farm.simulation.now)
    return [role, ...vpcs.map(({ status }) => status)].join(" ")
  })

/** Lines of the log that contain a word. */
export const linesWith = ({ lines }: Farm, ...words: ReadonlyArray<string>): ReadonlyArray<string> =>
  lines.filter((line) => words.every((word) => line.includes(word)))
