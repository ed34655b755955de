/**
 * What a chassis does with a frame that the other one relayed and sent over the virtual switch link: it learns where the frame came in, and sends it where
 * the header says. A flood leaves by every port on this chassis but those of bundles that have a member on the other, which has sent it there.
 */
import { BundleEgress } from "@l2lab/l2/bundle/BundleEgress"
import type { FlowReaders } from "@l2lab/l2/bundle/LoadBalance"
import { FORWARDING } from "@l2lab/l2/BridgeState"
import type { EthernetFrame } from "@l2lab/l2/EthernetFrame"
import * as FilteringDatabase from "@l2lab/l2/FilteringDatabase"
import * as MacRelay from "@l2lab/l2/MacRelay"
import { MEMBER, NO_VLAN, TAGGED } from "@l2lab/l2/VlanTable"
import type { Outbox, Tci } from "@l2lab/sim/Device"
import { PassedOutbox } from "@l2lab/sim/PassedOutbox"
import type { SimTime } from "@l2lab/sim/SimTime"
import { firstPort, hasMember, isOwn, type ChassisState } from "./ChassisState.ts"
import { FLOOD, NO_PORT, type Carried } from "./VirtualSwitchHeader.ts"
import * as VirtualSwitchLink from "./VirtualSwitchLink.ts"

/** Sends by link ports of this chassis, and by no others. */
class OwnEgress extends PassedOutbox<EthernetFrame> {
  private state!: ChassisState

  at(state: ChassisState, out: Outbox<EthernetFrame>): this {
    this.pass(out)
    this.state = state
    return this
  }

  override transmit(link: number, frame: EthernetFrame, tci: Tci): void {
    if (isOwn(this.state, link)) this.out.transmit(link - firstPort(this.state), frame, tci)
  }
}

/** Bridge ports to link ports: bundles that the other chassis has sent a flood to are left out. */
class FloodEgress extends PassedOutbox<EthernetFrame> {
  private readonly bundles: BundleEgress
  private state!: ChassisState

  constructor(readers: FlowReaders) {
    super()
    this.bundles = new BundleEgress(readers)
  }

  at(state: ChassisState, own: OwnEgress): this {
    this.pass(own)
    this.state = state
    return this
  }

  override transmit(port: number, frame: EthernetFrame, tci: Tci): void {
    const { bridge } = this.state
    if (bridge.bundles === null || port < bridge.bundles.links) return this.out.transmit(port, frame, tci)
    if (hasMember(this.state, port - bridge.bundles.links, false)) return
    this.bundles.at(bridge, bridge.bundles, this.out).transmit(port, frame, tci)
  }
}

/** Made once for all chassis of a kind. */
export const carrier = (
  readers: FlowReaders,
): ((state: ChassisState, carried: Carried, now: SimTime, out: Outbox<EthernetFrame>) => void) => {
  const own = new OwnEgress()
  const flooding = new FloodEgress(readers)
  const bundles = new BundleEgress(readers)

  return (state, { egress, frame, ingress, tci }, now, out) => {
    const { bridge, vsl } = state
    const { fdb, vlans } = bridge
    const vlan = tci < 0 ? NO_VLAN : vlans.indexOf[tci & 0x0fff]
    const isKnown = ingress < bridge.ports || ingress === NO_PORT
    if (vlan === NO_VLAN || !isKnown || (egress !== FLOOD && egress >= bridge.ports)) {
      vsl.lost[VirtualSwitchLink.REFUSED]++
      return
    }
    if (ingress !== NO_PORT && bridge.up[ingress] === 1) {
      FilteringDatabase.learn(fdb, frame.sourceLow, frame.sourceHigh, vlans.fidOf[vlan], vlans.treeOf[vlan], ingress, now)
    }
    const egressTo = own.at(state, out)
    if (egress === FLOOD) {
      MacRelay.flood(bridge, vlan, ingress, frame, tci, flooding.at(state, egressTo))
      return
    }
    const bits = bridge.relay[vlan * bridge.ports + egress]
    if ((bits & (MEMBER | FORWARDING)) !== (MEMBER | FORWARDING) || egress === ingress) return
    const tag = (bits & TAGGED) === 0 ? -1 : tci
    if (bridge.bundles === null) egressTo.transmit(egress, frame, tag)
    else bundles.at(bridge, bridge.bundles, egressTo).transmit(egress, frame, tag)
  }
}
