/** Log lines of the bridge itself, in the words of Catalyst switches. */
import type { LogDefinition } from "@l2lab/sim/LogLine"
import * as ErrdisableCause from "./ErrdisableCause.ts"
import * as Trace from "./Trace.ts"

/** The lines, for the registry. */
export const LOG: ReadonlyArray<LogDefinition> = [
  {
    definition: Trace.ERRDISABLED,
    facility: "PM",
    severity: 4,
    mnemonic: "ERR_DISABLE",
    message: ({ a, b }, { port }) =>
      `${ErrdisableCause.nameOf(b)} error detected on ${port(a)}, putting ${port(a)} in err-disable state`,
  },
  {
    definition: Trace.ERRDISABLE_RECOVERY,
    facility: "PM",
    severity: 4,
    mnemonic: "ERR_RECOVER",
    message: ({ a, b }, { port }) => `Attempting to recover from ${ErrdisableCause.nameOf(b)} err-disable state on ${port(a)}`,
  },
]
