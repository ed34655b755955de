/** Every inconsistent state as `lab show` prints it, in networks that come to it: the shipped scenarios' designs, with what goes wrong there. */
import { fileURLToPath } from "node:url"
import { describe, expect, it } from "vitest"
import { labProcess } from "../support/cli.ts"

const SCENARIOS = fileURLToPath(new URL("../../scenarios/", import.meta.url))

interface Case {
  readonly mark: string
  readonly scenario: string
  readonly node: string
  readonly flags?: ReadonlyArray<string>
  /** The port's line. */
  readonly line: string
  /** Lines of `inconsistentports`. */
  readonly table: ReadonlyArray<string>
}

const at = (after: string): ReadonlyArray<string> => ["--after", after, "--at", "60s"]

const CASES: ReadonlyArray<Case> = [
  {
    mark: "ROOT_Inc",
    scenario: "root-guard",
    node: "acc-1",
    flags: at("port acc-1:3 no shutdown"),
    line: "Gi0/3               Desg BKN*4         128.3    P2p *ROOT_Inc",
    table: [
      "VLAN0001             GigabitEthernet0/3       Root Inconsistent",
      "VLAN0010             GigabitEthernet0/3       Root Inconsistent",
    ],
  },
  {
    mark: "LOOP_Inc",
    scenario: "loop-guard",
    node: "b3",
    flags: at("link b2:2 mute"),
    line: "Et0/2               Desg BKN*100       128.2    P2p *LOOP_Inc",
    table: ["VLAN0001             Ethernet0/2              Loop Inconsistent"],
  },
  {
    mark: "BA_Inc",
    scenario: "bridge-assurance",
    node: "b3",
    flags: at("node b2 silent"),
    line: "Et0/2               Desg BKN*100       128.2    P2p Network *BA_Inc",
    table: ["VLAN0001             Ethernet0/2              Bridge Assurance Inconsistent"],
  },
  {
    mark: "PVID_Inc",
    scenario: "native-vlan-mismatch",
    node: "a1",
    line: "Gi0/1               Desg BKN*20000     128.1    P2p *PVID_Inc",
    table: [
      "VLAN0001             GigabitEthernet0/1       Port VLAN ID Mismatch",
      "VLAN0099             GigabitEthernet0/1       Port VLAN ID Mismatch",
    ],
  },
  {
    mark: "TYPE_Inc",
    scenario: "native-vlan-mismatch",
    node: "b2",
    line: "Gi0/1               Desg BKN*20000     128.1    P2p *TYPE_Inc",
    table: ["VLAN0010             GigabitEthernet0/1       Port Type Inconsistent"],
  },
  {
    mark: "PVST_Inc",
    scenario: "native-vlan-mismatch",
    node: "m1",
    line: "Gi0/1               Desg BKN*20000     128.1    P2p Bound(PVST) *PVST_Inc",
    table: [
      "MST0                 GigabitEthernet0/1       PVST Sim. Inconsistent",
      "MST1                 GigabitEthernet0/1       PVST Sim. Inconsistent",
    ],
  },
]

const show = async ({ flags = [], node, scenario }: Case, ...words: ReadonlyArray<string>): Promise<ReadonlyArray<string>> => {
  const { code, err, out } = await labProcess([
    "show",
    `${SCENARIOS}${scenario}/design.l2.yml`,
    ...words,
    "--node",
    node,
    ...flags,
  ])
  expect(code, err).toBe(0)
  return out.split("\n")
}

describe.each(CASES.map((each) => [each.mark, each] as const))("%s", (mark, each) => {
  it("stands behind the port's type, and blocks it", { timeout: 30_000 }, async () => {
    const marked = (await show(each, "spanning-tree")).filter((line) => line.includes("_Inc"))
    expect(marked).toEqual(each.table.map(() => each.line))
    expect(each.line).toContain(`*${mark}`)
  })

  it("is told of in words, tree by tree", { timeout: 30_000 }, async () => {
    const lines = await show(each, "spanning-tree", "inconsistentports")
    expect(lines.slice(lines.findIndex((line) => line.startsWith("----")) + 1, -2)).toEqual([
      ...each.table,
      "",
      `Number of inconsistent ports (segments) in the system : ${each.table.length}`,
    ])
  })
})
