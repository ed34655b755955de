/** The queue before a bridge's processor: what a storm does to it, a port's share of it, and a processor that hangs. */
import { NEVER, SECOND } from "@l2lab/sim/SimTime"
import { assert, describe, it } from "vitest"
import type { ControlPlaneConfig } from "../src/ControlPlane.ts"
import * as ErrdisableCause from "../src/ErrdisableCause.ts"
import * as PortCounters from "../src/PortCounters.ts"
import * as Trace from "../src/Trace.ts"
import { A, ALL, bpdu, bridge, frame, SOME } from "./Guarded.ts"

const MS = 1e6
const limited = (controlPlane: ControlPlaneConfig) => bridge({ controlPlane })

describe("the queue before the processor", () => {
  it("by default is none: PDUs are dealt with as they come", () => {
    const sw = bridge()
    for (let i = 0; i < 1000; i++) sw.receive(0, bpdu(), 5)
    assert.strictEqual(sw.heard.pdus.length, 1000)
    assert.strictEqual(sw.out.nextTimerAt, NEVER)
  })

  it("takes one PDU after the other, each for 1/rate, and drops what does not fit", () => {
    const sw = limited({ rate: 500, queue: 3 })
    for (let i = 0; i < 10; i++) sw.receive(0, bpdu(), 0)
    assert.strictEqual(sw.heard.pdus.length, 0, "the first takes its time too")
    sw.expire(SECOND)
    assert.deepStrictEqual(
      sw.heard.pdus,
      [2, 4, 6, 8].map((ms) => [0, ms * MS] as const),
      "one in service and three that wait",
    )
    assert.strictEqual(sw.drops(0, PortCounters.CONTROL_PLANE), 6)
    sw.receive(0, bpdu(), 5 * SECOND)
    sw.expire(6 * SECOND)
    assert.deepStrictEqual(sw.heard.pdus.at(-1), [0, 5 * SECOND + 2 * MS])
  })

  it("a storm that is copied to it starves PDUs, at no event a frame", () => {
    const sw = limited({ rate: 500, queue: 100, punts: ["broadcast"] })
    let lost = 0
    for (let ms = 0; ms < 1000; ms++) {
      for (let i = 0; i < 10; i++) sw.receive(0, frame(A, ALL), ms * MS + i)
      if (ms % 100 !== 99) continue
      const before = sw.drops(1, PortCounters.CONTROL_PLANE)
      sw.receive(1, bpdu(), ms * MS + 500)
      lost += sw.drops(1, PortCounters.CONTROL_PLANE) - before
    }
    assert.isAtLeast(lost, 8)
    assert.isAtMost(sw.out.requests.filter(({ type }) => type === "startTimer").length, 10 - lost)
    assert.isAbove(sw.state.controlPlane.dropped[1], 9000)
    assert.strictEqual(sw.out.transmissions.length, 20_000, "the relay goes on")
  })

  it("copies only what the configuration says: of its VLANs, of its kinds, with a rate", () => {
    const taken = (config: ControlPlaneConfig): ReadonlyArray<number> => {
      const sw = limited(config)
      sw.receive(0, frame(A, ALL), 1)
      sw.receive(0, frame(A, SOME), 2)
      return Array.from(sw.state.controlPlane.taken)
    }
    assert.deepStrictEqual(taken({ rate: 10 }), [0, 0, 0])
    assert.deepStrictEqual(taken({ rate: 10, punts: ["broadcast"] }), [0, 1, 0])
    assert.deepStrictEqual(taken({ rate: 10, punts: ["broadcast", "multicast"] }), [0, 1, 1])
    assert.deepStrictEqual(taken({ rate: 10, punts: ["broadcast"], vlans: [10] }), [0, 0, 0])
  })

  it("a port hands over so many PDUs a second, and others are not concerned", () => {
    const sw = limited({ pduRatePerPort: 10 })
    for (let i = 0; i < 50; i++) sw.receive(0, bpdu(), i)
    sw.receive(1, bpdu(), 50)
    assert.deepStrictEqual([sw.heard.pdus.filter(([port]) => port === 0).length, sw.heard.pdus.at(-1)], [10, [1, 50]])
    assert.strictEqual(sw.state.controlPlane.limited[0], 40)
    for (let i = 0; i < 20; i++) sw.receive(0, bpdu(), 2 * SECOND + (i * SECOND) / 10)
    assert.strictEqual(sw.heard.pdus.filter(([port]) => port === 0).length, 30, "ten a second are let in for ever")
  })

  it("a port may have a rate of its own, and all together one more", () => {
    const sw = limited({ pduRatePerPort: 10, pduRates: [undefined, 2], pduRate: 100, pduBurst: 5 })
    for (const port of [0, 1, 2]) for (let i = 0; i < 10; i++) sw.receive(port, bpdu(), i)
    const heard = (port: number) => sw.heard.pdus.filter(([from]) => from === port).length
    assert.deepStrictEqual([heard(0), heard(1), heard(2)], [5, 0, 0], "five at once")
    for (let i = 0; i < 100; i++) sw.receive(1, bpdu(), SECOND + (i * SECOND) / 50)
    // Two at once and two a second; ten a second leave the switch's rate alone.
    assert.strictEqual(heard(1), 5)
    assert.deepStrictEqual(Array.from(sw.state.controlPlane.limited), [0, 8 + 95, 0, 5 + 2 + 10])
  })

  it("tells of limits when they begin to drop, and anew after a second without", () => {
    const sw = limited({ pduRatePerPort: 10 })
    const told = () => sw.out.traces(Trace.PDU_LIMIT.code).map(({ a, b, c }) => [a, b, c])
    for (let i = 0; i < 300; i++) sw.receive(0, bpdu(), (i * SECOND) / 100)
    assert.deepStrictEqual(told(), [[0, 0, 10]])
    for (let i = 0; i < 50; i++) sw.receive(0, bpdu(), 9 * SECOND + i)
    assert.strictEqual(told().length, 2)
    const all = limited({ pduRate: 10, pduBurst: 1 })
    for (let i = 0; i < 3; i++) all.receive(2, bpdu(), i)
    assert.deepStrictEqual(
      all.out.traces(Trace.PDU_LIMIT.code).map(({ a, b, c }) => [a, b, c]),
      [[2, 1, 10]],
    )
  })

  it("a BPDU storm takes the port out of service when it has lasted, and not before", () => {
    const storming = (perSecond: number, seconds: number, kind = "echo") => {
      const sw = bridge({ controlPlane: { bpduStorm: { rate: 15, seconds: 3 } }, protocols: [{ kind, config: null }] })
      for (let i = 0; i < perSecond * seconds; i++) sw.receive(1, bpdu(), Math.floor((i * SECOND) / perSecond))
      return sw.out.traces(Trace.ERRDISABLED.code).map(({ a, b }) => [a, ErrdisableCause.nameOf(b)])
    }
    assert.deepStrictEqual(storming(14, 60), [])
    assert.deepStrictEqual(storming(1000, 2), [])
    assert.deepStrictEqual(storming(15, 3), [[1, "bpdu-storm"]])
    assert.deepStrictEqual(storming(1000, 10, "other"), [], "what a protocol of other PDUs claims")
    const sw = limited({ bpduStorm: { rate: 15, seconds: 3 } })
    // A second of silence, and it begins anew; other PDUs and data do not count.
    for (const second of [0, 1, 3, 4]) for (let i = 0; i < 20; i++) sw.receive(1, bpdu(), second * SECOND + i)
    for (let i = 0; i < 20; i++) sw.receive(1, frame(A, ALL), 5 * SECOND + i)
    assert.lengthOf(sw.out.traces(Trace.ERRDISABLED.code), 0)
    for (let i = 0; i < 14; i++) sw.receive(1, bpdu(), 5 * SECOND + 100 + i)
    assert.lengthOf(sw.out.traces(Trace.ERRDISABLED.code), 0)
    const copy = sw.kind.copy(sw.state)
    assert.deepStrictEqual(copy.controlPlane, structuredClone(sw.state.controlPlane))
    sw.receive(1, bpdu(), 5 * SECOND + 900)
    assert.lengthOf(sw.out.traces(Trace.ERRDISABLED.code), 1)
    assert.strictEqual(sw.drops(1, PortCounters.CONTROL_PLANE), 1)
  })

  it("is copied and fingerprinted", () => {
    const sw = limited({ rate: 500 })
    sw.receive(0, bpdu(), 0)
    const copy = sw.kind.copy(sw.state)
    assert.deepStrictEqual(copy.controlPlane, structuredClone(sw.state.controlPlane))
    const before = sw.print(copy, 0)
    sw.receive(0, bpdu(), 0)
    assert.strictEqual(sw.print(copy, 0), before)
    assert.notStrictEqual(sw.print(sw.state, 0), before)
  })

  it("limits that say their next line at different times have different fingerprints", () => {
    // One PDU a second is taken; the second one of a second is dropped, at another time of it.
    const dropped = (at: number) => {
      const sw = limited({ pduRatePerPort: 1 })
      sw.receive(0, bpdu(), 0)
      sw.receive(0, bpdu(), at)
      return sw
    }
    const [early, late] = [dropped(1), dropped(0.9 * SECOND)]
    const print = (now: number) => [early, late].map((sw) => sw.print(sw.state, now))
    const [one, other] = print(0.95 * SECOND)
    assert.notStrictEqual(one, other)
    // And rightly so: who was silent for longer says the next one.
    for (const sw of [early, late]) sw.receive(0, bpdu(), 1.5 * SECOND)
    const [first, second] = [early, late].map((sw) => {
      sw.out.take()
      sw.receive(0, bpdu(), 1.6 * SECOND)
      return sw.out.traces(Trace.PDU_LIMIT.code).length
    })
    assert.deepStrictEqual([first, second], [1, 0])
    const [a, b] = [dropped(1), dropped(0.9 * SECOND)].map((sw) => sw.print(sw.state, 5 * SECOND))
    assert.strictEqual(a, b, "long ago is long ago")
  })

  it("limits are told apart by how much may come at once, and by what they dropped", () => {
    const sw = limited({ pduRatePerPort: 2 })
    for (const change of [
      () => (sw.state.controlPlane.limitedUntil[0] = SECOND),
      () => (sw.state.controlPlane.limitedAt[3] = SECOND / 2),
      () => sw.state.controlPlane.limited[1]++,
    ]) {
      const before = sw.print(sw.state, SECOND / 2)
      change()
      assert.notStrictEqual(sw.print(sw.state, SECOND / 2), before)
    }
  })
})

describe("a processor that hangs", () => {
  it("hears no PDU and no command, and the relay goes on", () => {
    const sw = bridge()
    sw.command({ type: "bridge.control-plane", hung: true })
    sw.receive(0, bpdu(), 1)
    assert.strictEqual(sw.receive(0, frame(A, ALL), 2).length, 2)
    sw.command({ type: "start" }, 3)
    assert.deepStrictEqual([sw.heard.pdus.length, sw.out.nextTimerAt, sw.state.controlPlane.unheard], [0, NEVER, 1])
    assert.strictEqual(sw.drops(0, PortCounters.CONTROL_PLANE), 1)
    sw.command({ type: "bridge.control-plane", hung: false }, 4)
    assert.isFalse(sw.state.guarded)
    sw.receive(0, bpdu(), 5)
    assert.strictEqual(sw.heard.pdus.length, 1)
    assert.strictEqual(sw.out.traces(Trace.CONTROL_PLANE.code).length, 2)
  })

  it("does what came due when it goes on, but for what that itself stops", () => {
    const sw = bridge()
    sw.command({ type: "start" }, 0)
    sw.command({ type: "bridge.control-plane", hung: true }, 5)
    sw.expire(100)
    assert.deepStrictEqual(sw.heard.timers, [])
    sw.command({ type: "bridge.control-plane", hung: false }, 100)
    assert.deepStrictEqual(sw.heard.timers, [[0, 100]], "timer 0 stops timer 1")
  })

  it("hears late of links that went and came", () => {
    const sw = bridge()
    sw.command({ type: "bridge.control-plane", hung: true })
    sw.link(0, false, 1)
    sw.link(1, false, 2)
    sw.link(1, true, 3)
    assert.deepStrictEqual(sw.heard.ports, [])
    assert.deepStrictEqual(sw.receive(2, frame(A, ALL), 4), [1], "what is down gets nothing")
    sw.command({ type: "bridge.control-plane", hung: false }, 5)
    assert.deepStrictEqual(sw.heard.ports, [
      [0, false],
      [1, false],
      [1, true],
    ])
  })

  it("loses what waited for it", () => {
    const sw = limited({ rate: 500 })
    sw.receive(0, bpdu(), 0)
    sw.command({ type: "bridge.control-plane", hung: true }, 1)
    assert.strictEqual(sw.out.nextTimerAt, NEVER)
    sw.command({ type: "bridge.control-plane", hung: false }, 2)
    assert.deepStrictEqual([sw.heard.pdus.length, sw.state.controlPlane.unheard], [0, 1])
  })
})
