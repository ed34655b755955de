/** The two heaps against a sorted array: whatever is pushed and popped, events come by time and then by sequence number. */
import { assert, describe, it } from "vitest"
import * as EventQueue from "../src/EventQueue.ts"
import * as Prng from "../src/Prng.ts"
import type { TestFrame } from "./Probe.ts"

interface ModelEvent {
  readonly time: number
  readonly order: number
  readonly target: number
  readonly extra: number
  readonly frame: TestFrame | null
}

const dice = (seed: number) => {
  const state = new Uint32Array(Prng.WORDS)
  Prng.seed(state, 0, seed, "queue")
  return (sides: number): number => Prng.next(state, 0) % sides
}

const sorted = (model: ReadonlyArray<ModelEvent>): ReadonlyArray<ModelEvent> =>
  model.toSorted((x, y) => x.time - y.time || x.order - y.order)

const popAndCompare = (queue: EventQueue.EventQueue<TestFrame>, model: Array<ModelEvent>, context: string): number => {
  const [next] = sorted(model)
  assert.strictEqual(queue.size + queue.chained, model.length, context)
  assert.strictEqual(queue.key[0], next.time, context)
  assert.strictEqual(queue.key[1], next.order, context)
  const slot = queue.pop()
  assert.deepStrictEqual([queue.targetOf(slot), queue.extraOf(slot)], [next.target, next.extra], context)
  if (next.frame !== null) assert.strictEqual(queue.frame[slot], next.frame, context)
  model.splice(model.indexOf(next), 1)
  return next.time
}

const play = (seed: number, timers: boolean): void => {
  const roll = dice(seed)
  let queue = new EventQueue.EventQueue<TestFrame>(1 + roll(4))
  const model: Array<ModelEvent> = []
  let order = 0
  let now = 0
  for (let step = 0; step < 300; step++) {
    const context = `seed ${seed}, step ${step}`
    const action = roll(10)
    if (action < 6 || model.length === 0) {
      // Few distinct instants, so that many events share one.
      const time = now + roll(6)
      const frame = timers ? null : { wireOctets: 64, id: step }
      // A timer may carry an older sequence number than others that wait: it keeps the one of its start.
      const number = timers ? order++ * 10 + roll(50) + step / 1000 : order++
      model.push({ time, order: number, target: step, extra: -1 - step, frame })
      if (frame === null) queue.push(time, number, step, -1 - step)
      else queue.pushNewest(time, number, step, -1 - step, frame)
    } else if (action < 9) now = popAndCompare(queue, model, context)
    else if (roll(2) === 0) queue = EventQueue.EventQueue.restore(EventQueue.copy(queue.save()))
    else {
      assert.deepStrictEqual(
        queue.inOrder().map(({ slot, at }) => [queue.targetOf(slot), at]),
        sorted(model).map((event) => [event.target, event.time]),
        context,
      )
      assert.strictEqual(queue.pending().length, model.length, context)
    }
  }
  while (model.length > 0) popAndCompare(queue, model, `seed ${seed}, draining`)
}

describe("event queue", () => {
  it("gives frames by time, those of one instant in the order in which they were sent", () => {
    for (let seed = 1; seed <= 60; seed++) play(seed, false)
  })

  it("gives timers by time and sequence number, also with numbers that come out of order", () => {
    for (let seed = 1; seed <= 60; seed++) play(seed, true)
  })

  it("holds no frame that has been taken out once it is saved", () => {
    const queue = new EventQueue.EventQueue<TestFrame>(2)
    for (let i = 0; i < 100; i++) queue.pushNewest(i, i, 0, 0, { wireOctets: 64, id: i })
    for (let i = 0; i < 90; i++) queue.pop()
    assert.strictEqual(queue.save().frame.filter((frame) => frame !== null).length, 10)
  })

  it("a copy is independent", () => {
    const queue = new EventQueue.EventQueue<TestFrame>(2)
    queue.push(5, 1, 7, 8)
    const twin = EventQueue.EventQueue.restore(EventQueue.copy(queue.save()))
    twin.push(1, 2, 0, 0)
    twin.pop()
    twin.pop()
    assert.strictEqual(queue.size, 1)
    assert.strictEqual(queue.targetOf(queue.pop()), 7)
  })
})
