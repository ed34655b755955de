/** A switch of two members that run LACP, fed by hand. */
import { SECOND, type SimTime } from "@l2lab/sim/SimTime"
import { RecordingOutbox } from "@l2lab/sim/testing/RecordingOutbox"
import { bridgeKind } from "../../src/Bridge.ts"
import type { EthernetFrame } from "../../src/EthernetFrame.ts"
import { Lacp } from "../../src/lacp/Entity.ts"
import * as Lacpdu from "../../src/lacp/Lacpdu.ts"
import { receiveStateOf } from "../../src/lacp/Machines.ts"
import * as Selection from "../../src/lacp/Selection.ts"
import { actorOf, type GroupConfig, type State, TIMERS } from "../../src/lacp/State.ts"
import * as Trace from "../../src/Trace.ts"
import { TRUNK } from "./Pair.ts"

const KIND = bridgeKind([Lacp])

/** Who the switch is, a partner, and a stranger. */
export const ME = 0x020000010000
export const YOU = 0x020000020000
export const THEM = 0x020000030000

/** Says that it would share a link, and is in sync. */
export const IN_SYNC = Lacpdu.ACTIVITY | Lacpdu.TIMEOUT | Lacpdu.AGGREGATION | Lacpdu.SYNCHRONIZATION

/** The switch, its links up since instant 0. */
export const fed = (group: Partial<GroupConfig> = {}) => {
  const out = new RecordingOutbox<EthernetFrame>()
  const bridge = KIND.make(
    {
      address: ME,
      vlans: [1, 10],
      ports: [TRUNK, TRUNK, TRUNK],
      bundles: [{ members: [0, 1], isStatic: false, switchPort: TRUNK, loadBalance: "src-mac" }],
      protocols: [
        {
          kind: "lacp",
          config: {
            groups: [{ bundle: 0, key: 1, members: [0, 1], ...group }],
            ports: [{ mode: "active", rate: "fast" }, { mode: "active", rate: "fast" }, undefined],
          },
        },
      ],
    },
    0,
  )
  KIND.onBoot(bridge, 0, out)
  const state = bridge.protocols[0] as State
  let now: SimTime = 0
  const events: Array<readonly [code: number, a: number, b: number, c: number, d: number]> = []
  const taken = (): ReadonlyArray<EthernetFrame> =>
    out.take().flatMap((request) => {
      if (request.type === "trace") events.push([request.code, request.a, request.b, request.c, request.d])
      return request.type === "transmitControl" ? [request.frame] : []
    })
  const switchOn = {
    bridge,
    state,
    events,
    link: (port: number, up: boolean): void => {
      KIND.onLink(bridge, port, { up, rateBps: 1e9, fullDuplex: true }, now, out)
      taken()
    },
    /** `bundled out`: what the members are to the relay. */
    roles: (): string => Array.from(bridge.bundles!.role.slice(0, 2), (role) => Trace.MEMBER_ROLES[role]).join(" "),
    standings: (): string => [0, 1].map((port) => Selection.standingOf(state, port)).join(" "),
    receive: (port: number): string => receiveStateOf(state, port),
    /** Let so many seconds pass, timer by timer. */
    wait: (seconds: number): void => {
      const end = now + seconds * SECOND
      for (;;) {
        const columns = [...TIMERS.map((name) => state[name]), state.transmitAt]
        const next = Math.min(...columns.flatMap((column) => Array.from(column).filter((at) => at > now)))
        if (next > end) break
        now = next
        KIND.onTimer(bridge, 0, now, out)
      }
      now = end
      taken()
    },
    /** A frame comes in; what is sent because of it. */
    hears: (port: number, frame: EthernetFrame): ReadonlyArray<EthernetFrame> => {
      taken()
      KIND.onFrame(bridge, port, frame, -1, now, out)
      return taken()
    },
    /** An LACPDU of somebody that speaks of the port as it is. */
    pdu: (port: number, system: number, more: Partial<Lacpdu.Party> = {}, partner: Partial<Lacpdu.Party> = {}): EthernetFrame =>
      Lacpdu.frame(
        {
          protocol: "lacp",
          actor: { systemPriority: 32_768, system, key: 7, portPriority: 32_768, port: port + 11, state: IN_SYNC, ...more },
          partner: { ...actorOf(state, port), ...partner },
          collectorMaxDelay: 0,
        },
        system + 1 + port,
      ),
  }
  for (const port of [0, 1]) switchOn.link(port, true)
  return switchOn
}

/** The same, bundled with one partner. */
export const bundled = (group: Partial<GroupConfig> = {}) => {
  const one = fed(group)
  for (let seconds = 0; seconds < 3; seconds++) {
    for (const port of [0, 1]) one.hears(port, one.pdu(port, YOU))
    one.wait(1)
  }
  for (const port of [0, 1]) one.hears(port, one.pdu(port, YOU))
  return one
}
