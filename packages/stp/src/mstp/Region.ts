/**
 * 802.1Q-2005 13.7: the MST Configuration Identifier, by which bridges tell whether they are of one region: format selector, name,
 * revision, and a digest of which VLAN belongs to which MSTI.
 */
import { hmac } from "@noble/hashes/hmac.js"
import { md5 } from "@noble/hashes/legacy.js"
import type { ConfigurationId } from "../MstBpdu.ts"
import type { Mstid, RegionConfig } from "./Settings.ts"

/** Table 13-1: the Configuration Digest Signature Key. */
const SIGNATURE_KEY = Uint8Array.of(
  0x13,
  0xac,
  0x06,
  0xa6,
  0x2e,
  0x47,
  0xfd,
  0x51,
  0xf9,
  0x5d,
  0x2b,
  0xa2,
  0x43,
  0xcd,
  0x03,
  0x46,
)

/** The entries of the MST Configuration Table: one for each VLAN id, those of 0 and 4095 always 0. */
const TABLE_ENTRIES = 4_096

/** The MSTID of each VLAN id: the MST Configuration Table (13.7†). */
export const configurationTable = (region: RegionConfig): Uint16Array => {
  const table = new Uint16Array(TABLE_ENTRIES)
  for (const [mstid, ranges] of Object.entries(region.instances ?? {})) {
    for (const [first, last] of ranges) table.fill(Number(mstid), first, last + 1)
  }
  table[0] = 0
  table[TABLE_ENTRIES - 1] = 0
  return table
}

/** 13.7: HMAC-MD5 over the table, two octets an entry. */
export const configurationDigest = (table: Uint16Array): Uint8Array => {
  const octets = new Uint8Array(2 * table.length)
  for (let vlan = 0; vlan < table.length; vlan++) {
    octets[2 * vlan] = table[vlan] >>> 8
    octets[2 * vlan + 1] = table[vlan]
  }
  return hmac(md5, SIGNATURE_KEY, octets)
}

/** The MSTIDs of a region, rising. */
export const mstidsOf = (region: RegionConfig): ReadonlyArray<Mstid> =>
  Object.keys(region.instances ?? {})
    .map(Number)
    .sort((x, y) => x - y)

/** The identifier that a bridge with this configuration sends. */
export const configurationId = (region: RegionConfig): ConfigurationId => ({
  formatSelector: 0,
  name: region.name ?? "",
  revision: region.revision ?? 0,
  digest: configurationDigest(configurationTable(region)),
})

/** Whether two identifiers are the same, octet by octet. */
export const isSame = (a: ConfigurationId, b: ConfigurationId): boolean =>
  a.formatSelector === b.formatSelector &&
  a.name === b.name &&
  a.revision === b.revision &&
  a.digest.every((octet, i) => octet === b.digest[i])
