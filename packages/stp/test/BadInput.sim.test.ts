/**
 * Bad input to running bridges of every protocol: random, truncated, oversized, looped-back and forged BPDUs, by somebody at a repeater.
 * Nothing is fatal; what is not taken is counted by reason and traced; and when it is over the tree is right again.
 */
import { assert, describe, it } from "@effect/vitest"
import { MILLISECOND, SECOND } from "@l2lab/sim/SimTime"
import type { TraceEvent } from "@l2lab/sim/TraceEvent"
import * as Bpdu from "../src/Bpdu.ts"
import * as Discard from "../src/Discard.ts"
import * as Sstp from "../src/pvst/Sstp.ts"
import * as Trace from "../src/Trace.ts"
import { Draw } from "./simulation/Draw.ts"
import { ieee, type IntruderState, type Send, sstp, think, THOUGHTS, type Thought } from "./simulation/Intruder.ts"
import { addressOf, Network } from "./simulation/Network.ts"
import { PROTOCOLS, type StandardProtocol } from "./simulation/Protocols.ts"
import * as Topology from "./simulation/Topology.ts"

const ALL = Object.keys(PROTOCOLS) as ReadonlyArray<StandardProtocol>

/** A ring of three, a repeater between the first two, and one at the third; an intruder at each repeater. */
const topology: Topology.Topology = (() => {
  const ring = Topology.ringOf(3)
  const ports = ring.bridges.map((bridge) => [...bridge.ports])
  const shared = (...bridges: ReadonlyArray<number>): Topology.Segment => ({
    ends: bridges.map((bridge) => ({ bridge, port: ports[bridge].push({ cost: 10, priority: 128 }) - 1 })),
    isShared: true,
    latencyNs: 500,
  })
  const segments = [...ring.segments, shared(0, 1), shared(2)]
  return { ...ring, bridges: ring.bridges.map((bridge, n) => ({ ...bridge, ports: ports[n] })), segments }
})()

/** Better than any, from nobody, and as old as it may become. */
const EXPIRED_RST: Bpdu.RstBpdu = {
  protocol: "bpdu",
  kind: "rst",
  role: "designated",
  topologyChange: false,
  proposal: false,
  learning: false,
  forwarding: false,
  agreement: false,
  rootPriority: 0,
  rootAddress: 0x02badbadbad0,
  rootPathCost: 0,
  bridgePriority: 0,
  bridgeAddress: 0x02badbadbad0,
  portIdentifier: 0x8001,
  messageAge: 20 * 256,
  maxAge: 20 * 256,
  helloTime: 2 * 256,
  forwardDelay: 15 * 256,
}

class Attacked {
  readonly events: Array<TraceEvent> = []
  readonly network: Network
  private readonly protocol: StandardProtocol

  constructor(protocol: StandardProtocol, seed: number) {
    this.protocol = protocol
    this.network = new Network(
      topology,
      topology.bridges.map(() => protocol),
      { helloTime: 2, maxAge: 20, forwardDelay: 15 },
      { seed, autoEdge: true, hasIntruders: true, onTrace: (event) => this.events.push(event) },
    )
    this.run(60 * SECOND)
  }

  run(ns: number): void {
    this.network.run(this.network.now + ns)
  }

  heard(intruder: number): IntruderState {
    return this.network.simulation.world.states[this.network.intruders[intruder]] as IntruderState
  }

  send(intruder: number, frame: Send["frame"], tci: number): void {
    const command: Send = { type: "intruder.send", frame, tci }
    this.network.simulation.command(this.network.intruders[intruder], command)
  }

  /** What the bridges have not taken, by reason. */
  get discarded(): Readonly<Record<string, number>> {
    const sums: Record<string, number> = {}
    topology.bridges.forEach(({ ports }, bridge) => {
      const column = PROTOCOLS[this.protocol].discarded(this.network.state(bridge))
      for (let port = 0; port < ports.length; port++) {
        for (const [reason, times] of Object.entries(Discard.byReason(column, port))) sums[reason] = (sums[reason] ?? 0) + times
      }
    })
    return sums
  }

  /** The same by what was traced. */
  get traced(): Readonly<Record<string, number>> {
    const sums: Record<string, number> = {}
    for (const { b, code } of this.events) {
      if (code === Trace.BPDU_DISCARDED.code) sums[Discard.REASONS[b]] = (sums[Discard.REASONS[b]] ?? 0) + 1
    }
    return sums
  }
}

/** Until what was forged is forgotten. Times in BPDUs go up to 255 s: where they are forged, a root may live so long and ports wait as long. */
const untilForgotten = (thoughts: ReadonlyArray<Thought>): number =>
  (thoughts.includes("impossible-age") || thoughts.includes("bit-flips") ? 255 * (1 + 2 + 3) : 120) * SECOND

describe.each(ALL)("%s", (protocol) => {
  const conduct = (thoughts: ReadonlyArray<Thought>, seed: number): Attacked => {
    const attacked = new Attacked(protocol, seed)
    assert.deepEqual(attacked.network.faults(), [])
    const from = new Draw(seed, `bad input ${protocol}`)
    const addresses = topology.bridges.map((_, bridge) => addressOf(bridge))
    for (let n = 0; n < 60; n++) {
      const intruder = from.between(0, 1)
      const sent = think(from, from.one(thoughts), attacked.heard(intruder), addresses)
      if (sent !== undefined) attacked.send(intruder, sent.frame, sent.tci)
      attacked.run(from.between(1, 2500) * MILLISECOND)
    }
    attacked.run(untilForgotten(thoughts))
    assert.deepEqual(attacked.network.faults(), [], `seed ${seed}, ${thoughts.join(" ")}`)
    assert.deepEqual(attacked.traced, attacked.discarded)
    return attacked
  }

  it.each(THOUGHTS)("%s BPDUs do no lasting harm", (thought) => {
    conduct([thought], 1)
  })

  it("nor do all of them together", () => {
    for (let seed = 2; seed <= 4; seed++) conduct(THOUGHTS, seed)
  })

  it("what is not taken is counted by reason", () => {
    const attacked = new Attacked(protocol, 1)
    const hello: Bpdu.ConfigBpdu = {
      protocol: "bpdu",
      kind: "config",
      topologyChange: false,
      topologyChangeAcknowledgment: false,
      rootPriority: 61_440,
      rootAddress: 0x02badbadbad0,
      rootPathCost: 0,
      bridgePriority: 61_440,
      bridgeAddress: 0x02badbadbad0,
      portIdentifier: 0x8001,
      messageAge: 0,
      maxAge: 20 * 256,
      helloTime: 2 * 256,
      forwardDelay: 15 * 256,
    }
    const octets = Bpdu.emit(hello)
    const altered = (offset: number, value: number): Uint8Array => octets.with(offset, value)
    const own = { ...hello, bridgeAddress: addressOf(2), portIdentifier: 0x8003 }
    // Intruder 1 has bridge 2's third port to itself.
    for (const bad of [
      new Uint8Array(0),
      octets.slice(0, 34),
      altered(0, 1),
      altered(3, 0x55),
      Bpdu.emit({ ...hello, messageAge: 20 * 256 }),
      Bpdu.emit(own),
    ]) {
      attacked.send(1, ieee(bad), -1)
    }
    attacked.run(SECOND)
    const expected: Record<string, number> = { truncated: 2, "bad-protocol": 1, "unknown-type": 1, "too-old": 1, own: 1 }
    assert.deepEqual(attacked.discarded, expected)
    assert.deepEqual(attacked.traced, expected)
    attacked.send(1, ieee(octets), 5)
    attacked.run(SECOND)
    expected.tagged = 1
    assert.deepEqual(attacked.discarded, expected)
    // RST BPDUs are not there for 1998, which counts a type that it does not know; others take them, and nothing of it lasts.
    attacked.send(1, ieee(Bpdu.emit(EXPIRED_RST)), -1)
    attacked.run(SECOND)
    const reason = protocol === "stp" || protocol === "pvst" ? "unknown-type" : "expired"
    expected[reason] = (expected[reason] ?? 0) + 1
    assert.deepEqual(attacked.discarded, expected)
    assert.deepEqual(attacked.traced, expected)
    attacked.run(5 * SECOND)
    assert.deepEqual(attacked.network.faults(), [])
    if (!protocol.endsWith("pvst")) return
    // A cut PVID TLV, and one that names another VLAN than the one it came in.
    const said = Sstp.emit({ protocol: "sstp", bpdu: hello, pvid: 10 })
    attacked.send(1, sstp(said.slice(0, said.length - 2)), 10)
    attacked.send(1, sstp(said), -1)
    attacked.run(SECOND)
    const { "pvid-mismatch": mismatch, ...others } = attacked.discarded
    assert.strictEqual(mismatch, 1)
    assert.isAbove((others["truncated"] ?? 0) + (others["no-pvid"] ?? 0), 2)
  })
})
