/** Spanning tree in designs: what a bridge is told, what is refused with which sentence, and what a record of the existing may say all the same. */
import { assert, describe, it } from "@effect/vitest"
import * as Build from "@l2lab/design/Build"
import * as Compile from "@l2lab/design/Compile"
import { format } from "@l2lab/design/DesignError"
import type { SwitchNode } from "@l2lab/design/Network"
import { Result } from "effect"

/** The lines that a design is refused with; those it is warned of when it is a record of what exists. */
const judge = (text: string): { readonly refused: ReadonlyArray<string>; readonly warned: ReadonlyArray<string> } => {
  const compiled = Compile.text(text, "x.l2.yml")
  return Result.isFailure(compiled)
    ? { refused: compiled.failure.message.split("\n"), warned: [] }
    : { refused: [], warned: compiled.success.warnings.map(format) }
}

const protocolOf = (text: string): unknown => {
  const compiled = Compile.text(text, "x.l2.yml")
  if (Result.isFailure(compiled)) throw compiled.failure
  return Build.bridgeConfig(compiled.success.network.nodes[0] as SwitchNode).protocols
}

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
  it("is told what VLANs have of their own, key by key over what is said for all, and of which VLANs there are", () => {
    const text = `
vlans: [1, 10-12, 20]
spanningTree: { protocol: rapid-pvst, priority: 8192, vlans: { "10-11,20": { priority: 4096 } }, maximumInstances: 4 }
nodes:
  sw1:
    spanningTree: { vlans: { 11-12: { helloTime: 1s } } }
    port: { 1: { mode: trunk, cost: 7, vlans: { "12,99": { cost: 100, priority: 64 } } }, 2: { mode: access, edge: true } }
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

const AS_IT_STANDS = " (asBuilt: true warns instead)"

/** A limit of the standard: where, what, and the cure. */
type Limit = readonly [desc: string, text: string, lines: ReadonlyArray<readonly [what: string, cure: string]>]
const LIMITS: ReadonlyArray<Limit> = [
  [
    "max age beyond 2 x (forward delay - 1)",
    "spanningTree: { forwardDelay: 10s }\nnodes: { sw1:, sw2:, sw3: }\nlinks: [[sw1, sw2], [sw2, sw3]]\n",
    [
      [
        "1:1: spanningTree: timers of sw1 and 2 more break 2 x (forwardDelay - 1s) >= maxAge >= 2 x (helloTime + 1s): maxAge 20s is more than 2 x (10s - 1s) = 18s, and a port may forward before all have forgotten the old tree",
        "raise forwardDelay to 11s or lower maxAge to 18s",
      ],
    ],
  ],
  [
    "max age below 2 x (hello + 1), with the timers in two blocks",
    "spanningTree: { maxAge: 20s }\nnodes:\n  sw1: { spanningTree: { helloTime: 10s } }\n  sw2:\nlinks: [[sw1, sw2]]\n",
    [
      [
        "3:10: nodes.sw1.spanningTree: timers of sw1 break 2 x (forwardDelay - 1s) >= maxAge >= 2 x (helloTime + 1s): maxAge 20s is less than 2 x (10s + 1s) = 22s, and losing one BPDU may rebuild the tree",
        "raise maxAge to 22s or lower helloTime to 9s",
      ],
    ],
  ],
  [
    "timers outside the standard's ranges",
    "nodes:\n  sw1: { spanningTree: { helloTime: 500ms, maxAge: 5s } }\n  sw2:\nlinks: [[sw1, sw2]]\n",
    [
      [
        "2:37: nodes.sw1.spanningTree.helloTime: helloTime of sw1 is 0.5s, and the standard allows 1s to 10s",
        "write 2s, or another of these",
      ],
      [
        "2:52: nodes.sw1.spanningTree.maxAge: maxAge of sw1 is 5s, and the standard allows 6s to 40s",
        "write 20s, or another of these",
      ],
    ],
  ],
  [
    "half seconds where a machine counts whole ones",
    "spanningTree: { protocol: rstp, helloTime: 1.5s }\nnodes: { sw1:, sw2: }\nlinks: [[sw1, sw2]]\n",
    [["1:44: spanningTree.helloTime: helloTime of sw1 and 1 more is 1.5s, and rstp counts whole seconds", "write 2s"]],
  ],
  [
    "a bridge priority between two steps",
    "spanningTree: { protocol: rstp }\nnodes: { sw1: { spanningTree: { priority: 32769 } }, sw2: { spanningTree: { priority: 65535 } } }\nlinks: [[sw1, sw2]]\n",
    [
      [
        "2:43: nodes.sw1.spanningTree.priority: the bridge priority of sw1 is 32769, and rstp has steps of 4096",
        "write 32768 or 36864",
      ],
      ["2:87: nodes.sw2.spanningTree.priority: the bridge priority of sw2 is 65535, and rstp has steps of 4096", "write 61440"],
    ],
  ],
  [
    "a port priority between two steps, once for a range of ports",
    "spanningTree: { protocol: rstp }\nnodes: { sw1: { port: { 1-4: { priority: 100 } } }, sw2: }\nlinks: [[sw1, sw2]]\n",
    [
      [
        "2:42: nodes.sw1.port.1-4.priority: the port priority 100 is none that rstp has: they go in steps of 16",
        "write 96 or 112",
      ],
    ],
  ],
  [
    "more BPDUs in a second than the standard lets a port send",
    "spanningTree: { protocol: rstp, transmitHoldCount: 20 }\nnodes: { sw1:, sw2: }\nlinks: [[sw1, sw2]]\n",
    [
      [
        "1:52: spanningTree.transmitHoldCount: transmitHoldCount of sw1 and 1 more is 20, and the standard allows 1 to 10",
        "write 6, or another of these",
      ],
    ],
  ],
  [
    "timers of VLANs, apart from the switch's",
    "spanningTree: { protocol: pvst }\nnodes: { sw1: { vlans: [1, 10, 11], spanningTree: { vlans: { '10,11': { maxAge: 40s, helloTime: 500ms } } } }, sw2: }\nlinks: [[sw1, sw2]]\n",
    [
      [
        "2:62: nodes.sw1.spanningTree.vlans.10,11: timers of VLANs 10, 11 of sw1 break 2 x (forwardDelay - 1s) >= maxAge >= 2 x (helloTime + 1s): maxAge 40s is more than 2 x (15s - 1s) = 28s, and a port may forward before all have forgotten the old tree",
        "raise forwardDelay to 21s or lower maxAge to 28s",
      ],
      [
        "2:97: nodes.sw1.spanningTree.vlans.10,11.helloTime: helloTime of VLANs 10, 11 of sw1 is 0.5s, and the standard allows 1s to 10s",
        "write 2s, or another of these",
      ],
    ],
  ],
  [
    "a long cost among short ones",
    "nodes: { sw1: { port: { 1: { cost: 200000 } } }, sw2: { spanningTree: { pathCost: long }, port: { 1: { cost: 200000 } } } }\nlinks: [[sw1, sw2]]\n",
    [
      [
        "1:36: nodes.sw1.port.1.cost: the cost 200000 is beyond 65535, the most of the short costs that sw1 has",
        "write a lower one, or pathCost: long on all switches",
      ],
    ],
  ],
]

describe("limits of the standard", () => {
  for (const [desc, text, lines] of LIMITS) {
    it(`${desc}: refused in a design, warned of in a record of what exists`, () => {
      const { refused } = judge(text)
      assert.deepStrictEqual(
        refused,
        lines.map(([what, cure]) => `x.l2.yml:${what}; ${cure}${AS_IT_STANDS}`),
      )
      const { refused: still, warned } = judge(`${text}asBuilt: true\n`)
      assert.deepStrictEqual(still, [])
      assert.deepStrictEqual(
        warned,
        // The path ends at the first colon that a blank and a lower-case sentence follow.
        lines.map(([what]) => `x.l2.yml:${what.replace(/^(\d+:\d+: \S+): /, "$1: warning: ")}; it is emulated as it stands`),
      )
    })
  }

  it("a record's priority is used as it stands", () => {
    const [protocol] = protocolOf(
      "asBuilt: true\nspanningTree: { protocol: rstp, priority: 100 }\nnodes: { sw1: { ports: 1 } }\n",
    ) as [{ readonly config: { readonly priority: number } }]
    assert.strictEqual(protocol.config.priority, 100)
  })

  it("the edges of both relations are allowed: 2 x (15 - 1) = 28, 2 x (2 + 1) = 6", () => {
    const text = "nodes: { sw1: { spanningTree: { maxAge: 28s } }, sw2: { spanningTree: { maxAge: 6s } } }\nlinks: [[sw1, sw2]]\n"
    assert.deepStrictEqual(judge(text), { refused: [], warned: [] })
  })

  it("802.1D-1998 has priorities between the steps, and half seconds", () => {
    const text =
      "spanningTree: { priority: 100, helloTime: 1.5s }\nnodes: { sw1: { port: { 1: { priority: 5 } } }, sw2: }\nlinks: [[sw1, sw2]]\n"
    assert.deepStrictEqual(judge(text), { refused: [], warned: [] })
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
      "x.l2.yml:1:33: nodes.sw1.spanningTree.transmitHoldCount: sw1 runs stp, which has no transmitHoldCount: remove it, or write protocol: rstp or rapid-pvst",
      "x.l2.yml:1:82: nodes.sw1.port.1.autoEdge: sw1 runs stp, which has no autoEdge: remove it, or write protocol: rstp or rapid-pvst",
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
