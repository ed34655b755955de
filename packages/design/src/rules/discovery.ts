/** LLDP and CDP: times that no switch takes, and ports of switches that do not run them. */
import { error, type Path, type Problem } from "../DesignError.ts"
import type { Network, SwitchNode } from "../Network.ts"
import type { Rule } from "./Rules.ts"

const switches = (network: Network): ReadonlyArray<SwitchNode> => network.nodes.filter((node) => node.kind === "switch")

/** A time that is whole seconds in a range, or the sentence that it is not. */
const judge = (rule: string, path: Path, what: string, seconds: number, least: number, most: number): ReadonlyArray<Problem> =>
  Number.isInteger(seconds) && seconds >= least && seconds <= most
    ? []
    : [error(path, `${rule}: ${what} cannot be ${seconds} s: write whole seconds from ${least}s to ${most}s`)]

/** 802.1AB's ranges: 5 to 32768 s, 1 to 10 s. */
export const lldpTimes: Rule = {
  name: "lldp-times",
  check: (network) =>
    switches(network).flatMap(({ lldp, name }) =>
      lldp === undefined
        ? []
        : [
            ...judge("lldp-times", [...lldp.path, "interval"], `the interval of ${name}`, lldp.intervalSeconds, 5, 32_768),
            ...judge("lldp-times", [...lldp.path, "reinit"], `the silence of ${name}'s ports`, lldp.reinitSeconds, 1, 10),
          ],
    ),
}

/** Cisco's ranges: 5 to 254 s, 10 to 255 s; who is forgotten before it speaks again comes and goes. */
export const cdpTimes: Rule = {
  name: "cdp-times",
  check: (network) =>
    switches(network).flatMap(({ cdp, name }): ReadonlyArray<Problem> => {
      if (cdp === undefined) return []
      const { holdSeconds, intervalSeconds, path } = cdp
      const ranges = [
        ...judge("cdp-times", [...path, "interval"], `the interval of ${name}`, intervalSeconds, 5, 254),
        ...judge("cdp-times", [...path, "holdtime"], `the hold time of ${name}`, holdSeconds, 10, 255),
      ]
      if (ranges.length > 0 || holdSeconds > intervalSeconds) return ranges
      return [
        error(
          [...path, "holdtime"],
          `cdp-times: neighbours of ${name} forget it after ${holdSeconds} s and hear of it every ${intervalSeconds} s: write a longer holdtime`,
        ),
      ]
    }),
}

const KEYS = ["lldp", "cdp"] as const

/** Keys of ports of a switch that does not run the protocol. */
export const discoveryPorts: Rule = {
  name: "discovery-ports",
  check: (network) =>
    switches(network).flatMap((node) => {
      const seen = new Set<string>()
      return node.settings.flatMap((settings, port) =>
        KEYS.flatMap((key): ReadonlyArray<Problem> => {
          const path = [...(settings.path ?? node.path), key]
          if (node[key] !== undefined || settings[key] === undefined || seen.has(path.join(" "))) return []
          seen.add(path.join(" "))
          return [
            error(
              path,
              `discovery-ports: ${node.name}:${port + 1} is told of ${key}, which ${node.name} does not run: add ${key}: true to the switch, or remove it`,
              "key",
            ),
          ]
        }),
      )
    }),
}
