/** The log lines of switches, made from trace events as they happen: for the narration of a run, for `show logging`, for checks. */
import type { Directory, SpanningTreeEntry } from "@l2lab/design/Directory"
import { bridgePortOf, log as definitions } from "@l2lab/design/Registry"
import * as MacAddress from "@l2lab/l2/MacAddress"
import { format, type LogDefinition, type LogNames } from "@l2lab/sim/LogLine"
import type { SimTime } from "@l2lab/sim/SimTime"
import type { TraceEvent } from "@l2lab/sim/TraceEvent"

/** One line of one switch. */
export interface LogEntry {
  readonly at: SimTime
  readonly switch: string
  /** `PM`, 4 and `ERR_DISABLE`. */
  readonly facility: string
  readonly severity: number
  readonly mnemonic: string
  /** `%PM-4-ERR_DISABLE: bpduguard error detected on Gi0/1, putting Gi0/1 in err-disable state` */
  readonly text: string
  /** What every boot and every plugged cable brings. */
  readonly routine: boolean
}

export interface LogBook {
  /** In the order of time; grows. */
  readonly entries: ReadonlyArray<LogEntry>
  /** An event happened. */
  readonly take: (event: TraceEvent) => void
  /** Whether `onEntry` is told, from now on. */
  readonly print: (on: boolean) => void
}

/** A book that begins with `before`. `onEntry` sees every new line. */
export const make = (
  directory: Directory,
  before: ReadonlyArray<LogEntry> = [],
  onEntry?: (entry: LogEntry) => void,
): LogBook => {
  const entries = [...before]
  const names = new Map<number, LogNames>()
  let prints = true
  return {
    entries,
    print: (on) => {
      prints = on
    },
    take: (event) => {
      const made = definitions.get(event.code)
      if (made === undefined) return
      const { kind, name } = directory.nodes[event.node]
      if (kind !== "switch") return
      const known = names.get(event.node) ?? namesOf(directory, event.node)
      names.set(event.node, known)
      for (const definition of made) {
        const entry = entryOf(definition, event, ofEvent(directory, event, known), name)
        if (entry === undefined) continue
        entries.push(entry)
        if (prints) onEntry?.(entry)
      }
    },
  }
}

/** What a switch calls the ports of an event: a chassis has those of both in its bridge, and its own elsewhere. */
const ofEvent = (directory: Directory, event: TraceEvent, names: LogNames): LogNames =>
  (directory.nodes[event.node].pair?.firstPort ?? 0) === 0
    ? names
    : {
        ...names,
        port: (port) => names.port(bridgePortOf(directory, event, port)),
        portInFull: (port) => names.portInFull(bridgePortOf(directory, event, port)),
      }

const entryOf = (definition: LogDefinition, event: TraceEvent, names: LogNames, name: string): LogEntry | undefined => {
  const message = definition.message(event, names)
  if (message === undefined) return undefined
  const { facility, mnemonic, severity } = definition
  const routine = definition.routine ?? false
  return { at: event.at, switch: name, facility, severity, mnemonic, text: format(definition, message), routine }
}

/** A switch's port p sends from the switch's address + 1 + p. */
const senderAt = ({ nodes }: Directory, address: number): string => {
  const sender = nodes.find(
    ({ bridgePorts, kind, mac = NaN }) => kind === "switch" && address > mac && address <= mac + bridgePorts.length,
  )
  return sender?.mac === undefined
    ? MacAddress.formatDotted(address)
    : `${sender.name} ${sender.bridgePorts[address - sender.mac - 1].name}`
}

const namesOf = (directory: Directory, node: number): LogNames => {
  const { bridgePorts: ports, spanningTree } = directory.nodes[node]
  return {
    port: (port) => ports[port]?.shortName ?? "none",
    portInFull: (port) => ports[port]?.name ?? "none",
    tree: (tree) => treeName(spanningTree, tree),
    sender: (address) => senderAt(directory, address),
  }
}

/** Switches call the one tree of 802.1D after VLAN 1. */
const treeName = (entry: SpanningTreeEntry | undefined, tree: number): string => {
  switch (entry?.protocol) {
    case "mst":
      return `MST${tree === 0 ? 0 : (entry.instances[tree - 1] ?? tree)}`
    case "pvst":
    case "rapid-pvst":
      return vlanName(entry.vlans[tree] ?? 1)
    default:
      return vlanName(1)
  }
}

const vlanName = (vlan: number): string => `VLAN${String(vlan).padStart(4, "0")}`

/** Entries of some switches, or of all. */
export const of = ({ entries }: LogBook, ...switches: ReadonlyArray<string>): ReadonlyArray<LogEntry> =>
  switches.length === 0 ? entries.slice() : entries.filter((entry) => switches.includes(entry.switch))
