/** Trace events to whoever wants them; a simulation that nobody listens to traces no details. */
import type { WireFrame } from "@l2lab/sim/Device"
import type { Listener, Simulation } from "@l2lab/sim/Simulation"
import type { TraceEvent } from "@l2lab/sim/TraceEvent"

export interface TraceHub {
  /** Call back for every event from now on; the result ends it. Listening changes nothing in the world. */
  readonly subscribe: (listener: (event: TraceEvent) => void) => () => void
  /** The same for significant events only (and for details while somebody else wants them): costs next to nothing. */
  readonly subscribeSignificant: (listener: (event: TraceEvent) => void) => () => void
}

/** Take the listener of a simulation: frames go to `onFrame`, trace events to the subscribers. */
export const make = <F extends WireFrame>(simulation: Simulation<F>, onFrame?: Listener<F>["onFrame"]): TraceHub => {
  const detailed = new Set<(event: TraceEvent) => void>()
  const significant = new Set<(event: TraceEvent) => void>()
  simulation.listen({
    onTrace: (event) => {
      for (const listener of significant) listener(event)
      for (const listener of detailed) listener(event)
    },
    ...(onFrame === undefined ? {} : { onFrame }),
  })
  const attend = (): void => {
    simulation.tracing = detailed.size > 0
    simulation.listening = detailed.size + significant.size > 0
  }
  attend()
  const subscribeTo = (listeners: Set<(event: TraceEvent) => void>) => (listener: (event: TraceEvent) => void) => {
    listeners.add(listener)
    attend()
    return () => {
      listeners.delete(listener)
      attend()
    }
  }
  return { subscribe: subscribeTo(detailed), subscribeSignificant: subscribeTo(significant) }
}
