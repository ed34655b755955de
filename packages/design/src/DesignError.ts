/** What is wrong with a design: where, what, and the cure, one line each. */
import { Schema } from "effect"

/** Where in a design: keys and list positions (from 0) from the top. */
export type Path = ReadonlyArray<string | number>

/** A finding about a design, before anyone has looked up its line. */
export interface Problem {
  readonly severity: "error" | "warning"
  readonly path: Path
  /** What the line and column point to: the key itself, or its value (the default). */
  readonly at?: "key" | "value"
  /** A sentence with the cure, without a full stop. */
  readonly message: string
}

/** A finding with its place in a file. */
export interface Finding extends Problem {
  /** As the file was named by the caller; empty for a design that did not come from a file. */
  readonly file: string
  /** From 1; 0 when there is no text. */
  readonly line: number
  /** From 1; 0 when there is no text. */
  readonly column: number
}

/** An error at a place. */
export const error = (path: Path, message: string, at: "key" | "value" = "value"): Problem => ({
  severity: "error",
  path,
  at,
  message,
})

/** A warning at a place: the design is built all the same. */
export const warning = (path: Path, message: string, at: "key" | "value" = "value"): Problem => ({
  severity: "warning",
  path,
  at,
  message,
})

/** `nodes.sw1.port.3`, `links[0].ends[1]`. */
export const formatPath = (path: Path): string => {
  let text = ""
  for (const step of path) text += typeof step === "number" ? `[${step}]` : text === "" ? step : `.${step}`
  return text
}

/** `designs/x.l2.yml:12:5: nodes.sw1.prots: unknown key; did you mean "ports"?`: always one line. */
export const format = (finding: Finding): string => {
  const place = finding.line === 0 ? finding.file : `${finding.file}:${finding.line}:${finding.column}`
  const parts = [
    place,
    formatPath(finding.path),
    finding.severity === "warning" ? `warning: ${finding.message}` : finding.message,
  ]
  // Keys and values are quoted in messages as they stand in the file: what would break the line is shown escaped.
  return (
    parts
      .filter((part) => part !== "")
      .join(": ")
      // oxlint-disable-next-line no-control-regex
      .replace(/[\u0000-\u001f\u007f\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`)
  )
}

const MOST_LINES = 50

/** A design that cannot be built: every error that was found, each with its place. */
export class DesignError extends Schema.TaggedError<DesignError>()("DesignError", {
  file: Schema.String,
  findings: Schema.Array(
    Schema.Struct({
      severity: Schema.Literals(["error", "warning"]),
      path: Schema.Array(Schema.Union([Schema.String, Schema.Finite])),
      at: Schema.optionalKey(Schema.Literals(["key", "value"])),
      message: Schema.String,
      file: Schema.String,
      line: Schema.Finite,
      column: Schema.Finite,
    }),
  ),
}) {
  /** One line for each finding, up to fifty. */
  override get message(): string {
    const lines = this.findings.slice(0, MOST_LINES).map(format)
    const more = this.findings.length - lines.length
    return (more > 0 ? [...lines, `${this.file}: and ${more} more like these`] : lines).join("\n")
  }
}
