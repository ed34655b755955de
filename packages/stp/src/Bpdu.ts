/**
 * Bridge protocol data units: Configuration and Topology Change Notification (802.1D-1998 clause 9), RST (802.1D-2004 9.3.3†),
 * and MST (802.1Q-2005 14.6†). Behind the LLC header, 42-42-03.
 *
 * `parse` reads what the standard says a bridge shall read: octets behind the last field are padding, unknown flags are ignored, and a
 * later version is read as the latest one known here. What a bridge of an earlier edition makes of a later kind is for it to say: one of
 * 802.1D-1998 ignores RST and MST BPDUs, one of 802.1D-2004 takes an MST BPDU for the RST BPDU that its first 36 octets are.
 * `emit` writes the canonical form: version 0, 2 or 3, unknown flags clear.
 */
import type { CodecError, PayloadCodec } from "@l2lab/l2/PayloadCodec"
import * as MacAddress from "@l2lab/l2/MacAddress"
import * as Protocol from "@l2lab/l2/Protocol"
import { Result } from "effect"
import * as BpduFlags from "./BpduFlags.ts"
import * as BridgeIdentifier from "./BridgeIdentifier.ts"
import * as MstBpdu from "./MstBpdu.ts"
import * as PortIdentifier from "./PortIdentifier.ts"
import { type Ticks256, toSeconds } from "./StpTime.ts"

export { RST_ROLES } from "./BpduFlags.ts"
export { MST_OCTETS, type ConfigurationId, type MstBpdu, type MstiMessage } from "./MstBpdu.ts"

/** 7.12.3†: the group address that BPDUs are sent to, 01-80-C2-00-00-00. */
export const GROUP_ADDRESS: MacAddress.MacAddress = 0x0180c2000000

/** What all BPDUs but TCN tell of the tree; each field with its clause of 802.1D-1998. */
export interface Vector {
  /** 8.5.1.1: the bridge that is believed to be the root. */
  readonly rootPriority: number
  readonly rootAddress: MacAddress.MacAddress
  /** 8.5.1.2: from the transmitting bridge to the root, 32 bits. */
  readonly rootPathCost: number
  /** 8.5.1.3: the transmitting bridge. */
  readonly bridgePriority: number
  readonly bridgeAddress: MacAddress.MacAddress
  /** 8.5.1.4: the transmitting port. */
  readonly portIdentifier: PortIdentifier.PortIdentifier
  /** 8.5.1.5: how old the information is, counted from when the root sent it. */
  readonly messageAge: Ticks256
  /** 8.5.1.6: the age at which it is discarded. */
  readonly maxAge: Ticks256
  /** 8.5.1.7: between the root's BPDUs. */
  readonly helloTime: Ticks256
  /** 8.5.1.8: what a port waits in each of listening and learning. */
  readonly forwardDelay: Ticks256
}

/** 9.3.1†: a Configuration BPDU. */
export interface ConfigBpdu extends Vector {
  readonly protocol: "bpdu"
  readonly kind: "config"
  /** 8.5.1.9: acknowledges a notification that came in on the port. */
  readonly topologyChangeAcknowledgment: boolean
  /** 8.5.1.10: use the short ageing time. */
  readonly topologyChange: boolean
}

/** 9.3.2†: a Topology Change Notification BPDU, which says nothing but that. */
export interface TcnBpdu {
  readonly protocol: "bpdu"
  readonly kind: "tcn"
}

/** 802.1D-2004 9.3.3†: an RST BPDU, a Configuration BPDU with more flags, and a version 1 length. */
export interface RstBpdu extends Vector, BpduFlags.RapidFlags {
  readonly protocol: "bpdu"
  readonly kind: "rst"
}

export type Bpdu = ConfigBpdu | TcnBpdu | RstBpdu | MstBpdu.MstBpdu

/** The only TCN BPDU there is. */
export const TCN: TcnBpdu = { protocol: "bpdu", kind: "tcn" }

/** Offsets in wire order (9.3.1†, 9.3.2†; 802.1D-2004 9.3.3†); the comment is the size in octets. */
const FIELD = {
  protocolIdentifier: 0, // 2
  protocolVersionIdentifier: 2, // 1
  bpduType: 3, // 1
  flags: 4, // 1
  rootIdentifier: 5, // 2 + 6
  rootPathCost: 13, // 4
  bridgeIdentifier: 17, // 2 + 6
  portIdentifier: 25, // 2
  messageAge: 27, // 2
  maxAge: 29, // 2
  helloTime: 31, // 2
  forwardDelay: 33, // 2
  version1Length: 35, // 1
} as const

/** Octets of each kind of BPDU, behind the LLC header and without padding. */
export const TCN_OCTETS = 4
export const CONFIG_OCTETS = 35
export const RST_OCTETS = 36

const TYPE_CONFIG = 0x00
const TYPE_RST = 0x02
const TYPE_TCN = 0x80

const VERSION_STP = 0
const VERSION_RSTP = 2
const VERSION_MSTP = 3

const refuse = (reason: string, detail: string): Result.Result<never, CodecError> => Result.fail({ reason, detail })

const truncated = (name: string, need: number, have: number): Result.Result<never, CodecError> =>
  refuse("Truncated", `a ${name} needs ${need} octets, have ${have}`)

const read16 = (octets: Uint8Array, offset: number): number => (octets[offset] << 8) | octets[offset + 1]

const write16 = (value: number, octets: Uint8Array, offset: number): void => {
  octets[offset] = value >>> 8
  octets[offset + 1] = value
}

/** Octets of the BPDU, without LLC header and padding. */
export const octetLength = (bpdu: Bpdu): number => {
  switch (bpdu.kind) {
    case "config":
      return CONFIG_OCTETS
    case "tcn":
      return TCN_OCTETS
    case "rst":
      return RST_OCTETS
    case "mst":
      return MstBpdu.octetLength(bpdu)
  }
}

/** 9.3.4†: read a BPDU. Refuses `Truncated`, `BadProtocol` (protocol identifier not 0) and `UnknownType`; never throws. */
export const parse = (octets: Uint8Array): Result.Result<Bpdu, CodecError> => {
  const have = octets.length
  if (have < TCN_OCTETS) return truncated("BPDU", TCN_OCTETS, have)
  const protocolIdentifier = read16(octets, FIELD.protocolIdentifier)
  if (protocolIdentifier !== 0) return refuse("BadProtocol", `protocol identifier ${protocolIdentifier}, expected 0`)
  const version = octets[FIELD.protocolVersionIdentifier]
  const type = octets[FIELD.bpduType]
  if (type === TYPE_TCN) return Result.succeed(TCN)
  if (type === TYPE_CONFIG) {
    return have < CONFIG_OCTETS ? truncated("Configuration BPDU", CONFIG_OCTETS, have) : Result.succeed(readConfig(octets))
  }
  if (type === TYPE_RST && version >= VERSION_RSTP) {
    if (have < RST_OCTETS) return truncated("RST BPDU", RST_OCTETS, have)
    const mstis = version >= VERSION_MSTP ? MstBpdu.countMstis(octets) : undefined
    return Result.succeed(mstis === undefined ? readRst(octets) : readMst(octets, mstis))
  }
  return refuse("UnknownType", `BPDU type 0x${type.toString(16).padStart(2, "0")} of version ${version}`)
}

const readConfig = (octets: Uint8Array): ConfigBpdu => {
  const flags = octets[FIELD.flags]
  return {
    protocol: "bpdu",
    kind: "config",
    topologyChangeAcknowledgment: (flags & BpduFlags.FLAG_TOPOLOGY_CHANGE_ACKNOWLEDGMENT) !== 0,
    topologyChange: (flags & BpduFlags.FLAG_TOPOLOGY_CHANGE) !== 0,
    ...readVector(octets),
  }
}

const readRst = (octets: Uint8Array): RstBpdu => ({
  protocol: "bpdu",
  kind: "rst",
  ...BpduFlags.read(octets[FIELD.flags]),
  ...readVector(octets),
})

const readMst = (octets: Uint8Array, mstis: number): MstBpdu.MstBpdu => ({
  protocol: "bpdu",
  kind: "mst",
  ...BpduFlags.read(octets[FIELD.flags]),
  ...readVector(octets),
  ...MstBpdu.read(octets, mstis),
})

const readVector = (octets: Uint8Array): Vector => ({
  rootPriority: read16(octets, FIELD.rootIdentifier),
  rootAddress: MacAddress.read(octets, FIELD.rootIdentifier + 2),
  rootPathCost: read16(octets, FIELD.rootPathCost) * 65536 + read16(octets, FIELD.rootPathCost + 2),
  bridgePriority: read16(octets, FIELD.bridgeIdentifier),
  bridgeAddress: MacAddress.read(octets, FIELD.bridgeIdentifier + 2),
  portIdentifier: read16(octets, FIELD.portIdentifier),
  messageAge: read16(octets, FIELD.messageAge),
  maxAge: read16(octets, FIELD.maxAge),
  helloTime: read16(octets, FIELD.helloTime),
  forwardDelay: read16(octets, FIELD.forwardDelay),
})

const flagsOf = (bpdu: Exclude<Bpdu, TcnBpdu>): number => {
  if (bpdu.kind !== "config") return BpduFlags.octetOf(bpdu)
  return (
    (bpdu.topologyChange ? BpduFlags.FLAG_TOPOLOGY_CHANGE : 0) |
    (bpdu.topologyChangeAcknowledgment ? BpduFlags.FLAG_TOPOLOGY_CHANGE_ACKNOWLEDGMENT : 0)
  )
}

const VERSION = { config: VERSION_STP, tcn: VERSION_STP, rst: VERSION_RSTP, mst: VERSION_MSTP } as const
const TYPE = { config: TYPE_CONFIG, tcn: TYPE_TCN, rst: TYPE_RST, mst: TYPE_RST } as const

/** Write a BPDU: exactly `octetLength` octets. */
export const emit = (bpdu: Bpdu): Uint8Array => {
  const octets = new Uint8Array(octetLength(bpdu))
  write16(0, octets, FIELD.protocolIdentifier)
  octets[FIELD.protocolVersionIdentifier] = VERSION[bpdu.kind]
  octets[FIELD.bpduType] = TYPE[bpdu.kind]
  if (bpdu.kind === "tcn") return octets
  octets[FIELD.flags] = flagsOf(bpdu)
  write16(bpdu.rootPriority, octets, FIELD.rootIdentifier)
  MacAddress.write(bpdu.rootAddress, octets, FIELD.rootIdentifier + 2)
  write16(Math.floor(bpdu.rootPathCost / 65536), octets, FIELD.rootPathCost)
  write16(bpdu.rootPathCost, octets, FIELD.rootPathCost + 2)
  write16(bpdu.bridgePriority, octets, FIELD.bridgeIdentifier)
  MacAddress.write(bpdu.bridgeAddress, octets, FIELD.bridgeIdentifier + 2)
  write16(bpdu.portIdentifier, octets, FIELD.portIdentifier)
  write16(bpdu.messageAge, octets, FIELD.messageAge)
  write16(bpdu.maxAge, octets, FIELD.maxAge)
  write16(bpdu.helloTime, octets, FIELD.helloTime)
  write16(bpdu.forwardDelay, octets, FIELD.forwardDelay)
  if (bpdu.kind === "rst") octets[FIELD.version1Length] = 0
  else if (bpdu.kind === "mst") MstBpdu.write(bpdu, octets)
  return octets
}

const formatFlags = (bpdu: Exclude<Bpdu, TcnBpdu>): string => {
  if (bpdu.kind !== "config") return BpduFlags.format(bpdu)
  const words: Array<string> = []
  if (bpdu.topologyChange) words.push("topology change")
  if (bpdu.topologyChangeAcknowledgment) words.push("topology change ack")
  return words.length === 0 ? "none" : words.join(", ")
}

const NAME = {
  config: "STP 802.1D, Config",
  tcn: "STP 802.1D, Topology Change Notification",
  rst: "STP 802.1w, Rapid STP",
  mst: "STP 802.1s, Multiple STP",
} as const

const formatSeconds = (ticks: Ticks256): string => `${Number(toSeconds(ticks).toFixed(3))}s`

/** One line in the manner of tcpdump. */
export const format = (bpdu: Bpdu): string => {
  if (bpdu.kind === "tcn") return NAME.tcn
  return (
    `${NAME[bpdu.kind]}, flags [${formatFlags(bpdu)}], ` +
    `root ${BridgeIdentifier.format(bpdu.rootPriority, bpdu.rootAddress)} cost ${bpdu.rootPathCost}, ` +
    `${bpdu.kind === "mst" ? "regional root" : "bridge"} ${BridgeIdentifier.format(bpdu.bridgePriority, bpdu.bridgeAddress)} port ${PortIdentifier.format(bpdu.portIdentifier)}, ` +
    `message-age ${formatSeconds(bpdu.messageAge)}, max-age ${formatSeconds(bpdu.maxAge)}, ` +
    `hello-time ${formatSeconds(bpdu.helloTime)}, forwarding-delay ${formatSeconds(bpdu.forwardDelay)}` +
    (bpdu.kind === "mst" ? `, ${MstBpdu.format(bpdu)}` : "")
  )
}

/** The codec for registries of payloads. */
export const codec: PayloadCodec<Bpdu> = {
  name: "bpdu",
  encapsulation: Protocol.BPDU,
  octetLength,
  emit,
  parse,
  format,
}
