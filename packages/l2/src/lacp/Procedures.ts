/** The procedures that the machines call (802.1AX 5.4.9†), under the standard's names. */
import { ALONE, IN, OUT } from "../bundle/Bundles.ts"
import type { ControlActions } from "../ControlProtocol.ts"
import {
  ACTIVITY,
  AGGREGATION,
  COLLECTING,
  DEFAULTED,
  DISTRIBUTING,
  type Lacpdu,
  type Party,
  SYNCHRONIZATION,
  TIMEOUT,
} from "./Lacpdu.ts"
import {
  actorHas,
  actorOf,
  DEFAULT_PARTNER,
  OWN_AGGREGATOR,
  partnerOf,
  setActor,
  setPartner,
  type State,
  UNSELECTED,
} from "./State.ts"
import * as Trace from "./Trace.ts"

/** Whether two parties are the same port of the same system, and agree on these bits of their state. */
const isSame = (one: Party, other: Party, bits: number): boolean =>
  one.port === other.port &&
  one.portPriority === other.portPriority &&
  one.system === other.system &&
  one.systemPriority === other.systemPriority &&
  one.key === other.key &&
  (one.state & bits) === (other.state & bits)

/** `recordDefault`: believe of the partner what is believed of a silent one. */
export const recordDefault = (s: State, i: number): void => {
  setPartner(s, i, DEFAULT_PARTNER)
  setActor(s, i, DEFAULTED, true)
}

/** `update_Default_Selected`: a partner that is not what is believed of a silent one has to be selected anew. */
export const updateDefaultSelected = (s: State, i: number): void => {
  if (!isSame(partnerOf(s, i), DEFAULT_PARTNER, AGGREGATION)) s.selected[i] = UNSELECTED
}

/** `update_Selected`: the partner is another than before. */
const updateSelected = (s: State, i: number, { actor }: Lacpdu): void => {
  if (!isSame(actor, partnerOf(s, i), AGGREGATION)) s.selected[i] = UNSELECTED
}

/** `update_NTT`: the partner believes something old of this port. */
const updateNtt = (s: State, i: number, { partner }: Lacpdu): void => {
  if (!isSame(partner, actorOf(s, i), ACTIVITY | TIMEOUT | SYNCHRONIZATION | AGGREGATION)) s.ntt[i] = 1
}

/** `recordPDU`: the partner is in sync if it says so, speaks of this port, and one of the two keeps the link alive. */
const recordPdu = (s: State, i: number, { actor, partner }: Lacpdu): void => {
  const speaksOfMe = isSame(partner, actorOf(s, i), AGGREGATION) || (actor.state & AGGREGATION) === 0
  const isAlive = (actor.state & ACTIVITY) !== 0 || (actorHas(s, i, ACTIVITY) && (partner.state & ACTIVITY) !== 0)
  const inSync = (actor.state & SYNCHRONIZATION) !== 0 && speaksOfMe && isAlive
  setPartner(s, i, { ...actor, state: (actor.state & ~SYNCHRONIZATION) | (inSync ? SYNCHRONIZATION : 0) })
  setActor(s, i, DEFAULTED, false)
}

/** What the receive machine does with an LACPDU on entry to CURRENT. */
export const takePdu = (s: State, i: number): void => {
  const pdu = s.pdu.pop()
  if (pdu === undefined) return
  updateSelected(s, i, pdu)
  updateNtt(s, i, pdu)
  recordPdu(s, i, pdu)
}

/** `Enable_Collecting_Distributing`: what the relay is told. */
export const enableCollectingDistributing = (s: State, i: number, actions: ControlActions): void =>
  actions.setMember(i, s.aggregator[i] === OWN_AGGREGATOR ? ALONE : IN)
/** `Disable_Collecting_Distributing`. */
export const disableCollectingDistributing = (_s: State, i: number, actions: ControlActions): void => actions.setMember(i, OUT)

/** Collecting and distributing, both. */
export const IN_USE = COLLECTING | DISTRIBUTING

/** A port has been out of sync too long. `of`: 0 = the actor, 1 = the partner. */
export const tellChurn = (i: number, of: number, actions: ControlActions): void => actions.trace(Trace.CHURN.code, i, of, 0, 0)
