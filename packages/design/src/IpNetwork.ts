/** IPv4 addresses with their networks at the design's edge. */
import * as Ipv4Address from "@l2lab/l3/Ipv4Address"

/** An address with the length of its network's prefix. */
export interface IpInterface {
  readonly address: Ipv4Address.Ipv4Address
  /** 0..32. */
  readonly prefixLength: number
}

/** An address and prefix length from `10.0.10.5/24`, or the sentence that says what is wrong. */
export const parse = (text: string): IpInterface | { readonly problem: string } => {
  const [addressText, lengthText, ...rest] = text.split("/")
  const address = Ipv4Address.parse(addressText)
  if (address === undefined || rest.length > 0) {
    return {
      problem: `"${text}" is not an IPv4 address: write four numbers from 0 to 255 and the prefix length, like 10.0.10.5/24`,
    }
  }
  if (lengthText === undefined)
    return { problem: `"${text}" has no prefix length: write ${text}/24 (or the length of your network's prefix)` }
  const prefixLength = /^\d{1,2}$/.test(lengthText) ? Number(lengthText) : Number.NaN
  if (!(prefixLength >= 0 && prefixLength <= 32))
    return { problem: `"/${lengthText}" is not a prefix length: write a number from 0 to 32, like ${addressText}/24` }
  return { address, prefixLength }
}

/** `10.0.10.5/24`. */
export const formatInterface = ({ address, prefixLength }: IpInterface): string =>
  `${Ipv4Address.format(address)}/${prefixLength}`

/** The first address of the network that the interface is in. */
export const networkOf = ({ address, prefixLength }: IpInterface): number => (address & Ipv4Address.mask(prefixLength)) >>> 0

/** The last address of the network that the interface is in. */
export const broadcastOf = ({ address, prefixLength }: IpInterface): number => (address | ~Ipv4Address.mask(prefixLength)) >>> 0

/** Why a station cannot have this address; undefined when it can. */
export const problemOfHost = (self: IpInterface): string | undefined => {
  const text = Ipv4Address.format(self.address)
  if (self.address === 0) return `${text} is no station's address: write one of your network, like 10.0.10.5/24`
  if (Ipv4Address.isMulticast(self.address))
    return `${text} is a multicast address: a station needs an address of its own, like 10.0.10.5/24`
  if (self.prefixLength < 31) {
    if (self.address === networkOf(self))
      return `${text} is the network itself: stations of /${self.prefixLength} start at ${Ipv4Address.format(self.address + 1)}`
    if (self.address === broadcastOf(self))
      return `${text} is the broadcast address of its network: stations end at ${Ipv4Address.format(self.address - 1)}`
  }
  return undefined
}
