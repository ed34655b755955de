/** VMs and their moves. A move is a command to the source host; everything told of it comes from what the two hosts trace. */
import type { GuestCommand } from "@l2lab/hypervisor/HostCommand"
import * as HypervisorHost from "@l2lab/hypervisor/Host"
import type { VmotionStart } from "@l2lab/migration/MigrationCommand"
import * as Reason from "@l2lab/migration/Reason"
import * as MigrationTrace from "@l2lab/migration/Trace"
import { POWER } from "@l2lab/sim/Trace"
import type { TraceEvent } from "@l2lab/sim/TraceEvent"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { badInput, ScenarioFailure } from "../Failure.ts"
import type { Action, Move, Round, Vm } from "../Lab.ts"
import { formatNs } from "../report/Quantity.ts"
import { command, found, gaveUp, hypervisorConfig, locate, nodeNamed, type Session, vmNamed } from "./Session.ts"
import { guestPing } from "./Stations.ts"

export const vm = (session: Session, name: string, narrate: (vm: string) => Effect.Effect<void>): Vm => {
  const lookup = found(() => vmNamed(session.directory, name))
  return {
    name,
    ping: (target, options) => Effect.flatMap(lookup, (entry) => guestPing(session, entry.id, name)(target, options)),
    broadcast: Effect.flatMap(lookup, (entry): Action => {
      const node = locate(session, entry.id)
      if (node === undefined) return gaveUp(`${name} cannot send: it is on no host that is on`)
      return command(session, node, { type: "vm.guest", vm: entry.id, command: { type: "arp.announce" } } as GuestCommand)
    }),
    host: Effect.flatMap(lookup, (entry) => {
      const node = locate(session, entry.id)
      return node === undefined ? gaveUp(`${name} is on no host that is on`) : Effect.succeed(session.directory.nodes[node].name)
    }),
    vmotion: ({ to }) => Effect.flatMap(lookup, (entry) => Effect.andThen(narrate(name), move(session, name, entry.id, to))),
  }
}

/** What the trace has told of a move so far. */
interface Account {
  readonly rounds: Array<Round>
  pages: number
  zeroPages: number
  /** Begun or in the queue: a second command for the same VM is refused and says nothing about this one. */
  accepted: boolean
  stunnedAt: number
  resumedAt: number
  sourceIsOff: boolean
}

const move = Effect.fnUntraced(function* (session: Session, name: string, vm: number, to: string) {
  const { directory, simulation } = session
  const destination = yield* found(() => nodeNamed(directory, to, ["hypervisor"]))
  const vmkernel = HypervisorHost.vmkernelFor(hypervisorConfig(session, destination), "vmotion")
  if (vmkernel < 0) {
    return yield* badInput(`${to} has no vMotion interface: give one of its vmkernel interfaces the service vmotion`)
  }
  const address = hypervisorConfig(session, destination).vmkernel[vmkernel].address
  const source = locate(session, vm)
  if (source === undefined) return yield* gaveUp(`${name} cannot move: it is on no host that is on`)
  const from = directory.nodes[source].name

  const startedAt = simulation.now
  const account: Account = { rounds: [], pages: 0, zeroPages: 0, accepted: false, stunnedAt: 0, resumedAt: 0, sourceIsOff: false }
  const ended = yield* Deferred.make<void, ScenarioFailure>()
  const unsubscribe = session.trace.subscribe((event) => {
    const exit = follow(account, event, source, vm)
    if (exit === undefined) return
    Deferred.doneUnsafe(ended, typeof exit === "string" ? Exit.fail(failed(name, from, to, exit)) : Exit.void)
  })
  const order: VmotionStart = { type: "vmotion.start", vm, to: address }
  yield* command(session, source, order)
  yield* session.time.watch(Deferred.await(ended)).pipe(
    Effect.timeoutOrElse({
      duration: Duration.nanos(BigInt(session.limitNs)),
      orElse: () =>
        gaveUp(`${name} was still on its way from ${from} to ${to} after ${formatNs(session.limitNs)}: raise --limit`),
    }),
    Effect.ensuring(Effect.sync(unsubscribe)),
  )
  const { rounds, stunnedAt, resumedAt } = account
  return {
    vm: name,
    from,
    to,
    startedAt,
    rounds,
    stunnedAt,
    resumedAt,
    doneAt: simulation.now,
    downtime: Duration.nanos(BigInt(resumedAt - stunnedAt)),
    duration: Duration.nanos(BigInt(simulation.now - startedAt)),
  } satisfies Move
})

const failed = (name: string, from: string, to: string, why: string): ScenarioFailure =>
  new ScenarioFailure({ problem: `${name} did not move from ${from} to ${to}: ${why}` })

/** Enter an event into the account: true when the move is complete, a sentence when it has failed. */
const follow = (account: Account, event: TraceEvent, source: number, vm: number): true | string | undefined => {
  if (event.code === POWER.code) {
    if (event.node !== source) return undefined
    account.sourceIsOff = event.a !== 1
    // With the source gone nobody will report the removal; a VM that runs at the destination has arrived.
    return account.sourceIsOff && account.resumedAt > 0 ? true : undefined
  }
  if (event.a !== vm) return undefined
  switch (event.code) {
    case MigrationTrace.STARTED.code:
    case MigrationTrace.QUEUED.code:
      account.accepted = true
      return undefined
    case MigrationTrace.ROUND_STARTED.code:
      account.pages = event.c
      account.zeroPages = event.d
      return undefined
    case MigrationTrace.ROUND.code:
      account.rounds.push({
        round: event.b,
        pages: account.pages,
        zeroPages: account.zeroPages,
        dirty: event.c,
        durationNs: event.d,
      })
      return undefined
    case MigrationTrace.STUNNED.code:
      account.stunnedAt = event.at
      return undefined
    case MigrationTrace.RESUMED.code:
      account.resumedAt = event.at
      return account.sourceIsOff ? true : undefined
    case MigrationTrace.REMOVED.code:
      return event.node === source ? true : undefined
    case MigrationTrace.FAILED.code:
      if (event.node !== source || (account.accepted && event.b === Reason.of("already-migrating"))) return undefined
      return Reason.sentenceOf(event.b)
    case MigrationTrace.ABORTED.code:
      return account.sourceIsOff ? `its source was switched off, and ${Reason.sentenceOf(event.b)}` : undefined
    default:
      return undefined
  }
}
