/** Pairs of switches as scenarios see them: what names mean, where orders go, what faults do, and that a run of them goes the same way twice. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as Check from "../src/Check.ts"
import { Lab } from "../src/Lab.ts"
import { holds, runOn } from "./support/designs.ts"

const VSS = `
spanningTree: { protocol: rapid-pvst }
vlans: [1, 10]
pairs:
  core:
    type: vss
    domain: 10
    vsl: ["core-1:1", "core-1:2", "core-2:1", "core-2:2"]
    switch: { 1: { priority: 110, cards: { 1: ["1-3"], 2: [4, 5] } } }
    dualActive: { fastHello: ["core-1:3", "core-2:3"], exclude: ["core-1:6"] }
    spanningTree: { priority: 4096 }
    portChannel:
      10: { ports: ["core-1:4", "core-2:4"], rate: fast }
      20: { ports: ["core-1:5", "core-2:5"], rate: fast }
nodes:
  acc-1: { portChannel: { 1: { ports: [1, 2], rate: fast } }, lldp: true }
  acc-2: { portChannel: { 1: { ports: [1, 2], rate: fast } } }
  pc1: { address: 10.0.10.1/24, vlan: 10 }
  pc2: { address: 10.0.10.2/24, vlan: 10 }
links:
  - { ends: ["core-1:1", "core-2:1"], rate: 10G }
  - { ends: ["core-1:2", "core-2:2"], rate: 10G }
  - ["core-1:3", "core-2:3"]
  - ["acc-1:1", "core-1:4"]
  - ["acc-1:2", "core-2:4"]
  - ["acc-2:1", "core-1:5"]
  - ["acc-2:2", "core-2:5"]
  - [pc1, acc-1]
  - [pc2, acc-2]
`

const VPC = `
spanningTree: { protocol: rapid-pvst, edgePorts: hosts }
farm: { distribution: vpc, access: 2, hosts: 2, vmsPerHost: 1, portChannel: { cables: 1, rate: fast } }
`

const roles = (name: string) =>
  Effect.gen(function* () {
    const lab = yield* Lab
    return (yield* lab.switch(name).roles).map(({ role, switch: one }) => `${one} ${role}`)
  })

const rolesAre = (name: string, ...expected: ReadonlyArray<string>) =>
  Effect.flatMap(roles(name), (found) => Check.equals("roles", found, expected))

/** Nobody loops, no port blocks, and everybody has one root. */
const isOneBridge = (root: string) =>
  Effect.gen(function* () {
    const lab = yield* Lab
    const { roots, switches } = yield* lab.tree
    yield* Check.equals(
      "roots",
      roots.map((one) => one.switch),
      [root],
    )
    yield* Check.equals(
      "blocked ports",
      switches.flatMap((row) => row.blocked.map(({ port }) => port)),
      [],
    )
  })

describe("a vss in a run", () => {
  it.effect("is one switch by the pair's name, two devices by theirs", () =>
    holds(
      VSS,
      Effect.gen(function* () {
        const lab = yield* Lab
        const loops = yield* lab.watchLoops
        yield* lab.converged
        yield* rolesAre("core", "core-1 active", "core-2 standby hot")
        yield* rolesAre("core-2", "core-1 active", "core-2 standby hot")
        yield* isOneBridge("core")
        const ping = yield* lab.host("pc1").ping("pc2", { every: "10 millis" })
        yield* Effect.sleep("1 second")
        yield* Check.equals("lost", yield* ping.lost, 0)
        const entries = (yield* lab.cam("pc2").entries).map((entry) => `${entry.switch} ${entry.portName} ${entry.towards}`)
        yield* Check.equals("the CAMs of both chassis", entries, [
          "acc-1 Po1 core",
          "acc-2 Gi0/3 pc2",
          "core-1 Po20 acc-2",
          "core-2 Po20 acc-2",
        ])
        yield* Check.that("they lead to pc2", yield* lab.cam("pc2").pointsAt("pc2"))
        const both = yield* lab.switch("core").statistics
        const one = yield* lab.switch("core-1").statistics
        const other = yield* lab.switch("core-2").statistics
        yield* Check.equals("frames of both", both.framesSent, one.framesSent + other.framesSent)
        yield* Check.equals("loops", (yield* loops.seen).length, 0)
        // What a chassis traces of itself is of its own ports, what its bridge traces of those of both.
        for (const line of ["New VSL Control Link Te2/1/1", "Interface GigabitEthernet2/1/5, changed state to up"]) {
          yield* Check.atLeast(line, (yield* lab.log.find(line, "core-2")).length, 1)
        }
        yield* Check.equals("ports of others", (yield* lab.log.find("1/1/", "core-2")).length, 0)
      }),
      true,
    ),
  )

  it.effect("takes orders to the pair and to the standby at the active, and ports by three names", () =>
    holds(
      VSS,
      Effect.gen(function* () {
        const lab = yield* Lab
        yield* lab.converged
        yield* lab.switch("core").stpPriority(8192)
        yield* lab.port("core:Po10").stpCost(77)
        yield* Effect.sleep("1 second")
        const row = (yield* lab.tree).switches.find((each) => each.switch === "core")
        yield* Check.that("priority 8192", row?.bridge.startsWith("2001.") === true)
        yield* lab.switch("core-2").stpPriority(12288)
        yield* Effect.sleep("1 second")
        const again = (yield* lab.tree).switches.find((each) => each.switch === "core")
        yield* Check.that("priority 12288", again?.bridge.startsWith("3001.") === true)
        yield* lab.port("core:Gi2/1/4").shutdown
        yield* Effect.sleep("1 second")
        const gone = yield* lab.log.find("Gi2/1/4 left the port-channel Po10", "core")
        yield* Check.equals("lines of the pair", gone.length, 1)
        yield* lab.port("core-2:4").noShutdown
        yield* lab.link("acc-2", "core-1").down
        yield* Effect.sleep("3 seconds")
        yield* Check.equals("members of Po10", (yield* lab.log.find("Gi2/1/4 joined port-channel Po10", "core-1")).length, 2)
        yield* Check.equals("members of Po20", (yield* lab.log.find("Gi1/2/5 left the port-channel Po20", "core-1")).length, 1)
      }),
    ),
  )

  it.effect("goes on when the active is lost, told to go, hangs, or loses a card; nobody has another role", () =>
    holds(
      VSS,
      Effect.gen(function* () {
        const lab = yield* Lab
        yield* lab.converged
        const ping = yield* lab.host("pc1").ping("pc2", { every: "10 millis" })
        yield* Effect.sleep("105 millis")
        yield* lab.switch("core-1").lineCard(2).fail
        yield* Effect.sleep("2 seconds")
        yield* Check.equals("uplinks of the card", (yield* lab.log.find("EC-5-UNBUNDLE", "acc-1")).length, 1)
        yield* lab.switch("core-1").lineCard(2).restore
        yield* Effect.sleep("5 seconds")
        yield* lab.switch("core").switchover
        yield* Effect.sleep("1 second")
        yield* rolesAre("core", "core-1 reloading", "core-2 active")
        yield* lab.converged
        yield* rolesAre("core", "core-1 standby hot", "core-2 active")
        yield* lab.switch("core-2").powerOff
        yield* Effect.sleep("1 second")
        yield* rolesAre("core", "core-1 active", "core-2 off")
        yield* isOneBridge("core")
        yield* lab.switch("core-2").powerOn
        yield* lab.converged
        yield* rolesAre("core", "core-1 active", "core-2 standby hot")
        yield* Check.atMost("pings lost to all of that", yield* ping.lost, 6)
        yield* lab.switch("core").powerOff
        yield* Effect.sleep("1 second")
        yield* rolesAre("core", "core-1 off", "core-2 off")
        yield* Check.equals("off", (yield* lab.tree).off, ["core-1", "core-2"])
      }),
    ),
  )

  it.effect("has one active again within a second of losing its VSL: fast hellos send the old one into recovery mode", () =>
    holds(
      VSS,
      Effect.gen(function* () {
        const lab = yield* Lab
        yield* lab.converged
        const ping = yield* lab.host("pc1").ping("pc2", { every: "10 millis" })
        yield* Effect.sleep("105 millis")
        yield* lab.link("core-1:1", "core-2").down
        yield* lab.link("core-1:2", "core-2").down
        yield* Effect.sleep("1 second")
        yield* rolesAre("core", "core-1 recovery", "core-2 active")
        yield* isOneBridge("core")
        yield* lab.link("core-1:1", "core-2").up
        yield* Effect.sleep("1 second")
        yield* lab.converged
        yield* rolesAre("core", "core-1 standby hot", "core-2 active")
        yield* Check.atMost("pings lost", yield* ping.lost, 30)
      }),
    ),
  )

  for (const [method, text] of [
    ["BFD", VSS.replace("fastHello:", "bfd:")],
    ["PAgP", VSS.replace(/ {4}dualActive: .*\n/, "").replaceAll("rate: fast", "mode: desirable")],
  ] as const) {
    it.effect(`finds out that both are active by ${method}: the old one makes way, and no port loops`, () =>
      holds(
        text,
        Effect.gen(function* () {
          const lab = yield* Lab
          const loops = yield* lab.watchLoops
          yield* lab.converged
          yield* lab.link("core-1:1", "core-2").down
          yield* lab.link("core-1:2", "core-2").down
          yield* Effect.sleep("3 seconds")
          yield* rolesAre("core", "core-1 recovery", "core-2 active")
          yield* Check.equals("lines", (yield* lab.log.find("%SW_DA-1-RECOVERY", "core-1")).length, 1)
          yield* Check.equals("loops", (yield* loops.seen).length, 0)
        }),
        true,
      ),
    )
  }

  it.effect("without detection both are active and both answer, each by its own name", () =>
    holds(
      VSS.replace(/ {4}dualActive: .*\n/, ""),
      Effect.gen(function* () {
        const lab = yield* Lab
        yield* lab.converged
        yield* lab.link("core-1:1", "core-2").down
        yield* lab.link("core-1:2", "core-2").down
        yield* Effect.sleep("5 seconds")
        yield* rolesAre("core", "core-1 active", "core-2 active")
        const names = (yield* lab.tree).switches.map((row) => row.switch)
        yield* Check.equals("who runs a spanning tree", names, ["acc-1", "acc-2", "core-1", "core-2"])
      }),
    ),
  )

  it.effect("goes the same way in a fork in the middle of a takeover, and is one address to fault domains", () =>
    holds(
      VSS,
      Effect.gen(function* () {
        const lab = yield* Lab
        yield* lab.converged
        yield* lab.switch("core").controlPlane.hang
        yield* Effect.sleep("250 millis")
        const after = Effect.gen(function* () {
          const here = yield* Lab
          const watch = yield* here.faultDomain()
          yield* watch.lasting("2 seconds")
          const { switches } = yield* watch.report
          return [yield* here.fingerprint, yield* roles("core"), switches.map(({ name }) => name)] as const
        })
        const one = yield* lab.fork(after, { quiet: true })
        const two = yield* lab.fork(after, { quiet: true })
        yield* Check.equals("fingerprints", one[0], two[0])
        yield* Check.equals("roles", one[1], ["core-1 reloading", "core-2 active"])
        yield* Check.that(
          "chassis by their names",
          one[2].every((name) => /^(core|acc)-\d$/.test(name)),
        )
      }),
    ),
  )
})

describe("a vpc pair in a run", () => {
  it.effect("is two switches, of which the primary answers for both; orders to the pair go to both", () =>
    holds(
      VPC,
      Effect.gen(function* () {
        const lab = yield* Lab
        const loops = yield* lab.watchLoops
        yield* lab.converged
        yield* rolesAre("dist", "dist-1 primary", "dist-2 secondary")
        yield* isOneBridge("dist-1")
        const ping = yield* lab.vm("web-1").ping("web-2", { every: "10 millis" })
        yield* Effect.sleep("1005 millis")
        yield* lab.switch("dist").stpPriority(16384)
        yield* lab.switch("dist-1").powerOff
        yield* Effect.sleep("10 seconds")
        yield* rolesAre("dist", "dist-1 off", "dist-2 secondary, operational primary")
        yield* isOneBridge("dist-2")
        yield* lab.switch("dist-1").powerOn
        yield* lab.converged
        yield* rolesAre("dist", "dist-1 primary, operational secondary", "dist-2 secondary, operational primary")
        yield* Check.atMost("pings lost", yield* ping.lost, 3)
        yield* Check.equals("loops", (yield* loops.seen).length, 0)
      }),
      true,
    ),
  )

  it.effect("puts what is asked of the wrong switch in a sentence", () =>
    Effect.gen(function* () {
      for (const [text, program, sentence] of [
        [VPC, (lab) => lab.switch("dist-1").switchover, /dist-1 is no chassis of a virtual switching system/],
        [
          VPC,
          (lab) => lab.switch("dist").lineCard(1).fail,
          /dist is no chassis of a virtual switching system: it has no line cards/,
        ],
        [VSS, (lab) => lab.switch("core-1").lineCard(3).fail, /core-1 has no line card 3: it has 1, 2/],
        [VSS, (lab) => lab.switch("core").rolePriority(10), /core is no vPC peer: it has no role priority/],
        [VPC, (lab) => lab.switch("dist").rolePriority(0), /0 is no role priority: write a whole number from 1 to 65535/],
        [
          VSS,
          (lab) => lab.port("core:4").shutdown,
          /there is no port "core:4": core is the pair of core-1 and core-2; name a port of one, like core-1:1/,
        ],
        [VSS, (lab) => lab.link("acc-1", "core").down, /2 cables run between acc-1 and core/],
      ] as ReadonlyArray<readonly [string, (lab: Lab["Service"]) => Effect.Effect<unknown, unknown>, RegExp]>) {
        const failed = yield* Effect.flip(runOn(text, Effect.flatMap(Lab, program)))
        assert.match(String(failed.message), sentence)
      }
    }),
  )
})

/** A farm with a cable between its access switches that no BPDU passes: shut at first. */
const ring = (type: string): string => `
spanningTree: { protocol: rapid-pvst, edgePorts: hosts }
defaults: { link: { rate: 10M } }
farm:
  { distribution: ${type}, access: 2, hosts: 2, vmsPerHost: 1, interlinkRate: 10M, uplinkRate: 10M, hostRate: 10M, portChannel: { cables: 1, rate: fast } }
nodes:
  acc-1: { ports: 9, port: { 9: { bpduFilter: true, shutdown: true } } }
  acc-2: { ports: 9, port: { 9: { bpduFilter: true } } }
links: [["acc-1:9", "acc-2:9"]]
`

describe("a ring through a pair", () => {
  for (const [type, through] of [
    ["vss", /dist:Po11 dist:Po12/],
    ["vpc", /dist-\d:Po11 dist-\d:Po12/],
  ] as const) {
    it.effect(`is seen whichever of the two is in charge: ${type}`, () =>
      holds(
        ring(type),
        Effect.gen(function* () {
          const lab = yield* Lab
          const loops = yield* lab.watchLoops
          yield* lab.converged
          yield* Check.equals("loops of a pair", (yield* loops.seen).length, 0)
          for (const first of ["dist-1", "dist-2"]) {
            yield* lab.port("acc-1:9").noShutdown
            yield* Effect.sleep("31 seconds")
            const seen = (yield* loops.seen).at(-1)
            yield* Check.that(
              `a ring while ${first} is in charge`,
              seen !== undefined && seen.until === undefined && through.test(seen.ports.join(" ")),
            )
            yield* lab.port("acc-1:9").shutdown
            yield* Effect.sleep("1 second")
            yield* lab.switch("dist-1").powerOff
            yield* Effect.sleep("15 seconds")
            yield* lab.switch("dist-1").powerOn
            yield* lab.converged
          }
          yield* Check.equals("loops", (yield* loops.seen).filter(({ until }) => until === undefined).length, 0)
        }),
      ),
    )
  }
})
