/** Commands to PAgP while a bridge runs. */
import type { MacAddress } from "../MacAddress.ts"

/** The bridge is the active switch of a pair, which calls itself so; 0: it is of none, or no longer active. Neighbours of trusted groups are told at once. */
export interface PagpSetActive {
  readonly type: "pagp.set-active"
  readonly activeId: MacAddress
}
