/** A stack that is tested alone, or at one end of a cable. */
import { assert } from "@effect/vitest"
import type { StructuredPayload } from "@l2lab/l2/EthernetFrame"
import * as EthernetFrame from "@l2lab/l2/EthernetFrame"
import * as MacAddress from "@l2lab/l2/MacAddress"
import * as Protocol from "@l2lab/l2/Protocol"
import type { ArpPayload } from "@l2lab/l3/Arp"
import * as Arp from "@l2lab/l3/Arp"
import * as Ipv4 from "@l2lab/l3/Ipv4"
import * as NetworkStack from "@l2lab/l3/NetworkStack"
import type { Datagram, StackActions } from "@l2lab/l3/StackActions"
import { MILLISECOND } from "@l2lab/sim/SimTime"
import { RecordingOutbox } from "@l2lab/sim/testing/RecordingOutbox"
import { Schema } from "effect"
import type { Sent } from "./Cable.ts"
import { A, A_IP, Cable } from "./Cable.ts"

export const Seed = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 2 ** 31 - 1 }))
export const MS = MILLISECOND

/** Actions of a stack that is tested alone: what it sends and delivers. */
export class Actions extends RecordingOutbox implements StackActions {
  sent: Array<EthernetFrame.EthernetFrame> = []
  delivered: Array<Datagram> = []
  send(frame: EthernetFrame.EthernetFrame): void {
    this.sent.push(frame)
  }
  deliver(datagram: Datagram): void {
    this.delivered.push(datagram)
  }
  takeSent(): ReadonlyArray<EthernetFrame.EthernetFrame> {
    const sent = this.sent
    this.sent = []
    return sent
  }
}

export const alone = (config: Partial<NetworkStack.StackConfig> = {}) => {
  const actions = new Actions()
  const stack = NetworkStack.make({ mac: A, address: A_IP, prefixLength: 24, ...config }, 0)
  NetworkStack.onUp(stack, 0, actions)
  return { stack, actions }
}

/** What the peer at `mac` answers to the ARP request that was sent last. */
export const answerArp = (stack: NetworkStack.NetworkStack, actions: Actions, mac: number, now: number): void => {
  const request = actions.takeSent().find((frame) => frame.protocol === Protocol.ARP)
  assert.isDefined(request)
  const packet = (request.payload as ArpPayload).packet
  NetworkStack.onFrame(stack, Arp.reply(mac, packet.targetProtocol, packet), now, actions)
}

export const packetOf = (frame: EthernetFrame.EthernetFrame): Ipv4.Ipv4Packet => (frame.payload as Ipv4.Ipv4Payload).packet

export const kinds = (sent: ReadonlyArray<Sent>): ReadonlyArray<string> =>
  sent.map(({ from, frame }) => {
    const payload = frame.payload as StructuredPayload
    const what = payload.protocol === "ipv4" ? (payload as Ipv4.Ipv4Payload).packet.body.kind : payload.protocol
    return `${from === 0 ? "A" : "B"} ${what}${frame.destination === MacAddress.BROADCAST ? " to all" : ""}`
  })

/** A stack's actions on a station's outbox, as the station itself has them; nothing is sent by freezing or thawing. */
export const actionsOf = (of: 0 | 1, cable: Cable, out: RecordingOutbox<EthernetFrame.EthernetFrame>): StackActions => ({
  send: (frame) => out.transmit(0, frame, cable.states[of].tci),
  startTimer: (id, at) => out.startTimer(id, at),
  stopTimer: (id) => out.stopTimer(id),
  random: () => out.random(),
  trace: (code, a, b, c, d) => out.trace(code, a, b, c, d),
  detail: (code, a, b, c, d) => out.detail(code, a, b, c, d),
  tracing: true,
  deliver: () => {},
})
