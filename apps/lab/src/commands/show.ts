/** `lab show`: its command line. What it does is loaded when it is asked for. */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import { tellsOfInterruption } from "../Output.ts"
import { CHANGE_FORMS, QUESTIONS } from "../show/Vocabulary.ts"
import { json, orUndefined, seed } from "./flags.ts"

export const show = Command.make(
  "show",
  {
    design: Argument.String("design").pipe(Argument.withDescription("A design file (*.l2.yml)")),
    what: Argument.String("what").pipe(
      Argument.withDescription(`${QUESTIONS}; words may be cut short`),
      Argument.variadic({ min: 1 }),
    ),
    nodes: Flag.String("node").pipe(
      Flag.withMetavar("SWITCH"),
      Flag.withDescription("Ask this switch only; may be given several times"),
      Flag.atLeast(0),
    ),
    vlan: Flag.Int("vlan").pipe(
      Flag.withMetavar("ID"),
      Flag.withDescription("This VLAN only; the same as vlan ID behind spanning-tree or mac address-table"),
      Flag.optional,
      orUndefined,
    ),
    at: Flag.String("at").pipe(
      Flag.withMetavar("TIME"),
      Flag.withDescription("Look at this instant, 45s, instead of when the network has settled; counted from the last --after"),
      Flag.optional,
      orUndefined,
    ),
    after: Flag.String("after").pipe(
      Flag.withMetavar("CHANGE"),
      Flag.withDescription(`Settle, let this happen, settle again: ${CHANGE_FORMS}; may be given several times`),
      Flag.atLeast(0),
    ),
    limit: Flag.String("limit").pipe(
      Flag.withMetavar("TIME"),
      Flag.withDescription("Give up waiting after this much virtual time: 90s, 10min"),
      Flag.withDefault("10min"),
    ),
    seed,
    json,
  },
  (input) =>
    Effect.flatMap(
      Effect.promise(() => import("../show/ShowCommand.ts")),
      (command) => tellsOfInterruption(command.show(input)),
    ),
).pipe(
  Command.withDescription(
    "Boot a design and ask its switches, in the words and the form of Catalyst switches.\n\n" +
      "Exit code 0: answered. 1: the network did not settle. 2: bad input.",
  ),
  Command.withShortDescription("Ask switches: spanning-tree, mac address-table, ..."),
  Command.withExamples([
    { command: "npx --no lab show designs/triangle.l2.yml spanning-tree", description: "All switches, once they have settled" },
    { command: "npx --no lab show designs/line.l2.yml spanning-tree vlan 10 --node sw1", description: "One VLAN of one switch" },
    {
      command: "npx --no lab show designs/line.l2.yml mac address-table --after announce",
      description: "Once every station has spoken",
    },
    { command: "npx --no lab show designs/line.l2.yml interfaces --at 20s", description: "Twenty seconds after power-on" },
    {
      command: 'npx --no lab show designs/triangle.l2.yml span --after "link sw1:2 down" --after "node sw1 off"',
      description: "After a cable was pulled, and the root died",
    },
  ]),
)
