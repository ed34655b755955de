/**
 * CBOR (RFC 8949), as much of it as plain state needs: what a device's state is made of (numbers, strings, booleans, null, undefined,
 * arrays, records, typed arrays) to octets and back, so that a guest's stack really travels in frames. Typed arrays carry the tags
 * of RFC 8746, little endian. Integers take their shortest form and all other numbers are doubles, so one value has one encoding.
 */
import type { CodecError } from "@l2lab/l2/PayloadCodec"
import { Result } from "effect"

// Major types (RFC 8949 3.1).
const UNSIGNED = 0
const NEGATIVE = 1
const BYTES = 2
const TEXT = 3
const ARRAY = 4
const MAP = 5
const TAG = 6
const SIMPLE = 7

// Simple values and the double, with their major type.
const FALSE = 0xf4
const TRUE = 0xf5
const NULL = 0xf6
const UNDEFINED = 0xf7
const DOUBLE = 0xfb

/** Deepest nesting that is read. */
const DEPTH_LIMIT = 64

/** RFC 8746 2.1: tag, octets of an element, constructor. Uint8Array is an untagged byte string. */
const TYPED = [
  { tag: 69, octets: 2, is: (v: unknown) => v instanceof Uint16Array, make: (n: number) => new Uint16Array(n) },
  { tag: 70, octets: 4, is: (v: unknown) => v instanceof Uint32Array, make: (n: number) => new Uint32Array(n) },
  { tag: 72, octets: 1, is: (v: unknown) => v instanceof Int8Array, make: (n: number) => new Int8Array(n) },
  { tag: 77, octets: 2, is: (v: unknown) => v instanceof Int16Array, make: (n: number) => new Int16Array(n) },
  { tag: 78, octets: 4, is: (v: unknown) => v instanceof Int32Array, make: (n: number) => new Int32Array(n) },
  { tag: 85, octets: 4, is: (v: unknown) => v instanceof Float32Array, make: (n: number) => new Float32Array(n) },
  { tag: 86, octets: 8, is: (v: unknown) => v instanceof Float64Array, make: (n: number) => new Float64Array(n) },
] as const

type NumberArray = Uint16Array | Uint32Array | Int8Array | Int16Array | Int32Array | Float32Array | Float64Array

const writeElement = (view: DataView, offset: number, tag: number, value: number): void => {
  if (tag === 69) view.setUint16(offset, value, true)
  else if (tag === 70) view.setUint32(offset, value, true)
  else if (tag === 72) view.setInt8(offset, value)
  else if (tag === 77) view.setInt16(offset, value, true)
  else if (tag === 78) view.setInt32(offset, value, true)
  else if (tag === 85) view.setFloat32(offset, value, true)
  else view.setFloat64(offset, value, true)
}

const readElement = (view: DataView, offset: number, tag: number): number => {
  if (tag === 69) return view.getUint16(offset, true)
  if (tag === 70) return view.getUint32(offset, true)
  if (tag === 72) return view.getInt8(offset)
  if (tag === 77) return view.getInt16(offset, true)
  if (tag === 78) return view.getInt32(offset, true)
  if (tag === 85) return view.getFloat32(offset, true)
  return view.getFloat64(offset, true)
}

/** A buffer that grows. */
interface Writer {
  octets: Uint8Array
  view: DataView
  length: number
}

const reserve = (writer: Writer, octets: number): number => {
  const offset = writer.length
  writer.length += octets
  if (writer.length > writer.octets.length) {
    const grown = new Uint8Array(Math.max(writer.length, writer.octets.length * 2))
    grown.set(writer.octets)
    writer.octets = grown
    writer.view = new DataView(grown.buffer)
  }
  return offset
}

const octet = (writer: Writer, value: number): void => {
  const offset = reserve(writer, 1)
  writer.octets[offset] = value
}

/** The head of an item: major type and argument, shortest form. */
const head = (writer: Writer, major: number, argument: number): void => {
  const type = major << 5
  if (argument < 24) octet(writer, type | argument)
  else if (argument < 0x100) {
    octet(writer, type | 24)
    octet(writer, argument)
  } else if (argument < 0x10000) {
    octet(writer, type | 25)
    const offset = reserve(writer, 2)
    writer.view.setUint16(offset, argument)
  } else if (argument < 0x100000000) {
    octet(writer, type | 26)
    const offset = reserve(writer, 4)
    writer.view.setUint32(offset, argument)
  } else {
    octet(writer, type | 27)
    const offset = reserve(writer, 8)
    writer.view.setUint32(offset, Math.floor(argument / 0x100000000))
    writer.view.setUint32(offset + 4, argument % 0x100000000)
  }
}

const bytes = (writer: Writer, octets: Uint8Array): void => {
  head(writer, BYTES, octets.length)
  const offset = reserve(writer, octets.length)
  writer.octets.set(octets, offset)
}

const TEXT_ENCODER = new TextEncoder()

const text = (writer: Writer, value: string): void => {
  const octets = TEXT_ENCODER.encode(value)
  head(writer, TEXT, octets.length)
  const offset = reserve(writer, octets.length)
  writer.octets.set(octets, offset)
}

const write = (writer: Writer, value: unknown): void => {
  if (typeof value === "number") {
    if (Number.isSafeInteger(value) && !Object.is(value, -0)) {
      if (value >= 0) head(writer, UNSIGNED, value)
      else head(writer, NEGATIVE, -1 - value)
      return
    }
    octet(writer, DOUBLE)
    const offset = reserve(writer, 8)
    writer.view.setFloat64(offset, value)
  } else if (typeof value === "string") text(writer, value)
  else if (value === false) octet(writer, FALSE)
  else if (value === true) octet(writer, TRUE)
  else if (value === null) octet(writer, NULL)
  else if (value === undefined) octet(writer, UNDEFINED)
  else if (Array.isArray(value)) {
    head(writer, ARRAY, value.length)
    for (const item of value) write(writer, item)
  } else if (value instanceof Uint8Array) bytes(writer, value)
  else if (ArrayBuffer.isView(value)) writeTyped(writer, value)
  else if (typeof value === "object") {
    const entries = Object.entries(value)
    head(writer, MAP, entries.length)
    for (const [key, item] of entries) {
      text(writer, key)
      write(writer, item)
    }
  } else throw new Error(`a ${typeof value} is no plain data and cannot travel`)
}

const writeTyped = (writer: Writer, value: ArrayBufferView): void => {
  const type = TYPED.find((candidate) => candidate.is(value))
  if (type === undefined) throw new Error(`an array of the type ${value.constructor.name} cannot travel`)
  // A candidate of TYPED is one of these.
  const numbers = value as NumberArray
  head(writer, TAG, type.tag)
  head(writer, BYTES, numbers.length * type.octets)
  let offset = reserve(writer, numbers.length * type.octets)
  for (let i = 0; i < numbers.length; i++, offset += type.octets) writeElement(writer.view, offset, type.tag, numbers[i])
}

/** Octets of a value. Functions, symbols, big integers and class instances are no plain data: they throw. */
export const emit = (value: unknown): Uint8Array => {
  const octets = new Uint8Array(256)
  const writer: Writer = { octets, view: new DataView(octets.buffer), length: 0 }
  write(writer, value)
  return writer.octets.slice(0, writer.length)
}

/** Where reading has come to, and why it stopped. */
interface Reader {
  readonly octets: Uint8Array
  readonly view: DataView
  offset: number
  error: CodecError | undefined
}

const refuse = (reader: Reader, reason: string, detail: string): undefined => {
  reader.error ??= { reason, detail }
  return undefined
}

const has = (reader: Reader, octets: number): boolean => {
  if (reader.offset + octets <= reader.octets.length) return true
  refuse(reader, "Truncated", `need ${octets} octets at ${reader.offset}, have ${reader.octets.length - reader.offset}`)
  return false
}

const argument = (reader: Reader, info: number): number => {
  if (info < 24) return info
  const octets = info === 24 ? 1 : info === 25 ? 2 : info === 26 ? 4 : info === 27 ? 8 : 0
  if (octets === 0) {
    refuse(reader, "BadLength", `additional information ${info} is not used here`)
    return 0
  }
  if (!has(reader, octets)) return 0
  const at = reader.offset
  reader.offset += octets
  if (octets === 1) return reader.octets[at]
  if (octets === 2) return reader.view.getUint16(at)
  if (octets === 4) return reader.view.getUint32(at)
  const value = reader.view.getUint32(at) * 0x100000000 + reader.view.getUint32(at + 4)
  if (!Number.isSafeInteger(value)) refuse(reader, "BadNumber", "an integer beyond 2^53")
  return value
}

const readText = (reader: Reader, length: number): string => {
  if (!has(reader, length)) return ""
  const octets = reader.octets.subarray(reader.offset, reader.offset + length)
  reader.offset += length
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(octets)
  } catch {
    refuse(reader, "BadText", "a text that is not UTF-8")
    return ""
  }
}

const readTyped = (reader: Reader, tag: number): unknown => {
  const type = TYPED.find((candidate) => candidate.tag === tag)
  if (type === undefined) return refuse(reader, "BadTag", `tag ${tag} is not used here`)
  if (!has(reader, 1)) return undefined
  const first = reader.octets[reader.offset++]
  if (first >> 5 !== BYTES) return refuse(reader, "BadTag", `tag ${tag} must be followed by a byte string`)
  const length = argument(reader, first & 31)
  if (reader.error !== undefined || !has(reader, length)) return undefined
  if (length % type.octets !== 0) return refuse(reader, "BadLength", `${length} octets are no whole number of ${type.octets}`)
  const array = type.make(length / type.octets)
  for (let i = 0; i < array.length; i++, reader.offset += type.octets) array[i] = readElement(reader.view, reader.offset, tag)
  return array
}

const readRecord = (reader: Reader, count: number, depth: number): unknown => {
  const record: Record<string, unknown> = {}
  for (let i = 0; i < count && reader.error === undefined; i++) {
    if (!has(reader, 1)) return undefined
    const first = reader.octets[reader.offset++]
    if (first >> 5 !== TEXT) return refuse(reader, "BadKey", "a key that is no text")
    const key = readText(reader, argument(reader, first & 31))
    if (key === "__proto__" || Object.hasOwn(record, key)) return refuse(reader, "BadKey", `the key "${key}" cannot be here`)
    record[key] = read(reader, depth + 1)
  }
  return record
}

const read = (reader: Reader, depth: number): unknown => {
  if (depth > DEPTH_LIMIT) return refuse(reader, "TooDeep", `nested deeper than ${DEPTH_LIMIT}`)
  if (!has(reader, 1)) return undefined
  const first = reader.octets[reader.offset++]
  const major = first >> 5
  if (major === SIMPLE) {
    if (first === FALSE) return false
    if (first === TRUE) return true
    if (first === NULL) return null
    if (first === UNDEFINED) return undefined
    if (first !== DOUBLE) return refuse(reader, "BadValue", `simple value 0x${first.toString(16)} is not used here`)
    if (!has(reader, 8)) return undefined
    reader.offset += 8
    return reader.view.getFloat64(reader.offset - 8)
  }
  const value = argument(reader, first & 31)
  if (reader.error !== undefined) return undefined
  if (major === UNSIGNED) return value
  if (major === NEGATIVE) return -1 - value
  if (major === TEXT) return readText(reader, value)
  if (major === BYTES) {
    if (!has(reader, value)) return undefined
    reader.offset += value
    return reader.octets.slice(reader.offset - value, reader.offset)
  }
  if (major === TAG) return readTyped(reader, value)
  if (major === MAP) return readRecord(reader, value, depth)
  const items: Array<unknown> = []
  for (let i = 0; i < value && reader.error === undefined; i++) items.push(read(reader, depth + 1))
  return items
}

/** The value that all of `octets` stand for. Total: any octets give a value or a reason. */
export const parse = (octets: Uint8Array): Result.Result<unknown, CodecError> => {
  const view = new DataView(octets.buffer, octets.byteOffset, octets.byteLength)
  const reader: Reader = { octets, view, offset: 0, error: undefined }
  const value = read(reader, 0)
  if (reader.error === undefined && reader.offset !== octets.length)
    refuse(reader, "BadLength", `${octets.length - reader.offset} octets behind the value`)
  return reader.error === undefined ? Result.succeed(value) : Result.fail(reader.error)
}
