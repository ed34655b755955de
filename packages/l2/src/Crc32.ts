/**
 * The frame check sequence of 802.3 (clause 3.2.9†): CRC-32, reflected, polynomial 0x04c11db7. On the wire the four octets follow the
 * client data least significant first.
 */

/** Octets of a frame check sequence. */
export const OCTETS = 4

/** CRC-32 of a whole frame with its FCS, whatever the frame: the sign that it is intact. */
export const RESIDUE = 0x2144df1c

const TABLE = new Uint32Array(256)
for (let octet = 0; octet < 256; octet++) {
  let remainder = octet
  for (let bit = 0; bit < 8; bit++) remainder = (remainder & 1) !== 0 ? (remainder >>> 1) ^ 0xedb88320 : remainder >>> 1
  TABLE[octet] = remainder
}

/** CRC-32 of `octets` from `start` up to `end`, as an unsigned number. */
export const of = (octets: Uint8Array, start = 0, end = octets.length): number => {
  let remainder = -1
  for (let i = start; i < end; i++) remainder = TABLE[(remainder ^ octets[i]) & 0xff] ^ (remainder >>> 8)
  return ~remainder >>> 0
}

/** Write an FCS at `offset`. */
export const write = (fcs: number, octets: Uint8Array, offset: number): void => {
  octets[offset] = fcs
  octets[offset + 1] = fcs >>> 8
  octets[offset + 2] = fcs >>> 16
  octets[offset + 3] = fcs >>> 24
}

/** Whether a frame that ends with its FCS arrived as it was sent. */
export const isIntact = (octets: Uint8Array): boolean => octets.length >= OCTETS && of(octets) === RESIDUE
