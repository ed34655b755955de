/** Networks with guards: what tests of the toolkit say of bridges and ask of them. */
import * as LogLine from "@l2lab/sim/LogLine"
import { SECOND } from "@l2lab/sim/SimTime"
import * as L2Log from "@l2lab/l2/Log"
import type * as Bpdu from "../../src/Bpdu.ts"
import * as Inconsistency from "../../src/Inconsistency.ts"
import * as StpLog from "../../src/Log.ts"
import type { ToolkitConfig } from "../../src/toolkit/Settings.ts"
import { TREES_1998 } from "../../src/toolkit/TreesOf1998.ts"
import { TREES_2004 } from "../../src/toolkit/TreesOf2004.ts"
import { TREES_MSTP } from "../../src/toolkit/TreesOfMstp.ts"
import { treesOfPvst } from "../../src/toolkit/TreesOfPvst.ts"
import type { Trees } from "../../src/toolkit/Trees.ts"
import { access, trunk, VlanNetwork, type NodeSpec } from "../pvst/VlanNetwork.ts"

/** The five protocols. */
export const KINDS = ["stp1998", "rstp2004", "mstp", "pvst", "rapid-pvst"] as const
export type Kind = (typeof KINDS)[number]

export const TREES: Readonly<Record<Kind, Trees<never>>> = {
  stp1998: TREES_1998,
  rstp2004: TREES_2004,
  mstp: TREES_MSTP,
  pvst: treesOfPvst(TREES_1998),
  "rapid-pvst": treesOfPvst(TREES_2004),
}

/** A bridge with trunks for VLANs 1 and 10, or access ports in VLAN 10, that runs a protocol with guards. */
export const bridge = (
  run: Kind,
  ports: string,
  toolkit?: ToolkitConfig,
  config: NonNullable<NodeSpec["config"]> = {},
): NodeSpec => ({
  run,
  vlans: [1, 10],
  ports: Array.from(ports, (port) => (port === "t" ? trunk(1, 1, 10) : access(10))),
  config: { ...config, ...(toolkit !== undefined && { toolkit }) },
})

/** Why a port is blocked, in any tree. */
export const why = (network: VlanNetwork, kind: Kind, node: number, port: number): ReadonlyArray<Inconsistency.Name> => {
  const state = network.bridge(node).protocols[0] as never
  const bits = TREES[kind].inconsistent(state)
  const { ports } = network.bridge(node)
  let all = 0
  for (let i = port; i < bits.length; i += ports) all |= bits[i]
  return Inconsistency.names(all)
}

/** Whether the port is operating as an edge, in all trees that it is of. */
export const isEdge = (network: VlanNetwork, kind: Kind, node: number, port: number): boolean => {
  const state = network.bridge(node).protocols[0] as never
  for (let tree = 0; tree < TREES[kind].trees(state); tree++) {
    if (TREES[kind].isMember(state, tree, port) && !TREES[kind].isEdge(state, tree, port)) return false
  }
  return true
}

const LINES = LogLine.registry([...L2Log.LOG, ...StpLog.LOG])

/** `12.5 n0 %SPANTREE-...` of all that happened. */
export const log = (network: VlanNetwork): ReadonlyArray<string> =>
  network.events.flatMap((event) =>
    (LINES.get(event.code) ?? []).flatMap((line) => {
      const message = line.message(event, {
        port: (port) => `Gi0/${port + 1}`,
        portInFull: (port) => `GigabitEthernet0/${port + 1}`,
        sender: (address) => String(address),
        tree: (tree) => `T${tree}`,
      })
      return message === undefined ? [] : [`n${event.node} ${LogLine.format(line, message)}`]
    }),
  )

/** BPDUs that left the port since it is watched, by whole seconds of their leaving. */
export const sentAt = (network: VlanNetwork, node: number, port: number): ReadonlyArray<number> =>
  network.seen.filter((seen) => seen.node === node && seen.port === port).map(({ at }) => at / SECOND)

/** A Configuration BPDU that no bridge of the network sent: whom it takes for the root, and at what cost; from a bridge with address 9. */
export const configBpdu = (rootPriority: number, rootAddress = 9, rootPathCost = 0): Bpdu.ConfigBpdu => ({
  protocol: "bpdu",
  kind: "config",
  topologyChangeAcknowledgment: false,
  topologyChange: false,
  rootPriority,
  rootAddress,
  rootPathCost,
  bridgePriority: rootPriority,
  bridgeAddress: 9,
  portIdentifier: 0x8001,
  messageAge: 0,
  maxAge: 5120,
  helloTime: 512,
  forwardDelay: 3840,
})
