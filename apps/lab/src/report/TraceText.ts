/** Trace events with names for numbers: for scenarios, and as NDJSON, one event a line. */
import type { Directory } from "@l2lab/design/Directory"
import { bridgePortOf } from "@l2lab/design/Registry"
import * as MacAddress from "@l2lab/l2/MacAddress"
import * as Ipv4Address from "@l2lab/l3/Ipv4Address"
import * as SimTime from "@l2lab/sim/SimTime"
import * as TextOperand from "@l2lab/sim/TextOperand"
import type { OperandFormat, TraceDefinition, TraceEvent } from "@l2lab/sim/TraceEvent"
import type { LabEvent } from "../Lab.ts"

/** An event in words. A code that no package defines shows its bare numbers. */
export const describe = (
  event: TraceEvent,
  directory: Directory,
  definitions: ReadonlyMap<number, TraceDefinition>,
): LabEvent => {
  const { at, node, code } = event
  const definition = definitions.get(code)
  const values = [event.a, event.b, event.c, event.d]
  const operands: Record<string, string | number | null> = {}
  if (definition === undefined) values.forEach((value, i) => (operands["abcd"[i]] = value))
  else {
    definition.operands.forEach(([name, format], i) => {
      const value = format === "port" ? bridgePortOf(directory, event, values[i]) : values[i]
      operands[keyOf(name, format)] = valueOf(value, format, node, directory)
      if (name === "tree") Object.assign(operands, treeOf(values[i], node, directory))
      if (name === "vm" && directory.vmById.has(values[i])) operands["vmName"] = directory.vmById.get(values[i])!.name
    })
  }
  return { at, node: directory.nodes[node].name, name: definition?.name ?? `code ${code}`, operands }
}

/** Whose tree a number is, where a switch has several: `vlan`, or `mst` with the number of the instance. */
const treeOf = (tree: number, node: number, directory: Directory): Readonly<Record<string, number>> => {
  const entry = directory.nodes[node].spanningTree
  if (entry === undefined) return {}
  switch (entry.protocol) {
    case "pvst":
    case "rapid-pvst":
      return entry.vlans[tree] === undefined ? {} : { vlan: entry.vlans[tree] }
    case "mst":
      return tree === 0 ? { mst: 0 } : entry.instances[tree - 1] === undefined ? {} : { mst: entry.instances[tree - 1] }
    default:
      return {}
  }
}

/** `state octets` is `stateOctets`, a `gap` in nanoseconds `gapNs`. */
const keyOf = (name: string, format: OperandFormat): string => {
  const words = name.replace(/ (.)/g, (_, letter: string) => letter.toUpperCase())
  return format === "ns" ? `${words}Ns` : words
}

const valueOf = (value: number, format: OperandFormat, node: number, directory: Directory): string | number | null => {
  if (typeof format !== "string") return format[value] ?? value
  switch (format) {
    case "port":
      return value < 0 ? null : (directory.nodes[node].bridgePorts[value]?.end ?? value)
    case "mac":
      return MacAddress.format(value)
    case "ipv4":
      return Ipv4Address.format(value)
    case "text":
      return TextOperand.unpack(value)
    case "number":
    case "ns":
      return Number.isFinite(value) ? value : null
  }
}

/** An event as a line of JSON, newline included: `{"at":"30.000000512","node":"sw1","event":"stp.port-state",...}`. */
export const ndjson = ({ at, node, name, operands }: LabEvent): string =>
  `${JSON.stringify({ at: SimTime.format(at), node, event: name, ...operands })}\n`
