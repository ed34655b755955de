/** What a bridge that stands for the trees of PVST+ bridges (`PvstSimulation.ts`) sends: what it says of the CIST, again in each VLAN of the trunk. */
import type { BridgeView, ControlActions } from "@l2lab/l2/ControlProtocol"
import type * as Bpdu from "../Bpdu.ts"
import * as Sstp from "../pvst/Sstp.ts"
import type { State } from "./State.ts"

/** Values of `sstpTag` besides tags: the VLAN does not exist, the port does not carry it, or untagged. */
const GONE = -3
const NOT_CARRIED = -2
const UNTAGGED = -1

/** Priority 7, as switches send control frames†. */
const TAG_PRIORITY = 7 << 13

/** By (position in the bridge's VLANs, port): the tag of the VLAN's SSTP frames. Access ports have none: there all speak 802.1D. */
export const tagsOf = ({ existing, switchPorts, vlans }: BridgeView): Int32Array => {
  const exists = new Set(existing ?? vlans)
  return Int32Array.from(
    vlans.flatMap((vlan) =>
      switchPorts.map((port) => {
        if (!exists.has(vlan)) return GONE
        if (port.mode === "access" || !port.allowed.includes(vlan)) return NOT_CARRIED
        return vlan === port.native && port.tagNative !== true ? UNTAGGED : TAG_PRIORITY | vlan
      }),
    ),
  )
}

/** VLANs came or went, or ports treat them otherwise. */
export const follow = (s: State, bridge: BridgeView): void => s.sstpTag.set(tagsOf({ ...bridge, vlans: Array.from(s.sstpVlans) }))

/** Whether a VLAN that the bridge has room for does not exist: its BPDUs are frames like any others of it. */
export const isGone = (s: State, vlan: number): boolean => {
  const v = s.sstpVlans.indexOf(vlan)
  return v >= 0 && s.sstpTag[v * s.ports] === GONE
}

/** Say on a PVST+ trunk, in each of its VLANs, what was just said of the CIST. */
export const repeat = (s: State, port: number, actions: ControlActions): void => {
  if (s.sstpHeard[port] === 0) return
  const said = s.frame[port]
  if (said === null) return
  const bpdu = said.payload as Bpdu.Bpdu
  for (let v = 0; v < s.sstpVlans.length; v++) {
    const i = v * s.ports + port
    if (s.sstpTag[i] <= NOT_CARRIED) continue
    if (s.sstpSaid[i] !== said) {
      s.sstpSaid[i] = said
      s.sstpFrame[i] = Sstp.frame(sstpOf(bpdu, s.sstpVlans[v]), said.source)
    }
    s.sstpSent[port]++
    actions.sendPdu(port, s.sstpFrame[i]!, s.sstpTag[i])
  }
}

/** The same of a notification. */
export const repeatTcn = (s: State, port: number, actions: ControlActions): void => {
  if (s.sstpHeard[port] === 0) return
  for (let v = 0; v < s.sstpVlans.length; v++) {
    const i = v * s.ports + port
    if (s.sstpTag[i] <= NOT_CARRIED) continue
    s.sstpSent[port]++
    actions.sendPdu(port, Sstp.frame(Sstp.TCN, actions.portAddress(port)), s.sstpTag[i])
  }
}

/** A region is to PVST+ bridges what it is to all that know no regions: an RST BPDU, or one of 802.1D-1998. */
const sstpOf = (bpdu: Bpdu.Bpdu, pvid: number): Sstp.SstpBpdu => {
  switch (bpdu.kind) {
    case "tcn":
      return Sstp.TCN
    case "config":
    case "rst":
      return { protocol: "sstp", bpdu, pvid }
    case "mst": {
      const { configurationId: _, internalRootPathCost: _i, cistBridgePriority: _p, cistBridgeAddress: _a, ...rest } = bpdu
      const { remainingHops: _h, mstis: _m, ...rst } = rest
      return { protocol: "sstp", bpdu: { ...rst, kind: "rst" }, pvid }
    }
  }
}
