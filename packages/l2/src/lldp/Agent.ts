/** What LLDP does (802.1AB-2009 clause 9†): speak at intervals, remember who speaks, say good-bye. */
import type { SimTime } from "@l2lab/sim/SimTime"
import { SECOND } from "@l2lab/sim/SimTime"
import * as Announcing from "../Announcing.ts"
import type { ControlActions } from "../ControlProtocol.ts"
import * as EthernetFrame from "../EthernetFrame.ts"
import * as NeighbourTable from "../NeighbourTable.ts"
import * as Lldpdu from "./Lldpdu.ts"
import { type State, TIME_TO_LIVE_SECONDS } from "./State.ts"
import * as Trace from "./Trace.ts"

/** What a port says. */
const pduOf = ({ chassis, config, pvid }: State, port: number): Lldpdu.Lldpdu => {
  const { address, descriptions, interfaces, name, version } = config.identity
  return {
    protocol: "lldp",
    chassisId: { subtype: Lldpdu.CHASSIS_MAC, address: chassis },
    portId: { subtype: Lldpdu.PORT_INTERFACE_NAME, text: interfaces[port] },
    timeToLive: TIME_TO_LIVE_SECONDS,
    portDescription: descriptions?.[port] ?? interfaces[port],
    systemName: name,
    systemDescription: version,
    capabilities: { system: Lldpdu.BRIDGE, enabled: Lldpdu.BRIDGE },
    managementAddress:
      address === undefined
        ? { family: "mac", address: chassis, ifIndex: port + 1 }
        : { family: "ipv4", address, ifIndex: port + 1 },
    ...(pvid[port] === 0 ? {} : { portVlanId: pvid[port] }),
  }
}

/** 9.2.7.4†: mibConstrInfoLLDPDU and its transmission. */
export const send = (state: State, port: number, actions: ControlActions): void => {
  const frame = (state.frame[port] ??= Lldpdu.frame(pduOf(state, port), actions.portAddress(port)))
  actions.sendPdu(port, frame, EthernetFrame.UNTAGGED)
}

/** 9.2.7.3†: the shutdown LLDPDU, which has neighbours forget the port at once. */
export const sendShutdown = (state: State, port: number, actions: ControlActions): void => {
  if (!Announcing.runs(state, port)) return
  const { chassisId, portId, protocol } = pduOf(state, port)
  const pdu: Lldpdu.Lldpdu = { protocol, chassisId, portId, timeToLive: 0 }
  actions.sendPdu(port, Lldpdu.frame(pdu, actions.portAddress(port)), EthernetFrame.UNTAGGED)
  state.sent[port]++
}

const keyOf = ({ chassisId, portId }: Lldpdu.Lldpdu): string =>
  `${chassisId.subtype} ${Lldpdu.formatId(chassisId)} ${portId.subtype} ${Lldpdu.formatId(portId)}`

const gone = (actions: ControlActions) => (neighbour: NeighbourTable.Neighbour<Lldpdu.Lldpdu>) => {
  actions.trace(
    Trace.LLDP_GONE.code,
    neighbour.port,
    "address" in neighbour.info.chassisId ? neighbour.info.chassisId.address : 0,
    0,
    0,
  )
}

/** 9.2.7.7†: an LLDPDU came in. */
export const receive = (state: State, port: number, pdu: Lldpdu.Lldpdu, now: SimTime, actions: ControlActions): void => {
  state.received[port]++
  const key = keyOf(pdu)
  const known = NeighbourTable.find(state.neighbours, port, key)
  if (pdu.timeToLive === 0) {
    NeighbourTable.forget(state.neighbours, port, key)
    if (known !== undefined) gone(actions)(known)
  } else {
    const neighbour = { port, key, info: pdu, expiresAt: now + pdu.timeToLive * SECOND }
    if (NeighbourTable.note(state.neighbours, neighbour) && known === undefined) {
      actions.trace(Trace.LLDP_HEARD.code, port, "address" in pdu.chassisId ? pdu.chassisId.address : 0, 0, 0)
      Announcing.quicken(state, port, now)
    }
  }
  Announcing.rearm(state, actions)
}

/** The timer has run out. */
export const proceed = (state: State, now: SimTime, actions: ControlActions): void =>
  Announcing.proceed(state, now, actions, send, gone(actions))
