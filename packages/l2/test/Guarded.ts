/** A bridge under test with everything that guards it, and hands to feed it. */
import { Digest } from "@l2lab/sim/Digest"
import { RecordingOutbox } from "@l2lab/sim/testing/RecordingOutbox"
import { bridgeKind, type BridgeCommand } from "../src/Bridge.ts"
import type { BridgeConfig } from "../src/BridgeConfig.ts"
import { ControlProtocolKind, type AnyControlProtocolKind } from "../src/ControlProtocol.ts"
import * as EthernetFrame from "../src/EthernetFrame.ts"
import * as GroupAddress from "../src/GroupAddress.ts"
import * as MacAddress from "../src/MacAddress.ts"
import * as PortCounters from "../src/PortCounters.ts"
import * as Protocol from "../src/Protocol.ts"

/** What the protocol of `ECHO` writes down. */
export interface Heard {
  readonly pdus: Array<readonly [port: number, at: number]>
  readonly timers: Array<readonly [timer: number, at: number]>
  readonly ports: Array<readonly [port: number, up: boolean]>
}

/** A protocol that claims BPDUs, leaves ports alone and writes down what it is told. A command `start` starts its timers 0 and 1. */
export const ECHO: AnyControlProtocolKind = new ControlProtocolKind<Heard, null>({
  kind: "echo",
  passive: true,
  bpdus: true,
  timers: () => 2,
  make: () => ({ pdus: [], timers: [], ports: [] }),
  claims: (frame) => frame.destination === GroupAddress.BRIDGE_GROUP,
  onBoot: () => {},
  onPdu: (state, port, _frame, _tci, now) => {
    state.pdus.push([port, now])
  },
  onTimer: (state, timer, now, actions) => {
    state.timers.push([timer, now])
    if (timer === 0) actions.stopTimer(1)
  },
  onPort: (state, port, status) => {
    state.ports.push([port, status.up])
  },
  onCommand: (_state, command, now, actions) => {
    if (command.type !== "start") return
    actions.startTimer(0, now + 10)
    actions.startTimer(1, now + 20)
  },
  copy: (state) => structuredClone(state),
  fingerprint: () => {},
})

/** The same, if what it claims were no BPDUs. */
const OTHER: AnyControlProtocolKind = new ControlProtocolKind({ ...ECHO, kind: "other", bpdus: false })

const KIND = bridgeKind([ECHO, OTHER])

/** A frame of 64 octets, or as long as asked. */
export const frame = (source: number, destination: number, octets = 64): EthernetFrame.EthernetFrame =>
  EthernetFrame.make(destination, source, Protocol.EXPERIMENTAL, new Uint8Array(0), octets - 18)

/** Addresses of stations, and of all of them. */
export const A = 0x02000000000a
export const B = 0x02000000000b
export const C = 0x02000000000c
export const ALL = MacAddress.BROADCAST
export const SOME = 0x01005e000005

/** A PDU of a neighbour. */
export const bpdu = (): EthernetFrame.EthernetFrame => frame(0x020000002001, GroupAddress.BRIDGE_GROUP)

/** A bridge of three access ports at 1 Gb/s, all up at instant 0. */
export const bridge = (more: Partial<BridgeConfig> = {}) => {
  const config: BridgeConfig = {
    address: 0x020000001000,
    vlans: [1],
    ports: [0, 1, 2].map(() => ({ mode: "access", vlan: 1 })),
    protocols: [{ kind: "echo", config: null }],
    ...more,
  }
  const state = KIND.make(config, 0)
  const out = new RecordingOutbox<EthernetFrame.EthernetFrame>()
  KIND.onBoot(state, 0, out)
  const link = (port: number, up: boolean, now = 0) => KIND.onLink(state, port, { up, rateBps: 1e9, fullDuplex: true }, now, out)
  for (let port = 0; port < 3; port++) link(port, true)
  out.take()
  const heard = state.protocols[0] as Heard
  heard.ports.length = 0
  return {
    state,
    out,
    link,
    heard,
    kind: KIND,
    command: (command: BridgeCommand | { readonly type: string }, now = 0) => KIND.onCommand(state, command, now, out),
    /** Where copies of a frame go. */
    receive: (port: number, sent: EthernetFrame.EthernetFrame, now: number, tci = -1): ReadonlyArray<number> => {
      const before = out.requests.length
      KIND.onFrame(state, port, sent, tci, now, out)
      return out.requests.slice(before).flatMap((request) => (request.type === "transmit" ? [request.port] : []))
    },
    /** Let all timers run out that are due by `until`. */
    expire: (until: number) => {
      for (;;) {
        const at = out.nextTimerAt
        const timer = out.expire(until)
        if (timer === undefined) return
        KIND.onTimer(state, timer, at, out)
      }
    },
    drops: (port: number, reason: number) => state.drops[port * PortCounters.REASONS + reason],
    print: (of: typeof state, now: number): string => {
      const digest = new Digest()
      KIND.fingerprint(of, digest, now)
      return digest.text
    },
  }
}
