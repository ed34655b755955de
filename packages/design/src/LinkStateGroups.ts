/** Link-state tracking as a key of a switch, and what a bridge's configuration has of it. */
import type { LinkStateGroup } from "@l2lab/l2/LinkState"
import { Schema } from "effect"
import { error, type Path, type Problem } from "./DesignError.ts"
import { mapping, optional, required } from "./Key.ts"
import type { PortChannel } from "./PortChannels.ts"
import { integer, rangeOf, Text } from "./Scalars.ts"

/** The highest number of a link-state group (Catalyst). */
export const HIGHEST_NUMBER = 10

const PortName = Schema.Union([integer("a port number from 1 to 4000", 1, 4000), Text]).annotate({
  expected: "a port number, a range like 1-24, or a port-channel like Po1",
})
const PortNames = Schema.Array(PortName).annotate({ expected: "a list of ports like [1-24, Po1]" })

const LinkStateGroupBlock = Schema.Struct({
  upstream: required(PortNames, {
    description: "The ports that the others follow: by number, ranges like `1-2`, or port-channels like `Po1`. Required.",
    examples: [["Po1"]],
  }),
  downstream: required(PortNames, {
    description: "The ports that are taken out of service while all upstream ports are down. Required.",
    examples: [["3-24"]],
  }),
}).annotate({ expected: "a block like {upstream: [1, 2], downstream: [3-24]}" })

/** Keys of a switch itself. */
export const LINK_STATE_KEYS = {
  linkStateGroup: optional(
    mapping(LinkStateGroupBlock, "a mapping from numbers to groups, like {1: {upstream: [1, 2], downstream: [3-24]}}"),
    {
      description:
        "Link-state tracking, by number from 1 to 10: ports that go down with others (`link state group 1 upstream`, `downstream`).",
      otherwise: "none",
      examples: [{ 1: { upstream: ["Po1"], downstream: ["3-24"] } }],
    },
  ),
}

type Block = typeof LinkStateGroupBlock.Type

const NAME = "link-state-group"

/** What the groups of one switch are settled in: its name, its link ports, its port-channels, and which group each port is in already. */
interface Place {
  readonly name: string
  readonly ports: number
  readonly channels: ReadonlyArray<PortChannel>
  readonly groupOf: Map<number, string>
  readonly problems: Array<Problem>
}

/** Bridge ports that an entry names: link ports from 0, port-channels behind them; a sentence where it names none. */
const portsNamed = ({ channels, name, ports }: Place, entry: number | string): ReadonlyArray<number> | string => {
  if (typeof entry === "string" && /^Po\d+$/.test(entry)) {
    const channel = channels.findIndex(({ number }) => entry === `Po${number}`)
    return channel < 0 ? `${name} has no ${entry}: give it portChannel ${entry.slice(2)}, or name another` : [ports + channel]
  }
  const range = typeof entry === "number" ? ([entry, entry] as const) : rangeOf(entry)
  if (range === undefined) return `"${entry}" is no port: write a number, a range like 1-24, or a port-channel like Po1`
  const [first, last] = range
  if (first > last) return `the range ${entry} runs backwards: write ${last}-${first}`
  if (last > ports) return `port ${last} does not exist: ${name} has ${ports} ports; name a lower one, or raise ports`
  const member = channels.find(({ members }) => members.some((port) => port + 1 >= first && port + 1 <= last))
  if (member !== undefined) return `port ${entry} is in Po${member.number}: name the port-channel`
  return Array.from({ length: last - first + 1 }, (_, at) => first - 1 + at)
}

const side = (place: Place, key: string, entries: ReadonlyArray<number | string>, path: Path): ReadonlyArray<number> => {
  const { groupOf, name, problems } = place
  if (entries.length === 0) problems.push(error(path, `${NAME}: group ${key} of ${name} has no ${path.at(-1)} ports: name some`))
  return entries.flatMap((entry, i): ReadonlyArray<number> => {
    const named = portsNamed(place, entry)
    if (typeof named === "string") {
      problems.push(error([...path, i], `${NAME}: ${named}`))
      return []
    }
    const taken = named.find((port) => groupOf.has(port))
    if (taken !== undefined) {
      problems.push(
        error(
          [...path, i],
          `${NAME}: ${entry} of ${name} is in group ${groupOf.get(taken)} already: a port is in one place of one group`,
        ),
      )
    }
    for (const port of named) groupOf.set(port, key)
    return named
  })
}

/** What the key of a switch becomes; absent where it has no group. */
export const settle = (
  name: string,
  path: Path,
  groups: Readonly<Record<string, Block>> | undefined,
  ports: number,
  channels: ReadonlyArray<PortChannel>,
  problems: Array<Problem>,
): { readonly linkStateGroups?: ReadonlyArray<LinkStateGroup> } => {
  if (groups === undefined) return {}
  const place: Place = { name, ports, channels, groupOf: new Map(), problems }
  const linkStateGroups = Object.entries(groups).map(([key, { downstream, upstream }]): LinkStateGroup => {
    const at = [...path, "linkStateGroup", key]
    if (!/^([1-9]|10)$/.test(key)) {
      problems.push(error(at, `${NAME}: "${key}" is no number of a link-state group: write 1 to ${HIGHEST_NUMBER}`, "key"))
    }
    return {
      number: Number(key),
      upstream: side(place, key, upstream, [...at, "upstream"]),
      downstream: side(place, key, downstream, [...at, "downstream"]),
    }
  })
  return { linkStateGroups }
}
