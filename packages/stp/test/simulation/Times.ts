/** How long what takes: the times that the standards promise, measured on networks small enough to see. */
import { SECOND, type DurationNs, type SimTime } from "@l2lab/sim/SimTime"
import type { TraceEvent } from "@l2lab/sim/TraceEvent"
import * as Trace from "../../src/Trace.ts"
import { Network } from "./Network.ts"
import type { StandardProtocol, Timers } from "./Protocols.ts"
import * as Topology from "./Topology.ts"

/** A network of one protocol that writes down what happens. */
export class Observed {
  readonly network: Network
  readonly events: Array<TraceEvent> = []

  constructor(topology: Topology.Topology, protocol: StandardProtocol, timers: Timers, seed: number) {
    this.network = new Network(
      topology,
      topology.bridges.map(() => protocol),
      timers,
      { seed, autoEdge: true, onTrace: (event) => this.events.push(event) },
    )
  }

  run(seconds: number): void {
    this.network.run(this.network.now + Math.round(seconds * SECOND))
  }

  /** When a port last began to forward; undefined if it never did. Of a bridge that has several trees, in the last of them. */
  forwardedAt(bridge: number, port: number): SimTime | undefined {
    return this.events.findLast(
      ({ a, code, d, node }) => code === Trace.PORT_STATE.code && node === bridge && a === port && d === Trace.STATE_FORWARDING,
    )?.at
  }

  /** The last change of a role or a state since an instant, as a time since then; 0 if there was none. */
  lastChangeSince(at: SimTime): DurationNs {
    const last = this.events.findLast(({ code }) => code === Trace.PORT_STATE.code || code === Trace.ROLE.code)
    return last === undefined || last.at < at ? 0 : last.at - at
  }

  /** What is wrong with the tree. */
  get faults(): ReadonlyArray<string> {
    return this.network.faults()
  }
}

/** What happens to a network at rest. */
export interface Event {
  readonly name: string
  readonly topology: Topology.Topology
  readonly happen: (network: Network) => void
}

const off = (bridge: number, keepCarrier: boolean) => (network: Network) =>
  network.tell({ type: "node.power-off", node: bridge, keepCarrier })
const cut = (link: number) => (network: Network) => network.tell({ type: "link.disconnect", link })

/** Bridge 0 is the root of each. Of a ring, the cable n joins bridge n and the next. */
export const EVENTS: ReadonlyArray<Event> = [
  { name: "cold start, triangle", topology: Topology.ringOf(3), happen: () => {} },
  { name: "cold start, ring of 6", topology: Topology.ringOf(6), happen: () => {} },
  { name: "a root port's link fails, triangle", topology: Topology.ringOf(3), happen: cut(2) },
  { name: "a root port's link fails, ring of 6", topology: Topology.ringOf(6), happen: cut(5) },
  { name: "a link fails that others' ways lead over, triangle", topology: Topology.ringOf(3), happen: cut(0) },
  { name: "the root dies, its links too, triangle", topology: Topology.ringOf(3), happen: off(0, false) },
  { name: "the root dies, its links too, ring of 6", topology: Topology.ringOf(6), happen: off(0, false) },
  { name: "the root falls silent, triangle", topology: Topology.ringOf(3), happen: off(0, true) },
  { name: "the root falls silent, ring of 6", topology: Topology.ringOf(6), happen: off(0, true) },
]

/** From the event to the last change of a role or a state. */
export const measure = (event: Event, protocol: StandardProtocol, timers: Timers, seed: number): DurationNs => {
  const { happen, name, topology } = event
  const observed = new Observed(topology, protocol, timers, seed)
  const bound = timers.maxAge + 2 * timers.forwardDelay + 2 * timers.helloTime
  if (!name.startsWith("cold start")) {
    // The hello's phase at the event is the seed's.
    observed.run(bound + ((seed * 7) % 20) / 10)
    happen(observed.network)
  }
  const { now } = observed.network
  const at = name.startsWith("cold start") ? 0 : now
  observed.run(bound + 10)
  return observed.lastChangeSince(at)
}

const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8]

/** The table that `npm run stp-times` prints: least and most seconds over some seeds, by event and protocol. */
export const table = (timers: Timers, protocols: ReadonlyArray<StandardProtocol>): ReadonlyArray<string> => {
  const width = Math.max(...EVENTS.map(({ name }) => name.length))
  const cell = (text: string): string => text.padStart(18)
  return [
    `hello ${timers.helloTime} s, max age ${timers.maxAge} s, forward delay ${timers.forwardDelay} s; seconds until the last change, over ${SEEDS.length} seeds`,
    "".padEnd(width) + protocols.map(cell).join(""),
    ...EVENTS.map((event) => {
      const cells = protocols.map((protocol) => {
        const all = SEEDS.map((seed) => measure(event, protocol, timers, seed) / SECOND)
        const [least, most] = [Math.min(...all).toFixed(3), Math.max(...all).toFixed(3)]
        return cell(least === most ? least : `${least} - ${most}`)
      })
      return event.name.padEnd(width) + cells.join("")
    }),
  ]
}
