/** The destination's end of a migration. It builds the guest from what arrives in frames and from nothing else. */
import * as GuestMemory from "@l2lab/hypervisor/GuestMemory"
import * as Host from "@l2lab/hypervisor/Host"
import type { VmConfig } from "@l2lab/hypervisor/HostConfig"
import type { HostActions } from "@l2lab/hypervisor/HostService"
import * as PortGroup from "@l2lab/hypervisor/PortGroup"
import * as VirtualMachine from "@l2lab/hypervisor/VirtualMachine"
import type { Ipv4Address } from "@l2lab/l3/Ipv4Address"
import type { SimTime } from "@l2lab/sim/SimTime"
import { Result } from "effect"
import * as DeviceState from "./DeviceState.ts"
import * as MemoryStream from "./MemoryStream.ts"
import * as State from "./MigrationState.ts"
import * as Reason from "./Reason.ts"
import * as Session from "./Session.ts"
import * as Trace from "./Trace.ts"
import * as M from "./VmotionMessage.ts"

type Destination = State.DestinationSession

/** A session for a migration that a peer asks about; undefined when all slots are taken. */
export const open = (
  state: State.VmotionState,
  vmkernel: number,
  peer: Ipv4Address,
  check: M.Check,
  now: SimTime,
  actions: HostActions,
): Destination | undefined => {
  const slot = state.sessions.indexOf(null)
  if (slot < 0) return undefined
  const { migration, vm } = check
  const session: Destination = {
    role: "destination",
    slot,
    migration,
    vm: vm.id,
    peer,
    vmkernel,
    sender: MemoryStream.makeSender(),
    receiver: MemoryStream.makeReceiver(),
    heardAt: now,
    record: State.makeRecord("destination", migration, vm.id, peer, now),
    state: "CHECKING",
    offered: vm,
    arrived: null,
    arrivedPages: 0,
    deviceState: null,
    deviceStateReceived: 0,
  }
  state.sessions[slot] = session
  Session.startDeadline(state, session, now, actions)
  return session
}

/** What speaks against taking this VM. */
const objection = (state: State.VmotionState, session: Destination, vm: VmConfig, actions: HostActions): Reason.Reason => {
  const { host } = actions.context
  if (!host.config.vmkernel[session.vmkernel].services.includes("vmotion")) return Reason.of("wrong-vmotion-interface")
  if (State.active(state, "destination") > state.settings.concurrent) return Reason.of("busy")
  const clash = host.machines.some(
    (machine) => machine !== null && machine.state !== "off" && (machine.config.id === vm.id || machine.config.mac === vm.mac),
  )
  if (clash) return Reason.of("exists")
  if (PortGroup.find(host.portGroups, vm.portGroup) < 0) return Reason.of("no-port-group")
  // A VM that is off and of the same identity is a stale entry of the inventory: its slot will do.
  if (Host.freeSlot(host) < 0 && Host.slotOf(host, vm.id) < 0) return Reason.of("no-slot")
  if (Host.freeMemoryMib(host) < vm.memoryMib) return Reason.of("no-memory")
  return Reason.OK
}

/** A message of the source, in order. */
export const onMessage = (
  state: State.VmotionState,
  session: Destination,
  message: M.StreamMessage,
  now: SimTime,
  actions: HostActions,
): void => {
  switch (message.kind) {
    case M.PAGE:
      if (message.part === message.parts - 1) arrive(session, message.page, message.version, actions)
      return
    case M.PAGES:
      message.pages.forEach((page, i) => arrive(session, page, message.versions[i], actions))
      return
    case M.CHECK:
      if (session.state === "CHECKING") check(state, session, message.vm, now, actions)
      return
    case M.PREPARE:
      if (session.state === "CHECKING") prepare(state, session, now, actions)
      return
    case M.ROUND:
      if (session.state === "SHELL") Session.enterDestination(session, "RECEIVING", actions)
      return
    case M.ZEROS:
      for (let page = message.page; page < message.page + message.count; page++) arrive(session, page, 0, actions)
      return
    case M.STUNNED:
      session.record.stunnedAt = now
      return
    case M.STATE:
      if (session.state === "RECEIVING") takeState(session, message)
      return
    case M.RESUME:
      if (session.state === "RECEIVING") resume(state, session, now, actions)
      return
    case M.REMOVED:
      session.record.confirmed = true
      return
  }
}

const check = (state: State.VmotionState, session: Destination, vm: VmConfig, now: SimTime, actions: HostActions): void => {
  const reason = objection(state, session, vm, actions)
  Session.send(session, { ...Session.head(session), kind: M.CHECKED, reason }, now, actions)
  if (reason !== Reason.OK) abort(state, session, reason, now, actions)
}

/** Make the shell, if what was checked still holds. */
const prepare = (state: State.VmotionState, session: Destination, now: SimTime, actions: HostActions): void => {
  const { context } = actions
  const vm = session.offered
  const reason = objection(state, session, vm, actions)
  Session.send(session, { ...Session.head(session), kind: M.PREPARED, reason }, now, actions)
  if (reason !== Reason.OK) return abort(state, session, reason, now, actions)
  const stale = Host.slotOf(context.host, vm.id)
  if (stale >= 0) VirtualMachine.remove(context, stale)
  VirtualMachine.makeShell(context, vm)
  session.arrived = new Uint32Array(GuestMemory.bitmapWords(vm.memoryMib * GuestMemory.PAGES_PER_MIB))
  session.record.shellAt = now
  Session.enterDestination(session, "SHELL", actions)
  actions.trace(Trace.SHELL.code, session.vm, session.peer, 0, 0)
}

/** A page arrived, perhaps once more. */
const arrive = (session: Destination, page: number, version: number, actions: HostActions): void => {
  const memory = Host.machineOf(actions.context.host, session.vm)?.memory
  if (session.state !== "RECEIVING" || session.arrived === null || !memory || page >= memory.pages) return
  session.record.pagesReceived++
  if (memory.versions !== null) memory.versions[page] = version
  const bit = 1 << (page & 31)
  if ((session.arrived[page >>> 5] & bit) !== 0) return
  session.arrived[page >>> 5] |= bit
  session.arrivedPages++
}

const takeState = (session: Destination, message: M.StatePiece): void => {
  session.deviceState ??= new Uint8Array(message.total)
  if (message.total !== session.deviceState.length || message.offset !== session.deviceStateReceived) return
  session.deviceState.set(message.octets, message.offset)
  session.deviceStateReceived += message.octets.length
}

/** RESUME came: the VM is this host's now, if all of it is here. */
const resume = (state: State.VmotionState, session: Destination, now: SimTime, actions: HostActions): void => {
  const machine = Host.machineOf(actions.context.host, session.vm)
  const { deviceState } = session
  if (!machine?.memory || session.arrivedPages !== machine.memory.pages)
    return abort(state, session, Reason.of("memory-incomplete"), now, actions)
  if (deviceState === null || session.deviceStateReceived !== deviceState.length)
    return abort(state, session, Reason.of("state-invalid"), now, actions)
  const parsed = DeviceState.parse(deviceState, VirtualMachine.stackConfig(machine.config))
  if (Result.isFailure(parsed)) return abort(state, session, Reason.of("state-invalid"), now, actions)
  session.record.handoverAt = now
  session.record.stateOctets = deviceState.length
  Session.enterDestination(session, "RESUMING", actions)
  Session.stopTimer(session, State.TIMER_DEADLINE, actions)
  Session.startTimer(session, State.TIMER_STEP, now + state.settings.resumeNs, actions)
}

/** The end of RESUMING: the vCPUs run, the host announces the VM, the source is told. */
export const onStep = (state: State.VmotionState, session: Destination, now: SimTime, actions: HostActions): void => {
  const { context } = actions
  const { host } = context
  const slot = Host.slotOf(host, session.vm)
  const machine = slot < 0 ? null : host.machines[slot]
  if (session.state !== "RESUMING" || machine === null || machine.memory === null || session.deviceState === null) return
  const parsed = DeviceState.parse(session.deviceState, VirtualMachine.stackConfig(machine.config))
  if (Result.isFailure(parsed)) return
  const { stack, writes, remainder } = parsed.success
  machine.memory.writes = writes
  machine.memory.remainder = remainder
  session.record.memoryHash = GuestMemory.contentHash(machine.memory)
  Session.enterDestination(session, "RUNNING", actions)
  session.record.resumedAt = now
  actions.trace(Trace.RESUMED.code, session.vm, session.peer, 0, 0)
  VirtualMachine.start(context, slot, stack)
  const port = Host.portOfSlot(host, slot)
  if (host.ports.uplink[port] >= 0 && host.portGroups[machine.portGroup].notifySwitches) session.record.rarpAt = now
  session.arrived = null
  session.deviceState = null
  Session.send(session, { ...Session.head(session), kind: M.RESUMED }, now, actions)
  Session.startDeadline(state, session, now, actions)
}

/** Give up: the shell goes, the source keeps the VM. Whoever asks later is told so from the record. */
export const abort = (
  state: State.VmotionState,
  session: Destination,
  reason: Reason.Reason,
  now: SimTime,
  actions: HostActions,
): void => {
  const { context } = actions
  actions.trace(Trace.ABORTED.code, session.vm, reason, Trace.DESTINATION_STATES.indexOf(session.state), 0)
  const slot = Host.slotOf(context.host, session.vm)
  if (session.state !== "CHECKING" && slot >= 0) VirtualMachine.remove(context, slot)
  Session.enterDestination(session, "ABORTED", actions)
  session.record.reason = reason
  session.arrived = null
  session.deviceState = null
  Session.sendVerdict(session.vmkernel, session.peer, session.migration, M.OUTCOME_ABORTED, reason, actions)
  Session.close(state, session, now, actions)
}

/** The deadline timer: the source was silent for too long, or has had time enough to confirm. */
export const onDeadline = (state: State.VmotionState, session: Destination, now: SimTime, actions: HostActions): void => {
  if (!Session.wasSilent(state, session, now, actions)) return
  if (session.state === "RUNNING") return Session.close(state, session, now, actions)
  abort(state, session, Reason.of("timeout"), now, actions)
}

/** The source's last word: it gave up. */
export const onVerdict = (state: State.VmotionState, session: Destination, now: SimTime, actions: HostActions): void => {
  if (session.state === "RUNNING") Session.close(state, session, now, actions)
  else if (session.state !== "RESUMING") abort(state, session, Reason.of("aborted-by-source"), now, actions)
}

/** The source has confirmed and everything has been said. */
export const closeIfDone = (state: State.VmotionState, session: Destination, now: SimTime, actions: HostActions): void => {
  if (session.state === "RUNNING" && session.record.confirmed && MemoryStream.inFlight(session.sender) === 0)
    Session.close(state, session, now, actions)
}

const recordOf = (state: State.VmotionState, migration: number, peer: Ipv4Address): State.MigrationRecord | undefined =>
  state.history.find((item) => item.role === "destination" && item.migration === migration && item.peer === peer)

/** The source of a migration that is over here has let go of the VM. */
export const confirm = (state: State.VmotionState, migration: number, peer: Ipv4Address): void => {
  const record = recordOf(state, migration, peer)
  if (record !== undefined) record.confirmed = true
}

/** What a closed session's record says to a source that is still at it. */
export const verdictOf = (
  state: State.VmotionState,
  migration: number,
  peer: Ipv4Address,
): readonly [M.Verdict["outcome"], Reason.Reason] => {
  const record = recordOf(state, migration, peer)
  if (record === undefined) return [M.OUTCOME_UNKNOWN, Reason.OK]
  return record.state === "RUNNING" ? [M.OUTCOME_RUNNING, Reason.OK] : [M.OUTCOME_ABORTED, record.reason]
}
