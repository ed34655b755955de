/** What switches do beside relaying: values that no switch takes, and settings that contradict each other. */
import * as Errdisable from "@l2lab/l2/Errdisable"
import { SECOND } from "@l2lab/sim/SimTime"
import { error, type Path, type Problem, warning } from "../DesignError.ts"
import type { Network, PortSettings, SwitchNode } from "../Network.ts"
import type { Rule } from "./Rules.ts"

const switches = (network: Network): ReadonlyArray<SwitchNode> =>
  network.nodes.filter((node): node is SwitchNode => node.kind === "switch")

/** Times of errdisable are within what switches take. */
export const errdisable: Rule = {
  name: "errdisable-times",
  check: (network) =>
    switches(network).flatMap(({ errdisable: settings, name, paths }): ReadonlyArray<Problem> => {
      const { intervalNs = Errdisable.DEFAULT_INTERVAL, linkFlap } = settings ?? {}
      const path = paths["errdisable"] ?? []
      const problems: Array<Problem> = []
      if (intervalNs < Errdisable.SHORTEST_INTERVAL || intervalNs > Errdisable.LONGEST_INTERVAL) {
        problems.push(
          error(
            [...path, "interval"],
            `errdisable-times: ports of ${name} cannot come back after ${intervalNs / SECOND} s: write an interval from 30s to 86400s`,
          ),
        )
      }
      if (linkFlap !== undefined && (linkFlap.withinNs < SECOND || linkFlap.withinNs > 120 * SECOND)) {
        problems.push(
          error(
            [...path, "linkFlap", "within"],
            `errdisable-times: ${name} cannot count flaps within ${linkFlap.withinNs / SECOND} s: write a time from 1s to 120s`,
          ),
        )
      }
      return problems
    }),
}

/** A processor that is starved needs a rate. */
export const controlPlane: Rule = {
  name: "control-plane",
  check: (network) =>
    switches(network).flatMap(({ controlPlane: plane, name, paths }): ReadonlyArray<Problem> =>
      plane !== undefined && plane.rate === undefined && (plane.punts ?? []).length > 0
        ? [
            error(
              [...(paths["controlPlane"] ?? []), "punts"],
              `control-plane: the processor of ${name} has no rate, so that nothing takes its time: add a rate like 500, or remove punts`,
              "key",
            ),
          ]
        : [],
    ),
}

/** BPDUs a second that a port gets from a neighbour that runs the same: one a hello in each tree. */
const hellosOf = ({ settings, spanningTree, vlans }: SwitchNode, port: number): number => {
  const isPerVlan = spanningTree.protocol === "pvst" || spanningTree.protocol === "rapid-pvst"
  const { vlans: mode } = settings[port]
  const trees = isPerVlan && mode.mode === "trunk" ? mode.allowed.filter((vlan) => vlans.includes(vlan)).length : 1
  return Math.ceil((trees * SECOND) / spanningTree.helloTimeNs)
}

/** Limits of PDUs that a spanning tree can live with: what does not hear its neighbours forwards in the end. */
export const pduRate: Rule = {
  name: "pdu-rate",
  check: (network) =>
    switches(network).flatMap((node): ReadonlyArray<Problem> => {
      const { controlPlane: plane, name, paths, settings } = node
      const path = paths["controlPlane"] ?? []
      const { bpduStorm, pduBurst, pduRate: rate, pduRatePerPort } = plane ?? {}
      if (rate === undefined && pduBurst !== undefined) {
        const problem = `pdu-rate: ${name} has a pduBurst and no pduRate: add one like 1000, or remove pduBurst`
        return [error([...path, "pduBurst"], problem, "key")]
      }
      if (node.spanningTree.protocol === "none") return []
      const hellos = settings.map((_, port) => hellosOf(node, port))
      const most = Math.max(0, ...hellos)
      const lacks = (where: Path, who: string, takes: number | undefined, needs: number): ReadonlyArray<Problem> =>
        takes === undefined || takes >= needs
          ? []
          : [
              warning(
                where,
                `pdu-rate: ${who} takes ${takes === 1 ? "1 PDU" : `${takes} PDUs`} a second, and hellos alone may be ${needs}: raise it, or what it knows ages out`,
              ),
            ]
      return [
        ...lacks([...path, "pduRate"], name, rate, most),
        ...lacks([...path, "pduRatePerPort"], `a port of ${name}`, pduRatePerPort, most),
        ...portsOnce(node, "pduRate").flatMap(([where, own, place]) => lacks(place, where, own, hellos[portOf(where)])),
        ...(bpduStorm === undefined || bpduStorm.rate > most
          ? []
          : [
              warning(
                [...path, "bpduStorm"],
                `pdu-rate: ${bpduStorm.rate} BPDUs a second take a port of ${name} out of service, and hellos alone may be ${most}: raise the rate`,
              ),
            ]),
      ]
    }),
}

/** `sw1:3` -> 2. */
const portOf = (where: string): number => Number(where.slice(where.lastIndexOf(":") + 1)) - 1

const CLASS_KEYS = ["broadcast", "multicast", "unicast", "unknownUnicast"] as const

const UNITS = { percent: "%", pps: "pps", bps: "bps" } as const

/** Storm control that controls something, with thresholds that a port can have. */
export const stormControl: Rule = {
  name: "storm-control",
  check: (network) =>
    switches(network).flatMap((node) =>
      portsOnce(node, "stormControl").flatMap(([where, config, path]): ReadonlyArray<Problem> => {
        const found: Array<Problem> = []
        if (CLASS_KEYS.every((key) => config[key] === undefined)) {
          found.push(
            error(path, `storm-control: ${where} has no level, and controls nothing: write for instance broadcast: 1%`, "key"),
          )
        }
        for (const key of CLASS_KEYS) {
          const level = config[key]
          if (level === undefined) continue
          const unit = UNITS[level.unit]
          if (level.unit === "percent" && level.rising > 100) {
            found.push(
              error(
                [...path, key],
                `storm-control: ${level.rising}% of the rate of ${where} can never come in: write 0% to 100%`,
              ),
            )
          }
          if (level.falling !== undefined && level.falling > level.rising) {
            found.push(
              error(
                [...path, key, "falling"],
                `storm-control: the falling threshold of ${where}, ${level.falling}${unit}, is above the rising one, ${level.rising}${unit}: write one that is not`,
              ),
            )
          }
        }
        return found
      }),
    ),
}

/** Port security that does not contradict itself. */
export const portSecurity: Rule = {
  name: "port-security",
  check: (network) =>
    switches(network).flatMap((node) =>
      portsOnce(node, "portSecurity").flatMap(([where, config, path]): ReadonlyArray<Problem> => {
        const { addresses = [], ageingNs, maximum = 1, sticky = false } = config
        const found: Array<Problem> = []
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
        return found
      }),
    ),
}

type TrafficKey = "pduRate" | "portSecurity" | "stormControl"

/** Settings of ports, each block of the design once: the first port that has it stands for all. */
const portsOnce = <K extends TrafficKey>(
  node: SwitchNode,
  key: K,
): ReadonlyArray<readonly [where: string, config: NonNullable<PortSettings[K]>, path: Path]> => {
  const seen = new Set<string>()
  return node.settings.flatMap((settings, port) => {
    const config = settings[key]
    const path = [...(settings.path ?? node.path), key]
    const place = path.join(" ")
    if (config === undefined || seen.has(place)) return []
    seen.add(place)
    return [[`${node.name}:${port + 1}`, config, path] as const]
  })
}
