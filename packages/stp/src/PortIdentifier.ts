/**
 * Port identifiers (9.2.7†): 16 bits, the port's priority above its number. 802.1D-1998 divides them 8 + 8, its successor 4 + 12. With
 * priorities in steps of 16 and fewer than 256 ports both forms give the same 16 bits, which is what everyone configures; a bridge
 * with more ports uses the 4 + 12 form.
 */

/** 0..65535, the smaller the better. */
export type PortIdentifier = number

/** The priority of a port that was given none. */
export const DEFAULT_PRIORITY = 128

/** The largest port number: 12 bits. */
export const MAXIMUM_NUMBER = 4_095

/** An identifier from a priority (0..255) and a port number (1..4095); of a number beyond 255 the priority keeps its upper four bits. */
export const make = (priority: number, portNo: number): PortIdentifier =>
  portNo > 255 ? ((priority & 0xf0) << 8) | (portNo & 0x0fff) : ((priority & 0xff) << 8) | portNo

/** Priority and number of an identifier. Which form it has does not show; priorities in steps of 16 are the same in both. */
export const parts = (identifier: PortIdentifier): { readonly priority: number; readonly portNo: number } => ({
  priority: (identifier >>> 8) & 0xf0,
  portNo: identifier & 0x0fff,
})

/** `8001`: four hexadecimal digits as on the wire. */
export const format = (identifier: PortIdentifier): string => identifier.toString(16).padStart(4, "0")

/** `128.1`: priority and number in decimal, as `show spanning-tree` prints them. */
export const formatDotted = (priority: number, portNo: number): string => `${priority}.${portNo}`

/** The same port number with another priority (0..240 in steps of 16), in the 4 + 12 form. */
export const withPriority = (identifier: PortIdentifier, priority: number): PortIdentifier =>
  ((priority & 0xf0) << 8) | (identifier & 0x0fff)
