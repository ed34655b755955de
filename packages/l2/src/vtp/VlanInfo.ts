/** A VLAN as VTP tells of it: the records of subset advertisements. */
import { Result } from "effect"
import * as OctetString from "../OctetString.ts"
import type { CodecError } from "../PayloadCodec.ts"

/** Octets from the start of a record: its length, status, type, length of the name, ISL VLAN id, MTU, 802.10 index, name. */
const FIELD = { length: 0, status: 1, type: 2, nameLength: 3, id: 4, mtu: 6, said: 8, name: 12 } as const
/** Names are padded with zeros to a multiple of this. */
const ALIGNMENT = 4

/** A bit of `status`. */
export const SUSPENDED = 0x01
/** Values of `type`. */
export const ETHERNET = 1
/** Longest name. */
export const LONGEST_NAME = 32

export interface VlanInfo {
  /** 0, or SUSPENDED. */
  readonly status: number
  readonly type: number
  readonly id: number
  readonly mtu: number
  /** IEEE 802.10 security association identifier; 100000 more than the id. */
  readonly said: number
  readonly name: string
  /** Fields of type, length (in words of two octets) and value behind the name, as they stand. */
  readonly more: Uint8Array
}

const namedOctets = (nameLength: number): number => FIELD.name + Math.ceil(nameLength / ALIGNMENT) * ALIGNMENT

/** Octets of a record. */
export const octetLength = ({ more, name }: VlanInfo): number => namedOctets(name.length) + more.length

/** The records from `offset` to the end. Refuses `Truncated` and `BadLength`. */
export const parse = (octets: Uint8Array, offset: number): Result.Result<ReadonlyArray<VlanInfo>, CodecError> => {
  const vlans: Array<VlanInfo> = []
  for (let at = offset; at < octets.length; at += octets[at]) {
    const left = octets.length - at
    if (left < FIELD.name) {
      return Result.fail({ reason: "Truncated", detail: `${left} octets at offset ${at}, a VLAN has at least ${FIELD.name}` })
    }
    const length = octets[at]
    const nameLength = octets[at + FIELD.nameLength]
    if (length > left || nameLength > LONGEST_NAME || length < namedOctets(nameLength)) {
      return Result.fail({
        reason: "BadLength",
        detail: `a VLAN of ${length} octets with a name of ${nameLength} at offset ${at}, ${left} are left`,
      })
    }
    vlans.push({
      status: octets[at + FIELD.status],
      type: octets[at + FIELD.type],
      id: OctetString.read16(octets, at + FIELD.id),
      mtu: OctetString.read16(octets, at + FIELD.mtu),
      said: OctetString.read32(octets, at + FIELD.said),
      name: OctetString.read(octets, at + FIELD.name, at + FIELD.name + nameLength),
      more: octets.slice(at + namedOctets(nameLength), at + length),
    })
  }
  return Result.succeed(vlans)
}

/** Their octets, one after the other. */
export const emit = (vlans: ReadonlyArray<VlanInfo>): Uint8Array => {
  const octets = new Uint8Array(vlans.reduce((sum, vlan) => sum + octetLength(vlan), 0))
  let at = 0
  for (const vlan of vlans) {
    const length = octetLength(vlan)
    octets[at + FIELD.length] = length
    octets[at + FIELD.status] = vlan.status
    octets[at + FIELD.type] = vlan.type
    octets[at + FIELD.nameLength] = vlan.name.length
    octets.set(OctetString.octets16(vlan.id), at + FIELD.id)
    octets.set(OctetString.octets16(vlan.mtu), at + FIELD.mtu)
    octets.set(OctetString.octets32(vlan.said), at + FIELD.said)
    octets.set(OctetString.write(vlan.name, LONGEST_NAME), at + FIELD.name)
    octets.set(vlan.more, at + length - vlan.more.length)
    at += length
  }
  return octets
}
