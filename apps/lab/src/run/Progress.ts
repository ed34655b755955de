/** One line on the terminal that tells how a long run goes on. Nothing where nobody watches. */
import type { Simulation } from "@l2lab/sim/Simulation"
import type { WireFrame } from "@l2lab/sim/Device"
import type { Channel } from "../Output.ts"
import { formatCount } from "../report/Quantity.ts"

export interface Progress {
  /** Redraw, if it is time. */
  readonly tick: () => void
  /** Take the line away, before something else is printed and at the end. */
  readonly clear: () => void
}

const FIRST_AFTER_MS = 500
const EVERY_MS = 100

/** Progress of a simulation on a channel; short runs show none. */
export const make = <F extends WireFrame>(simulation: Simulation<F>, channel: Channel, name: string): Progress => {
  if (!channel.isTerminal) return { tick: () => {}, clear: () => {} }
  const startedMs = performance.now()
  let drawnMs = startedMs + FIRST_AFTER_MS - EVERY_MS
  let drawnAt = simulation.now
  let drawnEvents = simulation.eventCount
  let shown = false
  return {
    tick: () => {
      const ms = performance.now()
      if (ms - drawnMs < EVERY_MS) return
      const seconds = (ms - drawnMs) / 1e3
      const pace = (simulation.now - drawnAt) / 1e9 / seconds
      const events = (simulation.eventCount - drawnEvents) / seconds
      const text = `${name}: ${(simulation.now / 1e9).toFixed(1)} s of virtual time, ${formatPace(pace)} virtual s/s, ${formatCount(events)} events/s`
      channel.write(`\r\u001b[2K${text.slice(0, channel.columns - 1)}`)
      shown = true
      drawnMs = ms
      drawnAt = simulation.now
      drawnEvents = simulation.eventCount
    },
    clear: () => {
      if (shown) channel.write("\r\u001b[2K")
      shown = false
    },
  }
}

const formatPace = (pace: number): string => (pace >= 10 ? formatCount(pace) : pace.toFixed(2))
