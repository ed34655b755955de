/** What LLDP does (802.1AB-2009 clause 9†): speak at intervals, remember who speaks, say good-bye. */
import type { Command } from "@l2lab/sim/Device"
import type { SimTime } from "@l2lab/sim/SimTime"
import { SECOND } from "@l2lab/sim/SimTime"
import * as Announcing from "../Announcing.ts"
import type { ControlActions } from "../ControlProtocol.ts"
import { shortName } from "../DiscoveryIdentity.ts"
import * as EthernetFrame from "../EthernetFrame.ts"
import * as NeighbourTable from "../NeighbourTable.ts"
import * as Lldpdu from "./Lldpdu.ts"
import type { State } from "./State.ts"
import * as Trace from "./Trace.ts"

/** What a port says. */
const pduOf = ({ chassis, config, pvid, timeToLive }: State, port: number): Lldpdu.Lldpdu => {
  const { address, descriptions, interfaces, name, version } = config.identity
  return {
    protocol: "lldp",
    chassisId: { subtype: Lldpdu.CHASSIS_MAC, address: chassis },
    portId: { subtype: Lldpdu.PORT_INTERFACE_NAME, text: shortName(interfaces[port]) },
    timeToLive,
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

const keyOf = ({ chassisId, portId }: Lldpdu.Lldpdu): string =>
  `${chassisId.subtype} ${Lldpdu.formatId(chassisId)} ${portId.subtype} ${Lldpdu.formatId(portId)}`

const SPEECH: Announcing.Speech<Lldpdu.Lldpdu, State> = {
  /** 9.2.7.4†: mibConstrInfoLLDPDU and its transmission. */
  send: (state, port, actions) => {
    const frame = (state.frame[port] ??= Lldpdu.frame(pduOf(state, port), actions.portAddress(port)))
    actions.sendPdu(port, frame, EthernetFrame.UNTAGGED)
  },
  /** 9.2.7.3†: the shutdown LLDPDU, which has neighbours forget the port at once. */
  sayGoodbye: (state, port, actions) => {
    const { chassisId, portId, protocol } = pduOf(state, port)
    const pdu: Lldpdu.Lldpdu = { protocol, chassisId, portId, timeToLive: 0 }
    actions.sendPdu(port, Lldpdu.frame(pdu, actions.portAddress(port)), EthernetFrame.UNTAGGED)
  },
  gone: ({ info, port }, actions) =>
    actions.trace(Trace.LLDP_GONE.code, port, "address" in info.chassisId ? info.chassisId.address : 0, 0, 0),
}

/** 9.2.7.7†: an LLDPDU came in. */
export const receive = (state: State, port: number, pdu: Lldpdu.Lldpdu, now: SimTime, actions: ControlActions): void => {
  state.received[port]++
  const key = keyOf(pdu)
  if (pdu.timeToLive === 0) Announcing.forget(state, port, key, actions, SPEECH)
  else {
    const isNew = NeighbourTable.find(state.neighbours, port, key) === undefined
    const neighbour = { port, key, info: pdu, expiresAt: now + pdu.timeToLive * SECOND }
    if (NeighbourTable.note(state.neighbours, neighbour) && isNew) {
      actions.trace(Trace.LLDP_HEARD.code, port, "address" in pdu.chassisId ? pdu.chassisId.address : 0, 0, 0)
      Announcing.quicken(state, port, now)
    }
  }
  Announcing.rearm(state, actions)
}

/** Management commands something. */
export const obey = (state: State, command: Command, now: SimTime, actions: ControlActions): void =>
  Announcing.obey(state, "lldp", command, now, actions, SPEECH)

/** The timer has run out, or there may be something to say. */
export const proceed = (state: State, now: SimTime, actions: ControlActions): void =>
  Announcing.proceed(state, now, actions, SPEECH)
