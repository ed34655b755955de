/** Who becomes active, and what becomes of the pair when links and chassis go. */
import { assert, describe, it } from "@effect/vitest"
import { pair } from "./Pair.ts"

describe("roles", () => {
  it("the lowest switch number is active", () => {
    const both = pair().run(5)
    assert.strictEqual(both.roles, "active standby")
    assert.deepEqual(both.nodes[1].asked, [
      "member 0 usable",
      "member 1 usable",
      "role standby peer init sso",
      "role standby peer active sso",
    ])
  })

  it("the higher priority is active", () => {
    assert.strictEqual(pair({ priority: 100 }, { priority: 110 }).run(5).roles, "standby active")
  })

  it("the standby takes over when its last link goes", () => {
    const both = pair().run(5)
    both.setWire(both.wires[0], false)
    assert.strictEqual(both.run(5).roles, "active standby")
    both.setWire(both.wires[1], false)
    assert.strictEqual(both.run(5).roles, "active active")
    assert.deepEqual(both.nodes[1].asked.slice(-3), ["member 1 unusable", "peer lost", "role active peer init sso"])
  })

  it("a chassis that hears nobody is active alone", () => {
    const both = pair()
    both.off(1)
    assert.strictEqual(both.run(29).nodes[0].role, "init")
    assert.strictEqual(both.run(2).nodes[0].role, "active")
    both.boot(1)
    assert.strictEqual(both.run(5).roles, "active standby")
  })
})
