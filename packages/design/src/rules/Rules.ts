/**
 * Static checks of a network: what no single value shows. An error is something that cannot be built or cannot be meant; a warning is
 * something that is built all the same and that its author may want to know. Each rule lives in its own file; a new one is added to
 * RULES.
 */
import type { Problem } from "../DesignError.ts"
import type { Network } from "../Network.ts"
import * as Addresses from "./addresses.ts"
import * as Discovery from "./discovery.ts"
import * as Dtp from "./dtp.ts"
import * as Duplex from "./duplex.ts"
import * as Hosts from "./hosts.ts"
import * as Loops from "./loops.ts"
import * as Pairs from "./pairs.ts"
import * as PortChannels from "./portChannels.ts"
import * as PortGuards from "./portGuards.ts"
import * as Regions from "./regions.ts"
import * as RelayGuards from "./relayGuards.ts"
import * as SpanningTree from "./spanningTree.ts"
import * as Subnets from "./subnets.ts"
import * as Timers from "./timers.ts"
import * as Traffic from "./traffic.ts"
import * as Trees from "./trees.ts"
import * as Udld from "./udld.ts"
import * as Vlans from "./vlans.ts"
import * as Vtp from "./vtp.ts"

/** A static check of a network. */
export interface Rule {
  /** What the rule is called. */
  readonly name: string
  readonly check: (network: Network) => ReadonlyArray<Problem>
}

/** All rules, in the order in which they run. */
export const RULES: ReadonlyArray<Rule> = [
  Addresses.macAddresses,
  Addresses.ipAddresses,
  Subnets.subnets,
  Timers.ranges,
  Timers.relations,
  SpanningTree.bridgeSettings,
  SpanningTree.keysOfProtocols,
  SpanningTree.portSettings,
  Regions.instances,
  Regions.oneName,
  Trees.beyondInstances,
  Trees.costTables,
  Loops.loops,
  Loops.selfLinks,
  Vlans.nativeMismatch,
  Vlans.portGroupOnNative,
  Vlans.missingOnPath,
  Hosts.memory,
  Hosts.unplugged,
  Hosts.vlanBehindHub,
  Hosts.mtu,
  Hosts.portGroupNames,
  RelayGuards.errdisable,
  RelayGuards.controlPlane,
  RelayGuards.macMove,
  RelayGuards.pduRate,
  Traffic.stormControl,
  Traffic.portSecurity,
  PortGuards.contradictoryGuards,
  PortGuards.uplinkFast,
  Vtp.password,
  Vtp.clientVlans,
  Vtp.transparentRevision,
  Vtp.vlans,
  Duplex.mismatch,
  Discovery.lldpTimes,
  Discovery.cdpTimes,
  Discovery.discoveryPorts,
  Udld.udld,
  PortChannels.portChannels,
  Pairs.virtualSwitchLink,
  Pairs.detection,
  Pairs.domains,
  Pairs.versions,
  Pairs.vpcs,
  Dtp.nonegotiate,
  Dtp.silent,
  Dtp.domains,
]

/** What all rules find. */
export const judge = (network: Network): ReadonlyArray<Problem> => RULES.flatMap((rule) => rule.check(network))
