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

/** Source text of an expression or a statement in the words of the standard: columns by their names, conditions and procedures without what they all take. */
const inWords = (source: string): string =>
  source
    .replaceAll(/\s+/g, " ")
    .replaceAll(/\b[A-Z]\w*\.(?=[a-z]\w*\()/g, "")
    .replaceAll(/\(([^()]*)\)/g, (call, list: string) => {
      const own = list.split(", ").filter((argument) => !/^(s|i|tree|_?now|_?actions)$/.test(argument))
      return own.length === list.split(", ").length ? call : own.length === 0 ? "" : `(${own.join(", ")})`
    })
    .replaceAll(
      /\bs\.(\w+)(?:\[(?:i|tree)\])? (===|!==|=) ([01])(?!\d)/g,
      (_text, name: string, operator: string, bit: string) => {
        if (NUMBER.test(name)) return `${name} ${operator === "===" ? "==" : operator === "!==" ? "!=" : "="} ${bit}`
        if (operator === "=") return `${name} = ${bit === "1" ? "TRUE" : "FALSE"}`
        return (operator === "===") === (bit === "1") ? name : `!${name}`
      },
    )
    .replaceAll(/\bs\.(\w+)(\[(i|tree)\])?/g, "$1")
    .replaceAll("===", "==")
    .replaceAll("!==", "!=")
    .replaceAll(/ \? 1 : 0\b/g, "")
    .trim()

/** The part of a function that says what it does: its expression, or its statements. */
const bodyOf = (source: string): ReadonlyArray<string> => {
  const body = source.slice(source.indexOf("=>") + 2).trim()
  if (!body.startsWith("{")) return [inWords(body)]
  const statements = body
    .slice(1, -1)
    .split("\n")
    .map((line) => line.replace(/\/\/.*/, "").trim())
    .filter((line) => line !== "")
  return statements.map((statement) => asCall(inWords(statement)))
}

/** A procedure that is done is written as a call, a condition that is asked is not. */
const asCall = (text: string): string => (/^\w+$/.test(text) ? `${text}()` : text)

type Fn = AnyMachine["figure"]["states"][string]["entry"]

/** A function that was given a name of its own is called by it; one that stands in the table tells what it does. */
const say = (fn: NonNullable<Fn> | AnyMachine["qualifier"]): ReadonlyArray<string> =>
  fn.name === "when" || fn.name === "entry" || fn.name === "qualifier" ? bodyOf(fn.toString()) : [fn.name]

/** What Mermaid would take for something else. */
const escape = (text: string): string =>
  text.replaceAll("<", "#lt;").replaceAll(">", "#gt;").replaceAll(";", ",").replaceAll(":", "#colon;")

const diagram = ({ figure }: AnyMachine): ReadonlyArray<string> => {
  const label = (when: AnyMachine["qualifier"]): string => (when === UCT ? "UCT" : escape(say(when).join(" ")))
  const states = Object.entries(figure.states)
  const global = figure.global ?? []
  const first = /"(\w+)"/g
  const begins = [...figure.begin.toString().matchAll(first)].map(([, state]) => state)
  return [
    "```mermaid",
    "stateDiagram-v2",
    ...(global.length > 0 ? ['  state "any state" as ANY'] : []),
    ...begins.map((state) => `  [*] --> ${state}: BEGIN${begins.length > 1 ? " (one of two)" : ""}`),
    ...global.map(({ to, when }) => `  ANY --> ${to}: ${label(when)}`),
    ...states.flatMap(([name, { entry, exits }]) => [
      `  ${name}: ${name}`,
      ...(entry === undefined ? [] : say(entry).map((line) => `  ${name}: ${escape(asCall(line))}`)),
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
    ...inOrderOfClauses(protocol.machines).flatMap((machine) => [
      "",
      `## ${machine.figure.clause} ${NAMES[machine.figure.abbreviation]} (${machine.figure.abbreviation})`,
      "",
      ...(machine.figure.qualifier === undefined
        ? []
        : [`All arcs but UCT also want: \`${say(machine.figure.qualifier).join(" ")}\`.`, ""]),
      ...diagram(machine),
    ]),
    "",
  ].join("\n")
