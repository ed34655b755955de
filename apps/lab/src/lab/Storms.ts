/** Storms: who looped, since when, at what rate, which links are full; and their end, which is somebody's doing and is said to be. */
import * as PortRow from "@l2lab/sim/PortRow"
import type { SimTime } from "@l2lab/sim/SimTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { badInput, type InputError } from "../Failure.ts"
import type { Action, LinkLoad, SeenLoop, Storm, StormOptions, StormReport } from "../Lab.ts"
import { few, formatCount, formatInstant, formatNs } from "../report/Quantity.ts"
import { apart, PORTS_SHOWN, ringsNow, seenFirst, watchedSince, watchLoops } from "./Loops.ts"
import { found, portNamed, type Session, worldCommand, worldPortsNamed } from "./Session.ts"

/** Cables that a line names. */
const CABLES_SHOWN = 8

/** From so much of its rate on a link counts as full. */
export const FULL = 0.95

/** Nothing is slowed down further, in bits a second. */
const SLOWEST = 1000

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
  readonly report: (end: StormReport["end"], cables: ReadonlyArray<string>) => Effect.Effect<Omit<StormReport, "restore">>
}

/** A loop that was there when it was looked at first, as somebody knows it who saw it begin. */
const withBeginning = (loop: SeenLoop, { from, joined }: SeenLoop): SeenLoop => ({
  ...loop,
  from,
  joined: joined.flatMap(({ at, ports }) => {
    const left = ports.filter((port) => loop.ports.includes(port))
    return left.length === 0 ? [] : [{ at, ports: left }]
  }),
})

const watching = (session: Session): Watching => {
  const loops = watchLoops(session)
  const from = session.simulation.now
  const before = sentSoFar(session)
  return {
    report: (end, cables) =>
      Effect.gen(function* () {
        const seen = yield* loops.seen
        // What was there when this began has its beginning from whoever saw it.
        const earlier = (yield* seenFirst(session)).find((loop) => loop.from <= from && (loop.until ?? Infinity) > from)
        const whole = seen.map((loop) => (loop.from === from && earlier !== undefined ? withBeginning(loop, earlier) : loop))
        const until = session.simulation.now
        const loads = loadsSince(session, before, until - from)
        const account: Omit<StormReport, "restore"> = {
          from,
          until,
          loops: whole,
          loads,
          full: loads.filter(({ share }) => share >= FULL),
          framesPerSecond: loads.reduce((sum, load) => sum + load.framesPerSecond, 0),
          end,
          cables,
        }
        return account
      }),
  }
}

/** The cables of the ports that forward in a ring now. */
const cablesOf = (session: Session, ports: ReadonlyArray<string>): ReadonlyArray<number> => {
  const { carrier, linkOfPort } = session.simulation.world
  const links = ports
    .flatMap((name) => worldPortsNamed(session, name))
    .filter((port) => carrier[port] === 1)
    .map((port) => linkOfPort[port])
  return [...new Set(links)]
}

/** The ports of the rings that go through one of `on`; of all rings where that is empty. */
const ringsThrough = (session: Session, on: ReadonlyArray<number>): ReadonlyArray<string> => {
  const isMeant = (name: string): boolean => on.length === 0 || worldPortsNamed(session, name).some((port) => on.includes(port))
  const names = ringsNow(session)
    .filter((ring) => ring.some(isMeant))
    .flat()
  return [...new Set(names)].sort()
}

/** A cable that a storm was ended with, and the rate that it had. */
interface Ended {
  readonly link: number
  readonly rateBps: number
}

const rateNow = ({ simulation: { world } }: Session, link: number): number =>
  PortRow.rateOf(world.rows, world.links[link].a * PortRow.STRIDE)

/** Pull cables until nothing forwards in a ring; those that were pulled. */
const stop = (session: Session, on: ReadonlyArray<number>): Action<ReadonlyArray<Ended>> =>
  Effect.gen(function* () {
    const pulled: Array<Ended> = []
    for (;;) {
      const link = cablesOf(session, ringsThrough(session, on)).at(-1)
      if (link === undefined) return pulled
      pulled.push({ link, rateBps: rateNow(session, link) })
      yield* worldCommand(session, { type: "link.disconnect", link })
    }
  })

/** Slow down the cables of what forwards in a ring. */
const slowDown = (session: Session, on: ReadonlyArray<number>, rateBps: number): Action<ReadonlyArray<Ended>> =>
  Effect.gen(function* () {
    const slowed = cablesOf(session, ringsThrough(session, on)).map((link) => ({ link, rateBps: rateNow(session, link) }))
    for (const { link } of slowed) yield* worldCommand(session, { type: "link.rate", link, rateBps })
    return slowed
  })

/** Undo either. */
const restore = (session: Session, ended: ReadonlyArray<Ended>, rate: number | undefined): Action =>
  Effect.gen(function* () {
    if (ended.length === 0) return
    for (const { link, rateBps } of ended) {
      yield* worldCommand(session, rate === undefined ? { type: "link.connect", link } : { type: "link.rate", link, rateBps })
    }
    const cables = few(
      ended.map(({ link }) => session.directory.links[link]),
      CABLES_SHOWN,
    )
    const how = rate === undefined ? `${cables} plugged in again` : `${cables} as fast as before`
    session.tell(session.simulation.now, `RESTORED here: ${how}`)
  })

/** `90 % of sw1:1 to sw2:1`: a direction in words. */
const loadText = ({ from, framesPerSecond, share, to }: LinkLoad): string =>
  `${from} to ${to} (${Math.round(share * 100)} %, ${formatCount(framesPerSecond)} frames/s)`

/** `looped since 32.000 s`, or `looped from 32.000 s to 40.000 s`. What was there when watching began may be older. */
const spanText = (from: SimTime, until: SimTime | undefined, watchedFrom: SimTime): string => {
  const since = `${formatInstant(from)}${from === watchedFrom && from > 0 ? " or before" : ""}`
  return until === undefined ? `looped since ${since}` : `looped from ${since} to ${formatInstant(until)}`
}

const tell = (session: Session, report: Omit<StormReport, "restore">, rate: number | undefined): void => {
  const say = (text: string): void => session.tell(session.simulation.now, text)
  const lasted = formatNs(report.until - report.from)
  say(`STORM  ${lasted}, ${formatCount(report.framesPerSecond)} frames/s on all cables together`)
  for (const { joined, until, vlans } of report.loops) {
    for (const { at, ports } of joined) {
      for (const ring of apart(session, ports)) {
        say(`STORM  ${spanText(at, until, watchedSince(session))}: ${few(ring, PORTS_SHOWN, " ")} in VLAN ${vlans.join(",")}`)
      }
    }
  }
  if (report.loops.length === 0) say("STORM  nobody forwards in a ring")
  if (report.full.length > 0) {
    say("STORM  full of it, by direction:")
    for (const load of report.full.slice(0, CABLES_SHOWN)) say(`STORM    ${loadText(load)}`)
    if (report.full.length > CABLES_SHOWN) say(`STORM    and ${report.full.length - CABLES_SHOWN} more`)
  } else say(`STORM  no cable is full${report.loads.length === 0 ? "" : `; the busiest is ${loadText(report.loads[0])}`}`)
  const cables = few(report.cables, CABLES_SHOWN)
  if (report.end === "stopped") {
    say(`STOPPED here by pulling ${cables}: a storm ends with the loop, not by itself`)
  } else if (report.end === "throttled") {
    say(`THROTTLED here to ${formatCount(rate ?? 0)} bit/s on ${cables}: what follows is slower than it would be`)
  }
}

/** What a script asks for, looked at before time passes. */
const understood = (
  session: Session,
  { afterwards = "stop", lasting, on = [] }: StormOptions,
): { readonly rate: number | undefined; readonly ports: ReadonlyArray<number> } | InputError => {
  const nanos = Option.getOrElse(Duration.toNanos(Duration.fromInputUnsafe(lasting)), () => 0n)
  if (nanos <= 0n) return badInput(`storm-time: a storm lasts some time, and not for ever: give a time like "1 second"`)
  const isRate = typeof afterwards === "object" && afterwards !== null && "rate" in afterwards
  if (afterwards !== "stop" && !isRate) {
    return badInput(
      `storm-end: a storm does not end by ${JSON.stringify(afterwards)}: write "stop", or a rate like { rate: 100_000 }`,
    )
  }
  const rate = isRate ? afterwards.rate : undefined
  if (rate !== undefined && !(Number.isInteger(rate) && rate >= SLOWEST)) {
    return badInput(
      `storm-rate: a storm cannot be slowed down to ${rate} bits a second: give a whole number from ${formatCount(SLOWEST)} on`,
    )
  }
  const ports: Array<number> = []
  for (const name of typeof on === "string" ? [on] : on) {
    const port = portNamed(session, name)
    if (typeof port !== "number") return badInput(`storm-port: ${port.problem}`)
    if (session.simulation.world.peer[port] < 0) {
      return badInput(`storm-port: nothing is cabled to ${name}: name a port that a storm goes through`)
    }
    ports.push(port)
  }
  return { rate, ports }
}

/** Storms of a session. */
export const storm = (session: Session): Storm => ({
  watch: Effect.sync(() => {
    const watch = watching(session)
    return { report: Effect.map(watch.report("goes on", []), (report) => ({ ...report, restore: Effect.void })) }
  }),
  run: (options: StormOptions): Action<StormReport> =>
    Effect.gen(function* () {
      const { ports, rate } = yield* found(() => understood(session, options))
      const watch = watching(session)
      yield* Effect.sleep(Duration.fromInputUnsafe(options.lasting))
      // What it was is looked at before it is ended.
      const seen = yield* watch.report("goes on", [])
      const ended = yield* rate === undefined ? stop(session, ports) : slowDown(session, ports, rate)
      const end = ended.length === 0 ? "goes on" : rate === undefined ? "stopped" : "throttled"
      const report = { ...seen, end, cables: ended.map(({ link }) => session.directory.links[link]) } as const
      tell(session, report, rate)
      return { ...report, restore: restore(session, ended, rate) }
    }),
})
