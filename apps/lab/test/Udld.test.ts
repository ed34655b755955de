/** UDLD as scenarios see it: what can be asked and ordered, and how it gets on with the guards beside it. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as Check from "../src/Check.ts"
import { Lab } from "../src/Lab.ts"
import type { Services } from "../src/Scenario.ts"
import { runOn } from "./support/designs.ts"

/** A ring in which x3 blocks its second port; what is said of x2 and x3 beside. */
const ring = (protocol: string, sw2: string, sw3: string): string => `
spanningTree: { protocol: ${protocol}, edgePorts: access }
defaults: { switch: { udld: aggressive } }
nodes:
  sw1: { spanningTree: { priority: 4096 } }
  sw2: { spanningTree: { priority: 8192 }, ${sw2} }
  sw3: { ${sw3} }
links:
  - ["sw1:1", "sw2:1"]
  - ["sw1:2", "sw3:1"]
  - ["sw2:2", "sw3:2"]
`

/** Run a program on a design; all its checks hold. */
const holds = (text: string, program: Effect.Effect<unknown, unknown, Services>) =>
  Effect.gen(function* () {
    const { report } = yield* runOn(text, program)
    assert.isUndefined(report.failure)
    assert.deepStrictEqual(
      report.checks.filter(({ passed }) => !passed),
      [],
    )
    assert.isNotEmpty(report.checks)
    return report
  })

const lines = (part: string, name?: string) =>
  Effect.gen(function* () {
    const lab = yield* Lab
    return (yield* lab.log.find(part, name)).map(({ text }) => text)
  })

const at = (name: string, port: number) =>
  Effect.gen(function* () {
    const lab = yield* Lab
    const { link, phase } = yield* lab.switch(name).udld.port(port)
    return `${phase} ${link}`
  })

const DISABLED = "%UDLD-4-UDLD_PORT_DISABLED: UDLD disabled interface Gi0/2, unidirectional link detected"

/** What sw2 says to sw3 is lost for two minutes; then the cable heals, and UDLD is reset. */
const accident = (during: Effect.Effect<unknown, unknown, Services>) =>
  Effect.gen(function* () {
    const lab = yield* Lab
    yield* lab.converged
    const loops = yield* lab.watchLoops
    yield* lab.link("sw2:2", "sw3:2").deadFrom("sw2")
    yield* during
    yield* Effect.sleep("100 seconds")
    yield* Check.equals("sw2 takes the port out of service", yield* lines("UDLD_PORT", "sw2"), [DISABLED])
    yield* lab.link("sw2:2", "sw3:2").heal
    yield* lab.switch("sw2").udld.reset
    yield* lab.converged
    yield* Check.equals("UDLD after the reset", yield* at("sw2", 2), "advertisement bidirectional")
    yield* Check.equals("loops", (yield* loops.seen).length, 0)
  })

describe("UDLD beside", () => {
  it.effect("loop guard: that blocks first, and forgets it with the link", () =>
    holds(
      ring("stp", "", "spanningTree: { loopGuard: true }"),
      Effect.gen(function* () {
        yield* accident(
          Effect.gen(function* () {
            yield* Effect.sleep("21 seconds")
            yield* Check.equals("loop guard", (yield* lines("LOOPGUARD_BLOCK", "sw3")).length, 1)
            yield* Check.equals("UDLD", (yield* lines("UDLD_PORT")).length, 0)
          }),
        )
        yield* Check.equals("after all", (yield* lines("LOOPGUARD_BLOCK")).length, 1)
      }),
    ),
  )

  it.effect("bridge assurance: that blocks within three hellos", () =>
    holds(
      ring("rapid-pvst", "port: { 2: { network: true } }", "port: { 2: { network: true } }"),
      accident(
        Effect.gen(function* () {
          yield* Effect.sleep("8 seconds")
          yield* Check.atLeast("bridge assurance", (yield* lines("BRIDGE_ASSURANCE_BLOCK", "sw3")).length, 1)
          yield* Check.equals("UDLD", (yield* lines("UDLD_PORT")).length, 0)
        }),
      ),
    ),
  )

  it.effect("BPDU guard: what that took out of service is not UDLD's to bring back", () =>
    holds(
      `
defaults: { switch: { errdisable: { recovery: [udld], interval: 30s } } }
nodes:
  sw1: { port: { 1: { bpduGuard: true, udld: aggressive } } }
  sw2: { port: { 1: { udld: aggressive } } }
links: [["sw1:1", "sw2:1"]]
`,
      Effect.gen(function* () {
        const lab = yield* Lab
        yield* Effect.sleep("60 seconds")
        yield* Check.equals("by BPDU guard", yield* lines("ERR_DISABLE", "sw1"), [
          "%PM-4-ERR_DISABLE: bpduguard error detected on Gi0/1, putting Gi0/1 in err-disable state",
        ])
        yield* lab.switch("sw1").udld.reset
        yield* Effect.sleep("60 seconds")
        yield* Check.equals("still", yield* at("sw1", 1), "inactive unknown")
        yield* Check.equals("and nobody is missed", yield* lines("UDLD_PORT"), [])
      }),
    ),
  )

  it.effect("storm control and port security: its messages are not counted, and no address of theirs is secure", () =>
    holds(
      `
nodes:
  sw1: { port: { 1: { stormControl: { multicast: 0%, action: shutdown }, portSecurity: {}, udld: normal } } }
  sw2: { udld: normal }
links: [["sw1:1", "sw2:1"]]
`,
      Effect.gen(function* () {
        yield* Effect.sleep("300 seconds")
        yield* Check.equals("UDLD", yield* at("sw1", 1), "advertisement bidirectional")
        yield* Check.equals("out of service", yield* lines("PM-4"), [])
      }),
    ),
  )

  it.effect("a processor without time: what a storm leaves of it decides about the port", () =>
    holds(
      `
spanningTree: { protocol: none }
defaults: { link: { rate: 10M }, switch: { udld: { mode: aggressive, messageTime: 1s } } }
nodes:
  sw1: { controlPlane: { rate: 100, queue: 10, punts: [broadcast] } }
  sw2:
  pc: { address: 10.0.0.1/24 }
links:
  - ["sw1:1", "sw2:1"]
  - ["sw1:2", "sw2:2"]
  - [pc, "sw1:3"]
`,
      Effect.gen(function* () {
        const lab = yield* Lab
        yield* Effect.sleep("20 seconds")
        yield* Check.equals("before", yield* at("sw1", 1), "advertisement bidirectional")
        yield* lab.host("pc").broadcast
        yield* Effect.sleep("15 seconds")
        yield* Check.atLeast("ports that UDLD took in the storm", (yield* lines("UDLD_PORT")).length, 1)
        yield* Check.atLeast("PDUs lost", (yield* lab.switch("sw1").controlPlane.report).pdusLost, 5)
      }),
    ),
  )
})

const PAIR = `
nodes: { sw1: { udld: normal }, sw2: { udld: normal }, sw3: , pc: { address: 10.0.0.1/24 } }
links: [["sw1:1", "sw2:1"], [pc, "sw1:2"], ["sw2:2", "sw3:1"]]
`

describe("lab.switch(name).udld", () => {
  it.effect("tells of a port, and takes orders while the switch runs", () =>
    holds(
      PAIR,
      Effect.gen(function* () {
        const lab = yield* Lab
        const { udld } = lab.switch("sw1")
        yield* Effect.sleep("30 seconds")
        const port = yield* udld.port("Gi0/1")
        yield* Check.equals(
          "neighbour",
          port.neighbours.map(({ deviceName, hearsMe, portId }) => [deviceName, portId, hearsMe]),
          [["sw2", "Gi0/1", true]],
        )
        yield* udld.messageTime(90)
        yield* udld.mode(1, "aggressive")
        yield* Effect.sleep("10 seconds")
        const later = yield* udld.port(1)
        yield* Check.equals("mode and interval", [later.mode, later.messageIntervalSeconds], ["aggressive", 90])
        yield* udld.mode(1, "disabled")
        yield* Effect.sleep("1 second")
        yield* Check.equals("off", yield* at("sw1", 1), "inactive unknown")
        yield* Check.equals("its neighbour heard of it", yield* at("sw2", 1), "link-up undetermined")
      }),
    ),
  )

  it.effect("recovery that is switched on later brings back what is out of service", () =>
    holds(
      ring("stp", "", ""),
      Effect.gen(function* () {
        const lab = yield* Lab
        yield* lab.converged
        yield* lab.link("sw2:2", "sw3:2").deadFrom("sw2")
        yield* Effect.sleep("60 seconds")
        yield* Check.equals("out", yield* at("sw2", 2), "disabled unidirectional")
        yield* lab.link("sw2:2", "sw3:2").heal
        yield* lab.switch("sw2").errdisableRecovery("udld", true, "30 seconds")
        yield* Effect.sleep("36 seconds")
        yield* Check.equals("back", yield* at("sw2", 2), "advertisement bidirectional")
        yield* Check.equals("said", yield* lines("ERR_RECOVER"), [
          "%PM-4-ERR_RECOVER: Attempting to recover from udld err-disable state on Gi0/2",
        ])
      }),
    ),
  )

  const REFUSED: ReadonlyArray<readonly [string, (lab: typeof Lab.Service) => Effect.Effect<unknown, unknown>, RegExp]> = [
    [
      "a message time of two minutes",
      (lab) => lab.switch("sw1").udld.messageTime(120),
      /udld: a message time of 120 s is none: write 1 to 90/,
    ],
    ["half a second", (lab) => lab.switch("sw1").udld.messageTime(0.5), /udld: a message time of 0\.5 s is none/],
    ["a port that is not there", (lab) => lab.switch("sw1").udld.port(9), /sw1 has no port 9/],
    ["a host", (lab) => lab.switch("pc").udld.reset, /pc/],
  ]
  for (const [what, order, sentence] of REFUSED) {
    it.effect(`refuses ${what}`, () =>
      Effect.gen(function* () {
        const exit = yield* Effect.exit(runOn(PAIR, Effect.flatMap(Lab, order)))
        assert.match(String(exit), sentence)
      }),
    )
  }

  it.effect("says so where nobody runs UDLD", () =>
    Effect.gen(function* () {
      const exit = yield* Effect.exit(
        runOn(
          "nodes: { sw1: , sw2: }\nlinks: [[sw1, sw2]]\n",
          Effect.flatMap(Lab, (lab) => lab.switch("sw1").udld.port(1)),
        ),
      )
      assert.match(JSON.stringify(exit), /sw1 does not run UDLD: give it, or one of its ports, udld: normal/)
    }),
  )
})

describe("in the middle of detection", () => {
  it.effect("who hangs before hearing anybody is silent, and is taken for deaf if it goes on, in normal mode too", () =>
    holds(
      ring("rstp", "", "").replace("aggressive", "normal"),
      Effect.gen(function* () {
        const lab = yield* Lab
        yield* lab.converged
        yield* lab.link("sw1:1", "sw2:1").down
        yield* Effect.sleep("1 second")
        yield* lab.link("sw1:1", "sw2:1").up
        yield* lab.switch("sw2").controlPlane.hang
        yield* Effect.sleep("7 seconds")
        yield* Check.equals("while it hangs sw1 says", yield* lines("UDLD_PORT", "sw1"), [])
        yield* lab.switch("sw2").controlPlane.resume
        yield* Effect.sleep("2 seconds")
        yield* Check.equals("when it goes on", yield* lines("UDLD_PORT", "sw1"), [DISABLED.replace("Gi0/2", "Gi0/1")])
      }),
    ),
  )

  it.effect("a fork ends as the network itself does", () =>
    holds(
      ring("stp", "", ""),
      Effect.gen(function* () {
        const lab = yield* Lab
        yield* lab.converged
        yield* lab.link("sw2:2", "sw3:2").deadFrom("sw2")
        yield* Effect.sleep("44 seconds")
        yield* Check.equals("sw2", yield* at("sw2", 2), "detection undetermined")
        const finish = Effect.gen(function* () {
          const own = yield* Lab
          yield* Effect.sleep("60 seconds")
          return [(yield* own.log.find("UDLD_PORT")).map(({ at: when, text }) => [when, text]), yield* own.fingerprint]
        })
        const forked = yield* lab.fork(finish)
        yield* Check.equals("the same", yield* finish, forked)
      }),
    ),
  )
})
