/**
 * A hub: whatever comes in on one port goes out of all others that are up, tags, BPDUs and reserved addresses included. It learns
 * nothing and blocks nothing, so it joins its neighbours into one LAN.
 *
 * Simplified: a hub of the emulator stores and repeats at each port's own rate through the port's queue; there are no collisions and no half duplex.
 */
import * as Device from "@l2lab/sim/Device"
import type { EthernetFrame } from "./EthernetFrame.ts"

/** What a design says of a hub. */
export interface HubConfig {
  /** Number of link ports, 1 or more. */
  readonly ports: number
}

/** The state of a hub: nearly nothing. */
export interface HubState {
  readonly ports: number
  /** 1 where the link port is up. */
  readonly up: Uint8Array
  /** Frames received by port. Doubles, since a storm passes 2^32. */
  readonly received: Float64Array
  /** Frames handed to each port for sending. */
  readonly repeated: Float64Array
}

/** The device kind `hub`. It has no timers and knows no commands. */
export const kind = new Device.DeviceKind<HubState, EthernetFrame, HubConfig>({
  kind: "hub",
  ports: (config) => config.ports,
  timers: () => 0,
  make: (config) => ({
    ports: config.ports,
    up: new Uint8Array(config.ports),
    received: new Float64Array(config.ports),
    repeated: new Float64Array(config.ports),
  }),
  onBoot: () => {},
  onFrame: (state, port, frame, tci, _now, out) => {
    state.received[port]++
    for (let other = 0; other < state.ports; other++) {
      if (other === port || state.up[other] === 0) continue
      state.repeated[other]++
      out.transmit(other, frame, tci)
    }
  },
  onTimer: () => {},
  onLink: (state, port, link) => {
    state.up[port] = link.up ? 1 : 0
  },
  onCommand: () => {},
  copy: (state) => ({
    ports: state.ports,
    up: state.up.slice(),
    received: state.received.slice(),
    repeated: state.repeated.slice(),
  }),
  fingerprint: (state, digest) => {
    digest.numbers(state.up)
    digest.numbers(state.received)
    digest.numbers(state.repeated)
  },
})
