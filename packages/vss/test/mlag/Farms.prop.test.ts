/**
 * Random farms with a pair: links, members and peers fail and come back in any order. While a fault stands and all is quiet, no host hears a frame twice or its own,
 * and there are two primaries only where peer-link and keepalive are both lost; when all is mended every host reaches every other within BOUND.
 */
import * as Prng from "@l2lab/sim/Prng"
import { assert, describe, it } from "vitest"
import { PRIMARY } from "../../src/mlag/State.ts"
import { copies, Farm, type FarmSpec, TREES, views } from "./PairFarm.ts"

const SEED = 20_261_125
const RUNS = 60

/** Until a fault has had its effect: hold-timeout and timeout (8 s), LACP (3 s and 2 s), spanning tree's (2 x 15 s + 20 s). */
const QUIET = 62
/** From the last mending to everybody reaching everybody: LACP and adjacency (4 s), delay restore (5 s here), LACP again, spanning tree. */
const BOUND = 64

/** A fault, how it is mended, and whether it may make two primaries: alone, or with another one. */
interface Fault {
  readonly name: string
  readonly begin: (farm: Farm) => unknown
  readonly end: (farm: Farm) => unknown
}

class Luck {
  private readonly words = new Uint32Array(Prng.WORDS)
  constructor(seed: number) {
    Prng.seed(this.words, 0, seed, "farms")
  }
  below(count: number): number {
    return Prng.next(this.words, 0) % count
  }
  one<A>(of: ReadonlyArray<A>): A {
    return of[this.below(of.length)]
  }
}

const specOf = (luck: Luck): FarmSpec => {
  const tree = luck.one(TREES)
  const peerSwitch = luck.below(4) === 0
  const priority = luck.one([4096, 32_768])
  return {
    tree,
    access: 1 + luck.below(3),
    legs: 1 + luck.below(2),
    peerLinks: 1 + luck.below(2),
    orphans: luck.below(4) > 0,
    hybrid: tree !== "none" && luck.below(3) === 0,
    isStatic: luck.below(4) === 0,
    guarded: luck.below(5) === 0,
    suspendIndividual: true,
    seed: luck.below(1000),
    peers: [{ peerSwitch }, { peerSwitch, rolePriority: luck.one([100, 32_667, 40_000]) }],
    ...(peerSwitch && { trees: [{ priority }, { priority }] }),
    ...(luck.below(3) === 0 && { accessPriority: luck.one([0, 12_288]) }),
    ...(luck.below(3) === 0 && { hybridPriority: 0 }),
  }
}

const cutOf = (name: string): Fault => ({ name: `cut ${name}`, begin: (farm) => farm.cut(name), end: (farm) => farm.mend(name) })

const faultOf = (luck: Luck, { access = 2, hybrid = false, legs = 1, peerLinks = 2 }: FarmSpec): Fault => {
  const peer = luck.below(2)
  const off: Fault = { name: `off p${peer + 1}`, begin: (farm) => farm.off(peer), end: (farm) => farm.on(peer) }
  return luck.one([
    cutOf("peer-link"),
    cutOf(`peer-link ${luck.below(peerLinks)}`),
    cutOf("keepalive"),
    cutOf(`leg ${luck.below(access)} ${peer}`),
    cutOf(`leg ${luck.below(access)} ${peer} ${luck.below(legs)}`),
    off,
    ...(hybrid ? [cutOf(`hybrid ${peer}`)] : []),
  ])
}

/** Whether neither peer can hear the other, or could not lately: then both may be primary. */
const isParted = (standing: ReadonlyArray<Fault>, peerLinks: number): boolean => {
  const has = (name: string): boolean => standing.some((fault) => fault.name === `cut ${name}`)
  const links = Array.from({ length: peerLinks }, (_, i) => `peer-link ${i}`)
  return (has("peer-link") || links.every(has)) && has("keepalive")
}

const isOn = (farm: Farm, node: 0 | 1): boolean => farm.simulation.world.states[node] !== null

const run = (seed: number): void => {
  const luck = new Luck(seed)
  const spec = specOf(luck)
  const farm = new Farm(spec).run(BOUND)
  const story = [`seed ${seed}: ${JSON.stringify(spec)}`]
  const say = (what: string): string => `${[...story, what].join("\n  ")}\n  ${views(farm).join(" | ")}`
  assert.deepStrictEqual(farm.probe(), [], say("at the start"))
  const standing: Array<Fault> = []
  for (let faults = 1 + luck.below(4); faults > 0; faults--) {
    const fault = faultOf(luck, spec)
    if (
      standing.some(({ name }) => name === fault.name || name.startsWith(`${fault.name} `) || fault.name.startsWith(`${name} `))
    )
      continue
    const soon = luck.one([0.0005, 0.3, 2, 5, QUIET])
    story.push(`${fault.name}, ${soon} s`)
    fault.begin(farm)
    standing.push(fault)
    if (isParted(standing, spec.peerLinks ?? 2) && isOn(farm, 0) && isOn(farm, 1)) {
      // Split brain is another matter.
      standing.pop()
      fault.end(farm)
      story.push("(not that)")
      continue
    }
    farm.run(soon)
    if (soon !== QUIET) continue
    assert.deepStrictEqual(copies(farm.probe()), [], say("twice"))
    const both = isOn(farm, 0) && isOn(farm, 1) && farm.peer(0).role === PRIMARY && farm.peer(1).role === PRIMARY
    assert.isFalse(both, say("two primaries"))
    if (luck.below(2) === 0) {
      story.push(`mended ${fault.name}`)
      standing.pop()
      fault.end(farm)
      farm.run(luck.one([0.001, 1, QUIET]))
    }
  }
  for (const fault of standing.toReversed()) fault.end(farm)
  farm.run(BOUND)
  assert.deepStrictEqual(farm.probe(), [], say("mended"))
  const roles = [farm.peer(0).role, farm.peer(1).role].toSorted()
  assert.deepStrictEqual(roles, [1, 2], say("one primary"))
}

describe(`random farms with a pair, seeds from ${SEED}`, () => {
  for (let group = 0; group < 6; group++) {
    it(`${RUNS / 6} farms from seed ${SEED + (group * RUNS) / 6}`, () => {
      for (let i = 0; i < RUNS / 6; i++) run(SEED + (group * RUNS) / 6 + i)
    })
  }
})
