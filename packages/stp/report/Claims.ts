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

/** A clause, a clause with an item (`13.24 ai)`), or another item of the clause before. */
const TOKEN = /(?:(\d+(?:\.\d+)+)(?: ([a-z]{1,2})\)(?!\w))?|([a-z]{1,2})\))(†?)/y
const SEPARATOR = /(, | and | to | \.\. )/y

type Numbered = Pick<Claim, "clause" | "recalled">

/** `a` is 1, `z` 26, `aa` 27. */
export const letterNumber = (letters: string): number =>
  [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 96, 0)

const lettersOf = (number: number): string =>
  number > 26 ? lettersOf(Math.floor((number - 1) / 26)) + lettersOf(((number - 1) % 26) + 1) : String.fromCharCode(96 + number)

/** `17.21.3 to 17.21.6` is four clauses, `17.21.25 a) to c)` three items. */
const between = (from: string, to: string): ReadonlyArray<string> => {
  const [number, item] = from.split(" ")
  if (item !== undefined) {
    const [first, last] = [item, to.split(" ")[1]].map((text) => letterNumber(text.replace(")", "")))
    return Array.from({ length: last - first }, (_, index) => `${number} ${lettersOf(first + 1 + index)})`)
  }
  const parts = from.split(".")
  const first = Number(parts.at(-1))
  const last = Number(to.split(".").at(-1))
  return Array.from({ length: last - first }, (_, index) => [...parts.slice(0, -1), first + 1 + index].join("."))
}

/** The clauses that a comment begins with. */
export const clausesOf = (comment: string, edition: string): ReadonlyArray<Numbered & { readonly edition: string }> => {
  const [head, named = edition] = /^(?:(802\.1[DQ]-\d{4}) )?/.exec(comment)!
  const found: Array<Numbered> = []
  let at = head.length
  let isRange = false
  for (;;) {
    TOKEN.lastIndex = at
    const [token, number = found.at(-1)?.clause.split(" ")[0], ownItem, otherItem, dagger] = TOKEN.exec(comment) ?? []
    if (token === undefined || number === undefined) break
    const item = ownItem ?? otherItem
    const clause = item === undefined ? number : `${number} ${item})`
    at += token.length
    // `17.1-2`, `8.5x`: no clause.
    if (/^[\w-]/.test(comment.slice(at))) break
    const recalled = dagger === "†"
    if (isRange) {
      const first = found.pop()!
      // A dagger behind a range is meant for all of it.
      found.push(
        ...[first.clause, ...between(first.clause, clause)].map((each) => ({
          clause: each,
          recalled: recalled || first.recalled,
        })),
      )
    } else found.push({ clause, recalled })
    SEPARATOR.lastIndex = at
    const [separator, word] = SEPARATOR.exec(comment) ?? []
    if (separator === undefined) break
    isRange = word === " to " || word === " .. "
    at += separator.length
  }
  return found.map(({ clause, recalled }) => ({ edition: named, clause, recalled }))
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
