/**
 * Orders to the guards of a switch port while it runs, in the words of Catalyst switches. As a switch whose configuration was not saved, one that is
 * switched off and on again has forgotten them.
 */
import type { NodeEntry } from "@l2lab/design/Directory"
import type { GuardCommand } from "@l2lab/stp/toolkit/Orders"

/** What may be ordered, by the word that begins it, with its arguments. */
export const ORDERS = {
  portfast: ["edge", "network", "disable"],
  bpduguard: ["enable", "disable", "default"],
  bpdufilter: ["enable", "disable", "default"],
  guard: ["root", "loop", "none", "default"],
} as const

export type Order = {
  readonly [K in keyof typeof ORDERS]: { readonly what: K; readonly value: (typeof ORDERS)[K][number] }
}[keyof typeof ORDERS]

/** The order that two words are; a sentence where they are none. */
export const parse = (what: keyof typeof ORDERS, value: string): Order | string => {
  const values: ReadonlyArray<string> = ORDERS[what]
  return values.includes(value)
    ? ({ what, value } as Order)
    : `${what} is followed by ${values.slice(0, -1).join(", ")} or ${values.at(-1)}, not by "${value}"`
}

const toCommand = (port: number, { value, what }: Order): GuardCommand => {
  switch (what) {
    case "portfast":
      return { type: "stp.set-portfast", port, mode: value === "disable" ? "normal" : value }
    case "bpduguard":
      return { type: "stp.set-bpdu-guard", port, value }
    case "bpdufilter":
      return { type: "stp.set-bpdu-filter", port, value }
    case "guard":
      return { type: "stp.set-guard", port, value }
  }
}

/** Guards that a switch has for all ports that say nothing of their own. */
export type Default = "bpduguard" | "bpdufilter" | "loopguard"

/** The command that a switch takes for one of them, or why it cannot. */
export const defaultOf = ({ kind, name, spanningTree }: NodeEntry, what: Default, isOn: boolean): GuardCommand | string => {
  if (spanningTree === undefined) return `${name} is a ${kind}, and has no spanning tree`
  if (spanningTree.protocol === "none") return `${name} runs no spanning tree`
  const key = ({ bpduguard: "bpduGuard", bpdufilter: "bpduFilter", loopguard: "loopGuard" } as const)[what]
  return { type: "stp.set-guard-defaults", [key]: isOn }
}

/** The command that a switch takes for it, or why it cannot. Ports are link ports, from 0. */
export const commandOf = ({ kind, name, spanningTree }: NodeEntry, port: number, order: Order): GuardCommand | string => {
  if (spanningTree === undefined) return `${name} is a ${kind}, and has no spanning tree`
  const { protocol } = spanningTree
  if (protocol === "none") return `${name} runs no spanning tree`
  if (order.what === "portfast" && order.value === "network" && (protocol === "stp" || protocol === "pvst")) {
    return `${name} runs ${protocol}, whose ports are silent unless they are designated: it has no network ports`
  }
  return toCommand(port, order)
}
