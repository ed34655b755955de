/**
 * What an MST BPDU has behind the octets of an RST BPDU (802.1Q-2005 14.6†): the region, the CIST inside it, and a message for each
 * MSTI. Octets 18 to 25, where an RST BPDU names its sender, hold the CIST regional root, so that a region looks like one bridge to those
 * that read no further; the sender stands in the part that is read here.
 */
import * as MacAddress from "@l2lab/l2/MacAddress"
import type { Vector } from "./Bpdu.ts"
import * as BpduFlags from "./BpduFlags.ts"
import * as BridgeIdentifier from "./BridgeIdentifier.ts"

/** The MST Configuration Identifier. */
export interface ConfigurationId {
  /** 0; nothing else is defined. */
  readonly formatSelector: number
  /** At most 32 characters, each an octet; without the NULs that fill up the field. */
  readonly name: string
  /** 16 bits. */
  readonly revision: number
  /** 16 octets: which VLAN belongs to which MSTI. */
  readonly digest: Uint8Array
}

/** 802.1Q-2005 14.6†: an MST BPDU. In its vector the bridge is the CIST regional root and the path cost is the external one. */
export interface MstBpdu extends Vector, BpduFlags.RapidFlags {
  readonly protocol: "bpdu"
  readonly kind: "mst"
  /** 802.1Q-2005 13.7: what bridges of one region agree on. */
  readonly configurationId: ConfigurationId
  /** From the sender to the CIST regional root, 32 bits. */
  readonly internalRootPathCost: number
  /** The CIST bridge identifier: the sender. */
  readonly cistBridgePriority: number
  readonly cistBridgeAddress: MacAddress.MacAddress
  /** How many bridges further the CIST's information may go within the region. */
  readonly remainingHops: number
  /** At most 64. */
  readonly mstis: ReadonlyArray<MstiMessage>
}

/** 802.1Q-2005 14.6.1†: an MSTI configuration message. */
export interface MstiMessage extends BpduFlags.RapidFlags {
  /** There is a way from the sender to the CIST root through a Master Port. */
  readonly master: boolean
  /** 16 bits, the lower 12 of which are the MSTID. */
  readonly regionalRootPriority: number
  readonly regionalRootAddress: MacAddress.MacAddress
  /** From the sender to the MSTI's regional root, 32 bits. */
  readonly internalRootPathCost: number
  /** 0 to 61440 in steps of 4096. */
  readonly bridgePriority: number
  /** 0 to 240 in steps of 16. */
  readonly portPriority: number
  readonly remainingHops: number
}

/** Offsets in wire order; the comment is the size in octets. */
const FIELD = {
  version1Length: 35, // 1
  version3Length: 36, // 2
  formatSelector: 38, // 1
  name: 39, // 32
  revision: 71, // 2
  digest: 73, // 16
  internalRootPathCost: 89, // 4
  cistBridgeIdentifier: 93, // 2 + 6
  remainingHops: 101, // 1
  mstis: 102, // 16 each
} as const

/** Offsets in an MSTI configuration message. */
const MSTI_FIELD = {
  flags: 0, // 1
  regionalRootIdentifier: 1, // 2 + 6
  internalRootPathCost: 9, // 4
  bridgePriority: 13, // 1, the upper 4 bits
  portPriority: 14, // 1, the upper 4 bits
  remainingHops: 15, // 1
} as const

const NAME_OCTETS = 32
const DIGEST_OCTETS = 16
const MSTI_OCTETS = 16
const HIGHEST_MSTIS = 64
/** What version 3 length counts besides the messages. */
const FIXED_VERSION3_LENGTH = FIELD.mstis - FIELD.formatSelector

/** Octets of an MST BPDU without MSTIs, behind the LLC header and without padding. */
export const MST_OCTETS = 102

/** Octets of the whole BPDU. */
export const octetLength = (bpdu: MstBpdu): number => MST_OCTETS + MSTI_OCTETS * bpdu.mstis.length

const view = (octets: Uint8Array): DataView => new DataView(octets.buffer, octets.byteOffset, octets.byteLength)

/**
 * 802.1Q-2005 14.4: how many MSTI configuration messages the octets of version 3 or later hold; undefined if they are to be read as an
 * RST BPDU, because the part behind it is cut, or one of the two lengths is none that an MST BPDU can have.
 */
export const countMstis = (octets: Uint8Array): number | undefined => {
  if (octets.length < MST_OCTETS || octets[FIELD.version1Length] !== 0) return undefined
  const count = (view(octets).getUint16(FIELD.version3Length) - FIXED_VERSION3_LENGTH) / MSTI_OCTETS
  const isWhole = Number.isInteger(count) && count >= 0 && count <= HIGHEST_MSTIS
  return isWhole && octets.length >= MST_OCTETS + MSTI_OCTETS * count ? count : undefined
}

/** The part of an MST BPDU behind the vector. */
export const read = (
  octets: Uint8Array,
  mstis: number,
): Pick<
  MstBpdu,
  "configurationId" | "internalRootPathCost" | "cistBridgePriority" | "cistBridgeAddress" | "remainingHops" | "mstis"
> => {
  const data = view(octets)
  return {
    configurationId: {
      formatSelector: octets[FIELD.formatSelector],
      name: readName(octets),
      revision: data.getUint16(FIELD.revision),
      digest: octets.slice(FIELD.digest, FIELD.digest + DIGEST_OCTETS),
    },
    internalRootPathCost: data.getUint32(FIELD.internalRootPathCost),
    cistBridgePriority: data.getUint16(FIELD.cistBridgeIdentifier),
    cistBridgeAddress: MacAddress.read(octets, FIELD.cistBridgeIdentifier + 2),
    remainingHops: octets[FIELD.remainingHops],
    mstis: Array.from({ length: mstis }, (_, index) => readMsti(octets, data, FIELD.mstis + MSTI_OCTETS * index)),
  }
}

const readName = (octets: Uint8Array): string => {
  let end = FIELD.name + NAME_OCTETS
  while (end > FIELD.name && octets[end - 1] === 0) end--
  return String.fromCharCode(...octets.subarray(FIELD.name, end))
}

const readMsti = (octets: Uint8Array, data: DataView, at: number): MstiMessage => ({
  master: (octets[at + MSTI_FIELD.flags] & BpduFlags.FLAG_MASTER) !== 0,
  ...BpduFlags.read(octets[at + MSTI_FIELD.flags]),
  regionalRootPriority: data.getUint16(at + MSTI_FIELD.regionalRootIdentifier),
  regionalRootAddress: MacAddress.read(octets, at + MSTI_FIELD.regionalRootIdentifier + 2),
  internalRootPathCost: data.getUint32(at + MSTI_FIELD.internalRootPathCost),
  bridgePriority: (octets[at + MSTI_FIELD.bridgePriority] & 0xf0) << 8,
  portPriority: octets[at + MSTI_FIELD.portPriority] & 0xf0,
  remainingHops: octets[at + MSTI_FIELD.remainingHops],
})

/** Write the part behind the vector. */
export const write = (bpdu: MstBpdu, octets: Uint8Array): void => {
  const data = view(octets)
  const { digest, formatSelector, name, revision } = bpdu.configurationId
  octets[FIELD.version1Length] = 0
  data.setUint16(FIELD.version3Length, FIXED_VERSION3_LENGTH + MSTI_OCTETS * bpdu.mstis.length)
  octets[FIELD.formatSelector] = formatSelector
  for (let i = 0; i < NAME_OCTETS; i++) octets[FIELD.name + i] = i < name.length ? name.charCodeAt(i) : 0
  data.setUint16(FIELD.revision, revision)
  octets.set(digest.subarray(0, DIGEST_OCTETS), FIELD.digest)
  data.setUint32(FIELD.internalRootPathCost, bpdu.internalRootPathCost)
  data.setUint16(FIELD.cistBridgeIdentifier, bpdu.cistBridgePriority)
  MacAddress.write(bpdu.cistBridgeAddress, octets, FIELD.cistBridgeIdentifier + 2)
  octets[FIELD.remainingHops] = bpdu.remainingHops
  bpdu.mstis.forEach((msti, index) => writeMsti(msti, octets, data, FIELD.mstis + MSTI_OCTETS * index))
}

const writeMsti = (msti: MstiMessage, octets: Uint8Array, data: DataView, at: number): void => {
  octets[at + MSTI_FIELD.flags] = BpduFlags.octetOf(msti) | (msti.master ? BpduFlags.FLAG_MASTER : 0)
  data.setUint16(at + MSTI_FIELD.regionalRootIdentifier, msti.regionalRootPriority)
  MacAddress.write(msti.regionalRootAddress, octets, at + MSTI_FIELD.regionalRootIdentifier + 2)
  data.setUint32(at + MSTI_FIELD.internalRootPathCost, msti.internalRootPathCost)
  octets[at + MSTI_FIELD.bridgePriority] = msti.bridgePriority >>> 8
  octets[at + MSTI_FIELD.portPriority] = msti.portPriority
  octets[at + MSTI_FIELD.remainingHops] = msti.remainingHops
}

const hex = (octets: Uint8Array): string => Array.from(octets, (octet) => octet.toString(16).padStart(2, "0")).join("")

/** What follows the CIST's vector in a line. */
export const format = ({ configurationId: region, ...bpdu }: MstBpdu): string =>
  [
    `region ${JSON.stringify(region.name)} revision ${region.revision} digest ${hex(region.digest)}`,
    `internal cost ${bpdu.internalRootPathCost}`,
    `sender ${BridgeIdentifier.format(bpdu.cistBridgePriority, bpdu.cistBridgeAddress)}`,
    `hops ${bpdu.remainingHops}`,
    ...bpdu.mstis.map(formatMsti),
  ].join(", ")

const formatMsti = (msti: MstiMessage): string =>
  `MSTI ${msti.regionalRootPriority & 0xfff} flags [${msti.master ? "mastered, " : ""}` +
  `${BpduFlags.format(msti, msti.role === "unknown" ? "master" : msti.role)}] ` +
  `root ${BridgeIdentifier.format(msti.regionalRootPriority, msti.regionalRootAddress)} cost ${msti.internalRootPathCost} ` +
  `bridge-priority ${msti.bridgePriority} port-priority ${msti.portPriority} hops ${msti.remainingHops}`
