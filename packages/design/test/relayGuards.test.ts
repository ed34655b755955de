/** Keys for what a switch does beside relaying: what they become, and what is refused by which rule. */
import { assert, describe, it } from "@effect/vitest"
import type { BridgeConfig } from "@l2lab/l2/BridgeConfig"
import { Result } from "effect"
import * as Compile from "@l2lab/design/Compile"
import { format } from "@l2lab/design/DesignError"

const configOf = (sw1: string): BridgeConfig => {
  const compiled = Compile.text(`nodes: { sw1: ${sw1}, sw2: }\nlinks: [[sw1, sw2]]\n`, "x.l2.yml")
  if (Result.isFailure(compiled)) throw compiled.failure
  return compiled.success.plan.nodes[0].config as BridgeConfig
}

const refusalsOf = (sw1: string): ReadonlyArray<string> => {
  const compiled = Compile.text(`nodes: { sw1: ${sw1}, sw2: }\nlinks: [[sw1, sw2]]\n`, "x.l2.yml")
  assert.isTrue(Result.isFailure(compiled), "the design was taken")
  return Result.isFailure(compiled) ? compiled.failure.findings.map(format) : []
}

describe("what a switch does beside relaying", () => {
  it("is little by default", () => {
    const { controlPlane, errdisable, macMove, portSecurity, stormControl } = configOf("")
    assert.deepStrictEqual(
      [controlPlane, errdisable, portSecurity, stormControl],
      [undefined, { recovery: [], intervalNs: 300e9, linkFlap: { flaps: 5, withinNs: 10e9 } }, undefined, undefined],
    )
    assert.deepStrictEqual(configOf("{ errdisable: { linkFlap: false, interval: 30s } }").errdisable, {
      recovery: [],
      intervalNs: 30e9,
    })
    assert.deepStrictEqual(macMove, { moves: 3, withinNs: 15e9 })
    assert.isUndefined(configOf("{ macMove: false }").macMove)
  })

  it("levels are shares, frames or bits a second", () => {
    const { stormControl } = configOf(
      "{ port: { 1: { stormControl: { broadcast: { rising: 20%, falling: 0.5% }, multicast: 1000pps, unicast: 10 Mbps, action: shutdown } } } }",
    )
    assert.deepStrictEqual(stormControl?.[0], {
      broadcast: { unit: "percent", rising: 20, falling: 0.5 },
      multicast: { unit: "pps", rising: 1000 },
      unicast: { unit: "bps", rising: 10e6 },
      action: "shutdown",
    })
  })

  it("port security has the defaults of a Catalyst", () => {
    assert.deepStrictEqual(configOf("{ port: { 1: { portSecurity: {} } } }").portSecurity?.[0], {
      maximum: 1,
      violation: "shutdown",
      sticky: false,
      addresses: [],
      ageingType: "absolute",
    })
  })

  it("the processor has no limit until it is given one", () => {
    assert.deepStrictEqual(configOf("{ controlPlane: { rate: 500, punts: [broadcast] } }").controlPlane, {
      rate: 500,
      queue: 100,
      punts: ["broadcast"],
      vlans: [1],
    })
  })

  it("PDUs have rates by switch, by port and of single ports", () => {
    assert.deepInclude(
      configOf("{ controlPlane: { pduRate: 1000, pduRatePerPort: 50, bpduStorm: {} }, port: { 1: { pduRate: 200 } } }")
        .controlPlane,
      {
        pduRate: 1000,
        pduRatePerPort: 50,
        pduRates: [200],
        bpduStorm: { rate: 15, seconds: 3 },
      },
    )
    assert.deepStrictEqual(configOf("{ port: { 1: { pduRate: 200 } } }").controlPlane, { pduRates: [200] })
  })

  it("limits below what spanning tree says are warned of", () => {
    const warningsOf = (sw1: string, protocol: string): ReadonlyArray<string> => {
      const text = `vlans: {10: a, 20: b, 30: c}\nspanningTree: { protocol: ${protocol} }\nnodes: { sw1: ${sw1}, sw2: }\nlinks: [[sw1, sw2]]\n`
      const compiled = Compile.text(text, "x.l2.yml")
      return Result.isFailure(compiled) ? ["refused"] : compiled.success.warnings.map(format)
    }
    assert.deepStrictEqual(warningsOf("{ controlPlane: { pduRatePerPort: 1 } }", "rstp"), [])
    const perPort = warningsOf("{ controlPlane: { pduRatePerPort: 1 } }", "rapid-pvst")
    assert.lengthOf(perPort, 1)
    assert.match(
      perPort[0],
      /pduRatePerPort: warning: pdu-rate: a port of sw1 takes 1 PDU a second, and hellos alone may be 2: raise it/,
    )
    assert.match(
      warningsOf("{ port: { 1: { pduRate: 1 } } }", "pvst")[0],
      /port\.1\.pduRate: warning: pdu-rate: sw1:1 takes 1 PDU a/,
    )
    assert.match(
      warningsOf("{ controlPlane: { bpduStorm: { rate: 2 } } }", "rapid-pvst")[0],
      /bpduStorm: warning: pdu-rate: 2 BPDUs a second take a port of sw1 out of service, and hellos alone may be 2: raise the rate/,
    )
  })
})

const REFUSED: ReadonlyArray<readonly [sw1: string, RegExp]> = [
  [
    "{ errdisable: { interval: 5s } }",
    /x\.l2\.yml:1:.*interval: errdisable-times: ports of sw1 cannot come back after 5 s: write/,
  ],
  ["{ errdisable: { linkFlap: { within: 10min } } }", /errdisable-times: sw1 cannot count flaps within 600 s: write/],
  ["{ errdisable: { recovery: [bpdugard] } }", /recovery.*bpdugard/],
  ["{ controlPlane: { punts: [broadcast] } }", /control-plane: the processor of sw1 has no rate.*: add a rate like 500/],
  ["{ controlPlane: { pduBurst: 5 } }", /pduBurst: pdu-rate: sw1 has a pduBurst and no pduRate: add one like 1000, or remove/],
  [
    "{ controlPlane: { pduRate: 9 } }",
    /pduRate: pdu-rate: 9 is out of range: write a number of PDUs a second from 10 to 1000000/,
  ],
  [
    "{ controlPlane: { bpduStorm: { seconds: 0 } } }",
    /seconds: pdu-rate: 0 is out of range: write a number of seconds from 1 to 60/,
  ],
  ["{ port: { 1: { pduRate: 0 } } }", /pduRate: pdu-rate: 0 is out of range: write a number of PDUs a second/],
  ["{ controlPlane: { rate: 0 } }", /rate: control-plane: 0 is out of range: write a number of frames a second/],
  ["{ port: { 1: { stormControl: {} } } }", /storm-control: sw1:1 has no level, and controls nothing: write for instance/],
  ["{ port: { 1: { stormControl: { broadcast: 120% } } } }", /storm-control: 120% of the rate of sw1:1 can never come in: write/],
  [
    "{ port: { 1: { stormControl: { broadcast: { rising: 1%, falling: 2% } } } } }",
    /falling: storm-control: the falling threshold of sw1:1, 2%, is above the rising one, 1%: write one that is not/,
  ],
  ["{ port: { 1: { stormControl: { broadcast: { rising: 1%, falling: 2pps } } } } }", /storm-control: .* in another unit/],
  [
    "{ port: { 1: { stormControl: { broadcast: lots } } } }",
    /broadcast: storm-control: "lots" is no level: write it like 20%, 1000pps or 10Mbps/,
  ],
  [
    "{ port: { 1: { portSecurity: { addresses: ['02:00:00:00:00:01', '02:00:00:00:00:02'] } } } }",
    /port-security: sw1:1 takes 1 and is given 2 addresses: raise maximum/,
  ],
  [
    "{ port: { 1: { portSecurity: { sticky: true, ageing: 60s } } } }",
    /port-security: sticky addresses of sw1:1 do not age: remove/,
  ],
  ["{ port: { 1: { portSecurity: { maximum: 0 } } } }", /maximum: port-security: 0 is out of range/],
  ["{ port: { 1: { portSecurity: { maximum: 99999 } } } }", /maximum: port-security: 99999 is out of range: write .* to 8320/],
  ["{ port: { 1: { portSecurity: { violation: drop } } } }", /violation: port-security: "drop" is not a choice here/],
  ["{ port: { 1: { portSecurity: { ageing: 5 } } } }", /ageing: port-security: 5 has no unit/],
  ["{ port: { 1: { stormControl: { broadcast: -5pps } } } }", /broadcast: storm-control: "-5pps" is no level: write it like/],
  ["{ port: { 1: { stormControl: { broadcast: { falling: 1% } } } } }", /broadcast: storm-control: "rising" is missing/],
  ["{ port: { 1: { stormControl: { multicast: 1%, brodcast: 1% } } } }", /brodcast: unknown key; did you mean "broadcast"/],
  ["{ macMove: { moves: 1 } }", /moves: mac-move: 1 is out of range: write a number of moves from 2/],
  ["{ errdisable: { linkFlap: { flaps: 0 } } }", /flaps: errdisable-times: 0 is out of range/],
  ["{ errdisable: { interval: 30 } }", /interval: errdisable-times: 30 has no unit/],
  [
    "{ port: { 1: { portSecurity: { ageing: 500ms } } } }",
    /port-security: addresses of sw1:1 cannot be forgotten after 0.5 s: write/,
  ],
  ["{ port: { 1: { portSecurity: { ageing: 1441min } } } }", /ageing: port-security: .* after 86460 s: .* 1s to 1440min, or 0s/],
  [
    "{ port: { 1: { mode: dynamic-auto, portSecurity: {} } } }",
    /portSecurity: port-security: sw1:1 is dynamic-auto, .*: write mode/,
  ],
  [
    "{ port: { 1-2: { portSecurity: { addresses: ['02:00:00:00:00:01'] } } } }",
    /port-security: .*:01 is to be secure at sw1:1 and at sw1:2/,
  ],
  [
    "{ port: { 1: { mode: access, vlan: 1, portSecurity: { addresses: ['02:00:00:00:00:01'] } }, 2: { mode: trunk, portSecurity: { addresses: ['02:00:00:00:00:01'] } } } }",
    /port\.2\.portSecurity\.addresses\[0\]: port-security: 02:00:00:00:00:01 .* in VLAN 1: .* remove it from the other/,
  ],
  [
    "{ port: { 1: { portSecurity: { maximum: 2, addresses: ['02:00:00:00:00:01', '0200.0000.0001'] } } } }",
    /port-security: 02:00:00:00:00:01 is to be secure twice at sw1:1/,
  ],
  ["{ macMove: { within: 0s } }", /macMove\.within: mac-move: sw1 cannot count moves within 0 s: write a time from 1s to 1h/],
  ["{ macMove: { within: 2h } }", /mac-move: sw1 cannot count moves within 7200 s/],
  [
    "{ port: { 1: { stormControl: { broadcast: 10000000001pps } } } }",
    /storm-control: 10000000001pps at sw1:1 is more than .* 10000000000pps/,
  ],
  ["{ port: { 1: { stormControl: { unicast: 10.1Gbps } } } }", /unicast: storm-control: 10100000000bps at sw1:1 is more than/],
]

describe("contradictions", () => {
  for (const [sw1, sentence] of REFUSED) {
    it(sw1, () => {
      const [first, ...more] = refusalsOf(sw1)
      assert.match(first ?? "", sentence)
      assert.deepStrictEqual(more, [], "said once")
    })
  }

  it("of a range of ports are told of once", () => {
    assert.strictEqual(refusalsOf("{ port: { 1-8: { stormControl: {} } } }").length, 1)
    assert.strictEqual(refusalsOf("{ port: { 1-8: { portSecurity: { addresses: ['02:00:00:00:00:01'] } } } }").length, 1)
  })

  it("are none: an address in two VLANs, secure addresses that never age, the highest levels", () => {
    const secure = "portSecurity: { sticky: true, ageing: 0s, addresses: ['02:00:00:00:00:01'] }"
    const { portSecurity } = configOf(
      `{ port: { 1: { mode: access, vlan: 1, ${secure} }, 2: { mode: access, vlan: 10, ${secure} } } }`,
    )
    assert.deepStrictEqual(
      portSecurity?.map((each) => each?.ageingNs),
      [undefined, undefined],
    )
    assert.deepStrictEqual(
      configOf("{ port: { 1: { portSecurity: { ageing: 1440min } } } }").portSecurity?.[0]?.ageingNs,
      86_400e9,
    )
    assert.deepStrictEqual(configOf("{ macMove: { within: 1h } }").macMove?.withinNs, 3600e9)
    assert.deepStrictEqual(configOf("{ port: { 2: { stormControl: { broadcast: 10Gbps } } } }").stormControl?.[1]?.broadcast, {
      unit: "bps",
      rising: 10e9,
    })
  })

  it("levels above what the cable carries are warned of, once", () => {
    const warningsOf = (ports: string): ReadonlyArray<string> => {
      const text = `nodes: { sw1: { port: { ${ports} } }, sw2:, sw3: }\nlinks: [{ ends: ["sw1:1", sw2], rate: 1G }, { ends: ["sw1:2", sw3], rate: 10M }]\n`
      const compiled = Compile.text(text, "x.l2.yml")
      return Result.isFailure(compiled) ? [compiled.failure.message] : compiled.success.warnings.map(format)
    }
    assert.deepStrictEqual(warningsOf("1: { stormControl: { broadcast: 1488096pps, multicast: 100%, unicast: 1Gbps } }"), [])
    assert.match(
      warningsOf("1: { stormControl: { broadcast: 1488097pps } }").join("\n"),
      /^x\.l2\.yml:1:.*port\.1\.stormControl\.broadcast: warning: storm-control: 1488097pps is above what the cable of sw1:1 carries, 1488096pps, and never trips: write less$/,
    )
    assert.match(
      warningsOf("1-3: { stormControl: { unicast: { rising: 20Mbps, falling: 1Mbps } } }").join("\n"),
      /^x.*storm-control: 20000000bps is above what the cable of sw1:2 carries, 10000000bps, and never trips: write less$/,
    )
    assert.deepStrictEqual(warningsOf("3: { stormControl: { broadcast: 9Gbps } }"), [], "no cable, no rate")
  })
})

describe("a cable whose ends differ about duplex", () => {
  const compile = (duplex: string) =>
    Compile.text(`nodes: { sw1:, sw2: }\nlinks: [{ ends: [sw1, sw2], duplex: ${duplex} }]\n`, "x.l2.yml")

  it("is built and warned of by name; ends that agree are not", () => {
    for (const [duplex, fullDuplex, warnings] of [
      ["[half, full]", [false, true], 1],
      ["[full, full]", [true, true], 0],
      ["half", false, 0],
    ] as const) {
      const compiled = compile(duplex)
      if (Result.isFailure(compiled)) throw compiled.failure
      assert.deepStrictEqual(compiled.success.plan.links[0].fullDuplex, fullDuplex)
      assert.lengthOf(compiled.success.warnings, warnings)
      if (warnings > 0) {
        assert.match(
          format(compiled.success.warnings[0]),
          /x\.l2\.yml:2:.*links\[0\]\.duplex: warning: duplex-mismatch: one end of sw1:1--sw2:1 takes it for half duplex, the other for full/,
        )
      }
    }
  })

  it("is refused where one end is neither", () => {
    const compiled = compile("[half, hlaf]")
    assert.isTrue(Result.isFailure(compiled))
  })
})
