/** Octets as text, and seeded noise, for the tests of codecs. */
export const fromHex = (text: string): Uint8Array =>
  Uint8Array.from(text.replaceAll(/[^0-9a-f]/g, "").match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))

export const toHex = (octets: Uint8Array): string => Array.from(octets, (octet) => octet.toString(16).padStart(2, "0")).join("")

/** A generator of 32-bit unsigned numbers. */
export const generator = (seed: number): (() => number) => {
  let state = (seed ^ 0x9e3779b9) | 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return Math.imul(state, 0x2545f491) >>> 0
  }
}

export const noise = (random: () => number, length: number): Uint8Array => Uint8Array.from({ length }, () => random() >>> 24)
