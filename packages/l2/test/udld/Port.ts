/** One port that runs UDLD, fed by hand: what it says, and what becomes of it. */
import { Digest } from "@l2lab/sim/Digest"
import { SECOND, type SimTime } from "@l2lab/sim/SimTime"
import { RecordingOutbox } from "@l2lab/sim/testing/RecordingOutbox"
import { bridgeKind } from "../../src/Bridge.ts"
import type { EthernetFrame } from "../../src/EthernetFrame.ts"
import * as ErrdisableCause from "../../src/ErrdisableCause.ts"
import { Udld } from "../../src/udld/Entity.ts"
import type { Mode, State } from "../../src/udld/State.ts"
import * as Trace from "../../src/udld/Trace.ts"
import * as UdldPdu from "../../src/udld/UdldPdu.ts"

const KIND = bridgeKind([Udld])

/** Who the port is in messages. */
export const ME: UdldPdu.Party = { deviceId: "020000001000", portId: "Gi0/1" }
/** A neighbour, and one more. */
export const YOU: UdldPdu.Party = { deviceId: "020000002000", portId: "Gi0/7" }
export const THEM: UdldPdu.Party = { deviceId: "020000003000", portId: "Gi0/3" }

/** The ways between phases that all ports of a test file have taken: `detection -> advertisement`. */
export const TAKEN = new Set<string>()

/** A neighbour's message. */
export const message = (
  opcode: UdldPdu.Opcode,
  from: UdldPdu.Party,
  echo: ReadonlyArray<UdldPdu.Party>,
  more: Partial<UdldPdu.UdldPdu> = {},
): UdldPdu.UdldPdu => ({
  protocol: "udld",
  opcode,
  recommendedTimeout: opcode === "probe",
  resynch: false,
  ...from,
  echo,
  messageInterval: 15,
  timeoutInterval: 5,
  ...more,
})

/** The port, up since instant 0. */
export const port = (mode: Mode = "normal", messageTime?: number) => {
  const out = new RecordingOutbox<EthernetFrame>()
  const bridge = KIND.make(
    {
      address: 0x020000001000,
      vlans: [1],
      ports: [{ mode: "access", vlan: 1 }],
      protocols: [
        {
          kind: "udld",
          config: {
            identity: { name: "sw1", interfaces: ["GigabitEthernet0/1"] },
            ports: [mode],
            ...(messageTime !== undefined && { messageTime }),
          },
        },
      ],
    },
    0,
  )
  const state = bridge.protocols[0] as State
  let now: SimTime = 0
  const sent: Array<UdldPdu.UdldPdu> = []
  let phase: Trace.Phase = "inactive"
  const collect = (): void => {
    for (const request of out.take()) {
      if (request.type === "trace" && request.code === Trace.UDLD_PHASE.code) {
        TAKEN.add(`${phase} -> ${Trace.PHASES[request.b]}`)
        phase = Trace.PHASES[request.b]
      }
      if (request.type === "transmitControl") sent.push(request.frame.payload as UdldPdu.UdldPdu)
    }
  }
  KIND.onBoot(bridge, 0, out)
  KIND.onLink(bridge, 0, { up: true, rateBps: 1e9, fullDuplex: true }, 0, out)
  collect()
  return {
    state,
    bridge,
    sent,
    /** Let seconds pass. */
    pass: (seconds: number): void => {
      const until = now + seconds * SECOND
      for (;;) {
        const due = out.nextTimerAt
        const timer = out.expire(until)
        if (timer === undefined) break
        KIND.onTimer(bridge, timer, due, out)
        collect()
      }
      now = until
    },
    hear: (pdu: UdldPdu.UdldPdu | Uint8Array, source = 0x020000002001): void => {
      const frame =
        "protocol" in pdu ? UdldPdu.frame(pdu, source) : { ...UdldPdu.frame(message("probe", YOU, []), source), payload: pdu }
      KIND.onFrame(bridge, 0, frame as EthernetFrame, -1, now, out)
      collect()
    },
    link: (up: boolean): void => {
      KIND.onLink(bridge, 0, { up, rateBps: 1e9, fullDuplex: true }, now, out)
      collect()
    },
    at: (): string => `${Trace.PHASES[state.phase[0]]} ${Trace.STATES[state.link[0]]}`,
    print: (): string => {
      const digest = new Digest()
      KIND.fingerprint(bridge, digest, now)
      return digest.text
    },
    isDisabled: (): boolean => bridge.errdisable.cause[0] === ErrdisableCause.UDLD,
    why: (): string => Trace.REASONS[state.reason[0]],
  }
}
