/** The figures of one call as a table of 80 columns. */
import type { Row } from "./Measure.ts"
import type { MultichassisRow } from "./Multichassis.ts"
import type { PerVlanRow } from "./PerVlan.ts"
import type { TreeRow } from "./Trees.ts"

export interface Result {
  readonly paired: ReadonlyArray<Row>
  readonly trees: ReadonlyArray<TreeRow>
  readonly perVlan: ReadonlyArray<PerVlanRow>
  readonly multichassis: ReadonlyArray<MultichassisRow>
  /** Rate of W1 with capture at one port, relative to without; by frame size. */
  readonly capture: ReadonlyArray<{ readonly octets: number; readonly ratio: number }>
  /** Octets of memory per CAM entry at 100,000 entries. */
  readonly bytesPerEntry?: number
  /** Milliseconds to fork 200 access switches with 2,000 entries on every switch. */
  readonly forkMilliseconds?: number
}

const millions = (value: number): string => `${(value / 1e6).toFixed(2)} M`

/** Building, running, processor time, and events a second: 31 columns. */
const times = (row: TreeRow | PerVlanRow | MultichassisRow): string =>
  `${row.buildSeconds.toFixed(3).padStart(7)} ${row.runSeconds.toFixed(3).padStart(6)} ${row.processorSeconds.toFixed(3).padStart(6)} ${millions(row.eventsPerSecond).padStart(8)}`

const memory = (row: TreeRow | PerVlanRow | MultichassisRow): string => row.peakMegabytes.toFixed(0).padStart(8)

export const lines = (result: Result): ReadonlyArray<string> => {
  const text: Array<string> = []
  if (result.paired.length > 0) {
    text.push("                                  per second    bare loop   ratio")
    for (const row of result.paired) {
      text.push(
        `${row.workload}  ${row.title.padEnd(22)} ${millions(row.perSecond).padStart(14)} ${millions(row.barePerSecond).padStart(12)} ${`${Math.round(row.ratio * 100)} %`.padStart(7)}  ${row.unit}`,
      )
    }
  }
  for (const { octets, ratio } of result.capture) {
    text.push(`W1  with capture at one port, ${octets} octets: ${Math.round(ratio * 100)} % of the rate without`)
  }
  if (result.trees.length > 0) {
    text.push("", "W3  cold start to 60 s  build s  run s  CPU s events/s   BPDUs blocked  peak MB")
    for (const row of result.trees) {
      const title = row.protocol === "rstp2004" ? `RSTP ${row.title}` : row.title
      text.push(
        `    ${title.padEnd(18)} ${times(row)} ${String(row.bpdus).padStart(7)} ${String(row.blocked).padStart(7)} ${memory(row)}`,
      )
    }
  }
  for (const row of result.perVlan) {
    text.push(
      "",
      `W5  Rapid PVST+, ${row.access} access switches, ${row.vlans} VLANs, the root fails; 60 s`,
      "    build s  run s  CPU s events/s   BPDUs blocked  failure settled  peak MB",
      `    ${times(row)} ${String(row.bpdus).padStart(7)} ${String(row.blocked).padStart(7)} ${`${row.settledMilliseconds.toFixed(1)} ms`.padStart(16)} ${memory(row)}`,
    )
  }
  for (const row of result.multichassis) {
    text.push(
      "",
      `W6  a chassis pair, ${row.access} access switches on bundles, LACP fast, RSTP; 60 s`,
      "    build s  run s  CPU s events/s members  chassis              peak MB",
      `    ${times(row)} ${String(row.members).padStart(7)}  ${row.modes.padEnd(19)} ${memory(row)}`,
    )
  }
  if (result.bytesPerEntry !== undefined)
    text.push("", `CAM at 100,000 entries: ${result.bytesPerEntry.toFixed(1)} octets an entry`)
  if (result.forkMilliseconds !== undefined) {
    text.push(`fork of 202 switches with 2,000 entries each: ${result.forkMilliseconds.toFixed(2)} ms`)
  }
  return text
}
