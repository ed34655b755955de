/** Enhanced PAgP: a pair's active switch tells its neighbours who it is, they tell it back, and so one learns that there are two. */
import { assert, describe, it } from "vitest"
import * as PagpPdu from "../../src/pagp/PagpPdu.ts"
import * as Query from "../../src/pagp/Query.ts"
import * as Trace from "../../src/pagp/Trace.ts"
import type { DiscoveryNetwork } from "../DiscoveryNetwork.ts"
import { alone, message, network, said, standings, YOU } from "./Pair.ts"

const FIRST = 0x020000aa0001
const SECOND = 0x020000aa0002

/** Two switches that the access switch (node 2) takes for one: they speak as one device would. Here each has its own, and its own group. */
const farm = (access = {}, pair = {}): DiscoveryNetwork =>
  network(
    [{ members: [0], pagp: { activeId: FIRST }, ...pair }, { members: [0], pagp: { activeId: FIRST }, ...pair }, access],
    [
      [
        [0, 0],
        [2, 0],
      ],
      [
        [1, 0],
        [2, 1],
      ],
    ],
  ).run(5)

const seenBy = (of: DiscoveryNetwork, node: number): number | null =>
  Query.groupsOf(of.bridge(node), of.simulation.now)[0].ports[0].activeId

describe("who is active", () => {
  it("is told by the active switch, and told back by its neighbour in its own messages", () => {
    const of = farm()
    assert.strictEqual(said(of, 2).at(-1)?.pdu.toldId, FIRST)
    assert.deepEqual([seenBy(of, 0), seenBy(of, 1)], [FIRST, FIRST])
    assert.deepEqual(Query.othersActive(of.bridge(0)), [])
  })

  it("has another name: the neighbour believes the new one, and tells all of its group within a round trip, which is how the old one learns of it", () => {
    const of = farm()
    of.command(1, { type: "pagp.set-active", activeId: SECOND } as { type: string }).run(0.001)
    assert.deepEqual(Query.othersActive(of.bridge(0)), [{ port: 0, activeId: SECOND }])
    assert.deepEqual(Query.othersActive(of.bridge(1)), [])
    const told = of.of(Trace.ACTIVE_ID).filter(({ node }) => node === 0)
    assert.deepEqual([told.at(-1)?.b, told.at(-1)?.c], [FIRST, SECOND])
    // Its own word does not take the neighbour back: it has been heard before.
    assert.strictEqual(said(of, 2, 0).at(-1)?.pdu.toldId, SECOND)
    assert.strictEqual(of.replayed(), of.fingerprint)
  })

  it("is not told by a neighbour that does not understand, nor by a pair to a group that it does not trust", () => {
    const deaf = farm({ pagp: { dualActive: false } })
    assert.isUndefined(said(deaf, 2).at(-1)?.pdu.toldId)
    deaf.command(1, { type: "pagp.set-active", activeId: SECOND } as { type: string }).run(35)
    assert.deepEqual(Query.othersActive(deaf.bridge(0)), [])
    assert.isFalse(Query.groupsOf(deaf.bridge(0), 0)[0].ports[0].dualActiveCapable)
    const untrusted = farm({}, { group: { trusted: false } })
    assert.isUndefined(said(untrusted, 0).at(-1)?.pdu.activeId)
    untrusted.command(1, { type: "pagp.set-active", activeId: SECOND } as { type: string }).run(35)
    assert.deepEqual(Query.othersActive(untrusted.bridge(0)), [])
  })

  it("is forgotten with the link", () => {
    const of = farm()
    of.world({ type: "link.disconnect", link: 0 }).run(0.1)
    assert.strictEqual(standings(of, 0), "down")
    assert.isNull(seenBy(of, 0))
  })

  it("comes from a message without agreement too", () => {
    const port = alone({ pagp: { activeId: FIRST } })
    port.hears(PagpPdu.frame(message(YOU, { toldId: SECOND }), YOU + 1))
    assert.deepEqual(Query.othersActive(port.bridge), [{ port: 0, activeId: SECOND }])
    const sent = port.command({ type: "pagp.set-active", activeId: 0 } as { type: string })
    assert.deepEqual(
      sent.map(({ payload }) => [(payload as PagpPdu.Information).activeId, (payload as PagpPdu.Information).toldId]),
      [[undefined, 0]],
    )
  })

  it("of one pair is no news to another that it is bundled with: each tells the other's back, and neither takes it for its own", () => {
    const of = network(
      [
        { members: [0, 1], pagp: { activeId: FIRST } },
        { members: [0, 1], pagp: { activeId: SECOND } },
      ],
      [
        [
          [0, 0],
          [1, 0],
        ],
        [
          [0, 1],
          [1, 1],
        ],
      ],
    ).run(5)
    for (const [node, mine, its] of [
      [0, FIRST, SECOND],
      [1, SECOND, FIRST],
    ] as const) {
      const { pdu } = said(of, node).at(-1)!
      assert.deepEqual([pdu.activeId, pdu.toldId, seenBy(of, node)], [mine, its, mine])
      assert.deepEqual(Query.othersActive(of.bridge(node)), [])
    }
  })

  it("goes to and fro once, whatever neighbours have been told: no message calls for another for ever", () => {
    const of = farm()
    const before = of.seen.length
    for (const id of [SECOND, FIRST, SECOND])
      of.command(1, { type: "pagp.set-active", activeId: id } as { type: string }).run(0.001)
    assert.isAtMost(of.seen.length - before, 12)
  })
})
