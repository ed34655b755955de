/** Actions that write down what a control protocol asked for, and keep its timers so that a test can let them fire. */
import type { BridgePortStatus, ControlActions, LearntAddress } from "@l2lab/l2/ControlProtocol"
import type { EthernetFrame } from "@l2lab/l2/EthernetFrame"
import { NEVER, SECOND, type DurationNs, type SimTime } from "@l2lab/sim/SimTime"
import type { Bpdu } from "../src/Bpdu.ts"

export interface Sent {
  readonly port: number
  readonly frame: EthernetFrame
  readonly bpdu: Bpdu
}

export class Recorder implements ControlActions {
  sent: Array<Sent> = []
  traces: Array<readonly [code: number, a: number, b: number, c: number, d: number]> = []
  details: Array<readonly [code: number, a: number, b: number, c: number, d: number]> = []
  /** By port (one tree): what the relay was last told. */
  readonly learning: Array<boolean> = []
  readonly forwarding: Array<boolean> = []
  readonly timers = new Map<number, SimTime>()
  ageing: DurationNs | undefined
  flushes = 0
  tracing = true

  sendPdu(port: number, frame: EthernetFrame): void {
    this.sent.push({ port, frame, bpdu: frame.payload as Bpdu })
  }
  portStatus(): BridgePortStatus {
    return { up: true, rateBps: 1e9, fullDuplex: true }
  }
  portAddress(port: number): number {
    return 0x020000000001 + port
  }
  setPortState(port: number, _tree: number, learning: boolean, forwarding: boolean): void {
    this.learning[port] = learning
    this.forwarding[port] = forwarding
  }
  isForwarding(port: number): boolean {
    return this.forwarding[port]
  }
  /** By VLAN id, as last told. */
  treeOfVlan: (vlan: number) => number = () => 0
  setVlanTrees(treeOfVlan: (vlan: number) => number): void {
    this.treeOfVlan = treeOfVlan
  }
  setVlans(): void {
    throw new Error("no spanning tree makes or removes VLANs")
  }
  setVtpDomain(): void {
    throw new Error("no spanning tree knows of VTP")
  }
  setSwitchPort(): void {
    throw new Error("no spanning tree changes what a port is")
  }
  flush(): void {
    this.flushes++
  }
  learnt(): ReadonlyArray<LearntAddress> {
    return []
  }
  topologyChanges = 0
  topologyChange(): void {
    this.topologyChanges++
  }
  setAgeing(_tree: number, ageing: DurationNs): void {
    this.ageing = ageing
  }
  configuredAgeing(): DurationNs {
    return 300 * SECOND
  }
  errdisable(): void {
    throw new Error("802.1D knows no errdisable")
  }
  setMember(): void {
    throw new Error("802.1D knows no bundles")
  }
  startTimer(id: number, at: SimTime): void {
    this.timers.delete(id)
    this.timers.set(id, at)
  }
  stopTimer(id: number): void {
    this.timers.delete(id)
  }
  random(): number {
    throw new Error("802.1D-1998 draws no random numbers")
  }
  trace(code: number, a: number, b: number, c: number, d: number): void {
    this.traces.push([code, a, b, c, d])
  }
  detail(code: number, a: number, b: number, c: number, d: number): void {
    this.details.push([code, a, b, c, d])
  }

  /** What was sent since the last call. */
  take(): ReadonlyArray<Sent> {
    const { sent } = this
    this.sent = []
    return sent
  }

  /** The timer that fires next, in the order of starting where deadlines are equal; undefined if none runs. */
  next(): readonly [id: number, at: SimTime] | undefined {
    let best: readonly [number, SimTime] | undefined
    for (const [id, at] of this.timers) if (at < (best?.[1] ?? NEVER)) best = [id, at]
    return best
  }
}
