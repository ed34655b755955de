/** What the handles of a `Lab` share, and how names of a design are found. */
import { type BridgePlace, findBridgePort, findPort, type Directory, type NodeEntry, type VmEntry } from "@l2lab/design/Directory"
import { didYouMean } from "@l2lab/design/Suggestion"
import type { HostConfig } from "@l2lab/hypervisor/HostConfig"
import * as HypervisorHost from "@l2lab/hypervisor/Host"
import type { EthernetFrame } from "@l2lab/l2/EthernetFrame"
import * as MacAddress from "@l2lab/l2/MacAddress"
import * as Ipv4Address from "@l2lab/l3/Ipv4Address"
import type { Command } from "@l2lab/sim/Device"
import type { DurationNs, SimTime } from "@l2lab/sim/SimTime"
import type { Simulation } from "@l2lab/sim/Simulation"
import type { VirtualTime } from "@l2lab/sim/VirtualTimeService"
import { WORLD, type WorldCommand } from "@l2lab/sim/WorldCommand"
import * as Effect from "effect/Effect"
import { badInput, type InputError, ScenarioFailure } from "../Failure.ts"
import * as MlagQuery from "@l2lab/vss/mlag/Query"
import * as Bridges from "../Bridges.ts"
import { few } from "../report/Quantity.ts"
import type { LogBook } from "../report/LogBook.ts"
import type { TraceHub } from "../run/TraceHub.ts"
import type { PingRun } from "@l2lab/l3/Ping"

/** A ping that `converged` has an eye on. */
export interface WatchedProbe {
  /** Who pings. */
  readonly who: string
  /** The VLAN that it is in. */
  readonly vlan: number
  readonly look: () => PingRun | undefined
}

export interface Session {
  readonly simulation: Simulation<EthernetFrame>
  readonly directory: Directory
  readonly time: VirtualTime["Service"]
  readonly trace: TraceHub
  /** What the switches have logged. */
  readonly log: LogBook
  /** How long anything is waited for. */
  readonly limitNs: DurationNs
  /** Print a line that belongs to an instant, or to none. */
  readonly tell: (at: SimTime | undefined, text: string) => void
  /** Those who know what an instant came to only when it is over, and have held its lines back: called before anything is printed. */
  readonly held: Array<() => void>
  readonly probes: Array<WatchedProbe>
  /** Programs that run on other networks while this one stands still: one at most, but they may be nested. */
  readonly besides: { count: number }
  /** Whether the program is a user's: what is advised may be a change of it. */
  readonly isScenario: boolean
}

/** Print what is held back of instants that are over. */
export const tellHeld = (held: Session["held"]): void => {
  for (const tell of held) tell()
}

/** Print lines in the order of time: what is held back goes first. */
export const inOrder =
  (held: Session["held"], print: Session["tell"]): Session["tell"] =>
  (at, text) => {
    tellHeld(held)
    print(at, text)
  }

/** A lookup as an effect: what is not there is the script's mistake. */
export const found = <A>(lookup: () => A | InputError): Effect.Effect<A, InputError> =>
  Effect.suspend(() => {
    const result = lookup()
    return isInputError(result) ? Effect.fail(result) : Effect.succeed(result)
  })

const isInputError = (value: unknown): value is InputError =>
  typeof value === "object" && value !== null && "_tag" in value && value._tag === "InputError"

/** Fail since the emulated world did not do what was waited for. */
export const gaveUp = (problem: string): Effect.Effect<never, ScenarioFailure> => Effect.fail(new ScenarioFailure({ problem }))

/**
 * Go on only if the session's network runs. While a program runs on another one (`lab.fork`, `lab.redesign`) it stands still: what is asked of it then is meant for
 * the other, and waiting for it would never end.
 */
export const awake = (session: Session): Effect.Effect<void, InputError> =>
  Effect.suspend(() =>
    session.besides.count === 0
      ? Effect.void
      : Effect.fail(
          badInput(
            "this lab belongs to the network that stands still while a program runs on another one: " +
              'write "const lab = yield* Lab" inside the program of lab.fork or lab.redesign',
          ),
        ),
  )

/** Give a command to a node. */
export const command = (session: Session, node: number, order: Command): Effect.Effect<void, InputError> =>
  Effect.andThen(
    awake(session),
    Effect.sync(() => session.simulation.command(node, order)),
  )

/** Give a command to the world. */
export const worldCommand = (session: Session, order: WorldCommand): Effect.Effect<void, InputError> =>
  Effect.andThen(
    awake(session),
    Effect.sync(() => session.simulation.command(WORLD, order)),
  )

/** The index of a node by its name, of one of the given kinds. */
export const nodeNamed = (directory: Directory, name: string, kinds: ReadonlyArray<NodeEntry["kind"]>): number | InputError => {
  const node = directory.nodeByName.get(name)
  const what = kinds.join(" or ")
  if (node === undefined) {
    const candidates = directory.nodes.filter((entry) => kinds.includes(entry.kind)).map((entry) => entry.name)
    return badInput(
      `the design ${directory.name} has no ${what} "${name}"${didYouMean(name, candidates, `: it has ${some(candidates)}`)}`,
    )
  }
  const { kind } = directory.nodes[node]
  return kinds.includes(kind) ? node : badInput(`"${name}" of the design ${directory.name} is a ${kind}, not a ${what}`)
}

/** The indices of the nodes that a name means: one, or the two of a pair. */
export const nodesNamed = (
  directory: Directory,
  name: string,
  kinds: ReadonlyArray<NodeEntry["kind"]>,
): ReadonlyArray<number> | InputError => {
  const pair = kinds.includes("switch") ? directory.pairByName.get(name) : undefined
  if (pair !== undefined) return pair.nodes
  const node = nodeNamed(directory, name, kinds)
  return typeof node === "number" ? [node] : node
}

/** The node that answers as a switch: of a pair the active chassis or the primary peer, or else the first. */
export const answering = (session: Session, name: string): number | InputError => {
  const { directory, simulation } = session
  const pair = directory.pairByName.get(name)
  if (pair === undefined) return nodeNamed(directory, name, ["switch"])
  if (pair.type === "vss") return Bridges.consoleOf(session, pair.nodes[0])
  const isPrimary = (node: number): boolean => {
    const peer = Bridges.peerOf(simulation.world, node)
    return peer !== undefined && MlagQuery.isPrimary(peer)
  }
  return pair.nodes.find(isPrimary) ?? pair.nodes.find((node) => simulation.world.states[node] !== null) ?? pair.nodes[0]
}

/** The nodes that an order to a switch goes to: both peers of a vPC pair, which have a configuration each; of two chassis the active one. */
export const ordered = (session: Session, name: string): ReadonlyArray<number> | InputError => {
  const pair = session.directory.pairByName.get(name)
  if (pair?.type === "vpc") return pair.nodes
  const node = answering(session, name)
  return typeof node === "number" ? [node] : node
}

/** Give a switch an order. */
export const orderSwitch = (
  session: Session,
  name: string,
  order: (node: number) => Effect.Effect<void, InputError | ScenarioFailure>,
): Effect.Effect<void, InputError | ScenarioFailure> =>
  Effect.flatMap(
    found(() => ordered(session, name)),
    (nodes) => Effect.forEach(nodes, order, { discard: true }),
  )

/** A VM by its name. */
export const vmNamed = (directory: Directory, name: string): VmEntry | InputError =>
  directory.vmByName.get(name) ??
  badInput(
    `the design ${directory.name} has no VM "${name}"${didYouMean(name, directory.vmByName.keys(), `: it has ${some([...directory.vmByName.keys()])}`)}`,
  )

/** The world port of `sw1:1`, `sw1:Gi0/1`, or a node with a single port. */
export const portNamed = (session: Session, name: string): number | InputError => {
  const { directory } = session
  const port = findPort(directory, name)
  if (port !== undefined) return session.simulation.world.portBase[port.node] + port.port
  const owner = name.split(":")[0]
  const pair = directory.pairByName.get(owner)
  const node = directory.nodeByName.get(owner) ?? pair?.nodes[0]
  if (node === undefined) {
    return badInput(
      `there is no port "${name}": the design has no node "${owner}"${didYouMean(owner, directory.nodeByName.keys())}`,
    )
  }
  const { ports } = directory.nodes[node]
  const channel = findBridgePort(directory, name)
  if (channel !== undefined) {
    const members = channel.places.map((place) => directory.nodes[place.node].ports[place.port].end).join(", ")
    return badInput(`${name} is a port-channel, and this is for one port: name one of its members, ${members}`)
  }
  if (pair !== undefined) {
    const members = pair.nodes.map((member) => directory.nodes[member].name)
    return badInput(
      `there is no port "${name}": ${owner} is the pair of ${members.join(" and ")}; name a port of one, like ${ports[0].end}`,
    )
  }
  return badInput(
    ports.length === 0
      ? `there is no port "${name}": ${owner} has none`
      : `there is no port "${name}": ${owner} has ${ports[0].end}${ports.length > 1 ? ` to ${ports[ports.length - 1].end}` : ""}`,
  )
}

/** A port, or a port-channel of a switch (`sw1:Po1`). */
export const bridgePortNamed = (session: Session, name: string): BridgePlace | InputError =>
  findBridgePort(session.directory, name) ?? (portNamed(session, name) as InputError)

/** The world ports behind a name: one, or the members of a port-channel; none where there is no such port. */
export const worldPortsNamed = (session: Session, name: string): ReadonlyArray<number> => {
  const place = findBridgePort(session.directory, name)
  if (place === undefined) return []
  const { portBase } = session.simulation.world
  return place.places.map(({ node, port }) => portBase[node] + port)
}

/** A few names of many. */
export const some = (names: ReadonlyArray<string>): string => (names.length === 0 ? "none" : few(names, 6))

/** The IPv4 address behind a station's name or a written address. */
export const addressNamed = (directory: Directory, name: string): Ipv4Address.Ipv4Address | InputError => {
  const station = directory.stations.find((entry) => entry.name === name)
  if (station !== undefined) return station.address
  const address = Ipv4Address.parse(name)
  if (address !== undefined) return address
  const candidates = directory.stations.map((entry) => entry.name)
  return badInput(
    `nobody in the design ${directory.name} is called "${name}"${didYouMean(name, candidates, ", and it is no IPv4 address")}`,
  )
}

/** The MAC address behind a name, or a written one. */
export const macNamed = (directory: Directory, name: string): MacAddress.MacAddress | InputError => {
  const station = directory.stations.find((entry) => entry.name === name)
  if (station !== undefined) return station.mac
  const node = directory.nodeByName.get(name)
  const own = node === undefined ? undefined : directory.nodes[node].mac
  if (own !== undefined) return own
  const address = MacAddress.parse(name)
  if (address !== undefined) return address
  const candidates = [...directory.nodeByName.keys(), ...directory.vmByName.keys()]
  return badInput(
    `nobody in the design ${directory.name} is called "${name}"${didYouMean(name, candidates, ", and it is no MAC address")}`,
  )
}

/** The state of a hypervisor, null while it is off. */
export const hypervisorState = (session: Session, node: number): HypervisorHost.HostState | null =>
  session.simulation.world.states[node] as HypervisorHost.HostState | null

/** What a hypervisor is configured with. */
export const hypervisorConfig = (session: Session, node: number): HostConfig =>
  session.simulation.world.configs[node] as HostConfig

/** The node that has a VM: where it runs, else where it is stunned, else where it is listed; undefined if nowhere. */
export const locate = (session: Session, vm: number): number | undefined => {
  const { directory } = session
  let best: number | undefined
  let rank = 0
  directory.nodes.forEach((entry, node) => {
    if (entry.kind !== "hypervisor") return
    const host = hypervisorState(session, node)
    const machine = host === null ? undefined : HypervisorHost.machineOf(host, vm)
    if (machine === undefined) return
    const itsRank = machine.state === "running" ? 4 : machine.state === "stunned" ? 3 : machine.state === "off" ? 2 : 1
    if (itsRank > rank) {
      rank = itsRank
      best = node
    }
  })
  return best
}
