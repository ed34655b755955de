/** Answers about DTP on a running bridge. Plain values; the state is never changed. */
import type { BridgeState } from "../BridgeState.ts"
import { ACCESS, MODES, type Mode, type State, TRUNK } from "./State.ts"

/** DTP of a bridge; undefined if it runs none. */
export const of = (bridge: BridgeState): State | undefined => {
  const position = bridge.config.protocols.findIndex(({ kind }) => kind === "dtp")
  return position < 0 ? undefined : (bridge.protocols[position] as State)
}

/** What a port is set to be, whatever it is now; without DTP it is what it is. */
export const modeOf = (bridge: BridgeState, port: number): Mode => {
  const dtp = of(bridge)
  if (dtp !== undefined) return MODES[dtp.mode[port]]
  return MODES[bridge.switchPorts[port].mode === "trunk" ? TRUNK : ACCESS]
}

/** Whether a port negotiates. */
export const negotiates = (bridge: BridgeState, port: number): boolean => of(bridge)?.negotiates[port] === 1
