/** VLANs of a bridge that come and go while it runs, as it traces them. */
import type { Outbox } from "@l2lab/sim/Device"
import type { SwitchPort, VlanId } from "./BridgeConfig.ts"
import type { BridgeState } from "./BridgeState.ts"
import type { EthernetFrame } from "./EthernetFrame.ts"
import * as Trace from "./Trace.ts"
import * as VlanTable from "./VlanTable.ts"

/** The VLANs that exist, sorted. */
export const existing = ({ vlans }: BridgeState): ReadonlyArray<VlanId> => VlanTable.existingOf(vlans)

/** The VLAN of a port's untagged frames; 0 = none. */
export const untagged = (settings: SwitchPort): VlanId => VlanTable.untaggedVlan(settings)

/** Whether an access port's VLAN is gone: it carries nothing. */
export const isInactive = ({ switchPorts, vlans }: BridgeState, port: number): boolean => {
  const settings = switchPorts[port]
  return settings.mode === "access" && vlans.indexOf[settings.vlan] === VlanTable.NO_VLAN
}

/** Trace each VLAN that came or went since `before`. */
export const trace = (state: BridgeState, before: ReadonlyArray<VlanId>, out: Outbox<EthernetFrame>): void => {
  const was = new Set(before)
  const is = new Set(existing(state))
  for (const vlan of state.vlans.ids) {
    if (was.has(vlan) !== is.has(vlan)) out.trace((is.has(vlan) ? Trace.VLAN_CREATED : Trace.VLAN_DELETED).code, vlan, 0, 0, 0)
  }
}
