/** RRP: who becomes active, and what becomes of the pair when links and chassis go and come back. */
import { assert, describe, it } from "@effect/vitest"
import { SECOND } from "@l2lab/sim/SimTime"
import { CATALYST_6500 } from "../../src/vslp/Settings.ts"
import { view } from "../../src/vslp/Query.ts"
import * as Vslp from "../../src/vslp/Vslp.ts"
import { pair, type Pair } from "./Pair.ts"

const BOTH = [0, 1]
const recover = (both: Pair, node: number): void =>
  void both.call(node, (state, actions) => Vslp.onRecovery(state, both.now, actions))

describe("two chassis that boot together", () => {
  it("of equal priority: the lower number is active", () => {
    const both = pair().run(5)
    assert.strictEqual(both.states, "ACTIVE STANDBY_HOT")
    assert.deepEqual(both.nodes[0].asked, [
      "member 0 usable",
      "member 1 usable",
      "role active peer init sso",
      "role active peer standby sso",
    ])
    assert.deepEqual(both.nodes[1].asked, [
      "member 0 usable",
      "member 1 usable",
      "role standby peer init sso",
      "role standby peer active sso",
    ])
    assert.deepEqual(both.nodes[1].log, [
      "%VSLP-5-VSL_UP: Ready for control traffic",
      "%VSL-5-VSL_CNTRL_LINK: New VSL Control Link Te1/0",
      "%VSLP-5-RRP_ROLE_RESOLVED: Role resolved as STANDBY by VSLP",
    ])
    assert.include(both.nodes[0].log, "%VSLP-5-RRP_ROLE_RESOLVED: Role resolved as ACTIVE by VSLP")
    assert.include(both.nodes[0].log, "%HA_CONFIG_SYNC-6-BULK_CFGSYNC_SUCCEED: Bulk Sync succeeded")
  })

  it("the higher priority is active", () => {
    const both = pair({ priority: 100 }, { priority: 110 }).run(5)
    assert.strictEqual(both.states, "STANDBY_HOT ACTIVE")
    assert.deepInclude(view(both.nodes[1].state, both.now).peer, {
      switchNumber: 1,
      role: "standby",
      standby: "hot",
      priority: 100,
    })
  })

  it("in the order pre-parse, links, roles, SSO", () => {
    const times = { ...CATALYST_6500, preParse: 2 * SECOND }
    const both = pair({ times }, { times })
    assert.strictEqual(both.run(1.9).states, "PRE_PARSE PRE_PARSE")
    assert.strictEqual(both.links(0), "DOWN DOWN")
    assert.lengthOf(both.said, 0)
    assert.strictEqual(both.run(0.2).states, "ACTIVE STANDBY_COLD")
    assert.strictEqual(both.run(1).states, "ACTIVE STANDBY_HOT")
  })
})

describe("a chassis without a peer", () => {
  it("is active after the time that it waits, and the next one to come is its standby, whatever its priority", () => {
    const both = pair({}, { priority: 200 })
    both.off(1)
    both.off(0)
    both.boot(0)
    assert.strictEqual(both.run(29.9).nodes[0].role, "init")
    assert.strictEqual(both.run(0.2).nodes[0].role, "active")
    assert.include(both.nodes[0].log, "%VSLP-5-RRP_NO_PEER: No peer found on the virtual switch link, this switch is on its own")
    both.boot(1)
    assert.strictEqual(both.run(5).states, "ACTIVE STANDBY_HOT")
  })

  it("does not wait longer for a link that comes and goes", () => {
    const both = pair({}, {}, 1)
    both.plug(false, 0)
    both.off(0)
    both.boot(0)
    both.run(28)
    both.nodes[1].timers.clear()
    both.plug(true, 0).run(0.001)
    both.plug(false, 0).run(2.1)
    assert.strictEqual(both.nodes[0].role, "active")
  })
})

describe("when the VSL goes", () => {
  it("link by link, nothing changes until the last; then the standby takes over and both are active", () => {
    const both = pair().run(5).plug(false, 0).run(5)
    assert.strictEqual(both.states, "ACTIVE STANDBY_HOT")
    for (const node of BOTH) both.nodes[node].asked = []
    both.plug(false, 1)
    assert.strictEqual(both.states, "ACTIVE ACTIVE")
    assert.deepEqual(both.nodes[0].asked, ["member 1 unusable", "peer lost", "role active peer init sso"])
    assert.deepEqual(both.nodes[1].asked, ["member 1 unusable", "peer lost", "role active peer init sso"])
    assert.include(both.nodes[0].log, "%VSLP-2-VSL_DOWN: All VSL links went down while switch is in ACTIVE role")
    assert.include(both.nodes[1].log, "%VSLP-2-VSL_DOWN: All VSL links went down while switch is in STANDBY role")
  })

  for (const [name, a, b, reloads] of [
    ["the lower number", {}, {}, 1],
    ["the higher priority", {}, { priority: 150 }, 0],
  ] as const) {
    it(`and comes back to two active chassis: ${name} stays, the other boots anew and stands by`, () => {
      const both = pair(a, b).run(5).plug(false, 0, 1).run(5)
      both.plug(true, 0, 1).run(5)
      assert.deepEqual(
        both.nodes.map(({ reloads: count }) => count),
        reloads === 1 ? [0, 1] : [1, 0],
      )
      assert.strictEqual(both.states, reloads === 1 ? "ACTIVE STANDBY_HOT" : "STANDBY_HOT ACTIVE")
      assert.include(both.nodes[reloads].log, "%SYS-5-RELOAD: Reload requested by VSLP. Reload Reason: both were active")
    })
  }

  it("and comes back to one that waits in recovery mode: that boots anew, whatever its priority", () => {
    const both = pair({ priority: 200 }).run(5).plug(false, 0, 1).run(1)
    recover(both, 0)
    assert.strictEqual(both.roles, "recovery active")
    assert.isTrue(view(both.nodes[0].state, both.now).isInRecovery)
    both.plug(true, 0).run(5)
    assert.strictEqual(both.states, "STANDBY_HOT ACTIVE")
    assert.deepEqual(
      both.nodes.map(({ reloads }) => reloads),
      [1, 0],
    )
    assert.include(both.nodes[0].asked, "reload recovery is over")
  })

  it("a chassis that is not active goes into no recovery", () => {
    const both = pair().run(5)
    recover(both, 1)
    assert.strictEqual(both.states, "ACTIVE STANDBY_HOT")
  })
})

describe("when a chassis goes", () => {
  it("that was active, its standby takes over, and it comes back as standby", () => {
    const both = pair().run(5)
    both.off(0)
    assert.strictEqual(both.nodes[1].role, "active")
    assert.include(both.nodes[1].log, "%PFREDUN-6-ACTIVE: Standby processor removed or reloaded, changing to Active mode")
    both.run(60)
    both.boot(0)
    assert.strictEqual(both.run(5).states, "STANDBY_HOT ACTIVE")
  })

  it("that was standby, the active hears that its peer is lost", () => {
    const both = pair().run(5)
    both.nodes[0].asked = []
    both.off(1)
    assert.deepEqual(both.nodes[0].asked.slice(-2), ["peer lost", "role active peer init sso"])
  })

  it("that is mute while its links stay up, the standby takes over after three hellos", () => {
    const both = pair().run(5)
    both.wires.forEach((wire) => (wire.alive[0] = false))
    assert.strictEqual(both.run(0.9).roles, "active standby")
    assert.strictEqual(both.run(0.7).roles, "active active")
    both.wires.forEach((wire) => (wire.alive[0] = true))
    assert.strictEqual(both.run(5).states, "ACTIVE STANDBY_HOT")
  })
})

describe("preemption", () => {
  it("takes the role back when the higher priority has been hot standby for as long as it says", () => {
    const both = pair({ priority: 150, preemptDelay: 300 * SECOND }).run(5)
    both.off(0)
    both.run(10)
    both.boot(0)
    both.run(2)
    assert.strictEqual(both.states, "STANDBY_HOT ACTIVE")
    assert.closeTo(view(both.nodes[0].state, both.now).preemptsInSeconds!, 299, 1)
    assert.strictEqual(both.run(297).states, "STANDBY_HOT ACTIVE")
    both.run(7)
    assert.strictEqual(both.states, "ACTIVE STANDBY_HOT")
    assert.include(both.nodes[1].asked, "reload preempted")
  })

  it("asks for nothing with a lower priority, or without being told to", () => {
    for (const more of [{ priority: 50, preemptDelay: SECOND }, { priority: 150 }]) {
      const both = pair(more).run(5)
      both.off(0)
      both.run(40)
      both.boot(0)
      assert.strictEqual(both.run(60).nodes[1].role, "active")
      assert.strictEqual(both.nodes[1].reloads, 0)
    }
  })
})

describe("what must be the same on both", () => {
  for (const [what, more, told] of [
    ["the software version", { version: "15.2" }, "Software versions"],
    ["the configuration", { configuration: 7 }, "Configurations"],
    ["the redundancy mode", { redundancy: "rpr" }, "Redundancy modes"],
  ] as const) {
    it(`${what}: else the standby stands by in RPR, and never becomes hot`, () => {
      const both = pair({}, more).run(20)
      assert.strictEqual(both.states, "ACTIVE STANDBY_COLD")
      for (const node of BOTH) {
        assert.include(both.nodes[node].log, `%VSLP-3-RRP_MISMATCH: ${told} of the two switches differ, redundancy mode is RPR`)
        assert.strictEqual(both.nodes[node].asked.at(-1)!.slice(-4), " rpr")
      }
      both.off(0)
      assert.strictEqual(both.nodes[1].role, "active")
    })
  }
})

describe("a switchover", () => {
  it("by management: the active boots anew, its hot standby takes over", () => {
    const both = pair().run(5)
    assert.isTrue(both.call(0, (state, actions) => Vslp.onSwitchover(state, both.now, actions)))
    assert.strictEqual(both.nodes[1].role, "active")
    assert.strictEqual(both.run(5).states, "STANDBY_HOT ACTIVE")
    assert.include(both.nodes[0].asked, "reload switchover")
  })

  it("is refused without a hot standby", () => {
    const both = pair()
    both.nodes[1].synchronizes = false
    both.run(5)
    assert.strictEqual(both.states, "ACTIVE STANDBY_COLD")
    for (const node of BOTH) {
      assert.isFalse(both.call(node, (state, actions) => Vslp.onSwitchover(state, both.now, actions)))
    }
    assert.strictEqual(both.run(5).states, "ACTIVE STANDBY_COLD")
  })
})
