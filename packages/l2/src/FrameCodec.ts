/**
 * Frames to octets and back. Octets run from the destination address to the end of the client data; the frame check sequence is
 * absent, as in captures and at adapters, unless asked for.
 *
 * **Emitting** cannot fail. A frame of `wireOctets` w gives w - 4 octets, or w with an outer tag: the payload, then zeros. Client data
 * shorter than it says (a payload that stands for more octets than it has) is zeros too.
 *
 * **Parsing** is total. It recognises an outer 0x8100 tag (which goes beside the frame), further tags (which become
 * `VlanTag.TaggedPayload`), Ethernet II, LLC and SNAP, and tries the registered codecs of the encapsulation. If none accepts, the payload
 * stays octets and the refusal is reported beside the frame: a bridge relays what it does not understand.
 *
 * `emit(parse(o))` is o for 60 octets or more (64 tagged), but that padding comes back as zeros.
 */
import type { Tci } from "@l2lab/sim/Device"
import { Result } from "effect"
import * as Crc32 from "./Crc32.ts"
import * as EthernetFrame from "./EthernetFrame.ts"
import * as GroupAddress from "./GroupAddress.ts"
import * as Llc from "./Llc.ts"
import * as MacAddress from "./MacAddress.ts"
import type { CodecError, PayloadCodecs } from "./PayloadCodec.ts"
import * as Protocol from "./Protocol.ts"
import * as VlanTag from "./VlanTag.ts"

/** A frame read from octets. */
export interface ParsedFrame {
  readonly frame: EthernetFrame.EthernetFrame
  /** The outer tag, -1 for none. */
  readonly tci: Tci
  /** Why no codec of the encapsulation took the payload; undefined if one did, or if there is none. */
  readonly refused: CodecError | undefined
}

/** Octets of two addresses and a type or length. */
const HEADER_OCTETS = 14
/** Offset of the type or length of a frame without tags. */
const TYPE = 12
/** Tags that are given a meaning, the outer one not counted; what lies deeper stays octets. Bounds the recursion. */
const DEEPEST_STACK = 8
/** Least value of the type/length field that is a type (802.3 clause 3.2.6†); between it and the longest length nothing is defined. */
const LEAST_TYPE = 0x0600

/** Octets that `emit` gives for a frame, without FCS. */
export const octetLength = (frame: EthernetFrame.EthernetFrame, tci: Tci): number =>
  frame.wireOctets - Crc32.OCTETS + (tci < 0 ? 0 : VlanTag.OCTETS)

/** The frame's octets, without FCS. Throws only if a payload's codec is not in the registry, which is a mistake in composing it. */
export const emit = (frame: EthernetFrame.EthernetFrame, tci: Tci, codecs: PayloadCodecs): Uint8Array<ArrayBuffer> => {
  const octets = new Uint8Array(octetLength(frame, tci))
  write(frame, tci, codecs, octets, 0)
  return octets
}

/** The frame's octets with its FCS, as they stand on the wire. */
export const emitWithFcs = (frame: EthernetFrame.EthernetFrame, tci: Tci, codecs: PayloadCodecs): Uint8Array<ArrayBuffer> => {
  const length = octetLength(frame, tci)
  const octets = new Uint8Array(length + Crc32.OCTETS)
  write(frame, tci, codecs, octets, 0)
  Crc32.write(Crc32.of(octets, 0, length), octets, length)
  return octets
}

/**
 * The same as `emit` into an array that is there already, from `offset` on; the number of octets, which is `octetLength`. All of them
 * are written, whatever they held.
 */
export const write = (
  frame: EthernetFrame.EthernetFrame,
  tci: Tci,
  codecs: PayloadCodecs,
  octets: Uint8Array,
  offset: number,
): number => {
  const length = octetLength(frame, tci)
  const end = offset + length
  writeAddress(frame.destinationHigh, frame.destinationLow, octets, offset)
  writeAddress(frame.sourceHigh, frame.sourceLow, octets, offset + 6)
  let at = offset + TYPE
  if (tci >= 0) {
    writeShort(Protocol.VLAN, octets, at)
    writeShort(tci, octets, at + 2)
    at += VlanTag.OCTETS
  }
  at = writeClient(frame.protocol, frame.payload, codecs, octets, at, end)
  if (at < end) octets.fill(0, at, end)
  return length
}

/** Write type or length, header and payload; where they end. Nothing is written from `end` on. */
const writeClient = (
  protocol: EthernetFrame.Protocol,
  payload: EthernetFrame.Payload,
  codecs: PayloadCodecs,
  octets: Uint8Array,
  type: number,
  end: number,
): number => {
  if (VlanTag.isTagged(payload)) {
    writeShort(protocol, octets, type)
    writeShort(payload.tci, octets, type + 2)
    return writeClient(payload.encapsulated, payload.payload, codecs, octets, type + VlanTag.OCTETS, end)
  }
  const given = payload instanceof Uint8Array ? payload : emitPayload(payload, codecs)
  let at = type + 2
  if (protocol >= LEAST_TYPE && Protocol.isEthernet2(protocol)) writeShort(protocol, octets, type)
  else {
    const length = Protocol.headerOctets(protocol) + given.length
    writeShort(length <= Llc.LONGEST ? length : Llc.LONG_LLC, octets, type)
    at += Llc.write(protocol, octets, at)
  }
  const room = end - at
  octets.set(given.length <= room ? given : given.subarray(0, room), at)
  return given.length <= room ? at + given.length : end
}

const emitPayload = (payload: EthernetFrame.StructuredPayload, codecs: PayloadCodecs): Uint8Array => {
  const codec = codecs.byName.get(payload.protocol)
  if (codec === undefined)
    throw new Error(`no codec for the payload "${payload.protocol}": add it to the PayloadCodec.registry of this world`)
  return codec.emit(payload)
}

const writeAddress = (high: number, low: number, octets: Uint8Array, offset: number): void => {
  octets[offset] = high >>> 8
  octets[offset + 1] = high
  octets[offset + 2] = low >>> 24
  octets[offset + 3] = low >>> 16
  octets[offset + 4] = low >>> 8
  octets[offset + 5] = low
}

const writeShort = (value: number, octets: Uint8Array, offset: number): void => {
  octets[offset] = value >>> 8
  octets[offset + 1] = value
}

/**
 * Read a frame without FCS. Octets that stay octets are a view of `octets`, not a copy: pass a copy of what will be overwritten. Refused are
 * octets too short for a header, a length that exceeds the frame, and the type/length values 1501..1535, which mean nothing.
 */
export const parse = (octets: Uint8Array, codecs: PayloadCodecs): Result.Result<ParsedFrame, CodecError> => {
  if (octets.length < HEADER_OCTETS)
    return refuse("Truncated", `need ${HEADER_OCTETS} octets for addresses and type, have ${octets.length}`)
  let type = TYPE
  let tci: Tci = EthernetFrame.UNTAGGED
  if (readShort(octets, TYPE) === Protocol.VLAN) {
    type += VlanTag.OCTETS
    if (octets.length < type + 2)
      return refuse("Truncated", `need ${type + 2} octets for addresses, tag and type, have ${octets.length}`)
    tci = readShort(octets, TYPE + 2)
  }
  const client = parseClient(octets, type, codecs, 0)
  if (Result.isFailure(client)) return Result.fail(client.failure)
  const { payload, protocol, refused } = client.success
  const frame = EthernetFrame.make(
    MacAddress.read(octets, 0),
    MacAddress.read(octets, 6),
    protocol,
    payload,
    octets.length - type - 2,
  )
  return Result.succeed({ frame, tci, refused })
}

/** Read a frame that ends with its FCS; refused also if that does not match. */
export const parseWithFcs = (octets: Uint8Array, codecs: PayloadCodecs): Result.Result<ParsedFrame, CodecError> => {
  if (octets.length < HEADER_OCTETS + Crc32.OCTETS)
    return refuse("Truncated", `need ${HEADER_OCTETS + Crc32.OCTETS} octets for header and FCS, have ${octets.length}`)
  if (!Crc32.isIntact(octets)) return refuse("BadFcs", "the frame check sequence does not match the frame")
  return parse(octets.subarray(0, octets.length - Crc32.OCTETS), codecs)
}

interface Client {
  readonly protocol: EthernetFrame.Protocol
  readonly payload: EthernetFrame.Payload
  readonly refused: CodecError | undefined
}

const parseClient = (
  octets: Uint8Array,
  type: number,
  codecs: PayloadCodecs,
  depth: number,
): Result.Result<Client, CodecError> => {
  const value = readShort(octets, type)
  const start = type + 2
  const room = octets.length - start
  if (value >= LEAST_TYPE) {
    if (VlanTag.isTpid(value)) return parseTagged(octets, value, start, codecs, depth)
    if (value === Llc.LONG_LLC && room > Llc.LONGEST) return parseLlc(octets, start, octets.length, codecs)
    return Result.succeed(interpret(value, octets.subarray(start), codecs))
  }
  if (value > Llc.LONGEST) return refuse("BadType", `${value} in the type/length field is neither a length nor a type`)
  if (value > room) return refuse("BadLength", `the length field says ${value} octets, ${room} follow`)
  return parseLlc(octets, start, start + value, codecs)
}

const parseLlc = (octets: Uint8Array, start: number, end: number, codecs: PayloadCodecs): Result.Result<Client, CodecError> => {
  const protocol = Llc.parse(octets, start, end)
  return Result.succeed(interpret(protocol, octets.subarray(start + Protocol.headerOctets(protocol), end), codecs))
}

/** A tag in the payload. If what stands behind it cannot be read, the payload stays octets. */
const parseTagged = (
  octets: Uint8Array,
  tpid: VlanTag.Tpid,
  start: number,
  codecs: PayloadCodecs,
  depth: number,
): Result.Result<Client, CodecError> => {
  const asOctets = (refused: CodecError) => Result.succeed({ protocol: tpid, payload: octets.subarray(start), refused })
  if (octets.length < start + VlanTag.OCTETS)
    return asOctets({
      reason: "Truncated",
      detail: `need ${VlanTag.OCTETS} octets behind a tag's type, have ${octets.length - start}`,
    })
  if (depth === DEEPEST_STACK)
    return asOctets({ reason: "TooManyTags", detail: `more than ${DEEPEST_STACK} tags within the frame` })
  const inner = parseClient(octets, start + 2, codecs, depth + 1)
  if (Result.isFailure(inner)) return asOctets(inner.failure)
  const { payload, protocol, refused } = inner.success
  const tagged: VlanTag.TaggedPayload = {
    protocol: "vlan-tag",
    tci: readShort(octets, start),
    encapsulated: protocol,
    payload,
  }
  return Result.succeed({ protocol: tpid, payload: tagged, refused })
}

/** Try the codecs of an encapsulation in their order; the first that accepts wins. */
const interpret = (protocol: EthernetFrame.Protocol, octets: Uint8Array, codecs: PayloadCodecs): Client => {
  let refused: CodecError | undefined
  for (const codec of codecs.byEncapsulation.get(protocol) ?? []) {
    const result = codec.parse(octets)
    if (Result.isSuccess(result)) return { protocol, payload: result.success, refused: undefined }
    refused ??= result.failure
  }
  return { protocol, payload: octets, refused }
}

const readShort = (octets: Uint8Array, offset: number): number => (octets[offset] << 8) | octets[offset + 1]

const refuse = (reason: string, detail: string): Result.Result<never, CodecError> => Result.fail({ reason, detail })

/** One line in the manner of `tcpdump -e`: addresses, tags, protocol, octets on the wire, and what the payload says. */
export const format = (frame: EthernetFrame.EthernetFrame, tci: Tci, codecs: PayloadCodecs): string => {
  const tags = VlanTag.stack(frame, tci)
  let { payload, protocol } = frame
  while (VlanTag.isTagged(payload)) {
    protocol = payload.encapsulated
    payload = payload.payload
  }
  const wireOctets = frame.wireOctets + (tci < 0 ? 0 : VlanTag.OCTETS)
  const parts = [
    `${MacAddress.format(frame.source)} > ${formatDestination(frame.destination)}`,
    ...tags.map(VlanTag.format),
    formatProtocol(protocol),
    `length ${wireOctets}`,
  ]
  const meaning =
    payload instanceof Uint8Array
      ? `${payload.length} octets`
      : (codecs.byName.get(payload.protocol)?.format(payload) ?? `${payload.protocol} (no codec)`)
  return `${parts.join(", ")}: ${meaning}`
}

const formatDestination = (address: MacAddress.MacAddress): string => {
  const name = GroupAddress.nameOf(address)
  return name === undefined ? MacAddress.format(address) : `${MacAddress.format(address)} (${name})`
}

const NAMES: ReadonlyMap<EthernetFrame.Protocol, string> = new Map([
  [Protocol.ARP, "ARP"],
  [Protocol.RARP, "RARP"],
  [Protocol.IPV4, "IPv4"],
  [Protocol.SLOW_PROTOCOLS, "slow protocols"],
  [Protocol.LLDP, "LLDP"],
  [Protocol.BPDU, "STP"],
  [Protocol.UDLD, "UDLD"],
  [Protocol.CDP, "CDP"],
  [Protocol.VTP, "VTP"],
  [Protocol.DTP, "DTP"],
  [Protocol.IEEE_802_3, "802.3"],
])

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, "0")

/** `ARP`, `ethertype 0x88b5`, `LLC f0-f0`, `SNAP 00000c-010b`. */
export const formatProtocol = (protocol: EthernetFrame.Protocol): string => {
  const name = NAMES.get(protocol)
  if (name !== undefined) return name
  if (Protocol.isEthernet2(protocol)) return `ethertype 0x${hex(protocol, 4)}`
  if (Protocol.isSnap(protocol)) {
    const [oui, pid] = Protocol.snapParts(protocol)
    return `SNAP ${hex(oui, 6)}-${hex(pid, 4)}`
  }
  const [dsap, ssap] = Protocol.llcAddresses(protocol)
  return `LLC ${hex(dsap, 2)}-${hex(ssap, 2)}`
}
