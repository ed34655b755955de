/** What can be asked of PAgP on a running bridge. Reading changes nothing. */
import { NEVER, SECOND, type SimTime } from "@l2lab/sim/SimTime"
import type { BridgeState } from "../BridgeState.ts"
import type { MacAddress } from "../MacAddress.ts"
import { phaseOf, standingOf as standing } from "./Machine.ts"
import { LEARN_METHODS, type LearnMethod } from "./PagpPdu.ts"
import { hasPartner, partnerCount, type State } from "./State.ts"
import type { Phase, Standing } from "./Trace.ts"

/** The state of PAgP; undefined where it does not run, or on no port. */
export const stateOf = ({ config, protocols }: BridgeState): State | undefined => {
  const i = config.protocols.findIndex(({ kind }) => kind === "pagp")
  const state = i < 0 ? undefined : (protocols[i] as State)
  return state === undefined || state.config.groups.length === 0 ? undefined : state
}

/** Who is at the other end, as it says. */
export interface PartnerView {
  readonly device: MacAddress
  readonly name: string
  readonly portName: string
  readonly groupCapability: number
  readonly learns: LearnMethod
  readonly slowHello: boolean
  readonly auto: boolean
  readonly consistent: boolean
}

/** One member. */
export interface PortView {
  readonly port: number
  readonly phase: Phase
  readonly standing: Standing
  readonly partnerCount: number
  /** Null while nobody is known. */
  readonly partner: PartnerView | null
  readonly secondsSinceHeard: number | null
  /** Enhanced PAgP: whether the neighbour understands it, and whom it tells back as active here; null: nobody. */
  readonly dualActiveCapable: boolean
  readonly activeId: MacAddress | null
  readonly sent: number
  readonly heard: number
  readonly flushesHeard: number
  readonly flushesReturned: number
  readonly refused: number
  readonly ownHeard: number
}

const portOf = (state: State, port: number, now: SimTime): PortView => {
  const { partner } = state
  const [name, portName] = state.names[port].split("\n")
  return {
    port,
    phase: phaseOf(state, port),
    standing: standing(state, port),
    partnerCount: partnerCount(state, port),
    partner: hasPartner(state, port)
      ? {
          device: partner.device[port],
          name,
          portName,
          groupCapability: partner.groupCapability[port],
          learns: LEARN_METHODS[partner.learns[port]] ?? "none",
          slowHello: state.partnerSlow[port] === 1,
          auto: state.partnerAuto[port] === 1,
          consistent: state.partnerConsistent[port] === 1,
        }
      : null,
    secondsSinceHeard: state.heardAt[port] === NEVER ? null : (now - state.heardAt[port]) / SECOND,
    dualActiveCapable: state.saidActive[port] >= 0,
    activeId: state.saidActive[port] > 0 ? state.saidActive[port] : null,
    sent: state.sent[port],
    heard: state.heard[port],
    flushesHeard: state.flushesHeard[port],
    flushesReturned: state.flushesReturned[port],
    refused: state.refused[port],
    ownHeard: state.ownHeard[port],
  }
}

/** The groups with their members. */
export const groupsOf = (
  bridge: BridgeState,
  now: SimTime,
): ReadonlyArray<{ readonly group: number; readonly trusted: boolean; readonly ports: ReadonlyArray<PortView> }> =>
  stateOf(bridge)?.config.groups.map(({ members, number, trusted }) => ({
    group: number,
    trusted: trusted !== false,
    ports: members.map((port) => portOf(stateOf(bridge)!, port, now)),
  })) ?? []

/** What became of a member; undefined where PAgP does not look after it. */
export const standingOf = (bridge: BridgeState, port: number): Standing | undefined => {
  const state = stateOf(bridge)
  return state === undefined || state.group[port] < 0 ? undefined : standing(state, port)
}

/** `desirable` or `auto`; undefined where PAgP does not look after it. */
export const modeOf = (bridge: BridgeState, port: number): "desirable" | "auto" | undefined =>
  stateOf(bridge)?.config.ports[port]?.mode

/**
 * Neighbours that were told of another active switch than this one, which calls itself so: then the pair has two. For who detects dual active by
 * enhanced PAgP; `Trace.ACTIVE_ID` tells when it changes.
 */
export const othersActive = (bridge: BridgeState): ReadonlyArray<{ readonly port: number; readonly activeId: MacAddress }> => {
  const state = stateOf(bridge)
  if (state === undefined || state.activeId === 0) return []
  return Array.from(state.saidActive, (activeId, port) => ({ port, activeId })).filter(
    ({ activeId, port }) =>
      activeId > 0 && activeId !== state.activeId && state.config.groups[state.group[port]]?.trusted !== false,
  )
}
