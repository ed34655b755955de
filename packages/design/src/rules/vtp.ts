/** VTP that cannot be, or that a switch would not take. */
import * as Database from "@l2lab/l2/vtp/Database"
import { error, type Path, type Problem } from "../DesignError.ts"
import type { Network, SwitchNode } from "../Network.ts"
import * as VlanSet from "../VlanSet.ts"
import type { VtpSettings } from "../Vtp.ts"
import type { Rule } from "./Rules.ts"

/** A rule about each switch that runs VTP. Of those that have it from one block of the design the first is told of. */
const rule = (name: string, judge: (node: SwitchNode, vtp: VtpSettings, refuse: Refuse) => void): Rule => ({
  name,
  check: (network: Network) => {
    const problems: Array<Problem> = []
    const seen = new Set<string>()
    for (const node of network.nodes) {
      if (node.kind !== "switch" || node.vtp === undefined) continue
      const { vtp } = node
      judge(node, vtp, (key, sentence) => {
        const path: Path = [...vtp.path, key]
        if (seen.has(path.join("."))) return
        seen.add(path.join("."))
        problems.push(error(path, `${name}: ${sentence}`, "key"))
      })
    }
    return problems
  },
})

type Refuse = (key: string, sentence: string) => void

/** A password belongs to a domain. */
export const password: Rule = rule("vtp-password", (node, { domain, password: given }, refuse) => {
  if (given !== "" && domain === "") {
    refuse("password", `${node.name} has no domain that a password could be for: add domain, or remove password`)
  }
})

/** A client has no VLANs of its own, unless it once learnt them. */
export const clientVlans: Rule = rule("vtp-client-vlans", (node, { mode, revision, saysVlans }, refuse) => {
  if (mode === "client" && saysVlans && revision === 0) {
    refuse(
      "mode",
      `${node.name} is a client, which has no VLANs of its own: remove its vlans, or give it the revision with which it learnt them`,
    )
  }
})

/** A transparent switch counts no revisions. */
export const transparentRevision: Rule = rule("vtp-transparent-revision", (node, { mode, revision }, refuse) => {
  if (mode === "transparent" && revision > 0) {
    refuse("revision", `${node.name} is transparent, and its revision is 0: remove revision, or write mode: server`)
  }
})

/** VTP 1 and 2 know VLANs 1 to 1005, of which the last four are taken. */
export const vlans: Rule = rule("vtp-vlans", (node, { mode }, refuse) => {
  const taken = node.vlans.filter((id) => id > Database.LAST_ETHERNET && id <= Database.LAST_VLAN)
  const beyond = node.vlans.filter((id) => id > Database.LAST_VLAN)
  if (taken.length > 0) {
    refuse("mode", `VLANs ${VlanSet.format(taken)} of ${node.name} are those of FDDI and Token Ring: leave 1002-1005 out`)
  } else if (beyond.length > 0 && mode !== "transparent") {
    refuse(
      "mode",
      `${node.name} is a ${mode}, and VTP knows no VLANs above 1005: write mode: transparent, or leave ${VlanSet.format(beyond)} out`,
    )
  }
})
