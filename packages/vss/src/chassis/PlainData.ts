/**
 * Plain data as octets, and what changed between two states of it: what chassis tell each other, and what a standby needs to go on where an active
 * chassis stopped. Numbers, strings, booleans, null, arrays, typed arrays, records; what is undefined is absent. Keys go in the order of their
 * letters, so that equal data gives equal octets.
 *
 * Two things are left out of it, as states of protocols have them (`l2/Columns.ts`): what is called `config`, which both sides have, and frames and PDUs
 * that are items of an array, which are caches: they become null.
 */
import * as Cursor from "./OctetCursor.ts"

const NULL = 0
const FALSE = 1
const TRUE = 2
const INTEGER = 3
const NUMBER = 4
const STRING = 5
const ARRAY = 6
const RECORD = 7
/** The first of the typed arrays, which follow in the order of TYPED. */
const COLUMN = 8

const TYPED = [
  Uint8Array,
  Int8Array,
  Uint16Array,
  Int16Array,
  Uint32Array,
  Int32Array,
  Float32Array,
  Float64Array,
] as const satisfies ReadonlyArray<unknown>

/** A typed array. */
export type Column = InstanceType<(typeof TYPED)[number]>

/** A record, or an array, as this file looks at them. */
type Fields = Record<string, unknown>

const isColumn = (value: unknown): value is Column => ArrayBuffer.isView(value) && !(value instanceof DataView)

const isObject = (value: unknown): value is Fields => typeof value === "object" && value !== null

/** What both sides have anyway. */
const CONFIG = "config"

/** A frame, or a PDU: where it is an item of an array, it is there to be used again. */
const isCached = (value: unknown): boolean => isObject(value) && ("wireOctets" in value || typeof value.protocol === "string")

const itemOf = (value: unknown): unknown => (value === undefined || isCached(value) ? null : value)

const octetsOf = (column: Column): Uint8Array => new Uint8Array(column.buffer, column.byteOffset, column.byteLength)

const keysOf = (value: Fields): ReadonlyArray<string> =>
  Object.keys(value)
    .filter((key) => key !== CONFIG && value[key] !== undefined)
    .toSorted()

/** An independent copy of what is written. */
export const clone = (value: unknown): unknown => {
  if (!isObject(value)) return value
  if (isColumn(value)) return value.slice()
  if (Array.isArray(value)) return value.map((item) => clone(itemOf(item)))
  return Object.fromEntries(keysOf(value).map((key) => [key, clone(value[key])]))
}

/** Write a value. */
export const write = (to: Cursor.Writer, value: unknown): void => {
  if (value === null || value === undefined) return to.octet(NULL)
  if (typeof value === "boolean") return to.octet(value ? TRUE : FALSE)
  if (typeof value === "number") return writeNumber(to, value)
  if (typeof value === "string") {
    to.octet(STRING)
    return to.text(value)
  }
  if (isColumn(value)) {
    to.octet(COLUMN + TYPED.findIndex((type) => value instanceof type))
    to.count(value.length)
    return to.octets(octetsOf(value))
  }
  if (Array.isArray(value)) {
    to.octet(ARRAY)
    to.count(value.length)
    for (const item of value) write(to, itemOf(item))
    return
  }
  const fields = value as Fields
  const keys = keysOf(fields)
  to.octet(RECORD)
  to.count(keys.length)
  for (const key of keys) {
    to.text(key)
    write(to, fields[key])
  }
}

/** Small integers take an octet or two, others eight. */
const writeNumber = (to: Cursor.Writer, value: number): void => {
  if (Number.isInteger(value) && value >= 0 && value < 2 ** 28 && !Object.is(value, -0)) {
    to.octet(INTEGER)
    return to.count(value)
  }
  to.octet(NUMBER)
  to.number(value)
}

/** Read a value; where the octets are none, the reader has failed, and what comes back means nothing. */
export const read = (from: Cursor.Reader, depth = 0): unknown => {
  const tag = from.octet()
  if (depth > DEEPEST) return from.fail("data nested too deeply")
  switch (tag) {
    case NULL:
      return null
    case FALSE:
    case TRUE:
      return tag === TRUE
    case INTEGER:
      return from.count()
    case NUMBER:
      return from.number()
    case STRING:
      return from.text()
    case ARRAY: {
      const items: Array<unknown> = []
      for (let left = from.length(); left > 0 && !from.failed; left--) items.push(read(from, depth + 1))
      return items
    }
    case RECORD: {
      const fields: Fields = {}
      for (let left = from.length(); left > 0 && !from.failed; left--) set(fields, from.text(), read(from, depth + 1))
      return fields
    }
    default:
      return readColumn(from, tag)
  }
}

/** Records within records; bounds the recursion. */
const DEEPEST = 32

/** A key that is no plain one would be a prototype. */
const set = (fields: Fields, key: string, value: unknown): void => {
  if (key !== "__proto__") fields[key] = value
}

const readColumn = (from: Cursor.Reader, tag: number): unknown => {
  const type = TYPED[tag - COLUMN]
  if (type === undefined) return from.fail(`a value of type ${tag}`)
  const length = from.count()
  const octets = from.octets(length * type.BYTES_PER_ELEMENT)
  return new type(octets.slice().buffer)
}

// What an edit does to a value.
const REMOVE = 0
const REPLACE = 1
/** Runs of a typed array. */
const RUNS = 2
/** Fields of a record, or items of an array. */
const FIELDS = 3

/**
 * Write what makes `after` of `before`, and make `before` so by the way: of a record or an array in place. False: nothing changed, and nothing
 * was written. Both are of one shape at the top.
 */
export const writeChanges = (to: Cursor.Writer, before: object, after: object): boolean => {
  if (isColumn(before) && isColumn(after)) return writeRuns(to, before, after)
  if (Array.isArray(before) && Array.isArray(after)) return writeItems(to, before, after)
  return writeFields(to, before as Fields, after as Fields)
}

const writeItems = (to: Cursor.Writer, before: Array<unknown>, after: ReadonlyArray<unknown>): boolean => {
  const start = to.length
  to.octet(FIELDS)
  to.count(after.length)
  let changed = before.length !== after.length
  if (before.length > after.length) before.length = after.length
  for (let i = 0; i < after.length; i++) {
    const value = itemOf(after[i])
    if (!isObject(value) && Object.is(before[i], value)) continue
    const now = writeField(to, String(i), before[i], value)
    if (now === UNCHANGED) continue
    if (now === REPLACED) before[i] = clone(value)
    changed = true
  }
  return end(to, start, changed)
}

const writeFields = (to: Cursor.Writer, before: Fields, after: Fields): boolean => {
  const start = to.length
  to.octet(FIELDS)
  let changed = false
  for (const key of keysOf(after)) {
    const value = after[key]
    if (!isObject(value) && Object.is(before[key], value)) continue
    const now = writeField(to, key, before[key], value)
    if (now === UNCHANGED) continue
    if (now === REPLACED) before[key] = clone(value)
    changed = true
  }
  for (const key of keysOf(before)) {
    if (after[key] !== undefined) continue
    to.text(key)
    to.octet(REMOVE)
    Reflect.deleteProperty(before, key)
    changed = true
  }
  return end(to, start, changed)
}

// What came of a field.
const UNCHANGED = 0
const EDITED = 1
const REPLACED = 2

const writeField = (to: Cursor.Writer, key: string, before: unknown, value: unknown): number => {
  const at = to.length
  to.text(key)
  if (isObject(value) && isObject(before) && isAlike(before, value)) {
    if (writeChanges(to, before, value)) return EDITED
    to.length = at
    return UNCHANGED
  }
  to.octet(REPLACE)
  write(to, value)
  return REPLACED
}

/** No more fields; or, where nothing changed, nothing at all. */
const end = (to: Cursor.Writer, start: number, changed: boolean): boolean => {
  if (changed) to.text("")
  else to.length = start
  return changed
}

/** Whether one of the two can be edited to be the other. */
const isAlike = (before: Fields, after: Fields): boolean => {
  if (Array.isArray(before) !== Array.isArray(after)) return false
  if (!isColumn(after)) return !isColumn(before)
  return isColumn(before) && before.constructor === after.constructor && before.length === after.length
}

/** Elements that are the same between two that are not, and still no run of their own: a run costs its place and length. */
const GAP = 4

const isSame = (before: Column, after: Column, i: number): boolean =>
  before[i] === after[i] || (before[i] !== before[i] && after[i] !== after[i])

/** Four octets at a time, as far as there are; undefined for a column that does not begin where such a word does. */
const wordsOf = ({ buffer, byteLength, byteOffset }: Column): Int32Array | undefined =>
  byteOffset % 4 === 0 ? new Int32Array(buffer, byteOffset, byteLength >> 2) : undefined

/** The first place from `start` on at which two columns of one type and length differ; their length if none. */
const firstDifference = (
  before: Column,
  after: Column,
  start: number,
  words: readonly [Int32Array, Int32Array] | undefined,
): number => {
  const { BYTES_PER_ELEMENT: width, length } = after
  let i = start
  if (words !== undefined) {
    const [old, now] = words
    const perWord = 4 / width
    while (i < length && i % perWord !== 0 && isSame(before, after, i)) i++
    if (i % perWord === 0) {
      let word = i / perWord
      while (word < now.length && old[word] === now[word]) word++
      i = word * perWord
    }
  }
  while (i < length && isSame(before, after, i)) i++
  return i
}

const writeRuns = (to: Cursor.Writer, before: Column, after: Column): boolean => {
  const { BYTES_PER_ELEMENT: width, length } = after
  const [old, now] = width < 4 ? [wordsOf(before), wordsOf(after)] : []
  const words = old === undefined || now === undefined ? undefined : ([old, now] as const)
  let i = firstDifference(before, after, 0, words)
  if (i === length) return false
  to.octet(RUNS)
  let written = 0
  while (i < length) {
    let end = i + 1
    for (let j = end; j < length && j - end < GAP; j++) if (before[j] !== after[j]) end = j + 1
    const run = after.subarray(i, end)
    to.count(i - written)
    to.count(end - i)
    to.octets(octetsOf(run))
    before.set(run, i)
    written = end
    i = firstDifference(before, after, end, words)
  }
  to.count(0)
  to.count(0)
  return true
}

/** Make of `value` what the changes say, in place. Where the octets do not fit it, the reader has failed, and part of them may have been done. */
export const readChanges = (from: Cursor.Reader, value: object): void => readEdit(from, value as Fields, 0)

const readEdit = (from: Cursor.Reader, value: Fields, depth: number): void => {
  const edit = from.octet()
  if (depth > DEEPEST) return from.fail("changes nested too deeply")
  if (edit === RUNS) return isColumn(value) ? readRuns(from, value) : from.fail("runs of what is no column")
  if (edit !== FIELDS || isColumn(value)) return from.fail(`an edit of type ${edit}`)
  if (Array.isArray(value)) {
    const length = from.count()
    if (length > MOST_ITEMS) return from.fail(`an array of ${length} items`)
    while (value.length < length) value.push(null)
    value.length = length
  }
  for (;;) {
    const key = from.text()
    if (from.failed || key === "") return
    if (Array.isArray(value) && !(Number(key) < value.length)) return from.fail(`an item ${key}`)
    const what = from.peek()
    if (what === REMOVE) {
      from.octet()
      Reflect.deleteProperty(value, key)
    } else if (what === REPLACE) {
      from.octet()
      set(value, key, read(from, depth + 1))
    } else {
      const inner = Object.hasOwn(value, key) ? value[key] : undefined
      if (!isObject(inner)) return from.fail(`changes of ${key}, which is no record`)
      readEdit(from, inner, depth + 1)
    }
  }
}

/** Items of an array that is edited. */
const MOST_ITEMS = 1_000_000

const readRuns = (from: Cursor.Reader, column: Column): void => {
  const { BYTES_PER_ELEMENT: width, length } = column
  const octets = octetsOf(column)
  let at = 0
  for (;;) {
    at += from.count()
    const run = from.count()
    if (from.failed || run === 0) return
    if (at + run > length) return from.fail(`a run up to ${at + run} in a column of ${length}`)
    octets.set(from.octets(run * width), at * width)
    at += run
  }
}

/** A value as octets. */
export const emit = (value: unknown): Uint8Array => {
  const to = new Cursor.Writer()
  write(to, value)
  return to.written()
}

/** Octets as a value; undefined where they are none. */
export const parse = (octets: Uint8Array): unknown => {
  const from = new Cursor.Reader(octets)
  const value = read(from)
  return from.failed || from.left > 0 ? undefined : value
}
