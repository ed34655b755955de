/** The codecs of this package, for the registry of a world. */
import type { PayloadCodec } from "@l2lab/l2/PayloadCodec"
import * as Arp from "./Arp.ts"
import * as Ipv4 from "./Ipv4.ts"
import * as Rarp from "./Rarp.ts"
import * as Udp from "./Udp.ts"

/** ARP, RARP and IPv4, with the payloads that other packages carry in UDP. */
export const codecs = (
  // As in `Udp.registry`.
  // oxlint-disable-next-line typescript/no-explicit-any
  udpCodecs: Iterable<Udp.UdpPayloadCodec<any>> = [],
  // oxlint-disable-next-line typescript/no-explicit-any
): ReadonlyArray<PayloadCodec<any>> => [Arp.codec, Rarp.codec, Ipv4.codec(Udp.registry(udpCodecs))]

/** The same where UDP carries octets only. */
export const L3_CODECS = codecs()
