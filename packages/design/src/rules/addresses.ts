/** Addresses that two have, and gateways that cannot be reached. */
import * as Ipv4Address from "@l2lab/l3/Ipv4Address"
import * as MacAddress from "@l2lab/l2/MacAddress"
import { error, type Path, type Problem, warning } from "../DesignError.ts"
import type { Network, NetworkNode, Station, SwitchNode } from "../Network.ts"
import type { Rule } from "./Rules.ts"

interface Holder {
  readonly name: string
  readonly path: Path
  readonly station: Station
}

const holders = (node: NetworkNode): ReadonlyArray<Holder> => {
  if (node.kind === "host") return [node]
  if (node.kind !== "hypervisor") return []
  return [...node.vmkernel.map((vmk) => ({ ...vmk, name: `${node.name} ${vmk.name}` })), ...node.vms]
}

/** Ports that have addresses behind a switch's own; a chassis that is active sends for those of both. */
const portsOf = ({ pairs }: Network, { pair, ports }: SwitchNode): number => {
  const whole = pair === undefined ? undefined : pairs[pair.pair]
  return whole?.type === "vss" ? whole.joint.ports + Math.max(whole.bfd[0].length, whole.bfd[1].length) : ports
}

/** First and last MAC address that each node and each of its stations uses. */
function* macRanges(network: Network): Generator<readonly [first: number, last: number, name: string, path: Path]> {
  for (const node of network.nodes) {
    // A bridge sends from its own address and one for each port; a hypervisor's adapters count up from its address.
    if (node.kind === "switch") yield [node.address, node.address + portsOf(network, node), node.name, [...node.path, "mac"]]
    if (node.kind === "hypervisor") yield [node.address, node.address + node.ports - 1, node.name, [...node.path, "mac"]]
    for (const holder of holders(node)) yield [holder.station.mac, holder.station.mac, holder.name, [...holder.path, "mac"]]
  }
}

/** No MAC address twice in the design: the spanning tree and every filtering database would take the two for one. */
export const macAddresses: Rule = {
  name: "mac-addresses",
  check: (network) => {
    const ranges = [...macRanges(network)].sort((a, b) => a[0] - b[0])
    const problems: Array<Problem> = []
    let before = ranges[0]
    for (const range of ranges.slice(1)) {
      if (range[0] <= before[1]) {
        const reach =
          range[0] > before[0] ? ` (${before[2]} uses ${MacAddress.format(before[0])} to ${MacAddress.format(before[1])})` : ""
        problems.push(
          error(
            range[3],
            `${MacAddress.format(range[0])} belongs to ${before[2]} and ${range[2]}${reach}: give one of them another mac`,
          ),
        )
      }
      if (range[1] >= before[1]) before = range
    }
    return problems
  },
}

/** No IPv4 address twice, and gateways in the station's own network. */
export const ipAddresses: Rule = {
  name: "ip-addresses",
  check: (network) => {
    const problems: Array<Problem> = []
    const seen = new Map<number, string>()
    for (const node of network.nodes) {
      for (const { name, path, station } of holders(node)) {
        const other = seen.get(station.address)
        if (other === undefined) seen.set(station.address, name)
        else
          problems.push(
            error(
              [...path, "address"],
              `${Ipv4Address.format(station.address)} belongs to ${other} already: give ${name} another address`,
            ),
          )
        if (station.gateway !== undefined && !Ipv4Address.sameNetwork(station.address, station.gateway, station.prefixLength)) {
          problems.push(
            warning(
              [...path, "gateway"],
              `the gateway ${Ipv4Address.format(station.gateway)} of ${name} is outside its network ${Ipv4Address.format(station.address)}/${station.prefixLength}: it cannot be reached`,
            ),
          )
        }
      }
    }
    return problems
  },
}
