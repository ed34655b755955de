/**
 * What is asked of a switch, in the words of Catalyst switches: `spanning-tree vlan 10`, `mac address-table dynamic`, `interfaces Gi0/1`,
 * `interfaces status`, `vlan brief`. Words may be cut short as far as they stay clear, and any case will do, as on a switch.
 */
import * as MacAddress from "@l2lab/l2/MacAddress"
import { didYouMean } from "@l2lab/design/Suggestion"
import * as VlanSet from "@l2lab/design/VlanSet"
import * as Columns from "./Columns.ts"
import type { MacFilter } from "./MacAddressTable.ts"
import { TOPICS as TOOLKIT, topicNamed } from "./Topics.ts"

export type Question =
  | SpanningTreeQuestion
  | { readonly show: "mac address-table"; readonly filter: MacFilter }
  /** `interface`: `Gi0/1`, `GigabitEthernet0/1` or the port's number, as it was written; absent: all. */
  | { readonly show: "interfaces"; readonly interface?: string }
  | { readonly show: "interfaces status" }
  | { readonly show: "vlan"; readonly vlan?: number }
  /** One of `Topics`, by its words; `interface` as above. */
  | { readonly show: "topic"; readonly topic: string; readonly interface?: string }

export interface SpanningTreeQuestion {
  readonly show: "spanning-tree"
  readonly form: SpanningTreeForm
  readonly vlan?: number
  /** Several VLANs, sorted, and how they were written: `10,20-22`. */
  readonly vlans?: ReadonlyArray<number>
  /** One instance of a region; absent: all. */
  readonly mstid?: number
  /** One port, as it was written; of the forms `interface …` only. */
  readonly interface?: string
}

/** The forms in which spanning trees are shown; `blocks` is that without a word. */
export type SpanningTreeForm =
  | "blocks"
  | "summary"
  | "detail"
  | "root"
  | "inconsistentports"
  | "blockedports"
  | "interface"
  | "interface detail"
  | "interface portfast"
  | "mst"
  | "mst detail"
  | "mst configuration"
  | "mst configuration digest"

/** What can be asked, for sentences. */
export const FORMS = `spanning-tree, mac address-table, interfaces, interfaces status, vlan, ${TOOLKIT.map(({ words }) => words).join(", ")}`

const OWN_TOPICS = ["spanning-tree", "mac", "mac-address-table", "interfaces", "vlan"] as const
const TOPICS: ReadonlyArray<string> = [...new Set([...OWN_TOPICS, ...TOOLKIT.map(({ words }) => words.split(" ")[0])])]

/** The one of `words` that `text` begins, or is. */
const keyword = <Word extends string>(text: string, words: ReadonlyArray<Word>): Word | undefined => {
  if (text === "") return undefined
  const lower = text.toLowerCase()
  const exact = words.find((word) => word === lower)
  if (exact !== undefined) return exact
  const begun = words.filter((word) => word.startsWith(lower))
  return begun.length === 1 ? begun[0] : undefined
}

class Refusal extends Error {}

const refuse = (sentence: string): never => {
  throw new Refusal(sentence)
}

/** A VLAN id from text: 1..4094. */
const vlanId = (text: string | undefined): number => {
  const id = Number(text)
  if (text === undefined || !/^\d+$/.test(text) || id < 1 || id > 4094) {
    return refuse(`${text === undefined ? "vlan needs a VLAN id" : `"${text}" is no VLAN id`}: give a number from 1 to 4094`)
  }
  return id
}

/** Both forms of naming a VLAN, `vlan 10` among the words and `--vlan 10`, as one. */
const oneVlan = (fromWords: number | undefined, fromFlag: number | undefined): { readonly vlan?: number } => {
  if (fromWords !== undefined && fromFlag !== undefined && fromWords !== fromFlag) {
    return refuse(`the VLAN is ${fromWords} in one place and ${fromFlag} in another: name one`)
  }
  const vlan = fromWords ?? fromFlag
  return vlan === undefined ? {} : { vlan }
}

/** `known`: what may stand there. */
const nothingLeft = (words: ReadonlyArray<string>, after: string, known: ReadonlyArray<string> = []): void => {
  const cure = known.length === 0 ? "" : `: write ${oneOf(known)}, or nothing`
  if (words.length > 0) refuse(`show ${after} does not know what to do with "${words.join(" ")}"${cure}`)
}

/** The words behind spanning-tree, and those of them that a VLAN has too. */
const TREE_FORMS = ["summary", "detail", "root", "inconsistentports", "blockedports"] as const
const VLAN_FORMS = ["summary", "detail", "root"] as const

const oneOf = (words: ReadonlyArray<string>): string =>
  words.length === 1 ? words[0] : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`

const mst = (words: ReadonlyArray<string>): Question => {
  const [first, ...rest] = words
  if (first === undefined) return { show: "spanning-tree", form: "mst" }
  if (/^\d+$/.test(first)) {
    if (Number(first) > 4094) return refuse(`"${first}" is no instance: give a number from 0 to 4094`)
    const form = rest.length > 0 && keyword(rest[0], ["detail"]) !== undefined ? "mst detail" : "mst"
    nothingLeft(rest.slice(form === "mst" ? 0 : 1), `spanning-tree mst ${first}`)
    return { show: "spanning-tree", form, mstid: Number(first) }
  }
  if (keyword(first, ["detail"]) !== undefined) {
    nothingLeft(rest, "spanning-tree mst detail")
    return { show: "spanning-tree", form: "mst detail" }
  }
  if (keyword(first, ["configuration"]) === undefined) {
    return refuse(
      `show spanning-tree mst does not know what to do with "${words.join(" ")}": write the number of an instance, detail, configuration, or nothing`,
    )
  }
  if (rest.length === 0) return { show: "spanning-tree", form: "mst configuration" }
  if (keyword(rest[0], ["digest"]) === undefined) nothingLeft(rest, "spanning-tree mst configuration")
  nothingLeft(rest.slice(1), "spanning-tree mst configuration digest")
  return { show: "spanning-tree", form: "mst configuration digest" }
}

/** `10,20-22`: one VLAN, or several. */
const someVlans = (text: string | undefined, flag: number | undefined): Pick<SpanningTreeQuestion, "vlan" | "vlans"> => {
  if (text === undefined || !/[,-]/.test(text)) return oneVlan(vlanId(text), flag)
  const ids = VlanSet.idsOfKey(text)
  if (ids === undefined) return refuse(`"${text}" is no list of VLANs: write one like 10,20-22, from 1 to 4094`)
  if (flag !== undefined) return refuse(`the VLANs are ${text} in one place and ${flag} in another: name them once`)
  const vlans = [...new Set(ids)].sort((a, b) => a - b)
  return vlans.length === 1 ? { vlan: vlans[0] } : { vlans }
}

const INTERFACE_FORMS = ["detail", "portfast"] as const

const treeInterface = (words: ReadonlyArray<string>, flag: number | undefined): Question => {
  if (flag !== undefined) return refuse("show spanning-tree interface has no VLAN: leave --vlan out")
  if (words.length === 0) return refuse("show spanning-tree interface needs an interface behind it: Gi0/1")
  const [name, rest] = interfaceOf(words)
  const form = rest.length === 0 ? undefined : keyword(rest[0], INTERFACE_FORMS)
  if (rest.length > 0 && form === undefined) {
    return refuse(
      `show spanning-tree interface ${name} does not know what to do with "${rest.join(" ")}": write ${oneOf(INTERFACE_FORMS)}, or nothing`,
    )
  }
  nothingLeft(rest.slice(1), `spanning-tree interface ${name} ${form}`)
  return { show: "spanning-tree", form: form === undefined ? "interface" : `interface ${form}`, interface: name }
}

const spanningTree = (words: ReadonlyArray<string>, flag: number | undefined): Question => {
  const [first, ...rest] = words
  if (first === undefined) return { show: "spanning-tree", form: "blocks", ...oneVlan(undefined, flag) }
  const what = keyword(first, ["vlan", "mst", "interface", ...TREE_FORMS])
  switch (what) {
    case undefined:
      return refuse(
        `show spanning-tree does not know what to do with "${words.join(" ")}"${didYouMean(first, ["vlan", "mst", "interface", ...TREE_FORMS], `: write vlan 10, mst, interface Gi0/1, ${oneOf(TREE_FORMS)}, or nothing`)}`,
      )
    case "vlan": {
      const form = rest.length < 2 ? "blocks" : keyword(rest[1], VLAN_FORMS)
      if (form === undefined) {
        return refuse(
          `show spanning-tree vlan ${rest[0]} does not know what to do with "${rest.slice(1).join(" ")}": write ${oneOf(VLAN_FORMS)}, or nothing`,
        )
      }
      nothingLeft(rest.slice(2), `spanning-tree vlan ${rest[0]} ${form}`)
      return { show: "spanning-tree", form, ...someVlans(rest[0], flag) }
    }
    case "interface":
      return treeInterface(rest, flag)
    case "mst":
      if (flag !== undefined) return refuse("show spanning-tree mst has no VLAN: leave --vlan out")
      return mst(rest)
    default:
      nothingLeft(rest, `spanning-tree ${what}`)
      if ((what === "inconsistentports" || what === "blockedports") && flag !== undefined) {
        return refuse(`show spanning-tree ${what} has no VLAN: leave --vlan out`)
      }
      return { show: "spanning-tree", form: what, ...oneVlan(undefined, flag) }
  }
}

const macAddressTable = (words: ReadonlyArray<string>, flag: number | undefined): Question => {
  const filter: { vlan?: number; type?: "dynamic" | "static"; address?: MacAddress.MacAddress } = {}
  let i = 0
  while (i < words.length) {
    switch (keyword(words[i], ["vlan", "dynamic", "static", "address"])) {
      case "dynamic":
        filter.type = "dynamic"
        i++
        break
      case "static":
        filter.type = "static"
        i++
        break
      case "vlan":
        filter.vlan = vlanId(words[i + 1])
        i += 2
        break
      case "address": {
        const address = MacAddress.parse(words[i + 1] ?? "")
        if (address === undefined) {
          return refuse(
            words[i + 1] === undefined
              ? "address needs a MAC address: 0200.0000.0001 or 02:00:00:00:00:01"
              : `"${words[i + 1]}" is no MAC address: write 0200.0000.0001 or 02:00:00:00:00:01`,
          )
        }
        filter.address = address
        i += 2
        break
      }
      default:
        nothingLeft(words.slice(i), "mac address-table")
    }
  }
  return { show: "mac address-table", filter: { ...filter, ...oneVlan(filter.vlan, flag) } }
}

const interfaces = (words: ReadonlyArray<string>, flag: number | undefined): Question => {
  if (flag !== undefined) return refuse("show interfaces has no VLAN: leave --vlan out")
  if (words.length === 0) return { show: "interfaces" }
  if (words[0].length >= 2 && keyword(words[0], ["status"]) !== undefined) {
    nothingLeft(words.slice(1), "interfaces status")
    return { show: "interfaces status" }
  }
  const [name, rest] = interfaceOf(words)
  nothingLeft(rest, `interfaces ${name}`)
  return { show: "interfaces", interface: name }
}

const vlan = (words: ReadonlyArray<string>, flag: number | undefined): Question => {
  const [first, ...rest] = words
  if (first === undefined) return { show: "vlan", ...oneVlan(undefined, flag) }
  switch (keyword(first, ["brief", "id"])) {
    case "brief":
      nothingLeft(rest, "vlan brief")
      return { show: "vlan", ...oneVlan(undefined, flag) }
    case "id":
      nothingLeft(rest.slice(1), "vlan id")
      return { show: "vlan", ...oneVlan(vlanId(rest[0]), flag) }
    case undefined:
      nothingLeft(rest, "vlan")
      return { show: "vlan", ...oneVlan(vlanId(first), flag) }
  }
}

/** The question of the toolkit that words begin with, each cut short as far as it stays clear, and the words behind it; the longest there is. */
const toolkitQuestion = (words: ReadonlyArray<string>): readonly [topic: string, rest: ReadonlyArray<string>] | undefined => {
  let known = TOOLKIT.map((topic) => ({ topic: topic.words, words: topic.words.split(" ") }))
  let best: readonly [string, ReadonlyArray<string>] | undefined
  for (let i = 0; i < words.length && known.length > 0; i++) {
    const next = keyword(words[i], i === 0 ? TOPICS : [...new Set(known.map((each) => each.words[i]))])
    known = known.filter((each) => next !== undefined && each.words[i] === next)
    const whole = known.find((each) => each.words.length === i + 1)
    if (whole !== undefined) best = [whole.topic, words.slice(i + 1)]
    known = known.filter((each) => each.words.length > i + 1)
  }
  return best
}

/** The interface that words name: `Gi 0/1` and `GigabitEthernet 0/1` are the same as without the blank. */
const interfaceOf = (words: ReadonlyArray<string>): readonly [name: string, rest: ReadonlyArray<string>] => {
  const apart = words.length > 1 && /^[a-z]+$/i.test(words[0]) && /^\d/.test(words[1])
  return apart ? [words.slice(0, 2).join(""), words.slice(2)] : [words[0], words.slice(1)]
}

/** Words that make a question about an interface another one. */
const formsBehind = (topic: string): ReadonlyArray<string> =>
  TOOLKIT.flatMap(({ interface: asks, words }) =>
    asks !== undefined && asks !== false && words.startsWith(`${topic} `) ? [words.slice(topic.length + 1)] : [],
  )

const toolkit = (topic: string, words: ReadonlyArray<string>, flag: number | undefined): Question => {
  if (flag !== undefined) return refuse(`show ${topic} has no VLAN: leave --vlan out`)
  const asks = topicNamed(topic)?.interface ?? false
  if (words.length === 0 || asks === false) {
    // What is longer than a whole question stands there too: `switch virtual`, and `switch virtual link`.
    const longer = TOOLKIT.filter((each) => each.words.startsWith(`${topic} `)).map((each) => each.words.slice(topic.length + 1))
    nothingLeft(words, topic, longer)
    return asks === "needed" ? refuse(`show ${topic} needs an interface behind it: Gi0/1`) : { show: "topic", topic }
  }
  // A vPC is an interface by its number: `vpc 11`.
  const isVpc = words.length === 2 && keyword(words[0], ["vpc"]) !== undefined && topicNamed(topic)?.byVpc === true
  const named = isVpc
    ? [words.join("").toLowerCase()]
    : words.length > 1 && keyword(words[0], ["interface"]) !== undefined
      ? words.slice(1)
      : words
  const [name, rest] = interfaceOf(named)
  // `port-security interface Gi0/1 address`: the rest of the topic's words stand behind the interface.
  const longer = rest.length === 1 ? keyword(rest[0], formsBehind(topic)) : undefined
  if (longer !== undefined) return { show: "topic", topic: `${topic} ${longer}`, interface: name }
  nothingLeft(rest, `${topic} interface ${name}`)
  return { show: "topic", topic, interface: name }
}

const understand = (words: ReadonlyArray<string>, flag: number | undefined): Question => {
  if (flag !== undefined) vlanId(String(flag))
  if (words.length === 0) return refuse(`show needs to know what: ${FORMS}`)
  const own = toolkitQuestion(words)
  if (own !== undefined) return toolkit(...own, flag)
  switch (keyword(words[0], TOPICS)) {
    case "spanning-tree":
      return spanningTree(words.slice(1), flag)
    case "mac-address-table":
      return macAddressTable(words.slice(1), flag)
    case "mac":
      if (keyword(words[1] ?? "", ["address-table"]) === undefined) return refuse(`show mac needs "address-table" behind it`)
      return macAddressTable(words.slice(2), flag)
    case "interfaces":
      return interfaces(words.slice(1), flag)
    case "vlan":
      return vlan(words.slice(1), flag)
    case undefined: {
      const begun = TOPICS.filter((word) => word.startsWith(words[0].toLowerCase()))
      return refuse(
        `nothing called "${words[0]}" can be shown${didYouMean(words[0], begun.length > 1 ? begun : TOPICS, `: ${FORMS}`)}`,
      )
    }
    default: {
      const first = keyword(words[0], TOPICS) ?? ""
      const forms = TOOLKIT.filter((topic) => topic.words.startsWith(first)).map((topic) => topic.words)
      return refuse(`show ${first} does not know what to do with "${words.slice(1).join(" ")}": write ${forms.join(" or ")}`)
    }
  }
}

/** The question in some words, each of which may itself hold several (`"mac address-table"`), and `--vlan`; or a sentence. */
export const parse = (texts: ReadonlyArray<string>, flag?: number): Question | string => {
  try {
    return understand(
      texts.flatMap((text) => text.split(/\s+/)).filter((word) => word !== ""),
      flag,
    )
  } catch (refusal) {
    if (refusal instanceof Refusal) return refusal.message
    throw refusal
  }
}

/** A topic's words with the interface where its switches have it. */
const wordsOfTopic = (words: string, name: string): string => {
  const { interfaceWord } = topicNamed(words) ?? {}
  const [first, ...rest] = words.split(" ")
  return interfaceWord === undefined ? `${words} ${name}` : [first, interfaceWord, name, ...rest].join(" ")
}

/** The form, with the number or the interface in its place. */
const wordsOfForm = ({ form, interface: port, mstid }: SpanningTreeQuestion): ReadonlyArray<string | number> => {
  if (form === "blocks") return []
  const [first, ...rest] = form.split(" ")
  return [first, ...(mstid === undefined ? [] : [mstid]), ...(port === undefined ? [] : [port]), ...rest]
}

/** The question as it would be typed at a switch, in full. */
export const format = (question: Question): string => {
  switch (question.show) {
    case "spanning-tree":
      return [
        "show spanning-tree",
        ...(question.vlan === undefined ? [] : [`vlan ${question.vlan}`]),
        ...(question.vlans === undefined ? [] : [`vlan ${Columns.ranges(question.vlans)}`]),
        ...wordsOfForm(question),
      ].join(" ")
    case "mac address-table": {
      const { type, address, vlan: id } = question.filter
      return [
        "show mac address-table",
        ...(type === undefined ? [] : [type]),
        ...(address === undefined ? [] : [`address ${MacAddress.formatDotted(address)}`]),
        ...(id === undefined ? [] : [`vlan ${id}`]),
      ].join(" ")
    }
    case "interfaces":
      return `show interfaces${question.interface === undefined ? "" : ` ${question.interface}`}`
    case "interfaces status":
      return "show interfaces status"
    case "topic":
      return question.interface === undefined
        ? `show ${question.topic}`
        : `show ${wordsOfTopic(question.topic, question.interface)}`
    case "vlan":
      return question.vlan === undefined ? "show vlan brief" : `show vlan id ${question.vlan}`
  }
}
