/** What is wrong with pairs: each rule with a sentence that has the cure. */
import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import * as Compile from "../src/Compile.ts"
import { format } from "../src/DesignError.ts"

const findings = (text: string): ReadonlyArray<string> => {
  const compiled = Compile.text(text, "x.l2.yml")
  return (Result.isFailure(compiled) ? compiled.failure.findings : compiled.success.warnings).map(format)
}

/** A pair with two VSL cables, a cable for fast hellos, and an access switch bundled to both. `pair`: what it is told besides or instead. */
const vss = (pair: Record<string, string> = {}, nodes = "", links = "", vslLinks = VSL_LINKS): string => {
  const keys: Record<string, string> = {
    type: "vss",
    domain: "10",
    vsl: '["core-1:1", "core-1:2", "core-2:1", "core-2:2"]',
    dualActive: '{fastHello: ["core-1:3", "core-2:3"]}',
    portChannel: '{10: {ports: ["core-1:4", "core-2:4"]}}',
    ...pair,
  }
  const block = Object.entries(keys).flatMap(([key, value]) => (value === "" ? [] : [`    ${key}: ${value}`]))
  return `spanningTree: {protocol: rstp}
pairs:
  core:
${block.join("\n")}
nodes:
  acc-1: {portChannel: {1: {ports: [1, 2]}}}
${nodes}links:
${vslLinks}  - ["core-1:3", "core-2:3"]
  - ["acc-1:1", "core-1:4"]
  - ["acc-1:2", "core-2:4"]
${links}`
}

const VSL_LINKS = `  - ["core-1:1", "core-2:1"]
  - ["core-1:2", "core-2:2"]
`

const vpc = (pair: Record<string, string> = {}, nodes = "", links = ""): string => {
  const keys: Record<string, string> = {
    type: "vpc",
    domain: "10",
    peerLink: "Po1",
    keepalive: '["agg-1:3", "agg-2:3"]',
    portChannel: '{1: {ports: ["agg-1:1", "agg-2:1"]}, 10: {ports: ["agg-1:4", "agg-2:4"]}}',
    ...pair,
  }
  const block = Object.entries(keys).flatMap(([key, value]) => (value === "" ? [] : [`    ${key}: ${value}`]))
  return `spanningTree: {protocol: rstp}
pairs:
  agg:
${block.join("\n")}
nodes:
  acc-1: {portChannel: {1: {ports: [1, 2]}}}
${nodes}links:
  - ["agg-1:1", "agg-2:1"]
  - ["agg-1:3", "agg-2:3"]
  - ["acc-1:1", "agg-1:4"]
  - ["acc-1:2", "agg-2:4"]
${links}`
}

const CASES: ReadonlyArray<readonly [name: string, text: string, ...sentences: ReadonlyArray<RegExp>]> = [
  ["nothing", vss()],
  ["nothing of a vpc", vpc()],

  ["a pair without a type", vss({ type: "" }), /x\.l2\.yml:3:3: pairs\.core: "type" is missing: add type: vss or type: vpc/],
  ["a type that is none", vss({ type: "vsx" }), /there is no pair of type "vsx"; did you mean "vss"\?/],
  ["an unknown key", vss({ vls: "[]" }), /pairs\.core\.vls: unknown key; did you mean "vsl"\?/],
  [
    "more than two switches",
    vss({ switches: "[core-1, core-2, core-3]" }),
    /pairs\.core\.switches: pair: core has 3 switches: a pair is two, like \[core-1, core-2\]/,
  ],
  [
    "a host for a switch",
    vss({}, "  core-2: {address: 10.0.0.1/24}\n"),
    /pair: core-2 is a host: only switches make a pair/,
    /core-2:2 does not exist: a host has one port/,
    /core-2:3 does not exist/,
    /core-2:4 does not exist/,
  ],
  ["a pair named like a node", vss({}, "  core:\n"), /pairs\.core: pair: "core" is the name of a node already: rename the pair/],
  ["no domain", vss({ domain: "" }), /pair: core has no domain: add one, like domain: 10 \(1 to 255\)/],
  ["a domain out of range", vss({ domain: "256" }), /pairs\.core\.domain: 256 is out of range: write a domain from 1 to 255/],
  [
    "no VSL",
    vss({ vsl: "" }, "  core-1: {ports: 4}\n  core-2: {ports: 4}\n"),
    /pair: core has no virtual switch link at core-1: name ports of both, like vsl: \[core-1:1, core-2:1\] \(and so for 1 more\)/,
  ],
  [
    "a VSL port of nobody",
    vss({ vsl: '["core-1:1", "cor-2:1"]' }),
    /"cor-2:1" is no port of core-1 or core-2; did you mean "core-2"\?/,
    /no virtual switch link at core-2/,
  ],
  ["a VSL without a port number", vss({ vsl: '["core-1", "core-2:1"]' }), /pair: "core-1" names no port: write it like core-1:1/],
  [
    "a port used twice",
    vss({ dualActive: '{fastHello: ["core-1:3", "core-2:2"]}' }),
    /dualActive\.fastHello\[1\]: pair: core-2:2 is a port of the virtual switch link already: it cannot be a fast-hello port too, take another port/,
  ],
  [
    "a member that is of the VSL",
    vss({ portChannel: '{10: {ports: ["core-1:1", "core-2:4"]}}' }),
    /portChannel\.10\.ports\[0\]: pair: core-1:1 is a port of the virtual switch link already: it cannot be a member of Po10 too/,
  ],
  [
    "a port that does not exist",
    vss({ dualActive: '{fastHello: ["core-1:3", "core-2:3"], exclude: ["core-1:9"]}' }, "  core-1: {ports: 4}\n"),
    /pair: core-1:9 does not exist: core-1 has 4 ports; name a lower one, or raise ports/,
  ],
  [
    "keys of the pair at a chassis",
    vss({}, "  core-1: {ageing: 60s}\n"),
    /nodes\.core-1\.ageing: pair: core-1 is a chassis of core, and both have one configuration: write ageing in pairs\.core/,
  ],
  [
    "keys that a vss does not have",
    vss({}, "  core-1: {linkStateGroup: {1: {upstream: [1], downstream: [2]}}}\n"),
    /nodes\.core-1\.linkStateGroup: pair: core-1 is a chassis of core, and a vss has no linkStateGroup here: remove it/,
  ],
  [
    "a card with ports of another",
    vss({ switch: '{1: {cards: {1: ["1-2"], 2: ["2-3"]}}}' }),
    /switch\.1\.cards\.2: pair: core-1:2 is in slot 1 already: a port is on one card/,
  ],
  [
    "a card with ports that do not exist",
    vss({ switch: '{1: {cards: {1: ["1-90"]}}}' }, "  core-1: {ports: 4}\n"),
    /pair: "1-90" are no ports of core-1: core-1 has 4 ports/,
  ],

  [
    "a VSL port without a cable",
    vss({}, "", "", '  - ["core-1:1", "core-2:1"]\n'),
    /warning: virtual-switch-link: core-1:2 of the vsl of core has no cable: add one to links, or take the port out/,
    /core-2:2 of the vsl of core has no cable/,
  ],
  [
    "a VSL with one end cabled wrong",
    vss({}, "  other:\n", "", '  - ["core-1:1", "core-2:1"]\n  - ["core-1:2", other]\n  - ["core-2:2", "core-2:7"]\n'),
    /links\[1\]: warning: virtual-switch-link: core-1:2 of the vsl of core is cabled to other:1, which is no chassis of it: the link stays unused; cable it to a port of the vsl of the other chassis/,
    /both ends of this cable are in core-2/,
    /core-2:2 of the vsl of core is cabled to core-2:7, which is no port of its virtual switch link: the link stays unused/,
  ],
  [
    "a VSL that leads back to its own chassis",
    vss({}, "", "", '  - ["core-1:1", "core-1:2"]\n  - ["core-2:1", "core-2:2"]\n'),
    /both ends of this cable are in core-1/,
    /core-1:1 of the vsl of core is cabled to core-1:2, a port of the same chassis: the link stays unused/,
    /core-1:2 of the vsl of core is cabled to core-1:1, a port of the same chassis/,
    /both ends of this cable are in core-2/,
    /core-2:1 of the vsl of core is cabled to core-2:2, a port of the same chassis/,
    /core-2:2 of the vsl of core is cabled to core-2:1, a port of the same chassis/,
  ],
  [
    "an MTU that is too small",
    vss({}, "", "", '  - {ends: ["core-1:1", "core-2:1"], mtu: 1500}\n  - ["core-1:2", "core-2:2"]\n'),
    /links\[0\]\.mtu: warning: virtual-switch-link: core-1:1--core-2:1 carries 1500 octets, and frames of 1518 are 1532 on the vsl of core: they are dropped there; write mtu: 9216/,
  ],
  [
    "nothing to detect dual active with",
    vss({ dualActive: "" }),
    /pairs\.core: warning: dual-active: core has nothing to find out with that both its chassis are active/,
  ],
  [
    "fast hellos that are not joined",
    vss({ dualActive: '{fastHello: ["core-1:5", "core-2:3"]}' }),
    /warning: dual-active: core-1:5 of core has no cable: it hears nothing there/,
    /dual-active: core-2:3 of core is cabled to core-1:3: it hears nothing there/,
  ],
  [
    "two versions",
    vss({ switch: "{1: {version: 15.1}, 2: {version: 15.2}}" }),
    /expected a text, found the number 15\.1/,
    /expected a text, found the number 15\.2/,
  ],
  [
    "two versions, as texts",
    vss({ switch: '{1: {version: "15.1"}, 2: {version: "15.2"}}' }),
    /warning: pair-version: core-1 runs 15\.1 and core-2 runs 15\.2: the standby stays cold with its modules down \(RPR\)/,
  ],
  [
    "two domains in one pair",
    vss({ switch: "{2: {domain: 11}}" }),
    /warning: pair-domain: core-1 has domain 10 and core-2 has 11: they will not be a pair; write one domain for core/,
  ],

  [
    "a peer-link that leads to another switch",
    vpc({ peerLink: '["agg-1:5", "agg-2:5"]' }, "  agg-2: {ports: 5}\n  odd:\n", '  - ["agg-1:5", odd]\n'),
    /links\[4\]: warning: vpc: agg-1:5 of the peer-link of agg is cabled to odd:1, which is not of it: it carries nothing there; cable it to a port of the peer-link of the other peer/,
    /peerLink: warning: vpc: agg-2:5 of the peer-link of agg has no cable: add one to links, or take the port out/,
  ],
  ["no peer-link", vpc({ peerLink: "" }), /pair: agg has no peer-link: add one, like peerLink: Po1/],
  [
    "a peer-link that is no port-channel",
    vpc({ peerLink: "Po2" }),
    /pair: agg-1 has no Po2 for the peer-link: give it portChannel 2/,
    /agg-2 has no Po2/,
  ],
  [
    "a peer-link that is nothing",
    vpc({ peerLink: "po-1" }),
    /pair: "po-1" is no peer-link: write a port-channel like Po1, or a port of each peer/,
  ],
  [
    "a peer-link of several ports",
    vpc({ peerLink: '["agg-1:5", "agg-1:6", "agg-2:5", "agg-2:6"]' }),
    /pair: the peer-link of agg is one port of each peer: bundle more in a port-channel, and write peerLink: Po1/,
  ],
  [
    "a keepalive of one end",
    vpc({ keepalive: '["agg-1:3"]' }),
    /pair: the keepalive of agg has one port at each peer: write it like \[agg-1:9, agg-2:9\], or peer-link/,
  ],
  [
    "a keepalive in a bundle",
    vpc({ keepalive: '["agg-1:1", "agg-2:3"]' }),
    /pair: agg-1:1 is a member of Po1 already: it cannot be the keepalive's port too/,
    /has one port at each peer/,
  ],
  [
    "keepalives over the peer-link",
    vpc({ keepalive: "peer-link" }),
    /warning: dual-active: the keepalives of agg go over its peer-link and are lost with it: both peers then go on alone/,
  ],
  [
    "one vPC twice at a peer",
    vpc({}, "  agg-1: {ports: 5, portChannel: {11: {ports: [5], vpc: 10}}}\n"),
    /vpc: Po10 and Po11 of agg-1 are both vPC 10: a peer has one port-channel of each; give one another number/,
  ],
  [
    "a vPC of one peer",
    vpc({}, "  agg-1: {ports: 5, portChannel: {11: {ports: [5], vpc: 11}}}\n"),
    /warning: vpc: vPC 11 has Po11 of agg-1 and no port-channel of agg-2: it is lost with agg-1; give agg-2 one with vpc: 11/,
  ],
  [
    "a vPC to two devices",
    vpc(
      {},
      "  acc-2:\n  acc-3:\n  agg-1: {portChannel: {11: {ports: [5], vpc: 11}}}\n  agg-2: {portChannel: {11: {ports: [5], vpc: 11}}}\n",
      '  - ["agg-1:5", acc-2]\n  - ["agg-2:5", acc-3]\n',
    ),
    /warning: vpc: vPC 11 leads to acc-2 from agg-1 and to acc-3 from agg-2: both ports of a vPC end in one device/,
  ],
  [
    "a vPC with other VLANs at each peer",
    vpc({}, "  agg-2: {port: {4: {mode: access, vlan: 1}}}\n"),
    /warning: vpc: vPC 10 has another mode or another untagged VLAN at agg-1 than at agg-2: they are not consistent, and the secondary's port is suspended; write the same at both/,
  ],
  [
    "a vPC of a switch by itself",
    vpc({}, "  sw: {ports: 1, portChannel: {1: {ports: [1], vpc: 3}}}\n"),
    /vpc: Po1 of sw is vPC 3, and sw is of no vPC pair: add it to pairs, or remove vpc/,
  ],
  [
    "the peer-link as a vPC",
    vpc(
      { portChannel: '{10: {ports: ["agg-1:4", "agg-2:4"]}}' },
      "  agg-1: {portChannel: {1: {ports: [1], vpc: 1}}}\n  agg-2: {portChannel: {1: {ports: [1], vpc: 1}}}\n",
    ),
    /vpc: Po1 of agg-1 is the peer-link of agg and no vPC: remove vpc from it/,
    /vpc: Po1 of agg-2 is the peer-link/,
  ],
  [
    "a port-channel written twice",
    vpc({}, "  agg-1: {portChannel: {10: {ports: [5]}}}\n"),
    /nodes\.agg-1\.portChannel\.10: pair: Po10 of agg-1 is written for the pair agg too: keep one/,
  ],
  [
    "a bundle to both peers that is no vPC",
    vpc(
      { portChannel: '{1: {ports: ["agg-1:1", "agg-2:1"]}}' },
      "  agg-1: {portChannel: {10: {ports: [4]}}}\n  agg-2: {portChannel: {10: {ports: [4]}}}\n",
    ),
    /port-channel: Po1 of acc-1 ends in a port-channel of each peer of agg, which are no vPC: give both the same, like vpc: 10/,
  ],
]

describe("pairs that are wrong", () => {
  for (const [name, text, ...sentences] of CASES) {
    it(name, () => {
      const found = findings(text)
      assert.strictEqual(found.length, sentences.length, found.join("\n"))
      for (const sentence of sentences) {
        assert.isTrue(
          found.some((finding) => sentence.test(finding)),
          `${sentence} among\n${found.join("\n")}`,
        )
      }
    })
  }

  it("one switch twice", () => {
    assert.match(
      findings(vss({ switches: "[core-1, core-1]" }))[0],
      /pairs\.core\.switches: pair: core has the switch core-1 twice: a pair is two/,
    )
  })

  it("a switch in two pairs", () => {
    const text = vss().replace("pairs:\n", "pairs:\n  edge: {type: vpc, domain: 1, switches: [core-1, x], peerLink: Po1}\n")
    assert.match(findings(text).join("\n"), /pair: core-1 is of the pair edge already: a switch is in one pair/)
  })

  it("two pairs with one domain on one wire", () => {
    const pair = (name: string) =>
      `  ${name}: {type: vss, domain: 10, vsl: ["${name}-1:1", "${name}-2:1"], dualActive: {fastHello: ["${name}-1:2", "${name}-2:2"]}}\n`
    const found = findings(`spanningTree: {protocol: rstp}
pairs:
${pair("core")}${pair("edge")}links:
  - ["core-1:1", "edge-2:1"]
  - ["core-2:1", "edge-1:1"]
  - ["core-1:2", "core-2:2"]
  - ["edge-1:2", "edge-2:2"]
`)
    assert.match(
      found.join("\n"),
      /virtual-switch-link: core-1:1 of the vsl of core is cabled to edge-2:1 of edge, a pair with the same domain 10: chassis of two pairs would make a third; give the pairs domains of their own, and cable each to itself/,
    )
    assert.match(
      found.join("\n"),
      /pair-domain: core and edge are cabled to each other and both have domain 10: one is taken for the other; give each a domain of its own/,
    )
  })

  it("a vPC between two pairs is none of that", () => {
    const pair = (name: string, domain: number) =>
      `  ${name}: {type: vpc, domain: ${domain}, peerLink: ["${name}-1:1", "${name}-2:1"], keepalive: ["${name}-1:2", "${name}-2:2"], portChannel: {10: {ports: ["${name}-1:3", "${name}-2:3"]}}}\n`
    const links = ["a", "b"].flatMap((name) => [1, 2].map((port) => `["${name}-1:${port}", "${name}-2:${port}"]`))
    const text = (domain: number) =>
      `spanningTree: {protocol: rstp}\npairs:\n${pair("a", 5)}${pair("b", domain)}links: [${links.join(", ")}, ["a-1:3", "b-1:3"], ["a-2:3", "b-2:3"]]\n`
    assert.deepStrictEqual(findings(text(6)), [])
    assert.match(findings(text(5)).join("\n"), /pair-domain: a and b are cabled to each other and both have domain 5/)
  })

  it("a cable to a pair, which is in one of its switches", () => {
    assert.match(
      findings(vss({}, "  pc: {address: 10.0.0.1/24}\n", '  - [pc, "core:9"]\n')).join("\n"),
      /links\[5\]\[1\]: core is a pair, and a cable ends in one of its switches: write core-1:9 or core-2:9/,
    )
  })

  it("orphan ports that are none", () => {
    const found = findings(vpc({ orphanSuspend: '["agg-1:1", "agg-2:3", "agg-2:4"]' })).join("\n")
    for (const what of ["agg-1:1 is of the peer-link", "agg-2:3 is the keepalive's", "agg-2:4 is of vPC 10"]) {
      assert.include(
        found,
        `pairs.agg.orphanSuspend: vpc: ${what} and no orphan port: name ports of devices that only one peer has`,
      )
    }
    assert.deepStrictEqual(
      findings(vpc({ orphanSuspend: '["agg-2:5"]' }, "  pc: {address: 10.0.0.1/24}\n", '  - [pc, "agg-2:5"]\n')),
      [],
    )
  })

  it("a vPC with PAgP", () => {
    const found = findings(
      vpc({ portChannel: '{1: {ports: ["agg-1:1", "agg-2:1"]}, 10: {ports: ["agg-1:4", "agg-2:4"], mode: auto}}' }),
    )
    assert.match(
      found.join("\n"),
      /portChannel\.10\.mode: vpc: Po10 of agg-1 is vPC 10 and auto: peers of a vPC speak LACP or nothing; write mode: active or on/,
    )
  })

  it("a farm's pair without links between the two", () => {
    const found = findings("spanningTree: {protocol: rstp}\nfarm: {distribution: vss, interlinks: 0}\n")
    assert.match(found.join("\n"), /farm\.interlinks: pair: a vss has a virtual switch link: write interlinks: 1 or more/)
  })

  it("a bundle across two switches that are no pair", () => {
    const found = findings(`spanningTree: {protocol: rstp}
nodes: {a:, b:, acc: {portChannel: {1: {ports: [1, 2]}}}}
links: [["acc:1", a], ["acc:2", b], [a, b]]
`)
    assert.match(
      found[0],
      /port-channel: the cables of Po1 of acc lead to a and b, which are no pair: a port-channel ends in one switch/,
    )
  })
})
