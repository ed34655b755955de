/**
 * What a bridge keeps that is one of the two data planes of a pair of chassis: what happened to it in the event at hand, for the other to be told,
 * and the PDUs that are for protocols that run over there. An ordinary bridge has none of it, and pays a comparison where something rare happens.
 */
import type { EthernetFrame } from "./EthernetFrame.ts"

/** What an entry of the journal says; the three numbers behind it are named here. */
export const LEARNT = 0 // address, FID, port: an address was learnt, or moved
export const FLUSHED = 1 // port, tree: what was learnt was forgotten
export const PORT_STATE = 2 // port, tree, bits: what the relay does
export const AGEING = 3 // tree, nanoseconds
export const MEMBER = 4 // link port, role: OUT, ALONE or IN of `Bundles`
export const PORT = 5 // port, up, bits per second: a bridge port came up, went down, or changed its rate
export const VLANS = 6 // the VLANs that exist are others
export const SWITCH_PORT = 7 // port: it treats VLANs otherwise
export const TREES = 8 // VLANs follow other trees
export const VTP_DOMAIN = 9

/** Numbers of an entry. */
export const WIDTH = 4

/** A PDU for a protocol that runs elsewhere. */
export interface PuntedPdu {
  /** The link port that it came in by. */
  readonly link: number
  readonly frame: EthernetFrame
  readonly tci: number
}

/** The state. Both lists are emptied by whoever drives the bridge before the event is over. */
export interface Pairing {
  /** 1: the protocols run on the other chassis: they are told of no PDU here, which is laid in `punted`. */
  headless: number
  /** WIDTH numbers an entry, in the order in which things happened. */
  readonly journal: Array<number>
  readonly punted: Array<PuntedPdu>
}

/** Nothing has happened. */
export const make = (headless: boolean): Pairing => ({ headless: headless ? 1 : 0, journal: [], punted: [] })

/** An independent copy. */
export const copy = (pairing: Pairing): Pairing => ({
  headless: pairing.headless,
  journal: pairing.journal.slice(),
  punted: pairing.punted.slice(),
})

/** Write an entry, where a journal is kept. */
export const note = ({ pairing }: { readonly pairing: Pairing | null }, entry: number, a = 0, b = 0, c = 0): void => {
  if (pairing !== null) pairing.journal.push(entry, a, b, c)
}
