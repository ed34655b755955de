/** A switch whose processor hangs while it goes on forwarding, behind network ports. */
import * as Check from "@l2lab/lab/Check"
import { Lab } from "@l2lab/lab/Lab"
import * as Scenario from "@l2lab/lab/Scenario"
import { Effect } from "effect"

export default Scenario.make(
  "bridge-assurance",
  {
    design: "design.l2.yml",
    description: "A hung switch is blocked by bridge assurance on both sides of it, and loops where there is none",
    capture: ["pa3"],
  },
  Effect.gen(function* () {
    const lab = yield* Lab

    yield* lab.converged
    const watch = yield* lab.watchLoops
    yield* lab.say("the processors of a2 and b2 hang; they go on forwarding")
    yield* lab.switch("a2").controlPlane.hang
    yield* lab.switch("b2").controlPlane.hang
    yield* Effect.sleep("60 seconds")
    const seen = yield* watch.seen
    yield* Check.that(
      "a3 forwards into the ring",
      seen.some(({ ports }) => ports.includes("a3:2")),
    )
    yield* Check.that("the b's have no loop", !seen.some(({ ports }) => ports.some((port) => port.startsWith("b"))))
    const lines = yield* lab.log.find("BRIDGE_ASSURANCE_BLOCK")
    yield* Check.equals("who blocks b2", [...new Set(lines.map((line) => line.switch))].sort(), ["b1", "b3"])
    yield* Check.that(
      "in the familiar words",
      lines[0].text.startsWith("%SPANTREE-2-BRIDGE_ASSURANCE_BLOCK: Bridge Assurance blocking port"),
    )

    yield* lab.say("both go on")
    yield* lab.switch("a2").controlPlane.resume
    yield* lab.switch("b2").controlPlane.resume
    yield* Effect.sleep("40 seconds")
    const unblocked = yield* lab.log.find("BRIDGE_ASSURANCE_UNBLOCK")
    yield* Check.equals(
      "who unblocks: b2 has missed its neighbours too",
      [...new Set(unblocked.map((line) => line.switch))].sort(),
      ["b1", "b2", "b3"],
    )
    yield* lab.hint(["npx --no lab show apps/lab/scenarios/bridge-assurance/design.l2.yml spanning-tree --node b1"])
  }),
)
