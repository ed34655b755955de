/** The adapter: timers to names, copies, fingerprints, and several trees in one state. */
import { assert, describe, it } from "@effect/vitest"
import * as EthernetFrame from "@l2lab/l2/EthernetFrame"
import * as Protocol from "@l2lab/l2/Protocol"
import { Digest } from "@l2lab/sim/Digest"
import { SECOND } from "@l2lab/sim/SimTime"
import { Schema } from "effect"
import * as Bpdu from "../../src/Bpdu.ts"
import * as Columns from "../../src/stp1998/Columns.ts"
import { Stp1998 } from "../../src/stp1998/Entity.ts"
import * as Management from "../../src/stp1998/Management.ts"
import * as Operation from "../../src/stp1998/Operation.ts"
import * as Query from "../../src/stp1998/Query.ts"
import * as State from "../../src/stp1998/State.ts"
import * as Timers from "../../src/stp1998/Timers.ts"
import { Recorder } from "../Recorder.ts"
import { BETTER, Bridge, config, OWN, VIEW } from "./Bridge.ts"

describe("Stp1998", () => {
  it("claims BPDUs to the bridge group address and nothing else", () => {
    const frame = (destination: number, protocol: number) =>
      EthernetFrame.make(destination, OWN, protocol, new Uint8Array(46), 46)
    assert.isTrue(Stp1998.claims(frame(Bpdu.GROUP_ADDRESS, Protocol.BPDU)))
    assert.isFalse(Stp1998.claims(frame(Bpdu.GROUP_ADDRESS, Protocol.llc(0xf0, 0xf0))))
    assert.isFalse(Stp1998.claims(frame(Bpdu.GROUP_ADDRESS + 2, Protocol.BPDU)))
    assert.isFalse(Stp1998.claims(frame(0x01000ccccccd, Protocol.BPDU)))
  })

  it("ignores commands that are not its own", () => {
    const bridge = new Bridge()
    const before = fingerprint(bridge.state, 0)
    Stp1998.onCommand(bridge.state, { type: "bridge.clear-dynamic" }, 0, bridge.actions)
    assert.strictEqual(fingerprint(bridge.state, 0), before)
  })
})

const Count = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 12 }))

describe("Timers", () => {
  it.prop(
    "every timer has a number of its own, from which tree, port and name come back",
    { trees: Count, ports: Count },
    (size) => {
      const state = State.make({}, { ...VIEW, bridgePorts: size.ports, trees: size.trees }, size.trees)
      const seen = new Set<number>()
      for (let tree = 0; tree < size.trees; tree++) {
        for (let port = 0; port < size.ports; port++) {
          for (const name of [
            Timers.HELLO,
            Timers.TCN,
            Timers.TOPOLOGY_CHANGE,
            Timers.MESSAGE_AGE,
            Timers.FORWARD_DELAY,
            Timers.HOLD,
          ]) {
            const number = Timers.number(state, tree, port, name)
            seen.add(number)
            assert.strictEqual(Timers.treeOf(state, number), tree)
            assert.strictEqual(Timers.nameOf(state, number), name)
            assert.strictEqual(Timers.portOf(state, number), name < Timers.MESSAGE_AGE ? 0 : port)
          }
        }
      }
      assert.strictEqual(seen.size, Timers.count(size.trees, size.ports))
      assert.strictEqual(Math.max(...seen), Timers.count(size.trees, size.ports) - 1)
    },
  )
})

const fingerprint = (state: State.State, now: number): string => {
  const digest = new Digest()
  Columns.fingerprint(state, digest, now)
  return digest.text
}

describe("copy and fingerprint", () => {
  it("a copy is the same and shares nothing that changes", () => {
    const bridge = new Bridge()
    bridge.receive(0, config())
    bridge.until(17)
    const copy = Columns.copy(bridge.state)
    assert.deepEqual(copy, structuredClone(bridge.state))
    const before = fingerprint(copy, bridge.now)
    assert.strictEqual(fingerprint(bridge.state, bridge.now), before)
    bridge.receive(1, config({ rootAddress: BETTER - 1 }))
    bridge.until(60)
    assert.strictEqual(fingerprint(copy, 17 * SECOND), before)
    assert.notStrictEqual(fingerprint(bridge.state, bridge.now), before)
  })

  it("every column counts, but for the caches", () => {
    const bridge = new Bridge()
    bridge.until(3)
    const before = fingerprint(bridge.state, bridge.now)
    for (const [name, column] of Object.entries(bridge.state)) {
      if (typeof column !== "object") continue
      const was = column[0]
      column[0] = Array.isArray(column) ? null : 1 + (Number.isFinite(was) ? was : 0)
      if (Array.isArray(column)) assert.strictEqual(fingerprint(bridge.state, bridge.now), before, name)
      else assert.notStrictEqual(fingerprint(bridge.state, bridge.now), before, name)
      column[0] = was
    }
    assert.strictEqual(fingerprint(bridge.state, bridge.now), before)
  })

  it("is the same for the same history at another time", () => {
    const early = new Bridge()
    const late = new Bridge()
    early.until(0)
    const state = State.make({}, VIEW, 1)
    const actions = new Recorder()
    const at = 1_000 * SECOND
    Management.initialization(state, 0, at, actions)
    for (const port of [0, 1, 2]) Management.linkUp(state, port, 100_000_000, at, actions)
    Operation.receivedConfigurationBpdu(state, 0, 1, config(), at, actions)
    late.receive(1, config())
    assert.strictEqual(fingerprint(state, at), fingerprint(late.state, 0))
  })
})

describe("several trees", () => {
  it("live side by side in one state, each with its own root, timers and priorities", () => {
    const state = State.make(
      {
        priority: 32_768,
        ports: [{ priority: 128 }, {}],
        trees: [{}, { priority: 4096, ports: [{ priority: 32, pathCost: 7 }] }],
      },
      { ...VIEW, bridgePorts: 2, trees: 2 },
      2,
    )
    const actions = new Recorder()
    for (const tree of [0, 1]) Management.initialization(state, tree, 0, actions)
    for (const port of [0, 1]) Management.linkUp(state, port, 1_000_000_000, 0, actions)
    Operation.receivedConfigurationBpdu(state, 0, 0, config(), 0, actions)
    Operation.receivedConfigurationBpdu(state, 1, 0, config(), 0, actions)
    const [first, second] = [Query.snapshot(state, 0, 0), Query.snapshot(state, 1, 0)]
    assert.strictEqual(first.rootPort, 0)
    assert.strictEqual(first.rootPathCost, 4)
    assert.isTrue(second.isRoot)
    assert.strictEqual(second.bridge.priority, 4096)
    assert.deepEqual(
      [first.ports[0], second.ports[0]].map((port) => [port.cost, port.portIdentifier, port.role]),
      [
        [4, 0x8001, "Root"],
        [7, 0x2001, "Designated"],
      ],
    )
    assert.isUndefined(first.helloNs)
    assert.strictEqual(second.helloNs, 2 * SECOND)
  })
})
