/** Spanning tree timers. A design that breaks the standard's limits is refused; one of what exists is emulated as it stands. */
import type { Path, Problem } from "../DesignError.ts"
import type { TreeSettings } from "../Network.ts"
import type { Rule } from "./Rules.ts"
import { judged, limit, nearest } from "./settings.ts"

const SECOND = 1e9

/** 802.1D-1998 table 8-3†, as Open vSwitch's lib/stp.h has it: least and most seconds, and what is recommended. */
const LIMITS = {
  helloTime: ["helloTimeNs", 1, 10, 2],
  maxAge: ["maxAgeNs", 6, 40, 20],
  forwardDelay: ["forwardDelayNs", 4, 30, 15],
} as const

/** What fits into a BPDU, and starts a timer that ends later than now: whatever a record says, more cannot be emulated. */
const LEAST_HELLO = 1 / 256
const MOST = 255

/** Each timer within the limits of the standard. */
export const ranges: Rule = {
  name: "timer-ranges",
  check: (network) =>
    judged(network).flatMap(({ node, says, settings, who }) =>
      Object.entries(LIMITS).flatMap(([key, [field, least, most, usual]]): ReadonlyArray<Problem> => {
        if (!says(key)) return []
        const seconds = settings[field] / SECOND
        const path = nearest(settings, key)
        const { protocol } = node.spanningTree
        const what = `${key} of ${who} is ${seconds}s`
        if (seconds > MOST || (key === "helloTime" && seconds < LEAST_HELLO)) {
          return [
            {
              severity: "error",
              path,
              message: `${what}, which no BPDU can carry: write ${usual}s, or another from ${least}s to ${most}s`,
            },
          ]
        }
        if (seconds < least || seconds > most) {
          return [
            limit(
              network,
              path,
              `${what}, and the standard allows ${least}s to ${most}s`,
              `write ${usual}s, or another of these`,
            ),
          ]
        }
        if (protocol !== "stp" && protocol !== "pvst" && !Number.isInteger(seconds)) {
          const otherwise = "it is emulated, with timers of whole seconds"
          return [
            limit(network, path, `${what}, and ${protocol} counts whole seconds`, `write ${Math.round(seconds)}s`, otherwise),
          ]
        }
        return []
      }),
    ),
}

/** The two relations between the timers, as sentences for those that break them (8.10.2†). */
export const brokenRelations = ({ helloTimeNs, maxAgeNs, forwardDelayNs }: TreeSettings): ReadonlyArray<Broken> => {
  const [hello, maxAge, forwardDelay] = [helloTimeNs / SECOND, maxAgeNs / SECOND, forwardDelayNs / SECOND]
  const upper = (2 * (forwardDelayNs - SECOND)) / SECOND
  const lower = (2 * (helloTimeNs + SECOND)) / SECOND
  return [
    ...(upper >= maxAge
      ? []
      : [
          {
            why: `maxAge ${maxAge}s is more than 2 x (${forwardDelay}s - 1s) = ${upper}s, and a port may forward before all have forgotten the old tree`,
            cure: within(["raise", "forwardDelay", Math.ceil(maxAge / 2 + 1)], ["lower", "maxAge", Math.floor(upper)]),
          },
        ]),
    ...(maxAge >= lower
      ? []
      : [
          {
            why: `maxAge ${maxAge}s is less than 2 x (${hello}s + 1s) = ${lower}s, and losing one BPDU may rebuild the tree`,
            cure: within(
              ["raise", "maxAge", Math.max(LIMITS.maxAge[1], Math.ceil(lower))],
              ["lower", "helloTime", Math.floor(maxAge / 2 - 1)],
            ),
          },
        ]),
  ]
}

type Cure = readonly [verb: string, timer: keyof typeof LIMITS, seconds: number]

/** Those of the cures that would not be refused in turn; the timers' usual values, where all would be. */
const within = (...cures: ReadonlyArray<Cure>): string =>
  cures
    .filter(([, timer, seconds]) => seconds >= LIMITS[timer][1] && seconds <= LIMITS[timer][2])
    .map(([verb, timer, seconds]) => `${verb} ${timer} to ${seconds}s`)
    .join(" or ") ||
  `write ${Object.entries(LIMITS)
    .map(([timer, limits]) => `${timer} ${limits[3]}s`)
    .join(", ")}`

/** Why a relation is broken, and what mends it. */
interface Broken {
  readonly why: string
  readonly cure: string
}

const RELATION = "2 x (forwardDelay - 1s) >= maxAge >= 2 x (helloTime + 1s)"

/** The relations between hello time, max age and forward delay that the standard asks for. */
export const relations: Rule = {
  name: "timer-relations",
  check: (network) =>
    judged(network).flatMap(({ says, settings, who }) =>
      Object.keys(LIMITS).some(says)
        ? brokenRelations(settings).map(({ why, cure }) =>
            limit(network, timersPath(settings), `timers of ${who} break ${RELATION}: ${why}`, cure),
          )
        : [],
    ),
}

/** The nearest of the blocks that set a timer. */
const timersPath = (settings: TreeSettings): Path => {
  const written = Object.keys(LIMITS).flatMap((key) => (settings.paths[key] === undefined ? [] : [settings.paths[key]]))
  return written.reduce<Path>((nearestPath, path) => (path.length > nearestPath.length ? path : nearestPath), []).slice(0, -1)
}
