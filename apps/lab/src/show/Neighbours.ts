/** What switches know of their neighbours, protocol by protocol, for `show` and for scripts. Reading changes nothing. */
import type { BridgeState } from "@l2lab/l2/BridgeState"
import type { State as CdpState } from "@l2lab/l2/cdp/State"
import type { DiscoveryProtocol } from "@l2lab/l2/DiscoveryCommand"
import type { State as LldpState } from "@l2lab/l2/lldp/State"
import type { Neighbour } from "@l2lab/l2/NeighbourTable"
import { SECOND, type SimTime } from "@l2lab/sim/SimTime"
import type { Asked } from "./Topic.ts"
import * as SwitchQuery from "./SwitchQuery.ts"

interface States {
  readonly lldp: LldpState
  readonly cdp: CdpState
}

/** The state of a protocol on a bridge; undefined where it does not run. */
export const running = <P extends DiscoveryProtocol>(bridge: BridgeState, protocol: P): States[P] | undefined => {
  const position = bridge.config.protocols.findIndex(({ kind }) => kind === protocol)
  const state = bridge.protocols[position] as States[P] | undefined
  return state?.running === 1 ? state : undefined
}

/** The same of the switch that is asked. */
export const asked = <P extends DiscoveryProtocol>({ emulation, node }: Asked, protocol: P): States[P] | undefined => {
  const bridge = SwitchQuery.stateOf(emulation, node)
  return bridge === null ? undefined : running(bridge, protocol)
}

/** Neighbours of the port that is asked about, or of all. */
export const ofPort = <Info>(neighbours: ReadonlyArray<Neighbour<Info>>, { port: only }: Asked): ReadonlyArray<Neighbour<Info>> =>
  only === undefined ? neighbours : neighbours.filter(({ port }) => port === only)

/** For how long a neighbour will still be remembered. */
export const secondsLeft = ({ expiresAt }: Neighbour<unknown>, now: SimTime): number => Math.ceil((expiresAt - now) / SECOND)
