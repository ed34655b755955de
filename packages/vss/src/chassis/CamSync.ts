/**
 * Both chassis know the same addresses. What one learns it tells the other, with the instant at which the address was seen; and at intervals, or before the other would let an
 * address age out, those that it has seen again since. Where both speak of one address, what was seen later stands.
 *
 * An address that is static on a port of one's own, as port security has it, is told as seen just now each time, and soon after the other chassis has said otherwise.
 *
 * After something was forgotten all addresses are told once more: a frame that was on the virtual switch link then may have been learnt on one side
 * only.
 */
import { adopt } from "@l2lab/l2/AdoptedAddress"
import * as FilteringDatabase from "@l2lab/l2/FilteringDatabase"
import * as MacAddress from "@l2lab/l2/MacAddress"
import { MILLISECOND, NEVER, SECOND, type DurationNs, type SimTime } from "@l2lab/sim/SimTime"
import { timesOf } from "./ChassisConfig.ts"
import { isOwn, type ChassisState } from "./ChassisState.ts"

/** Numbers of an address: itself, FID, bridge port, when it was seen. */
export const WIDTH = 4

/** Addresses that were just learnt wait for so long, so that many go together†. */
export const SOON: DurationNs = MILLISECOND
/** After something was forgotten; and the least time between two looks at the whole table†. */
export const LATER: DurationNs = SECOND

/** Addresses that may wait; of more, as a storm moves them from port to port, none is told one by one for a while. */
export const MOST_WAITING = 1000

/** There is another chassis to keep in step with. */
export const begin = (state: ChassisState, now: SimTime): void => {
  state.cam.learnt.length = 0
  state.cam.dueAt = NEVER
  state.cam.refreshedAt = now
  state.cam.isFull = true
  state.cam.refreshAt = now + LATER
}

/** There is none any more. */
export const end = ({ cam }: ChassisState): void => {
  cam.learnt.length = 0
  cam.dueAt = cam.refreshAt = NEVER
}

/** An address was learnt here. */
export const learnt = (state: ChassisState, address: number, fid: number, port: number, now: SimTime): void => {
  const { cam } = state
  if (cam.refreshAt === NEVER || now < cam.restUntil) return
  if (cam.learnt.length === MOST_WAITING * WIDTH) {
    cam.restUntil = now + LATER
    return forgotten(state, now)
  }
  cam.learnt.push(address, fid, port, now)
  if (cam.dueAt === NEVER) cam.dueAt = now + SOON
}

/** Something was forgotten, on either side: all there is is told soon. */
export const forgotten = ({ cam }: ChassisState, now: SimTime): void => {
  if (cam.refreshAt === NEVER) return
  cam.isFull = true
  cam.refreshAt = Math.min(cam.refreshAt, now + LATER)
}

/** What is to be told now; undefined: nothing is. */
export const due = (state: ChassisState, now: SimTime): Float64Array | undefined => {
  const { cam } = state
  if (cam.refreshAt <= now) refresh(state, now)
  if (cam.dueAt > now) return undefined
  cam.dueAt = NEVER
  return Float64Array.from(cam.learnt.splice(0))
}

/** Lay in what was seen again since the last time, and set the next. */
const refresh = (state: ChassisState, now: SimTime): void => {
  const { bridge, cam, config } = state
  const { fdb } = bridge
  let firstExpiry = NEVER
  for (const { address, fid, isStatic, port, seen } of FilteringDatabase.entries(fdb, now)) {
    if (isStatic) {
      if (isOwn(state, port)) cam.learnt.push(address, fid, port, now)
      continue
    }
    if (cam.isFull || seen >= cam.refreshedAt) cam.learnt.push(address, fid, port, seen)
    const ageing = fdb.ageing[fdb.treeOfFid[fid]]
    if (ageing > 0) firstExpiry = Math.min(firstExpiry, seen + ageing)
  }
  cam.isFull = false
  cam.refreshedAt = now
  cam.refreshAt = Math.max(now + LATER, Math.min(now + timesOf(config).activity, firstExpiry - MILLISECOND))
  if (cam.learnt.length > 0) cam.dueAt = now
}

/** Whether a static entry, which is never seen again, has the address on another port, one of this chassis' own. */
const isHeld = (state: ChassisState, address: number, fid: number, port: number, now: SimTime): boolean => {
  const { fdb } = state.bridge
  const [low, high] = [MacAddress.low(address), MacAddress.high(address)]
  if (fdb.seen[FilteringDatabase.find(fdb, low, (fid << 16) | high)] !== Infinity) return false
  const own = FilteringDatabase.lookup(fdb, low, high, fid, fdb.treeOfFid[fid], now)
  return own !== port && isOwn(state, own)
}

/** Take what the other chassis tells. Addresses on ports that are down, or that there are not, are none. */
export const take = (state: ChassisState, entries: Float64Array, now: SimTime): void => {
  const { bridge } = state
  for (let i = 0; i + WIDTH <= entries.length; i += WIDTH) {
    const [address, fid, port, seen] = entries.subarray(i, i + WIDTH)
    const isMeant = bridge.fdb.treeOfFid[fid] !== undefined && bridge.up[port] === 1 && seen <= now
    if (!isMeant || !Number.isInteger(address) || address < 0 || address >= 2 ** 48) continue
    adopt(bridge.fdb, address, fid, port, seen, now)
    if (isHeld(state, address, fid, port, now)) forgotten(state, now)
  }
}
