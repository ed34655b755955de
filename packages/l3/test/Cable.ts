/**
 * Two end stations on one cable, for tests: their devices, a recording outbox for each, and just enough time to run them. What a
 * station hands to its link arrives at the other after the latency, unless `carries` says no.
 */
import type { EthernetFrame } from "@l2lab/l2/EthernetFrame"
import type { EndStationCommand, EndStationConfig, EndStationState } from "@l2lab/l3/EndStation"
import { END_STATION } from "@l2lab/l3/EndStation"
import type { Command } from "@l2lab/sim/Device"
import type { SimTime } from "@l2lab/sim/SimTime"
import { RecordingOutbox } from "@l2lab/sim/testing/RecordingOutbox"

export const A = 0x020000000001
export const B = 0x020000000002
export const A_IP = 0x0a000001
export const B_IP = 0x0a000002

const LINK = { rateBps: 1_000_000_000, fullDuplex: true }

export interface Sent {
  readonly at: SimTime
  readonly from: 0 | 1
  readonly frame: EthernetFrame
  readonly tci: number
}

interface Arrival {
  readonly at: SimTime
  readonly to: 0 | 1
  readonly frame: EthernetFrame
  readonly tci: number
}

export class Cable {
  now: SimTime = 0
  readonly states: [EndStationState, EndStationState]
  readonly outs = [new RecordingOutbox<EthernetFrame>(1), new RecordingOutbox<EthernetFrame>(2)] as const
  /** All frames handed to the cable, also those that it did not carry. */
  readonly sent: Array<Sent> = []
  /** All trace events, with details. */
  readonly traces: Array<{
    readonly at: SimTime
    readonly of: 0 | 1
    readonly code: number
    readonly operands: ReadonlyArray<number>
  }> = []
  latencyNs = 50_000
  carries: (sent: Sent) => boolean = () => true
  private arrivals: Array<Arrival> = []

  constructor(first: Partial<EndStationConfig> = {}, second: Partial<EndStationConfig> = {}) {
    this.states = [
      END_STATION.make({ mac: A, address: A_IP, prefixLength: 24, ...first }, 0),
      END_STATION.make({ mac: B, address: B_IP, prefixLength: 24, ...second }, 0),
    ]
    this.link(0, true)
    this.link(1, true)
  }

  get stacks() {
    return [this.states[0].stack, this.states[1].stack] as const
  }

  link(of: 0 | 1, up: boolean): void {
    END_STATION.onLink(this.states[of], 0, { up, ...LINK }, this.now, this.outs[of])
    this.collect(of)
  }

  command(of: 0 | 1, command: EndStationCommand | Command): void {
    END_STATION.onCommand(this.states[of], command, this.now, this.outs[of])
    this.collect(of)
  }

  /** Let `act` use a station's outbox, for instance to freeze its stack. */
  with(of: 0 | 1, act: (state: EndStationState, out: RecordingOutbox<EthernetFrame>) => void): void {
    act(this.states[of], this.outs[of])
    this.collect(of)
  }

  /** Put a frame onto a station's wire now. */
  hear(of: 0 | 1, frame: EthernetFrame, tci = -1): void {
    END_STATION.onFrame(this.states[of], 0, frame, tci, this.now, this.outs[of])
    this.collect(of)
  }

  /** Run until `until`, events at that instant included. */
  run(until: SimTime): void {
    for (;;) {
      const arrival = this.arrivals[0]
      const timers = [this.outs[0].nextTimerAt, this.outs[1].nextTimerAt]
      const next = Math.min(arrival?.at ?? Infinity, ...timers)
      if (next > until) break
      this.now = next
      if (arrival?.at === next) {
        this.arrivals.shift()
        END_STATION.onFrame(this.states[arrival.to], 0, arrival.frame, arrival.tci, next, this.outs[arrival.to])
        this.collect(arrival.to)
        continue
      }
      const of = timers[0] === next ? 0 : 1
      const id = this.outs[of].expire(next)
      if (id !== undefined) END_STATION.onTimer(this.states[of], id, next, this.outs[of])
      this.collect(of)
    }
    this.now = until
  }

  private collect(of: 0 | 1): void {
    for (const request of this.outs[of].take()) {
      if (request.type === "transmit") {
        const sent: Sent = { at: this.now, from: of, frame: request.frame, tci: request.tci }
        this.sent.push(sent)
        if (!this.carries(sent)) continue
        this.arrivals.push({ at: this.now + this.latencyNs, to: of === 0 ? 1 : 0, frame: request.frame, tci: request.tci })
      } else if (request.type === "trace" || request.type === "detail") {
        this.traces.push({
          at: this.now,
          of,
          code: request.code,
          operands: [request.a, request.b, request.c, request.d],
        })
      }
    }
  }
}
