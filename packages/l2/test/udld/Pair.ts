/** Two switches that run UDLD on the cable between them, and what they say and do. */
import { SECOND } from "@l2lab/sim/SimTime"
import type { SwitchPort } from "../../src/BridgeConfig.ts"
import type { BridgeConfig } from "../../src/BridgeConfig.ts"
import * as ErrdisableCause from "../../src/ErrdisableCause.ts"
import type { Mode, State } from "../../src/udld/State.ts"
import * as Trace from "../../src/udld/Trace.ts"
import type { UdldPdu } from "../../src/udld/UdldPdu.ts"
import { DiscoveryNetwork } from "../DiscoveryNetwork.ts"

const TRUNK: SwitchPort = { mode: "trunk", native: 1, allowed: [1] }

/** Settings of one switch. */
export interface Side {
  readonly mode?: Mode
  readonly messageTime?: number
  readonly more?: Partial<BridgeConfig>
}

const spec = ({ messageTime, mode = "normal", more }: Side, node: number, ports: number) => ({
  ports: Array.from({ length: ports }, () => TRUNK),
  protocols: {
    udld: {
      identity: { name: `sw${node + 1}`, interfaces: Array.from({ length: ports }, (_, port) => `Gi0/${port + 1}`) },
      ports: Array.from({ length: ports }, () => mode),
      ...(messageTime !== undefined && { messageTime }),
    },
  },
  ...(more !== undefined && { more }),
})

/** sw1 and sw2 with one cable. */
export const pair = (a: Side = {}, b: Side = a): DiscoveryNetwork =>
  new DiscoveryNetwork(
    [spec(a, 0, 1), spec(b, 1, 1)],
    [
      [
        [0, 0],
        [1, 0],
      ],
    ],
  )

/** Several switches around one that does not know UDLD and floods what comes. */
export const shared = (...sides: ReadonlyArray<Side>): DiscoveryNetwork =>
  new DiscoveryNetwork(
    [...sides.map((side, node) => spec(side, node, 1)), { ports: sides.map(() => TRUNK), protocols: {} }],
    sides.map((_, node) => [[node, 0] as const, [sides.length, node] as const]),
  )

export const stateOf = (network: DiscoveryNetwork, node: number): State => network.protocol<State>(node)

/** `link-up undetermined`: what a switch's port is at. */
export const at = (network: DiscoveryNetwork, node: number, port = 0): string => {
  const state = stateOf(network, node)
  return `${Trace.PHASES[state.phase[port]]} ${Trace.STATES[state.link[port]]}`
}

/** The messages that a switch has sent: whole seconds, what, whom it hears, and how. */
export const said = (network: DiscoveryNetwork, node: number): ReadonlyArray<string> =>
  network.seen
    .filter((seen) => seen.node === node)
    .map(({ at: sentAt, frame }) => {
      const pdu = frame.payload as UdldPdu
      const flags = `${pdu.recommendedTimeout ? "RT" : ""}${pdu.resynch ? " RSY" : ""}`
      return `${Math.floor(sentAt / SECOND)} ${pdu.opcode}${flags === "" ? "" : ` ${flags}`} ${pdu.messageInterval}s #${pdu.sequenceNumber} [${(pdu.echo ?? []).map(({ portId }) => portId).join(",")}]`
    })

/** Ports that UDLD took out of service: which switch, when, why. */
export const disabled = (network: DiscoveryNetwork): ReadonlyArray<{ node: number; at: number; why: string }> =>
  network.of(Trace.UDLD_DISABLED).map((event) => ({ node: event.node, at: event.at / SECOND, why: Trace.REASONS[event.b] }))

export const isErrdisabled = (network: DiscoveryNetwork, node: number, port = 0): boolean =>
  network.bridge(node).errdisable.cause[port] === ErrdisableCause.UDLD

/** Nothing that `from` sends arrives any more; or it does again. */
export const cut = (network: DiscoveryNetwork, from: "a" | "b", alive = false, link = 0): DiscoveryNetwork =>
  network.world({ type: "link.direction", link, from, alive })
