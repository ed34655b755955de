/** The machines' figures as Mermaid state diagrams, drawn from the tables that run. */
import type { AnyMachine } from "../src/Machine.ts"
import { UCT } from "../src/Machine.ts"
import { inOrderOfClauses, type Protocol } from "./Protocols.ts"

const NAMES: Readonly<Record<string, string>> = {
  PTI: "Port Timers",
  PRX: "Port Receive",
  PPM: "Port Protocol Migration",
  BDM: "Bridge Detection",
  PTX: "Port Transmit",
  PIM: "Port Information",
  PRS: "Port Role Selection",
  PRT: "Port Role Transitions",
  PST: "Port State Transition",
  TCM: "Topology Change",
}

/** Columns that hold numbers: 0 and 1 are not FALSE and TRUE there. */
const NUMBER = /(While|When|Count)$/

/** What all conditions and procedures take, and what columns are looked up with. */
const PLACE = String.raw`(?:s|i|tree|port|cist|portOf|_?now|_?actions)`
const COLUMN = String.raw`\bs\.(\w+)(?:\[${PLACE}\])?`
const BIT = new RegExp(String.raw`${COLUMN} (===|!==|=) ([01])(?!\d)`, "g")

/** Calls without the arguments that all take, the innermost first. */
const withoutPlaces = (text: string): string => {
  const shorter = text.replaceAll(/\(([^()]*)\)/g, (call, list: string) => {
    const own = list.split(", ").filter((argument) => !new RegExp(`^${PLACE}$`).test(argument))
    return own.length === list.split(", ").length ? call : own.length === 0 ? "" : `(${own.join(", ")})`
  })
  return shorter === text ? text : withoutPlaces(shorter)
}

/** Source text of an expression or a statement in the words of the standard: columns by their names, conditions and procedures without what they all take. */
const inWords = (source: string): string =>
  withoutPlaces(source.replaceAll(/\s+/g, " ").replaceAll(/\b[A-Z]\w*\.(?=[a-z]\w*\()/g, ""))
    .replaceAll(BIT, (_text, name: string, operator: string, bit: string) => {
      if (NUMBER.test(name)) return `${name} ${operator === "===" ? "==" : operator === "!==" ? "!=" : "="} ${bit}`
      if (operator === "=") return `${name} = ${bit === "1" ? "TRUE" : "FALSE"}`
      return (operator === "===") === (bit === "1") ? name : `!${name}`
    })
    .replaceAll(new RegExp(COLUMN, "g"), "$1")
    .replaceAll("===", "==")
    .replaceAll("!==", "!=")
    .replaceAll(/ \? 1 : 0\b/g, "")
    .trim()

type Fn = NonNullable<AnyMachine["figure"]["states"][string]["entry"]> | NonNullable<AnyMachine["qualifier"]>

/** A procedure that is done is written as a call, a condition that is asked is not. */
const asCall = (text: string): string => (/^\w+$/.test(text) ? `${text}()` : text)

/** The expression of a function, or its statements. */
const bodyOf = (fn: Fn): { readonly expression: string } | { readonly statements: ReadonlyArray<string> } => {
  const source = fn.toString()
  const body = source.slice(source.indexOf("=>") + 2).trim()
  if (!body.startsWith("{")) return { expression: inWords(body) }
  const lines = body
    .slice(1, -1)
    .split("\n")
    .map((line) => line.replace(/\/\/.*/, "").trim())
    .filter((line) => line !== "")
  return { statements: lines.map((line) => asCall(inWords(line))) }
}

const hasOwnName = ({ name }: Fn): boolean => name !== "when" && name !== "entry" && name !== "qualifier"

/** A condition; one that has a name of its own and needs statements to say is called by its name. */
const sayCondition = (when: NonNullable<AnyMachine["qualifier"]>): string => {
  if (when === UCT) return "UCT"
  const body = bodyOf(when)
  return "expression" in body ? body.expression : hasOwnName(when) ? when.name : body.statements.join(" ")
}

/** What is done on entry, line by line; a procedure of the standard by its name, what was only given a name to be said once in full. */
const sayEntry = (entry: Fn): ReadonlyArray<string> => {
  const body = bodyOf(entry)
  const lines = "expression" in body ? [asCall(body.expression)] : body.statements
  const isPlain = lines.every((line) => /^\w+ = |^\w+\(\)$/.test(line))
  return hasOwnName(entry) && !isPlain ? [`${entry.name}()`] : lines
}

/** What Mermaid would take for something else. */
const escape = (text: string): string =>
  text.replaceAll("<", "#lt;").replaceAll(">", "#gt;").replaceAll(";", ",").replaceAll(":", "#colon;")

/** A machine as a Mermaid diagram, in its own words. */
export const diagram = ({ figure }: AnyMachine): ReadonlyArray<string> => {
  const label = (when: NonNullable<AnyMachine["qualifier"]>): string => escape(sayCondition(when))
  const global = figure.global ?? []
  const begins = [...figure.begin.toString().matchAll(/"(\w+)"/g)].map(([, state]) => state)
  return [
    "```mermaid",
    "stateDiagram-v2",
    ...(global.length > 0 ? ['  state "any state" as ANY'] : []),
    ...begins.map((state) => `  [*] --> ${state}: BEGIN${begins.length > 1 ? " (one of two)" : ""}`),
    ...global.map(({ to, when }) => `  ANY --> ${to}: ${label(when)}`),
    ...Object.entries(figure.states).flatMap(([name, { entry, exits }]) => [
      `  ${name}: ${name}`,
      ...(entry === undefined ? [] : sayEntry(entry).map((line) => `  ${name}: ${escape(line)}`)),
      ...exits.map(({ to, when }) => `  ${name} --> ${to}: ${label(when)}`),
    ]),
    "```",
  ]
}

/** The page of a protocol. */
export const page = (protocol: Protocol): string =>
  [
    `# The state machines of ${protocol.edition}, as they run here`,
    "",
    `Drawn by \`npm run figures\` from the tables in \`packages/stp/src/${protocol.name}\`; a test fails when this page is not what it draws. Boxes show what is done on`,
    "entry, arcs when they are taken (UCT: at once). Names are the standard's; where a condition has a name of its own, the table's file says what it is.",
    "Ours are `askReselect()` (reselect = TRUE, selected = FALSE), `setRole(r)` (role = r), `setPortState()` (17.21.3 to 17.21.6), `takeDesignated()` (portPriority",
    "and portTimes = designatedPriority and designatedTimes), `setFdbFlush()` (fdbFlush = TRUE), `countDown()` (all timers of all ports) and `wakeFollowers()`, which",
    "only tells the engine what to look at.",
    ...protocol.words,
    ...inOrderOfClauses(protocol.machines).flatMap((machine) => [
      "",
      `## ${machine.figure.clause} ${NAMES[machine.figure.abbreviation]} (${machine.figure.abbreviation})`,
      "",
      ...(machine.figure.qualifier === undefined
        ? []
        : [`All arcs but UCT also want: \`${sayCondition(machine.figure.qualifier)}\`.`, ""]),
      ...diagram(machine),
    ]),
    "",
  ].join("\n")
