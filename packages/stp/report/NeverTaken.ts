/** Arcs that nothing can take, by machine and arc, each with the reason. At most one in twenty. */

const REFUSED_BEFORE = "a BPDU on a port that is not enabled is refused before any machine sees it"

/** Of 802.1D-2004. */
export const RSTP2004: Readonly<Record<string, string>> = {
  "PIM DISABLED -> DISABLED": REFUSED_BEFORE,
}

/** Of 802.1Q-2005. */
export const MSTP: Readonly<Record<string, string>> = {
  "PIM DISABLED -> DISABLED": REFUSED_BEFORE,
}
