/** `show vtp status` and `show vtp counters`, in the layout of Catalyst switches. */
import * as Ipv4Address from "@l2lab/l3/Ipv4Address"
import type { BridgeState } from "@l2lab/l2/BridgeState"
import * as Database from "@l2lab/l2/vtp/Database"
import * as Query from "@l2lab/l2/vtp/Query"
import * as State from "@l2lab/l2/vtp/State"
import * as SwitchQuery from "./SwitchQuery.ts"
import type { Asked, Topic } from "./Topic.ts"

const vtpOf = ({ emulation, node }: Asked): State.State | undefined =>
  Query.of(SwitchQuery.stateOf(emulation, node) as BridgeState)

const NONE = ["VTP is not running"]

const viewOf = (asked: Asked, vtp: State.State) => {
  const { bridgePorts: ports } = asked.emulation.directory.nodes[asked.node]
  return {
    version: vtp.version,
    revision: vtp.revision,
    vlans: vtp.vlans.length,
    mode: vtp.mode,
    domain: vtp.domain,
    digest: Array.from(State.summaryOf(vtp, 0).digest, (octet) => octet.toString(16).padStart(2, "0").toUpperCase()),
    updater: Ipv4Address.format(vtp.updater),
    updatedAt: vtp.timestamp,
    mismatches: Array.from(vtp.mismatch).flatMap((is, port) => (is === 1 ? [ports[port].shortName] : [])),
  }
}

/** `3-1-93 00:00:00` for `930301000000`; as it stands where it is no time. */
const clock = (timestamp: string): string => {
  const [year, month, day, hour, minute, second] = timestamp.match(/^\d{12}$/) === null ? [] : (timestamp.match(/../g) ?? [])
  return year === undefined ? timestamp : `${Number(month)}-${Number(day)}-${year} ${hour}:${minute}:${second}`
}

const line = (label: string, value: string | number): string => `${label.padEnd(32)}: ${value}`

export const vtpStatus: Topic = {
  words: "vtp status",
  lines: (asked) => {
    const vtp = vtpOf(asked)
    if (vtp === undefined) return NONE
    const view = viewOf(asked, vtp)
    const octets = view.digest.map((octet) => `0x${octet}`)
    return [
      line("VTP Version", `running VTP${view.version}`),
      line("Configuration Revision", view.revision),
      line("Maximum VLANs supported locally", Database.MOST_VLANS),
      line("Number of existing VLANs", view.vlans),
      line("VTP Operating Mode", view.mode[0].toUpperCase() + view.mode.slice(1)),
      line("VTP Domain Name", view.domain),
      line("VTP Pruning Mode", "Disabled"),
      line("VTP V2 Mode", view.version === 2 ? "Enabled" : "Disabled"),
      line("VTP Traps Generation", "Disabled"),
      line("MD5 digest", octets.slice(0, 8).join(" ")),
      `${"".padEnd(34)}${octets.slice(8).join(" ")}`,
      ...view.mismatches.map((port) => `*** MD5 digest checksum mismatch on trunk: ${port} ***`),
      `Configuration last modified by ${view.updater} at ${clock(view.updatedAt)}`,
      "",
    ].map((text) => text.trimEnd())
  },
  json: (asked) => {
    const vtp = vtpOf(asked)
    if (vtp === undefined) return { vtp: null }
    const { digest, ...view } = viewOf(asked, vtp)
    return { vtp: { ...view, digest: digest.join("").toLowerCase() } }
  },
}

const LABELS: ReadonlyArray<readonly [label: string, key: keyof State.Counters]> = [
  ["Summary advertisements received", "summariesReceived"],
  ["Subset advertisements received", "subsetsReceived"],
  ["Request advertisements received", "requestsReceived"],
  ["Summary advertisements transmitted", "summariesSent"],
  ["Subset advertisements transmitted", "subsetsSent"],
  ["Request advertisements transmitted", "requestsSent"],
  ["Number of config revision errors", "revisionErrors"],
  ["Number of config digest errors", "digestErrors"],
  ["Number of V1 summary errors", "v1Errors"],
]

/** Catalysts do not print these; a line each where there is something to tell. */
const MORE: ReadonlyArray<readonly [label: string, key: keyof State.Counters]> = [
  ["Messages passed on", "relayed"],
  ["Messages of other domains", "otherDomain"],
  ["Messages on ports that are no trunks", "noTrunk"],
  ["Subsets that nobody waited for", "stray"],
  ["Messages that cannot be read", "malformed"],
]

export const vtpCounters: Topic = {
  words: "vtp counters",
  lines: (asked) => {
    const vtp = vtpOf(asked)
    if (vtp === undefined) return NONE
    const row = ([label, key]: readonly [string, keyof State.Counters]): string => `${label.padEnd(37)}: ${vtp.counters[key]}`
    return ["VTP statistics:", ...LABELS.map(row), ...MORE.filter(([, key]) => vtp.counters[key] > 0).map(row), ""]
  },
  json: (asked) => {
    const vtp = vtpOf(asked)
    return { vtpCounters: vtp === undefined ? null : { ...vtp.counters } }
  },
}
