/** Networks with UplinkFast or BackboneFast: what their tests ask of them. */
import type { State as PvstState } from "../../src/pvst/State.ts"
import type { State as State1998 } from "../../src/stp1998/State.ts"
import type { WithToolkit } from "../../src/toolkit/Guarded.ts"
import type { VlanNetwork } from "../pvst/VlanNetwork.ts"

/** The state of a PVST+ bridge with guards. */
export const state = (lan: VlanNetwork, node: number): PvstState<State1998> & WithToolkit =>
  lan.bridge(node).protocols[0] as PvstState<State1998> & WithToolkit

/** Seconds until a port forwards VLAN 10, in tenths. */
export const until = (lan: VlanNetwork, node: number, port: number, most = 120): number => {
  for (let tenths = 0; tenths <= most * 10; tenths++) {
    if (lan.forwards(node, port, 10)) return tenths / 10
    lan.run(0.1)
  }
  return Infinity
}
