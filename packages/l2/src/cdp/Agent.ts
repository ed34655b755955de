/** What CDP does: speak at intervals, remember who speaks, complain where the two ends of a cable differ. */
import type { Command } from "@l2lab/sim/Device"
import { NEVER, SECOND, type SimTime } from "@l2lab/sim/SimTime"
import * as Announcing from "../Announcing.ts"
import type { ControlActions } from "../ControlProtocol.ts"
import type { MacAddress } from "../MacAddress.ts"
import * as NeighbourTable from "../NeighbourTable.ts"
import * as CdpPdu from "./CdpPdu.ts"
import type { State } from "./State.ts"
import * as Trace from "./Trace.ts"

const pduOf = ({ config, fullDuplex, nativeVlan, timeToLive, vtpDomain }: State, port: number): CdpPdu.CdpPdu => {
  const { address, interfaces, name, platform, version } = config.identity
  return {
    protocol: "cdp",
    version: 2,
    timeToLive,
    deviceId: name,
    addresses: address === undefined ? [] : [address],
    portId: interfaces[port],
    capabilities: CdpPdu.SWITCH,
    softwareVersion: version,
    platform,
    vtpDomain,
    ...(nativeVlan[port] === 0 ? {} : { nativeVlan: nativeVlan[port] }),
    fullDuplex: fullDuplex[port] === 1,
    ...(address === undefined ? {} : { managementAddresses: [address] }),
  }
}

const SPEECH: Announcing.Speech<CdpPdu.CdpPdu, State> = {
  send: (state, port, actions) => {
    const frame = (state.frame[port] ??= CdpPdu.frame(pduOf(state, port), actions.portAddress(port)))
    actions.sendPdu(port, frame, state.tag[port])
  },
  /** With a hold time of 0 "immediately before an interface is idled down" (`cdp holdtime` in Cisco's command reference). */
  sayGoodbye: (state, port, actions) =>
    actions.sendPdu(port, CdpPdu.frame({ ...pduOf(state, port), timeToLive: 0 }, actions.portAddress(port)), state.tag[port]),
  gone: ({ port }, actions) => actions.trace(Trace.CDP_GONE.code, port, 0, 0, 0),
}

const keyOf = ({ deviceId, portId }: CdpPdu.CdpPdu): string => `${deviceId ?? ""} ${portId ?? ""}`

/** A frame came in from the port that `source` is the address of. */
export const receive = (
  state: State,
  port: number,
  pdu: CdpPdu.CdpPdu,
  source: MacAddress,
  now: SimTime,
  actions: ControlActions,
): void => {
  state.received[port]++
  const key = keyOf(pdu)
  if (pdu.timeToLive === 0) Announcing.forget(state, port, key, actions, SPEECH)
  else {
    const isNew = NeighbourTable.find(state.neighbours, port, key) === undefined
    const neighbour = { port, key, info: pdu, expiresAt: now + pdu.timeToLive * SECOND }
    if (NeighbourTable.note(state.neighbours, neighbour) && isNew) {
      actions.trace(Trace.CDP_HEARD.code, port, source, 0, 0)
      Announcing.quicken(state, port, now)
    }
    complain(state, port, pdu, source, now, actions)
  }
  Announcing.rearm(state, actions)
}

/** A cable whose ends differ is complained of as often as the other end says so, its quick first messages apart. */
const complain = (
  state: State,
  port: number,
  { fullDuplex, nativeVlan }: CdpPdu.CdpPdu,
  source: MacAddress,
  now: SimTime,
  actions: ControlActions,
): void => {
  const own = state.nativeVlan[port]
  const otherVlan = nativeVlan !== undefined && own !== 0 && nativeVlan !== own
  const otherDuplex = fullDuplex !== undefined && fullDuplex !== (state.fullDuplex[port] === 1)
  if (!otherVlan && !otherDuplex) {
    state.complainedAt[port] = NEVER
    return
  }
  if (state.complainedAt[port] !== NEVER && now - state.complainedAt[port] < state.intervalNs / 2) return
  state.complainedAt[port] = now
  if (otherVlan) actions.trace(Trace.NATIVE_VLAN_MISMATCH.code, port, own, source, nativeVlan)
  if (otherDuplex) actions.trace(Trace.DUPLEX_MISMATCH.code, port, state.fullDuplex[port], source, fullDuplex ? 1 : 0)
}

/** Management commands something. */
export const obey = (state: State, command: Command, now: SimTime, actions: ControlActions): void =>
  Announcing.obey(state, "cdp", command, now, actions, SPEECH)

/** The timer has run out, or there may be something to say. */
export const proceed = (state: State, now: SimTime, actions: ControlActions): void =>
  Announcing.proceed(state, now, actions, SPEECH)
