/** A second station behind each of three secure ports: shutdown, restrict, protect. */
import * as Check from "@l2lab/lab/Check"
import { Lab } from "@l2lab/lab/Lab"
import * as Scenario from "@l2lab/lab/Scenario"
import { Effect } from "effect"

export default Scenario.make(
  "port-security",
  {
    design: "design.l2.yml",
    description: "A second station behind each of three secure ports: one goes out of service, one tells, one says nothing",
    capture: ["server"],
  },
  Effect.gen(function* () {
    const lab = yield* Lab
    yield* lab.converged
    const ping = (name: string) => lab.host(name).ping("server", { every: "100 millis" })
    const alice = yield* ping("alice")
    const bob = yield* ping("bob")
    const carol = yield* ping("carol")
    yield* Effect.sleep("2 seconds")
    yield* Check.equals("pings lost before", (yield* alice.lost) + (yield* bob.lost) + (yield* carol.lost), 0)

    yield* lab.say("a second station speaks up behind each port")
    const intruders = [yield* ping("mallory1"), yield* ping("mallory2"), yield* ping("mallory3")]
    yield* Effect.sleep("5 seconds")
    for (const [i, intruder] of intruders.entries()) {
      yield* Check.equals(`answers for mallory${i + 1}`, yield* intruder.received, 0)
    }

    const lines = (part: string) => Effect.map(lab.log.find(part, "sw1"), (found) => found.map(({ text }) => text))
    const [violation, ...more] = yield* lines("GigabitEthernet0/1.")
    yield* Check.that("sw1 names who it was at port 1", violation?.includes("caused by MAC address 0200.0000.6601") === true)
    yield* Check.equals("lines about port 1 after that", more.length, 0)
    yield* Check.that(
      "and port 1 alone is out of service",
      (yield* lines("ERR_DISABLE")).join("") ===
        "%PM-4-ERR_DISABLE: psecure-violation error detected on Gi0/1, putting Gi0/1 in err-disable state",
    )
    yield* Check.atLeast("lines about port 2, one a second", (yield* lines("GigabitEthernet0/2.")).length, 3)
    yield* Check.equals("lines about port 3", (yield* lines("GigabitEthernet0/3.")).length, 0)
    yield* Check.atLeast("seconds that alice is dark, for what mallory1 did", yield* alice.longestGap, "4 seconds")
    yield* Check.equals("pings that bob lost", yield* bob.lost, 0)
    yield* Check.equals("pings that carol lost", yield* carol.lost, 0)

    for (const intruder of intruders) yield* intruder.stop
    yield* lab.say("shutdown, no shutdown: the port is back, and alice with it, once mallory1 has left")
    yield* lab.host("mallory1").powerOff
    yield* lab.port("sw1:1").shutdown
    yield* lab.port("sw1:1").noShutdown
    const before = yield* alice.received
    yield* Effect.sleep("40 seconds")
    yield* Check.atLeast("answers for alice since", (yield* alice.received) - before, 5)
    yield* lab.hint([
      "npx --no lab show apps/lab/scenarios/port-security/design.l2.yml port-security address --after announce",
      "npx --no lab show apps/lab/scenarios/port-security/design.l2.yml port-security interface Gi0/2 --after announce",
    ])
  }),
)
