/**
 * Bundles of link ports (EtherChannels). Link ports 0 .. L-1 are bridge ports too, each on its own as long as it is alone; bundle b is bridge
 * port L + b. What a member is to the relay: out of it, alone (a bridge port of its own), or in its bundle. A static bundle takes every member whose
 * link is up; in others a protocol (LACP) says so.
 */
import type { Digest } from "@l2lab/sim/Digest"
import type { SwitchPort } from "../BridgeConfig.ts"
import * as Columns from "../Columns.ts"
import { BUCKETS, type Method } from "./LoadBalance.ts"

/** One bundle, as a design has it. */
export interface BundleConfig {
  /** Link ports, rising; none is in two bundles. */
  readonly members: ReadonlyArray<number>
  /** `channel-group N mode on`: no protocol is asked. */
  readonly isStatic: boolean
  /** How the bundle treats VLANs. */
  readonly switchPort: SwitchPort
  /** Fewer members than this, and the bundle is down; 1 by default. */
  readonly minLinks?: number
  readonly loadBalance: Method
  /** What a member that comes or goes does to the others: all buckets are dealt anew, or only those that it had or gets. `fixed` by default, as on Catalyst 6500. */
  readonly hashDistribution?: "fixed" | "adaptive"
  /** Its rate, which path costs are made from, is that of the members that there are, or of all that it has when whole; `members` by default. */
  readonly rate?: "members" | "whole"
  /** EtherChannel guard (`spanning-tree etherchannel guard misconfig`); true by default. */
  readonly guard?: boolean
}

/** What a link port is to the relay. */
export const OUT = 0
export const ALONE = 1
export const IN = 2

/** The state. Columns by link port unless they say otherwise. */
export interface Bundles {
  /** Link ports. */
  readonly links: number
  /** -1 = in no bundle. */
  readonly bundleOf: Int16Array
  /** OUT, ALONE or IN; and what a protocol wants of a member whose link is up. */
  readonly role: Uint8Array
  readonly wanted: Uint8Array
  /**
   * Members that frames leave by as long as one of them is in: 1 for those on the same chassis of a pair. Empty elsewhere: all are alike. Replaced
   * whole.
   */
  preferred: Uint8Array
  /** Whether roles have still to follow `wanted`, 0 or 1; never 1 between events. */
  pending: number
  readonly up: Uint8Array
  readonly rateBps: Float64Array
  readonly fullDuplex: Uint8Array
  /** By bundle * BUCKETS + bucket: the member that owns it, -1 = none. */
  readonly owner: Int16Array
  /** By bundle: members that are in. */
  readonly active: Uint8Array
  /** By bundle, for the guard: the address of the last BPDU, how many in a row came from it, how many from another than the one before, and since when. */
  readonly bpduSource: Float64Array
  readonly bpdusInARow: Float64Array
  readonly bpdusOfOthers: Float64Array
  readonly othersSince: Float64Array
}

/** Where all members are alike. */
const NONE_PREFERRED = new Uint8Array(0)

/** All links down. */
export const make = (links: number, configs: ReadonlyArray<BundleConfig>): Bundles => {
  const bundleOf = new Int16Array(links).fill(-1)
  configs.forEach(({ members }, b) => members.forEach((link) => (bundleOf[link] = b)))
  const columns = (): Float64Array => new Float64Array(configs.length)
  return {
    links,
    bundleOf,
    role: new Uint8Array(links),
    wanted: Uint8Array.from(bundleOf, (b) => (b < 0 ? ALONE : OUT)),
    preferred: NONE_PREFERRED,
    pending: 0,
    up: new Uint8Array(links),
    rateBps: new Float64Array(links),
    fullDuplex: new Uint8Array(links),
    owner: new Int16Array(configs.length * BUCKETS).fill(-1),
    active: new Uint8Array(configs.length),
    bpduSource: columns(),
    bpdusInARow: columns(),
    bpdusOfOthers: columns(),
    othersSince: columns(),
  }
}

/** An independent copy. */
export const copy: (bundles: Bundles) => Bundles = Columns.copy

const TIMES: ReadonlySet<string> = new Set(["othersSince"])

/** Fold it into a digest. */
export const fingerprint = ({ preferred, ...bundles }: Bundles, digest: Digest, now: number): void => {
  Columns.fingerprint(bundles, digest, now, TIMES)
  if (preferred.length > 0) digest.numbers(preferred)
}

/** Members of a static bundle are alike: of the rate and the duplex of the first whose link is up. */
const isLike = (bundles: Bundles, link: number, members: ReadonlyArray<number>): boolean => {
  const { fullDuplex, rateBps, up } = bundles
  const first = members.find((member) => up[member] === 1)
  return first === undefined || (rateBps[first] === rateBps[link] && fullDuplex[first] === fullDuplex[link])
}

/** What a link port ought to be to the relay, by its link, its bundle and its protocol. */
export const dueRole = (bundles: Bundles, configs: ReadonlyArray<BundleConfig>, link: number): number => {
  if (bundles.up[link] === 0) return OUT
  const b = bundles.bundleOf[link]
  if (b < 0 || !configs[b].isStatic) return bundles.wanted[link]
  return isLike(bundles, link, configs[b].members) ? IN : OUT
}

/** The members that are in, rising. */
export const membersIn = ({ role }: Bundles, { members }: BundleConfig): ReadonlyArray<number> =>
  members.filter((link) => role[link] === IN)

/** The members that frames leave by: of those that are in, the preferred ones, or all of them. */
export const membersThatSend = (bundles: Bundles, config: BundleConfig): ReadonlyArray<number> => {
  const members = membersIn(bundles, config)
  const { preferred } = bundles
  if (preferred.length === 0 || !members.some((link) => preferred[link] === 1)) return members
  return members.filter((link) => preferred[link] === 1)
}

/** Deal the buckets of a bundle to the members that are in. */
export const deal = (bundles: Bundles, configs: ReadonlyArray<BundleConfig>, b: number): void => {
  const { active, owner } = bundles
  const members = membersThatSend(bundles, configs[b])
  const at = b * BUCKETS
  active[b] = membersIn(bundles, configs[b]).length
  if (members.length === 0) {
    owner.fill(-1, at, at + BUCKETS)
    return
  }
  if (configs[b].hashDistribution !== "adaptive") {
    for (let bucket = 0; bucket < BUCKETS; bucket++) owner[at + bucket] = members[bucket % members.length]
    return
  }
  const counts = new Map(members.map((link) => [link, 0]))
  const free: Array<number> = []
  for (let bucket = 0; bucket < BUCKETS; bucket++) {
    const count = counts.get(owner[at + bucket])
    if (count === undefined) free.push(bucket)
    else counts.set(owner[at + bucket], count + 1)
  }
  const byLoad = (sign: number): number =>
    members.reduce((best, link) => (sign * (counts.get(link)! - counts.get(best)!) < 0 ? link : best))
  const give = (bucket: number): void => {
    const poorest = byLoad(1)
    owner[at + bucket] = poorest
    counts.set(poorest, counts.get(poorest)! + 1)
  }
  free.forEach(give)
  // A member that came takes from the richest until none has two more than another.
  for (;;) {
    const richest = byLoad(-1)
    if (counts.get(richest)! - counts.get(byLoad(1))! < 2) return
    const bucket = owner.lastIndexOf(richest, at + BUCKETS - 1) - at
    counts.set(richest, counts.get(richest)! - 1)
    give(bucket)
  }
}

/** The rate of a bundle. */
export const rateOf = (bundles: Bundles, config: BundleConfig): number => {
  const members = membersIn(bundles, config)
  if (members.length === 0) return 0
  return bundles.rateBps[members[0]] * (config.rate === "whole" ? config.members.length : members.length)
}
