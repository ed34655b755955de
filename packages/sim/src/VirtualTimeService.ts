/**
 * Effect on virtual time. A program that runs under `run` sleeps, times out, retries and schedules on the emulated clock: its `Clock`
 * is the simulation's, and every wake-up of a fiber is an event of the world. Thirty seconds pass in milliseconds, always in the
 * same order.
 *
 * Script code runs only at wake events, and time never advances while fibers are runnable or while real work is unfinished that was
 * wrapped in `real`. A listener of the simulation may resume fibers too (complete a Deferred, offer to a Queue): they run at that
 * very instant, once the event that the listener was told of is done. A fiber that is resumed from outside (a promise over I/O, a real timer) would let time run away in a way that
 * no run repeats; that is noticed and reported through `onForeignResume`.
 */
import { Cause, Clock, Context, Data, Deferred, Duration, Effect, Exit, Scheduler } from "effect"
import type { WireFrame } from "./Device.ts"
import { format, MILLISECOND, type SimTime } from "./SimTime.ts"
import type { Simulation } from "./Simulation.ts"

/** What a program on virtual time may ask of the clock that drives it. */
export class VirtualTime extends Context.Service<
  VirtualTime,
  {
    /** The present instant. */
    readonly now: Effect.Effect<SimTime>
    /** Sleep until an instant; one that has passed is now. */
    readonly sleepUntil: (at: SimTime) => Effect.Effect<void>
    /** Wrap what waits on the real world (a file, a socket, a prompt): virtual time stands still meanwhile, and inside it the clock is real. */
    readonly real: <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
    /**
     * Wrap what waits for something that a listener of the simulation will hand over: virtual time passes meanwhile, as it does for a
     * sleep. A world that comes to rest while all fibers wait in this way ends the run with the defect `AtRest`.
     */
    readonly watch: <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
  }
>()("@l2lab/sim/VirtualTime") {}

/** A program waits for something to happen in a world in which nothing will ever happen again. */
export class AtRest extends Data.TaggedError("AtRest")<{ readonly at: SimTime }> {
  override get message() {
    return `the program waits for something to happen, but the world came to rest at ${format(this.at)} s: no event is pending`
  }
}

/** How a program is run on virtual time. */
export interface Options {
  /** Called between slices of the simulation; a promise holds virtual time until it resolves (a capture that must drain). Rejection ends the run. */
  readonly betweenSlices?: () => Promise<void> | undefined
  /** Events in a slice, after which the real event loop gets its turn; 200,000 by default. */
  readonly sliceEvents?: number
  /** Called once if a fiber was resumed by something that virtual time does not know of. */
  readonly onForeignResume?: () => void
}

/** The wake-up token of fibers that a listener resumed; sleepers have those above it. */
const LISTENER = 0

/** Tasks of all fibers: first in, first out within a priority, lowest priority number first. */
class RunQueue {
  private readonly buckets = new Map<number, Array<() => void>>()
  private queued = 0

  push(task: () => void, priority: number): void {
    const bucket = this.buckets.get(priority)
    if (bucket === undefined) this.buckets.set(priority, [task])
    else bucket.push(task)
    this.queued++
  }

  drain(): void {
    while (this.queued > 0) {
      const priority = Math.min(...this.buckets.keys())
      const tasks = this.buckets.get(priority) ?? []
      this.buckets.delete(priority)
      this.queued -= tasks.length
      for (const task of tasks) task()
    }
  }

  get isEmpty(): boolean {
    return this.queued === 0
  }
}

/**
 * Run an effect on the virtual time of `simulation`. The simulation advances only while some fiber sleeps; when the effect ends, it
 * stands at the instant at which the effect ended. An exception of a device is a defect of the result.
 */
export const run = <F extends WireFrame, A, E, R>(
  simulation: Simulation<F>,
  effect: Effect.Effect<A, E, R>,
  options: Options = {},
): Effect.Effect<A, E, Exclude<R, VirtualTime>> =>
  Effect.gen(function* () {
    const liveClock = yield* Clock.Clock
    const liveScheduler = yield* Scheduler.Scheduler
    const crashed = Deferred.makeUnsafe<never, never>()
    const tasks = new RunQueue()
    const sleepers = new Map<number, () => void>()
    let nextToken = LISTENER + 1
    let holds = 0
    let watchers = 0
    let running = false
    let listenerWakes = false
    let armed = false
    let ours = false
    let foreign = false
    let stopping = false
    let ended = false

    const arm = (): void => {
      if (armed || ended) return
      armed = true
      setImmediate(turn)
    }
    const crash = (cause: unknown): void => {
      stopping = true
      Deferred.doneUnsafe(crashed, Exit.failCause(Cause.die(cause)))
    }
    // Every advance begins with a turn of the real event loop, so that promise callbacks and signals come first.
    const turn = (): void => {
      armed = false
      if (ended) return
      ours = true
      try {
        tasks.drain()
        if (holds > 0 || sleepers.size + watchers === 0) return
        const pause = options.betweenSlices?.()
        if (pause !== undefined) {
          holds++
          pause.then(
            () => {
              holds--
              arm()
            },
            (cause: unknown) => crash(cause),
          )
          return
        }
        ours = false
        running = true
        const stop = simulation.run(Infinity, options.sliceEvents ?? 200_000)
        running = false
        ours = true
        if (stop === "reached" && sleepers.size === 0 && tasks.isEmpty) throw new AtRest({ at: simulation.now })
        if (stop === "wake") {
          for (const token of simulation.takeWakes()) {
            if (token === LISTENER) listenerWakes = false
            const wake = sleepers.get(token)
            if (wake === undefined) continue // the fiber was interrupted, or belongs to a world that this one was forked from
            sleepers.delete(token)
            wake()
          }
          tasks.drain()
        }
        if (sleepers.size + watchers > 0 || !tasks.isEmpty) arm()
      } catch (cause) {
        crash(cause)
      } finally {
        running = false
        ours = false
      }
    }

    const scheduler: Scheduler.Scheduler = {
      executionMode: "async",
      // Script code runs in our turns only: a fiber that something else resumes (a listener in the middle of an event, a promise, the end
      // of real work) queues up with us before it runs a single step.
      shouldYield: (fiber) => !ours || liveScheduler.shouldYield(fiber),
      makeDispatcher: () => ({
        scheduleTask: (task, priority) => {
          if (running) {
            // A listener resumed a fiber: stop at this very instant, wherever the slice would have ended.
            if (!listenerWakes) simulation.wakeAt(simulation.now, LISTENER)
            listenerWakes = true
          } else if (!ours && holds === 0 && started && !stopping && !foreign) {
            foreign = true
            options.onForeignResume?.()
          }
          tasks.push(task, priority)
          arm()
        },
        flush: () => tasks.drain(),
      }),
    }
    let started = false

    const sleepUntil = (at: SimTime): Effect.Effect<void> =>
      Effect.callback<void>((resume) => {
        const token = nextToken
        nextToken = nextToken === 0x7fffffff ? LISTENER + 1 : nextToken + 1
        sleepers.set(token, () => resume(Effect.void))
        simulation.wakeAt(Math.max(at, simulation.now), token)
        arm()
        return Effect.sync(() => {
          sleepers.delete(token)
        })
      })

    const nanos = (): bigint => BigInt(simulation.now)
    const millis = (): number => Math.floor(simulation.now / MILLISECOND)
    const clock: Clock.Clock = {
      currentTimeMillisUnsafe: millis,
      currentTimeNanosUnsafe: nanos,
      monotonicTimeNanosUnsafe: nanos,
      currentTimeMillis: Effect.sync(millis),
      currentTimeNanos: Effect.sync(nanos),
      monotonicTimeNanos: Effect.sync(nanos),
      sleep: (duration) =>
        Duration.isFinite(duration)
          ? Effect.suspend(() => sleepUntil(simulation.now + Number(Duration.toNanosUnsafe(duration))))
          : Effect.never,
    }
    const real = <A2, E2, R2>(work: Effect.Effect<A2, E2, R2>): Effect.Effect<A2, E2, R2> =>
      Effect.acquireUseRelease(
        Effect.sync(() => {
          holds++
        }),
        () => work.pipe(Effect.provideService(Clock.Clock, liveClock), Effect.provideService(Scheduler.Scheduler, liveScheduler)),
        // Back on our own run queue before time may pass again: what follows is script code like any other.
        () =>
          Effect.andThen(
            Effect.yieldNow,
            Effect.sync(() => {
              holds--
              arm()
            }),
          ),
      )

    const watch = <A2, E2, R2>(waiting: Effect.Effect<A2, E2, R2>): Effect.Effect<A2, E2, R2> =>
      Effect.acquireUseRelease(
        Effect.sync(() => {
          watchers++
          arm()
        }),
        () => waiting,
        () =>
          Effect.sync(() => {
            watchers--
          }),
      )

    const service = VirtualTime.of({ now: Effect.sync(() => simulation.now), sleepUntil, real, watch })
    // The program begins on our own run queue, so that what it forks before its first pause is no stranger there.
    const program = Effect.andThen(
      Effect.yieldNow,
      Effect.suspend(() => {
        started = true
        return effect
      }),
    ).pipe(
      Effect.provideService(VirtualTime, service),
      Effect.provideService(Clock.Clock, clock),
      Effect.provideService(Scheduler.Scheduler, scheduler),
    )
    // First in the race, so that the first to hear of an interruption from outside: what it resumes is no stranger.
    const stopped = Effect.onInterrupt(Effect.never, () =>
      Effect.sync(() => {
        stopping = true
      }),
    )
    return yield* Effect.raceAllFirst([stopped, program, Deferred.await(crashed)]).pipe(
      Effect.ensuring(
        Effect.sync(() => {
          ended = true
        }),
      ),
    )
  }) as Effect.Effect<A, E, Exclude<R, VirtualTime>>
