/** Hosts that move from port to port are told of, each once in a while. */
import { SECOND } from "@l2lab/sim/SimTime"
import { assert, describe, it } from "vitest"
import * as MacMove from "../src/MacMove.ts"
import * as Trace from "../src/Trace.ts"
import { A, ALL, bridge, frame } from "./Guarded.ts"

const flaps = (sw: ReturnType<typeof bridge>) => sw.out.traces(Trace.MAC_FLAP.code).map(({ a, b, c, d }) => [a, b, c, d])

describe("MAC flap", () => {
  it("is not looked for by default, and one move is none", () => {
    const plain = bridge()
    for (let i = 0; i < 100; i++) plain.receive(i % 2, frame(A, ALL), i)
    assert.deepStrictEqual(flaps(plain), [])
    const sw = bridge({ macMove: MacMove.USUAL })
    sw.receive(0, frame(A, ALL), 1)
    sw.receive(1, frame(A, ALL), 2)
    assert.deepStrictEqual(flaps(sw), [])
  })

  it("is told of once in fifteen seconds, whether details are traced or not", () => {
    for (const tracing of [true, false]) {
      const sw = bridge({ macMove: MacMove.USUAL })
      sw.out.tracing = tracing
      for (let i = 0; i < 1000; i++) sw.receive(i % 2, frame(A, ALL), i)
      assert.deepStrictEqual(flaps(sw), [[A, 1, 0, 1]])
      for (let i = 0; i < 1000; i++) sw.receive(i % 2, frame(A, ALL), 16 * SECOND + i)
      assert.strictEqual(flaps(sw).length, 2)
      assert.strictEqual(sw.state.fdb.moves, 1999)
    }
  })

  it("slow moves are none: three in fifteen seconds are, two are not", () => {
    const sw = bridge({ macMove: MacMove.USUAL })
    for (let i = 0; i < 20; i++) sw.receive(i % 2, frame(A, ALL), i * 8 * SECOND)
    assert.deepStrictEqual(flaps(sw), [])
  })

  it("of thousands of hosts that flap a few are told of", () => {
    const sw = bridge({ macMove: MacMove.USUAL })
    for (let i = 0; i < 6; i++) for (let host = 0; host < 1000; host++) sw.receive(i % 2, frame(A + host, ALL), i * 1000 + host)
    assert.isAtLeast(flaps(sw).length, 8)
    assert.isAtMost(flaps(sw).length, 32)
    // One that was told of keeps the others from being looked at for a tenth of a millisecond only.
    assert.isAbove(sw.state.macMoves?.unwatched ?? 0, 1000)
    assert.strictEqual(sw.state.fdb.moves, 5000)
  })

  it("of several hosts in one storm each is told of", () => {
    const sw = bridge({ macMove: MacMove.USUAL })
    for (let i = 0; i < 4000; i++)
      for (let host = 0; host < 4; host++) sw.receive(i % 2, frame(A + host, ALL), i * 1000 + host * 200)
    assert.sameMembers(
      flaps(sw).map(([host]) => host),
      [A, A + 1, A + 2, A + 3],
    )
  })

  it("the same address in two VLANs is two hosts", () => {
    const trunk = { mode: "trunk", native: 1, allowed: [1, 2] } as const
    const sw = bridge({ macMove: MacMove.USUAL, vlans: [1, 2], ports: [trunk, trunk, trunk] })
    for (let i = 0; i < 3; i++) sw.receive(i % 2, frame(A, ALL), i)
    for (let i = 0; i < 3; i++) sw.receive(i % 2, frame(A, ALL), i, 2)
    assert.deepStrictEqual(flaps(sw), [])
    sw.receive(1, frame(A, ALL), 9, 2)
    assert.deepStrictEqual(flaps(sw), [[A, 2, 0, 1]])
  })

  it("is copied and fingerprinted", () => {
    const sw = bridge({ macMove: MacMove.USUAL })
    for (let i = 0; i < 3; i++) sw.receive(i % 2, frame(A, ALL), i)
    const copy = sw.kind.copy(sw.state)
    assert.deepStrictEqual(copy.macMoves, structuredClone(sw.state.macMoves))
    const before = sw.print(copy, 9)
    sw.receive(1, frame(A, ALL), 9)
    assert.strictEqual(sw.print(copy, 9), before)
    assert.notStrictEqual(sw.print(sw.state, 9), before)
  })
})
