/**
 * Which clause of a standard is where. A comment claims the clauses that it begins with, for what stands below it: a declaration, a field, or the
 * file, of which it is the head. The edition is that of the folder unless the comment names it.
 */
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

/** A declaration at the outermost level of a file, with its text. */
export interface Declaration {
  /** From `src`: `rstp2004/Procedures.ts`. */
  readonly file: string
  readonly name: string
  readonly text: string
}

/** A clause and what claims it. */
export interface Claim {
  readonly edition: string
  /** `17.21.8`. */
  readonly clause: string
  /** The number is recalled, not read from a named source. */
  readonly recalled: boolean
  readonly file: string
  /** `rcvInfo`, `State.agree`, or nothing for the whole file. */
  readonly name: string
  /** Of a remark within a declaration: what stands between it and the next one. */
  readonly part?: string
}

const SOURCES = fileURLToPath(new URL("../src/", import.meta.url))

/** Editions by folder; files outside of folders are about what all editions share. */
const EDITIONS: Readonly<Record<string, string>> = {
  stp1998: "802.1D-1998",
  rstp2004: "802.1D-2004",
  mstp: "802.1Q-2005",
}
const SHARED = "802.1D-1998"

const NUMBER = String.raw`\d+(?:\.\d+)+†?`
const LIST = new RegExp(
  String.raw`^(?:(802\.1[DQ]-\d{4}) )?(?:clause )?(${NUMBER}(?:(?:, | and | to | \.\. )${NUMBER})*)(?![\w-])`,
)

/** `17.21.3 to 17.21.6` is four clauses. */
const expand = (from: string, to: string): ReadonlyArray<string> => {
  const parts = from.split(".")
  const last = Number(parts.at(-1))
  const end = Number(to.split(".").at(-1))
  return Array.from({ length: end - last + 1 }, (_, index) => [...parts.slice(0, -1), last + index].join("."))
}

/** The clauses that a comment begins with. */
export const clausesOf = (comment: string, edition: string): ReadonlyArray<Pick<Claim, "edition" | "clause" | "recalled">> => {
  const [, named = edition, list] = LIST.exec(comment) ?? []
  if (list === undefined) return []
  const items = list.split(/, | and /)
  return items.flatMap((item) => {
    const recalled = item.includes("†")
    const [from, to = from] = item.replaceAll("†", "").split(/ to | \.\. /)
    return expand(from, to).map((clause) => ({ edition: named, clause, recalled }))
  })
}

const DECLARATION = /^(?:export )?(?:const|let|function|interface|type|class) (\w+)/
const FIELD = /^ {2}(?:readonly )?(\w+)\??:/

interface Scanned {
  readonly declarations: ReadonlyArray<Declaration>
  readonly claims: ReadonlyArray<Claim>
}

const scanFile = (file: string): Scanned => {
  const lines = readFileSync(join(SOURCES, file), "utf8").split("\n")
  const edition = EDITIONS[file.split("/")[0]] ?? SHARED
  const claims: Array<Claim> = []
  const starts: Array<{ readonly name: string; readonly line: number }> = []
  let open = ""
  let isType = false
  for (let i = 0; i < lines.length; i++) {
    const [, name] = DECLARATION.exec(lines[i]) ?? []
    if (name !== undefined) {
      starts.push({ name, line: i })
      open = name
      isType = /^(?:export )?(?:interface|type) /.test(lines[i])
    }
    const [, remark] = /(?:^|\s)\/\/ (.*)$/.exec(lines[i]) ?? []
    if (remark !== undefined) {
      // In a type such a remark heads a group of fields, which claim what they are.
      const clauses = isType ? [] : clausesOf(remark, edition)
      const end = lines.findIndex((line, index) => index > i && (line.includes("// ") || DECLARATION.test(line)))
      const part = lines.slice(i, end < 0 ? lines.length : end).join("\n")
      for (const clause of clauses) claims.push({ ...clause, file, name: open, part })
      continue
    }
    if (!lines[i].trim().startsWith("/**")) continue
    const first = i
    const words: Array<string> = []
    for (; ; i++) {
      words.push(
        lines[i]
          .trim()
          .replace(/^\/\*\*|^\*(?!\/)/, "")
          .replace(/\*\/$/, "")
          .trim(),
      )
      if (lines[i].includes("*/")) break
    }
    const below = lines[i + 1] ?? ""
    const declared = DECLARATION.exec(below)?.[1]
    const field = FIELD.exec(below)?.[1]
    const claimant = first === 0 && declared === undefined ? "" : (declared ?? (field === undefined ? open : `${open}.${field}`))
    for (const clause of clausesOf(words.filter((text) => text !== "").join(" "), edition))
      claims.push({ ...clause, file, name: claimant })
  }
  const declarations = starts.map(({ line, name }, index) => ({
    file,
    name,
    text: lines.slice(line, starts[index + 1]?.line ?? lines.length).join("\n"),
  }))
  return { declarations, claims }
}

/** All sources of the package. */
export const scan = (): Scanned => {
  const files = readdirSync(SOURCES, { recursive: true, encoding: "utf8" })
    .map((file) => file.replaceAll("\\", "/"))
    .filter((file) => file.endsWith(".ts"))
    .toSorted()
  const scanned = files.map(scanFile)
  return {
    declarations: scanned.flatMap(({ declarations }) => declarations),
    claims: scanned.flatMap(({ claims }) => claims),
  }
}
