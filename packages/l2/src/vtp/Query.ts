/** Answers about VTP on a running bridge. Plain values; the state is never changed. */
import type { BridgeState } from "../BridgeState.ts"
import type { State } from "./State.ts"

/** VTP of a bridge; undefined if it runs none. */
export const of = (bridge: BridgeState): State | undefined => {
  const position = bridge.config.protocols.findIndex(({ kind }) => kind === "vtp")
  return position < 0 ? undefined : (bridge.protocols[position] as State)
}

/** The names of VLANs as the database has them; none without VTP. */
export const namesOf = (bridge: BridgeState): ReadonlyMap<number, string> =>
  new Map(of(bridge)?.vlans.map(({ id, name }) => [id, name]))
