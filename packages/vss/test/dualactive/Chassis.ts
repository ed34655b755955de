/**
 * Chassis with VSLP and dual-active detection and nothing else, as a device of a world: VSL links first, then detection ports, then ports that stand for all
 * others. A chassis boots anew on the spot.
 */
import * as Columns from "@l2lab/l2/Columns"
import type { EthernetFrame } from "@l2lab/l2/EthernetFrame"
import { isStructured, registry, type PayloadCodecs } from "@l2lab/l2/PayloadCodec"
import { codecs } from "@l2lab/l3/codecs"
import { DeviceKind, type Command, type Outbox } from "@l2lab/sim/Device"
import * as Fingerprint from "@l2lab/sim/Fingerprint"
import * as LogLine from "@l2lab/sim/LogLine"
import * as Replay from "@l2lab/sim/Replay"
import { SECOND, type SimTime } from "@l2lab/sim/SimTime"
import { Simulation } from "@l2lab/sim/Simulation"
import type { TraceEvent } from "@l2lab/sim/TraceEvent"
import type { Registry, WorldSpec } from "@l2lab/sim/World"
import { WORLD, type WorldCommand } from "@l2lab/sim/WorldCommand"
import { Result } from "effect"
import type { DualActiveActions } from "../../src/dualactive/Actions.ts"
import * as BfdPdu from "../../src/dualactive/BfdPdu.ts"
import * as DualActive from "../../src/dualactive/DualActive.ts"
import * as FastHelloPdu from "../../src/dualactive/FastHelloPdu.ts"
import { LOG } from "../../src/dualactive/Log.ts"
import { view, type DualActiveView } from "../../src/dualactive/Query.ts"
import type { DualActiveConfig } from "../../src/dualactive/Settings.ts"
import type { VslpActions } from "../../src/vslp/Actions.ts"
import { LOG as VSLP_LOG } from "../../src/vslp/Log.ts"
import type { VslpConfig } from "../../src/vslp/Settings.ts"
import * as Vslp from "../../src/vslp/Vslp.ts"
import { lmpCodec, rrpCodec } from "../../src/vslp/VslpPdu.ts"

/** One chassis; `others` ports follow those of VSL and detection. */
export interface ChassisConfig {
  readonly vslp: VslpConfig
  readonly detection: DualActiveConfig
  readonly others: number
  /** Frames are read from their octets. */
  readonly octets?: boolean
}

export interface ChassisState {
  readonly config: ChassisConfig
  readonly up: Uint8Array
  vslp: Vslp.State
  detection: DualActive.State
  reloads: number
}

/** What a PAgP neighbour names as active, on all of its members. */
interface Pagp extends Command {
  readonly type: "pagp"
  readonly activeId: number
}

type Out = Outbox<EthernetFrame>

const CODECS: PayloadCodecs = registry([lmpCodec, rrpCodec, FastHelloPdu.codec, ...codecs([BfdPdu.codec])])
const LINES = LogLine.registry([...LOG, ...VSLP_LOG])
const NAMES: LogLine.LogNames = {
  port: (port) => `Te1/${port}`,
  portInFull: (port) => `TenGigabitEthernet1/${port}`,
  tree: String,
  sender: String,
}

/** The frame as it comes off a wire that carries octets. */
const offTheWire = (frame: EthernetFrame): EthernetFrame => {
  const { payload, protocol } = frame
  if (!isStructured(payload)) return frame
  const octets = CODECS.byName.get(payload.protocol)!.emit(payload)
  for (const codec of CODECS.byEncapsulation.get(protocol) ?? []) {
    const parsed = codec.parse(octets)
    if (Result.isSuccess(parsed)) return { ...frame, payload: parsed.success }
  }
  return { ...frame, payload: octets }
}

const firstOther = ({ detection, vslp }: ChassisConfig): number => vslp.links.length + detection.ports.length

const tellPair = (s: ChassisState, now: SimTime, out: Out): void =>
  DualActive.onPair(
    s.detection,
    s.vslp.joined === 1,
    Vslp.roleOf(s.vslp),
    s.vslp.peer.address,
    now,
    detectionActions(s, now, out),
  )

const vslpActions = (s: ChassisState, now: SimTime, out: Out): VslpActions & { reloads: boolean } => ({
  reloads: false,
  send: (link, frame) => out.transmitControl(link, frame, -1),
  startTimer: (id, at) => out.startTimer(id, at),
  stopTimer: (id) => out.stopTimer(id),
  memberChanged: () => tellPair(s, now, out),
  roleChanged: () => tellPair(s, now, out),
  peerLost: () => tellPair(s, now, out),
  reload() {
    this.reloads = true
  },
  random: () => out.random(),
  trace: (...event) => out.trace(...event),
  detail: (...event) => out.detail(...event),
  get tracing() {
    return out.tracing
  },
})

const detectionActions = (s: ChassisState, _now: SimTime, out: Out): DualActiveActions => ({
  send: (i, frame) => out.transmitControl(s.config.vslp.links.length + i, frame, -1),
  startTimer: (id, at) => out.startTimer(1 + id, at),
  stopTimer: (id) => out.stopTimer(1 + id),
  random: () => out.random(),
  trace: (...event) => out.trace(...event),
  detail: (...event) => out.detail(...event),
  get tracing() {
    return out.tracing
  },
  recovery: () => {
    for (let port = firstOther(s.config); port < s.up.length; port++) out.setPortEnabled(port, false)
  },
})

/** Let VSLP do something; then what it and detection ask for. */
const call = (s: ChassisState, now: SimTime, out: Out, what: (actions: VslpActions) => void): void => {
  const actions = vslpActions(s, now, out)
  what(actions)
  if (actions.reloads) {
    s.reloads++
    boot(s, now, out)
  } else if (s.detection.inRecovery === 1 && s.vslp.recoveryOrdered === 0) {
    call(s, now, out, (again) => Vslp.onRecovery(s.vslp, now, again))
  }
}

const boot = (s: ChassisState, now: SimTime, out: Out): void => {
  s.vslp = Vslp.make(s.config.vslp, now)
  s.detection = DualActive.make(s.config.detection, now)
  for (let port = firstOther(s.config); port < s.up.length; port++) out.setPortEnabled(port, true)
  DualActive.onBoot(s.detection, now, detectionActions(s, now, out))
  call(s, now, out, (actions) => Vslp.onBoot(s.vslp, now, actions))
  s.up.forEach((up, port) => {
    if (up === 1) tellLink(s, port, true, now, out)
  })
}

const tellLink = (s: ChassisState, port: number, up: boolean, now: SimTime, out: Out): void => {
  const status = { up, rateBps: 1e10, fullDuplex: true }
  const links = s.config.vslp.links.length
  if (port < links) call(s, now, out, (actions) => Vslp.onLink(s.vslp, port, status, now, actions))
  else if (port < firstOther(s.config)) {
    call(s, now, out, () => DualActive.onLink(s.detection, port - links, status, now, detectionActions(s, now, out)))
  }
}

const KIND = new DeviceKind<ChassisState, EthernetFrame, ChassisConfig>({
  kind: "chassis",
  ports: (config) => firstOther(config) + config.others,
  timers: () => 3,
  make: (config, now) => ({
    config,
    up: new Uint8Array(firstOther(config) + config.others),
    vslp: Vslp.make(config.vslp, now),
    detection: DualActive.make(config.detection, now),
    reloads: 0,
  }),
  onBoot: (s, now, out) => {
    DualActive.onBoot(s.detection, now, detectionActions(s, now, out))
    call(s, now, out, (actions) => Vslp.onBoot(s.vslp, now, actions))
  },
  onFrame: (s, port, frame, _tci, now, out) => {
    const links = s.config.vslp.links.length
    const read = s.config.octets === true ? offTheWire(frame) : frame
    if (port < links) call(s, now, out, (actions) => Vslp.onPdu(s.vslp, port, read, now, actions))
    else if (port < firstOther(s.config)) {
      call(s, now, out, () => DualActive.onPdu(s.detection, port - links, read, now, detectionActions(s, now, out)))
    }
  },
  onTimer: (s, timer, now, out) => {
    if (timer === 0) call(s, now, out, (actions) => Vslp.onTimer(s.vslp, 0, now, actions))
    else call(s, now, out, () => DualActive.onTimer(s.detection, timer - 1, now, detectionActions(s, now, out)))
  },
  onLink: (s, port, { up }, now, out) => {
    s.up[port] = up ? 1 : 0
    tellLink(s, port, up, now, out)
  },
  onCommand: (s, command, now, out) => {
    if (command.type !== "pagp") return
    const { activeId } = command as Pagp
    const { address } = s.config.vslp
    call(s, now, out, () => DualActive.onPagp(s.detection, [address, activeId], address, now, detectionActions(s, now, out)))
  },
  copy: (s) => ({ ...s, up: s.up.slice(), vslp: Vslp.copy(s.vslp), detection: DualActive.copy(s.detection) }),
  fingerprint: (s, digest, now) => {
    Vslp.fingerprint(s.vslp, digest, now)
    DualActive.fingerprint(s.detection, digest, now)
    Columns.fingerprint({ reloads: s.reloads, up: s.up }, digest, now, new Set())
  },
})

const REGISTRY: Registry<EthernetFrame> = {
  kinds: new Map([["chassis", KIND]]),
  fingerprintFrame: (frame, digest) => {
    digest.numbers([frame.source, frame.protocol, frame.wireOctets])
    if (isStructured(frame.payload)) digest.numbers(CODECS.byName.get(frame.payload.protocol)!.emit(frame.payload))
  },
}

export const addressOf = (node: number): number => 0x020000000100 * (node + 1)

/** A detection cable between the two. */
export type Cable = "fast-hello" | "bfd"

export interface PairSpec {
  readonly cables: ReadonlyArray<Cable>
  readonly vsl?: number
  readonly others?: number
  readonly octets?: boolean
  readonly vslp?: readonly [Partial<VslpConfig>, Partial<VslpConfig>]
  readonly detection?: readonly [Partial<DualActiveConfig>, Partial<DualActiveConfig>]
  readonly seed?: number
  readonly latencyNs?: number
}

/** Two chassis: the cables of the VSL, those of detection, and none at the other ports but one between them. */
export class Chassis {
  readonly spec: WorldSpec
  simulation: Simulation<EthernetFrame>
  readonly events: Array<TraceEvent> = []
  readonly vsl: number

  constructor({ cables, detection, latencyNs, octets = false, others = 1, seed = 5, vsl = 2, vslp }: PairSpec) {
    this.vsl = vsl
    const config = (node: 0 | 1): ChassisConfig => {
      const shared = { domain: 10, switchNumber: node === 0 ? (1 as const) : (2 as const), address: addressOf(node) }
      return {
        vslp: { ...shared, links: Array.from({ length: vsl }, (_, link) => link), ...vslp?.[node] },
        detection: {
          ...shared,
          ports: cables.map((by, i) => {
            const port = vsl + i
            const addresses = [0x0a000001 + i * 256, 0x0a000002 + i * 256]
            return by === "fast-hello"
              ? { by, port }
              : { by, port, address: addressOf(node) + 1 + port, local: addresses[node], peer: addresses[1 - node] }
          }),
          ...detection?.[node],
        },
        others,
        octets,
      }
    }
    this.spec = {
      seed,
      nodes: [0, 1].map((node) => ({ name: `sw${node + 1}`, kind: "chassis", config: config(node as 0 | 1) })),
      links: Array.from({ length: vsl + cables.length + others }, (_, port) => ({
        a: { node: 0, port },
        b: { node: 1, port },
        ...(latencyNs !== undefined && { latencyNs }),
      })),
    }
    this.simulation = Simulation.boot(this.spec, REGISTRY, (simulation) =>
      simulation.listen({ onTrace: (event) => this.events.push(event) }),
    )
  }

  run(seconds: number): this {
    this.simulation.run(this.simulation.now + Math.round(seconds * SECOND))
    return this
  }

  world(command: WorldCommand): this {
    this.simulation.command(WORLD, command)
    return this
  }

  /** All cables of the VSL out, or in. */
  cut(connected = false): this {
    for (let link = 0; link < this.vsl; link++) {
      this.world({ type: connected ? "link.connect" : "link.disconnect", link })
    }
    return this
  }

  pagp(node: number, activeId: number): this {
    this.simulation.command(node, { type: "pagp", activeId } as Pagp)
    return this
  }

  state(node: number): ChassisState {
    return this.simulation.world.states[node] as ChassisState
  }

  view(node: number): DualActiveView {
    return view(this.state(node).detection)
  }

  /** `active standby`. */
  get roles(): string {
    return [0, 1].map((node) => Vslp.roleOf(this.state(node).vslp)).join(" ")
  }

  get reloads(): ReadonlyArray<number> {
    return [0, 1].map((node) => this.state(node).reloads)
  }

  /** Log lines of a chassis, with when they came, from an instant on. */
  log(node: number, from = 0): ReadonlyArray<string> {
    return this.events
      .filter((event) => event.node === node && event.at >= from)
      .flatMap((event) =>
        (LINES.get(event.code) ?? []).flatMap((line) => {
          const message = line.message(event, NAMES)
          return message === undefined ? [] : [LogLine.format(line, message)]
        }),
      )
  }

  get fingerprint(): string {
    return Fingerprint.of(this.simulation)
  }

  /** What the same commands come to, given again to a world made anew. */
  replayed(): string {
    return Fingerprint.of(Replay.run(this.spec, REGISTRY, this.simulation.world.commandLog, this.simulation.now))
  }
}
