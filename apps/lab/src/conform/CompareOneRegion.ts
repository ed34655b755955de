/**
 * What records of MSTP say of bridges beside the regions, each of which is a region of its own: mstpd's raw flags, as far as the bridge's
 * protocol has them, and regional roots and internal costs, which follow from the vectors.
 */
import * as BridgeIdentifier from "@l2lab/stp/BridgeIdentifier"
import * as Query from "@l2lab/stp/rstp2004/Query"
import * as SpanningTree from "@l2lab/stp/SpanningTree"
import type { Difference, Differ } from "./Compare.ts"
import type { GoldenObservedBridge } from "./Record.ts"

const identifier = (id: BridgeIdentifier.BridgeIdentifier): string => BridgeIdentifier.format(id.priority, id.address)

/** The first difference of one bridge; undefined if there is none. What only records of MSTP have is absent from others. */
export const ofBridge = (
  running: SpanningTree.SpanningTree,
  recorded: GoldenObservedBridge,
  on: (port?: number) => Differ,
): Difference | undefined => {
  const tree = SpanningTree.snapshot(running, 0, 0)
  const flags = running.kind === "rstp2004" ? Query.snapshot(running.state, 0).ports : undefined
  for (const port of tree.ports) {
    const want = recorded.ports?.[String(port.portNo)]
    if (want === undefined || port.role === "Disabled") continue
    const differ = on(port.portNo)
    const own = flags?.[port.port]
    const difference =
      differ("info_is", want.info_is, own?.infoIs ?? (port.role === "Designated" ? "Mine" : "Received")) ??
      differ("send_rstp", want.send_rstp, own?.sendRSTP ?? false) ??
      differ("oper_edge", want.oper_edge, own?.operEdge ?? false) ??
      differ("rcvd_internal", want.rcvd_internal, false) ??
      differ("designated_regional_root", want.designated_regional_root, identifier(port.designatedBridge)) ??
      differ("designated_internal_cost", want.designated_internal_cost, 0)
    if (difference !== undefined) return difference
  }
  const differ = on()
  return (
    differ("regional_root", recorded.regional_root, identifier(tree.bridge)) ??
    differ("internal_path_cost", recorded.internal_path_cost, 0) ??
    differ("MSTIs", recorded.msti == null ? undefined : Object.keys(recorded.msti).length, 0)
  )
}
