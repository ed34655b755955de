/** `lab demo`: its command line. */
import * as Effect from "effect/Effect"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"

export const demo = Command.make(
  "demo",
  {
    out: Flag.String("out").pipe(
      Flag.withMetavar("FOLDER"),
      Flag.withDescription("Where the capture and the trace go"),
      Flag.withDefault("out"),
    ),
  },
  (input) =>
    Effect.flatMap(
      Effect.promise(() => import("../run/DemoCommand.ts")),
      (command) => command.demo(input),
    ),
).pipe(
  Command.withDescription("The main job: a farm converges, a VM moves, and the packets prove it."),
  Command.withShortDescription("A farm converges, a VM moves, the packets prove it"),
  Command.withExamples([{ command: "npx --no lab demo", description: "Writes out/vmotion.pcapng and out/vmotion.trace.ndjson" }]),
)
