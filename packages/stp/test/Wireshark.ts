/** What tshark prints of a BPDU, from ours: the words that captured frames were recorded in, and those of tshark itself. */
import * as MacAddress from "@l2lab/l2/MacAddress"
import * as Bpdu from "../src/Bpdu.ts"
import * as PortIdentifier from "../src/PortIdentifier.ts"
import { toSeconds } from "../src/StpTime.ts"

const hex = (value: number, digits: number): string => `0x${value.toString(16).padStart(digits, "0")}`

/** `root.prio`, `root.ext` and `root.hw`. */
const identifier = (name: string, priority: number, address: number): Record<string, string> => ({
  [`${name}.prio`]: String(priority & 0xf000),
  [`${name}.ext`]: String(priority & 0x0fff),
  [`${name}.hw`]: MacAddress.format(address),
})

/** The octet of flags, put together from its bits anew. */
const flagsOf = (bpdu: Exclude<Bpdu.Bpdu, Bpdu.TcnBpdu> | Bpdu.MstiMessage): string => {
  let flags = bpdu.topologyChange ? 1 : 0
  if ("proposal" in bpdu) {
    flags += (bpdu.proposal ? 2 : 0) + 4 * Bpdu.RST_ROLES.indexOf(bpdu.role) + (bpdu.learning ? 16 : 0)
    flags += (bpdu.forwarding ? 32 : 0) + (bpdu.agreement ? 64 : 0)
  }
  if ("master" in bpdu && bpdu.master) flags += 128
  if ("topologyChangeAcknowledgment" in bpdu && bpdu.topologyChangeAcknowledgment) flags += 128
  return hex(flags, 2)
}

const VERSION = { config: 0, rst: 2, mst: 3 } as const

const region = (bpdu: Bpdu.MstBpdu): Record<string, string> => ({
  "mstp.version_3_length": String(64 + 16 * bpdu.mstis.length),
  "mstp.config_format_selector": String(bpdu.configurationId.formatSelector),
  "mstp.config_name": bpdu.configurationId.name,
  "mstp.config_revision_level": String(bpdu.configurationId.revision),
  "mstp.config_digest": Buffer.from(bpdu.configurationId.digest).toString("hex"),
  "mstp.cist_internal_root_path_cost": String(bpdu.internalRootPathCost),
  ...identifier("mstp.cist_bridge", bpdu.cistBridgePriority, bpdu.cistBridgeAddress),
  "mstp.cist_remaining_hops": String(bpdu.remainingHops),
})

/** The fields of the whole BPDU but for its MSTIs. */
export const fields = (bpdu: Bpdu.Bpdu): Record<string, string> =>
  bpdu.kind === "tcn"
    ? { version: "0", type: "0x80" }
    : {
        version: String(VERSION[bpdu.kind]),
        type: bpdu.kind === "config" ? "0x00" : "0x02",
        flags: flagsOf(bpdu),
        ...identifier("root", bpdu.rootPriority, bpdu.rootAddress),
        "root.cost": String(bpdu.rootPathCost),
        ...identifier("bridge", bpdu.bridgePriority, bpdu.bridgeAddress),
        port: `0x${PortIdentifier.format(bpdu.portIdentifier)}`,
        msg_age: String(toSeconds(bpdu.messageAge)),
        max_age: String(toSeconds(bpdu.maxAge)),
        hello: String(toSeconds(bpdu.helloTime)),
        forward: String(toSeconds(bpdu.forwardDelay)),
        ...(bpdu.kind === "mst" ? region(bpdu) : {}),
      }

/** The fields of an MSTI's message. */
export const mstiFields = (msti: Bpdu.MstiMessage): Record<string, string> => ({
  flags: flagsOf(msti),
  priority: hex(msti.regionalRootPriority >> 12, 2),
  msti_id: String(msti.regionalRootPriority & 0xfff),
  "root.hw": MacAddress.format(msti.regionalRootAddress),
  root_cost: String(msti.internalRootPathCost),
  bridge_priority: String(msti.bridgePriority >> 12),
  port_priority: String(msti.portPriority >> 4),
  remaining_hops: String(msti.remainingHops),
})
