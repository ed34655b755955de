/** Telling a scenario's own faults from ours, by where an exception was thrown. */
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { badInput, type InputError } from "../Failure.ts"
import { noDuration } from "./Duration.ts"

type Place = readonly [file: string, place: string]

/** The first place in the stack of an exception, as `[file, "12:5"]`. */
const firstPlace = (reason: unknown): Place | undefined => places(reason)[0]

/** The places in the stack of an exception, innermost first. */
const places = (reason: unknown): ReadonlyArray<Place> => {
  if (!(reason instanceof Error) || reason.stack === undefined) return []
  const found: Array<Place> = []
  for (const line of reason.stack.split("\n").slice(1)) {
    const [, where, place] = /\(?((?:file:\/\/)?\/[^():]+):(\d+:\d+)\)?$/.exec(line.trim()) ?? []
    if (where === undefined || place === undefined) continue
    found.push([where.startsWith("file:") ? fileURLToPath(where) : where, place])
  }
  return found
}

/** The text that Effect took for no duration. */
const notADuration = (reason: unknown): string | undefined =>
  reason instanceof Error ? /^Invalid Input: (.*)$/s.exec(reason.message)?.[1] : undefined

/** Where a script says something that Effect reads later, when the script is no longer on the stack: the only line that has it. */
const lineWith = (script: string, text: string): string | undefined => {
  try {
    const lines = readFileSync(script, "utf8").split("\n")
    const [line, ...others] = lines.flatMap((content, i) => (/["'`]/.test(content) && content.includes(text) ? [i + 1] : []))
    return line === undefined || others.length > 0 ? undefined : String(line)
  } catch {
    return undefined
  }
}

/** Whether an exception is the scenario's own: thrown by its file, or by Effect over what its file says. */
export const isOf = (reason: unknown, script: string | undefined): boolean =>
  script !== undefined && (firstPlace(reason)?.[0] === script || notADuration(reason) !== undefined)

const messageOf = (reason: unknown): string => {
  const text = notADuration(reason)
  if (text !== undefined) return noDuration(text)
  if (reason instanceof TypeError && /^yield\* .*is not iterable/.test(reason.message)) {
    return "what stands behind yield* is no Effect: is its name right?"
  }
  if (reason instanceof Error) return reason.message === "" ? reason.name : `${reason.name}: ${reason.message}`
  return typeof reason === "string" ? reason : (JSON.stringify(reason) ?? String(reason))
}

/** A program's own failure, in words. */
export const sentence = (reason: unknown, script: string | undefined): string => {
  const place = firstPlace(reason)
  const where = place !== undefined && place[0] === script ? ` (line ${place[1].split(":")[0]})` : ""
  return `the scenario failed${where}: ${messageOf(reason)}`
}

/** Bad input that a script gave to `Lab`, with the line that has what the problem quotes, or the call that a rule is about. */
export const located = (error: InputError, script: string | undefined): InputError => {
  if (script === undefined || error.problem.startsWith(script)) return error
  const [, quoted] = /"([^"]+)"/.exec(error.problem) ?? []
  const call = error.problem.startsWith("storm-") ? "storm.run(" : undefined
  const line = [quoted, call]
    .flatMap((text) => (text === undefined ? [] : [lineWith(script, text)]))
    .find((found) => found !== undefined)
  return line === undefined ? error : badInput(`${script}:${line}: ${error.problem}`)
}

/** An exception of the scenario's own code. */
export const inputError = (reason: unknown, script: string | undefined): InputError => {
  const text = notADuration(reason)
  const place =
    places(reason).find(([file]) => file === script)?.[1] ??
    (script === undefined || text === undefined ? undefined : lineWith(script, text))
  return badInput(`${script ?? "the scenario"}${place === undefined ? "" : `:${place}`}: ${messageOf(reason)}`)
}
