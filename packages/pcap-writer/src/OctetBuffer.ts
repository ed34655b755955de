/**
 * A growing run of octets that blocks and records are written into. Offsets are counted from the start of the run; everything is
 * written little-endian, on every machine, so that one capture has one form.
 */

/** Plain record; `octets` and `view` change identity whenever the buffer grows or is handed out. */
export interface OctetBuffer {
  octets: Uint8Array<ArrayBuffer>
  view: DataView
  /** Octets in use, from the start. */
  used: number
}

/** An empty buffer with room for `capacity` octets; it grows. */
export const make = (capacity: number): OctetBuffer => {
  const octets = new Uint8Array(capacity)
  return { octets, view: new DataView(octets.buffer), used: 0 }
}

/** Use another array for what comes next, from its start. */
export const replace = (buffer: OctetBuffer, octets: Uint8Array<ArrayBuffer>): void => {
  buffer.octets = octets
  buffer.view = new DataView(octets.buffer)
  buffer.used = 0
}

/** Make room for `count` octets behind what is in use and take them; the offset of the first. What they hold is left over. */
export const extend = (buffer: OctetBuffer, count: number): number => {
  const offset = buffer.used
  const end = offset + count
  if (end > buffer.octets.length) grow(buffer, end)
  buffer.used = end
  return offset
}

const grow = (buffer: OctetBuffer, atLeast: number): void => {
  const octets = new Uint8Array(Math.max(atLeast, buffer.octets.length * 2))
  octets.set(buffer.octets.subarray(0, buffer.used))
  buffer.octets = octets
  buffer.view = new DataView(octets.buffer)
}

/** Octets that bring `count` to a multiple of four. */
export const padding = (count: number): number => -count & 3
