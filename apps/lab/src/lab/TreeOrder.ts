/**
 * Orders to the spanning tree of a switch while it runs: bridge priority, cost and priority of a port, in all its trees or in one. As a switch
 * whose configuration was not saved, one that is switched off and on again has forgotten them.
 */
import type { NodeEntry } from "@l2lab/design/Directory"
import type { Command } from "@l2lab/sim/Device"

/**
 * One tree of several: a VLAN's (`pvst`, `rapid-pvst`), or an instance's (`mst`). Without a word those of all VLANs, or the CIST (which is
 * `mst: 0`, but for the cost of ways to other regions), as in a design.
 */
export interface TreeChoice {
  readonly vlan?: number
  readonly mst?: number
}

/** What may be set. Ports are link ports, from 0; a cost of undefined follows from the link's rate again. */
export type Setting =
  | { readonly what: "bridge priority"; readonly value: number }
  | { readonly what: "port priority"; readonly port: number; readonly value: number }
  | { readonly what: "cost"; readonly port: number; readonly value: number | undefined }

/** The commands that a switch takes for a setting, or why it cannot. */
export const commandsOf = (entry: NodeEntry, setting: Setting, choice: TreeChoice = {}): ReadonlyArray<Order> | string => {
  const { name, spanningTree } = entry
  if (spanningTree === undefined) return `${name} is a ${entry.kind}, and has no spanning tree`
  const { instances, protocol, vlans } = spanningTree
  if (protocol === "none") return `${name} runs no spanning tree`
  const isPerVlan = protocol === "pvst" || protocol === "rapid-pvst"
  if (choice.vlan !== undefined && !isPerVlan) return `${name} runs ${protocol}, which has no tree of VLAN ${choice.vlan}`
  if (choice.vlan !== undefined && !vlans.includes(choice.vlan)) return `${name} has no VLAN ${choice.vlan}`
  if (choice.mst !== undefined && protocol !== "mst") return `${name} runs ${protocol}, which has no instances`
  if (choice.mst !== undefined && choice.mst !== 0 && !instances.includes(choice.mst)) {
    return `the region of ${name} has no instance ${choice.mst}${instances.length === 0 ? "" : `: it has ${instances.join(", ")}`}`
  }
  const wrong = problemOf(setting, protocol === "stp")
  if (wrong !== undefined) return wrong
  const command = commandOf(setting)
  if (choice.vlan !== undefined) return [{ ...command, vlan: choice.vlan }]
  if (choice.mst !== undefined) return [{ ...command, msti: choice.mst }]
  // The CIST has two costs: within the region, and to others.
  return protocol === "mst" && setting.what === "cost" ? [{ ...command, external: true }, command] : [command]
}

/** A command with what its type says it has. */
export type Order = Command & Readonly<Record<string, string | number | boolean>>

const commandOf = (setting: Setting): Order => {
  switch (setting.what) {
    case "bridge priority":
      return { type: "stp.set-bridge-priority", priority: setting.value }
    case "port priority":
      return { type: "stp.set-port-priority", port: setting.port, priority: setting.value }
    case "cost":
      return { type: "stp.set-path-cost", port: setting.port, ...(setting.value !== undefined && { cost: setting.value }) }
  }
}

/** Least, most and step; 802.1D-1998 has no steps. */
const LIMITS = {
  "bridge priority": [0, 61_440, 4096],
  "port priority": [0, 240, 16],
  cost: [1, 200_000_000, 1],
} as const

const problemOf = ({ value, what }: Setting, is1998: boolean): string | undefined => {
  if (value === undefined) return undefined
  const [least, most, step] = LIMITS[what]
  const highest = is1998 ? most + step - 1 : most
  if (!Number.isInteger(value) || value < least || value > highest) {
    return `${value} is no ${what}: it is a whole number from ${least} to ${highest}`
  }
  return is1998 || value % step === 0 ? undefined : `${value} is no ${what}: it goes in steps of ${step}`
}
