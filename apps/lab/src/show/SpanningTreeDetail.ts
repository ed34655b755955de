/**
 * `show spanning-tree detail`: what a tree has counted and what its timers stand at, port by port, in the layout of Catalyst switches. What
 * the emulator does not count (transitions to forwarding) is left out rather than invented; what a topology change has cost is added.
 */
import * as MacAddress from "@l2lab/l2/MacAddress"
import * as View from "./SpanningTreeView.ts"

const INCONSISTENCY: Readonly<Record<View.InconsistencyView, string>> = {
  pvid: "Port VLAN ID Mismatch",
  type: "Port Type Inconsistent",
  pvst: "PVST Sim. Inconsistent",
  root: "Root Inconsistent",
  loop: "Loop Inconsistent",
  "bridge-assurance": "Bridge Assurance Inconsistent",
}

/** An inconsistency as switches spell it out. */
export const describe = (why: View.InconsistencyView): string => INCONSISTENCY[why]

const identifier = ({ priority, address }: View.BridgeIdView): string =>
  `priority ${priority}, address ${MacAddress.formatDotted(address)}`

const two = (number: number): string => String(number).padStart(2, "0")

/** `00:05:37`. */
const clock = (seconds: number): string => {
  const whole = Math.floor(seconds)
  return `${two(Math.floor(whole / 3600))}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`
}

/** Timers count up to whole seconds on a switch's screen. */
const left = (seconds: number): number => Math.ceil(seconds)

const set = (flag: boolean): string => (flag ? "set" : "not set")

/** Who is at the other end, as far as it matters. */
const neighbour = ({ boundary, peerStp }: View.SpanningTreePortView, isInstance: boolean): string => {
  if (boundary !== undefined) return `, Boundary ${boundary}`
  if (isInstance) return ", Internal"
  return peerStp ? ", Peer is STP" : ""
}

const GUARD = [
  ["bpduGuard", "Bpdu guard"],
  ["bpduFilter", "Bpdu filter"],
  ["rootGuard", "Root guard"],
  ["loopGuard", "Loop guard"],
] as const

/** `Bpdu guard is enabled by default`, for each guard that is on. */
const guardLines = (guards: View.PortGuardsView | undefined): ReadonlyArray<string> =>
  guards === undefined
    ? []
    : [
        ...(guards.network ? ["   The port is in the portfast network mode"] : []),
        ...GUARD.flatMap(([key, name]) => {
          if (guards[key] === undefined) return []
          const byDefault = guards[key] === "default" ? " by default" : ""
          return [`   ${name} is enabled${byDefault}${key.endsWith("Guard") && key !== "bpduGuard" ? " on the port" : ""}`]
        }),
      ]

/** `designated forwarding`, `broken (Root Inconsistent)`. */
export const statusOf = (port: View.SpanningTreePortView): string =>
  View.isBroken(port)
    ? `broken (${port.inconsistencies.map(describe).join(", ")})`
    : `${port.role} ${port.state === "discarding" ? "blocking" : port.state}`

/** One port of a tree. */
export const portLines = (tree: string, isInstance: boolean, port: View.SpanningTreePortView): ReadonlyArray<string> => {
  return [
    ` Port ${port.portNo} (${port.name}) of ${tree} is ${statusOf(port)}`,
    `   Port path cost ${port.cost}, Port priority ${port.priority}, Port Identifier ${port.priority}.${port.portNo}.`,
    `   Designated root has ${identifier(port.designatedRoot)}`,
    `   Designated bridge has ${identifier(port.designatedBridge)}`,
    `   Designated port id is ${port.designatedPort.priority}.${port.designatedPort.portNo}, designated path cost ${port.designatedCost}`,
    `   Timers: message age ${left(port.messageAge)}, forward delay ${left(port.forwardDelay)}, hold ${left(port.hold)}`,
    ...(port.edge ? ["   The port is in the portfast edge mode"] : []),
    `   Link type is ${port.pointToPoint ? "point-to-point" : "shared"}${port.linkTypeSet ? "" : " by default"}${neighbour(port, isInstance)}`,
    ...guardLines(port.guards),
    `   BPDU: sent ${port.bpdusSent}, received ${port.bpdusReceived}${port.bpdusDiscarded === 0 ? "" : `, not taken ${port.bpdusDiscarded}`}`,
    "",
  ]
}

const COST_WIDTHS = [10, 10, 13, 7, 10, 8, 10, 9]

/** What each topology change cost, in columns. */
const costLines = (costs: View.SpanningTreeView["topologyChangeCosts"], now: number): ReadonlyArray<string> => {
  const line = (...cells: ReadonlyArray<string | number>): string =>
    `  ${cells.map((cell, i) => (i < 3 ? String(cell).padEnd(COST_WIDTHS[i]) : String(cell).padStart(COST_WIDTHS[i]))).join("")}`
  return costs.length === 0
    ? []
    : [
        "  What topology changes cost here, the latest first:",
        line("Ago", "From", "By", "Flushes", "Forgotten", "Flooded", "Octets", "For (s)"),
        ...costs.map(({ at, cause, floodedFor, floodedFrames, floodedOctets, flushes, forgotten, from }) =>
          line(
            clock(now - at),
            from ?? "-",
            cause,
            flushes,
            forgotten,
            floodedFrames,
            floodedOctets,
            floodedFor === null ? "-" : floodedFor.toFixed(3),
          ),
        ),
      ]
}

const changeLines = (view: View.SpanningTreeView, now: number): ReadonlyArray<string> => {
  const { lastTopologyChangeAt: at, lastTopologyChangeFrom: from } = view
  return [
    `  Number of topology changes ${view.topologyChanges}${at === undefined ? "" : ` last change occurred ${clock(now - at)} ago`}`,
    ...(from === undefined ? [] : [`          from ${from}`]),
    ...costLines(view.topologyChangeCosts, now),
  ]
}

/** One tree; `now` in seconds of virtual time. `vlan` names it after another of its VLANs than the first. */
export const block = (view: View.SpanningTreeView, now: number, vlan?: number): ReadonlyArray<string> => {
  const { bridge, bridgeTimes, rootPort, timers, times } = view
  const systemId = View.systemIdOf(bridge)
  const name = View.nameOf(view, vlan)
  const configured = `hello time ${bridgeTimes.helloTime}, max age ${bridgeTimes.maxAge}, forward delay ${bridgeTimes.forwardDelay}`
  return [
    "",
    ` ${name} is executing the ${view.protocol} compatible Spanning Tree protocol`,
    `  Bridge Identifier has priority ${bridge.priority - systemId}, sysid ${systemId}, address ${MacAddress.formatDotted(bridge.address)}`,
    `  Configured ${configured}${view.transmitHoldCount === undefined ? "" : `, transmit hold-count ${view.transmitHoldCount}`}`,
    ...(View.isRoot(view)
      ? ["  We are the root of the spanning tree"]
      : [
          `  Current root has ${identifier(view.root)}`,
          rootPort === undefined
            ? `  Root port is none, cost of root path is ${view.rootPathCost}`
            : `  Root port is ${rootPort.portNo} (${rootPort.name}), cost of root path is ${view.rootPathCost}`,
        ]),
    `  Topology change flag ${set(view.topologyChange)}, detected flag ${set(view.topologyChangeDetected)}`,
    ...changeLines(view, now),
    `  Times:  hold 1, topology change ${times.maxAge + times.forwardDelay}, notification ${times.helloTime}`,
    `          hello ${times.helloTime}, max age ${times.maxAge}, forward delay ${times.forwardDelay}`,
    `  Timers: hello ${left(timers.hello)}, topology change ${left(timers.topologyChange)}, notification ${left(timers.notification)}, aging ${view.ageing}`,
    "",
    ...view.ports.flatMap((port) => portLines(name, view.instance !== undefined, port)),
  ]
}

/** All trees of a switch, or the one that `vlan` follows. */
export const lines = (views: ReadonlyArray<View.SpanningTreeView>, now: number, vlan?: number): ReadonlyArray<string> => {
  const chosen = View.ofVlan(views, vlan)
  return chosen.length > 0 ? chosen.flatMap((view) => block(view, now, vlan)) : View.nothing(vlan)
}
