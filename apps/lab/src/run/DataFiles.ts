/** The tables that a scenario kept, as CSV files. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import { badInput } from "../Failure.ts"
import type { DataTable } from "../FaultDomain.ts"
import { why } from "../report/TextSink.ts"
import type { Report } from "./Run.ts"

/** RFC 4180, with the line ends of this world. */
export const csv = ({ columns, rows }: DataTable): string =>
  [columns, ...rows].map((row) => `${row.map(cell).join(",")}\n`).join("")

const cell = (value: string | number): string => {
  const text = String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** Write every table of a run to a file of its name; the files. */
export const save = Effect.fnUntraced(function* (folder: string, report: Report) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const files: Array<string> = []
  for (const [name, table] of Object.entries(report.data ?? {})) {
    const file = path.join(folder, `${name}.csv`)
    yield* fs
      .writeFileString(file, csv(table))
      .pipe(Effect.mapError((error) => badInput(`cannot write the data to ${file}: ${why(error)}`)))
    files.push(file)
  }
  return files
})
