/** The source's end of a migration: what happens in each of its states, in their order. */
import * as GuestMemory from "@l2lab/hypervisor/GuestMemory"
import * as Host from "@l2lab/hypervisor/Host"
import type { HostActions } from "@l2lab/hypervisor/HostService"
import * as VirtualMachine from "@l2lab/hypervisor/VirtualMachine"
import * as NetworkStack from "@l2lab/l3/NetworkStack"
import type { Ipv4Address } from "@l2lab/l3/Ipv4Address"
import { NEVER, SECOND, type SimTime } from "@l2lab/sim/SimTime"
import * as DeviceState from "./DeviceState.ts"
import * as MemoryStream from "./MemoryStream.ts"
import * as State from "./MigrationState.ts"
import * as PageCursor from "./PageCursor.ts"
import * as Reason from "./Reason.ts"
import * as Session from "./Session.ts"
import * as Trace from "./Trace.ts"
import * as VmotionCodec from "./VmotionCodec.ts"
import * as M from "./VmotionMessage.ts"

type Source = State.SourceSession

/** A round that leaves at least this many pages fewer than it began with made progress: 1 MiB. */
const PROGRESS_PAGES = GuestMemory.PAGES_PER_MIB

/** A round of fewer pages than these measures latency, not the rate. */
const MEASURING_PAGES = 256

/** How often a source that waits for RESUMED asks: the destination may have lost its memory after it acknowledged RESUME. */
const QUERY_NS = SECOND

/** Where a source's VM is; gone only by commands, which end the session first. */
const machineOf = (session: Source, actions: HostActions): Host.VirtualMachine | undefined =>
  Host.machineOf(actions.context.host, session.vm)

/** What speaks against moving this VM as far as its own host knows. */
const objection = (state: State.VmotionState, vm: number, to: Ipv4Address, actions: HostActions): Reason.Reason => {
  const { host } = actions.context
  const machine = Host.machineOf(host, vm)
  const vmkernel = Host.vmkernelFor(host.config, "vmotion")
  if (machine === undefined) return Reason.of("no-such-vm")
  if (state.sessions.some((session) => session !== null && session.vm === vm && !State.isOver(session)))
    return Reason.of("already-migrating")
  if (state.waiting.some((command) => command.vm === vm)) return Reason.of("already-migrating")
  if (machine.state !== "running") return Reason.of("not-running")
  if (vmkernel < 0) return Reason.of("no-vmotion-interface")
  if (host.config.vmkernel.some((item) => item.address === to)) return Reason.of("same-host")
  return Reason.OK
}

/** A migration that ends before it has a session. */
const refuse = (
  state: State.VmotionState,
  vm: number,
  to: Ipv4Address,
  reason: Reason.Reason,
  now: SimTime,
  actions: HostActions,
): void => {
  const record = State.makeRecord("source", 0, vm, to, now)
  record.state = "FAILED"
  record.reason = reason
  record.endedAt = now
  State.remember(state, record)
  actions.trace(Trace.FAILED.code, vm, reason, Trace.SOURCE_STATES.indexOf("CHECKING"), 0)
}

/** Do what `vmotion.start` says, or leave it in the queue. */
export const start = (state: State.VmotionState, vm: number, to: Ipv4Address, now: SimTime, actions: HostActions): void => {
  const reason = objection(state, vm, to, actions)
  if (reason !== Reason.OK) return refuse(state, vm, to, reason, now, actions)
  const slot = state.sessions.indexOf(null)
  if (slot < 0 || State.active(state, "source") >= state.settings.concurrent) {
    actions.trace(Trace.QUEUED.code, vm, to, state.waiting.length, 0)
    state.waiting.push({ type: "vmotion.start", vm, to })
    return
  }
  const { host } = actions.context
  const machine = Host.machineOf(host, vm)
  if (machine === undefined || machine.memory === null) return
  const vmkernel = Host.vmkernelFor(host.config, "vmotion")
  const migration = actions.random() || 1
  const session: Source = {
    role: "source",
    slot,
    migration,
    vm,
    peer: to,
    vmkernel,
    sender: MemoryStream.makeSender(),
    receiver: MemoryStream.makeReceiver(),
    heardAt: now,
    record: State.makeRecord("source", migration, vm, to, now),
    state: "CHECKING",
    layout: M.layoutFor(NetworkStack.maximumDatagramOctets(host.vmkernel[vmkernel])),
    cursor: PageCursor.make(),
    roundEnded: true,
    spare: null,
    stalled: 0,
    rateOctets: 0,
    deviceState: null,
    deviceStateSent: 0,
  }
  state.sessions[slot] = session
  actions.trace(Trace.STARTED.code, vm, to, machine.memory.pages, 0)
  Session.startDeadline(state, session, now, actions)
  Session.send(session, { ...Session.head(session), kind: M.CHECK, vm: machine.config }, now, actions)
}

/** Commands that waited, as far as there is room for them now. */
const startWaiting = (state: State.VmotionState, now: SimTime, actions: HostActions): void => {
  while (state.waiting.length > 0 && state.sessions.includes(null) && State.active(state, "source") < state.settings.concurrent) {
    const command = state.waiting.shift()
    if (command !== undefined) start(state, command.vm, command.to, now, actions)
  }
}

/** Give up: the VM goes on here. The peer is told, if it can be. */
export const fail = (
  state: State.VmotionState,
  session: Source,
  reason: Reason.Reason,
  now: SimTime,
  actions: HostActions,
): void => {
  const machine = machineOf(session, actions)
  if (machine?.memory) GuestMemory.stopLogging(machine.memory, now)
  actions.trace(Trace.FAILED.code, session.vm, reason, Trace.SOURCE_STATES.indexOf(session.state), 0)
  Session.enterSource(session, "FAILED", actions)
  session.record.reason = reason
  VirtualMachine.resume(actions.context, Host.slotOf(actions.context.host, session.vm))
  Session.sendVerdict(
    session.vmkernel,
    session.peer,
    session.migration,
    M.OUTCOME_ABORTED,
    Reason.of("aborted-by-source"),
    actions,
  )
  Session.close(state, session, now, actions)
  startWaiting(state, now, actions)
}

/** A message of the destination, in order. */
export const onMessage = (
  state: State.VmotionState,
  session: Source,
  message: M.StreamMessage,
  now: SimTime,
  actions: HostActions,
): void => {
  if (message.kind === M.CHECKED && session.state === "CHECKING") {
    if (message.reason !== Reason.OK) return fail(state, session, message.reason, now, actions)
    session.record.checkedAt = now
    actions.trace(Trace.CHECKED.code, session.vm, session.peer, 0, 0)
    Session.enterSource(session, "PREPARING", actions)
    Session.send(session, { ...Session.head(session), kind: M.PREPARE }, now, actions)
  } else if (message.kind === M.PREPARED && session.state === "PREPARING") {
    if (message.reason !== Reason.OK) return fail(state, session, message.reason, now, actions)
    session.record.shellAt = now
    startPreCopy(state, session, now, actions)
  } else if (message.kind === M.RESUMED && session.state === "HANDOVER") finish(state, session, now, actions)
}

const startPreCopy = (state: State.VmotionState, session: Source, now: SimTime, actions: HostActions): void => {
  const memory = machineOf(session, actions)?.memory
  if (!memory) return
  Session.enterSource(session, "PRECOPY", actions)
  MemoryStream.remeasure(session.sender)
  GuestMemory.startLogging(memory, now)
  session.spare = new Uint32Array(GuestMemory.bitmapWords(memory.pages))
  Session.startTimer(session, State.TIMER_STEP, now + state.settings.tickNs, actions)
  startRound(session, memory, GuestMemory.fullBitmap(memory.pages), memory.pages, now, actions)
  pump(state, session, now, actions)
}

/** Begin to send the pages of a bitmap: a pre-copy round, or the last copy. */
const startRound = (
  session: Source,
  memory: GuestMemory.GuestMemory,
  bitmap: Uint32Array,
  pages: number,
  now: SimTime,
  actions: HostActions,
): void => {
  const last = session.state !== "PRECOPY"
  const round = last ? 0 : session.record.rounds.length + 1
  // Guests write only where they have written before, so zero pages occur in the first round alone.
  const zeroPages = round === 1 ? PageCursor.dropFrom(bitmap, memory.touchedPages, memory.pages) : 0
  session.record.rounds.push({ round, pages, zeroPages, startedAt: now, endedAt: NEVER, octets: 0, dirtyPages: 0 })
  if (!last) actions.trace(Trace.ROUND_STARTED.code, session.vm, round, pages, zeroPages)
  Session.send(session, { ...Session.head(session), kind: last ? M.STUNNED : M.ROUND, round, pages }, now, actions)
  if (zeroPages > 0)
    Session.send(session, { ...Session.head(session), kind: M.ZEROS, page: memory.touchedPages, count: zeroPages }, now, actions)
  PageCursor.start(session.cursor, bitmap)
  session.roundEnded = false
}

/** Send as much as the window takes, and go on to the next step when everything has arrived. */
export const pump = (state: State.VmotionState, session: Source, now: SimTime, actions: HostActions): void => {
  if (session.state !== "PRECOPY" && session.state !== "SENDING_LAST") return
  const memory = machineOf(session, actions)?.memory
  if (!memory) return
  const { sender, cursor, layout, migration } = session
  const record = session.record.rounds[session.record.rounds.length - 1]
  while (MemoryStream.hasRoom(sender)) {
    const push = MemoryStream.isLastOfWindow(sender)
    const message = PageCursor.next(cursor, memory, layout, migration, sender.next, push) ?? nextBehindPages(session, push)
    if (message === null) {
      if (MemoryStream.inFlight(sender) === 0) endRound(state, session, memory, now, actions)
      return
    }
    record.octets += VmotionCodec.octetLength(message)
    Session.send(session, message, now, actions)
  }
}

/** What follows the last page of a round: its end, or after stun the device state piece by piece. */
const nextBehindPages = (session: Source, push: boolean): M.StreamMessage | null => {
  const { deviceState, deviceStateSent, layout, migration, sender } = session
  if (deviceState === null) {
    if (session.roundEnded) return null
    session.roundEnded = true
    return { ...Session.head(session), kind: M.ROUND_END }
  }
  if (deviceStateSent === deviceState.length) return null
  const octets = deviceState.slice(deviceStateSent, deviceStateSent + layout.stateOctets)
  session.deviceStateSent += octets.length
  return {
    protocol: M.PROTOCOL,
    migration,
    sequence: sender.next,
    push: push || session.deviceStateSent === deviceState.length,
    kind: M.STATE,
    offset: deviceStateSent,
    total: deviceState.length,
    octets,
  }
}

/** Everything of a round has arrived. */
const endRound = (
  state: State.VmotionState,
  session: Source,
  memory: GuestMemory.GuestMemory,
  now: SimTime,
  actions: HostActions,
): void => {
  const record = session.record.rounds[session.record.rounds.length - 1]
  record.endedAt = now
  if (session.state === "SENDING_LAST") return handOver(session, record.pages, now, actions)
  GuestMemory.advance(memory, now)
  record.dirtyPages = memory.dirtyPages
  const duration = now - record.startedAt
  actions.trace(Trace.ROUND.code, session.vm, record.round, record.dirtyPages, duration)
  const sent = record.pages - record.zeroPages
  if (sent >= MEASURING_PAGES || session.rateOctets === 0)
    session.rateOctets = Math.floor((sent * GuestMemory.PAGE_OCTETS * SECOND) / duration)
  if (fitsGoal(state, session, memory.dirtyPages)) return stun(state, session, now, actions)
  session.stalled = memory.dirtyPages > record.pages - PROGRESS_PAGES ? session.stalled + 1 : 0
  if (session.stalled >= state.settings.stalledRounds || record.round >= state.settings.maximumRounds)
    return fail(state, session, Reason.of("not-converging"), now, actions)
  const pages = memory.dirtyPages
  startRound(session, memory, takeLog(session, memory), pages, now, actions)
  pump(state, session, now, actions)
}

/** Whether so many pages can be sent within the switch-over goal, at the rate that was measured. */
const fitsGoal = (state: State.VmotionState, session: Source, pages: number): boolean =>
  pages * GuestMemory.PAGE_OCTETS * SECOND <= state.settings.switchoverGoalNs * session.rateOctets

/** What was logged, for the cursor; the bitmap that the cursor is through with becomes the new log. */
const takeLog = (session: Source, memory: GuestMemory.GuestMemory): Uint32Array => {
  const spare = session.spare ?? new Uint32Array(GuestMemory.bitmapWords(memory.pages))
  session.spare = session.cursor.bitmap
  session.spare?.fill(0)
  return GuestMemory.exchangeLog(memory, spare)
}

const stun = (state: State.VmotionState, session: Source, now: SimTime, actions: HostActions): void => {
  const { context } = actions
  const slot = Host.slotOf(context.host, session.vm)
  Session.enterSource(session, "STUN", actions)
  VirtualMachine.stun(context, slot)
  session.record.stunnedAt = now
  const memory = machineOf(session, actions)?.memory
  actions.trace(Trace.STUNNED.code, session.vm, memory?.dirtyPages ?? 0, 0, 0)
  Session.startTimer(session, State.TIMER_STEP, now + state.settings.stunNs, actions)
  if (state.settings.maximumSwitchoverNs < state.settings.timeoutNs)
    Session.startTimer(session, State.TIMER_DEADLINE, now + state.settings.maximumSwitchoverNs, actions)
}

/** The step timer: enter writes into the log while copying, end the stun phase. */
export const onStep = (state: State.VmotionState, session: Source, now: SimTime, actions: HostActions): void => {
  const machine = machineOf(session, actions)
  if (!machine?.memory) return
  if (session.state === "PRECOPY") {
    GuestMemory.advance(machine.memory, now)
    Session.startTimer(session, State.TIMER_STEP, now + state.settings.tickNs, actions)
  } else if (session.state === "STUN" && machine.stack !== null) {
    const { memory } = machine
    session.record.memoryHash = GuestMemory.contentHash(memory)
    session.deviceState = DeviceState.emit(machine.stack, memory)
    session.record.stateOctets = session.deviceState.length
    Session.enterSource(session, "SENDING_LAST", actions)
    const pages = memory.dirtyPages
    startRound(session, memory, takeLog(session, memory), pages, now, actions)
    pump(state, session, now, actions)
  }
}

/** The point of no return: from here on only the destination's word counts. RESUME is repeated until it comes. */
const handOver = (session: Source, pages: number, now: SimTime, actions: HostActions): void => {
  Session.enterSource(session, "HANDOVER", actions)
  session.record.handoverAt = now
  actions.trace(Trace.LAST_SENT.code, session.vm, pages, session.record.stateOctets, 0)
  Session.startTimer(session, State.TIMER_DEADLINE, now + QUERY_NS, actions)
  Session.send(session, { ...Session.head(session), kind: M.RESUME }, now, actions)
}

/** The destination runs the VM: this copy ends. `REMOVED` tells the destination so. */
const finish = (state: State.VmotionState, session: Source, now: SimTime, actions: HostActions): void => {
  session.record.resumedAt = session.record.resumedAt === NEVER ? now : session.record.resumedAt
  Session.enterSource(session, "DONE", actions)
  VirtualMachine.remove(actions.context, Host.slotOf(actions.context.host, session.vm))
  session.record.endedAt = now
  actions.trace(Trace.REMOVED.code, session.vm, session.peer, now - session.record.startedAt, 0)
  Session.send(session, { ...Session.head(session), kind: M.REMOVED }, now, actions)
  Session.startDeadline(state, session, now, actions)
  startWaiting(state, now, actions)
}

/** The deadline timer. In HANDOVER there is no deadline, only the question whether the destination still knows. */
export const onDeadline = (state: State.VmotionState, session: Source, now: SimTime, actions: HostActions): void => {
  if (session.state === "HANDOVER") {
    Session.sendQuery(session, actions)
    Session.startTimer(session, State.TIMER_DEADLINE, now + QUERY_NS, actions)
    return
  }
  const switchoverEnds = session.record.stunnedAt + state.settings.maximumSwitchoverNs
  const switching = session.state === "STUN" || session.state === "SENDING_LAST"
  if (switching && switchoverEnds <= now) return fail(state, session, Reason.of("switchover-timeout"), now, actions)
  if (!Session.wasSilent(state, session, now, actions)) {
    if (switching && switchoverEnds < session.heardAt + state.settings.timeoutNs)
      Session.startTimer(session, State.TIMER_DEADLINE, switchoverEnds, actions)
    return
  }
  // The destination runs the VM and will find out by itself that nobody asks any more.
  if (session.state === "DONE") return Session.close(state, session, now, actions)
  fail(state, session, Reason.of(session.state === "CHECKING" ? "unreachable" : "timeout"), now, actions)
}

/** The destination's last word. */
export const onVerdict = (
  state: State.VmotionState,
  session: Source,
  verdict: M.Verdict,
  now: SimTime,
  actions: HostActions,
): void => {
  if (session.state === "DONE") return Session.close(state, session, now, actions)
  if (verdict.outcome === M.OUTCOME_RUNNING) {
    if (session.state === "HANDOVER") finish(state, session, now, actions)
    return
  }
  const reason = verdict.outcome === M.OUTCOME_UNKNOWN ? Reason.of("unknown-migration") : verdict.reason
  fail(state, session, reason === Reason.OK ? Reason.of("timeout") : reason, now, actions)
}

/** A command or a power-off ends it, unless the VM is the destination's already. */
export const cancel = (
  state: State.VmotionState,
  vm: number,
  reason: Reason.Reason,
  now: SimTime,
  actions: HostActions,
): void => {
  const waiting = state.waiting.findIndex((command) => command.vm === vm)
  if (waiting >= 0) for (const { to } of state.waiting.splice(waiting, 1)) refuse(state, vm, to, reason, now, actions)
  for (const session of state.sessions)
    if (session?.role === "source" && session.vm === vm && !State.isOver(session) && session.state !== "HANDOVER")
      fail(state, session, reason, now, actions)
}

/** Everything in flight has arrived and the session is done: nothing is left to say. */
export const closeIfDone = (state: State.VmotionState, session: Source, now: SimTime, actions: HostActions): void => {
  if (session.state === "DONE" && MemoryStream.inFlight(session.sender) === 0) Session.close(state, session, now, actions)
}
