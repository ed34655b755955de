/**
 * Why a received BPDU was not taken: one list for all protocols of the family, one counter for each bridge port and reason. New reasons
 * go to the end, since traces hold their positions.
 */
import type { ControlActions } from "@l2lab/l2/ControlProtocol"
import * as Trace from "./Trace.ts"

/** The reasons in the order of their codes. */
export const REASONS = Trace.DISCARD_REASONS

/** A reason by its name. */
export type Reason = (typeof REASONS)[number]

// Codes of reasons.
export const MALFORMED = 0
export const UNKNOWN_TYPE = 1
export const TOO_OLD = 2
export const PORT_DISABLED = 3
export const TAGGED = 4
export const OWN = 5
export const TRUNCATED = 6
export const BAD_PROTOCOL = 7
export const NO_PVID = 8
export const VLAN_NOT_CARRIED = 9
export const PVID_MISMATCH = 10
export const PORT_TYPE = 11
export const INCONSISTENT_PORT = 12
export const EXPIRED = 13

/**
 * Whether the message age leaves no time to believe what is said. 802.1D-1998 9.3.4 has a Configuration BPDU like that discarded. Of RST and MST
 * BPDUs nobody asks it: they are taken, counted here, and what they say is over at once (802.1D-2004 17.21.23).
 */
export const isExpired = (bpdu: { readonly messageAge: number; readonly maxAge: number }): boolean =>
  bpdu.messageAge >= bpdu.maxAge

/** By `CodecError.reason`: what octets were refused for. */
const BY_CODEC_ERROR: Readonly<Record<string, number>> = {
  Truncated: TRUNCATED,
  BadProtocol: BAD_PROTOCOL,
  UnknownType: UNKNOWN_TYPE,
  NoPvid: NO_PVID,
  BadPvid: NO_PVID,
}

/** The code for octets that a codec refused. */
export const ofCodecError = (reason: string): number => BY_CODEC_ERROR[reason] ?? MALFORMED

/** The counters of so many bridge ports, at `port * REASONS.length + code`. */
export const counters = (ports: number): Float64Array => new Float64Array(ports * REASONS.length)

/** Count and trace a BPDU that is not taken. */
export const count = (column: Float64Array, port: number, why: number, actions: ControlActions): void => {
  column[port * REASONS.length + why]++
  if (actions.tracing) actions.detail(Trace.BPDU_DISCARDED.code, port, why, 0, 0)
}

/** What a port has not taken, for any reason. */
export const total = (column: Float64Array, port: number): number => {
  let sum = 0
  for (let why = 0; why < REASONS.length; why++) sum += column[port * REASONS.length + why]
  return sum
}

/** The same by reason; reasons that never came up are absent. */
export const byReason = (column: Float64Array, port: number): Readonly<Partial<Record<Reason, number>>> =>
  Object.fromEntries(
    REASONS.map((reason, why) => [reason, column[port * REASONS.length + why]] as const).filter(([, times]) => times > 0),
  )
