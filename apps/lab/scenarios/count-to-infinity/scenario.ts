/** The root of rapid bridges dies, and what they knew of it goes round: how long, who forwards in a ring meanwhile, and how it ends. */
import * as Check from "@l2lab/lab/Check"
import { Lab } from "@l2lab/lab/Lab"
import { formatCount, formatInstant, formatNs } from "@l2lab/lab/report/Quantity"
import * as Scenario from "@l2lab/lab/Scenario"
import { Effect } from "effect"

const RING = ["b2:2", "b2:3", "b3:1", "b3:2", "b4:1", "b4:2"]
const MILLISECOND = 1e6

export default Scenario.make(
  "count-to-infinity",
  {
    design: "design.l2.yml",
    description: "The root dies, its last words go round among three rapid bridges, and they forward in a ring meanwhile",
    capture: ["b2"],
  },
  Effect.gen(function* () {
    const lab = yield* Lab
    yield* lab.converged
    yield* lab.showTree
    const [before] = (yield* lab.tree).roots
    const loops = yield* lab.watchLoops
    const heardBefore = (yield* lab.port("pc4").statistics).framesReceived

    yield* Effect.sleep("1 second")
    yield* Check.equals("loops before", (yield* loops.seen).length, 0)

    yield* lab.say("b1, the root, is switched off; the cable to it dies too")
    const at = yield* lab.now
    yield* lab.narrate("spanning-tree")
    yield* lab.switch("b1").powerOff
    yield* Effect.sleep("1 second")
    const meanwhile = yield* lab.tree
    yield* lab.say("pc3 sends one broadcast")
    yield* lab.host("pc3").broadcast
    const settled = yield* lab.converged
    yield* lab.showTree

    const after = yield* lab.tree
    const seen = yield* loops.seen
    for (const { from, ports, until } of seen) {
      const lasted = until === undefined ? "and do so still" : `for ${formatNs(until - from)}`
      yield* lab.say(`${ports.join(" ")} forwarded in a ring from ${formatInstant(from)} ${lasted}`)
    }
    const heard = (yield* lab.port("pc4").statistics).framesReceived - heardBefore
    yield* lab.say(
      `pc4 has heard the broadcast ${formatCount(heard)} times; the last change came ${formatNs(settled.lastChangeAt - at)} after b1 had died`,
    )

    const isRootOf = (tree: typeof after) => tree.roots.some(({ bridge }) => bridge === before.bridge)
    yield* Check.that("a second after its death b1 is still somebody's root", isRootOf(meanwhile))
    yield* Check.equals("loops", seen.length, 1)
    const [loop] = seen
    yield* Check.equals("who looped", loop?.ports ?? [], RING)
    yield* Check.atLeast("milliseconds that it lasted", Math.round(((loop?.until ?? 0) - (loop?.from ?? 0)) / MILLISECOND), 1000)
    yield* Check.that("it ended", loop?.until !== undefined)
    yield* Check.that("and did so with the last change at the latest", (loop?.until ?? Infinity) <= settled.lastChangeAt)
    // What goes round grows a second older with each bridge: the count ends at max age, and here hellos end it sooner.
    yield* Check.atMost(
      "milliseconds until the last change after the root's death",
      Math.round((settled.lastChangeAt - at) / MILLISECOND),
      20_000,
    )
    yield* Check.atLeast("copies of one broadcast", heard, 1000)
    yield* Check.equals(
      "roots afterwards",
      after.roots.map((root) => root.switch ?? root.bridge),
      ["b2"],
    )
    yield* Check.equals("ports that block afterwards", after.switches.flatMap((row) => row.blocked).length, 1)
  }),
)
