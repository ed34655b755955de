/** VLANs at the two ends of a cable. */
import type { SwitchPort } from "@l2lab/l2/BridgeConfig"
import { type Problem, warning } from "../DesignError.ts"
import * as Dtp from "../Dtp.ts"
import type { HypervisorNode, Network, NetworkLink, SwitchNode } from "../Network.ts"
import * as VlanSet from "../VlanSet.ts"
import { usesUplink } from "./hosts.ts"
import type { Rule } from "./Rules.ts"

/** The VLAN of untagged frames at a switch port; -1 where they are refused. */
export const untagged = (node: SwitchNode, port: number): number => untaggedOf(node.settings[port].vlans)

const untaggedOf = (vlans: SwitchPort): number => {
  if (vlans.mode === "access") return vlans.vlan
  return vlans.tagNative === true || !vlans.allowed.includes(vlans.native) ? -1 : vlans.native
}

const portText = (node: SwitchNode, port: number): string => `${node.name}:${port + 1}`

/** Protocols whose BPDUs carry the VLAN that they were sent in. */
const PER_VLAN: ReadonlySet<string> = new Set(["pvst", "rapid-pvst"])

/** Two switches that take the untagged frames on their cable for different VLANs join the two: it leaks as it does in life. */
export const nativeMismatch: Rule = {
  name: "native-mismatch",
  check: (network) =>
    network.links.flatMap((link): ReadonlyArray<Problem> => {
      const a = network.nodes[link.a.node]
      const b = network.nodes[link.b.node]
      if (a.kind !== "switch" || b.kind !== "switch") return []
      const [endA, endB] = [
        { node: a, port: link.a.port },
        { node: b, port: link.b.port },
      ]
      const vlanA = untaggedOf(Dtp.settled(endA, endB))
      const vlanB = untaggedOf(Dtp.settled(endB, endA))
      if (vlanA === vlanB || vlanA < 0 || vlanB < 0) return []
      const outcome = [a, b].every((node) => PER_VLAN.has(node.spanningTree.protocol))
        ? "both switches notice and block the two VLANs on this link"
        : "the two VLANs leak into each other"
      return [
        warning(
          link.path,
          `untagged frames are in VLAN ${vlanA} at ${portText(a, link.a.port)} and in VLAN ${vlanB} at ${portText(b, link.b.port)}: ${outcome}; give both ends one native VLAN`,
        ),
      ]
    }),
}

/** The links between a hypervisor and a switch, with the switch's port. */
const uplinks = (
  network: Network,
): ReadonlyArray<readonly [NetworkLink, HypervisorNode, SwitchNode, port: number, nic: number]> =>
  network.links.flatMap((link): ReadonlyArray<readonly [NetworkLink, HypervisorNode, SwitchNode, number, number]> => {
    const a = network.nodes[link.a.node]
    const b = network.nodes[link.b.node]
    if (a.kind === "hypervisor" && b.kind === "switch") return [[link, a, b, link.b.port, link.a.port]]
    if (b.kind === "hypervisor" && a.kind === "switch") return [[link, b, a, link.a.port, link.b.port]]
    return []
  })

/** A port group's tag is never seen on the wire where its VLAN is the native one: what comes back is untagged, and the vSwitch drops it. */
export const portGroupOnNative: Rule = {
  name: "port-group-on-native",
  check: (network) =>
    uplinks(network).flatMap(([link, host, node, port]) =>
      host.portGroups.flatMap((group): ReadonlyArray<Problem> => {
        if (group.vlan === undefined || untagged(node, port) !== group.vlan) return []
        return [
          warning(
            link.path,
            `${portText(node, port)} sends VLAN ${group.vlan} untagged, and port group ${group.name} of ${host.name} hears it tagged only: leave the port group untagged, or give the trunk another native VLAN`,
          ),
        ]
      }),
    ),
}

/** A tagged port group whose VLAN the switch port does not carry: its VMs are cut off whenever they use that uplink. */
export const missingOnPath: Rule = {
  name: "missing-on-path",
  check: (network) => {
    const allowedSets = new Map<ReadonlyArray<number>, ReadonlySet<number>>()
    const setOf = (list: ReadonlyArray<number>): ReadonlySet<number> => {
      const known = allowedSets.get(list)
      if (known !== undefined) return known
      const made = new Set(list)
      allowedSets.set(list, made)
      return made
    }
    return uplinks(network).flatMap(([link, host, node, port, nic]): ReadonlyArray<Problem> => {
      const { vlans } = node.settings[port]
      const carried = vlans.mode === "trunk" ? setOf(vlans.allowed) : new Set([vlans.vlan])
      const missing = host.portGroups.flatMap((group) =>
        group.vlan === undefined || carried.has(group.vlan) || !usesUplink(group, nic) ? [] : [group.vlan],
      )
      if (missing.length === 0) return []
      const sorted = VlanSet.ids(missing)
      const noun = sorted.length === 1 ? "VLAN" : "VLANs"
      return [
        warning(
          link.path,
          `${portText(node, port)} does not carry ${noun} ${VlanSet.format(sorted)} of ${host.name}'s port groups: allow ${sorted.length === 1 ? "it" : "them"} on that port`,
        ),
      ]
    })
  },
}
