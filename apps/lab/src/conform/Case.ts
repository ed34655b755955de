/**
 * One recorded case from start to end: build its network, give its events, let time pass until the trees have settled after each, and
 * compare. Synchronous and in slices, so that a caller can drain a capture or stop between them.
 */
import type { EthernetFrame } from "@l2lab/l2/EthernetFrame"
import type { Listener } from "@l2lab/sim/Simulation"
import { SECOND, type SimTime } from "@l2lab/sim/SimTime"
import * as SpanningTree from "@l2lab/stp/SpanningTree"
import type { ProfileName } from "@l2lab/stp/stp1998/Settings"
import * as Compare from "./Compare.ts"
import * as Convergence from "./Convergence.ts"
import * as Network from "./Network.ts"
import { eventsOf, formatEvent, type GoldenRecord, type GoldenStep, isUnsupported, type Line } from "./Record.ts"

export interface StepResult {
  /** The step's events, as `link-down s3`. */
  readonly event: string
  /** Virtual time of the event, and from there to the last change of a port's state (or role, where records have roles). */
  readonly atNs: SimTime
  readonly convergedAfterNs: number
  /** The same without changes that were taken back within 200 ms, where the recorder looked no more often than that. */
  readonly lastingAfterNs: number
  /** What was recorded; absent if nothing was. */
  readonly recordedConvergedAfterNs?: number
  /** How far the two may lie apart: 2 x hello + 1 s for each hop of the deepest branch of the tree. */
  readonly toleranceNs: number
  /** Whether the tree settled before the limit. */
  readonly settled: boolean
  readonly difference?: Compare.Difference
}

/** Whether a step took as long as recorded, within its tolerance; undefined if no time was recorded. */
export const isTimely = (step: StepResult): boolean | undefined => {
  const recorded = step.recordedConvergedAfterNs
  if (recorded === undefined) return undefined
  const near = (after: number): boolean => Math.abs(after - recorded) <= step.toleranceNs
  return near(step.convergedAfterNs) || near(step.lastingAfterNs)
}

export interface CaseResult {
  readonly id: string
  readonly passed: boolean
  /** Why a case could not be run. */
  readonly unsupported?: string
  readonly profile?: ProfileName
  readonly virtualNs: SimTime
  /** BPDUs that bridges sent, on all ports. */
  readonly bpdus: number
  readonly events: number
  readonly steps: ReadonlyArray<StepResult>
}

export interface CaseOptions {
  /** Instead of the profile that the record's source speaks of. */
  readonly profile?: ProfileName | undefined
  /** Give up waiting for a step to settle after so many virtual seconds; 1000 by default. */
  readonly limitSeconds?: number | undefined
  /** Called before the events of each step, counted from 1. */
  readonly onStep?: ((step: number, event: string) => void) | undefined
  /** Called once, when the network is built and before any time passes: choose ports to capture, and say who listens. */
  readonly listen?: ((network: Network.Network) => Pick<Listener<EthernetFrame>, "onFrame" | "onTrace">) | undefined
}

const DEFAULT_LIMIT_SECONDS = 1_000

/** Most virtual time between two slices. */
const SLICE = 5 * SECOND

/** Run a case in one go. */
export const run = (line: Line, options: CaseOptions = {}): CaseResult => {
  const slices = conduct(line, options)
  for (;;) {
    const next = slices.next()
    if (next.done === true) return next.value
  }
}

/** Run a case in slices: the generator yields between them and returns the result. */
export function* conduct(line: Line, options: CaseOptions = {}): Generator<void, CaseResult> {
  if (isUnsupported(line)) {
    return { id: line.id, passed: false, unsupported: line.unsupported, virtualNs: 0, bpdus: 0, events: 0, steps: [] }
  }
  const profile = options.profile ?? Network.profileOf(line.source)
  const network = Network.make(line, profile)
  const watch = Convergence.make(line)
  const listener = options.listen?.(network)
  network.simulation.listen({
    ...listener,
    onTrace: (event) => {
      Convergence.see(watch, event)
      listener?.onTrace?.(event)
    },
  })
  const steps: Array<StepResult> = []
  for (const [index, step] of line.steps.entries()) {
    options.onStep?.(index + 1, formatStep(step))
    const result = yield* conductStep(network, step, watch, (options.limitSeconds ?? DEFAULT_LIMIT_SECONDS) * SECOND)
    steps.push(result)
    if (result.difference !== undefined || !result.settled) break
  }
  return {
    id: line.id,
    passed: steps.length === line.steps.length && steps.every((step) => step.settled && step.difference === undefined),
    profile,
    virtualNs: network.simulation.now,
    bpdus: Network.bpdusSent(network),
    events: network.simulation.eventCount,
    steps,
  }
}

const formatStep = (step: GoldenStep): string => eventsOf(step).map(formatEvent).join(", ")

function* conductStep(
  network: Network.Network,
  step: GoldenStep,
  watch: Convergence.Watch,
  limit: number,
): Generator<void, StepResult> {
  const { simulation } = network
  const atNs = simulation.now
  Convergence.restart(watch, atNs)
  Network.apply(network, step)
  const settled = step.run_s != null ? yield* runFor(network, step.run_s * SECOND) : yield* runUntilSettled(network, limit)
  const recorded = step.converged_after_s
  const difference = step.observed == null ? undefined : Compare.firstDifference(network, step.observed)
  return {
    event: formatStep(step),
    atNs,
    convergedAfterNs: Convergence.lastAt(watch) - atNs,
    lastingAfterNs: Convergence.lastingAt(watch) - atNs,
    ...(recorded != null && { recordedConvergedAfterNs: Math.round(recorded * SECOND) }),
    toleranceNs: (2 * helloSeconds(network.record) + depth(network)) * SECOND,
    settled,
    ...(difference !== undefined && { difference }),
  }
}

const helloSeconds = (record: GoldenRecord): number => record.timers?.hello_s ?? 2

function* runFor(network: Network.Network, span: number): Generator<void, boolean> {
  const end = network.simulation.now + Math.round(span)
  while (network.simulation.now < end) {
    network.simulation.run(Math.min(end, network.simulation.now + SLICE))
    yield
  }
  return true
}

/** Let time pass until nothing has changed for the settling time of its protocols and no topology change is under way; false at the limit. */
function* runUntilSettled(network: Network.Network, limit: number): Generator<void, boolean> {
  const { simulation } = network
  const start = simulation.now
  for (;;) {
    const quietAt = Math.max(start, lastChangeAt(network)) + settlingTime(network)
    if (simulation.now >= quietAt && !isTopologyChanging(network)) return true
    if (simulation.now - start >= limit) return false
    const next = simulation.now < quietAt ? quietAt : simulation.now + SECOND
    simulation.run(Math.min(next, simulation.now + SLICE, start + limit))
    yield
  }
}

const overTrees = (network: Network.Network, of: (running: SpanningTree.SpanningTree, tree: number) => number): number => {
  let most = 0
  for (const bridge of network.record.bridges) {
    const running = Network.treeOf(network, bridge.name)
    if (running === undefined) continue
    for (let tree = 0; tree < SpanningTree.treesOf(running); tree++) most = Math.max(most, of(running, tree))
  }
  return most
}

const lastChangeAt = (network: Network.Network): SimTime => overTrees(network, SpanningTree.lastChangeAt)

const settlingTime = (network: Network.Network): number => overTrees(network, SpanningTree.settlingTime)

const isTopologyChanging = (network: Network.Network): boolean =>
  overTrees(network, (running, tree) => (SpanningTree.isTopologyChanging(running, tree) ? 1 : 0)) === 1

/** Hops from a root to the bridge farthest from it, over root ports. */
const depth = (network: Network.Network): number => {
  const parent = new Map<number, number>()
  for (const bridge of network.record.bridges) {
    const running = Network.treeOf(network, bridge.name)
    if (running === undefined) continue
    const tree = SpanningTree.snapshot(running, 0, network.simulation.now)
    if (tree.rootPort !== undefined) parent.set(tree.bridge.address, tree.ports[tree.rootPort].designatedBridge.address)
  }
  let deepest = 0
  for (const start of parent.keys()) {
    let hops = 0
    for (let at = parent.get(start); at !== undefined && hops < parent.size; at = parent.get(at)) hops++
    deepest = Math.max(deepest, hops)
  }
  return deepest
}
