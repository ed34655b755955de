/** A strand of fibre dies and the light stays on: when a ring loops, and who is faster than that. */
import * as Check from "@l2lab/lab/Check"
import { Lab } from "@l2lab/lab/Lab"
import * as Scenario from "@l2lab/lab/Scenario"
import { Effect } from "effect"

const RINGS = ["o", "g", "n", "a", "q", "r"] as const

/** What x2 sends to x3 is lost, in these rings. */
const cut = (rings: ReadonlyArray<string>) =>
  Effect.gen(function* () {
    const lab = yield* Lab
    for (const ring of rings) yield* lab.link(`${ring}2:2`, `${ring}3:2`).deadFrom(`${ring}2`)
  })

/** Seconds from an instant to the first line of a log with these words. */
const secondsTo = (words: string, from: number, switchName?: string) =>
  Effect.gen(function* () {
    const lab = yield* Lab
    const first = (yield* lab.log.find(words, switchName)).find(({ at }) => at >= from)
    return first === undefined ? Infinity : (first.at - from) / 1e9
  })

const UDLD = "UDLD_PORT_DISABLED"

export default Scenario.make(
  "unidirectional-link",
  {
    design: "design.l2.yml",
    description: "One strand of a fibre dies: unguarded, with loop guard, UDLD normal and aggressive, and RSTP's dispute",
    capture: ["a2:2", "a3:2"],
  },
  Effect.gen(function* () {
    const lab = yield* Lab
    yield* lab.converged
    const watch = yield* lab.watchLoops
    const heard = (ring: string) => Effect.map(lab.port(`p${ring}`).statistics, ({ framesReceived }) => framesReceived)

    yield* lab.say("first, in a copy: the strand dies 14 s after the switches' last UDLD messages")
    yield* lab.fork(
      Effect.gen(function* () {
        const copy = yield* Lab
        const loops = yield* copy.watchLoops
        yield* Effect.sleep("12 seconds")
        const at = yield* copy.now
        yield* cut(["n", "a"])
        yield* Effect.sleep("60 seconds")
        yield* Check.equals("loops with UDLD where the strand died late", (yield* loops.seen).length, 0)
        yield* Check.atMost("aggressive: seconds", yield* secondsTo(UDLD, at, "a2"), 37)
        yield* Check.atMost("normal: seconds", yield* secondsTo(UDLD, at, "n2"), 39)
      }),
    )

    yield* lab.say("now it dies 2 s after them, in all rings; all carriers stay")
    const at = yield* lab.now
    yield* cut(RINGS)
    yield* Effect.sleep("10 seconds")
    yield* lab.say("r2 disputes what it hears of r3, and blocks; that strand is mended")
    const carriers = (yield* lab.log.find("LINK-3-UPDOWN")).filter((line) => line.at >= at)
    yield* Check.equals("carriers that changed", carriers.length, 0)
    yield* Check.equals("loops among rapid bridges", (yield* watch.seen).length, 0)
    yield* lab.link("r2:2", "r3:2").heal
    yield* Effect.sleep("37500 millis")
    const [loop] = yield* watch.seen
    yield* Check.equals(
      "rings that loop",
      loop?.ports.filter((port) => port.endsWith("3:2")),
      ["a3:2", "n3:2", "o3:2"],
    )
    yield* Check.equals("seconds to the loop, as 802.1D-1998 has it", Math.round(((loop?.from ?? Infinity) - at) / 1e9), 47)
    yield* Check.equals("seconds to r2's dispute", Math.round(yield* secondsTo("DISPUTE", at, "r2")), 6)
    yield* Check.equals("seconds to loop guard", Math.round(yield* secondsTo("LOOPGUARD_BLOCK", at, "g3")), 17)

    yield* lab.say("one broadcast into each ring")
    for (const ring of RINGS) yield* lab.host(`p${ring}`).broadcast
    yield* Effect.sleep("4 seconds")
    yield* Check.equals("seconds to UDLD, aggressive, every 7 s", Math.round(yield* secondsTo(UDLD, at, "q2")), 22)
    yield* Check.equals("seconds to UDLD, aggressive", Math.round(yield* secondsTo(UDLD, at, "a2")), 48)
    yield* Check.equals("seconds to UDLD, normal", Math.round(yield* secondsTo(UDLD, at, "n2")), 50)
    const copies = yield* Effect.forEach(RINGS, (ring) => Effect.map(heard(ring), (frames) => [ring, frames] as const))
    const of = new Map<string, number>(copies)
    yield* lab.say(`frames that the stations have heard: ${copies.map(([ring, frames]) => `p${ring} ${frames}`).join(", ")}`)
    yield* Check.atLeast("frames at po, unguarded", of.get("o") ?? 0, 20_000)
    yield* Check.atLeast("frames at pn, until UDLD took the port", of.get("n") ?? 0, 10_000)
    yield* Check.atLeast("frames at pa, until UDLD took the port", of.get("a") ?? 0, 2000)
    for (const ring of ["g", "q", "r"]) yield* Check.atMost(`frames at p${ring}`, of.get(ring) ?? Infinity, 150)
    yield* lab.link("o1:2", "o3:1").down

    yield* lab.say("all strands are mended, and an engineer resets UDLD")
    for (const ring of ["o", "g", "n", "a", "q"]) yield* lab.link(`${ring}2:2`, `${ring}3:2`).heal
    for (const ring of ["n", "a", "q"]) yield* lab.switch(`${ring}2`).udld.reset
    yield* Effect.sleep("10 seconds")
    for (const ring of ["n", "a", "q"]) {
      const port = yield* lab.switch(`${ring}2`).udld.port(2)
      yield* Check.equals(`${ring}2's second port`, `${port.phase} ${port.link}`, "advertisement bidirectional")
    }
    yield* lab.hint([
      'npx --no lab show apps/lab/scenarios/unidirectional-link/design.l2.yml interfaces status err-disabled --node a2 --after "link a2:2 mute" --at 60s',
    ])
  }),
)
