/** Watching how far an event reaches: trace events as they happen, and a look at every cable, table, processor and ping at intervals. */
import type { BridgeState } from "@l2lab/l2/BridgeState"
import * as ErrdisableCause from "@l2lab/l2/ErrdisableCause"
import * as L2Trace from "@l2lab/l2/Trace"
import * as PortRow from "@l2lab/sim/PortRow"
import type { SimTime } from "@l2lab/sim/SimTime"
import type { TraceEvent } from "@l2lab/sim/TraceEvent"
import * as StpTrace from "@l2lab/stp/Trace"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { badInput } from "../Failure.ts"
import type {
  DarkStation,
  FaultDomain,
  FaultDomainOptions,
  FaultDomainWatch,
  Moment,
  ReachedSwitch,
  TakenOut,
} from "../FaultDomain.ts"
import * as Bridges from "../Bridges.ts"
import type { Action } from "../Lab.ts"
import * as Spans from "../run/Duration.ts"
import * as Loops from "./Loops.ts"
import { awake, found, type Session, type WatchedProbe } from "./Session.ts"
import { longestGapNs } from "./Stations.ts"
import * as Storms from "./Storms.ts"

const USUAL_INTERVAL: Duration.Input = "100 millis"

type Counters = { -readonly [K in keyof Omit<ReachedSwitch, "name">]: ReachedSwitch[K] }

/** What is known of the event so far. */
interface Account {
  readonly switches: Map<number, Counters>
  /** By world port. */
  readonly portAt: Map<number, SimTime>
  readonly fullNs: Map<number, number>
  readonly floodedAt: Map<number, SimTime>
  readonly takenOut: Array<TakenOut>
  readonly darkFrom: Map<WatchedProbe, SimTime>
  readonly moments: Array<Moment>
}

/** Answers that pings had got twice when the watching began. */
type DoubledBefore = ReadonlyMap<WatchedProbe, number>

const doubledOf = ({ probes }: Session, before: DoubledBefore): FaultDomain["doubled"] =>
  probes.flatMap((probe) => {
    const answers = (probe.look()?.duplicates ?? 0) - (before.get(probe) ?? 0)
    return answers > 0 ? [{ name: probe.who, vlan: probe.vlan, answers }] : []
  })

/** The counters of the last look. */
interface Before {
  at: SimTime
  sent: ReturnType<typeof Storms.sentSoFar>
  readonly pdusLost: Map<number, number>
  readonly moves: Map<number, number>
}

const reached = (account: Account, node: number, at: SimTime): Counters => {
  const known = account.switches.get(node)
  if (known !== undefined) return known
  const made: Counters = { at, portChanges: 0, flushed: 0, moves: 0, pdusLost: 0 }
  account.switches.set(node, made)
  return made
}

const earliest = <K>(map: Map<K, SimTime>, key: K, at: SimTime): void => {
  if (!map.has(key)) map.set(key, at)
}

/** Enter a trace event into the account. */
const take = (session: Session, account: Account, event: TraceEvent): void => {
  const { directory, simulation } = session
  const { a, at, b, c, code, node } = event
  if (directory.nodes[node]?.kind !== "switch") return
  switch (code) {
    case StpTrace.ROLE.code:
    case StpTrace.PORT_STATE.code: {
      reached(account, node, at).portChanges++
      // A port-channel is told of by its first member; where it has none, they tell of themselves.
      const link = Bridges.bridgeOf(simulation.world, node)?.linkPortOf[a] ?? a
      return link < 0 ? undefined : earliest(account.portAt, Bridges.worldPortOf(session, node, link), at)
    }
    case L2Trace.CAM_FLUSHED.code:
      // An empty table that is flushed is nobody's loss.
      if (c > 0) reached(account, node, at).flushed += c
      return
    case L2Trace.MAC_FLAP.code:
      reached(account, node, at).flappingAt ??= at
      return
    case L2Trace.ERRDISABLED.code: {
      reached(account, node, at)
      const port = directory.nodes[node].bridgePorts[a].end
      account.takenOut.push({ port, cause: ErrdisableCause.CAUSES[b], at })
      return
    }
  }
}

/** What a bridge has counted. */
const countersOf = ({ controlPlane, fdb }: BridgeState): { readonly pdusLost: number; readonly moves: number } => ({
  pdusLost: controlPlane.dropped[0] + controlPlane.limited.reduce((total, each) => total + each, 0) + controlPlane.unheard,
  moves: fdb.moves,
})

const bridges = ({ directory, simulation: { world } }: Session): ReadonlyArray<readonly [node: number, state: BridgeState]> =>
  directory.nodes.flatMap((_, node) => {
    const bridge = Bridges.bridgeOf(world, node)
    return bridge === null ? [] : [[node, bridge] as const]
  })

/** How much a counter grew; one that is smaller than before belongs to a switch that was switched off and on. */
const grown = (before: Map<number, number>, node: number, now: number): number => {
  const last = before.get(node) ?? 0
  before.set(node, now)
  return now >= last ? now - last : now
}

/** Look at everything, and enter what has happened since the last look. */
const look = (session: Session, account: Account, before: Before, loops: Loops.QuietWatch): void => {
  const { directory, simulation } = session
  const { nodeOfPort, peer, rows } = simulation.world
  const since = before.at
  const spanNs = simulation.now - since
  if (spanNs <= 0) return
  const perSecond = 1e9 / spanNs
  const sent = Storms.sentSoFar(session)
  const flooded = new Set<number>()
  let fullCables = 0
  let frames = 0
  peer.forEach((other, port) => {
    const octets = sent.octets[port] - before.sent.octets[port]
    if (other < 0 || octets <= 0) return
    frames += Math.max(0, sent.frames[port] - before.sent.frames[port])
    if (octets * 8 * perSecond < Storms.FULL * PortRow.rateOf(rows, port * PortRow.STRIDE)) return
    fullCables++
    account.fullNs.set(port, (account.fullNs.get(port) ?? 0) + spanNs)
    for (const end of [port, other]) {
      const node = nodeOfPort[end]
      const { kind } = directory.nodes[node]
      if (kind === "switch") {
        reached(account, node, since)
        earliest(account.portAt, end, since)
      } else if (end === other && kind !== "hub") {
        flooded.add(node)
        earliest(account.floodedAt, node, since)
      }
    }
  })

  let starvedSwitches = 0
  let moves = 0
  for (const [node, state] of bridges(session)) {
    const now = countersOf(state)
    const lost = grown(before.pdusLost, node, now.pdusLost)
    const moved = grown(before.moves, node, now.moves)
    moves += moved
    if (lost > 0) {
      starvedSwitches++
      const counters = reached(account, node, since)
      counters.pdusLost += lost
      counters.starvedAt ??= since
    }
    if (moved > 0) reached(account, node, since).moves += moved
  }

  let darkStations = 0
  for (const probe of session.probes) {
    const run = probe.look()
    if (run === undefined || !run.active) continue
    const lastAnswer = run.lastAnsweredAt ?? run.startedAt
    if (2 * (simulation.now - lastAnswer) <= 3 * run.everyNs) continue
    darkStations++
    earliest(account.darkFrom, probe, lastAnswer)
  }
  account.moments.push({
    at: simulation.now,
    ring: loops.ring(),
    fullCables,
    framesPerSecond: Math.round(frames * perSecond),
    floodedHosts: flooded.size,
    darkStations,
    starvedSwitches,
    movesPerSecond: Math.round(moves * perSecond),
  })
  before.at = simulation.now
  before.sent = sent
}

/** Stations whose silence lasted for more than one and a half of their intervals, also if it was over at each look. */
const darkOf = (session: Session, account: Account, from: SimTime): ReadonlyArray<DarkStation> => {
  const { now } = session.simulation
  return session.probes
    .flatMap((probe): ReadonlyArray<DarkStation> => {
      const run = probe.look()
      if (run === undefined) return []
      const gap = run.gaps.find(({ to }) => to > from)
      const darkFrom = Math.min(account.darkFrom.get(probe) ?? Infinity, gap?.from ?? Infinity)
      if (darkFrom === Infinity) return []
      const isBack = 2 * (now - (run.lastAnsweredAt ?? run.startedAt)) <= 3 * run.everyNs
      return [{ name: probe.who, vlan: probe.vlan, from: darkFrom, longestNs: longestGapNs(run, now), isBack }]
    })
    .sort((a, b) => a.from - b.from)
}

const reportOf = (
  session: Session,
  account: Account,
  from: SimTime,
  everyNs: number,
  doubled: FaultDomain["doubled"],
  loops: FaultDomain["loops"],
  vlanLoopedAt: ReadonlyMap<number, SimTime>,
): FaultDomain => {
  const { directory, simulation } = session
  const { nodeOfPort, portBase } = simulation.world
  const nameOfPort = (port: number): string => directory.nodes[nodeOfPort[port]].ports[port - portBase[nodeOfPort[port]]].end
  const inOrder = <A extends { readonly at: SimTime }>(list: ReadonlyArray<A>): ReadonlyArray<A> =>
    [...list].sort((a, b) => a.at - b.at)
  const dark = darkOf(session, account, from)
  const vlanAt = new Map(vlanLoopedAt)
  for (const { from: darkFrom, vlan } of dark) vlanAt.set(vlan, Math.min(vlanAt.get(vlan) ?? Infinity, Math.max(darkFrom, from)))
  return {
    from,
    until: simulation.now,
    everyNs,
    switches: inOrder([...account.switches].map(([node, counters]) => ({ name: directory.nodes[node].name, ...counters }))),
    ports: inOrder(
      [...account.portAt].map(([port, at]) => ({ name: nameOfPort(port), at, fullNs: account.fullNs.get(port) ?? 0 })),
    ),
    flooded: inOrder([...account.floodedAt].map(([node, at]) => ({ name: directory.nodes[node].name, at }))),
    dark,
    doubled,
    vlans: inOrder([...vlanAt].map(([vlan, at]) => ({ vlan, at, looped: vlanLoopedAt.has(vlan) }))),
    loops,
    takenOut: account.takenOut,
    moments: account.moments,
  }
}

/** Watch a session's network from now on. */
export const watch =
  (session: Session) =>
  (options: FaultDomainOptions = {}): Action<FaultDomainWatch> =>
    Effect.gen(function* () {
      const everyNs = yield* found(() => Spans.inScenario("every", options.every ?? USUAL_INTERVAL))
      if (everyNs < 1000) return yield* badInput(`a fault domain cannot be looked at every ${everyNs} ns: the least is 1 us`)
      const from = session.simulation.now
      const account: Account = {
        switches: new Map(),
        portAt: new Map(),
        fullNs: new Map(),
        floodedAt: new Map(),
        takenOut: [],
        darkFrom: new Map(),
        moments: [],
      }
      const counters = bridges(session).map(([node, state]) => [node, countersOf(state)] as const)
      const before: Before = {
        at: from,
        sent: Storms.sentSoFar(session),
        pdusLost: new Map(counters.map(([node, { pdusLost }]) => [node, pdusLost])),
        moves: new Map(counters.map(([node, { moves }]) => [node, moves])),
      }
      const doubled: DoubledBefore = new Map(session.probes.map((probe) => [probe, probe.look()?.duplicates ?? 0]))
      const loops = Loops.watchQuietly(session)
      session.trace.subscribeSignificant((event) => take(session, account, event))
      return {
        lasting: (time) =>
          Effect.gen(function* () {
            yield* awake(session)
            const until = session.simulation.now + (yield* found(() => Spans.inScenario("lasting", time)))
            while (session.simulation.now < until) {
              yield* session.time.sleepUntil(Math.min(until, session.simulation.now + everyNs))
              look(session, account, before, loops)
            }
          }),
        report: Effect.gen(function* () {
          look(session, account, before, loops)
          return reportOf(session, account, from, everyNs, doubledOf(session, doubled), yield* loops.seen, loops.vlanAt)
        }),
      }
    })
