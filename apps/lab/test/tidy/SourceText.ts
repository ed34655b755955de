/** A source file as the tidy rules see it: its lines, and the same text with comments, or comments and string contents, blanked out. */
import { readdirSync, readFileSync } from "node:fs"
import { join, relative, sep } from "node:path"
import { fileURLToPath } from "node:url"

export interface SourceText {
  /** From the repository's root, with slashes: `packages/sim/src/World.ts`. */
  readonly path: string
  readonly text: string
  readonly lines: ReadonlyArray<string>
  /** The text without comments; strings as they are. Same length, same lines. Empty for files that are not TypeScript. */
  readonly code: string
  /** The text without comments and without what stands in strings, template texts and regular expressions. */
  readonly bare: string
}

/** What a rule found: where, what, and what to do instead. */
export interface Offence {
  readonly path: string
  /** From 1. */
  readonly line: number
  readonly problem: string
}

export const format = ({ path, line, problem }: Offence): string => `${path}:${line}: ${problem}`

const REGEX_MAY_FOLLOW = /(^|[(,=:[!&|?{};~+\-*%<>]|\b(return|typeof|case|in|of|do|else|void|delete|throw|await|yield))$/

/** Blank out comments, and what is in strings if `strings` says so. Newlines stay where they are. */
const blank = (text: string, strings: boolean): string => {
  const out = text.split("")
  const wipe = (from: number, to: number): void => {
    for (let i = from; i < to; i++) if (out[i] !== "\n") out[i] = " "
  }
  // Depth of braces inside `${`, one entry for each template literal that is open.
  const templates: Array<number> = []
  let i = 0
  let significant = "" // the code before, for telling a division from a regular expression
  const template = (from: number): number => {
    let j = from
    while (j < text.length && text[j] !== "`" && !(text[j] === "$" && text[j + 1] === "{")) j += text[j] === "\\" ? 2 : 1
    if (strings) wipe(from, Math.min(j, text.length))
    if (text[j] === "`") return j + 1
    templates.push(0)
    return j + 2
  }
  while (i < text.length) {
    const two = text.slice(i, i + 2)
    const c = text[i]
    if (two === "//") {
      let end = text.indexOf("\n", i)
      if (end < 0) end = text.length
      wipe(i, end)
      i = end
    } else if (two === "/*") {
      let end = text.indexOf("*/", i + 2)
      end = end < 0 ? text.length : end + 2
      wipe(i, end)
      i = end
    } else if (c === '"' || c === "'") {
      let j = i + 1
      while (j < text.length && text[j] !== c && text[j] !== "\n") j += text[j] === "\\" ? 2 : 1
      if (strings) wipe(i + 1, j)
      significant = c
      i = j + 1
    } else if (c === "`") {
      i = template(i + 1)
      significant = "`"
    } else if (c === "/" && REGEX_MAY_FOLLOW.test(significant.trimEnd())) {
      let j = i + 1
      let inClass = false
      while (j < text.length && text[j] !== "\n" && (inClass || text[j] !== "/")) {
        if (text[j] === "[") inClass = true
        else if (text[j] === "]") inClass = false
        j += text[j] === "\\" ? 2 : 1
      }
      if (strings) wipe(i + 1, j)
      significant = "/"
      i = j + 1
    } else {
      if (templates.length > 0) {
        if (c === "{") templates[templates.length - 1]++
        else if (c === "}" && templates[templates.length - 1]-- === 0) {
          templates.pop()
          i = template(i + 1)
          significant = "`"
          continue
        }
      }
      significant = /\s/.test(c) ? (significant.endsWith(" ") ? significant : `${significant} `) : `${significant.slice(-16)}${c}`
      i++
    }
  }
  return out.join("")
}

export const isTypeScript = (path: string): boolean => /\.[cm]?tsx?$/.test(path)

/** A file by its path and text. */
export const of = (path: string, text: string): SourceText => ({
  path,
  text,
  lines: text.split("\n"),
  code: isTypeScript(path) ? blank(text, false) : "",
  bare: isTypeScript(path) ? blank(text, true) : "",
})

/** The line, from 1, of a place in a text. */
export const lineAt = (text: string, index: number): number => text.slice(0, index).split("\n").length

export const ROOT = fileURLToPath(new URL("../../../../", import.meta.url))

const SKIPPED_FOLDERS = new Set(["node_modules", ".git", ".turbo", ".tsbuild", "dist", "coverage", "out", "fixtures"])
const READ = /\.([cm]?[jt]sx?|json|md|ya?ml)$/

/** All text files of the repository that people write: sources, documents, settings. Recordings and the lock file are not. */
export const repository = (): ReadonlyArray<SourceText> => {
  const files: Array<SourceText> = []
  const visit = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) {
        if (!SKIPPED_FOLDERS.has(entry.name)) visit(path)
      } else if (READ.test(entry.name) && entry.name !== "pnpm-lock.yaml") {
        files.push(of(relative(ROOT, path).split(sep).join("/"), readFileSync(path, "utf8")))
      }
    }
  }
  visit(ROOT)
  return files.sort((x, y) => (x.path < y.path ? -1 : 1))
}
