/** Ports that negotiate trunks: settings that contradict each other, and pairs that never make one. */
import { error, type Problem, warning } from "../DesignError.ts"
import { isOneDomain } from "../Dtp.ts"
import type { Network, SwitchNode } from "../Network.ts"
import type { Rule } from "./Rules.ts"

const switches = (network: Network): ReadonlyArray<SwitchNode> =>
  network.nodes.filter((node): node is SwitchNode => node.kind === "switch")

/** A dynamic port negotiates. */
export const nonegotiate: Rule = {
  name: "dtp-nonegotiate",
  check: (network) =>
    switches(network).flatMap((node): ReadonlyArray<Problem> => {
      const seen = new Set<string>()
      return node.settings.flatMap(({ dtp, path }, port) => {
        const place = path?.join(".") ?? ""
        if (dtp?.dynamic === undefined || !dtp.nonegotiate || seen.has(place)) return []
        seen.add(place)
        return [
          error(
            [...(path ?? node.path), "nonegotiate"],
            `dtp-nonegotiate: ${node.name}:${port + 1} is ${dtp.dynamic}, and cannot be without negotiating: write mode: trunk or access, or remove nonegotiate`,
            "key",
          ),
        ]
      })
    }),
}

/** A switch that speaks no DTP has no dynamic ports. */
export const silent: Rule = {
  name: "dtp-off",
  check: (network) =>
    switches(network).flatMap(({ dtp, name, settings }): ReadonlyArray<Problem> => {
      const port = settings.findIndex((each) => each.dtp?.dynamic !== undefined)
      if (dtp === undefined || dtp.speaks || port < 0) return []
      return [
        error(
          dtp.path,
          `dtp-off: ${name}:${port + 1} is ${settings[port].dtp?.dynamic}, and ${name} speaks no DTP: remove dtp, or write mode: trunk or access`,
        ),
      ]
    }),
}

/** Switches of two VTP domains negotiate no trunk. */
export const domains: Rule = {
  name: "dtp-domains",
  check: (network) =>
    network.links.flatMap(({ a, b, path }): ReadonlyArray<Problem> => {
      const [one, other] = [network.nodes[a.node], network.nodes[b.node]]
      if (one.kind !== "switch" || other.kind !== "switch") return []
      if (one.dtp?.speaks !== true || other.dtp?.speaks !== true) return []
      const isDynamic = [one.settings[a.port], other.settings[b.port]].some(({ dtp }) => dtp?.dynamic !== undefined)
      if (!isDynamic || isOneDomain(one, other)) return []
      return [
        warning(
          path,
          `dtp-domains: ${one.name}:${a.port + 1} is of VTP domain ${one.vtp?.domain} and ${other.name}:${b.port + 1} of ${other.vtp?.domain}: they negotiate no trunk; give both one domain, or write mode: trunk`,
        ),
      ]
    }),
}
