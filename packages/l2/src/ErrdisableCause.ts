/**
 * Why a bridge takes one of its ports out of service (errdisable), by the names that Catalyst switches have for it, and one that they do not
 * have. Protocols give the number to `ControlActions.errdisable`; 0 stands for a port that is not.
 */

/** Names by number. `show errdisable recovery` lists all but the first, in the order of the alphabet. */
export const CAUSES = [
  "none",
  "bpduguard",
  "channel-misconfig",
  "dtp-flap",
  "l2ptguard",
  "link-flap",
  "loopback",
  "pagp-flap",
  "psecure-violation",
  "storm-control",
  "udld",
  "unicast-flood",
  "vmps",
  "bpdu-storm",
  "lsgroup",
] as const

/** `bpduguard`, `udld`, … */
export type Name = (typeof CAUSES)[number]

/** The port is in service. */
export const NONE = 0
/** A BPDU came in where none may. */
export const BPDUGUARD = 1
/** EtherChannel guard: the other end does not bundle what this one does. */
export const CHANNEL_MISCONFIG = 2
export const DTP_FLAP = 3
/** A layer-2 protocol tunnel got its own frames back. */
export const L2PTGUARD = 4
/** The link goes up and down too often. */
export const LINK_FLAP = 5
/** A keepalive came back to the port that sent it. */
export const LOOPBACK = 6
export const PAGP_FLAP = 7
export const PSECURE_VIOLATION = 8
export const STORM_CONTROL = 9
export const UDLD = 10
export const UNICAST_FLOOD = 11
export const VMPS = 12
/** BPDUs came in faster than a neighbour sends them, second after second (Dell calls it BPDU storm protection). */
export const BPDU_STORM = 13

/** All upstream ports of the port's link-state group are down. */
export const LSGROUP = 14

/** The number of a name; undefined for a name that is none. */
export const of = (name: string): number | undefined => {
  const cause = CAUSES.indexOf(name as Name)
  return cause <= NONE ? undefined : cause
}

/** The name of a number. */
export const nameOf = (cause: number): Name => CAUSES[cause] ?? "none"
