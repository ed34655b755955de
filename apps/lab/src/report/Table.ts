/** Tables of text in columns, as wide as what stands in them. */
import type { Style } from "./Style.ts"

/** Columns that a text takes, colours not counted. */
export const width = (text: string): number => {
  // oxlint-disable-next-line no-control-regex
  return text.replace(/\u001b\[[0-9;]*m/g, "").length
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
