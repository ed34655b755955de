/** Log lines of a chassis beside those of VSLP, as Catalyst 6500s have them†. */
import type { LogDefinition } from "@l2lab/sim/LogLine"
import * as Trace from "./Trace.ts"

/** The lines, for the registry. */
export const LOG: ReadonlyArray<LogDefinition> = [
  {
    definition: Trace.MODE,
    facility: "PFREDUN",
    severity: 6,
    mnemonic: "STANDBY",
    message: ({ b }) => {
      if (Trace.MODES[b] === "standby cold") return "Initializing as Virtual Switch STANDBY processor"
      return Trace.MODES[b] === "standby hot" ? "Ready for SSO mode" : undefined
    },
  },
  {
    definition: Trace.MODE,
    facility: "SYS",
    severity: 5,
    mnemonic: "RELOAD",
    message: ({ b, c }) => (Trace.MODES[b] === "reloading" && c > 0 ? `Reload requested by ${Trace.RELOADS[c]}` : undefined),
  },
  {
    definition: Trace.SWITCHOVER,
    facility: "PFREDUN",
    severity: 3,
    mnemonic: "SWITCHOVER",
    message: ({ a, b }) => `SSO switchover: ${a} own ports are up, ${b} of the other chassis are gone`,
  },
  {
    definition: Trace.LINE_CARD,
    facility: "OIR",
    severity: 6,
    mnemonic: "REMCARD",
    message: ({ a, b }) => (b === 0 ? `Card removed from slot ${a + 1}, interfaces disabled` : undefined),
  },
  {
    definition: Trace.LINE_CARD,
    facility: "OIR",
    severity: 6,
    mnemonic: "INSCARD",
    message: ({ a, b }) => (b === 1 ? `Card inserted in slot ${a + 1}, interfaces are now online` : undefined),
  },
  {
    definition: Trace.REHASH,
    facility: "VSL",
    severity: 4,
    mnemonic: "MEMBER",
    message: ({ a, b }, { port }) => `${port(a)} left the virtual switch link, which has ${b} left`,
  },
]
