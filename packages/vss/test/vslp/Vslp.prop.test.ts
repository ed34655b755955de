/** Pairs whose links lose frames, pass one way, and come and go, and whose chassis do: what holds at every instant, and what holds once all is well. */
import { assert, describe, it } from "@effect/vitest"
import { Digest } from "@l2lab/sim/Digest"
import { MILLISECOND, SECOND } from "@l2lab/sim/SimTime"
import { Schema } from "effect"
import { CATALYST_6500 } from "../../src/vslp/Settings.ts"
import * as Vslp from "../../src/vslp/Vslp.ts"
import { pair, type Pair } from "./Pair.ts"

const SEED = 20261125
const options = { arbitrary: { seed: SEED, runs: 60 } }
const seeds = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 1_000_000 }))

/** Faster than a platform, so that many things happen. */
const times = { ...CATALYST_6500, dead: 3 * SECOND, alone: 4 * SECOND, bidirectional: 1100 * MILLISECOND }

const draw = (seed: number): Pair => {
  const priority = seed % 3 === 0 ? 120 : 100
  return pair(
    { times, ...(seed % 5 === 0 && { preemptDelay: 5 * SECOND, priority: 140 }) },
    { times, priority },
    1 + (seed % 3),
    seed,
  )
}

/** One fault, or its end. */
const disturb = (both: Pair): void => {
  const wire = both.random() % both.wires.length
  const node = both.random() % 2
  switch (both.random() % 6) {
    case 0:
      both.plug(!both.wires[wire].plugged, wire)
      break
    case 1:
      both.wires[wire].alive[node] = !both.wires[wire].alive[node]
      break
    case 2:
      both.lossOneIn = both.random() % 3 === 0 ? 4 : 0
      break
    case 3:
      if (both.nodes[node].isOn) both.off(node)
      else both.boot(node)
      break
    case 4:
      both.call(node, (state, actions) => Vslp.onRecovery(state, both.now, actions))
      break
    default:
      both.wires[wire].latency = 1 + (both.random() % (5 * MILLISECOND))
  }
}

const heal = (both: Pair): void => {
  both.lossOneIn = 0
  both.wires.forEach((wire, index) => {
    wire.alive[0] = wire.alive[1] = true
    if (!wire.plugged) both.plug(true, index)
  })
  for (const node of [0, 1]) if (!both.nodes[node].isOn) both.boot(node)
}

const digestOf = (both: Pair): string => {
  const digest = new Digest()
  for (const { state } of both.nodes) Vslp.fingerprint(state, digest, both.now)
  return digest.text
}

describe(`seed ${SEED}`, () => {
  it.prop(
    "a link carries nothing unless both ends hear, no chassis stands by for nobody, and a healed pair has one active and one standby",
    [seeds],
    ([seed]) => {
      const both = draw(seed)
      both.watch = () => {
        for (const { isOn, state } of both.nodes) {
          if (!isOn) continue
          const isJoined = state.usable.includes(1)
          for (let link = 0; link < state.ports; link++) {
            if (state.usable[link] === 1)
              assert.isTrue(state.up[link] === 1 && state.heardNumber[link] !== 0 && state.listsUs[link] === 1)
          }
          if (Vslp.roleOf(state) === "standby") assert.isTrue(isJoined, `seed ${seed}: a standby without an active`)
          if (!isJoined) assert.strictEqual(Vslp.peerRoleOf(state), "init", `seed ${seed}: a peer is known without a link`)
        }
      }
      for (let i = 0; i < 25; i++) {
        disturb(both)
        both.run((both.random() % 3000) / 1000)
      }
      heal(both)
      // At most: a dead peer is believed, a wait at boot, the role asked for, a boot; and again, since a loss may have begun it anew.
      both.run(30)
      assert.oneOf(both.states, ["ACTIVE STANDBY_HOT", "STANDBY_HOT ACTIVE"], `seed ${seed}`)
      const { reloads } = both.nodes[0]
      both.run(60)
      assert.strictEqual(both.nodes[0].reloads, reloads, `seed ${seed}: it does not come to rest`)
    },
    options,
  )

  it.prop(
    "a copy in the middle goes on as the original does",
    [seeds],
    ([seed]) => {
      const both = draw(seed)
      for (let i = 0; i < 8; i++) {
        disturb(both)
        both.run((both.random() % 2000) / 1000)
        for (const node of both.nodes) {
          const twin = Vslp.copy(node.state)
          assert.deepStrictEqual(twin, structuredClone(node.state))
          const [a, b] = [new Digest(), new Digest()]
          Vslp.fingerprint(twin, a, both.now)
          Vslp.fingerprint(node.state, b, both.now)
          assert.strictEqual(a.text, b.text)
          // The original is spoilt: whatever they share shows from here on.
          const original = node.state
          node.state = twin
          original.heardAddress.fill(7)
          original.peer.role = 3
        }
      }
      const other = draw(seed)
      for (let i = 0; i < 8; i++) {
        disturb(other)
        other.run((other.random() % 2000) / 1000)
      }
      assert.strictEqual(digestOf(both), digestOf(other), `seed ${seed}`)
    },
    options,
  )

  it.prop(
    "octets instead of meaning change nothing",
    [seeds],
    ([seed]) => {
      const run = (octets: boolean): string => {
        const both = draw(seed)
        both.octets = octets
        for (let i = 0; i < 12; i++) {
          disturb(both)
          both.run((both.random() % 2000) / 1000)
        }
        return digestOf(both)
      }
      assert.strictEqual(run(true), run(false), `seed ${seed}`)
    },
    options,
  )
})
