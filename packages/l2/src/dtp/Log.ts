/** Log lines of DTP, in the words of Catalyst switches. */
import type { LogDefinition } from "@l2lab/sim/LogLine"
import * as Trace from "./Trace.ts"

/** The lines, for the registry. */
export const LOG: ReadonlyArray<LogDefinition> = [
  {
    definition: Trace.DTP_TRUNK,
    facility: "DTP",
    severity: 5,
    mnemonic: "TRUNKPORTON",
    message: ({ a, b }, { port }) => (b === 1 ? `Port ${port(a)} has become dot1q trunk` : undefined),
  },
  {
    definition: Trace.DTP_TRUNK,
    facility: "DTP",
    severity: 5,
    mnemonic: "NONTRUNKPORTON",
    message: ({ a, b }, { port }) => (b === 0 ? `Port ${port(a)} has become non-trunk` : undefined),
  },
  {
    definition: Trace.DTP_DOMAIN_MISMATCH,
    facility: "DTP",
    severity: 5,
    mnemonic: "DOMAINMISMATCH",
    message: ({ a }, { port }) => `Unable to perform trunk negotiation on port ${port(a)} because of VTP domain mismatch.`,
  },
]
