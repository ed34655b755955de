/** What switches do beside relaying: values that no switch takes, and settings that contradict each other. */
import * as Errdisable from "@l2lab/l2/Errdisable"
import { SECOND } from "@l2lab/sim/SimTime"
import { error, type Problem } from "../DesignError.ts"
import type { Network, SwitchNode } from "../Network.ts"
import type { Rule } from "./Rules.ts"

const switches = (network: Network): ReadonlyArray<SwitchNode> =>
  network.nodes.filter((node): node is SwitchNode => node.kind === "switch")

/** Times of errdisable are within what switches take. */
export const errdisable: Rule = {
  name: "errdisable-times",
  check: (network) =>
    switches(network).flatMap(({ errdisable: settings, name, paths }): ReadonlyArray<Problem> => {
      const { intervalNs = Errdisable.DEFAULT_INTERVAL, linkFlap } = settings ?? {}
      const path = paths["errdisable"] ?? []
      const problems: Array<Problem> = []
      if (intervalNs < Errdisable.SHORTEST_INTERVAL || intervalNs > Errdisable.LONGEST_INTERVAL) {
        problems.push(
          error(
            [...path, "interval"],
            `errdisable-times: ports of ${name} cannot come back after ${intervalNs / SECOND} s: write an interval from 30s to 86400s`,
          ),
        )
      }
      if (linkFlap !== undefined && (linkFlap.withinNs < SECOND || linkFlap.withinNs > 120 * SECOND)) {
        problems.push(
          error(
            [...path, "linkFlap", "within"],
            `errdisable-times: ${name} cannot count flaps within ${linkFlap.withinNs / SECOND} s: write a time from 1s to 120s`,
          ),
        )
      }
      return problems
    }),
}
