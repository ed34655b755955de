/** LLDP and CDP as keys of a design: of a switch, of a port, and what a bridge's configuration has of them. */
import type { PortRole } from "@l2lab/l2/Announcing"
import type { BridgeConfig } from "@l2lab/l2/BridgeConfig"
import * as Cdp from "@l2lab/l2/cdp/State"
import type { DiscoveryIdentity } from "@l2lab/l2/DiscoveryIdentity"
import * as Lldp from "@l2lab/l2/lldp/State"
import { Schema } from "effect"
import type { Path } from "./DesignError.ts"
import { optional } from "./Key.ts"
import type { CdpSettings, LldpSettings, PortSettings, SwitchNode } from "./Network.ts"
import { integer, Time, YesNo } from "./Scalars.ts"
import { timeNsOf } from "./Units.ts"

/** What switches say that they are. */
const PLATFORM = "l2lab"
const VERSION = "l2lab, an emulated switch"

/** LLDP of a switch. */
export const LldpBlock = Schema.Struct({
  interval: optional(Time, { description: "Each port says so often who the switch is: 5s to 32768s.", default: "30s" }),
  holdMultiplier: optional(integer("a number of intervals from 2 to 10", 2, 10), {
    description: "Neighbours remember it for so many intervals.",
    default: Lldp.HOLD_MULTIPLIER,
  }),
  reinit: optional(Time, {
    description: "A port that was told to be silent is so for so long at least: 1s to 10s.",
    default: "2s",
  }),
}).annotate({ expected: "a block like {interval: 30s, holdMultiplier: 4}" })

/** CDP of a switch. */
export const CdpBlock = Schema.Struct({
  interval: optional(Time, { description: "Each port says so often who the switch is: 5s to 254s.", default: "60s" }),
  holdtime: optional(Time, {
    description: "Neighbours remember it for so long: 10s to 255s, and longer than the interval.",
    default: "180s",
  }),
}).annotate({ expected: "a block like {interval: 60s, holdtime: 180s}" })

/** Keys of a switch. */
export const SWITCH_DISCOVERY_KEYS = {
  lldp: optional(
    Schema.Union([Schema.Boolean, LldpBlock]).annotate({ expected: "true, false, or a block like {interval: 30s}" }),
    { description: "Run LLDP on all ports (`lldp run`); {} is true.", default: false },
  ),
  cdp: optional(Schema.Union([Schema.Boolean, CdpBlock]).annotate({ expected: "true, false, or a block like {interval: 60s}" }), {
    description: "Run CDP on all ports (`cdp run`); {} is true. Catalysts do by default.",
    default: false,
  }),
}

/** LLDP of a port. */
export const LldpPortBlock = Schema.Struct({
  transmit: optional(YesNo, { description: "Say who the switch is (`lldp transmit`).", default: true }),
  receive: optional(YesNo, { description: "Listen who is there (`lldp receive`).", default: true }),
}).annotate({ expected: "a block like {transmit: false}" })

/** Keys of a switch port. */
export const PORT_DISCOVERY_KEYS = {
  lldp: optional(
    Schema.Union([Schema.Boolean, LldpPortBlock]).annotate({ expected: "true, false, or a block like {transmit: false}" }),
    { description: "Whether LLDP runs on the port, or what of it.", otherwise: "as on the switch" },
  ),
  cdp: optional(YesNo, { description: "Whether CDP runs on the port (`cdp enable`).", otherwise: "as on the switch" }),
}

type Of<Keys> = { readonly [K in keyof Keys]?: (Keys[K] extends { readonly Type: infer T } ? T : never) | undefined }

/** What the keys of a switch become: its own, or else those of `defaults.switch`. A protocol that does not run is absent. */
export const ofSwitch = (
  path: Path,
  own: Of<typeof SWITCH_DISCOVERY_KEYS>,
  base: Of<typeof SWITCH_DISCOVERY_KEYS> | undefined,
): Pick<SwitchNode, "cdp" | "lldp"> => {
  const place = (key: "cdp" | "lldp"): Path =>
    own[key] === undefined ? ["defaults", "switch", key] : path[0] === "farm" ? path : [...path, key]
  const lldp = own.lldp ?? base?.lldp ?? false
  const cdp = own.cdp ?? base?.cdp ?? false
  return {
    ...(lldp !== false && { lldp: lldpOf(lldp === true ? {} : lldp, place("lldp")) }),
    ...(cdp !== false && { cdp: cdpOf(cdp === true ? {} : cdp, place("cdp")) }),
  }
}

const SECOND = 1e9

const lldpOf = ({ holdMultiplier, interval, reinit }: typeof LldpBlock.Type, path: Path): LldpSettings => ({
  intervalSeconds: timeNsOf(interval ?? "30s") / SECOND,
  holdMultiplier: holdMultiplier ?? Lldp.HOLD_MULTIPLIER,
  reinitSeconds: timeNsOf(reinit ?? "2s") / SECOND,
  path,
})

const cdpOf = ({ holdtime, interval }: typeof CdpBlock.Type, path: Path): CdpSettings => ({
  intervalSeconds: timeNsOf(interval ?? `${Cdp.INTERVAL_SECONDS}s`) / SECOND,
  holdSeconds: timeNsOf(holdtime ?? `${Cdp.HOLD_SECONDS}s`) / SECOND,
  path,
})

/** What the keys of a port become; absent where it says nothing. */
export const ofPort = ({ cdp, lldp }: Of<typeof PORT_DISCOVERY_KEYS>): Pick<PortSettings, "cdp" | "lldp"> => ({
  ...(lldp !== undefined && { lldp: typeof lldp === "boolean" ? { transmit: lldp, receive: lldp } : lldp }),
  ...(cdp !== undefined && { cdp }),
})

/** A column of ports, up to the last that says something; absent where none does. */
const roles = (
  node: SwitchNode,
  roleOf: (settings: PortSettings) => PortRole | undefined,
): { readonly ports?: ReadonlyArray<PortRole | undefined> } => {
  const ports = node.settings.map(roleOf)
  const last = ports.findLastIndex((role) => role !== undefined)
  return last < 0 ? {} : { ports: ports.slice(0, last + 1) }
}

/** The protocols of a bridge's configuration. `interfaces` are the names of its ports. */
export const protocolsOf = (node: SwitchNode, interfaces: () => ReadonlyArray<string>): BridgeConfig["protocols"] => {
  const { cdp, lldp, name, settings } = node
  if (lldp === undefined && cdp === undefined) return []
  const identity: DiscoveryIdentity = {
    name,
    interfaces: interfaces(),
    ...(settings.some(({ description }) => description !== undefined) && {
      descriptions: settings.map(({ description }) => description),
    }),
    platform: PLATFORM,
    version: VERSION,
  }
  const protocols: Array<BridgeConfig["protocols"][number]> = []
  if (lldp !== undefined) {
    const { path: _, ...times } = lldp
    const config: Lldp.LldpConfig = { identity, ...times, ...roles(node, (port) => port.lldp) }
    protocols.push({ kind: "lldp", config })
  }
  if (cdp !== undefined) {
    const { path: _, ...times } = cdp
    const config: Cdp.CdpConfig = {
      identity,
      ...times,
      ...roles(node, (port) => (port.cdp === undefined ? undefined : { transmit: port.cdp, receive: port.cdp })),
    }
    protocols.push({ kind: "cdp", config })
  }
  return protocols
}
