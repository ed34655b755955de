/** Hosts and hypervisors: memory, cables, VLANs that nobody heeds. */
import { error, type Problem, warning } from "../DesignError.ts"
import { linkOfPort, otherEnd } from "../Network.ts"
import type { Rule } from "./Rules.ts"

/** The running VMs of a hypervisor fit into its memory. */
export const memory: Rule = {
  name: "memory",
  check: (network) =>
    network.nodes.flatMap((node): ReadonlyArray<Problem> => {
      if (node.kind !== "hypervisor") return []
      const used = node.vms.reduce((sum, vm) => sum + (vm.poweredOn ? vm.memoryMib : 0), 0)
      return used <= node.memoryMib
        ? []
        : [
            error(
              [...node.path, "memory"],
              `the VMs of ${node.name} need ${used}MiB and it has ${node.memoryMib}MiB: raise its memory, or move VMs away`,
            ),
          ]
    }),
}

/** A node without a cable takes part in nothing. */
export const unplugged: Rule = {
  name: "unplugged",
  check: (network) => {
    const plugged = new Set(network.links.flatMap((link) => [link.a.node, link.b.node]))
    if (network.nodes.length === 1) return []
    return network.nodes.flatMap((node, index) =>
      plugged.has(index) ? [] : [warning(node.path, `${node.name} has no cable: add it to links`, "key")],
    )
  },
}

/** A host's `vlan` sets the switch port that it is plugged into; anywhere else it does nothing. */
export const vlanBehindHub: Rule = {
  name: "vlan-behind-hub",
  check: (network) => {
    const table = linkOfPort(network)
    return network.nodes.flatMap((node, index): ReadonlyArray<Problem> => {
      if (node.kind !== "host" || node.vlan === undefined || table[index][0] < 0) return []
      const other = network.nodes[otherEnd(network.links[table[index][0]], index, 0).node]
      return other.kind === "switch"
        ? []
        : [
            warning(
              [...node.path, "vlan"],
              `vlan has no effect: ${node.name} is plugged into the ${other.kind} ${other.name}; set the VLAN at the switch port behind it`,
            ),
          ]
    })
  },
}
