/**
 * Measuring: processor time of this process, the emulator and the bare loop in turn, so that both see the same machine. The first
 * round warms the compiler and is not counted. A figure is the median of its rounds; a ratio is that of the medians.
 */
import * as BareLoop from "./BareLoop.ts"
import * as Workloads from "./Workloads.ts"

/** Processor time that this process has taken, all its threads together. */
export const processorSeconds = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

export const median = (values: ReadonlyArray<number>): number => {
  const sorted = values.toSorted((x, y) => x - y)
  return sorted[sorted.length >> 1]
}

/** One row of the result. */
export interface Row {
  readonly workload: string
  readonly title: string
  readonly unit: string
  readonly units: number
  readonly events: number
  /** Units per processor second: the emulator, and the bare loop in the same run (absent where there is none). */
  readonly perSecond: number
  readonly barePerSecond: number
  /** The one over the other. */
  readonly ratio: number
  readonly rounds: number
}

interface Paired {
  readonly workload: string
  readonly title: string
  readonly unit: string
  readonly lab: () => Workloads.Ready
  readonly bare: () => { readonly run: () => void; readonly units: () => number }
}

const bareUnits = (loop: BareLoop.BareLoop, units: () => number) => ({ run: () => loop.run(), units })

/** W1, W2 and W4, which have a bare loop to be compared with. */
export const PAIRED: ReadonlyArray<Paired> = [
  ...[
    { octets: 64, cables: 1, what: "forward" },
    { octets: 1500, cables: 1, what: "forward" },
    { octets: 64, cables: 2, what: "bundled" },
  ].map(({ cables, octets, what }) => ({
    workload: "W1",
    title: `${what}, ${octets} octets`,
    unit: "switch hops",
    lab: () => Workloads.forward(octets, 200_000, cables),
    bare: () => {
      const loop = BareLoop.forward(octets, 200_000)
      return bareUnits(loop, () => (loop.delivered - 1) * 10)
    },
  })),
  {
    workload: "W2",
    title: "flood to 1,000 hosts",
    unit: "deliveries",
    lab: () => Workloads.flood(1000),
    bare: () => {
      const loop = BareLoop.flood(1000)
      return bareUnits(loop, () => loop.delivered)
    },
  },
  ...[
    { title: "storm in a triangle", more: {} },
    { title: "the same, as designed", more: Workloads.DESIGN_DEFAULTS },
  ].map(({ more, title }) => ({
    workload: "W4",
    title,
    unit: "switch hops",
    lab: () => Workloads.storm(1_000_000, more),
    bare: () => {
      const loop = BareLoop.storm(1_000_000)
      return bareUnits(loop, () => loop.hops)
    },
  })),
]

const timed = (work: { readonly run: () => void; readonly units: () => number }): number => {
  const start = processorSeconds()
  work.run()
  return work.units() / (processorSeconds() - start)
}

/** Run one paired workload: `rounds` counted rounds of each, in turn. */
export const pair = (work: Paired, rounds: number): Row => {
  const lab: Array<number> = []
  const bare: Array<number> = []
  let units = 0
  let events = 0
  for (let round = 0; round <= rounds; round++) {
    const bareRate = timed(work.bare())
    const ready = work.lab()
    const labRate = timed(ready)
    if (round === 0) continue
    bare.push(bareRate)
    lab.push(labRate)
    units = ready.units()
    events = ready.simulation.eventCount
  }
  return {
    workload: work.workload,
    title: work.title,
    unit: work.unit,
    units,
    events,
    perSecond: median(lab),
    barePerSecond: median(bare),
    ratio: median(lab) / median(bare),
    rounds,
  }
}
