/**
 * What a switch does beside relaying, as keys of a design: how ports that it took out of service come back, its processor, hosts that move. The blocks as Schemas, and what
 * they become.
 */
import * as ControlPlane from "@l2lab/l2/ControlPlane"
import * as ErrdisableCause from "@l2lab/l2/ErrdisableCause"
import * as Errdisable from "@l2lab/l2/Errdisable"
import * as MacMove from "@l2lab/l2/MacMove"
import { Schema } from "effect"
import type { Path } from "./DesignError.ts"
import { optional } from "./Key.ts"
import type { SwitchNode } from "./Network.ts"
import { integer, Time, VlanList } from "./Scalars.ts"
import { timeNsOf } from "./Units.ts"
import * as VlanSet from "./VlanSet.ts"

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
  linkFlap: optional(
    Schema.Union([Schema.Literal(false), LinkFlap]).annotate({ expected: "a block like {flaps: 5, within: 10s}, or false" }),
    {
      description: "Take ports out of service whose links go down again and again (`link-flap`), as Catalysts do; false: never.",
      otherwise: "5 times within 10 s",
    },
  ),
}).annotate({ expected: "a block like {recovery: [bpduguard], interval: 60s}" })

const BpduStormBlock = Schema.Struct({
  rate: optional(integer("a number of BPDUs a second from 1 to 100000", 1, 100_000), {
    description: "BPDUs a second.",
    default: ControlPlane.USUAL_BPDU_STORM.rate,
  }),
  seconds: optional(integer("a number of seconds from 1 to 60", 1, 60), {
    description: "In so many seconds in a row.",
    default: ControlPlane.USUAL_BPDU_STORM.seconds,
  }),
}).annotate({ expected: "a block like {rate: 15, seconds: 3}" })

/** The processor of a switch. */
export const ControlPlaneBlock = Schema.Struct({
  rate: optional(integer("a number of frames a second from 1 to 10000000", 1, 10_000_000), {
    description: "Frames that the processor takes in a second.",
    otherwise: "no limit",
  }),
  queue: optional(integer("a number of frames from 1 to 100000", 1, 100_000), {
    description: "Frames that may wait for it.",
    default: ControlPlane.DEFAULT_QUEUE,
  }),
  punts: optional(
    Schema.Array(Schema.Literals(["broadcast", "multicast"])).annotate({ expected: "a list like [broadcast, multicast]" }),
    {
      description: "Frames that are copied to the processor and cost it time, as on switches with an address of their own.",
      default: [],
      examples: [["broadcast"]],
    },
  ),
  vlans: optional(VlanList, { description: "The VLANs in which that is so (those of its addresses).", default: [1] }),
  pduRate: optional(integer("a number of PDUs a second from 10 to 1000000", 10, 1_000_000), {
    description: "PDUs that all ports together hand to the processor in a second; more are dropped.",
    otherwise: "no limit",
  }),
  pduBurst: optional(integer("a number of PDUs from 1 to 255", 1, 255), {
    description: "How many of these may come at once.",
    default: ControlPlane.DEFAULT_BURST,
  }),
  pduRatePerPort: optional(integer("a number of PDUs a second from 1 to 100000", 1, 100_000), {
    description: "PDUs that a port hands to the processor in a second, with as many at once; more are dropped.",
    otherwise: "no limit",
  }),
  bpduStorm: optional(BpduStormBlock, {
    description: "Take a port out of service that gets BPDUs at a rate (`bpdu-storm`); with {} 15 a second for 3 seconds.",
    otherwise: "no port is",
  }),
}).annotate({ expected: "a block like {rate: 500, queue: 100, punts: [broadcast]}" })

const MacMoveBlock = Schema.Struct({
  moves: optional(integer("a number of moves from 2 to 1000", 2, 1000), {
    description: "A host that moves so often within the time flaps.",
    default: MacMove.USUAL.moves,
  }),
  within: optional(Time, { description: "The time, from 1s to 1h; each host is told of once in it.", default: "15s" }),
}).annotate({ expected: "a block like {moves: 3, within: 15s}" })

/** Keys of a switch for what it does beside relaying. */
export const RELAY_KEYS = {
  errdisable: optional(ErrdisableBlock, {
    description: "How ports that the switch took out of service (err-disabled) come back.",
    otherwise: "by shutdown and no shutdown only; links that flap are watched",
  }),
  controlPlane: optional(ControlPlaneBlock, {
    description: "What the switch's processor takes: the queue that BPDUs wait in, and what else comes there.",
    otherwise: "everything, at once",
  }),
  macMove: optional(
    Schema.Union([Schema.Literal(false), MacMoveBlock]).annotate({ expected: "a block like {moves: 3}, or false" }),
    {
      description: "Tell of hosts that move from port to port again and again (MAC flap); false: never.",
      otherwise: "3 moves in 15 s",
    },
  ),
}

interface Keys {
  readonly errdisable?: typeof ErrdisableBlock.Type | undefined
  readonly controlPlane?: typeof ControlPlaneBlock.Type | undefined
  readonly macMove?: typeof MacMoveBlock.Type | false | undefined
}

/** What the keys become: those of the switch, or else those of `defaults.switch`. */
export const settle = (
  path: Path,
  own: Keys,
  base: Keys | undefined,
): Pick<SwitchNode, "controlPlane" | "errdisable" | "macMove" | "paths"> => {
  const place = (key: keyof Keys): Path =>
    own[key] === undefined ? ["defaults", "switch", key] : path[0] === "farm" ? path : [...path, key]
  const errdisable = errdisableOf(own.errdisable ?? base?.errdisable)
  const controlPlane = controlPlaneOf(own.controlPlane ?? base?.controlPlane)
  const macMove = macMoveOf(own.macMove ?? base?.macMove)
  return {
    errdisable,
    ...(controlPlane === undefined ? {} : { controlPlane }),
    ...(macMove === undefined ? {} : { macMove }),
    paths: { errdisable: place("errdisable"), controlPlane: place("controlPlane"), macMove: place("macMove") },
  }
}

const controlPlaneOf = (block: typeof ControlPlaneBlock.Type | undefined): ControlPlane.ControlPlaneConfig | undefined =>
  block === undefined
    ? undefined
    : {
        ...(block.rate === undefined ? {} : { rate: block.rate }),
        queue: block.queue ?? ControlPlane.DEFAULT_QUEUE,
        punts: block.punts ?? [],
        vlans: block.vlans === undefined ? [1] : VlanSet.ids(block.vlans),
        ...(block.pduRate === undefined ? {} : { pduRate: block.pduRate }),
        ...(block.pduBurst === undefined ? {} : { pduBurst: block.pduBurst }),
        ...(block.pduRatePerPort === undefined ? {} : { pduRatePerPort: block.pduRatePerPort }),
        ...(block.bpduStorm === undefined
          ? {}
          : {
              bpduStorm: {
                rate: block.bpduStorm.rate ?? ControlPlane.USUAL_BPDU_STORM.rate,
                seconds: block.bpduStorm.seconds ?? ControlPlane.USUAL_BPDU_STORM.seconds,
              },
            }),
      }

const macMoveOf = (block: typeof MacMoveBlock.Type | false | undefined): MacMove.MacMoveConfig | undefined =>
  block === false ? undefined : { moves: block?.moves ?? MacMove.USUAL.moves, withinNs: timeNsOf(block?.within ?? "15s") }

const errdisableOf = ({
  interval = "300s",
  linkFlap = {},
  recovery = [],
}: typeof ErrdisableBlock.Type = {}): Errdisable.ErrdisableConfig => ({
  recovery: recovery === "all" ? CAUSE_NAMES : recovery,
  intervalNs: timeNsOf(interval),
  ...(linkFlap === false
    ? {}
    : {
        linkFlap: {
          flaps: linkFlap.flaps ?? Errdisable.USUAL_LINK_FLAP.flaps,
          withinNs: timeNsOf(linkFlap.within ?? "10s"),
        },
      }),
})
