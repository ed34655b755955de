/** Addresses that a filtering database takes from another one, where two of them are to hold the same. */
import type { SimTime } from "@l2lab/sim/SimTime"
import * as FilteringDatabase from "./FilteringDatabase.ts"
import * as MacAddress from "./MacAddress.ts"

/**
 * Learn from another table, which saw the address on `port` at `seen`, an instant not after now. What this table saw later stands, and of one instant
 * the lower port; so do static entries. Whether anything was learnt.
 */
export const adopt = (
  fdb: FilteringDatabase.FilteringDatabase,
  address: MacAddress.MacAddress,
  fid: number,
  port: number,
  seen: SimTime,
  now: SimTime,
): boolean => {
  const low = MacAddress.low(address)
  const high = MacAddress.high(address)
  const key = (fid << 16) | high
  const tree = fdb.treeOfFid[fid]
  if (seen < FilteringDatabase.horizon(fdb, tree, now)) return false
  const own = FilteringDatabase.lookup(fdb, low, high, fid, tree, now)
  if (own !== FilteringDatabase.UNKNOWN) {
    const ownSeen = fdb.seen[FilteringDatabase.find(fdb, low, key)]
    if (ownSeen > seen || (ownSeen === seen && own <= port)) return false
  }
  if (FilteringDatabase.learn(fdb, low, high, fid, tree, port, now) === FilteringDatabase.REFUSED) return false
  fdb.seen[FilteringDatabase.find(fdb, low, key)] = seen
  return true
}
