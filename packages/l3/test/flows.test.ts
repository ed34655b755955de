/** What IPv4 says of the conversation that a packet belongs to. */
import type { Flow } from "@l2lab/l2/bundle/LoadBalance"
import { assert, it } from "@effect/vitest"
import * as Flows from "../src/flows.ts"
import * as Ipv4 from "../src/Ipv4.ts"

const packet = (body: Ipv4.Body): Ipv4.Ipv4Payload => ({
  protocol: "ipv4",
  packet: {
    typeOfService: 0,
    identification: 1,
    dontFragment: true,
    moreFragments: false,
    fragmentOffset: 0,
    timeToLive: 64,
    ipProtocol: body.kind === "udp" ? Ipv4.UDP : 200,
    source: 0x0a000001,
    destination: 0x0a000002,
    options: Ipv4.NO_OPTIONS,
    body,
  },
})

const flowOf = (payload: Ipv4.Ipv4Payload): Flow => {
  const flow: Flow = { source: 9, destination: 9, sourcePort: 9, destinationPort: 9, hasPorts: false }
  Flows.readers.get("ipv4")?.(payload as never, flow)
  return flow
}

it("addresses of every packet, ports of UDP", () => {
  const udp = packet({ kind: "udp", sourcePort: 1000, destinationPort: 53, payload: new Uint8Array(4), payloadOctets: 4 })
  assert.deepEqual(flowOf(udp), {
    source: 0x0a000001,
    destination: 0x0a000002,
    sourcePort: 1000,
    destinationPort: 53,
    hasPorts: true,
  })
  const raw = packet({ kind: "raw", octets: new Uint8Array(4) })
  assert.deepEqual(flowOf(raw), { ...flowOf(udp), sourcePort: 0, destinationPort: 0, hasPorts: false })
})
