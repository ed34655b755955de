/** `lab bench`: measure the emulator against a bare event loop on this machine. */
import type * as Report from "@l2lab/bench/Report"
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import { badInput } from "../Failure.ts"
import { Output, tellsOfInterruption } from "../Output.ts"
import { json } from "./flags.ts"

const WORKLOADS = ["W1", "W2", "W3", "W4", "W5", "W6", "tables"] as const

export const bench = Command.make(
  "bench",
  {
    workloads: Argument.String("workload").pipe(
      Argument.withDescription(`Any of ${WORKLOADS.join(", ")}; all without one`),
      Argument.variadic(),
    ),
    rounds: Flag.Int("rounds").pipe(
      Flag.withMetavar("N"),
      Flag.withDescription("Counted rounds of each measurement"),
      Flag.withDefault(7),
    ),
    json,
  },
  Effect.fn("lab.bench")(function* (input) {
    const unknown = input.workloads.find((name) => !WORKLOADS.some((known) => known === name))
    if (unknown !== undefined) return yield* badInput(`there is no workload "${unknown}": choose from ${WORKLOADS.join(", ")}`)
    if (input.rounds < 1) return yield* badInput(`--rounds cannot be ${input.rounds}: at least one round is needed`)
    const { out, err } = yield* Output
    const { lines } = yield* Effect.promise(() => import("@l2lab/bench/Report"))
    const { ChildProcess, ChildProcessSpawner } = yield* Effect.promise(() => import("effect/process"))
    const spawner = yield* ChildProcessSpawner.ChildProcessSpawner
    const program = new URL(import.meta.resolve("@l2lab/bench/main")).pathname
    let whole: Report.Result = { trees: [], perVlan: [], multichassis: [], paired: [], capture: [] }
    for (const name of WORKLOADS) {
      if (input.workloads.length > 0 && !input.workloads.includes(name)) continue
      if (err.isTerminal) err.write(`\r${name} ...   `)
      // A process for each: what one workload taught the compiler must not help or hinder the next.
      const text = yield* spawner.string(
        ChildProcess.make(process.execPath, [program, "--json", "--rounds", String(input.rounds), name]),
      )
      const part = JSON.parse(text) as Report.Result
      whole = {
        ...whole,
        ...part,
        trees: [...whole.trees, ...part.trees],
        perVlan: [...whole.perVlan, ...part.perVlan],
        multichassis: [...whole.multichassis, ...part.multichassis],
        paired: [...whole.paired, ...part.paired],
        capture: [...whole.capture, ...part.capture],
      }
    }
    if (err.isTerminal) err.write("\r          \r")
    out.write(input.json ? `${JSON.stringify(whole)}\n` : `${lines(whole).join("\n")}\n`)
  }, tellsOfInterruption),
).pipe(
  Command.withDescription(
    "Measure forwarding (W1), flooding (W2), spanning tree (W3), a storm (W4), a tree per VLAN (W5), a chassis pair (W6), and what tables and forks weigh.\n\n" +
      "W1, W2 and W4 are given as ratios to a bare event loop that runs in turn with them: machines are noisy, ratios less so.",
  ),
  Command.withShortDescription("Measure the emulator against a bare event loop"),
  Command.withExamples([
    { command: "npx --no lab bench", description: "Everything; takes about half a minute" },
    { command: "npx --no lab bench W1 W4 --json", description: "Two workloads, for programs" },
  ]),
)
