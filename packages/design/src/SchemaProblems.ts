/** From what the Schema found to sentences: what stands there, what was expected, and for an unknown key the one that was meant. */
import { Result, Schema, type SchemaAST, type SchemaIssue } from "effect"
import { error, type Path, type Problem } from "./DesignError.ts"
import { inName } from "./GuardKeys.ts"
import { didYouMean } from "./Suggestion.ts"
import * as Units from "./Units.ts"

/** A value, if it could be had, and what is wrong with it: with unknown keys only, it is the value without them. */
export interface Decoded<A> {
  readonly value: A | undefined
  readonly problems: ReadonlyArray<Problem>
}

/** Decode `input`, which stands at `path` of the design. `owner` names what has the keys: `a switch`. */
export const decode = <S extends Schema.Decoder<unknown>>(
  schema: S,
  input: unknown,
  path: Path = [],
  owner?: string,
): Decoded<S["Type"]> => {
  const result = Schema.decodeUnknownResult(schema)(input, { errors: "all", onExcessProperty: "error", reportInput: true })
  if (Result.isSuccess(result)) return { value: result.success, problems: [] }
  const problems: Array<Problem> = []
  collect(result.failure.issue, path, owner, problems)
  // Whoever mistypes a key wants to hear of the rest in the same breath.
  const without = Schema.decodeUnknownResult(schema)(input, { errors: "first", onExcessProperty: "ignore" })
  return { value: Result.isSuccess(without) ? without.success : undefined, problems: firstOfEachPlace(problems).map(inName) }
}

/** What a value is, for a sentence: `the text "abc"`, `the number 7`, `a list`, `nothing`. */
export const describe = (value: unknown): string => {
  if (value === null || value === undefined) return "nothing"
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list"
  switch (typeof value) {
    case "string":
      return `the text ${JSON.stringify(shorten(value))}`
    case "number":
      return `the number ${value}`
    case "boolean":
      return `${value}`
    default:
      return "a mapping"
  }
}

/** A text that fits into a line. */
export const shorten = (text: string): string => (text.length > 60 ? `${text.slice(0, 57)}...` : text)

// Several checks of one value may fail for one reason; the first says it best.
const firstOfEachPlace = (problems: ReadonlyArray<Problem>): ReadonlyArray<Problem> => {
  const seen = new Set<string>()
  return problems.filter((problem) => {
    const place = JSON.stringify(problem.path)
    if (seen.has(place)) return false
    seen.add(place)
    return true
  })
}

const expectedOf = (annotations: SchemaAST.AST["annotations"]): string | undefined =>
  typeof annotations?.["expected"] === "string" ? annotations["expected"] : undefined

const keysOf = (ast: SchemaAST.AST): ReadonlyArray<string> =>
  ast._tag === "Objects" ? ast.propertySignatures.map((signature) => String(signature.name)) : []

/** What a union accepts: its own phrase, or its words. */
const expectedOfUnion = (ast: SchemaAST.Union): string => {
  const own = expectedOf(ast.annotations)
  if (own !== undefined) return own
  const words = ast.types.map((type) =>
    type._tag === "Literal" ? String(type.literal) : (expectedOf(type.annotations) ?? "nothing"),
  )
  return words.length === 1 ? words[0] : `${words.slice(0, -1).join(", ")} or ${words[words.length - 1]}`
}

// The words of a choice are compared with what was written: a slip of the pen gets its correction.
const wordsOf = (ast: SchemaAST.AST): ReadonlyArray<string> =>
  ast._tag === "Union" ? ast.types.flatMap(wordsOf) : ast._tag === "Literal" ? [String(ast.literal)] : []

// What switches and people call spanning trees, and what it is called here.
const SPANNING_TREES: Readonly<Record<string, string>> = {
  ieee: "stp",
  "802.1d": "stp",
  "802.1w": "rstp",
  rapid: "rstp",
  off: "none",
  "802.1s": "mst",
  mstp: "mst",
  "pvst+": "pvst",
  rpvst: "rapid-pvst",
  "rpvst+": "rapid-pvst",
  "rapid-pvst+": "rapid-pvst",
  "rapid-pvstp": "rapid-pvst",
}

const wrongValue = (path: Path, ast: SchemaAST.AST, expected: string, input: unknown): Problem => {
  const words = wordsOf(ast)
  if (words.length > 0 && typeof input === "string") {
    if (path.at(-1) === "protocol" && Object.hasOwn(SPANNING_TREES, input.toLowerCase())) {
      const here = SPANNING_TREES[input.toLowerCase()]
      return error(path, `"${input}" is called ${here} here: write protocol: ${here}`)
    }
    const choice = words.length === 1 ? words[0] : `${words.slice(0, -1).join(", ")} or ${words[words.length - 1]}`
    return error(path, `"${shorten(input)}" is not a choice here: write ${choice}`)
  }
  // `helloTime: 2`, `rate: 10`: the number is right, its unit is missing.
  const quantity = typeof input === "number" ? /^a (rate|size|time) with its unit/.exec(expected)?.[1] : undefined
  if (typeof input === "number" && quantity !== undefined)
    return error(path, Units.withoutUnit(input, quantity as "rate" | "size" | "time", String(path.at(-1))))
  return error(path, `expected ${expected}, found ${describe(input)}`)
}

const missing = (path: Path, key: PropertyKey, owner: SchemaAST.AST | undefined): Problem => {
  if (typeof key === "number") return error(path, `element ${key + 1} is missing: write two, like ["sw1:1", "sw2:1"]`)
  const field = owner?._tag === "Objects" ? owner.propertySignatures.find((signature) => signature.name === key) : undefined
  // Annotations of a Schema with checks are those of its last check.
  const annotations = field?.type.checks?.at(-1)?.annotations ?? field?.type.annotations
  const examples = annotations?.["examples"]
  const example = Array.isArray(examples) && examples.length > 0 ? examples[0] : undefined
  const text = typeof example === "string" ? example : JSON.stringify(example)
  return error(path, `"${String(key)}" is missing: add it${example === undefined ? "" : `, like ${String(key)}: ${text}`}`, "key")
}

const collect = (issue: SchemaIssue.Issue, path: Path, owner: string | undefined, problems: Array<Problem>): void => {
  switch (issue._tag) {
    case "Pointer": {
      collect(issue.issue, [...path, ...issue.path.map((key) => (typeof key === "number" ? key : String(key)))], owner, problems)
      return
    }
    case "Composite":
      for (const inner of issue.issues) {
        const key = inner._tag === "Pointer" && inner.issue._tag === "MissingKey" ? inner.path[0] : undefined
        if (key === undefined) collect(inner, path, owner, problems)
        else problems.push(missing(path, key, issue.ast))
      }
      return
    case "AnyOf":
      if (issue.issues.length === 0) problems.push(wrongValue(path, issue.ast, expectedOfUnion(issue.ast), issue.input))
      for (const inner of issue.issues) collect(inner, path, owner, problems)
      return
    case "Filter": {
      const message = issue.issue._tag === "InvalidValue" ? issue.issue.annotations?.["message"] : undefined
      if (typeof message === "string") problems.push(error(path, message))
      else
        problems.push(
          error(path, `expected ${expectedOf(issue.filter.annotations) ?? "another value"}, found ${describe(issue.input)}`),
        )
      return
    }
    case "UnexpectedKey": {
      const key = path[path.length - 1]
      if (typeof key === "number") {
        problems.push(error(path, `one too many: ${expectedOf(issue.ast.annotations) ?? "a shorter list"} is expected here`))
        return
      }
      const keys = keysOf(issue.ast)
      const where = owner !== undefined && path.length === 3 ? ` of ${owner}` : ""
      problems.push(error(path, `unknown key${didYouMean(key, keys, `${where}; known keys are ${keys.join(", ")}`)}`, "key"))
      return
    }
    case "MissingKey":
      problems.push(missing(path.slice(0, -1), path[path.length - 1], undefined))
      return
    case "InvalidType":
      problems.push(wrongValue(path, issue.ast, expectedOf(issue.ast.annotations) ?? "another kind of value", issue.input))
      return
    case "Encoding":
      collect(issue.issue, path, owner, problems)
      return
    case "InvalidValue":
    case "Forbidden":
    case "OneOf":
      problems.push(error(path, `this value does not fit here`))
  }
}
