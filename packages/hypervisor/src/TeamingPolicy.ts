/**
 * NIC teaming: which uplink a virtual port uses. Only outgoing traffic is steered; which NIC a frame comes in by is the physical
 * switch's choice, which follows the source addresses that it saw. What VMware does not publish is in docs/DEVIATIONS.md.
 */
import type { TeamingConfig } from "./HostConfig.ts"

/** A teaming configuration with its defaults filled in. Plain data, never changed. */
export interface TeamingPolicy {
  readonly policy: "originating-port" | "explicit"
  readonly active: ReadonlyArray<number>
  readonly standby: ReadonlyArray<number>
  readonly failback: boolean
  readonly reversePolicy: boolean
}

/** No uplink: the port reaches only its own host. */
export const NO_UPLINK = -1

/** The policy of a port group: its own settings over those of the vSwitch, over the defaults. `uplinks` are the vSwitch's NICs. */
export const resolve = (
  uplinks: ReadonlyArray<number>,
  vSwitch: TeamingConfig | undefined,
  portGroup: TeamingConfig | undefined,
): TeamingPolicy => {
  const config = portGroup ?? vSwitch
  const ofTheSwitch = (nics: ReadonlyArray<number>) => nics.filter((nic) => uplinks.includes(nic))
  return {
    policy: config?.policy ?? "originating-port",
    active: ofTheSwitch(config?.active ?? uplinks),
    standby: ofTheSwitch(config?.standby ?? []),
    failback: config?.failback ?? true,
    reversePolicy: config?.reversePolicy ?? true,
  }
}

/** Whether the policy would ever use this NIC. */
const isListed = (policy: TeamingPolicy, nic: number): boolean => policy.active.includes(nic) || policy.standby.includes(nic)

/** The first NIC of a list that is up, or NO_UPLINK. */
const firstUp = (nics: ReadonlyArray<number>, up: Uint8Array): number => {
  for (const nic of nics) if (up[nic] === 1) return nic
  return NO_UPLINK
}

/**
 * The uplink of virtual port `portNumber`, which now uses `current` (or NO_UPLINK). `up` tells by NIC whether it has link. With
 * `originating-port` only the ports of a failed NIC move: the preferred NIC is a matter of the whole list, and only a port whose
 * preferred one is down is spread over those that are left.
 */
export const select = (policy: TeamingPolicy, up: Uint8Array, portNumber: number, current: number): number => {
  if (!policy.failback && current !== NO_UPLINK && up[current] === 1 && isListed(policy, current)) return current
  const { active, standby } = policy
  if (policy.policy === "explicit") {
    const nic = firstUp(active, up)
    return nic === NO_UPLINK ? firstUp(standby, up) : nic
  }
  if (active.length === 0) return firstUp(standby, up)
  const preferred = active[portNumber % active.length]
  if (up[preferred] === 1) return preferred
  let alive = 0
  for (const nic of active) alive += up[nic]
  if (alive === 0) return firstUp(standby, up)
  let skip = portNumber % alive
  for (const nic of active) if (up[nic] === 1 && skip-- === 0) return nic
  return NO_UPLINK
}
