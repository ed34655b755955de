/** What a run says: lines as it goes on, checks as they are made, and in the end one account of it all. */
import type { SimTime } from "@l2lab/sim/SimTime"
import type { CheckResult } from "../Check.ts"
import type { Output } from "../Output.ts"
import { formatInstant } from "../report/Quantity.ts"
import type { Style } from "../report/Style.ts"
import { PAGE, pad, wrap } from "../report/Table.ts"

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
      if (verbosity === "text") print(at === undefined ? `  ${text}` : `${margin(at)}  ${inPage(text)}`)
    },
    check: (at, result) => {
      checks.push(result)
      if (verbosity === "text" || (verbosity === "quiet" && !result.passed))
        print(`${margin(at)}  ${inPage(checkText(result, style))}`)
    },
    heading: (text) => {
      if (verbosity === "text") print(wrap(text, PAGE, ""))
    },
    warn: (text) => {
      beforePrinting()
      err.write(`${errStyle.warn("warning:")} ${text}\n`)
    },
  }
}

/** Running text beside the margin. */
const inPage = (text: string): string => {
  const indent = " ".repeat(STAMP_COLUMNS + 2)
  return wrap(text, PAGE - indent.length, indent)
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
