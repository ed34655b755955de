/** Devices for tests of the world: one that does what it is told and writes down what it sees, and one that chatters at random. */
import { DeviceKind, type Command, type PortShut } from "../src/Device.ts"
import type { SimTime } from "../src/SimTime.ts"
import type { Simulation } from "../src/Simulation.ts"
import type { LinkSpec, Registry, WorldSpec } from "../src/World.ts"

/** A frame that carries a number. */
export interface TestFrame {
  readonly wireOctets: number
  readonly id: number
}

/** What happened to a probe: an arrival, a timer, a link, a boot. */
export type Seen =
  | readonly [at: SimTime, what: "frame", port: number, id: number, tci: number]
  | readonly [at: SimTime, what: "timer", id: number]
  | readonly [at: SimTime, what: "up" | "down", port: number, rateBps: number]
  | readonly [at: SimTime, what: "boot"]

export interface ProbeConfig {
  readonly ports: number
  readonly timers?: number
}

export interface ProbeState {
  seen: Array<Seen>
  /** Octets that it sends when one of its ports is to be shut. */
  farewell?: number
}

export type ProbeCommand =
  | {
      readonly type: "send"
      readonly port: number
      readonly octets: number
      readonly id?: number
      readonly tci?: number
      readonly count?: number
      readonly control?: boolean
    }
  | { readonly type: "start"; readonly timer: number; readonly at: SimTime }
  | { readonly type: "stop"; readonly timer: number }
  | { readonly type: "enable"; readonly port: number; readonly enabled: boolean }
  | { readonly type: "farewell"; readonly octets: number }
  | { readonly type: "crash" }

const isProbeCommand = (command: Command): command is ProbeCommand =>
  /^(send|start|stop|enable|farewell|crash)$/.test(command.type)

export const PROBE = new DeviceKind<ProbeState, TestFrame, ProbeConfig>({
  kind: "probe",
  ports: (config) => config.ports,
  timers: (config) => config.timers ?? 0,
  make: () => ({ seen: [] }),
  onBoot: (state, now) => {
    state.seen.push([now, "boot"])
  },
  onFrame: (state, port, frame, tci, now) => {
    state.seen.push([now, "frame", port, frame.id, tci])
  },
  onTimer: (state, timer, now) => {
    state.seen.push([now, "timer", timer])
  },
  onLink: (state, port, link, now) => {
    state.seen.push([now, link.up ? "up" : "down", port, link.rateBps])
  },
  onCommand: (state, command, _now, out) => {
    if (command.type === "port.shut" && state.farewell !== undefined) {
      out.transmitControl((command as PortShut).port, { wireOctets: state.farewell, id: 99 }, -1)
    }
    if (!isProbeCommand(command)) return
    switch (command.type) {
      case "send": {
        for (let i = 0; i < (command.count ?? 1); i++) {
          const frame = { wireOctets: command.octets, id: (command.id ?? 0) + i }
          if (command.control === true) out.transmitControl(command.port, frame, command.tci ?? -1)
          else out.transmit(command.port, frame, command.tci ?? -1)
        }
        return
      }
      case "start":
        return out.startTimer(command.timer, command.at)
      case "stop":
        return out.stopTimer(command.timer)
      case "farewell":
        state.farewell = command.octets
        return
      case "enable":
        return out.setPortEnabled(command.port, command.enabled)
      case "crash":
        throw new Error("the probe crashed as told")
    }
  },
  copy: (state) => ({ ...state, seen: state.seen.slice() }),
  fingerprint: (state, digest, now) => {
    for (const [at, what, a, b, c] of state.seen) {
      digest.number(at - now)
      digest.string(what)
      digest.numbers([a ?? 0, b ?? 0, c ?? 0])
    }
  },
})

export interface ChatterConfig {
  readonly ports: number
  /** Longest pause between two frames. */
  readonly pauseNs: number
}

export interface ChatterState {
  readonly config: ChatterConfig
  sent: number
  received: number
  sum: number
}

/** Sends frames of random size on random ports at random times, answers every third it gets, and traces every tenth. */
export const CHATTER = new DeviceKind<ChatterState, TestFrame, ChatterConfig>({
  kind: "chatter",
  ports: (config) => config.ports,
  timers: () => 3,
  make: (config) => ({ config, sent: 0, received: 0, sum: 0 }),
  onBoot: (_state, now, out) => {
    out.startTimer(0, now + 1000)
  },
  onFrame: (state, port, frame, _tci, now, out) => {
    state.received++
    state.sum = (state.sum * 31 + frame.id + frame.wireOctets) % 1_000_003
    if (state.received % 3 === 0) out.transmit(port, { wireOctets: 64, id: frame.id + 1 }, -1)
    if (state.received % 10 === 0) out.trace(0x7f01, state.received, port, frame.id, 0)
    if (out.tracing) out.detail(0x7f02, frame.id, 0, 0, 0)
    if (state.received % 7 === 0) out.startTimer(1, now + 5000)
    if (state.received % 11 === 0) out.stopTimer(1)
  },
  onTimer: (state, timer, now, out) => {
    const draw = out.random()
    if (timer === 0) {
      state.sent++
      const port = draw % state.config.ports
      const frame = { wireOctets: 64 + ((draw >>> 8) % 1400), id: state.sent }
      if ((draw >>> 20) % 5 === 0) out.transmitControl(port, frame, -1)
      else out.transmit(port, frame, (draw >>> 16) % 3 === 0 ? 10 : -1)
      out.startTimer(0, now + 1 + (draw % state.config.pauseNs))
      out.startTimer(2, now + 1 + ((draw >>> 4) % 3000))
    } else out.trace(0x7f03, timer, state.sent, 0, 0)
  },
  onLink: (state, port, link, _now, out) => {
    state.sum += link.up ? 1 : 2
    out.trace(0x7f04, port, link.up ? 1 : 0, 0, 0)
  },
  onCommand: (_state, command, _now, out) => {
    if (command.type === "chatter.burst") for (let i = 0; i < 20; i++) out.transmit(0, { wireOctets: 1518, id: i }, -1)
  },
  copy: (state) => ({ ...state }),
  fingerprint: (state, digest) => digest.numbers([state.sent, state.received, state.sum]),
})

export const REGISTRY: Registry<TestFrame> = {
  kinds: new Map([PROBE, CHATTER].map((kind) => [kind.kind, kind])),
  fingerprintFrame: (frame, digest) => digest.int(frame.id),
}

/** Two probes, `a` (node 0) and `b` (node 1), with one link between their ports 0. */
export const pair = (link: Partial<LinkSpec> = {}, timers = 0): WorldSpec => ({
  nodes: [
    { name: "a", kind: "probe", config: { ports: 1, timers } },
    { name: "b", kind: "probe", config: { ports: 1, timers } },
  ],
  links: [{ a: { node: 0, port: 0 }, b: { node: 1, port: 0 }, ...link }],
})

/** A ring of chatterers, every link different: slow, fast, lossy, with a short queue. */
export const ring = (nodes: number, seed: number): WorldSpec => ({
  seed,
  nodes: Array.from({ length: nodes }, (_, i) => ({
    name: `c${i}`,
    kind: "chatter",
    config: { ports: 2, pauseNs: 2000 + 777 * i },
  })),
  links: Array.from({ length: nodes }, (_, i) => ({
    a: { node: i, port: 0 },
    b: { node: (i + 1) % nodes, port: 1 },
    rateBps: [1e9, 10e9, 100e6, 400e9][i % 4],
    latencyNs: 100 * (i + 1),
    queueOctets: [1_048_576, 5000][i % 2],
    lossRatio: [0, 0.1, 0, 0.3][i % 4],
    corruptionRatio: [0, 0, 0.2][i % 3],
  })),
})

/** What a probe has seen so far, and what it saw since the last call. */
export const seen = (simulation: Simulation<TestFrame>, node: number): ReadonlyArray<Seen> =>
  (simulation.world.states[node] as ProbeState | null)?.seen ?? []

/** Forget what the probes saw, boot and link included. */
export const forget = (simulation: Simulation<TestFrame>): void => {
  for (const state of simulation.world.states) if (state !== null) (state as ProbeState).seen = []
}

/** Frames that a probe received: instant and number. */
export const arrivals = (simulation: Simulation<TestFrame>, node: number): ReadonlyArray<readonly [SimTime, number]> =>
  seen(simulation, node).flatMap((event) => (event[1] === "frame" ? [[event[0], event[3]] as const] : []))
