/**
 * Quantities as people write them (`10G`, `1MiB`, `500ns`, `0.1%`) and the numbers that the emulator computes with. Each reader
 * returns the number, or a sentence that says what is wrong and how to write it.
 */
import type { DurationNs } from "@l2lab/sim/SimTime"

/**
 * What a quantity without its unit is told: `1000 has no unit: write for instance 1000M or 1G (units are K, M, G, T)`. The examples are
 * what such a number mostly means; `key` (`latency`) tells microseconds from seconds.
 */
export const withoutUnit = (amount: number, kind: "rate" | "size" | "time", key?: string): string => {
  const quantity = { rate: RATE, size: SIZE, time: TIME }[kind]
  const examples = amount > 0 ? plausible(amount, kind, key) : [quantity.example]
  return `${amount} has no unit: write for instance ${examples.join(" or ")} (units are ${[...quantity.units.keys()].join(", ")})`
}

const plausible = (amount: number, kind: "rate" | "size" | "time", key: string | undefined): ReadonlyArray<string> => {
  switch (kind) {
    case "rate":
      // A network card's 10, 100 and 1000 are megabits, a port's 10, 25 and 40 are gigabits, and a million is bits.
      if (amount >= 1e5) return [formatRate(amount)]
      if (amount >= 1000 && amount % 1000 === 0) return [`${amount}M`, `${amount / 1000}G`]
      return amount >= 100 ? [`${amount}M`] : [`${amount}M`, `${amount}G`]
    case "size":
      return [`${amount}MiB`]
    case "time":
      return key === undefined ? [`${amount}us`, `${amount}s`] : [key === "latency" ? `${amount}us` : `${amount}s`]
  }
}

/** A number that was read, or the sentence that says why not. */
export type Reading = { readonly value: number } | { readonly problem: string }

/** Whether a reading succeeded. */
export const isValue = (reading: Reading): reading is { readonly value: number } => "value" in reading

/** A quantity with its unit: the regular expression of its text, and the factor of each unit. */
interface Quantity {
  readonly kind: "rate" | "size" | "time"
  readonly noun: string
  readonly example: string
  readonly units: ReadonlyMap<string, number>
  /** Units that people write and that mean something else or two things, with what to write instead. */
  readonly cures: ReadonlyMap<string, string>
}

const RATE: Quantity = {
  kind: "rate",
  noun: "a rate",
  example: "1G",
  units: new Map([
    ["K", 1e3],
    ["M", 1e6],
    ["G", 1e9],
    ["T", 1e12],
  ]),
  cures: new Map([
    ["k", "K"],
    ["m", "M"],
    ["g", "G"],
    ["t", "T"],
    ["Kbps", "K"],
    ["kbps", "K"],
    ["Mbps", "M"],
    ["Gbps", "G"],
    ["Mb/s", "M"],
    ["Gb/s", "G"],
    ["Mbit", "M"],
    ["Gbit", "G"],
    ["MB", "M"],
    ["GB", "G"],
  ]),
}

const SIZE: Quantity = {
  kind: "size",
  noun: "a size",
  example: "1MiB",
  units: new Map([
    ["B", 1],
    ["KiB", 1024],
    ["MiB", 1024 ** 2],
    ["GiB", 1024 ** 3],
    ["TiB", 1024 ** 4],
  ]),
  cures: new Map([
    ["K", "KiB"],
    ["M", "MiB"],
    ["G", "GiB"],
    ["T", "TiB"],
    ["k", "KiB"],
    ["kB", "KiB"],
    ["KB", "KiB"],
    ["MB", "MiB"],
    ["GB", "GiB"],
    ["TB", "TiB"],
    ["Kib", "KiB"],
    ["Mib", "MiB"],
    ["Gib", "GiB"],
    ["kib", "KiB"],
    ["mib", "MiB"],
    ["gib", "GiB"],
  ]),
}

const TIME: Quantity = {
  kind: "time",
  noun: "a time",
  example: "2ms",
  units: new Map([
    ["ns", 1],
    ["us", 1e3],
    ["ms", 1e6],
    ["s", 1e9],
    ["min", 60e9],
    ["h", 3600e9],
  ]),
  cures: new Map([
    ["µs", "us"],
    ["μs", "us"],
    ["sec", "s"],
    ["secs", "s"],
    ["second", "s"],
    ["seconds", "s"],
    ["m", "min"],
    ["minutes", "min"],
    ["msec", "ms"],
    ["millis", "ms"],
    ["usec", "us"],
  ]),
}

const NUMBER_AND_UNIT = /^(\d+(?:\.\d+)?)\s*([^\s\d.].*)?$/

const read = (quantity: Quantity, text: string): Reading => {
  const match = NUMBER_AND_UNIT.exec(text.trim())
  const unitList = [...quantity.units.keys()].join(", ")
  if (match === null)
    return { problem: `"${text}" is not ${quantity.noun}: write a number and a unit (${unitList}), like ${quantity.example}` }
  const amount = Number(match[1])
  const unit = match[2] ?? ""
  const factor = quantity.units.get(unit)
  if (factor !== undefined) return { value: amount * factor }
  if (unit === "") return { problem: withoutUnit(amount, quantity.kind) }
  const cure = quantity.cures.get(unit)
  const suggestion = cure === undefined ? `units are ${unitList}` : `write ${match[1]}${cure} (units are ${unitList})`
  return { problem: `"${unit}" is not a unit of ${quantity.noun}: ${suggestion}` }
}

/** Bits per second from `10M`, `1G`, `2.5G`: 1 kb/s to 10 Tb/s, decimal units. */
export const rateBps = (text: string): Reading => {
  const reading = read(RATE, text)
  if (!isValue(reading)) return reading
  const value = Math.round(reading.value)
  return value >= 1e3 && value <= 1e13 ? { value } : { problem: `a rate of ${text} is out of range: rates are 1K to 10T` }
}

/** Octets from `64KiB`, `1MiB`, `4GiB`: 0 to 2^53, binary units. */
export const sizeOctets = (text: string): Reading => {
  const reading = read(SIZE, text)
  if (!isValue(reading)) return reading
  const value = Math.round(reading.value)
  return Number.isSafeInteger(value) ? { value } : { problem: `${text} is out of range: sizes are below 8192TiB` }
}

/** Integer nanoseconds from `500ns`, `1us`, `2ms`, `20s`, `5min`, `1h`: up to 104 days, which is how far virtual time reaches. */
export const timeNs = (text: string): Reading => {
  const reading = read(TIME, text)
  if (!isValue(reading)) return reading
  const value = Math.round(reading.value)
  return Number.isSafeInteger(value) ? { value } : { problem: `${text} is out of range: times are below 2500h` }
}

/** A share 0..1 from a number (`0.001`) or a percentage (`0.1%`). */
export const ratio = (written: string | number): Reading => {
  const percentage = typeof written === "string" ? /^(\d+(?:\.\d+)?)\s*%$/.exec(written.trim()) : null
  const value = typeof written === "number" ? written : percentage === null ? Number.NaN : Number(percentage[1]) / 100
  return value >= 0 && value <= 1
    ? { value }
    : {
        problem: `${typeof written === "number" ? written : `"${written}"`} is not a share: write a number from 0 to 1, or a percentage like 0.1%`,
      }
}

// What was checked when the file was read does not fail afterwards; a caller from a program that skipped the check is told so.
const sure = (reading: Reading): number => {
  if (isValue(reading)) return reading.value
  throw new Error(reading.problem)
}

/** `rateBps` of a text that the Schema has accepted; throws the sentence otherwise. */
export const rateBpsOf = (text: string): number => sure(rateBps(text))
/** `sizeOctets` of a text that the Schema has accepted; throws the sentence otherwise. */
export const sizeOctetsOf = (text: string): number => sure(sizeOctets(text))
/** `timeNs` of a text that the Schema has accepted; throws the sentence otherwise. */
export const timeNsOf = (text: string): DurationNs => sure(timeNs(text))
/** `ratio` of a value that the Schema has accepted; throws the sentence otherwise. */
export const ratioOf = (written: string | number): number => sure(ratio(written))

/** A rate for people: `1G`, `100M`, `2.5G`. */
export const formatRate = (bps: number): string => {
  for (const [unit, factor] of [
    ["T", 1e12],
    ["G", 1e9],
    ["M", 1e6],
    ["K", 1e3],
  ] as const) {
    if (bps >= factor) return `${bps / factor}${unit}`
  }
  return `${bps}`
}
