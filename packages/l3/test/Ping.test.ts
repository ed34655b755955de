import { assert, describe, it } from "@effect/vitest"
import * as Ping from "@l2lab/l3/Ping"
import { MILLISECOND, SECOND } from "@l2lab/sim/SimTime"
import { Schema } from "effect"
import { generator } from "./octets.ts"

const Seed = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 2 ** 31 - 1 }))
const NO_DATA = new Uint8Array(0)
const MS = MILLISECOND

const run = (everyNs: number, timeoutNs: number, count = Infinity) => Ping.make(1, 9, everyNs, timeoutNs, count, NO_DATA, 0)

describe("Ping", () => {
  it("waits the longer of two intervals and a second", () => {
    assert.strictEqual(Ping.defaultTimeoutNs(100 * MS), SECOND)
    assert.strictEqual(Ping.defaultTimeoutNs(3 * SECOND), 6 * SECOND)
  })

  it("keeps account of an outage: probes 3, 4 and 5 of 10 lost", () => {
    const ping = run(100 * MS, SECOND)
    const gaps = []
    for (let i = 0; i < 10; i++) {
      const at = i * 100 * MS
      assert.strictEqual(Ping.send(ping, at), i)
      if (i < 3 || i > 5) gaps.push(Ping.answer(ping, i, at + 2 * MS))
    }
    assert.deepStrictEqual(gaps, [0, 0, 0, 400 * MS, 0, 0, 0])
    assert.strictEqual(Ping.nextDueAt(ping), 1300 * MS)
    assert.strictEqual(Ping.expire(ping, 1300 * MS - 1), -1)
    assert.strictEqual(Ping.expire(ping, 1400 * MS), 3)
    assert.strictEqual(Ping.expire(ping, 1400 * MS), 4)
    assert.strictEqual(Ping.expire(ping, 1400 * MS), -1)
    assert.strictEqual(Ping.expire(ping, 1500 * MS), 5)
    const report = Ping.report(ping)
    assert.deepStrictEqual(
      [report.sent, report.received, report.lost, report.outstanding, report.late, report.duplicates],
      [10, 7, 3, 0, 0, 0],
    )
    assert.strictEqual(report.longestGapNs, 400 * MS)
    assert.strictEqual(report.firstLostAt, 300 * MS)
    assert.strictEqual(report.firstAnsweredAt, 2 * MS)
    assert.strictEqual(report.lastAnsweredAt, 902 * MS)
    assert.deepStrictEqual(report.gaps, [{ from: 202 * MS, to: 602 * MS, unanswered: 3 }])
    assert.deepStrictEqual([report.rttMinNs, report.rttAverageNs, report.rttMaxNs], [2 * MS, 2 * MS, 2 * MS])
  })

  it("tells late answers, duplicates and strangers apart", () => {
    const ping = run(100 * MS, 150 * MS)
    assert.strictEqual(Ping.answer(ping, 0, 0), -1)
    Ping.send(ping, 0)
    Ping.send(ping, 100 * MS)
    assert.strictEqual(Ping.answer(ping, 5, 110 * MS), -1)
    assert.strictEqual(Ping.answer(ping, 0xffff, 110 * MS), -1)
    Ping.answer(ping, 1, 110 * MS)
    Ping.answer(ping, 1, 111 * MS)
    assert.strictEqual(Ping.expire(ping, 150 * MS), 0)
    Ping.answer(ping, 0, 160 * MS)
    Ping.answer(ping, 0, 161 * MS)
    const report = Ping.report(ping)
    assert.deepStrictEqual([report.received, report.lost, report.late, report.duplicates, report.outstanding], [1, 1, 1, 2, 0])
  })

  it("counts as unanswered only what was sent between the newest answered probe and this one", () => {
    const ping = run(100 * MS, 10 * SECOND)
    for (let i = 0; i < 6; i++) Ping.send(ping, i * 100 * MS)
    Ping.answer(ping, 3, 510 * MS)
    Ping.answer(ping, 1, 520 * MS)
    Ping.answer(ping, 5, 900 * MS)
    assert.deepStrictEqual(Ping.report(ping).gaps, [{ from: 520 * MS, to: 900 * MS, unanswered: 1 }])
    const copy = Ping.copy(ping)
    Ping.answer(ping, 4, 1200 * MS)
    assert.deepStrictEqual([Ping.report(copy).gaps.length, Ping.report(ping).gaps.length], [1, 2])
  })

  it("stays right past 65536 probes, and forgets probes that left its ring", () => {
    const ping = run(1 * MS, 5 * MS)
    for (let i = 0; i < 70_000; i++) {
      Ping.send(ping, i * MS)
      if (i % 2 === 0) assert.strictEqual(Ping.answer(ping, i & 0xffff, i * MS + 10), i === 0 ? 0 : 2 * MS)
      while (Ping.expire(ping, i * MS) >= 0);
    }
    const report = Ping.report(ping)
    assert.strictEqual(report.received, 35_000)
    assert.strictEqual(report.lost + report.outstanding, 35_000)
    assert.strictEqual(report.gapCount, 34_999)
    assert.strictEqual(report.gaps.length, Ping.GAP_LIMIT)
    assert.strictEqual(Ping.answer(ping, (70_000 - ping.outcome.length - 1) & 0xffff, 70 * SECOND), -1)
  })

  it("a timeout of more probes than can be told apart gives up the oldest early", () => {
    const ping = run(1_000, 3600 * SECOND)
    for (let i = 0; i < 40_000; i++) Ping.send(ping, i * 1_000)
    const report = Ping.report(ping)
    assert.deepStrictEqual([report.outstanding, report.lost], [32_768, 40_000 - 32_768])
  })

  it("ends after its count", () => {
    const ping = run(100, 1000, 2)
    Ping.send(ping, 0)
    assert.deepStrictEqual([ping.nextSendAt, Ping.report(ping).active], [100, true])
    Ping.send(ping, 100)
    assert.deepStrictEqual([ping.nextSendAt, Ping.report(ping).active, Ping.isOver(ping)], [Infinity, false, false])
    Ping.answer(ping, 0, 110)
    Ping.answer(ping, 1, 120)
    assert.isTrue(Ping.isOver(ping))
  })

  it.prop(
    "agrees with an account kept in full, whatever order and loss the answers come in",
    { seed: Seed },
    ({ seed }) => {
      const random = generator(seed)
      const every = 10 + (random() % 50)
      const timeout = 1 + (random() % 400)
      const ping = run(every, timeout)
      const events: Array<{ readonly at: number; readonly sequence: number; readonly answer: boolean }> = []
      for (let i = 0; i < 60; i++) {
        events.push({ at: i * every, sequence: i, answer: false })
        const loss = random() % 3 === 0
        if (!loss) events.push({ at: i * every + 1 + (random() % 500), sequence: i, answer: true })
        if (random() % 10 === 0) events.push({ at: i * every + 1 + (random() % 500), sequence: i, answer: true })
      }
      events.sort((x, y) => x.at - y.at || Number(x.answer) - Number(y.answer))
      const sentAt = new Map<number, number>()
      const received = new Map<number, number>()
      const late = new Set<number>()
      let duplicates = 0
      let last = -1
      let longest = 0
      for (const { at, sequence, answer } of events) {
        // What falls due at the instant of an answer is lost: the stack's timer was started first.
        while (Ping.expire(ping, at) >= 0);
        if (!answer) {
          sentAt.set(sequence, at)
          Ping.send(ping, at)
          continue
        }
        Ping.answer(ping, sequence, at)
        if (received.has(sequence) || late.has(sequence)) {
          duplicates++
          continue
        }
        const rtt = at - (sentAt.get(sequence) ?? Number.NaN)
        if (rtt < timeout) received.set(sequence, rtt)
        else late.add(sequence)
        if (last >= 0) longest = Math.max(longest, at - last)
        last = at
      }
      const end = 60 * every + 1000
      while (Ping.expire(ping, end) >= 0);
      const report = Ping.report(ping)
      const rtts = [...received.values()]
      assert.deepStrictEqual(
        [report.sent, report.received, report.lost, report.outstanding, report.late, report.duplicates],
        [60, received.size, 60 - received.size, 0, late.size, duplicates],
      )
      assert.strictEqual(report.longestGapNs, longest)
      assert.deepStrictEqual(
        [report.rttMinNs, report.rttMaxNs],
        rtts.length === 0 ? [0, 0] : [Math.min(...rtts), Math.max(...rtts)],
      )
    },
    { arbitrary: { seed: 6, runs: 300 } },
  )
})
