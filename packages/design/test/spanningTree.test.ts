/** Spanning tree in designs: what a bridge is told, what is refused with which sentence, and what a record of the existing may say all the same. */
import { assert, describe, it } from "@effect/vitest"
import * as Build from "@l2lab/design/Build"
import * as Compile from "@l2lab/design/Compile"
import type { SwitchNode } from "@l2lab/design/Network"
import { Result } from "effect"
import { judge, protocolOf } from "./Judged.ts"

describe("rapid spanning tree", () => {
  it("has the standard's values where nothing is said, and the long costs", () => {
    assert.deepStrictEqual(protocolOf("spanningTree: { protocol: rstp }\nnodes: { sw1: { ports: 1 } }\n"), [
      {
        kind: "rstp2004",
        config: {
          priority: 32768,
          ports: [{ priority: 128 }],
          helloTime: 2,
          maxAge: 20,
          forwardDelay: 15,
          txHoldCount: 6,
          pathCostMethod: "long",
        },
      },
    ])
  })

  it("takes what the design, all switches, the switch and its ports say", () => {
    const text = `
spanningTree: { protocol: rstp, helloTime: 1s, edgePorts: access, pathCost: short }
defaults: { switch: { spanningTree: { transmitHoldCount: 3 } } }
nodes:
  sw1:
    spanningTree: { priority: 4096, maxAge: 10s, forwardDelay: 7s }
    port:
      1: { mode: trunk, cost: 7, priority: 16, linkType: shared, autoEdge: false }
      2: { edge: false, linkType: point-to-point }
      3: { description: printer }
      4: { mode: trunk, edge: true, linkType: auto }
`
    assert.deepStrictEqual(protocolOf(text), [
      {
        kind: "rstp2004",
        config: {
          priority: 4096,
          ports: [
            { priority: 16, pathCost: 7, autoEdge: false, adminPointToPointMAC: false },
            { priority: 128, adminPointToPointMAC: true },
            { priority: 128, adminEdge: true },
            { priority: 128, adminEdge: true },
          ],
          helloTime: 1,
          maxAge: 10,
          forwardDelay: 7,
          txHoldCount: 3,
          pathCostMethod: "short",
        },
      },
    ])
  })
})

describe("a tree for each VLAN", () => {
  it("may mention VLANs: they exist by that, and where the design lists its VLANs they must be among them", () => {
    const design = "spanningTree: { protocol: rapid-pvst, vlans: { '10,30-40': { priority: 4096 } } }\nnodes: { sw1: }\n"
    const compiled = Result.getOrThrow(Compile.text(design, "x.l2.yml"))
    assert.deepStrictEqual(
      compiled.network.vlans.map(({ id }) => id),
      [1, 10],
    )
    const listed = Compile.text(`vlans: [20]\n${design}`, "x.l2.yml")
    assert.isTrue(Result.isFailure(listed))
    assert.include(JSON.stringify(listed), "VLAN 10 is not among the design's vlans")
  })

  it("is told what VLANs have of their own, key by key over what is said for all, and of which VLANs there are", () => {
    const text = `
vlans: [1, 10-12, 20]
spanningTree: { protocol: rapid-pvst, priority: 8192, vlans: { "10-11,20": { priority: 4096 } }, maximumInstances: 4 }
nodes:
  sw1:
    spanningTree: { vlans: { 11-12: { helloTime: 1s } } }
    port: { 1: { mode: trunk, cost: 7, vlans: { 12: { cost: 100, priority: 64 } } }, 2: { mode: access, edge: true } }
`
    const compiled = Compile.text(text, "x.l2.yml")
    if (Result.isFailure(compiled)) throw compiled.failure
    const bridge = Build.bridgeConfig(compiled.success.network.nodes[0] as SwitchNode)
    assert.deepStrictEqual(bridge.treeOfVlan, [0, 1, 2, 3, 4])
    const times = { helloTime: 2, maxAge: 20, forwardDelay: 15 }
    assert.deepStrictEqual(bridge.protocols, [
      {
        kind: "rapid-pvst",
        config: {
          priority: 8192,
          ports: [
            { priority: 128, pathCost: 7 },
            { priority: 128, adminEdge: true },
          ],
          ...times,
          pathCostMethod: "short",
          vlans: {
            10: { priority: 4096, ...times },
            11: { priority: 4096, ...times, helloTime: 1 },
            12: { priority: 8192, ...times, helloTime: 1, ports: [{ pathCost: 100, priority: 64 }, {}] },
            20: { priority: 4096, ...times },
          },
          maximumInstances: 4,
          txHoldCount: 6,
        },
      },
    ])
  })

  it("may be PVST+, with the profile and without the hold count", () => {
    const [protocol] = protocolOf("spanningTree: { protocol: pvst, profile: linux }\nnodes: { sw1: { ports: 1 } }\n") as [
      { readonly kind: string; readonly config: object },
    ]
    assert.strictEqual(protocol.kind, "pvst")
    assert.include(protocol.config, { profile: "linux" })
    assert.notProperty(protocol.config, "txHoldCount")
  })
})

describe("multiple spanning trees", () => {
  it("are told of their region, their instances and their ports", () => {
    const text = `
vlans: [1, 10-12, 20, 30]
spanningTree:
  protocol: mst
  priority: 8192
  region: { name: FARM, revision: 3, instances: { 2: [20, 30], 1: "10-12,20-22", 5: 40 } }
  instances: { "1,2": { priority: 4096 } }
nodes:
  sw1:
    spanningTree: { maxHops: 10, pvstSimulation: false, region: { instances: { 1: "10-12,22", 2: [20, 30] } }, instances: { 2: { priority: 0 } } }
    port:
      1: { cost: 7, priority: 16, instances: { 0: { cost: 9 }, "1-2": { cost: 100, priority: 64 } } }
      2: { mode: access, edge: true }
`
    const compiled = Compile.text(text.replace(", 5: 40", "").replace(",20-22", ""), "x.l2.yml")
    if (Result.isFailure(compiled)) throw compiled.failure
    const bridge = Build.bridgeConfig(compiled.success.network.nodes[0] as SwitchNode)
    assert.strictEqual(bridge.trees, 3)
    assert.notProperty(bridge, "treeOfVlan")
    const inInstances = [{ internalPathCost: 100, priority: 64 }, {}]
    assert.deepStrictEqual(bridge.protocols, [
      {
        kind: "mstp",
        config: {
          region: {
            name: "FARM",
            revision: 3,
            instances: {
              1: [
                [10, 12],
                [22, 22],
              ],
              2: [
                [20, 20],
                [30, 30],
              ],
            },
          },
          priority: 8192,
          ports: [
            { priority: 16, externalPathCost: 7, internalPathCost: 9 },
            { priority: 128, adminEdge: true },
          ],
          mstis: { 1: { priority: 4096, ports: inInstances }, 2: { priority: 0, ports: inInstances } },
          helloTime: 2,
          maxAge: 20,
          forwardDelay: 15,
          txHoldCount: 6,
          maxHops: 10,
          pathCostMethod: "long",
        },
      },
    ])
  })
})

/** Refused whatever the design is a record of. */
const IMPOSSIBLE: ReadonlyArray<readonly [desc: string, text: string, lines: ReadonlyArray<string>]> = [
  [
    "times that no BPDU can carry",
    "spanningTree: { maxAge: 256s, helloTime: 1ms, forwardDelay: 256s }\nnodes: { sw1:, sw2: }\nlinks: [[sw1, sw2]]\n",
    [
      "x.l2.yml:1:25: spanningTree.maxAge: maxAge of sw1 and 1 more is 256s, which no BPDU can carry: write 20s, or another from 6s to 40s",
      "x.l2.yml:1:42: spanningTree.helloTime: helloTime of sw1 and 1 more is 0.001s, which no BPDU can carry: write 2s, or another from 1s to 10s",
      "x.l2.yml:1:61: spanningTree.forwardDelay: forwardDelay of sw1 and 1 more is 256s, which no BPDU can carry: write 15s, or another from 4s to 30s",
    ],
  ],
  [
    "what 802.1D-1998 does not have",
    "nodes: { sw1: { spanningTree: { transmitHoldCount: 3 }, port: { 1: { edge: true, autoEdge: false } } }, sw2: }\nlinks: [[sw1, sw2]]\n",
    [
      "x.l2.yml:1:33: nodes.sw1.spanningTree.transmitHoldCount: sw1 runs stp, which has no transmitHoldCount: remove it, or write protocol: rstp, rapid-pvst or mst",
      "x.l2.yml:1:82: nodes.sw1.port.1.autoEdge: sw1 runs stp, which has no autoEdge: remove it, or write protocol: rstp, rapid-pvst or mst",
    ],
  ],
  [
    "what one tree for all VLANs does not have",
    "spanningTree: { protocol: rstp, maximumInstances: 128 }\nnodes: { sw1: { spanningTree: { vlans: { 1: { priority: 0 } } } }, sw2: { port: { 1: { vlans: { 1: { cost: 5 } } } } } }\nlinks: [[sw1, sw2]]\n",
    [
      "x.l2.yml:1:33: spanningTree.maximumInstances: no switch runs a protocol that has it, sw1 runs rstp, which has no maximumInstances: remove it, or write protocol: rapid-pvst or pvst",
      "x.l2.yml:2:33: nodes.sw1.spanningTree.vlans: sw1 runs rstp, which has no vlans: remove it, or write protocol: rapid-pvst or pvst",
      "x.l2.yml:2:88: nodes.sw2.port.1.vlans: sw2 runs rstp, which has no vlans: remove it, or write protocol: rapid-pvst or pvst",
    ],
  ],
  [
    "other people's words",
    "spanningTree: { protocol: rapid }\nnodes: { sw1: { spanningTree: { protocol: 802.1w } }, sw2: { spanningTree: { protocol: IEEE } } }\nlinks: [[sw1, sw2]]\n",
    [
      'x.l2.yml:1:27: spanningTree.protocol: "rapid" is called rstp here: write protocol: rstp',
      'x.l2.yml:2:43: nodes.sw1.spanningTree.protocol: "802.1w" is called rstp here: write protocol: rstp',
      'x.l2.yml:2:88: nodes.sw2.spanningTree.protocol: "IEEE" is called stp here: write protocol: stp',
    ],
  ],
]

/** Found before the rules look: keys that mean no VLANs. */
const BAD_KEYS: ReadonlyArray<readonly [desc: string, text: string, lines: ReadonlyArray<string>]> = [
  [
    "VLAN sets that are none",
    "spanningTree: { protocol: pvst, vlans: { 4095: { priority: 0 }, 20-10: {}, office: {}, '1,': {} } }\nnodes: { sw1: }\n",
    [
      "x.l2.yml:1:42: spanningTree.vlans.4095: VLAN 4095 does not exist: VLAN ids are whole numbers from 1 to 4094",
      "x.l2.yml:1:65: spanningTree.vlans.20-10: the range 20-10 runs backwards: write 10-20",
      'x.l2.yml:1:76: spanningTree.vlans.office: "office" is not a VLAN id or a range: write VLANs like 10 or 10,20-30',
      'x.l2.yml:1:88: spanningTree.vlans.1,: "" is not a VLAN id or a range: write VLANs like 10 or 10,20-30',
    ],
  ],
  [
    "a VLAN in two keys of a switch, and of a port",
    "nodes:\n  sw1:\n    spanningTree: { protocol: pvst, vlans: { 10-20: { priority: 0 }, '5,15': { priority: 4096 } } }\n    port: { 1: { vlans: { 7: {cost: 1}, 1-9: {cost: 2} } } }\n",
    [
      "x.l2.yml:3:70: nodes.sw1.spanningTree.vlans.5,15: VLAN 15 stands in 10-20 too: let it stand in one of the two",
      "x.l2.yml:4:41: nodes.sw1.port.1.vlans.1-9: VLAN 7 stands in 7 too: let it stand in one of the two",
    ],
  ],
]

/** Regions that are none. */
const BAD_REGIONS: ReadonlyArray<readonly [desc: string, text: string, lines: ReadonlyArray<string>]> = [
  [
    "names, revisions and VLANs that no BPDU can carry",
    "spanningTree:\n  protocol: mst\n  region:\n    name: a-name-that-is-longer-than-32-octets\n    revision: 65536\n    instances: { 1: '10-', 2: 4095, 3: [a] }\nnodes: { sw1: { spanningTree: { region: { name: Zürich } } } }\n",
    [
      'x.l2.yml:4:11: spanningTree.region.name: the name of a region has at most 32 octets, and "a-name-that-is-longer-than-32-octets" has 36: shorten it',
      "x.l2.yml:5:15: spanningTree.region.revision: 65536 is out of range: write a revision from 0 to 65535",
      'x.l2.yml:6:21: spanningTree.region.instances.1: "10-" is not a VLAN id or a range: write VLANs like 10 or 10,20-30',
      "x.l2.yml:6:31: spanningTree.region.instances.2: VLAN 4095 does not exist: VLAN ids are whole numbers from 1 to 4094",
      'x.l2.yml:6:41: spanningTree.region.instances.3[0]: "a" is not a VLAN or a range of VLANs: write it like 20-30',
      'x.l2.yml:7:49: nodes.sw1.spanningTree.region.name: "Zürich" has characters other than ASCII\'s: switches do not agree on their octets, use letters and digits',
    ],
  ],
  [
    "counts that fit into nothing",
    "spanningTree: { protocol: mst, transmitHoldCount: 0, maxHops: 256 }\nnodes: { sw1: }\n",
    [
      "x.l2.yml:1:51: spanningTree.transmitHoldCount: 0 is out of range: write a number of BPDUs from 1 to 10",
      "x.l2.yml:1:63: spanningTree.maxHops: 256 is out of range: write a number of bridges from 6 to 40",
    ],
  ],
  [
    "instances that do not exist, and VLANs in two",
    "spanningTree: { protocol: mst, region: { instances: { 0: '5', 4095: '6', one: '7', 1: '10-20', 2: '15' } } }\nnodes: { sw1: { spanningTree: { instances: { 0: { priority: 0 }, 5000: {} } } } }\n",
    [
      "x.l2.yml:1:55: spanningTree.region.instances.0: instance 0 is the CIST, and has all VLANs that stand in no other instance: remove it",
      "x.l2.yml:1:63: spanningTree.region.instances.4095: instance 4095 does not exist: write a whole number from 1 to 4094",
      'x.l2.yml:1:74: spanningTree.region.instances.one: "one" is not the number of an instance: write a whole number from 1 to 4094',
      "x.l2.yml:1:99: spanningTree.region.instances.2: VLAN 15 is in instance 1 too: a VLAN follows one instance, leave it in one",
      "x.l2.yml:2:46: nodes.sw1.spanningTree.instances.0: instance 0 is the CIST, and has what is said for the switch: write priority there",
      "x.l2.yml:2:66: nodes.sw1.spanningTree.instances.5000: instance 5000 does not exist: instances are whole numbers from 1 to 4094",
    ],
  ],
  [
    "more instances than a BPDU has room for",
    `spanningTree: { protocol: mst, region: { instances: { ${Array.from({ length: 65 }, (_, i) => `${i + 1}: '${i + 1}'`).join(", ")} } } }\nnodes: { sw1: }\n`,
    ["x.l2.yml:1:42: spanningTree.region.instances: a region has at most 64 instances, and this one has 65: put VLANs together"],
  ],
  [
    "settings of an instance that the region does not have",
    "spanningTree: { protocol: mst, region: { instances: { 1: '10', 7: '70' } }, instances: { 9: { priority: 0 } } }\nnodes: { sw1: { port: { 1: { instances: { 0: { cost: 5 }, 2: { cost: 5 } } } } }, sw2: }\nlinks: [[sw1, sw2]]\n",
    [
      "x.l2.yml:1:90: spanningTree.instances.9: the region of sw1 has no instance 9: it has 1, 7, name one of them or add it to region",
      "x.l2.yml:2:59: nodes.sw1.port.1.instances.2: the region of sw1 has no instance 2: it has 1, 7, name one of them or add it to region",
    ],
  ],
]

describe("regions", () => {
  for (const [desc, text, lines] of BAD_REGIONS) {
    it(`refused: ${desc}`, () => {
      assert.deepStrictEqual(judge(text).refused, [...lines])
    })
  }

  it("what the design says of an instance is for the switches whose region has it", () => {
    const text =
      "spanningTree: { protocol: mst, region: { instances: { 1: '10' } }, instances: { 1: { priority: 0 } } }\nnodes: { sw1: { spanningTree: { region: { name: X, instances: {} } } }, sw2: }\nlinks: [[sw1, sw2]]\n"
    assert.deepStrictEqual(judge(text), { refused: [], warned: [] })
  })

  it("warns of neighbours that give two regions one name", () => {
    const design = (one: string, two: string) =>
      `spanningTree: { protocol: mst, region: { name: FARM, instances: { 1: '10-12' } } }\nnodes: { sw1: { spanningTree: { region: { ${one} } } }, sw2: { spanningTree: { region: { ${two} } } } }\nlinks: [[sw1, sw2]]\n`
    assert.deepStrictEqual(judge(design("", "")), { refused: [], warned: [] })
    assert.deepStrictEqual(judge(design("", "revision: 2")).warned, [
      "x.l2.yml:3:9: links[0]: warning: sw1 and sw2 both call their region FARM, and are in two, with revision 0 and 2: make these the same, or give the regions different names",
    ])
    assert.deepStrictEqual(judge(design("", "instances: { 1: '10-11', 2: '12' }")).warned, [
      "x.l2.yml:3:9: links[0]: warning: sw1 and sw2 both call their region FARM, and are in two, with VLANs 12 in different instances: make these the same, or give the regions different names",
    ])
    assert.deepStrictEqual(judge(design("", "name: OTHER, revision: 2")).warned, [])
  })
})

describe("trees", () => {
  it("warns of VLANs beyond a platform's most, once for switches that are alike", () => {
    const text = (most: number) =>
      `vlans: [10, 20-22]\nspanningTree: { protocol: rapid-pvst, maximumInstances: ${most} }\nnodes: { sw1:, sw2:, sw3: { vlans: [20] } }\nlinks: [[sw1, sw2], [sw2, sw3]]\n`
    assert.deepStrictEqual(judge(text(3)).warned, [
      "x.l2.yml:2:57: spanningTree.maximumInstances: warning: sw1 and 1 more have 5 VLANs and at most 3 trees: VLANs 21, 22 run without one and loop where there is a ring; leave VLANs out with vlans, or mean it",
    ])
    assert.deepStrictEqual(judge(text(5)).warned, [])
  })

  it("warns of neighbours that count costs by different tables, unless both ends are told theirs", () => {
    const text = (port: string) =>
      `nodes: { sw1: { spanningTree: { protocol: rstp }, port: { 1: { ${port} } } }, sw2: { port: { 1: { ${port} } } } }\nlinks: [[sw1, sw2]]\n`
    assert.deepStrictEqual(judge(text("")).warned, [
      "x.l2.yml:1:72: nodes.sw2: warning: sw1 takes long costs from its rates (1 Gb/s = 20000) and sw2 short ones (1 Gb/s = 4): paths do not compare; give all switches one pathCost",
    ])
    assert.deepStrictEqual(judge(text("cost: 10")).warned, [])
  })
})

describe("keys of VLANs", () => {
  for (const [desc, text, lines] of BAD_KEYS) {
    it(desc, () => {
      assert.deepStrictEqual(judge(text).refused, [...lines])
    })
  }
})

describe("what cannot be", () => {
  for (const [desc, text, lines] of IMPOSSIBLE) {
    it(desc, () => {
      assert.deepStrictEqual(judge(text).refused, [...lines])
      assert.deepStrictEqual(judge(`${text}asBuilt: true\n`).refused, [...lines])
    })
  }
})
