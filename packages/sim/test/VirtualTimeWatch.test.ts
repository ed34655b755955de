/** Fibers that a listener of the simulation resumes: at that very instant, and without a word about the real world. */
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Exit, Cause, Queue, Stream } from "effect"
import { DeviceKind } from "../src/Device.ts"
import { Simulation } from "../src/Simulation.ts"
import * as VirtualTimeService from "../src/VirtualTimeService.ts"

interface Ticker {
  left: number
}

/** Traces code 1 every 10 ns, `left` times. */
const TICKER = new DeviceKind<Ticker, { readonly wireOctets: number }, number>({
  kind: "ticker",
  ports: () => 0,
  timers: () => 1,
  make: (left) => ({ left }),
  onBoot: (_state, now, out) => out.startTimer(0, now + 10),
  onFrame: () => {},
  onTimer: (state, _timer, now, out) => {
    out.trace(1, state.left, 0, 0, 0)
    if (--state.left > 0) out.startTimer(0, now + 10)
  },
  onLink: () => {},
  onCommand: () => {},
  copy: (state) => ({ ...state }),
  fingerprint: (state, digest) => digest.number(state.left),
})

const boot = (ticks: number) =>
  Simulation.boot(
    { nodes: [{ name: "ticker", kind: "ticker", config: ticks }], links: [] },
    { kinds: new Map([["ticker", TICKER]]), fingerprintFrame: () => {} },
  )

describe("watch", () => {
  it.effect("a listener resumes a fiber at the instant of the event, not at the end of a slice", () =>
    Effect.gen(function* () {
      const simulation = boot(1000)
      const third = yield* Deferred.make<number>()
      simulation.listen({
        onTrace: (event) => {
          if (event.a === 998) Deferred.doneUnsafe(third, Exit.succeed(event.at))
        },
      })
      let foreign = false
      const program = Effect.gen(function* () {
        const time = yield* VirtualTimeService.VirtualTime
        const at = yield* time.watch(Deferred.await(third))
        return [at, yield* time.now]
      })
      const result = yield* VirtualTimeService.run(simulation, program, { onForeignResume: () => (foreign = true) })
      assert.deepStrictEqual(result, [30, 30])
      assert.isFalse(foreign)
    }),
  )

  it.effect("events arrive as a stream, each while its instant is the present", () =>
    Effect.gen(function* () {
      const simulation = boot(100)
      const program = Effect.gen(function* () {
        // Made here, so that it wakes its takers through the scheduler of virtual time.
        const queue = yield* Queue.unbounded<number>()
        simulation.listen({ onTrace: (event) => Queue.offerUnsafe(queue, event.at) })
        const time = yield* VirtualTimeService.VirtualTime
        return yield* Stream.fromQueue(queue).pipe(
          Stream.take(5),
          Stream.mapEffect((at) => Effect.map(time.now, (now) => [at, now] as const)),
          Stream.runCollect,
          time.watch,
        )
      })
      const seen = yield* VirtualTimeService.run(simulation, program)
      assert.deepStrictEqual(
        seen,
        [10, 20, 30, 40, 50].map((at) => [at, at] as const),
      )
    }),
  )

  it.effect("a world at rest ends the wait", () =>
    Effect.gen(function* () {
      const program = Effect.gen(function* () {
        const time = yield* VirtualTimeService.VirtualTime
        return yield* time.watch(Effect.never)
      })
      const exit = yield* Effect.exit(VirtualTimeService.run(boot(3), program))
      assert.isTrue(Exit.isFailure(exit) && Cause.squash(exit.cause) instanceof VirtualTimeService.AtRest)
    }),
  )
})
