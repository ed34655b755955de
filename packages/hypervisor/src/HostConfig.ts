/**
 * What a design says of one hypervisor host: the plain data that the host device is made from. Link port p of the device is the
 * host's physical NIC p (vmnic p); NICs are named by that index everywhere below.
 */
import type { MacAddress } from "@l2lab/l2/MacAddress"
import type { Ipv4Address } from "@l2lab/l3/StackActions"
import type { DurationNs } from "@l2lab/sim/SimTime"

/**
 * How the virtual ports of a vSwitch or port group are spread over its uplinks. Failure detection is by link state.
 *
 * - `originating-port`: each virtual port sticks to active uplink (port number modulo their count); only ports whose uplink failed move.
 * - `explicit`: the first uplink of the failover order (active, then standby) that is up carries everything.
 */
export interface TeamingConfig {
  readonly policy: "originating-port" | "explicit"
  /** NICs in failover order; by default all uplinks of the vSwitch, in its order. */
  readonly active?: ReadonlyArray<number>
  /** NICs that carry traffic only when no active one is up, in order; none by default. A NIC in neither list is unused. */
  readonly standby?: ReadonlyArray<number>
  /** Whether ports go back when their preferred NIC returns (API: `rollingOrder` false); true by default. */
  readonly failback?: boolean
  /**
   * Whether the policy holds for incoming frames as well: a frame that comes in on another NIC than the one that the port uses is
   * dropped, so that nobody gets a flood once per uplink (API: `reversePolicy`); true by default.
   */
  readonly reversePolicy?: boolean
}

/** A port group: a name that must be the same on every host that a VM may move to, and a VLAN. */
export interface PortGroupConfig {
  readonly name: string
  /** 1..4094: frames carry this tag on the uplinks. Absent: untagged. */
  readonly vlan?: number
  /** Overrides the vSwitch's. */
  readonly teaming?: TeamingConfig
}

/** A standard vSwitch. Its uplinks are trunks: the tag of a port group travels beside the frame. */
export interface VirtualSwitchConfig {
  readonly name: string
  /** NICs of this vSwitch; a NIC belongs to at most one. None: an internal network. */
  readonly uplinks: ReadonlyArray<number>
  readonly portGroups: ReadonlyArray<PortGroupConfig>
  /** `originating-port` over all uplinks by default. */
  readonly teaming?: TeamingConfig
  /** Send RARP for every MAC that appears on, or moves to, another uplink; true by default. */
  readonly notifySwitches?: boolean
}

/** What a vmkernel interface may be used for. */
export type VmkernelUse = "management" | "vmotion"

/** A vmkernel interface (vmk): an IP stack of the host itself on a port group. */
export interface VmkernelConfig {
  /** For instance `vmk1`. */
  readonly name: string
  /** Name of a port group of this host. */
  readonly portGroup: string
  readonly mac: MacAddress
  readonly address: Ipv4Address
  readonly prefixLength: number
  readonly gateway?: Ipv4Address
  /** Largest IPv4 packet in octets; 1500 by default. */
  readonly mtu?: number
  readonly services: ReadonlyArray<VmkernelUse>
}

/** How a guest writes its memory: uniformly over a working set, at a steady rate. */
export interface WriteModelConfig {
  /** Page writes a second of guest run time: an integer, 0 .. 10,000,000. */
  readonly pagesPerSecond: number
  /** The writes fall on pages 0 .. workingSetPages - 1; at most all pages of the VM. */
  readonly workingSetPages: number
}

/** A VM as it stands on its first host. */
export interface VmConfig {
  /** The VM's identity, unique in the farm: 1 .. 2^31 - 1. */
  readonly id: number
  readonly name?: string
  readonly mac: MacAddress
  /** Name of a port group of this host. */
  readonly portGroup: string
  readonly address: Ipv4Address
  readonly prefixLength: number
  readonly gateway?: Ipv4Address
  /** Guest memory in MiB (256 pages each). */
  readonly memoryMib: number
  /** Memory that the guest has touched since it booted; the rest is zero pages, which travel as a few octets. Everything by default. */
  readonly touchedMib?: number
  readonly writes: WriteModelConfig
  /** Powered on at boot; true by default. */
  readonly poweredOn?: boolean
}

/** A service of the host (vMotion) and its own settings. */
export interface HostServiceConfig {
  /** `kind` of the service in the list that the host kind was made with. */
  readonly kind: string
  readonly config: unknown
}

/** One host. VMs that do not fit into its memory stay off; a port group that does not exist is refused when the host is made. */
export interface HostConfig {
  /** The host's base address: NIC p has `address + p`. No guest and no vmkernel interface uses it. */
  readonly address: MacAddress
  /** Physical NICs = link ports of the device. */
  readonly uplinks: number
  /** Memory for VMs in MiB. */
  readonly memoryMib: number
  readonly vSwitches: ReadonlyArray<VirtualSwitchConfig>
  readonly vmkernel: ReadonlyArray<VmkernelConfig>
  /** Most VMs that the host can hold, shells of incoming migrations included. Each slot has its own range of device timers. */
  readonly vmSlots: number
  readonly vms: ReadonlyArray<VmConfig>
  readonly services: ReadonlyArray<HostServiceConfig>
  /**
   * When the frames of one announcement leave, counted from the event that causes it. VMware publishes neither number nor spacing for
   * vMotion; the default is QEMU's schedule (0, 50, 200, 450, 800 ms), an assumption.
   */
  readonly announceAfterNs?: ReadonlyArray<DurationNs>
}
