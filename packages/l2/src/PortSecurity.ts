/**
 * Port security: which source addresses a port takes, and how many. Addresses are configured, learnt, or learnt and kept (sticky); each is
 * held by the filtering database as a static entry. A frame from one address too many, or from an address that is secure on another port
 * of its VLAN, is a violation. Frames for bridges (BPDUs) are none of it: they never come to the relay.
 */
import type { Outbox, Tci } from "@l2lab/sim/Device"
import type { Digest } from "@l2lab/sim/Digest"
import { SECOND, type DurationNs, type SimTime } from "@l2lab/sim/SimTime"
import type { VlanId } from "./BridgeConfig.ts"
import { FORWARDING, type BridgeState } from "./BridgeState.ts"
import * as Errdisable from "./Errdisable.ts"
import * as ErrdisableCause from "./ErrdisableCause.ts"
import type { EthernetFrame } from "./EthernetFrame.ts"
import * as FilteringDatabase from "./FilteringDatabase.ts"
import * as MacAddress from "./MacAddress.ts"
import * as Trace from "./Trace.ts"
import { MEMBER, NO_VLAN } from "./VlanTable.ts"

/** What a violation does. `protect` drops and says nothing; `restrict` drops, counts and tells; `shutdown` takes the port out of service. */
export type Violation = "protect" | "restrict" | "shutdown"

/** Port security of one port. */
export interface PortSecurityConfig {
  /** Most addresses; 1 by default. */
  readonly maximum?: number
  /** `shutdown` by default. */
  readonly violation?: Violation
  /** Addresses that are learnt stay until the bridge is switched off. */
  readonly sticky?: boolean
  /** Configured addresses, in the port's access or native VLAN. */
  readonly addresses?: ReadonlyArray<MacAddress.MacAddress>
  /** Learnt addresses are forgotten after so long; absent or 0: never. */
  readonly ageingNs?: DurationNs
  /** From when that counts: since the address was learnt, or since it was last heard; `absolute` by default. */
  readonly ageingType?: "absolute" | "inactivity"
}

const TYPES = ["configured", "sticky", "dynamic"] as const

/** How an address became secure. */
export type SecureType = (typeof TYPES)[number]

/** A secure address. */
export interface SecureAddress {
  readonly address: MacAddress.MacAddress
  readonly vlan: VlanId
  readonly type: SecureType
  readonly learntAt: SimTime
  seen: SimTime
}

/** The state, by port; empty where no port is secure. */
export interface PortSecurity {
  readonly secure: Array<Array<SecureAddress>>
  /** Violations that were counted, and when the last was told of. */
  readonly violations: Float64Array
  readonly toldAt: Float64Array
  /** The address and VLAN that came in last, 0 = none. */
  readonly lastAddress: Float64Array
  readonly lastVlan: Uint16Array
}

/** Longest ageing, as on Catalysts (command reference of the Catalyst 3550: 0 to 1440 minutes, 0 = none). */
export const LONGEST_AGEING: DurationNs = 1440 * 60 * SECOND

/** A port that goes on dropping tells of it once in so long†. */
const TELL_EVERY: DurationNs = SECOND

const withPorts = (ports: number): PortSecurity => ({
  secure: Array.from({ length: ports }, () => []),
  violations: new Float64Array(ports),
  toldAt: new Float64Array(ports).fill(-TELL_EVERY),
  lastAddress: new Float64Array(ports),
  lastVlan: new Uint16Array(ports),
})

/** Of all bridges on which no port is secure: there is nothing in it to write. */
const OFF = withPorts(0)

/** Nothing learnt: what is configured is put in by `configure`. */
export const make = (ports: number, config: ReadonlyArray<PortSecurityConfig | undefined> = []): PortSecurity =>
  config.length === 0 ? OFF : withPorts(ports)

/** An independent copy. */
export const copy = (security: PortSecurity): PortSecurity =>
  security.secure.length === 0
    ? security
    : {
        secure: security.secure.map((addresses) => addresses.map((each) => ({ ...each }))),
        violations: security.violations.slice(),
        toldAt: security.toldAt.slice(),
        lastAddress: security.lastAddress.slice(),
        lastVlan: security.lastVlan.slice(),
      }

/** Fold it into a digest. */
export const fingerprint = (security: PortSecurity, digest: Digest, now: SimTime): void => {
  for (const addresses of security.secure) {
    digest.int(addresses.length)
    for (const { address, learntAt, seen, type, vlan } of addresses) {
      digest.number(address)
      digest.int(vlan)
      digest.int(TYPES.indexOf(type))
      digest.number(now - learntAt)
      digest.number(now - seen)
    }
  }
  digest.numbers(security.violations)
  digest.numbers(security.lastAddress)
  security.lastVlan.forEach((vlan) => digest.int(vlan))
  security.toldAt.forEach((at) => digest.number(Math.min(now - at, TELL_EVERY)))
}

const fidOf = (state: BridgeState, vlan: VlanId): number => state.vlans.fidOf[state.vlans.indexOf[vlan]]

const add = (state: BridgeState, port: number, entry: SecureAddress, now: SimTime): void => {
  state.security.secure[port].push(entry)
  FilteringDatabase.setStatic(state.fdb, entry.address, fidOf(state, entry.vlan), port, now)
}

/** Put the configured addresses in, at a cold boot. */
export const configure = (state: BridgeState, now: SimTime): void => {
  state.config.portSecurity?.forEach((config, port) => {
    const vlan = state.vlans.pvid[port]
    if (config === undefined || state.vlans.indexOf[vlan] === NO_VLAN) return
    for (const address of config.addresses ?? []) {
      add(state, port, { address, vlan, type: "configured", learntAt: now, seen: now }, now)
    }
  })
}

/** Forget addresses of a port that `isOver` says yes to. */
const forget = (state: BridgeState, port: number, isOver: (entry: SecureAddress) => boolean): void => {
  const { secure } = state.security
  if (!secure[port].some(isOver)) return
  for (const entry of secure[port]) {
    const exists = state.vlans.indexOf[entry.vlan] !== NO_VLAN
    if (exists && isOver(entry)) FilteringDatabase.remove(state.fdb, entry.address, fidOf(state, entry.vlan))
  }
  secure[port] = secure[port].filter((entry) => !isOver(entry))
}

/** The link of a port went down: what was learnt and is not sticky is forgotten. */
export const linkDown = (state: BridgeState, port: number): void => {
  if (state.config.portSecurity?.[port] !== undefined) forget(state, port, ({ type }) => type === "dynamic")
}

/** When a learnt address is forgotten; undefined: it stays. */
export const endsAt = (
  { ageingNs = 0, ageingType }: PortSecurityConfig,
  { learntAt, seen, type }: SecureAddress,
): SimTime | undefined =>
  ageingNs === 0 || type !== "dynamic" ? undefined : (ageingType === "inactivity" ? seen : learntAt) + ageingNs

/** Whether a data frame is dropped for its source address. */
export const stops = (
  state: BridgeState,
  port: number,
  frame: EthernetFrame,
  tci: Tci,
  now: SimTime,
  out: Outbox<EthernetFrame>,
): boolean => {
  const config = state.config.portSecurity?.[port]
  if (config === undefined) return false
  const { security, vlans } = state
  const tagged = tci >= 0 && (tci & 0x0fff) !== 0
  const index = tagged ? vlans.indexOf[tci & 0x0fff] : vlans.indexOfUntagged[port]
  // What the relay drops anyway makes no address secure.
  if (index === NO_VLAN || (frame.sourceHigh & 0x0100) !== 0) return false
  const bits = state.relay[index * state.ports + port]
  if ((bits & (MEMBER | FORWARDING)) !== (MEMBER | FORWARDING)) return false
  const vlan = vlans.ids[index]
  const { source: address } = frame
  security.lastAddress[port] = address
  security.lastVlan[port] = vlan
  if (config.ageingNs !== undefined) forget(state, port, (entry) => (endsAt(config, entry) ?? now + 1) <= now)
  const own = security.secure[port].find((entry) => entry.address === address && entry.vlan === vlan)
  if (own !== undefined) {
    own.seen = now
    return false
  }
  const elsewhere = security.secure.some((entries) => entries.some((entry) => entry.address === address && entry.vlan === vlan))
  if (!elsewhere && security.secure[port].length < (config.maximum ?? 1)) {
    add(state, port, { address, vlan, type: config.sticky === true ? "sticky" : "dynamic", learntAt: now, seen: now }, now)
    return false
  }
  violate(state, port, address, vlan, config.violation ?? "shutdown", now, out)
  return true
}

const violate = (
  state: BridgeState,
  port: number,
  address: MacAddress.MacAddress,
  vlan: VlanId,
  violation: Violation,
  now: SimTime,
  out: Outbox<EthernetFrame>,
): void => {
  const { toldAt, violations } = state.security
  if (violation === "protect") return
  violations[port]++
  if (violation === "shutdown") Errdisable.disable(state, port, ErrdisableCause.PSECURE_VIOLATION, now, out)
  if (now - toldAt[port] < TELL_EVERY && violation === "restrict") return
  toldAt[port] = now
  out.trace(Trace.PSECURE_VIOLATION.code, port, address, vlan, 0)
}
