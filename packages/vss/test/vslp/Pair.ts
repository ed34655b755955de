/** Chassis with nothing but VSLP, and the wires between them: frames are late, lost, or pass one way only, as a test wants it. */
import * as EthernetFrame from "@l2lab/l2/EthernetFrame"
import { isStructured } from "@l2lab/l2/PayloadCodec"
import * as LogLine from "@l2lab/sim/LogLine"
import * as Prng from "@l2lab/sim/Prng"
import { MICROSECOND, NEVER, SECOND, type SimTime } from "@l2lab/sim/SimTime"
import type { VslpActions } from "../../src/vslp/Actions.ts"
import { lmpStateOf } from "../../src/vslp/LinkManagement.ts"
import { LOG } from "../../src/vslp/Log.ts"
import { rrpStateOf } from "../../src/vslp/RoleResolution.ts"
import type { VslpConfig } from "../../src/vslp/Settings.ts"
import * as Trace from "../../src/vslp/Trace.ts"
import * as Vslp from "../../src/vslp/Vslp.ts"
import { emitLmp, emitRrp, type LmpHello, type Role, type RrpPdu } from "../../src/vslp/VslpPdu.ts"

/** A VSL link of a chassis: which chassis, which of its links. */
export type End = readonly [node: number, link: number]

/** A cable. `alive` by direction: from its first end, from its second. */
export interface Wire {
  readonly ends: readonly [End, End]
  readonly alive: [boolean, boolean]
  /** Plugged in. */
  plugged: boolean
  latency: number
}

interface Arrival {
  readonly at: SimTime
  readonly wire: Wire
  readonly to: End
  readonly frame: EthernetFrame.EthernetFrame
}

const STATUS = { rateBps: 10_000_000_000, fullDuplex: true }
const LINES = LogLine.registry(LOG)
const NAMES: LogLine.LogNames = {
  port: (port) => `Te1/${port}`,
  portInFull: (port) => `TenGigabitEthernet1/${port}`,
  tree: String,
  sender: String,
}

/** One chassis: its state, its timers, and a protocol of what it was asked to do. */
export class Node {
  state: Vslp.State
  /** `member 0 usable`, `role active peer standby sso`, `peer lost`, `reload preempted`. */
  asked: Array<string> = []
  log: Array<string> = []
  readonly timers = new Map<number, SimTime>()
  config: VslpConfig
  reloads = 0
  isOn = true
  /** Whether its standby is synchronized at once. */
  synchronizes = true

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
  readonly wires: Array<Wire>
  /** One frame in so many is lost; 0 = none. */
  lossOneIn = 0
  /** Frames go as octets. */
  octets = false
  /** What went over the wires. */
  readonly said: Array<{ readonly at: SimTime; readonly node: number; readonly link: number; readonly pdu: LmpHello | RrpPdu }> =
    []
  /** What the wires let through. */
  filter: (frame: EthernetFrame.EthernetFrame) => boolean = () => true
  /** Told after every event. */
  watch: () => void = () => {}
  private under: Array<Arrival> = []
  private readonly luck = new Uint32Array(Prng.WORDS)

  constructor(configs: ReadonlyArray<VslpConfig>, cables: ReadonlyArray<readonly [End, End]>, seed = 1) {
    Prng.seed(this.luck, 0, seed, "wire")
    this.nodes = configs.map((config) => new Node(config))
    this.wires = cables.map((ends) => ({ ends, alive: [true, true], plugged: true, latency: 10 * MICROSECOND }))
    for (const node of this.nodes) node.isOn = false
    this.nodes.forEach((_, node) => this.boot(node))
  }

  private actions(node: number): VslpActions {
    const self = this.nodes[node]
    return {
      tracing: false,
      send: (link, frame) => {
        this.said.push({ at: this.now, node, link, pdu: frame.payload as LmpHello | RrpPdu })
        this.send(node, link, this.octets ? octetsOf(frame) : frame)
      },
      startTimer: (id, at) => self.timers.set(id, at),
      stopTimer: (id) => self.timers.delete(id),
      memberChanged: (link, usable) => self.asked.push(`member ${link} ${usable ? "usable" : "unusable"}`),
      roleChanged: (role, peer, mode) => {
        self.asked.push(`role ${role} peer ${peer} ${mode}`)
        // A second for the checkpoints.
        if (role === "standby" && peer === "active" && self.synchronizes) self.timers.set(SYNCHRONIZED, this.now + SECOND)
      },
      peerLost: () => self.asked.push("peer lost"),
      reload: (why) => {
        self.asked.push(`reload ${why}`)
        self.reloads++
        self.isOn = false
      },
      random: () => this.random(),
      trace: (code, a, b, c, d) => {
        for (const line of LINES.get(code) ?? []) {
          const message = line.message({ at: this.now, node, code, a, b, c, d }, NAMES)
          if (message !== undefined) self.log.push(LogLine.format(line, message))
        }
      },
      detail: () => {},
    }
  }

  /** A frame leaves by a link; of a link without a cable it goes nowhere. */
  send(node: number, link: number, frame: EthernetFrame.EthernetFrame): void {
    if (!this.filter(frame)) return
    for (const wire of this.wires) {
      if (!this.carries(wire)) continue
      for (const from of [0, 1] as const) {
        if (wire.ends[from][0] !== node || wire.ends[from][1] !== link || !wire.alive[from]) continue
        if (this.lossOneIn > 0 && this.random() % this.lossOneIn === 0) continue
        this.under.push({ at: this.now + wire.latency, wire, to: wire.ends[1 - from], frame })
      }
    }
  }

  random(): number {
    return Prng.next(this.luck, 0)
  }

  carries({ ends, plugged }: Wire): boolean {
    return plugged && ends.every(([node]) => this.nodes[node].isOn)
  }

  /** Let a chassis do something, and boot it if it then wants to. */
  call<A>(node: number, what: (state: Vslp.State, actions: VslpActions) => A): A | undefined {
    const self = this.nodes[node]
    if (!self.isOn) return undefined
    const answer = what(self.state, this.actions(node))
    if (!self.isOn) {
      self.isOn = true
      this.off(node)
      this.boot(node)
    }
    this.watch()
    return answer
  }

  private tellCarriers(of: (wire: Wire) => boolean): void {
    for (const wire of this.wires) {
      if (!of(wire)) continue
      const up = this.carries(wire)
      if (!up) this.under = this.under.filter((arrival) => arrival.wire !== wire)
      for (const [node, link] of wire.ends) {
        if (this.nodes[node].state.up[link] === (up ? 1 : 0)) continue
        this.call(node, (state, actions) => Vslp.onLink(state, link, { up, ...STATUS }, this.now, actions))
      }
    }
  }

  private isAt(node: number): (wire: Wire) => boolean {
    return ({ ends }) => ends.some(([at]) => at === node)
  }

  /** Switch on. */
  boot(node: number): void {
    const self = this.nodes[node]
    self.isOn = true
    self.timers.clear()
    self.state = Vslp.make(self.config, this.now)
    this.call(node, (state, actions) => Vslp.onBoot(state, this.now, actions))
    this.tellCarriers(this.isAt(node))
  }

  /** Switch off. */
  off(node: number): void {
    const self = this.nodes[node]
    self.isOn = false
    self.timers.clear()
    this.tellCarriers(this.isAt(node))
  }

  /** Plug or unplug cables. */
  plug(plugged: boolean, ...wires: ReadonlyArray<number>): this {
    for (const wire of wires) {
      this.wires[wire].plugged = plugged
      this.tellCarriers((other) => other === this.wires[wire])
    }
    return this
  }

  /** Let some seconds pass. */
  run(seconds: number): this {
    const until = this.now + Math.round(seconds * SECOND)
    for (;;) {
      const timers = this.nodes.flatMap(({ timers: of }, node) => Array.from(of, ([id, at]) => ({ at, node, id })))
      const timer = timers.reduce((first, next) => (next.at < first.at ? next : first), { at: NEVER, node: 0, id: 0 })
      const arrival = this.under.reduce((first, next) => (first.at <= next.at ? first : next), this.under[0])
      const at = Math.min(timer.at, arrival?.at ?? NEVER)
      if (at > until) break
      this.now = at
      if (arrival?.at === at) {
        this.under.splice(this.under.indexOf(arrival), 1)
        const [node, link] = arrival.to
        this.call(node, (state, actions) => Vslp.onPdu(state, link, arrival.frame, this.now, actions))
      } else {
        this.nodes[timer.node].timers.delete(timer.id)
        this.call(timer.node, (state, actions) =>
          timer.id === SYNCHRONIZED
            ? Vslp.onSynchronized(state, this.now, actions)
            : Vslp.onTimer(state, timer.id, this.now, actions),
        )
      }
    }
    this.now = until
    return this
  }

  /** `active standby`. */
  get roles(): string {
    return this.nodes.map(({ role }) => role).join(" ")
  }

  /** What RRP is at: `ACTIVE STANDBY_HOT`. */
  get states(): string {
    return this.nodes.map(({ state }) => rrpStateOf(state)).join(" ")
  }

  /** What LMP makes of a chassis' links: `OPERATIONAL REJECTED`; and why: `domain mismatch`. */
  links(node: number): string {
    const { state } = this.nodes[node]
    return Array.from(state.up, (_, link) => lmpStateOf(state, link)).join(" ")
  }
  failure(node: number, link = 0): string {
    return Trace.FAILURES[this.nodes[node].state.failure[link]]
  }
}

const SYNCHRONIZED = -1

const octetsOf = (frame: EthernetFrame.EthernetFrame): EthernetFrame.EthernetFrame => {
  const payload = frame.payload as LmpHello | RrpPdu
  if (!isStructured(payload)) return frame
  const octets = payload.protocol === "lmp" ? emitLmp(payload) : emitRrp(payload)
  return EthernetFrame.make(frame.destination, frame.source, frame.protocol, octets, octets.length)
}

/** Chassis `switchNumber` of a pair with so many links. */
export const chassis = (switchNumber: 1 | 2, links = 2): VslpConfig => ({
  domain: 10,
  switchNumber,
  address: 0x020000000000 + switchNumber * 0x100,
  links: Array.from({ length: links }, (_, link) => link),
})

/** Two chassis of one domain with so many cables between them. */
export const pair = (a: Partial<VslpConfig> = {}, b: Partial<VslpConfig> = {}, cables = 2, seed = 1): Pair =>
  new Pair(
    [
      { ...chassis(1, cables), ...a },
      { ...chassis(2, cables), ...b },
    ],
    Array.from({ length: cables }, (_, link) => [[0, link] as const, [1, link] as const] as const),
    seed,
  )
