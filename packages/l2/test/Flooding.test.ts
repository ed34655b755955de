/** Unknown unicast by VLAN, and what of it a topology change of the VLAN's tree cost; frames that a protocol hands back to the relay. */
import { RecordingOutbox } from "@l2lab/sim/testing/RecordingOutbox"
import { SECOND } from "@l2lab/sim/SimTime"
import { assert, describe, it } from "vitest"
import { bridgeKind } from "../src/Bridge.ts"
import type { BridgeConfig } from "../src/BridgeConfig.ts"
import { ALL_PORTS, ControlProtocolKind } from "../src/ControlProtocol.ts"
import * as EthernetFrame from "../src/EthernetFrame.ts"
import * as Flooding from "../src/Flooding.ts"
import * as GroupAddress from "../src/GroupAddress.ts"
import * as Protocol from "../src/Protocol.ts"
import * as Trace from "../src/Trace.ts"

type Frame = EthernetFrame.EthernetFrame

const A = 0x02000000000a
const B = 0x02000000000b

/**
 * A protocol whose command `change` says that a tree's topology changed and flushes (`note`: only says so), `leave` flushes a port that is none of the tree any more, `age` sets its ageing
 * time; it hands SSTP frames back that carry a tag.
 */
const Changer = new ControlProtocolKind<{ readonly none: 0 }, null>({
  kind: "changer",
  passive: true,
  timers: () => 0,
  make: () => ({ none: 0 }),
  claims: ({ destination }) => destination === GroupAddress.CISCO_SSTP,
  onBoot: () => {},
  onPdu: (_state, _port, _frame, tci) => (tci >= 0 ? false : undefined),
  onTimer: () => {},
  onPort: () => {},
  onCommand: (_state, command, _now, actions) => {
    const { seconds = 0, tree } = command as unknown as { readonly tree: number; readonly seconds?: number }
    if (command.type === "leave") actions.flush(0, tree, true)
    if (command.type === "note") actions.topologyChange(tree, -1, 1)
    if (command.type === "age") actions.setAgeing(tree, seconds * SECOND)
    if (command.type !== "change") return
    actions.topologyChange(tree, 2, 3)
    actions.flush(ALL_PORTS, tree)
  },
  copy: (state) => state,
  fingerprint: () => {},
})
const kind = bridgeKind([Changer])

const CONFIG: BridgeConfig = {
  address: 0x020000001000,
  ports: Array.from({ length: 3 }, () => ({ mode: "trunk", native: 1, allowed: [1, 10, 20] })),
  vlans: [1, 10, 20],
  treeOfVlan: [0, 1, 1],
  protocols: [{ kind: "changer", config: null }],
}

const bridge = () => {
  const state = kind.make(CONFIG, 0)
  const out = new RecordingOutbox<Frame>()
  kind.onBoot(state, 0, out)
  for (let port = 0; port < 3; port++) kind.onLink(state, port, { up: true, rateBps: 1e9, fullDuplex: true }, 0, out)
  out.take()
  return {
    state,
    out,
    send: (port: number, source: number, destination: number, vlan: number, octets = 46, at = 1) => {
      const frame = EthernetFrame.make(destination, source, Protocol.EXPERIMENTAL, new Uint8Array(octets), octets)
      kind.onFrame(state, port, frame, vlan === 1 ? -1 : vlan, at, out)
    },
    order: (type: string, at: number, more = {}) =>
      kind.onCommand(state, { type, tree: 1, ...more } as { type: string }, at, out),
    down: (port: number, at: number) => kind.onLink(state, port, { up: false, rateBps: 1e9, fullDuplex: true }, at, out),
    change: (tree: number, at: number) => kind.onCommand(state, { type: "change", tree } as { type: string }, at, out),
  }
}

const flooded = (state: Parameters<typeof Flooding.ofVlans>[0]) =>
  Flooding.ofVlans(state, 99 * SECOND).map(({ frames, octets, sinceChange, vlan }) => [
    vlan,
    frames,
    octets,
    sinceChange?.frames,
    sinceChange?.octets,
  ])

describe("flooding", () => {
  it("is counted by VLAN, and totals add up", () => {
    const { send, state } = bridge()
    send(0, A, B, 1)
    send(0, A, B, 10, 982)
    send(0, A, B, 10, 982)
    assert.deepStrictEqual(flooded(state), [
      [1, 1, 128, undefined, undefined],
      [10, 2, 4000, undefined, undefined],
      [20, 0, 0, undefined, undefined],
    ])
    assert.strictEqual(Flooding.frames(state), 3)
    assert.strictEqual(Flooding.octets(state), 4128)
  })

  it("after a topology change is counted from there, in the VLANs of that tree", () => {
    const { change, send, state } = bridge()
    send(0, A, B, 1)
    send(0, A, B, 10)
    send(1, B, A, 10)
    send(0, A, B, 10)
    change(1, 5 * SECOND)
    send(0, A, B, 10)
    send(0, A, B, 20)
    send(0, A, B, 1)
    assert.deepStrictEqual(flooded(state), [
      [1, 2, 256, undefined, undefined],
      [10, 2, 256, 1, 128],
      [20, 1, 128, 1, 128],
    ])
    const [, ten] = Flooding.ofVlans(state, 99 * SECOND)
    assert.deepStrictEqual(ten, {
      vlan: 10,
      tree: 1,
      frames: 2,
      octets: 256,
      flushes: 3,
      forgotten: 2,
      topologyChanges: 1,
      sinceChange: { changedAt: 5 * SECOND, frames: 1, octets: 128, flushes: 3, forgotten: 2 },
    })
    change(1, 9 * SECOND)
    assert.deepStrictEqual(flooded(state)[1], [10, 2, 256, 0, 0])
  })

  it("each change has its own cost, and the latest sixteen are remembered", () => {
    const { change, send, state } = bridge()
    change(1, 5 * SECOND)
    send(0, A, B, 10, 46, 6 * SECOND)
    send(0, A, B, 20, 982, 7 * SECOND)
    send(0, A, B, 1, 982, 8 * SECOND)
    change(1, 9 * SECOND)
    const common = { port: 2, cause: 3, flushes: 3 }
    assert.deepStrictEqual(Flooding.ofChanges(state, 1, 10 * SECOND), [
      { ...common, at: 5 * SECOND, forgotten: 0, frames: 2, octets: 2128, floodedUntil: 7 * SECOND },
      { ...common, at: 9 * SECOND, forgotten: 2, frames: 0, octets: 0 },
    ])
    assert.deepStrictEqual(Flooding.ofChanges(state, 0, 10 * SECOND), [])
    for (let at = 10; at < 40; at++) change(1, at * SECOND)
    assert.deepStrictEqual(
      Flooding.ofChanges(state, 1, 40 * SECOND).map(({ at }) => at / SECOND),
      Array.from({ length: 16 }, (_, i) => 24 + i),
    )
  })

  it("links that go down, cleared tables and ports that mean other VLANs are no topology change's", () => {
    const { change, down, order, send, state } = bridge()
    change(1, 1)
    send(0, A, B, 10)
    order("bridge.clear-dynamic", 2)
    send(0, A, B, 10)
    down(0, 3)
    send(1, A, B, 10)
    order("bridge.set-switch-port", 4, { port: 1, settings: CONFIG.ports[1] })
    order("leave", 5)
    const { flushes, forgotten } = Flooding.ofVlans(state, 6)[1]
    assert.deepStrictEqual([state.fdb.flushed, flushes, forgotten], [3, 3, 0])
  })

  it("a port that leaves the tree is charged to the change of the same instant, before or after it", () => {
    for (const isBefore of [true, false]) {
      const { change, order, send, state } = bridge()
      change(1, 1)
      send(0, A, B, 10, 46, 2)
      if (isBefore) order("leave", 3)
      change(1, 3)
      if (!isBefore) order("leave", 3)
      order("leave", 4)
      const [first, second] = Flooding.ofChanges(state, 1, 9)
      assert.deepStrictEqual([first.flushes, first.forgotten, second.flushes, second.forgotten], [3, 0, 4, 1])
    }
  })

  it("what ages out while a change cuts the ageing time is forgotten for it", () => {
    const { change, order, send, state } = bridge()
    const costs = (at: number) => Flooding.ofChanges(state, 1, at * SECOND).map(({ forgotten }) => forgotten)
    change(1, 1)
    for (let host = 0; host < 5; host++) send(0, A + host, B, 10, 46, host * SECOND)
    change(1, 10 * SECOND)
    for (let host = 0; host < 5; host++) send(0, A + host, B, 10, 46, (10 + host) * SECOND)
    order("age", 15 * SECOND, { seconds: 15 })
    assert.deepStrictEqual(
      [costs(25), costs(27), costs(40)],
      [
        [0, 5],
        [0, 7],
        [0, 10],
      ],
    )
    send(0, A, B, 10, 46, 26 * SECOND)
    // Another change while the time is short: what has gone so far is the first one's.
    order("note", 28 * SECOND)
    assert.deepStrictEqual(costs(28), [0, 7, 0])
    for (let host = 0; host < 5; host++) send(0, A + host, B, 10, 46, 30 * SECOND)
    order("age", 50 * SECOND, { seconds: 300 })
    assert.deepStrictEqual(costs(60), [0, 7, 5])
    assert.strictEqual(Flooding.ofVlans(state, 60 * SECOND)[1].forgotten, 12)
  })

  it("is told at the next change, as what the one before it cost", () => {
    const { change, out, send } = bridge()
    change(1, 1)
    send(0, A, B, 10)
    send(0, A, B, 20)
    send(0, A, B, 1)
    change(1, 2)
    const told = out.traces(Trace.FLOODED.code).map(({ a, b, c }) => [a, b, c])
    assert.deepStrictEqual(told, [
      [10, 1, 128],
      [20, 1, 128],
    ])
  })

  it("is a copy's own", () => {
    const { change, send, state } = bridge()
    send(0, A, B, 10)
    const copy = kind.copy(state)
    const before = flooded(copy)
    change(1, 1)
    send(0, A, B, 10)
    assert.deepStrictEqual(flooded(copy), before)
    assert.notDeepEqual(flooded(state), before)
  })
})

describe("a protocol that hands a frame back", () => {
  it("leaves it to the relay as data of its VLAN", () => {
    const { out, state } = bridge()
    const frame = EthernetFrame.make(GroupAddress.CISCO_SSTP, A, Protocol.SSTP, new Uint8Array(42), 50)
    kind.onFrame(state, 0, frame, -1, 1, out)
    assert.lengthOf(out.transmissions, 0)
    kind.onFrame(state, 0, frame, 20, 1, out)
    assert.deepStrictEqual(
      out.transmissions.map(({ port, tci }) => [port, tci]),
      [
        [1, 20],
        [2, 20],
      ],
    )
  })
})
