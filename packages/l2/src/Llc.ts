/**
 * What stands behind the length field of an 802.3 frame: an LLC header (DSAP, SSAP, control; 802.2), for unnumbered information
 * only, and behind AA-AA-03 a SNAP header (organisation, protocol id). Client data with any other control field, or too short for a header,
 * is `Protocol.IEEE_802_3`: all of it is the payload.
 */
import * as Protocol from "./Protocol.ts"
import type { Protocol as ProtocolNumber } from "./EthernetFrame.ts"

/** Control field of unnumbered information. */
export const UNNUMBERED_INFORMATION = 0x03

/** DSAP and SSAP of a SNAP header. */
export const SNAP_ADDRESS = 0xaa

/** Largest client data whose length fits the length field (802.3 clause 3.2.6†). Above it the field would be a type. */
export const LONGEST = 1500

/**
 * EtherType that stands before an LLC header where the client data is longer than 1500 octets (802.1AC†, once a draft on jumbo IS-IS):
 * with it there is no length, and nothing is padded.
 */
export const LONG_LLC = 0x8870

/** The protocol of the client data in `octets` from `start` up to `end`. Its header is `Protocol.headerOctets` long. Total. */
export const parse = (octets: Uint8Array, start: number, end: number): ProtocolNumber => {
  if (end - start < 3 || octets[start + 2] !== UNNUMBERED_INFORMATION) return Protocol.IEEE_802_3
  const dsap = octets[start]
  const ssap = octets[start + 1]
  if (dsap !== SNAP_ADDRESS || ssap !== SNAP_ADDRESS) return Protocol.llc(dsap, ssap)
  if (end - start < 8) return Protocol.IEEE_802_3
  const oui = (octets[start + 3] << 16) | (octets[start + 4] << 8) | octets[start + 5]
  return Protocol.snap(oui, (octets[start + 6] << 8) | octets[start + 7])
}

/** Write the header of an 802.3 protocol at `offset`; its length in octets. */
export const write = (protocol: ProtocolNumber, octets: Uint8Array, offset: number): number => {
  if (protocol === Protocol.IEEE_802_3) return 0
  octets[offset + 2] = UNNUMBERED_INFORMATION
  if (!Protocol.isSnap(protocol)) {
    const [dsap, ssap] = Protocol.llcAddresses(protocol)
    octets[offset] = dsap
    octets[offset + 1] = ssap
    return 3
  }
  const [oui, pid] = Protocol.snapParts(protocol)
  octets[offset] = SNAP_ADDRESS
  octets[offset + 1] = SNAP_ADDRESS
  octets[offset + 3] = oui >>> 16
  octets[offset + 4] = oui >>> 8
  octets[offset + 5] = oui
  octets[offset + 6] = pid >>> 8
  octets[offset + 7] = pid
  return 8
}
