/** The machines of 802.1D-2004, as the guards see them. */
import * as Management from "../rstp2004/Management.ts"
import { DESIGNATED_PORT, INFO_RECEIVED, type State } from "../rstp2004/State.ts"
import * as StpTime from "../StpTime.ts"
import { isBetter, isClaim, OF_COLUMNS, type Trees } from "./Trees.ts"

/** The one timer of the protocol. */
const TICK = 0

/** Hello times that information outlives. */
const HELLOS = 3

/** What the guards ask of 802.1D-2004. */
export const TREES_2004: Trees<State> = {
  ...OF_COLUMNS,
  speaksBothWays: true,
  setInconsistent: Management.setInconsistent,
  setAdminEdge: Management.setAdminEdge,
  timers: () => TICK + 1,
  isPointToPoint: (s, port) => s.operPointToPointMAC[port] === 1,
  helloTime: (s, tree) => StpTime.toNs(s.bridgeTimes.helloTime[tree]),
  isSuperior: (s, tree, port, bpdu) => {
    const i = tree * s.ports + port
    const { bridgeAddress, bridgePriority, portId, rootAddress, rootPathCost, rootPriority } = s.designatedPriority
    return (
      isClaim(bpdu) &&
      isBetter(bpdu, rootPriority[i], rootAddress[i], rootPathCost[i], bridgePriority[i], bridgeAddress[i], portId[i])
    )
  },
  lifetime: (s, tree, _port, bpdu) =>
    HELLOS * StpTime.toNs(bpdu.kind === "tcn" ? s.bridgeTimes.helloTime[tree] : Math.max(256, bpdu.helloTime)),
  agingOut: (s, timer, found) => {
    if (timer !== TICK) return
    for (let i = 0; i < s.rcvdInfoWhile.length; i++) {
      if (s.rcvdInfoWhile[i] === 1 && s.infoIs[i] === INFO_RECEIVED && s.portEnabled[i] === 1) found.push(i)
    }
  },
  speak: (s, timer, port) => {
    if (timer !== TICK) return
    for (let i = port; i < s.helloWhen.length; i += s.ports) {
      if (s.helloWhen[i] === 1 && s.portEnabled[i] === 1 && s.role[i] !== DESIGNATED_PORT) s.newInfo[i] = 1
    }
  },
}
