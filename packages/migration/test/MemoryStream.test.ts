/** The stream alone, over a channel that loses, repeats and reorders: what was sent comes out, once and in order. */
import { assert, describe, it } from "@effect/vitest"
import * as MemoryStream from "@l2lab/migration/MemoryStream"
import * as M from "@l2lab/migration/VmotionMessage"
import { MICROSECOND, MILLISECOND, SECOND } from "@l2lab/sim/SimTime"
import { between } from "./between.ts"

const segment = (sequence: number, push: boolean): M.StreamMessage => ({
  protocol: M.PROTOCOL,
  migration: 1,
  sequence,
  push,
  kind: M.ZEROS,
  page: sequence,
  count: 1,
})

/** Small numbers for tests. */
const lottery = (seed: number) => {
  let x = seed | 1
  return (below: number) => {
    x = Math.imul(x ^ (x << 13), 0x5bd1e995)
    x ^= x >>> 15
    return (x >>> 0) % below
  }
}

interface Channel {
  /** Of 1000 datagrams, either way. */
  readonly lost: number
  readonly repeated: number
  /** Span over which arrivals are spread. */
  readonly jitterNs: number
}

/** Send `total` segments; every arrival is an event. Returns what came out, the time it took and the sender. */
const transfer = (total: number, channel: Channel, seed: number) => {
  const random = lottery(seed)
  const sender = MemoryStream.makeSender()
  const receiver = MemoryStream.makeReceiver()
  const received: Array<number> = []
  const events: Array<{ at: number; run: () => void }> = []
  let now = 0
  let deadline = Infinity
  const carry = (run: () => void) => {
    if (random(1000) < channel.lost) return
    const copies = random(1000) < channel.repeated ? 2 : 1
    for (let i = 0; i < copies; i++) events.push({ at: now + 50 * MICROSECOND + random(channel.jitterNs + 1), run })
  }
  const arm = () => {
    deadline = MemoryStream.inFlight(sender) === 0 ? Infinity : now + sender.timeoutNs
  }
  const again = () => {
    const message = MemoryStream.takeOldest(sender)
    if (message !== null) carry(() => arrive(message))
  }
  const pump = () => {
    while (sender.next < total && MemoryStream.hasRoom(sender)) {
      if (MemoryStream.inFlight(sender) === 0) deadline = now + sender.timeoutNs
      const message = segment(sender.next, MemoryStream.isLastOfWindow(sender) || sender.next === total - 1)
      MemoryStream.enqueue(sender, message, now)
      carry(() => arrive(message))
    }
  }
  const acknowledged = (next: number) => {
    const before = sender.base
    if (MemoryStream.onAck(sender, next, now)) {
      again()
      arm()
    } else if (sender.base !== before) arm()
    pump()
  }
  const arrive = (message: M.StreamMessage) => {
    const tell = MemoryStream.onSegment(receiver, message)
    for (let next = MemoryStream.take(receiver); next !== null; next = MemoryStream.take(receiver)) received.push(next.sequence)
    if (!tell) return
    receiver.untold = 0
    const { next } = receiver
    carry(() => acknowledged(next))
  }
  pump()
  while (received.length < total && now < 1000 * SECOND) {
    let first = -1
    events.forEach((event, i) => {
      if (first < 0 || event.at < events[first].at) first = i
    })
    if (first < 0 || events[first].at > deadline) {
      assert.isBelow(deadline, Infinity, "nothing is under way and nothing will be")
      now = deadline
      MemoryStream.onTimeout(sender)
      again()
      arm()
    } else {
      now = events[first].at
      events.splice(first, 1)[0].run()
    }
  }
  return { received, sender, now }
}

const inOrder = (total: number) => Array.from({ length: total }, (_, i) => i)

describe("the stream", () => {
  it("sends nothing twice over a channel that loses nothing", () => {
    const { received, sender } = transfer(3000, { lost: 0, repeated: 0, jitterNs: 0 }, 1)
    assert.deepStrictEqual(received, inOrder(3000))
    assert.deepStrictEqual([sender.retransmissions, sender.timeouts], [0, 0])
    assert.strictEqual(sender.window, MemoryStream.RING)
  })

  it("keeps its window where the queue is short: 1 ms more than the shortest round trip makes it shrink", () => {
    const sender = MemoryStream.makeSender()
    let now = 0
    const turn = (roundTripNs: number) => {
      while (MemoryStream.hasRoom(sender)) MemoryStream.enqueue(sender, segment(sender.next, true), now)
      now += roundTripNs
      MemoryStream.onAck(sender, sender.next, now)
    }
    for (let i = 0; i < 4; i++) turn(100 * MICROSECOND)
    const grown = sender.window
    turn(100 * MICROSECOND + MILLISECOND)
    assert.isBelow(sender.window, grown)
    turn(100 * MICROSECOND)
    assert.isBelow(sender.window, grown)
  })

  it("waits at most a second before it tries again, so that a healed path is noticed", () => {
    const sender = MemoryStream.makeSender()
    MemoryStream.enqueue(sender, segment(0, true), 0)
    for (let i = 0; i < 20; i++) MemoryStream.onTimeout(sender)
    assert.strictEqual(sender.timeoutNs, SECOND)
  })

  it("ignores acknowledgements of what was never sent, and of what is long done", () => {
    const sender = MemoryStream.makeSender()
    for (let i = 0; i < 5; i++) MemoryStream.enqueue(sender, segment(i, false), 0)
    assert.isFalse(MemoryStream.onAck(sender, 6, 1000))
    assert.strictEqual(sender.base, 0)
    MemoryStream.onAck(sender, 5, 1000)
    MemoryStream.onAck(sender, 3, 2000)
    assert.strictEqual(sender.base, 5)
  })
})

it.prop(
  "over any channel: all, once, in order",
  {
    total: between(1, 400),
    lost: between(0, 300),
    repeated: between(0, 300),
    jitter: between(0, 300),
    seed: between(1, 100_000),
  },
  ({ jitter, lost, repeated, seed, total }) => {
    const { received } = transfer(total, { lost, repeated, jitterNs: jitter * MICROSECOND }, seed)
    assert.deepStrictEqual(received, inOrder(total))
  },
  { arbitrary: { runs: 150, seed: 65 } },
)
