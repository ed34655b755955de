/** Trace events to whoever wants them; a simulation that nobody listens to traces no details. */
import type { WireFrame } from "@l2lab/sim/Device"
import type { Listener, Simulation } from "@l2lab/sim/Simulation"
import type { TraceEvent } from "@l2lab/sim/TraceEvent"

export interface TraceHub {
  /** Call back for every event from now on; the result ends it. Listening changes nothing in the world. */
  readonly subscribe: (listener: (event: TraceEvent) => void) => () => void
}

/** Take the listener of a simulation: frames go to `onFrame`, trace events to the subscribers. */
export const make = <F extends WireFrame>(simulation: Simulation<F>, onFrame?: Listener<F>["onFrame"]): TraceHub => {
  const listeners = new Set<(event: TraceEvent) => void>()
  simulation.listen({
    onTrace: (event) => {
      for (const listener of listeners) listener(event)
    },
    ...(onFrame === undefined ? {} : { onFrame }),
  })
  simulation.tracing = false
  return {
    subscribe: (listener) => {
      listeners.add(listener)
      simulation.tracing = true
      return () => {
        listeners.delete(listener)
        simulation.tracing = listeners.size > 0
      }
    },
  }
}
