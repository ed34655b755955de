/** `show vpc`, `brief`, `role`, `consistency-parameters`, `peer-keepalive` and `orphan-ports`, in the layout of Nexus switches (NX-OS 9.3). */
import * as MacAddress from "@l2lab/l2/MacAddress"
import * as Query from "@l2lab/vss/mlag/Query"
import type { State } from "@l2lab/vss/mlag/State"
import * as Bridges from "../Bridges.ts"
import * as Columns from "./Columns.ts"
import type { Asked, Topic } from "./Topic.ts"

const isPeer = ({ emulation, node }: Asked): boolean => emulation.simulation.world.kinds[node] === "mlag-peer"

/** What a peer says; of a switch that is none what a Nexus says there. */
const said = (asked: Asked, say: (peer: State) => ReadonlyArray<string>): ReadonlyArray<string> => {
  const peer = Bridges.peerOf(asked.emulation.simulation.world, asked.node)
  return peer === undefined ? ["vPC domain id                     : Not configured", ""] : [...say(peer), ""]
}

const field = (name: string, value: string | number, width = 34): string => `${name.padEnd(width)}: ${value}`

const nameOf = ({ emulation, node }: Asked, port: number): string => emulation.directory.nodes[node].bridgePorts[port].shortName

const timer = (left: number | null, timeout: number): string =>
  left === null ? `Timer is off.(timeout = ${timeout}s)` : `Timer is on.(timeout = ${timeout}s, ${Math.ceil(left)}s left)`

const vlansOf = (vlans: ReadonlyArray<number>): string => (vlans.length === 0 ? "-" : Columns.ranges(vlans))

/** A list of VLANs, broken under its column. */
const wrapped = (first: string, vlans: ReadonlyArray<number>, width: number): ReadonlyArray<string> =>
  Columns.wrap(vlansOf(vlans).split(","), width).map((part, i) =>
    `${i === 0 ? first : " ".repeat(first.length)}${part.replaceAll(", ", ",")}`.trimEnd(),
  )

const upper = (view: Query.VpcView): ReadonlyArray<string> => [
  "Legend:",
  "                (*) - local vPC is down, forwarding via vPC peer-link",
  "",
  field("vPC domain id", view.domain),
  field("Peer status", view.peerStatus),
  field("vPC keep-alive status", view.keepaliveStatus),
  field("Configuration consistency status", view.consistency),
  ...(view.consistency === "success" ? [] : [`Configuration inconsistency reason: ${view.consistencyReason}`]),
  field("Type-2 consistency status", view.type2Consistency),
  ...(view.type2Consistency === "success" ? [] : [field("Type-2 inconsistency reason", view.type2Reason)]),
  field("vPC role", view.role),
  field("Number of vPCs configured", view.vpcsConfigured),
  field("Peer Gateway", "Disabled"),
  ...(view.peerSwitch ? [field("Peer Switch", "Enabled")] : []),
  field("Dual-active excluded VLANs", "-"),
  field("Graceful Consistency Check", view.gracefulConsistencyCheck ? "Enabled" : "Disabled"),
  field(
    "Auto-recovery status",
    view.autoRecoverySeconds === null ? "Disabled" : `Enabled, timer is off.(timeout = ${view.autoRecoverySeconds}s)`,
  ),
  field("Delay-restore status", timer(view.restoresInSeconds, view.delayRestoreSeconds)),
  field("Delay-restore Orphan-port status", timer(null, view.delayRestoreOrphanSeconds)),
]

/** Words in lines of at most `width`. */
const foldedName = (name: string, width: number): ReadonlyArray<string> =>
  name.split(" ").reduce<ReadonlyArray<string>>((lines, word) => {
    const last = lines.at(-1)
    return last === undefined || last.length + 1 + word.length > width
      ? [...lines, word]
      : [...lines.slice(0, -1), `${last} ${word}`]
  }, [])

/** Cells side by side, each of as many lines as it takes. */
const besides = (widths: ReadonlyArray<number>, cells: ReadonlyArray<ReadonlyArray<string>>): ReadonlyArray<string> =>
  Array.from({ length: Math.max(...cells.map((cell) => cell.length)) }, (_, i) =>
    Columns.line(widths, ...cells.map((cell) => cell[i] ?? "")).trimEnd(),
  )

const LEG_WIDTHS = [5, 13, 6, 11, 21, 17]

/** A vPC in the columns of its table, broken within them where words or VLANs are too many. */
const legLines = (asked: Asked, leg: Query.VpcLegView): ReadonlyArray<string> => {
  const vlans = Columns.wrap(vlansOf(leg.activeVlans).split(","), LEG_WIDTHS[5]).map((part) => part.replaceAll(", ", ","))
  const cells = [
    [String(leg.id)],
    [nameOf(asked, leg.port)],
    [leg.status],
    foldedName(leg.consistency, LEG_WIDTHS[3]),
    foldedName(leg.reason, LEG_WIDTHS[4]),
    vlans,
  ]
  return besides(LEG_WIDTHS, cells)
}

const lines = (asked: Asked): ReadonlyArray<string> =>
  said(asked, (peer) => {
    const view = Query.vpc(peer, asked.emulation.simulation.now)
    const { peerLink, vpcs } = view
    return [
      ...upper(view),
      "",
      "vPC Peer-link status",
      "-".repeat(69),
      "id    Port   Status Active vlans",
      "--    ----   ------ -------------------------------------------------",
      ...wrapped(
        `1     ${nameOf(asked, peerLink.port).padEnd(7)}${(peerLink.isUp ? "up" : "down").padEnd(7)}`,
        peerLink.activeVlans,
        49,
      ),
      "",
      ...(vpcs.length === 0
        ? []
        : [
            "vPC status",
            "-".repeat(76),
            "Id    Port          Status Consistency Reason                Active vlans",
            "--    ------------  ------ ----------- ------                ---------------",
            ...vpcs.flatMap((leg) => legLines(asked, leg)),
            "",
            'Please check "show vpc consistency-parameters interface <port-channel>"',
            "for the consistency reason of down vpc and for type-2 consistency",
            "reasons for any vpc.",
          ]),
    ]
  })

const json = (asked: Asked): Readonly<Record<string, unknown>> => {
  const { now, world } = asked.emulation.simulation
  const peer = Bridges.peerOf(world, asked.node)
  if (peer === undefined) return { vpc: null }
  const { peerLink, vpcs, ...view } = Query.vpc(peer, now)
  return {
    vpc: {
      ...view,
      peerLink: { ...peerLink, port: nameOf(asked, peerLink.port) },
      vpcs: vpcs.map((leg) => ({ ...leg, port: nameOf(asked, leg.port) })),
      counters: Query.counters(peer),
    },
  }
}

export const vpc: Topic = { words: "vpc", concerns: isPeer, lines, json }
export const vpcBrief: Topic = { words: "vpc brief", concerns: isPeer, lines, json }

export const vpcRole: Topic = {
  words: "vpc role",
  concerns: isPeer,
  lines: (asked) =>
    said(asked, (peer) => {
      const view = Query.role(peer)
      const line = (name: string, value: string | number): string => field(name, value, 32)
      return [
        "",
        "vPC Role status",
        "-".repeat(52),
        line("vPC role", view.role),
        line("Dual Active Detection Status", view.dualActive ? 1 : 0),
        line("vPC system-mac", MacAddress.format(view.systemMac)),
        line("vPC system-priority", view.systemPriority),
        line("vPC local system-mac", MacAddress.format(view.localMac)),
        line("vPC local role-priority", view.localPriority),
        line("vPC peer system-mac", MacAddress.format(view.peerMac)),
        line("vPC peer role-priority", view.peerPriority),
      ]
    }),
  json: (asked) => {
    const peer = Bridges.peerOf(asked.emulation.simulation.world, asked.node)
    if (peer === undefined) return { vpcRole: null }
    const { localMac, peerMac, systemMac, ...view } = Query.role(peer)
    return {
      vpcRole: {
        ...view,
        systemMac: MacAddress.format(systemMac),
        localMac: MacAddress.format(localMac),
        peerMac: MacAddress.format(peerMac),
      },
    }
  },
}

/** The vPC whose port is asked about; 0: what is of the whole switch. */
const vpcAsked = ({ port }: Asked, { config, portOfVpc }: State): number => {
  const v = port === undefined ? -1 : portOfVpc.indexOf(port)
  return v < 0 ? 0 : config.vpcs[v].id
}

const PARAMETER_WIDTHS = [27, 5, 22, 22]

/** A value in lines of at most `width`, cut where it must be. */
const folded = (text: string, width: number): ReadonlyArray<string> =>
  Array.from({ length: Math.max(1, Math.ceil(text.length / width)) }, (_, i) => text.slice(i * width, (i + 1) * width))

const parameterLines = ({ local, name, peer, type }: Query.ParameterView): ReadonlyArray<string> => {
  const cells = [
    foldedName(name, 27),
    [String(type)],
    folded(local === "" ? '""' : local, 22),
    folded(peer === "" ? '""' : peer, 22),
  ]
  return besides(PARAMETER_WIDTHS, cells)
}

const parameters = (asked: Asked): ReadonlyArray<string> =>
  said(asked, (peer) => [
    "",
    "    Legend:",
    "        Type 1 : vPC will be suspended in case of mismatch",
    "",
    Columns.line(PARAMETER_WIDTHS, "Name", "Type", "Local Value", "Peer Value"),
    Columns.line(PARAMETER_WIDTHS, "-------------", "----", "-".repeat(22), "-".repeat(22)),
    ...Query.consistencyParameters(peer, vpcAsked(asked, peer)).flatMap(parameterLines),
  ])

const parametersJson = (asked: Asked): Readonly<Record<string, unknown>> => {
  const peer = Bridges.peerOf(asked.emulation.simulation.world, asked.node)
  return { vpcConsistencyParameters: peer === undefined ? null : Query.consistencyParameters(peer, vpcAsked(asked, peer)) }
}

/** Of the whole switch, or with `interface Po10` or `vpc 10` of a vPC. */
export const vpcConsistencyParameters: Topic = {
  words: "vpc consistency-parameters",
  interface: true,
  byVpc: true,
  concerns: isPeer,
  lines: parameters,
  json: parametersJson,
}

export const vpcConsistencyParametersGlobal: Topic = {
  words: "vpc consistency-parameters global",
  concerns: isPeer,
  lines: parameters,
  json: parametersJson,
}

/** `(154) seconds, (903) msec`. */
const secondsAndMilliseconds = (seconds: number): string =>
  `(${Math.floor(seconds)}) seconds, (${Math.floor((seconds % 1) * 1000)}) msec`

export const vpcPeerKeepalive: Topic = {
  words: "vpc peer-keepalive",
  concerns: isPeer,
  lines: (asked) =>
    said(asked, (peer) => {
      const { simulation } = asked.emulation
      const view = Query.keepalive(peer, simulation.now)
      const by = view.port === null ? "vPC peer-link" : nameOf(asked, view.port)
      return [
        "",
        field("vPC keep-alive status", view.isAlive ? "peer is alive" : "peer is not reachable through peer-keepalive"),
        ...(view.aliveForSeconds === null
          ? []
          : [field("--Peer is alive for", secondsAndMilliseconds(view.aliveForSeconds), 32)]),
        field("--Send status", "Success", 32),
        field("--Sent on interface", by, 32),
        field("--Receive status", view.isAlive ? "Success" : "Failed", 32),
        field("--Received on interface", by, 32),
        ...(view.secondsSinceHeard === null
          ? []
          : [field("--Last update from peer", secondsAndMilliseconds(view.secondsSinceHeard), 32)]),
        "",
        "vPC Keep-alive parameters",
        field("--Keepalive interval", `${view.intervalSeconds * 1000} msec`, 32),
        field("--Keepalive timeout", `${view.timeoutSeconds} seconds`, 32),
        field("--Keepalive hold timeout", `${view.holdTimeoutSeconds} seconds`, 32),
      ]
    }),
  json: (asked) => {
    const { now, world } = asked.emulation.simulation
    const peer = Bridges.peerOf(world, asked.node)
    if (peer === undefined) return { vpcPeerKeepalive: null }
    const view = Query.keepalive(peer, now)
    return { vpcPeerKeepalive: { ...view, port: view.port === null ? null : nameOf(asked, view.port) } }
  },
}

const orphans = (asked: Asked): ReadonlyArray<{ readonly vlans: ReadonlyArray<number>; readonly port: string }> => {
  const peer = Bridges.peerOf(asked.emulation.simulation.world, asked.node)
  return peer === undefined
    ? []
    : Query.orphanPorts(peer).map((link) => {
        const settings = peer.bridge.switchPorts[link]
        return { vlans: settings.mode === "access" ? [settings.vlan] : settings.allowed, port: nameOf(asked, link) }
      })
}

export const vpcOrphanPorts: Topic = {
  words: "vpc orphan-ports",
  concerns: isPeer,
  lines: (asked) =>
    said(asked, () => [
      "",
      "--------::Going through port database. Please be patient.::--------",
      "",
      "VLAN           Orphan Ports",
      "-------        -------------------------",
      ...orphans(asked).map(({ port, vlans }) => `${Columns.ranges(vlans).padEnd(15)}${port}`),
    ]),
  json: (asked) => ({ vpcOrphanPorts: orphans(asked) }),
}
