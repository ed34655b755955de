/**
 * Bridge identifiers (9.2.5†): a priority and an address, kept as two numbers everywhere, compared priority first. The smaller one
 * is the better one. Text only at the edges: `8000.02:00:00:00:00:01`.
 */
import * as MacAddress from "@l2lab/l2/MacAddress"

/** A bridge identifier as one value, for edges and tests; the state keeps its two numbers in columns of their own. */
export interface BridgeIdentifier {
  /** 0..65535; 32768 by default. Later standards take the low 12 bits for a system id. */
  readonly priority: number
  readonly address: MacAddress.MacAddress
}

/** The priority of a bridge that was given none. */
export const DEFAULT_PRIORITY = 32_768

/** An identifier from its parts. */
export const make = (priority: number, address: MacAddress.MacAddress): BridgeIdentifier => ({ priority, address })

/** Negative if the first identifier is the better (smaller) one, 0 if both are the same. */
export const compare = (
  priority: number,
  address: MacAddress.MacAddress,
  otherPriority: number,
  otherAddress: MacAddress.MacAddress,
): number => (priority === otherPriority ? address - otherAddress : priority - otherPriority)

/** `8000.02:00:00:00:00:01`. */
export const format = (priority: number, address: MacAddress.MacAddress): string =>
  `${priority.toString(16).padStart(4, "0")}.${MacAddress.format(address)}`

const TEXT = /^([0-9a-f]{1,4})\.(.+)$/i

/** An identifier from `8000.02:00:00:00:00:01`; undefined for any other text. */
export const parse = (text: string): BridgeIdentifier | undefined => {
  const [, priority, rest] = TEXT.exec(text) ?? []
  if (priority === undefined || rest === undefined) return undefined
  const address = MacAddress.parse(rest)
  return address === undefined ? undefined : make(Number.parseInt(priority, 16), address)
}
