/** Hosts and hypervisors: memory, cables, VLANs that nobody heeds. */
import { error, type Problem, warning } from "../DesignError.ts"
import { type HypervisorNode, linkOfPort, otherEnd } from "../Network.ts"
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

/** What a VMkernel interface sends must fit through the host's own cables: a larger frame is dropped without a word to anyone. */
export const mtu: Rule = {
  name: "mtu",
  check: (network) =>
    network.links.flatMap((link): ReadonlyArray<Problem> =>
      [link.a, link.b].flatMap(({ node: index, port }): ReadonlyArray<Problem> => {
        const node = network.nodes[index]
        if (node.kind !== "hypervisor") return []
        const tooLarge = node.vmkernel.find((vmk) => {
          const group = node.portGroups.find((candidate) => candidate.name === vmk.portGroup)
          return vmk.mtu > link.mtu && group !== undefined && usesUplink(group, port)
        })
        return tooLarge === undefined
          ? []
          : [
              warning(
                link.path,
                `${tooLarge.name} of ${node.name} sends packets of ${tooLarge.mtu} octets and ${link.name} takes ${link.mtu}: raise the mtu of the links on the way, or lower that of ${tooLarge.name}`,
              ),
            ]
      }),
    ),
}

/** Whether frames of a port group may leave by an uplink (from 0). */
export const usesUplink = (group: HypervisorNode["portGroups"][number], uplink: number): boolean =>
  group.active === undefined || group.active.includes(uplink) || (group.standby?.includes(uplink) ?? false)

const hasVmotion = (node: HypervisorNode): boolean => node.vmkernel.some((vmk) => vmk.services.includes("vmotion"))

const vlanText = (vlan: number | undefined): string => (vlan === undefined ? "untagged" : `VLAN ${vlan}`)

/** A VM finds its network on the other host by the port group's name: it must be there, and be the same VLAN. */
export const portGroupNames: Rule = {
  name: "port-group-names",
  check: (network) => {
    const hosts = network.nodes.filter((node): node is HypervisorNode => node.kind === "hypervisor" && hasVmotion(node))
    const first = new Map<string, readonly [host: string, vlan: number | undefined]>()
    for (const host of hosts) {
      for (const vm of host.vms) {
        const group = host.portGroups.find((candidate) => candidate.name === vm.portGroup)
        if (group !== undefined && !first.has(group.name)) first.set(group.name, [host.name, group.vlan])
      }
    }
    return hosts.flatMap((host) =>
      [...first].flatMap(([name, [other, vlan]]): ReadonlyArray<Problem> => {
        const group = host.portGroups.find((candidate) => candidate.name === name)
        if (group === undefined) {
          return [
            warning(
              [...host.path, "portGroups"],
              `VMs in port group ${name} of ${other} cannot move to ${host.name}, which has no port group of that name`,
            ),
          ]
        }
        return group.vlan === vlan
          ? []
          : [
              warning(
                [...host.path, "portGroups", name],
                `port group ${name} is ${vlanText(vlan)} on ${other} and ${vlanText(group.vlan)} on ${host.name}: a VM that moves would find itself in another network`,
              ),
            ]
      }),
    )
  },
}
