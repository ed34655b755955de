/** Storm control by class, second by second, with each of its actions. */
import { SECOND } from "@l2lab/sim/SimTime"
import { assert, describe, it } from "vitest"
import * as ErrdisableCause from "../src/ErrdisableCause.ts"
import * as PortCounters from "../src/PortCounters.ts"
import * as StormControl from "../src/StormControl.ts"
import * as Trace from "../src/Trace.ts"
import { A, ALL, B, bpdu, bridge, frame, SOME } from "./Guarded.ts"

const onPort0 = (config: StormControl.StormControlConfig) => bridge({ stormControl: [config, undefined, undefined] })

describe("storm control", () => {
  it("by default lets everything in", () => {
    const sw = bridge()
    assert.isFalse(sw.state.guarded)
    for (let i = 0; i < 1000; i++) sw.receive(0, frame(A, ALL), i)
    assert.strictEqual(sw.out.transmissions.length, 2000)
  })

  it("filters a class for the rest of the second, on its port only", () => {
    const sw = onPort0({ broadcast: { unit: "pps", rising: 100 } })
    for (let i = 0; i < 150; i++) sw.receive(0, frame(A, ALL), i)
    assert.strictEqual(sw.out.transmissions.length, 200, "a hundred frames to two ports")
    assert.strictEqual(sw.drops(0, PortCounters.STORM_CONTROL), 50)
    assert.strictEqual(sw.receive(0, frame(A, SOME), 200).length, 2, "multicast is another class")
    assert.strictEqual(sw.receive(1, frame(B, ALL), 200).length, 2, "port 1 has no level")
    assert.strictEqual(sw.out.traces(Trace.STORM.code).length, 1, "one line, not one a frame")
  })

  it("goes on filtering while as much comes, and stops when less does", () => {
    const sw = onPort0({ broadcast: { unit: "pps", rising: 100, falling: 50 } })
    const second = (n: number, frames: number): number => {
      const before = sw.out.transmissions.length
      for (let i = 0; i < frames; i++) sw.receive(0, frame(A, ALL), n * SECOND + i)
      return (sw.out.transmissions.length - before) / 2
    }
    assert.strictEqual(second(0, 150), 100)
    assert.strictEqual(second(1, 60), 0, "150 came in the second before")
    assert.strictEqual(second(2, 40), 0, "60 are not below 50")
    assert.strictEqual(second(3, 60), 60, "40 are")
    assert.strictEqual(sw.out.traces(Trace.STORM_OVER.code).length, 1)
    assert.strictEqual(second(9, 10), 10)
  })

  it("measures shares of the rate with gaps, and bits without", () => {
    // 1 % of 1 Gb/s is 1.25 MB a second: 14,880 frames of 64 octets and their gaps.
    const percent = onPort0({ broadcast: { unit: "percent", rising: 1 } })
    for (let i = 0; i < 15_000; i++) percent.receive(0, frame(A, ALL), i)
    assert.strictEqual(percent.out.transmissions.length / 2, 14_880)
    const bits = onPort0({ broadcast: { unit: "bps", rising: 512_000 } })
    for (let i = 0; i < 1100; i++) bits.receive(0, frame(A, ALL), i)
    assert.strictEqual(bits.out.transmissions.length / 2, 1000)
    const none = onPort0({ broadcast: { unit: "percent", rising: 0 } })
    assert.deepStrictEqual(none.receive(0, frame(A, ALL), 1), [])
  })

  it("tells unknown unicast from all unicast", () => {
    const sw = onPort0({ unknownUnicast: { unit: "pps", rising: 1 } })
    sw.receive(1, frame(B, A), 1)
    for (let i = 2; i < 10; i++) assert.deepStrictEqual(sw.receive(0, frame(A, B), i), [1])
    assert.strictEqual(sw.receive(0, frame(A, 0x020000000099), 20).length, 2)
    assert.strictEqual(sw.receive(0, frame(A, 0x020000000099), 21).length, 0)
    const all = onPort0({ unicast: { unit: "pps", rising: 1 } })
    all.receive(1, frame(B, A), 1)
    assert.deepStrictEqual([all.receive(0, frame(A, B), 2), all.receive(0, frame(A, B), 3)], [[1], []])
  })

  it("lets BPDUs in, whatever the multicast level, unless the platform does not", () => {
    const sw = onPort0({ multicast: { unit: "pps", rising: 0 } })
    for (let i = 1; i <= 10; i++) sw.receive(0, bpdu(), i)
    assert.strictEqual(sw.heard.pdus.length, 10)
    const deaf = onPort0({ multicast: { unit: "pps", rising: 3 }, takesBpdus: true })
    for (let i = 1; i <= 10; i++) deaf.receive(0, bpdu(), i)
    assert.strictEqual(deaf.heard.pdus.length, 3)
  })

  it("shutdown takes the port out of service", () => {
    const sw = onPort0({ broadcast: { unit: "pps", rising: 5 }, action: "shutdown" })
    for (let i = 0; i < 10; i++) sw.receive(0, frame(A, ALL), i)
    assert.strictEqual(sw.state.errdisable.cause[0], ErrdisableCause.STORM_CONTROL)
    assert.strictEqual(sw.out.traces(Trace.ERRDISABLED.code).length, 1)
    const tells = onPort0({ broadcast: { unit: "pps", rising: 5 }, action: "trap" })
    for (let i = 0; i < 10; i++) tells.receive(0, frame(A, ALL), i)
    assert.strictEqual(tells.state.errdisable.cause[0], 0)
    assert.strictEqual(tells.out.transmissions.length, 10, "filtered as well")
  })

  it("shutdown, timed recovery, and out again while the storm goes on", () => {
    const sw = bridge({
      stormControl: [{ broadcast: { unit: "pps", rising: 5 }, action: "shutdown" }],
      errdisable: { recovery: ["storm-control"], intervalNs: 30 * SECOND },
    })
    const storm = (at: number) => {
      for (let i = 0; i < 10; i++) sw.receive(0, frame(A, ALL), at + i)
    }
    for (const round of [0, 1, 2]) {
      const at = round * 40 * SECOND
      storm(at)
      assert.strictEqual(sw.state.errdisable.cause[0], ErrdisableCause.STORM_CONTROL)
      sw.link(0, false, at + 100)
      sw.expire(at + 29 * SECOND)
      assert.strictEqual(sw.state.errdisable.cause[0], ErrdisableCause.STORM_CONTROL, "not yet")
      sw.expire(at + 31 * SECOND)
      assert.strictEqual(sw.state.errdisable.cause[0], ErrdisableCause.NONE)
      sw.link(0, true, at + 31 * SECOND)
      assert.strictEqual(sw.receive(0, frame(A, ALL), at + 32 * SECOND).length, 2, "what is below the level comes in")
      assert.strictEqual(sw.state.storm.storms[0], round + 1)
    }
  })

  it("begins anew with the link", () => {
    const sw = onPort0({ broadcast: { unit: "pps", rising: 1 } })
    sw.receive(0, frame(A, ALL), 1)
    assert.deepStrictEqual(sw.receive(0, frame(A, ALL), 2), [])
    sw.link(0, false, 3)
    sw.link(0, true, 4)
    assert.strictEqual(sw.receive(0, frame(A, ALL), 5).length, 2)
  })

  it("shows what came in last, and is copied and fingerprinted", () => {
    const sw = onPort0({ broadcast: { unit: "pps", rising: 100 } })
    for (let i = 0; i < 150; i++) sw.receive(0, frame(A, ALL), i)
    assert.isTrue(StormControl.isFiltering(sw.state, 0, 0, SECOND / 2))
    assert.strictEqual(StormControl.current(sw.state, 0, 0, SECOND * 1.5), 150)
    assert.isFalse(StormControl.isFiltering(sw.state, 0, 0, 3 * SECOND), "two seconds without a frame")
    const copy = sw.kind.copy(sw.state)
    assert.deepStrictEqual(copy.storm, structuredClone(sw.state.storm))
    const before = sw.print(copy, 200)
    sw.receive(0, frame(A, ALL), 200)
    assert.strictEqual(sw.print(copy, 200), before)
    assert.notStrictEqual(sw.print(sw.state, 200), before)
  })
})
