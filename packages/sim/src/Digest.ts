/**
 * A 64-bit running hash for fingerprints: two 32-bit lanes of multiply-xor. Not cryptographic: it tells whether two runs went
 * the same way, and it must cost next to nothing.
 */
export class Digest {
  private lo = 0x9e3779b9 | 0
  private hi = 0x85ebca6b | 0

  /** Fold one 32-bit integer. */
  int(value: number): void {
    const lo = Math.imul(this.lo ^ value, 0x01000193) ^ (this.hi >>> 15)
    this.hi = Math.imul(this.hi + value, 0xc2b2ae35) ^ (lo >>> 13)
    this.lo = lo
  }

  /** Fold any number: an integer up to 2^53, an infinity, or a fraction (by its bits). */
  number(value: number): void {
    if (value === (value | 0)) {
      this.int(value | 0)
      return
    }
    scratch[0] = value
    this.int(scratchBits[0]!)
    this.int(scratchBits[1]!)
  }

  string(value: string): void {
    this.int(value.length)
    for (let i = 0; i < value.length; i++) this.int(value.charCodeAt(i))
  }

  /** Fold every number of an array or typed array, with its length. */
  numbers(values: ArrayLike<number>): void {
    this.int(values.length)
    for (let i = 0; i < values.length; i++) this.number(values[i]!)
  }

  /** Sixteen hexadecimal digits. */
  get text(): string {
    return (this.lo >>> 0).toString(16).padStart(8, "0") + (this.hi >>> 0).toString(16).padStart(8, "0")
  }

  /** The two lanes, for storing a digest in a world. */
  get lanes(): readonly [lo: number, hi: number] {
    return [this.lo, this.hi]
  }

  /** A digest that continues from stored lanes. */
  static resume(lanes: readonly [lo: number, hi: number]): Digest {
    const digest = new Digest()
    digest.lo = lanes[0]
    digest.hi = lanes[1]
    return digest
  }
}

// Fractions and large integers are folded by their IEEE 754 bits; every machine that runs this is little-endian or consistent within itself.
const scratch = new Float64Array(1)
const scratchBits = new Int32Array(scratch.buffer)
