/** The root of a triangle is switched off: how long are the others dark, and who takes over? */
import * as Check from "@l2lab/lab/Check"
import { Lab } from "@l2lab/lab/Lab"
import { formatInstant, formatNs } from "@l2lab/lab/report/Quantity"
import * as Scenario from "@l2lab/lab/Scenario"
import { Duration, Effect } from "effect"

export default Scenario.make(
  "triangle-stp",
  {
    design: "triangle.l2.yml",
    description: "The root of a triangle is switched off while two PCs ping each other around it",
    capture: ["all"],
  },
  Effect.gen(function* () {
    const lab = yield* Lab
    yield* lab.converged
    yield* lab.showTree
    const tree = yield* lab.tree
    const blocked = tree.switches.flatMap((row) => row.blocked)
    yield* Check.equals(
      "root",
      tree.roots.map((root) => root.switch ?? root.bridge),
      ["sw1"],
    )
    yield* Check.equals("ports that block", blocked.length, 1)

    const ping = yield* lab.host("pc1").ping("pc2", { every: "100 millis" })
    yield* Effect.sleep("5 seconds")
    yield* lab.say("pc1 pings pc2 every 100 ms; now sw1, the root, is switched off")
    const at = yield* lab.now
    yield* lab.narrate("spanning-tree")
    yield* lab.switch("sw1").powerOff
    const settled = yield* lab.converged
    yield* lab.showTree

    const after = yield* lab.tree
    yield* lab.say(`the last change came ${formatNs(settled.lastChangeAt - at)} after the failure`)
    for (const gap of (yield* ping.report).gaps) {
      yield* lab.say(`pc2 was silent from ${formatInstant(gap.from)} to ${formatInstant(gap.to)}`)
    }
    yield* Check.equals(
      "roots afterwards",
      after.roots.map((root) => root.switch ?? root.bridge),
      ["sw2"],
    )
    yield* Check.equals("ports that block afterwards", after.switches.flatMap((row) => row.blocked).length, 0)
    // The dead root's cables lose their carrier, so nobody waits for max age: listening and learning are all there is to wait for.
    yield* Check.atMost("outage", yield* ping.longestGap, "31 seconds")
    yield* Check.atLeast("outage is what listening and learning take", yield* ping.longestGap, "30 seconds")
    yield* Check.that("pc2 answers again", Duration.toMillis(yield* ping.longestGap) < 60_000 && (yield* ping.received) > 50)
  }),
)
