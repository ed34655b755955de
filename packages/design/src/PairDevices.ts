/** The devices of pairs: what a chassis and a vPC peer are configured with. */
import type { BridgeConfig } from "@l2lab/l2/BridgeConfig"
import type { ChassisConfig } from "@l2lab/vss/chassis/ChassisConfig"
import type { DetectionPort } from "@l2lab/vss/dualactive/Settings"
import type { MlagConfig } from "@l2lab/vss/mlag/Settings"
import type { Network, SwitchNode } from "./Network.ts"
import * as Hypervisors from "./Hypervisors.ts"
import type { VpcPair, VssPair } from "./Pairs.ts"
import { timeNsOf } from "./Units.ts"

/** The address of an end of a BFD session; nobody else is on its wire: 169.254.session.1 and .2. */
const sessionAddress = (session: number, member: 0 | 1): number => LINK_LOCAL + session * 256 + member + 1

/** 169.254.0.0. */
const LINK_LOCAL = 0xa9fe0000

/** A chassis of a virtual switching system whose bridge, both chassis as one, is `bridge`. */
export const chassisConfig = (pair: VssPair, { nodes }: Network, member: 0 | 1, bridge: BridgeConfig): ChassisConfig => {
  const [one, two] = pair.nodes.map((node) => nodes[node] as SwitchNode)
  const own = member === 0 ? one : two
  const version = pair.versions[member]
  const priority = pair.priorities[member]
  const preemptDelay = pair.preemptDelays[member]
  const cards = pair.cards[member].map(({ ports }) => ports)
  return {
    bridge,
    ports: [one.ports, two.ports],
    vslp: {
      domain: pair.domains[member],
      switchNumber: member === 0 ? 1 : 2,
      address: own.address,
      links: pair.vsl[member],
      ...(priority !== undefined && { priority }),
      ...(preemptDelay !== undefined && { preemptDelay }),
      ...(version !== undefined && { version }),
      ...(pair.redundancy === "rpr" && { redundancy: pair.redundancy }),
    },
    ...(pair.virtualMac !== undefined && { virtualAddress: pair.virtualMac }),
    ...(pair.joint.channels !== undefined && { loadBalance: pair.joint.channels.loadBalance }),
    ...(cards.length > 0 && { cards }),
    dualActive: {
      domain: pair.domains[member],
      switchNumber: member === 0 ? 1 : 2,
      address: own.address,
      ports: [
        ...pair.fastHello[member].map((port): DetectionPort => ({ by: "fast-hello", port })),
        ...pair.bfd[member].map((port, session): DetectionPort => ({
          by: "bfd",
          port,
          // Behind the addresses of the ports of both.
          address: own.address + 1 + pair.joint.ports + session,
          local: sessionAddress(session, member),
          peer: sessionAddress(session, member === 0 ? 1 : 0),
        })),
      ],
      ...(pair.pagp ? {} : { pagp: false }),
    },
    ...(pair.excluded[member].length > 0 && { excluded: pair.excluded[member] }),
  }
}

/** A vPC peer that is `bridge` by itself. */
export const peerConfig = (pair: VpcPair, node: SwitchNode, member: 0 | 1, bridge: BridgeConfig): MlagConfig => {
  const { block } = pair
  const rolePriority = pair.priorities[member]
  const time = (text: string | undefined): number | undefined => (text === undefined ? undefined : timeNsOf(text))
  const { autoRecovery } = block
  const optional = {
    rolePriority,
    systemMac: block.systemMac === undefined ? undefined : Hypervisors.macOf(block.systemMac),
    systemPriority: block.systemPriority,
    peerSwitch: block.peerSwitch,
    gracefulConsistencyCheck: block.gracefulConsistencyCheck,
    autoRecovery: typeof autoRecovery === "boolean" ? autoRecovery : undefined,
    autoRecoveryNs: typeof autoRecovery === "string" ? timeNsOf(autoRecovery) : undefined,
    delayRestoreNs: time(block.delayRestore),
    delayRestoreOrphanNs: time(block.delayRestoreOrphan),
    keepaliveIntervalNs: time(block.keepaliveInterval),
    keepaliveTimeoutNs: time(block.keepaliveTimeout),
    holdTimeoutNs: time(block.holdTimeout),
    orphanSuspend: pair.orphanSuspend[member].length === 0 ? undefined : pair.orphanSuspend[member],
  }
  return {
    bridge,
    domain: pair.domains[member],
    peer: member === 0 ? 1 : 2,
    peerLink: pair.peerLink[member],
    keepalive: pair.keepalive?.[member] ?? "peer-link",
    vpcs: (node.channels?.channels ?? []).flatMap(({ vpc }, bundle) => (vpc === undefined ? [] : [{ id: vpc, bundle }])),
    // Keys that are not said are not there.
    ...(Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)) as Partial<MlagConfig>),
  }
}
