/** What two chassis tell each other over the channel: plain data as octets, checked when it comes in. */
import type { Command } from "@l2lab/sim/Device"
import * as PlainData from "./PlainData.ts"

/** A link of the sender's, by the pair's link port. */
export interface LinkReport {
  readonly kind: "link"
  readonly link: number
  readonly up: boolean
  readonly rateBps: number
  readonly fullDuplex: boolean
}

export type Message =
  /** A standby asks to be told everything. */
  | { readonly kind: "join" }
  /** An active is about to: make the bridge of the pair anew, with this address. */
  | { readonly kind: "welcome"; readonly address: number }
  /** What became of ports, members, addresses (`Programming.ts`): entries of the journal of `l2/Pairing.ts`, and what they speak of. */
  | {
      readonly kind: "program"
      readonly entries: ReadonlyArray<number>
      readonly existing?: ReadonlyArray<number>
      readonly trees?: ReadonlyArray<number>
      readonly domain?: string
      /** By turns: a port, and how it treats VLANs. */
      readonly switchPorts?: ReadonlyArray<unknown>
    }
  /** What changed of protocols and timers; `isBulk`: since the bridge was made anew, and nothing is missing after it. */
  | { readonly kind: "checkpoint"; readonly changes: Uint8Array; readonly isBulk: boolean }
  /** Addresses (`CamSync.ts`): four numbers each. */
  | { readonly kind: "addresses"; readonly entries: Float64Array }
  /** The standby has become as the active is. */
  | { readonly kind: "hot" }
  | LinkReport
  /** The sender would have a port of its own out of service, for a cause. */
  | { readonly kind: "errdisable"; readonly link: number; readonly cause: number }
  /** Management said something to the sender that is for who is active. */
  | { readonly kind: "command"; readonly command: Command }

/** A message as octets. */
export const emit = (message: Message): Uint8Array => PlainData.emit(message)

/** What a field of each kind must be. */
type Check = (value: unknown) => boolean
const isNumber: Check = (value) => typeof value === "number"
const isBoolean: Check = (value) => typeof value === "boolean"
const isString: Check = (value) => typeof value === "string"
const isList: Check = Array.isArray
const areNumbers: Check = (value) => Array.isArray(value) && value.every(isNumber)
const isIndex: Check = (value) => typeof value === "number" && Number.isInteger(value) && value >= 0
const orAbsent =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value)

const FIELDS: Readonly<Record<Message["kind"], Readonly<Record<string, Check>>>> = {
  join: {},
  welcome: { address: isIndex },
  program: {
    entries: areNumbers,
    existing: orAbsent(areNumbers),
    trees: orAbsent(areNumbers),
    domain: orAbsent(isString),
    switchPorts: orAbsent(isList),
  },
  checkpoint: { changes: (value) => value instanceof Uint8Array, isBulk: isBoolean },
  addresses: { entries: (value) => value instanceof Float64Array },
  hot: {},
  link: { link: isIndex, up: isBoolean, rateBps: isNumber, fullDuplex: isBoolean },
  errdisable: { link: isIndex, cause: isIndex },
  command: {
    command: (value) => typeof value === "object" && value !== null && isString((value as Record<string, unknown>).type),
  },
}

/** Octets as a message; undefined where they are none. */
export const parse = (octets: Uint8Array): Message | undefined => {
  const value = PlainData.parse(octets)
  if (typeof value !== "object" || value === null) return undefined
  const { kind } = value as { readonly kind?: unknown }
  if (typeof kind !== "string" || !Object.hasOwn(FIELDS, kind)) return undefined
  const checks = Object.entries(FIELDS[kind as Message["kind"]])
  return checks.every(([name, check]) => check((value as Record<string, unknown>)[name])) ? (value as Message) : undefined
}
