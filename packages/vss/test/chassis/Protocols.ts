/** Every spanning tree, with the pair as its root where nobody says otherwise. */
import type { FarmSpec } from "./Farm.ts"

const VLANS = [1, 10, 20]
const PRIORITY = { priority: 4096 }

/** Their names, and what else a farm needs for them. */
export const PROTOCOLS: ReadonlyArray<readonly [name: string, spec: FarmSpec]> = [
  ["stp1998", { stp: { kind: "stp1998", config: PRIORITY } }],
  ["rstp2004", { stp: { kind: "rstp2004", config: PRIORITY } }],
  [
    "mstp",
    {
      stp: { kind: "mstp", config: { ...PRIORITY, region: { name: "r", instances: { 1: [[10, 20]] } } } },
      vlans: VLANS,
      trees: 2,
    },
  ],
  ["pvst", { stp: { kind: "pvst", config: PRIORITY }, vlans: VLANS, treeOfVlan: [0, 1, 2] }],
  ["rapid-pvst", { stp: { kind: "rapid-pvst", config: PRIORITY }, vlans: VLANS, treeOfVlan: [0, 1, 2] }],
]
