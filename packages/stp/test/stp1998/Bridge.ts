/** One bridge of three ports under test: a state, a recorder, and a clock that lets its timers fire. */
import type { BridgeView } from "@l2lab/l2/ControlProtocol"
import * as EthernetFrame from "@l2lab/l2/EthernetFrame"
import * as Protocol from "@l2lab/l2/Protocol"
import { SECOND, type SimTime } from "@l2lab/sim/SimTime"
import * as Bpdu from "../../src/Bpdu.ts"
import type { Stp1998Command } from "../../src/stp1998/Command.ts"
import { Stp1998 } from "../../src/stp1998/Entity.ts"
import * as Query from "../../src/stp1998/Query.ts"
import type { Stp1998Config } from "../../src/stp1998/Settings.ts"
import type { State } from "../../src/stp1998/State.ts"
import * as StpTime from "../../src/StpTime.ts"
import { Recorder } from "../Recorder.ts"

/** The bridge's own address: in the middle, so that others can be better and worse. */
export const OWN = 0x020000000500
export const BETTER = 0x020000000100
export const WORSE = 0x020000000900

export const VIEW: BridgeView = {
  address: OWN,
  bridgePorts: 3,
  trees: 1,
  switchPorts: Array.from({ length: 3 }, () => ({ mode: "access", vlan: 1 })),
  vlans: [1],
  treeOfVlan: [0],
}

/** A Configuration BPDU of the bridge `BETTER`, root, port 1, with default times. */
export const config = (fields: Partial<Omit<Bpdu.ConfigBpdu, "protocol" | "kind">> = {}): Bpdu.ConfigBpdu => ({
  protocol: "bpdu",
  kind: "config",
  topologyChangeAcknowledgment: false,
  topologyChange: false,
  rootPriority: 32_768,
  rootAddress: BETTER,
  rootPathCost: 0,
  bridgePriority: 32_768,
  bridgeAddress: fields.rootAddress ?? BETTER,
  portIdentifier: 0x8001,
  messageAge: 0,
  maxAge: 20 * StpTime.TICKS_PER_SECOND,
  helloTime: 2 * StpTime.TICKS_PER_SECOND,
  forwardDelay: 15 * StpTime.TICKS_PER_SECOND,
  ...fields,
})

export class Bridge {
  readonly state: State
  readonly actions = new Recorder()
  now: SimTime = 0

  constructor(settings: Stp1998Config = {}, ports: ReadonlyArray<number> = [0, 1, 2]) {
    this.state = Stp1998.make(settings, VIEW, 0)
    Stp1998.onBoot(this.state, 0, this.actions)
    for (const port of ports) this.link(port, true)
  }

  /** 100 Mb/s links: cost 19. */
  link(port: number, up: boolean): void {
    Stp1998.onPort(this.state, port, { up, rateBps: 100_000_000, fullDuplex: true }, this.now, this.actions)
  }

  receive(port: number, bpdu: Bpdu.Bpdu | Uint8Array, tci = -1): void {
    const frame = EthernetFrame.make(Bpdu.GROUP_ADDRESS, WORSE, Protocol.BPDU, bpdu, 38)
    Stp1998.onPdu(this.state, port, frame, tci, this.now, this.actions)
  }

  command(command: Stp1998Command): void {
    Stp1998.onCommand(this.state, command, this.now, this.actions)
  }

  /** Let timers fire up to and including an instant, in seconds. */
  until(seconds: number): void {
    const end = Math.round(seconds * SECOND)
    for (;;) {
      const next = this.actions.next()
      if (next === undefined || next[1] > end) break
      this.actions.timers.delete(next[0])
      this.now = next[1]
      Stp1998.onTimer(this.state, next[0], this.now, this.actions)
    }
    this.now = end
  }

  get tree(): Query.TreeSnapshot {
    return Query.snapshot(this.state, 0, this.now)
  }

  get states(): ReadonlyArray<string> {
    return this.tree.ports.map((port) => port.state)
  }

  get roles(): ReadonlyArray<string> {
    return this.tree.ports.map((port) => port.role)
  }
}
