/** A switch with a higher VTP revision is plugged in: the VLANs of the whole farm are gone. */
import * as Check from "@l2lab/lab/Check"
import { Lab } from "@l2lab/lab/Lab"
import * as Scenario from "@l2lab/lab/Scenario"
import { Effect } from "effect"

const FARM = ["core", "acc-1", "acc-2"] as const

/** Lab switch plugged in, in a copy of the network in which something was set before: what the farm has then. */
const plugged = Effect.gen(function* () {
  const lab = yield* Lab
  yield* Effect.sleep("1 second")
  yield* lab.port("acc-1:4").noShutdown
  yield* Effect.sleep("10 seconds")
  return yield* Effect.forEach(FARM, (name) => lab.switch(name).vlans)
})

export default Scenario.make(
  "vtp-revision",
  {
    design: "design.l2.yml",
    description: "A client with a higher VTP revision and another database is plugged in, and the farm's VLANs are gone",
    capture: ["acc-1:1", "acc-1:4"],
  },
  Effect.gen(function* () {
    const lab = yield* Lab

    yield* lab.converged
    const vlans = Effect.forEach(FARM, (name) => lab.switch(name).vlans)
    yield* Check.equals("VLANs of core, acc-1 and acc-2", yield* vlans, [
      [1, 10, 20],
      [1, 10, 20],
      [1, 10, 20],
    ])
    const ping = (from: string, to: string) => lab.host(from).ping(to, { every: "10 millis" })
    const dark = [yield* ping("client-1", "web"), yield* ping("client-2", "web"), yield* ping("esx", "nas")]
    const alive = yield* ping("console", "admin")
    const answered = Effect.forEach(dark, (probe) => probe.received)
    yield* Effect.sleep("5 seconds")

    yield* lab.say("in a copy: the farm has a VTP password")
    const withPassword = yield* lab.fork(
      Effect.gen(function* () {
        const copy = yield* Lab
        yield* Effect.forEach(FARM, (name) => copy.switch(name).vtp({ password: "s3cret" }))
        return yield* plugged
      }),
    )
    yield* Check.equals("VLANs with a password", withPassword, yield* vlans)
    yield* lab.say("in another: its switches are transparent")
    const transparent = yield* lab.fork(
      Effect.gen(function* () {
        const copy = yield* Lab
        yield* Effect.forEach(FARM, (name) => copy.switch(name).vtp({ mode: "transparent" }))
        return yield* plugged
      }),
    )
    yield* Check.equals("VLANs of transparent switches", transparent, yield* vlans)

    yield* lab.say("bench is plugged into acc-1")
    const before = yield* answered
    yield* lab.port("acc-1:4").noShutdown
    yield* Effect.sleep("10 seconds")
    yield* Check.equals("VLANs of core, acc-1 and acc-2 now", yield* vlans, [
      [1, 99],
      [1, 99],
      [1, 99],
    ])
    const after = yield* answered
    const heldMs = after.map((count, i) => (count - before[i]) * 10)
    yield* lab.say(`after the plug, until the last answer: ${heldMs.map((ms) => `${ms} ms`).join(", ")}`)
    yield* Check.that(
      "web and storage are dark within 100 ms",
      heldMs.every((ms) => ms < 100),
    )
    yield* Check.equals("pings lost in VLAN 1", yield* alive.lost, 0)

    yield* lab.say("bench is unplugged, which helps nobody")
    yield* lab.port("acc-1:4").shutdown
    yield* Effect.sleep("10 seconds")
    yield* Check.equals(
      "answers since",
      (yield* answered).map((count, i) => count - after[i]),
      [0, 0, 0],
    )

    yield* lab.say("VLANs 10 and 20 are made again at the server: revision 58")
    yield* lab.switch("core").setVlans([1, 10, 20, 99])
    yield* Effect.sleep("40 seconds")
    yield* Check.equals("VLANs of core, acc-1 and acc-2 at last", yield* vlans, [
      [1, 10, 20, 99],
      [1, 10, 20, 99],
      [1, 10, 20, 99],
    ])
    yield* Check.that(
      "all are back",
      (yield* answered).every((count, i) => count > after[i] + 100),
    )
    yield* Check.atLeast("outage of client-2", yield* dark[1].longestGap, "20 seconds")
    yield* Check.atMost("the same", yield* dark[1].longestGap, "60 seconds")
    yield* lab.hint([
      'npx --no lab show apps/lab/scenarios/vtp-revision/design.l2.yml vtp status --node core --after "port acc-1:4 no shutdown"',
      'npx --no lab show apps/lab/scenarios/vtp-revision/design.l2.yml interfaces status --node acc-2 --after "port acc-1:4 no shutdown"',
    ])
  }),
)
