/**
 * What two hosts say to each other during a migration, as payloads of UDP port 8000 between their vMotion vmkernel interfaces. The
 * port is vMotion's (TCP 8000 in ESXi); the messages are this emulator's own, VMware's are not published
 * (docs/DEVIATIONS.md).
 *
 * All but ACK, VERDICT and QUERY belong to a reliable stream (`MemoryStream.ts`), one in each direction, and carry their place in it.
 */
import type { StructuredPayload } from "@l2lab/l2/EthernetFrame"
import type { VmConfig } from "@l2lab/hypervisor/HostConfig"
import { PAGE_OCTETS } from "@l2lab/hypervisor/GuestMemory"
import type { Reason } from "./Reason.ts"

/** UDP port at both ends. */
export const PORT = 8000

/** Name of the payload's codec. */
export const PROTOCOL = "vmotion"

// Kinds, as on the wire; what each says stands with its type below. From the source:
export const CHECK = 1
export const PREPARE = 2
export const ROUND = 3
export const PAGE = 4
export const PAGES = 5
export const ZEROS = 6
export const STUNNED = 7
export const STATE = 8
export const RESUME = 9
export const REMOVED = 10
export const ROUND_END = 11
// From the destination:
export const CHECKED = 16
export const PREPARED = 17
export const RESUMED = 18
// Outside the streams, from either:
export const ACK = 32
export const VERDICT = 33
export const QUERY = 34

interface Message extends StructuredPayload {
  readonly protocol: typeof PROTOCOL
  /** The migration's number, chosen at random by the source: 1 .. 2^32 - 1. */
  readonly migration: number
  /** Place in the sender's stream, from 0; in an ACK the place of the segment that is expected next. */
  readonly sequence: number
  /** The sender has nothing more to say until it is answered: acknowledge at once. */
  readonly push: boolean
}

/** Could you take this VM? */
export interface Check extends Message {
  readonly kind: typeof CHECK
  readonly vm: VmConfig
}

/** Answers to CHECK and PREPARE: Reason.OK, or why not. */
export interface Answer extends Message {
  readonly kind: typeof CHECKED | typeof PREPARED
  readonly reason: Reason
}

/** PREPARE: make the shell. ROUND_END: that was the last page of the round. RESUME: run the VM; the point of no return. RESUMED: it runs. REMOVED: it is gone from the source. */
export interface Signal extends Message {
  readonly kind: typeof PREPARE | typeof ROUND_END | typeof RESUME | typeof RESUMED | typeof REMOVED
}

/** ROUND: a pre-copy round of that many pages follows. STUNNED: the VM stands still; the last pages follow (`round` = 0). */
export interface RoundStart extends Message {
  readonly kind: typeof ROUND | typeof STUNNED
  readonly round: number
  readonly pages: number
}

/** Part `part` of `parts` of a page. */
export interface PagePart extends Message {
  readonly kind: typeof PAGE
  readonly page: number
  readonly version: number
  readonly part: number
  readonly parts: number
}

/** Several whole pages, where the MTU has room for them. */
export interface WholePages extends Message {
  readonly kind: typeof PAGES
  readonly pages: ReadonlyArray<number>
  readonly versions: ReadonlyArray<number>
}

/** `count` pages from `page` on hold nothing but zeros. */
export interface ZeroPages extends Message {
  readonly kind: typeof ZEROS
  readonly page: number
  readonly count: number
}

/** A piece of the device state, which is `total` octets long. */
export interface StatePiece extends Message {
  readonly kind: typeof STATE
  readonly offset: number
  readonly total: number
  readonly octets: Uint8Array
}

/** Everything before `sequence` has arrived. */
export interface Ack extends Message {
  readonly kind: typeof ACK
}

/** The source asks how it ended: a destination that knows the migration is still at it; one that does not answers with a VERDICT. */
export interface Query extends Message {
  readonly kind: typeof QUERY
}

/** What a VERDICT says of a migration. */
export const OUTCOME_UNKNOWN = 0
/** It was given up; the VM never ran here. */
export const OUTCOME_ABORTED = 1
/** The VM runs, or ran, here. */
export const OUTCOME_RUNNING = 2

/** How the migration ended for the sender: its last word to a peer that is still at it. */
export interface Verdict extends Message {
  readonly kind: typeof VERDICT
  readonly outcome: typeof OUTCOME_UNKNOWN | typeof OUTCOME_ABORTED | typeof OUTCOME_RUNNING
  readonly reason: Reason
}

/** A segment of a stream. */
export type StreamMessage = Check | Answer | Signal | RoundStart | PagePart | WholePages | ZeroPages | StatePiece

/** Anything that a vMotion datagram may hold. */
export type VmotionMessage = StreamMessage | Ack | Verdict | Query

/** Octets of what every message starts with. */
export const HEADER_OCTETS = 12
/** Octets in front of a part of a page. */
export const PAGE_HEADER_OCTETS = HEADER_OCTETS + 12
/** Octets in front of each of several whole pages. */
export const WHOLE_PAGE_HEADER_OCTETS = 8
/** Octets in front of the first of several whole pages. */
export const PAGES_HEADER_OCTETS = HEADER_OCTETS + 4
/** Octets in front of a piece of device state. */
export const STATE_HEADER_OCTETS = HEADER_OCTETS + 12
/** How pages are cut to fit an MTU. */
export interface PageLayout {
  /** Segments of a page; 1 with `pagesPerSegment` > 1. */
  readonly parts: number
  /** Whole pages in a segment. */
  readonly pagesPerSegment: number
  /** Octets of device state in a segment. */
  readonly stateOctets: number
}

/** The layout for datagrams of at most `room` octets of payload (at least 100). */
export const layoutFor = (room: number): PageLayout => {
  const pagesPerSegment = Math.floor((room - PAGES_HEADER_OCTETS) / (PAGE_OCTETS + WHOLE_PAGE_HEADER_OCTETS))
  return {
    parts: Math.ceil(PAGE_OCTETS / (room - PAGE_HEADER_OCTETS)),
    pagesPerSegment: Math.max(1, pagesPerSegment),
    stateOctets: room - STATE_HEADER_OCTETS,
  }
}

/** Octets of part `part` of `parts`: equal parts, the last one what is left. */
export const partOctets = (part: number, parts: number): number => {
  const each = Math.ceil(PAGE_OCTETS / parts)
  return part === parts - 1 ? PAGE_OCTETS - each * (parts - 1) : each
}
