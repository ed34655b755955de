/** Ports that negotiate whether they are trunks, as keys of a design; and what they become. */
import type { AccessPort, SwitchPort as RelayPort, TrunkPort } from "@l2lab/l2/BridgeConfig"
import { OUTCOME } from "@l2lab/l2/dtp/Agent"
import { type DtpConfig, type DtpPort, type Mode, MODES } from "@l2lab/l2/dtp/State"
import type { Path } from "./DesignError.ts"
import { optional } from "./Key.ts"
import type { PortSettings, SwitchNode } from "./Network.ts"
import { YesNo } from "./Scalars.ts"

/** Keys of a switch. */
export const DTP_KEYS = {
  dtp: optional(YesNo, {
    description: "Whether the switch speaks DTP, on all its ports but those that do not negotiate.",
    otherwise: "true if one of its ports is dynamic",
  }),
}

/** Keys of a port, beside `mode`. */
export const DTP_PORT_KEYS = {
  nonegotiate: optional(YesNo, {
    description: "Speak no DTP on the port, and do not listen to it (`switchport nonegotiate`).",
    default: false,
  }),
}

/** What a port has beside what it is at the start. */
export interface DtpSettings {
  /** Absent: it is what it is. */
  readonly dynamic?: "dynamic-auto" | "dynamic-desirable"
  readonly nonegotiate: boolean
  /** What it is as an access port, and as a trunk. */
  readonly access: AccessPort
  readonly trunk: TrunkPort
}

/** A dynamic port begins as an access port. */
export const isDynamic = (mode: string | undefined): mode is NonNullable<DtpSettings["dynamic"]> =>
  mode === "dynamic-auto" || mode === "dynamic-desirable"

/** Whether a switch speaks DTP, and where that is said. */
export const settle = (
  path: Path,
  own: { readonly dtp?: boolean | undefined },
  base: { readonly dtp?: boolean | undefined } | undefined,
  settings: ReadonlyArray<PortSettings>,
): Pick<SwitchNode, "dtp"> => {
  const said = own.dtp ?? base?.dtp
  const speaks = said ?? settings.some(({ dtp }) => dtp?.dynamic !== undefined)
  if (said === undefined && !speaks) return {}
  return { dtp: { speaks, path: own.dtp === undefined ? ["defaults", "switch", "dtp"] : [...path, "dtp"] } }
}

/** The control protocol of a switch's bridge; none without DTP. */
export const protocolOf = ({
  dtp,
  room,
  settings,
}: SwitchNode): ReadonlyArray<{ readonly kind: "dtp"; readonly config: DtpConfig }> =>
  dtp?.speaks === true ? [{ kind: "dtp", config: { ports: settings.map((port) => portOf(port, room)) } }] : []

const portOf = ({ dtp, vlans }: PortSettings, room: ReadonlyArray<number>): DtpPort => ({
  mode: dtp?.dynamic ?? (vlans.mode satisfies Mode),
  negotiate: dtp?.nonegotiate !== true,
  access: dtp?.access ?? accessOf(vlans),
  trunk: dtp?.trunk ?? trunkOf(vlans, room),
})

/** An end of a cable. */
export interface End {
  readonly node: SwitchNode
  readonly port: number
}

/** Whether a cable's ends are of one VTP domain, or one of them of none. */
export const isOneDomain = (a: SwitchNode, b: SwitchNode): boolean => {
  const [mine, its] = [a.vtp?.domain ?? "", b.vtp?.domain ?? ""]
  return mine === "" || its === "" || mine === its
}

/** What a port of a switch treats VLANs like once it has come to terms with the other end. */
export const settled = (own: End, other: End): RelayPort => {
  const { dtp, vlans } = own.node.settings[own.port]
  if (dtp?.dynamic === undefined || !isOneDomain(own.node, other.node)) return vlans
  const both = [own, other].map(({ node, port }) => ({
    ...portOf(node.settings[port], node.room),
    speaks: node.dtp?.speaks === true,
  }))
  if (!both.every(({ negotiate, speaks }) => speaks && negotiate)) return vlans
  const [mine, its] = both.map(({ mode }) => MODES.indexOf(mode))
  return OUTCOME[mine][its] ? dtp.trunk : dtp.access
}

/** What a port is that nothing more is said of. */
const accessOf = (port: RelayPort): AccessPort => (port.mode === "access" ? port : { mode: "access", vlan: 1 })
const trunkOf = (port: RelayPort, room: ReadonlyArray<number>): TrunkPort =>
  port.mode === "trunk" ? port : { mode: "trunk", native: 1, allowed: room }
