/** What a run says: lines as it goes on, checks as they are made, and in the end one account of it all. */
import type { SimTime } from "@l2lab/sim/SimTime"
import type { CheckResult } from "../Check.ts"
import type { Output } from "../Output.ts"
import { formatInstant } from "../report/Quantity.ts"
import type { Style } from "../report/Style.ts"
import { inPage, pad } from "../report/Table.ts"

/** A line that belongs to an instant, for `--json`. */
export interface Said {
  /** Virtual nanoseconds; absent for lines that belong to none. */
  readonly at?: SimTime
  readonly text: string
}

export interface Reporter {
  /** Print a line in the run's body. */
  readonly tell: (at: SimTime | undefined, text: string) => void
  readonly check: (at: SimTime, result: CheckResult) => void
  /** Print a line at the margin: headings and results. Not part of `--json`. */
  readonly heading: (text: string) => void
  readonly warn: (text: string) => void
  readonly said: ReadonlyArray<Said>
  readonly checks: ReadonlyArray<CheckResult>
}

/** `text` prints everything, `quiet` what went wrong only, `json` nothing before the end. */
export type Verbosity = "text" | "quiet" | "json"

const STAMP_COLUMNS = 11

/** A reporter that prints to an output. `beforePrinting` takes a progress line away. */
export const make = (output: Output["Service"], verbosity: Verbosity, beforePrinting: () => void): Reporter => {
  const { style, out, err, errStyle } = output
  const said: Array<Said> = []
  const checks: Array<CheckResult> = []
  const print = (text: string): void => {
    beforePrinting()
    out.write(`${text}\n`)
  }
  const margin = (at: SimTime | undefined): string =>
    at === undefined ? "" : style.dim(pad(formatInstant(at), STAMP_COLUMNS, "right"))
  return {
    said,
    checks,
    tell: (at, text) => {
      said.push(at === undefined ? { text: unstyled(text) } : { at, text: unstyled(text) })
      // What belongs to no instant are tables, and commands to be copied.
      if (verbosity === "text") print(at === undefined ? `  ${text}` : `${margin(at)}  ${besideMargin(text)}`)
    },
    check: (at, result) => {
      checks.push(result)
      if (verbosity === "text" || (verbosity === "quiet" && !result.passed))
        print(`${margin(at)}  ${besideMargin(checkText(result, style))}`)
    },
    heading: (text) => {
      if (verbosity === "text") print(inPage(text, ""))
    },
    warn: (text) => {
      beforePrinting()
      err.write(`${warningText(text, errStyle, verbosity !== "json")}\n`)
    },
  }
}

/** Running text beside the margin. */
const besideMargin = (text: string): string => inPage(text, " ".repeat(STAMP_COLUMNS + 2))

/** A warning: broken at the page for people, on one line for programs. What it is about, `file:line:column:`, stays behind the first word. */
export const warningText = (text: string, style: Style, forPeople: boolean): string => {
  const head = style.warn("warning:")
  // A space that no line is broken at.
  return forPeople ? inPage(`${head}\u00a0${text}`, "  ").replace("\u00a0", " ") : `${head} ${text}`
}

/** `✓ outage of web-1: 61.3 ms (at most 2 s)`. */
export const checkText = ({ name, passed, actual, expected }: CheckResult, style: Style): string => {
  const sign = passed ? style.tick : style.cross
  const found = actual === undefined ? "" : `: ${actual}`
  const wanted = expected === undefined ? "" : passed && actual === expected ? "" : ` (${passed ? "" : "expected "}${expected})`
  return `${sign} ${passed ? name : style.bad(name)}${found}${wanted}`
}

// oxlint-disable-next-line no-control-regex
const unstyled = (text: string): string => text.replace(/\u001b\[[0-9;]*m/g, "")
