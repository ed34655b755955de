/** A small farm for tests: two hosts on a chain of bridges, a client that pings. No spanning tree: there is no loop. */
import type { HostCommand } from "@l2lab/hypervisor/HostCommand"
import type { HostConfig, VmConfig } from "@l2lab/hypervisor/HostConfig"
import type { HostState } from "@l2lab/hypervisor/Host"
import { hostKind } from "@l2lab/hypervisor/HostDevice"
import { bridgeKind } from "@l2lab/l2/Bridge"
import type { BridgeConfig } from "@l2lab/l2/BridgeConfig"
import type { EthernetFrame } from "@l2lab/l2/EthernetFrame"
import * as FrameCodec from "@l2lab/l2/FrameCodec"
import * as PayloadCodec from "@l2lab/l2/PayloadCodec"
import { codecs } from "@l2lab/l3/codecs"
import { END_STATION, type EndStationState } from "@l2lab/l3/EndStation"
import * as NetworkStack from "@l2lab/l3/NetworkStack"
import type { StackCommand } from "@l2lab/l3/StackCommand"
import type { MigrationCommand } from "@l2lab/migration/MigrationCommand"
import { vmotion } from "@l2lab/migration/Vmotion"
import * as VmotionCodec from "@l2lab/migration/VmotionCodec"
import type { VmotionConfig } from "@l2lab/migration/VmotionConfig"
import type { AnyDeviceKind } from "@l2lab/sim/Device"
import { SECOND } from "@l2lab/sim/SimTime"
import { Simulation } from "@l2lab/sim/Simulation"
import type { LinkSpec, Registry, WorldSpec } from "@l2lab/sim/World"
import type { WorldCommand } from "@l2lab/sim/WorldCommand"
import { Result } from "effect"

export const VM_VLAN = 10
export const VMOTION_VLAN = 20

/** 10.0.20.n: the vMotion address of host n. */
export const vmotionAddress = (host: number): number => 0x0a001400 + host
/** 10.0.10.n: the address of VM n. */
export const vmAddress = (vm: number): number => 0x0a000a00 + vm
export const vmMac = (vm: number): number => 0x005056000000 + vm

const CLIENT_MAC = 0x0200000000c1
const CLIENT_ADDRESS = 0x0a000afe

export const CODECS = PayloadCodec.registry(codecs([VmotionCodec.codec]))

export const REGISTRY: Registry<EthernetFrame> = {
  kinds: new Map<string, AnyDeviceKind<EthernetFrame>>([
    ["bridge", bridgeKind([])],
    ["hypervisor-host", hostKind([vmotion])],
    ["host", END_STATION],
  ]),
  fingerprintFrame: (frame, digest) => digest.numbers([frame.destination, frame.source, frame.protocol, frame.wireOctets]),
}

export interface FarmOptions {
  readonly seed?: number
  readonly vms?: ReadonlyArray<Partial<VmConfig>>
  readonly vmotion?: VmotionConfig
  /** Changes to the configuration of host 1 or 2. */
  readonly host?: (n: number, config: HostConfig) => HostConfig
  readonly link?: Partial<LinkSpec>
  /** Bridges between the hosts; 2 by default. */
  readonly bridges?: number
  readonly mtu?: number
  /** A second cable from each host: to the bridge that is next to the other one. */
  readonly dual?: boolean
}

export const vm = (id: number, changes: Partial<VmConfig> = {}): VmConfig => ({
  id,
  mac: vmMac(id),
  portGroup: "VM Network",
  address: vmAddress(id),
  prefixLength: 24,
  memoryMib: 4,
  writes: { pagesPerSecond: 1000, workingSetPages: 200 },
  ...changes,
})

export const hostConfig = (n: number, options: FarmOptions): HostConfig => {
  const config: HostConfig = {
    address: 0x020000000000 + n * 0x100,
    uplinks: 2,
    memoryMib: 8192,
    vSwitches: [
      {
        name: "vSwitch0",
        uplinks: [0, 1],
        portGroups: [
          { name: "VM Network", vlan: VM_VLAN },
          { name: "vMotion", vlan: VMOTION_VLAN },
        ],
      },
    ],
    vmkernel: [
      {
        name: "vmk1",
        portGroup: "vMotion",
        mac: 0x005056600000 + n,
        address: vmotionAddress(n),
        prefixLength: 24,
        services: ["vmotion"],
        ...(options.mtu === undefined ? {} : { mtu: options.mtu }),
      },
    ],
    vmSlots: 6,
    vms: n === 1 ? (options.vms ?? [{}]).map((changes, i) => vm(i + 1, changes)) : [],
    services: [{ kind: "vmotion", config: options.vmotion ?? {} }],
  }
  return options.host === undefined ? config : options.host(n, config)
}

const bridge = (n: number): BridgeConfig => ({
  address: 0x020000f00000 + n * 0x100,
  ports: [0, 1, 2, 3].map((port) =>
    port === 2 ? { mode: "access", vlan: VM_VLAN } : { mode: "trunk", native: 1, allowed: [1, VM_VLAN, VMOTION_VLAN] },
  ),
  vlans: [1, VM_VLAN, VMOTION_VLAN],
  protocols: [],
})

// Nodes.
export const ESX_1 = 0
export const ESX_2 = 1
export const CLIENT = 2
export const FIRST_BRIDGE = 3
// Links: esx-1 to the first bridge, esx-2 to the last, the client, then bridge to bridge.
export const LINK_ESX_1 = 0
export const LINK_ESX_2 = 1

/** esx-1 - sw-1 - ... - sw-n - esx-2, the client on sw-1. */
export const spec = (options: FarmOptions = {}): WorldSpec => {
  const bridges = options.bridges ?? 2
  const last = FIRST_BRIDGE + bridges - 1
  const link = (a: number, aPort: number, b: number, bPort: number): LinkSpec => ({
    a: { node: a, port: aPort },
    b: { node: b, port: bPort },
    ...(options.mtu === undefined ? {} : { mtu: options.mtu }),
    ...options.link,
  })
  return {
    seed: options.seed ?? 1,
    nodes: [
      { name: "esx-1", kind: "hypervisor-host", config: hostConfig(1, options) },
      { name: "esx-2", kind: "hypervisor-host", config: hostConfig(2, options) },
      { name: "client", kind: "host", config: { mac: CLIENT_MAC, address: CLIENT_ADDRESS, prefixLength: 24 } },
      ...Array.from({ length: bridges }, (_, i) => ({ name: `sw-${i + 1}`, kind: "bridge", config: bridge(i + 1) })),
    ],
    links: [
      link(ESX_1, 0, FIRST_BRIDGE, 0),
      link(ESX_2, 0, last, 1),
      link(CLIENT, 0, FIRST_BRIDGE, 2),
      ...Array.from({ length: bridges - 1 }, (_, i) => link(FIRST_BRIDGE + i, 1, FIRST_BRIDGE + i + 1, 0)),
      ...(options.dual === true ? [link(ESX_1, 1, last, 3), link(ESX_2, 1, FIRST_BRIDGE, 3)] : []),
    ],
  }
}

export type Farm = Simulation<EthernetFrame>

export const hostOf = (farm: Farm, node: number): HostState => farm.world.states[node] as HostState

export const clientStack = (farm: Farm): NetworkStack.NetworkStack => (farm.world.states[CLIENT] as EndStationState).stack

/** A farm that has run for a second. */
export const boot = (options: FarmOptions = {}): Farm => {
  const farm = Simulation.boot(spec(options), REGISTRY)
  farm.run(SECOND)
  return farm
}

/** Have every frame made of octets and read again. */
export const forceOctets = (farm: Farm): void =>
  farm.rewriteFrames((frame, tci) => {
    const parsed = Result.getOrThrow(FrameCodec.parse(FrameCodec.emit(frame, tci, CODECS), CODECS))
    if (parsed.refused !== undefined) throw new Error(JSON.stringify(parsed.refused))
    return parsed.frame
  })

/** Give a command to a node, or with WORLD to the world. */
export const tell = (farm: Farm, node: number, command: HostCommand | MigrationCommand | StackCommand | WorldCommand): void =>
  farm.command(node, command)

export const move = (farm: Farm, id = 1, to = 2): void =>
  tell(farm, to === 2 ? ESX_1 : ESX_2, { type: "vmotion.start", vm: id, to: vmotionAddress(to) })

/** How many of the hosts that are on run the VM. */
export const runningOn = (farm: Farm, id = 1): ReadonlyArray<number> =>
  [ESX_1, ESX_2].filter((node) =>
    (farm.world.states[node] as HostState | null)?.machines.some((m) => m?.config.id === id && m.state === "running"),
  )
