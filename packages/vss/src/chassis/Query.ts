/** What can be asked of a chassis. Reading changes nothing. What VSLP knows, `../vslp/Query` tells. */
import type { MacAddress } from "@l2lab/l2/MacAddress"
import type { PortIndex } from "@l2lab/sim/Device"
import type { SimTime } from "@l2lab/sim/SimTime"
import type { SwitchNumber } from "../vslp/Settings.ts"
import { modeOf, type ChassisState } from "./ChassisState.ts"
import type { Mode } from "./Trace.ts"
import * as VirtualSwitchLink from "./VirtualSwitchLink.ts"

/** Frames and octets, those of the Virtual Switch Header among them. */
export interface Load {
  readonly frames: number
  readonly octets: number
}

/** What the virtual switch link carries of one class, as this chassis has it. */
export interface ClassLoad {
  readonly name: (typeof VirtualSwitchLink.CLASSES)[number]
  readonly sent: Load
  readonly received: Load
}

/** The virtual switch link as one end of it has it. */
export interface VslView {
  /** Own link ports, and whether frames go by them. */
  readonly members: ReadonlyArray<{ readonly port: PortIndex; readonly up: boolean; readonly usable: boolean }>
  /** Data does not get over it, after a member failed. */
  readonly isOut: boolean
  readonly classes: ReadonlyArray<ClassLoad>
  /** Frames that did not get over it, by reason. */
  readonly lost: Readonly<Record<(typeof VirtualSwitchLink.LOSSES)[number], number>>
}

/** One chassis. */
export interface ChassisView {
  readonly domain: number
  readonly switchNumber: SwitchNumber
  readonly mode: Mode
  /** Its own address, that of the pair, and whether management set the latter. */
  readonly address: MacAddress
  readonly pairAddress: MacAddress
  readonly isVirtualAddress: boolean
  /** Of an active: whether the other chassis is told everything. */
  readonly isTelling: boolean
  readonly isHung: boolean
  readonly vsl: VslView
  readonly messagesSent: number
  readonly messagesReceived: number
  readonly retransmissions: number
  /** By line card. */
  readonly failedCards: ReadonlyArray<boolean>
  readonly reloads: number
  readonly switchovers: number
}

/** What the virtual switch link is, and carries. */
export const vslOf = ({ config, links, vsl }: ChassisState, now: SimTime): VslView => ({
  members: config.vslp.links.map((port, link) => ({
    port,
    up: links.up[port] === 1,
    usable: VirtualSwitchLink.isUsable(vsl, link),
  })),
  isOut: now < vsl.outUntil,
  classes: VirtualSwitchLink.CLASSES.map((name, i) => ({
    name,
    sent: { frames: vsl.sentFrames[i], octets: vsl.sentOctets[i] },
    received: { frames: vsl.receivedFrames[i], octets: vsl.receivedOctets[i] },
  })),
  lost: {
    "no member": vsl.lost[VirtualSwitchLink.NO_MEMBER],
    rehash: vsl.lost[VirtualSwitchLink.REHASH],
    refused: vsl.lost[VirtualSwitchLink.REFUSED],
  },
})

/** All of it. */
export const of = (state: ChassisState, now: SimTime): ChassisView => {
  const { bridge, channel, config, isHung, isTelling, links, reloads, switchovers } = state
  return {
    domain: config.vslp.domain,
    switchNumber: config.vslp.switchNumber,
    mode: modeOf(state),
    address: config.vslp.address,
    pairAddress: bridge.address,
    isVirtualAddress: config.virtualAddress !== undefined,
    isTelling,
    isHung,
    vsl: vslOf(state, now),
    messagesSent: channel.messagesSent,
    messagesReceived: channel.messagesReceived,
    retransmissions: channel.retransmissions,
    failedCards: Array.from(links.failed, (failed) => failed === 1),
    reloads,
    switchovers,
  }
}
