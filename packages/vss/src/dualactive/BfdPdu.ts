/**
 * BFD control packets (RFC 5880 4.1) in UDP to port 3784 with a time to live of 255 (RFC 5881 4 and 5). No authentication, no echo, no demand mode.
 */
import type * as EthernetFrame from "@l2lab/l2/EthernetFrame"
import type { MacAddress } from "@l2lab/l2/MacAddress"
import * as OctetString from "@l2lab/l2/OctetString"
import type { CodecError } from "@l2lab/l2/PayloadCodec"
import * as Ipv4 from "@l2lab/l3/Ipv4"
import type { Ipv4Address } from "@l2lab/l3/Ipv4Address"
import type { UdpPayloadCodec } from "@l2lab/l3/Udp"
import { MICROSECOND, type DurationNs } from "@l2lab/sim/SimTime"
import { Result } from "effect"

/** Octets of a packet without authentication. */
export const OCTETS = 24

/** Single-hop BFD's UDP port, and the first that packets may come from (RFC 5881 4). */
export const UDP_PORT = 3784
const FIRST_SOURCE_PORT = 49_152

/** 255 on the way out, and nothing else is taken (RFC 5881 5). */
const TIME_TO_LIVE = 255
/** Class selector 6: control traffic. */
const TYPE_OF_SERVICE = 0xc0

/**
 * Where packets go on a port that resolves no addresses: the group that RFC 7130 has for BFD on the links of a bundle. What Catalysts send to is not
 * published†.
 */
export const GROUP: MacAddress = 0x01005e900001

const VERSION = 1

/** In wire order. */
const FIELD = {
  versionAndDiagnostic: 0,
  stateAndFlags: 1,
  detectMult: 2,
  length: 3,
  myDiscriminator: 4,
  yourDiscriminator: 8,
  desiredMinTx: 12,
  requiredMinRx: 16,
  requiredMinEchoRx: 20,
} as const

/** States of a session, by their number on the wire. */
export const STATES = ["AdminDown", "Down", "Init", "Up"] as const
/** One of them. */
export type SessionState = (typeof STATES)[number]

/** Diagnostics that sessions here give: none, detection time expired, neighbour signalled session down, administratively down. */
export const NO_DIAGNOSTIC = 0
/** Control Detection Time Expired. */
export const EXPIRED = 1
/** Neighbor Signaled Session Down. */
export const SIGNALLED = 3
/** Administratively Down. */
export const ADMIN_DOWN = 7

/** Bits of the second octet, below the state. */
const FLAG = { poll: 0x20, final: 0x10, independent: 0x08, authentication: 0x04, demand: 0x02, multipoint: 0x01 } as const

/** A control packet. Intervals are whole microseconds, below 2^32. */
export interface BfdPacket {
  readonly protocol: "bfd"
  /** 0..31 */
  readonly diagnostic: number
  readonly state: SessionState
  readonly poll: boolean
  readonly final: boolean
  /** 1..255 */
  readonly detectMult: number
  /** 32 bits, never 0. */
  readonly myDiscriminator: number
  /** 0 while the sender knows none. */
  readonly yourDiscriminator: number
  readonly desiredMinTx: DurationNs
  readonly requiredMinRx: DurationNs
}

const refuse = (reason: string, detail: string): Result.Result<never, CodecError> => Result.fail({ reason, detail })

/** Read a packet; what RFC 5880 6.8.6 has discarded before the session is looked for is refused. Never throws. */
export const parse = (octets: Uint8Array): Result.Result<BfdPacket, CodecError> => {
  if (octets.length < OCTETS) return refuse("Truncated", `need ${OCTETS} octets, have ${octets.length}`)
  const version = octets[FIELD.versionAndDiagnostic] >>> 5
  if (version !== VERSION) return refuse("BadVersion", `version ${version}`)
  const flags = octets[FIELD.stateAndFlags]
  const length = octets[FIELD.length]
  if (length < OCTETS || length > octets.length) {
    return refuse("BadLength", `a length of ${length} octets is not within ${OCTETS}..${octets.length}`)
  }
  if ((flags & FLAG.authentication) !== 0) return refuse("BadField", "authentication, and none is in use")
  if ((flags & FLAG.multipoint) !== 0) return refuse("BadField", "the multipoint bit is set")
  const detectMult = octets[FIELD.detectMult]
  if (detectMult === 0) return refuse("BadField", "detect multiplier 0")
  const myDiscriminator = OctetString.read32(octets, FIELD.myDiscriminator)
  if (myDiscriminator === 0) return refuse("BadField", "my discriminator 0")
  const yourDiscriminator = OctetString.read32(octets, FIELD.yourDiscriminator)
  const state = STATES[flags >>> 6]
  if (yourDiscriminator === 0 && state !== "Down" && state !== "AdminDown") {
    return refuse("BadField", `your discriminator 0 in state ${state}`)
  }
  return Result.succeed({
    protocol: "bfd",
    diagnostic: octets[FIELD.versionAndDiagnostic] & 0x1f,
    state,
    poll: (flags & FLAG.poll) !== 0,
    final: (flags & FLAG.final) !== 0,
    detectMult,
    myDiscriminator,
    yourDiscriminator,
    desiredMinTx: OctetString.read32(octets, FIELD.desiredMinTx) * MICROSECOND,
    requiredMinRx: OctetString.read32(octets, FIELD.requiredMinRx) * MICROSECOND,
  })
}

/** Write a packet; no echo packets are wanted. */
export const emit = (packet: BfdPacket): Uint8Array =>
  Uint8Array.from([
    (VERSION << 5) | packet.diagnostic,
    (STATES.indexOf(packet.state) << 6) | (packet.poll ? FLAG.poll : 0) | (packet.final ? FLAG.final : 0),
    packet.detectMult,
    OCTETS,
    ...OctetString.octets32(packet.myDiscriminator),
    ...OctetString.octets32(packet.yourDiscriminator),
    ...OctetString.octets32(packet.desiredMinTx / MICROSECOND),
    ...OctetString.octets32(packet.requiredMinRx / MICROSECOND),
    ...OctetString.octets32(0),
  ])

/** The codec for registries of UDP's payloads. */
export const codec: UdpPayloadCodec<BfdPacket> = {
  port: UDP_PORT,
  name: "bfd",
  octetLength: () => OCTETS,
  emit,
  parse,
  format: ({ myDiscriminator, state, yourDiscriminator }) =>
    `BFD ${state}, my discriminator ${myDiscriminator}, your discriminator ${yourDiscriminator}`,
}

/** A frame with a packet from one address to another. */
export const frame = (
  packet: BfdPacket,
  source: MacAddress,
  local: Ipv4Address,
  peer: Ipv4Address,
): EthernetFrame.EthernetFrame =>
  Ipv4.frame(GROUP, source, {
    protocol: "ipv4",
    packet: {
      typeOfService: TYPE_OF_SERVICE,
      identification: 0,
      dontFragment: true,
      moreFragments: false,
      fragmentOffset: 0,
      timeToLive: TIME_TO_LIVE,
      ipProtocol: Ipv4.UDP,
      source: local,
      destination: peer,
      options: Ipv4.NO_OPTIONS,
      body: {
        kind: "udp",
        sourcePort: FIRST_SOURCE_PORT,
        destinationPort: UDP_PORT,
        payload: packet,
        payloadOctets: OCTETS,
      },
    },
  })

/** The packet that a frame carries between these addresses (of the receiver), with the time to live that it left with; undefined for anything else. */
export const read = ({ payload }: EthernetFrame.EthernetFrame, local: Ipv4Address, peer: Ipv4Address): BfdPacket | undefined => {
  if (payload instanceof Uint8Array || payload.protocol !== "ipv4") return undefined
  const { packet } = payload as Ipv4.Ipv4Payload
  const { body, destination, source, timeToLive } = packet
  if (source !== peer || destination !== local || timeToLive !== TIME_TO_LIVE) return undefined
  if (body.kind !== "udp" || body.destinationPort !== UDP_PORT || body.payload instanceof Uint8Array) return undefined
  return body.payload.protocol === codec.name ? (body.payload as BfdPacket) : undefined
}
