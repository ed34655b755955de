/** PortFast, BPDU guard and BPDU filter, for all five protocols: defaults, trips, log lines, recovery, and what they do to each other. */
import { assert, describe, it } from "@effect/vitest"
import * as ErrdisableCause from "@l2lab/l2/ErrdisableCause"
import { FILTER_AFTER } from "../../src/toolkit/Settings.ts"
import { WORLD, type WorldCommand } from "@l2lab/sim/WorldCommand"
import { access, VlanNetwork } from "../pvst/VlanNetwork.ts"
import { bridge, isEdge, type Kind, KINDS, log, sentAt } from "./Guards.ts"

const EDGE = { ports: [{ adminEdge: true }] }

/** n0 port 0 is an edge port with what is said of it; n1 is what is plugged into it, or nobody. */
const network = (kind: Kind, ...args: Parameters<typeof withGuards> extends [Kind, ...infer Rest] ? Rest : never): VlanNetwork =>
  withGuards(kind, ...args)

const withGuards = (
  kind: Kind,
  toolkit: Parameters<typeof bridge>[2],
  neighbour: "bridge" | "station",
  ports = "a",
  config = EDGE,
): VlanNetwork =>
  new VlanNetwork(
    [
      bridge(kind, ports, toolkit, config),
      neighbour === "bridge" ? bridge(kind, ports) : { run: "station", ports: [{ mode: "access", vlan: 10 }] },
    ],
    [
      [
        [0, 0],
        [1, 0],
      ],
    ],
  )

describe.each(KINDS)("%s", (kind) => {
  const quiet = { bpduGuardDefault: false }

  for (const ports of ["a", "t"]) {
    it(`an edge port (${ports === "t" ? "trunk" : "access"}) forwards at once, its coming and going is no topology change, and it goes on sending BPDUs`, () => {
      const lan = network(kind, quiet, "station", ports)
      lan.watch(0, 0)
      lan.run(0.1)
      assert.isTrue(lan.forwards(0, 0, 10))
      lan.run(5)
      lan.plug(0, false)
      lan.run(1)
      lan.plug(0, true)
      lan.run(0.1)
      assert.isTrue(lan.forwards(0, 0, 10))
      lan.run(5)
      assert.strictEqual(lan.events.filter(({ code }) => code === 0x204).length, 0)
      assert.isAtLeast(sentAt(lan, 0, 0).length, 4)
    })
  }

  it("a BPDU ends a port's being an edge until its link has been down; nothing is taken out of service by default", () => {
    const lan = network(kind, quiet, "bridge")
    lan.run(0.1)
    assert.isTrue(lan.forwards(0, 0, 10))
    lan.run(5)
    assert.isFalse(isEdge(lan, kind, 0, 0))
    assert.deepStrictEqual(log(lan), [])
    lan.plug(0, false)
    lan.run(1)
    lan.plug(0, true)
    lan.run(0)
    assert.isTrue(isEdge(lan, kind, 0, 0))
    assert.isTrue(lan.forwards(0, 0, 10))
  })

  it("BPDU guard takes the port out of service at the first BPDU, and says so", () => {
    for (const toolkit of [{ bpduGuardDefault: true }, { ports: [{ bpduGuard: true }] }]) {
      const lan = network(kind, toolkit, "bridge")
      lan.run(5)
      assert.strictEqual(lan.bridge(0).errdisable.cause[0], ErrdisableCause.BPDUGUARD)
      assert.isFalse(lan.forwards(0, 0, 10))
      assert.deepStrictEqual(log(lan), [
        "n0 %SPANTREE-2-BLOCK_BPDUGUARD: Received BPDU on port Gi0/1 with BPDU Guard enabled. Disabling port.",
        "n0 %PM-4-ERR_DISABLE: bpduguard error detected on Gi0/1, putting Gi0/1 in err-disable state",
      ])
    }
  })

  it("by default it guards edge ports only, set on a port it guards that whatever it is", () => {
    const byDefault = network(kind, { bpduGuardDefault: true }, "bridge", "a", { ports: [{ adminEdge: false }] })
    byDefault.run(5)
    assert.deepStrictEqual(log(byDefault), [])
    const onPort = network(kind, { ports: [{ bpduGuard: true }] }, "bridge", "a", { ports: [{ adminEdge: false }] })
    onPort.run(5)
    assert.strictEqual(log(onPort).length, 2)
    const notThere = network(kind, { bpduGuardDefault: true, ports: [{ bpduGuard: false }] }, "bridge")
    notThere.run(5)
    assert.deepStrictEqual(log(notThere), [])
  })

  it("an edge that the protocol found out for itself is not guarded by default, nor silenced", () => {
    // The neighbour's first words come so late that the port takes itself for an edge, where the protocol does such a thing.
    const config = { ports: [{ adminEdge: false, autoEdge: true }] }
    const lan = network(kind, { bpduGuardDefault: true, bpduFilterDefault: true }, "bridge", "a", config)
    const command: WorldCommand = { type: "link.direction", link: 0, from: "b", alive: false }
    lan.simulation.command(WORLD, command)
    lan.watch(0, 0)
    lan.run(60)
    assert.isAbove(sentAt(lan, 0, 0).length, FILTER_AFTER)
    lan.simulation.command(WORLD, { ...command, alive: true } as WorldCommand)
    lan.run(10)
    assert.deepStrictEqual(log(lan), [])
  })

  it("BPDU guard trips at the bridge's own BPDUs too, which a loop behind the port sends back", () => {
    const lan = new VlanNetwork(
      [bridge(kind, "a", { bpduGuardDefault: true }, EDGE), { run: "none", ports: [access(10), access(10), access(10)] }],
      [
        [
          [0, 0],
          [1, 0],
        ],
        [
          [1, 1],
          [1, 2],
        ],
      ],
    )
    lan.run(2.1)
    assert.strictEqual(lan.bridge(0).errdisable.cause[0], ErrdisableCause.BPDUGUARD)
  })

  it("a port out of service stays so by default, and `shutdown`, `no shutdown` brings it back, guarded as before", () => {
    const lan = network(kind, { bpduGuardDefault: true }, "bridge")
    lan.run(1000)
    assert.strictEqual(lan.bridge(0).errdisable.cause[0], ErrdisableCause.BPDUGUARD)
    lan.simulation.command(WORLD, { type: "port.disable", node: 0, port: 0 } as WorldCommand)
    lan.simulation.command(WORLD, { type: "port.enable", node: 0, port: 0 } as WorldCommand)
    assert.strictEqual(lan.bridge(0).errdisable.cause[0], ErrdisableCause.NONE)
    lan.run(5)
    assert.strictEqual(lan.bridge(0).errdisable.cause[0], ErrdisableCause.BPDUGUARD)
    assert.strictEqual(log(lan).filter((line) => line.includes("BPDUGUARD")).length, 2)
  })

  it("a port that came back is guarded again", () => {
    const lan = network(kind, { bpduGuardDefault: true }, "bridge")
    lan.run(5)
    lan.manage(0, { type: "bridge.errdisable-recovery", cause: "bpduguard", on: true, intervalNs: 30e9 } as never)
    lan.run(65)
    const lines = log(lan).filter((line) => line.includes("BPDUGUARD"))
    assert.isAtLeast(lines.length, 2)
    assert.strictEqual(lan.bridge(0).errdisable.cause[0], ErrdisableCause.BPDUGUARD)
  })

  it("BPDU filter by default: a few BPDUs when the link comes up, none after that, and again when it comes up again", () => {
    const lan = network(kind, { bpduFilterDefault: true }, "station")
    lan.watch(0, 0)
    lan.run(60)
    // The first one may have left at the boot, before anyone watched.
    assert.oneOf(sentAt(lan, 0, 0).length, [FILTER_AFTER - 1, FILTER_AFTER])
    lan.seen.length = 0
    lan.plug(0, false)
    lan.run(1)
    lan.plug(0, true)
    lan.run(60)
    assert.strictEqual(sentAt(lan, 0, 0).length, FILTER_AFTER)
  })

  it("BPDU filter by default: a BPDU that comes in ends it, and the port's being an edge", () => {
    const lan = network(kind, { bpduFilterDefault: true }, "bridge")
    lan.watch(0, 0)
    lan.watch(1, 0)
    lan.run(90)
    assert.isFalse(isEdge(lan, kind, 0, 0))
    assert.isAbove(sentAt(lan, 0, 0).length + sentAt(lan, 1, 0).length, 2 * FILTER_AFTER)
  })

  it("BPDU filter by default leaves ports alone that are no edges, or are told not to filter", () => {
    for (const [toolkit, adminEdge] of [
      [{ bpduFilterDefault: true }, false],
      [{ bpduFilterDefault: true, ports: [{ bpduFilter: false }] }, true],
    ] as const) {
      const lan = network(kind, toolkit, "station", "a", { ports: [{ adminEdge }] })
      lan.watch(0, 0)
      lan.run(90)
      assert.isAbove(sentAt(lan, 0, 0).length, 2 * FILTER_AFTER)
    }
  })

  it("BPDU filter on a port that is no edge: it comes up as ever, and nobody hears of the loop behind it", () => {
    const filter = { ports: [{ bpduFilter: true }, { bpduFilter: true }] }
    const lan = new VlanNetwork(
      [bridge(kind, "tt", filter), bridge(kind, "tt")],
      [
        [
          [0, 0],
          [1, 0],
        ],
        [
          [0, 1],
          [1, 1],
        ],
      ],
    )
    lan.run(1)
    assert.isFalse(lan.forwards(0, 0, 10))
    lan.run(60)
    for (const port of [0, 1]) assert.isTrue(lan.forwards(0, port, 10) && lan.forwards(1, port, 10))
  })

  it("BPDU filter on a port neither sends nor hears, and BPDU guard never sees what it keeps out", () => {
    const lan = network(kind, { bpduGuardDefault: true, ports: [{ bpduFilter: true, bpduGuard: true }] }, "bridge")
    lan.watch(0, 0)
    lan.run(60)
    assert.strictEqual(sentAt(lan, 0, 0).length, 0)
    assert.deepStrictEqual(log(lan), [])
    assert.isTrue(isEdge(lan, kind, 0, 0))
    assert.isTrue(lan.forwards(0, 0, 10))
  })

  it("BPDU guard by default goes before BPDU filter by default: the port is taken out of service", () => {
    const lan = network(kind, { bpduGuardDefault: true, bpduFilterDefault: true }, "bridge")
    lan.run(5)
    assert.strictEqual(lan.bridge(0).errdisable.cause[0], ErrdisableCause.BPDUGUARD)
  })
})
