/**
 * Log lines of VSLP, in the words of Catalyst switches where a public source has them: a role that is resolved and the control link (a lab's record of a
 * Catalyst 4500X being made a pair), all links down (theworldsgonemad.net, "VSS recovery mode", 2018). The others are recalled† or our own†.
 */
import * as MacAddress from "@l2lab/l2/MacAddress"
import type { LogDefinition } from "@l2lab/sim/LogLine"
import * as Trace from "./Trace.ts"
import { ROLES, STANDBY_STATES } from "./VslpPdu.ts"
import { RELOAD_REASONS } from "./Actions.ts"

const roleName = (role: number): string => ROLES[role].toUpperCase()

/** What the other end of a link says, where that is what is wrong with it. */
const wrongEnd = (why: Trace.Failure, number: number, address: number): string => {
  const other = MacAddress.formatDotted(address)
  switch (why) {
    case "looped back":
      return "Link is looped back to this chassis"
    case "domain mismatch":
      return `Virtual switch domain mismatch, peer ${other} is in domain ${number}`
    case "switch number conflict":
      return `Switch number conflict, peer ${other} is switch ${number} too`
    case "another chassis than on the other links":
      return `Link leads to chassis ${other}, the other links to another`
    case "no chassis at the other end":
      return "Frames that no chassis of a virtual switch sends"
    case "unidirectional link":
      return "Unidirectional link, the peer does not hear us"
    case "hello timeout":
      return "Hello timeout, the peer is silent"
    case "no hello received":
      return "No hello received"
    case "link down":
      return "Link down"
    case "none":
      return "No failure"
  }
}

/** The lines, for the registry. */
export const LOG: ReadonlyArray<LogDefinition> = [
  {
    definition: Trace.MEMBER,
    facility: "VSLP",
    severity: 5,
    mnemonic: "VSL_UP",
    message: ({ b, c }) => (b === 1 && c === 1 ? "Ready for control traffic" : undefined),
  },
  {
    definition: Trace.CONTROL_LINK,
    facility: "VSL",
    severity: 5,
    mnemonic: "VSL_CNTRL_LINK",
    message: ({ a }, { port }) => `New VSL Control Link ${port(a)}`,
  },
  {
    definition: Trace.ALONE,
    facility: "VSLP",
    severity: 5,
    mnemonic: "RRP_NO_PEER",
    message: () => "No peer found on the virtual switch link, this switch is on its own",
  },
  {
    definition: Trace.ROLE,
    facility: "VSLP",
    severity: 5,
    mnemonic: "RRP_ROLE_RESOLVED",
    message: ({ a, b }) => (ROLES[a] === "init" && a !== b ? `Role resolved as ${roleName(b)} by VSLP` : undefined),
  },
  {
    definition: Trace.ROLE,
    facility: "PFREDUN",
    severity: 6,
    mnemonic: "ACTIVE",
    message: ({ a, b }) =>
      ROLES[a] === "standby" && ROLES[b] === "active"
        ? "Standby processor removed or reloaded, changing to Active mode"
        : undefined,
  },
  {
    definition: Trace.VSL_DOWN,
    facility: "VSLP",
    severity: 2,
    mnemonic: "VSL_DOWN",
    message: ({ a }) => `All VSL links went down while switch is in ${roleName(a)} role`,
  },
  {
    definition: Trace.LINK_FAILED,
    facility: "VSLP",
    severity: 3,
    mnemonic: "VSLP_LMP_FAIL_REASON",
    message: ({ a, b, c, d }, { port }) => `${port(a)}: ${wrongEnd(Trace.FAILURES[b], c, d)}`,
  },
  {
    definition: Trace.MISMATCH,
    facility: "VSLP",
    severity: 3,
    mnemonic: "RRP_MISMATCH",
    message: ({ a }) =>
      `${Trace.MISMATCHES[a].replace(/^./, (letter) => letter.toUpperCase())} of the two switches differ, redundancy mode is RPR`,
  },
  {
    definition: Trace.REFUSED,
    facility: "VSLP",
    severity: 4,
    mnemonic: "BAD_PDU",
    message: ({ a, b }, { port }) => `VSLP frames on ${port(a)} are refused (${Trace.REFUSALS[b]})`,
  },
  {
    definition: Trace.STANDBY,
    facility: "HA_CONFIG_SYNC",
    severity: 6,
    mnemonic: "BULK_CFGSYNC_SUCCEED",
    message: ({ a, b }) => (a === 1 && STANDBY_STATES[b] === "hot" ? "Bulk Sync succeeded" : undefined),
  },
  {
    definition: Trace.RELOAD,
    facility: "SYS",
    severity: 5,
    mnemonic: "RELOAD",
    message: ({ a }) => `Reload requested by VSLP. Reload Reason: ${RELOAD_REASONS[a]}`,
  },
]
