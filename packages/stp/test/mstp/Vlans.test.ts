/** VLANs that come and go, and ports that become trunks, in a region: which MSTI a VLAN follows stays, what its trunks carry does not. */
import { assert, describe, it } from "@effect/vitest"
import type { SwitchPort, VlanId } from "@l2lab/l2/BridgeConfig"
import type { Command } from "@l2lab/sim/Device"
import * as Fingerprint from "@l2lab/sim/Fingerprint"
import { access, type Cable, trunk, VlanNetwork } from "../pvst/VlanNetwork.ts"

const TRUNK = trunk(1, 1, 10, 20)
const CABLE: ReadonlyArray<Cable> = [
  [
    [0, 0],
    [1, 0],
  ],
]
const setVlans = (...existing: ReadonlyArray<VlanId>): Command =>
  ({ type: "bridge.set-vlans", existing }) as Command & { readonly existing: ReadonlyArray<VlanId> }
const setPort = (port: number, settings: SwitchPort): Command =>
  ({ type: "bridge.set-switch-port", port, settings }) as Command & { readonly settings: SwitchPort }

/** A bridge of a region that is the root of all, and a Rapid PVST+ bridge. */
const beside = (ports: ReadonlyArray<SwitchPort> = [TRUNK], vlans: ReadonlyArray<VlanId> = [1, 10, 20]): VlanNetwork => {
  const simulating = { priority: 4096, pvstSimulation: true } as NonNullable<VlanNetwork["specs"][number]["config"]>
  const network = new VlanNetwork(
    [
      { run: "mstp", ports, vlans, config: simulating },
      { run: "rapid-pvst", ports: [TRUNK], vlans: [1, 10, 20] },
    ],
    CABLE,
  )
  network.run(60)
  return network
}

const said = (network: VlanNetwork, node: number): ReadonlySet<number> => {
  network.seen.length = 0
  network.watch(node, 0)
  network.run(10)
  return new Set(network.seen.filter((seen) => seen.node === node && seen.tci >= 0).map(({ tci }) => tci & 0xfff))
}

describe("a region's VLANs", () => {
  it("that go are no longer spoken in on a trunk to PVST+, and are again when they are back", () => {
    const network = beside()
    assert.deepStrictEqual(said(network, 0), new Set([10, 20]))
    network.manage(0, setVlans(1, 20))
    assert.deepStrictEqual(said(network, 0), new Set([20]))
    network.run(60)
    assert.strictEqual(network.rootOf(1, 10), 1, "nobody else is in VLAN 10")
    network.manage(0, setVlans(1, 10, 20))
    network.run(60)
    assert.deepStrictEqual(said(network, 0), new Set([10, 20]))
    assert.strictEqual(network.rootOf(1, 10), 0)
  })

  it("that are gone block nothing by what others say in them", () => {
    const network = beside()
    network.manage(1, { type: "stp.set-bridge-priority", vlan: 10, priority: 0 } as Command)
    network.run(20)
    assert.isFalse(network.forwards(0, 0, 20), "one VLAN claims what the CIST cannot agree with")
    network.manage(0, setVlans(1, 20))
    network.run(40)
    assert.isTrue(network.forwards(0, 0, 20))
  })

  it("are carried by a port that becomes a trunk, and spoken in there", () => {
    const network = beside([access(1)])
    assert.isFalse(network.forwards(0, 0, 10))
    network.manage(0, setPort(0, TRUNK))
    network.run(60)
    assert.isTrue(network.forwards(0, 0, 10))
    assert.deepStrictEqual(said(network, 0), new Set([10, 20]))
  })

  it("go on in a fork as in the original", () => {
    const network = beside()
    network.manage(0, setVlans(1, 20))
    network.run(5)
    const fork = network.simulation.fork()
    for (const simulation of [fork, network.simulation]) simulation.command(0, setVlans(1, 10, 20))
    network.run(60)
    fork.run(network.simulation.now)
    assert.strictEqual(Fingerprint.of(fork), Fingerprint.of(network.simulation))
  })
})
