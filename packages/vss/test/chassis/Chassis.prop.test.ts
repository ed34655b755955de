/** Farms of a pair and access switches whose cables, chassis and cards fail and are mended at random: the seed is in the name of what fails. */
import { assert, describe, it } from "@effect/vitest"
import * as Fingerprint from "@l2lab/sim/Fingerprint"
import * as Prng from "@l2lab/sim/Prng"
import { SECOND } from "@l2lab/sim/SimTime"
import { Farm, type FarmSpec } from "./Farm.ts"
import { PROTOCOLS } from "./Protocols.ts"

/** Connectivity is back so long after a failure or its end: a boot (5 s), VSLP (2 s), LACP (2 s and a round), a spanning tree that knows edges by silence (3 s and ticks). */
const BOUND = 16
/** Spanning trees that know no edges by silence wait twice the forward delay. */
const WITHOUT_EDGES = 32
/** Frames on their way when a member comes or goes may be doubled: the round trip of the virtual switch link, and what waits behind it. */
const ROUND_TRIP = 0.002

/** What is broken. */
interface Broken {
  readonly cables: Set<number>
  readonly off: Set<number>
  readonly cards: Set<number>
}

type Below = (limit: number) => number

const farmOf = (seed: number, below: Below): Farm => {
  const bundling = below(2) === 0 ? ("on" as const) : ("active" as const)
  const access = 1 + below(3)
  const uplinks = 1 + below(2)
  const spec: FarmSpec = {
    seed,
    bundling,
    access,
    uplinks,
    hosts: 1,
    orphans: 1,
    vsl: 1 + below(3),
    bundle: { hashDistribution: below(2) === 0 ? "fixed" : "adaptive" },
    ...(below(2) === 0 && { detection: ["fast-hello"] as const }),
    ...[{}, ...PROTOCOLS.map(([, protocol]) => protocol), PROTOCOLS[1][1]][below(PROTOCOLS.length + 2)],
  }
  const vsl = spec.vsl!
  return new Farm({ ...spec, config: { cards: [Array.from({ length: access * uplinks }, (_, i) => vsl + i)] } })
}

/** Whether a host is joined to those that are. */
const isReached = (farm: Farm, { cables, cards, off }: Broken, h: number): boolean => {
  const { access, orphans, uplinks, vsl } = farm.spec
  const isAway = (s: number): boolean => off.has(s) || farm.modes.split(", ")[s] === "recovery"
  if (h < 2 * orphans) return !isAway(Math.floor(h / orphans))
  const a = h - 2 * orphans
  assert.isBelow(a, access)
  return ([0, 1] as const).some((s) => {
    if (isAway(s) || cards.has(s)) return false
    return Array.from({ length: uplinks }, (_, u) => vsl + a * 2 * uplinks + s * uplinks + u).some((link) => !cables.has(link))
  })
}

/** Break something, or mend it; the pair keeps a chassis, and its link a member, unless its loss is detected and both chassis are on. */
const change = (farm: Farm, broken: Broken, below: Below): string => {
  const { access, uplinks, vsl } = farm.spec
  const kind = below(9)
  if (kind < 5) {
    const cable = below(vsl + access * 2 * uplinks)
    const isNeeded = farm.spec.detection.length === 0 || broken.off.size > 0
    const isLastMember =
      isNeeded && cable < vsl && !broken.cables.has(cable) && [...broken.cables].filter((c) => c < vsl).length === vsl - 1
    if (isLastMember) return "nothing"
    const isBroken = broken.cables.delete(cable)
    if (isBroken) farm.mend(cable)
    else {
      broken.cables.add(cable)
      farm.cut(cable)
    }
    return `${isBroken ? "mend" : "cut"} ${cable}`
  }
  const s = below(2)
  if (kind < 7) {
    if (broken.off.delete(s)) {
      broken.cards.delete(s)
      farm.on(s)
      return `on ${s}`
    }
    const isVslLost = [...broken.cables].filter((c) => c < vsl).length === vsl
    if (broken.off.size > 0 || isVslLost) return "nothing"
    broken.off.add(s)
    broken.cards.delete(s)
    farm.off(s)
    return `off ${s}`
  }
  if (broken.off.has(s)) return "nothing"
  if (kind === 8) {
    // Whoever hangs is reset by the other, if the other is there.
    const isAlone = broken.off.size > 0 || [...broken.cables].filter((c) => c < vsl).length === vsl
    if (isAlone) return "nothing"
    farm.simulation.command(s, { type: "bridge.control-plane", hung: true } as never)
    return `hang ${s}`
  }
  const failed = !broken.cards.delete(s)
  if (failed) broken.cards.add(s)
  farm.simulation.command(s, { type: "chassis.line-card", card: 0, failed } as never)
  return `card ${s} ${failed}`
}

const boundOf = ({ spec: { stp } }: Farm): number =>
  stp === undefined || stp.kind === "rstp2004" || stp.kind === "mstp" ? BOUND : BOUND + WITHOUT_EDGES

/** What became of frames that were said in the round trip after a change: a host may miss one, or hear it twice. */
interface Tally {
  said: number
  doubled: number
}

const run = (seed: number, tally: Tally): void => {
  const random = new Uint32Array(Prng.WORDS)
  Prng.seed(random, 0, seed, "pair")
  const below: Below = (limit) => Prng.next(random, 0) % limit
  const farm = farmOf(seed, below).run(80)
  const broken: Broken = { cables: new Set(), off: new Set(), cards: new Set() }
  const history: Array<string> = [JSON.stringify(farm.spec)]
  const note = (what: string): string => `seed ${seed}: ${what}\n${history.join("\n")}`
  for (let step = 0; step < 8; step++) {
    history.push(`${(farm.simulation.now / SECOND).toFixed(3)} ${change(farm, broken, below)}`)
    const early: Array<number> = []
    for (let say = 0; say < 8; say++) {
      early.push(farm.say(below(farm.hosts)))
      farm.run(ROUND_TRIP / 8)
    }
    const words: Array<number> = []
    for (let say = 0; say < 6; say++) {
      words.push(farm.say(below(farm.hosts), below(2) === 0 ? undefined : below(farm.hosts)))
      farm.run(below(500) / 1000)
    }
    if (step === 4) {
      const fork = farm.simulation.fork()
      fork.run(fork.now + SECOND)
      farm.run(1)
      assert.strictEqual(Fingerprint.of(fork), farm.fingerprint, note("a fork goes another way"))
    }
    farm.run(boundOf(farm))
    for (const word of words) {
      for (let h = 0; h < farm.hosts; h++) assert.isAtMost(farm.heard(h, word), 1, note("two copies of one frame"))
    }
    for (const word of early) {
      const heard = Array.from({ length: farm.hosts }, (_, h) => farm.heard(h, word))
      assert.isAtMost(Math.max(...heard), 2, note("a frame of the round trip circles"))
      tally.said++
      tally.doubled += heard.filter((count) => count === 2).length
    }
    const counts = farm.everybodySpeaks()
    for (let from = 0; from < farm.hosts; from++) {
      for (let to = 0; to < farm.hosts; to++) {
        const isHeard = from !== to && isReached(farm, broken, from) && isReached(farm, broken, to)
        assert.strictEqual(counts[from][to], isHeard ? 1 : 0, note(`from ${from} to ${to}, ${farm.modes}`))
      }
    }
    farm.run(3)
    if (!farm.modes.includes("standby hot")) continue
    assert.deepStrictEqual(farm.cam(0), farm.cam(1), note("addresses"))
    const [one, other] = [farm.chassis(0).bridge, farm.chassis(1).bridge]
    assert.deepStrictEqual([one.relay, one.bridgePortOf, one.up], [other.relay, other.bridgePortOf, other.up], note("ports"))
  }
  // Quiet: what was said has come to rest.
  const before = farm.simulation.eventCount
  farm.run(1)
  assert.isBelow(farm.simulation.eventCount - before, 60 * (4 + farm.spec.access * farm.spec.uplinks * 2), note("a loop"))
  assert.strictEqual(farm.replayed(), farm.fingerprint, note("a replay goes another way"))
}

describe("a pair with access switches on bundles", () => {
  it(`a host hears nothing twice, nothing loops, all is well ${BOUND} s after (${BOUND + WITHOUT_EDGES} where a tree knows no edges), and both chassis know the same: 40 seeds`, () => {
    const tally: Tally = { said: 0, doubled: 0 }
    for (let seed = 1; seed <= 40; seed++) run(seed, tally)
    assert.isAtMost(tally.doubled, tally.said / 100, `of ${tally.said} frames in round trips some were heard twice`)
  })
})
