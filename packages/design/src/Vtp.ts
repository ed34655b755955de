/** The VLAN database that switches of a VTP domain share, as a key of a design; and what it becomes. */
import * as Database from "@l2lab/l2/vtp/Database"
import type { VtpConfig } from "@l2lab/l2/vtp/State"
import { Schema } from "effect"
import type { Path } from "./DesignError.ts"
import { optional } from "./Key.ts"
import type { SwitchNode, Vlan } from "./Network.ts"
import { integer } from "./Scalars.ts"
import * as VlanSet from "./VlanSet.ts"

const printable = (what: string, most: number) =>
  Schema.String.annotate({ expected: `${what} of 1 to ${most} characters` }).check(
    Schema.makeFilter(
      (text: string) =>
        text.length >= 1 && text.length <= most && /^[\x20-\x7e]*$/.test(text)
          ? undefined
          : `"${text}" is no ${what}: write 1 to ${most} printable characters (ASCII)`,
      { toJsonSchema: () => ({ minLength: 1, maxLength: most, pattern: "^[ -~]*$" }) },
    ),
  )

/** VTP of a switch. */
export const VtpBlock = Schema.Struct({
  domain: optional(printable("domain", 32), {
    description: "Name of the domain; capitals count.",
    otherwise: "none: a server or client joins the first that it hears of",
    examples: ["FARM"],
  }),
  mode: optional(Schema.Literals(["server", "client", "transparent"]), {
    description:
      "A `server` makes VLANs and takes those of others, a `client` only takes them, a `transparent` switch has its own and passes messages on.",
    default: "server",
  }),
  revision: optional(integer("a revision from 0 to 4294967295", 0, 4_294_967_295), {
    description: "Revision of the database at the start: in a domain the highest is right, whoever has it.",
    otherwise: "of a server one for each VLAN beside VLAN 1, else 0",
  }),
  password: optional(printable("password", 64), {
    description: "Only who has the same one is believed.",
    otherwise: "none",
  }),
  version: optional(Schema.Literals([1, 2]), {
    description: "Version; a `transparent` switch of version 1 passes on messages of its own domain only.",
    default: 2,
  }),
}).annotate({ expected: "a block like {domain: FARM, mode: client}" })

/** Keys of a switch. */
export const VTP_KEYS = {
  vtp: optional(VtpBlock, {
    description: "Share the VLAN database with the other switches of a VTP domain, over trunks.",
    otherwise: "no VTP: its messages are frames like others",
  }),
}

interface Keys {
  readonly vtp?: typeof VtpBlock.Type | undefined
  readonly vlans?: ReadonlyArray<number | string> | undefined
}

/** VTP of a switch: what its bridge is told, and what rules want to know of it. */
export interface VtpSettings extends VtpConfig {
  /** Whether the design gives the switch VLANs of its own. */
  readonly saysVlans: boolean
  readonly path: Path
}

/**
 * The VLANs of a switch, and VTP. A switch with VTP has room for all VLANs of the design, and at the start those that are its own: of a client that
 * says nothing VLAN 1, of others all.
 */
export const settle = (
  path: Path,
  own: Keys,
  base: Keys | undefined,
  design: { readonly ids: ReadonlyArray<number>; readonly list: ReadonlyArray<Vlan> },
): Pick<SwitchNode, "room" | "vlans" | "vtp"> => {
  const written = own.vlans ?? base?.vlans
  const listed = written === undefined ? design.ids : VlanSet.ids([1, ...written])
  const block = own.vtp ?? base?.vtp
  if (block === undefined) return { vlans: listed, room: listed }
  const { domain = "", mode = "server", password = "", version = 2 } = block
  const vlans = mode === "client" && written === undefined ? [1] : listed
  return {
    vlans,
    room: design.ids,
    vtp: {
      domain,
      mode,
      password,
      version,
      revision: block.revision ?? (mode === "server" ? vlans.length - 1 : 0),
      names: Object.fromEntries(
        design.list.flatMap(({ id, name }) => (name === Database.defaultName(id) ? [] : [[id, name] as const])),
      ),
      saysVlans: written !== undefined,
      path: own.vtp === undefined ? ["defaults", "switch", "vtp"] : path[0] === "farm" ? path : [...path, "vtp"],
    },
  }
}

/** The control protocol of a switch's bridge; none without VTP. */
export const protocolOf = ({ vtp }: SwitchNode): ReadonlyArray<{ readonly kind: "vtp"; readonly config: VtpConfig }> => {
  if (vtp === undefined) return []
  const { path: _, saysVlans: _s, ...config } = vtp
  return [{ kind: "vtp", config }]
}
