/** Somebody at a repeater who sends what no bridge would: the device, and what it may think of. */
import * as EthernetFrame from "@l2lab/l2/EthernetFrame"
import * as Protocol from "@l2lab/l2/Protocol"
import { DeviceKind, type Command } from "@l2lab/sim/Device"
import * as Bpdu from "../../src/Bpdu.ts"
import * as Sstp from "../../src/pvst/Sstp.ts"
import type { Draw } from "./Draw.ts"

/** What it has last heard, with the tag beside it. */
export interface IntruderState {
  heard: EthernetFrame.EthernetFrame | null
  tci: number
}

/** Send a frame. */
export interface Send extends Command {
  readonly type: "intruder.send"
  readonly frame: EthernetFrame.EthernetFrame
  readonly tci: number
}

export const Intruder = new DeviceKind<IntruderState, EthernetFrame.EthernetFrame, Record<string, never>>({
  kind: "intruder",
  ports: () => 1,
  timers: () => 0,
  make: () => ({ heard: null, tci: -1 }),
  onBoot: () => {},
  onFrame: (state, _port, frame, tci) => {
    state.heard = frame
    state.tci = tci
  },
  onTimer: () => {},
  onLink: () => {},
  onCommand: (_state, command, _now, out) => {
    if (command.type === "intruder.send") out.transmit(0, (command as Send).frame, (command as Send).tci)
  },
  copy: (state) => ({ ...state }),
  fingerprint: (state, digest) => digest.number(state.tci),
})

const SOURCE = 0x02badbadbad0
const SSTP_GROUP = 0x01000ccccccd
const LLC_OCTETS = 3
const SNAP_OCTETS = 8
const LONGEST = 1400

/** A frame to the bridge group address with these octets behind its LLC header. */
export const ieee = (octets: Uint8Array): EthernetFrame.EthernetFrame =>
  EthernetFrame.make(Bpdu.GROUP_ADDRESS, SOURCE, Protocol.BPDU, octets, octets.length + LLC_OCTETS)

/** One for SSTP. */
export const sstp = (octets: Uint8Array): EthernetFrame.EthernetFrame =>
  EthernetFrame.make(SSTP_GROUP, SOURCE, Protocol.SSTP, octets, octets.length + SNAP_OCTETS)

const octetsOf = ({ payload }: EthernetFrame.EthernetFrame): Uint8Array => {
  if (payload instanceof Uint8Array) return payload
  if (payload.protocol === "bpdu") return Bpdu.emit(payload as Bpdu.Bpdu)
  return payload.protocol === "sstp" ? Sstp.emit(payload as Sstp.SstpBpdu) : new Uint8Array(0)
}

export const THOUGHTS = [
  "random",
  "truncated",
  "oversized",
  "looped-back",
  "own-identifier",
  "impossible-age",
  "wrong-version",
  "bit-flips",
  "better-root",
  "tagged",
] as const
export type Thought = (typeof THOUGHTS)[number]

/** What the intruder makes of what it has heard; the addresses are those of bridges that it may pretend to be. */
export const think = (
  from: Draw,
  thought: Thought,
  { heard, tci }: IntruderState,
  addresses: ReadonlyArray<number>,
): { readonly frame: EthernetFrame.EthernetFrame; readonly tci: number } | undefined => {
  if (thought === "random") {
    const octets = Uint8Array.from({ length: from.between(0, 200) }, () => from.between(0, 255))
    return { frame: from.chance(70) ? ieee(octets) : sstp(octets), tci: -1 }
  }
  if (heard === null || (heard.protocol !== Protocol.BPDU && heard.protocol !== Protocol.SSTP)) return undefined
  if (thought === "looped-back") return { frame: heard, tci }
  const octets = octetsOf(heard).slice()
  const wrap = heard.protocol === Protocol.SSTP ? sstp : ieee
  const put16 = (offset: number, value: number): void => {
    if (octets.length < offset + 2) return
    octets[offset] = value >> 8
    octets[offset + 1] = value & 0xff
  }
  const putAddress = (offset: number, address: number): void => {
    put16(offset, Math.floor(address / 2 ** 32))
    put16(offset + 2, Math.floor(address / 2 ** 16) % 2 ** 16)
    put16(offset + 4, address % 2 ** 16)
  }
  switch (thought) {
    case "truncated":
      return { frame: wrap(octets.slice(0, from.between(0, octets.length - 1))), tci }
    case "oversized": {
      const longer = new Uint8Array(from.between(octets.length, LONGEST)).fill(from.between(0, 255))
      longer.set(octets)
      return { frame: wrap(longer), tci }
    }
    case "own-identifier":
      // The bridge identifier stands behind root and cost; the port identifier behind it.
      putAddress(19, from.one(addresses))
      put16(25, 0x8000 + from.between(0, 4))
      break
    case "impossible-age":
      put16(27, from.one([0, 256, 20 * 256, 255 * 256, 65_535]))
      put16(29, from.one([0, 1, 6 * 256, 65_535]))
      put16(31, from.one([0, 1, 256, 65_535]))
      put16(33, from.one([0, 1, 65_535]))
      break
    case "wrong-version":
      octets[from.between(0, 3)] = from.between(0, 255)
      break
    case "bit-flips":
      for (let n = from.between(1, 12); n > 0; n--) octets[from.between(4, octets.length - 1)] ^= 1 << from.between(0, 7)
      break
    case "better-root":
      put16(5, from.between(0, 4095))
      putAddress(7, from.one([SOURCE, ...addresses]))
      put16(13, 0)
      put16(15, from.between(0, 100))
      break
    case "tagged":
      return { frame: wrap(octets), tci: from.one([0, 1, 5, 10, 4095, 0xe000]) }
  }
  return { frame: wrap(octets), tci }
}
