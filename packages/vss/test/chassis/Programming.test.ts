/** The standby's data plane follows the active's: VLANs, how ports treat them, trees, ageing, and a standby that comes later is told all of it. */
import { assert, describe, it } from "@effect/vitest"
import type { BridgeCommand } from "@l2lab/l2/Bridge"
import * as VlanTable from "@l2lab/l2/VlanTable"
import { SECOND } from "@l2lab/sim/SimTime"
import { Farm } from "./Farm.ts"
import { PROTOCOLS } from "./Protocols.ts"

const planeOf = (farm: Farm, s: 0 | 1): unknown => {
  const { bundles, fdb, relay, switchPorts, up, vlans, vtpDomain } = farm.chassis(s).bridge
  const existing = VlanTable.existingOf(vlans)
  return { role: bundles?.role, ageing: fdb.ageing, relay, switchPorts, up, treeOf: vlans.treeOf, existing, vtpDomain }
}
const follows = (farm: Farm, what: string): void => assert.deepStrictEqual(planeOf(farm, 1), planeOf(farm, 0), what)

describe("the standby's data plane", () => {
  for (const [name, spec] of PROTOCOLS) {
    it(`${name}: follows the active's, and one that comes later is told`, () => {
      const farm = new Farm({ ...spec, access: 3 }).run(90)
      follows(farm, "at first")
      farm.cut(farm.uplink(0, 0)).cut(farm.uplink(0, 1)).run(1)
      follows(farm, "a switch is cut off")
      farm.mend(farm.uplink(0, 0)).run(5)
      follows(farm, "it comes back")
      const orders: ReadonlyArray<BridgeCommand> = [
        { type: "bridge.set-vlans", existing: spec.vlans === undefined ? [1] : [1, 20] },
        { type: "bridge.set-switch-port", port: 5, settings: { mode: "trunk", native: 1, allowed: [1, 20] } },
      ]
      for (const order of orders) {
        farm.simulation.command(0, order)
        farm.run(1)
        follows(farm, order.type)
      }
      farm.off(1).run(5)
      farm.on(1).run(60)
      assert.strictEqual(farm.modes, "active, standby hot")
      follows(farm, "a standby that was away")
      farm.off(0).run(1)
      farm.on(0).run(90)
      assert.strictEqual(farm.modes, "standby hot, active")
      follows(farm, "after a switchover")
    })
  }

  it("forgets faster while 802.1D-1998 says so", () => {
    const farm = new Farm({ ...PROTOCOLS[0][1], access: 3 }).run(90)
    assert.strictEqual(farm.chassis(1).bridge.fdb.ageing[0], 300 * SECOND)
    farm.cut(farm.uplink(0, 0)).cut(farm.uplink(0, 1)).run(5)
    farm.mend(farm.uplink(0, 0)).run(40)
    assert.strictEqual(farm.chassis(0).bridge.fdb.ageing[0], 15 * SECOND)
    follows(farm, "a topology change")
  })
})
