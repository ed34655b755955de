/**
 * `show switch virtual`, `role`, `link`, `link counters` and `dual-active` (`summary`, `fast-hello`, `bfd`), in the layout of Catalyst 4500 and 6500 switches: each chassis that the virtual switch link
 * reaches answers in turn, as on a 4500. What a link's LMP is at, and the counters by kind, have a layout of our own.
 */
import * as MacAddress from "@l2lab/l2/MacAddress"
import * as Ipv4Address from "@l2lab/l3/Ipv4Address"
import * as ChassisQuery from "@l2lab/vss/chassis/Query"
import type { ChassisState } from "@l2lab/vss/chassis/ChassisState"
import * as DualActiveQuery from "@l2lab/vss/dualactive/Query"
import * as VslpQuery from "@l2lab/vss/vslp/Query"
import * as Bridges from "../Bridges.ts"
import * as Columns from "./Columns.ts"
import { pagpDualActive } from "./Pagp.ts"
import type { Asked, Topic } from "./Topic.ts"

/** One chassis that answers. */
interface Answer {
  readonly node: number
  readonly chassis: ChassisQuery.ChassisView
  readonly vslp: VslpQuery.VslpView
  readonly dualActive: DualActiveQuery.DualActiveView | null
  readonly sessions: readonly [own: number, peer: number]
  readonly portName: (port: number) => string
}

const answerOf = ({ emulation }: Asked, node: number, state: ChassisState): Answer => {
  const { directory, simulation } = emulation
  return {
    node,
    chassis: ChassisQuery.of(state, simulation.now),
    vslp: VslpQuery.view(state.vslp, simulation.now),
    dualActive: state.dualActive === null ? null : DualActiveQuery.view(state.dualActive),
    sessions: [state.channel.session, state.channel.peer],
    portName: (port) => directory.nodes[node].ports[port].shortName,
  }
}

/** The chassis that is asked, and the other one where the virtual switch link is up. */
const answers = (asked: Asked): ReadonlyArray<Answer> => {
  const { emulation, node } = asked
  const { world } = emulation.simulation
  const own = Bridges.chassisOf(world, node)
  if (own === undefined) return []
  const first = answerOf(asked, node, own)
  const { pair } = emulation.directory.nodes[node]
  const other = pair === undefined ? undefined : emulation.directory.pairs[pair.pair].nodes.find((each) => each !== node)
  const state = other === undefined ? undefined : Bridges.chassisOf(world, other)
  return other === undefined || state === undefined || !first.vslp.isVslUp ? [first] : [first, answerOf(asked, other, state)]
}

/** `VSS Active`. */
const ROLE_WORDS = { init: "Init", active: "Active", standby: "Standby", recovery: "Recovery" } as const

const wordOf = (role: string): string => ROLE_WORDS[role as keyof typeof ROLE_WORDS] ?? role

/** The sections of all that answer; of a switch by itself what a Catalyst says there. */
const sections = (asked: Asked, section: (answer: Answer) => ReadonlyArray<string>): ReadonlyArray<string> => {
  const all = answers(asked)
  if (all.length === 0) return ["Switch Mode : Standalone", ""]
  return all.flatMap((answer) => [
    `Executing the command on VSS member switch role = VSS ${wordOf(answer.vslp.local.role)}, id = ${answer.vslp.local.switchNumber}`,
    "",
    ...section(answer),
    "",
  ])
}

const isChassis = ({ emulation, node }: Asked): boolean => emulation.simulation.world.kinds[node] === "chassis"

const summary = ({ vslp: { domain, local, peer } }: Answer): ReadonlyArray<string> => [
  "Switch mode                  : Virtual Switch",
  `Virtual switch domain number : ${domain}`,
  `Local switch number          : ${local.switchNumber}`,
  `Local switch operational role: Virtual Switch ${wordOf(local.role)}`,
  ...(peer === null
    ? []
    : [
        `Peer switch number           : ${peer.switchNumber}`,
        `Peer switch operational role : Virtual Switch ${wordOf(peer.role)}`,
      ]),
]

const jsonOf = ({ chassis, portName, vslp }: Answer) => ({
  domain: vslp.domain,
  mode: chassis.mode,
  pairAddress: MacAddress.formatDotted(chassis.pairAddress),
  local: { ...vslp.local, address: MacAddress.formatDotted(vslp.local.address) },
  peer: vslp.peer === null ? null : { ...vslp.peer, address: MacAddress.formatDotted(vslp.peer.address) },
  redundancy: vslp.mode,
  mismatch: vslp.mismatch,
  isVslUp: vslp.isVslUp,
  isInRecovery: vslp.isInRecovery,
  preemptsInSeconds: vslp.preemptsInSeconds,
  links: vslp.links.map(({ port, ...link }) => ({
    ...link,
    port: portName(port),
    peer: link.peer === null ? null : { ...link.peer, address: MacAddress.formatDotted(link.peer.address) },
  })),
  vsl: chassis.vsl.classes,
  lost: chassis.vsl.lost,
  reloads: chassis.reloads,
  switchovers: chassis.switchovers,
})

const json: Topic["json"] = (asked) => ({ switchVirtual: answers(asked).map(jsonOf) })

export const switchVirtual: Topic = {
  words: "switch virtual",
  concerns: isChassis,
  lines: (asked) => sections(asked, summary),
  json,
}

const RULE = "-".repeat(68)

const member = (
  which: string,
  { preempts, priority, role, switchNumber }: VslpQuery.ChassisView,
  up: boolean,
  [local, remote]: readonly [number, number],
): string => {
  const preempt = `${preempts ? "TRUE " : "FALSE"}(${preempts ? "Y" : "N"} )`
  const own = `${which.padEnd(8)}${String(switchNumber).padEnd(6)}${(up ? "UP" : "DOWN").padEnd(7)}${preempt.padEnd(14)}`
  return `${own}${`${priority}(${priority})`.padEnd(11)}${wordOf(role).toUpperCase().padEnd(9)}${String(local).padEnd(8)}${remote}`
}

/** Session ids are of five digits on a switch. */
const sessionOf = (session: number): number => session % 65_536

const rolesOf = ({ sessions: [own, other], vslp }: Answer): ReadonlyArray<string> => [
  "Switch  Switch Status  Preempt     Priority   Role     Local   Remote",
  "        Number         Oper(Conf)  Oper(Conf)          SID     SID",
  RULE,
  member("LOCAL", vslp.local, true, [0, 0]),
  ...(vslp.peer === null ? [] : [member("REMOTE", vslp.peer, vslp.isVslUp, [sessionOf(own), sessionOf(other)])]),
  "",
  ...(vslp.preemptsInSeconds === null
    ? []
    : [`Standby will takeover as active in approx. : ${Math.ceil(vslp.preemptsInSeconds / 60)} minute(s)`]),
  ...(vslp.mismatch === "nothing" ? [] : [`Redundancy mode is RPR: ${vslp.mismatch} of the two switches differ`]),
  `In dual-active recovery mode: ${vslp.isInRecovery ? "Yes" : "No"}`,
]

export const switchVirtualRole: Topic = {
  words: "switch virtual role",
  concerns: isChassis,
  lines: (asked) => sections(asked, rolesOf),
  json,
}

const LINK_WIDTHS = [9, 14, 6, 5]

const linksOf = ({ portName, vslp: { isVslUp, links } }: Answer): ReadonlyArray<string> => {
  const control = links.find(({ isControlLink }) => isControlLink)
  return [
    `VSL Status : ${isVslUp ? "UP" : "DOWN"}`,
    `VSL Control Link : ${control === undefined ? "None" : portName(control.port)}`,
    "",
    Columns.line(LINK_WIDTHS, "Port", "LMP state", "Peer", "Link", "Why it is not used"),
    RULE,
    ...links.map(({ failure, peer, port, state }) =>
      Columns.line(
        LINK_WIDTHS,
        portName(port),
        state,
        peer === null ? "-" : String(peer.switchNumber),
        peer === null ? "-" : String(peer.vslLink + 1),
        failure === "none" ? "-" : failure,
      ),
    ),
  ]
}

export const switchVirtualLink: Topic = {
  words: "switch virtual link",
  concerns: isChassis,
  lines: (asked) => sections(asked, linksOf),
  json,
}

/** What is carried, in words. */
const KINDS = {
  vslp: "VSLP",
  synchronization: "Synchronization",
  pdus: "PDUs",
  unicast: "Data, unicast",
  flooded: "Data, flooded",
} as const

const COUNTER_WIDTHS = [16, 12, 15, 12]

const countersOf = ({ chassis: { vsl }, portName }: Answer): ReadonlyArray<string> => [
  `Members: ${vsl.members.map(({ port, usable }) => `${portName(port)}${usable ? "" : " (not used)"}`).join(", ")}`,
  ...(vsl.isOut ? ["A member failed: the others do not carry data yet"] : []),
  "",
  Columns.line(COUNTER_WIDTHS, "Kind", "Frames sent", "Octets sent", "Frames recv", "Octets recv"),
  Columns.rule(16, 12, 15, 12, 15),
  ...vsl.classes.map(({ name, received, sent }) =>
    Columns.line(COUNTER_WIDTHS, KINDS[name], sent.frames, sent.octets, received.frames, received.octets),
  ),
  "",
  `Lost: ${vsl.lost["no member"]} without a member, ${vsl.lost.rehash} after a member failed, ${vsl.lost.refused} refused`,
]

export const switchVirtualLinkCounters: Topic = {
  words: "switch virtual link counters",
  concerns: isChassis,
  lines: (asked) => sections(asked, countersOf),
  json,
}

const yes = (is: boolean): string => (is ? "Yes" : "No")

const detectionOf = ({ dualActive, vslp }: Answer): ReadonlyArray<string> => [
  `Pagp dual-active detection enabled: ${yes(dualActive?.isPagpOn === true)}`,
  `Bfd dual-active detection enabled: ${yes((dualActive?.bfd.length ?? 0) > 0)}`,
  `Fast-hello dual-active detection enabled: ${yes((dualActive?.fastHello.length ?? 0) > 0)}`,
  "",
  `In dual-active recovery mode: ${yes(vslp.isInRecovery)}`,
  ...(vslp.isInRecovery ? [`  Triggered by: ${dualActive?.detectedBy ?? "none"}`] : []),
]

const dualActiveJson: Topic["json"] = (asked) => ({
  dualActive: answers(asked).map(({ dualActive, portName, vslp }) => ({
    switchNumber: vslp.local.switchNumber,
    isInRecovery: vslp.isInRecovery,
    detection:
      dualActive === null
        ? null
        : {
            ...dualActive,
            pagpOther: dualActive.pagpOther === null ? null : MacAddress.formatDotted(dualActive.pagpOther),
            fastHello: dualActive.fastHello.map((port) => ({ ...port, port: portName(port.port) })),
            bfd: dualActive.bfd.map(({ local, peer, ...port }) => ({
              ...port,
              port: portName(port.port),
              local: Ipv4Address.format(local),
              peer: Ipv4Address.format(peer),
            })),
          },
  })),
})

export const switchVirtualDualActive: Topic = {
  words: "switch virtual dual-active",
  concerns: isChassis,
  lines: (asked) => sections(asked, detectionOf),
  json: dualActiveJson,
}

export const switchVirtualDualActiveSummary: Topic = {
  words: "switch virtual dual-active summary",
  concerns: isChassis,
  lines: (asked) => sections(asked, detectionOf),
  json: dualActiveJson,
}

export const switchVirtualDualActivePagp: Topic = {
  words: "switch virtual dual-active pagp",
  concerns: isChassis,
  lines: (asked) => (isChassis(asked) ? pagpDualActive.lines(asked) : sections(asked, detectionOf)),
  json: (asked) => ({ ...dualActiveJson(asked), ...pagpDualActive.json(asked) }),
}

const HELLO_WIDTHS = [10, 9, 17, 8, 9]

export const switchVirtualDualActiveFastHello: Topic = {
  words: "switch virtual dual-active fast-hello",
  concerns: isChassis,
  lines: (asked) =>
    sections(asked, ({ dualActive, portName }) => [
      `Fast-hello dual-active detection enabled: ${yes((dualActive?.fastHello.length ?? 0) > 0)}`,
      "",
      "Fast-hello dual-active interfaces:",
      Columns.line(HELLO_WIDTHS, "Port", "State", "Peer's role", "Sent", "Received", "Why not capable"),
      RULE,
      ...(dualActive?.fastHello ?? []).map(({ failure, heard, peer, port, sent, state }) =>
        Columns.line(
          HELLO_WIDTHS,
          portName(port),
          state,
          peer === null ? "-" : `${peer.role}${peer.isVslDown ? ", no VSL" : ""}`,
          sent,
          heard,
          failure === "none" ? "-" : failure,
        ),
      ),
    ]),
  json: dualActiveJson,
}

const BFD_WIDTHS = [10, 16, 16, 11, 12]

export const switchVirtualDualActiveBfd: Topic = {
  words: "switch virtual dual-active bfd",
  concerns: isChassis,
  lines: (asked) =>
    sections(asked, ({ dualActive, portName }) => [
      `Bfd dual-active detection enabled: ${yes((dualActive?.bfd.length ?? 0) > 0)}`,
      "",
      "Bfd dual-active interface pairs configured:",
      Columns.line(BFD_WIDTHS, "Port", "Address", "Peer", "State", "Interval", "Multiplier"),
      RULE,
      ...(dualActive?.bfd ?? []).map(({ intervalNs, local, multiplier, peer, port, state }) =>
        Columns.line(
          BFD_WIDTHS,
          portName(port),
          Ipv4Address.format(local),
          Ipv4Address.format(peer),
          state.replace("_", "-"),
          `${intervalNs / 1e6} ms`,
          multiplier,
        ),
      ),
    ]),
  json: dualActiveJson,
}
