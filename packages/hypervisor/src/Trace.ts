/** Trace events of hosts and their vSwitches: area 5. */
import { define } from "@l2lab/sim/TraceEvent"

const AREA = 5 * 256

/** A VM's power state changed, or a migration stunned or resumed it. */
export const VM_STATE = define(
  AREA + 0,
  "hypervisor.vm-state",
  ["vm", "number"],
  ["state", ["off", "running", "stunned", "shell", "removed"]],
)

/** A virtual port uses another uplink than before: -1 = none. */
export const UPLINK = define(
  AREA + 1,
  "hypervisor.uplink",
  ["mac", "mac"],
  ["from", "number"],
  ["to", "number"],
  ["vlan", "number"],
)

/** The first RARP of an announcement left by an uplink. VLAN 0 = untagged. */
export const RARP = define(AREA + 2, "hypervisor.rarp", ["mac", "mac"], ["vlan", "number"], ["uplink", "port"], ["vm", "number"])

/** A further RARP of the same announcement. Detail. */
export const RARP_REPEATED = define(
  AREA + 3,
  "hypervisor.rarp-repeated",
  ["mac", "mac"],
  ["vlan", "number"],
  ["uplink", "port"],
  ["nth", "number"],
)

/** A frame came in by an uplink with the source address of a VM of this host, and was dropped. Detail. */
export const REFLECTED = define(AREA + 4, "hypervisor.reflected", ["mac", "mac"], ["vlan", "number"], ["uplink", "port"])

/** A frame that the vSwitch dropped. Detail. */
export const DROPPED = define(
  AREA + 5,
  "hypervisor.dropped",
  [
    "reason",
    ["no vSwitch", "unknown destination", "not the selected uplink", "no uplink", "VM does not run", "port not connected"],
  ],
  ["destination", "mac"],
  ["vlan", "number"],
)

/** All of them, for the registry of a world. */
export const TRACE_DEFINITIONS = [VM_STATE, UPLINK, RARP, RARP_REPEATED, REFLECTED, DROPPED]
