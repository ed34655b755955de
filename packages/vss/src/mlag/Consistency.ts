/**
 * What has to be alike at both peers. Type 1: the vPC (or all, for what is of the whole switch) is suspended, at the secondary only where the check is
 * graceful; type 2: a line in the log. Names as `show vpc consistency-parameters` prints them.
 */
import type { SwitchPort } from "@l2lab/l2/BridgeConfig"
import * as Crc32 from "@l2lab/l2/Crc32"
import * as Lacp from "@l2lab/l2/lacp/Query"
import type { LacpConfig } from "@l2lab/l2/lacp/State"
import * as MacAddress from "@l2lab/l2/MacAddress"
import { existingOf } from "@l2lab/l2/VlanTable"
import * as SpanningTree from "@l2lab/stp/SpanningTree"
import { LONGEST_VALUE, type Parameter } from "./MlagRecord.ts"
import { DEFAULT_PRIORITY, systemMacOf } from "./Settings.ts"
import { MISMATCH, type State } from "./State.ts"

/** Parameters by number, with their types. */
export const NAMES: ReadonlyArray<readonly [name: string, type: 1 | 2]> = [
  ["STP Mode", 1],
  ["STP MST Region Name", 1],
  ["STP MST Region Revision", 1],
  ["STP MST Region Instance to VLAN Mapping", 1],
  ["vPC system-mac", 1],
  ["vPC system-priority", 1],
  ["Vlans", 2],
  ["lag mode", 1],
  ["lag-id", 1],
  ["Port Mode", 1],
  ["Native Vlan", 1],
  ["Speed", 1],
  ["Duplex", 1],
  ["Allowed VLANs", 2],
  ["STP Port Type, Edge BPDUFilter, Edge BPDUGuard", 2],
]

const numberOf = (name: string): number => NAMES.findIndex(([each]) => each === name)

const MODES: Readonly<Record<string, string>> = {
  stp1998: "STP",
  rstp2004: "RSTP",
  mstp: "MST",
  pvst: "PVST",
  "rapid-pvst": "Rapid-PVST",
}

/** VLANs as they are written: `1,10-20`. */
export const vlanRanges = (vlans: ReadonlyArray<number>): string => {
  const parts: Array<string> = []
  for (let i = 0; i < vlans.length;) {
    let last = i
    while (vlans[last + 1] === vlans[last] + 1) last++
    parts.push(last === i ? `${vlans[i]}` : `${vlans[i]}-${vlans[last]}`)
    i = last + 1
  }
  return parts.join(",")
}

const hex = (octets: Iterable<number>): string => Array.from(octets, (octet) => octet.toString(16).padStart(2, "0")).join("")

/** A value that is too long for the wire is told by its beginning and a checksum. */
const shortened = (value: string): string => {
  if (value.length <= LONGEST_VALUE) return value
  const octets = Uint8Array.from(value, (character) => character.charCodeAt(0))
  return `${value.slice(0, LONGEST_VALUE - 10)}..${(Crc32.of(octets, 0, octets.length) >>> 0).toString(16).padStart(8, "0")}`
}

const globals = ({ bridge, config }: State): ReadonlyArray<readonly [name: string, value: string]> => {
  const running = SpanningTree.of(bridge)
  const region = running === undefined ? undefined : SpanningTree.regionOf(running)
  return [
    ["STP Mode", running === undefined ? "None" : MODES[running.kind]],
    ["STP MST Region Name", region?.name ?? ""],
    ["STP MST Region Revision", `${region?.revision ?? 0}`],
    ["STP MST Region Instance to VLAN Mapping", region === undefined ? "" : hex(region.digest)],
    ["vPC system-mac", MacAddress.format(systemMacOf(config))],
    ["vPC system-priority", `${config.systemPriority ?? DEFAULT_PRIORITY}`],
    ["Vlans", vlanRanges(existingOf(bridge.vlans))],
  ]
}

const modeOf = (port: SwitchPort): ReadonlyArray<readonly [name: string, value: string]> =>
  port.mode === "access"
    ? [
        ["Port Mode", "access"],
        ["Native Vlan", `${port.vlan}`],
        ["Allowed VLANs", `${port.vlan}`],
      ]
    : [
        ["Port Mode", "trunk"],
        ["Native Vlan", `${port.native}`],
        ["Allowed VLANs", vlanRanges(port.allowed)],
      ]

const hexOf = (value: number): string => value.toString(16)

/** A system and its key as NX-OS writes half a LAG ID: `8000, 2-0-0-20-0-0, 1, 0, 0`. */
const partyOf = ({ key, system, systemPriority }: Lacp.LagParty): string =>
  `(${hexOf(systemPriority)}, ${MacAddress.format(system)
    .split(":")
    .map((octet) => hexOf(Number.parseInt(octet, 16)))
    .join("-")}, ${hexOf(key)}, 0, 0)`

/** The systems at both ends of a leg: where the peers' partners differ, the vPC leads to two devices. Empty while LACP bundles no member. */
const lagIdOf = ({ bridge }: State, members: ReadonlyArray<number>): string => {
  const lag = members.map((link) => Lacp.lagOf(bridge, link)).find((each) => each !== undefined)
  return lag === undefined ? "" : `[${partyOf(lag.actor)}, ${partyOf(lag.partner)}]`
}

/** What this peer's leg of a vPC is. Speed and duplex are empty while no link of it is up. */
const ofVpc = (state: State, v: number): ReadonlyArray<readonly [name: string, value: string]> => {
  const { bridge, config, portOfVpc } = state
  const { isStatic, members } = bridge.config.bundles![config.vpcs[v].bundle]
  const lacp = bridge.config.protocols.find(({ kind }) => kind === "lacp")?.config as LacpConfig | undefined
  const up = members.find((link) => bridge.bundles!.up[link] === 1)
  const running = SpanningTree.of(bridge)
  return [
    ["lag mode", isStatic ? "on" : (lacp?.ports[members[0]]?.mode ?? "active")],
    ["lag-id", lagIdOf(state, members)],
    ...modeOf(bridge.switchPorts[portOfVpc[v]]),
    ["Speed", up === undefined ? "" : `${bridge.bundles!.rateBps[up] / 1e6} Mb/s`],
    ["Duplex", up === undefined ? "" : bridge.bundles!.fullDuplex[up] === 1 ? "full" : "half"],
    [
      "STP Port Type, Edge BPDUFilter, Edge BPDUGuard",
      running === undefined ? "" : SpanningTree.isEdge(running, portOfVpc[v]) ? "Edge" : "Normal",
    ],
  ]
}

/** What was said last of a leg that is out of service for what differed: nothing new can be seen of it, and it must not come back for that. */
const saidOf = ({ own, reasons }: State, v: number, vpc: number, name: number): string =>
  (reasons[v] & MISMATCH) === 0 ? "" : (own.find((each) => each.vpc === vpc && each.name === name)?.value ?? "")

/** All parameters of this peer, as they are now. */
export const of = (state: State): ReadonlyArray<Parameter> => [
  ...globals(state).map(([name, value]) => ({ vpc: 0, name: numberOf(name), value: shortened(value) })),
  ...state.config.vpcs.flatMap(({ id }, v) =>
    ofVpc(state, v).map(([text, value]) => {
      const name = numberOf(text)
      return { vpc: id, name, value: value === "" ? saidOf(state, v, id, name) : shortened(value) }
    }),
  ),
]

/** A parameter with both values; `theirs` undefined where the peer does not say. */
export interface Compared extends Parameter {
  readonly theirs: string | undefined
  readonly type: 1 | 2
  readonly isSame: boolean
}

/** Whether values are alike; what one of the two does not know yet is. */
const isSame = (one: string, other: string | undefined): boolean =>
  other === undefined || one === other || one === "" || other === ""

/** Own parameters beside the peer's. A region's name may be empty, and another's not: that is a difference. */
export const compare = ({ own, theirs }: Pick<State, "own" | "theirs">): ReadonlyArray<Compared> => {
  const byKey = new Map((theirs ?? []).map(({ name, value, vpc }) => [`${vpc}/${name}`, value]))
  const known = new Set((theirs ?? []).map(({ vpc }) => vpc))
  return own.map((parameter) => {
    const { name, value, vpc } = parameter
    const other = byKey.get(`${vpc}/${name}`)
    const same = vpc === 0 ? other === undefined || other === value : isSame(value, other)
    return { ...parameter, theirs: other, type: NAMES[name][1], isSame: theirs === null || !known.has(vpc) || same }
  })
}

/** Whether a vPC of the pair may not be used by what differs: of its own or (with vPC 0) of the whole switch. */
export const isMismatched = (compared: ReadonlyArray<Compared>, id: number): boolean =>
  compared.some(({ isSame: same, type, vpc }) => !same && type === 1 && (vpc === id || vpc === 0))
