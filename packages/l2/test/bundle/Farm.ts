/** Two bridges with some cables between them and a host at each of their other ports; hosts write down what they hear. */
import { type AnyDeviceKind, DeviceKind } from "@l2lab/sim/Device"
import type { Digest } from "@l2lab/sim/Digest"
import * as Fingerprint from "@l2lab/sim/Fingerprint"
import * as Replay from "@l2lab/sim/Replay"
import { SECOND } from "@l2lab/sim/SimTime"
import { Simulation } from "@l2lab/sim/Simulation"
import type { Registry, WorldSpec } from "@l2lab/sim/World"
import { WORLD, type WorldCommand } from "@l2lab/sim/WorldCommand"
import { bridgeKind } from "../../src/Bridge.ts"
import type { BridgeConfig } from "../../src/BridgeConfig.ts"
import type { BridgeState } from "../../src/BridgeState.ts"
import type { BundleConfig } from "../../src/bundle/Bundles.ts"
import * as EthernetFrame from "../../src/EthernetFrame.ts"
import { Lacp } from "../../src/lacp/Entity.ts"
import * as Protocol from "../../src/Protocol.ts"

/** What a host does: says something, to somebody or to all. */
export interface Say {
  readonly type: "say"
  readonly from: number
  readonly to: number
  /** What the frame is known by. */
  readonly word: number
}

interface Host {
  readonly heard: Array<number>
}

const wordOf = ({ payload }: EthernetFrame.EthernetFrame): number => new DataView((payload as Uint8Array).buffer).getUint32(0)

const HOST = new DeviceKind<Host, EthernetFrame.EthernetFrame, null>({
  kind: "host",
  ports: () => 1,
  timers: () => 0,
  make: () => ({ heard: [] }),
  onBoot: () => {},
  onFrame: (state, _port, frame) => {
    if (frame.protocol === Protocol.EXPERIMENTAL) state.heard.push(wordOf(frame))
  },
  onTimer: () => {},
  onLink: () => {},
  onCommand: (_state, command, _now, out) => {
    const { from, to, word } = command as Say
    const octets = new Uint8Array(4)
    new DataView(octets.buffer).setUint32(0, word)
    out.transmit(0, EthernetFrame.make(to, from, Protocol.EXPERIMENTAL, octets, 46), -1)
  },
  copy: (state) => ({ heard: [...state.heard] }),
  fingerprint: (state, digest) => digest.numbers(state.heard),
})

const registry: Registry<EthernetFrame.EthernetFrame> = {
  kinds: new Map<string, AnyDeviceKind<EthernetFrame.EthernetFrame>>([
    ["bridge", bridgeKind([Lacp])],
    ["host", HOST],
  ]),
  fingerprintFrame: (frame, digest: Digest) =>
    digest.numbers([frame.source, frame.destination, frame.protocol, frame.wireOctets]),
}

/** How a bridge bundles its cables. */
export type Mode = "on" | "active" | "none"

export interface FarmSpec {
  readonly cables: number
  readonly modes: readonly [Mode, Mode]
  readonly bundle?: Partial<BundleConfig>
  /** Hosts at each bridge. */
  readonly hosts?: number
  /** What the first bridge has besides. */
  readonly more?: Partial<BridgeConfig>
}

const ACCESS = { mode: "access", vlan: 1 } as const

/** The farm: nodes 0 and 1 are the bridges, hosts follow, those of the first bridge first. */
export class Farm {
  readonly simulation: Simulation<EthernetFrame.EthernetFrame>
  readonly spec: WorldSpec
  readonly hosts: number
  private words = 0

  constructor({ bundle, cables, hosts = 2, modes, more }: FarmSpec) {
    this.hosts = hosts
    const members = Array.from({ length: cables }, (_, port) => port)
    const bridge = (mode: Mode, node: number) => ({
      name: `sw${node + 1}`,
      kind: "bridge",
      config: {
        address: 0x020000010000 + node * 0x1000,
        ports: Array.from({ length: cables + hosts }, () => ACCESS),
        vlans: [1],
        ...(mode !== "none" && {
          bundles: [{ members, isStatic: mode === "on", switchPort: ACCESS, loadBalance: "src-dst-mac", ...bundle }],
        }),
        protocols: [
          {
            kind: "lacp",
            config: {
              groups: mode === "active" ? [{ bundle: 0, key: 1, members }] : [],
              ports: members.map(() => (mode === "active" ? { mode } : undefined)),
            },
          },
        ],
        ...(node === 0 && more),
      } satisfies BridgeConfig,
    })
    const ends = [0, 1].flatMap((node) => Array.from({ length: hosts }, (_, h) => ({ node, port: cables + h })))
    this.spec = {
      seed: 1,
      nodes: [
        bridge(modes[0], 0),
        bridge(modes[1], 1),
        ...ends.map((_, h) => ({ name: `pc${h + 1}`, kind: "host", config: null })),
      ],
      links: [
        ...members.map((port) => ({ a: { node: 0, port }, b: { node: 1, port } })),
        ...ends.map((end, h) => ({ a: end, b: { node: 2 + h, port: 0 } })),
      ],
    }
    this.simulation = Simulation.boot(this.spec, registry)
  }

  run(seconds: number): this {
    this.simulation.run(this.simulation.now + seconds * SECOND)
    return this
  }

  world(command: WorldCommand): this {
    this.simulation.command(WORLD, command)
    return this
  }

  bridge(node: 0 | 1): BridgeState {
    return this.simulation.world.states[node] as BridgeState
  }

  /** The address of host `h`. */
  address(h: number): number {
    return 0x060000000001 + h
  }

  /** Host `h` says something to another, or to all; what it is known by. */
  say(h: number, to?: number): number {
    const word = ++this.words
    const command: Say = { type: "say", from: this.address(h), to: to === undefined ? 0xffffffffffff : this.address(to), word }
    this.simulation.command(2 + h, command)
    return word
  }

  /** How often host `h` has heard something. */
  heard(h: number, word: number): number {
    return (this.simulation.world.states[2 + h] as Host).heard.filter((each) => each === word).length
  }

  /** Frames that have left the first bridge by each cable. */
  sent(): ReadonlyArray<number> {
    return Array.from(
      { length: this.spec.links.length - 2 * this.hosts },
      (_, port) => this.simulation.statistics(port).framesSent,
    )
  }

  get fingerprint(): string {
    return Fingerprint.of(this.simulation)
  }

  replayed(): string {
    return Fingerprint.of(Replay.run(this.spec, registry, this.simulation.world.commandLog, this.simulation.now))
  }
}
