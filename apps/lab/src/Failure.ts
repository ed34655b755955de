/** How a command ends, and what its user reads when it could not do what was asked. */
import * as Data from "effect/Data"
import * as Schema from "effect/Schema"

/** Exit codes of `lab`. */
export const EXIT = {
  ok: 0,
  /** A check failed, a scenario could not be carried to its end, a recorded case was not reproduced. */
  checkFailed: 1,
  /** The command line, a design, a scenario or a file is not what it should be. */
  badInput: 2,
  /** A scenario ran to its end and checked nothing. */
  nothingChecked: 3,
  /** A bug of ours (EX_SOFTWARE of sysexits.h). */
  bug: 70,
  /** Ctrl-C: 128 + SIGINT. */
  interrupted: 130,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** What was given cannot be worked with. The message says what, where, and what to do; several findings are several lines. */
export class InputError extends Schema.TaggedError<InputError>()("InputError", { problem: Schema.String }) {
  override get message(): string {
    return this.problem
  }
}

/** Fail with a sentence about what was given. */
export const badInput = (problem: string): InputError => new InputError({ problem })

/** A scenario could not go on: a VM did not arrive, a network did not settle. Expected of the emulated world, so no fault of the input. */
export class ScenarioFailure extends Schema.TaggedError<ScenarioFailure>()("ScenarioFailure", { problem: Schema.String }) {
  override get message(): string {
    return this.problem
  }
}

/** The command is over and has said all there is to say; only the exit code is left. */
export class Finished extends Data.TaggedError("Finished")<{ readonly code: ExitCode }> {
  override get message(): string {
    return `finished with exit code ${this.code}`
  }
}

/** A bug of ours, with the line that shows it again. */
export class Bug extends Data.TaggedError("Bug")<{ readonly cause: unknown; readonly replay: string }> {
  override get message(): string {
    const trace = this.cause instanceof Error ? (this.cause.stack ?? this.cause.message) : String(this.cause)
    return `this is a bug of l2lab, not of what you gave it. To see it again: ${this.replay}\n${trace}`
  }
}
