/**
 * The virtual switch link as a bundle of its own: which member a frame leaves by, what is out for a while after a member failed, and what it carries. Control
 * traffic goes by one member, the first that is usable or the next after one that brings no answer, in the class that overtakes data; data shares the members,
 * with adaptive hashing always.
 */
import * as Bundles from "@l2lab/l2/bundle/Bundles"
import * as LoadBalance from "@l2lab/l2/bundle/LoadBalance"
import * as Columns from "@l2lab/l2/Columns"
import type { EthernetFrame } from "@l2lab/l2/EthernetFrame"
import type { Outbox } from "@l2lab/sim/Device"
import type { Digest } from "@l2lab/sim/Digest"
import type { SimTime } from "@l2lab/sim/SimTime"
import { timesOf, type ChassisConfig } from "./ChassisConfig.ts"
import * as Trace from "./Trace.ts"

/** What the link carries, by number: roles; messages of the pair; PDUs to and from the protocols; frames for one port, and for many. */
export const CLASSES = ["vslp", "synchronization", "pdus", "unicast", "flooded"] as const
export const VSLP = 0
export const SYNCHRONIZATION = 1
export const PDUS = 2
export const UNICAST = 3
export const FLOODED = 4

/** Why a frame did not get over the link, by number. */
export const LOSSES = ["no member", "rehash", "refused"] as const
export const NO_MEMBER = 0
export const REHASH = 1
export const REFUSED = 2

export interface VirtualSwitchLink {
  /** By VSL link: may be used. */
  readonly bundles: Bundles.Bundles
  /** Data is out until then. */
  outUntil: SimTime
  /** The member that control traffic goes by, if it may be used; else the first that may. */
  control: number
  // Counters, by class: frames, and octets with their headers.
  readonly sentFrames: Float64Array
  readonly sentOctets: Float64Array
  readonly receivedFrames: Float64Array
  readonly receivedOctets: Float64Array
  /** By loss. */
  readonly lost: Float64Array
}

/** The one bundle there is. */
const LINK = 0

/** What a bundle's configuration says of it. */
const bundleOf = ({ loadBalance = "src-dst-mac", vslp }: ChassisConfig): ReadonlyArray<Bundles.BundleConfig> => [
  {
    members: vslp.links.map((_, link) => link),
    isStatic: true,
    switchPort: { mode: "access", vlan: 1 },
    loadBalance,
    hashDistribution: "adaptive",
  },
]

const columns = (length: number): Float64Array => new Float64Array(length)

/** No member may be used. */
export const make = (config: ChassisConfig): VirtualSwitchLink => ({
  bundles: Bundles.make(config.vslp.links.length, bundleOf(config)),
  outUntil: 0,
  control: 0,
  sentFrames: columns(CLASSES.length),
  sentOctets: columns(CLASSES.length),
  receivedFrames: columns(CLASSES.length),
  receivedOctets: columns(CLASSES.length),
  lost: columns(LOSSES.length),
})

export const copy = (vsl: VirtualSwitchLink): VirtualSwitchLink => ({ ...Columns.copy(vsl), bundles: Bundles.copy(vsl.bundles) })

export const fingerprint = (
  { bundles, control, outUntil, ...counters }: VirtualSwitchLink,
  digest: Digest,
  now: SimTime,
): void => {
  Bundles.fingerprint(bundles, digest, now)
  digest.number(control)
  digest.number(Math.max(0, outUntil - now))
  for (const column of Object.values(counters)) digest.numbers(column)
}

/** Whether a VSL link may be used. */
export const isUsable = ({ bundles }: VirtualSwitchLink, link: number): boolean => bundles.role[link] === Bundles.IN

/** How many may. */
export const usable = ({ bundles }: VirtualSwitchLink): number => bundles.active[LINK]

/** A member may be used from now on, or no longer. */
export const setUsable = (
  vsl: VirtualSwitchLink,
  config: ChassisConfig,
  link: number,
  isIn: boolean,
  now: SimTime,
  out: Outbox<EthernetFrame>,
): void => {
  if (isUsable(vsl, link) === isIn) return
  vsl.bundles.role[link] = isIn ? Bundles.IN : Bundles.OUT
  Bundles.deal(vsl.bundles, bundleOf(config), LINK)
  if (isIn || usable(vsl) === 0) return
  vsl.outUntil = now + timesOf(config).rehash
  out.trace(Trace.REHASH.code, config.vslp.links[link], usable(vsl), timesOf(config).rehash, 0)
}

const count = (vsl: VirtualSwitchLink, kind: number, { wireOctets }: EthernetFrame): void => {
  vsl.sentFrames[kind]++
  vsl.sentOctets[kind] += wireOctets
}

/** Count a frame that came in. */
export const received = (vsl: VirtualSwitchLink, kind: number, { wireOctets }: EthernetFrame): void => {
  vsl.receivedFrames[kind]++
  vsl.receivedOctets[kind] += wireOctets
}

/** Send VSLP by a link of its choice, usable or not. */
export const sendVslp = (
  vsl: VirtualSwitchLink,
  { vslp }: ChassisConfig,
  link: number,
  frame: EthernetFrame,
  out: Outbox<EthernetFrame>,
): void => {
  count(vsl, VSLP, frame)
  out.transmitControl(vslp.links[link], frame, -1)
}

/** The member that control traffic goes by; -1: none may be used. */
export const controlMember = (vsl: VirtualSwitchLink): number =>
  isUsable(vsl, vsl.control) ? vsl.control : vsl.bundles.role.indexOf(Bundles.IN)

/** What was sent by the control member brings no answer: its fibre may be dead in one direction, which LMP finds out later. The next one is tried. */
export const turn = (vsl: VirtualSwitchLink): void => {
  const { role } = vsl.bundles
  const next = role.indexOf(Bundles.IN, controlMember(vsl) + 1)
  vsl.control = next < 0 ? Math.max(0, role.indexOf(Bundles.IN)) : next
}

/** Send in the control class. */
export const sendControl = (
  vsl: VirtualSwitchLink,
  { vslp }: ChassisConfig,
  kind: number,
  frame: EthernetFrame,
  out: Outbox<EthernetFrame>,
): void => {
  const link = controlMember(vsl)
  if (link < 0) {
    vsl.lost[NO_MEMBER]++
    return
  }
  count(vsl, kind, frame)
  out.transmitControl(vslp.links[link], frame, -1)
}

/** The same by each member that may be used: what must be heard if any of them still carries anything. */
export const sendByAll = (
  vsl: VirtualSwitchLink,
  { vslp }: ChassisConfig,
  kind: number,
  frame: EthernetFrame,
  out: Outbox<EthernetFrame>,
): void => {
  vslp.links.forEach((port, link) => {
    if (!isUsable(vsl, link)) return
    count(vsl, kind, frame)
    out.transmitControl(port, frame, -1)
  })
}

/** Send data by the member that `carried`, the frame behind the header, is hashed to. */
export const sendData = (
  vsl: VirtualSwitchLink,
  config: ChassisConfig,
  kind: number,
  frame: EthernetFrame,
  carried: EthernetFrame,
  readers: LoadBalance.FlowReaders,
  now: SimTime,
  out: Outbox<EthernetFrame>,
): void => {
  if (now < vsl.outUntil) {
    vsl.lost[REHASH]++
    return
  }
  const link = vsl.bundles.owner[LoadBalance.bucketOf(config.loadBalance ?? "src-dst-mac", carried, readers)]
  if (link < 0) {
    vsl.lost[NO_MEMBER]++
    return
  }
  count(vsl, kind, frame)
  out.transmit(config.vslp.links[link], frame, -1)
}
