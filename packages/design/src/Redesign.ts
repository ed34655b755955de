/** A design with some of its settings changed by a program: the same farm with another protocol, with a guard more. */
import { Result } from "effect"
import * as Compile from "./Compile.ts"
import type { Design } from "./Design.ts"
import { DesignError, type Problem } from "./DesignError.ts"
import * as DesignFile from "./DesignFile.ts"

/** Plain data as it stands in a design. */
type Plain = Readonly<Record<string, unknown>>

const isBlock = (value: unknown): value is Plain => typeof value === "object" && value !== null && !Array.isArray(value)

/** Blocks are put together key by key; what is no block on both sides is the changes' word. */
const merge = (base: Plain, changes: Plain): Plain => {
  const merged = new Map(Object.entries(base))
  for (const [key, change] of Object.entries(changes)) {
    const before = merged.get(key)
    merged.set(key, isBlock(before) && isBlock(change) ? merge(before, change) : change)
  }
  return Object.fromEntries(merged)
}

/** Compile `design` with `changes`. Problems are told by their paths in the outcome. Total: never throws, whatever the changes. */
export const redesign = (design: Design, changes: Plain, name: string): Result.Result<Compile.Compiled, DesignError> => {
  const decoded = DesignFile.decodeDesign(merge(design as Plain, changes))
  return decoded.value === undefined || decoded.problems.length > 0
    ? Result.fail(refusal(decoded.problems))
    : Compile.design(decoded.value, name)
}

const refusal = (problems: ReadonlyArray<Problem>): DesignError =>
  new DesignError({ file: "", findings: problems.map((problem) => ({ ...problem, file: "", line: 0, column: 0 })) })
