/** Spans of virtual time on the command line. */
import * as Units from "@l2lab/design/Units"
import type { DurationNs } from "@l2lab/sim/SimTime"
import * as EffectDuration from "effect/Duration"
import * as Option from "effect/Option"
import { badInput, type InputError } from "../Failure.ts"

/** `90s`, `500ms`, `5min`, `1h`, as design files have them. */
export const parse = (flag: string, text: string): DurationNs | InputError => {
  const reading = Units.timeNs(text.replace(/\s+/g, ""))
  return Units.isValue(reading) ? reading.value : badInput(`--${flag} ${text}: ${reading.problem}`)
}

/** Nanoseconds of a span in a scenario, `"100 millis"`; infinite and unreadable ones are the script's mistake. */
export const inScenario = (what: string, input: EffectDuration.Input): DurationNs | InputError => {
  const ns = Option.flatMap(EffectDuration.fromInput(input), EffectDuration.toNanos)
  if (Option.isNone(ns)) return badInput(`${what}: ${noDuration(String(input))}`)
  return Number(ns.value)
}

/** What is wrong with a text that Effect takes for no duration: `"5s" is no duration here: write "5 seconds"`. */
export const noDuration = (text: string): string => {
  const [, amount, unit = ""] = /^\s*(-?\d+(?:\.\d+)?)\s*([a-zµ]*)\s*$/i.exec(text) ?? []
  const cure = amount === undefined ? "5 seconds" : `${amount} ${EFFECT_UNITS.get(unit.toLowerCase()) ?? "seconds"}`
  return `"${text}" is no duration here: write "${cure}"`
}

/** What Effect calls the units that people write. */
const EFFECT_UNITS: ReadonlyMap<string, string> = new Map([
  ["ns", "nanos"],
  ["us", "micros"],
  ["µs", "micros"],
  ["ms", "millis"],
  ["s", "seconds"],
  ["sec", "seconds"],
  ["m", "minutes"],
  ["min", "minutes"],
  ["h", "hours"],
  ["d", "days"],
])
