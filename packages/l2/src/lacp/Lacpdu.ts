/**
 * LACPDUs (802.1AX 5.4.2†): 110 octets behind the EtherType. What the sender is and does, what it believes of its partner, how long it may hold a
 * frame back. And marker PDUs (5.5†), of which a bridge answers those that ask.
 */
import { Result } from "effect"
import * as EthernetFrame from "../EthernetFrame.ts"
import * as GroupAddress from "../GroupAddress.ts"
import * as MacAddress from "../MacAddress.ts"
import * as OctetString from "../OctetString.ts"
import type { CodecError, PayloadCodec } from "../PayloadCodec.ts"
import * as Protocol from "../Protocol.ts"

/** Octets behind the EtherType, of LACPDUs and marker PDUs. */
export const OCTETS = 110

const SUBTYPE_LACP = 1
const SUBTYPE_MARKER = 2
const VERSION = 1

/** In wire order: types and lengths of the fields, and where they begin. */
const FIELD = { actor: 2, partner: 22, collector: 42, terminator: 58 } as const
const INFORMATION_OCTETS = 20
const COLLECTOR_OCTETS = 16

/** Bits of a party's state (5.4.2.2†), as Open vSwitch and Wireshark have them too. */
export const ACTIVITY = 0x01
export const TIMEOUT = 0x02
export const AGGREGATION = 0x04
export const SYNCHRONIZATION = 0x08
export const COLLECTING = 0x10
export const DISTRIBUTING = 0x20
export const DEFAULTED = 0x40
export const EXPIRED = 0x80

/** A port of a system, and its state. Priorities, keys and port numbers have 16 bits; the lower priority goes first. */
export interface Party {
  readonly systemPriority: number
  readonly system: MacAddress.MacAddress
  readonly key: number
  readonly portPriority: number
  readonly port: number
  readonly state: number
}

/** What travels between two ports that may be bundled. */
export interface Lacpdu {
  readonly protocol: "lacp"
  readonly actor: Party
  readonly partner: Party
  /** In tens of microseconds. */
  readonly collectorMaxDelay: number
}

/** A marker PDU: a port asks for an answer behind all that it has sent, or is given it. */
export interface Marker {
  readonly protocol: "lacp-marker"
  readonly isResponse: boolean
  readonly port: number
  readonly system: MacAddress.MacAddress
  readonly transaction: number
}

const refuse = (reason: string, detail: string): Result.Result<never, CodecError> => Result.fail({ reason, detail })

/** What both kinds are refused for. */
const problemOf = (octets: Uint8Array, subtype: number): Result.Result<never, CodecError> | undefined => {
  if (octets.length < 1) return refuse("Truncated", `need ${OCTETS} octets, have ${octets.length}`)
  if (octets[0] !== subtype) return refuse("UnknownType", `slow protocol subtype ${octets[0]}`)
  if (octets.length < OCTETS) return refuse("Truncated", `need ${OCTETS} octets, have ${octets.length}`)
  return octets[1] === 0 ? refuse("BadVersion", "version 0") : undefined
}

const badField = (octets: Uint8Array, at: number, type: number, length: number): Result.Result<never, CodecError> | undefined =>
  octets[at] === type && octets[at + 1] === length
    ? undefined
    : refuse("BadField", `type ${octets[at]} of ${octets[at + 1]} octets where type ${type} of ${length} belongs`)

const partyAt = (octets: Uint8Array, at: number): Party => ({
  systemPriority: OctetString.read16(octets, at + 2),
  system: MacAddress.read(octets, at + 4),
  key: OctetString.read16(octets, at + 10),
  portPriority: OctetString.read16(octets, at + 12),
  port: OctetString.read16(octets, at + 14),
  state: octets[at + 16],
})

/** Read an LACPDU. Refuses `Truncated`, `UnknownType`, `BadVersion` and `BadField`; later versions are read as far as the first goes. Never throws. */
export const parse = (octets: Uint8Array): Result.Result<Lacpdu, CodecError> => {
  const problem =
    problemOf(octets, SUBTYPE_LACP) ??
    badField(octets, FIELD.actor, 1, INFORMATION_OCTETS) ??
    badField(octets, FIELD.partner, 2, INFORMATION_OCTETS) ??
    badField(octets, FIELD.collector, 3, COLLECTOR_OCTETS)
  return (
    problem ??
    Result.succeed({
      protocol: "lacp",
      actor: partyAt(octets, FIELD.actor),
      partner: partyAt(octets, FIELD.partner),
      collectorMaxDelay: OctetString.read16(octets, FIELD.collector + 2),
    })
  )
}

const macOctets = (address: MacAddress.MacAddress): ReadonlyArray<number> => [
  ...OctetString.octets16(MacAddress.high(address)),
  ...OctetString.octets32(MacAddress.low(address) >>> 0),
]

const party = (type: number, { key, port, portPriority, state, system, systemPriority }: Party): ReadonlyArray<number> => [
  type,
  INFORMATION_OCTETS,
  ...OctetString.octets16(systemPriority),
  ...macOctets(system),
  ...OctetString.octets16(key),
  ...OctetString.octets16(portPriority),
  ...OctetString.octets16(port),
  state,
]

/** Write an LACPDU; what is reserved is zero. */
export const emit = ({ actor, collectorMaxDelay, partner }: Lacpdu): Uint8Array => {
  const octets = new Uint8Array(OCTETS)
  octets.set([SUBTYPE_LACP, VERSION])
  octets.set(party(1, actor), FIELD.actor)
  octets.set(party(2, partner), FIELD.partner)
  octets.set([3, COLLECTOR_OCTETS, ...OctetString.octets16(collectorMaxDelay)], FIELD.collector)
  return octets
}

const LETTERS = ["active", "short", "aggregatable", "in sync", "collecting", "distributing", "defaulted", "expired"]

/** The bits of a state in words. */
export const stateWords = (state: number): string =>
  LETTERS.filter((_, bit) => (state & (1 << bit)) !== 0).join(", ") || "nothing"

const formatParty = ({ key, port, portPriority, state, system, systemPriority }: Party): string =>
  `${systemPriority}.${MacAddress.format(system)} key ${key} port ${portPriority}.${port} (${stateWords(state)})`

/** One line: both parties. */
export const format = ({ actor, partner }: Lacpdu): string => `LACP actor ${formatParty(actor)}, partner ${formatParty(partner)}`

/** A frame with it. */
export const frame = (pdu: Lacpdu | Marker, source: MacAddress.MacAddress): EthernetFrame.EthernetFrame =>
  EthernetFrame.make(GroupAddress.SLOW_PROTOCOLS, source, Protocol.SLOW_PROTOCOLS, pdu, OCTETS)

const parseMarker = (octets: Uint8Array): Result.Result<Marker, CodecError> => {
  const problem = problemOf(octets, SUBTYPE_MARKER)
  if (problem !== undefined) return problem
  if ((octets[2] !== 1 && octets[2] !== 2) || octets[3] !== COLLECTOR_OCTETS) {
    return refuse("BadField", `type ${octets[2]} of ${octets[3]} octets where a marker's belongs`)
  }
  return Result.succeed({
    protocol: "lacp-marker",
    isResponse: octets[2] === 2,
    port: OctetString.read16(octets, 4),
    system: MacAddress.read(octets, 6),
    transaction: OctetString.read32(octets, 12),
  })
}

const emitMarker = ({ isResponse, port, system, transaction }: Marker): Uint8Array => {
  const octets = new Uint8Array(OCTETS)
  octets.set([
    SUBTYPE_MARKER,
    VERSION,
    isResponse ? 2 : 1,
    COLLECTOR_OCTETS,
    ...OctetString.octets16(port),
    ...macOctets(system),
    ...OctetString.octets32(transaction),
  ])
  return octets
}

const octetLength = (): number => OCTETS

/** The codec for registries of payloads. */
export const codec: PayloadCodec<Lacpdu> = {
  name: "lacp",
  encapsulation: Protocol.SLOW_PROTOCOLS,
  octetLength,
  emit,
  parse,
  format,
}
/** The same of marker PDUs. */
export const markerCodec: PayloadCodec<Marker> = {
  name: "lacp-marker",
  encapsulation: Protocol.SLOW_PROTOCOLS,
  octetLength,
  emit: emitMarker,
  parse: parseMarker,
  format: ({ isResponse, port, system, transaction }) =>
    `marker ${isResponse ? "response" : "information"} ${MacAddress.format(system)} port ${port}, transaction ${transaction}`,
}
