/** The machines of 802.1D-1998, as the guards see them. */
import * as StpTime from "../StpTime.ts"
import * as Management from "../stp1998/Management.ts"
import { type State } from "../stp1998/State.ts"
import * as Timers from "../stp1998/Timers.ts"
import { isBetter, isClaim, OF_COLUMNS, type Trees } from "./Trees.ts"

/** What the guards ask of 802.1D-1998. */
export const TREES_1998: Trees<State> = {
  ...OF_COLUMNS,
  speaksBothWays: false,
  setInconsistent: Management.setInconsistent,
  setAdminEdge: Management.setAdminEdge,
  timers: (s) => Timers.count(s.trees, s.ports),
  isPointToPoint: (_s, _port, fullDuplex) => fullDuplex,
  helloTime: (s, tree) => StpTime.toNs(s.helloTime[tree]),
  isSuperior: (s, tree, port, bpdu) =>
    isClaim(bpdu) &&
    isBetter(
      bpdu,
      s.designatedRootPriority[tree],
      s.designatedRootAddress[tree],
      s.rootPathCost[tree],
      s.bridgePriority[tree],
      s.address,
      s.portId[tree * s.ports + port],
    ),
  lifetime: (s, tree, _port, bpdu) =>
    bpdu.kind === "tcn" ? StpTime.toNs(s.maxAge[tree]) : StpTime.toNs(Math.max(0, bpdu.maxAge - bpdu.messageAge)),
  agingOut: (s, timer, found) => {
    if (timer < Timers.count(s.trees, s.ports) && Timers.nameOf(s, timer) === Timers.MESSAGE_AGE) {
      found.push(Timers.treeOf(s, timer) * s.ports + Timers.portOf(s, timer))
    }
  },
  speak: () => {},
}
