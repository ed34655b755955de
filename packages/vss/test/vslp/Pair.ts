/** Chassis with nothing but VSLP, and the wires between them: frames are late, lost, or pass one way only, as a test wants it. */
import type { EthernetFrame } from "@l2lab/l2/EthernetFrame"
import { MICROSECOND, NEVER, SECOND, type SimTime } from "@l2lab/sim/SimTime"
import * as Prng from "@l2lab/sim/Prng"
import type { VslpActions } from "../../src/vslp/Actions.ts"
import type { VslpConfig } from "../../src/vslp/Settings.ts"
import type { State } from "../../src/vslp/State.ts"
import * as Vslp from "../../src/vslp/Vslp.ts"
import type { LmpHello, Role, RrpPdu } from "../../src/vslp/VslpPdu.ts"

/** A VSL link of a chassis: which chassis, which of its links. */
export type End = readonly [node: number, link: number]

/** A cable. `alive` by direction: from its first end, from its second. */
export interface Wire {
  readonly ends: readonly [End, End]
  readonly alive: [boolean, boolean]
  up: boolean
  latency: number
}

interface Arrival {
  readonly at: SimTime
  readonly wire: Wire
  readonly from: 0 | 1
  readonly frame: EthernetFrame
}

const LINK_STATUS = { rateBps: 10_000_000_000, fullDuplex: true }

/** One chassis: its state, its timers, and a protocol of what it was asked to do. */
export class Node {
  state: State
  /** `member 0 usable`, `role active peer standby sso`, `peer lost`, `reload both active`. */
  readonly asked: Array<string> = []
  readonly timers = new Map<number, SimTime>()
  readonly config: VslpConfig
  reloads = 0
  isOn = true

  constructor(config: VslpConfig) {
    this.config = config
    this.state = Vslp.make(config, 0)
  }

  get role(): Role {
    return Vslp.roleOf(this.state)
  }
}

/** Two chassis, or more, on one clock. */
export class Pair {
  now: SimTime = 0
  readonly nodes: ReadonlyArray<Node>
  readonly wires: ReadonlyArray<Wire>
  /** One frame in so many is lost; 0 = none. */
  lossOneIn = 0
  /** What went over the wires. */
  readonly said: Array<{ readonly at: SimTime; readonly node: number; readonly link: number; readonly pdu: LmpHello | RrpPdu }> =
    []
  private under: Array<Arrival> = []
  private readonly luck = new Uint32Array(Prng.WORDS)

  constructor(configs: ReadonlyArray<VslpConfig>, cables: ReadonlyArray<readonly [End, End]>, seed = 1) {
    Prng.seed(this.luck, 0, seed, "wire")
    this.nodes = configs.map((config) => new Node(config))
    this.wires = cables.map((ends) => ({ ends, alive: [true, true], up: true, latency: 10 * MICROSECOND }))
    this.nodes.forEach((_, node) => this.boot(node))
  }

  private actions(node: number): VslpActions {
    const self = this.nodes[node]
    return {
      tracing: false,
      send: (link, frame) => {
        this.said.push({ at: this.now, node, link, pdu: frame.payload as LmpHello | RrpPdu })
        for (const wire of this.wires) {
          for (const from of [0, 1] as const) {
            const [from_, link_] = wire.ends[from]
            if (from_ !== node || link_ !== link || !wire.up || !wire.alive[from]) continue
            if (this.lossOneIn > 0 && this.random() % this.lossOneIn === 0) continue
            this.under.push({ at: this.now + wire.latency, wire, from, frame })
          }
        }
      },
      startTimer: (id, at) => self.timers.set(id, at),
      stopTimer: (id) => self.timers.delete(id),
      memberChanged: (link, usable) => self.asked.push(`member ${link} ${usable ? "usable" : "unusable"}`),
      roleChanged: (role, peer, mode) => self.asked.push(`role ${role} peer ${peer} ${mode}`),
      peerLost: () => self.asked.push("peer lost"),
      reload: (why) => {
        self.asked.push(`reload ${why}`)
        self.reloads++
        self.isOn = false
      },
      random: () => this.random(),
      trace: () => {},
      detail: () => {},
    }
  }

  random(): number {
    return Prng.next(this.luck, 0)
  }

  /** Let a chassis do something, and boot it if it then wants to. */
  call(node: number, what: (state: State, actions: VslpActions) => void): void {
    const self = this.nodes[node]
    if (!self.isOn) return
    what(self.state, this.actions(node))
    if (!self.isOn) this.boot(node)
  }

  /** Switch on, or off and on. */
  boot(node: number): void {
    const self = this.nodes[node]
    self.isOn = true
    self.timers.clear()
    self.state = Vslp.make(self.config, this.now)
    this.carrier(node, false)
    this.call(node, (state, actions) => Vslp.onBoot(state, this.now, actions))
    this.carrier(node, true)
  }

  /** Switch off. */
  off(node: number): void {
    this.carrier(node, false)
    this.nodes[node].isOn = false
    this.nodes[node].timers.clear()
  }

  /** Both ends of all wires at a chassis lose or get their carrier. */
  private carrier(node: number, up: boolean): void {
    for (const wire of this.wires) if (wire.ends.some(([at]) => at === node)) this.setWire(wire, up)
  }

  /** Plug or unplug a cable; it has a carrier if both chassis are on. */
  setWire(wire: Wire, up: boolean): void {
    const carries = up && wire.ends.every(([node]) => this.nodes[node].isOn)
    wire.up = carries
    if (!carries) this.under = this.under.filter((arrival) => arrival.wire !== wire)
    for (const [node, link] of wire.ends) {
      this.call(node, (state, actions) => Vslp.onLink(state, link, { up: carries, ...LINK_STATUS }, this.now, actions))
    }
  }

  /** Let some seconds pass. */
  run(seconds: number): this {
    const until = this.now + Math.round(seconds * SECOND)
    for (;;) {
      const timers = this.nodes.flatMap(({ timers }, node) => Array.from(timers, ([id, at]) => ({ at, node, id })))
      const timer = timers.reduce<{ at: SimTime; node: number; id: number } | undefined>(
        (first, next) => (first === undefined || next.at < first.at ? next : first),
        undefined,
      )
      const arrival = this.under.reduce<Arrival | undefined>(
        (first, next) => (first === undefined || next.at < first.at ? next : first),
        undefined,
      )
      const at = Math.min(timer?.at ?? NEVER, arrival?.at ?? NEVER)
      if (at > until) break
      this.now = at
      if (arrival !== undefined && arrival.at === at) {
        this.under.splice(this.under.indexOf(arrival), 1)
        const [node, link] = arrival.wire.ends[arrival.from === 0 ? 1 : 0]
        this.call(node, (state, actions) => Vslp.onPdu(state, link, arrival.frame, this.now, actions))
      } else if (timer !== undefined) {
        this.nodes[timer.node].timers.delete(timer.id)
        this.call(timer.node, (state, actions) => Vslp.onTimer(state, timer.id, this.now, actions))
      }
    }
    this.now = until
    return this
  }

  get roles(): string {
    return this.nodes.map(({ role }) => role).join(" ")
  }
}

/** Two chassis of one domain with so many cables between them. */
export const pair = (a: Partial<VslpConfig> = {}, b: Partial<VslpConfig> = {}, cables = 2, seed = 1): Pair => {
  const links = Array.from({ length: cables }, (_, link) => link)
  const config = (switchNumber: 1 | 2): VslpConfig => ({
    domain: 10,
    switchNumber,
    address: 0x020000000000 + switchNumber * 0x100,
    links,
  })
  return new Pair(
    [
      { ...config(1), ...a },
      { ...config(2), ...b },
    ],
    links.map((link) => [[0, link] as const, [1, link] as const] as const),
    seed,
  )
}
