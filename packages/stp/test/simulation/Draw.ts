/** What a seed draws: one stream for all of a run, so that the seed is the run. */
import * as Prng from "@l2lab/sim/Prng"

export class Draw {
  private readonly state = new Uint32Array(Prng.WORDS)

  constructor(seed: number, name: string) {
    Prng.seed(this.state, 0, seed, name)
  }

  /** An integer, both ends included. */
  between(least: number, most: number): number {
    return least + (Prng.next(this.state, 0) % (most - least + 1))
  }

  chance(percent: number): boolean {
    return Prng.next(this.state, 0) % 100 < percent
  }

  one<A>(of: ReadonlyArray<A>): A {
    return of[Prng.next(this.state, 0) % of.length]
  }

  /** One of several by weight; weights of 0 are never drawn. */
  weighted<A>(of: ReadonlyArray<readonly [A, number]>): A {
    let left = Prng.next(this.state, 0) % of.reduce((sum, [, weight]) => sum + weight, 0)
    for (const [one, weight] of of) {
      if (left < weight) return one
      left -= weight
    }
    return of[0][0]
  }
}
