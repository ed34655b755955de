/** The whole way: the text of a design file to a plan and a directory, or every problem with its place. */
import { Result } from "effect"
import * as Build from "./Build.ts"
import { Design as DesignSchema, type Design } from "./Design.ts"
import { DesignError, type Finding, type Problem } from "./DesignError.ts"
import * as DesignFile from "./DesignFile.ts"
import * as Expand from "./Expand.ts"
import type { Network } from "./Network.ts"
import * as Rules from "./rules/Rules.ts"
import { nearest } from "./Suggestion.ts"

/** A design that can be run. */
export interface Compiled extends Build.Built {
  readonly design: Design
  readonly network: Network
  /** What the rules warn of, in the order of the file. */
  readonly warnings: ReadonlyArray<Finding>
}

/** The name of a design by its file: `designs/farm-2008.l2.yml` is `farm-2008`. */
export const nameOf = (file: string): string => (file.split(/[\\/]/).at(-1) ?? file).replace(/(\.l2)?\.ya?ml$/, "") || "design"

/** Compile the text of a file; `file` is its name for messages. Total: never throws, whatever the text. */
export const text = (text: string, file: string): Result.Result<Compiled, DesignError> => {
  const parsed = DesignFile.parse(text, file)
  if (Result.isFailure(parsed)) return Result.fail(parsed.failure)
  return finish(parsed.success.design, nameOf(file), parsed.success.problems, parsed.success.locate, file)
}

/** Compile a design that a program made; problems come without lines. The design must satisfy the Schema (`DesignFile.decodeDesign` checks). */
export const design = (design: Design, name = "design"): Result.Result<Compiled, DesignError> =>
  finish(design, name, [], (problems) => problems.map((problem) => ({ ...problem, file: "", line: 0, column: 0 })), "")

/** Compile a design that cannot be wrong; throws its problems if it is. For benchmarks and tests. */
export const sure = (made: Design, name = "design"): Compiled => {
  const compiled = design(made, name)
  if (Result.isFailure(compiled)) throw compiled.failure
  return compiled.success
}

const finish = (
  design: Design,
  name: string,
  before: ReadonlyArray<Problem>,
  locate: (problems: ReadonlyArray<Problem>) => ReadonlyArray<Finding>,
  file: string,
): Result.Result<Compiled, DesignError> => {
  const refuse = (problems: ReadonlyArray<Problem>): Result.Result<never, DesignError> =>
    Result.fail(new DesignError({ file, findings: [...locate([...before, ...problems])] }))
  if (before.some((problem) => hidesNodes(problem, design))) return refuse([])
  const expanded = Expand.expand(design, name)
  if (Result.isFailure(expanded)) return refuse(expanded.failure)
  const network = expanded.success
  const judged = Rules.judge(network)
  const errors = judged.filter((problem) => problem.severity === "error")
  if (errors.length + before.length > 0) return refuse(errors)
  return Result.succeed({ design, network, warnings: locate(judged), ...Build.build(network) })
}

/** Whether an unknown key at the top was to hold the nodes: that nothing finds its node follows from it, and is not worth a line. */
const hidesNodes = ({ path, message }: Problem, design: Design): boolean => {
  if (path.length !== 1 || !message.startsWith("unknown key")) return false
  if (design.nodes === undefined && design.farm === undefined) return true
  const meant = nearest(String(path[0]), Object.keys(DesignSchema.fields))
  return (meant === "nodes" || meant === "farm") && design[meant] === undefined
}
