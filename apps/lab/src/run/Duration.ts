/** Spans of virtual time on the command line. */
import * as Units from "@l2lab/design/Units"
import type { DurationNs } from "@l2lab/sim/SimTime"
import { badInput, type InputError } from "../Failure.ts"

/** `90s`, `500ms`, `5min`, `1h`, as design files have them. */
export const parse = (flag: string, text: string): DurationNs | InputError => {
  const reading = Units.timeNs(text.replace(/\s+/g, ""))
  return Units.isValue(reading) ? reading.value : badInput(`--${flag} ${text}: ${reading.problem}`)
}
