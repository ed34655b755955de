/**
 * Path costs by rate. The short table (16 bits, 802.1D-1998 8.10.2† as vendors extended it to 10 Gb/s) and the long one (32 bits, since
 * 802.1t: 20 Tb/s divided by the rate).
 */

/** Which table a bridge takes its default costs from. */
export type PathCostMethod = "short" | "long"

/** The largest costs of the two tables. */
export const MAXIMUM_SHORT = 65_535
export const MAXIMUM_LONG = 200_000_000

/** Rates in bits per second with their short costs, falling: a link costs what the fastest row at or below its rate says. */
const SHORT: ReadonlyArray<readonly [rateBps: number, cost: number]> = [
  [20_000_000_000, 1],
  [10_000_000_000, 2],
  [1_000_000_000, 4],
  [100_000_000, 19],
  [16_000_000, 62],
  [10_000_000, 100],
  [4_000_000, 250],
]

/** 20 Tb/s: a link of this rate costs 1 in the long table. */
const LONG_REFERENCE_BPS = 20_000_000_000_000

/** The cost by which a link of this rate adds to a path, never less than 1. `rateBps` of a bundle is the sum of its members. */
export const ofRate = (rateBps: number, method: PathCostMethod): number => {
  if (method === "long") {
    return rateBps <= 0 ? MAXIMUM_LONG : Math.max(1, Math.min(MAXIMUM_LONG, Math.floor(LONG_REFERENCE_BPS / rateBps)))
  }
  for (const [rate, cost] of SHORT) if (rateBps >= rate) return cost
  return 250
}
