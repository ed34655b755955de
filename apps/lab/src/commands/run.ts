/** `lab run`: its command line. What it does is loaded when it is asked for. */
import * as Effect from "effect/Effect"
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { json, orUndefined, pcap, quiet, seed } from "./flags.ts"

/** The flags that say how something is run; `lab demo` shares them. */
export const runFlags = {
  seed,
  pcap,
  capture: Flag.String("capture").pipe(
    Flag.withMetavar("PORTS"),
    Flag.withDescription("Ports to capture: sw1:1,esx-1:vmnic0, sw1 for all of its ports, or all"),
    Flag.optional,
    orUndefined,
  ),
  trace: Flag.String("trace").pipe(
    Flag.withMetavar("FILE"),
    Flag.withDescription("Write every trace event to FILE, one JSON object a line"),
    Flag.optional,
    orUndefined,
  ),
  octets: Flag.Boolean("octets").pipe(
    Flag.withDescription("Pass every frame through its octets at every transmission"),
    Flag.withDefault(false),
  ),
  limit: Flag.String("limit").pipe(
    Flag.withMetavar("TIME"),
    Flag.withDescription("Give up waiting after this much virtual time: 90s, 10min"),
    Flag.withDefault("10min"),
  ),
  saveLog: Flag.String("save-log").pipe(
    Flag.withMetavar("FILE"),
    Flag.withDescription("Save design, seed and commands to FILE for lab replay"),
    Flag.optional,
    orUndefined,
  ),
  data: Flag.String("data").pipe(
    Flag.withMetavar("FOLDER"),
    Flag.withDescription("Write the tables of numbers that the scenario keeps to FOLDER, as CSV"),
    Flag.optional,
    orUndefined,
  ),
  json,
  quiet,
}

export const run = Command.make(
  "run",
  {
    target: Argument.String("what").pipe(
      Argument.withDescription("A shipped scenario's name, a scenario file (*.ts), or a design file (*.l2.yml)"),
    ),
    ...runFlags,
  },
  (input) =>
    Effect.flatMap(
      Effect.promise(() => import("../run/RunCommand.ts")),
      (command) => command.run(input),
    ),
).pipe(
  Command.withDescription(
    "Run a scenario, or boot a design and wait until it has settled.\n\n" +
      "Exit code 0: every check held. 1: a check failed. 2: bad input. 3: nothing was checked.",
  ),
  Command.withShortDescription("Run a scenario or a design"),
  Command.withExamples([
    { command: "npx --no lab run vmotion --pcap out.pcapng", description: "A VM moves; open the capture in Wireshark" },
    { command: "npx --no lab run designs/triangle.l2.yml", description: "Which ports block?" },
    { command: "npx --no lab run my.scenario.ts --seed 7 --json", description: "Your own scenario, for a program" },
    {
      command: "npx --no lab run vmotion --pcap dist.pcapng --capture dist-1,esx-1:1",
      description: "All of dist-1, and one host port",
    },
  ]),
)
