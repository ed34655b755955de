/**
 * What the peers of a pair tell each other in order and without a gap: records, each a type octet and its body. Cisco Fabric Services carry the like
 * between vPC peers; their octets are not published, these are our own† (`docs/DEVIATIONS.md`).
 */
import * as MacAddress from "@l2lab/l2/MacAddress"
import * as OctetString from "@l2lab/l2/OctetString"
import type { CodecError } from "@l2lab/l2/PayloadCodec"
import { Result } from "effect"

/** A consistency parameter; `vpc` 0: of the whole switch. */
export interface Parameter {
  readonly vpc: number
  /** A position in `Consistency.NAMES`. */
  readonly name: number
  /** At most 63 characters. */
  readonly value: string
}

/** A leg of a vPC: whether the sender's is up, at a rate in bits per second. */
export interface Leg {
  readonly vpc: number
  readonly up: boolean
}

/** Roles of a vPC in a tree, by number. */
export const TREE_ROLES = ["Disabled", "Root", "Designated", "Alternate", "Backup", "Master", "Blocked"] as const

/** What the receiver's leg does in a tree: bits LEARNING and FORWARDING of `BridgeState`; and the vPC's role there, a position in TREE_ROLES. */
export interface PortState {
  readonly vpc: number
  readonly tree: number
  readonly bits: number
  readonly role: number
}

/** In a flush: not of a vPC. */
export const NO_VPC = 0

/** What was learnt on a vPC in a tree is to be forgotten; `vpc` NO_VPC: the sender has forgotten what was on its peer-link, and wants to be told anew. */
export interface Flush {
  readonly vpc: number
  readonly tree: number
}

/** Where an address is: behind a vPC, or (`vpc` 0) behind the sender alone; seen so many seconds ago. */
export interface MacEntry {
  readonly address: MacAddress.MacAddress
  readonly vlan: number
  readonly vpc: number
  readonly age: number
}

/** One record. `isFirst`: what was told before counts no more. */
export type MlagRecord =
  | { readonly type: "parameters"; readonly isFirst: boolean; readonly parameters: ReadonlyArray<Parameter> }
  | { readonly type: "legs"; readonly legs: ReadonlyArray<Leg> }
  | { readonly type: "states"; readonly states: ReadonlyArray<PortState> }
  | { readonly type: "flushes"; readonly flushes: ReadonlyArray<Flush> }
  | { readonly type: "macs"; readonly macs: ReadonlyArray<MacEntry> }
  /** The port is to be taken out of service at both peers. */
  | { readonly type: "errdisable"; readonly vpc: number; readonly cause: number }

const TYPES = ["parameters", "legs", "states", "flushes", "macs", "errdisable"] as const

/** Items of a record at most, so that it fits a frame. */
export const MOST_ITEMS = { parameters: 17, legs: 400, states: 250, flushes: 300, macs: 100 } as const
/** Characters of a parameter's value: a LAG ID has 78 at most. */
export const LONGEST_VALUE = 79

const BITS = 0x0c

const refuse = (reason: string, detail: string): Result.Result<never, CodecError> => Result.fail({ reason, detail })

const o16 = OctetString.octets16

const macOctets = (address: MacAddress.MacAddress): ReadonlyArray<number> => [
  ...o16(MacAddress.high(address)),
  ...OctetString.octets32(MacAddress.low(address) >>> 0),
]

const bodyOf = (record: MlagRecord): ReadonlyArray<number> => {
  switch (record.type) {
    case "parameters":
      return [
        record.isFirst ? 1 : 0,
        ...record.parameters.flatMap(({ name, value, vpc }) => {
          const text = OctetString.write(value, LONGEST_VALUE)
          return [...o16(vpc), name, text.length, ...text]
        }),
      ]
    case "legs":
      return record.legs.flatMap(({ up, vpc }) => [...o16(vpc), up ? 1 : 0])
    case "states":
      return record.states.flatMap(({ bits, role, tree, vpc }) => [...o16(vpc), ...o16(tree), (role << 4) | bits])
    case "flushes":
      return record.flushes.flatMap(({ tree, vpc }) => [...o16(vpc), ...o16(tree)])
    case "macs":
      return record.macs.flatMap(({ address, age, vlan, vpc }) => [...macOctets(address), ...o16(vlan), ...o16(vpc), ...o16(age)])
    case "errdisable":
      return [...o16(record.vpc), record.cause]
  }
}

/** Write a record. */
export const emit = (record: MlagRecord): ReadonlyArray<number> => [TYPES.indexOf(record.type) + 1, ...bodyOf(record)]

/** The items of a body that are `size` octets each. */
const items = <A>(octets: Uint8Array, size: number, read: (at: number) => A): Result.Result<ReadonlyArray<A>, CodecError> => {
  if ((octets.length - 1) % size !== 0) {
    return refuse("BadLength", `${octets.length - 1} octets of items that have ${size} each`)
  }
  return Result.succeed(Array.from({ length: (octets.length - 1) / size }, (_, i) => read(1 + i * size)))
}

const parameters = (octets: Uint8Array): Result.Result<MlagRecord, CodecError> => {
  if (octets.length < 2) return refuse("Truncated", "parameters without a flag")
  const list: Array<Parameter> = []
  for (let at = 2; at < octets.length;) {
    const end = at + 4 + (octets[at + 3] ?? 0)
    if (at + 4 > octets.length || end > octets.length) {
      return refuse("Truncated", `a parameter at offset ${at}, ${octets.length - at} octets are left`)
    }
    if (octets[at + 3] > LONGEST_VALUE) return refuse("BadLength", `a value of ${octets[at + 3]} characters`)
    list.push({
      vpc: OctetString.read16(octets, at),
      name: octets[at + 2],
      value: OctetString.read(octets, at + 4, end),
    })
    at = end
  }
  return Result.succeed({ type: "parameters", isFirst: (octets[1] & 1) !== 0, parameters: list })
}

/** Read a record, which fills `octets`. Refuses `Truncated`, `UnknownRecord`, `BadLength` and `BadField`; never throws. */
export const parse = (octets: Uint8Array): Result.Result<MlagRecord, CodecError> => {
  const r16 = (at: number): number => OctetString.read16(octets, at)
  switch (octets.length === 0 ? undefined : TYPES[octets[0] - 1]) {
    case "parameters":
      return parameters(octets)
    case "legs":
      return Result.map(
        items(octets, 3, (at) => ({ vpc: r16(at), up: octets[at + 2] === 1 })),
        (legs) => ({ type: "legs", legs }),
      )
    case "states":
      return Result.map(
        items(octets, 5, (at) => ({ vpc: r16(at), tree: r16(at + 2), bits: octets[at + 4] & BITS, role: octets[at + 4] >> 4 })),
        (states) => ({ type: "states", states }),
      )
    case "flushes":
      return Result.map(
        items(octets, 4, (at) => ({ vpc: r16(at), tree: r16(at + 2) })),
        (flushes) => ({ type: "flushes", flushes }),
      )
    case "macs":
      return Result.map(
        items(octets, 12, (at) => ({
          address: MacAddress.read(octets, at),
          vlan: r16(at + 6),
          vpc: r16(at + 8),
          age: r16(at + 10),
        })),
        (macs) => ({ type: "macs", macs }),
      )
    case "errdisable":
      return octets.length === 4
        ? Result.succeed({ type: "errdisable", vpc: r16(1), cause: octets[3] })
        : refuse("BadLength", `${octets.length} octets of a record of 4`)
    case undefined:
      return refuse("UnknownRecord", octets.length === 0 ? "no record" : `record ${octets[0]}`)
  }
}

/** One line. */
export const format = (record: MlagRecord): string => {
  switch (record.type) {
    case "parameters":
      return `${record.parameters.length} parameters`
    case "legs":
      return `legs ${record.legs.map(({ up, vpc }) => `${vpc} ${up ? "up" : "down"}`).join(", ")}`
    case "states":
      return `${record.states.length} port states`
    case "flushes":
      return `${record.flushes.length} flushes`
    case "macs":
      return `${record.macs.length} addresses`
    case "errdisable":
      return `err-disable vPC ${record.vpc}`
  }
}
