/** A VM moves between two hosts of a farm while a client pings it; then its old host is switched off. */
import * as Check from "@l2lab/lab/Check"
import * as Frames from "@l2lab/lab/Frames"
import { Lab } from "@l2lab/lab/Lab"
import { counted, formatCount, formatInstant, formatNs } from "@l2lab/lab/report/Quantity"
import * as Scenario from "@l2lab/lab/Scenario"
import * as MacAddress from "@l2lab/l2/MacAddress"
import { Duration, Effect, Stream } from "effect"

const VM = "web-1"
const FROM = "esx-1"
const TO = "esx-2"

export default Scenario.make(
  "vmotion",
  {
    design: "farm-2008.l2.yml",
    description: `A farm starts cold; ${VM} moves from ${FROM} to ${TO} while a client pings it`,
    // From the first instant, so that the capture shows the tree being built; the program adds both ways of the ping.
    capture: ["client"],
  },
  Effect.gen(function* () {
    const lab = yield* Lab
    yield* lab.say("power on: every switch takes itself for the root and listens")
    const settled = yield* lab.converged
    yield* lab.showTree

    yield* lab.capture.along("client", VM)
    yield* lab.capture.along("client", TO)
    const mac = yield* lab.cam(VM).address
    yield* annotate(lab, mac)
    yield* keepWords(lab)

    // A guest that has said something once: every switch knows the way to it, as in a farm that has been up for a while.
    yield* lab.vm(VM).broadcast
    const ping = yield* lab.host("client").ping(VM, { every: "10 millis" })
    yield* lab.say(`client pings ${VM} every 10 ms`)
    yield* Effect.sleep("2 seconds")
    const before = yield* ping.report
    yield* lab.say(
      `${counted(before.received, "answer")}, round trip ${formatNs(before.rttMinNs)} at best; ${VM} runs on ${yield* lab.vm(VM).host}`,
    )

    const turned = yield* camEntriesThatTurn(lab, mac)
    const move = yield* lab.vm(VM).vmotion({ to: TO })
    yield* Effect.sleep("3 seconds")
    const after = yield* ping.report
    const outage = yield* ping.longestGap
    yield* lab.say(`${counted(after.sent, "ping")}: ${formatCount(after.received)} answered, ${formatCount(after.lost)} lost`)
    for (const gap of after.gaps) {
      const { from, to } = gap
      yield* lab.say(`silent from ${formatInstant(from)} to ${formatInstant(to)}: an outage of ${formatNs(to - from)}, +- 10 ms`)
    }
    yield* Check.equals(`${VM} runs on`, yield* lab.vm(VM).host, TO)
    yield* Check.that(`every CAM that knows ${VM} leads to ${TO}`, yield* lab.cam(VM).pointsAt(TO))
    yield* Check.atMost(`time from stun to resume`, move.downtime, "1 second")
    yield* Check.atMost(`outage of ${VM} as its client saw it`, outage, "2 seconds")

    yield* lab.host(FROM).powerOff
    yield* lab.say(`${FROM} is switched off`)
    yield* Effect.sleep("10 seconds")
    const last = yield* ping.report
    yield* lab.say(`${counted(last.received - after.received, "answer")} more, ${last.lost - after.lost} lost`)
    yield* Check.atLeast(`answers from ${VM} in 10 s without ${FROM}`, last.received - after.received, 990)
    yield* Check.atMost("the tree had settled after", Duration.nanos(BigInt(settled.lastChangeAt)), "50 seconds")

    yield* lab.say(
      `In short: the tree took ${formatNs(settled.lastChangeAt)}, the move ${formatNs(Duration.toMillis(move.duration) * 1e6)}.`,
    )
    yield* lab.say(
      `${VM} stood still for ${formatNs(Duration.toMillis(move.downtime) * 1e6)}; its client lost ${counted(after.lost, "ping")}.`,
    )
    yield* lab.say(`${counted(turned.length, "CAM entry", "CAM entries")} turned to another port: ${turned.join(", ")}.`)
  }),
)

/** The switches whose entry for an address moves to another port from now on, as they trace it. */
const camEntriesThatTurn = (lab: Lab["Service"], mac: number) =>
  Effect.gen(function* () {
    const switches: Array<string> = []
    const address = MacAddress.format(mac)
    yield* lab.events.pipe(
      Stream.filter((event) => event.name === "l2.cam-moved" && event.operands["address"] === address),
      Stream.runForEach((event) => Effect.sync(() => switches.push(event.node))),
      Effect.forkChild,
    )
    return switches
  })

/** Comments on the packets that matter: the announcement at every port that it passes, and the first answer that came after it. */
const annotate = (lab: Lab["Service"], mac: number) =>
  Effect.suspend(() => {
    const announcedAt = new Set<string>()
    let answered = false
    return lab.capture.annotate(({ frame, port, direction }) => {
      if (Frames.rarpAbout(frame) === mac) {
        if (announcedAt.has(port)) return undefined // it is repeated four times
        announcedAt.add(port)
        return `RARP for ${VM}: ${TO} tells every switch where it is now`
      }
      if (announcedAt.size === 0 || answered || port !== "client:1" || direction !== "in") return undefined
      if (Frames.echoIn(frame)?.kind !== "reply" || frame.source !== mac) return undefined
      answered = true
      return `first ping answered by ${VM} after its move`
    })
  })

const KEPT = 20

/** The copy is a gigabyte of frames like each other: of each round keep the first ones at each port, and every word between the hosts. */
const keepWords = (lab: Lab["Service"]) =>
  Effect.suspend(() => {
    const since = new Map<string, number>()
    return lab.capture.leaveOut(({ frame, port }) => {
      const part = Frames.migrationPart(frame)
      if (part === undefined) return false
      const count = part === "word" ? 0 : (since.get(port) ?? 0) + 1
      since.set(port, count)
      return count > KEPT
    })
  })
