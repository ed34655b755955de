/** Pairs with detection whose cables lose frames, pass one way, and come and go: what holds at the end of each fault, and once all is well. */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import * as Prng from "@l2lab/sim/Prng"
import { SECOND } from "@l2lab/sim/SimTime"
import { CATALYST_6500 } from "../../src/vslp/Settings.ts"
import { Chassis, type Cable } from "./Chassis.ts"

const SEED = 20261126
const options = { arbitrary: { seed: SEED, runs: 40 } }
const seeds = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 1_000_000 }))

const WAYS: ReadonlyArray<ReadonlyArray<Cable>> = [
  ["fast-hello"],
  ["bfd"],
  ["fast-hello", "fast-hello"],
  ["bfd", "fast-hello"],
  ["bfd", "bfd"],
]
const times = { ...CATALYST_6500, dead: 3 * SECOND, alone: 4 * SECOND }

/** A pair and a source of luck of its own. */
const draw = (seed: number, octets = false): { readonly pair: Chassis; readonly below: (n: number) => number } => {
  const luck = new Uint32Array(Prng.WORDS)
  Prng.seed(luck, 0, seed, "faults")
  const below = (n: number): number => Prng.next(luck, 0) % n
  const pair = new Chassis({ cables: WAYS[below(WAYS.length)], vsl: 1 + below(2), vslp: [{ times }, { times }], octets, seed })
  return { pair, below }
}

/** A fault of one cable, or its end; VSL and detection alike. */
const disturb = ({ below, pair }: ReturnType<typeof draw>): void => {
  const link = below(pair.spec.links.length - 1)
  switch (below(4)) {
    case 0:
      pair.world({ type: below(2) === 0 ? "link.connect" : "link.disconnect", link })
      break
    case 1:
      pair.world({ type: "link.direction", link, from: below(2) === 0 ? "a" : "b", alive: below(2) === 0 })
      break
    case 2:
      pair.world({ type: "link.impair", link, from: below(2) === 0 ? "a" : "b", lossRatio: below(2) / 4, corruptionRatio: 0 })
      break
    default:
      pair.cut(below(2) === 0)
  }
  pair.run(below(4000) / 1000)
}

/** All cables are whole. */
const heal = (pair: Chassis): void => {
  for (let link = 0; link < pair.spec.links.length; link++) {
    pair.world({ type: "link.connect", link })
    for (const from of ["a", "b"] as const) {
      pair.world({ type: "link.direction", link, from, alive: true })
      pair.world({ type: "link.impair", link, from, lossRatio: 0, corruptionRatio: 0 })
    }
  }
}

describe(`seed ${SEED}`, () => {
  it.prop(
    "of a pair that has settled, one is active as long as a way of detection works: with the VSL, and without it",
    [seeds],
    ([seed]) => {
      const { below, pair } = draw(seed)
      pair.run(6)
      for (let i = 0; i < 12; i++) disturb({ below, pair })
      // All is well: whoever was in recovery has booted anew.
      heal(pair)
      pair.run(30)
      assert.oneOf(pair.roles, ["active standby", "standby active"], `seed ${seed}`)
      const active = pair.roles.startsWith("active") ? 0 : 1
      // The VSL is lost: the old active makes way, and the other does not.
      pair.cut().run(6)
      assert.strictEqual(pair.roles, active === 0 ? "recovery active" : "active recovery", `seed ${seed}`)
      pair.cut(true).run(10)
      assert.strictEqual(pair.roles, active === 0 ? "standby active" : "active standby", `seed ${seed}`)
    },
    options,
  )

  it.prop(
    "never are both in recovery mode, whatever happens",
    [seeds],
    ([seed]) => {
      const { below, pair } = draw(seed)
      pair.run(6)
      for (let i = 0; i < 25; i++) {
        disturb({ below, pair })
        assert.notStrictEqual(pair.roles, "recovery recovery", `seed ${seed}`)
      }
    },
    options,
  )

  it.prop(
    "octets instead of meaning change nothing, and the commands give the run again",
    [seeds],
    ([seed]) => {
      const run = (octets: boolean): Chassis => {
        const drawn = draw(seed, octets)
        for (let i = 0; i < 10; i++) disturb(drawn)
        return drawn.pair
      }
      const pair = run(false)
      assert.strictEqual(run(true).fingerprint, pair.fingerprint, `seed ${seed}`)
      assert.strictEqual(pair.replayed(), pair.fingerprint, `seed ${seed}`)
    },
    options,
  )
})
