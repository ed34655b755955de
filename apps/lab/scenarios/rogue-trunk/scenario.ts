/** A laptop that speaks DTP at a desk: with a dynamic port it gets a trunk and all VLANs, with mode access and nonegotiate its own and no more. */
import * as Check from "@l2lab/lab/Check"
import { Lab } from "@l2lab/lab/Lab"
import * as Scenario from "@l2lab/lab/Scenario"
import { Effect } from "effect"

export default Scenario.make(
  "rogue-trunk",
  {
    design: "design.l2.yml",
    description: "A laptop asks for a trunk at two desks: a dynamic port grants one, with every VLAN; an access port does not",
    capture: ["acc:3", "acc:4"],
  },
  Effect.gen(function* () {
    const lab = yield* Lab
    const logged = (part: string) => Effect.map(lab.log.find(part, "acc"), (lines) => lines.map(({ text }) => text))

    yield* lab.converged
    const servers = yield* lab.host("backup").ping("server", { every: "100 millis" })

    yield* lab.say("rogue at acc:4: mode access, nonegotiate")
    yield* lab.port("acc:4").noShutdown
    yield* Effect.sleep("5 seconds")
    const honest = yield* lab.host("laptop").ping("office")
    const hopeless = yield* lab.host("spy").ping("server")
    yield* Effect.sleep("10 seconds")
    yield* Check.equals("trunks that acc grants there", (yield* logged("%DTP-5-")).length, 0)
    yield* Check.atLeast("answers in the desk's own VLAN", yield* honest.received, 5)
    yield* Check.equals("answers from VLAN 20", yield* hopeless.received, 0)
    yield* hopeless.stop
    yield* lab.port("acc:4").shutdown

    yield* lab.say("rogue at acc:3: dynamic auto")
    yield* lab.port("acc:3").noShutdown
    yield* Effect.sleep("10 seconds")
    yield* Check.equals("acc grants a trunk", yield* logged("%DTP-5-TRUNKPORTON"), [
      "%DTP-5-TRUNKPORTON: Port Gi0/3 has become dot1q trunk",
    ])
    const spy = yield* lab.host("spy").ping("server")
    yield* Effect.sleep("10 seconds")
    yield* Check.atLeast("answers from VLAN 20 now", yield* spy.received, 9)
    yield* Check.that(
      "the servers' switch has the spy in its table, in VLAN 20",
      (yield* lab.cam("spy").entries).some(({ switch: name, vlan }) => name === "core" && vlan === 20),
    )
    yield* Check.equals("BPDU guard has nothing to say", (yield* logged("%PM-4-ERR_DISABLE")).length, 0)

    yield* lab.say("acc:3 is given mode access and nonegotiate")
    yield* lab.port("acc:3").switchport({ mode: "access", negotiate: false })
    yield* Effect.sleep("2 seconds")
    const before = yield* spy.received
    yield* Effect.sleep("10 seconds")
    yield* Check.equals("acc takes the trunk back", yield* logged("%DTP-5-NONTRUNKPORTON"), [
      "%DTP-5-NONTRUNKPORTON: Port Gi0/3 has become non-trunk",
    ])
    yield* Check.equals("answers from VLAN 20 at last", (yield* spy.received) - before, 0)
    yield* Check.equals("pings lost between the servers", yield* servers.lost, 0)
    yield* lab.hint([
      'npx --no lab show apps/lab/scenarios/rogue-trunk/design.l2.yml interfaces trunk --node acc --after "port acc:3 no shutdown"',
      'npx --no lab show apps/lab/scenarios/rogue-trunk/design.l2.yml dtp interface Gi0/3 --node acc --after "port acc:3 no shutdown"',
    ])
  }),
)
