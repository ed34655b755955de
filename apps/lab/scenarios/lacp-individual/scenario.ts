/** Members of a port-channel that hear no LACP: ports of their own, and a loop behind a switch without spanning tree; or suspended, and dark. */
import * as Check from "@l2lab/lab/Check"
import { Lab } from "@l2lab/lab/Lab"
import * as Scenario from "@l2lab/lab/Scenario"
import { Effect } from "effect"

/** What becomes of the pc at the attic, and of a broadcast, within a while after power-on. */
const look = Effect.gen(function* () {
  const lab = yield* Lab
  const loops = yield* lab.watchLoops
  yield* Effect.sleep("40 seconds")
  const ping = yield* lab.host("server").ping("pc")
  yield* Effect.sleep("5 seconds")
  const before = yield* lab.port("core:3").statistics
  yield* lab.host("pc").broadcast
  yield* Effect.sleep("1 second")
  const { framesSent } = yield* lab.port("core:3").statistics
  return {
    rings: (yield* loops.seen).length,
    answers: yield* ping.received,
    heard: framesSent - before.framesSent,
  }
})

export default Scenario.make(
  "lacp-individual",
  {
    design: "design.l2.yml",
    description:
      "The other end of a port-channel has lost its own, and runs no spanning tree: members that stand alone loop, suspended ones are dark",
    capture: ["core:1", "core:2"],
  },
  Effect.gen(function* () {
    const lab = yield* Lab

    yield* lab.say("individual members, as Catalysts have them")
    const alone = yield* look
    yield* Check.equals("rings", alone.rings, 1)
    yield* Check.atLeast("frames that the server hears within a second of one broadcast", alone.heard, 500)

    yield* lab.redesign(
      { nodes: { core: { portChannel: { 1: { suspendIndividual: true } } } } },
      Effect.gen(function* () {
        const suspended = yield* Lab
        yield* suspended.say("suspend-individual, as Nexus switches have it")
        const dark = yield* look
        yield* Check.equals("rings", dark.rings, 0)
        yield* Check.equals("answers", dark.answers, 0)
        yield* Check.atMost("frames that the server hears, BPDUs among them", dark.heard, 1)
      }),
    )

    yield* lab.redesign(
      { nodes: { attic: { portChannel: { 1: { ports: [1, 2] } } } } },
      Effect.gen(function* () {
        const whole = yield* Lab
        yield* whole.say("the attic's port-channel is back")
        const well = yield* look
        yield* Check.equals("rings", well.rings, 0)
        yield* Check.atLeast("answers", well.answers, 4)
        yield* Check.atMost("frames that the server hears, BPDUs among them", well.heard, 4)
      }),
    )
    yield* lab.hint([
      "npx --no lab show apps/lab/scenarios/lacp-individual/design.l2.yml etherchannel summary --node core --at 10s",
    ])
  }),
)
