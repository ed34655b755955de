import { assert, describe, it } from "@effect/vitest"
import { NO_UPLINK, resolve, select } from "@l2lab/hypervisor/TeamingPolicy"
import { Schema } from "effect"
import { between } from "./between.ts"

const up = (...flags: ReadonlyArray<number>) => Uint8Array.from(flags)

describe("originating port", () => {
  const policy = resolve([0, 1, 2], undefined, undefined)

  it("spreads ports over the active uplinks by their number", () => {
    assert.deepStrictEqual(
      [0, 1, 2, 3, 4].map((port) => select(policy, up(1, 1, 1), port, NO_UPLINK)),
      [0, 1, 2, 0, 1],
    )
  })

  it("moves only the ports of an uplink that failed, and back when it returns", () => {
    const before = [0, 1, 2, 3, 4, 5].map((port) => select(policy, up(1, 1, 1), port, NO_UPLINK))
    const during = before.map((current, port) => select(policy, up(1, 0, 1), port, current))
    assert.deepStrictEqual(during, [0, 2, 2, 0, 0, 2])
    assert.deepStrictEqual(
      during.map((current, port) => select(policy, up(1, 1, 1), port, current)),
      before,
    )
  })

  it("without failback a port stays where it went", () => {
    const rolling = resolve([0, 1, 2], { policy: "originating-port", failback: false }, undefined)
    assert.strictEqual(select(rolling, up(1, 1, 1), 1, 2), 2)
    assert.strictEqual(select(rolling, up(1, 1, 0), 1, 2), 1)
  })

  it("uses standby uplinks only when no active one is up", () => {
    const standby = resolve([0, 1, 2], { policy: "originating-port", active: [0, 1], standby: [2] }, undefined)
    assert.strictEqual(select(standby, up(0, 1, 1), 0, 0), 1)
    assert.strictEqual(select(standby, up(0, 0, 1), 0, 1), 2)
    assert.strictEqual(select(standby, up(0, 0, 0), 0, 2), NO_UPLINK)
  })
})

describe("explicit failover order", () => {
  it("takes the first that is up, of the active and then of the standby uplinks", () => {
    const policy = resolve([0, 1, 2], { policy: "explicit", active: [2, 0], standby: [1] }, undefined)
    const cases = [
      [up(1, 1, 1), 2],
      [up(1, 1, 0), 0],
      [up(0, 1, 0), 1],
      [up(0, 0, 0), NO_UPLINK],
    ] as const
    for (const [links, expected] of cases) assert.strictEqual(select(policy, links, 7, NO_UPLINK), expected)
  })

  it("a port group overrides its vSwitch; NICs of other vSwitches are left out", () => {
    const policy = resolve([0, 1], { policy: "explicit", active: [0] }, { policy: "explicit", active: [1, 3] })
    assert.deepStrictEqual(policy.active, [1])
  })
})

const Case = Schema.Struct({
  explicit: Schema.Boolean,
  failback: Schema.Boolean,
  active: between(0, 15),
  standby: between(0, 15),
  links: Schema.Array(between(0, 15)),
  port: between(0, 40),
})

const bits = (mask: number) => [0, 1, 2, 3].filter((nic) => (mask & (1 << nic)) !== 0)

it.prop(
  "a port always uses a listed uplink that is up, and some uplink whenever one of its list is up",
  { c: Case },
  ({ c }) => {
    const standby = bits(c.standby & ~c.active)
    const policy = resolve(
      [0, 1, 2, 3],
      { policy: c.explicit ? "explicit" : "originating-port", active: bits(c.active), standby, failback: c.failback },
      undefined,
    )
    let current = NO_UPLINK
    for (const mask of c.links) {
      const links = Uint8Array.from([0, 1, 2, 3], (nic) => (mask >> nic) & 1)
      const before = current
      current = select(policy, links, c.port, current)
      const usable = [...policy.active, ...policy.standby].filter((nic) => links[nic] === 1)
      assert.strictEqual(current === NO_UPLINK, usable.length === 0)
      if (current !== NO_UPLINK) assert.include(usable, current)
      // Standby carries only while no active uplink is up, or because nothing goes back.
      if (standby.includes(current) && (c.failback || before !== current))
        assert.isFalse(policy.active.some((nic) => links[nic] === 1))
      assert.strictEqual(select(policy, links, c.port, current), current, "choosing again changes nothing")
    }
  },
  { arbitrary: { runs: 500, seed: 51 } },
)
