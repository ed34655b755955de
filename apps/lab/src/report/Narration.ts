/** Trace events as sentences for people who follow a run. What each line says is in the event; nothing is computed here. */
import { bridgePortOf, type Directory } from "@l2lab/design/Directory"
import * as HypervisorTrace from "@l2lab/hypervisor/Trace"
import * as MacAddress from "@l2lab/l2/MacAddress"
import * as L2Trace from "@l2lab/l2/Trace"
import * as Reason from "@l2lab/migration/Reason"
import * as MigrationTrace from "@l2lab/migration/Trace"
import { SECOND } from "@l2lab/sim/SimTime"
import * as SimTrace from "@l2lab/sim/Trace"
import type { TraceDefinition, TraceEvent } from "@l2lab/sim/TraceEvent"
import * as StpTrace from "@l2lab/stp/Trace"
import { counted, formatCount, formatNs } from "./Quantity.ts"
import type { Style } from "./Style.ts"
import { pad } from "./Table.ts"

/** A sentence for an event, undefined for one that the topic does not tell of. */
export type Narrator = (event: TraceEvent) => string | undefined

const PAGE_OCTETS = 4096

/** Lines about the CAM entries of a VM within a second. */
const MOST_CAM_LINES = 24

const mib = (pages: number): string => {
  const octets = pages * PAGE_OCTETS
  return octets < 10 * 1024 ** 2 ? `${formatCount(octets / 1024)} KiB` : `${formatCount(octets / 1024 ** 2)} MiB`
}

/** `Te0/1 to acc-3`. */
const portText = (directory: Directory, node: number, port: number): string => {
  const entry = directory.nodes[node].bridgePorts[port]
  if (entry === undefined) return "none"
  const towards = entry.peer?.split(":")[0]
  return towards === undefined ? entry.shortName : `${entry.shortName} to ${towards}`
}

/** The virtual switching system that a node is a chassis of. */
const pairNameOf = ({ nodes, pairs }: Directory, node: number): string | undefined => {
  const { pair } = nodes[node]
  const whole = pair === undefined ? undefined : pairs[pair.pair]
  return whole?.type === "vss" ? whole.name : undefined
}

/** What becomes of one VM: its move round by round, its announcements, the CAM entries that turn. */
export const ofVm = (directory: Directory, vm: number, style: Style): Narrator => {
  const entry = directory.vmById.get(vm)
  const name = entry?.name ?? `VM ${vm}`
  const nodeName = (node: number) => directory.nodes[node].name
  const hostOf = (address: number) => directory.stationByAddress.get(address)?.name.split(" ")[0] ?? "another host"
  let pages = 0
  let zeroPages = 0
  let stunnedAt = 0
  // An address that is in a loop moves with every frame: it is told of as long as somebody can read it.
  let camLines = 0
  let camSince = Number.NEGATIVE_INFINITY
  return ({ at, node, code, a, b, c, d }) => {
    if (code === L2Trace.CAM_MOVED.code || code === L2Trace.CAM_LEARNT.code) {
      if (a !== entry?.mac) return undefined
      if (at - camSince > SECOND) {
        camSince = at
        camLines = 0
      }
      if (++camLines > MOST_CAM_LINES) {
        return camLines === MOST_CAM_LINES + 1 ? style.warn(`CAM  ${name} moves on and on: no more of it this second`) : undefined
      }
      const what = `CAM  ${pad(nodeName(node), 8)}  ${name} in VLAN ${b}: `
      return code === L2Trace.CAM_MOVED.code
        ? `${style.accent(what)}${portText(directory, node, c)} ${style.bold("->")} ${portText(directory, node, d)}`
        : `${style.accent(what)}learnt on ${portText(directory, node, c)}`
    }
    if (code === HypervisorTrace.RARP.code && a === entry?.mac) {
      const vlan = b === 0 ? "untagged" : `in VLAN ${b}`
      return `${style.accent("RARP")} ${nodeName(node)} announces ${name} (${MacAddress.format(a)}) ${vlan} by vmnic${c}`
    }
    if (a !== vm) return undefined
    switch (code) {
      case MigrationTrace.STARTED.code:
        return `${style.bold("vMotion")} of ${name} from ${nodeName(node)} to ${hostOf(b)}: ${counted(c, "page")} of memory`
      case MigrationTrace.QUEUED.code:
        return `vMotion of ${name} to ${hostOf(b)} waits for ${counted(d, "other")}`
      case MigrationTrace.CHECKED.code:
        return `checks passed: ${hostOf(b)} takes ${name}`
      case MigrationTrace.SHELL.code:
        return `${nodeName(node)} has made a shell for ${name}`
      case MigrationTrace.ROUND_STARTED.code:
        pages = c
        zeroPages = d
        return zeroPages === 0
          ? undefined
          : `${counted(zeroPages, "page")} are zero and go in one message; ${mib(pages - zeroPages)} travel`
      case MigrationTrace.ROUND.code:
        return (
          `pre-copy ${pad(String(b), 2)} ${pad(formatCount(pages), 9, "right")} pages  ${pad(mib(pages - zeroPages), 9, "right")}` +
          `  in ${pad(formatNs(d), 8, "right")}  ${pad(formatCount(c), 7, "right")} dirty`
        )
      case MigrationTrace.STUNNED.code:
        stunnedAt = at
        return `${style.warn("stun")} ${name} stands still on ${nodeName(node)}, ${counted(b, "page")} to send`
      case MigrationTrace.RESUMED.code:
        return `${style.good("resumed")} ${name} runs on ${nodeName(node)}, ${formatNs(at - stunnedAt)} after the stun`
      case MigrationTrace.REMOVED.code:
        return `${nodeName(node)} has removed ${name}; the move took ${formatNs(c)}`
      case MigrationTrace.FAILED.code:
        return style.bad(`${name} stays on ${nodeName(node)}: ${Reason.sentenceOf(b)}`)
      case MigrationTrace.ABORTED.code:
        return style.bad(`${nodeName(node)} gives the shell of ${name} up: ${Reason.sentenceOf(b)}`)
      default:
        return undefined
    }
  }
}

/** The word for the value of an operand. */
const wordOf = ({ operands }: TraceDefinition, operand: number, value: number): string => {
  const format = operands[operand][1]
  return typeof format === "string" ? String(value) : format[value]
}

const BLOCKING_ROLES: ReadonlySet<string> = new Set(["blocked", "alternate", "backup"])

/**
 * What spanning trees do: roots, roles, topology changes. States on their way to forwarding are left out. `nameOfTree` says which tree of a
 * switch a line is about, where it has several.
 */
export const ofSpanningTree = (
  directory: Directory,
  style: Style,
  nameOfTree: (node: number, tree: number) => string,
): Narrator => {
  const nameOf = (node: number): string => pairNameOf(directory, node) ?? directory.nodes[node].name
  const bridges = new Map(directory.nodes.map((entry, node) => [entry.mac, nameOf(node)]))
  return ({ node, code, a, b, c, d }) => {
    const name = nameOfTree(node, code === StpTrace.ROOT_CHANGED.code ? a : b)
    const who = `${pad(nameOf(node), 8)}${name === "" ? "" : `  ${pad(name, 8)}`}`
    switch (code) {
      case StpTrace.ROOT_CHANGED.code: {
        const root = bridges.get(c) ?? MacAddress.format(c)
        return d < 0
          ? `${who}  takes itself for ${style.bold("root")}`
          : `${who}  ${style.bold("root")} is ${root}, by ${portText(directory, node, d)}`
      }
      case StpTrace.ROLE.code: {
        const [from, to] = [wordOf(StpTrace.ROLE, 2, c), wordOf(StpTrace.ROLE, 3, d)]
        return `${who}  ${portText(directory, node, a)}: ${from} ${style.bold("->")} ${BLOCKING_ROLES.has(to) ? style.warn(to) : to}`
      }
      case StpTrace.PORT_STATE.code: {
        if (wordOf(StpTrace.PORT_STATE, 3, d) !== "forwarding") return undefined
        return `${who}  ${portText(directory, node, a)} ${style.good("forwards")}`
      }
      case StpTrace.AGED_OUT.code:
        return `${who}  ${portText(directory, node, a)}: what was known of the root is older than max age`
      case StpTrace.TOPOLOGY_CHANGE.code: {
        const cause = StpTrace.TOPOLOGY_CHANGE_CAUSES[c]
        return cause === "flag" ? undefined : `${who}  topology change (${cause})`
      }
      case StpTrace.INCONSISTENT.code: {
        const why = wordOf(StpTrace.INCONSISTENT, 3, d)
        const what = why === "none" ? style.good("consistent again") : style.bad(`inconsistent (${why}) and blocked`)
        return `${who}  ${portText(directory, node, a)}: ${what}`
      }
      default:
        return undefined
    }
  }
}

/** Power and carriers. */
export const ofLinks = (directory: Directory, style: Style): Narrator => {
  return ({ node, code, a, b }) => {
    const who = pad(directory.nodes[node].name, 8)
    if (code === SimTrace.POWER.code) return `${who}  ${a === 1 ? style.good("on") : style.bad(a === 0 ? "off" : "silent")}`
    if (code === SimTrace.CARRIER.code)
      return `${who}  ${portText(directory, node, bridgePortOf(directory, node, a))}: link ${b === 1 ? style.good("up") : style.bad("down")}`
    return undefined
  }
}
