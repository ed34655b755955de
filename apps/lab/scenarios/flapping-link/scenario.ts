/** A cable that comes and goes keeps the tables of all switches empty; often enough, and its port is taken out of service. */
import * as Check from "@l2lab/lab/Check"
import { Lab } from "@l2lab/lab/Lab"
import { counted } from "@l2lab/lab/report/Quantity"
import * as Scenario from "@l2lab/lab/Scenario"
import { Effect } from "effect"

const SWITCHES = ["sw1", "sw2", "sw3"]

/** What all switches flooded and forgot so far. */
const cost = Effect.gen(function* () {
  const lab = yield* Lab
  const sum = { flooded: 0, flushes: 0, forgotten: 0 }
  for (const name of SWITCHES) {
    for (const row of yield* lab.switch(name).flooding) {
      sum.flooded += row.frames
      sum.flushes += row.flushes
      sum.forgotten += row.forgotten
    }
  }
  return sum
})

/** The cable goes down and up `times` times, every `apartMs`. */
const flap = (times: number, apartMs: number) =>
  Effect.gen(function* () {
    const lab = yield* Lab
    const cable = lab.link("sw1:2", "sw3:1")
    for (let i = 0; i < times; i++) {
      yield* cable.down
      yield* Effect.sleep("500 millis")
      yield* cable.up
      yield* Effect.sleep(`${apartMs - 500} millis`)
    }
  })

export default Scenario.make(
  "flapping-link",
  {
    design: "design.l2.yml",
    description: "A cable that comes and goes keeps the tables of all switches empty, until its port is taken out of service",
    capture: ["bystander"],
  },
  Effect.gen(function* () {
    const lab = yield* Lab
    yield* lab.converged
    const ping = yield* lab.host("client").ping("server", { every: "10 millis", payloadOctets: 1000 })
    yield* lab.host("bystander").broadcast
    yield* Effect.sleep("2 seconds")
    const quiet = yield* cost
    yield* Effect.sleep("18 seconds")
    const before = yield* cost
    yield* Check.equals("frames flooded while nothing happens", before.flooded - quiet.flooded, 0)

    yield* lab.say("the cable between sw1 and sw3 flaps every three seconds")
    yield* flap(6, 3000)
    const slow = yield* cost
    const heard = (yield* lab.port("bystander").statistics).framesReceived
    yield* lab.say(
      `six flaps: ${counted(slow.flushes - before.flushes, "flush", "flushes")}, ` +
        `${counted(slow.forgotten - before.forgotten, "address", "addresses")} forgotten, ` +
        `${counted(slow.flooded - before.flooded, "frame")} flooded; the bystander has heard ${counted(heard, "frame")} of others`,
    )
    yield* Check.atLeast("flushes, two topology changes a flap", slow.flushes - before.flushes, 12)
    yield* Check.atLeast("addresses forgotten", slow.forgotten - before.forgotten, 6)
    yield* Check.atLeast("frames flooded for it", slow.flooded - before.flooded, 6)
    yield* Check.equals(
      "ports out of service: five flaps within ten seconds there were not",
      (yield* lab.log.find("ERR_DISABLE")).length,
      0,
    )

    yield* lab.say("ten seconds of rest, so that the flaps so far no longer count")
    yield* Effect.sleep("10 seconds")
    yield* lab.say("now every second and a half")
    yield* flap(6, 1500)
    yield* Effect.sleep("2 seconds")
    const out = (name: string) => Effect.map(lab.log.find("ERR_DISABLE: link-flap error", name), (lines) => lines.length)
    yield* Check.equals("ports that sw1 and sw3 take out of service", [yield* out("sw1"), yield* out("sw3")], [1, 1])
    const after = yield* cost
    const lost = yield* ping.lost
    yield* lab.say("the cable goes on flapping, and nobody hears of it")
    yield* flap(6, 1500)
    const last = yield* cost
    yield* Check.equals("flushes since", last.flushes - after.flushes, 0)
    yield* Check.equals("frames flooded since", last.flooded - after.flooded, 0)
    yield* Check.equals("pings lost since", (yield* ping.lost) - lost, 0)
    yield* lab.hint([
      'npx --no lab show apps/lab/scenarios/flapping-link/design.l2.yml spanning-tree detail --node sw2 --after announce --after "link sw1:2 down"',
    ])
  }),
)
