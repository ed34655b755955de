/** 8.6, procedure by procedure, on a bridge of three ports and in the standard's order. */
import { assert, describe, it } from "@effect/vitest"
import { SECOND } from "@l2lab/sim/SimTime"
import type { ConfigBpdu } from "../../src/Bpdu.ts"
import * as Procedures from "../../src/stp1998/Procedures.ts"
import * as State from "../../src/stp1998/State.ts"
import * as StpTime from "../../src/StpTime.ts"
import * as Trace from "../../src/Trace.ts"
import { BETTER, Bridge, config, OWN, WORSE } from "./Bridge.ts"

const SECONDS = StpTime.TICKS_PER_SECOND

const configs = (bridge: Bridge): ReadonlyArray<readonly [port: number, bpdu: ConfigBpdu]> =>
  bridge.actions.take().flatMap(({ bpdu, port }) => (bpdu.kind === "config" ? [[port, bpdu] as const] : []))

describe("8.6.1 Transmit Configuration BPDU", () => {
  it("tells what the root tells: itself, at no cost, of no age, with its own times", () => {
    const bridge = new Bridge({ helloTime: 1, maxAge: 10.5, forwardDelay: 7 })
    Procedures.transmitConfigurationBpdu(bridge.state, 0, 1, 0, bridge.actions)
    const [[port, bpdu]] = configs(bridge)
    assert.strictEqual(port, 1)
    assert.deepEqual(
      bpdu,
      config({
        rootAddress: OWN,
        portIdentifier: 0x8002,
        helloTime: SECONDS,
        maxAge: 10.5 * SECONDS,
        forwardDelay: 7 * SECONDS,
      }),
    )
  })

  it("waits for the hold timer, then sends once what is true by then", () => {
    const bridge = new Bridge()
    Procedures.transmitConfigurationBpdu(bridge.state, 0, 0, 0, bridge.actions)
    Procedures.transmitConfigurationBpdu(bridge.state, 0, 0, 0, bridge.actions)
    bridge.state.topologyChangeAcknowledge[0] = 1
    Procedures.transmitConfigurationBpdu(bridge.state, 0, 0, 0, bridge.actions)
    assert.lengthOf(configs(bridge), 1)
    assert.isTrue(bridge.tree.ports[0].configPending)
    bridge.until(0.999)
    assert.lengthOf(configs(bridge), 0)
    bridge.until(1)
    const sent = configs(bridge)
    assert.lengthOf(sent, 1)
    assert.isTrue(sent[0][1].topologyChangeAcknowledgment)
    assert.isFalse(bridge.tree.ports[0].configPending)
    assert.isFalse(bridge.tree.ports[0].topologyChangeAcknowledge)
  })

  it("adds to the age of the root port's information the time passed and the increment", () => {
    for (const [profile, increment] of [
      ["standard", 256],
      ["linux", 1],
      ["openvswitch", 1],
    ] as const) {
      const bridge = new Bridge({ profile })
      bridge.receive(0, config({ messageAge: 512 }))
      assert.deepEqual(
        configs(bridge).map(([port, bpdu]) => [port, bpdu.messageAge, bpdu.rootPathCost, bpdu.rootAddress]),
        [
          [1, 512 + increment, 19, BETTER],
          [2, 512 + increment, 19, BETTER],
        ],
      )
      // Someone who knows nothing better is told 1.5 s later: part of a tick counts through the increment.
      bridge.until(1.5)
      bridge.now += 1
      bridge.receive(1, config({ rootAddress: WORSE }))
      assert.deepEqual(
        configs(bridge).map(([port, bpdu]) => [port, bpdu.messageAge]),
        [[1, 512 + 384 + increment]],
      )
    }
  })

  it("does not pass on what would be as old as max age", () => {
    const bridge = new Bridge()
    bridge.receive(0, config({ messageAge: 19 * SECONDS - 1 }))
    assert.deepEqual(
      configs(bridge).map(([, bpdu]) => bpdu.messageAge),
      [20 * SECONDS - 1, 20 * SECONDS - 1],
    )
    const older = new Bridge()
    older.receive(0, config({ messageAge: 19 * SECONDS }))
    assert.deepEqual(older.roles, ["Root", "Designated", "Designated"])
    assert.lengthOf(configs(older), 0)
  })

  it("sends the same frame object as long as it says the same", () => {
    const bridge = new Bridge()
    bridge.until(10)
    const frames = bridge.actions.take().filter(({ port }) => port === 0)
    assert.lengthOf(frames, 5)
    assert.lengthOf(new Set(frames.map(({ frame }) => frame)), 1)
    bridge.command({ type: "stp.set-bridge-priority", priority: 4096 })
    bridge.until(12)
    const [after] = bridge.actions.take()
    assert.notStrictEqual(after.frame, frames[0].frame)
    assert.strictEqual((after.bpdu as ConfigBpdu).bridgePriority, 4096)
  })
})

describe("8.6.2 Record Configuration Information, 8.6.3 Record Configuration Timeout Values", () => {
  it("makes the message the port's and its times the bridge's", () => {
    const bridge = new Bridge()
    bridge.receive(
      1,
      config({ rootPathCost: 7, messageAge: SECONDS, maxAge: 6 * SECONDS, helloTime: 256, forwardDelay: 4 * 256 }),
    )
    const { ports, rootPathCost, rootPort, times } = bridge.tree
    assert.strictEqual(ports[1].designatedCost, 7)
    assert.strictEqual(ports[1].designatedBridge.address, BETTER)
    assert.strictEqual(ports[1].designatedPort, 0x8001)
    assert.strictEqual(rootPort, 1)
    assert.strictEqual(rootPathCost, 26)
    assert.deepEqual(times, { helloTime: 1, maxAge: 6, forwardDelay: 4 })
    // The message was a second old: it lives for five.
    assert.strictEqual(ports[1].messageAgeNs, 5 * SECOND)
    // Ports that listen already wait no longer than the root says.
    assert.strictEqual(ports[0].forwardDelayNs, 4 * SECOND)
  })

  it("takes the times of the root port only", () => {
    const bridge = new Bridge()
    bridge.receive(0, config())
    bridge.receive(1, config({ bridgeAddress: BETTER + 1, rootPathCost: 1, maxAge: 6 * SECONDS }))
    assert.deepEqual(bridge.roles, ["Root", "Blocked", "Designated"])
    assert.strictEqual(bridge.tree.times.maxAge, 20)
  })
})

describe("8.6.4 Configuration BPDU Generation, 8.6.5 Reply", () => {
  it("is sent on designated ports and no others", () => {
    const bridge = new Bridge()
    bridge.receive(0, config())
    bridge.receive(1, config({ bridgeAddress: BETTER + 1, rootPathCost: 1 }))
    configs(bridge)
    bridge.until(2)
    bridge.receive(0, config())
    assert.deepEqual(
      configs(bridge).map(([port]) => port),
      [2],
    )
  })

  it("answers a worse message on a designated port, ignores it on others", () => {
    const bridge = new Bridge()
    bridge.receive(0, config())
    bridge.until(2)
    configs(bridge)
    bridge.receive(1, config({ rootAddress: WORSE }))
    bridge.receive(0, config({ rootAddress: WORSE }))
    assert.deepEqual(
      configs(bridge).map(([port, bpdu]) => [port, bpdu.rootAddress]),
      [[1, BETTER]],
    )
  })
})

describe("8.6.6 Transmit Topology Change Notification BPDU", () => {
  it("goes out of the root port, and from the root nowhere", () => {
    const bridge = new Bridge()
    Procedures.transmitTopologyChangeNotificationBpdu(bridge.state, 0, bridge.actions)
    assert.lengthOf(bridge.actions.take(), 0)
    bridge.receive(2, config())
    bridge.actions.take()
    Procedures.transmitTopologyChangeNotificationBpdu(bridge.state, 0, bridge.actions)
    assert.deepEqual(
      bridge.actions.take().map(({ bpdu, port }) => [port, bpdu.kind]),
      [[2, "tcn"]],
    )
  })
})

describe("8.6.8 Root Selection", () => {
  /** Two ports hear of the same root; the second is better in one component and worse in all that follow. */
  const rungs: ReadonlyArray<readonly [what: string, first: Partial<ConfigBpdu>, second: Partial<ConfigBpdu>, cost?: number]> = [
    ["root priority", { rootPriority: 4096, rootAddress: BETTER }, { rootPriority: 4095, rootAddress: WORSE, rootPathCost: 9 }],
    ["root address", { rootAddress: BETTER }, { rootAddress: BETTER - 1, rootPathCost: 9 }],
    ["path cost", { rootPathCost: 1 }, { rootPathCost: 0, bridgePriority: 61_440 }],
    ["the port's own cost", { rootPathCost: 0 }, { rootPathCost: 3, bridgePriority: 61_440 }, 15],
    ["bridge priority", { bridgePriority: 4097 }, { bridgePriority: 4096, bridgeAddress: WORSE }],
    ["bridge address", { bridgeAddress: BETTER + 1 }, { bridgeAddress: BETTER, portIdentifier: 0x80ff }],
    ["designated port", { portIdentifier: 0x8002 }, { portIdentifier: 0x8001 }],
  ]
  for (const [what, first, second, cost] of rungs) {
    it(`goes by ${what}`, () => {
      const bridge = new Bridge({ ports: [{}, cost === undefined ? {} : { pathCost: cost }] })
      const base = { bridgeAddress: BETTER }
      bridge.receive(0, config({ ...base, ...first }))
      bridge.receive(1, config({ ...base, ...second }))
      assert.strictEqual(bridge.tree.rootPort, 1)
      // The same in the other order.
      const other = new Bridge({ ports: [{}, cost === undefined ? {} : { pathCost: cost }] })
      other.receive(1, config({ ...base, ...second }))
      other.receive(0, config({ ...base, ...first }))
      assert.strictEqual(other.tree.rootPort, 1)
    })
  }

  it("falls back on the own port's identifier", () => {
    const bridge = new Bridge({ ports: [{ priority: 144 }, {}, {}] })
    for (const port of [0, 1, 2]) bridge.receive(port, config())
    assert.strictEqual(bridge.tree.rootPort, 1)
    assert.deepEqual(bridge.roles, ["Blocked", "Root", "Blocked"])
  })

  it("believes nobody who is worse than itself", () => {
    const bridge = new Bridge()
    bridge.receive(0, config({ rootAddress: WORSE }))
    assert.isTrue(bridge.tree.isRoot)
    assert.isUndefined(bridge.tree.rootPort)
    assert.strictEqual(bridge.tree.rootPathCost, 0)
  })
})

describe("8.6.9 Designated Port Selection", () => {
  const hears = (fields: Partial<ConfigBpdu>): string => {
    const bridge = new Bridge()
    bridge.receive(0, config())
    bridge.receive(1, config({ bridgeAddress: WORSE, ...fields }))
    return bridge.roles[1]
  }
  it("goes by root, cost, bridge", () => {
    assert.strictEqual(hears({ rootAddress: BETTER + 1 }), "Designated")
    assert.strictEqual(hears({ rootPathCost: 20 }), "Designated")
    assert.strictEqual(hears({ rootPathCost: 18 }), "Blocked")
    assert.strictEqual(hears({ rootPathCost: 19 }), "Designated")
    assert.strictEqual(hears({ rootPathCost: 19, bridgeAddress: OWN - 1 }), "Blocked")
    assert.strictEqual(hears({ rootPathCost: 19, bridgePriority: 32_767 }), "Blocked")
  })

  it("of two own ports on one segment the lower identifier is designated", () => {
    const bridge = new Bridge()
    const own = { rootAddress: OWN, bridgeAddress: OWN }
    bridge.receive(1, config({ ...own, portIdentifier: 0x8001 }))
    bridge.receive(0, config({ ...own, portIdentifier: 0x8002 }))
    assert.deepEqual(bridge.roles, ["Designated", "Blocked", "Designated"])
    assert.strictEqual(bridge.tree.ports[1].designatedPort, 0x8001)
    assert.isTrue(bridge.tree.isRoot)
  })
})

describe("8.6.11 Port State Selection, 8.6.12 Make Forwarding, 8.6.13 Make Blocking", () => {
  it("listens, learns and forwards after a forward delay each", () => {
    const bridge = new Bridge()
    assert.deepEqual(bridge.states, ["listening", "listening", "listening"])
    bridge.until(14.999)
    assert.deepEqual(bridge.actions.learning, [false, false, false])
    bridge.until(15)
    assert.deepEqual(bridge.states, ["learning", "learning", "learning"])
    assert.deepEqual(bridge.actions.learning, [true, true, true])
    assert.deepEqual(bridge.actions.forwarding, [false, false, false])
    bridge.until(30)
    assert.deepEqual(bridge.states, ["forwarding", "forwarding", "forwarding"])
    assert.deepEqual(bridge.actions.forwarding, [true, true, true])
  })

  it("blocks at once, and what was pending on the port is forgotten", () => {
    const bridge = new Bridge()
    bridge.until(31)
    bridge.receive(0, config())
    bridge.state.configPending[1] = 1
    bridge.state.topologyChangeAcknowledge[1] = 1
    bridge.receive(1, config({ portIdentifier: 0x8002 }))
    assert.deepEqual(bridge.states, ["forwarding", "blocking", "forwarding"])
    assert.deepEqual(bridge.actions.forwarding, [true, false, true])
    assert.deepEqual(bridge.actions.learning, [true, false, true])
    const [, port] = bridge.tree.ports
    assert.isFalse(port.configPending)
    assert.isFalse(port.topologyChangeAcknowledge)
    assert.isUndefined(port.forwardDelayNs)
  })

  it("never flushes: entries age out", () => {
    const bridge = new Bridge()
    bridge.until(31)
    bridge.receive(0, config())
    bridge.receive(1, config({ portIdentifier: 0x8002 }))
    assert.strictEqual(bridge.actions.flushes, 0)
  })

  it("keeps the instant of the last change, which an unchanged hello does not move", () => {
    const bridge = new Bridge()
    bridge.receive(0, config({ rootPathCost: 5 }))
    bridge.until(2)
    bridge.receive(0, config({ rootPathCost: 5 }))
    assert.strictEqual(bridge.tree.lastChangeAt, 0)
    bridge.until(4)
    bridge.receive(0, config({ rootPathCost: 4 }))
    assert.strictEqual(bridge.tree.lastChangeAt, 4 * SECOND)
    bridge.until(15)
    assert.deepEqual(bridge.states, ["learning", "learning", "learning"])
    assert.strictEqual(bridge.tree.lastChangeAt, 15 * SECOND)
  })
})

describe("8.6.14 .. 8.6.16 Topology Change Detection, Acknowledged, Acknowledge", () => {
  it("at the root: flagged for max age + forward delay, with the short ageing time", () => {
    const bridge = new Bridge()
    bridge.until(30)
    assert.isTrue(bridge.tree.topologyChange)
    assert.strictEqual(bridge.actions.ageing, 15 * SECOND)
    assert.strictEqual(bridge.tree.topologyChangeNs, 35 * SECOND)
    bridge.until(64.999)
    assert.isTrue(bridge.tree.topologyChange)
    bridge.until(65)
    assert.isFalse(bridge.tree.topologyChange)
    assert.isFalse(bridge.tree.topologyChangeDetected)
    assert.strictEqual(bridge.actions.ageing, 300 * SECOND)
    assert.strictEqual(bridge.tree.topologyChangeCount, 3)
    assert.strictEqual(bridge.tree.lastTopologyChangeAt, 30 * SECOND)
  })

  it("elsewhere: notified every hello time until acknowledged", () => {
    const bridge = new Bridge({}, [0, 1])
    bridge.receive(0, config())
    for (let t = 2; t <= 30; t += 2) {
      bridge.until(t)
      bridge.receive(0, config())
    }
    const tcns = () => bridge.actions.take().filter(({ bpdu }) => bpdu.kind === "tcn").length
    assert.strictEqual(tcns(), 1)
    bridge.until(35)
    assert.strictEqual(tcns(), 2)
    bridge.receive(0, config({ topologyChangeAcknowledgment: true, topologyChange: true }))
    bridge.until(40)
    assert.strictEqual(tcns(), 0)
    assert.isTrue(bridge.tree.topologyChange)
    assert.strictEqual(bridge.actions.ageing, 15 * SECOND)
  })

  it("is taken over on a designated port and acknowledged there, ignored elsewhere", () => {
    const bridge = new Bridge()
    bridge.receive(0, config())
    bridge.until(3)
    bridge.actions.take()
    bridge.receive(0, { protocol: "bpdu", kind: "tcn" })
    assert.lengthOf(bridge.actions.take(), 0)
    bridge.receive(1, { protocol: "bpdu", kind: "tcn" })
    const sent = bridge.actions.take()
    assert.deepEqual(
      sent.map(({ bpdu, port }) => [port, bpdu.kind]),
      [
        [0, "tcn"],
        [1, "config"],
      ],
    )
    assert.isTrue((sent[1].bpdu as ConfigBpdu).topologyChangeAcknowledgment)
    assert.strictEqual(bridge.tree.lastTopologyChangePort, 1)
  })

  it("ages twice as long where the kernel does", () => {
    const bridge = new Bridge({ profile: "linux" })
    bridge.until(30)
    assert.strictEqual(bridge.actions.ageing, 30 * SECOND)
  })

  it("does not count ports that management took out of detection", () => {
    const bridge = new Bridge({ ports: [{ changeDetectionEnabled: false }, { changeDetectionEnabled: false }] }, [0, 1])
    bridge.until(40)
    assert.isFalse(bridge.tree.topologyChange)
    bridge.command({ type: "stp.set-change-detection", port: 1, enabled: true })
    bridge.receive(1, config())
    bridge.receive(0, config({ portIdentifier: 0x8000 }))
    assert.deepEqual(bridge.roles, ["Root", "Blocked", "Disabled"])
    assert.isTrue(bridge.tree.topologyChangeDetected)
  })

  it("traces what is rare and significant", () => {
    const bridge = new Bridge({}, [0])
    bridge.receive(0, config())
    const names = bridge.actions.traces.map(
      ([code]) => Trace.TRACE_DEFINITIONS.find((definition) => definition.code === code)?.name,
    )
    assert.deepEqual(names, [
      "stp.port-state", // disabled to blocking
      "stp.role", // disabled to designated
      "stp.port-state", // blocking to listening
      "stp.root-changed",
      "stp.role", // designated to root
    ])
    assert.strictEqual(bridge.state.state[0], State.LISTENING)
  })
})
