/** Storms: who looped, since when, at what rate, which links are full; and their end, which is somebody's doing and is said to be. */
import * as PortRow from "@l2lab/sim/PortRow"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { badInput } from "../Failure.ts"
import type { Action, LinkLoad, Storm, StormOptions, StormReport } from "../Lab.ts"
import { few, formatCount, formatInstant, formatNs } from "../report/Quantity.ts"
import { PORTS_SHOWN, ringNow, watchLoops } from "./Loops.ts"
import { portNamed, type Session, worldCommand } from "./Session.ts"

/** Cables that a line names. */
const CABLES_SHOWN = 8

/** From so much of its rate on a link counts as full. */
export const FULL = 0.95

/** What the ports of a world have sent so far; what waits in their queues has not been sent. */
export const sentSoFar = ({ simulation }: Session): { readonly frames: Float64Array; readonly octets: Float64Array } => {
  const { peer, rows } = simulation.world
  const frames = new Float64Array(peer.length)
  const octets = new Float64Array(peer.length)
  for (let port = 0; port < peer.length; port++) {
    const row = port * PortRow.STRIDE
    if (peer[port] < 0 || rows[row + PortRow.TX_FRAMES] === 0) continue
    const queued = rows[row + PortRow.TX_FRAMES]
    const all = rows[row + PortRow.TX_OCTETS] + queued * PortRow.GAP_OCTETS
    const backlogNs = Math.max(0, rows[row + PortRow.BUSY] - simulation.now)
    const waiting = (backlogNs * rows[row + PortRow.DENOMINATOR]) / rows[row + PortRow.NUMERATOR]
    octets[port] = all - waiting
    // Frames that wait are taken for as long as the others.
    frames[port] = queued - Math.round((queued * waiting) / all)
  }
  return { frames, octets }
}

const loadsSince = (session: Session, before: ReturnType<typeof sentSoFar>, lastedNs: number): ReadonlyArray<LinkLoad> => {
  const { directory, simulation } = session
  const { nodeOfPort, peer, portBase, rows } = simulation.world
  const now = sentSoFar(session)
  const nameOf = (port: number): string => directory.nodes[nodeOfPort[port]].ports[port - portBase[nodeOfPort[port]]].end
  const perSecond = 1e9 / Math.max(1, lastedNs)
  const loads: Array<LinkLoad> = []
  peer.forEach((other, port) => {
    if (other < 0) return
    const frames = now.frames[port] - before.frames[port]
    if (frames <= 0) return
    const octets = now.octets[port] - before.octets[port]
    const bits = octets * 8 * perSecond
    loads.push({
      from: nameOf(port),
      to: nameOf(other),
      framesPerSecond: Math.round(frames * perSecond),
      bitsPerSecond: Math.round(bits),
      share: Math.min(1, bits / PortRow.rateOf(rows, port * PortRow.STRIDE)),
    })
  })
  return loads.sort((x, y) => y.share - x.share || (x.from < y.from ? -1 : 1))
}

interface Watching {
  readonly report: (end: StormReport["end"], cables: ReadonlyArray<string>) => Effect.Effect<StormReport>
}

const watching = (session: Session): Watching => {
  const loops = watchLoops(session)
  const from = session.simulation.now
  const before = sentSoFar(session)
  return {
    report: (end, cables) =>
      Effect.map(loops.seen, (seen): StormReport => {
        const until = session.simulation.now
        const loads = loadsSince(session, before, until - from)
        return {
          from,
          until,
          loops: seen,
          loads,
          full: loads.filter(({ share }) => share >= FULL),
          framesPerSecond: loads.reduce((sum, load) => sum + load.framesPerSecond, 0),
          end,
          cables,
        }
      }),
  }
}

/** The cables of the ports that forward in a ring now. */
const cablesOf = (session: Session, ports: ReadonlyArray<string>): ReadonlyArray<number> => {
  const { carrier, linkOfPort } = session.simulation.world
  const links = ports.flatMap((name) => {
    const port = portNamed(session, name)
    return typeof port === "number" && carrier[port] === 1 ? [linkOfPort[port]] : []
  })
  return [...new Set(links)]
}

/** Pull cables until nothing forwards in a ring; those that were pulled. */
const stop = (session: Session): Effect.Effect<ReadonlyArray<string>> =>
  Effect.gen(function* () {
    const pulled: Array<string> = []
    for (;;) {
      const link = cablesOf(session, ringNow(session)).at(-1)
      if (link === undefined) return pulled
      pulled.push(session.directory.links[link])
      yield* worldCommand(session, { type: "link.disconnect", link })
    }
  })

/** Slow down the cables of what forwards in a ring. */
const slowDown = (session: Session, rateBps: number): Effect.Effect<ReadonlyArray<string>> =>
  Effect.gen(function* () {
    const links = cablesOf(session, ringNow(session))
    for (const link of links) yield* worldCommand(session, { type: "link.rate", link, rateBps })
    return links.map((link) => session.directory.links[link])
  })

/** `90 % of sw1:1 to sw2:1`: a direction in words. */
const loadText = ({ from, framesPerSecond, share, to }: LinkLoad): string =>
  `${from} to ${to} (${Math.round(share * 100)} %, ${formatCount(framesPerSecond)} frames/s)`

const tell = (session: Session, report: StormReport, rate: number | undefined): void => {
  const say = (text: string): void => session.tell(session.simulation.now, text)
  const lasted = formatNs(report.until - report.from)
  say(`STORM  ${lasted}, ${formatCount(report.framesPerSecond)} frames/s on all cables together`)
  for (const { from, ports, vlans } of report.loops) {
    say(`STORM  looped since ${formatInstant(from)}: ${few(ports, PORTS_SHOWN, " ")} in VLAN ${vlans.join(",")}`)
  }
  if (report.loops.length === 0) say("STORM  nobody forwards in a ring")
  const busiest = report.loads.length === 0 ? "" : `; the busiest is ${loadText(report.loads[0])}`
  say(
    report.full.length === 0
      ? `STORM  no cable is full${busiest}`
      : `STORM  full: ${few(report.full.map(loadText), CABLES_SHOWN, "; ")}`,
  )
  const cables = few(report.cables, CABLES_SHOWN)
  if (report.end === "stopped") {
    say(`STOPPED here by pulling ${cables}: a storm ends with the loop, not by itself`)
  } else if (report.end === "throttled") {
    say(`THROTTLED here to ${formatCount(rate ?? 0)} bit/s on ${cables}: what follows is slower than it would be`)
  }
}

/** Storms of a session. */
export const storm = (session: Session): Storm => ({
  watch: Effect.sync(() => {
    const watch = watching(session)
    return { report: watch.report("goes on", []) }
  }),
  run: ({ lasting, afterwards = "stop" }: StormOptions): Action<StormReport> =>
    Effect.gen(function* () {
      const rate = afterwards === "stop" ? undefined : afterwards.rate
      if (rate !== undefined && !(Number.isInteger(rate) && rate >= 1000)) {
        return yield* badInput(`a storm cannot be slowed down to ${rate} bits a second: give a whole number from 1000 on`)
      }
      const watch = watching(session)
      yield* Effect.sleep(Duration.fromInputUnsafe(lasting))
      // What it was is looked at before it is ended.
      const seen = yield* watch.report("goes on", [])
      const cables = yield* rate === undefined ? stop(session) : slowDown(session, rate)
      const end = cables.length === 0 ? "goes on" : rate === undefined ? "stopped" : "throttled"
      const report = { ...seen, end, cables } as const
      tell(session, report, rate)
      return report
    }),
})
