/** Log lines of the bridge itself, in the words of Catalyst switches. */
import type { LogDefinition } from "@l2lab/sim/LogLine"
import * as CdpTrace from "./cdp/Trace.ts"
import * as ErrdisableCause from "./ErrdisableCause.ts"
import * as MacAddress from "./MacAddress.ts"
import * as Trace from "./Trace.ts"
import * as UdldTrace from "./udld/Trace.ts"

const STORM_NAMES = ["Broadcast", "Multicast", "Unicast", "Unicast"]

/** The lines, for the registry. */
export const LOG: ReadonlyArray<LogDefinition> = [
  {
    definition: Trace.ERRDISABLED,
    facility: "PM",
    severity: 4,
    mnemonic: "ERR_DISABLE",
    message: ({ a, b }, { port }) =>
      `${ErrdisableCause.nameOf(b)} error detected on ${port(a)}, putting ${port(a)} in err-disable state`,
  },
  {
    definition: Trace.ERRDISABLE_RECOVERY,
    facility: "PM",
    severity: 4,
    mnemonic: "ERR_RECOVER",
    message: ({ a, b }, { port }) => `Attempting to recover from ${ErrdisableCause.nameOf(b)} err-disable state on ${port(a)}`,
  },
  {
    definition: Trace.MEMBER,
    facility: "EC",
    severity: 5,
    mnemonic: "BUNDLE",
    message: ({ a, b, d }, { port }) =>
      Trace.MEMBER_ROLES[d] === "bundled" ? `Interface ${port(a)} joined port-channel ${port(b)}` : undefined,
  },
  {
    definition: Trace.MEMBER,
    facility: "EC",
    severity: 5,
    mnemonic: "UNBUNDLE",
    message: ({ a, b, c }, { port }) =>
      Trace.MEMBER_ROLES[c] === "bundled" ? `Interface ${port(a)} left the port-channel ${port(b)}` : undefined,
  },
  {
    definition: Trace.BUNDLE,
    facility: "LINK",
    severity: 3,
    mnemonic: "UPDOWN",
    message: ({ a, b }, { portInFull }) => `Interface ${portInFull(a)}, changed state to ${b === 1 ? "up" : "down"}`,
    routine: true,
  },
  {
    definition: Trace.BUNDLE,
    facility: "LINEPROTO",
    severity: 5,
    mnemonic: "UPDOWN",
    message: ({ a, b }, { portInFull }) =>
      `Line protocol on Interface ${portInFull(a)}, changed state to ${b === 1 ? "up" : "down"}`,
    routine: true,
  },
  {
    definition: Trace.STORM,
    facility: "STORM_CONTROL",
    severity: 3,
    mnemonic: "FILTERED",
    message: ({ a, b, c }, { port }) =>
      Trace.STORM_ACTIONS[c] === "filter"
        ? `A ${STORM_NAMES[b]} storm detected on ${port(a)}. A packet filter action has been applied on the interface.`
        : undefined,
  },
  {
    definition: Trace.STORM,
    facility: "STORM_CONTROL",
    severity: 3,
    mnemonic: "TRAP",
    message: ({ a, c }, { port }) =>
      Trace.STORM_ACTIONS[c] === "trap" ? `A packet storm was detected on ${port(a)}. Sending SNMP trap.` : undefined,
  },
  {
    definition: Trace.STORM,
    facility: "STORM_CONTROL",
    severity: 3,
    mnemonic: "SHUTDOWN",
    message: ({ a, c }, { port }) =>
      Trace.STORM_ACTIONS[c] === "shutdown"
        ? `A packet storm was detected on ${port(a)}. The interface has been disabled.`
        : undefined,
  },
  {
    definition: Trace.PDU_LIMIT,
    facility: "CONTROL_PLANE",
    severity: 4,
    mnemonic: "PDU_LIMIT",
    message: ({ a, b, c }, { port }) =>
      b === 0
        ? `PDUs on ${port(a)} exceed ${c} a second, the rest is dropped`
        : `PDUs exceed ${c} a second on all ports together, the rest is dropped`,
  },
  {
    definition: Trace.PSECURE_VIOLATION,
    facility: "PORT_SECURITY",
    severity: 2,
    mnemonic: "PSECURE_VIOLATION",
    message: ({ a, b }, { portInFull }) =>
      `Security violation occurred, caused by MAC address ${MacAddress.formatDotted(b)} on port ${portInFull(a)}.`,
  },
  {
    definition: Trace.MAC_FLAP,
    facility: "SW_MATM",
    severity: 4,
    mnemonic: "MACFLAP_NOTIF",
    message: ({ a, b, c, d }, { port }) =>
      `Host ${MacAddress.formatDotted(a)} in vlan ${b} is flapping between port ${port(c)} and port ${port(d)}`,
  },
  {
    definition: CdpTrace.NATIVE_VLAN_MISMATCH,
    facility: "CDP",
    severity: 4,
    mnemonic: "NATIVE_VLAN_MISMATCH",
    message: ({ a, b, c, d }, { portInFull, sender }) =>
      `Native VLAN mismatch discovered on ${portInFull(a)} (${b}), with ${sender(c)} (${d}).`,
  },
  {
    definition: CdpTrace.DUPLEX_MISMATCH,
    facility: "CDP",
    severity: 4,
    mnemonic: "DUPLEX_MISMATCH",
    message: ({ a, c, d }, { portInFull, sender }) => {
      const its = CdpTrace.DUPLEX[d]
      return `duplex mismatch discovered on ${portInFull(a)} (not ${its} duplex), with ${sender(c)} (${its} duplex).`
    },
  },
  {
    definition: UdldTrace.UDLD_DISABLED,
    facility: "UDLD",
    severity: 4,
    mnemonic: "UDLD_PORT_DISABLED",
    message: ({ a, b }, { port }) => `UDLD disabled interface ${port(a)}, ${UdldTrace.REASONS[b]}`,
  },
]
