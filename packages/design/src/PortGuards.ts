/** The guards around spanning tree, as keys of a design: of a switch, of a port, and what a bridge's configuration has of them. */
import type { PortGuards, ToolkitConfig } from "@l2lab/stp/toolkit/Settings"
import { optional } from "./Key.ts"
import type { PortSettings, SpanningTreeSettings, SwitchNode } from "./Network.ts"
import { integer, YesNo } from "./Scalars.ts"

/** Keys of a switch's `spanningTree`. */
export const BRIDGE_KEYS = {
  bpduGuard: optional(YesNo, {
    description:
      "A BPDU on a port that is set to be an edge, and operates as one, takes it out of service (`portfast bpduguard default`).",
    default: false,
  }),
  bpduFilter: optional(YesNo, {
    description:
      "Edge ports send a few BPDUs when they come up and none after that; a BPDU that comes in ends that, and the port's being an edge (`portfast bpdufilter default`).",
    default: false,
  }),
  loopGuard: optional(YesNo, {
    description:
      "A port of a point-to-point link that was told where the root is and hears no more stays blocked (`loopguard default`).",
    default: false,
  }),
  bridgeAssurance: optional(YesNo, {
    description: "Watch ports that are `network`: one that hears no BPDU for three hello times is blocked.",
    default: true,
  }),
  uplinkFast: optional(YesNo, {
    description:
      "When the root port's link is lost, use another way to the root at once; priority 49152 unless one is set, costs below 3000 are 3000 higher. `pvst` only.",
    default: false,
  }),
  uplinkRate: optional(integer("a number of frames a second from 0 to 32000", 0, 32_000), {
    description: "Multicasts a second that `uplinkFast` sends in the names of stations; with 0 it sends none.",
    default: 150,
  }),
  backboneFast: optional(YesNo, {
    description: "Ask for the root when a neighbour has lost it, instead of waiting for max age. `pvst` only.",
    default: false,
  }),
}

/** Keys of a switch port. */
export const PORT_KEYS = {
  bpduGuard: optional(YesNo, {
    description: "A BPDU takes the port out of service, whether it is an edge port or not.",
    otherwise: "the switch's, on edge ports",
  }),
  bpduFilter: optional(YesNo, {
    description: "Neither send nor take BPDUs, as if spanning tree were off there: loops through the port are nobody's business.",
    otherwise: "the switch's, on edge ports",
  }),
  rootGuard: optional(YesNo, {
    description: "The root is not behind the port: who claims to be it, or nearer to it, has the port blocked.",
    default: false,
  }),
  loopGuard: optional(YesNo, {
    description: "If the port was told where the root is and hears no more, it stays blocked. On point-to-point links.",
    otherwise: "the switch's, on point-to-point links",
  }),
  network: optional(YesNo, {
    description:
      "The port leads to a switch that does the same and is never silent (`portfast network`): bridge assurance watches it. `rstp`, `rapid-pvst` and `mst` only.",
    default: false,
  }),
}

type Of<Keys> = { readonly [K in keyof Keys]?: boolean | undefined }
type BridgeKeys = Of<Omit<typeof BRIDGE_KEYS, "uplinkRate">> & { readonly uplinkRate?: number | undefined }

/** What the design says of a port; absent where it says nothing. */
export const ofPort = (block: Of<typeof PORT_KEYS>): Pick<PortSettings, "guards" | "saysLoopGuard"> => {
  const { bpduFilter, bpduGuard, loopGuard, network, rootGuard } = block
  if ([bpduFilter, bpduGuard, loopGuard, network, rootGuard].every((said) => said === undefined)) return {}
  const guard = rootGuard === true ? "root" : loopGuard === true ? "loop" : loopGuard === false ? "none" : undefined
  const guards: PortGuards = {
    ...(bpduFilter !== undefined && { bpduFilter }),
    ...(bpduGuard !== undefined && { bpduGuard }),
    ...(guard !== undefined && { guard }),
    ...(network !== undefined && { network }),
  }
  return { guards, ...(loopGuard === true && { saysLoopGuard: true }) }
}

/** What it says of a bridge, ports apart; absent where it says nothing. */
export const ofBridge = (block: BridgeKeys): Pick<SpanningTreeSettings, "guards"> => {
  const { backboneFast, bpduFilter, bpduGuard, bridgeAssurance, loopGuard, uplinkFast, uplinkRate } = block
  const guards: ToolkitConfig = {
    ...(bpduGuard === true && { bpduGuardDefault: true }),
    ...(bpduFilter === true && { bpduFilterDefault: true }),
    ...(loopGuard === true && { loopGuardDefault: true }),
    ...(bridgeAssurance === false && { bridgeAssurance: false }),
    ...(uplinkFast === true && { uplinkFast: uplinkRate === undefined ? {} : { rate: uplinkRate } }),
    ...(backboneFast === true && { backboneFast: true }),
  }
  return Object.keys(guards).length === 0 ? {} : { guards }
}

/** The guards of a bridge's configuration; none where the design names none. */
export const toolkitOf = ({ settings, spanningTree }: SwitchNode): { readonly toolkit?: ToolkitConfig } => {
  const last = settings.findLastIndex(({ guards }) => guards !== undefined)
  if (last < 0 && spanningTree.guards === undefined) return {}
  return { toolkit: { ...spanningTree.guards, ports: settings.slice(0, last + 1).map(({ guards }) => guards) } }
}
