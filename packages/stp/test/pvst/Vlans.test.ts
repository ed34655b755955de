/** VLANs that come and go, and ports that become trunks, under a tree per VLAN: trees that nobody carries rest, others notice nothing. */
import { assert, describe, it } from "@effect/vitest"
import type { SwitchPort, VlanId } from "@l2lab/l2/BridgeConfig"
import type { Command } from "@l2lab/sim/Device"
import * as Fingerprint from "@l2lab/sim/Fingerprint"
import * as Replay from "@l2lab/sim/Replay"
import { SECOND } from "@l2lab/sim/SimTime"
import * as Trace from "../../src/Trace.ts"
import { access, type Cable, trunk, VlanNetwork } from "./VlanNetwork.ts"

const KINDS = ["pvst", "rapid-pvst"] as const
type Kind = (typeof KINDS)[number]

const TRUNK = trunk(1, 1, 10, 20)
const TRIANGLE: ReadonlyArray<Cable> = [
  [
    [0, 0],
    [1, 0],
  ],
  [
    [1, 1],
    [2, 1],
  ],
  [
    [2, 0],
    [0, 1],
  ],
]

const setVlans = (...existing: ReadonlyArray<VlanId>): Command & { readonly existing: ReadonlyArray<VlanId> } => ({
  type: "bridge.set-vlans",
  existing,
})
const setPort = (port: number, settings: SwitchPort): Command & { readonly settings: SwitchPort } =>
  ({ type: "bridge.set-switch-port", port, settings }) as Command & { readonly settings: SwitchPort }

/** A triangle; port 2 of each bridge is an access port of VLAN 10. */
const triangle = (run: Kind): VlanNetwork => {
  const network = new VlanNetwork(
    [4096, 8192, 32_768].map((priority) => ({ run, ports: [TRUNK, TRUNK, access(10)], config: { priority } })),
    TRIANGLE,
  )
  network.run(60)
  return network
}

describe.each(KINDS)("%s", (run) => {
  it("stops in a VLAN that is gone, sends no more of its BPDUs, and leaves the other trees alone", () => {
    const network = triangle(run)
    const before = network.events.length
    network.manage(2, setVlans(1, 20))
    network.run(20)
    const moved = network.events.slice(before).filter(({ b, code }) => code === Trace.PORT_STATE.code && b !== 1)
    assert.isEmpty(moved, "port states of other trees")
    network.watch(2, 0)
    network.watch(1, 1)
    // A new root has everyone speak, in all VLANs.
    network.manage(2, { type: "stp.set-bridge-priority", priority: 0 } as Command)
    network.run(60)
    const sent = (node: number): ReadonlySet<number> =>
      new Set(network.seen.filter((seen) => seen.node === node && seen.tci >= 0).map(({ tci }) => tci & 0xfff))
    assert.deepStrictEqual(sent(2), new Set([20]))
    assert.isTrue(sent(1).has(10))
    assert.throws(() => network.describe(2, 10), /VLAN 10 has no tree/)
    assert.isTrue(network.forwards(2, 0, 20))
    assert.isTrue(network.forwards(1, 0, 10), "elsewhere the VLAN goes on")
  })

  it("begins anew in a VLAN that comes back, and blocks where it blocked", () => {
    const network = triangle(run)
    const before = [0, 1].map((port) => network.forwards(2, port, 10))
    network.manage(2, setVlans(1, 20))
    network.run(60)
    network.manage(2, setVlans(1, 10, 20))
    network.run(60)
    assert.deepStrictEqual(
      [0, 1].map((port) => network.forwards(2, port, 10)),
      before,
    )
    assert.strictEqual(network.rootOf(2, 10), 0)
  })

  it("runs all VLANs on a port that becomes a trunk, and one on a trunk that becomes an access port", () => {
    const network = new VlanNetwork(
      [4096, 32_768].map((priority) => ({ run, ports: [access(10), access(20)], vlans: [1, 10, 20], config: { priority } })),
      TRIANGLE.slice(0, 1),
    )
    network.run(40)
    assert.strictEqual(network.rootOf(1, 10), 0)
    assert.strictEqual(network.rootOf(1, 20), 1)
    for (const node of [0, 1]) network.manage(node, setPort(0, TRUNK))
    network.run(60)
    for (const vlan of [1, 10, 20]) {
      assert.strictEqual(network.rootOf(1, vlan), 0)
      assert.isTrue(network.forwards(1, 0, vlan))
    }
    network.manage(1, setPort(0, access(10)))
    network.run(60)
    assert.strictEqual(network.rootOf(1, 20), 1)
  })

  it("has a setting for a VLAN that comes back later", () => {
    const network = triangle(run)
    network.manage(2, setVlans(1, 20))
    network.manage(2, { type: "stp.set-bridge-priority", vlan: 10, priority: 0 } as Command)
    network.run(5)
    assert.strictEqual(network.rootOf(1, 10), 0)
    network.manage(2, setVlans(1, 10, 20))
    network.run(60)
    assert.strictEqual(network.rootOf(1, 10), 2)
    assert.strictEqual(network.rootOf(1, 20), 0, "and no other VLAN has")
  })

  it("is the same again when its commands are given again", () => {
    const network = triangle(run)
    network.manage(2, setVlans(1, 20))
    network.run(7)
    network.manage(1, setPort(2, TRUNK))
    network.manage(2, setVlans(1, 10))
    network.run(50)
    const { commandLog } = network.simulation.world
    const again = Replay.run(network.spec, network.registry, commandLog, network.simulation.now)
    assert.strictEqual(Fingerprint.of(again), Fingerprint.of(network.simulation))
  })

  it("goes on in a fork as in the original", () => {
    const network = triangle(run)
    network.manage(2, setVlans(1, 20))
    network.run(5)
    const fork = network.simulation.fork()
    fork.command(2, setVlans(1, 10, 20))
    network.manage(2, setVlans(1, 10, 20))
    network.run(60)
    fork.run(network.simulation.now)
    assert.strictEqual(Fingerprint.of(fork), Fingerprint.of(network.simulation))
    assert.isAbove(network.simulation.now, 100 * SECOND)
  })
})
