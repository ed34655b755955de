/** Which of a chassis' own ports may be up: all but those that its mode, modules that boot, a failed line card, or recovery mode keep down. */
import type { EthernetFrame } from "@l2lab/l2/EthernetFrame"
import type { Outbox } from "@l2lab/sim/Device"
import { NEVER } from "@l2lab/sim/SimTime"
import { frontPorts } from "./ChassisConfig.ts"
import { firstPort, RECOVERY, RELOADING, relays, type ChassisState } from "./ChassisState.ts"
import * as Trace from "./Trace.ts"

const isOnFailedCard = ({ config, links }: ChassisState, port: number): boolean =>
  (config.cards ?? []).some((ports, card) => links.failed[card] === 1 && ports.includes(port))

/** Open a port or shut it, unless it is so; one that the bridge has out of service stays so. */
const set = (state: ChassisState, port: number, enabled: boolean, out: Outbox<EthernetFrame>): void => {
  const { bridge, links } = state
  if ((links.enabled[port] === 1) === enabled) return
  links.enabled[port] = enabled ? 1 : 0
  if (!enabled || bridge.errdisable.cause[firstPort(state) + port] === 0) out.setPortEnabled(port, enabled)
}

/** Ports follow what the chassis is doing. */
export const follow = (state: ChassisState, out: Outbox<EthernetFrame>): void => {
  const { config, mode, modulesAt } = state
  const front = new Set(frontPorts(config))
  for (let port = 0; port < state.links.up.length; port++) {
    const isLeft = mode === RECOVERY && config.excluded?.includes(port) === true
    const enabled = front.has(port) ? (relays(state) && modulesAt === NEVER) || isLeft : mode !== RELOADING
    set(state, port, enabled && !isOnFailedCard(state, port), out)
  }
}

/** A line card fails, or comes back. */
export const setCard = (state: ChassisState, card: number, failed: boolean, out: Outbox<EthernetFrame>): void => {
  const { failed: column } = state.links
  if (card >= column.length || (column[card] === 1) === failed) return
  column[card] = failed ? 1 : 0
  out.trace(Trace.LINE_CARD.code, card, failed ? 0 : 1, 0, 0)
  follow(state, out)
}
