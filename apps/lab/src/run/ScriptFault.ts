/** Telling a scenario's own faults from ours, by where an exception was thrown. */
import { fileURLToPath } from "node:url"
import { badInput, type InputError } from "../Failure.ts"

/** The first place in the stack of an exception, as `[file, "12:5"]`. */
const firstPlace = (reason: unknown): readonly [file: string, place: string] | undefined => {
  if (!(reason instanceof Error) || reason.stack === undefined) return undefined
  for (const line of reason.stack.split("\n").slice(1)) {
    const [, where, place] = /\(?((?:file:\/\/)?\/[^():]+):(\d+:\d+)\)?$/.exec(line.trim()) ?? []
    if (where === undefined || place === undefined) continue
    return [where.startsWith("file:") ? fileURLToPath(where) : where, place]
  }
  return undefined
}

/** Whether an exception was thrown by the scenario's own file. */
export const isOf = (reason: unknown, script: string | undefined): boolean =>
  script !== undefined && firstPlace(reason)?.[0] === script

const messageOf = (reason: unknown): string => {
  if (reason instanceof Error) return reason.message === "" ? reason.name : `${reason.name}: ${reason.message}`
  return typeof reason === "string" ? reason : (JSON.stringify(reason) ?? String(reason))
}

/** A program's own failure, in words. */
export const sentence = (reason: unknown, script: string | undefined): string => {
  const place = firstPlace(reason)
  const where = place !== undefined && place[0] === script ? ` (line ${place[1].split(":")[0]})` : ""
  return `the scenario failed${where}: ${messageOf(reason)}`
}

/** An exception of the scenario's own code. */
export const inputError = (reason: unknown, script: string | undefined): InputError => {
  const place = firstPlace(reason)
  return badInput(`${script ?? "the scenario"}${place === undefined ? "" : `:${place[1]}`}: ${messageOf(reason)}`)
}
