/** Arcs that nothing can take, by machine and arc, each with the reason. At most one in twenty. */

/** Of 802.1D-2004. */
export const RSTP2004: Readonly<Record<string, string>> = {
  "PIM DISABLED -> DISABLED": "a BPDU on a port that is not enabled is refused before any machine sees it",
}
