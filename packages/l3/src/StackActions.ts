/**
 * What an IP stack may ask of the thing it lives in: an end station, a guest, a vmkernel interface. The stack is a component: it has
 * its own range of timers and one adapter, and knows nothing of ports, VLANs or who carries its frames.
 */
import type { EthernetFrame, Payload } from "@l2lab/l2/EthernetFrame"
import type { SimTime } from "@l2lab/sim/SimTime"
import type { Ipv4Address } from "./Ipv4Address.ts"

export type { Ipv4Address }

/** A UDP datagram as it is delivered. */
export interface Datagram {
  readonly source: Ipv4Address
  readonly sourcePort: number
  readonly destination: Ipv4Address
  readonly destinationPort: number
  readonly payload: Payload
  readonly payloadOctets: number
}

/** Valid only during the call that it is passed to. */
export interface StackActions {
  /** Hand a frame to the adapter, untagged. */
  send(frame: EthernetFrame): void
  /** Timers of the stack's own range: 0 .. NetworkStack.TIMERS - 1. */
  startTimer(id: number, at: SimTime): void
  stopTimer(id: number): void
  random(): number
  trace(code: number, a: number, b: number, c: number, d: number): void
  detail(code: number, a: number, b: number, c: number, d: number): void
  readonly tracing: boolean
  /** A datagram came in for a UDP port that the stack itself does not serve. Called last in the handler. */
  deliver(datagram: Datagram, now: SimTime): void
}
