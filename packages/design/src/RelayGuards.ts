/**
 * What a switch does beside relaying, as keys of a design: how ports that it took out of service come back. The blocks as Schemas, and what
 * they become.
 */
import * as ErrdisableCause from "@l2lab/l2/ErrdisableCause"
import * as Errdisable from "@l2lab/l2/Errdisable"
import { Schema } from "effect"
import type { Path } from "./DesignError.ts"
import { optional } from "./Key.ts"
import type { SwitchNode } from "./Network.ts"
import { integer, Time } from "./Scalars.ts"
import { timeNsOf } from "./Units.ts"

const CAUSE_NAMES = ErrdisableCause.CAUSES.slice(1) as ReadonlyArray<Exclude<ErrdisableCause.Name, "none">>

const LinkFlap = Schema.Struct({
  flaps: optional(integer("a number of flaps from 1 to 100", 1, 100), {
    description: "Times that a link goes down within the time until its port is taken out of service.",
    default: Errdisable.USUAL_LINK_FLAP.flaps,
  }),
  within: optional(Time, { description: "The time within which they are counted, from 1s to 120s.", default: "10s" }),
}).annotate({ expected: "a block like {flaps: 5, within: 10s}" })

/** Ports out of service. */
export const ErrdisableBlock = Schema.Struct({
  recovery: optional(
    Schema.Union([
      Schema.Literal("all"),
      Schema.Array(Schema.Literals(CAUSE_NAMES)).annotate({ expected: "a list of causes like [bpduguard, storm-control]" }),
    ]).annotate({ expected: "a list of causes like [bpduguard, storm-control], or all" }),
    { description: "Causes from which ports come back by themselves, or `all`.", default: [], examples: [["bpduguard"]] },
  ),
  interval: optional(Time, { description: "After how long they come back, from 30s to 86400s.", default: "300s" }),
  linkFlap: optional(LinkFlap, {
    description: "Take ports out of service whose links go down again and again (`link-flap`); with {} 5 times within 10 s.",
    otherwise: "nobody watches",
  }),
}).annotate({ expected: "a block like {recovery: [bpduguard], interval: 60s}" })

/** Keys of a switch for what it does beside relaying. */
export const RELAY_KEYS = {
  errdisable: optional(ErrdisableBlock, {
    description: "How ports that the switch took out of service (err-disabled) come back.",
    otherwise: "by shutdown and no shutdown only",
  }),
}

type Keys = { readonly errdisable?: typeof ErrdisableBlock.Type | undefined }

/** What the keys become: those of the switch, or else those of `defaults.switch`. */
export const settle = (path: Path, own: Keys, base: Keys | undefined): Pick<SwitchNode, "errdisable" | "paths"> => {
  const errdisable = errdisableOf(own.errdisable ?? base?.errdisable)
  const place = (key: keyof Keys): Path =>
    own[key] === undefined ? ["defaults", "switch", key] : path[0] === "farm" ? path : [...path, key]
  return { ...(errdisable === undefined ? {} : { errdisable }), paths: { errdisable: place("errdisable") } }
}

const errdisableOf = (block: typeof ErrdisableBlock.Type | undefined): Errdisable.ErrdisableConfig | undefined =>
  block === undefined
    ? undefined
    : {
        recovery: block.recovery === "all" ? CAUSE_NAMES : (block.recovery ?? []),
        intervalNs: timeNsOf(block.interval ?? "300s"),
        ...(block.linkFlap === undefined
          ? {}
          : {
              linkFlap: {
                flaps: block.linkFlap.flaps ?? Errdisable.USUAL_LINK_FLAP.flaps,
                withinNs: timeNsOf(block.linkFlap.within ?? "10s"),
              },
            }),
      }
