/** What a port concludes from what its neighbours say: who hears it, who does not, and whether it hears itself. */
import { shortName } from "../DiscoveryIdentity.ts"
import * as NeighbourTable from "../NeighbourTable.ts"
import { HEARS_ME, HEARS_NOBODY, HEARS_OTHERS, IS_ME, type State } from "./State.ts"
import type { Party, UdldPdu } from "./UdldPdu.ts"

/** The port as messages name it: `Gi0/1`. */
export const portIdOf = ({ config }: State, port: number): string => shortName(config.identity.interfaces[port])

const isMe = (state: State, port: number, { deviceId, portId }: Party): boolean =>
  deviceId === state.deviceId && portId === portIdOf(state, port)

/** What a message says of the port that it came in by. */
export const judge = (state: State, port: number, pdu: UdldPdu): number => {
  if (isMe(state, port, pdu)) return IS_ME
  const { echo = [] } = pdu
  if (echo.length === 0) return HEARS_NOBODY
  return echo.some((party) => isMe(state, port, party)) ? HEARS_ME : HEARS_OTHERS
}

/** The worst that any neighbour says; of a port without neighbours that nobody hears it. */
export const judgePort = (state: State, port: number): number => {
  const neighbours = NeighbourTable.onPort(state.neighbours, port)
  if (neighbours.length === 0) return HEARS_NOBODY
  return Math.max(HEARS_ME, ...neighbours.map(({ info }) => judge(state, port, info)))
}
