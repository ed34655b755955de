/** Names of interfaces as Catalyst users read them: type by rate, then `0/` and the port number. */

/** A port's names: long for configuration, short for tables. */
export interface InterfaceName {
  /** `GigabitEthernet0/1`. */
  readonly name: string
  /** `Gi0/1`. */
  readonly shortName: string
}

// Least rate, long and short form, fastest first.
const TYPES: ReadonlyArray<readonly [rateBps: number, long: string, short: string]> = [
  [400e9, "FourHundredGigE", "Fou"],
  [200e9, "TwoHundredGigE", "Two"],
  [100e9, "HundredGigE", "Hu"],
  [40e9, "FortyGigabitEthernet", "Fo"],
  [25e9, "TwentyFiveGigE", "Twe"],
  [10e9, "TenGigabitEthernet", "Te"],
  [5e9, "FiveGigabitEthernet", "Fi"],
  [2.5e9, "TwoGigabitEthernet", "Tw"],
  [1e9, "GigabitEthernet", "Gi"],
  [100e6, "FastEthernet", "Fa"],
  [0, "Ethernet", "Et"],
]

/** The names of a switch's port, `portNumber` from 1, by the rate of its link. `slot`: what stands before it; of a chassis `1/1`. */
export const make = (rateBps: number, portNumber: number, slot = "0"): InterfaceName => {
  const [, long, short] = TYPES.find(([least]) => rateBps >= least)!
  return { name: `${long}${slot}/${portNumber}`, shortName: `${short}${slot}/${portNumber}` }
}
