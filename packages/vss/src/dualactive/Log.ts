/**
 * Log lines of dual-active detection, in the words of Catalyst 4500 switches where a public source has them (theworldsgonemad.net, "VSS recovery mode", 2018):
 * a fast-hello port that is lost, what is detected, recovery mode. The others are recalled† or our own†.
 */
import * as MacAddress from "@l2lab/l2/MacAddress"
import type { LogDefinition } from "@l2lab/sim/LogLine"
import { FAILURES, REFUSALS } from "../vslp/Trace.ts"
import * as Trace from "./Trace.ts"

/** The lines, for the registry. */
export const LOG: ReadonlyArray<LogDefinition> = [
  {
    definition: Trace.CAPABLE,
    facility: "FASTHELLO",
    severity: 5,
    mnemonic: "FH_UP",
    message: ({ a, b }, { port }) =>
      b === 1 ? `Fast-Hello interface ${port(a)} became dual-active detection capable` : undefined,
    routine: true,
  },
  {
    definition: Trace.CAPABLE,
    facility: "FASTHELLO",
    severity: 2,
    mnemonic: "FH_DOWN",
    message: ({ a, b }, { port }) =>
      b === 0 ? `Fast-Hello interface ${port(a)} lost dual-active detection capability` : undefined,
  },
  {
    definition: Trace.REJECTED,
    facility: "FASTHELLO",
    severity: 3,
    mnemonic: "FH_REJECTED",
    message: ({ a, b, c, d }, { port }) =>
      `Fast-Hello interface ${port(a)}: ${FAILURES[b]}, ${FAILURES[b] === "domain mismatch" ? "domain" : "switch"} ${c}, ${MacAddress.formatDotted(d)}`,
  },
  {
    definition: Trace.SESSION,
    facility: "BFDFSM",
    severity: 6,
    mnemonic: "BFD_SESS_UP",
    message: ({ b, c }) => (b === 1 ? `BFD-SYSLOG: BFD session ld:${c} is going UP` : undefined),
  },
  {
    definition: Trace.SESSION,
    facility: "BFDFSM",
    severity: 6,
    mnemonic: "BFD_SESS_DOWN",
    message: ({ b, c }) => (b === 0 ? `BFD-SYSLOG: BFD session ld:${c} is going DOWN` : undefined),
  },
  {
    definition: Trace.DETECTED,
    facility: "SW_DA",
    severity: 1,
    mnemonic: "DETECTION",
    message: () => "detected dual-active condition",
  },
  {
    definition: Trace.RECOVERY,
    facility: "SW_DA",
    severity: 1,
    mnemonic: "RECOVERY",
    message: () => "Dual-active condition detected: Starting recovery-mode, all non-VSL interfaces have been shut down",
  },
  {
    definition: Trace.REFUSED,
    facility: "SW_DA",
    severity: 4,
    mnemonic: "BAD_PDU",
    message: ({ a, b }, { port }) => `Dual-active detection frames on ${port(a)} are refused (${REFUSALS[b]})`,
  },
]
