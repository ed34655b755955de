/** Log lines about carriers. */
import type { LogDefinition } from "./LogLine.ts"
import * as Trace from "./Trace.ts"

const upOrDown = (b: number): string => (b === 1 ? "up" : "down")

/** The lines, for the registry. */
export const LOG: ReadonlyArray<LogDefinition> = [
  {
    definition: Trace.CARRIER,
    facility: "LINK",
    severity: 3,
    mnemonic: "UPDOWN",
    message: ({ a, b }, { portInFull }) => `Interface ${portInFull(a)}, changed state to ${upOrDown(b)}`,
    routine: true,
  },
  {
    definition: Trace.CARRIER,
    facility: "LINEPROTO",
    severity: 5,
    mnemonic: "UPDOWN",
    message: ({ a, b }, { portInFull }) => `Line protocol on Interface ${portInFull(a)}, changed state to ${upOrDown(b)}`,
    routine: true,
  },
]
