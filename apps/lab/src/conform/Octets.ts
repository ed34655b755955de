/** Frames of the conform networks as octets: for captures, and for sending every frame through emit and parse. */
import type { EthernetFrame } from "@l2lab/l2/EthernetFrame"
import * as FrameCodec from "@l2lab/l2/FrameCodec"
import * as MacAddress from "@l2lab/l2/MacAddress"
import * as PayloadCodec from "@l2lab/l2/PayloadCodec"
import * as Capture from "@l2lab/pcap-writer/Capture"
import type { Tci } from "@l2lab/sim/Device"
import type { Listener } from "@l2lab/sim/Simulation"
import * as Bpdu from "@l2lab/stp/Bpdu"
import * as Result from "effect/Result"
import type * as Network from "./Network.ts"

const codecs = PayloadCodec.registry([Bpdu.codec])

/** A frame as its receiver reads it off the wire. What no one can read arrives as it was sent. */
export const throughOctets = (frame: EthernetFrame, tci: Tci): EthernetFrame => {
  const parsed = FrameCodec.parse(FrameCodec.emit(frame, tci, codecs), codecs)
  return Result.isSuccess(parsed) ? parsed.success.frame : frame
}

/** A capture at every bridge port, each an interface `b1:2`; the first frame after an event carries the event as a comment. */
export interface BridgePortCapture {
  readonly listener: Pick<Listener<EthernetFrame>, "onFrame">
  /** Have the next packet say this. */
  readonly announce: (comment: string) => void
}

/** Capture at all bridge ports of a network into `capture`. */
export const captureAll = (network: Network.Network, capture: Capture.Capture): BridgePortCapture => {
  const { simulation } = network
  const { world } = simulation
  const interfaces = new Map<number, Capture.InterfaceId>()
  for (const bridge of network.record.bridges) {
    const first = world.portBase[network.nodeOf.get(bridge.name)!]
    bridge.ports.forEach((port, index) => {
      const macAddress = new Uint8Array(6)
      MacAddress.write(MacAddress.parse(bridge.mac)! + 1 + index, macAddress, 0)
      const description = port.segment == null ? undefined : `segment ${port.segment}`
      interfaces.set(
        first + index,
        Capture.addInterface(capture, { name: `${bridge.name}:${port.no}`, description, macAddress, fcsOctets: 0 }),
      )
      simulation.capture(first + index, true)
    })
  }
  let comment: string | undefined
  return {
    listener: {
      onFrame: (port, direction, frame, tci, at) => {
        const octets = FrameCodec.emit(frame, tci, codecs)
        Capture.packet(capture, { interface: interfaces.get(port)!, at, octets, direction, comment })
        comment = undefined
      },
    },
    announce: (text) => {
      comment = text
    },
  }
}
