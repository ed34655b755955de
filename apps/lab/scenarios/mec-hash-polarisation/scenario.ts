/** Two tiers of bundles that choose by the same hash: what the first tier sends to a half is all of one kind to the second, which leaves its other cables idle. */
import * as Check from "@l2lab/lab/Check"
import { Lab } from "@l2lab/lab/Lab"
import * as Scenario from "@l2lab/lab/Scenario"
import { Effect } from "effect"

const CLIENTS = [1, 2, 3, 4, 5, 6, 7, 8].map((n) => `pc${n}`)
const SERVERS = [1, 2, 3, 4].map((n) => `srv${n}`)
/** Cables of the second tier, and of the first. */
const SECOND = ["left:2", "left:3", "right:2", "right:3"]
const FIRST = ["acc:1", "acc:2"]

/** Every client pings every server for a while: frames that each of the cables carries towards the core. */
const load = Effect.gen(function* () {
  const lab = yield* Lab
  const sent = (ports: ReadonlyArray<string>) =>
    Effect.forEach(ports, (port) => Effect.map(lab.port(port).statistics, ({ framesSent }) => framesSent))
  const pings = yield* Effect.forEach(
    CLIENTS.flatMap((client) => SERVERS.map((server) => [client, server] as const)),
    ([client, server]) => lab.host(client).ping(server, { every: "100 millis" }),
  )
  // The first second brings ARP: broadcasts, which say nothing of who talks to whom.
  yield* Effect.sleep("1050 millis")
  const before = { first: yield* sent(FIRST), second: yield* sent(SECOND) }
  yield* Effect.sleep("10 seconds")
  const after = { first: yield* sent(FIRST), second: yield* sent(SECOND) }
  const lost = yield* Effect.forEach(pings, (ping) => ping.lost)
  return {
    first: after.first.map((frames, i) => frames - before.first[i]),
    second: after.second.map((frames, i) => frames - before.second[i]),
    lost: lost.reduce((sum, each) => sum + each, 0),
  }
})

const inUse = (frames: ReadonlyArray<number>): number => frames.filter((each) => each > 0).length

/** `left:2 1200, left:3 0, …` */
const told = (ports: ReadonlyArray<string>, frames: ReadonlyArray<number>): string =>
  ports.map((port, i) => `${port} ${frames[i]}`).join(", ")

const look = Effect.gen(function* () {
  const lab = yield* Lab
  const { first, lost, second } = yield* load
  yield* lab.say(`frames towards the core: ${told(FIRST, first)}; ${told(SECOND, second)}`)
  yield* Check.equals("pings that are lost", lost, 0)
  yield* Check.equals("frames of the first tier and of the second", sum(first), sum(second))
  yield* Check.equals("cables of the first tier in use, of 2", inUse(first), 2)
  return second
})

const sum = (frames: ReadonlyArray<number>): number => frames.reduce((total, each) => total + each, 0)

export default Scenario.make(
  "mec-hash-polarisation",
  {
    design: "design.l2.yml",
    description: "Bundles behind bundles: with one hash at both tiers half of the second tier's cables carry nothing",
    capture: [...FIRST, ...SECOND],
  },
  Effect.gen(function* () {
    const lab = yield* Lab

    yield* lab.say("every switch chooses by the sender's MAC address")
    const same = yield* look
    yield* Check.equals("cables of the second tier in use, of 4", inUse(same), 2)
    yield* Check.equals("frames on each half's second cable", [same[1] * same[0], same[2] * same[3]], [0, 0])

    for (const [method, words] of [
      ["dst-mac", "the halves choose by the receiver's MAC address"],
      ["src-dst-ip", "the halves choose by both IP addresses"],
    ] as const) {
      yield* lab.redesign(
        { nodes: { left: { loadBalance: method }, right: { loadBalance: method } } },
        Effect.gen(function* () {
          const other = yield* Lab
          yield* other.say(`the same, but ${words}`)
          const second = yield* look
          yield* Check.equals("cables of the second tier in use, of 4", inUse(second), 4)
          yield* Check.atMost("frames on the busiest of them, beside an even share", Math.max(...second) / (sum(second) / 4), 2)
        }),
      )
    }
    yield* lab.hint([
      "npx --no lab show apps/lab/scenarios/mec-hash-polarisation/design.l2.yml etherchannel port-channel --node left",
      "npx --no lab show apps/lab/scenarios/mec-hash-polarisation/design.l2.yml etherchannel load-balance --node left",
    ])
  }),
)
