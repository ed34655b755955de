/**
 * RARP (RFC 903), on the wire. Nobody asks for an address this way any more: hypervisors broadcast a reverse request with a VM's
 * address as its source, because every switch on the VLAN learns where the VM is now from whatever it sends, and no host reacts.
 */
import * as EthernetFrame from "@l2lab/l2/EthernetFrame"
import * as MacAddress from "@l2lab/l2/MacAddress"
import type { PayloadCodec } from "@l2lab/l2/PayloadCodec"
import * as Protocol from "@l2lab/l2/Protocol"
import { Result } from "effect"
import * as Arp from "./Arp.ts"
import * as Ipv4Address from "./Ipv4Address.ts"

/** Operation codes of RARP (RFC 903). */
export const REVERSE_REQUEST = 3
export const REVERSE_REPLY = 4

/** A RARP packet: request or reply. */
export type RarpPacket = Arp.AddressPacket<3 | 4>

/** A RARP packet as the payload of a frame. */
export interface RarpPayload extends EthernetFrame.StructuredPayload {
  readonly protocol: "rarp"
  readonly packet: RarpPacket
}

/**
 * What a host broadcasts for a VM that has arrived, or whose uplink changed: a reverse request from and about the VM's address,
 * protocol addresses zero. The layout is QEMU's, which is known octet by octet; ESXi's is taken to be the same†.
 */
export const announcement = (mac: MacAddress.MacAddress): EthernetFrame.EthernetFrame => {
  const payload: RarpPayload = {
    protocol: "rarp",
    packet: {
      operation: REVERSE_REQUEST,
      senderHardware: mac,
      senderProtocol: Ipv4Address.UNSPECIFIED,
      targetHardware: mac,
      targetProtocol: Ipv4Address.UNSPECIFIED,
    },
  }
  return EthernetFrame.make(MacAddress.BROADCAST, mac, Protocol.RARP, payload, Arp.OCTETS)
}

/** RARP between meaning and octets, for registries of payload codecs. */
export const codec: PayloadCodec<RarpPayload> = {
  name: "rarp",
  encapsulation: Protocol.RARP,
  octetLength: () => Arp.OCTETS,
  emit: (payload) => Arp.emitPacket(payload.packet),
  parse: (octets) =>
    Result.map(Arp.parsePacket(octets, REVERSE_REQUEST, REVERSE_REPLY), (packet): RarpPayload => ({ protocol: "rarp", packet })),
  format: ({ packet }) =>
    packet.operation === REVERSE_REQUEST
      ? `RARP, Request who-is ${MacAddress.format(packet.targetHardware)} tell ${MacAddress.format(packet.senderHardware)}, length ${Arp.OCTETS}`
      : `RARP, Reply ${MacAddress.format(packet.targetHardware)} at ${Ipv4Address.format(packet.targetProtocol)}, length ${Arp.OCTETS}`,
}
