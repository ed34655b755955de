import { Digest } from "@l2lab/sim/Digest"
import { RecordingOutbox } from "@l2lab/sim/testing/RecordingOutbox"
import { assert, describe, it } from "@effect/vitest"
import * as EthernetFrame from "../src/EthernetFrame.ts"
import * as GroupAddress from "../src/GroupAddress.ts"
import * as Hub from "../src/Hub.ts"
import * as Protocol from "../src/Protocol.ts"

const LINK = { up: true, rateBps: 10_000_000, fullDuplex: true }
const bpdu = EthernetFrame.make(GroupAddress.BRIDGE_GROUP, 2, Protocol.BPDU, new Uint8Array(35), 38)

const makeHub = (ports: number) => {
  const out = new RecordingOutbox<EthernetFrame.EthernetFrame>()
  const state = Hub.kind.make({ ports }, 0)
  Hub.kind.onBoot(state, 0, out)
  for (let port = 0; port < ports; port++) Hub.kind.onLink(state, port, LINK, 0, out)
  return { out, state }
}

const fingerprint = (state: Hub.HubState): string => {
  const digest = new Digest()
  Hub.kind.fingerprint(state, digest, 0)
  return digest.text
}

describe("hub", () => {
  it("repeats everything, BPDUs and tags included, out of all other ports that are up", () => {
    const { out, state } = makeHub(5)
    Hub.kind.onLink(state, 3, { ...LINK, up: false }, 1, out)
    Hub.kind.onFrame(state, 1, bpdu, 0x2005, 2, out)
    assert.deepStrictEqual(
      out.requests,
      [0, 2, 4].map((port) => ({ type: "transmit" as const, port, frame: bpdu, tci: 0x2005 })),
    )
    assert.deepStrictEqual([...state.received], [0, 1, 0, 0, 0])
    assert.deepStrictEqual([...state.repeated], [1, 0, 1, 0, 1])
  })

  it("passes the very object on: nothing is copied", () => {
    const { out, state } = makeHub(2)
    Hub.kind.onFrame(state, 0, bpdu, -1, 2, out)
    const [request] = out.requests
    assert.isTrue(request.type === "transmit" && request.frame === bpdu)
  })

  it("a copy is structuredClone's, shares nothing, and has the same fingerprint until one of them changes", () => {
    const { out, state } = makeHub(3)
    Hub.kind.onFrame(state, 0, bpdu, -1, 2, out)
    const copy = Hub.kind.copy(state)
    assert.deepStrictEqual(copy, structuredClone(state))
    assert.strictEqual(fingerprint(copy), fingerprint(state))
    Hub.kind.onFrame(copy, 0, bpdu, -1, 2, out)
    assert.strictEqual(state.received[0], 1)
    assert.notStrictEqual(fingerprint(copy), fingerprint(state))
  })
})
