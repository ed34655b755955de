/** The flags octet of RST BPDUs, which MST BPDUs have once for the CIST and once for each MSTI. */

/** Port roles as the flags encode them. 0 means that a bridge did not say; in the message of an MSTI it stands for a Master Port. */
export const RST_ROLES = ["unknown", "alternate", "root", "designated"] as const

/** 802.1D-2004 9.3.3†: what the flags say of a port. */
export interface RapidFlags {
  readonly topologyChange: boolean
  readonly proposal: boolean
  /** Alternate stands for backup too: the encoding does not tell them apart. */
  readonly role: (typeof RST_ROLES)[number]
  readonly learning: boolean
  readonly forwarding: boolean
  readonly agreement: boolean
}

/** Use the short ageing time, or flush; of Configuration BPDUs too. */
export const FLAG_TOPOLOGY_CHANGE = 0x01
const FLAG_PROPOSAL = 0x02
const ROLE_SHIFT = 2
const FLAG_LEARNING = 0x10
const FLAG_FORWARDING = 0x20
const FLAG_AGREEMENT = 0x40
/** Of Configuration BPDUs. */
export const FLAG_TOPOLOGY_CHANGE_ACKNOWLEDGMENT = 0x80
/** The same bit in the message of an MSTI. */
export const FLAG_MASTER = 0x80

/** The flags in an octet; its highest bit has a meaning that depends on the BPDU. */
export const read = (octet: number): RapidFlags => ({
  topologyChange: (octet & FLAG_TOPOLOGY_CHANGE) !== 0,
  proposal: (octet & FLAG_PROPOSAL) !== 0,
  role: RST_ROLES[(octet >> ROLE_SHIFT) & 3],
  learning: (octet & FLAG_LEARNING) !== 0,
  forwarding: (octet & FLAG_FORWARDING) !== 0,
  agreement: (octet & FLAG_AGREEMENT) !== 0,
})

/** The octet that says them, its highest bit clear. */
export const octetOf = (flags: RapidFlags): number => {
  let octet = RST_ROLES.indexOf(flags.role) << ROLE_SHIFT
  if (flags.topologyChange) octet |= FLAG_TOPOLOGY_CHANGE
  if (flags.proposal) octet |= FLAG_PROPOSAL
  if (flags.learning) octet |= FLAG_LEARNING
  if (flags.forwarding) octet |= FLAG_FORWARDING
  if (flags.agreement) octet |= FLAG_AGREEMENT
  return octet
}

/** As tcpdump words them. `role` replaces the role's name. */
export const format = (flags: RapidFlags, role: string = flags.role): string => {
  const words: Array<string> = []
  if (flags.topologyChange) words.push("topology change")
  if (flags.proposal) words.push("proposal")
  words.push(role)
  if (flags.learning) words.push("learn")
  if (flags.forwarding) words.push("forward")
  if (flags.agreement) words.push("agreement")
  return words.join(", ")
}
