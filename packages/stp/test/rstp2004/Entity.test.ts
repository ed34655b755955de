/** The adapter: what it claims, copies, fingerprints, the same run twice, and machines that are at rest after each step. */
import { assert, describe, it } from "@effect/vitest"
import * as EthernetFrame from "@l2lab/l2/EthernetFrame"
import * as Protocol from "@l2lab/l2/Protocol"
import { Digest } from "@l2lab/sim/Digest"
import { SECOND } from "@l2lab/sim/SimTime"
import * as Bpdu from "../../src/Bpdu.ts"
import { Rstp2004 } from "../../src/rstp2004/Entity.ts"
import * as Engine from "../../src/rstp2004/Engine.ts"
import { LOOK_AT_ALL, type State } from "../../src/rstp2004/State.ts"
import { BETTER, OWN } from "../stp1998/Bridge.ts"
import { Bridge, mst, rst } from "./Bridge.ts"
import { RapidLan } from "./RapidLan.ts"

const fingerprint = (state: State, now: number): string => {
  const digest = new Digest()
  Rstp2004.fingerprint(state, digest, now)
  return digest.text
}

/** Whether looking at all ports again, with everything marked, changes anything. */
const isAtRest = (bridge: Bridge): boolean => {
  const state = Rstp2004.copy(bridge.state)
  const before = fingerprint(state, bridge.now)
  state.dirty.fill(LOOK_AT_ALL)
  state.woken.fill(1)
  Engine.run(state, 0, bridge.now, bridge.actions)
  return fingerprint(state, bridge.now) === before
}

describe("Rstp2004", () => {
  it("claims BPDUs to the bridge group address and nothing else", () => {
    const frame = (destination: number, protocol: number) =>
      EthernetFrame.make(destination, OWN, protocol, new Uint8Array(46), 46)
    assert.isTrue(Rstp2004.claims(frame(Bpdu.GROUP_ADDRESS, Protocol.BPDU)))
    assert.isFalse(Rstp2004.claims(frame(Bpdu.GROUP_ADDRESS, Protocol.llc(0xf0, 0xf0))))
    assert.isFalse(Rstp2004.claims(frame(0x01000ccccccd, Protocol.BPDU)))
  })

  it("ignores commands that are not its own", () => {
    const bridge = new Bridge()
    const before = fingerprint(bridge.state, 0)
    Rstp2004.onCommand(bridge.state, { type: "bridge.clear-dynamic" }, 0, bridge.actions)
    assert.strictEqual(fingerprint(bridge.state, 0), before)
  })

  it("reads octets as it reads BPDUs in meaning", () => {
    const [meaning, octets] = [new Bridge(), new Bridge()]
    meaning.receive(0, rst({ proposal: true }))
    octets.receive(0, Bpdu.emit(rst({ proposal: true })))
    assert.strictEqual(fingerprint(octets.state, 0), fingerprint(meaning.state, 0))
  })

  it("takes an MST BPDU for the RST BPDU that its first octets are, the regional root for the sender", () => {
    const [rapid, meaning, octets] = [new Bridge(), new Bridge(), new Bridge()]
    rapid.receive(0, rst({ proposal: true }))
    meaning.receive(0, mst({ proposal: true }))
    octets.receive(0, Bpdu.emit(mst({ proposal: true })))
    assert.strictEqual(meaning.port(0).designatedBridge.address, BETTER)
    assert.strictEqual(fingerprint(meaning.state, 0), fingerprint(rapid.state, 0))
    assert.strictEqual(fingerprint(octets.state, 0), fingerprint(rapid.state, 0))
  })

  it("leaves no arc open after a step, though it looks at few ports", () => {
    const bridge = new Bridge()
    for (let at = 1; at < 30; at++) {
      bridge.until(at)
      if (at % 3 !== 0)
        bridge.receive(at % 2, rst({ proposal: at % 4 === 0, topologyChange: at % 5 === 0, rootPathCost: at % 7 }))
      if (at === 20) bridge.link(0, false)
      assert.isTrue(isAtRest(bridge), `at ${at} s`)
    }
  })
})

describe("copy and fingerprint", () => {
  it("a copy is the same and shares nothing that changes", () => {
    const bridge = new Bridge()
    bridge.receive(0, rst({ proposal: true }))
    bridge.until(3)
    const copy = Rstp2004.copy(bridge.state)
    assert.deepEqual(copy, structuredClone(bridge.state))
    const before = fingerprint(copy, bridge.now)
    assert.strictEqual(fingerprint(bridge.state, bridge.now), before)
    bridge.receive(1, rst({ rootAddress: BETTER - 1 }))
    bridge.until(60)
    assert.strictEqual(fingerprint(copy, 3 * SECOND), before)
    assert.notStrictEqual(fingerprint(bridge.state, bridge.now), before)
  })

  it("every column counts, but for the caches", () => {
    const bridge = new Bridge()
    bridge.until(3)
    const before = fingerprint(bridge.state, bridge.now)
    const visit = (columns: object): void => {
      for (const [name, column] of Object.entries(columns)) {
        if (typeof column !== "object") continue
        if (!Array.isArray(column) && !ArrayBuffer.isView(column)) {
          visit(column)
          continue
        }
        const cells = column as Array<unknown>
        const was = cells[0]
        cells[0] = Array.isArray(column) ? null : 1 + (Number.isFinite(was) ? (was as number) : 0)
        if (Array.isArray(column)) assert.strictEqual(fingerprint(bridge.state, bridge.now), before, name)
        else assert.notStrictEqual(fingerprint(bridge.state, bridge.now), before, name)
        cells[0] = was
      }
    }
    visit(bridge.state)
    assert.strictEqual(fingerprint(bridge.state, bridge.now), before)
  })

  it("the same network twice goes the same way; another seed counts its seconds from elsewhere", () => {
    const bridges = [1, 2, 3].map((n) => ({
      id: { priority: 32_768, address: 0x020000000000 + n * 256 },
      ports: [{ lan: n }, { lan: n === 3 ? 1 : n + 1 }],
    }))
    const trail = (seed: number): string => {
      const lan = new RapidLan(bridges, seed)
      lan.run(20)
      return JSON.stringify(lan.events)
    }
    assert.strictEqual(trail(1), trail(1))
    assert.notStrictEqual(trail(1), trail(2))
  })
})
