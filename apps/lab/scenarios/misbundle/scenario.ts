/** A port-channel at one end only: what leaves by one member comes back by the other. Without EtherChannel guard, with it, and with LACP. */
import * as Check from "@l2lab/lab/Check"
import { Lab } from "@l2lab/lab/Lab"
import * as Scenario from "@l2lab/lab/Scenario"
import { Effect } from "effect"

/** pc1 broadcasts once: how often pc2 hears it, and where acc then believes pc1 to be. */
const broadcast = Effect.gen(function* () {
  const lab = yield* Lab
  const before = yield* lab.port("acc:4").statistics
  yield* lab.host("pc1").broadcast
  yield* Effect.sleep("10 millis")
  const { framesSent } = yield* lab.port("acc:4").statistics
  const { entries } = lab.cam("pc1")
  const at = (yield* entries).find((entry) => entry.switch === "acc")
  return { copies: framesSent - before.framesSent, at: at?.portName ?? "nowhere" }
})

/** What acc logs of ports that it takes out of service. */
const disabled = Effect.gen(function* () {
  const lab = yield* Lab
  return (yield* lab.log.find("%PM-4-ERR_DISABLE", "acc")).map(({ text }) => text)
})

export default Scenario.make(
  "misbundle",
  {
    design: "design.l2.yml",
    description:
      "Two cables that one end bundles and the other does not: copies, a host that seems to be elsewhere, and what stops it",
    capture: ["acc:1", "acc:2", "acc:4"],
  },
  Effect.gen(function* () {
    const lab = yield* Lab

    yield* lab.say("mode on at acc, nothing at core, the guard off")
    // Spanning tree never settles: acc hears two ports of core by one of its own, by turns.
    yield* Effect.sleep("120500 millis")
    const bad = yield* broadcast
    yield* Check.equals("copies of one broadcast that pc2 hears", bad.copies, 2)
    yield* Check.equals("where acc believes pc1 to be, who is at Gi0/3", bad.at, "Po1")
    yield* Check.equals("lines of acc about it", (yield* disabled).length, 0)

    yield* lab.redesign(
      { nodes: { acc: { portChannel: { 1: { guard: true } } } } },
      Effect.gen(function* () {
        const guarded = yield* Lab
        yield* guarded.say("the same with EtherChannel guard, as Catalysts have it")
        yield* Effect.sleep("120500 millis")
        yield* Check.equals("acc takes both members out of service", yield* disabled, [
          "%PM-4-ERR_DISABLE: channel-misconfig error detected on Gi0/1, putting Gi0/1 in err-disable state",
          "%PM-4-ERR_DISABLE: channel-misconfig error detected on Gi0/2, putting Gi0/2 in err-disable state",
        ])
        const safe = yield* broadcast
        yield* Check.equals("copies that pc2 hears", safe.copies, 1)
        yield* Check.equals("where acc believes pc1 to be", safe.at, "Gi0/3")
      }),
    )

    yield* lab.redesign(
      { nodes: { acc: { portChannel: { 1: { mode: "active" } } } } },
      Effect.gen(function* () {
        const asking = yield* Lab
        yield* asking.say("the same with LACP, which asks first")
        yield* asking.converged
        const ping = yield* asking.host("pc1").ping("server", { every: "100 millis" })
        yield* Effect.sleep("10500 millis")
        const safe = yield* broadcast
        yield* Check.equals("copies that pc2 hears", safe.copies, 1)
        yield* Check.equals("pings that are lost", yield* ping.lost, 0)
        const { trees } = yield* asking.tree
        const blocked = trees.flatMap(({ switches }) => switches.flatMap((row) => row.blocked.map(({ port }) => port)))
        yield* Check.equals("two ports, of which spanning tree blocks one", blocked, ["acc:2"])
      }),
    )
    yield* lab.hint([
      "npx --no lab show apps/lab/scenarios/misbundle/design.l2.yml etherchannel summary --node acc",
      "npx --no lab show apps/lab/scenarios/misbundle/design.l2.yml mac address-table --node acc --after announce",
    ])
  }),
)
