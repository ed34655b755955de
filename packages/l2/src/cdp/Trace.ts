/** What CDP traces. */
import { define } from "@l2lab/sim/TraceEvent"

/** What an end of a cable takes it for, by number. */
export const DUPLEX = ["half", "full"] as const

/** A neighbour is heard that was not, with the address that its port sends from. */
export const CDP_HEARD = define(0x144, "cdp.heard", ["port", "port"], ["source", "mac"])
/** A neighbour was not heard for too long. */
export const CDP_GONE = define(0x145, "cdp.gone", ["port", "port"])
/** The two ends of a cable take its untagged frames for different VLANs. */
export const NATIVE_VLAN_MISMATCH = define(
  0x146,
  "cdp.native-vlan-mismatch",
  ["port", "port"],
  ["vlan", "number"],
  ["source", "mac"],
  ["itsVlan", "number"],
)
/** One end of a cable is full duplex, the other is not. */
export const DUPLEX_MISMATCH = define(
  0x147,
  "cdp.duplex-mismatch",
  ["port", "port"],
  ["duplex", DUPLEX],
  ["source", "mac"],
  ["itsDuplex", DUPLEX],
)

export const TRACE_DEFINITIONS = [CDP_HEARD, CDP_GONE, NATIVE_VLAN_MISMATCH, DUPLEX_MISMATCH]
