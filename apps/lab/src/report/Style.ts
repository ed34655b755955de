/** Colours and signs of text for people, and none of them where nobody asked for it. */

/** `colour` for a terminal; `signs` for a terminal that wants no colours (NO_COLOR); `plain` for files and pipes. */
export type Mode = "colour" | "signs" | "plain"

export interface Style {
  readonly mode: Mode
  readonly bold: (text: string) => string
  readonly dim: (text: string) => string
  readonly good: (text: string) => string
  readonly bad: (text: string) => string
  readonly accent: (text: string) => string
  readonly warn: (text: string) => string
  /** ✓ and ✗ for people, `ok` and `FAILED` for programs that search for words. */
  readonly tick: string
  readonly cross: string
}

/** What suits a channel: https://no-color.org, and terminals that cannot. */
export const wanted = (isTerminal: boolean, environment: Readonly<Record<string, string | undefined>>): Mode => {
  if (!isTerminal) return "plain"
  return (environment["NO_COLOR"] ?? "") !== "" || environment["TERM"] === "dumb" ? "signs" : "colour"
}

const plain = (text: string): string => text

const sgr =
  (on: number, off: number) =>
  (text: string): string =>
    text === "" ? "" : `\u001b[${on}m${text}\u001b[${off}m`

/** The style of a mode. */
export const make = (mode: Mode): Style => {
  if (mode !== "colour") {
    const [tick, cross] = mode === "signs" ? ["✓", "✗"] : ["ok", "FAILED"]
    return { mode, bold: plain, dim: plain, good: plain, bad: plain, accent: plain, warn: plain, tick, cross }
  }
  const good = sgr(32, 39)
  const bad = sgr(31, 39)
  return {
    mode,
    bold: sgr(1, 22),
    dim: sgr(2, 22),
    good,
    bad,
    accent: sgr(36, 39),
    warn: sgr(33, 39),
    tick: good("✓"),
    cross: bad("✗"),
  }
}
