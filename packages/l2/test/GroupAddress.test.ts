import { assert, describe, it } from "@effect/vitest"
import * as GroupAddress from "../src/GroupAddress.ts"
import * as MacAddress from "../src/MacAddress.ts"

describe("GroupAddress", () => {
  it("sixteen addresses are reserved, and their neighbours are not", () => {
    const first = MacAddress.parse("01:80:c2:00:00:00")!
    for (let offset = -2; offset < 20; offset++)
      assert.strictEqual(GroupAddress.isReserved(first + offset), offset >= 0 && offset < 16, MacAddress.format(first + offset))
    assert.isFalse(GroupAddress.isReserved(MacAddress.BROADCAST))
    assert.isFalse(GroupAddress.isReserved(GroupAddress.CISCO_SSTP))
  })

  it("all of them are group addresses", () => {
    for (const address of [
      GroupAddress.BRIDGE_GROUP,
      GroupAddress.SLOW_PROTOCOLS,
      GroupAddress.LLDP,
      GroupAddress.MVRP,
      GroupAddress.CISCO,
      GroupAddress.CISCO_SSTP,
      GroupAddress.CISCO_UPLINK_FAST,
    ])
      assert.isTrue(MacAddress.isGroup(address))
    assert.strictEqual(MacAddress.format(GroupAddress.CISCO_SSTP), "01:00:0c:cc:cc:cd")
  })
})
