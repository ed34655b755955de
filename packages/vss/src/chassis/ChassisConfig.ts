/**
 * What a design says of one chassis of a virtual switching system. Both chassis have the same `bridge`, which is what they are together: its link
 * ports are those of switch 1, then those of switch 2 (ports of the virtual switch link and of dual-active detection among them), behind them the
 * bundles. What is said by port is said of this port space; what is said of one chassis' own hardware (`vslp.links`, `cards`, `excluded`, `detection`) is said by its own
 * link ports, which count from 0 on each.
 */
import type { BridgeConfig } from "@l2lab/l2/BridgeConfig"
import type { Method } from "@l2lab/l2/bundle/LoadBalance"
import type { MacAddress } from "@l2lab/l2/MacAddress"
import type { PortIndex } from "@l2lab/sim/Device"
import { MILLISECOND, SECOND, type DurationNs } from "@l2lab/sim/SimTime"
import type { DualActiveConfig } from "../dualactive/Settings.ts"
import type { SwitchNumber, VslpConfig } from "../vslp/Settings.ts"

/** Figures that platforms differ in. */
export interface ChassisTimes {
  /**
   * How long frames do not get over the virtual switch link after one of its members failed. Cisco's white paper on the Catalyst 6500 VSS 1440 ("VSL
   * Single-Link Failure") has approximately 50 to 100 ms for the flows that use it, and none for the others.
   */
  readonly rehash: DurationNs
  /** How long an active chassis collects changes of its protocols' states before it sends them, unless ports changed†. */
  readonly checkpoint: DurationNs
  /** `mac-address-table synchronize activity-time`: at the latest so often addresses that were seen again are told. 160 s by default, as Cisco's command reference has it†. */
  readonly activity: DurationNs
  /** Between two signs of life on the channel, and the silence after which the other chassis is taken for dead†. */
  readonly heartbeat: DurationNs
  readonly silence: DurationNs
  /** From the decision to boot anew until the chassis' ports may come up; and from taking over in RPR until the modules have booted†. */
  readonly reload: DurationNs
}

/** A Catalyst 6500. */
export const CATALYST_6500_CHASSIS: ChassisTimes = {
  rehash: 100 * MILLISECOND,
  checkpoint: 100 * MILLISECOND,
  activity: 160 * SECOND,
  heartbeat: 100 * MILLISECOND,
  silence: 500 * MILLISECOND,
  reload: 60 * SECOND,
}

/** The longest frame of 1518 octets with its Virtual Switch Header; links of the VSL are to carry as much. Catalysts have them carry 9216. */
export const LEAST_VSL_MTU = 1532
export const USUAL_VSL_MTU = 9216

export interface ChassisConfig {
  /** The pair as one bridge. Its address stands for that of the chassis that is active first, and is not used. */
  readonly bridge: BridgeConfig
  /** Link ports of switch 1 and of switch 2: their sum is that of `bridge.ports`. */
  readonly ports: readonly [number, number]
  /** Who this chassis is; `links` are its own link ports of the virtual switch link. */
  readonly vslp: VslpConfig
  /** `mac-address use-virtual`: the pair's address, whoever is active. Absent: that of the chassis that was active first, as long as the pair lives. */
  readonly virtualAddress?: MacAddress
  /** How frames share the members of the virtual switch link; adaptive hashing always. `src-dst-mac` by default. */
  readonly loadBalance?: Method
  /** Line cards: own link ports that fail together. */
  readonly cards?: ReadonlyArray<ReadonlyArray<PortIndex>>
  /** Own link ports that no frames of the bridge go by; those of `dualActive` are among them whether they are named here or not. */
  readonly detection?: ReadonlyArray<PortIndex>
  /** Dual-active detection; absent: none. */
  readonly dualActive?: DualActiveConfig
  /** `dual-active exclude interface`: own link ports that stay up in recovery mode. */
  readonly excluded?: ReadonlyArray<PortIndex>
  /** `CATALYST_6500_CHASSIS` by default. */
  readonly times?: ChassisTimes
}

/** The first link port of a switch in the pair's port space. */
export const firstPortOf = ({ ports }: ChassisConfig, switchNumber: SwitchNumber): number => (switchNumber === 1 ? 0 : ports[0])

/** How many link ports a chassis with this configuration has. */
export const ownPorts = ({ ports, vslp }: ChassisConfig): number => ports[vslp.switchNumber - 1]

/** Own link ports that carry the bridge's frames: neither of the virtual switch link nor of dual-active detection. */
export const frontPorts = (config: ChassisConfig): ReadonlyArray<PortIndex> => {
  const detection = config.dualActive?.ports.map(({ port }) => port) ?? []
  const apart = new Set([...config.vslp.links, ...(config.detection ?? []), ...detection])
  return Array.from({ length: ownPorts(config) }, (_, port) => port).filter((port) => !apart.has(port))
}

/** The times of the chassis' platform. */
export const timesOf = (config: ChassisConfig): ChassisTimes => config.times ?? CATALYST_6500_CHASSIS
