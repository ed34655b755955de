/** Log lines of spanning tree, in the words of Catalyst switches. */
import type { LogDefinition } from "@l2lab/sim/LogLine"

/** The lines, for the registry. */
export const LOG: ReadonlyArray<LogDefinition> = []
