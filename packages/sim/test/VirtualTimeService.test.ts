/** Effect on virtual time: sleeping, racing, repeating, and what a program must not do. */
import { assert, describe, it } from "@effect/vitest"
import { Cause, Clock, Deferred, Duration, Effect, Exit, Fiber, Queue, Ref, Schedule } from "effect"
import * as Fingerprint from "../src/Fingerprint.ts"
import { MICROSECOND, MILLISECOND, SECOND } from "../src/SimTime.ts"
import { Simulation } from "../src/Simulation.ts"
import * as VirtualTimeService from "../src/VirtualTimeService.ts"
import { pair, type ProbeCommand, REGISTRY, ring, type TestFrame } from "./Probe.ts"

const boot = (): Simulation<TestFrame> => Simulation.boot(pair({}, 1), REGISTRY)

const run = <A, E, R>(effect: Effect.Effect<A, E, R>, options?: VirtualTimeService.Options, simulation = boot()) =>
  VirtualTimeService.run(simulation, effect, options)

/** Fails the test if virtual time noticed a resumption from outside. */
const closed = <A, E, R>(effect: Effect.Effect<A, E, R>, simulation = boot()) =>
  Effect.gen(function* () {
    let foreign = 0
    const result = yield* run(effect, { onForeignResume: () => foreign++ }, simulation)
    assert.strictEqual(foreign, 0, "nothing resumed a fiber from outside")
    return result
  })

const millis = Clock.currentTimeMillis

describe("sleeping", () => {
  it.effect("takes virtual time only, to the nanosecond", () =>
    Effect.gen(function* () {
      const simulation = boot()
      const begun = performance.now()
      const at = yield* closed(
        Effect.gen(function* () {
          yield* Effect.sleep("30 days")
          yield* Effect.sleep(Duration.nanos(7n))
          return yield* Clock.currentTimeNanos
        }),
        simulation,
      )
      assert.strictEqual(at, BigInt(30 * 86_400 * SECOND + 7))
      assert.strictEqual(simulation.now, 30 * 86_400 * SECOND + 7)
      assert.isBelow(performance.now() - begun, 2000)
    }),
  )

  it.effect("of no length, and until an instant that has passed, takes no time", () =>
    Effect.gen(function* () {
      const at = yield* closed(
        Effect.gen(function* () {
          const time = yield* VirtualTimeService.VirtualTime
          yield* Effect.sleep("1 second")
          yield* Effect.sleep(0)
          yield* time.sleepUntil(5)
          yield* time.sleepUntil(2 * SECOND)
          return yield* time.now
        }),
      )
      assert.strictEqual(at, 2 * SECOND)
    }),
  )

  it.effect("lets the emulated world go on meanwhile, and stops it at the very instant", () =>
    Effect.gen(function* () {
      const chatty = Simulation.boot(ring(4, 1), REGISTRY)
      yield* closed(Effect.sleep(Duration.nanos(BigInt(123_456))), chatty)
      const plain = Simulation.boot(ring(4, 1), REGISTRY)
      plain.run(123_456)
      assert.strictEqual(chatty.now, 123_456)
      assert.strictEqual(Fingerprint.of(chatty), Fingerprint.of(plain))
    }),
  )
})

describe("several fibers", () => {
  const story = Effect.gen(function* () {
    const said = yield* Ref.make<ReadonlyArray<string>>([])
    const say = (who: string) => Effect.flatMap(millis, (at) => Ref.update(said, (all) => [...all, `${at} ${who}`]))
    const walker = (who: string, step: Duration.Input, count: number) =>
      say(who).pipe(Effect.delay(step), Effect.repeat({ times: count - 1 }))
    yield* Effect.all(
      [walker("a", "3 millis", 4), walker("b", "2 millis", 6), walker("c", "4 millis", 3), walker("d", "12 millis", 1)],
      {
        concurrency: "unbounded",
      },
    )
    return yield* Ref.get(said)
  })

  it.effect("wake in the order of their instants, and of one instant in the order in which they went to sleep", () =>
    Effect.gen(function* () {
      const first = yield* closed(story)
      assert.deepStrictEqual(
        first.map((line) => Number.parseInt(line)),
        [2, 3, 4, 4, 6, 6, 8, 8, 9, 10, 12, 12, 12, 12],
      )
      assert.deepStrictEqual(first.slice(-4), ["12 d", "12 c", "12 a", "12 b"])
      for (let i = 0; i < 5; i++) assert.deepStrictEqual(yield* closed(story), first)
    }),
  )

  it.effect("hand things over within one instant", () =>
    Effect.gen(function* () {
      const result = yield* closed(
        Effect.gen(function* () {
          const queue = yield* Queue.unbounded<number>()
          const done = yield* Deferred.make<number>()
          const consumer = yield* Effect.forkChild(
            Effect.gen(function* () {
              let sum = 0
              for (let i = 0; i < 100; i++) sum += yield* Queue.take(queue)
              yield* Deferred.succeed(done, sum)
            }),
          )
          yield* Effect.sleep("1 second")
          for (let i = 0; i < 100; i++) yield* Queue.offer(queue, i)
          const sum = yield* Deferred.await(done)
          yield* Fiber.join(consumer)
          return [sum, yield* millis]
        }),
      )
      assert.deepStrictEqual(result, [4950, 1000])
    }),
  )

  it.effect("a fiber left behind does not keep the program from ending", () =>
    Effect.gen(function* () {
      const simulation = boot()
      yield* closed(Effect.andThen(Effect.forkChild(Effect.sleep("1 hour")), Effect.sleep("1 second")), simulation)
      assert.strictEqual(simulation.now, SECOND)
      simulation.run(2 * SECOND)
      assert.strictEqual(simulation.now, 2 * SECOND, "and its wake-up finds nobody")
    }),
  )
})

describe("Effect's own tools", () => {
  it.effect("timeout", () =>
    Effect.gen(function* () {
      const [late, soon] = yield* closed(
        Effect.all([
          Effect.timeoutOption(Effect.sleep("10 seconds"), "3 seconds"),
          Effect.timeoutOption(Effect.sleep("1 seconds"), "3 seconds"),
        ]),
      )
      assert.strictEqual(late._tag, "None")
      assert.strictEqual(soon._tag, "Some")
    }),
  )

  it.effect("Schedule and repeat", () =>
    Effect.gen(function* () {
      const instants = yield* closed(
        Effect.gen(function* () {
          const seen: Array<number> = []
          yield* Effect.flatMap(millis, (at) => Effect.sync(() => seen.push(at))).pipe(
            Effect.repeat({ schedule: Schedule.spaced("100 millis"), times: 5 }),
          )
          return seen
        }),
      )
      assert.deepStrictEqual(instants, [0, 100, 200, 300, 400, 500])
    }),
  )

  it.effect("retry with growing pauses", () =>
    Effect.gen(function* () {
      const at = yield* closed(
        Effect.gen(function* () {
          let left = 4
          yield* Effect.suspend(() => (--left > 0 ? Effect.fail("not yet") : Effect.void)).pipe(
            Effect.retry(Schedule.exponential("1 second")),
          )
          return yield* millis
        }),
      )
      assert.strictEqual(at, 1000 + 2000 + 4000)
    }),
  )

  it.effect("interruption: a sleeper that is gone is not waited for", () =>
    Effect.gen(function* () {
      const simulation = boot()
      const result = yield* closed(
        Effect.gen(function* () {
          const sleeper = yield* Effect.forkChild(Effect.sleep("1 hour"))
          yield* Effect.sleep("1 second")
          yield* Fiber.interrupt(sleeper)
          yield* Effect.sleep("1 second")
          return yield* Fiber.await(sleeper)
        }),
        simulation,
      )
      assert.isTrue(Exit.isFailure(result))
      assert.strictEqual(simulation.now, 2 * SECOND)
    }),
  )

  it.effect("race: the winner's instant counts", () =>
    Effect.gen(function* () {
      const result = yield* closed(
        Effect.gen(function* () {
          const winner = yield* Effect.race(
            Effect.as(Effect.sleep("5 seconds"), "slow"),
            Effect.as(Effect.sleep("2 seconds"), "quick"),
          )
          return [winner, yield* millis]
        }),
      )
      assert.deepStrictEqual(result, ["quick", 2000])
    }),
  )

  it.effect("a failure and a success come out as they are", () =>
    Effect.gen(function* () {
      assert.strictEqual(yield* Effect.flip(closed(Effect.andThen(Effect.sleep("1 second"), Effect.fail("no")))), "no")
      assert.strictEqual(yield* closed(Effect.succeed("yes")), "yes")
    }),
  )
})

describe("the real world", () => {
  const realSleep = (ms: number) => Effect.promise(() => new Promise<void>((resolve) => setTimeout(resolve, ms)))

  it.live("wrapped in `real`, holds virtual time, and its clock is real", () =>
    Effect.gen(function* () {
      const result = yield* closed(
        Effect.gen(function* () {
          const time = yield* VirtualTimeService.VirtualTime
          const ticks: Array<number> = []
          yield* Effect.forkChild(
            Effect.flatMap(millis, (at) => Effect.sync(() => ticks.push(at))).pipe(
              Effect.delay("1 millis"),
              Effect.repeat({ times: 20 }),
            ),
          )
          yield* Effect.sleep("5500 micros")
          const before = yield* time.now
          const realClock = yield* time.real(Effect.andThen(realSleep(20), Clock.currentTimeMillis))
          const after = yield* time.now
          yield* Effect.sleep("3 millis")
          return { before, after, realClock, ticks }
        }),
      )
      assert.strictEqual(result.before, 5500 * MICROSECOND)
      assert.strictEqual(result.after, result.before)
      assert.isAbove(result.realClock, 1.6e12)
      assert.deepStrictEqual(result.ticks, [1, 2, 3, 4, 5, 6, 7, 8])
    }),
  )

  it.effect("wrapped in `real` at the very beginning, or twice at once, is no stranger either", () =>
    Effect.gen(function* () {
      const result = yield* closed(
        Effect.gen(function* () {
          const time = yield* VirtualTimeService.VirtualTime
          yield* time.real(realSleep(2))
          yield* Effect.forkChild(Effect.sleep("1 second"))
          yield* Effect.all([time.real(realSleep(5)), time.real(realSleep(2)), Effect.sleep("1 second")], {
            concurrency: "unbounded",
          })
          return yield* time.now
        }),
      )
      assert.strictEqual(result, SECOND)
    }),
  )

  it.effect("without that wrapping is noticed, once", () =>
    Effect.gen(function* () {
      let foreign = 0
      yield* run(
        Effect.gen(function* () {
          yield* Effect.forkChild(Effect.sleep("1 millis"))
          yield* realSleep(2)
          yield* realSleep(2)
        }),
        { onForeignResume: () => foreign++ },
      )
      assert.strictEqual(foreign, 1)
    }),
  )

  it.effect("that resumes a fiber without that wrapping is noticed even if the fiber only reads and ends", () =>
    Effect.gen(function* () {
      let foreign = 0
      yield* run(Effect.andThen(realSleep(2), millis), { onForeignResume: () => foreign++ })
      assert.strictEqual(foreign, 1)
    }),
  )

  it.live("may interrupt the program: finalizers run, on virtual time, and that is no stranger", () =>
    Effect.gen(function* () {
      const simulation = boot()
      let foreign = 0
      let finished: number | undefined
      const program = Effect.ensuring(
        Effect.forever(Effect.sleep("1 day")),
        Effect.flatMap(Effect.andThen(Effect.sleep("1 second"), millis), (at) =>
          Effect.sync(() => {
            finished = at
          }),
        ),
      )
      const fiber = yield* Effect.forkChild(run(program, { onForeignResume: () => foreign++ }, simulation))
      yield* Effect.sleep("20 millis")
      yield* Fiber.interrupt(fiber)
      assert.strictEqual(finished, simulation.now / MILLISECOND)
      assert.strictEqual(simulation.now % (86_400 * SECOND), SECOND)
      assert.strictEqual(foreign, 0)
    }),
  )

  it.effect("may pause the world between slices", () =>
    Effect.gen(function* () {
      const simulation = Simulation.boot(ring(4, 1), REGISTRY)
      let pauses = 0
      yield* run(
        Effect.sleep("1 millis"),
        {
          sliceEvents: 100,
          betweenSlices: () => {
            pauses++
            // Every second slice is held up; virtual time must not notice.
            return pauses % 2 === 0 ? new Promise((resolve) => setTimeout(resolve, 1)) : undefined
          },
        },
        simulation,
      )
      const plain = Simulation.boot(ring(4, 1), REGISTRY)
      plain.run(MILLISECOND)
      assert.isAbove(pauses, 3)
      assert.strictEqual(Fingerprint.of(simulation), Fingerprint.of(plain))
    }),
  )

  it.effect("that fails between slices ends the run", () =>
    Effect.gen(function* () {
      const exit = yield* Effect.exit(
        run(Effect.sleep("1 second"), { betweenSlices: () => Promise.reject(new Error("the disk is full")) }),
      )
      assert.isTrue(Exit.isFailure(exit) && String(Cause.squash(exit.cause)).includes("the disk is full"))
    }),
  )
})

describe("a listener that completes a Deferred", () => {
  it.effect("runs no script code in the middle of the event", () =>
    Effect.gen(function* () {
      const simulation = boot()
      const heard = yield* Deferred.make<void>()
      const order: Array<string> = []
      simulation.listen({
        onFrame: () => {
          order.push("event begins")
          Deferred.doneUnsafe(heard, Exit.void)
          order.push("event ends")
        },
      })
      simulation.capture(1, true)
      yield* closed(
        Effect.gen(function* () {
          const time = yield* VirtualTimeService.VirtualTime
          simulation.command(0, { type: "send", port: 0, octets: 64 } as ProbeCommand)
          yield* time.watch(Deferred.await(heard))
          order.push(`script at ${yield* time.now}`)
        }),
        simulation,
      )
      assert.deepStrictEqual(order, ["event begins", "event ends", "script at 1012"])
    }),
  )
})

describe("a device that throws", () => {
  it.effect("in an event is a defect of the program", () =>
    Effect.gen(function* () {
      const kind = REGISTRY.kinds.get("probe")
      assert.isDefined(kind)
      const simulation = boot()
      simulation.command(0, { type: "start", timer: 0, at: 1000 } as ProbeCommand)
      ;(simulation.world.states[0] as { seen: unknown }).seen = null // its handler will trip over its own state
      const exit = yield* Effect.exit(run(Effect.sleep("1 second"), {}, simulation))
      assert.isTrue(Exit.isFailure(exit) && Cause.hasDies(exit.cause))
      assert.strictEqual(simulation.now, 1000)
    }),
  )

  it.effect("in a command is a defect of the fiber that gave it", () =>
    Effect.gen(function* () {
      const simulation = boot()
      const exit = yield* Effect.exit(
        run(
          Effect.sync(() => simulation.command(0, { type: "crash" })),
          {},
          simulation,
        ),
      )
      assert.isTrue(Exit.isFailure(exit) && String(Cause.squash(exit.cause)).includes("crashed as told"))
    }),
  )
})
