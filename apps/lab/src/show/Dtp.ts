/** `show dtp` and `show dtp interface`, in the layout of Catalyst switches. */
import * as MacAddress from "@l2lab/l2/MacAddress"
import type { BridgeState } from "@l2lab/l2/BridgeState"
import * as Query from "@l2lab/l2/dtp/Query"
import * as State from "@l2lab/l2/dtp/State"
import { NEVER, SECOND } from "@l2lab/sim/SimTime"
import * as SwitchQuery from "./SwitchQuery.ts"
import type { Asked, Topic } from "./Topic.ts"

const dtpOf = ({ emulation, node }: Asked): State.State | undefined =>
  Query.of(SwitchQuery.stateOf(emulation, node) as BridgeState)

/** Ports that negotiate. */
const negotiating = ({ negotiates }: State.State): number => negotiates.reduce((sum, is) => sum + is, 0)

const NONE = ["DTP is not running"]

export const dtp: Topic = {
  words: "dtp",
  lines: (asked) => {
    const running = dtpOf(asked)
    if (running === undefined) return NONE
    return [
      "Global DTP information",
      `        Sending DTP Hello packets every ${State.HELLO / SECOND} seconds`,
      `        Dynamic Trunk timeout is ${State.TIMEOUT / SECOND} seconds`,
      `        ${negotiating(running)} interfaces using DTP`,
      "",
    ]
  },
  json: (asked) => {
    const running = dtpOf(asked)
    if (running === undefined) return { dtp: null }
    return {
      dtp: {
        helloSeconds: State.HELLO / SECOND,
        timeoutSeconds: State.TIMEOUT / SECOND,
        interfaces: negotiating(running),
      },
    }
  },
}

/** Catalysts call a mode `ON`, `OFF`, `AUTO`, `DESIRABLE`; of a port that does not negotiate `NONEGOTIATE`. */
const ADMIN = ["OFF", "ON", "AUTO", "DESIRABLE"] as const

const viewOf = ({ emulation, node }: Asked, running: State.State, port: number) => {
  const { now } = emulation.simulation
  const entry = emulation.directory.nodes[node].bridgePorts[port]
  const secondsUntil = (at: number): number | null => (at === NEVER ? null : Math.ceil((at - now) / SECOND))
  const { mode, neighbour, neighbourMode } = running
  return {
    interface: entry.shortName,
    name: entry.name,
    operating: running.isTrunk[port] === 1 ? "trunk" : "access",
    mode: State.MODES[mode[port]],
    negotiates: running.negotiates[port] === 1,
    neighbour: neighbourMode[port] === State.NOBODY ? null : MacAddress.format(neighbour[port]),
    neighbourMode: State.MODES[neighbourMode[port]] ?? null,
    domainMismatch: running.mismatch[port] === 1,
    helloSeconds: secondsUntil(running.helloAt[port]),
    timeoutSeconds: secondsUntil(running.goneAt[port]),
    received: running.received[port],
    sent: running.sent[port],
    dropped: Object.fromEntries(
      State.REASONS.map((reason, i) => [reason, running.dropped[port * State.REASONS.length + i]]),
    ) as Readonly<Record<State.Reason, number>>,
    timeouts: running.timeouts[port],
    linkUps: running.linkUps[port],
    linkDowns: running.linkDowns[port],
  }
}

type View = ReturnType<typeof viewOf>

const viewsOf = (asked: Asked): ReadonlyArray<View> => {
  const running = dtpOf(asked)
  if (running === undefined) return []
  return Array.from({ length: running.ports }, (_, port) => port)
    .filter((port) => asked.port === undefined || asked.port === port)
    .map((port) => viewOf(asked, running, port))
}

const row = (label: string, value: string | number): string => `  ${label.padEnd(41)} ${value}`

const timer = (seconds: number | null): string => (seconds === null ? "never/STOPPED" : `${seconds}/RUNNING`)

const block = (view: View): ReadonlyArray<string> => {
  const isTrunk = view.operating === "trunk"
  const operating = view.operating.toUpperCase()
  const admin = view.negotiates ? ADMIN[State.MODES.indexOf(view.mode)] : "NONEGOTIATE"
  const encapsulation = isTrunk ? "802.1Q" : "NATIVE"
  const set = view.mode === "dynamic-auto" || view.mode === "dynamic-desirable" ? "NEGOTIATE" : "802.1Q"
  const { dropped } = view
  const lost = State.REASONS.reduce((sum, reason) => sum + dropped[reason], 0)
  const count = (reason: State.Reason): string => `${dropped[reason]} ${reason}`
  return [
    `DTP information for ${view.name}:`,
    row("TOS/TAS/TNS:", `${operating}/${admin}/${operating}`),
    row("TOT/TAT/TNT:", `${encapsulation}/${set}/${encapsulation}`),
    row("Neighbor address 1:", (view.neighbour ?? "00:00:00:00:00:00").replaceAll(":", "").toUpperCase()),
    row("Neighbor address 2:", "000000000000"),
    row("Hello timer expiration (sec/state):", timer(view.helloSeconds)),
    row("Access timer expiration (sec/state):", timer(view.timeoutSeconds)),
    row("Negotiation timer expiration (sec/state):", timer(null)),
    row("Multidrop timer expiration (sec/state):", timer(null)),
    row("FSM state:", isTrunk ? "S6:TRUNK" : "S2:ACCESS"),
    row("# times multi & trunk", 0),
    row("Enabled:", view.negotiates ? "yes" : "no"),
    row("In STP:", "no"),
    "",
    "  Statistics",
    "  ----------",
    `  ${view.received + lost - dropped["domain mismatches"]} packets received (${view.received} good)`,
    `  ${lost} packets dropped`,
    `      ${["nonegotiate", "bad version", "domain mismatches"].map((reason) => count(reason as State.Reason)).join(", ")},`,
    `      ${["bad TLVs", "bad TAS", "bad TAT", "bad TOT", "other"].map((reason) => count(reason as State.Reason)).join(", ")}`,
    `  ${view.sent} packets output (${view.sent} good)`,
    `  ${view.timeouts} trunk timeouts`,
    `  ${view.linkUps} link ups`,
    `  ${view.linkDowns} link downs`,
    "",
  ]
}

export const dtpInterface: Topic = {
  words: "dtp interface",
  interface: true,
  lines: (asked) => (dtpOf(asked) === undefined ? NONE : viewsOf(asked).flatMap(block)),
  json: (asked) => ({ dtpInterfaces: viewsOf(asked) }),
}
