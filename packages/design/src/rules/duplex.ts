/** Ends of a cable that take it for different duplex: built as it stands, since somebody may want to see it. */
import { type Problem, warning } from "../DesignError.ts"
import type { Rule } from "./Rules.ts"

/** Warns of such cables. */
export const mismatch: Rule = {
  name: "duplex-mismatch",
  check: ({ links }) =>
    links.flatMap(({ fullDuplex, name, path }): ReadonlyArray<Problem> =>
      typeof fullDuplex === "boolean" || fullDuplex[0] === fullDuplex[1]
        ? []
        : [
            warning(
              [...path, "duplex"],
              `duplex-mismatch: one end of ${name} takes it for half duplex, the other for full: frames collide; give both the same, or mean it`,
            ),
          ],
    ),
}
