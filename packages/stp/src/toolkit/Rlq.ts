/**
 * Root link queries and the answers to them: Configuration BPDUs in frames of their own, SNAP 00000c-0108 and 00000c-0109 as Wireshark knows them. The
 * root is the one that is asked for, or in an answer the one that the answering bridge believes in; the bridge identifier is that of who asks. The
 * address is that of PVST+†; the VLAN is that of the tag.
 */
import * as EthernetFrame from "@l2lab/l2/EthernetFrame"
import * as GroupAddress from "@l2lab/l2/GroupAddress"
import type { CodecError, PayloadCodec } from "@l2lab/l2/PayloadCodec"
import * as Protocol from "@l2lab/l2/Protocol"
import { Result } from "effect"
import * as Bpdu from "../Bpdu.ts"

/** SNAP protocols. */
export const REQUEST = Protocol.snap(0x00000c, 0x0108)
export const RESPONSE = Protocol.snap(0x00000c, 0x0109)

/** What is asked or answered. */
export interface Rlq {
  readonly protocol: "rlq-request" | "rlq-response"
  readonly bpdu: Bpdu.ConfigBpdu
}

const SNAP_OCTETS = 8

const parse =
  (protocol: Rlq["protocol"]) =>
  (octets: Uint8Array): Result.Result<Rlq, CodecError> => {
    const parsed = Bpdu.parse(octets)
    if (Result.isFailure(parsed)) return Result.fail(parsed.failure)
    const bpdu = parsed.success
    return bpdu.kind === "config"
      ? Result.succeed({ protocol, bpdu })
      : Result.fail({
          reason: "UnknownType",
          detail: `a root link query is a Configuration BPDU, and this is of kind ${bpdu.kind}`,
        })
  }

const codec = (name: Rlq["protocol"], encapsulation: number): PayloadCodec<Rlq> => ({
  name,
  encapsulation,
  octetLength: () => Bpdu.CONFIG_OCTETS,
  emit: ({ bpdu }) => Bpdu.emit(bpdu),
  parse: parse(name),
  format: ({ bpdu }) => `RLQ ${name.slice(4)}, ${Bpdu.format(bpdu)}`,
})

/** The codecs for registries of payloads. */
export const codecs = [codec("rlq-request", REQUEST), codec("rlq-response", RESPONSE)] as const

/** Whether a frame is one of them. */
export const isRlq = (frame: EthernetFrame.EthernetFrame): boolean =>
  frame.destination === GroupAddress.CISCO_SSTP && (frame.protocol === REQUEST || frame.protocol === RESPONSE)

/** What a frame asks or answers; undefined for octets that are neither. */
export const read = ({ payload, protocol }: EthernetFrame.EthernetFrame): Rlq | undefined => {
  if (!(payload instanceof Uint8Array)) return payload as Rlq
  const parsed = codecs[protocol === REQUEST ? 0 : 1].parse(payload)
  return Result.isSuccess(parsed) ? parsed.success : undefined
}

/** A frame with it. */
export const frame = (rlq: Rlq, source: number): EthernetFrame.EthernetFrame =>
  EthernetFrame.make(
    GroupAddress.CISCO_SSTP,
    source,
    rlq.protocol === "rlq-request" ? REQUEST : RESPONSE,
    rlq,
    SNAP_OCTETS + Bpdu.CONFIG_OCTETS,
  )
