/** What payloads of this package say of the conversation that they belong to: what bundles share their load by. */
import type { FlowReaders } from "@l2lab/l2/bundle/LoadBalance"
import * as Ipv4 from "./Ipv4.ts"

/** For the bridge kind of a world. The ports of TCP and UDP are those that a packet has in meaning; fragments have none. */
export const readers: FlowReaders = new Map([
  [
    "ipv4",
    ({ packet }: Ipv4.Ipv4Payload, flow): void => {
      flow.source = packet.source
      flow.destination = packet.destination
      const { body } = packet
      flow.hasPorts = body.kind === "udp"
      flow.sourcePort = body.kind === "udp" ? body.sourcePort : 0
      flow.destinationPort = body.kind === "udp" ? body.destinationPort : 0
    },
  ],
]) as FlowReaders
