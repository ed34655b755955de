/** UDLD as keys of a design: of a switch, of a port, and what a bridge's configuration has of it. */
import type { BridgeConfig } from "@l2lab/l2/BridgeConfig"
import * as Udld from "@l2lab/l2/udld/State"
import { Schema } from "effect"
import type { Path } from "./DesignError.ts"
import { optional } from "./Key.ts"
import type { Network, PortSettings, SwitchNode } from "./Network.ts"
import { Time } from "./Scalars.ts"
import { timeNsOf } from "./Units.ts"

const Mode = Schema.Literals(["normal", "aggressive"])

/** UDLD of a switch. */
export const UdldBlock = Schema.Struct({
  mode: optional(Mode, {
    description: "For ports whose cable leads to another switch, or to a hub.",
    otherwise: "only ports that say so themselves",
  }),
  messageTime: optional(Time, {
    description: "Time between messages on a port that is bidirectional (`udld message time`), from 1s to 90s in whole seconds.",
    default: `${Udld.DEFAULT_MESSAGE_TIME}s`,
  }),
}).annotate({ expected: "a block like {mode: normal, messageTime: 15s}" })

/** Keys of a switch. */
export const SWITCH_UDLD_KEYS = {
  udld: optional(
    Schema.Union([Schema.Literal(false), Mode, UdldBlock]).annotate({
      expected: "normal, aggressive, false, or a block like {mode: normal, messageTime: 15s}",
    }),
    {
      description: "Find cables to other switches that carry one direction only, and take their ports out of service (UDLD).",
      default: false,
    },
  ),
}

/** Keys of a switch port. */
export const PORT_UDLD_KEYS = {
  udld: optional(Schema.Union([Schema.Literal(false), Mode]).annotate({ expected: "normal, aggressive or false" }), {
    description: "UDLD on the port (`udld port`, `udld port aggressive`).",
    otherwise: "the switch's, on cables to switches and hubs",
  }),
}

/** UDLD of a switch, settled. */
export interface UdldSettings {
  /** By port. */
  readonly ports: ReadonlyArray<Udld.Mode>
  /** In seconds, as it was written: a rule says what is none; absent: the default. */
  readonly messageTime?: number
  /** Where the switch's key stands, or that of `defaults.switch`; absent where only ports say something. */
  readonly path?: Path
}

type Key = typeof UdldBlock.Type | typeof Mode.Type | false | undefined

/** What the keys of a switch and of its ports become; absent where UDLD runs nowhere and nothing is said of it. */
export const settle = (
  path: Path,
  own: Key,
  base: Key,
  settings: ReadonlyArray<PortSettings>,
  kindBehind: (port: number) => string | undefined,
): { readonly udld?: UdldSettings } => {
  const key = own ?? base
  const block: typeof UdldBlock.Type = typeof key === "object" ? key : key === undefined || key === false ? {} : { mode: key }
  const place = own === undefined ? ["defaults", "switch", "udld"] : path[0] === "farm" ? path : [...path, "udld"]
  const ports = settings.map((port, index): Udld.Mode => {
    if (port.udld !== undefined) return port.udld
    const kind = kindBehind(index)
    return kind === "switch" || kind === "hub" ? (block.mode ?? "disabled") : "disabled"
  })
  const { messageTime } = block
  if (messageTime === undefined && ports.every((mode) => mode === "disabled")) return {}
  return {
    udld: {
      ports,
      ...(messageTime !== undefined && { messageTime: timeNsOf(messageTime) / 1e9 }),
      ...(key !== undefined && { path: place }),
    },
  }
}

/** What the key of a port becomes; absent where it says nothing. */
export const ofPort = ({ udld }: { readonly udld?: "normal" | "aggressive" | false | undefined }): Pick<PortSettings, "udld"> =>
  udld === undefined ? {} : { udld: udld === false ? "disabled" : udld }

/** Whether any switch runs it. */
export const runsIn = (network: Network): boolean =>
  network.nodes.some((node) => node.kind === "switch" && node.udld?.ports.some((mode) => mode !== "disabled") === true)

/**
 * The protocol of a bridge's configuration. Where any switch of the network runs UDLD, those that do not take its messages too, and drop them, as
 * Catalysts do; unmanaged ones flood them. `interfaces` are the names of its ports.
 */
export const protocolsOf = (
  node: SwitchNode,
  interfaces: () => ReadonlyArray<string>,
  runsSomewhere: boolean,
): BridgeConfig["protocols"] => {
  const { name, reserved, udld } = node
  if (udld === undefined && (!runsSomewhere || reserved === "flood")) return []
  const config: Udld.UdldConfig = {
    identity: { name, interfaces: interfaces() },
    ...(udld !== undefined && { ports: udld.ports }),
    ...(udld?.messageTime !== undefined && { messageTime: udld.messageTime }),
  }
  return [{ kind: "udld", config }]
}
