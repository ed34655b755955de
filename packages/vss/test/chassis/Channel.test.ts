/** The channel between chassis, over wires that lose and double what is on them. */
import { assert, describe, it } from "@effect/vitest"
import * as Prng from "@l2lab/sim/Prng"
import { MILLISECOND, NEVER, SECOND } from "@l2lab/sim/SimTime"
import * as Channel from "../../src/chassis/Channel.ts"
import type { Segment } from "../../src/chassis/VirtualSwitchHeader.ts"

const message = (length: number, first: number): Uint8Array => Uint8Array.from({ length }, (_, i) => (first + i) & 255)

const same = (got: ReadonlyArray<Uint8Array>, sent: ReadonlyArray<Uint8Array>): boolean =>
  got.length === sent.length && got.every((octets, i) => Buffer.compare(octets, sent[i]) === 0)

/** Two sides and what is under way between them; one segment in `lossOneIn` is lost, one in `doubleOneIn` comes twice. */
class Wire {
  readonly sides = [Channel.make(), Channel.make()] as const
  readonly received: readonly [Array<Uint8Array>, Array<Uint8Array>] = [[], []]
  now = 0
  private under: Array<{ readonly to: 0 | 1; readonly segment: Segment }> = []
  private readonly random = new Uint32Array(Prng.WORDS)
  private readonly lossOneIn: number
  private readonly doubleOneIn: number

  constructor(seed: number, lossOneIn: number, doubleOneIn: number) {
    Prng.seed(this.random, 0, seed, "wire")
    this.lossOneIn = lossOneIn
    this.doubleOneIn = doubleOneIn
    this.sides.forEach((side, i) => Channel.open(side, 100 + i, false))
  }

  private hits(oneIn: number): boolean {
    return oneIn > 0 && Prng.next(this.random, 0) % oneIn === 0
  }

  readonly say = (from: 0 | 1) => (segment: Segment) => {
    const to = from === 0 ? 1 : 0
    if (this.hits(this.lossOneIn)) return
    this.under.push({ to, segment })
    if (this.hits(this.doubleOneIn)) this.under.push({ to, segment })
  }

  send(from: 0 | 1, octets: Uint8Array): void {
    Channel.send(this.sides[from], octets)
    Channel.transmit(this.sides[from], this.now, this.say(from))
  }

  run(until: number): void {
    while (this.now <= until) {
      for (let next = this.under.shift(); next !== undefined; next = this.under.shift()) {
        const got = Channel.receive(this.sides[next.to], next.segment, this.now, this.say(next.to))
        if (got.message !== undefined) this.received[next.to].push(got.message)
      }
      this.now += MILLISECOND
      for (const side of [0, 1] as const) {
        if (this.sides[side].retransmitAt <= this.now) Channel.retransmit(this.sides[side], this.now, this.say(side))
      }
    }
  }
}

describe("the channel", () => {
  it("brings messages of any length whole, once, in their order, whatever the wire does: 50 seeds", () => {
    for (let seed = 1; seed <= 50; seed++) {
      const wire = new Wire(seed, 1 + (seed % 7) * 2 === 1 ? 0 : 3 + (seed % 7), seed % 5)
      const sent: readonly [Array<Uint8Array>, Array<Uint8Array>] = [[], []]
      for (let i = 0; i < 20; i++) {
        for (const from of [0, 1] as const) {
          const octets = message(1 + ((seed * 7919 + i * 104_729) % 200_000) ** ((i % 3) / 2), i)
          sent[from].push(octets)
          wire.send(from, octets)
        }
        wire.run(wire.now + 3 * MILLISECOND)
      }
      wire.run(wire.now + 60 * SECOND)
      assert.isTrue(same(wire.received[1], sent[0]) && same(wire.received[0], sent[1]), `seed ${seed}`)
      for (const side of wire.sides) assert.deepStrictEqual([side.queue.length, side.retransmitAt], [0, NEVER])
    }
  })

  it("begins anew with another session, and takes nothing of the one before", () => {
    const wire = new Wire(1, 0, 0)
    wire.send(0, message(10, 1))
    wire.run(10 * MILLISECOND)
    const late: Array<Segment> = []
    Channel.send(wire.sides[0], message(10, 2))
    Channel.transmit(wire.sides[0], wire.now, (segment) => late.push(segment))
    Channel.open(wire.sides[0], 7, false)
    wire.send(0, message(10, 3))
    wire.run(wire.now + 10 * MILLISECOND)
    for (const segment of late) assert.isFalse(Channel.receive(wire.sides[1], segment, wire.now, wire.say(1)).isNewSession)
    assert.deepStrictEqual(wire.received[1], [message(10, 1), message(10, 3)])
  })

  it("says nothing and hears nothing while it is closed", () => {
    const wire = new Wire(1, 0, 0)
    Channel.close(wire.sides[0])
    wire.send(0, message(10, 1))
    wire.send(1, message(10, 1))
    wire.run(5 * MILLISECOND)
    assert.deepStrictEqual(wire.received, [[], []])
    assert.strictEqual(wire.sides[0].queue.length, 0)
  })

  it("waits longer each time nobody answers, up to a limit", () => {
    const wire = new Wire(1, 1, 0)
    wire.send(0, message(10, 1))
    wire.run(SECOND)
    assert.strictEqual(wire.sides[0].wait, Channel.LONGEST_WAIT)
    assert.isBelow(wire.sides[0].retransmissions, 12)
  })
})
