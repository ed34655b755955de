/**
 * Ports that the bridge itself took out of service, and how they come back: by themselves after an interval, where recovery is on for the
 * cause (Catalyst: off for every cause, 300 s for all), or by management with `shutdown` and `no shutdown`.
 */
import type { Outbox } from "@l2lab/sim/Device"
import type { Digest } from "@l2lab/sim/Digest"
import { NEVER, SECOND, type DurationNs, type SimTime } from "@l2lab/sim/SimTime"
import type { BridgeState } from "./BridgeState.ts"
import { membersIn, OUT } from "./bundle/Bundles.ts"
import * as ErrdisableCause from "./ErrdisableCause.ts"
import type { EthernetFrame } from "./EthernetFrame.ts"
import * as Trace from "./Trace.ts"

/** How long a port stays out of service where nobody says otherwise, and between which limits it may be set. */
export const DEFAULT_INTERVAL: DurationNs = 300 * SECOND
export const SHORTEST_INTERVAL: DurationNs = 30 * SECOND
export const LONGEST_INTERVAL: DurationNs = 86_400 * SECOND

/** A link that goes down so often within such a time is taken out of service (Catalyst: 5 in 10 s). */
export interface LinkFlap {
  readonly flaps: number
  readonly withinNs: DurationNs
}

/** The values that Catalyst switches have. */
export const USUAL_LINK_FLAP: LinkFlap = { flaps: 5, withinNs: 10 * SECOND }

/** What a configuration says of it. */
export interface ErrdisableConfig {
  /** Causes from which ports come back by themselves; none by default. */
  readonly recovery?: ReadonlyArray<ErrdisableCause.Name>
  /** How long that takes; 300 s by default. */
  readonly intervalNs?: DurationNs
  /** Watch links that come and go; absent: nobody watches. */
  readonly linkFlap?: LinkFlap
}

/** The state: columns by link port unless they say otherwise; there is room for bundles, whose members are what is out of service. */
export interface Errdisable {
  /** The cause, 0 = in service. */
  readonly cause: Uint8Array
  /** Since when; of ports in service, an earlier time. */
  readonly since: Float64Array
  /** When the port comes back; NEVER. */
  readonly recoverAt: Float64Array
  /** By cause: whether ports come back by themselves. */
  readonly recovers: Uint8Array
  intervalNs: DurationNs
  /** Times that the link went down within the interval that began at `flapsSince`; empty where nobody watches. */
  readonly flaps: Uint16Array
  readonly flapsSince: Float64Array
}

/** All bridges where nobody watches share them. */
const NO_FLAPS = new Uint16Array(0)
const NO_FLAPS_SINCE = new Float64Array(0)

/** All ports in service. */
export const make = (ports: number, config: ErrdisableConfig = {}): Errdisable => {
  const recovers = new Uint8Array(ErrdisableCause.CAUSES.length)
  for (const name of config.recovery ?? []) recovers[ErrdisableCause.of(name) ?? 0] = 1
  recovers[ErrdisableCause.NONE] = 0
  return {
    cause: new Uint8Array(ports),
    since: new Float64Array(ports),
    recoverAt: new Float64Array(ports).fill(NEVER),
    recovers,
    intervalNs: config.intervalNs ?? DEFAULT_INTERVAL,
    flaps: config.linkFlap === undefined ? NO_FLAPS : new Uint16Array(ports),
    flapsSince: config.linkFlap === undefined ? NO_FLAPS_SINCE : new Float64Array(ports),
  }
}

/** An independent copy. */
export const copy = (errdisable: Errdisable): Errdisable => ({
  cause: errdisable.cause.slice(),
  since: errdisable.since.slice(),
  recoverAt: errdisable.recoverAt.slice(),
  recovers: errdisable.recovers.slice(),
  intervalNs: errdisable.intervalNs,
  flaps: errdisable.flaps.slice(),
  flapsSince: errdisable.flapsSince.slice(),
})

/** Fold it into a digest. */
export const fingerprint = (errdisable: Errdisable, digest: Digest, now: SimTime): void => {
  digest.numbers(errdisable.cause)
  digest.numbers(errdisable.recovers)
  digest.number(errdisable.intervalNs)
  for (const at of errdisable.recoverAt) digest.number(at === NEVER ? NEVER : at - now)
  errdisable.flaps.forEach((flaps, port) => {
    digest.int(flaps)
    digest.number(flaps === 0 ? 0 : now - errdisable.flapsSince[port])
  })
}

/**
 * Take a port out of service: its link goes down; of a bundle, those of its members that are up, whether in use or standing by, but for one that is a
 * port of its own at the time. A port that already is out stays as it is.
 */
export const disable = (state: BridgeState, port: number, cause: number, now: SimTime, out: Outbox<EthernetFrame>): void => {
  const { bundles, errdisable } = state
  if (bundles !== null && port >= bundles.links) {
    const config = state.config.bundles![port - bundles.links]
    // First those that stand by: they would take the places of the others.
    const standby = config.members.filter((link) => bundles.up[link] === 1 && bundles.role[link] === OUT)
    for (const link of [...standby, ...membersIn(bundles, config)]) {
      disable(state, link, cause, now, out)
    }
    return
  }
  if (errdisable.cause[port] !== ErrdisableCause.NONE) return
  errdisable.cause[port] = cause
  errdisable.since[port] = now
  out.trace(Trace.ERRDISABLED.code, port, cause, 0, 0)
  out.setPortEnabled(port, false)
  if (errdisable.recovers[cause] === 0) return
  errdisable.recoverAt[port] = now + errdisable.intervalNs
  startTimer(state, out)
}

/** The timer runs until the first port that comes back. */
const startTimer = (state: BridgeState, out: Outbox<EthernetFrame>): void => {
  let next = NEVER
  for (const at of state.errdisable.recoverAt) if (at < next) next = at
  if (next === NEVER) out.stopTimer(state.ownTimers + RECOVERY_TIMER)
  else out.startTimer(state.ownTimers + RECOVERY_TIMER, next)
}

/** The bridge's own timer for this, from the first of them. */
export const RECOVERY_TIMER = 0

/** The timer has run out: ports whose time has come are brought up again. */
export const recover = (state: BridgeState, now: SimTime, out: Outbox<EthernetFrame>): void => {
  const { errdisable } = state
  for (let port = 0; port < state.ports; port++) {
    if (errdisable.recoverAt[port] > now) continue
    out.trace(Trace.ERRDISABLE_RECOVERY.code, port, errdisable.cause[port], 0, 0)
    forget(errdisable, port)
    out.setPortEnabled(port, true)
  }
  startTimer(state, out)
}

const forget = (errdisable: Errdisable, port: number): void => {
  errdisable.cause[port] = ErrdisableCause.NONE
  errdisable.recoverAt[port] = NEVER
  if (errdisable.flaps.length > 0) errdisable.flaps[port] = 0
}

/**
 * The port is up: management has brought it back. Its link may also come up in the instant in which it was taken out, before the world has
 * done that.
 */
export const up = (state: BridgeState, port: number, now: SimTime, out: Outbox<EthernetFrame>): void => {
  if (now > state.errdisable.since[port]) clear(state, port, out)
}

/** Management shut the port: it is no longer out of service for a cause. */
export const clear = (state: BridgeState, port: number, out: Outbox<EthernetFrame>): void => {
  const { errdisable } = state
  const waits = errdisable.recoverAt[port] !== NEVER
  if (errdisable.cause[port] !== ErrdisableCause.NONE) forget(errdisable, port)
  if (waits) startTimer(state, out)
}

/** Ports that are out of service for a cause are brought up again, at once (`udld reset`). */
export const reset = (state: BridgeState, cause: number, out: Outbox<EthernetFrame>): void => {
  for (let port = 0; port < state.ports; port++) {
    if (cause === ErrdisableCause.NONE || state.errdisable.cause[port] !== cause) continue
    clear(state, port, out)
    out.setPortEnabled(port, true)
  }
}

/** `errdisable recovery cause …` while the bridge runs: ports that are out of service for the cause come back an interval from now. */
export const setRecovery = (
  state: BridgeState,
  cause: number,
  recovers: boolean,
  intervalNs: DurationNs | undefined,
  now: SimTime,
  out: Outbox<EthernetFrame>,
): void => {
  const { errdisable } = state
  errdisable.recovers[cause] = recovers ? 1 : 0
  if (intervalNs !== undefined) errdisable.intervalNs = intervalNs
  for (let port = 0; port < state.ports; port++) {
    if (errdisable.cause[port] !== cause) continue
    errdisable.recoverAt[port] = recovers ? now + errdisable.intervalNs : NEVER
  }
  startTimer(state, out)
}

/** The link of a port in service went down. True if it did so too often. */
export const flapped = (state: BridgeState, port: number, now: SimTime): boolean => {
  const { errdisable } = state
  const { linkFlap } = state.config.errdisable ?? {}
  if (linkFlap === undefined || errdisable.cause[port] !== ErrdisableCause.NONE) return false
  if (errdisable.flaps[port] === 0 || now - errdisable.flapsSince[port] > linkFlap.withinNs) {
    errdisable.flaps[port] = 0
    errdisable.flapsSince[port] = now
  }
  return ++errdisable.flaps[port] >= linkFlap.flaps
}
