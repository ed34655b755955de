/** `show mac address-table`: what a switch has learnt and what was configured, in the layout of Catalyst switches. */
import * as MacAddress from "@l2lab/l2/MacAddress"
import * as Columns from "./Columns.ts"

export interface MacEntryView {
  readonly vlan: number
  readonly address: MacAddress.MacAddress
  readonly type: "dynamic" | "static"
  /** `Gi0/1`; null for an entry that discards. */
  readonly interface: string | null
  /** Seconds since the address was last seen; null for a static entry. */
  readonly ageSeconds: number | null
}

export interface MacAddressTableView {
  /** By VLAN and address. */
  readonly entries: ReadonlyArray<MacEntryView>
  /** Most entries that the table holds. */
  readonly capacity: number
  /** New addresses that were not learnt because the table was full. */
  readonly refusals: number
}

/** Which entries to show; absent: all. */
export interface MacFilter {
  readonly vlan?: number
  readonly type?: "dynamic" | "static"
  readonly address?: MacAddress.MacAddress
}

const chosen = (view: MacAddressTableView, filter: MacFilter): ReadonlyArray<MacEntryView> =>
  view.entries.filter(
    ({ vlan, type, address }) =>
      (filter.vlan === undefined || vlan === filter.vlan) &&
      (filter.type === undefined || type === filter.type) &&
      (filter.address === undefined || address === filter.address),
  )

// VLAN ids stand right-aligned in four columns, and everything is four blanks apart.
const row = (vlan: string, address: string, type: string, ports: string): string =>
  `${vlan.padStart(4)}    ${address.padEnd(14)}    ${type.padEnd(8)}    ${ports}`.trimEnd()

/** The table, with a line for each entry that the filter lets through. */
export const lines = (view: MacAddressTableView, filter: MacFilter = {}): ReadonlyArray<string> => {
  const entries = chosen(view, filter)
  return [
    "          Mac Address Table",
    Columns.rule(43),
    "",
    "Vlan    Mac Address       Type        Ports",
    "----    -----------       --------    -----",
    ...entries.map((entry) =>
      row(
        String(entry.vlan),
        MacAddress.formatDotted(entry.address),
        entry.type.toUpperCase(),
        entry.interface === null ? "Drop" : entry.interface,
      ),
    ),
    `Total Mac Addresses for this criterion: ${entries.length}`,
    ...(view.refusals > 0 ? [`Table full (${view.capacity}): not learnt ${view.refusals} times`] : []),
  ]
}

/** For machines: `{ entries, total, capacity, refusals }` with addresses as text (`02:00:00:00:00:01`). */
export const json = (view: MacAddressTableView, filter: MacFilter = {}): object => {
  const entries = chosen(view, filter).map((entry) => ({ ...entry, address: MacAddress.format(entry.address) }))
  return { entries, total: entries.length, capacity: view.capacity, refusals: view.refusals }
}
