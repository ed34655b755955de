/** Port-channels together with spanning tree, guards and the tables, as scenarios see them. */
import * as Prng from "@l2lab/sim/Prng"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as Check from "../src/Check.ts"
import { Lab } from "../src/Lab.ts"
import { holds, runOn } from "./support/designs.ts"

const PROTOCOLS = ["stp", "rstp", "pvst", "rapid-pvst", "mst"] as const

/** sw1 and sw2 with two cables, sw3 between them another way, a station at each of the first two. */
const design = (protocol: string, sw1: string, sw2 = sw1, more = ""): string => `
spanningTree: { protocol: ${protocol} }
nodes:
  sw1: { ${more}spanningTree: { priority: 4096 }, ${sw1} }
  sw2: { ${more}${sw2} }
  sw3: { spanningTree: { priority: 61440 } }
  pc1: { address: 10.0.0.1/24 }
  pc2: { address: 10.0.0.2/24 }
links: [["sw1:1", "sw2:1"], ["sw1:2", "sw2:2"], ["sw1:3", "sw3:1"], ["sw2:3", "sw3:2"], [pc1, "sw1:4"], [pc2, "sw2:4"]]
`

const ACTIVE = "portChannel: { 1: { ports: [1, 2], rate: fast } }"
const ON = 'portChannel: { 1: { ports: [1, 2], mode: "on" } }'

const logged = (part: string, node: string) =>
  Effect.flatMap(Lab, (lab) => Effect.map(lab.log.find(part, node), (lines) => lines.map(({ text }) => text)))

describe("a port-channel", () => {
  for (const protocol of PROTOCOLS) {
    it.effect(`is one port to ${protocol}: it forwards, the way around it is blocked, and a lost member moves nothing`, () =>
      holds(
        design(protocol, ACTIVE),
        Effect.gen(function* () {
          const lab = yield* Lab
          const loops = yield* lab.watchLoops
          yield* lab.converged
          const blocked = Effect.map(lab.tree, ({ trees }) =>
            trees.flatMap(({ switches }) => switches.flatMap((row) => row.blocked.map(({ portName }) => portName))),
          )
          yield* Check.equals("blocked", yield* blocked, ["Gi0/2"])
          const ping = yield* lab.host("pc1").ping("pc2", { every: "10 millis" })
          yield* Effect.sleep("1 second")
          yield* lab.port("sw1:1").shutdown
          yield* Effect.sleep("2 seconds")
          yield* lab.port("sw1:1").noShutdown
          yield* Effect.sleep("5 seconds")
          yield* Check.atMost("pings lost to a member", yield* ping.lost, 1)
          yield* Check.equals("blocked still", yield* blocked, ["Gi0/2"])
          yield* Check.equals("loops", (yield* loops.seen).length, 0)
          yield* Check.equals(
            "where pc2 is",
            (yield* lab.cam("pc2").entries).find((entry) => entry.switch === "sw1")?.portName,
            "Po1",
          )
        }),
      ),
    )
  }

  it.effect("lost whole leaves the other way, within the time of spanning tree", () =>
    holds(
      design("rstp", ACTIVE),
      Effect.gen(function* () {
        const lab = yield* Lab
        yield* lab.converged
        const ping = yield* lab.host("pc1").ping("pc2", { every: "100 millis" })
        for (const port of ["sw1:1", "sw1:2"]) yield* lab.port(port).shutdown
        yield* Effect.sleep("5 seconds")
        yield* Check.atMost("longest gap", yield* ping.longestGap, "2 seconds")
      }),
    ),
  )

  it.effect(
    "that loses a member costs more, which may move the root port; or it does not, where its bandwidth is that of the whole",
    () => {
      const rootPort = (bandwidth: string) =>
        holds(
          design("rstp", `${ACTIVE.replace("rate: fast", `rate: fast, bandwidth: ${bandwidth}`)}`)
            .replace("protocol: rstp", "protocol: rstp, pathCost: long")
            .replace('["sw1:3", "sw3:1"]', '{ ends: ["sw1:3", "sw3:1"], rate: 2.5G }')
            .replace('["sw2:3", "sw3:2"]', '{ ends: ["sw2:3", "sw3:2"], rate: 2.5G }'),
          Effect.gen(function* () {
            const lab = yield* Lab
            yield* lab.converged
            const now = Effect.map(lab.tree, ({ trees }) =>
              trees.flatMap(({ switches }) =>
                switches.flatMap((row) => (row.switch === "sw2" && row.rootPort !== undefined ? [row.rootPort.portName] : [])),
              ),
            )
            const before = yield* now
            yield* lab.port("sw1:1").shutdown
            yield* Effect.sleep("5 seconds")
            yield* Check.equals("root port", [...before, ...(yield* now)], ["Po1", bandwidth === "members" ? "Tw0/3" : "Po1"])
          }),
        )
      return Effect.andThen(rootPort("members"), rootPort("whole"))
    },
  )

  it.effect("is the same in octets", () =>
    Effect.gen(function* () {
      const program = Effect.gen(function* () {
        const lab = yield* Lab
        yield* lab.converged
        const ping = yield* lab.host("pc1").ping("pc2", { every: "100 millis" })
        yield* Effect.sleep("5 seconds")
        yield* Check.equals("lost", yield* ping.lost, 0)
      })
      const text = design("rstp", ACTIVE, ACTIVE, "loadBalance: src-dst-mixed-ip-port, ")
      const plain = yield* holds(text, program)
      const octets = yield* holds(text, program, true)
      assert.strictEqual(octets.fingerprint, plain.fingerprint)
    }),
  )
})

describe("a port-channel of PAgP", () => {
  const DESIRABLE = "portChannel: { 1: { ports: [1, 2], mode: desirable } }"
  const AUTO = "portChannel: { 1: { ports: [1, 2], mode: auto } }"

  const pings = Effect.gen(function* () {
    const lab = yield* Lab
    const loops = yield* lab.watchLoops
    yield* lab.converged
    const ping = yield* lab.host("pc1").ping("pc2", { every: "100 millis" })
    yield* Effect.sleep("5 seconds")
    yield* Check.equals("lost", yield* ping.lost, 0)
    yield* Check.equals("loops", (yield* loops.seen).length, 0)
    const { trees } = yield* lab.tree
    const blocked = trees.flatMap(({ switches }) => switches.flatMap((row) => row.blocked.map(({ portName }) => portName)))
    yield* Check.equals("blocked", blocked, ["Gi0/2"])
  })

  it.effect("is one port to spanning tree, and the same in octets", () =>
    Effect.gen(function* () {
      const text = design("rapid-pvst", DESIRABLE, AUTO)
      const plain = yield* holds(text, pings)
      const octets = yield* holds(text, pings, true)
      assert.strictEqual(octets.fingerprint, plain.fingerprint)
    }),
  )

  it.effect(
    "against one that is on: its members are ports of their own, and EtherChannel guard takes the static end out of service",
    () =>
      holds(
        design("rapid-pvst", DESIRABLE, ON),
        Effect.gen(function* () {
          yield* Effect.sleep("120 seconds")
          yield* Check.equals("lines of sw1", (yield* logged("%EC-5-BUNDLE", "sw1")).length, 0)
          yield* Check.equals("lines of sw2", (yield* logged("%PM-4-ERR_DISABLE: channel-misconfig", "sw2")).length, 2)
        }),
      ),
  )

  it.effect("whose cables lead to two switches: the second is suspended, and said so", () =>
    holds(
      design("rstp", `portChannel: { 1: { ports: [1, 2, 3], mode: desirable } }`, AUTO).replace(
        "sw3: { ",
        "sw3: { portChannel: { 1: { ports: [1], mode: desirable } }, ",
      ),
      Effect.gen(function* () {
        yield* Effect.sleep("20 seconds")
        yield* Check.equals("lines", yield* logged("%EC-5-CANNOT_BUNDLE2", "sw1"), [
          "%EC-5-CANNOT_BUNDLE2: Gi0/3 is not compatible with Gi0/1 and will be suspended (partner, group or speed of Gi0/3 is another)",
        ])
      }),
    ),
  )
})

describe("a static port-channel whose other end does not bundle", () => {
  const program = (trips: boolean) =>
    Effect.gen(function* () {
      yield* Effect.sleep("120 seconds")
      const lines = yield* logged("%PM-4-ERR_DISABLE", "sw2")
      yield* Check.equals(
        "lines",
        lines,
        trips
          ? [
              "%PM-4-ERR_DISABLE: channel-misconfig error detected on Gi0/1, putting Gi0/1 in err-disable state",
              "%PM-4-ERR_DISABLE: channel-misconfig error detected on Gi0/2, putting Gi0/2 in err-disable state",
            ]
          : [],
      )
    })

  it.effect("is taken out of service by EtherChannel guard", () => holds(design("rapid-pvst", "ageing: 300s", ON), program(true)))

  it.effect("is not, where the guard is off, or both ends bundle", () =>
    Effect.andThen(
      holds(design("rapid-pvst", "ageing: 300s", ON.replace("ports", "guard: false, ports")), program(false)),
      holds(design("rapid-pvst", ON, ON), program(false)),
    ),
  )

  it.effect("comes back where recovery is on, and is taken out again", () =>
    holds(
      design("rapid-pvst", "ageing: 300s", `errdisable: { recovery: [channel-misconfig], interval: 30s }, ${ON}`),
      Effect.gen(function* () {
        yield* Effect.sleep("200 seconds")
        yield* Check.atLeast("recoveries", (yield* logged("%PM-4-ERR_RECOVER", "sw2")).length, 2)
        yield* Check.atLeast("times", (yield* logged("%PM-4-ERR_DISABLE", "sw2")).length, 4)
      }),
    ),
  )
})

describe("a static port-channel at one end only, unguarded", () => {
  it.effect("never settles, and the wait for it says why", () =>
    Effect.gen(function* () {
      const program = Effect.flatMap(Lab, (lab) => lab.converged)
      const { report } = yield* runOn(design("pvst", "ageing: 300s", ON.replace("ports", "guard: false, ports")), program, {
        limitNs: 300e9,
      })
      assert.match(
        report.failure ?? "",
        /sw2:Po1 hears BPDUs of several ports in turn, each of which is news to it: does the other end not bundle it\?/,
      )
    }),
  )
})

/** The root port of sw2, which has a port-channel and a way around it. */
const rootPortOfSw2 = Effect.flatMap(Lab, (lab) =>
  Effect.map(lab.tree, ({ trees }) =>
    trees.flatMap(({ switches }) =>
      switches.flatMap((row) => (row.switch === "sw2" && row.rootPort !== undefined ? [row.rootPort.portName] : [])),
    ),
  ),
)

describe("orders to a port-channel", () => {
  it.effect("cost and priority are its own, in one tree or in all", () =>
    holds(
      design("rapid-pvst", ACTIVE),
      Effect.gen(function* () {
        const lab = yield* Lab
        const channel = lab.port("sw2:Po1")
        yield* lab.converged
        yield* Check.equals("at first", yield* rootPortOfSw2, ["Po1"])
        yield* channel.stpCost(200)
        yield* Effect.sleep("5 seconds")
        yield* Check.equals("dear", yield* rootPortOfSw2, ["Gi0/3"])
        yield* channel.stpCost(undefined)
        yield* lab.port("sw2:Gi0/3").stpCost(1, { vlan: 1 })
        yield* Effect.sleep("5 seconds")
        yield* Check.equals("by rate again, as dear as 3 + 1 and fewer bridges away", yield* rootPortOfSw2, ["Po1"])
        yield* channel.stpPriority(64)
        yield* Effect.sleep("5 seconds")
        yield* Check.equals("still", yield* rootPortOfSw2, ["Po1"])
      }),
    ),
  )

  it.effect("shutdown takes all of its members down, no shutdown brings them back, and its counters are theirs", () =>
    holds(
      design("rstp", ACTIVE),
      Effect.gen(function* () {
        const lab = yield* Lab
        const channel = lab.port("sw2:Po1")
        yield* lab.converged
        const each = yield* Effect.forEach(["sw2:1", "sw2:2"], (name) => lab.port(name).statistics)
        const all = yield* channel.statistics
        yield* Check.equals("frames sent", all.framesSent, each[0].framesSent + each[1].framesSent)
        yield* channel.shutdown
        yield* Effect.sleep("5 seconds")
        yield* Check.equals("around it", yield* rootPortOfSw2, ["Gi0/3"])
        yield* channel.noShutdown
        yield* Effect.sleep("10 seconds")
        yield* Check.equals("back", yield* rootPortOfSw2, ["Po1"])
      }),
    ),
  )

  it.effect("its cables go down, are deaf one way, and heal together", () =>
    holds(
      design("rstp", ACTIVE),
      Effect.gen(function* () {
        const lab = yield* Lab
        const cables = lab.link("sw2:Po1", "sw1")
        yield* lab.converged
        for (const order of [cables.down, cables.deadFrom("sw1")]) {
          yield* order
          yield* Effect.sleep("12 seconds")
          yield* Check.equals("around it", yield* rootPortOfSw2, ["Gi0/3"])
          yield* cables.up
          yield* cables.heal
          yield* Effect.sleep("12 seconds")
          yield* Check.equals("back", yield* rootPortOfSw2, ["Po1"])
        }
      }),
    ),
  )

  it.effect("root guard, loop guard, BPDU filter and PortFast are its own", () =>
    holds(
      design("rstp", ACTIVE),
      Effect.gen(function* () {
        const lab = yield* Lab
        const channel = lab.port("sw2:Po1")
        yield* lab.converged
        yield* channel.rootGuard(true)
        yield* Effect.sleep("5 seconds")
        yield* Check.equals("root guard", (yield* logged("%SPANTREE-2-ROOTGUARD_BLOCK", "sw2")).length, 1)
        yield* channel.rootGuard(false)
        yield* channel.loopGuard(true)
        yield* Effect.sleep("10 seconds")
        yield* lab.port("sw1:Po1").bpduFilter(true)
        yield* Effect.sleep("10 seconds")
        yield* Check.equals("loop guard", yield* logged("%SPANTREE-2-LOOPGUARD_BLOCK", "sw2"), [
          "%SPANTREE-2-LOOPGUARD_BLOCK: Loop guard blocking port Port-channel1 on VLAN0001.",
        ])
      }),
    ),
  )

  it.effect("that are for one port only are refused, and its members named", () =>
    holds(
      design("rstp", ACTIVE),
      Effect.gen(function* () {
        const lab = yield* Lab
        const refusals: ReadonlyArray<readonly [order: Effect.Effect<unknown, unknown>, said: string]> = [
          [
            lab.port("sw1:Po1").duplex("half"),
            "sw1:Po1 is a port-channel, and this is for one port: name one of its members, sw1:1, sw1:2",
          ],
          [lab.port("sw3:Po1").shutdown, 'there is no port "sw3:Po1": sw3 has sw3:1 to sw3:2'],
          [lab.link("sw1:Po1", "sw3").down, "no cable runs between sw1:Po1 and sw3"],
        ]
        for (const [order, said] of refusals) {
          const failure = yield* Effect.flip(order)
          yield* Check.equals("refusal", (failure as { readonly problem: string }).problem, said)
        }
      }),
    ),
  )
})

describe("guards on a port-channel", () => {
  it.effect("BPDU guard takes all of its members out of service", () =>
    holds(
      design("rstp", ON, `port: { 1-2: { bpduGuard: true } }, ${ON}`),
      Effect.gen(function* () {
        yield* Effect.sleep("5 seconds")
        yield* Check.equals("lines", yield* logged("%PM-4-ERR_DISABLE", "sw2"), [
          "%PM-4-ERR_DISABLE: bpduguard error detected on Gi0/1, putting Gi0/1 in err-disable state",
          "%PM-4-ERR_DISABLE: bpduguard error detected on Gi0/2, putting Gi0/2 in err-disable state",
        ])
      }),
    ),
  )

  it.effect("BPDU guard takes those out too that stand by, which would bring the port-channel back at once", () =>
    holds(
      design("rstp", ACTIVE, `port: { 1-2: { bpduGuard: true } }, ${ACTIVE.replace("rate", "maxBundle: 1, rate")}`),
      Effect.gen(function* () {
        yield* Effect.sleep("30 seconds")
        yield* Check.equals("lines", yield* logged("%PM-4-ERR_DISABLE", "sw2"), [
          "%PM-4-ERR_DISABLE: bpduguard error detected on Gi0/2, putting Gi0/2 in err-disable state",
          "%PM-4-ERR_DISABLE: bpduguard error detected on Gi0/1, putting Gi0/1 in err-disable state",
        ])
        yield* Check.equals(
          "times that it came up",
          (yield* logged("%LINK-3-UPDOWN: Interface Port-channel1, changed state to up", "sw2")).length,
          1,
        )
      }),
    ),
  )

  it.effect("UDLD goes cable by cable: it takes one member out, and the port-channel carries on", () =>
    holds(
      design("rstp", `udld: aggressive, ${ACTIVE}`),
      Effect.gen(function* () {
        const lab = yield* Lab
        yield* lab.converged
        yield* Effect.sleep("60 seconds")
        const ping = yield* lab.host("pc1").ping("pc2", { every: "100 millis" })
        yield* lab.link("sw1:1", "sw2:1").deadFrom("sw1")
        yield* Effect.sleep("90 seconds")
        const disabled = [
          ...(yield* logged("%UDLD-4-UDLD_PORT_DISABLED", "sw1")),
          ...(yield* logged("%UDLD-4-UDLD_PORT_DISABLED", "sw2")),
        ]
        yield* Check.atLeast("members out of service", disabled.length, 1)
        yield* Check.that(
          "all of them Gi0/1",
          disabled.every((line) => line.includes("Gi0/1")),
        )
        // LACP, fast, has seen to it before: three seconds until sw2 hears nobody, three until sw1 knows.
        yield* Check.atMost("longest gap", yield* ping.longestGap, "8 seconds")
        yield* Check.equals(
          "the port-channel went down",
          (yield* logged("Interface Port-channel1, changed state to down", "sw2")).length,
          0,
        )
      }),
    ),
  )
})

/** A ring of three switches, each pair bundled by two cables, and a pc at each. */
const RING = `
spanningTree: { protocol: rstp }
nodes:
  sw1: { portChannel: { 1: { ports: [1, 2], rate: fast }, 2: { ports: [3, 4], rate: fast } } }
  sw2: { portChannel: { 1: { ports: [1, 2], rate: fast }, 2: { ports: [3, 4], rate: fast } } }
  sw3: { portChannel: { 1: { ports: [1, 2], rate: fast }, 2: { ports: [3, 4], rate: fast, mode: passive } } }
  pc1: { address: 10.0.0.1/24 }
  pc2: { address: 10.0.0.2/24 }
  pc3: { address: 10.0.0.3/24 }
links:
  - ["sw1:1", "sw2:1"]
  - ["sw1:2", "sw2:2"]
  - ["sw2:3", "sw3:1"]
  - ["sw2:4", "sw3:2"]
  - ["sw3:3", "sw1:3"]
  - ["sw3:4", "sw1:4"]
  - [pc1, "sw1:5"]
  - [pc2, "sw2:5"]
  - [pc3, "sw3:5"]
`

const CABLES = [
  ["sw1:1", "sw2:1"],
  ["sw1:2", "sw2:2"],
  ["sw2:3", "sw3:1"],
  ["sw2:4", "sw3:2"],
  ["sw3:3", "sw1:3"],
  ["sw3:4", "sw1:4"],
] as const

/**
 * Bundles are whole again so long after the last fault: six seconds until LACP, fast, knows whom it hears and two until it bundles; then spanning tree's
 * two forward delays, where it could not come to terms.
 */
const BOUND = "40 seconds"

/** The same by PAgP, one end of which only answers. */
const PAGP_RING = RING.replaceAll("mode: passive", "mode: auto").replaceAll("rate: fast }", "rate: fast, mode: desirable }")

const FAULTS = [
  ...[1, 2, 3, 4, 5, 6, 7, 8].map((seed) => ({ seed, what: "LACP", ring: RING })),
  ...[11, 12, 13, 14, 15, 16].map((seed) => ({ seed, what: "PAgP", ring: PAGP_RING })),
]

describe("a ring of port-channels whose cables fail and are mended", () => {
  for (const { ring, seed, what } of FAULTS) {
    it.effect(`never loops when quiet, answers nothing twice, and everybody is heard again: ${what}, seed ${seed}`, () =>
      holds(
        ring,
        Effect.gen(function* () {
          const random = new Uint32Array(Prng.WORDS)
          Prng.seed(random, 0, seed, "faults")
          const below = (limit: number): number => Prng.next(random, 0) % limit
          const lab = yield* Lab
          const loops = yield* lab.watchLoops
          yield* lab.converged
          for (let fault = 0; fault < 8; fault++) {
            const [a, b] = CABLES[below(CABLES.length)]
            const link = lab.link(a, b)
            yield* [link.down, link.up, link.deadFrom(a.split(":")[0]), link.heal][below(4)]
            yield* Effect.sleep(`${below(9000)} millis`)
          }
          for (const [a, b] of CABLES) {
            yield* lab.link(a, b).up
            yield* lab.link(a, b).heal
          }
          yield* Effect.sleep(BOUND)
          const seen = yield* loops.seen
          yield* Check.equals(`seed ${seed}: loops that last`, seen.filter(({ until }) => until === undefined).length, 0)
          const pings = yield* Effect.forEach(
            [
              ["pc1", "pc2"],
              ["pc2", "pc3"],
              ["pc3", "pc1"],
            ],
            ([from, to]) => lab.host(from).ping(to, { every: "100 millis" }),
          )
          yield* Effect.sleep("3 seconds")
          for (const ping of pings) {
            const { duplicates } = yield* ping.report
            yield* Check.equals(`seed ${seed}: lost, answered twice`, [yield* ping.lost, duplicates], [0, 0])
          }
          yield* Check.equals(`seed ${seed}: loops since`, (yield* loops.seen).length, seen.length)
          for (const name of ["sw1", "sw2", "sw3"]) {
            const joined = (yield* logged("%EC-5-BUNDLE", name)).length
            yield* Check.equals(`seed ${seed}: members of ${name}`, joined - (yield* logged("%EC-5-UNBUNDLE", name)).length, 4)
          }
        }),
      ),
    )
  }
})
