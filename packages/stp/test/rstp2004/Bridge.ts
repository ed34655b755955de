/** One rapid bridge of three ports under test: a state, a recorder, and a clock that lets its seconds pass. */
import type { BridgeView } from "@l2lab/l2/ControlProtocol"
import * as EthernetFrame from "@l2lab/l2/EthernetFrame"
import * as Protocol from "@l2lab/l2/Protocol"
import { SECOND, type SimTime } from "@l2lab/sim/SimTime"
import * as Bpdu from "../../src/Bpdu.ts"
import type { Rstp2004Command } from "../../src/rstp2004/Command.ts"
import { Rstp2004 } from "../../src/rstp2004/Entity.ts"
import * as Query from "../../src/rstp2004/Query.ts"
import type { Rstp2004Config } from "../../src/rstp2004/Settings.ts"
import type { State } from "../../src/rstp2004/State.ts"
import { BETTER, OWN, WORSE } from "../stp1998/Bridge.ts"
import { Recorder } from "../Recorder.ts"

export const VIEW: BridgeView = {
  address: OWN,
  bridgePorts: 3,
  trees: 1,
  switchPorts: Array.from({ length: 3 }, () => ({ mode: "access", vlan: 1 })),
  vlans: [1],
  treeOfVlan: [0],
}

/** Seconds end half a second after the bridge was switched on. */
class RapidRecorder extends Recorder {
  flushed: Array<number> = []
  override random(): number {
    return SECOND / 2 - 1
  }
  override flush(port?: number): void {
    this.flushes++
    this.flushed.push(port!)
  }
}

/** An RST BPDU of the bridge `BETTER`, root, designated port 1, that learns and forwards. */
export const rst = (fields: Partial<Omit<Bpdu.RstBpdu, "protocol" | "kind">> = {}): Bpdu.RstBpdu => ({
  protocol: "bpdu",
  kind: "rst",
  topologyChange: false,
  proposal: false,
  role: "designated",
  learning: true,
  forwarding: true,
  agreement: false,
  rootPriority: 32_768,
  rootAddress: BETTER,
  rootPathCost: 0,
  bridgePriority: 32_768,
  bridgeAddress: fields.rootAddress ?? BETTER,
  portIdentifier: 0x8001,
  messageAge: 0,
  maxAge: 20 * 256,
  helloTime: 2 * 256,
  forwardDelay: 15 * 256,
  ...fields,
})

/** The same said by a region of another bridge, with one MSTI. */
export const mst = (fields: Parameters<typeof rst>[0] = {}): Bpdu.MstBpdu => ({
  ...rst(fields),
  kind: "mst",
  configurationId: { formatSelector: 0, name: "region", revision: 1, digest: new Uint8Array(16).fill(0xac) },
  internalRootPathCost: 20_000,
  cistBridgePriority: 32_768,
  cistBridgeAddress: WORSE,
  remainingHops: 19,
  mstis: [
    {
      master: false,
      topologyChange: false,
      proposal: false,
      role: "designated",
      learning: true,
      forwarding: true,
      agreement: false,
      regionalRootPriority: 0x8001,
      regionalRootAddress: WORSE,
      internalRootPathCost: 0,
      bridgePriority: 32_768,
      portPriority: 128,
      remainingHops: 20,
    },
  ],
})

export class Bridge {
  readonly state: State
  readonly actions = new RapidRecorder()
  now: SimTime = 0

  constructor(settings: Rstp2004Config = {}, ports: ReadonlyArray<number> = [0, 1, 2]) {
    this.state = Rstp2004.make(settings, VIEW, 0)
    Rstp2004.onBoot(this.state, 0, this.actions)
    for (const port of ports) this.link(port, true)
  }

  /** 1 Gb/s links: cost 20,000. */
  link(port: number, up: boolean, fullDuplex = true): void {
    Rstp2004.onPort(this.state, port, { up, rateBps: 1_000_000_000, fullDuplex }, this.now, this.actions)
  }

  receive(port: number, bpdu: Bpdu.Bpdu | Uint8Array, tci = -1): void {
    const frame = EthernetFrame.make(Bpdu.GROUP_ADDRESS, WORSE, Protocol.BPDU, bpdu, 39)
    Rstp2004.onPdu(this.state, port, frame, tci, this.now, this.actions)
  }

  command(command: Rstp2004Command): void {
    Rstp2004.onCommand(this.state, command, this.now, this.actions)
  }

  /** Let timers fire up to and including an instant, in seconds. */
  until(seconds: number): void {
    const end = Math.round(seconds * SECOND)
    for (;;) {
      const next = this.actions.next()
      if (next === undefined || next[1] > end) break
      this.actions.timers.delete(next[0])
      this.now = next[1]
      Rstp2004.onTimer(this.state, next[0], this.now, this.actions)
    }
    this.now = end
  }

  port(port: number): Query.PortSnapshot {
    return Query.portSnapshot(this.state, 0, port)
  }

  get roles(): ReadonlyArray<string> {
    return Query.snapshot(this.state, 0).ports.map((port) => port.role)
  }

  get states(): ReadonlyArray<string> {
    return Query.snapshot(this.state, 0).ports.map((port) => port.state)
  }

  /** The RST BPDUs sent on a port since the last call. */
  sent(port: number): ReadonlyArray<Bpdu.Bpdu> {
    return this.actions.take().flatMap((one) => (one.port === port ? [one.bpdu] : []))
  }
}
