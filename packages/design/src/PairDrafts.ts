/** Pairs of switches as they are written: which switches they consist of, and what each of them has from its pair. */
import type { Design } from "./Design.ts"
import { error, type Path, type Problem } from "./DesignError.ts"
import { type PairBlock, VssBlock } from "./PairBlocks.ts"
import type { PortChannelBlock } from "./PortChannels.ts"
import type { Both } from "./Pairs.ts"
import { endOf, rangeOf } from "./Scalars.ts"
import { didYouMean } from "./Suggestion.ts"

const NAME = "pair"

/** A pair as it was written, with what farm and design say of it as one. */
export interface PairDraft {
  readonly name: string
  readonly path: Path
  readonly block: PairBlock
  readonly switches: Both<string>
}

/** Every switch that a pair names, be the pair whole or not. */
export const switchesNamed = (
  design: Design,
  farm: Readonly<Record<string, PairBlock>> | undefined,
): ReadonlyArray<readonly [name: string, path: Path]> =>
  Object.entries({ ...farm, ...design.pairs }).flatMap(([name, { switches }]) => {
    const path: Path = design.pairs !== undefined && Object.hasOwn(design.pairs, name) ? ["pairs", name] : ["farm"]
    const all = switches ?? farm?.[name]?.switches ?? [`${name}-1`, `${name}-2`]
    return [...new Set(all)].map((each) => [each, path] as const)
  })

/** The pairs of a design. Those that have no two switches are told of and left out. */
export const drafts = (
  design: Design,
  farm: Readonly<Record<string, PairBlock>> | undefined,
  problems: Array<Problem>,
): ReadonlyArray<PairDraft> => {
  const pairOf = new Map<string, string>()
  const names = new Set([...Object.keys(farm ?? {}), ...Object.keys(design.pairs ?? {})])
  return [...names].flatMap((name): ReadonlyArray<PairDraft> => {
    const generated = farm?.[name]
    const own = design.pairs !== undefined && Object.hasOwn(design.pairs, name) ? design.pairs[name] : undefined
    const path: Path = own === undefined ? ["farm"] : ["pairs", name]
    if (generated !== undefined && own !== undefined && generated.type !== own.type) {
      problems.push(
        error(
          [...path, "type"],
          `${NAME}: ${name} of the farm is a ${generated.type}: write type: ${generated.type}, or rename yours`,
        ),
      )
      return []
    }
    const portChannel = { ...generated?.portChannel, ...own?.portChannel }
    const block = { ...generated, ...own, ...(Object.keys(portChannel).length > 0 && { portChannel }) } as PairBlock
    const switches = block.switches ?? [`${name}-1`, `${name}-2`]
    const [one, two] = switches
    if (switches.length !== 2 || one === two) {
      const what = switches.length === 2 ? `the switch ${one} twice` : `${switches.length} switches`
      problems.push(error([...path, "switches"], `${NAME}: ${name} has ${what}: a pair is two, like [${name}-1, ${name}-2]`))
      return []
    }
    let isWhole = true
    for (const [i, member] of switches.entries()) {
      const other = pairOf.get(member)
      if (other !== undefined) {
        problems.push(
          error([...path, "switches", i], `${NAME}: ${member} is of the pair ${other} already: a switch is in one pair`),
        )
        isWhole = false
      }
      pairOf.set(member, name)
    }
    return isWhole ? [{ name, path, block, switches: [one, two] }] : []
  })
}

/** The pair that a switch is of, and which of its two. */
export const pairOf = (
  pairs: ReadonlyArray<PairDraft>,
  name: string,
): { readonly draft: PairDraft; readonly member: 0 | 1 } | undefined => {
  const draft = pairs.find(({ switches }) => switches.includes(name))
  return draft === undefined ? undefined : { draft, member: draft.switches[0] === name ? 0 : 1 }
}

/** Keys of a chassis' own node; what else a switch may be told stands in the pair. */
const CHASSIS_KEYS = new Set(["kind", "ports", "port", "mac"])

/** Keys of a chassis that belong to the pair. */
export const misplacedKeys = (
  { block: { type }, name }: PairDraft,
  member: string,
  block: object,
  path: Path,
): ReadonlyArray<Problem> =>
  type === "vpc"
    ? []
    : Object.keys(block)
        .filter((key) => !CHASSIS_KEYS.has(key))
        .map((key) => {
          const cure = Object.hasOwn(VssBlock.fields, key)
            ? `both have one configuration: write ${key} in pairs.${name}`
            : `a vss has no ${key} here: remove it`
          return error([...path, key], `${NAME}: ${member} is a chassis of ${name}, and ${cure}`, "key")
        })

/** What switches of a vPC pair have of the port-channels that are written for both: a port-channel of that number each, which is a vPC. */
export const channelsOfPeer = (
  { block, switches }: PairDraft,
  member: 0 | 1,
  problems: Array<Problem>,
  path: Path,
): Readonly<Record<string, PortChannelBlock>> => {
  if (block.type !== "vpc") return {}
  return Object.fromEntries(
    Object.entries(block.portChannel ?? {}).flatMap(([key, { ports, priorities, ...channel }]) => {
      const own = ports.flatMap((text, i): ReadonlyArray<number> => {
        const end = endOf(text)
        if (end?.node === switches[member] && end.port !== undefined) return [end.port]
        if (member === 0 && (end?.port === undefined || !switches.includes(end.node))) {
          problems.push(error([...path, "portChannel", key, "ports", i], notOfPair(text, switches)))
        }
        return []
      })
      if (own.length === 0) return []
      const ownPriorities = Object.entries(priorities ?? {}).flatMap(([text, priority]) => {
        const end = endOf(text)
        return end?.node === switches[member] && end.port !== undefined ? [[end.port, priority] as const] : []
      })
      return [
        [
          key,
          {
            ...channel,
            ports: own,
            ...(ownPriorities.length > 0 && { priorities: Object.fromEntries(ownPriorities) }),
            // Members at one peer only are a port-channel of its own.
            ...(block.peerLink !== `Po${key}` && switches.every((name) => ports.some((text) => endOf(text)?.node === name))
              ? { vpc: channel.vpc ?? Number(key) }
              : {}),
          },
        ],
      ]
    }),
  )
}

/** Why a text is no port of a pair. */
export const notOfPair = (text: string, [one, two]: Both<string>): string => {
  const end = endOf(text)
  return end !== undefined && (end.node === one || end.node === two) && end.port === undefined
    ? `${NAME}: "${text}" names no port: write it like ${text}:1`
    : `${NAME}: "${text}" is no port of ${one} or ${two}${didYouMean(end?.node ?? text, [one, two], `: write it like ${one}:1`)}`
}

/** The highest port of a switch that its pair names; 0 for none. */
export const highestNamed = (pairs: ReadonlyArray<PairDraft>, name: string): number => {
  const found = pairOf(pairs, name)
  if (found === undefined) return 0
  const { block } = found.draft
  const ends = (value: unknown): ReadonlyArray<string> => (Array.isArray(value) ? (value as ReadonlyArray<string>) : [])
  const named =
    block.type === "vss"
      ? [...ends(block.vsl), ...Object.values(block.dualActive ?? {}).flatMap(ends)]
      : [...ends(block.peerLink), ...ends(block.keepalive), ...ends(block.orphanSuspend)]
  const cards = block.type === "vss" ? (block.switch?.[found.member === 0 ? 1 : 2]?.cards ?? {}) : {}
  const onCards = Object.values(cards)
    .flat()
    .map((entry) => (typeof entry === "number" ? entry : (rangeOf(entry)?.[1] ?? 0)))
  const members = Object.values(block.portChannel ?? {}).flatMap(({ ports }) => ports)
  return [...named, ...members].reduce(
    (most, text) => {
      const end = endOf(text)
      return end?.node === name ? Math.max(most, end.port ?? 0) : most
    },
    Math.max(0, ...onCards),
  )
}
