/** BPDUs that go round below an access switch keep its processor from those that matter; a rate by port, or the end of the port, saves them. */
import * as Check from "@l2lab/lab/Check"
import { Lab } from "@l2lab/lab/Lab"
import { counted } from "@l2lab/lab/report/Quantity"
import * as Scenario from "@l2lab/lab/Scenario"
import { Effect } from "effect"

/** Who is root in the eyes of a switch, and which of its ports are blocked. */
const seenBy = (name: string) =>
  Effect.map(
    Effect.flatMap(Lab, (lab) => lab.tree),
    ({ switches }) => {
      const found = switches.find((each) => each.switch === name)
      return { root: found?.rootSwitch, blocked: (found?.blocked ?? []).map(({ port }) => port) }
    },
  )

/** The second cable below an access switch comes into service for so long; what its processor dealt with and lost. */
const storm = (number: number, lasting: "5 seconds" | "20 seconds" | "30 seconds") =>
  Effect.gen(function* () {
    const lab = yield* Lab
    const { report } = lab.switch(`acc${number}`).controlPlane
    const before = yield* report
    yield* lab.say(`the second cable below acc${number} comes into service`)
    yield* lab.port(`desk${number}b:2`).noShutdown
    yield* Effect.sleep(lasting)
    const after = yield* report
    const cost = { taken: after.pdus - before.pdus, lost: after.pdusLost - before.pdusLost }
    yield* lab.say(
      `acc${number}'s processor dealt with ${counted(cost.taken, "BPDU")}, and ${counted(cost.lost, "other")} were lost`,
    )
    return cost
  })

const asBefore = { root: "core1", blocked: (number: number) => [`acc${number}:2`] }

export default Scenario.make(
  "bpdu-rate-limit",
  {
    design: "design.l2.yml",
    description: "BPDUs storm below three access switches: with ports that give up, with a rate by port, without a limit",
    capture: ["acc1:2", "acc2:3"],
  },
  Effect.gen(function* () {
    const lab = yield* Lab
    yield* lab.converged
    yield* lab.showTree

    yield* storm(3, "5 seconds")
    const lines = (part: string, name: string) => Effect.map(lab.log.find(part, name), (found) => found.length)
    yield* Check.equals("acc3 has taken the port out of service", yield* lines("ERR_DISABLE: bpdu-storm error", "acc3"), 1)
    yield* Check.equals("acc3's tree", yield* seenBy("acc3"), { root: "core1", blocked: asBefore.blocked(3) })
    yield* lab.port("desk3b:2").shutdown

    const limited = yield* storm(2, "20 seconds")
    yield* Check.equals("acc2 says that it drops what is beyond", yield* lines("PDU_LIMIT: PDUs on Et0/3 exceed 5", "acc2"), 1)
    yield* Check.atLeast("BPDUs dropped", limited.lost, 20_000)
    yield* Check.equals("acc2's tree", yield* seenBy("acc2"), { root: "core1", blocked: asBefore.blocked(2) })
    yield* lab.port("desk2b:2").shutdown

    const watch = yield* lab.storm.watch
    const starved = yield* storm(1, "30 seconds")
    yield* Check.atLeast("BPDUs lost", starved.lost, 20_000)
    yield* Check.equals("acc1's tree: it takes itself for the root", yield* seenBy("acc1"), { root: "acc1", blocked: [] })
    const { loops } = yield* watch.report
    const ring = ["acc1:1", "acc1:2", "core1:1", "core1:2", "core2:1", "core2:2"]
    const everybody = new Set(loops.flatMap(({ ports }) => ports))
    yield* Check.that(
      "and the backbone is a ring",
      ring.every((port) => everybody.has(port)),
    )
    yield* lab.port("desk1b:2").shutdown
    yield* Effect.sleep("30 seconds")
    yield* Check.equals("acc1's tree in the end", yield* seenBy("acc1"), { root: "core1", blocked: asBefore.blocked(1) })
    yield* Effect.sleep("10 seconds")
    yield* Check.equals("acc3's port has come back", (yield* lab.log.find("ERR_RECOVER", "acc3")).length, 1)
    yield* lab.hint([
      'npx --no lab show apps/lab/scenarios/bpdu-rate-limit/design.l2.yml control-plane --node acc2 --after "port desk2b:2 no shutdown"',
    ])
  }),
)
