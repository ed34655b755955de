/**
 * A run: a design booted, a program on its virtual time, a capture and a trace on the side, and an account of it in the end. All that
 * happens is decided by design, program and seed; who listens changes nothing.
 */
import type { Compiled } from "@l2lab/design/Compile"
import { trace as definitions } from "@l2lab/design/Registry"
import type { EthernetFrame } from "@l2lab/l2/EthernetFrame"
import type { CaptureError, CaptureFile } from "@l2lab/pcap-writer/PcapService"
import * as PcapService from "@l2lab/pcap-writer/PcapService"
import * as Fingerprint from "@l2lab/sim/Fingerprint"
import type { DurationNs, SimTime } from "@l2lab/sim/SimTime"
import type { Simulation } from "@l2lab/sim/Simulation"
import * as VirtualTimeService from "@l2lab/sim/VirtualTimeService"
import type { CommandRecord } from "@l2lab/sim/World"
import * as Cause from "effect/Cause"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as FileSystem from "effect/FileSystem"
import * as CaptureTap from "../capture/CaptureTap.ts"
import * as PortSelection from "../capture/PortSelection.ts"
import type { CheckResult } from "../Check.ts"
import type { DataTable } from "../FaultDomain.ts"
import * as Emulation from "../Emulation.ts"
import { Bug, EXIT, type ExitCode, type InputError, ScenarioFailure } from "../Failure.ts"
import * as LabLive from "../LabLive.ts"
import type { Session } from "../lab/Session.ts"
import { found, inOrder, tellHeld } from "../lab/Session.ts"
import { Output } from "../Output.ts"
import * as LogBook from "../report/LogBook.ts"
import { formatCount, formatNs } from "../report/Quantity.ts"
import { pad } from "../report/Table.ts"
import * as TextSink from "../report/TextSink.ts"
import * as TraceText from "../report/TraceText.ts"
import type { Services } from "../Scenario.ts"
import * as Progress from "./Progress.ts"
import * as Reporter from "./Reporter.ts"
import * as ScriptFault from "./ScriptFault.ts"
import * as Target from "./Target.ts"
import * as TraceHub from "./TraceHub.ts"

/** What is run. */
export interface Job {
  readonly name: string
  readonly description?: string | undefined
  readonly compiled: Compiled
  /** Ports captured unless the user says otherwise. */
  readonly capture?: ReadonlyArray<string> | undefined
  readonly program: Effect.Effect<unknown, unknown, Services>
  /** The scenario's file, for telling its faults from ours. */
  readonly script?: string | undefined
  /** What shows the run again: `npx --no lab run vmotion`. */
  readonly invocation: string
}

/** What the user asked for beside it. */
export interface Options {
  readonly seed?: number | undefined
  /** Capture to this file. */
  readonly pcap?: string | undefined
  /** Items of `--capture`. */
  readonly capture?: ReadonlyArray<string> | undefined
  /** Trace to this file. */
  readonly trace?: string | undefined
  /** Every frame through octets at every transmission. */
  readonly octets?: boolean | undefined
  /** Longest virtual time that the network is waited for. */
  readonly limitNs: DurationNs
  readonly verbosity: Reporter.Verbosity
}

/** The account of a run. */
export interface Report {
  readonly name: string
  readonly design: string
  readonly seed: number
  readonly exitCode: ExitCode
  /** Why the program did not come to its end; absent if it did. */
  readonly failure?: string
  readonly checks: ReadonlyArray<CheckResult>
  readonly said: ReadonlyArray<Reporter.Said>
  /** Virtual time at the end. */
  readonly endedAt: SimTime
  readonly events: number
  readonly fingerprint: string
  readonly commandLog: ReadonlyArray<CommandRecord>
  /** Tables of numbers that the scenario kept, by name. */
  readonly data?: Readonly<Record<string, DataTable>>
  readonly capture?: {
    readonly file: string
    readonly packets: number
    readonly ports: ReadonlyArray<string>
    /** Frames that the scenario chose not to write. */
    readonly leftOut: number
    /** Nobody chose ports, so all were captured. */
    readonly isDefault: boolean
  }
  readonly trace?: { readonly file: string; readonly events: number }
}

/** Something that a run writes to and that must not be outrun. */
interface Sink {
  readonly needsDrain: () => boolean
  readonly drain: Effect.Effect<void, CaptureError | InputError>
}

/** Run a job to its end. Ends early, with every file valid, when a file cannot be written or the fiber is interrupted. */
export const run = (
  job: Job,
  options: Options,
): Effect.Effect<Report, InputError | CaptureError | Bug, FileSystem.FileSystem | Output> =>
  Effect.scoped(runScoped(job, options))

const runScoped = Effect.fnUntraced(function* (job: Job, options: Options) {
  const output = yield* Output
  let progress: Progress.Progress | undefined
  const reporter = Reporter.make(output, options.verbosity, () => progress?.clear())
  yield* Effect.addFinalizer(() => Effect.sync(() => progress?.clear()))
  const { compiled } = job
  const { directory } = compiled
  const seed = options.seed ?? compiled.plan.seed
  for (const warning of Target.warnings(compiled)) reporter.warn(warning)
  announce(job, seed, reporter, output)

  // The ports are looked up before the file is touched: a mistyped port must not cost an old capture.
  const selection = options.capture ?? job.capture
  const isDefault = selection === undefined
  const ports = yield* found(() => PortSelection.parse(selection ?? ["all"], directory, { portBase: portBaseOf(compiled) }))
  const captureFile =
    options.pcap === undefined
      ? undefined
      : yield* PcapService.open(options.pcap, {
          section: { application: "l2lab", hardware: `design ${directory.name}, seed ${seed}` },
        })
  const traceFile = options.trace === undefined ? undefined : yield* TextSink.open(options.trace, "trace")

  let tap: CaptureTap.CaptureTap | undefined
  let trace: TraceHub.TraceHub | undefined
  let traced = 0
  const held: Session["held"] = []
  const tell = inOrder(held, reporter.tell)
  const log = LogBook.make(directory, [], (entry) => {
    if (!entry.routine) tell(entry.at, `${pad(entry.switch, 8)}  ${output.style.warn(entry.text)}`)
  })
  const { simulation } = yield* bugs(job, seed, () =>
    Emulation.boot(compiled, {
      seed,
      octets: options.octets,
      prepare: ({ simulation: made }) => {
        if (captureFile !== undefined) {
          tap = CaptureTap.make(made, directory, captureFile.capture)
          if (isDefault) tap.addUntilChosen(ports)
          else tap.add(ports)
        }
        trace = TraceHub.make(made, tap?.onFrame)
        trace.subscribeSignificant(log.take)
        if (traceFile === undefined) return
        trace.subscribe((event) => {
          traced++
          traceFile.append(TraceText.ndjson(TraceText.describe(event, directory, definitions)))
        })
      },
    }),
  )
  progress = Progress.make(simulation, output.err, job.name)
  yield* Effect.addFinalizer((exit) =>
    Exit.isFailure(exit) && Cause.hasInterruptsOnly(exit.cause) && options.verbosity !== "json"
      ? Effect.sync(() => {
          progress?.clear()
          output.err.write(interruption(job, simulation, captureFile))
        })
      : Effect.void,
  )

  const data: Record<string, DataTable> = {}
  const sinks: Array<Sink> = []
  if (captureFile !== undefined) sinks.push(captureSink(captureFile))
  if (traceFile !== undefined) sinks.push(traceFile)
  const sinkFailed = Deferred.makeUnsafe<never, CaptureError | InputError>()
  let over = false
  const program = Effect.flatMap(VirtualTimeService.VirtualTime, (time) => {
    const session: Session = {
      simulation,
      directory,
      time,
      trace: trace!,
      log,
      limitNs: options.limitNs,
      tell,
      held,
      probes: [],
      besides: { count: 0 },
      isScenario: job.script !== undefined,
    }
    return LabLive.provide(job.program, session, {
      style: output.style,
      checks: {
        record: (result, at) =>
          Effect.sync(() => {
            tellHeld(held)
            reporter.check(at ?? simulation.now, result)
          }),
      },
      tap,
      programChoosesPorts: options.capture === undefined,
      compiled,
      boot: { seed, octets: options.octets },
      keep: (name, table) => void (data[name] = table),
    })
  })
  const onVirtualTime = VirtualTimeService.run(simulation, program, {
    betweenSlices: () => {
      progress?.tick()
      return drainIfNeeded(sinks, sinkFailed)
    },
    onForeignResume: () => {
      if (!over) reporter.warn(FOREIGN_WAIT)
    },
  }).pipe(Effect.onInterrupt(() => Effect.sync(() => (over = true))))
  const exit = yield* Effect.exit(Effect.raceFirst(onVirtualTime, Deferred.await(sinkFailed)))
  over = true
  tellHeld(held)
  progress.clear()
  const failure = Exit.isFailure(exit) ? yield* verdictOn(exit.cause, job, seed, simulation) : undefined
  for (const sink of sinks) yield* sink.drain

  if (failure !== undefined) reporter.check(simulation.now, { name: failure, passed: false })
  const checks = failure === undefined ? reporter.checks : reporter.checks.slice(0, -1)
  const report: Report = {
    name: job.name,
    design: directory.name,
    seed,
    exitCode: exitCodeOf(checks, failure),
    ...(failure === undefined ? {} : { failure }),
    checks,
    said: reporter.said,
    endedAt: simulation.now,
    events: simulation.eventCount,
    fingerprint: Fingerprint.of(simulation),
    commandLog: simulation.world.commandLog,
    ...(Object.keys(data).length === 0 ? {} : { data }),
    ...(captureFile === undefined
      ? {}
      : {
          capture: {
            file: captureFile.path,
            packets: captureFile.capture.packets,
            ports: tap?.ports ?? [],
            leftOut: tap?.leftOut() ?? 0,
            isDefault: isDefault && tap?.isChosen() !== true,
          },
        }),
    ...(traceFile === undefined ? {} : { trace: { file: traceFile.path, events: traced } }),
  }
  return report
})

const FOREIGN_WAIT =
  "the scenario waited on the real world by its own means (a timer, Effect.promise over I/O, another clock): at which virtual " +
  "instant it goes on differs from run to run. Wrap such a wait in lab.real(...), or sleep with Effect.sleep"

const exitCodeOf = (checks: ReadonlyArray<CheckResult>, failure: string | undefined): ExitCode => {
  if (failure !== undefined || checks.some((check) => !check.passed)) return EXIT.checkFailed
  return checks.length === 0 ? EXIT.nothingChecked : EXIT.ok
}

const captureSink = (file: CaptureFile): Sink => ({
  needsDrain: () => file.capture.used >= file.capture.highWaterOctets,
  drain: file.drain,
})

/** A promise that holds virtual time while files are written. A failure ends the run; its promise never resolves, so nothing moves on. */
const drainIfNeeded = (
  sinks: ReadonlyArray<Sink>,
  failed: Deferred.Deferred<never, CaptureError | InputError>,
): Promise<void> | undefined => {
  const full = sinks.filter((sink) => sink.needsDrain())
  if (full.length === 0) return undefined
  return Effect.runPromiseExit(Effect.forEach(full, (sink) => sink.drain, { discard: true })).then((exit) => {
    if (Exit.isSuccess(exit)) return
    Deferred.doneUnsafe(failed, Exit.failCause(exit.cause))
    return new Promise<void>(() => {})
  })
}

/** First world port of each node, before there is a world. */
const portBaseOf = ({ directory }: Compiled): Int32Array => {
  const base = new Int32Array(directory.nodes.length + 1)
  directory.nodes.forEach((node, index) => (base[index + 1] = base[index] + node.ports.length))
  return base
}

const announce = (job: Job, seed: number, reporter: Reporter.Reporter, output: Output["Service"]): void => {
  const { directory } = job.compiled
  const kinds = ["switch", "hub", "hypervisor", "host"] as const
  const plural = { switch: "switches", hub: "hubs", hypervisor: "hypervisors", host: "hosts" } as const
  const parts = kinds.flatMap((kind) => {
    const count = directory.nodes.filter((node) => node.kind === kind).length
    return count === 0 ? [] : [`${formatCount(count)} ${count === 1 ? kind : plural[kind]}`]
  })
  if (directory.vms.length > 0) parts.push(`${formatCount(directory.vms.length)} VM${directory.vms.length === 1 ? "" : "s"}`)
  parts.push(`${formatCount(directory.links.length)} cable${directory.links.length === 1 ? "" : "s"}`)
  const { style } = output
  if (job.script !== undefined) reporter.heading(style.bold(job.name))
  if (job.description !== undefined) reporter.heading(job.description)
  reporter.heading(`${style.bold(directory.name)}: ${parts.join(", ")}; seed ${seed}`)
  reporter.heading("")
}

const interruption = (job: Job, simulation: Simulation<EthernetFrame>, file: CaptureFile | undefined): string => {
  const packets = file === undefined ? "" : `; ${file.path} is valid and holds ${formatCount(file.capture.packets)} packets`
  return `lab: ${job.name} interrupted after ${formatNs(simulation.now)} of virtual time${packets}\n`
}

/** Run what may only throw if we made a mistake. */
const bugs = <A>(job: Job, seed: number, make: () => A): Effect.Effect<A, Bug> =>
  Effect.try({ try: make, catch: (cause) => new Bug({ cause, replay: replayOf(job, seed) }) })

const replayOf = (job: Job, seed: number): string => `${job.invocation} --seed ${seed}`

/** Why the program ended early, as a sentence; bad input and bugs of ours stay failures. */
const verdictOn = (
  cause: Cause.Cause<unknown>,
  job: Job,
  seed: number,
  simulation: Simulation<EthernetFrame>,
): Effect.Effect<string, InputError | CaptureError | Bug> => {
  if (Cause.hasInterruptsOnly(cause)) return Effect.failCause(cause as Cause.Cause<never>)
  const reason = Cause.squash(cause)
  if (reason instanceof ScenarioFailure || reason instanceof VirtualTimeService.AtRest) return Effect.succeed(reason.message)
  if (isTagged(reason, "InputError")) return Effect.fail(ScriptFault.located(reason as InputError, job.script))
  if (isTagged(reason, "CaptureError")) return Effect.fail(reason as CaptureError)
  if (Cause.hasFails(cause)) return Effect.succeed(ScriptFault.sentence(reason, job.script))
  return ScriptFault.isOf(reason, job.script)
    ? Effect.fail(ScriptFault.inputError(reason, job.script))
    : Effect.fail(new Bug({ cause: reason, replay: `${replayOf(job, seed)} (at ${formatNs(simulation.now)} of virtual time)` }))
}

const isTagged = (value: unknown, tag: string): boolean =>
  typeof value === "object" && value !== null && "_tag" in value && value._tag === tag
