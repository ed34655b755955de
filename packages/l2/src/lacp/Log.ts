/** Log lines of LACP, in the words of Catalyst switches; what stands in brackets, `BADPDU` and `OWNSYSTEM`, is ours†. */
import type { LogDefinition } from "@l2lab/sim/LogLine"
import * as Trace from "./Trace.ts"

/** The lines, for the registry. */
export const LOG: ReadonlyArray<LogDefinition> = [
  {
    definition: Trace.SELECTION,
    facility: "EC",
    severity: 5,
    mnemonic: "CANNOT_BUNDLE2",
    message: ({ a, c, d }, { port }) =>
      Trace.STANDINGS[c] === "suspended" && d >= 0
        ? `${port(a)} is not compatible with ${port(d)} and will be suspended (LACP partner, key or speed of ${port(a)} is another)`
        : undefined,
  },
  {
    definition: Trace.SELECTION,
    facility: "EC",
    severity: 5,
    mnemonic: "L3DONTBNDL2",
    message: ({ a, c, d }, { port }) =>
      Trace.STANDINGS[c] === "suspended" && d < 0
        ? `${port(a)} suspended: LACP currently not enabled on the remote port.`
        : undefined,
  },
  {
    definition: Trace.OWN_SYSTEM,
    facility: "EC",
    severity: 4,
    mnemonic: "OWNSYSTEM",
    message: ({ a }, { port }) =>
      `LACP PDU on ${port(a)} is of this switch's own system: the cable comes back to it, or leads to a pair of the same domain`,
  },
  {
    definition: Trace.REFUSED,
    facility: "EC",
    severity: 4,
    mnemonic: "BADPDU",
    message: ({ a }, { port }) => `LACP PDU on ${port(a)} cannot be read and is dropped`,
  },
]
