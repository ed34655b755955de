/**
 * Everything that worlds of this repository may hold, put together in one place: kinds of devices with the control protocols and
 * services that they run, payload codecs, trace definitions. A new kind, codec or package is added here.
 */
import { hostKind } from "@l2lab/hypervisor/HostDevice"
import * as HypervisorTrace from "@l2lab/hypervisor/Trace"
import { bridgeKind } from "@l2lab/l2/Bridge"
import * as CdpPdu from "@l2lab/l2/cdp/CdpPdu"
import { Cdp } from "@l2lab/l2/cdp/Entity"
import * as CdpTrace from "@l2lab/l2/cdp/Trace"
import type { EthernetFrame } from "@l2lab/l2/EthernetFrame"
import * as Hub from "@l2lab/l2/Hub"
import { Lacp } from "@l2lab/l2/lacp/Entity"
import * as LacpLog from "@l2lab/l2/lacp/Log"
import * as Lacpdu from "@l2lab/l2/lacp/Lacpdu"
import * as LacpTrace from "@l2lab/l2/lacp/Trace"
import { Lldp } from "@l2lab/l2/lldp/Entity"
import { Pagp } from "@l2lab/l2/pagp/Entity"
import * as PagpLog from "@l2lab/l2/pagp/Log"
import * as PagpPdu from "@l2lab/l2/pagp/PagpPdu"
import * as PagpTrace from "@l2lab/l2/pagp/Trace"
import * as Lldpdu from "@l2lab/l2/lldp/Lldpdu"
import * as LldpTrace from "@l2lab/l2/lldp/Trace"
import * as PayloadCodec from "@l2lab/l2/PayloadCodec"
import * as L2Log from "@l2lab/l2/Log"
import * as L2Trace from "@l2lab/l2/Trace"
import * as DtpPdu from "@l2lab/l2/dtp/DtpPdu"
import { Dtp } from "@l2lab/l2/dtp/Entity"
import * as DtpLog from "@l2lab/l2/dtp/Log"
import * as DtpTrace from "@l2lab/l2/dtp/Trace"
import { Vtp } from "@l2lab/l2/vtp/Entity"
import * as VtpLog from "@l2lab/l2/vtp/Log"
import * as VtpTrace from "@l2lab/l2/vtp/Trace"
import * as VtpPdu from "@l2lab/l2/vtp/VtpPdu"
import { Udld } from "@l2lab/l2/udld/Entity"
import * as UdldTrace from "@l2lab/l2/udld/Trace"
import * as UdldPdu from "@l2lab/l2/udld/UdldPdu"
import * as L3Codecs from "@l2lab/l3/codecs"
import * as Flows from "@l2lab/l3/flows"
import { END_STATION } from "@l2lab/l3/EndStation"
import * as L3Trace from "@l2lab/l3/Trace"
import * as MigrationTrace from "@l2lab/migration/Trace"
import { vmotion } from "@l2lab/migration/Vmotion"
import * as VmotionCodec from "@l2lab/migration/VmotionCodec"
import { bridgePortOf as ownPort, type Directory } from "./Directory.ts"
import type { AnyDeviceKind } from "@l2lab/sim/Device"
import type { Digest } from "@l2lab/sim/Digest"
import * as SimLog from "@l2lab/sim/Log"
import * as LogLine from "@l2lab/sim/LogLine"
import * as SimTrace from "@l2lab/sim/Trace"
import * as TraceEvent from "@l2lab/sim/TraceEvent"
import type { Registry } from "@l2lab/sim/World"
import * as Bpdu from "@l2lab/stp/Bpdu"
import * as Sstp from "@l2lab/stp/pvst/Sstp"
import { Mstp, Pvst, RapidPvst, Rstp2004, Stp1998 } from "@l2lab/stp/toolkit/Kinds"
import * as Rlq from "@l2lab/stp/toolkit/Rlq"
import * as StpLog from "@l2lab/stp/Log"
import * as StpTrace from "@l2lab/stp/Trace"
import { chassisKind } from "@l2lab/vss/chassis/Chassis"
import * as ChassisLog from "@l2lab/vss/chassis/Log"
import * as ChassisTrace from "@l2lab/vss/chassis/Trace"
import * as VirtualSwitchHeader from "@l2lab/vss/chassis/VirtualSwitchHeader"
import * as BfdPdu from "@l2lab/vss/dualactive/BfdPdu"
import * as FastHelloPdu from "@l2lab/vss/dualactive/FastHelloPdu"
import * as DualActiveLog from "@l2lab/vss/dualactive/Log"
import * as DualActiveTrace from "@l2lab/vss/dualactive/Trace"
import * as VslpLog from "@l2lab/vss/vslp/Log"
import * as MlagLog from "@l2lab/vss/mlag/Log"
import * as MlagPdu from "@l2lab/vss/mlag/MlagPdu"
import { mlagPeerKind } from "@l2lab/vss/mlag/MlagPeer"
import * as MlagTrace from "@l2lab/vss/mlag/Trace"
import * as VslpTrace from "@l2lab/vss/vslp/Trace"
import * as VslpPdu from "@l2lab/vss/vslp/VslpPdu"

/** What frames carry that are of no virtual switch link. */
const PLAIN_CODECS = [
  Bpdu.codec,
  Sstp.codec,
  ...Rlq.codecs,
  VtpPdu.codec,
  DtpPdu.codec,
  Lldpdu.codec,
  CdpPdu.codec,
  UdldPdu.codec,
  Lacpdu.codec,
  Lacpdu.markerCodec,
  PagpPdu.codec,
  PagpPdu.flushCodec,
  MlagPdu.codec,
  ...L3Codecs.codecs([VmotionCodec.codec, BfdPdu.codec]),
]

/** The payload codecs that frames carried over a virtual switch link are read with. */
const carriedCodecs = PayloadCodec.registry(PLAIN_CODECS)

/** The payload codecs of all packages. */
export const codecs: PayloadCodec.PayloadCodecs = PayloadCodec.registry([
  ...PLAIN_CODECS,
  VslpPdu.lmpCodec,
  VslpPdu.rrpCodec,
  FastHelloPdu.codec,
  VirtualSwitchHeader.carriedCodec(carriedCodecs),
  VirtualSwitchHeader.segmentCodec,
])

/** What bridges may run, alone or as one of a pair. */
const PROTOCOLS = [Mstp, Stp1998, Rstp2004, Pvst, RapidPvst, Vtp, Dtp, Lacp, Pagp, Lldp, Cdp, Udld]

/** The kinds of devices by name: `bridge`, `chassis`, `mlag-peer`, `hub`, `host`, `hypervisor-host`. */
export const kinds = (): ReadonlyMap<string, AnyDeviceKind<EthernetFrame>> =>
  new Map(
    [
      bridgeKind(PROTOCOLS, Flows.readers),
      mlagPeerKind(PROTOCOLS, Flows.readers),
      chassisKind(PROTOCOLS, Flows.readers, carriedCodecs),
      Hub.kind,
      END_STATION,
      hostKind([vmotion]),
    ].map((kind) => [kind.kind, kind as AnyDeviceKind<EthernetFrame>]),
  )

/** Fold a frame that is under way: addresses, protocol, and the octets of its payload. */
export const fingerprintFrame = (frame: EthernetFrame, digest: Digest): void => {
  digest.int(frame.destinationHigh)
  digest.int(frame.destinationLow)
  digest.int(frame.sourceHigh)
  digest.int(frame.sourceLow)
  digest.number(frame.protocol)
  const { payload } = frame
  if (!PayloadCodec.isStructured(payload)) {
    digest.numbers(payload)
    return
  }
  const codec = codecs.byName.get(payload.protocol)
  digest.string(payload.protocol)
  if (codec !== undefined) digest.numbers(codec.emit(payload))
}

/** What a world is run with. */
export const registry = (): Registry<EthernetFrame> => ({ kinds: kinds(), fingerprintFrame })

/** The trace definitions of all packages by code. */
export const trace: ReadonlyMap<number, TraceEvent.TraceDefinition> = TraceEvent.registry([
  ...SimTrace.TRACE_DEFINITIONS,
  ...L2Trace.TRACE_DEFINITIONS,
  ...VtpTrace.TRACE_DEFINITIONS,
  ...DtpTrace.TRACE_DEFINITIONS,
  ...LldpTrace.TRACE_DEFINITIONS,
  ...CdpTrace.TRACE_DEFINITIONS,
  ...UdldTrace.TRACE_DEFINITIONS,
  ...LacpTrace.TRACE_DEFINITIONS,
  ...PagpTrace.TRACE_DEFINITIONS,
  ...StpTrace.TRACE_DEFINITIONS,
  ...VslpTrace.TRACE_DEFINITIONS,
  ...MlagTrace.TRACE_DEFINITIONS,
  ...ChassisTrace.TRACE_DEFINITIONS,
  ...DualActiveTrace.TRACE_DEFINITIONS,
  ...L3Trace.TRACE_DEFINITIONS,
  ...HypervisorTrace.TRACE_DEFINITIONS,
  ...MigrationTrace.TRACE_DEFINITIONS,
])

/** Events whose ports are a device's own. Those of other events are its bridge's, which for a chassis are ports of both chassis. */
const OWN_PORTS: ReadonlySet<number> = new Set(
  [
    ...SimTrace.TRACE_DEFINITIONS,
    ...VslpTrace.TRACE_DEFINITIONS,
    ...ChassisTrace.TRACE_DEFINITIONS,
    ...DualActiveTrace.TRACE_DEFINITIONS,
  ].map(({ code }) => code),
)

/** The bridge port that a port of a trace event is, at a node of the directory. */
export const bridgePortOf = (directory: Directory, { code, node }: TraceEvent.TraceEvent, port: number): number =>
  OWN_PORTS.has(code) ? ownPort(directory, node, port) : port

/** The log lines of all packages by the code of the event that makes them. */
export const log: ReadonlyMap<number, ReadonlyArray<LogLine.LogDefinition>> = LogLine.registry([
  ...SimLog.LOG,
  ...L2Log.LOG,
  ...VtpLog.LOG,
  ...DtpLog.LOG,
  ...LacpLog.LOG,
  ...PagpLog.LOG,
  ...StpLog.LOG,
  ...VslpLog.LOG,
  ...MlagLog.LOG,
  ...ChassisLog.LOG,
  ...DualActiveLog.LOG,
])
