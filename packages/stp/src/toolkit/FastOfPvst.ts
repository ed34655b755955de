/** UplinkFast and BackboneFast around the machines of PVST+. */
import type { State as PvstState } from "../pvst/State.ts"
import type { State as State1998 } from "../stp1998/State.ts"
import * as BackboneFast from "./BackboneFast.ts"
import type { Fast } from "./Fast.ts"
import * as Rlq from "./Rlq.ts"
import * as UplinkFast from "./UplinkFast.ts"
import { VlanActions } from "../pvst/VlanActions.ts"

/** Root ports by tree before a link went down; emptied before each. */
const rootsBefore: Array<number> = []

/** The machines send their BPDUs in frames of VLANs; what is said here is in such frames already. */
const vlanActions = new VlanActions()

/** UplinkFast and BackboneFast on the machines of 802.1D-1998, once a VLAN. */
export const FAST_OF_PVST: Fast<PvstState<State1998>> = {
  configure: (config) => UplinkFast.configure(config as never) as typeof config,
  prepare: UplinkFast.prepare,
  claims: Rlq.isRlq,
  receive: (state, toolkit, port, frame, tci, now, actions) => {
    const rlq = Rlq.read(frame)
    if (rlq !== undefined) BackboneFast.receive(state, toolkit, port, rlq, tci, now, actions, vlanActions.at(state, actions))
  },
  beforePdu: (state, toolkit, port, heard, now, actions) =>
    BackboneFast.beforePdu(state, toolkit, port, heard, now, actions, vlanActions.at(state, actions)),
  beforePort: (state, toolkit, port, status, now, actions) => {
    rootsBefore.length = 0
    for (let tree = 0; tree < state.machines.trees; tree++) rootsBefore.push(state.machines.rootPort[tree])
    if (!status.up) BackboneFast.linkDown(toolkit, port)
    UplinkFast.beforePort(state, toolkit, port, status, now, actions)
  },
  afterPort: (state, toolkit, port, status, now, actions) => {
    if (!status.up) UplinkFast.afterLoss(state, toolkit, port, rootsBefore, now, actions)
  },
  expireHeld: (state, toolkit, i, now, actions) =>
    UplinkFast.expireHeld(state, toolkit, i, now, actions, vlanActions.at(state, actions)),
  sendDummy: UplinkFast.sendDummy,
}
