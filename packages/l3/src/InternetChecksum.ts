/** The Internet checksum (RFC 1071 1†): the one's complement of the one's complement sum of 16-bit words. */

/**
 * Add the octets `from` .. `to - 1` to a running sum; an odd last octet counts as the upper half of a word. The sum stays exact for
 * 2^37 octets, so it is folded only once, in `finish`.
 */
export const sum = (octets: Uint8Array, from: number, to: number, initial = 0): number => {
  let total = initial
  const even = from + ((to - from) & ~1)
  for (let i = from; i < even; i += 2) total += (octets[i] << 8) | octets[i + 1]
  if (even < to) total += octets[even] << 8
  return total
}

/** Fold a sum to 16 bits and complement it: the number for the checksum field. A received header, field included, gives 0 when it is right. */
export const finish = (total: number): number => {
  let folded = total
  while (folded > 0xffff) folded = (folded % 0x10000) + Math.floor(folded / 0x10000)
  return ~folded & 0xffff
}

/** The sum of the pseudo-header that UDP and TCP add (RFC 768†): addresses, IP protocol, length of the datagram. */
export const pseudoHeader = (source: number, destination: number, ipProtocol: number, octets: number): number =>
  (source >>> 16) + (source & 0xffff) + (destination >>> 16) + (destination & 0xffff) + ipProtocol + octets
