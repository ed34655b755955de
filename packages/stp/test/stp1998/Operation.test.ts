/** 8.7 and 9.3.4: what comes in and what expires, on a bridge of three ports. */
import { assert, describe, it } from "@effect/vitest"
import { SECOND } from "@l2lab/sim/SimTime"
import * as Bpdu from "../../src/Bpdu.ts"
import * as Discard from "../../src/Discard.ts"
import * as StpTime from "../../src/StpTime.ts"
import * as Trace from "../../src/Trace.ts"
import { mst, rst } from "../rstp2004/Bridge.ts"
import { BETTER, Bridge, config, OWN, WORSE } from "./Bridge.ts"

const SECONDS = StpTime.TICKS_PER_SECOND

describe("8.7.1 Received Configuration BPDU", () => {
  it("a bridge that ceases to be the root stops its hellos", () => {
    const bridge = new Bridge()
    assert.strictEqual(bridge.tree.helloNs, 2 * SECOND)
    bridge.receive(0, config())
    assert.isUndefined(bridge.tree.helloNs)
    assert.isFalse(bridge.tree.isRoot)
  })

  it("and hands a topology change of its own over to the new root", () => {
    const bridge = new Bridge()
    bridge.until(31)
    bridge.actions.take()
    bridge.receive(0, config())
    assert.deepEqual(
      bridge.actions.take().map(({ bpdu, port }) => [port, bpdu.kind]),
      [
        [0, "tcn"],
        [1, "config"],
        [2, "config"],
      ],
    )
    assert.isUndefined(bridge.tree.topologyChangeNs)
    assert.strictEqual(bridge.tree.tcnNs, 2 * SECOND)
    // The new root's word counts: it flags nothing yet.
    assert.isFalse(bridge.tree.topologyChange)
  })

  it("a worse cost from the designated bridge itself does not replace what is known: it ages out", () => {
    const bridge = new Bridge()
    bridge.receive(0, config({ rootPathCost: 4, rootAddress: BETTER }))
    bridge.until(1)
    bridge.receive(0, config({ rootPathCost: 5, rootAddress: BETTER }))
    assert.strictEqual(bridge.tree.ports[0].designatedCost, 4)
    bridge.until(20)
    assert.isTrue(bridge.tree.isRoot)
  })

  it("does not receive what is as old as its max age, nor on a disabled port", () => {
    const bridge = new Bridge({}, [0, 1])
    bridge.receive(0, config({ messageAge: 20 * SECONDS }))
    bridge.receive(2, config())
    assert.isTrue(bridge.tree.isRoot)
    assert.deepEqual(
      bridge.tree.ports.map((port) => [port.configReceived, port.discarded]),
      [
        [0, 1],
        [0, 0],
        [0, 1],
      ],
    )
    assert.deepEqual(
      bridge.actions.details.filter(([code]) => code === Trace.BPDU_DISCARDED.code).map(([, port, why]) => [port, why]),
      [
        [0, Discard.TOO_OLD],
        [2, Discard.PORT_DISABLED],
      ],
    )
    bridge.receive(0, config({ messageAge: 20 * SECONDS - 1 }))
    assert.strictEqual(bridge.tree.ports[0].messageAgeNs, StpTime.TICK_NS)
  })

  it("hears itself on a looped port and makes nothing of it", () => {
    const bridge = new Bridge()
    bridge.receive(0, config({ rootAddress: OWN, portIdentifier: 0x8001 }))
    assert.deepEqual(bridge.roles, ["Designated", "Designated", "Designated"])
    assert.isUndefined(bridge.tree.ports[0].messageAgeNs)
  })
})

describe("8.7.3 Hello Timer Expiry", () => {
  it("every hello time on every designated port", () => {
    const bridge = new Bridge({ helloTime: 1 })
    bridge.until(5)
    const sent = bridge.actions.take()
    assert.lengthOf(sent, 15)
    assert.deepEqual(
      bridge.tree.ports.map((port) => port.configSent),
      [5, 5, 5],
    )
  })
})

describe("8.7.4 Message Age Timer Expiry", () => {
  it("the last way to the root lost: the bridge is the root, by its own times", () => {
    const bridge = new Bridge({ helloTime: 3 })
    bridge.receive(0, config({ messageAge: 2 * SECONDS, helloTime: SECONDS }))
    bridge.until(17.99)
    assert.isFalse(bridge.tree.isRoot)
    bridge.actions.take()
    bridge.until(18)
    assert.isTrue(bridge.tree.isRoot)
    assert.strictEqual(bridge.tree.times.helloTime, 3)
    assert.strictEqual(bridge.tree.helloNs, 3 * SECOND)
    assert.isTrue(bridge.tree.topologyChange)
    assert.isUndefined(bridge.tree.tcnNs)
    assert.lengthOf(bridge.actions.take(), 3)
  })

  it("ends its notifications: the change is its own to flag now", () => {
    const bridge = new Bridge()
    bridge.receive(0, config())
    bridge.receive(1, { protocol: "bpdu", kind: "tcn" })
    assert.strictEqual(bridge.tree.tcnNs, 2 * SECOND)
    bridge.until(20)
    assert.isTrue(bridge.tree.isRoot)
    assert.isUndefined(bridge.tree.tcnNs)
    assert.isTrue(bridge.tree.topologyChange)
  })

  it("another way to the root known: 30 s until it forwards", () => {
    const bridge = new Bridge()
    for (let t = 0; t <= 30; t += 2) {
      bridge.until(t)
      bridge.receive(0, config())
      bridge.receive(1, config({ bridgeAddress: BETTER + 1, rootPathCost: 1 }))
    }
    assert.deepEqual(bridge.states, ["forwarding", "blocking", "forwarding"])
    for (let t = 32; t <= 80; t += 2) {
      bridge.until(t)
      bridge.receive(1, config({ bridgeAddress: BETTER + 1, rootPathCost: 1 }))
      if (t < 50) assert.deepEqual(bridge.states, ["forwarding", "blocking", "forwarding"], `${t}`)
    }
    assert.strictEqual(bridge.tree.rootPort, 1)
    assert.strictEqual(bridge.tree.lastChangeAt, (30 + 20 + 30) * SECOND)
    assert.deepEqual(bridge.states, ["forwarding", "forwarding", "forwarding"])
  })

  it("a blocked port that hears nothing more becomes designated", () => {
    const bridge = new Bridge()
    bridge.receive(0, config())
    bridge.receive(1, config({ portIdentifier: 0x8002 }))
    for (let t = 2; t <= 20; t += 2) {
      bridge.until(t)
      bridge.receive(0, config())
    }
    assert.deepEqual(bridge.roles, ["Root", "Designated", "Designated"])
    assert.strictEqual(bridge.states[1], "listening")
  })
})

describe("8.7.5 Forward Delay Timer Expiry", () => {
  it("a bridge that is designated nowhere detects no change", () => {
    const bridge = new Bridge({}, [0])
    bridge.receive(0, config())
    for (let t = 2; t <= 30; t += 2) {
      bridge.until(t)
      bridge.receive(0, config())
    }
    assert.strictEqual(bridge.states[0], "forwarding")
    assert.isFalse(bridge.tree.topologyChangeDetected)
  })
})

describe("what is no BPDU of this protocol", () => {
  it("is counted and changes nothing", () => {
    const bridge = new Bridge()
    bridge.receive(0, new Uint8Array([0, 0, 0]))
    bridge.receive(0, rst())
    bridge.receive(0, mst())
    bridge.receive(0, config(), 0x0005)
    assert.isTrue(bridge.tree.isRoot)
    assert.strictEqual(bridge.tree.ports[0].discarded, 4)
    assert.deepEqual(bridge.tree.ports[0].discards, { truncated: 1, "unknown-type": 2, tagged: 1 })
    // A priority tag is no VLAN's tag, and octets are read.
    bridge.receive(0, config(), 0xe000)
    bridge.receive(1, Bpdu.emit(config({ rootAddress: BETTER - 1 })))
    assert.strictEqual(bridge.tree.root.address, BETTER - 1)
    assert.notStrictEqual(bridge.tree.root.address, WORSE)
  })
})
