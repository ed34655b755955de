/** Text in columns, as switches print it: cells padded to a width, trailing blanks cut, lists wrapped under their column. */

/** One line from cells and the widths of all but the last; one blank between columns. A cell that is too long pushes the rest to the right. */
export const line = (widths: ReadonlyArray<number>, ...cells: ReadonlyArray<string | number>): string =>
  cells
    .map((cell, i) => String(cell).padEnd(widths[i] ?? 0))
    .join(" ")
    .trimEnd()

/** The dashes under a heading. */
export const rule = (...widths: ReadonlyArray<number>): string => widths.map((width) => "-".repeat(width)).join(" ")

/** `items` with commas, broken into lines of at most `width`; one empty line when there are none. */
export const wrap = (items: ReadonlyArray<string>, width: number): ReadonlyArray<string> => {
  const lines: Array<string> = []
  let current = ""
  for (const [i, item] of items.entries()) {
    const next = current === "" ? item : `${current}, ${item}`
    // A line that goes on in the next one needs no room for the comma: switches leave it out.
    if (current !== "" && next.length > width) {
      lines.push(current)
      current = item
    } else current = next
    if (i === items.length - 1) lines.push(current)
  }
  return lines.length === 0 ? [""] : lines
}

/** Vlan ids as ranges: `1,10,20-30`. The ids are sorted. */
export const ranges = (ids: ReadonlyArray<number>): string => {
  const parts: Array<string> = []
  for (let i = 0; i < ids.length; i++) {
    const first = ids[i]
    while (i + 1 < ids.length && ids[i + 1] === ids[i] + 1) i++
    parts.push(first === ids[i] ? `${first}` : `${first}-${ids[i]}`)
  }
  return parts.join(",")
}

/** `1`, `0.5`: seconds without needless decimals. */
export const seconds = (ns: number): string => String(Number((ns / 1e9).toFixed(3)))
