/**
 * The BPDUs of PVST+ on trunks ("shared spanning tree"): to 01-00-0C-CC-CC-CD, SNAP 00000c-010b, a BPDU of 802.1D-1998 or 802.1D-2004, and
 * behind it the PVID TLV, which says in which VLAN it was sent (type 0, length 2). The TLV stands at offset 36: behind a Configuration BPDU of 35
 * octets lies one octet of padding. A TCN BPDU has none: only the tag that it came with says whose it is†.
 *
 * A bridge that does not know the address relays such a frame as data in its VLAN, which is how PVST+ passes through an 802.1D network.
 */
import * as EthernetFrame from "@l2lab/l2/EthernetFrame"
import * as GroupAddress from "@l2lab/l2/GroupAddress"
import type { MacAddress } from "@l2lab/l2/MacAddress"
import type { CodecError, PayloadCodec } from "@l2lab/l2/PayloadCodec"
import * as Protocol from "@l2lab/l2/Protocol"
import { Result } from "effect"
import * as Bpdu from "../Bpdu.ts"

/** A BPDU with the VLAN that it was sent in. */
export interface SstpVector {
  readonly protocol: "sstp"
  readonly bpdu: Bpdu.ConfigBpdu | Bpdu.RstBpdu
  /** The PVID TLV: 1..4094. */
  readonly pvid: number
}

/** A notification, which does not say its VLAN. */
export interface SstpTcn {
  readonly protocol: "sstp"
  readonly bpdu: Bpdu.TcnBpdu
  readonly pvid?: never
}

/** What an SSTP frame carries. */
export type SstpBpdu = SstpVector | SstpTcn

/** The only notification there is. */
export const TCN: SstpTcn = { protocol: "sstp", bpdu: Bpdu.TCN }

/** Where the PVID TLV stands, from the start of the BPDU; each field is 2 octets. */
const TLV = { type: 36, length: 38, value: 40 } as const
/** Octets of a TLV's type and length. */
const TLV_HEADER = 4
const TYPE_PVID = 0
const PVID_OCTETS = 2

/** Octets of a Configuration or RST BPDU with its TLV. */
export const VECTOR_OCTETS = 42

/** Octets of LLC and SNAP header. */
const SNAP_OCTETS = 8

const HIGHEST_VLAN = 4094

const refuse = (reason: string, detail: string): Result.Result<never, CodecError> => Result.fail({ reason, detail })

const read16 = (octets: Uint8Array, offset: number): number => (octets[offset] << 8) | octets[offset + 1]

const write16 = (value: number, octets: Uint8Array, offset: number): void => {
  octets[offset] = value >>> 8
  octets[offset + 1] = value
}

/** Octets behind the SNAP header. */
export const octetLength = (sstp: SstpBpdu): number => (sstp.bpdu.kind === "tcn" ? Bpdu.TCN_OCTETS : VECTOR_OCTETS)

/** Read a BPDU and its VLAN. Refuses what `Bpdu.parse` refuses, and `NoPvid`, `BadPvid`, `Truncated` for the TLV; never throws. */
export const parse = (octets: Uint8Array): Result.Result<SstpBpdu, CodecError> => {
  const parsed = Bpdu.parse(octets)
  if (Result.isFailure(parsed)) return Result.fail(parsed.failure)
  const bpdu = parsed.success
  if (bpdu.kind === "tcn") return Result.succeed(TCN)
  if (bpdu.kind !== "config" && bpdu.kind !== "rst") return refuse("UnknownType", "a BPDU of a kind that PVST+ does not have")
  const pvid = pvidOf(octets)
  return Result.isFailure(pvid) ? Result.fail(pvid.failure) : Result.succeed({ protocol: "sstp", bpdu, pvid: pvid.success })
}

/** The VLAN of the PVID TLV; other TLVs are passed by. */
const pvidOf = (octets: Uint8Array): Result.Result<number, CodecError> => {
  for (let at: number = TLV.type; at + TLV_HEADER <= octets.length;) {
    const type = read16(octets, at)
    const length = read16(octets, at + 2)
    const end = at + TLV_HEADER + length
    if (end > octets.length)
      return refuse("Truncated", `a TLV of ${length} octets at offset ${at}, ${octets.length - at - TLV_HEADER} follow`)
    if (type === TYPE_PVID && length === PVID_OCTETS) {
      const pvid = read16(octets, at + TLV_HEADER)
      return pvid >= 1 && pvid <= HIGHEST_VLAN
        ? Result.succeed(pvid)
        : refuse("BadPvid", `${pvid} is not a VLAN: 1..${HIGHEST_VLAN}`)
    }
    at = end
  }
  return refuse("NoPvid", "no TLV says the VLAN")
}

/** Write a BPDU with its VLAN: exactly `octetLength` octets. */
export const emit = (sstp: SstpBpdu): Uint8Array => {
  const octets = new Uint8Array(octetLength(sstp))
  octets.set(Bpdu.emit(sstp.bpdu))
  if (sstp.pvid === undefined) return octets
  write16(TYPE_PVID, octets, TLV.type)
  write16(PVID_OCTETS, octets, TLV.length)
  write16(sstp.pvid, octets, TLV.value)
  return octets
}

/** One line: whose VLAN, and the BPDU as everywhere. */
export const format = (sstp: SstpBpdu): string =>
  `PVST+${sstp.pvid === undefined ? "" : ` vlan ${sstp.pvid}`}, ${Bpdu.format(sstp.bpdu)}`

/** A frame with it. */
export const frame = (sstp: SstpBpdu, source: MacAddress): EthernetFrame.EthernetFrame =>
  EthernetFrame.make(GroupAddress.CISCO_SSTP, source, Protocol.SSTP, sstp, SNAP_OCTETS + octetLength(sstp))

/** The codec for registries of payloads. */
export const codec: PayloadCodec<SstpBpdu> = {
  name: "sstp",
  encapsulation: Protocol.SSTP,
  octetLength,
  emit,
  parse,
  format,
}
