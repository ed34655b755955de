/** 802.1Q-2022 Table 13-2†: Configuration Digests of three MST Configuration Tables. */
import { assert, describe, it } from "@effect/vitest"
import * as Region from "../../src/mstp/Region.ts"
import type { VlanRange } from "../../src/mstp/Settings.ts"

const hex = (octets: Uint8Array): string => Buffer.from(octets).toString("hex").toUpperCase()

const everyModulo32 = (): Record<number, Array<VlanRange>> => {
  const instances: Record<number, Array<VlanRange>> = {}
  for (let vlan = 1; vlan <= 4094; vlan++) (instances[(vlan % 32) + 1] ??= []).push([vlan, vlan])
  return instances
}

describe("the Configuration Digest", () => {
  for (const [what, instances, digest] of [
    ["all VLANs in the CIST", {}, "AC36177F50283CD4B83821D8AB26DE62"],
    ["all VLANs in MSTI 1", { 1: [[1, 4094]] }, "E13A80F11ED0856ACD4EE3476941C73B"],
    ["VLAN v in MSTI (v mod 32) + 1", everyModulo32(), "9D145C267DBE9FB5D893441BE3BA08CE"],
  ] as ReadonlyArray<readonly [string, Record<number, ReadonlyArray<VlanRange>>, string]>) {
    it(`of ${what}`, () => {
      assert.strictEqual(hex(Region.configurationId({ instances }).digest), digest)
    })
  }

  it("does not depend on how ranges are written, and the entries of VLAN ids 0 and 4095 are 0", () => {
    const whole = Region.configurationId({ instances: { 7: [[0, 4095]] } })
    const pieces = Region.configurationId({ instances: { 7: [[100, 4094], [1, 99]] } }) // prettier-ignore
    assert.isTrue(Region.isSame(whole, pieces))
  })

  it("tells regions apart by name, revision and VLANs", () => {
    const region = { name: "farm", revision: 3, instances: { 1: [[10, 19]] } } as const
    const own = Region.configurationId(region)
    assert.isTrue(Region.isSame(own, Region.configurationId(region)))
    assert.isFalse(Region.isSame(own, Region.configurationId({ ...region, name: "farms" })))
    assert.isFalse(Region.isSame(own, Region.configurationId({ ...region, revision: 4 })))
    assert.isFalse(Region.isSame(own, Region.configurationId({ ...region, instances: { 1: [[10, 20]] } })))
    assert.isFalse(Region.isSame(own, Region.configurationId({ ...region, instances: { 2: [[10, 19]] } })))
  })
})
