/** Hosts, hypervisors and what they ping. */
import * as HypervisorHost from "@l2lab/hypervisor/Host"
import type { EndStationState } from "@l2lab/l3/EndStation"
import * as NetworkStack from "@l2lab/l3/NetworkStack"
import type { PingRun } from "@l2lab/l3/Ping"
import type { StackCommand } from "@l2lab/l3/StackCommand"
import type { Command } from "@l2lab/sim/Device"
import * as Duration from "effect/Duration"
import type { WorldCommand } from "@l2lab/sim/WorldCommand"
import * as Effect from "effect/Effect"
import { badInput, type InputError } from "../Failure.ts"
import type { Action, Host, Pinger, PingOptions, Powered, Probe } from "../Lab.ts"
import * as Spans from "../run/Duration.ts"
import {
  addressNamed,
  command,
  found,
  gaveUp,
  hypervisorState,
  locate,
  nodeNamed,
  type Session,
  worldCommand,
} from "./Session.ts"

/** A stack somewhere: how to read it and how to command it, wherever it is by now. */
interface StackAt {
  readonly who: string
  readonly stack: () => NetworkStack.NetworkStack | undefined
  readonly node: () => number | undefined
  readonly order: (order: StackCommand) => Command
}

/** A host by name: an end station or a hypervisor. */
export const host = (session: Session, name: string): Host => {
  const lookup = () => nodeNamed(session.directory, name, ["host", "hypervisor"])
  const station = () => nodeNamed(session.directory, name, ["host"])
  return {
    name,
    ...power(session, lookup),
    ping: (target, options) =>
      Effect.flatMap(found(station), (node) => ping(session, stationStack(session, node, name), target, options)),
    broadcast: Effect.flatMap(found(station), (node) => command(session, node, { type: "arp.announce" })),
  }
}

const stationStack = (session: Session, node: number, name: string): StackAt => ({
  who: name,
  stack: () => (session.simulation.world.states[node] as EndStationState | null)?.stack,
  node: () => node,
  order: (order) => order,
})

/** Power of a node. */
export const power = (session: Session, lookup: () => number | ReadonlyArray<number> | InputError): Powered => {
  const nodes = Effect.map(found(lookup), (found) => (typeof found === "number" ? [found] : found))
  const each = (order: (node: number) => WorldCommand) =>
    Effect.flatMap(nodes, (all) => Effect.forEach(all, (node) => worldCommand(session, order(node)), { discard: true }))
  return {
    powerOff: each((node) => ({ type: "node.power-off", node, keepCarrier: false })),
    powerOn: each((node) => ({ type: "node.power-on", node })),
  }
}

/** The stack of a VM's guest pings from wherever the VM runs. */
export const guestPing = (session: Session, vm: number, name: string): Pinger["ping"] => {
  const stack: StackAt = {
    who: name,
    stack: () => {
      const node = locate(session, vm)
      const state = node === undefined ? null : hypervisorState(session, node)
      return state === null ? undefined : (HypervisorHost.machineOf(state, vm)?.stack ?? undefined)
    },
    node: () => locate(session, vm),
    order: (order) => ({ type: "vm.guest", vm, command: order }) as Command,
  }
  return (target, options) => ping(session, stack, target, options)
}

const ping = Effect.fnUntraced(function* (session: Session, at: StackAt, target: string, options: PingOptions = {}) {
  const address = yield* found(() => addressNamed(session.directory, target))
  const everyNs = yield* found(() => intervalOf(options.every))
  const node = at.node()
  const stack = at.stack()
  if (node === undefined || stack === undefined) return yield* gaveUp(`${at.who} cannot ping: it is switched off`)
  const run = NetworkStack.pings(stack).reduce((highest, report) => Math.max(highest, report.run), 0) + 1
  const payload = options.payloadOctets === undefined ? {} : { payloadOctets: options.payloadOctets }
  yield* command(session, node, at.order({ type: "ping.start", target: address, everyNs, run, ...payload }))
  const look = (): PingRun | undefined => {
    const now = at.stack()
    return now === undefined ? undefined : NetworkStack.pings(now).find((report) => report.run === run)
  }
  if (look() === undefined) return yield* badInput(`${at.who} refuses to ping ${target} with these options`)
  session.probes.push({ look, who: at.who, vlan: session.directory.stations.find(({ name }) => name === at.who)?.vlan ?? 1 })
  return probe(session, at, target, run, look)
})

const intervalOf = (every: Duration.Input = SECOND_INPUT): number | InputError => {
  const ns = Spans.inScenario("every", every)
  if (typeof ns !== "number") return ns
  return ns >= 1000 ? ns : badInput(`a ping cannot be sent every ${ns} ns: the least interval is 1 us`)
}

const SECOND_INPUT: Duration.Input = "1 second"

const probe = (session: Session, at: StackAt, target: string, run: number, look: () => PingRun | undefined): Probe => {
  const report: Action<PingRun> = Effect.suspend(() => {
    const now = look()
    return now === undefined
      ? gaveUp(`the ping from ${at.who} to ${target} is gone: ${at.who} was switched off`)
      : Effect.succeed(now)
  })
  return {
    report,
    sent: Effect.map(report, (now) => now.sent),
    received: Effect.map(report, (now) => now.received),
    lost: Effect.map(report, (now) => now.lost),
    longestGap: Effect.map(report, (now) => Duration.nanos(BigInt(longestGapNs(now, session.simulation.now)))),
    stop: Effect.suspend(() => {
      const node = at.node()
      return node === undefined ? Effect.void : command(session, node, at.order({ type: "ping.stop", run }))
    }),
  }
}

/**
 * The longest silence: between two answers, before the first one, and the one that is open, for a target that never answered again is out
 * until now. Below one and a half intervals it is none: the next answer is on its way.
 */
export const longestGapNs = (run: PingRun, now: number): number => {
  const silence = (ns: number): number => (2 * ns > 3 * run.everyNs ? ns : 0)
  const first = silence((run.firstAnsweredAt ?? now) - run.startedAt)
  const open = run.active ? silence(now - (run.lastAnsweredAt ?? run.startedAt)) : 0
  return Math.max(run.longestGapNs, first, open)
}

/** When a probe's result last changed: an answer after none, or the first probe without one. 0 before anything. */
export const lastResultChangeAt = (run: PingRun, now: number): number => {
  const closed = run.gaps.at(-1)?.to ?? run.firstAnsweredAt ?? 0
  if (!run.active || run.lastAnsweredAt === undefined) return closed
  const open = 2 * (now - run.lastAnsweredAt) > 3 * run.everyNs
  return open ? Math.max(closed, run.lastAnsweredAt + run.everyNs) : closed
}
