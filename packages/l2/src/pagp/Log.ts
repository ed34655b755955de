/** Log lines of PAgP, in the words of Catalyst switches; what stands in brackets is ours†. */
import type { LogDefinition } from "@l2lab/sim/LogLine"
import * as Trace from "./Trace.ts"

/** The lines, for the registry. */
export const LOG: ReadonlyArray<LogDefinition> = [
  {
    definition: Trace.STANDING,
    facility: "EC",
    severity: 5,
    mnemonic: "CANNOT_BUNDLE2",
    message: ({ a, c, d }, { port }) =>
      Trace.STANDINGS[c] === "suspended" && d >= 0
        ? `${port(a)} is not compatible with ${port(d)} and will be suspended (partner, group or speed of ${port(a)} is another)`
        : undefined,
  },
  {
    definition: Trace.STANDING,
    facility: "EC",
    severity: 5,
    mnemonic: "DONTBNDL",
    message: ({ a, c }, { port }) =>
      Trace.STANDINGS[c] === "shared" ? `${port(a)} is not bundled (PAgP hears more than one neighbor on it)` : undefined,
  },
  {
    definition: Trace.REFUSED,
    facility: "EC",
    severity: 4,
    mnemonic: "BADPDU",
    message: ({ a }, { port }) => `PAgP message on ${port(a)} cannot be read and is dropped`,
  },
]
