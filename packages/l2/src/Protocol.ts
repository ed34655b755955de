/**
 * Numbers for what a frame carries. Ethernet II frames are known by their EtherType; 802.3 frames by their LLC addresses or, behind
 * an LLC SNAP header, by organisation and protocol id. One `number` covers all three:
 *
 *     0                                   802.3 without an LLC header that is known
 *     0x0600 .. 0xffff                    Ethernet II
 *     0x10000 + dsap * 256 + ssap         802.3 + LLC, unnumbered information (control 0x03)
 *     2^40 + oui * 65536 + pid            802.3 + LLC + SNAP (AA-AA-03)
 */
import type { Protocol } from "./EthernetFrame.ts"

/** EtherTypes, by their names in the IEEE registry. */
export const ARP: Protocol = 0x0806
export const RARP: Protocol = 0x8035
export const IPV4: Protocol = 0x0800
export const VLAN: Protocol = 0x8100
export const SERVICE_VLAN: Protocol = 0x88a8
export const SLOW_PROTOCOLS: Protocol = 0x8809
export const LLDP: Protocol = 0x88cc
/** IEEE 802 Local Experimental EtherType 1, for traffic that means nothing. */
export const EXPERIMENTAL: Protocol = 0x88b5
/** Local Experimental EtherType 2, here of what two chassis that are one switch tell each other over their virtual switch link. */
export const VIRTUAL_SWITCH: Protocol = 0x88b6

/** 802.3 whose client data begins with no LLC header of unnumbered information: all of it behind the length field is the payload. */
export const IEEE_802_3: Protocol = 0

const LLC_BASE = 0x10000
const SNAP_BASE = 2 ** 40

/** 802.3 with an LLC header, unnumbered information. */
export const llc = (dsap: number, ssap: number): Protocol => LLC_BASE + dsap * 256 + ssap

/** 802.3 with LLC and SNAP headers. */
export const snap = (oui: number, pid: number): Protocol => SNAP_BASE + oui * 65536 + pid

/** Spanning tree BPDUs: LLC address 0x42 (802.1D-1998 7.12.3†). */
export const BPDU: Protocol = llc(0x42, 0x42)

/** Per-VLAN spanning tree BPDUs ("shared spanning tree"): Cisco's SNAP protocol 00000c-010b. */
export const SSTP: Protocol = snap(0x00000c, 0x010b)

/** Cisco's link protocols to 01-00-0C-CC-CC-CC, by their SNAP protocol. */
export const PAGP: Protocol = snap(0x00000c, 0x0104)
export const UDLD: Protocol = snap(0x00000c, 0x0111)
export const CDP: Protocol = snap(0x00000c, 0x2000)
export const VTP: Protocol = snap(0x00000c, 0x2003)
export const DTP: Protocol = snap(0x00000c, 0x2004)

/** How a frame of this protocol is encapsulated. */
export const isEthernet2 = (protocol: Protocol): boolean => protocol < LLC_BASE
export const isSnap = (protocol: Protocol): boolean => protocol >= SNAP_BASE

/** Destination and source service access points of an LLC protocol. */
export const llcAddresses = (protocol: Protocol): readonly [dsap: number, ssap: number] => {
  const pair = protocol - LLC_BASE
  return [pair >> 8, pair & 0xff]
}

/** Organisation (24 bits) and protocol id (16 bits) of a SNAP protocol. */
export const snapParts = (protocol: Protocol): readonly [oui: number, pid: number] => {
  const parts = protocol - SNAP_BASE
  const oui = Math.floor(parts / 65536)
  return [oui, parts - oui * 65536]
}

/** Octets between the type/length field and the payload: 0 for Ethernet II, 3 for LLC, 8 for SNAP. */
export const headerOctets = (protocol: Protocol): number => (isEthernet2(protocol) ? 0 : isSnap(protocol) ? 8 : 3)
