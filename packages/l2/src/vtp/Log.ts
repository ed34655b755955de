/** Log lines of VTP, in the words of Catalyst switches. */
import type { LogDefinition } from "@l2lab/sim/LogLine"
import * as TextOperand from "@l2lab/sim/TextOperand"
import * as Trace from "./Trace.ts"

/** The lines, for the registry. */
export const LOG: ReadonlyArray<LogDefinition> = [
  {
    definition: Trace.VTP_DOMAIN,
    facility: "SW_VLAN",
    severity: 6,
    mnemonic: "VTP_DOMAIN_NAME_CHG",
    message: ({ a, b, c, d }) => `VTP domain name changed to ${TextOperand.unpack(a, b, c, d)}.`,
  },
  {
    definition: Trace.VTP_DIGEST,
    facility: "SW_VLAN",
    severity: 4,
    mnemonic: "VTP_USER_NOTIFICATION",
    // Of a higher revision only the counters and the status tell.
    message: ({ a, b }, { port }) =>
      Trace.REVISIONS[b] === "equal"
        ? `VTP protocol user notification: MD5 digest checksum mismatch on receipt of equal revision summary on trunk: ${port(a)}`
        : undefined,
  },
]
