/** Two bridges, a bundle, and cables that fail and are mended at random: the seed is in the name of what fails. */
import { assert, describe, it } from "@effect/vitest"
import * as Fingerprint from "@l2lab/sim/Fingerprint"
import * as Prng from "@l2lab/sim/Prng"
import { SECOND } from "@l2lab/sim/SimTime"
import { Farm, type Mode } from "./Farm.ts"

/** Connectivity is back so long after the last failure: LACP's two seconds of waiting, and a second for what it says. */
const BOUND = 3

const isDark = (farm: Farm, cables: number): boolean => {
  const { bundles } = farm.bridge(0)
  return bundles !== null && Array.from({ length: cables }, (_, link) => bundles.up[link]).every((up) => up === 0)
}

const run = (seed: number, mode: Mode): void => {
  const random = new Uint32Array(Prng.WORDS)
  Prng.seed(random, 0, seed, mode)
  const below = (limit: number): number => Prng.next(random, 0) % limit
  const cables = 1 + below(4)
  const hashDistribution = below(2) === 0 ? ("fixed" as const) : ("adaptive" as const)
  const farm = new Farm({ cables, modes: [mode, mode], hosts: 2, bundle: { hashDistribution } }).run(BOUND)
  const words: Array<readonly [word: number, from: number]> = []
  const connected = new Set(Array.from({ length: cables }, (_, link) => link))
  const note = `seed ${seed}, ${mode}`
  for (let step = 0; step < 12; step++) {
    const link = below(cables)
    farm.world({ type: connected.has(link) ? "link.disconnect" : "link.connect", link })
    if (!connected.delete(link)) connected.add(link)
    for (let say = 0; say < 4; say++) {
      const from = below(4)
      words.push([farm.say(from, below(2) === 0 ? undefined : below(4)), from])
      farm.run(below(1000) / 1000)
    }
    if (step === 6) {
      const fork = farm.simulation.fork()
      fork.run(farm.simulation.now + SECOND)
      farm.run(1)
      assert.strictEqual(Fingerprint.of(fork), farm.fingerprint, note)
    }
  }
  farm.run(BOUND)
  for (const [word] of words) for (let h = 0; h < 4; h++) assert.isAtMost(farm.heard(h, word), 1, `${note}: two copies`)
  assert.strictEqual(isDark(farm, cables), connected.size === 0, note)
  for (let from = 0; from < 4; from++) {
    const word = farm.say(from)
    farm.run(0.01)
    for (let h = 0; h < 4; h++) {
      const isReached = h !== from && (connected.size > 0 || h >> 1 === from >> 1)
      assert.strictEqual(farm.heard(h, word), isReached ? 1 : 0, `${note}: from pc${from + 1} to pc${h + 1}`)
    }
  }
  // Quiet: what has been said has come to rest.
  const before = farm.sent()
  farm.run(0.5)
  for (const [port, sent] of farm.sent().entries()) assert.isAtMost(sent - before[port], 3, `${note}: a loop`)
  assert.strictEqual(farm.replayed(), farm.fingerprint, note)
}

describe("a bundle whose cables fail", () => {
  for (const mode of ["on", "active"] as const) {
    it(`${mode}: a host hears nothing twice, nothing loops, and all is well ${BOUND} s later: 40 seeds`, () => {
      for (let seed = 1; seed <= 40; seed++) run(seed, mode)
    })
  }
})
