/** What worlds of chassis, access switches and hosts are made of: kinds, codecs, and a host that writes down what it hears. */
import { bridgeKind } from "@l2lab/l2/Bridge"
import * as EthernetFrame from "@l2lab/l2/EthernetFrame"
import * as FrameCodec from "@l2lab/l2/FrameCodec"
import { Lacp } from "@l2lab/l2/lacp/Entity"
import * as Lacpdu from "@l2lab/l2/lacp/Lacpdu"
import { Pagp } from "@l2lab/l2/pagp/Entity"
import * as PagpPdu from "@l2lab/l2/pagp/PagpPdu"
import * as PayloadCodec from "@l2lab/l2/PayloadCodec"
import * as Protocol from "@l2lab/l2/Protocol"
import * as L3Codecs from "@l2lab/l3/codecs"
import { type AnyDeviceKind, DeviceKind } from "@l2lab/sim/Device"
import type { Simulation } from "@l2lab/sim/Simulation"
import type { Registry } from "@l2lab/sim/World"
import * as Bpdu from "@l2lab/stp/Bpdu"
import * as Sstp from "@l2lab/stp/pvst/Sstp"
import { Mstp, Pvst, RapidPvst, Rstp2004, Stp1998 } from "@l2lab/stp/toolkit/Kinds"
import { Result } from "effect"
import { chassisKind } from "../../src/chassis/Chassis.ts"
import * as VirtualSwitchHeader from "../../src/chassis/VirtualSwitchHeader.ts"
import * as BfdPdu from "../../src/dualactive/BfdPdu.ts"
import * as FastHelloPdu from "../../src/dualactive/FastHelloPdu.ts"
import * as VslpPdu from "../../src/vslp/VslpPdu.ts"

/** What a host does: says something, to somebody or to all. */
export interface Say {
  readonly type: "say"
  readonly from: number
  readonly to: number
  /** What the frame is known by. */
  readonly word: number
}

export interface Host {
  readonly heard: Array<number>
  readonly heardAt: Array<number>
}

const wordOf = ({ payload }: EthernetFrame.EthernetFrame): number => {
  const octets = payload as Uint8Array
  return new DataView(octets.buffer, octets.byteOffset).getUint32(0)
}

const HOST = new DeviceKind<Host, EthernetFrame.EthernetFrame, null>({
  kind: "host",
  ports: () => 1,
  timers: () => 0,
  make: () => ({ heard: [], heardAt: [] }),
  onBoot: () => {},
  onFrame: (state, _port, frame, _tci, now) => {
    if (frame.protocol !== Protocol.EXPERIMENTAL) return
    state.heard.push(wordOf(frame))
    state.heardAt.push(now)
  },
  onTimer: () => {},
  onLink: () => {},
  onCommand: (_state, command, _now, out) => {
    const { from, to, word } = command as Say
    const octets = new Uint8Array(46)
    new DataView(octets.buffer).setUint32(0, word)
    out.transmit(0, EthernetFrame.make(to, from, Protocol.EXPERIMENTAL, octets, 46), -1)
  },
  copy: (state) => ({ heard: [...state.heard], heardAt: [...state.heardAt] }),
  fingerprint: (state, digest) => digest.numbers(state.heard),
})

const PROTOCOLS = [Mstp, Stp1998, Rstp2004, Pvst, RapidPvst, Lacp, Pagp]
const INNER = [Bpdu.codec, Sstp.codec, Lacpdu.codec, Lacpdu.markerCodec, PagpPdu.codec, PagpPdu.flushCodec]
export const codecs = PayloadCodec.registry([
  ...INNER,
  VslpPdu.lmpCodec,
  VslpPdu.rrpCodec,
  VirtualSwitchHeader.carriedCodec(PayloadCodec.registry(INNER)),
  VirtualSwitchHeader.segmentCodec,
  FastHelloPdu.codec,
  ...L3Codecs.codecs([BfdPdu.codec]),
])

export const registry: Registry<EthernetFrame.EthernetFrame> = {
  kinds: new Map<string, AnyDeviceKind<EthernetFrame.EthernetFrame>>([
    ["bridge", bridgeKind(PROTOCOLS)],
    ["chassis", chassisKind(PROTOCOLS, undefined, PayloadCodec.registry(INNER))],
    ["host", HOST],
  ]),
  fingerprintFrame: (frame, digest) => {
    digest.numbers([frame.source, frame.destination, frame.protocol, frame.wireOctets])
    const { payload } = frame
    if (PayloadCodec.isStructured(payload)) digest.numbers(codecs.byName.get(payload.protocol)!.emit(payload))
  },
}

/** Every frame is emitted and parsed on its way. */
export const rewrite = (simulation: Simulation<EthernetFrame.EthernetFrame>): void =>
  simulation.rewriteFrames((frame, tci) => {
    const { frame: read, refused } = Result.getOrThrow(FrameCodec.parse(FrameCodec.emit(frame, tci, codecs), codecs))
    if (refused !== undefined && PayloadCodec.isStructured(frame.payload)) throw new Error(`${refused.reason}: ${refused.detail}`)
    if (read.wireOctets !== frame.wireOctets) throw new Error(`${frame.wireOctets} octets, read as ${read.wireOctets}`)
    return read
  })
