/**
 * Why a network does not settle: a port that loses what it knows of the root at max age, hears it again and loses it again. No waiting ends that.
 */
import type { Directory } from "@l2lab/design/Directory"
import type { DurationNs, SimTime } from "@l2lab/sim/SimTime"
import type { TraceEvent } from "@l2lab/sim/TraceEvent"
import * as Trace from "@l2lab/stp/Trace"

/** Who loses the root again and again. */
export interface AgedOut {
  /** An event happened. */
  readonly take: (event: TraceEvent) => void
  /** A sentence about the port that does it most often and did it within `windowNs` before `now`; undefined if none has done it thrice. */
  readonly verdict: (now: SimTime, windowNs: DurationNs) => string | undefined
}

const AGAIN_AND_AGAIN = 3

export const make = ({ nodes }: Directory): AgedOut => {
  const byPort = new Map<string, { times: number; lastAt: SimTime }>()
  return {
    take: ({ a: port, at, code, node }) => {
      if (code !== Trace.AGED_OUT.code) return
      const name = nodes[node].bridgePorts[port].end
      const times = (byPort.get(name)?.times ?? 0) + 1
      byPort.set(name, { times, lastAt: at })
    },
    verdict: (now, windowNs) => {
      const [most] = [...byPort]
        .filter(([, { lastAt, times }]) => times >= AGAIN_AND_AGAIN && lastAt >= now - windowNs)
        .sort(([, one], [, other]) => other.times - one.times)
      return most === undefined
        ? undefined
        : `${most[0]} has lost the root at max age ${most[1].times} times: is the network wider than max age allows, or does a cable lose BPDUs?`
    },
  }
}
