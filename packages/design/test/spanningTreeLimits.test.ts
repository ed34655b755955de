/** The limits of the standard in designs: where they are, what is wrong, and the cure; a record of the existing is warned only. */
import { assert, describe, it } from "@effect/vitest"
import { judge, protocolOf } from "./Judged.ts"

const AS_IT_STANDS = " (asBuilt: true warns instead)"

/** A limit of the standard: where, what, and the cure. */
type Limit = readonly [
  desc: string,
  text: string,
  lines: ReadonlyArray<readonly [what: string, cure: string, otherwise?: string]>,
]
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
    "timers of which only some cures are within the limits",
    "spanningTree: { helloTime: 1s, maxAge: 3s, forwardDelay: 4s }\nnodes: { sw1:, sw2: }\nlinks: [[sw1, sw2]]\n",
    [
      [
        "1:1: spanningTree: timers of sw1 and 1 more break 2 x (forwardDelay - 1s) >= maxAge >= 2 x (helloTime + 1s): maxAge 3s is less than 2 x (1s + 1s) = 4s, and losing one BPDU may rebuild the tree",
        "raise maxAge to 6s",
      ],
      [
        "1:40: spanningTree.maxAge: maxAge of sw1 and 1 more is 3s, and the standard allows 6s to 40s",
        "write 20s, or another of these",
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
    [
      [
        "1:44: spanningTree.helloTime: helloTime of sw1 and 1 more is 1.5s, and rstp counts whole seconds",
        "write 2s",
        "it is emulated, with timers of whole seconds",
      ],
    ],
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
    "hops beyond the standard's, and priorities of instances between two steps",
    "spanningTree: { protocol: mst, maxHops: 5, region: { instances: { 1: '10' } }, instances: { 1: { priority: 5000 } } }\nnodes: { sw1:, sw2: }\nlinks: [[sw1, sw2]]\n",
    [
      [
        "1:41: spanningTree.maxHops: maxHops of sw1 and 1 more is 5, and the standard allows 6 to 40",
        "write 20, or another of these",
      ],
      [
        "1:108: spanningTree.instances.1.priority: the bridge priority of sw1 in instance 1 is 5000, and mst has steps of 4096",
        "write 4096 or 8192",
        "it is emulated as 4096, since the number of the tree is added",
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
        lines.map(
          ([what, , otherwise = "it is emulated as it stands"]) =>
            `x.l2.yml:${what.replace(/^(\d+:\d+: \S+): /, "$1: warning: ")}; ${otherwise}`,
        ),
      )
    })
  }

  it("the priority of a farm's roots is the farm's word", () => {
    assert.deepStrictEqual(judge("spanningTree: { protocol: rapid-pvst }\nfarm: { access: 1, rootPriority: 5000 }\n").refused, [
      `x.l2.yml:2:34: farm.rootPriority: the bridge priority of dist-1 is 5000, and rapid-pvst has steps of 4096; write 4096 or 8192${AS_IT_STANDS}`,
      `x.l2.yml:2:34: farm.rootPriority: the bridge priority of dist-2 is 9096, and rapid-pvst has steps of 4096; write 8192 or 12288${AS_IT_STANDS}`,
    ])
  })

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
