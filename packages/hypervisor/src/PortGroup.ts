/** Port groups as the vSwitch works with them: names resolved to indexes, defaults filled in. Never changed after boot. */
import { tci, UNTAGGED } from "@l2lab/l2/EthernetFrame"
import type { HostConfig } from "./HostConfig.ts"
import * as TeamingPolicy from "./TeamingPolicy.ts"

/** A port group; plain data. */
export interface PortGroup {
  readonly name: string
  /** Index of its vSwitch in the host. */
  readonly vSwitch: number
  /** 1..4094, 0 = untagged. */
  readonly vlan: number
  /** The tag that its frames carry on an uplink, -1 = none. */
  readonly tci: number
  readonly teaming: TeamingPolicy.TeamingPolicy
  readonly notifySwitches: boolean
}

/** All port groups of a host, vSwitch by vSwitch, in the order of the configuration. */
export const resolveAll = (config: HostConfig): ReadonlyArray<PortGroup> =>
  config.vSwitches.flatMap((vSwitch, index) =>
    vSwitch.portGroups.map((portGroup) => ({
      name: portGroup.name,
      vSwitch: index,
      vlan: portGroup.vlan ?? 0,
      tci: portGroup.vlan === undefined ? UNTAGGED : tci(portGroup.vlan),
      teaming: TeamingPolicy.resolve(vSwitch.uplinks, vSwitch.teaming, portGroup.teaming),
      notifySwitches: vSwitch.notifySwitches ?? true,
    })),
  )

/** The index of the port group of this name, -1 if the host has none. Names are compared exactly: `VLAN10` is not `vlan10`. */
export const find = (portGroups: ReadonlyArray<PortGroup>, name: string): number =>
  portGroups.findIndex((portGroup) => portGroup.name === name)
