/** What ports take of the traffic that comes in, storm control and port security: what no switch takes, and what contradicts itself. */
import * as MacAddress from "@l2lab/l2/MacAddress"
import { LONGEST_AGEING } from "@l2lab/l2/PortSecurity"
import { HIGHEST_LEVEL, type StormLevel } from "@l2lab/l2/StormControl"
import { SECOND } from "@l2lab/sim/SimTime"
import { error, type Path, type Problem, warning } from "../DesignError.ts"
import { linkOfPort, type Network, type PortSettings, type SwitchNode } from "../Network.ts"
import type { Rule } from "./Rules.ts"

const switches = (network: Network): ReadonlyArray<SwitchNode> =>
  network.nodes.filter((node): node is SwitchNode => node.kind === "switch")

const CLASS_KEYS = ["broadcast", "multicast", "unicast", "unknownUnicast"] as const

const UNITS = { percent: "%", pps: "pps", bps: "bps" } as const

/** A level that no switch takes, or whose thresholds are the wrong way round. */
const judgeLevel = (where: string, level: StormLevel, path: Path): ReadonlyArray<Problem> => {
  const unit = UNITS[level.unit]
  const found: Array<Problem> = []
  if (level.unit === "percent" && level.rising > 100) {
    found.push(error(path, `storm-control: ${level.rising}% of the rate of ${where} can never come in: write 0% to 100%`))
  }
  if (level.unit !== "percent" && level.rising > HIGHEST_LEVEL) {
    found.push(
      error(
        path,
        `storm-control: ${level.rising}${unit} at ${where} is more than switches take: write at most ${HIGHEST_LEVEL}${unit}, or a share like 20%`,
      ),
    )
  }
  if (level.falling !== undefined && level.falling > level.rising) {
    found.push(
      error(
        [...path, "falling"],
        `storm-control: the falling threshold of ${where}, ${level.falling}${unit}, is above the rising one, ${level.rising}${unit}: write one that is not`,
      ),
    )
  }
  return found
}

/** Octets of the shortest frame with its preamble and the gap behind it. */
const SHORTEST_FRAME_OCTETS = 84

/** The most that comes in at a rate, in a level's unit; any share may. */
const mostOf = ({ unit }: StormLevel, rateBps: number): number =>
  unit === "percent" ? Infinity : unit === "bps" ? rateBps : Math.ceil(rateBps / (SHORTEST_FRAME_OCTETS * 8))

/** Levels above what the port's cable carries: they never trip. Each is told of at the first port that it is so at. */
const beyondRate = (network: Network): ReadonlyArray<Problem> => {
  const links = linkOfPort(network)
  const told = new Set<string>()
  return network.nodes.flatMap((node, index): ReadonlyArray<Problem> =>
    node.kind !== "switch"
      ? []
      : node.settings.flatMap(({ path = node.path, stormControl: config }, port) => {
          const link = links[index][port]
          if (config === undefined || link < 0) return []
          return CLASS_KEYS.flatMap((key): ReadonlyArray<Problem> => {
            const level = config[key]
            const place = [...path, "stormControl", key]
            if (level === undefined || level.rising > HIGHEST_LEVEL || told.has(place.join(" "))) return []
            const most = mostOf(level, network.links[link].rateBps)
            if (level.rising <= most) return []
            told.add(place.join(" "))
            const unit = UNITS[level.unit]
            return [
              warning(
                place,
                `storm-control: ${level.rising}${unit} is above what the cable of ${node.name}:${port + 1} carries, ${most}${unit}, and never trips: write less`,
              ),
            ]
          })
        }),
  )
}

/** Storm control that controls something, with thresholds that a port can have. */
export const stormControl: Rule = {
  name: "storm-control",
  check: (network) => [
    ...switches(network).flatMap((node) =>
      portsOnce(node, "stormControl").flatMap(([where, config, path]): ReadonlyArray<Problem> => {
        if (CLASS_KEYS.every((key) => config[key] === undefined)) {
          return [
            error(path, `storm-control: ${where} has no level, and controls nothing: write for instance broadcast: 1%`, "key"),
          ]
        }
        return CLASS_KEYS.flatMap((key) => {
          const level = config[key]
          return level === undefined ? [] : judgeLevel(where, level, [...path, key])
        })
      }),
    ),
    ...beyondRate(network),
  ],
}

/** Addresses that are to be secure at two places of a VLAN. */
const twice = (node: SwitchNode): ReadonlyArray<Problem> => {
  const first = new Map<string, string>()
  const told = new Set<string>()
  return node.settings.flatMap(({ path = node.path, portSecurity: config, vlans: mode }, port): ReadonlyArray<Problem> => {
    const where = `${node.name}:${port + 1}`
    const vlan = mode.mode === "trunk" ? mode.native : mode.vlan
    return (config?.addresses ?? []).flatMap((address, i): ReadonlyArray<Problem> => {
      const before = first.get(`${vlan} ${address}`)
      if (before === undefined) {
        first.set(`${vlan} ${address}`, where)
        return []
      }
      const place = [...path, "portSecurity", "addresses", i]
      if (told.has(place.join(" "))) return []
      told.add(place.join(" "))
      const both = before === where ? `twice at ${where}` : `at ${before} and at ${where}`
      return [
        error(
          place,
          `port-security: ${MacAddress.format(address)} is to be secure ${both}, in VLAN ${vlan}: an address is secure at one port of a VLAN, remove it from the other`,
        ),
      ]
    })
  })
}

/** Port security that does not contradict itself. */
export const portSecurity: Rule = {
  name: "port-security",
  check: (network) =>
    switches(network).flatMap((node) => [
      ...portsOnce(node, "portSecurity").flatMap(([where, config, path, { dtp }]): ReadonlyArray<Problem> => {
        const { addresses = [], ageingNs, maximum = 1, sticky = false } = config
        const found: Array<Problem> = []
        if (dtp?.dynamic !== undefined) {
          found.push(
            error(
              path,
              `port-security: ${where} is ${dtp.dynamic}, and a secure port does not negotiate what it is: write mode: access or trunk`,
              "key",
            ),
          )
        }
        if (addresses.length > maximum) {
          found.push(
            error(
              [...path, "addresses"],
              `port-security: ${where} takes ${maximum} and is given ${addresses.length} addresses: raise maximum`,
            ),
          )
        }
        if (sticky && ageingNs !== undefined) {
          found.push(
            error([...path, "sticky"], `port-security: sticky addresses of ${where} do not age: remove sticky or ageing`, "key"),
          )
        }
        if (ageingNs !== undefined && (ageingNs < SECOND || ageingNs > LONGEST_AGEING)) {
          found.push(
            error(
              [...path, "ageing"],
              `port-security: addresses of ${where} cannot be forgotten after ${ageingNs / SECOND} s: write an ageing from 1s to 1440min, or 0s for never`,
            ),
          )
        }
        return found
      }),
      ...twice(node),
    ]),
}

type TrafficKey = "pduRate" | "portSecurity" | "stormControl"

/** Settings of ports, each block of the design once: the first port that has it stands for all. */
export const portsOnce = <K extends TrafficKey>(
  node: SwitchNode,
  key: K,
): ReadonlyArray<readonly [where: string, config: NonNullable<PortSettings[K]>, path: Path, settings: PortSettings]> => {
  const seen = new Set<string>()
  return node.settings.flatMap((settings, port) => {
    const config = settings[key]
    const path = [...(settings.path ?? node.path), key]
    const place = path.join(" ")
    if (config === undefined || seen.has(place)) return []
    seen.add(place)
    return [[`${node.name}:${port + 1}`, config, path, settings] as const]
  })
}
