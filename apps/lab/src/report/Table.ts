/** Tables of text in columns, as wide as what stands in them. */
import type { Style } from "./Style.ts"

/** Columns that a text takes, colours not counted. */
export const width = (text: string): number => {
  // oxlint-disable-next-line no-control-regex
  return text.replace(/\u001b\[[0-9;]*m/g, "").length
}

/** Columns that running text is broken at. */
export const PAGE = 80

/**
 * Text broken at spaces into lines of `columns`, those after the first one indented. A word that is longer than a line stands on one of its own; spaces within a
 * line stay as they are.
 */
export const wrap = (text: string, columns: number, indent: string): string => {
  const lines: Array<string> = []
  let line = ""
  for (const part of text.match(/ *[^ ]+/g) ?? []) {
    const isFirstOnLine = line === ""
    if (!isFirstOnLine && width(line) + width(part) > columns) {
      lines.push(line)
      line = part.trimStart()
    } else line += part
  }
  lines.push(line)
  return lines.join(`\n${indent}`)
}

/** Text on the page: lines after the first one are indented, and none is longer than the page. */
export const inPage = (text: string, indent: string): string => wrap(text, PAGE - indent.length, indent)

/**
 * A command on lines that a shell takes for one: broken with backslashes to `columns`, before a word or a flag with its value, never within quotes. A word that
 * is longer stays whole.
 */
export const commandLines = (command: string, columns: number): ReadonlyArray<string> => {
  const units = command.match(/--\S+ (?!-)(?:[^\s"']|"[^"]*"|'[^']*')+|(?:[^\s"']|"[^"]*"|'[^']*')+/g) ?? []
  const lines: Array<string> = []
  for (const unit of units) {
    const line = lines.at(-1)
    if (line === undefined) lines.push(unit)
    else if (width(line) + 1 + width(unit) <= columns - " \\".length) lines[lines.length - 1] = `${line} ${unit}`
    else lines.push(`  ${unit}`)
  }
  if (units.join(" ") !== command) return [command]
  return lines.map((line, i) => (i === lines.length - 1 ? line : `${line} \\`))
}

/** Pad to a width, left- or right-aligned. */
export const pad = (text: string, columns: number, align: "left" | "right" = "left"): string => {
  const space = " ".repeat(Math.max(0, columns - width(text)))
  return align === "left" ? text + space : space + text
}

/** A head line and a line a row; two spaces between columns, none at the end of a line. */
export const render = (
  head: ReadonlyArray<string>,
  rows: ReadonlyArray<ReadonlyArray<string>>,
  align: ReadonlyArray<"left" | "right">,
  style: Style,
): ReadonlyArray<string> => {
  const widths = head.map((title, column) => Math.max(width(title), ...rows.map((row) => width(row[column] ?? ""))))
  const line = (cells: ReadonlyArray<string>): string =>
    cells
      .map((cell, column) =>
        column === cells.length - 1 && align[column] === "left" ? cell : pad(cell, widths[column], align[column]),
      )
      .join("  ")
      .trimEnd()
  return [style.dim(line(head)), ...rows.map(line)]
}
