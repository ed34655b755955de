/** How packets leave a stack: the choice of the next hop, and the header that all of them get. */
import * as MacAddress from "@l2lab/l2/MacAddress"
import type { SimTime } from "@l2lab/sim/SimTime"
import * as ArpCache from "./ArpCache.ts"
import * as Ipv4 from "./Ipv4.ts"
import type { Ipv4Address } from "./Ipv4Address.ts"
import * as Ipv4Addresses from "./Ipv4Address.ts"
import type { NetworkStack, StackConfig } from "./NetworkStackState.ts"
import {
  ARP_TIMER,
  DEFAULT_MTU,
  DROPPED_DOWN,
  DROPPED_NO_ROUTE,
  DROPPED_TOO_LARGE,
  PACKETS_SENT,
  TIME_TO_LIVE,
} from "./NetworkStackState.ts"
import type { StackActions } from "./StackActions.ts"

/** Whether a packet to this address goes to every station on the adapter's network. */
export const isBroadcast = (config: StackConfig, address: Ipv4Address): boolean =>
  address === Ipv4Addresses.LIMITED_BROADCAST ||
  (address !== Ipv4Addresses.UNSPECIFIED && address === Ipv4Addresses.directedBroadcast(config.address, config.prefixLength))

/** The group address of an IPv4 multicast address: 01:00:5e and its low 23 bits (RFC 1112 6.4†). */
const multicastMac = (address: Ipv4Address): MacAddress.MacAddress => 0x01005e000000 + (address & 0x7fffff)

/**
 * Send a packet of ours. `bodyOctets` is the length of `body` on the wire. False, and counted by reason, when it cannot leave: link
 * down, stack frozen, larger than the MTU, no route.
 */
export const sendPacket = (
  stack: NetworkStack,
  to: Ipv4Address,
  ipProtocol: number,
  body: Ipv4.Body,
  bodyOctets: number,
  now: SimTime,
  actions: StackActions,
): boolean => {
  const config = stack.config
  const octets = Ipv4.HEADER_OCTETS + bodyOctets
  if (!stack.up || stack.frozen) {
    stack.counters[DROPPED_DOWN]++
    return false
  }
  if (octets > (config.mtu ?? DEFAULT_MTU)) {
    stack.counters[DROPPED_TOO_LARGE]++
    return false
  }
  const broadcast = isBroadcast(config, to)
  const group = broadcast || Ipv4Addresses.isMulticast(to)
  const nextHop = group || Ipv4Addresses.sameNetwork(to, config.address, config.prefixLength) ? to : config.gateway
  if (nextHop === undefined || nextHop === config.address || to === Ipv4Addresses.UNSPECIFIED) {
    stack.counters[DROPPED_NO_ROUTE]++
    return false
  }
  const payload: Ipv4.Ipv4Payload = {
    protocol: "ipv4",
    packet: {
      typeOfService: 0,
      identification: stack.nextIdentification,
      dontFragment: true,
      moreFragments: false,
      fragmentOffset: 0,
      timeToLive: TIME_TO_LIVE,
      ipProtocol,
      source: config.address,
      destination: to,
      options: Ipv4.NO_OPTIONS,
      body,
    },
  }
  stack.nextIdentification = (stack.nextIdentification + 1) & 0xffff
  stack.counters[PACKETS_SENT]++
  if (group) actions.send(Ipv4.frame(broadcast ? MacAddress.BROADCAST : multicastMac(to), config.mac, payload, octets))
  else ArpCache.transmit(stack.arp, config, nextHop, payload, octets, ARP_TIMER, now, actions)
  return true
}
