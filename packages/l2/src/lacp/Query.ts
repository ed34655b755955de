/** What can be asked of LACP on a running bridge. Reading changes nothing. */
import { NEVER, SECOND, type SimTime } from "@l2lab/sim/SimTime"
import type { BridgeState } from "../BridgeState.ts"
import type { MacAddress } from "../MacAddress.ts"
import { ACTIVITY, TIMEOUT } from "./Lacpdu.ts"
import { muxStateOf, receiveStateOf } from "./Machines.ts"
import * as Selection from "./Selection.ts"
import { actorOf, partnerOf, STANDBY, type State } from "./State.ts"
import type { Standing } from "./Trace.ts"

/** The state of LACP; undefined where it does not run. */
export const stateOf = ({ config, protocols }: BridgeState): State | undefined => {
  const i = config.protocols.findIndex(({ kind }) => kind === "lacp")
  return i < 0 ? undefined : (protocols[i] as State)
}

/** Who is at the other end, as it says. */
export interface PartnerView {
  readonly systemPriority: number
  readonly system: MacAddress
  readonly key: number
  readonly portPriority: number
  readonly port: number
  readonly state: number
  readonly isActive: boolean
  readonly isFast: boolean
}

/** One member. */
export interface PortView {
  readonly port: number
  readonly receive: string
  readonly mux: string
  readonly standing: Standing
  /** Actor_Oper_Port_State, and whether the port, or its partner, is out of sync for too long. */
  readonly state: number
  readonly actorChurn: boolean
  readonly partnerChurn: boolean
  /** Null while nobody is known. */
  readonly partner: PartnerView | null
  readonly secondsSinceHeard: number | null
  readonly sent: number
  readonly heard: number
  readonly refused: number
  readonly markersHeard: number
  readonly markerResponsesSent: number
}

const portOf = (state: State, port: number, now: SimTime): PortView => {
  const partner = partnerOf(state, port)
  return {
    port,
    receive: receiveStateOf(state, port),
    mux: muxStateOf(state, port),
    standing: Selection.standingOf(state, port),
    state: state.actorState[port],
    actorChurn: state.actorChurn[port] === 1,
    partnerChurn: state.partnerChurn[port] === 1,
    partner:
      partner.system === 0
        ? null
        : { ...partner, isActive: (partner.state & ACTIVITY) !== 0, isFast: (partner.state & TIMEOUT) !== 0 },
    secondsSinceHeard: state.heardAt[port] === NEVER ? null : (now - state.heardAt[port]) / SECOND,
    sent: state.sent[port],
    heard: state.heard[port],
    refused: state.refused[port],
    markersHeard: state.markersHeard[port],
    markerResponsesSent: state.markerResponsesSent[port],
  }
}

/** The groups with their members; `bundle`: the bridge port of its bundle. */
export const groupsOf = (
  bridge: BridgeState,
  now: SimTime,
): ReadonlyArray<{ readonly key: number; readonly bundle: number; readonly ports: ReadonlyArray<PortView> }> => {
  const state = stateOf(bridge)
  if (state === undefined) return []
  return state.config.groups.map(({ bundle, key, members }) => ({
    key,
    bundle: bridge.config.ports.length + bundle,
    ports: members.map((port) => portOf(state, port, now)),
  }))
}

/** One end of a link aggregation group. */
export interface LagParty {
  readonly systemPriority: number
  readonly system: MacAddress
  readonly key: number
}

/** The LAG ID of a member that is bundled or may be (802.1AX 6.3.6.2†, ports left out); undefined where none is. */
export const lagOf = (
  bridge: BridgeState,
  port: number,
): { readonly actor: LagParty; readonly partner: LagParty } | undefined => {
  const state = stateOf(bridge)
  if (state === undefined || state.group[port] < 0 || Selection.standingOf(state, port) !== "selected") return undefined
  return { actor: actorOf(state, port), partner: partnerOf(state, port) }
}

/** What selection made of a member; `suspended` where LACP does not run. */
export const standingOf = (bridge: BridgeState, port: number): Standing => {
  const state = stateOf(bridge)
  return state === undefined || state.group[port] < 0 ? "suspended" : Selection.standingOf(state, port)
}

/** Whether a member stands by because its group has too few others. */
export const isShort = (bridge: BridgeState, port: number): boolean => {
  const state = stateOf(bridge)
  if (state === undefined || state.group[port] < 0) return false
  const { members, minLinks = 1 } = state.config.groups[state.group[port]]
  return (
    minLinks > 1 &&
    members.every((member) => Selection.standingOf(state, member) !== "selected") &&
    state.selected[port] === STANDBY
  )
}

/** `active` or `passive`. */
export const modeOf = (bridge: BridgeState, port: number): "active" | "passive" =>
  stateOf(bridge)?.config.ports[port]?.mode ?? "active"
