/**
 * The event queue: a 4-ary heap in parallel arrays (time, sequence number, slot), the payload lying by slot so that sifting moves
 * three numbers only. Slots are a permutation: the free ones lie behind the heap. The world keeps two of these, frames and
 * timers, with one sequence counter: frames come and go by the million among hundreds of thousands of pending timers.
 *
 * Events are ordered by (time, sequence number), so that what was asked for first happens first.
 */
import type { WireFrame } from "./Device.ts"
import type { SimTime } from "./SimTime.ts"

/** A queue as it lies in a saved world: plain data. */
export interface EventQueueData<F extends WireFrame> {
  readonly size: number
  readonly time: Float64Array
  readonly order: Float64Array
  readonly slot: Int32Array
  readonly target: Int32Array
  readonly extra: Int32Array
  readonly frame: ReadonlyArray<F | null>
}

export class EventQueue<F extends WireFrame> {
  /** Number of pending events. The earliest is `time[0]`, `order[0]`, `slot[0]`. */
  size: number
  time: Float64Array
  order: Float64Array
  slot: Int32Array
  /** By slot. For a frame the world port it arrives at; for a timer the world timer. Negative numbers are the world's own. */
  target: Int32Array
  /** By slot. For a frame its tag control information; for a timer its generation. */
  extra: Int32Array
  /** By slot. */
  frame: Array<F | null>

  constructor(capacity: number) {
    this.size = 0
    this.time = new Float64Array(capacity)
    this.order = new Float64Array(capacity)
    this.slot = Int32Array.from({ length: capacity }, (_, i) => i)
    this.target = new Int32Array(capacity)
    this.extra = new Int32Array(capacity)
    this.frame = Array.from({ length: capacity }, () => null)
  }

  /** Queue an event whose sequence number is greater than that of every pending event: it sinks below its equals in time. */
  pushNewest(time: SimTime, order: number, target: number, extra: number, frame: F): void {
    if (this.size === this.time.length) this.grow()
    const times = this.time
    const orders = this.order
    const slots = this.slot
    let i = this.size++
    const slot = slots[i]
    this.target[slot] = target
    this.extra[slot] = extra
    this.frame[slot] = frame
    while (i > 0) {
      const parent = (i - 1) >> 2
      const parentTime = times[parent]
      if (parentTime <= time) break
      times[i] = parentTime
      orders[i] = orders[parent]
      slots[i] = slots[parent]
      i = parent
    }
    times[i] = time
    orders[i] = order
    slots[i] = slot
  }

  /** Queue an event with any sequence number (a timer keeps the one it was started with). */
  push(time: SimTime, order: number, target: number, extra: number): void {
    if (this.size === this.time.length) this.grow()
    const times = this.time
    const orders = this.order
    const slots = this.slot
    let i = this.size++
    const slot = slots[i]
    this.target[slot] = target
    this.extra[slot] = extra
    while (i > 0) {
      const parent = (i - 1) >> 2
      const parentTime = times[parent]
      if (parentTime < time || (parentTime === time && orders[parent] < order)) break
      times[i] = parentTime
      orders[i] = orders[parent]
      slots[i] = slots[parent]
      i = parent
    }
    times[i] = time
    orders[i] = order
    slots[i] = slot
  }

  /** Take the earliest event out; its slot, whose payload stays readable until the next push. The queue must not be empty. */
  pop(): number {
    const times = this.time
    const orders = this.order
    const slots = this.slot
    const top = slots[0]
    const size = --this.size
    if (size === 0) return top
    const time = times[size]
    const order = orders[size]
    const slot = slots[size]
    slots[size] = top
    let i = 0
    for (;;) {
      const first = 4 * i + 1
      if (first >= size) break
      let least = first
      let leastTime = times[first]
      const end = first + 4 < size ? first + 4 : size
      for (let child = first + 1; child < end; child++) {
        const childTime = times[child]
        if (childTime < leastTime || (childTime === leastTime && orders[child] < orders[least])) {
          least = child
          leastTime = childTime
        }
      }
      if (time < leastTime || (time === leastTime && order < orders[least])) break
      times[i] = leastTime
      orders[i] = orders[least]
      slots[i] = slots[least]
      i = least
    }
    times[i] = time
    orders[i] = order
    slots[i] = slot
    return top
  }

  private grow(): void {
    const old = this.time.length
    const capacity = old * 2
    const doubles = (from: Float64Array): Float64Array => {
      const to = new Float64Array(capacity)
      to.set(from)
      return to
    }
    const integers = (from: Int32Array): Int32Array => {
      const to = new Int32Array(capacity)
      to.set(from)
      return to
    }
    this.time = doubles(this.time)
    this.order = doubles(this.order)
    this.slot = integers(this.slot)
    this.target = integers(this.target)
    this.extra = integers(this.extra)
    for (let i = old; i < capacity; i++) {
      this.slot[i] = i
      this.frame.push(null)
    }
  }

  /** Take out all events whose slot is `unwanted`; the others keep their order. */
  discard(unwanted: (slot: number) => boolean): void {
    const slots: Array<number> = []
    const free: Array<number> = []
    const times: Array<number> = []
    const orders: Array<number> = []
    for (const position of this.inOrder()) {
      const slot = this.slot[position]
      if (unwanted(slot)) {
        free.push(slot)
        continue
      }
      slots.push(slot)
      times.push(this.time[position])
      orders.push(this.order[position])
    }
    // What is sorted is a heap.
    this.size = slots.length
    this.time.set(times)
    this.order.set(orders)
    this.slot.set(slots)
    this.slot.set(free, slots.length)
  }

  /** The positions of the pending events in the order in which they will come. */
  inOrder(): Array<number> {
    const positions = Array.from({ length: this.size }, (_, i) => i)
    positions.sort((x, y) => this.time[x] - this.time[y] || this.order[x] - this.order[y])
    return positions
  }

  /** The queue as plain data, sharing its arrays; frames of free slots are let go. */
  save(): EventQueueData<F> {
    for (let i = this.size; i < this.time.length; i++) this.frame[this.slot[i]] = null
    return {
      size: this.size,
      time: this.time,
      order: this.order,
      slot: this.slot,
      target: this.target,
      extra: this.extra,
      frame: this.frame,
    }
  }

  /** A queue over saved data, which it takes over. */
  static restore<F extends WireFrame>(data: EventQueueData<F>): EventQueue<F> {
    const queue = new EventQueue<F>(0)
    queue.size = data.size
    queue.time = data.time
    queue.order = data.order
    queue.slot = data.slot
    queue.target = data.target
    queue.extra = data.extra
    queue.frame = data.frame as Array<F | null>
    return queue
  }
}

/** An empty queue as plain data. */
export const empty = <F extends WireFrame>(capacity: number): EventQueueData<F> => new EventQueue<F>(capacity).save()

/** An independent copy. Frames are immutable and shared. */
export const copy = <F extends WireFrame>(data: EventQueueData<F>): EventQueueData<F> => ({
  size: data.size,
  time: data.time.slice(),
  order: data.order.slice(),
  slot: data.slot.slice(),
  target: data.target.slice(),
  extra: data.extra.slice(),
  frame: data.frame.slice(),
})
