/** The state of one chassis: plain data. Of the other chassis it knows what came in frames. */
import * as Bundles from "@l2lab/l2/bundle/Bundles"
import * as BridgeState from "@l2lab/l2/BridgeState"
import * as Columns from "@l2lab/l2/Columns"
import type { AnyControlProtocolKind } from "@l2lab/l2/ControlProtocol"
import type { MacAddress } from "@l2lab/l2/MacAddress"
import * as Pairing from "@l2lab/l2/Pairing"
import type { Digest } from "@l2lab/sim/Digest"
import { MILLISECOND, NEVER, type DurationNs, type SimTime } from "@l2lab/sim/SimTime"
import * as DualActive from "../dualactive/DualActive.ts"
import * as Vslp from "../vslp/Vslp.ts"
import * as Channel from "./Channel.ts"
import { firstPortOf, ownPorts, type ChassisConfig } from "./ChassisConfig.ts"
import * as PlainData from "./PlainData.ts"
import * as Trace from "./Trace.ts"
import * as VirtualSwitchLink from "./VirtualSwitchLink.ts"

// Places in `MODES` of `Trace`.
export const BOOTING = 0
export const ACTIVE = 1
export const STANDBY_COLD = 2
export const STANDBY_HOT = 3
export const STANDBY_RPR = 4
export const RECOVERY = 5
export const RELOADING = 6

/** What a chassis knows of its own link ports: columns. */
export interface OwnLinks {
  readonly up: Uint8Array
  readonly rateBps: Float64Array
  readonly fullDuplex: Uint8Array
  /** The chassis lets the port be up; and by line card, whether it failed, which no reload mends. */
  readonly enabled: Uint8Array
  readonly failed: Uint8Array
}

/** While many things happen, checkpoints are so far apart†. */
export const CHECKPOINT_REST: DurationNs = 10 * MILLISECOND

/** What a standby needs to take over, or an active has told it so far. */
export interface Checkpoint {
  /** Protocols and all that must be of one instant with them (`Checkpoint.ts`). Null where nobody stands by. */
  told: object | null
  /** What is due is told then; NEVER: nothing is due. And when it was told last. */
  dueAt: SimTime
  toldAt: SimTime
}

/** Addresses that the other chassis is to know: four numbers each: address, FID, port, instant. */
export interface CamSync {
  readonly learnt: Array<number>
  dueAt: SimTime
  /** When addresses that were seen again are told at the latest, and when that was done last. */
  refreshAt: SimTime
  refreshedAt: SimTime
  /** Too many are learnt: until then none is told by itself. */
  restUntil: SimTime
  /** The next time all of them are told: something was forgotten, perhaps on one side only. */
  isFull: boolean
}

export interface ChassisState {
  readonly config: ChassisConfig
  mode: number
  /** The pair as one bridge. On a standby its protocols rest. */
  bridge: BridgeState.BridgeState
  readonly vslp: Vslp.State
  /** Null where there is no detection. */
  readonly dualActive: DualActive.State | null
  readonly vsl: VirtualSwitchLink.VirtualSwitchLink
  readonly channel: Channel.Channel
  readonly links: OwnLinks
  /** Of an active: whether a standby has asked to be told, and is. */
  isTelling: boolean
  /** By timer of the bridge: when it fires; NEVER. */
  readonly deadlines: Float64Array
  /** On a standby: the active's, as of the last checkpoint. */
  readonly checkpoint: Checkpoint
  readonly cam: CamSync
  /** When the other chassis is to hear something next, and until when it is to be heard; NEVER while the channel is closed. */
  beatAt: SimTime
  heardUntil: SimTime
  /** A standby that nobody has welcomed by then asks anew; NEVER. */
  joinAgainAt: SimTime
  /** The processor hangs; what of its own timers has run out meanwhile. */
  isHung: boolean
  readonly overdue: Array<number>
  /** When the ports may come up after a reload; and when modules that RPR had switched off have booted, NEVER if they run. */
  readyAt: SimTime
  modulesAt: SimTime
  /** When the timer for all that the chassis does at some time fires; NEVER. */
  wakeAt: SimTime
  /** Boots that were no power-on, and takeovers. */
  reloads: number
  switchovers: number
}

/** What the bridge of the pair is when it is switched on, with the pair's address. Its instant is 0, so that it is the same on both chassis. */
export const makeBridge = (
  config: ChassisConfig,
  address: MacAddress,
  kinds: ReadonlyArray<AnyControlProtocolKind>,
  isHeadless: boolean,
): BridgeState.BridgeState => {
  const bridge = BridgeState.make({ ...config.bridge, address }, kinds, 0)
  bridge.pairing = Pairing.make(isHeadless)
  if (bridge.bundles !== null) {
    const first = firstPortOf(config, config.vslp.switchNumber)
    bridge.bundles.preferred = Uint8Array.from({ length: bridge.bundles.links }, (_, link) =>
      link >= first && link < first + ownPorts(config) ? 1 : 0,
    )
  }
  return bridge
}

/** The address that the pair has if this chassis is active first. */
export const addressOf = ({ virtualAddress, vslp }: ChassisConfig): MacAddress => virtualAddress ?? vslp.address

/** A chassis that has just been switched on: it forwards nothing. Throws where the bridge is not of the ports of both: a mistake in composing it. */
export const make = (config: ChassisConfig, kinds: ReadonlyArray<AnyControlProtocolKind>, now: SimTime): ChassisState => {
  const ports = ownPorts(config)
  const [first, second] = config.ports
  if (first + second !== config.bridge.ports.length) {
    throw new Error(`chassis of ${first} and ${second} ports are no bridge of ${config.bridge.ports.length} ports`)
  }
  const bridge = makeBridge(config, addressOf(config), kinds, true)
  return {
    config,
    mode: BOOTING,
    bridge,
    vslp: Vslp.make(config.vslp, now),
    dualActive: config.dualActive === undefined ? null : DualActive.make(config.dualActive, now),
    vsl: VirtualSwitchLink.make(config),
    channel: Channel.make(),
    links: {
      up: new Uint8Array(ports),
      rateBps: new Float64Array(ports),
      fullDuplex: new Uint8Array(ports),
      enabled: new Uint8Array(ports).fill(1),
      failed: new Uint8Array(config.cards?.length ?? 0),
    },
    isTelling: false,
    deadlines: new Float64Array(bridge.ownTimers + BridgeState.ownTimersOf(config.bridge)).fill(NEVER),
    checkpoint: { told: null, dueAt: NEVER, toldAt: 0 },
    cam: { learnt: [], dueAt: NEVER, refreshAt: NEVER, refreshedAt: 0, restUntil: 0, isFull: false },
    beatAt: NEVER,
    heardUntil: NEVER,
    joinAgainAt: NEVER,
    isHung: false,
    overdue: [],
    readyAt: NEVER,
    modulesAt: NEVER,
    wakeAt: NEVER,
    reloads: 0,
    switchovers: 0,
  }
}

/** The first link port of this chassis in the pair's port space, and whether a link port of the pair is on it. */
export const firstPort = ({ config }: ChassisState): number => firstPortOf(config, config.vslp.switchNumber)
export const isOwn = (state: ChassisState, link: number): boolean => {
  const port = link - firstPort(state)
  return port >= 0 && port < state.links.up.length
}

/** Whether frames are relayed: it is active, or a standby that knows what the active knows. */
export const relays = ({ mode }: ChassisState): boolean => mode === ACTIVE || mode === STANDBY_HOT

/** Whether a bundle has a member that carries frames on this chassis (`own`), or on the other. */
export const hasMember = (state: ChassisState, b: number, own: boolean): boolean => {
  const { bundles, config } = state.bridge
  return config.bundles![b].members.some((link) => bundles!.role[link] === Bundles.IN && isOwn(state, link) === own)
}

/** The name of what it is doing. */
export const modeOf = ({ mode }: ChassisState): Trace.Mode => Trace.MODES[mode]

/** An independent copy. */
export const copy = (state: ChassisState, kinds: ReadonlyArray<AnyControlProtocolKind>): ChassisState => ({
  ...state,
  bridge: BridgeState.copy(state.bridge, kinds),
  vslp: Vslp.copy(state.vslp),
  dualActive: state.dualActive === null ? null : DualActive.copy(state.dualActive),
  vsl: VirtualSwitchLink.copy(state.vsl),
  channel: Channel.copy(state.channel),
  links: Columns.copy(state.links),
  deadlines: state.deadlines.slice(),
  checkpoint: { ...state.checkpoint, told: PlainData.clone(state.checkpoint.told) as object | null },
  cam: { ...state.cam, learnt: state.cam.learnt.slice() },
  overdue: state.overdue.slice(),
})

/** Fold it into a digest. What was told of checkpoints follows from what was said in frames. */
export const fingerprint = (
  state: ChassisState,
  kinds: ReadonlyArray<AnyControlProtocolKind>,
  digest: Digest,
  now: SimTime,
): void => {
  const { cam, checkpoint, links } = state
  const until = (at: SimTime): number => (at === NEVER ? NEVER : at - now)
  digest.numbers([state.mode, state.isTelling ? 1 : 0, state.isHung ? 1 : 0, state.reloads, state.switchovers])
  digest.numbers([
    until(state.readyAt),
    until(state.modulesAt),
    until(state.beatAt),
    until(state.heardUntil),
    until(state.joinAgainAt),
    state.overdue.length,
    until(checkpoint.dueAt),
    until(cam.dueAt),
    until(cam.refreshAt),
    cam.isFull ? 1 : 0,
  ])
  digest.number(Math.min(now - checkpoint.toldAt, CHECKPOINT_REST))
  digest.number(Math.max(0, cam.restUntil - now))
  BridgeState.fingerprint(state.bridge, kinds, digest, now)
  Vslp.fingerprint(state.vslp, digest, now)
  if (state.dualActive !== null) DualActive.fingerprint(state.dualActive, digest, now)
  VirtualSwitchLink.fingerprint(state.vsl, digest, now)
  Channel.fingerprint(state.channel, digest, now)
  for (const column of Object.values(links)) digest.numbers(column as ArrayLike<number>)
  for (const at of state.deadlines) digest.number(until(at))
  digest.numbers(cam.learnt)
}
