/** Octets that are written one after the other, and read again. Integers are as short as they can be; a reader never throws. */

const BIG_ENDIAN = false
const text = { encoder: new TextEncoder(), decoder: new TextDecoder() }

/** Names of columns come again and again. A cache; nothing depends on its content. */
const known = new Map<string, Uint8Array>()
const MOST_KNOWN = 2000
const LONGEST_KNOWN = 40

const octetsOf = (value: string): Uint8Array => {
  let octets = known.get(value)
  if (octets === undefined) {
    octets = text.encoder.encode(value)
    if (value.length <= LONGEST_KNOWN && known.size < MOST_KNOWN) known.set(value, octets)
  }
  return octets
}

/** Grows as it is written to; setting `length` back takes back what was written since. */
export class Writer {
  private buffer = new Uint8Array(256)
  private view = new DataView(this.buffer.buffer)
  length = 0

  private reserve(octets: number): void {
    if (this.length + octets <= this.buffer.length) return
    const grown = new Uint8Array(Math.max(this.buffer.length * 2, this.length + octets))
    grown.set(this.buffer)
    this.buffer = grown
    this.view = new DataView(grown.buffer)
  }

  octet(value: number): void {
    this.reserve(1)
    this.buffer[this.length++] = value
  }

  /** An integer from 0 to 2^32 - 1, seven bits an octet. */
  count(value: number): void {
    let left = value
    while (left > 127) {
      this.octet((left & 127) | 128)
      left = Math.floor(left / 128)
    }
    this.octet(left)
  }

  /** Any number, as IEEE 754 has it. */
  number(value: number): void {
    this.reserve(8)
    this.view.setFloat64(this.length, value, BIG_ENDIAN)
    this.length += 8
  }

  text(value: string): void {
    const octets = octetsOf(value)
    this.count(octets.length)
    this.octets(octets)
  }

  octets(octets: Uint8Array): void {
    this.reserve(octets.length)
    this.buffer.set(octets, this.length)
    this.length += octets.length
  }

  /** What was written. */
  written(): Uint8Array {
    return this.buffer.slice(0, this.length)
  }
}

const NOTHING = new Uint8Array(0)

/** Reads what a `Writer` wrote. Once it has failed, it gives zeros and nothing. */
export class Reader {
  private readonly buffer: Uint8Array
  private readonly view: DataView
  private at = 0
  /** Why the octets cannot be read; "" as long as they can. */
  why = ""

  constructor(octets: Uint8Array) {
    this.buffer = octets
    this.view = new DataView(octets.buffer, octets.byteOffset, octets.byteLength)
  }

  get failed(): boolean {
    return this.why !== ""
  }

  get left(): number {
    return this.buffer.length - this.at
  }

  fail(why: string): undefined {
    if (!this.failed) this.why = `${why} at octet ${this.at}`
    this.at = this.buffer.length
    return undefined
  }

  private has(octets: number): boolean {
    if (this.left >= octets) return true
    this.fail(`need ${octets} octets, have ${this.left}`)
    return false
  }

  peek(): number {
    return this.left > 0 ? this.buffer[this.at] : 0
  }

  octet(): number {
    return this.has(1) ? this.buffer[this.at++] : 0
  }

  count(): number {
    let value = 0
    for (let scale = 1; scale <= 2 ** 28; scale *= 128) {
      const octet = this.octet()
      value += (octet & 127) * scale
      if (octet < 128) return value
    }
    this.fail("an integer of more than five octets")
    return 0
  }

  /** A count of things that take an octet each at least. */
  length(): number {
    const count = this.count()
    return this.has(count) ? count : 0
  }

  number(): number {
    if (!this.has(8)) return 0
    this.at += 8
    return this.view.getFloat64(this.at - 8, BIG_ENDIAN)
  }

  text(): string {
    return text.decoder.decode(this.octets(this.count()))
  }

  octets(count: number): Uint8Array {
    if (!this.has(count)) return NOTHING
    this.at += count
    return this.buffer.subarray(this.at - count, this.at)
  }
}
