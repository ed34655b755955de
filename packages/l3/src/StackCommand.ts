/**
 * What an IP stack can be told. Commands are plain data: they are recorded, and a recorded log replays a run. A command with
 * values out of range changes nothing and is traced as `l3.command-refused` with its reason.
 */
import type { Command } from "@l2lab/sim/Device"
import type { DurationNs } from "@l2lab/sim/SimTime"
import type { Ipv4Address } from "./Ipv4Address.ts"

/** Start a ping run: one ICMP echo request at once, then one each `everyNs`. */
export interface PingStart extends Command {
  readonly type: "ping.start"
  readonly target: Ipv4Address
  /** Interval between probes; at least 1,000 ns. */
  readonly everyNs: DurationNs
  /** Octets behind the echo header; 56 unless told, as ping(8). */
  readonly payloadOctets?: number
  /** Number of probes; without it the run lasts until `ping.stop`. */
  readonly count?: number
  /** A probe without answer for this long is lost; the longer of two intervals and one second unless told. */
  readonly timeoutNs?: DurationNs
  /** The number that this run is known by; the next free one from 1 unless told. An earlier run of the same number is forgotten. */
  readonly run?: number
}

/** Send no more probes. Those on their way may still be answered or time out. */
export interface PingStop extends Command {
  readonly type: "ping.stop"
  /** The run's number; all runs without it. */
  readonly run?: number
}

/** Send one UDP datagram of zeros. */
export interface UdpSend extends Command {
  readonly type: "udp.send"
  readonly to: Ipv4Address
  readonly sourcePort: number
  readonly destinationPort: number
  readonly payloadOctets: number
}

/** Broadcast an ARP request for the own address, so that every cache and every switch on the VLAN learns of the sender. */
export interface ArpAnnounce extends Command {
  readonly type: "arp.announce"
}

/** Broadcast a RARP request with the own address, as ESXi does for a VM that has moved: only switches learn from it. */
export interface RarpAnnounce extends Command {
  readonly type: "rarp.announce"
}

/** Forget all neighbours: the next packet to each starts with an ARP request. */
export interface ArpFlush extends Command {
  readonly type: "arp.flush"
}

export type StackCommand = PingStart | PingStop | UdpSend | ArpAnnounce | RarpAnnounce | ArpFlush

const TYPES: ReadonlySet<string> = new Set<StackCommand["type"]>([
  "ping.start",
  "ping.stop",
  "udp.send",
  "arp.announce",
  "rarp.announce",
  "arp.flush",
])

/** Whether a command is one of a stack's; its values are checked by the stack. */
export const isStackCommand = (command: Command): command is StackCommand => TYPES.has(command.type)
