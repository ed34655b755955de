/**
 * One seed's run: a random network; faults while time passes, what forwards being looked at whenever a port changes its state; then
 * nothing more happens, and within a computed bound every bridge must have the tree that shortest paths give.
 */
import { MILLISECOND, SECOND, type DurationNs, type SimTime } from "@l2lab/sim/SimTime"
import type { TraceEvent } from "@l2lab/sim/TraceEvent"
import type { Loop } from "../../src/Loop.ts"
import { Draw } from "./Draw.ts"
import { Network } from "./Network.ts"
import { ALL, type ProtocolName } from "./Broken.ts"
import type { Timers } from "./Protocols.ts"
import * as Topology from "./Topology.ts"

export const FAULTS = [
  "unplug",
  "plug",
  "flap",
  "power-off",
  "silence",
  "power-on",
  "isolate",
  "bridge-priority",
  "port-priority",
  "path-cost",
  "lost-bpdus",
] as const
export type Fault = (typeof FAULTS)[number]

/** Everything that a seed draws before the run; printed first when it fails. */
export interface Options extends Timers {
  readonly seed: number
  readonly protocol: string
  readonly shape: Topology.Shape
  readonly bridges: number
  readonly isFlat: boolean
  readonly autoEdge: boolean
  readonly faults: number
  /** 0 = this kind is off. */
  readonly weights: Readonly<Record<Fault, number>>
  /** Bridges between the root and any other, at most; faults that would exceed it are not done. */
  readonly mostHops: number
}

export interface SeenLoop {
  readonly from: SimTime
  readonly until: SimTime
  /** `b3:1`: bridge and port, both from 0. */
  readonly places: ReadonlyArray<string>
  /** What was stale when it began; absent if nothing was. */
  readonly stale?: string
  /** For how long it lasted when nothing was stale any more. */
  readonly outlivedNs: DurationNs
  /** For how long it may: while news of the end of what was stale is under way. */
  readonly newsNs: DurationNs
}

export interface Result {
  readonly options: Options
  /** Absent if all held. */
  readonly failure?: string
  readonly loops: ReadonlyArray<SeenLoop>
  /** From the last fault to the last change of a role or state. */
  readonly settledAfterNs: DurationNs
  readonly boundNs: DurationNs
  readonly done: ReadonlyArray<string>
}

export type OnTrace = (event: TraceEvent) => void

/** Networks whose bridges do not all run the same. */
export const MIXED = {
  "stp+rstp": ["stp", "rstp"],
  "pvst+rapid-pvst": ["pvst", "rapid-pvst"],
} as const satisfies Readonly<Record<string, ReadonlyArray<ProtocolName>>>

export type Mix = ProtocolName | keyof typeof MIXED

const isMixed = (mix: Mix): mix is keyof typeof MIXED => Object.hasOwn(MIXED, mix)

/**
 * The assumptions under which 802.1D chooses its timers, for a network of so many bridges across, after the formulas behind the
 * defaults (7 across, 3 lost hellos: max age 20 s, forward delay 15 s).
 */
export const timersFor = (helloTime: number, across: number): Timers => ({
  helloTime,
  maxAge: Math.max(6, 4 * helloTime + 2 * across - 2),
  forwardDelay: Math.max(4, Math.ceil((4 * helloTime + 3 * across) / 2)),
})

const RAPID_TIMERS: ReadonlyArray<readonly [Timers, number]> = [
  [{ helloTime: 2, maxAge: 20, forwardDelay: 15 }, 5],
  [{ helloTime: 1, maxAge: 10, forwardDelay: 6 }, 1],
  [{ helloTime: 2, maxAge: 40, forwardDelay: 30 }, 1],
  [{ helloTime: 1, maxAge: 20, forwardDelay: 11 }, 1],
]

const PAUSES: ReadonlyArray<readonly [DurationNs, number]> = [
  [0, 2],
  [MILLISECOND, 2],
  [70 * MILLISECOND, 2],
  [700 * MILLISECOND, 3],
  [3 * SECOND, 3],
  [11 * SECOND, 2],
  [40 * SECOND, 1],
]

/**
 * For how long BPDUs may be lost in a row: less than it takes for a neighbour to be given up. 1998 bears the loss of three hellos; a rapid
 * bridge's count of 3 x hello may run out a second early, since it is counted in whole seconds, and so bears the loss of one.
 */
const longestLossNs = ({ helloTime }: Timers, isRapid: boolean): DurationNs =>
  (isRapid ? helloTime : 3 * helloTime) * SECOND - MILLISECOND

/** Time that BPDUs may have to wait for each other, over all hops: one second for each that TxHoldCount holds back. */
const HOLD_SLACK = 4 * SECOND

const isTimed = (names: ReadonlyArray<ProtocolName>): boolean => names.every((name) => ALL[name].isTimed)

/** Draw the options and the network of a seed. */
const draw = (
  seed: number,
  mix: Mix,
  onTrace?: OnTrace,
): { readonly options: Options; readonly from: Draw; readonly network: Network } => {
  const from = new Draw(seed, mix)
  for (;;) {
    const bridges = from.weighted([
      [from.between(2, 6), 5],
      [from.between(5, 15), 4],
      [from.between(15, 30), 2],
      [from.between(30, 60), 1],
    ])
    const shape = from.one(Topology.SHAPES)
    const isFlat = from.chance(40)
    const topology = Topology.draw(from, shape, bridges, isFlat)
    const protocols = topology.bridges.map((): ProtocolName => (isMixed(mix) ? from.one<ProtocolName>(MIXED[mix]) : mix))
    // One bridge that keeps to 1998's timers is enough to need them.
    const timed = protocols.some((name) => ALL[name].isTimed)
    const helloTime = from.between(1, 2)
    const across = from.between(7, 15)
    const timers = timed ? timersFor(helloTime, across) : from.weighted(RAPID_TIMERS)
    const weights = Object.fromEntries(
      FAULTS.map((fault) => [fault, from.chance(70) ? from.between(1, 5) : 0] as const),
    ) as Record<Fault, number>
    const options: Options = {
      seed,
      protocol: mix,
      shape,
      bridges,
      isFlat,
      ...timers,
      autoEdge: from.chance(50) && weights["lost-bpdus"] === 0,
      faults: from.between(0, 12),
      weights,
      mostHops: timed ? Math.floor(across / 2) : Math.min(12, timers.maxAge - 4),
    }
    const network = new Network(topology, protocols, timers, { seed, autoEdge: options.autoEdge, ...(onTrace && { onTrace }) })
    if (Math.max(...network.depths()) <= options.mostHops) return { options, from, network }
  }
}

/** Run a seed. */
export const run = (seed: number, mix: Mix, onTrace?: OnTrace): Result => {
  const { options, from, network } = draw(seed, mix, onTrace)
  const done: Array<string> = []
  const isRapid = !isTimed(network.protocols)
  const { maxAge, forwardDelay, helloTime } = options
  const boundNs = (maxAge + 2 * forwardDelay + 2 * helloTime) * SECOND + (isRapid ? HOLD_SLACK : 0)
  const result = (settledAfterNs: DurationNs, faults: ReadonlyArray<string>): Result => {
    const loops = network.watch.loops.map((loop) => seen(network, loop))
    // Agreements and the news that voids them may cross; else what loops does so on stale information, and no longer than that lives.
    const bad = loops.find((loop) => !isRapid || loop.outlivedNs > loop.newsNs)
    const failure = bad === undefined ? faults[0] : `a loop that nothing stale explains: ${formatLoop(bad)}`
    return { options, ...(failure !== undefined && { failure }), loops, settledAfterNs, boundNs, done }
  }
  /** Safety has been lost: there is nothing more to see. */
  const isLost = (): boolean => network.isLooping && (!isRapid || seen(network, network.watch.loops.at(-1)!).outlivedNs > SECOND)

  // A run with no pause before the first fault has its faults in the cold start.
  network.run(from.one([0, 1, 20, 60]) * SECOND)
  for (let n = 0; n < options.faults && !isLost(); n++) {
    const what = inflict(network, from, options, isRapid)
    if (what !== undefined) done.push(`${(network.now / SECOND).toFixed(3)} s ${what}`)
    network.run(network.now + from.weighted(PAUSES))
  }
  if (isLost()) return result(0, [])

  const faultsOver = network.now
  network.run(faultsOver + boundNs)
  const wrong = network.faults().slice(0, 6)
  const faults =
    wrong.length === 0 ? [] : [`no tree of shortest paths ${boundNs / SECOND} s after the last fault: ${wrong.join("; ")}`]
  const settledAfterNs = Math.max(0, network.lastChangeAt - faultsOver)
  network.run(network.now + (maxAge + helloTime) * SECOND)
  if (network.lastChangeAt > faultsOver + boundNs) faults.push("does not come to rest")
  return result(settledAfterNs, faults)
}

/** The command that runs a seed again. */
export const replayLine = ({ protocol, seed }: Options): string =>
  `npm run --silent stp-sim -- --protocol ${protocol} --seed ${seed} --trace`

/** Who looped, since when, for how long and why. */
export const formatLoop = ({ from, outlivedNs, places, stale, until }: SeenLoop): string =>
  `${places.join(" ")} from ${(from / SECOND).toFixed(9)} s for ${((until - from) / SECOND).toFixed(9)} s; ` +
  (stale === undefined
    ? "nothing was stale: messages under way crossed"
    : `count to infinity: ${stale}; ${(outlivedNs / SECOND).toFixed(9)} s of it with nothing stale any more`)

const seen = (network: Network, { from, places, until }: Loop): SeenLoop => {
  const { freshSince, newsNs, stale } = network.explained.get(from)!
  return {
    from,
    until,
    places: places.map(({ bridge, node, port }) => {
      const vlan = network.vlans[bridge % network.vlans.length]
      return `b${node}:${port}${vlan === 1 ? "" : ` in VLAN ${vlan}`}`
    }),
    ...(stale !== undefined && { stale }),
    outlivedNs: Math.max(0, Math.min(until, network.now) - freshSince),
    newsNs,
  }
}

/** Do one fault, unless the network would get too deep by it. A sentence that says which; undefined if none was done. */
const inflict = (network: Network, from: Draw, options: Options, isRapid: boolean): string | undefined => {
  const kinds = FAULTS.map((fault) => [fault, options.weights[fault]] as const)
  if (kinds.every(([, weight]) => weight === 0)) return undefined
  const fault = from.weighted(kinds)
  const bridge = from.between(0, network.topology.bridges.length - 1)
  const cable = from.between(0, network.cables.length - 1)
  const ports = network.topology.bridges[bridge].ports.length
  const port = ports === 0 ? 0 : from.between(0, ports - 1)
  const value = from.between(0, 15)
  /** Do it, and undo it if the network gets too deep. */
  const unlessTooDeep = (act: () => void, undo: () => void): boolean => {
    act()
    if (Math.max(...network.depths()) <= options.mostHops) return true
    undo()
    return false
  }
  const plug = (which: number, plugged: boolean): void =>
    network.tell({ type: plugged ? "link.connect" : "link.disconnect", link: which })
  const say = (ok: boolean, what: string): string => (ok ? what : `${what}, and back`)
  switch (fault) {
    case "unplug":
      if (!network.isPlugged(cable)) return undefined
      return say(
        unlessTooDeep(
          () => plug(cable, false),
          () => plug(cable, true),
        ),
        `unplug cable ${cable}`,
      )
    case "plug":
      if (network.isPlugged(cable)) return undefined
      return say(
        unlessTooDeep(
          () => plug(cable, true),
          () => plug(cable, false),
        ),
        `plug cable ${cable}`,
      )
    case "flap":
      if (!network.isPlugged(cable)) return undefined
      plug(cable, false)
      network.run(network.now + from.one([0, 10, 300]) * MILLISECOND)
      plug(cable, true)
      return `flap cable ${cable}`
    case "power-off":
    case "silence": {
      if (!network.isOn(bridge)) return undefined
      const keepCarrier = fault === "silence"
      return say(
        unlessTooDeep(
          () => network.tell({ type: "node.power-off", node: bridge, keepCarrier }),
          () => network.powerOn(bridge),
        ),
        `${fault} b${bridge}`,
      )
    }
    case "power-on":
      if (network.isOn(bridge)) return undefined
      return say(
        unlessTooDeep(
          () => network.powerOn(bridge),
          () => network.tell({ type: "node.power-off", node: bridge, keepCarrier: false }),
        ),
        `power-on b${bridge}`,
      )
    case "isolate": {
      const own = network.cables.flatMap(({ ends, segment }, link) =>
        network.isPlugged(link) && ends.some((end) => network.topology.segments[segment].ends[end].bridge === bridge)
          ? [link]
          : [],
      )
      return say(
        unlessTooDeep(
          () => own.forEach((link) => plug(link, false)),
          () => own.forEach((link) => plug(link, true)),
        ),
        `unplug b${bridge}`,
      )
    }
    case "bridge-priority": {
      if (!network.isOn(bridge)) return undefined
      const before = network.priorities[bridge]
      return say(
        unlessTooDeep(
          () => network.setBridgePriority(bridge, value * 4096),
          () => network.setBridgePriority(bridge, before),
        ),
        `priority of b${bridge} ${value * 4096}`,
      )
    }
    case "port-priority":
      if (!network.isOn(bridge) || ports === 0) return undefined
      network.setPortPriority(bridge, port, value * 16)
      return `priority of b${bridge}:${port} ${value * 16}`
    case "path-cost": {
      if (!network.isOn(bridge) || ports === 0) return undefined
      const before = network.costs[bridge][port]
      return say(
        unlessTooDeep(
          () => network.setPathCost(bridge, port, value + 3),
          () => network.setPathCost(bridge, port, before),
        ),
        `cost of b${bridge}:${port} ${value + 3}`,
      )
    }
    case "lost-bpdus": {
      const end = from.one(["a", "b"] as const)
      const lossNs = from.between(1, longestLossNs(options, isRapid) / MILLISECOND) * MILLISECOND
      network.tell({ type: "link.direction", link: cable, from: end, alive: false })
      network.run(network.now + lossNs)
      network.tell({ type: "link.direction", link: cable, from: end, alive: true })
      return `nothing from ${end} over cable ${cable} for the last ${lossNs / SECOND} s`
    }
  }
}
