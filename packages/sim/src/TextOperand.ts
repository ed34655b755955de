/**
 * Short texts in the operands of trace events, which are numbers: eight printable ASCII characters go into one, thirty-two into the four of an
 * event. Others show as `?`.
 */

/** Characters that an operand holds. */
export const CHARACTERS = 8

/** Values of a character: 0 = none, 1 .. 95 = 0x20 .. 0x7e. The eighth power of it is below 2^53. */
const RADIX = 96
const FIRST = 0x20
const LAST = 0x7e

/** The operand that holds the characters of a text from 8 * `index` on. */
export const pack = (text: string, index = 0): number => {
  let packed = 0
  for (let i = 0; i < CHARACTERS; i++) {
    const code = text.charCodeAt(index * CHARACTERS + i)
    const printable = code >= FIRST && code <= LAST ? code : "?".charCodeAt(0)
    packed = packed * RADIX + (Number.isNaN(code) ? 0 : printable - FIRST + 1)
  }
  return packed
}

/** The text in operands. */
export const unpack = (...operands: ReadonlyArray<number>): string =>
  operands
    .map((operand) => {
      let text = ""
      for (let rest = operand; rest > 0; rest = Math.floor(rest / RADIX)) {
        const value = rest % RADIX
        if (value > 0) text = String.fromCharCode(value - 1 + FIRST) + text
      }
      return text
    })
    .join("")
