/** The machines of clause 17, seen through one bridge: what a BPDU, a second or a link makes of its ports, and what it says. */
import { assert, describe, it } from "@effect/vitest"
import * as Bpdu from "../../src/Bpdu.ts"
import type { AnyMachine } from "../../src/Machine.ts"
import * as MstpEngine from "../../src/mstp/Engine.ts"
import * as Engine from "../../src/rstp2004/Engine.ts"
import * as Trace from "../../src/Trace.ts"
import { BETTER, OWN, WORSE, config } from "../stp1998/Bridge.ts"
import { Bridge, rst } from "./Bridge.ts"

const kinds = (bpdus: ReadonlyArray<Bpdu.Bpdu>): ReadonlyArray<string> => bpdus.map((bpdu) => bpdu.kind)

/** What a neighbour's root or alternate port says: this bridge's own vector, one cost on. */
const fromBelow = (fields: Partial<Bpdu.RstBpdu> = {}) =>
  rst({ rootAddress: OWN, rootPathCost: 20_000, bridgeAddress: WORSE, role: "root", agreement: true, ...fields })

describe("a bridge on its own", () => {
  it("has designated ports that propose", () => {
    const bridge = new Bridge()
    assert.deepEqual(bridge.roles, ["Designated", "Designated", "Designated"])
    assert.deepEqual(bridge.states, ["discarding", "discarding", "discarding"])
    const [bpdu] = bridge.sent(0) as ReadonlyArray<Bpdu.RstBpdu>
    assert.isTrue(bpdu.proposal)
    assert.strictEqual(bpdu.role, "designated")
    assert.strictEqual(bpdu.rootAddress, OWN)
  })

  it("finds out by 3 s of silence that its ports are edges, and detects no change for them", () => {
    const bridge = new Bridge()
    bridge.until(2.4)
    assert.deepEqual(bridge.states, ["discarding", "discarding", "discarding"])
    bridge.until(2.6)
    assert.isTrue(bridge.port(0).operEdge)
    assert.deepEqual(bridge.states, ["forwarding", "forwarding", "forwarding"])
    assert.isEmpty(bridge.actions.traces.filter(([code]) => code === Trace.TOPOLOGY_CHANGE.code))
  })

  it("forwards at once on a port that management calls an edge, until a BPDU comes in", () => {
    const bridge = new Bridge({ ports: [{ adminEdge: true }] })
    assert.strictEqual(bridge.port(0).state, "forwarding")
    bridge.receive(0, rst({ rootAddress: WORSE }))
    assert.isFalse(bridge.port(0).operEdge)
  })

  it("waits 2 x forward delay for ports at which it hears nobody and may not guess, on 1998's terms", () => {
    const bridge = new Bridge({ forceProtocolVersion: 0 })
    bridge.until(15)
    assert.strictEqual(bridge.port(0).state, "discarding")
    bridge.until(20)
    assert.strictEqual(bridge.port(0).state, "learning")
    bridge.until(36)
    assert.strictEqual(bridge.port(0).state, "forwarding")
    assert.isTrue(bridge.actions.take().every(({ bpdu }) => bpdu.kind === "config"))
  })

  it("says hello every two seconds, with one frame while nothing changes", () => {
    const bridge = new Bridge()
    bridge.until(60)
    bridge.actions.take()
    bridge.until(70)
    const frames = bridge.actions.take().filter(({ port }) => port === 1)
    assert.lengthOf(frames, 5)
    assert.isTrue(frames.every(({ frame }) => frame === frames[0].frame))
  })
})

describe("proposal and agreement", () => {
  it("a root port agrees and forwards in the instant of the proposal; ports that might loop discard", () => {
    const bridge = new Bridge()
    bridge.until(10)
    bridge.receive(1, fromBelow({ agreement: false }))
    bridge.actions.take()
    bridge.receive(0, rst({ proposal: true, learning: false, forwarding: false }))
    assert.deepEqual(bridge.roles, ["Root", "Designated", "Designated"])
    assert.strictEqual(bridge.port(0).state, "forwarding")
    assert.strictEqual(bridge.port(1).state, "discarding")
    assert.strictEqual(bridge.port(2).state, "forwarding") // an edge
    const last = bridge.sent(0).at(-1) as Bpdu.RstBpdu
    assert.isTrue(last.agreement)
    assert.strictEqual(last.role, "root")
  })

  it("a designated port forwards in the instant of the agreement", () => {
    const bridge = new Bridge()
    bridge.receive(0, fromBelow())
    assert.strictEqual(bridge.port(0).state, "forwarding")
    assert.isTrue(bridge.port(0).agreed)
  })

  it("an agreement counts for nothing on a shared LAN", () => {
    const bridge = new Bridge({ ports: [{ adminPointToPointMAC: false }] })
    bridge.receive(0, fromBelow())
    assert.isFalse(bridge.port(0).agreed)
    assert.strictEqual(bridge.port(0).state, "discarding")
    const half = new Bridge({}, [])
    half.link(0, true, false)
    half.receive(0, fromBelow())
    assert.isFalse(half.port(0).agreed)
  })

  it("an alternate port agrees too, and takes over at once when the root port goes", () => {
    const bridge = new Bridge()
    bridge.receive(0, rst({ proposal: true }))
    bridge.actions.take()
    bridge.receive(1, rst({ proposal: true, portIdentifier: 0x8002 }))
    assert.strictEqual(bridge.port(1).role, "Alternate")
    assert.isTrue((bridge.sent(1).at(-1) as Bpdu.RstBpdu).agreement)
    bridge.link(0, false)
    assert.deepEqual(bridge.roles, ["Disabled", "Root", "Designated"])
    assert.strictEqual(bridge.port(1).state, "forwarding")
  })

  it("a port that hears its own bridge is a backup port", () => {
    const bridge = new Bridge()
    bridge.receive(1, rst({ rootAddress: OWN, bridgeAddress: OWN, portIdentifier: 0x8001 }))
    assert.strictEqual(bridge.port(1).role, "Backup")
    bridge.until(8)
    assert.strictEqual(bridge.port(1).role, "Designated")
  })
})

describe("what a port holds", () => {
  it("ages out after three hellos", () => {
    const bridge = new Bridge()
    bridge.receive(0, rst())
    bridge.until(5)
    assert.strictEqual(bridge.port(0).role, "Root")
    bridge.until(6)
    assert.strictEqual(bridge.port(0).role, "Designated")
  })

  it("is not taken in when it is as old as max age allows", () => {
    const bridge = new Bridge()
    bridge.receive(0, rst({ messageAge: 20 * 256 }))
    assert.strictEqual(bridge.port(0).role, "Designated")
    bridge.receive(0, rst({ messageAge: 19 * 256 }))
    assert.strictEqual(bridge.port(0).role, "Root")
  })

  it("follows the designated bridge when its word becomes worse", () => {
    const bridge = new Bridge()
    bridge.receive(0, rst({ rootPathCost: 5 }))
    bridge.receive(1, rst({ rootPathCost: 10, portIdentifier: 0x8002 }))
    bridge.receive(0, rst({ rootPathCost: 15 }))
    assert.deepEqual(bridge.roles.slice(0, 2), ["Alternate", "Root"])
  })

  it("a worse designated port that learns is disputed, and the port stops forwarding", () => {
    const bridge = new Bridge()
    bridge.receive(0, fromBelow())
    assert.strictEqual(bridge.port(0).state, "forwarding")
    bridge.receive(0, rst({ rootAddress: WORSE, learning: true }))
    assert.strictEqual(bridge.port(0).state, "discarding")
    bridge.receive(0, rst({ rootAddress: WORSE, learning: false }))
    assert.isFalse(bridge.port(0).disputed)
  })

  it("its own words are not taken", () => {
    const bridge = new Bridge()
    bridge.receive(0, rst({ rootAddress: OWN, bridgeAddress: OWN, portIdentifier: 0x8001 }))
    assert.strictEqual(bridge.port(0).discarded, 1)
    assert.strictEqual(bridge.port(0).role, "Designated")
  })

  it("malformed octets, other VLANs' frames and BPDUs on ports that are down are counted and change nothing", () => {
    const bridge = new Bridge({}, [0])
    bridge.receive(0, Uint8Array.of(0, 0, 2))
    bridge.receive(0, rst(), 5)
    bridge.receive(0, config({ messageAge: 20 * 256 }))
    bridge.receive(1, rst())
    assert.deepEqual([bridge.port(0).discarded, bridge.port(1).discarded], [3, 1])
    assert.deepEqual(bridge.port(0).discards, { truncated: 1, tagged: 1, "too-old": 1 })
    assert.deepEqual(bridge.port(1).discards, { "port-disabled": 1 })
    assert.strictEqual(bridge.port(0).role, "Designated")
  })

  it("a port that goes down is Disabled and says nothing", () => {
    const bridge = new Bridge()
    bridge.link(0, false)
    bridge.actions.take()
    bridge.until(30)
    assert.isEmpty(bridge.sent(0))
    assert.strictEqual(bridge.port(0).role, "Disabled")
  })

  it("an RST BPDU of unknown role is taken for a Configuration BPDU", () => {
    const bridge = new Bridge()
    bridge.receive(0, rst({ role: "unknown", proposal: true }))
    assert.strictEqual(bridge.port(0).role, "Root")
  })
})

describe("transmit hold count", () => {
  it("lets so many BPDUs go ahead of one a second", () => {
    const bridge = new Bridge({ txHoldCount: 3 })
    bridge.actions.take()
    for (let n = 0; n < 20; n++) bridge.receive(0, rst({ proposal: true, rootPathCost: 20 - n }))
    assert.lengthOf(bridge.sent(0), 2) // one had gone when the link came up
    bridge.until(0.6)
    assert.lengthOf(bridge.sent(0), 1)
  })
})

describe("migration", () => {
  it("falls back to 1998 for a neighbour that speaks it, 3 s after the link came up, and back again", () => {
    const bridge = new Bridge()
    bridge.receive(0, config({ rootAddress: WORSE }))
    assert.isTrue(bridge.port(0).sendRSTP)
    bridge.until(3.6)
    bridge.receive(0, config({ rootAddress: WORSE }))
    assert.isFalse(bridge.port(0).sendRSTP)
    bridge.actions.take()
    bridge.until(8)
    assert.deepEqual([...new Set(kinds(bridge.sent(0)))], ["config"])
    bridge.receive(0, rst({ rootAddress: WORSE }))
    assert.isTrue(bridge.port(0).sendRSTP)
  })

  it("tries RST BPDUs again when management asks", () => {
    const bridge = new Bridge()
    bridge.until(3.6)
    bridge.receive(0, config({ rootAddress: WORSE }))
    assert.isFalse(bridge.port(0).sendRSTP)
    bridge.command({ type: "stp.check-migration", port: 0 })
    assert.isTrue(bridge.port(0).sendRSTP)
  })

  it("notifies a designated bridge of 1998 of topology changes, until it acknowledges", () => {
    const bridge = new Bridge()
    bridge.until(3.6)
    bridge.receive(0, config())
    bridge.receive(1, fromBelow())
    bridge.actions.take()
    for (let hello = 4; hello < 34; hello += 2) {
      bridge.until(hello)
      bridge.receive(0, config())
    }
    assert.include(kinds(bridge.sent(0)), "tcn")
    bridge.until(40)
    bridge.receive(0, config({ topologyChangeAcknowledgment: true }))
    assert.strictEqual(bridge.state.tcWhile[0], 0)
  })

  it("a notification is acknowledged, and passed on as a flag", () => {
    const bridge = new Bridge()
    bridge.receive(1, fromBelow())
    bridge.until(3.6)
    bridge.receive(0, config({ rootAddress: WORSE }))
    bridge.until(40)
    bridge.receive(0, Bpdu.TCN)
    const [answer] = bridge.sent(0).slice(-1) as ReadonlyArray<Bpdu.ConfigBpdu>
    bridge.until(42)
    const later = [answer, ...(bridge.sent(0) as ReadonlyArray<Bpdu.ConfigBpdu>)]
    assert.isTrue(later.some((bpdu) => bpdu.topologyChangeAcknowledgment))
  })
})

describe("topology changes", () => {
  it("are told for hello + 1 s, and have what was learnt on other ports forgotten at once", () => {
    const bridge = new Bridge()
    bridge.receive(0, fromBelow())
    bridge.receive(1, fromBelow())
    bridge.until(10)
    bridge.actions.take()
    bridge.actions.flushed = []
    bridge.receive(0, fromBelow({ topologyChange: true }))
    assert.deepEqual(bridge.actions.flushed, [1])
    const [told] = bridge.sent(1) as ReadonlyArray<Bpdu.RstBpdu>
    assert.isTrue(told.topologyChange)
    bridge.until(14)
    assert.isFalse((bridge.sent(1).at(-1) as Bpdu.RstBpdu).topologyChange)
    const codes = bridge.actions.traces.map(([code]) => code)
    assert.isAbove(codes.lastIndexOf(Trace.TOPOLOGY_CHANGE_OVER.code), codes.lastIndexOf(Trace.TOPOLOGY_CHANGE.code))
  })

  it("shorten ageing in STP compatibility mode", () => {
    const bridge = new Bridge({ forceProtocolVersion: 0 })
    bridge.until(40)
    bridge.receive(0, config({ rootAddress: WORSE, topologyChange: true }))
    bridge.receive(0, Bpdu.TCN)
    assert.strictEqual(bridge.actions.ageing, 15e9)
    bridge.until(60)
    assert.strictEqual(bridge.actions.ageing, 300e9)
  })
})

describe("management", () => {
  it("a better priority makes the bridge the root, a worse one gives it up", () => {
    const bridge = new Bridge()
    bridge.receive(0, rst())
    bridge.command({ type: "stp.set-bridge-priority", priority: 4096 })
    assert.strictEqual(bridge.port(0).role, "Designated")
    bridge.command({ type: "stp.set-bridge-priority", priority: 61_440 })
    bridge.receive(0, rst())
    assert.strictEqual(bridge.port(0).role, "Root")
  })

  it("costs and port priorities choose among ways to the root", () => {
    const bridge = new Bridge()
    bridge.receive(0, rst())
    bridge.receive(1, rst())
    assert.deepEqual(bridge.roles.slice(0, 2), ["Root", "Alternate"])
    bridge.command({ type: "stp.set-port-priority", port: 1, priority: 16 })
    assert.deepEqual(bridge.roles.slice(0, 2), ["Alternate", "Root"])
    bridge.command({ type: "stp.set-path-cost", port: 0, cost: 5 })
    assert.deepEqual(bridge.roles.slice(0, 2), ["Root", "Alternate"])
    bridge.command({ type: "stp.set-path-cost", port: 0 })
    assert.strictEqual(bridge.port(0).cost, 20_000)
    bridge.command({ type: "stp.set-port-enabled", port: 1, enabled: false })
    assert.deepEqual(bridge.roles.slice(0, 2), ["Root", "Disabled"])
  })

  it("the root's times are everybody's", () => {
    const bridge = new Bridge()
    bridge.command({ type: "stp.set-bridge-times", maxAge: 30, forwardDelay: 20 })
    const last = bridge.sent(0).at(-1) as Bpdu.RstBpdu
    assert.deepEqual([last.maxAge, last.forwardDelay, last.helloTime], [30 * 256, 20 * 256, 512])
    bridge.receive(0, rst({ maxAge: 6 * 256 }))
    assert.strictEqual(bridge.state.rootTimes.maxAge[0], 6 * 256)
    assert.strictEqual(bridge.state.rootTimes.messageAge[0], 256)
  })
})

describe("tables", () => {
  it("trace their states by the names that the figures give them", () => {
    const traced: ReadonlyArray<AnyMachine> = [...Engine.MACHINES, ...MstpEngine.MACHINES].filter(
      ({ figure }) => figure.isUntraced !== true,
    )
    const names = traced.flatMap((machine) => machine.stateNames.map((state) => `${machine.figure.abbreviation} ${state}`))
    assert.sameMembers([...new Set(names)], [...Trace.MACHINE_STATES])
    for (const machine of traced) {
      machine.stateNames.forEach((state, index) =>
        assert.strictEqual(Trace.MACHINE_STATES[machine.traceCodes[index]], `${machine.figure.abbreviation} ${state}`),
      )
    }
  })

  it("tell the machine's way in a trace", () => {
    const bridge = new Bridge()
    const ways = bridge.actions.details
      .filter(([code, port]) => code === Trace.MACHINE.code && port === 0)
      .map(([, , , from, to]) => [Trace.MACHINE_STATES[from], Trace.MACHINE_STATES[to]].join(" -> "))
    assert.include(ways, "PIM DISABLED -> PIM AGED")
    assert.include(ways, "PRT DESIGNATED_PORT -> PRT DESIGNATED_PROPOSE")
  })

  it("of trees are traced by their tree, and no port", () => {
    const bridge = new Bridge()
    const selection = Trace.MACHINE_STATES.indexOf("PRS ROLE_SELECTION")
    const told = bridge.actions.details.filter(([code, , , , to]) => code === Trace.MACHINE.code && to === selection)
    assert.deepEqual(
      told.map(([, port, tree]) => [port, tree]),
      [[-1, 0]],
    )
  })

  it("knows the root by the better address", () => {
    const bridge = new Bridge()
    bridge.receive(0, rst({ rootAddress: BETTER }))
    bridge.receive(1, rst({ rootAddress: BETTER - 1 }))
    assert.deepEqual(bridge.roles, ["Designated", "Root", "Designated"])
  })
})
