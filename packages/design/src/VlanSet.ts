/** Sets of VLANs as designs write them, and the VLANs that a design has. */
import { defaultName } from "@l2lab/l2/vtp/Database"
import type { Design } from "./Design.ts"
import { error, type Path, type Problem } from "./DesignError.ts"
import type { Vlan } from "./Network.ts"
import { rangeOf } from "./Scalars.ts"

/** The ids of a list like `[1, 10, "20-30"]`, sorted, each once. */
export const ids = (list: ReadonlyArray<number | string>): ReadonlyArray<number> => {
  const set = new Set<number>()
  for (const item of list) {
    const [first, last] = typeof item === "number" ? [item, item] : (rangeOf(item) ?? [0, -1])
    for (let id = first; id <= last; id++) set.add(id)
  }
  return [...set].sort((a, b) => a - b)
}

/** The ids of a key or text like `10,20-29`, sorted, each once; undefined where it is none. */
export const idsOfKey = (key: string): ReadonlyArray<number> | undefined => {
  const set = new Set<number>()
  for (const part of key.split(",")) {
    const range = rangeOfPart(part.trim())
    if (range === undefined || outside(range) !== undefined) return undefined
    for (let id = range[0]; id <= range[1]; id++) set.add(id)
  }
  return [...set].sort((a, b) => a - b)
}

/** Why a key is no set of VLANs; or, `noun` being `instance`, of instances, which have the same numbers. */
export const problemOfKey = (key: string, noun: "VLAN" | "instance" = "VLAN"): string => {
  for (const part of key.split(",")) {
    const range = rangeOfPart(part.trim())
    if (range === undefined) {
      return `"${part.trim()}" is not ${noun === "VLAN" ? "a VLAN id" : "the number of an instance"} or a range: write ${noun}s like 10 or 10,20-30`
    }
    const wrong = outside(range, noun)
    if (wrong !== undefined) return wrong
  }
  return `"${key}" is not a set of ${noun}s: write it like 10 or 10,20-30`
}

const rangeOfPart = (part: string): readonly [first: number, last: number] | undefined =>
  /^\d{1,5}$/.test(part) ? [Number(part), Number(part)] : rangeOf(part)

/** `1, 10, 20-30` for people. */
export const format = (sorted: ReadonlyArray<number>): string => {
  const parts: Array<string> = []
  for (let i = 0; i < sorted.length;) {
    let j = i
    while (j + 1 < sorted.length && sorted[j + 1] === sorted[j] + 1) j++
    parts.push(j - i >= 2 ? `${sorted[i]}-${sorted[j]}` : sorted.slice(i, j + 1).join(", "))
    i = j + 1
  }
  return parts.join(", ")
}

/** A place that mentions a VLAN. */
export interface Mention {
  readonly id: number
  readonly path: Path
}

/** VLANs of a design that name none (`undeclared`) are all that are mentioned. */
export interface DesignVlans {
  readonly list: ReadonlyArray<Vlan>
  readonly ids: ReadonlyArray<number>
  readonly problems: ReadonlyArray<Problem>
}

/** The VLANs of a design: those that `vlans` names, or else those that are mentioned; VLAN 1 always. */
export const ofDesign = (declared: Design["vlans"], mentions: Iterable<Mention>): DesignVlans => {
  const names = new Map<number, string | undefined>([[1, undefined]])
  const problems: Array<Problem> = []
  if (declared === undefined) {
    for (const mention of mentions) if (!names.has(mention.id)) names.set(mention.id, undefined)
  } else {
    if (isList(declared)) for (const id of ids(declared)) names.set(id, undefined)
    else {
      for (const [key, name] of Object.entries(declared)) {
        const range = rangeOfPart(key)
        const wrong = range === undefined ? `"${key}" is not a VLAN id or a range: write it like 10 or 20-30` : outside(range)
        if (range === undefined || wrong !== undefined) {
          problems.push(error(["vlans", key], wrong ?? "", "key"))
          continue
        }
        for (let id = range[0]; id <= range[1]; id++)
          names.set(id, name === null ? undefined : range[0] === range[1] ? name : `${name}-${id}`)
      }
    }
    const reported = new Set<string>()
    for (const { id, path } of mentions) {
      if (names.has(id)) continue
      const place = `${id} ${path.join(".")}`
      if (!reported.has(place))
        problems.push(
          error(
            path,
            `VLAN ${id} is not among the design's vlans: add it there, or use one of ${format([...names.keys()].sort((a, b) => a - b))}`,
          ),
        )
      reported.add(place)
    }
  }
  const list = [...names].map(([id, name]) => ({ id, name: name ?? defaultName(id) })).sort((a, b) => a.id - b.id)
  return { list, ids: list.map((vlan) => vlan.id), problems }
}

const isList = (declared: NonNullable<Design["vlans"]>): declared is Extract<Design["vlans"], ReadonlyArray<unknown>> =>
  Array.isArray(declared)

const outside = ([first, last]: readonly [number, number], noun = "VLAN"): string | undefined => {
  const bad = first < 1 || first > 4094 ? first : last < 1 || last > 4094 ? last : undefined
  if (bad !== undefined) {
    return `${noun} ${bad} does not exist: ${noun === "VLAN" ? "VLAN ids" : "instances"} are whole numbers from 1 to 4094`
  }
  return first > last ? `the range ${first}-${last} runs backwards: write ${last}-${first}` : undefined
}
