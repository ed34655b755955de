/**
 * Link-state tracking (`link state group 1 upstream|downstream`): while all upstream ports of a group are down, so are its downstream ports, so that
 * hosts behind them use their other adapter and do not send into a switch that leads nowhere. Cisco's guides have the downstream ports error-disabled;
 * the cause is `lsgroup`.
 */
import type { Outbox } from "@l2lab/sim/Device"
import type { Digest } from "@l2lab/sim/Digest"
import type { SimTime } from "@l2lab/sim/SimTime"
import type { BridgeState } from "./BridgeState.ts"
import * as Columns from "./Columns.ts"
import * as Errdisable from "./Errdisable.ts"
import * as ErrdisableCause from "./ErrdisableCause.ts"
import type { EthernetFrame } from "./EthernetFrame.ts"
import * as Trace from "./Trace.ts"

/** One group. A port is in one at most, and either upstream or downstream. */
export interface LinkStateGroup {
  /** 1..10 (Catalyst). */
  readonly number: number
  /** Bridge ports: link ports that are in no bundle, and bundles. */
  readonly upstream: ReadonlyArray<number>
  readonly downstream: ReadonlyArray<number>
}

/** The state. */
export interface LinkState {
  readonly config: ReadonlyArray<LinkStateGroup>
  /** By group: 1 = all upstream ports were down when it was looked at last. */
  readonly down: Uint8Array
}

/** All groups as if up: what comes up first is looked at. */
export const make = (groups: ReadonlyArray<LinkStateGroup>): LinkState => ({
  config: groups,
  down: new Uint8Array(groups.length),
})

/** An independent copy. */
export const copy: (state: LinkState) => LinkState = Columns.copy

/** Fold it into a digest. */
export const fingerprint = ({ down }: LinkState, digest: Digest): void => digest.numbers(down)

/** The bridge's own timer for this, from the first of them; only where there are groups. */
export const TIMER = 2

/** A port came up or went down: groups are looked at when all that happens in this instant has happened. */
export const changed = (state: BridgeState, now: SimTime, out: Outbox<EthernetFrame>): void => {
  if (state.linkState !== null) out.startTimer(state.ownTimers + TIMER, now)
}

/** The link ports of a bridge port: of a bundle all members, whether they are in or not. */
const linksOf = ({ bundles, config }: BridgeState, port: number): ReadonlyArray<number> =>
  bundles !== null && port >= bundles.links ? config.bundles![port - bundles.links].members : [port]

const release = (state: BridgeState, link: number, out: Outbox<EthernetFrame>): void => {
  if (state.errdisable.cause[link] !== ErrdisableCause.LSGROUP) return
  out.trace(Trace.ERRDISABLE_RECOVERY.code, link, ErrdisableCause.LSGROUP, 0, 0)
  Errdisable.clear(state, link, out)
  out.setPortEnabled(link, true)
}

/** Take downstream ports out of service, or bring back those that were, by what upstream ports are now. */
export const follow = (state: BridgeState, now: SimTime, out: Outbox<EthernetFrame>): void => {
  const { config, down } = state.linkState!
  config.forEach(({ downstream, number, upstream }, g) => {
    const isDown = upstream.every((port) => state.up[port] === 0)
    if (isDown !== (down[g] === 1)) {
      down[g] = isDown ? 1 : 0
      out.trace(Trace.LINK_STATE_GROUP.code, number, isDown ? 0 : 1, 0, 0)
    }
    for (const link of downstream.flatMap((port) => linksOf(state, port))) {
      if (!isDown) release(state, link, out)
      else if ((state.bundles ?? state).up[link] === 1) Errdisable.disable(state, link, ErrdisableCause.LSGROUP, now, out)
    }
  })
}
