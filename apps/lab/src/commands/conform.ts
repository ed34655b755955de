/** `lab conform`: its command line. */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import { EXIT, Finished } from "../Failure.ts"
import { tellsOfInterruption } from "../Output.ts"
import { json, orUndefined, pcap, quiet } from "./flags.ts"

/** Seconds of `--limit`. */
const secondsOf = Effect.fnUntraced(function* (limit: string | undefined) {
  if (limit === undefined) return undefined
  const { parse } = yield* Effect.promise(() => import("../run/Duration.ts"))
  const ns = parse("limit", limit)
  return typeof ns === "number" ? ns / 1e9 : yield* ns
})

const RECORDED = "apps/lab/test/fixtures/golden/ovs-stp.jsonl.gz"

export const conform = Command.make(
  "conform",
  {
    paths: Argument.String("golden").pipe(
      Argument.withDescription("Recorded observations of real bridges (*.jsonl, *.jsonl.gz)"),
      Argument.variadic({ min: 1 }),
    ),
    cases: Flag.String("case").pipe(
      Flag.withMetavar("ID"),
      Flag.withDescription("Only this case; may be given several times"),
      Flag.atLeast(0),
    ),
    pcap,
    octets: Flag.Boolean("octets").pipe(
      Flag.withDescription("Pass every frame through its octets at every transmission"),
      Flag.withDefault(false),
    ),
    profile: Flag.Literals("profile", ["standard", "linux", "openvswitch"]).pipe(
      Flag.withDescription("Whom the bridges follow, instead of what each record was taken from"),
      Flag.optional,
      orUndefined,
    ),
    limit: Flag.String("limit").pipe(
      Flag.withMetavar("TIME"),
      Flag.withDescription("Virtual time that a step is given to settle: 90s, 10min"),
      Flag.optional,
      orUndefined,
    ),
    json,
    quiet,
  },
  ({ limit, ...input }) =>
    secondsOf(limit).pipe(
      Effect.flatMap((limitSeconds) =>
        Effect.flatMap(
          Effect.promise(() => import("../conform/Conform.ts")),
          (command) => tellsOfInterruption(command.run({ ...input, limitSeconds })),
        ),
      ),
      Effect.flatMap((code) => (code === EXIT.ok ? Effect.void : new Finished({ code }))),
    ),
).pipe(
  Command.withDescription(
    "Run recorded cases of real bridges in emulated time and compare what comes out.\n\n" +
      "Exit code 0: all passed. 1: some failed. 2: bad input. 3: there was nothing to check.",
  ),
  Command.withShortDescription("Compare with recordings of real bridges"),
  Command.withExamples([
    { command: `npx --no lab conform ${RECORDED}`, description: "Every case of a file" },
    {
      command: `npx --no lab conform ${RECORDED} --case os136-campus --pcap campus.pcapng`,
      description: "One case, with its packets",
    },
  ]),
)
