/** `show logging`: what the switch has logged since it was first switched on, with the virtual time of each line. */
import { SECOND } from "@l2lab/sim/SimTime"
import { formatInstant } from "../report/Quantity.ts"
import * as LogBook from "../report/LogBook.ts"
import type { Asked, Topic } from "./Topic.ts"

/** Two chassis that are one log to one buffer. */
const namesOf = ({ directory: { nodes, pairs } }: Asked["emulation"], node: number): ReadonlyArray<string> => {
  const { name, pair } = nodes[node]
  const whole = pair === undefined ? undefined : pairs[pair.pair]
  return whole?.type === "vss" ? whole.nodes.map((each) => nodes[each].name) : [name]
}

const entriesOf = ({ emulation, log, node }: Asked): ReadonlyArray<LogBook.LogEntry> =>
  LogBook.of(log, ...namesOf(emulation, node))

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
