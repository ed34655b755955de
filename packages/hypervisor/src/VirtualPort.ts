/**
 * The virtual ports of a host: where vmkernel interfaces and vNICs plug into its vSwitches. Columns by port number: first the
 * vmkernel interfaces in the order of the configuration, then one port for each VM slot. The addresses of connected ports are
 * what a vSwitch knows instead of learning; a small hash finds them.
 */
import * as MacAddress from "@l2lab/l2/MacAddress"
import * as TeamingPolicy from "./TeamingPolicy.ts"

/** Columns by port number. */
export interface VirtualPorts {
  /** 1 = connected. The other columns have a meaning only then. */
  readonly connected: Uint8Array
  readonly macHigh: Int32Array
  readonly macLow: Int32Array
  /** Index of the port group. */
  readonly portGroup: Int32Array
  readonly vSwitch: Int32Array
  /** 1..4094, 0 = untagged. */
  readonly vlan: Int32Array
  /** The tag on an uplink, -1 = none. */
  readonly tci: Int32Array
  /** The NIC that the port uses, NO_UPLINK = none. */
  readonly uplink: Int32Array
  /** 1 = frames that come in by another NIC are dropped (reverse policy). */
  readonly onlySelectedUplink: Uint8Array
  /** When the announcement began that is under way. */
  readonly announcedAt: Float64Array
  /** Frames of it that have left; -1 = none is under way. */
  readonly announced: Int32Array
  /** Open addressing: port + 1 of a connected port, 0 = empty. A cache of the columns above. */
  readonly hash: Int32Array
}

/** No such port. */
export const NONE = -1

/** So many ports, none connected. */
export const make = (count: number): VirtualPorts => {
  let slots = 8
  while (slots < count * 2) slots *= 2
  return {
    connected: new Uint8Array(count),
    macHigh: new Int32Array(count),
    macLow: new Int32Array(count),
    portGroup: new Int32Array(count),
    vSwitch: new Int32Array(count),
    vlan: new Int32Array(count),
    tci: new Int32Array(count).fill(-1),
    uplink: new Int32Array(count).fill(TeamingPolicy.NO_UPLINK),
    onlySelectedUplink: new Uint8Array(count),
    announcedAt: new Float64Array(count),
    announced: new Int32Array(count).fill(-1),
    hash: new Int32Array(slots),
  }
}

const hashOf = (high: number, low: number, mask: number): number => (Math.imul(low ^ high, 0x9e3779b1) >>> 16) & mask

/** The connected port with this address, NONE if there is none. */
export const find = (ports: VirtualPorts, high: number, low: number): number => {
  const { hash } = ports
  const mask = hash.length - 1
  for (let i = hashOf(high, low, mask); hash[i] !== 0; i = (i + 1) & mask) {
    const port = hash[i] - 1
    if (ports.macLow[port] === low && ports.macHigh[port] === high) return port
  }
  return NONE
}

/** Ports come and go rarely: building the hash anew is simpler than deleting from it. */
const rebuild = (ports: VirtualPorts): void => {
  const { hash } = ports
  const mask = hash.length - 1
  hash.fill(0)
  for (let port = 0; port < ports.connected.length; port++) {
    if (ports.connected[port] === 0) continue
    let i = hashOf(ports.macHigh[port], ports.macLow[port], mask)
    while (hash[i] !== 0) i = (i + 1) & mask
    hash[i] = port + 1
  }
}

/** Connect a port; it has no uplink yet. */
export const connect = (
  ports: VirtualPorts,
  port: number,
  mac: MacAddress.MacAddress,
  portGroup: number,
  vSwitch: number,
  vlan: number,
  tci: number,
  onlySelectedUplink: boolean,
): void => {
  ports.connected[port] = 1
  ports.macHigh[port] = MacAddress.high(mac)
  ports.macLow[port] = MacAddress.low(mac)
  ports.portGroup[port] = portGroup
  ports.vSwitch[port] = vSwitch
  ports.vlan[port] = vlan
  ports.tci[port] = tci
  ports.uplink[port] = TeamingPolicy.NO_UPLINK
  ports.onlySelectedUplink[port] = onlySelectedUplink ? 1 : 0
  ports.announced[port] = -1
  rebuild(ports)
}

/** Take a port off its vSwitch: its address is known no more. */
export const disconnect = (ports: VirtualPorts, port: number): void => {
  ports.connected[port] = 0
  ports.uplink[port] = TeamingPolicy.NO_UPLINK
  ports.announced[port] = -1
  rebuild(ports)
}

/** The address of a connected port. */
export const macOf = (ports: VirtualPorts, port: number): MacAddress.MacAddress =>
  MacAddress.fromParts(ports.macHigh[port], ports.macLow[port])

/** An independent copy. */
export const copy = (ports: VirtualPorts): VirtualPorts => ({
  connected: ports.connected.slice(),
  macHigh: ports.macHigh.slice(),
  macLow: ports.macLow.slice(),
  portGroup: ports.portGroup.slice(),
  vSwitch: ports.vSwitch.slice(),
  vlan: ports.vlan.slice(),
  tci: ports.tci.slice(),
  uplink: ports.uplink.slice(),
  onlySelectedUplink: ports.onlySelectedUplink.slice(),
  announcedAt: ports.announcedAt.slice(),
  announced: ports.announced.slice(),
  hash: ports.hash.slice(),
})
