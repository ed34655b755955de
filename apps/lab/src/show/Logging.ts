/** `show logging`: what the switch has logged since it was first switched on, with the virtual time of each line. */
import { SECOND } from "@l2lab/sim/SimTime"
import { formatInstant } from "../report/Quantity.ts"
import * as LogBook from "../report/LogBook.ts"
import type { Asked, Topic } from "./Topic.ts"

const entriesOf = ({ emulation, log, node }: Asked): ReadonlyArray<LogBook.LogEntry> =>
  LogBook.of(log, emulation.directory.nodes[node].name)

export const logging: Topic = {
  words: "logging",
  lines: (asked) => {
    const entries = entriesOf(asked)
    return [
      "Syslog logging: enabled",
      `    Buffer logging:  level debugging, ${entries.length} messages logged`,
      "",
      "Log Buffer:",
      "",
      ...entries.map(({ at, text }) => `${formatInstant(at)}: ${text}`),
      "",
    ]
  },
  json: (asked) => ({
    logging: entriesOf(asked).map(({ at, facility, mnemonic, severity, text }) => ({
      at: at / SECOND,
      facility,
      severity,
      mnemonic,
      text,
    })),
  }),
}
