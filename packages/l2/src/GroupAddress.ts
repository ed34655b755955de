/**
 * Group addresses that mean something to bridges. The sixteen reserved ones (802.1D-2004 Table 7-10†, 802.1Q Table 8-1†) are never
 * relayed by a bridge that conforms; the vendors' are, by everyone who does not know them.
 */
import type { MacAddress } from "./MacAddress.ts"

/** The first of the sixteen reserved addresses, and the spanning tree's: Bridge Group Address, now Nearest Customer Bridge. */
export const BRIDGE_GROUP: MacAddress = 0x0180c2000000
/** 802.3 MAC Control PAUSE. */
export const PAUSE: MacAddress = 0x0180c2000001
/** Slow protocols: LACP, marker, OAM. */
export const SLOW_PROTOCOLS: MacAddress = 0x0180c2000002
/** 802.1X port access entity; LLDP's Nearest non-TPMR Bridge. */
export const PORT_ACCESS: MacAddress = 0x0180c2000003
/** Provider bridges' spanning tree. */
export const PROVIDER_BRIDGE_GROUP: MacAddress = 0x0180c2000008
/** Provider bridges' MVRP. */
export const PROVIDER_BRIDGE_MVRP: MacAddress = 0x0180c200000d
/** LLDP's Nearest Bridge. */
export const LLDP: MacAddress = 0x0180c200000e
/** The last of the sixteen. */
export const LAST_RESERVED: MacAddress = 0x0180c200000f

/** All LANs Bridge Management Group; not reserved. */
export const ALL_LANS_BRIDGE_MANAGEMENT: MacAddress = 0x0180c2000010
/** GMRP and MMRP; a bridge without them relays these. */
export const MMRP: MacAddress = 0x0180c2000020
/** GVRP and MVRP; a bridge without them relays these. */
export const MVRP: MacAddress = 0x0180c2000021

/** Cisco: CDP, VTP, DTP, PAgP, UDLD, told apart by their SNAP protocol. */
export const CISCO: MacAddress = 0x01000ccccccc
/** Cisco: shared spanning tree (PVST+) BPDUs. Bridges that do not know it flood it, which is how PVST+ passes through them. */
export const CISCO_SSTP: MacAddress = 0x01000ccccccd
/** Cisco: UplinkFast's dummy multicasts†. */
export const CISCO_UPLINK_FAST: MacAddress = 0x01000ccdcdcd

/** Whether an address is one of the sixteen that a bridge never relays: 01-80-C2-00-00-00 .. 0F. */
export const isReserved = (address: MacAddress): boolean => address >= BRIDGE_GROUP && address <= LAST_RESERVED

/** The names for people, where the address has one. */
export const nameOf = (address: MacAddress): string | undefined => NAMES.get(address)

const NAMES: ReadonlyMap<MacAddress, string> = new Map([
  [BRIDGE_GROUP, "bridge group"],
  [PAUSE, "PAUSE"],
  [SLOW_PROTOCOLS, "slow protocols"],
  [PORT_ACCESS, "port access"],
  [PROVIDER_BRIDGE_GROUP, "provider bridge group"],
  [PROVIDER_BRIDGE_MVRP, "provider bridge MVRP"],
  [LLDP, "LLDP"],
  [ALL_LANS_BRIDGE_MANAGEMENT, "all LANs bridge management"],
  [MMRP, "MMRP"],
  [MVRP, "MVRP"],
  [CISCO, "Cisco CDP/VTP/DTP/PAgP/UDLD"],
  [CISCO_SSTP, "Cisco PVST+"],
  [CISCO_UPLINK_FAST, "Cisco UplinkFast"],
])
