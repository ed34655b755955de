import { assert, describe, it } from "@effect/vitest"
import { NEVER } from "@l2lab/sim/SimTime"
import { RecordingOutbox } from "@l2lab/sim/testing/RecordingOutbox"

const frame = { wireOctets: 64 }

describe("RecordingOutbox", () => {
  it("writes down every request in order, and gives it once", () => {
    const out = new RecordingOutbox()
    out.transmit(1, frame, -1)
    out.trace(5, 1, 2, 3, 4)
    out.transmitControl(2, frame, 10)
    out.setPortEnabled(3, false)
    out.detail(6, 0, 0, 0, 0)
    assert.deepStrictEqual(
      out.transmissions.map(({ type, port, tci }) => [type, port, tci]),
      [
        ["transmit", 1, -1],
        ["transmitControl", 2, 10],
      ],
    )
    assert.deepStrictEqual(
      out.traces().map(({ code }) => code),
      [5, 6],
    )
    assert.strictEqual(out.traces(6)[0].type, "detail")
    assert.deepStrictEqual(
      out.take().map(({ type }) => type),
      ["transmit", "trace", "transmitControl", "setPortEnabled", "detail"],
    )
    assert.deepStrictEqual(out.take(), [])
  })

  it("keeps the timers: one deadline each, of equal ones the one started first fires first", () => {
    const out = new RecordingOutbox()
    assert.strictEqual(out.nextTimerAt, NEVER)
    assert.strictEqual(out.expire(NEVER), undefined)
    out.startTimer(1, 50)
    out.startTimer(2, 50)
    out.startTimer(3, 70)
    out.startTimer(1, 50)
    out.stopTimer(3)
    out.stopTimer(9)
    assert.strictEqual(out.expire(49), undefined)
    assert.deepStrictEqual([out.expire(50), out.expire(50), out.expire(100)], [2, 1, undefined])
  })

  it("gives the same numbers for the same seed", () => {
    const draw = (seed: number) => {
      const out = new RecordingOutbox(seed)
      return [out.random(), out.random(), out.random()]
    }
    assert.deepStrictEqual(draw(7), draw(7))
    assert.notDeepEqual(draw(7), draw(8))
    assert.isTrue(draw(0).every((value) => Number.isInteger(value) && value > 0 && value < 2 ** 32))
  })
})
