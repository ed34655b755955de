/**
 * A design's text: YAML with positions. Reading is total: whatever the text, the answer is a design or every problem with its line,
 * never an exception.
 */
import { Result, Schema } from "effect"
import * as Yaml from "yaml"
import { type Design, DesignFrame, type Node } from "./Design.ts"
import { kindOf, NODE_SCHEMAS, type NodeKind } from "./NodeBlocks.ts"
import { DesignError, error, type Finding, formatPath, type Path, type Problem } from "./DesignError.ts"
import { decode, describe, shorten } from "./SchemaProblems.ts"
import { didYouMean } from "./Suggestion.ts"

/** A design that was read from text, with the means to say where something stands. */
export interface DesignText {
  readonly file: string
  readonly design: Design
  /** The problems with their places, in the order of the text. */
  readonly locate: (problems: ReadonlyArray<Problem>) => ReadonlyArray<Finding>
}

/** Read a design from the text of a file; `file` is its name for messages. */
export const parse = (text: string, file: string): Result.Result<DesignText, DesignError> => {
  const lines = new Yaml.LineCounter()
  const document = parseYaml(text, lines)
  if (document === undefined)
    return refuse(file, [{ ...error([], "nested too deeply to be a design"), file, line: 1, column: 1 }])
  const locate = (problems: ReadonlyArray<Problem>): ReadonlyArray<Finding> => {
    const findings = problems.map((problem) => ({ ...problem, file, ...place(document, lines, problem) }))
    return findings.sort((a, b) => a.line - b.line || a.column - b.column)
  }

  if (document.errors.length > 0) {
    return refuse(
      file,
      document.errors.map((e) => ({
        ...error([], `not valid YAML: ${firstLine(e.message)}`),
        file,
        ...position(lines, e.pos[0]),
      })),
    )
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
  const problems = [...repeated, ...(Result.isFailure(decoded) ? decoded.failure : [])]
  if (Result.isFailure(decoded) || problems.length > 0) return refuse(file, locate(problems))
  return Result.succeed({ file, design: decoded.success, locate })
}

/** Judge plain data by the Schema of a design, each node by the Schema of its own kind; every problem with its path. */
export const decodeDesign = (input: unknown): Result.Result<Design, ReadonlyArray<Problem>> => {
  const frame = decode(DesignFrame, input)
  const problems: Array<Problem> = Result.isFailure(frame) ? [...frame.failure] : []
  const written = typeof input === "object" && input !== null && "nodes" in input ? input.nodes : undefined
  const nodes: Record<string, Node> = {}
  if (typeof written === "object" && written !== null && !Array.isArray(written)) {
    for (const [name, node] of Object.entries(written)) {
      const path = ["nodes", name]
      if (node === null) {
        define(nodes, name, null)
        continue
      }
      if (typeof node !== "object" || Array.isArray(node)) {
        problems.push(error(path, `expected a block of settings like {kind: switch}, or nothing, found ${describe(node)}`))
        continue
      }
      const kind = kindOf(node)
      if (!isNodeKind(kind)) {
        const kinds = Object.keys(NODE_SCHEMAS)
        problems.push(
          error(
            [...path, "kind"],
            `there is no kind "${shorten(kind)}"${didYouMean(kind, kinds, `: kinds are ${kinds.join(", ")}`)}`,
          ),
        )
        continue
      }
      const decoded = decode(NODE_SCHEMAS[kind] as Schema.Decoder<Exclude<Node, null>>, node, path, `a ${kind}`)
      if (Result.isFailure(decoded)) problems.push(...decoded.failure)
      else define(nodes, name, decoded.success)
    }
  }
  if (Result.isFailure(frame) || problems.length > 0) return Result.fail(problems)
  const { nodes: _, ...rest } = frame.success
  return Result.succeed(written === undefined ? rest : { ...rest, nodes })
}

const isNodeKind = (kind: string): kind is NodeKind => Object.hasOwn(NODE_SCHEMAS, kind)

// A node may be called `__proto__`; assignment would lose it.
const define = (nodes: Record<string, Node>, name: string, node: Node): void => {
  Object.defineProperty(nodes, name, { value: node, enumerable: true, configurable: true, writable: true })
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
