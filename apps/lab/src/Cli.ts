/** The command line as a whole: its commands, and how every ending becomes an exit code and at most one message. */
import * as Cause from "effect/Cause"
import type * as CliError from "effect/cli/CliError"
import * as CliConfig from "effect/cli/CliConfig"
import * as CliOutput from "effect/cli/CliOutput"
import * as Command from "effect/cli/Command"
import * as GlobalFlag from "effect/cli/GlobalFlag"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import { bench } from "./commands/bench.ts"
import { conform } from "./commands/conform.ts"
import { demo } from "./commands/demo.ts"
import { replay } from "./commands/replay.ts"
import { run } from "./commands/run.ts"
import { show } from "./commands/show.ts"
import { Bug, EXIT, Finished } from "./Failure.ts"
import { Output } from "./Output.ts"

export const VERSION = "0.1.0"

/** `lab` with all its commands. */
export const lab = Command.make("lab").pipe(
  Command.withDescription(
    "l2lab: a deterministic layer-2 network emulator. Which ports block, what does a failure cost, can this VM move - and the packets as proof.",
  ),
  Command.withSubcommands([demo, run, show, conform, replay, bench]),
  Command.withExamples([
    { command: "npx --no lab demo", description: "A farm converges, a VM moves, the packets prove it" },
    { command: "npx --no lab run designs/triangle.l2.yml", description: "Boot a design and see which ports block" },
    { command: "npx --no lab run --help", description: "Everything about a command" },
  ]),
)

/** A mistake on the command line in one sentence and a hint; the whole help is there for those who ask for it. */
const Presenter = Layer.effect(
  CliOutput.Presenter,
  Effect.map(Output, ({ err, errStyle, style }) => ({
    present: (event: CliOutput.Presenter.Event) => {
      const formatter = CliOutput.defaultFormatter({ colors: style.mode === "colour" })
      switch (event._tag) {
        case "Help":
          return Console.log(formatter.formatHelpDoc(event.helpDoc))
        case "Version":
          return Console.log(formatter.formatVersion(event.name, event.version))
        case "InvalidInvocation":
          return Effect.sync(() => {
            // One mistake can look like several (a value that begins with a dash): the first is what its author will understand.
            const [error] = event.errors
            if (error !== undefined) err.write(`${errStyle.bad("lab:")} ${sentence(error, event.commandPath)}\n`)
          })
      }
    },
  })),
)

const sentence = (error: CliError.CliError, path: ReadonlyArray<string>): string => {
  // npx keeps flags before the command for itself: "npx --no lab --help" would be npx's own help.
  const help = path.length === 1 ? "npx --no lab lists all commands" : `npx --no ${path.join(" ")} --help tells more`
  const near = "suggestions" in error && error.suggestions.length > 0 ? `; did you mean ${error.suggestions.join(" or ")}?` : ""
  switch (error._tag) {
    case "UnrecognizedOption":
      return `${path.join(" ")} has no flag ${error.option}${near === "" ? `: ${help}` : near}`
    case "UnknownSubcommand":
      return `there is no command "${error.subcommand}"${near === "" ? `: ${help}` : near}`
    case "MissingArgument":
      return `${path.join(" ")} needs <${error.argument}>: ${help}`
    case "MissingOption":
      return `${path.join(" ")} needs --${error.option}: ${help}`
    case "UnexpectedArgument":
      return `${path.join(" ")} does not know what to do with ${error.arguments.map((text) => `"${text}"`).join(", ")}: ${help}`
    case "InvalidValue":
      return error.value === ""
        ? `--${error.option} needs a value: ${help}`
        : `${error.kind === "flag" ? "--" : ""}${error.option} cannot be "${error.value}": ${wanted(error.expected)}`
    default:
      return error.message.split("\n")[0]
  }
}

/** What a value should have been, as people say it. */
const wanted = (expected: string): string => {
  if (/integer/i.test(expected)) return "give an integer"
  if (/finite number|number/i.test(expected)) return "give a number"
  return expected.replace(/^Expected:? /, "expected ")
}

/** The built-in flags that make sense here. */
const Settings = CliConfig.layer({ builtIns: [GlobalFlag.Help, GlobalFlag.Version, GlobalFlag.Completions] })

/** Run a command line to its exit code. Fails with nothing; an interruption stays one. */
export const main = (args: ReadonlyArray<string>) =>
  Command.runWith(lab, { version: VERSION })(args).pipe(
    Effect.provide(Layer.merge(Presenter, Settings)),
    Effect.exit,
    Effect.flatMap((exit) => {
      if (Exit.isSuccess(exit)) return Effect.succeed<number>(EXIT.ok)
      if (Cause.hasInterruptsOnly(exit.cause)) return Effect.failCause(exit.cause as Cause.Cause<never>)
      return Effect.map(Output, ({ err, errStyle }) => {
        const reason = Cause.squash(exit.cause)
        if (reason instanceof Finished) return reason.code
        const { code, message } = ending(reason)
        if (message !== undefined) err.write(`${errStyle.bad("lab:")} ${message}\n`)
        return code
      })
    }),
  )

const ending = (reason: unknown): { readonly code: number; readonly message?: string } => {
  const tag = typeof reason === "object" && reason !== null && "_tag" in reason ? reason._tag : undefined
  const message = reason instanceof Error ? reason.message : String(reason)
  switch (tag) {
    case "ShowHelp":
      // Its errors have been told; without any the help itself was the answer.
      return { code: (reason as CliError.ShowHelp).errors.length === 0 ? EXIT.ok : EXIT.badInput }
    case "InputError":
    case "CaptureError":
    case "DesignError":
    case "QuitError":
      return { code: EXIT.badInput, message }
    case "Bug":
      return { code: EXIT.bug, message }
    default:
      return { code: EXIT.bug, message: new Bug({ cause: reason, replay: "the same command line" }).message }
  }
}
