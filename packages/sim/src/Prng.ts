/**
 * Named random streams. Each device and each direction of each link draws from its own stream, seeded from the world's seed and
 * the stream's name, so that adding a device does not shift another's luck. The generator is xoshiro128** (Blackman and Vigna,
 * 2018); its state is four 32-bit words in one array of the world, so that it is saved, forked and compared with everything else.
 */

/** Words of state per stream. */
export const WORDS = 4

/** Seed the stream that lies at `offset` of `state` from the world's seed and the stream's name. */
export const seed = (state: Uint32Array, offset: number, worldSeed: number, name: string): void => {
  // FNV-1a over the name, starting from the seed, then splitmix32 to fill the words.
  let hash = (0x811c9dc5 ^ worldSeed) | 0
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193)
  let word = hash ^ Math.imul(worldSeed, 0x9e3779b9)
  for (let i = 0; i < WORDS; i++) {
    word = (word + 0x9e3779b9) | 0
    let z = word ^ (word >>> 16)
    z = Math.imul(z, 0x21f0aaad)
    z ^= z >>> 15
    z = Math.imul(z, 0x735a2d97)
    state[offset + i] = z ^ (z >>> 15)
  }
  if ((state[offset] | state[offset + 1] | state[offset + 2] | state[offset + 3]) === 0) state[offset] = 1
}

const rotateLeft = (value: number, bits: number): number => (value << bits) | (value >>> (32 - bits))

/** The next 32-bit unsigned number of the stream at `offset`. */
export const next = (state: Uint32Array, offset: number): number => {
  const s1 = state[offset + 1]
  const result = Math.imul(rotateLeft(Math.imul(s1, 5), 7), 9) >>> 0
  const t = s1 << 9
  state[offset + 2] ^= state[offset]
  state[offset + 3] ^= s1
  state[offset + 1] ^= state[offset + 2]
  state[offset] ^= state[offset + 3]
  state[offset + 2] ^= t
  state[offset + 3] = rotateLeft(state[offset + 3], 11)
  return result
}

/** A number in [0, 1) from a 32-bit draw. */
export const unit = (draw: number): number => draw / 4294967296
