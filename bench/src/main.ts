/**
 * Run workloads and print their figures. `lab bench` runs this module in a process of its own: nothing else has warmed or littered it.
 *   node bench/src/main.ts [--json] [--rounds N] [W1 W2 W3 W4 W5 W6 tables]
 */
import * as HotPathService from "@l2lab/sim/HotPathService"
import * as CaptureCost from "./CaptureCost.ts"
import * as Measure from "./Measure.ts"
import * as Multichassis from "./Multichassis.ts"
import * as PerVlan from "./PerVlan.ts"
import * as Report from "./Report.ts"
import * as Tables from "./Tables.ts"
import * as Trees from "./Trees.ts"

HotPathService.prepare()

const words = process.argv.slice(2)
const at = words.indexOf("--rounds")
const rounds = at < 0 ? 7 : Number(words[at + 1])
const chosen = words.filter((word) => /^(W[1-6]|tables)$/.test(word))
const wants = (name: string): boolean => chosen.length === 0 || chosen.includes(name)

const PROTOCOLS = ["stp1998", "rstp2004"] as const

// W3 comes first, while the process holds nothing else: its memory is part of its figure.
const trees = wants("W3")
  ? PROTOCOLS.flatMap((protocol) => Trees.CASES.map(([title, layout]) => Trees.measure(title, protocol, layout)))
  : []
const vlans = wants("W5") ? [PerVlan.measure(PerVlan.SIZE)] : []
const multichassis = wants("W6") ? [Multichassis.measure(Multichassis.SIZE)] : []
const result: Report.Result = {
  trees,
  perVlan: vlans,
  multichassis,
  paired: Measure.PAIRED.filter((work) => wants(work.workload)).map((work) => Measure.pair(work, rounds)),
  capture: wants("W1") ? [64, 1500].map((octets) => ({ octets, ratio: CaptureCost.ratio(octets, rounds) })) : [],
  ...(wants("tables") && {
    bytesPerEntry: Tables.bytesPerEntry(100_000),
    forkMilliseconds: Tables.forkMilliseconds(200, 2_000, rounds),
  }),
}
process.stdout.write(words.includes("--json") ? `${JSON.stringify(result)}\n` : `${Report.lines(result).join("\n")}\n`)
