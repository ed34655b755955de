/** What switches do beside relaying: values that no switch takes, and settings that contradict each other. */
import * as Errdisable from "@l2lab/l2/Errdisable"
import * as MacMove from "@l2lab/l2/MacMove"
import { SECOND } from "@l2lab/sim/SimTime"
import { error, type Path, type Problem, warning } from "../DesignError.ts"
import type { Network, SwitchNode } from "../Network.ts"
import type { Rule } from "./Rules.ts"
import { portsOnce } from "./traffic.ts"

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

/** Moves are counted within a time that switches take. */
export const macMove: Rule = {
  name: "mac-move",
  check: (network) =>
    switches(network).flatMap(({ macMove: settings, name, paths }): ReadonlyArray<Problem> => {
      const { withinNs } = settings ?? MacMove.USUAL
      return withinNs >= MacMove.SHORTEST_WITHIN && withinNs <= MacMove.LONGEST_WITHIN
        ? []
        : [
            error(
              [...(paths["macMove"] ?? []), "within"],
              `mac-move: ${name} cannot count moves within ${withinNs / SECOND} s: write a time from 1s to 1h`,
            ),
          ]
    }),
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
