/** Two ends of a cable that differ about duplex: a ping looks well, traffic both ways does not, and a full cable keeps the root's BPDUs from the switch that blocks the ring. */
import type { PortStatistics } from "@l2lab/sim/PortStatistics"
import * as Check from "@l2lab/lab/Check"
import { Lab } from "@l2lab/lab/Lab"
import { formatCount } from "@l2lab/lab/report/Quantity"
import * as Scenario from "@l2lab/lab/Scenario"
import { Effect } from "effect"

const SECONDS = 5

/** Large pings both ways for a while, some 80 % of the cable in either direction; what came through each way, in kb/s. */
const bulk = Effect.gen(function* () {
  const lab = yield* Lab
  const received = Effect.map(Effect.all([lab.port("sw1:1").statistics, lab.port("sw2:1").statistics]), (ends) =>
    ends.map(({ octetsReceived }) => octetsReceived),
  )
  const before = yield* received
  const there = yield* lab.host("pc1").ping("pc2", { every: "3 millis", payloadOctets: 1400 })
  const back = yield* lab.host("pc4").ping("pc3", { every: "3100 micros", payloadOctets: 1400 })
  yield* Effect.sleep(`${SECONDS} seconds`)
  const after = yield* received
  yield* there.stop
  yield* back.stop
  yield* Effect.sleep("2 seconds")
  const [toHalf, toFull] = after.map((octets, i) => Math.round(((octets - (before[i] ?? 0)) * 8) / SECONDS / 1000))
  return { toHalf: toHalf ?? 0, toFull: toFull ?? 0 }
})

const errors = ({ collisions, deferred, excessiveCollisions, lateCollisions }: PortStatistics): string =>
  `${formatCount(collisions)} collisions, ${formatCount(lateCollisions)} late, ${formatCount(excessiveCollisions)} given up, ${formatCount(deferred)} deferred`

/** A stream to everybody, more than the cable carries: to sw1 it goes from the full-duplex end. Nobody answers. */
const flood = Effect.flatMap(Lab, (lab) => lab.host("pc2").ping("10.0.0.255", { every: "1 millis", payloadOctets: 1400 }))

export default Scenario.make(
  "duplex-mismatch",
  {
    design: "design.l2.yml",
    description: "One end of a cable takes it for half duplex: pings pass, transfers collapse, BPDUs are lost, the ring opens",
    capture: ["sw2:1"],
  },
  Effect.gen(function* () {
    const lab = yield* Lab
    yield* lab.converged
    const half = lab.port("sw1:1").statistics
    const full = lab.port("sw2:1").statistics
    const loops = yield* lab.watchLoops
    const told = (yield* lab.log.find("%CDP-4-DUPLEX_MISMATCH")).map(({ text }) => text.replace(/^.*?: /, ""))
    yield* Check.equals("CDP tells at both ends", [...new Set(told)].sort(), [
      "duplex mismatch discovered on Ethernet0/1 (not full duplex), with sw2 Ethernet0/1 (full duplex).",
      "duplex mismatch discovered on Ethernet0/1 (not half duplex), with sw1 Ethernet0/1 (half duplex).",
    ])

    yield* lab.say("a ping a second, the test that everybody makes")
    const gentle = yield* lab.host("pc1").ping("pc2", { every: "1 second" })
    yield* Effect.sleep("20 seconds")
    yield* gentle.stop
    yield* Check.equals("pings lost of twenty", yield* gentle.lost, 0)

    yield* lab.say("a transfer each way, 80 % of the cable")
    const sound = yield* lab.fork(
      Effect.gen(function* () {
        const fork = yield* Lab
        yield* fork.port("sw1:1").duplex("full")
        yield* fork.converged
        return yield* bulk
      }),
    )
    const collapsed = yield* bulk
    const [a, b] = [yield* half, yield* full]
    yield* lab.say(`both ends full duplex: ${formatCount(sound.toFull)} kb/s there, ${formatCount(sound.toHalf)} kb/s back`)
    yield* lab.say(`as it is: ${formatCount(collapsed.toFull)} kb/s there, ${formatCount(collapsed.toHalf)} kb/s back`)
    yield* lab.say(`sw1, half duplex: ${errors(a)}`)
    yield* lab.say(`sw2, full duplex: ${formatCount(b.fcsErrors)} FCS errors, ${formatCount(b.runts)} runts`)
    yield* Check.atLeast("kb/s of a sound cable", Math.min(sound.toFull, sound.toHalf), 7000)
    yield* Check.atMost("kb/s from the half-duplex end", collapsed.toFull, sound.toFull / 2)
    yield* Check.atLeast("late collisions at sw1", a.lateCollisions, 100)
    yield* Check.equals("sw2 sees a fragment for each collision", b.fcsErrors + b.runts, a.collisions)
    yield* Check.equals("and sw1 no damaged frame", a.fcsErrors + a.runts, 0)
    yield* Check.equals("loops so far", (yield* loops.seen).length, 0)

    yield* lab.say("pc2 casts to everybody, more than the cable carries: sw2 always has a frame ready when sw1 may begin one")
    yield* lab.narrate("spanning-tree")
    yield* flood
    yield* Effect.sleep("2 seconds")
    const [from, heard] = [yield* half, (yield* full).framesReceived]
    yield* Effect.sleep("20 seconds")
    const to = yield* half
    const givenUp = to.excessiveCollisions - from.excessiveCollisions
    const collisions = to.collisions - from.collisions
    yield* lab.say(`sw1 in these 20 s: ${collisions} collisions, ${givenUp} frames given up`)
    yield* Check.equals("frames of sw1 that sw2 got in 20 s", (yield* full).framesReceived - heard, 0)
    yield* Check.atLeast("frames that sw1 gave up: it has nothing to send there but BPDUs and CDP", givenUp, 10)
    yield* Check.equals("collisions of each of them", collisions / givenUp, 16)
    yield* Effect.sleep("35 seconds")
    const [loop] = yield* loops.seen
    yield* Check.equals("max age and two forward delays later the ring is a loop", loop?.ports, [
      "sw1:1",
      "sw1:2",
      "sw2:1",
      "sw2:2",
      "sw3:1",
      "sw3:2",
    ])
    const report = yield* lab.storm.run({ lasting: "1 second" })
    yield* Check.equals("it lasts", report.loops.length, 1)
    yield* Check.atLeast("directions of cables that are full", report.full.length, 3)
    yield* lab.hint([
      "npx --no lab show apps/lab/scenarios/duplex-mismatch/design.l2.yml logging --node sw1",
      "npx --no lab show apps/lab/scenarios/duplex-mismatch/design.l2.yml cdp neighbors detail",
    ])
  }),
)
