/** Port-channels in a design: what a bridge is told, and what is refused or warned of by the rule `port-channel`. */
import { assert, describe, it } from "@effect/vitest"
import type { BridgeConfig } from "@l2lab/l2/BridgeConfig"
import type { LacpConfig } from "@l2lab/l2/lacp/State"
import type { PagpConfig } from "@l2lab/l2/pagp/State"
import { Result } from "effect"
import * as Compile from "../src/Compile.ts"
import { format } from "../src/DesignError.ts"

const design = (sw1: string, sw2 = "{}", more = ""): string => `nodes:
  sw1: ${sw1}
  sw2: ${sw2}
  sw3:
  pc: { address: 10.0.0.1/24 }
links: [["sw1:1", "sw2:1"], ["sw1:2", "sw2:2"], ["sw1:3", "sw3:1"], ["sw1:4", pc]]
${more}`

const compile = (text: string) => Compile.text(text, "x.l2.yml")

const configOf = (text: string, node = 0): BridgeConfig => {
  const compiled = compile(text)
  if (Result.isFailure(compiled)) throw new Error(compiled.failure.findings.map(format).join("\n"))
  return compiled.success.plan.nodes[node].config as BridgeConfig
}

const findings = (text: string): ReadonlyArray<string> => {
  const compiled = compile(text)
  return (Result.isFailure(compiled) ? compiled.failure.findings : compiled.success.warnings).map(format)
}

const CHANNEL = "{ portChannel: { 1: { ports: [1, 2] } } }"

describe("a port-channel in a design", () => {
  it("is a bundle of the bridge, and a group of its LACP", () => {
    const config = configOf(
      design(
        "{ loadBalance: src-dst-ip, lacpPriority: 7, spanningTree: { protocol: rstp }, port: { 1-2: { cost: 5 } }, portChannel: { 3: { ports: [2, 1], rate: fast, priorities: { 2: 9 }, maxBundle: 2, minLinks: 2, suspendIndividual: true, hashDistribution: adaptive, bandwidth: whole, guard: false } } }",
        CHANNEL,
      ),
    )
    assert.deepEqual(config.bundles, [
      {
        members: [0, 1],
        isStatic: false,
        switchPort: { mode: "trunk", native: 1, allowed: [1] },
        loadBalance: "src-dst-ip",
        minLinks: 2,
        hashDistribution: "adaptive",
        rate: "whole",
        guard: false,
      },
    ])
    const lacp = config.protocols.find(({ kind }) => kind === "lacp")?.config as LacpConfig
    assert.deepEqual(lacp, {
      systemPriority: 7,
      groups: [{ bundle: 0, key: 3, members: [0, 1], maxBundle: 2, minLinks: 2, suspendIndividual: true }],
      ports: [{ mode: "active", rate: "fast" }, { mode: "active", rate: "fast", priority: 9 }, undefined, undefined],
    })
    // Spanning tree has one more port, which is told what the first member is.
    const rstp = config.protocols[0].config as { readonly ports: ReadonlyArray<{ readonly pathCost?: number }> }
    assert.deepEqual(
      rstp.ports.map(({ pathCost }) => pathCost),
      [5, 5, undefined, undefined, 5],
    )
  })

  it("needs no LACP where it is on", () => {
    const config = configOf(
      design('{ portChannel: { 1: { ports: [1, 2], mode: "on" } } }', '{ portChannel: { 1: { ports: [1, 2], mode: "on" } } }'),
    )
    assert.isTrue(config.bundles?.[0].isStatic)
    assert.deepEqual(
      config.protocols.map(({ kind }) => kind).filter((kind) => kind === "lacp"),
      [],
    )
  })

  it("is a group of its PAgP, whose messages all switches that are not unmanaged take", () => {
    const text = design(
      "{ enhancedPagp: false, loadBalance: src-mac, portChannel: { 3: { ports: [1, 2], mode: desirable, rate: fast, silent: false, learnMethod: physical-port, priorities: { 2: 9 } } } }",
      "{ reserved: flood, portChannel: { 1: { ports: [1, 2], mode: auto } } }",
    )
    const pagp = (node: number) => configOf(text, node).protocols.find(({ kind }) => kind === "pagp")?.config as PagpConfig
    assert.deepEqual(pagp(0), {
      identity: { name: "sw1", interfaces: [1, 2, 3, 4].map((port) => `GigabitEthernet0/${port}`) },
      groups: [{ bundle: 0, number: 3, members: [0, 1], learnMethod: "physical-port" }],
      ports: [
        { mode: "desirable", nonSilent: true, rate: "fast" },
        { mode: "desirable", nonSilent: true, rate: "fast", priority: 9 },
        undefined,
        undefined,
      ],
      dualActive: false,
    })
    assert.deepEqual(pagp(1).groups, [{ bundle: 0, number: 1, members: [0, 1] }])
    assert.deepEqual(pagp(2).groups, [])
    const unmanaged = text.replace("  sw3:", "  sw3: { reserved: flood }")
    assert.isUndefined(configOf(unmanaged, 2).protocols.find(({ kind }) => kind === "pagp"))
    assert.isUndefined(configOf(design(CHANNEL, CHANNEL)).protocols.find(({ kind }) => kind === "pagp"))
  })

  it("of sane ends is nothing to complain of, and closes no ring", () => {
    assert.deepEqual(findings(design(CHANNEL, CHANNEL)), [])
    const none = "spanningTree: { protocol: none }, "
    assert.deepEqual(
      findings(design(`{ ${none}portChannel: { 1: { ports: [1, 2] } } }`, `{ ${none}portChannel: { 1: { ports: [1, 2] } } }`)),
      [],
    )
  })

  const CASES: ReadonlyArray<readonly [what: string, sw1: string, sw2: string, said: ReadonlyArray<string>]> = [
    [
      "a port that does not exist",
      "{ portChannel: { 1: { ports: [1, 9] } } }",
      "{}",
      [
        "nodes.sw1.portChannel.1.ports[1]: port-channel: port 9 does not exist: sw1 has 4 ports; name a lower one, or raise ports",
      ],
    ],
    [
      "a port in two",
      "{ portChannel: { 1: { ports: [1, 2] }, 2: { ports: [2] } } }",
      "{}",
      ["nodes.sw1.portChannel.2.ports[0]: port-channel: port 2 of sw1 is in Po1 already: a port is in one port-channel"],
    ],
    [
      "no ports",
      "{ portChannel: { 1: { ports: [] } } }",
      "{}",
      ["nodes.sw1.portChannel.1.ports: port-channel: Po1 of sw1 has no ports: name some, like [1, 2]"],
    ],
    [
      "more than eight that are on",
      '{ ports: 12, portChannel: { 1: { ports: [1, 2, 3, 5, 6, 7, 8, 9, 10], mode: "on" } } }',
      "{}",
      ["nodes.sw1.portChannel.1.ports: port-channel: Po1 of sw1 has 9 ports: mode on takes 8 at most: remove some"],
    ],
    [
      "no number",
      "{ portChannel: { uplink: { ports: [1, 2] } } }",
      "{}",
      ['nodes.sw1.portChannel.uplink: port-channel: "uplink" is no number of a port-channel: write 1 to 4096'],
    ],
    [
      "a priority of a stranger",
      "{ portChannel: { 1: { ports: [1, 2], priorities: { 3: 1 } } } }",
      "{}",
      ["nodes.sw1.portChannel.1.priorities.3: port-channel: port 3 is not among the ports of Po1: remove its priority"],
    ],
    [
      "more min-links than can be",
      "{ portChannel: { 1: { ports: [1, 2], minLinks: 3 } } }",
      "{}",
      [
        "nodes.sw1.portChannel.1.minLinks: port-channel: Po1 of sw1 never has 3 members that carry frames, 2 at most: lower minLinks",
      ],
    ],
    [
      "members of different VLANs",
      "{ port: { 1: { mode: access } }, portChannel: { 1: { ports: [1, 2] } } }",
      "{}",
      [
        "nodes.sw1.portChannel.1.ports: port-channel: sw1:1 and sw1:2, both in Po1, treat VLANs differently: give the ports of a port-channel the same mode and VLANs",
      ],
    ],
    [
      "members that negotiate",
      "{ port: { 1-2: { mode: dynamic-auto } }, portChannel: { 1: { ports: [1, 2] } } }",
      "{}",
      [
        "nodes.sw1.portChannel.1.ports: port-channel: sw1:1 in Po1 negotiates whether it is a trunk: write mode: trunk or mode: access for the ports of a port-channel",
      ],
    ],
    [
      "on against active",
      '{ portChannel: { 1: { ports: [1, 2], mode: "on" } } }',
      CHANNEL,
      [
        "nodes.sw1.portChannel.1.mode: port-channel: Po1 of sw1 is on, Po1 of sw2 is active: one bundles and the other waits for LACP; write the same at both ends",
      ],
    ],
    [
      "on against nothing",
      '{ portChannel: { 1: { ports: [1, 2], mode: "on" } } }',
      "{}",
      [
        "nodes.sw1.portChannel.1: port-channel: Po1 of sw1 bundles without asking, and sw2 does not bundle: frames come back by other members; give sw2 a port-channel too",
      ],
    ],
    [
      "two that wait for each other",
      "{ portChannel: { 1: { ports: [1, 2], mode: passive } } }",
      "{ portChannel: { 1: { ports: [1, 2], mode: passive } } }",
      [
        "nodes.sw1.portChannel.1.mode: port-channel: Po1 of sw1 and Po1 of sw2 are both passive: neither speaks first; make one active",
      ],
    ],
    [
      "two of PAgP that wait for each other",
      "{ portChannel: { 1: { ports: [1, 2], mode: auto } } }",
      "{ portChannel: { 1: { ports: [1, 2], mode: auto } } }",
      [
        "nodes.sw1.portChannel.1.mode: port-channel: Po1 of sw1 and Po1 of sw2 are both auto: neither speaks first; make one desirable",
      ],
    ],
    [
      "two protocols",
      "{ portChannel: { 1: { ports: [1, 2], mode: desirable } } }",
      CHANNEL,
      [
        "nodes.sw1.portChannel.1.mode: port-channel: Po1 of sw1 is desirable, Po1 of sw2 is active: one speaks PAgP and the other LACP; write the same at both ends",
      ],
    ],
    [
      "PAgP against on",
      "{ portChannel: { 1: { ports: [1, 2], mode: auto } } }",
      '{ portChannel: { 1: { ports: [1, 2], mode: "on" } } }',
      [
        "nodes.sw1.portChannel.1.mode: port-channel: Po1 of sw1 is auto, Po1 of sw2 is on: one bundles and the other waits for PAgP; write the same at both ends",
      ],
    ],
    [
      "what is LACP's with PAgP, and the other way around",
      "{ portChannel: { 1: { ports: [1], mode: auto, maxBundle: 1, suspendIndividual: true }, 2: { ports: [2], silent: true } } }",
      "{}",
      [
        "nodes.sw1.portChannel.1.maxBundle: port-channel: maxBundle is LACP's, and Po1 has mode auto: remove it",
        "nodes.sw1.portChannel.1.suspendIndividual: port-channel: suspendIndividual is LACP's, and Po1 has mode auto: remove it",
        "nodes.sw1.portChannel.2.silent: port-channel: silent is PAgP's, and Po2 has mode active: remove it",
      ],
    ],
    [
      "a priority that PAgP does not have, and nine members",
      "{ ports: 12, portChannel: { 1: { ports: [1, 2, 3, 5, 6, 7, 8, 9, 10], mode: auto, priorities: { 1: 256 } } } }",
      "{}",
      [
        "nodes.sw1.portChannel.1.ports: port-channel: Po1 of sw1 has 9 ports: mode auto takes 8 at most: remove some",
        "nodes.sw1.portChannel.1.priorities.1: port-channel: 256 is no priority of PAgP: write 0 to 255 for port 1 of Po1",
      ],
    ],
    [
      "members that learn on themselves, and load that is not shared by source",
      "{ loadBalance: dst-mac, portChannel: { 1: { ports: [1, 2], mode: desirable, learnMethod: physical-port } } }",
      "{ portChannel: { 1: { ports: [1, 2], mode: desirable } } }",
      [
        "nodes.sw1.portChannel.1.learnMethod: port-channel: Po1 of sw1 learns on physical ports and shares its load by dst-mac: addresses would move between its members; write loadBalance: src-mac",
      ],
    ],
    [
      "cables to two switches",
      "{ portChannel: { 1: { ports: [2, 3] } } }",
      "{}",
      [
        "nodes.sw1.portChannel.1.ports: port-channel: the cables of Po1 of sw1 lead to sw2 and sw3, which are no pair: a port-channel ends in one switch",
      ],
    ],
    [
      "cables to no switch",
      "{ portChannel: { 1: { ports: [4] } } }",
      "{}",
      [
        "nodes.sw1.portChannel.1.ports: port-channel: Po1 of sw1 leads to pc, a host, which bundles nothing: remove the port-channel",
      ],
    ],
    [
      "cables that are not together at the other end",
      CHANNEL,
      "{ portChannel: { 1: { ports: [1] } } }",
      [
        "nodes.sw1.portChannel.1.ports: port-channel: the cables of Po1 of sw1 are not in one port-channel of sw2: put all of them into one, or take none",
      ],
    ],
  ]
  for (const [what, sw1, sw2, said] of CASES) {
    it(`is complained of: ${what}`, () => {
      // Lines and columns are the locator's business; the key is ours.
      const found = findings(design(sw1, sw2)).map((line) =>
        line.replace(/^x\.l2\.yml:\d+:\d+: /, "").replace(": warning: ", ": "),
      )
      for (const line of said) assert.include(found, line)
    })
  }

  it("is complained of: cables that are not alike", () => {
    const text = (link: string) =>
      `nodes: { sw1: ${CHANNEL}, sw2: ${CHANNEL} }\nlinks: [["sw1:1", "sw2:1"], { ends: ["sw1:2", "sw2:2"], ${link} }]\n`
    assert.match(
      findings(text("rate: 100M"))[0],
      /port-channel: the cables at sw1:1 and sw1:2, both in Po1, have different rates/,
    )
    assert.match(
      findings(text("duplex: half"))[0],
      /port-channel: the cable at sw1:2 in Po1 is not full duplex: LACP bundles no such port/,
    )
  })
})
