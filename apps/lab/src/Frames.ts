/** Looking into frames, for annotations of captures. */
import type { EthernetFrame } from "@l2lab/l2/EthernetFrame"
import type { MacAddress } from "@l2lab/l2/MacAddress"
import { isStructured } from "@l2lab/l2/PayloadCodec"
import type { Ipv4Payload } from "@l2lab/l3/Ipv4"
import type { Ipv4Address } from "@l2lab/l3/Ipv4Address"
import type { RarpPayload } from "@l2lab/l3/Rarp"
import * as VmotionMessage from "@l2lab/migration/VmotionMessage"

/** The address that a RARP announcement is about; undefined for any other frame. */
export const rarpAbout = (frame: EthernetFrame): MacAddress | undefined => {
  const { payload } = frame
  return isStructured(payload) && payload.protocol === "rarp" ? (payload as RarpPayload).packet.senderHardware : undefined
}

/** An ICMP echo. */
export interface Echo {
  readonly kind: "request" | "reply"
  readonly source: Ipv4Address
  readonly destination: Ipv4Address
  readonly identifier: number
  readonly sequence: number
}

/** The echo in a frame; undefined for any other frame. */
export const echoIn = (frame: EthernetFrame): Echo | undefined => {
  const { payload } = frame
  if (!isStructured(payload) || payload.protocol !== "ipv4") return undefined
  const { body, source, destination } = (payload as Ipv4Payload).packet
  if (body.kind !== "icmp.echo-request" && body.kind !== "icmp.echo-reply") return undefined
  const kind = body.kind === "icmp.echo-request" ? "request" : "reply"
  return { kind, source, destination, identifier: body.identifier, sequence: body.sequence }
}

/** What a frame is to a migration: `memory` (pages, and acknowledgements of pages), `word` (everything else that is said), or nothing. */
export const migrationPart = (frame: EthernetFrame): "memory" | "word" | undefined => {
  const { payload } = frame
  if (!isStructured(payload) || payload.protocol !== "ipv4") return undefined
  const { body } = (payload as Ipv4Payload).packet
  if (body.kind !== "udp" || !isStructured(body.payload) || body.payload.protocol !== VmotionMessage.PROTOCOL) return undefined
  switch ((body.payload as VmotionMessage.VmotionMessage).kind) {
    case VmotionMessage.PAGE:
    case VmotionMessage.PAGES:
    case VmotionMessage.ZEROS:
    case VmotionMessage.ACK:
      return "memory"
    default:
      return "word"
  }
}
