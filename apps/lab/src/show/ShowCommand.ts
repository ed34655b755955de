/**
 * `lab show`: boot a design, let it settle (or run to an instant), let things happen to it, and print what its switches say.
 *
 * With `--json` one document: `{ design, show, at, settled, lastChangeAt, after, switches }`. `at` and `lastChangeAt` are virtual
 * seconds; `settled` is null where an instant was asked for; each switch is `{ name, power }` and, while it is on, `spanningTrees` (or
 * what `SpanningTreeAnswer` has for the other forms), `macAddressTable`, `interfaces` or `vlans` as the modules beside this one give them.
 */
import { didYouMean } from "@l2lab/design/Suggestion"
import { SECOND, type DurationNs, type SimTime } from "@l2lab/sim/SimTime"
import { ON, SILENT } from "@l2lab/sim/World"
import { WORLD } from "@l2lab/sim/WorldCommand"
import * as Effect from "effect/Effect"
import * as Bridges from "../Bridges.ts"
import { boot, type Emulation } from "../Emulation.ts"
import { badInput, EXIT, Finished, type InputError } from "../Failure.ts"
import { Output } from "../Output.ts"
import { found } from "../lab/Session.ts"
import * as AgedOut from "../report/AgedOut.ts"
import * as Unsettled from "../report/Unsettled.ts"
import * as LogBook from "../report/LogBook.ts"
import { formatInstant, formatMoment, formatNs } from "../report/Quantity.ts"
import { inPage } from "../report/Table.ts"
import * as Duration from "../run/Duration.ts"
import * as Progress from "../run/Progress.ts"
import { warningText } from "../run/Reporter.ts"
import * as Target from "../run/Target.ts"
import * as TraceHub from "../run/TraceHub.ts"
import * as Settle from "../Settle.ts"
import * as Change from "./Change.ts"
import * as Interfaces from "./Interfaces.ts"
import * as MacAddressTable from "./MacAddressTable.ts"
import * as Question from "./Question.ts"
import * as SpanningTreeAnswer from "./SpanningTreeAnswer.ts"
import * as InterfaceQuery from "./InterfaceQuery.ts"
import * as SwitchQuery from "./SwitchQuery.ts"
import type { Asked } from "./Topic.ts"
import { topicNamed } from "./Topics.ts"
import * as Vlan from "./Vlan.ts"

/** The command line of `lab show`. */
export interface ShowInput {
  readonly design: string
  readonly what: ReadonlyArray<string>
  /** Names of switches; empty: all. */
  readonly nodes: ReadonlyArray<string>
  readonly vlan: number | undefined
  readonly at: string | undefined
  readonly after: ReadonlyArray<string>
  readonly limit: string
  readonly seed: number | undefined
  readonly json: boolean
}

/** When the answer was taken. */
interface Taken {
  readonly at: SimTime
  /** Undefined where an instant was asked for. */
  readonly settled: boolean | undefined
  readonly lastChangeAt: SimTime
  /** When the last of `--after` happened; absent without any. */
  readonly changedAt?: SimTime
}

/** Events between two looks at whether someone pressed Ctrl-C. */
const SLICE_EVENTS = 100_000

/** Answer. Fails with `Finished` where the network did not settle within the limit: the answer is printed all the same. */
export const show = Effect.fnUntraced(function* (input: ShowInput) {
  const question = yield* understood(Question.parse(input.what, input.vlan))
  const limitNs = yield* found(() => Duration.parse("limit", input.limit))
  const atNs = input.at === undefined ? undefined : yield* found(() => Duration.parse("at", input.at ?? ""))
  const compiled = yield* Target.compile(input.design)
  const changes: Array<Change.Change> = []
  for (const text of input.after) changes.push(yield* understood(Change.parse(text, compiled.directory)))
  const log = LogBook.make(compiled.directory)
  const agedOut = AgedOut.make(compiled.directory)
  const emulation = boot(compiled, {
    seed: input.seed,
    prepare: ({ simulation }) => {
      const hub = TraceHub.make(simulation)
      hub.subscribeSignificant(log.take)
      hub.subscribeSignificant(agedOut.take)
    },
  })
  const meant = yield* found(() => switches(emulation, input.nodes))
  if ("interface" in question && question.interface !== undefined) {
    yield* found(() => interfaceOn(emulation, meant, question.interface ?? ""))
  }

  const { out, err, errStyle, style } = yield* Output
  for (const warning of Target.warnings(compiled)) err.write(`${warningText(warning, errStyle, !input.json)}\n`)
  const taken = yield* take(emulation, changes, atNs, limitNs)
  const nodes = concerned(emulation, log, whoAnswers(emulation, meant, input.nodes), question, input.nodes)
  if (input.json) out.write(`${JSON.stringify(document(emulation, log, nodes, question, input, taken), null, 2)}\n`)
  else {
    for (const line of [headline(emulation, input, taken), ...lasted(input, taken)]) {
      for (const part of inPage(line, "! ").split("\n")) out.write(`${style.dim(part)}\n`)
    }
    for (const node of nodes) for (const line of answer(emulation, log, node, question)) out.write(`${line}\n`)
    if (
      question.show === "mac address-table" &&
      nodes.every((node) => SwitchQuery.macAddressTable(emulation, node).entries.length === 0)
    ) {
      for (const line of whyEmpty(changes, atNs)) out.write(`${style.dim(line)}\n`)
    }
  }
  if (taken.settled !== false) return
  const why = Unsettled.verdict(emulation, agedOut, Settle.standing(emulation.simulation).windowNs)
  err.write(
    `${errStyle.bad("lab:")} the network has not settled within ${formatNs(limitNs)}: something changed at ` +
      `${formatInstant(taken.lastChangeAt)}; ${why === undefined ? "raise --limit, or ask for an instant with --at" : `${why} Ask for an instant with --at`}\n`,
  )
  return yield* new Finished({ code: EXIT.checkFailed })
})

/** Why no switch knows an address: nobody spoke, or that was too long ago. */
const whyEmpty = (changes: ReadonlyArray<Change.Change>, atNs: DurationNs | undefined): ReadonlyArray<string> => {
  if (!changes.some(({ commands }) => commands.some(({ node }) => node !== WORLD))) {
    return ["! no address has been learnt: add --after announce to let every station speak"]
  }
  // Sooner than this what was said may still be on its way.
  if (atNs !== undefined && atNs < SECOND) return []
  return [
    "! what was learnt has aged out since (300 s; 15 s in a topology change):",
    "! announce last, or look sooner with --at 5s",
  ]
}

const understood = <A>(result: A | string): Effect.Effect<A, InputError> =>
  typeof result === "string" ? Effect.fail(badInput(result)) : Effect.succeed(result)

/** The nodes to ask, in the order of the design. */
const switches = ({ directory }: Emulation, names: ReadonlyArray<string>): ReadonlyArray<number> | InputError => {
  const all = directory.nodes.flatMap((entry, node) => (entry.kind === "switch" ? [node] : []))
  const pairs = names.flatMap((name) => directory.pairByName.get(name)?.nodes ?? [])
  if (all.length === 0) return badInput(`the design ${directory.name} has no switches: there is nothing to show`)
  if (names.length === 0) return all
  const known = [...all.map((node) => directory.nodes[node].name), ...directory.pairByName.keys()]
  for (const name of names) {
    if (directory.pairByName.has(name)) continue
    const node = directory.nodeByName.get(name)
    if (node === undefined) {
      return badInput(
        `--node ${name}: the design has no switch of that name${didYouMean(name, known, `; it has ${known.slice(0, 5).join(", ")}`)}`,
      )
    }
    const { kind } = directory.nodes[node]
    if (kind !== "switch") return badInput(`--node ${name}: it is a ${kind}, and only switches answer to show`)
  }
  return all.filter((node) => names.includes(directory.nodes[node].name) || pairs.includes(node))
}

/**
 * Who answers for them now: two chassis that are one answer once, as the pair; one that is asked by its own name and does not run the pair has the other answer. A chassis
 * in recovery mode is by itself.
 */
const whoAnswers = (emulation: Emulation, meant: ReadonlyArray<number>, names: ReadonlyArray<string>): ReadonlyArray<number> => [
  ...new Set(
    meant.flatMap((node) =>
      names.includes(emulation.directory.nodes[node].name)
        ? [Bridges.consoleOf(emulation, node)]
        : Bridges.isInRecovery(emulation.simulation.world, node)
          ? [node]
          : Bridges.consolesOf(emulation, pairNode(emulation, node)),
    ),
  ),
]

/** Of a question that only some switches have an answer to, those, unless others were named. */
const concerned = (
  emulation: Emulation,
  log: LogBook.LogBook,
  nodes: ReadonlyArray<number>,
  question: Question.Question,
  names: ReadonlyArray<string>,
): ReadonlyArray<number> => {
  const concerns = question.show === "topic" ? topicNamed(question.topic)?.concerns : undefined
  const chosen = concerns === undefined || names.length > 0 ? nodes : nodes.filter((node) => concerns({ emulation, log, node }))
  return chosen.length === 0 ? nodes : chosen
}

/** The first chassis of a node's pair, or the node. */
const pairNode = ({ directory: { nodes, pairs } }: Emulation, node: number): number => {
  const { pair } = nodes[node]
  const whole = pair === undefined ? undefined : pairs[pair.pair]
  return whole?.type === "vss" ? whole.nodes[0] : node
}

/** The ports of a node that a name means: `Gi0/1`, `GigabitEthernet0/1`, `sw1:1` or `1`; `vpc10` at a vPC peer. */
const portsNamed = ({ directory, simulation }: Emulation, node: number, name: string): ReadonlyArray<number> => {
  const wanted = name.toLowerCase()
  const peer = Bridges.peerOf(simulation.world, node)
  const vpc = peer?.config.vpcs.findIndex(({ id }) => wanted === `vpc${id}`) ?? -1
  if (peer !== undefined && vpc >= 0) return [peer.portOfVpc[vpc]]
  return directory.nodes[node].bridgePorts.flatMap((entry, port) =>
    [entry.shortName, entry.name, entry.end, String(port + 1)].some((known) => known.toLowerCase() === wanted) ? [port] : [],
  )
}

const interfaceOn = (emulation: Emulation, nodes: ReadonlyArray<number>, name: string): true | InputError => {
  if (nodes.some((node) => portsNamed(emulation, node, name).length > 0)) return true
  const { name: first, ports } = emulation.directory.nodes[nodes[0]]
  return badInput(
    `no switch that was asked has an interface "${name}"${ports.length === 0 ? "" : `: ${first} has ${ports[0].shortName} to ${ports.at(-1)?.shortName}`}`,
  )
}

/** Let time pass as asked: settle, then each change and settle again; or stop at an instant after the last change. */
const take = Effect.fnUntraced(function* (
  emulation: Emulation,
  changes: ReadonlyArray<Change.Change>,
  atNs: DurationNs | undefined,
  limitNs: DurationNs,
) {
  const { simulation } = emulation
  const { err } = yield* Output
  const progress = Progress.make(simulation, err, "lab show")
  const runTo = Effect.fnUntraced(function* (until: SimTime) {
    for (;;) {
      const stop = simulation.run(until, SLICE_EVENTS)
      if (stop === "reached") return
      progress.tick()
      yield* Effect.yieldNow // Ctrl-C gets its turn
    }
  })
  const settle = Effect.fnUntraced(function* () {
    const giveUpAt = simulation.now + limitNs
    for (;;) {
      const { lastChangeAt, askAgainAt } = Settle.standing(simulation)
      if (askAgainAt === undefined || simulation.now >= giveUpAt) {
        return { at: simulation.now, settled: askAgainAt === undefined, lastChangeAt } satisfies Taken
      }
      yield* runTo(Math.min(askAgainAt, giveUpAt))
    }
  })
  const steps = Effect.gen(function* () {
    let taken: Taken = { at: 0, settled: undefined, lastChangeAt: 0 }
    if (changes.length > 0 || atNs === undefined) taken = yield* settle()
    let changedAt: SimTime | undefined
    for (const [i, change] of changes.entries()) {
      if (taken.settled === false) return taken
      changedAt = simulation.now
      for (const { node, command } of change.commands) simulation.command(node, command)
      if (i < changes.length - 1 || atNs === undefined) {
        yield* runTo(simulation.now + change.lastsNs)
        taken = yield* settle()
      }
    }
    const since = changedAt === undefined ? {} : { changedAt }
    if (atNs === undefined) return { ...taken, ...since }
    yield* runTo(simulation.now + atNs)
    return { at: simulation.now, settled: undefined, lastChangeAt: Settle.standing(simulation).lastChangeAt, ...since }
  })
  return yield* Effect.ensuring(steps, Effect.sync(progress.clear))
})

/** How long the network was busy with what happened to it last, to the nanosecond: rapid trees take microseconds. */
const lasted = ({ after }: ShowInput, { changedAt, lastChangeAt }: Taken): ReadonlyArray<string> => {
  if (changedAt === undefined) return []
  const took = lastChangeAt - changedAt
  return [
    took < 0
      ? `! spanning tree had nothing to do with "${after.at(-1)}"`
      : took === 0
        ? `! nothing changed after the instant of "${after.at(-1)}"`
        : `! the last change came ${formatNs(took)} after "${after.at(-1)}"`,
  ]
}

const headline = ({ directory }: Emulation, { after }: ShowInput, { at, settled, lastChangeAt }: Taken): string => {
  const what = after.length === 0 ? directory.name : `${directory.name} after ${after.join(", ")}`
  const when = formatInstant(at)
  if (settled === undefined) return `! ${what}: at ${when}, the last change at ${formatMoment(lastChangeAt)}`
  return `! ${what}: ${settled ? `settled at ${when}` : `not settled at ${when}`}, the last change at ${formatMoment(lastChangeAt)}`
}

const chosenInterfaces = (
  emulation: Emulation,
  node: number,
  name: string | undefined,
): ReadonlyArray<Interfaces.InterfaceView> => {
  const all = InterfaceQuery.interfaces(emulation, node)
  return name === undefined ? all : portsNamed(emulation, node, name).map((port) => all[port])
}

/** A question of the toolkit to one switch: none where it has no interface of the name. */
const askedOf = (
  emulation: Emulation,
  log: LogBook.LogBook,
  node: number,
  { interface: name }: Extract<Question.Question, { readonly show: "topic" }>,
): ReadonlyArray<Asked> =>
  name === undefined
    ? [{ emulation, log, node }]
    : portsNamed(emulation, node, name).map((port) => ({ emulation, log, node, port }))

const isOff = (emulation: Emulation, node: number): boolean => SwitchQuery.stateOf(emulation, node) === null

const answer = (emulation: Emulation, log: LogBook.LogBook, node: number, question: Question.Question): ReadonlyArray<string> => {
  const name = Bridges.nameOf(emulation, node)
  const mode = Bridges.isInRecovery(emulation.simulation.world, node) ? "(recovery-mode)" : ""
  const prompt = `${name}${mode}#${Question.format(question)}`
  if (isOff(emulation, node)) {
    const isOn = emulation.simulation.world.states[node] !== null
    return [prompt, `% ${name} is ${isOn ? "booting" : "switched off"}`, ""]
  }
  switch (question.show) {
    case "spanning-tree": {
      if (question.interface === undefined) return [prompt, ...SpanningTreeAnswer.lines(emulation, node, question)]
      const [port] = portsNamed(emulation, node, question.interface)
      if (port === undefined) return []
      return [
        prompt,
        ...SpanningTreeAnswer.lines(emulation, node, question, emulation.directory.nodes[node].bridgePorts[port].name),
      ]
    }
    case "mac address-table":
      return [prompt, ...MacAddressTable.lines(SwitchQuery.macAddressTable(emulation, node), question.filter), ""]
    case "interfaces": {
      const views = chosenInterfaces(emulation, node, question.interface)
      return views.length === 0 && question.interface !== undefined ? [] : [prompt, ...Interfaces.lines(views), ""]
    }
    case "interfaces status":
      return [prompt, ...Interfaces.statusLines(InterfaceQuery.interfaces(emulation, node))]
    case "topic":
      return askedOf(emulation, log, node, question).flatMap((asked, i) => [
        ...(i === 0 ? [prompt] : []),
        ...(topicNamed(question.topic)?.lines(asked) ?? []),
      ])
    case "vlan":
      return [prompt, ...Vlan.lines(SwitchQuery.vlans(emulation, node), question.vlan)]
  }
}

const answerJson = (emulation: Emulation, log: LogBook.LogBook, node: number, question: Question.Question): object => {
  switch (question.show) {
    case "spanning-tree": {
      const [port] = question.interface === undefined ? [] : portsNamed(emulation, node, question.interface)
      const name = port === undefined ? "" : emulation.directory.nodes[node].bridgePorts[port].name
      return SpanningTreeAnswer.json(emulation, node, question, name)
    }
    case "mac address-table":
      return { macAddressTable: MacAddressTable.json(SwitchQuery.macAddressTable(emulation, node), question.filter) }
    case "interfaces":
      return { interfaces: Interfaces.json(chosenInterfaces(emulation, node, question.interface)) }
    case "interfaces status":
      return { interfaces: Interfaces.json(InterfaceQuery.interfaces(emulation, node)) }
    case "topic":
      return Object.assign(
        {},
        ...askedOf(emulation, log, node, question).map((asked) => topicNamed(question.topic)?.json(asked)),
      ) as object
    case "vlan":
      return { vlans: Vlan.json(SwitchQuery.vlans(emulation, node), question.vlan) }
  }
}

const document = (
  emulation: Emulation,
  log: LogBook.LogBook,
  nodes: ReadonlyArray<number>,
  question: Question.Question,
  input: ShowInput,
  { at, changedAt, settled, lastChangeAt }: Taken,
): object => {
  const { directory, simulation } = emulation
  return {
    design: directory.name,
    show: Question.format(question).replace(/^show /, ""),
    at: at / SECOND,
    settled: settled ?? null,
    lastChangeAt: lastChangeAt / SECOND,
    after: input.after,
    changedAt: changedAt === undefined ? null : changedAt / SECOND,
    switches: nodes.map((node) => {
      const power = simulation.world.power[node]
      return {
        name: Bridges.nameOf(emulation, node),
        power: power === ON ? "on" : power === SILENT ? "silent" : "off",
        ...(isOff(emulation, node) ? {} : answerJson(emulation, log, node, question)),
      }
    }),
  }
}
