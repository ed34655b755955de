/** Who a switch says that it is, in the protocols by which neighbours find each other. */

export interface DiscoveryIdentity {
  /** `sw1` */
  readonly name: string
  /** By bridge port: `GigabitEthernet0/1`. */
  readonly interfaces: ReadonlyArray<string>
  /** By bridge port, where the ports are described. */
  readonly descriptions?: ReadonlyArray<string | undefined>
  /** What it is, and what runs on it. */
  readonly platform: string
  readonly version: string
  /** Its management address (IPv4), as a number. */
  readonly address?: number
}

/** `Gi0/1` for `GigabitEthernet0/1`: the first two letters and the numbers. */
export const shortName = (name: string): string => name.replace(/^([A-Z][a-z])[A-Za-z]*(?=\d)/, "$1")
