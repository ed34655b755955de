/**
 * The VLAN database that VTP spreads, and the digest over it. Beside the VLANs of the design it holds the four that every Catalyst has for FDDI and Token
 * Ring, 1002 to 1005, which carry nothing; VLANs above 1005 are none of VTP's.
 */
import { md5 } from "@noble/hashes/legacy.js"
import * as VlanInfo from "./VlanInfo.ts"
import * as VtpPdu from "./VtpPdu.ts"

/** The last VLAN that VTP knows, and the last that is not one of the four. */
export const LAST_VLAN = 1005
export const LAST_ETHERNET = 1001

/** Most VLANs, as `show vtp status` says. */
export const MOST_VLANS = 1005

const SAID_BASE = 100_000
const MTU = 1_500

const octets = (hex: string): Uint8Array => Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))

/** As Catalysts advertise them: type, name, MTU, and the fields behind the name. */
const RESERVED = {
  1: [
    [2, 1002, "fddi-default", MTU, "0101000004010000"],
    [3, 1003, "token-ring-default", MTU, "0101000004010000"],
    [4, 1004, "fddinet-default", MTU, "0201000003010001"],
    [5, 1005, "trnet-default", MTU, "0201000003010002"],
  ],
  2: [
    [2, 1002, "fddi-default", MTU, ""],
    [3, 1003, "trcrf-default", 4472, "01010ccc040103ed070100020801000709010007"],
    [4, 1004, "fddinet-default", MTU, "03010001"],
    [5, 1005, "trbrf-default", 4472, "0201000f03010002"],
  ],
} as const

/** The name of a VLAN that nobody named, as Catalysts have it: `default` for VLAN 1, `VLAN0010` for others. */
export const defaultName = (id: number): string => (id === 1 ? "default" : `VLAN${String(id).padStart(4, "0")}`)

/** The database with these VLANs, 1 always among them; those beyond VTP's reach are left out. */
export const make = (
  ids: ReadonlyArray<number>,
  nameOf: (id: number) => string | undefined,
  version: 1 | 2,
): ReadonlyArray<VlanInfo.VlanInfo> => [
  ...[...new Set([1, ...ids])]
    .filter((id) => id <= LAST_ETHERNET)
    .sort((a, b) => a - b)
    .map((id): VlanInfo.VlanInfo => ({
      status: 0,
      type: VlanInfo.ETHERNET,
      id,
      mtu: MTU,
      said: SAID_BASE + id,
      name: (nameOf(id) ?? defaultName(id)).slice(0, VlanInfo.LONGEST_NAME),
      more: new Uint8Array(0),
    })),
  ...RESERVED[version].map(([type, id, name, mtu, more]): VlanInfo.VlanInfo => ({
    status: 0,
    type,
    id,
    mtu,
    said: SAID_BASE + id,
    name,
    more: octets(more),
  })),
]

/** The VLANs of it that carry frames, sorted; 1 always among them. */
export const carrying = (vlans: ReadonlyArray<VlanInfo.VlanInfo>): ReadonlyArray<number> =>
  [
    ...new Set([
      1,
      ...vlans.flatMap(({ id, status, type }) =>
        type === VlanInfo.ETHERNET && (status & VlanInfo.SUSPENDED) === 0 && id >= 1 && id <= LAST_ETHERNET ? [id] : [],
      ),
    ]),
  ].sort((a, b) => a - b)

/** Octets of the password, again and again, that a secret is made from. */
const SECRET_OCTETS = 1_563 * 64

/** What stands for a password in digests; zeros without one. */
export const secretOf = (password: string): Uint8Array => {
  if (password === "") return new Uint8Array(VtpPdu.DIGEST_OCTETS)
  return md5(Uint8Array.from({ length: SECRET_OCTETS }, (_, i) => password.charCodeAt(i % password.length)))
}

/**
 * The digest of a summary advertisement: MD5 over the secret, the summary, all VLANs, and the secret again. Not documented by Cisco; as people who
 * test passwords found it, and right for all digests of Catalysts that are published with their databases.
 */
export const digestOf = (secret: Uint8Array, summary: VtpPdu.Summary, vlans: ReadonlyArray<VlanInfo.VlanInfo>): Uint8Array =>
  md5(Uint8Array.from([...secret, ...VtpPdu.digestedOctets(summary), ...VlanInfo.emit(vlans), ...secret]))

/** The database in parts that fit into a frame each, from a VLAN on. */
export const parts = (vlans: ReadonlyArray<VlanInfo.VlanInfo>, start = 0): ReadonlyArray<ReadonlyArray<VlanInfo.VlanInfo>> => {
  const found: Array<Array<VlanInfo.VlanInfo>> = []
  let room = 0
  for (const vlan of vlans) {
    if (vlan.id < start) continue
    const length = VlanInfo.octetLength(vlan)
    if (found.length === 0 || length > room) {
      found.push([])
      room = VtpPdu.SUBSET_VLAN_OCTETS
    }
    found[found.length - 1].push(vlan)
    room -= length
  }
  return found
}
