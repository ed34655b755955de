/**
 * The event queue: a 4-ary heap of keys (time and sequence number, side by side) with a slot each, the payload lying by slot so that
 * sifting moves three numbers only. Slots are a permutation: the free ones lie behind the heap. The world keeps two of these, frames
 * and timers, with one sequence counter: frames come and go by the million among hundreds of thousands of pending timers.
 *
 * Events are ordered by (time, sequence number), so that what was asked for first happens first.
 *
 * Frames that are queued one after the other for the same instant (a flood to ports of one rate) hang in a chain behind the first
 * of them: they cost no sifting, neither in nor out. Nothing else can come between two neighbours of a chain, since their sequence
 * numbers follow each other among the frames.
 */
import type { WireFrame } from "./Device.ts"
import { NEVER, type SimTime } from "./SimTime.ts"

/** A queue as it lies in a saved world: plain data. */
export interface EventQueueData<F extends WireFrame> {
  readonly size: number
  readonly chained: number
  readonly key: Float64Array
  readonly slot: Int32Array
  readonly payload: Int32Array
  readonly next: Int32Array
  readonly order: Float64Array
  readonly frame: ReadonlyArray<F | null>
}

export class EventQueue<F extends WireFrame> {
  /** Number of events in the heap. */
  size: number
  /** Number of events in chains behind those. */
  chained: number
  /** By heap position, two each: the instant and the sequence number. The earliest comes first; its instant is NEVER when there is none. */
  key: Float64Array
  /** By heap position; behind the heap the free slots, and behind those `chained` entries without meaning. */
  slot: Int32Array
  /**
   * By slot, two each. The target: for a frame the world port it arrives at, for a timer the world timer; negative numbers are the
   * world's own. The extra: for a frame its tag control information, for a timer its generation.
   */
  payload: Int32Array
  /** By slot: the slot that follows in its chain, -1 for none. */
  next: Int32Array
  /** By slot: the sequence number of a chained event. */
  order: Float64Array
  /** By slot. */
  frame: Array<F | null>
  // The event that was queued last, while it is pending: a cache, lost when saved.
  private lastSlot = -1
  private lastTime = 0.5

  constructor(capacity: number) {
    this.size = 0
    this.chained = 0
    this.key = new Float64Array(2 * capacity)
    if (capacity > 0) this.key[0] = NEVER
    this.slot = Int32Array.from({ length: capacity }, (_, i) => i)
    this.payload = new Int32Array(2 * capacity)
    this.next = new Int32Array(capacity).fill(-1)
    this.order = new Float64Array(capacity)
    this.frame = Array.from({ length: capacity }, () => null)
  }

  /** Queue an event whose sequence number is greater than that of every pending event: it sinks below its equals in time. */
  pushNewest(time: SimTime, order: number, target: number, extra: number, frame: F): void {
    if (this.size + this.chained === this.slot.length) this.grow()
    if (time === this.lastTime && this.lastSlot >= 0) {
      const slot = this.slot[this.slot.length - ++this.chained]
      this.payload[2 * slot] = target
      this.payload[2 * slot + 1] = extra
      this.frame[slot] = frame
      this.order[slot] = order
      this.next[this.lastSlot] = slot
      this.lastSlot = slot
      return
    }
    const keys = this.key
    const slots = this.slot
    let i = this.size++
    const slot = slots[i]
    this.payload[2 * slot] = target
    this.payload[2 * slot + 1] = extra
    this.frame[slot] = frame
    this.lastSlot = slot
    this.lastTime = time
    while (i > 0) {
      const parent = (i - 1) >> 2
      const parentTime = keys[2 * parent]
      if (parentTime <= time) break
      keys[2 * i] = parentTime
      keys[2 * i + 1] = keys[2 * parent + 1]
      slots[i] = slots[parent]
      i = parent
    }
    keys[2 * i] = time
    keys[2 * i + 1] = order
    slots[i] = slot
  }

  /** Queue an event with any sequence number (a timer keeps the one it was started with). */
  push(time: SimTime, order: number, target: number, extra: number): void {
    if (this.size + this.chained === this.slot.length) this.grow()
    const keys = this.key
    const slots = this.slot
    let i = this.size++
    const slot = slots[i]
    this.payload[2 * slot] = target
    this.payload[2 * slot + 1] = extra
    while (i > 0) {
      const parent = (i - 1) >> 2
      const parentTime = keys[2 * parent]
      if (parentTime < time || (parentTime === time && keys[2 * parent + 1] < order)) break
      keys[2 * i] = parentTime
      keys[2 * i + 1] = keys[2 * parent + 1]
      slots[i] = slots[parent]
      i = parent
    }
    keys[2 * i] = time
    keys[2 * i + 1] = order
    slots[i] = slot
  }

  /** Take the earliest event out; its slot, whose payload stays readable until the next push. The queue must not be empty. */
  pop(): number {
    const keys = this.key
    const slots = this.slot
    const top = slots[0]
    const follower = this.next[top]
    if (follower >= 0) {
      // The follower takes its place: same instant, and nothing in the heap lies between the two.
      keys[1] = this.order[follower]
      slots[0] = follower
      slots[slots.length - this.chained--] = top
      this.next[top] = -1
      return top
    }
    if (top === this.lastSlot) this.lastSlot = -1
    const size = --this.size
    if (size === 0) {
      keys[0] = NEVER
      return top
    }
    const time = keys[2 * size]
    const order = keys[2 * size + 1]
    const slot = slots[size]
    slots[size] = top
    let i = 0
    for (;;) {
      const first = 4 * i + 1
      if (first >= size) break
      let least = first
      let leastTime = keys[2 * first]
      const end = first + 4 < size ? first + 4 : size
      for (let child = first + 1; child < end; child++) {
        const childTime = keys[2 * child]
        if (childTime < leastTime || (childTime === leastTime && keys[2 * child + 1] < keys[2 * least + 1])) {
          least = child
          leastTime = childTime
        }
      }
      if (time < leastTime || (time === leastTime && order < keys[2 * least + 1])) break
      keys[2 * i] = leastTime
      keys[2 * i + 1] = keys[2 * least + 1]
      slots[i] = slots[least]
      i = least
    }
    keys[2 * i] = time
    keys[2 * i + 1] = order
    slots[i] = slot
    return top
  }

  private grow(): void {
    const old = this.slot.length
    const capacity = old * 2
    const key = new Float64Array(2 * capacity)
    const slot = new Int32Array(capacity)
    const payload = new Int32Array(2 * capacity)
    const next = new Int32Array(capacity).fill(-1)
    const order = new Float64Array(capacity)
    key.set(this.key)
    slot.set(this.slot)
    payload.set(this.payload)
    next.set(this.next)
    order.set(this.order)
    // All old slots are taken (that is why it grows): the new ones are the free ones, right behind the heap.
    for (let i = old; i < capacity; i++) {
      slot[this.size + i - old] = i
      this.frame.push(null)
    }
    this.key = key
    this.slot = slot
    this.payload = payload
    this.next = next
    this.order = order
  }

  /** Take out all events whose slot is `unwanted`; the others keep their order. For a queue that was filled by `push` alone: it has no chains. */
  discard(unwanted: (slot: number) => boolean): void {
    const positions = this.positionsInOrder()
    const kept = positions.filter((position) => !unwanted(this.slot[position]))
    const free = positions.filter((position) => unwanted(this.slot[position])).map((position) => this.slot[position])
    const slots = kept.map((position) => this.slot[position])
    const keys = kept.flatMap((position) => [this.key[2 * position], this.key[2 * position + 1]])
    // What is sorted is a heap.
    this.size = slots.length
    this.key.set(keys)
    this.slot.set(slots)
    this.slot.set(free, slots.length)
    if (this.size === 0) this.key[0] = NEVER
  }

  /** The target of the event in a slot. */
  targetOf(slot: number): number {
    return this.payload[2 * slot]
  }

  /** The tag or the generation of the event in a slot. */
  extraOf(slot: number): number {
    return this.payload[2 * slot + 1]
  }

  private positionsInOrder(): Array<number> {
    const positions = Array.from({ length: this.size }, (_, i) => i)
    return positions.sort((x, y) => this.key[2 * x] - this.key[2 * y] || this.key[2 * x + 1] - this.key[2 * y + 1])
  }

  /** The slots of everything pending, in no particular order. */
  pending(): Array<number> {
    const slots: Array<number> = []
    for (let position = 0; position < this.size; position++) {
      for (let slot = this.slot[position]; slot >= 0; slot = this.next[slot]) slots.push(slot)
    }
    return slots
  }

  /** Slots and instants of everything pending, in the order in which it will come. */
  inOrder(): Array<{ readonly slot: number; readonly at: SimTime }> {
    const events: Array<{ readonly slot: number; readonly at: SimTime }> = []
    for (const position of this.positionsInOrder()) {
      const at = this.key[2 * position]
      for (let slot = this.slot[position]; slot >= 0; slot = this.next[slot]) events.push({ slot, at })
    }
    return events
  }

  /** The queue as plain data, sharing its arrays; frames of free slots are let go. */
  save(): EventQueueData<F> {
    for (let i = this.size; i < this.slot.length - this.chained; i++) this.frame[this.slot[i]] = null
    return {
      size: this.size,
      chained: this.chained,
      key: this.key,
      slot: this.slot,
      payload: this.payload,
      next: this.next,
      order: this.order,
      frame: this.frame,
    }
  }

  /** A queue over saved data, which it takes over. */
  static restore<F extends WireFrame>(data: EventQueueData<F>): EventQueue<F> {
    const queue = new EventQueue<F>(0)
    queue.size = data.size
    queue.chained = data.chained
    queue.key = data.key
    queue.slot = data.slot
    queue.payload = data.payload
    queue.next = data.next
    queue.order = data.order
    queue.frame = data.frame as Array<F | null>
    return queue
  }
}

/** An empty queue as plain data. */
export const empty = <F extends WireFrame>(capacity: number): EventQueueData<F> => new EventQueue<F>(capacity).save()

/** An independent copy. Frames are immutable and shared. */
export const copy = <F extends WireFrame>(data: EventQueueData<F>): EventQueueData<F> => ({
  size: data.size,
  chained: data.chained,
  key: data.key.slice(),
  slot: data.slot.slice(),
  payload: data.payload.slice(),
  next: data.next.slice(),
  order: data.order.slice(),
  frame: data.frame.slice(),
})
