/**
 * A scenario: a design and an Effect program that runs on its virtual time.
 *
 *     export default Scenario.make("reboot", { design: "farm.l2.yml" }, Effect.gen(function* () {
 *       const lab = yield* Lab
 *       yield* lab.converged
 *       ...
 *     }))
 */
import type * as Effect from "effect/Effect"
import type { VirtualTime } from "@l2lab/sim/VirtualTimeService"
import type { Checks } from "./Check.ts"
import type { Lab } from "./Lab.ts"

/** What a scenario's program may use. Clock, `Effect.sleep`, `Effect.timeout` and `Schedule` are on virtual time. */
export type Services = Lab | Checks | VirtualTime

export interface Options {
  /**
   * A design file: a path relative to the scenario's own folder, or the bare name of a file that is looked for in that folder and then
   * among the shipped designs.
   */
  readonly design: string
  /** One line for people. */
  readonly description?: string
  /** Ports that `--pcap` captures unless `--capture` says otherwise (`sw1:1`, `sw1`, `all`); by default all, until the program chooses. */
  readonly capture?: ReadonlyArray<string>
}

const TypeId = "@l2lab/lab/Scenario"

export interface Scenario extends Options {
  readonly [TypeId]: typeof TypeId
  readonly name: string
  readonly program: Effect.Effect<unknown, unknown, Services>
}

/** A scenario, to be a file's default export. Any failure of the program is a failed run; what it checks decides the exit code. */
export const make = <A, E>(name: string, options: Options, program: Effect.Effect<A, E, Services>): Scenario => ({
  [TypeId]: TypeId,
  name,
  ...options,
  program,
})

/** Whether a value is a scenario, also one of another copy of this module. */
export const isScenario = (value: unknown): value is Scenario => typeof value === "object" && value !== null && TypeId in value
