/** Guards in a design: what a bridge is told of them, and what is refused. */
import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import * as Build from "../src/Build.ts"
import * as Compile from "../src/Compile.ts"
import { format } from "../src/DesignError.ts"
import type { SwitchNode } from "../src/Network.ts"
import * as PortGuards from "../src/PortGuards.ts"

const compile = (text: string) => {
  const compiled = Compile.text(text, "x.l2.yml")
  if (Result.isFailure(compiled)) throw new Error(compiled.failure.message)
  return compiled.success
}

const sw1 = (spanningTree: string, port: string): string =>
  `nodes:\n  sw1: { spanningTree: ${spanningTree}, port: ${port} }\n  sw2:\nlinks: [[sw1, sw2]]\n`

const nodeOf = (text: string): SwitchNode => compile(text).network.nodes[0] as SwitchNode

describe("guards", () => {
  it("a switch that names none runs without any", () => {
    const node = nodeOf(sw1("{ protocol: rstp, edgePorts: access }", "{ 1: { mode: trunk } }"))
    assert.deepStrictEqual(PortGuards.toolkitOf(node), {})
    assert.notProperty(Build.bridgeConfig(node).protocols[0].config, "toolkit")
  })

  it("defaults and ports reach the bridge, for every protocol", () => {
    for (const protocol of ["stp", "rstp", "pvst", "rapid-pvst", "mst"]) {
      const node = nodeOf(
        sw1(
          `{ protocol: ${protocol}, bpduGuard: true, bpduFilter: true, loopGuard: true }`,
          "{ 1: { rootGuard: true }, 2: { bpduFilter: false, bpduGuard: false, loopGuard: false } }",
        ),
      )
      assert.deepStrictEqual((Build.bridgeConfig(node).protocols[0].config as { toolkit: unknown }).toolkit, {
        bpduGuardDefault: true,
        bpduFilterDefault: true,
        loopGuardDefault: true,
        ports: [{ guard: "root" }, { bpduFilter: false, bpduGuard: false, guard: "none" }],
      })
    }
  })

  it("UplinkFast with its rate, BackboneFast, bridge assurance and network ports", () => {
    const pvst = nodeOf(sw1("{ protocol: pvst, uplinkFast: true, uplinkRate: 10, backboneFast: true }", "{ 1: { mode: trunk } }"))
    assert.deepStrictEqual(PortGuards.toolkitOf(pvst).toolkit, { uplinkFast: { rate: 10 }, backboneFast: true, ports: [] })
    const rapid = nodeOf(sw1("{ protocol: rapid-pvst, bridgeAssurance: false }", "{ 1: { network: true } }"))
    assert.deepStrictEqual(PortGuards.toolkitOf(rapid).toolkit, { bridgeAssurance: false, ports: [{ network: true }] })
  })

  it("edge: trunk is an edge port too", () => {
    assert.isTrue(nodeOf(sw1("{ protocol: stp }", "{ 1: { mode: trunk, edge: trunk } }")).settings[0].edge)
  })
})

describe("contradictory-guards", () => {
  const cases: ReadonlyArray<readonly [protocol: string, port: string, key: string, words: string]> = [
    ["rstp", "{ rootGuard: true, loopGuard: true }", "loopGuard", "remove one of the two"],
    ["rstp", "{ edge: true, loopGuard: true }", "loopGuard", "remove it, or edge"],
    ["rstp", "{ edge: true, network: true }", "network", "remove network, or edge"],
    ["rstp", "{ network: true, bpduFilter: true }", "bpduFilter", "remove one of the two"],
    ["mst", "{ network: true, bpduGuard: true }", "bpduGuard", "remove one of the two"],
    ["pvst", "{ network: true }", "network", "protocol: rapid-pvst"],
    ["stp", "{ network: true }", "network", "protocol: rapid-pvst"],
    ["none", "{ bpduGuard: true }", "bpduGuard", "protocol: rstp"],
    ["none", "{ loopGuard: true }", "loopGuard", "protocol: rstp"],
    ["rstp", "{ linkType: shared, loopGuard: true }", "loopGuard", "remove one of the two"],
    ["mst", "{ linkType: shared, network: true }", "network", "remove one of the two"],
    ["rstp", "{ bpduGuard: true, loopGuard: true }", "loopGuard", "remove one of the two (asBuilt: true warns instead)"],
  ]
  for (const [protocol, port, key, words] of cases) {
    it(`${protocol} ${port} is refused where it stands`, () => {
      const compiled = Compile.text(sw1(`{ protocol: ${protocol} }`, `{ 1: ${port} }`), "x.l2.yml")
      assert.isTrue(Result.isFailure(compiled))
      const message = Result.isFailure(compiled) ? compiled.failure.message : ""
      assert.include(message, "x.l2.yml:2:")
      assert.include(message, `nodes.sw1.port.1.${key}: contradictory-guards: `)
      assert.include(message, words)
    })
  }

  it("BPDU guard before loop guard, which IOS takes, is built and warned of where the design is as built", () => {
    const text = sw1("{ protocol: rstp }", "{ 1: { bpduGuard: true, loopGuard: true } }")
    assert.match(
      compile(`asBuilt: true\n${text}`).warnings.map(format).join("\n"),
      /^x\.l2\.yml:3:\d+: nodes\.sw1\.port\.1\.loopGuard: warning: contradictory-guards: loopGuard watches .*; it is emulated as it stands$/m,
    )
  })

  it("BPDU filter before BPDU guard is warned of: it is built as switches do it", () => {
    const text = sw1("{ protocol: rstp, bpduGuard: true }", "{ 1: { mode: access, edge: true, bpduFilter: true } }")
    const said = (design: string): string => compile(design).warnings.map(format).join("\n")
    assert.match(
      said(text),
      /contradictory-guards: bpduFilter keeps all BPDUs from bpduGuard, which never trips: .*under spanningTree instead/,
    )
    // What the switch has by default is for edge ports: a trunk has no guard to be kept from anything.
    const trunk = sw1("{ protocol: rstp, bpduGuard: true }", "{ 1: { mode: trunk, bpduFilter: true } }")
    assert.match(said(trunk), /bpduFilter keeps all BPDUs from spanning tree: a loop through the port has no end/)
    assert.match(said(sw1("{ protocol: rstp }", "{ 1: { bpduFilter: true } }")), /keeps all BPDUs from spanning tree/)
    assert.notInclude(
      said(sw1("{ protocol: rstp, bpduFilter: true }", "{ 1: { mode: access, edge: true } }")),
      "bpduFilter keeps",
    )
  })

  it("what is built as switches do it, and cannot do what its author may think, is warned of", () => {
    for (const [spanningTree, port, words] of [
      [
        "{ protocol: rstp }",
        "{ bpduFilter: true, rootGuard: true }",
        /nodes.sw1.port.1.bpduFilter: warning: contradictory-guards: .* rootGuard, which never trips/,
      ],
      [
        "{ protocol: rstp }",
        "{ bpduFilter: true, loopGuard: true, bpduGuard: true }",
        /bpduGuard and loopGuard, which never trip:/,
      ],
      [
        "{ protocol: rstp }",
        "{ bpduGuard: true, rootGuard: true }",
        /port.1.rootGuard: warning: contradictory-guards: bpduGuard takes .* so rootGuard never trips: one of the two will do/,
      ],
      [
        "{ protocol: rstp, bridgeAssurance: false }",
        "{ network: true }",
        /port.1.network: warning: contradictory-guards: .*nobody watches/,
      ],
      [
        "{ protocol: pvst, uplinkFast: true }",
        "{ rootGuard: true }",
        /port.1.rootGuard: warning: contradictory-guards: uplinkFast cannot use/,
      ],
    ] as const) {
      assert.match(
        compile(sw1(spanningTree, `{ 1: ${port} }`))
          .warnings.map(format)
          .join("\n"),
        words,
      )
    }
    const silenced = compile(sw1("{ protocol: rstp }", "{ 1: { bpduFilter: true, bpduGuard: true, rootGuard: true } }"))
    assert.lengthOf(
      silenced.warnings.map(format).filter((line) => line.includes("contradictory")),
      1,
      "what hears nothing is told of once",
    )
    const quiet = compile(sw1("{ protocol: pvst, uplinkFast: true }", "{ 1: { edge: true, rootGuard: true } }"))
    assert.notInclude(quiet.warnings.map(format).join(), "contradictory")
  })

  it("UplinkFast where a priority is set, and its rate without it, are refused where they stand", () => {
    for (const [spanningTree, words] of [
      [
        "{ protocol: pvst, uplinkFast: true, priority: 4096 }",
        /x.l2.yml:2:.*spanningTree.priority: uplinkfast: sw1 .* remove the priority/s,
      ],
      ["{ protocol: pvst, uplinkFast: true, vlans: { 1: { priority: 8192 } } }", /spanningTree.vlans.1.priority: uplinkfast: /],
      ["{ protocol: pvst, uplinkRate: 10 }", /spanningTree.uplinkRate: uplinkfast: .* write that, or remove it/],
    ] as const) {
      const compiled = Compile.text(sw1(spanningTree, "{ 1: { mode: trunk } }"), "x.l2.yml")
      assert.match(Result.isFailure(compiled) ? compiled.failure.message : "", words)
    }
    assert.isOk(nodeOf(sw1("{ protocol: pvst, uplinkFast: true, uplinkRate: 0, priority: 32768 }", "{ 1: { mode: trunk } }")))
  })

  it("thresholds out of range and keys of other protocols are refused", () => {
    for (const [block, words] of [
      [
        "{ protocol: pvst, uplinkFast: true, uplinkRate: 32001 }",
        "uplinkRate: uplinkfast: 32001 is out of range: write a number of frames a second from 0 to 32000",
      ],
      ["{ protocol: pvst, uplinkFast: true, uplinkRate: -1 }", "from 0 to 32000"],
      ["{ protocol: none, bpduGuard: true }", "bpduGuard: contradictory-guards: sw1 runs none, which has no bpduGuard"],
      ["{ protocol: pvst, bridgeAssurance: false }", "contradictory-guards: sw1 runs pvst, which has no bridgeAssurance"],
      [
        "{ protocol: rstp, uplinkFast: true }",
        "uplinkfast: sw1 runs rstp, which has no uplinkFast: remove it, or write protocol: pvst",
      ],
      ["{ protocol: mst, uplinkRate: 10 }", "uplinkfast: sw1 runs mst, which has no uplinkRate"],
      ["{ protocol: rapid-pvst, backboneFast: true }", "backbonefast: sw1 runs rapid-pvst, which has no backboneFast"],
    ]) {
      const compiled = Compile.text(sw1(block, "{ 1: { mode: trunk } }"), "x.l2.yml")
      assert.include(Result.isFailure(compiled) ? compiled.failure.message : "", words)
    }
  })
})
