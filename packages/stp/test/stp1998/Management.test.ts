/** 8.8: management's operations, and the coming and going of links. */
import { assert, describe, it } from "@effect/vitest"
import { SECOND } from "@l2lab/sim/SimTime"
import { BETTER, Bridge, config, OWN } from "./Bridge.ts"

describe("8.8.1 Initialization", () => {
  it("root of its own tree, all ports disabled, hellos running", () => {
    const bridge = new Bridge({ priority: 4096 }, [])
    const { helloNs, ports, root, rootPathCost, times } = bridge.tree
    assert.deepEqual(root, { priority: 4096, address: OWN })
    assert.strictEqual(rootPathCost, 0)
    assert.strictEqual(helloNs, 2 * SECOND)
    assert.deepEqual(times, { helloTime: 2, maxAge: 20, forwardDelay: 15 })
    assert.deepEqual(
      ports.map((port) => [port.state, port.role, port.designatedBridge.address, port.designatedPort]),
      [
        ["disabled", "Disabled", OWN, 0x8001],
        ["disabled", "Disabled", OWN, 0x8002],
        ["disabled", "Disabled", OWN, 0x8003],
      ],
    )
    assert.deepEqual(bridge.actions.forwarding, [false, false, false])
  })
})

describe("8.8.2 Enable Port, 8.8.3 Disable Port", () => {
  it("losing the root port makes the bridge the root", () => {
    const bridge = new Bridge()
    bridge.receive(0, config())
    bridge.until(3)
    bridge.actions.take()
    bridge.link(0, false)
    assert.isTrue(bridge.tree.isRoot)
    assert.isTrue(bridge.tree.topologyChange)
    assert.deepEqual(
      bridge.actions.take().map(({ port }) => port),
      [1, 2],
    )
    assert.deepEqual(bridge.states, ["disabled", "listening", "listening"])
    assert.isUndefined(bridge.tree.ports[0].messageAgeNs)
  })

  it("takes the next best port at once, which forwards 30 s later", () => {
    const bridge = new Bridge()
    bridge.receive(0, config())
    bridge.receive(1, config({ bridgeAddress: BETTER + 1, rootPathCost: 1 }))
    bridge.link(0, false)
    assert.deepEqual(bridge.roles, ["Disabled", "Root", "Designated"])
    assert.deepEqual(bridge.states, ["disabled", "listening", "listening"])
    bridge.link(0, true)
    assert.deepEqual(bridge.roles, ["Designated", "Root", "Designated"])
    assert.strictEqual(bridge.tree.ports[0].designatedCost, 20)
  })

  it("a port that management took out stays disabled while its link is up", () => {
    const bridge = new Bridge({ ports: [{ enabled: false }] })
    assert.deepEqual(bridge.states, ["disabled", "listening", "listening"])
    bridge.command({ type: "stp.set-port-enabled", port: 0, enabled: true })
    bridge.command({ type: "stp.set-port-enabled", port: 1, enabled: false })
    assert.deepEqual(bridge.states, ["listening", "disabled", "listening"])
    bridge.link(1, false)
    bridge.link(1, true)
    assert.strictEqual(bridge.states[1], "disabled")
  })

  it("the hold timer of a port that was disabled does not hold the next life of it", () => {
    const bridge = new Bridge()
    bridge.until(2)
    assert.strictEqual(bridge.tree.ports[0].holdNs, SECOND)
    bridge.link(0, false)
    bridge.link(0, true)
    assert.isUndefined(bridge.tree.ports[0].holdNs)
  })
})

describe("8.8.4 Set Bridge Priority", () => {
  it("a better one makes the bridge the root, its designated ports carry the new identifier", () => {
    const bridge = new Bridge()
    bridge.receive(0, config())
    bridge.command({ type: "stp.set-bridge-priority", priority: 8192 })
    assert.isTrue(bridge.tree.isRoot)
    assert.deepEqual(
      bridge.tree.ports.map((port) => port.designatedBridge.priority),
      [8192, 8192, 8192],
    )
    assert.strictEqual(bridge.tree.helloNs, 2 * SECOND)
  })

  it("a worse one leaves the root the root until it hears better", () => {
    const bridge = new Bridge()
    bridge.command({ type: "stp.set-bridge-priority", priority: 61_440 })
    assert.isTrue(bridge.tree.isRoot)
    bridge.receive(0, config({ rootPriority: 57_344, bridgePriority: 57_344 }))
    assert.isFalse(bridge.tree.isRoot)
  })
})

describe("8.8.5 Set Port Priority", () => {
  it("changes the identifier of a designated port and nothing else", () => {
    const bridge = new Bridge()
    bridge.until(31)
    bridge.command({ type: "stp.set-port-priority", port: 1, priority: 16 })
    assert.strictEqual(bridge.tree.ports[1].portIdentifier, 0x1002)
    assert.strictEqual(bridge.tree.ports[1].designatedPort, 0x1002)
    assert.deepEqual(bridge.states, ["forwarding", "forwarding", "forwarding"])
  })

  it("turns the two ends of a loop around", () => {
    const bridge = new Bridge()
    const own = { rootAddress: OWN, bridgeAddress: OWN }
    bridge.receive(1, config({ ...own, portIdentifier: 0x8001 }))
    assert.deepEqual(bridge.roles, ["Designated", "Blocked", "Designated"])
    bridge.command({ type: "stp.set-port-priority", port: 1, priority: 112 })
    assert.strictEqual(bridge.roles[1], "Designated")
    bridge.receive(0, config({ ...own, portIdentifier: 0x7002 }))
    assert.deepEqual(bridge.roles, ["Blocked", "Designated", "Designated"])
  })
})

describe("8.8.6 Set Path Cost", () => {
  it("moves the root port; without a cost the link's rate says it", () => {
    const bridge = new Bridge()
    for (const port of [0, 1]) bridge.receive(port, config({ portIdentifier: 0x8001 + port }))
    assert.strictEqual(bridge.tree.rootPort, 0)
    assert.strictEqual(bridge.tree.rootPathCost, 19)
    bridge.command({ type: "stp.set-path-cost", port: 0, cost: 60 })
    assert.strictEqual(bridge.tree.rootPort, 1)
    bridge.command({ type: "stp.set-path-cost", port: 0, cost: 5 })
    assert.strictEqual(bridge.tree.rootPathCost, 5)
    bridge.command({ type: "stp.set-path-cost", port: 0 })
    assert.strictEqual(bridge.tree.rootPathCost, 19)
  })

  it("follows the rate of the link, in the table that was chosen", () => {
    const bridge = new Bridge({ pathCostMethod: "long" }, [])
    bridge.link(0, true)
    assert.strictEqual(bridge.tree.ports[0].cost, 200_000)
  })
})

describe("bridge times", () => {
  it("are the tree's while the bridge is the root, and move what runs", () => {
    const bridge = new Bridge()
    bridge.until(10)
    bridge.command({ type: "stp.set-bridge-times", forwardDelay: 12, helloTime: 5 })
    assert.deepEqual(bridge.tree.times, { helloTime: 5, maxAge: 20, forwardDelay: 12 })
    assert.strictEqual(bridge.tree.ports[0].forwardDelayNs, 2 * SECOND)
    assert.strictEqual(bridge.tree.helloNs, 5 * SECOND)
    bridge.until(12)
    assert.strictEqual(bridge.states[0], "learning")
    bridge.receive(0, config())
    bridge.command({ type: "stp.set-bridge-times", maxAge: 6 })
    assert.strictEqual(bridge.tree.times.maxAge, 20)
    assert.strictEqual(bridge.tree.bridgeTimes.maxAge, 6)
  })

  it("follow the root's max age too: what is known lives as long as the root says", () => {
    const bridge = new Bridge()
    bridge.receive(0, config())
    bridge.receive(1, config({ portIdentifier: 0x8002 }))
    bridge.until(1)
    bridge.receive(0, config({ maxAge: 10 * 256 }))
    assert.strictEqual(bridge.tree.ports[1].messageAgeNs, 9 * SECOND)
  })
})
