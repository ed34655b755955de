/** What a bridge keeps that is half of a pair of chassis: its journal, PDUs for protocols elsewhere, preferred members, addresses that another learnt. */
import { assert, describe, it } from "@effect/vitest"
import { SECOND } from "@l2lab/sim/SimTime"
import { RecordingOutbox } from "@l2lab/sim/testing/RecordingOutbox"
import { adopt } from "../src/AdoptedAddress.ts"
import { bridgeKind } from "../src/Bridge.ts"
import type { BridgeConfig } from "../src/BridgeConfig.ts"
import type { BridgeState } from "../src/BridgeState.ts"
import * as Bundles from "../src/bundle/Bundles.ts"
import type { EthernetFrame } from "../src/EthernetFrame.ts"
import * as FilteringDatabase from "../src/FilteringDatabase.ts"
import * as GroupAddress from "../src/GroupAddress.ts"
import * as Pairing from "../src/Pairing.ts"
import { A, B, C, ECHO, frame, type Heard } from "./Guarded.ts"

const ACCESS = { mode: "access", vlan: 1 } as const
const KIND = bridgeKind([ECHO])
const LINK = { up: true, rateBps: 1_000_000_000, fullDuplex: true }

/** Ports 0 and 1 alone, 2 to 5 in a static bundle, which is port 6. */
const CONFIG: BridgeConfig = {
  address: 0x020000000100,
  ports: Array.from({ length: 6 }, () => ACCESS),
  bundles: [{ members: [2, 3, 4, 5], isStatic: true, switchPort: ACCESS, loadBalance: "src-mac" }],
  vlans: [1],
  protocols: [{ kind: "echo", config: null }],
}

const bridge = (headless: boolean): { readonly state: BridgeState; readonly out: RecordingOutbox<EthernetFrame> } => {
  const state = KIND.make(CONFIG, 0)
  state.pairing = Pairing.make(headless)
  const out = new RecordingOutbox<EthernetFrame>()
  for (let link = 0; link < 6; link++) KIND.onLink(state, link, LINK, 0, out)
  out.take()
  return { state, out }
}

/** The journal, entry by entry, emptied. */
const entries = ({ pairing }: BridgeState): ReadonlyArray<ReadonlyArray<number>> => {
  const journal = pairing!.journal.splice(0)
  return Array.from({ length: journal.length / Pairing.WIDTH }, (_, i) =>
    journal.slice(i * Pairing.WIDTH, (i + 1) * Pairing.WIDTH),
  )
}

describe("half of a pair", () => {
  it("writes down what it learns, what moves, and nothing of what it knows", () => {
    const { out, state } = bridge(false)
    entries(state)
    KIND.onFrame(state, 0, frame(A, B), -1, SECOND, out)
    KIND.onFrame(state, 0, frame(A, B), -1, 2 * SECOND, out)
    assert.deepStrictEqual(entries(state), [[Pairing.LEARNT, A, 0, 0]])
    KIND.onFrame(state, 1, frame(A, B), -1, 3 * SECOND, out)
    assert.deepStrictEqual(entries(state), [[Pairing.LEARNT, A, 0, 1]])
  })

  it("writes down what becomes of ports and members, and that a port's entries are forgotten", () => {
    const { out, state } = bridge(false)
    entries(state)
    KIND.onLink(state, 0, { ...LINK, up: false }, SECOND, out)
    KIND.onLink(state, 2, { ...LINK, up: false }, SECOND, out)
    assert.deepStrictEqual(entries(state), [
      [Pairing.MEMBER, 0, Bundles.OUT, 0],
      [Pairing.PORT, 0, 0, LINK.rateBps],
      [Pairing.PORT_STATE, 0, 0, 0],
      [Pairing.FLUSHED, 0, 0, 0],
      [Pairing.MEMBER, 2, Bundles.OUT, 0],
      [Pairing.PORT, 6, 1, 3 * LINK.rateBps],
    ])
  })

  it("lays PDUs aside for protocols that run elsewhere, whatever the port is here", () => {
    const { out, state } = bridge(true)
    const pdu = frame(A, GroupAddress.BRIDGE_GROUP)
    KIND.onFrame(state, 3, pdu, -1, SECOND, out)
    assert.deepStrictEqual(state.pairing!.punted, [{ link: 3, frame: pdu, tci: -1 }])
    assert.deepStrictEqual((state.protocols[0] as Heard).pdus, [])
    assert.deepStrictEqual(out.transmissions, [])
    state.pairing!.headless = 0
    KIND.onFrame(state, 0, pdu, -1, SECOND, out)
    assert.deepStrictEqual((state.protocols[0] as Heard).pdus, [[0, SECOND]])
  })

  it("sends by the members on its own chassis as long as it has any", () => {
    const { out, state } = bridge(false)
    const bundles = state.bundles!
    const members = (): ReadonlyArray<number> => Array.from(new Set(bundles.owner)).sort()
    assert.deepStrictEqual(members(), [2, 3, 4, 5])
    bundles.preferred = Uint8Array.of(0, 0, 0, 0, 1, 1)
    Bundles.deal(bundles, CONFIG.bundles!, 0)
    assert.deepStrictEqual(members(), [4, 5])
    assert.strictEqual(bundles.active[0], 4)
    KIND.onLink(state, 4, { ...LINK, up: false }, SECOND, out)
    assert.deepStrictEqual([members(), state.linkPortOf[6]], [[5], 5])
    assert.strictEqual(state.rateBps[6], 3 * LINK.rateBps)
    KIND.onLink(state, 5, { ...LINK, up: false }, SECOND, out)
    assert.deepStrictEqual([members(), state.linkPortOf[6]], [[2, 3], 2])
  })

  it("copies what it keeps", () => {
    const { state } = bridge(false)
    const copy = KIND.copy(state)
    assert.deepStrictEqual(copy.pairing, state.pairing)
    entries(copy)
    assert.isAbove(state.pairing!.journal.length, 0)
  })
})

describe("an address that another table learnt", () => {
  const table = (): FilteringDatabase.FilteringDatabase => FilteringDatabase.make(4, [0], 100, 300 * SECOND)
  const known = (fdb: FilteringDatabase.FilteringDatabase, now: number): unknown =>
    FilteringDatabase.entries(fdb, now).map(({ address, port, seen }) => [address, port, seen / SECOND])

  it("is taken with its age, which it is as old by", () => {
    const fdb = table()
    assert.isTrue(adopt(fdb, A, 0, 2, 5 * SECOND, 9 * SECOND))
    assert.deepStrictEqual(known(fdb, 9 * SECOND), [[A, 2, 5]])
    assert.deepStrictEqual(known(fdb, 305 * SECOND), [[A, 2, 5]])
    assert.deepStrictEqual(known(fdb, 306 * SECOND), [])
    assert.isFalse(adopt(fdb, B, 0, 2, 5 * SECOND, 306 * SECOND))
  })

  it("is none where this table saw it later, or at once on a lower port, or has it fixed", () => {
    const fdb = table()
    FilteringDatabase.learn(fdb, A | 0, A / 2 ** 32, 0, 0, 1, 5 * SECOND)
    assert.isFalse(adopt(fdb, A, 0, 2, 4 * SECOND, 9 * SECOND))
    assert.isFalse(adopt(fdb, A, 0, 2, 5 * SECOND, 9 * SECOND))
    assert.isTrue(adopt(fdb, A, 0, 0, 5 * SECOND, 9 * SECOND))
    assert.isTrue(adopt(fdb, A, 0, 3, 6 * SECOND, 9 * SECOND))
    assert.deepStrictEqual(known(fdb, 9 * SECOND), [[A, 3, 6]])
    FilteringDatabase.setStatic(fdb, C, 0, 1, 0)
    assert.isFalse(adopt(fdb, C, 0, 2, 9 * SECOND, 9 * SECOND))
  })

  it("is taken where this table has forgotten it", () => {
    const fdb = table()
    FilteringDatabase.learn(fdb, A | 0, A / 2 ** 32, 0, 0, 1, 5 * SECOND)
    FilteringDatabase.flush(fdb, 0, 1)
    assert.isTrue(adopt(fdb, A, 0, 2, 4 * SECOND, 9 * SECOND))
    assert.deepStrictEqual(known(fdb, 9 * SECOND), [[A, 2, 4]])
  })

  it("is not taken where the table is full", () => {
    const fdb = FilteringDatabase.make(4, [0], 1, 300 * SECOND)
    adopt(fdb, A, 0, 1, 0, 0)
    assert.isFalse(adopt(fdb, B, 0, 1, 0, 0))
  })
})
