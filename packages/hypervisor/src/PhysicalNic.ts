/** The physical NICs of a host (vmnic): columns by NIC, which is the link port's index. */
import type { LinkStatus } from "@l2lab/sim/Device"
import type { HostConfig } from "./HostConfig.ts"

/** Columns by NIC. */
export interface PhysicalNics {
  /** 1 = has link. */
  readonly up: Uint8Array
  /** Bits per second; 0 while down. */
  readonly rateBps: Float64Array
  /** The vSwitch that the NIC is an uplink of, -1 = none. */
  readonly vSwitch: Int32Array
}

/** All NICs down. */
export const make = (config: HostConfig): PhysicalNics => {
  const vSwitch = new Int32Array(config.uplinks).fill(-1)
  config.vSwitches.forEach((item, index) => {
    for (const nic of item.uplinks) vSwitch[nic] = index
  })
  return { up: new Uint8Array(config.uplinks), rateBps: new Float64Array(config.uplinks), vSwitch }
}

/** Note what the world said of a NIC's link. */
export const setLink = (nics: PhysicalNics, nic: number, link: LinkStatus): void => {
  nics.up[nic] = link.up ? 1 : 0
  nics.rateBps[nic] = link.up ? link.rateBps : 0
}

/** An independent copy. */
export const copy = (nics: PhysicalNics): PhysicalNics => ({
  up: nics.up.slice(),
  rateBps: nics.rateBps.slice(),
  vSwitch: nics.vSwitch.slice(),
})
