/**
 * The tables of keys in docs/design-file.md, made from the Schema: key, default, meaning. A table stands behind the marker
 * `<!-- keys: link -->`; `fill` writes it anew, and a test fails when the page and the Schema say different things.
 */
import * as JsonSchema from "./JsonSchema.ts"

interface Block {
  readonly properties?: Readonly<Record<string, Block>>
  readonly additionalProperties?: Block
  readonly items?: Block
  readonly anyOf?: ReadonlyArray<Block>
  readonly required?: ReadonlyArray<string>
  readonly description?: string
  readonly default?: unknown
}

const child = (block: Block, ...steps: ReadonlyArray<string | number>): Block =>
  steps.reduce((at: Block, step) => {
    const next =
      typeof step === "number"
        ? at.anyOf?.[step]
        : step === "*"
          ? at.additionalProperties
          : step === "[]"
            ? at.items
            : at.properties?.[step]
    if (next === undefined) throw new Error(`the schema has no ${steps.join(" ")}`)
    return next
  }, block)

/** The blocks of a design file by the name that markers use, in the order of the page. */
export const blocks = (): ReadonlyMap<string, Block> => {
  const top = JsonSchema.make() as Block
  const node = (index: number) => child(top, "nodes", "*", index)
  return new Map([
    ["design", top],
    ["switch", node(0)],
    ["errdisable", child(node(0), "errdisable")],
    ["linkFlap", child(node(0), "errdisable", "linkFlap", 1)],
    ["controlPlane", child(node(0), "controlPlane")],
    ["bpduStorm", child(node(0), "controlPlane", "bpduStorm")],
    ["macMove", child(node(0), "macMove", 1)],
    ["vtp", child(node(0), "vtp")],
    ["lldp", child(node(0), "lldp", 1)],
    ["cdp", child(node(0), "cdp", 1)],
    ["udld", child(node(0), "udld", 2)],
    ["portChannel", child(node(0), "portChannel", "*")],
    ["linkStateGroup", child(node(0), "linkStateGroup", "*")],
    ["port", child(node(0), "port", "*")],
    ["lldpOfPort", child(node(0), "port", "*", "lldp", 1)],
    ["spanningTree", child(top, "spanningTree")],
    ["vlanTree", child(top, "spanningTree", "vlans", "*")],
    ["region", child(top, "spanningTree", "region")],
    ["instanceTree", child(top, "spanningTree", "instances", "*")],
    ["portInTree", child(node(0), "port", "*", "vlans", "*")],
    ["stormControl", child(node(0), "port", "*", "stormControl")],
    ["portSecurity", child(node(0), "port", "*", "portSecurity")],
    ["hub", node(1)],
    ["host", node(2)],
    ["hypervisor", node(3)],
    ["portGroup", child(node(3), "portGroups", "*", 2)],
    ["vmkernel", child(node(3), "vmkernel", "*")],
    ["vmotion", child(node(3), "vmotion")],
    ["vm", child(top, "vms", "*")],
    ["writes", child(top, "vms", "*", "writes")],
    ["vss", child(top, "pairs", "*", 0)],
    ["pairChannel", child(top, "pairs", "*", 0, "portChannel", "*")],
    ["chassis", child(top, "pairs", "*", 0, "switch", "1")],
    ["dualActive", child(top, "pairs", "*", 0, "dualActive")],
    ["vpc", child(top, "pairs", "*", 1)],
    ["peer", child(top, "pairs", "*", 1, "switch", "1")],
    ["link", child(top, "links", "[]", 1)],
    ["defaults", child(top, "defaults")],
    ["farm", child(top, "farm")],
    ["farmPortChannel", child(top, "farm", "portChannel")],
    ["farmNetwork", child(top, "farm", "vms")],
  ])
}

const row = (key: string, block: Block, required: boolean): string => {
  const text = block.description ?? ""
  const inWords = / Default: (.*)\.$/.exec(text)
  const isDefault =
    block.default === undefined
      ? (inWords?.[1] ?? "")
      : `\`${typeof block.default === "string" ? block.default : JSON.stringify(block.default)}\``
  const meaning = (inWords === null ? text : text.slice(0, inWords.index)).replace(/ Required\.$/, "")
  return `| \`${key}\` | ${required ? "required" : isDefault} | ${meaning.replaceAll("|", "\\|")} |`
}

/** Blocks that have all keys of `defaults.switch` besides their own, which are not repeated. */
const SWITCHES = new Set(["vss"])

/** The table of one block. */
export const table = (block: Block, without: Block = {}): string =>
  [
    "| Key | Default | Meaning |",
    "| --- | --- | --- |",
    ...Object.entries(block.properties ?? {})
      .filter(([key]) => without.properties === undefined || !Object.hasOwn(without.properties, key))
      .map(([key, value]) => row(key, value, block.required?.includes(key) === true)),
  ].join("\n")

const MARKER = /<!-- keys: (\w+) -->\n(?:\|.*\n)*/g

/** The page with every table written anew. A marker that names no block throws; a block without a marker is listed by `missing`. */
export const fill = (page: string): string => {
  const known = blocks()
  return page.replace(MARKER, (_, name: string) => {
    const block = known.get(name)
    if (block === undefined) throw new Error(`docs/design-file.md has a marker for ${name}, which is no block of the Schema`)
    const without = SWITCHES.has(name) ? child(known.get("defaults")!, "switch") : undefined
    return `<!-- keys: ${name} -->\n${table(block, without)}\n`
  })
}

/** Blocks that the page has no table of. */
export const missing = (page: string): ReadonlyArray<string> => {
  const there = new Set([...page.matchAll(MARKER)].map((match) => match[1]))
  return [...blocks().keys()].filter((name) => !there.has(name))
}
