/**
 * What a scenario claims. Every check is recorded with what was found and what was expected, printed as it is made, and decides the
 * exit code: 0 if all hold, 1 if one fails, 3 if there was none.
 */
import type { SimTime } from "@l2lab/sim/SimTime"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { formatNs } from "./report/Quantity.ts"

/** A check as it was recorded. */
export interface CheckResult {
  readonly name: string
  readonly passed: boolean
  /** What was found; absent where the name says it all. */
  readonly actual?: string
  /** What would have been right. */
  readonly expected?: string
}

/** Where checks go, with the instant of the network that they are made on. */
export class Checks extends Context.Service<
  Checks,
  { readonly record: (result: CheckResult, at?: SimTime) => Effect.Effect<void> }
>()("@l2lab/lab/Checks") {}

const record = (result: CheckResult): Effect.Effect<boolean, never, Checks> =>
  Effect.as(
    Checks.use((checks) => checks.record(result)),
    result.passed,
  )

/** Something is so. Tells whether it is. */
export const that = (name: string, holds: boolean): Effect.Effect<boolean, never, Checks> => record({ name, passed: holds })

/** A number, or a span of time: a Duration or what reads as one, `2 seconds`. */
export type Amount = number | Duration.Input

const isNumber = (amount: Amount): amount is number => typeof amount === "number"
const nanos = (amount: Exclude<Amount, number>): number => Number(Duration.toNanosUnsafe(Duration.fromInputUnsafe(amount)))
const valueOf = (amount: Amount): number => (isNumber(amount) ? amount : nanos(amount))
const textOf = (amount: Amount): string => (isNumber(amount) ? String(amount) : formatNs(nanos(amount)))

/** Both in words, and where these are the same though the values differ, to the nanosecond. */
const textsOf = (actual: Amount, expected: Amount): readonly [string, string] => {
  const [found, wanted] = [textOf(actual), textOf(expected)]
  if (found !== wanted || isNumber(actual) || isNumber(expected) || nanos(actual) === nanos(expected)) return [found, wanted]
  return [`${nanos(actual) / 1e9} s`, `${nanos(expected) / 1e9} s`]
}

/** A comparison of two amounts. */
const compare = (
  name: string,
  actual: Amount,
  expected: Amount,
  how: "at least" | "at most",
): Effect.Effect<boolean, never, Checks> => {
  const [found, wanted] = textsOf(actual, expected)
  const passed = how === "at most" ? valueOf(actual) <= valueOf(expected) : valueOf(actual) >= valueOf(expected)
  return record({ name, passed, actual: found, expected: `${how} ${wanted}` })
}

// A bare number beside a span of time would be compared as nanoseconds with who knows what.
type Same<A extends Amount> = A extends number ? number : Exclude<Duration.Input, number>

/** `actual` is `expected` or less. */
export const atMost = <A extends Amount>(name: string, actual: A, expected: Same<A>): Effect.Effect<boolean, never, Checks> =>
  compare(name, actual, expected, "at most")

/** `actual` is `expected` or more. */
export const atLeast = <A extends Amount>(name: string, actual: A, expected: Same<A>): Effect.Effect<boolean, never, Checks> =>
  compare(name, actual, expected, "at least")

/** Two plain values are the same, by their JSON. Lists are shown as text where that can be read. */
export const equals = <A>(name: string, actual: A, expected: A): Effect.Effect<boolean, never, Checks> => {
  const [found, wanted] = [plain(actual), plain(expected)]
  const passed = found === wanted
  const [foundText, wantedText] = [inWords(actual), inWords(expected)]
  // 1 and "1" look the same as text, and so may a list and its only member.
  const isClear = foundText !== undefined && wantedText !== undefined && passed === (foundText === wantedText)
  return record({
    name,
    passed,
    actual: isClear ? foundText : found,
    expected: isClear ? wantedText : wanted,
  })
}

const plain = (value: unknown): string => (typeof value === "string" ? value : (JSON.stringify(value) ?? String(value)))

const isSimple = (value: unknown): value is string | number | boolean =>
  typeof value === "number" || typeof value === "boolean" || (typeof value === "string" && value !== "")

/** `sw1, sw2`; lists in a list with semicolons between them; undefined where text would not show what is what. */
const inWords = (value: unknown): string | undefined => {
  if (!Array.isArray(value)) return plain(value)
  if (value.length === 0) return "none"
  if (value.every(isSimple)) {
    const members = value.map(String)
    return members.length > 1 && members.some((member) => /[,;]/.test(member)) ? undefined : members.join(", ")
  }
  const lists = value.every((inner) => Array.isArray(inner) && inner.every(isSimple)) ? value.map(inWords) : [undefined]
  return lists.includes(undefined) ? undefined : lists.join("; ")
}
