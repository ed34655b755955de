/**
 * A design's text: YAML with positions. Reading is total: whatever the text, the answer is a design or every problem with its line,
 * never an exception.
 */
import { Result, Schema } from "effect"
import * as Yaml from "yaml"
import { type Design, DesignFrame, type Node } from "./Design.ts"
import { kindOf, NODE_SCHEMAS, type NodeKind } from "./NodeBlocks.ts"
import { PAIR_SCHEMAS, type PairBlock, type PairType } from "./PairBlocks.ts"
import { DesignError, error, type Finding, format, formatPath, type Path, type Problem } from "./DesignError.ts"
import { decode, type Decoded, describe, shorten } from "./SchemaProblems.ts"
import { didYouMean } from "./Suggestion.ts"

/** A design that was read from text, with the means to say where something stands. */
export interface DesignText {
  readonly file: string
  readonly design: Design
  /** Errors that left a design all the same (unknown keys): it is good for finding more of them, not for running. */
  readonly problems: ReadonlyArray<Problem>
  /** The problems with their places, in the order of the text. */
  readonly locate: (problems: ReadonlyArray<Problem>) => ReadonlyArray<Finding>
}

/** Read a design from the text of a file; `file` is its name for messages. */
export const parse = (text: string, file: string): Result.Result<DesignText, DesignError> => {
  const lines = new Yaml.LineCounter()
  const document = parseYaml(text, lines)
  if (document === undefined)
    return refuse(file, [{ ...error([], "nested too deeply to be a design"), file, line: 1, column: 1 }])
  let names: ReadonlySet<string> = new Set()
  const locate = (problems: ReadonlyArray<Problem>): ReadonlyArray<Finding> => {
    const findings = problems.map((problem) => ({ ...problem, file, ...place(document, lines, problem) }))
    return once(findings, names).sort((a, b) => a.line - b.line || a.column - b.column)
  }

  // What the parser finds after its first error is mostly a consequence of it.
  const syntax = document.errors[0]
  if (syntax !== undefined) {
    const message = /call stack/.test(syntax.message)
      ? "nested too deeply to be a design"
      : `not valid YAML: ${firstLine(syntax.message)}`
    return refuse(file, [{ ...error([], message), file, ...position(lines, syntax.pos[0]) }])
  }
  const root = document.contents
  if (root === null || (Yaml.isScalar(root) && root.value === null)) {
    return refuse(file, [
      {
        ...error(
          [],
          'the design is empty: give it nodes and links, for instance "nodes: {sw1:, sw2:}" and "links: [[sw1, sw2]]"',
        ),
        file,
        line: 1,
        column: 1,
      },
    ])
  }
  const input = plainOf(document)
  if (Result.isFailure(input)) return refuse(file, [{ ...error([], input.failure), file, line: 1, column: 1 }])
  if (typeof input.success !== "object" || input.success === null || Array.isArray(input.success)) {
    return refuse(
      file,
      locate([error([], `a design is a mapping of keys such as nodes and links, this file holds ${describe(input.success)}`)]),
    )
  }
  const repeated = repeatedKeys(root)
  const decoded = decodeDesign(input.success)
  const problems = [...repeated, ...decoded.problems]
  if (decoded.value === undefined || repeated.length > 0) return refuse(file, locate(problems))
  names = new Set(Object.keys(decoded.value.nodes ?? {}))
  return Result.succeed({ file, design: decoded.value, problems, locate })
}

// A farm may say the same of a hundred of its parts.
const once = (findings: ReadonlyArray<Finding>, nodes: ReadonlySet<string>): Array<Finding> => {
  const alike = new Map<string, { readonly first: Finding; readonly lines: Set<string> }>()
  for (const finding of findings) {
    const line = format(finding)
    // What is wrong at one place of the design, a default, may be said of every node.
    const key = line.replace(WORD, (word) => (nodes.has(word) || FARM_NODE.test(word) ? "a node" : word))
    const known = alike.get(key)
    if (known === undefined) alike.set(key, { first: finding, lines: new Set([line]) })
    else known.lines.add(line)
  }
  return [...alike.values()].map(({ first, lines }) =>
    lines.size === 1 ? first : { ...first, message: `${first.message} (and so for ${lines.size - 1} more)` },
  )
}

const WORD = /[A-Za-z][\w.-]*/g
const FARM_NODE = /^(?:dist|acc|esx)-\d+$/

/** Judge plain data by the Schema of a design, each node and each pair by the Schema of its own kind; every problem with its path. */
export const decodeDesign = (input: unknown): Decoded<Design> => {
  const frame = decode(DesignFrame, input)
  const nodes = decodeEach(input, "nodes", decodeNode)
  const pairs = decodeEach(input, "pairs", decodePair)
  const problems = [...frame.problems, ...nodes.problems, ...pairs.problems]
  if (frame.value === undefined || nodes.value === undefined || pairs.value === undefined) return { value: undefined, problems }
  const { nodes: _, pairs: _unseen, ...rest } = frame.value
  return {
    value: {
      ...rest,
      ...(frame.value.nodes !== undefined && { nodes: nodes.value }),
      ...(frame.value.pairs !== undefined && { pairs: pairs.value }),
    },
    problems,
  }
}

/** The blocks of a mapping at the top, each by itself. */
const decodeEach = <A>(
  input: unknown,
  key: string,
  decodeOne: (block: unknown, path: Path) => Decoded<A>,
): Decoded<Readonly<Record<string, A>>> => {
  const written: unknown =
    typeof input === "object" && input !== null && Object.hasOwn(input, key) ? (input as Record<string, unknown>)[key] : undefined
  const problems: Array<Problem> = []
  const values: Record<string, A> = {}
  if (typeof written !== "object" || written === null || Array.isArray(written)) return { value: values, problems }
  let whole = true
  for (const [name, block] of Object.entries(written)) {
    const decoded = decodeOne(block, [key, name])
    problems.push(...decoded.problems)
    if (decoded.value === undefined) whole = false
    else define(values, name, decoded.value)
  }
  return { value: whole ? values : undefined, problems }
}

const decodePair = (pair: unknown, path: Path): Decoded<PairBlock> => {
  const types = Object.keys(PAIR_SCHEMAS)
  if (typeof pair !== "object" || pair === null || Array.isArray(pair)) {
    const expected = "expected a block like {type: vss, domain: 10, vsl: [core-1:1, core-2:1]}"
    return { value: undefined, problems: [error(path, `${expected}, found ${describe(pair)}`)] }
  }
  const type = "type" in pair ? pair.type : undefined
  if (type === undefined) {
    return { value: undefined, problems: [error(path, '"type" is missing: add type: vss or type: vpc', "key")] }
  }
  if (typeof type !== "string" || !Object.hasOwn(PAIR_SCHEMAS, type)) {
    const cure = didYouMean(String(type), types, `: write ${types.join(" or ")}`)
    return {
      value: undefined,
      problems: [error([...path, "type"], `there is no pair of type "${shorten(String(type))}"${cure}`)],
    }
  }
  return decode(PAIR_SCHEMAS[type as PairType] as Schema.Decoder<PairBlock>, pair, path, `a ${type} pair`)
}

const decodeNode = (node: unknown, path: Path): Decoded<Node> => {
  if (node === null) return { value: null, problems: [] }
  if (typeof node !== "object" || Array.isArray(node)) {
    return {
      value: undefined,
      problems: [error(path, `expected a block of settings like {kind: switch}, or nothing, found ${describe(node)}`)],
    }
  }
  const kind = kindOf(node)
  if (!isNodeKind(kind)) {
    const kinds = Object.keys(NODE_SCHEMAS)
    const cure = didYouMean(kind, kinds, `: kinds are ${kinds.join(", ")}`)
    return { value: undefined, problems: [error([...path, "kind"], `there is no kind "${shorten(kind)}"${cure}`)] }
  }
  const decoded = decode(NODE_SCHEMAS[kind] as Schema.Decoder<Exclude<Node, null>>, node, path, `a ${kind}`)
  return { value: decoded.value, problems: decoded.problems.map((problem) => belongsElsewhere(problem, kind)) }
}

/** A key that another kind of node has: what is wrong is the kind, or the key is out of place. */
const belongsElsewhere = (problem: Problem, kind: NodeKind): Problem => {
  const key = problem.path[2]
  if (problem.path.length !== 3 || !problem.message.startsWith("unknown key")) return problem
  const others = Object.entries(NODE_SCHEMAS).flatMap(([other, schema]) =>
    Object.hasOwn(schema.fields, String(key)) ? [other] : [],
  )
  return others.length === 0
    ? problem
    : { ...problem, message: `a ${kind} has no ${key}, a ${others.join(" or a ")} has: write kind: ${others[0]}, or remove it` }
}

const isNodeKind = (kind: string): kind is NodeKind => Object.hasOwn(NODE_SCHEMAS, kind)

// A node may be called `__proto__`; assignment would lose it.
const define = <A>(blocks: Record<string, A>, name: string, block: A): void => {
  Object.defineProperty(blocks, name, { value: block, enumerable: true, configurable: true, writable: true })
}

const refuse = (file: string, findings: ReadonlyArray<Finding>): Result.Result<never, DesignError> =>
  Result.fail(new DesignError({ file, findings: [...findings] }))

const firstLine = (message: string): string => message.split("\n")[0].replace(/[.:]+$/, "")

/** The parsed document; undefined when it is nested so deeply that the parser's stack ends. Repeated keys are judged here, by path. */
const parseYaml = (text: string, lineCounter: Yaml.LineCounter): Yaml.Document.Parsed | undefined => {
  try {
    return Yaml.parseDocument(text, { lineCounter, uniqueKeys: false, prettyErrors: false, merge: true, logLevel: "silent" })
  } catch {
    return undefined
  }
}

/** The document as plain data, or why it cannot be had (an alias without its anchor, aliases that multiply). */
const plainOf = (document: Yaml.Document.Parsed): Result.Result<unknown, string> => {
  try {
    return Result.succeed(document.toJS({ maxAliasCount: 100 }))
  } catch (cause) {
    return Result.fail(`not valid YAML: ${cause instanceof Error ? firstLine(cause.message) : "it cannot be read"}`)
  }
}

const keyText = (key: unknown): string =>
  Yaml.isScalar(key) ? String(key.value) : Yaml.isNode(key) ? key.toString() : String(key)

/** Keys that stand twice in one mapping: YAML would keep the last and lose the first in silence. */
const repeatedKeys = (root: Yaml.Node): ReadonlyArray<Problem> => {
  const problems: Array<Problem> = []
  const visit = (node: unknown, path: Path): void => {
    if (Yaml.isMap(node)) {
      const seen = new Set<string>()
      for (const pair of node.items) {
        const key = keyText(pair.key)
        if (key === "<<") continue
        if (seen.has(key))
          problems.push({ ...error([...path, key], repeated(path, key), "key"), occurrence: pair } as RepeatedKey)
        seen.add(key)
        visit(pair.value, [...path, key])
      }
    } else if (Yaml.isSeq(node)) {
      node.items.forEach((item, index) => visit(item, [...path, index]))
    }
  }
  visit(root, [])
  return problems
}

/** A repeated key is found by itself, its path being that of the first one too. */
interface RepeatedKey extends Problem {
  readonly occurrence: Yaml.Pair
}

const repeated = (path: Path, key: string): string => {
  const owner = formatPath(path)
  const what = owner === "nodes" ? "node" : owner === "vms" || owner.endsWith(".vms") ? "VM" : undefined
  return what === undefined
    ? `the key "${shorten(key)}" stands here for the second time: keep one of the two`
    : `there are two ${what}s named "${shorten(key)}": rename one of them`
}

const position = (lines: Yaml.LineCounter, offset: number): { readonly line: number; readonly column: number } => {
  const { line, col } = lines.linePos(offset)
  return { line: Math.max(line, 1), column: Math.max(col, 1) }
}

/** The place of a problem; of the nearest thing around it where its path leads to nothing (a default, a merge). */
const place = (
  document: Yaml.Document.Parsed,
  lines: Yaml.LineCounter,
  problem: Problem,
): { readonly line: number; readonly column: number } => {
  let node: unknown = document.contents
  let key: unknown = undefined
  if ("occurrence" in problem) key = (problem as RepeatedKey).occurrence.key
  else {
    for (const step of problem.path) {
      if (Yaml.isAlias(node)) node = node.resolve(document)
      if (Yaml.isMap(node)) {
        const pair: Yaml.Pair | undefined = node.items.findLast((item) => keyText(item.key) === String(step))
        if (pair === undefined) break
        key = pair.key
        node = pair.value
      } else if (Yaml.isSeq(node) && typeof step === "number" && step < node.items.length) {
        key = undefined
        node = node.items[step]
      } else break
    }
  }
  // A value that is not there (`sw1:`) is shown at its key; so is one that starts lines below it.
  const target = problem.at === "key" || "occurrence" in problem || !hasRange(node) || Yaml.isMap(node) ? (key ?? node) : node
  return position(lines, hasRange(target) ? target.range[0] : 0)
}

const hasRange = (node: unknown): node is { readonly range: Yaml.Range } =>
  Yaml.isNode(node) && node.range !== null && node.range !== undefined
