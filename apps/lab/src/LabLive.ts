/** A `Lab` over a running simulation. */
import type { Compiled } from "@l2lab/design/Compile"
import { redesign } from "@l2lab/design/Redesign"
import { trace as definitions } from "@l2lab/design/Registry"
import * as Fingerprint from "@l2lab/sim/Fingerprint"
import * as SpanningTree from "@l2lab/stp/SpanningTree"
import * as VirtualTimeService from "@l2lab/sim/VirtualTimeService"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import type { CaptureTap } from "./capture/CaptureTap.ts"
import { Checks } from "./Check.ts"
import { type BesideOptions, Lab, type CaptureControl, type LabApi, type LabEvent, type Topic } from "./Lab.ts"
import { cam } from "./lab/CamLookup.ts"
import { link, port, switchNamed } from "./lab/Cabling.ts"
import { watchLoops } from "./lab/Loops.ts"
import { vm } from "./lab/Machines.ts"
import { attachments, between } from "./lab/Path.ts"
import * as Emulation from "./Emulation.ts"
import { badInput, type InputError } from "./Failure.ts"
import type { DataTable } from "./FaultDomain.ts"
import * as FaultDomains from "./lab/FaultDomains.ts"
import { awake, found, gaveUp, inOrder, nodesNamed, type Session, vmNamed } from "./lab/Session.ts"
import { storm } from "./lab/Storms.ts"
import { host, lastResultChangeAt } from "./lab/Stations.ts"
import * as PortSelection from "./capture/PortSelection.ts"
import * as AgedOut from "./report/AgedOut.ts"
import * as Unsettled from "./report/Unsettled.ts"
import * as LogBook from "./report/LogBook.ts"
import * as Narration from "./report/Narration.ts"
import { formatInstant, formatMoment, formatNs } from "./report/Quantity.ts"
import type { Style } from "./report/Style.ts"
import * as Table from "./report/Table.ts"
import * as TreeSummary from "./report/TreeSummary.ts"
import * as TraceHub from "./run/TraceHub.ts"
import * as TraceText from "./report/TraceText.ts"
import * as Settle from "./Settle.ts"

/** What a lab needs beside its session. */
export interface Surroundings {
  readonly style: Style
  readonly checks: Checks["Service"]
  /** The capture that scripts may add to; absent without one, or where the user chose the ports. */
  readonly tap?: CaptureTap | undefined
  /** Whether the program may choose ports. */
  readonly programChoosesPorts: boolean
  /** What the session's world was made from, and how worlds of this run are booted. */
  readonly compiled: Compiled
  readonly boot: Emulation.BootOptions
  /** Where tables of numbers are kept. */
  readonly keep: (name: string, table: DataTable) => void
}

/** The lab of a session. */
export const make = (session: Session, surroundings: Surroundings): LabApi => {
  const { simulation, directory, time } = session
  const { style } = surroundings
  const now = Effect.sync(() => simulation.now)
  const say = (text: string) => Effect.sync(() => session.tell(simulation.now, text))
  const narrated = new Set<string>()
  const narrate = (...topics: ReadonlyArray<Topic>) =>
    Effect.forEach(topics, (topic) => found(() => startNarrating(session, style, narrated, topic)), { discard: true })
  return {
    now,
    converged: converged(session),
    host: (name) => host(session, name),
    vm: (name) => vm(session, name, (vmName) => Effect.orDie(narrate({ vm: vmName }))),
    switch: (name) => switchNamed(session, name),
    link: (a, b) => link(session, a, b),
    port: (name) => port(session, name),
    cam: (name) => cam(session, name),
    say,
    hint: (commands) =>
      Effect.sync(() => {
        session.tell(undefined, "")
        for (const command of commands) {
          const [first, ...more] = Table.commandLines(command, Table.PAGE - "  try  ".length)
          session.tell(undefined, style.dim(`try  ${first}`))
          for (const line of more) session.tell(undefined, style.dim(`     ${line}`))
        }
      }),
    narrate,
    tree: Effect.sync(() => TreeSummary.summarize(simulation, directory)),
    showTree: Effect.sync(() => {
      for (const line of TreeSummary.render(TreeSummary.summarize(simulation, directory), style)) session.tell(undefined, line)
    }),
    events: events(session),
    watchLoops: Effect.sync(() => watchLoops(session)),
    storm: storm(session),
    faultDomain: FaultDomains.watch(session),
    log: logOf(session),
    capture: captureControl(session, surroundings),
    fork: (program, options) => fork(session, surroundings, program, options),
    redesign: (changes, program, options) => anew(session, surroundings, changes, program, options),
    table: (head, rows) =>
      Effect.sync(() => {
        const align = head.map((_, column) => (rows.every((row) => isFigure(row[column])) ? "right" : "left"))
        const cells = rows.map((row) => row.map(String))
        for (const line of Table.render(head, cells, align, style)) session.tell(undefined, line)
      }),
    data: (name, table) =>
      /^[\w-]+$/.test(name)
        ? Effect.sync(() => surroundings.keep(name, table))
        : Effect.fail(badInput(`lab.data: "${name}" is no name for a file: write letters, digits, - and _`)),
    real: time.real,
    fingerprint: Effect.sync(() => Fingerprint.of(simulation)),
  }
}

/** The services of a scenario's program. */
export const provide = <A, E, R>(
  program: Effect.Effect<A, E, R>,
  session: Session,
  surroundings: Surroundings,
): Effect.Effect<A, E, Exclude<Exclude<R, Lab>, Checks>> =>
  program.pipe(
    Effect.provideService(Lab, make(session, surroundings)),
    Effect.provideService(Checks, surroundings.checks),
  ) as Effect.Effect<A, E, Exclude<Exclude<R, Lab>, Checks>>

const startNarrating = (session: Session, style: Style, narrated: Set<string>, topic: Topic) => {
  const key = typeof topic === "string" ? topic : `vm ${topic.vm}`
  if (narrated.has(key)) return undefined
  const { directory } = session
  const vmEntry = typeof topic === "string" ? undefined : vmNamed(directory, topic.vm)
  if (vmEntry !== undefined && "_tag" in vmEntry) return vmEntry
  narrated.add(key)
  const narrator =
    vmEntry !== undefined
      ? Narration.ofVm(directory, vmEntry.id, style)
      : topic === "links"
        ? Narration.ofLinks(directory, style)
        : Narration.ofSpanningTree(directory, style, (node, tree) => {
            const running = Settle.spanningTreeOf(session.simulation, node)
            return running === undefined ? "" : SpanningTree.nameOfTree(running, tree)
          })
  session.trace.subscribe((event) => {
    const line = narrator(event)
    if (line !== undefined) session.tell(event.at, line)
  })
  return undefined
}

/** Settled as `Settle` says, and no probe has changed its result for as long. */
const converged = (session: Session): LabApi["converged"] =>
  Effect.suspend(() => {
    const agedOut = AgedOut.make(session.directory)
    const unsubscribe = session.trace.subscribeSignificant(agedOut.take)
    return Effect.ensuring(waited(session, agedOut), Effect.sync(unsubscribe))
  })

const waited = (session: Session, agedOut: AgedOut.AgedOut): LabApi["converged"] =>
  Effect.gen(function* () {
    yield* awake(session)
    const { simulation, time } = session
    const giveUpAt = simulation.now + session.limitNs
    for (;;) {
      const { lastChangeAt, askAgainAt, windowNs } = standing(session)
      if (askAgainAt === undefined) {
        session.tell(simulation.now, `settled: nothing has changed since ${formatMoment(lastChangeAt)}`)
        return { lastChangeAt, at: simulation.now }
      }
      if (simulation.now >= giveUpAt) {
        const cure = Unsettled.verdict(session, agedOut, windowNs) ?? "raise --limit"
        return yield* gaveUp(
          `the network has not settled within ${formatNs(session.limitNs)}: something changed at ${formatInstant(lastChangeAt)}, ` +
            `and it takes ${formatNs(windowNs)} without a change; ${cure}${session.isScenario ? (cure.endsWith("?") ? ' Look at lab.narrate("spanning-tree")' : ', or look at lab.narrate("spanning-tree")') : ""}`,
        )
      }
      yield* time.sleepUntil(Math.min(askAgainAt, giveUpAt))
    }
  })

const standing = (session: Session) => {
  const { simulation } = session
  const { now } = simulation
  const tree = Settle.standing(simulation)
  const { windowNs } = tree
  let { lastChangeAt } = tree
  let askAgainAt = tree.askAgainAt ?? now
  for (const probe of session.probes) {
    const run = probe.look()
    if (run === undefined || !run.active) continue
    const changedAt = lastResultChangeAt(run, now)
    lastChangeAt = Math.max(lastChangeAt, changedAt)
    askAgainAt = Math.max(askAgainAt, changedAt + windowNs)
  }
  return askAgainAt > now ? { lastChangeAt, askAgainAt, windowNs } : { lastChangeAt, askAgainAt: undefined, windowNs }
}

const events = (session: Session): Stream.Stream<LabEvent> =>
  Stream.unwrap(
    Effect.gen(function* () {
      const queue = yield* Queue.unbounded<LabEvent>()
      const unsubscribe = session.trace.subscribe((event) => {
        Queue.offerUnsafe(queue, TraceText.describe(event, session.directory, definitions))
      })
      return Stream.fromEffectRepeat(session.time.watch(Queue.take(queue))).pipe(Stream.ensuring(Effect.sync(unsubscribe)))
    }),
  )

const logOf = (session: Session): LabApi["log"] => {
  const lines: LabApi["log"]["lines"] = (name) =>
    name === undefined
      ? Effect.sync(() => LogBook.of(session.log))
      : Effect.map(
          found(() => nodesNamed(session.directory, name, ["switch"])),
          (nodes) => LogBook.of(session.log, ...nodes.map((node) => session.directory.nodes[node].name)),
        )
  return {
    lines,
    print: (on) => Effect.sync(() => session.log.print(on)),
    find: (part, name) => Effect.map(lines(name), (entries) => entries.filter(({ text }) => text.includes(part))),
  }
}

const captureControl = (session: Session, { tap, programChoosesPorts }: Surroundings): CaptureControl => {
  const chosen = programChoosesPorts ? tap : undefined
  return {
    ports: (...selection) =>
      Effect.map(
        found(() => PortSelection.parse(selection, session.directory, session.simulation.world)),
        (ports) => chosen?.add(ports),
      ),
    along: (from, to) =>
      Effect.gen(function* () {
        const starts = yield* found(() => attachments(session, from))
        const ends = yield* found(() => attachments(session, to))
        chosen?.add(starts.flatMap((start) => ends.flatMap((end) => between(session, start, end))))
      }),
    annotate: (rule) => Effect.sync(() => tap?.annotate(rule)),
    leaveOut: (rule) => Effect.sync(() => chosen?.leaveOut(rule)),
  }
}

/** Numbers and what counts as one stand at the right of a table's column. */
const isFigure = (cell: string | number | undefined): boolean =>
  typeof cell === "number" || /^[\d,.]+( \w+)?$|^-$/.test(cell ?? "")

/** A program on a copy of the world, while this one stands still. */
const fork = <A, E, R>(session: Session, surroundings: Surroundings, program: Effect.Effect<A, E, R>, options?: BesideOptions) =>
  Effect.suspend(() =>
    besides(session, surroundings, "fork", options, program, (attend) => {
      const { directory } = session
      const simulation = session.simulation.fork()
      attend({ directory, simulation }, session.log.entries)
      return simulation
    }),
  )

/** A program on the world of a changed design, booted anew. */
const anew = <A, E, R>(
  session: Session,
  surroundings: Surroundings,
  changes: Readonly<Record<string, unknown>>,
  program: Effect.Effect<A, E, R>,
  options?: BesideOptions,
) =>
  Effect.suspend(() => {
    const changed = redesign(surroundings.compiled.design, changes, session.directory.name)
    if (Result.isFailure(changed)) {
      return Effect.fail(badInput(`lab.redesign: the changed design cannot be built\n${changed.failure.message}`))
    }
    const compiled = changed.success
    return besides(
      session,
      { ...surroundings, compiled },
      "redesign",
      options,
      program,
      (attend) => Emulation.boot(compiled, { ...surroundings.boot, prepare: (made) => attend(made, []) }).simulation,
    ) as Effect.Effect<A, E | InputError, Exclude<R, Lab | Checks | VirtualTimeService.VirtualTime>>
  })

/** A program on another world, while this one stands still. */
const besides = <A, E, R>(
  session: Session,
  surroundings: Surroundings,
  mark: string,
  { quiet = false }: BesideOptions = {},
  program: Effect.Effect<A, E, R>,
  /** Makes the world, and has it attended to before anything happens in it. */
  make: (attend: (made: Emulation.Emulation, logged: ReadonlyArray<LogBook.LogEntry>) => void) => Session["simulation"],
) => {
  const run = Effect.suspend(() => {
    let ears: Pick<Session, "directory" | "log" | "trace"> | undefined
    const simulation = make((made, logged) => {
      const trace = TraceHub.make(made.simulation)
      const log = LogBook.make(made.directory, logged)
      trace.subscribeSignificant(log.take)
      ears = { directory: made.directory, log, trace }
    })
    return VirtualTimeService.run(
      simulation,
      Effect.flatMap(VirtualTimeService.VirtualTime, (time) => {
        const held: Session["held"] = []
        const child: Session = {
          ...session,
          ...ears,
          simulation,
          time,
          probes: [],
          besides: { count: 0 },
          held,
          tell: inOrder(held, (at, text) => {
            if (!quiet) session.tell(at, `${surroundings.style.dim(`${mark} |`)} ${text}`)
          }),
        }
        const checks: Surroundings["checks"] = {
          record: (result, at = simulation.now) => surroundings.checks.record(result, at),
        }
        return provide(program, child, { ...surroundings, checks, tap: undefined, programChoosesPorts: false })
      }),
    )
  })
  const meanwhile = Effect.acquireUseRelease(
    Effect.sync(() => session.besides.count++),
    () => run,
    () => Effect.sync(() => session.besides.count--),
  )
  return session.time.real(meanwhile) as Effect.Effect<A, E, Exclude<R, Lab | Checks | VirtualTimeService.VirtualTime>>
}
