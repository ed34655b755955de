/** Switches, cables and ports. */
import { findBridgePort } from "@l2lab/design/Directory"
import { didYouMean } from "@l2lab/design/Suggestion"
import type { BridgeCommand } from "@l2lab/l2/Bridge"
import type { BridgeState } from "@l2lab/l2/BridgeState"
import * as Errdisable from "@l2lab/l2/Errdisable"
import * as ErrdisableCause from "@l2lab/l2/ErrdisableCause"
import type { DtpSet } from "@l2lab/l2/dtp/Command"
import * as DtpQuery from "@l2lab/l2/dtp/Query"
import * as BridgeVlans from "@l2lab/l2/BridgeVlans"
import * as Flooding from "@l2lab/l2/Flooding"
import type { Order as VtpOrder } from "@l2lab/l2/vtp/Agent"
import type { VtpSet } from "@l2lab/l2/vtp/Command"
import * as Query from "@l2lab/l2/vtp/Query"
import type { PortStatistics } from "@l2lab/sim/PortStatistics"
import type { WorldCommand } from "@l2lab/sim/WorldCommand"
import { TOPOLOGY_CHANGE_CAUSES } from "@l2lab/stp/Trace"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Bridges from "../Bridges.ts"
import { badInput, type InputError } from "../Failure.ts"
import type { Action, ControlPlaneHandle, Link, Port, Switch, SwitchFlooding } from "../Lab.ts"
import { discovery, setRole } from "./Discovery.ts"
import { power } from "./Stations.ts"
import { formatNs } from "../report/Quantity.ts"
import {
  answering,
  bridgePortNamed,
  command,
  found,
  gaveUp,
  nodesNamed,
  orderSwitch,
  portNamed,
  type Session,
  worldCommand,
  worldPortsNamed,
} from "./Session.ts"
import * as GuardOrder from "./GuardOrder.ts"
import * as TreeOrder from "./TreeOrder.ts"
import { pairing } from "./Pairs.ts"
import { udldOf } from "./Udld.ts"

export const switchNamed = (session: Session, name: string): Switch => {
  const lookup = () => nodesNamed(session.directory, name, ["switch", "hub"])
  const bridge = Effect.flatMap(
    found(() => answering(session, name)),
    (node) => {
      const state = Bridges.bridgeOf(session.simulation.world, node)
      return state === null ? gaveUp(`${name} is switched off: it has no counters`) : Effect.succeed(state)
    },
  )
  return {
    name,
    ...power(session, lookup),
    statistics: Effect.map(found(lookup), (nodes) => {
      const { portBase } = session.simulation.world
      const ports = nodes.flatMap((node) =>
        Array.from({ length: portBase[node + 1] - portBase[node] }, (_, port) => portBase[node] + port),
      )
      return ports.map((port) => session.simulation.statistics(port)).reduce(sum, NOTHING)
    }),
    floodedUnicastFrames: Effect.map(bridge, Flooding.frames),
    flooding: Effect.map(bridge, (state) => floodingOf(session, name, state)),
    lldp: discovery(session, name, "lldp"),
    cdp: discovery(session, name, "cdp"),
    controlPlane: controlPlane(session, name, bridge),
    vtp: (order) => orderVtp(session, name, bridge, order),
    setVlans: (existing) => orderBridge(session, name, { type: "bridge.set-vlans", existing }),
    vlans: Effect.map(bridge, BridgeVlans.existing),
    udld: udldOf(session, name, bridge),
    errdisableRecovery: (cause, on, interval) => setRecovery(session, name, cause, on, interval),
    guardDefault: (what, on) => orderSwitch(session, name, (node) => orderDefault(session, node, what, on)),
    stpPriority: (value, tree) =>
      orderSwitch(session, name, (node) => orderTree(session, node, { what: "bridge priority", value }, tree)),
    ...pairing(session, name),
  }
}

/** Give a switch an order. */
const orderBridge = (session: Session, name: string, order: BridgeCommand | VtpSet): Action =>
  orderSwitch(session, name, (node) => command(session, node, order))

const orderVtp = (session: Session, name: string, bridge: Action<BridgeState>, order: VtpOrder): Action =>
  Effect.flatMap(bridge, (state) =>
    Query.of(state) === undefined
      ? Effect.fail(badInput(`${name} runs no VTP: give it vtp in the design`))
      : orderBridge(session, name, { type: "vtp.set", ...order }),
  )

/** What a switch flooded, VLAN by VLAN, and what each topology change had to do with it. */
const floodingOf = ({ directory, simulation }: Session, name: string, bridge: BridgeState): ReadonlyArray<SwitchFlooding> => {
  const node = directory.nodeByName.get(name) ?? directory.pairByName.get(name)?.nodes[0] ?? 0
  const ports = directory.nodes[node].bridgePorts
  return Flooding.ofVlans(bridge, simulation.now).map((row) => ({
    ...row,
    changes: Flooding.ofChanges(bridge, row.tree, simulation.now).map(({ cause, port, ...cost }) => ({
      ...cost,
      cause: TOPOLOGY_CHANGE_CAUSES[cause],
      ...(port >= 0 && { from: ports[port].end }),
    })),
  }))
}

const controlPlane = (session: Session, name: string, bridge: Action<BridgeState>): ControlPlaneHandle => {
  const order = (hung: boolean) => orderBridge(session, name, { type: "bridge.control-plane", hung })
  return {
    hang: order(true),
    resume: order(false),
    report: Effect.map(bridge, ({ controlPlane: plane }) => ({
      hung: plane.hung,
      pdus: plane.taken[0],
      pdusLost: plane.dropped[0] + plane.limited.reduce((total, each) => total + each, 0),
      pdusUnheard: plane.unheard,
      punted: plane.taken[1] + plane.taken[2],
      puntsLost: plane.dropped[1] + plane.dropped[2],
    })),
  }
}

/** `errdisable recovery cause …` on a switch. */
const setRecovery = (
  session: Session,
  name: string,
  cause: string,
  on: boolean,
  interval: Duration.Input | undefined,
): Action => {
  if (ErrdisableCause.of(cause) === undefined) {
    const known = ErrdisableCause.CAUSES.slice(1)
    return Effect.fail(
      badInput(`there is no errdisable cause "${cause}"${didYouMean(cause, known, `: there are ${known.join(", ")}`)}`),
    )
  }
  const intervalNs = interval === undefined ? undefined : Number(Duration.toNanosUnsafe(interval))
  if (intervalNs !== undefined && (intervalNs < Errdisable.SHORTEST_INTERVAL || intervalNs > Errdisable.LONGEST_INTERVAL)) {
    return Effect.fail(
      badInput(`an errdisable recovery interval is from 30 seconds to 86400 seconds, not ${formatNs(intervalNs)}`),
    )
  }
  const order = { type: "bridge.errdisable-recovery", cause, on, ...(intervalNs === undefined ? {} : { intervalNs }) }
  return orderSwitch(session, name, (node) => command(session, node, order))
}

/** Give the spanning tree of a switch an order. */
const orderTree = (session: Session, node: number, setting: TreeOrder.Setting, tree?: TreeOrder.TreeChoice): Action => {
  const entry = session.directory.nodes[node]
  if (session.simulation.world.states[node] === null) return gaveUp(`${entry.name} is switched off: it takes no orders`)
  const commands = TreeOrder.commandsOf(entry, setting, tree)
  return typeof commands === "string"
    ? Effect.fail(badInput(commands))
    : Effect.forEach(commands, (each) => command(session, node, each), { discard: true })
}

/** Give the guards of a switch port an order. */
const orderGuard = (session: Session, node: number, port: number, order: GuardOrder.Order): Action => {
  const entry = session.directory.nodes[node]
  if (session.simulation.world.states[node] === null) return gaveUp(`${entry.name} is switched off: it takes no orders`)
  const told = GuardOrder.commandOf(entry, port, order)
  return typeof told === "string" ? Effect.fail(badInput(told)) : command(session, node, told)
}

/** Set a guard of a switch for all ports that say nothing of their own. */
const orderDefault = (session: Session, node: number, what: GuardOrder.Default, isOn: boolean): Action => {
  const entry = session.directory.nodes[node]
  if (session.simulation.world.states[node] === null) return gaveUp(`${entry.name} is switched off: it takes no orders`)
  const told = GuardOrder.defaultOf(entry, what, isOn)
  return typeof told === "string" ? Effect.fail(badInput(told)) : command(session, node, told)
}

const NOTHING: PortStatistics = {
  framesSent: 0,
  octetsSent: 0,
  framesReceived: 0,
  octetsReceived: 0,
  tailDrops: 0,
  mtuDrops: 0,
  fcsErrors: 0,
  lost: 0,
  collisions: 0,
  lateCollisions: 0,
  excessiveCollisions: 0,
  deferred: 0,
  runts: 0,
}

const sum = (a: PortStatistics, b: PortStatistics): PortStatistics => ({
  framesSent: a.framesSent + b.framesSent,
  octetsSent: a.octetsSent + b.octetsSent,
  framesReceived: a.framesReceived + b.framesReceived,
  octetsReceived: a.octetsReceived + b.octetsReceived,
  tailDrops: a.tailDrops + b.tailDrops,
  mtuDrops: a.mtuDrops + b.mtuDrops,
  fcsErrors: a.fcsErrors + b.fcsErrors,
  lost: a.lost + b.lost,
  collisions: a.collisions + b.collisions,
  lateCollisions: a.lateCollisions + b.lateCollisions,
  excessiveCollisions: a.excessiveCollisions + b.excessiveCollisions,
  deferred: a.deferred + b.deferred,
  runts: a.runts + b.runts,
})

const choiceOf = (on: boolean | "default"): "enable" | "disable" | "default" =>
  on === true ? "enable" : on === false ? "disable" : on
/** Give DTP of a switch an order. */
const orderDtp = (session: Session, node: number, order: DtpSet): Action => {
  const { kind, name } = session.directory.nodes[node]
  const state = Bridges.bridgeOf(session.simulation.world, node)
  if (state === null) return gaveUp(`${name} is switched off: it takes no orders`)
  return kind === "switch" && DtpQuery.of(state) !== undefined
    ? command(session, node, order)
    : Effect.fail(badInput(`${name} speaks no DTP: give it dtp: true in the design`))
}

export const port = (session: Session, name: string): Port => {
  const lookup = () => portNamed(session, name)
  // Of two chassis the active one takes the orders.
  const place = Effect.map(
    found(() => bridgePortNamed(session, name)),
    (at) => ({ ...at, node: Bridges.consoleOf(session, at.node) }),
  )
  const enable = (type: "port.enable" | "port.disable") =>
    Effect.flatMap(place, ({ places }) =>
      Effect.forEach(places, (at) => worldCommand(session, { type, ...at }), { discard: true }),
    )
  const order = (settingOf: (port: number) => TreeOrder.Setting, tree?: TreeOrder.TreeChoice) =>
    Effect.flatMap(place, (at) => orderTree(session, at.node, settingOf(at.port), tree))
  const guard = (told: GuardOrder.Order) => Effect.flatMap(place, (at) => orderGuard(session, at.node, at.port, told))
  return {
    name,
    shutdown: enable("port.disable"),
    noShutdown: enable("port.enable"),
    duplex: (duplex) =>
      Effect.flatMap(found(lookup), (worldPort) => {
        const { linkOfPort, links } = session.simulation.world
        const link = linkOfPort[worldPort]
        if (link < 0) return Effect.fail(badInput(`no cable is in ${name}: it has no duplex`))
        const end = links[link].a === worldPort ? "a" : "b"
        return worldCommand(session, { type: "link.duplex", link, end, fullDuplex: duplex === "full" })
      }),
    lldp: (role) => setRole(session, name, "lldp", role),
    cdp: (enabled) => setRole(session, name, "cdp", { transmit: enabled, receive: enabled }),
    switchport: (order) =>
      Effect.flatMap(place, (at) => orderDtp(session, at.node, { type: "dtp.set", port: at.port, ...order })),
    stpCost: (value, tree) => order((at) => ({ what: "cost", port: at, value }), tree),
    stpPriority: (value, tree) => order((at) => ({ what: "port priority", port: at, value }), tree),
    portfast: (mode) =>
      typeof mode === "boolean" || mode === "network"
        ? guard({ what: "portfast", value: mode === true ? "edge" : mode === false ? "disable" : mode })
        : Effect.fail(badInput(`portfast of ${name} is true, false or "network", not ${JSON.stringify(mode)}`)),
    bpduGuard: (on) => guard({ what: "bpduguard", value: choiceOf(on) }),
    bpduFilter: (on) => guard({ what: "bpdufilter", value: choiceOf(on) }),
    rootGuard: (on) => guard({ what: "guard", value: on ? "root" : "default" }),
    loopGuard: (on) => guard({ what: "guard", value: on === true ? "loop" : on === false ? "none" : on }),
    statistics: Effect.map(place, () =>
      worldPortsNamed(session, name)
        .map((worldPort) => session.simulation.statistics(worldPort))
        .reduce(sum),
    ),
  }
}

/** The indices of the cables between two ends, each a node or a port: one, or those of a port-channel that an end names. */
const linksBetween = (session: Session, a: string, b: string): ReadonlyArray<number> | InputError => {
  const { directory } = session
  const ends = (name: string): ReadonlyArray<number> | InputError => {
    const node = directory.nodeByName.get(name)
    const nodes = node === undefined ? directory.pairByName.get(name)?.nodes : [node]
    if (nodes !== undefined) {
      return nodes.flatMap((each) => directory.nodes[each].ports.map((entry) => entry.link)).filter((link) => link >= 0)
    }
    const place = bridgePortNamed(session, name)
    if (!("places" in place)) return place
    return worldPortsNamed(session, name).map((port) => session.simulation.world.linkOfPort[port])
  }
  const first = ends(a)
  if (!isList(first)) return first
  const second = ends(b)
  if (!isList(second)) return second
  const common = first.filter((link) => link >= 0 && second.includes(link))
  if (common.length === 0) return badInput(`no cable runs between ${a} and ${b}`)
  if (common.length === 1 || [a, b].some((name) => isChannel(session, name))) return common
  const names = common.map((link) => directory.links[link]).join(", ")
  return badInput(
    `${common.length} cables run between ${a} and ${b}: ${names}; name the one by a port, lab.link("${a}:1", "${b}")`,
  )
}

/** Whether a name is a port-channel's. */
const isChannel = (session: Session, name: string): boolean => (findBridgePort(session.directory, name)?.places.length ?? 0) > 1

const isList = (value: ReadonlyArray<number> | InputError): value is ReadonlyArray<number> => Array.isArray(value)

export const link = (session: Session, a: string, b: string): Link => {
  const lookup = () => linksBetween(session, a, b)
  const order = (make: (index: number) => ReadonlyArray<WorldCommand>) =>
    Effect.flatMap(found(lookup), (links) =>
      Effect.forEach(links.flatMap(make), (each) => worldCommand(session, each), { discard: true }),
    )
  const impair = (index: number, lossRatio: number): ReadonlyArray<WorldCommand> =>
    (["a", "b"] as const).map((from) => ({ type: "link.impair", link: index, from, lossRatio, corruptionRatio: 0 }))
  return {
    name: `${a}--${b}`,
    down: order((index) => [{ type: "link.disconnect", link: index }]),
    up: order((index) => [{ type: "link.connect", link: index }]),
    loss: (ratio) =>
      ratio >= 0 && ratio <= 1
        ? order((index) => impair(index, ratio))
        : Effect.fail(badInput(`a loss of ${ratio} is no share: give a number from 0 to 1`)),
    deadFrom: (name) =>
      Effect.flatMap(found(lookup), (all) =>
        Effect.forEach(
          all,
          (index) => {
            const { links, nodeOfPort } = session.simulation.world
            const node = session.directory.nodeByName.get(name.split(":")[0])
            const from = node === nodeOfPort[links[index].a] ? "a" : node === nodeOfPort[links[index].b] ? "b" : undefined
            return from === undefined
              ? Effect.fail(badInput(`${name} is at neither end of the cable ${session.directory.links[index]}`))
              : worldCommand(session, { type: "link.direction", link: index, from, alive: false })
          },
          { discard: true },
        ),
      ),
    heal: order((index) => [
      ...(["a", "b"] as const).map((from): WorldCommand => ({ type: "link.direction", link: index, from, alive: true })),
      ...impair(index, 0),
    ]),
  }
}
