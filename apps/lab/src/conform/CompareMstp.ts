/**
 * What only records of MSTP have: regional roots, internal costs, region identifiers, raw flags, and the MSTIs. What is left over from the
 * past is not compared: vectors of ports that are not live, and whether information was internal where it is the port's own.
 */
import * as BridgeIdentifier from "@l2lab/stp/BridgeIdentifier"
import * as Query from "@l2lab/stp/mstp/Query"
import type { State } from "@l2lab/stp/mstp/State"
import * as PortIdentifier from "@l2lab/stp/PortIdentifier"
import type { Difference, Differ } from "./Compare.ts"
import type { GoldenObservedBridge, GoldenObservedMsti } from "./Record.ts"

/** Names the port that a difference is on, if it is on one. */
type DifferOn = (port?: number) => Differ

const identifier = (id: BridgeIdentifier.BridgeIdentifier): string => BridgeIdentifier.format(id.priority, id.address)

const hex = (octets: Uint8Array): string => Array.from(octets, (octet) => octet.toString(16).padStart(2, "0")).join("")

const isLive = (port: Query.PortSnapshot): boolean => port.role !== "Disabled"

/** The first difference of one bridge; undefined if there is none. */
export const ofBridge = (state: State, recorded: GoldenObservedBridge, on: DifferOn): Difference | undefined => {
  const cist = Query.snapshot(state, 0)
  const { digest, name, revision } = Query.configurationIdOf(state)
  const region = recorded.mst_config
  const differ = on()
  return (
    differ("mst_config.name", region?.name, name) ??
    differ("mst_config.revision", region?.revision, revision) ??
    differ("mst_config.digest", region?.digest, hex(digest)) ??
    first(cist.ports, (port) => ofCistPort(port, recorded.ports?.[String(port.portNo)], on(port.portNo))) ??
    differ("regional_root", recorded.regional_root, identifier(cist.regionalRoot)) ??
    differ("internal_path_cost", recorded.internal_path_cost, cist.internalRootPathCost) ??
    first(Object.entries(recorded.msti ?? {}), ([mstid, msti]) => {
      const tree = Query.treeOfMstid(state, Number(mstid))
      if (tree === undefined) return differ(`MSTI ${mstid}`, "there", "not there")
      return ofMsti(
        Query.snapshot(state, tree),
        msti,
        (port) => (field, want, have) => on(port)(`MSTI ${mstid} ${field}`, want, have),
      )
    }) ??
    differ(
      "MSTIs",
      recorded.msti == null ? undefined : Object.keys(recorded.msti).join(" "),
      Query.mstidsOf(state).slice(1).join(" "),
    )
  )
}

const ofCistPort = (
  have: Query.PortSnapshot,
  want: NonNullable<GoldenObservedBridge["ports"]>[string] | undefined,
  differ: Differ,
): Difference | undefined => {
  if (want === undefined) return undefined
  const difference = differ("internal_cost", want.internal_cost, have.internalCost)
  if (difference !== undefined || !isLive(have)) return difference
  return (
    differ("info_is", want.info_is, have.infoIs) ??
    differ("rcvd_internal", want.rcvd_internal, have.rcvdInternal) ??
    (have.infoIs === "Received" ? differ("info_internal", want.info_internal, have.infoInternal) : undefined) ??
    differ("send_rstp", want.send_rstp, have.sendRSTP) ??
    differ("oper_edge", want.oper_edge, have.operEdge) ??
    differ("designated_regional_root", want.designated_regional_root, identifier(have.designatedRegionalRoot)) ??
    differ("designated_internal_cost", want.designated_internal_cost, have.designatedInternalCost)
  )
}

const ofMsti = (tree: Query.TreeSnapshot, recorded: GoldenObservedMsti, on: DifferOn): Difference | undefined =>
  first(tree.ports, (have) => {
    const want = recorded.ports?.[String(have.portNo)]
    if (want === undefined) return undefined
    const differ = on(have.portNo)
    const difference =
      differ("state", want.state, have.state) ??
      differ("role", want.role, have.role) ??
      differ("cost", want.cost, have.cost) ??
      differ("port_id", want.port_id, PortIdentifier.format(have.portIdentifier))
    if (difference !== undefined || !isLive(have)) return difference
    return (
      differ("designated_regional_root", want.designated_regional_root, identifier(have.designatedRegionalRoot)) ??
      differ("designated_internal_cost", want.designated_internal_cost, have.designatedInternalCost) ??
      differ("designated_bridge", want.designated_bridge, identifier(have.designatedBridge)) ??
      differ("designated_port", want.designated_port, PortIdentifier.format(have.designatedPort))
    )
  }) ??
  on()("bridge_id", recorded.bridge_id, identifier(tree.bridge)) ??
  on()("regional_root", recorded.regional_root, identifier(tree.regionalRoot)) ??
  on()("internal_path_cost", recorded.internal_path_cost, tree.internalRootPathCost) ??
  on()("root_port", recorded.root_port, tree.rootPort === undefined ? 0 : tree.ports[tree.rootPort].portNo)

const first = <A>(items: ReadonlyArray<A>, of: (item: A) => Difference | undefined): Difference | undefined => {
  for (const item of items) {
    const difference = of(item)
    if (difference !== undefined) return difference
  }
  return undefined
}
