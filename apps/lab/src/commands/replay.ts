/** `lab replay`: its command line. */
import * as Effect from "effect/Effect"
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import { json } from "./flags.ts"

export const replay = Command.make(
  "replay",
  { file: Argument.String("log").pipe(Argument.withDescription("A file of lab run --save-log")), json },
  (input) =>
    Effect.flatMap(
      Effect.promise(() => import("../run/ReplayCommand.ts")),
      (command) => command.replay(input),
    ),
).pipe(
  Command.withDescription(
    "Replay a saved command log without its script and compare fingerprints.\n\nExit code 0: the same. 1: another way was taken. 2: bad input.",
  ),
  Command.withShortDescription("Replay a saved run without its script"),
  Command.withExamples([
    { command: "npx --no lab run vmotion --save-log vmotion.log.json", description: "Save design, seed and commands" },
    { command: "npx --no lab replay vmotion.log.json", description: "Go the same way again" },
  ]),
)
