/** Which rule's name an error about a value bears. */
import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import * as Compile from "../src/Compile.ts"
import * as GuardKeys from "../src/GuardKeys.ts"

describe("an error about a value", () => {
  it("bears the name of the innermost guard that it is about", () => {
    for (const [path, rule] of [
      [["nodes", "sw1", "port", "1", "stormControl", "broadcast", "falling"], "storm-control"],
      [["nodes", "sw1", "controlPlane", "queue"], "control-plane"],
      [["nodes", "sw1", "controlPlane", "bpduStorm", "rate"], "pdu-rate"],
      [["defaults", "switch", "errdisable", "interval"], "errdisable-times"],
      [["defaults", "switch", "lldp", "interval"], undefined],
      [["spanningTree", "uplinkRate"], "uplinkfast"],
      [["spanningTree", "priority"], undefined],
    ] as const) {
      assert.strictEqual(GuardKeys.ruleOf(path), rule, path.join("."))
    }
  })

  it("bears none for a name that is spelt like a key", () => {
    assert.isUndefined(GuardKeys.ruleOf(["nodes", "udld", "ports"]))
    assert.strictEqual(GuardKeys.ruleOf(["nodes", "udld", "udld"]), "udld")
    assert.isUndefined(GuardKeys.ruleOf(["vms", "macMove", "vlan"]))
    assert.isUndefined(GuardKeys.ruleOf(["nodes", "esx", "portGroups", "stormControl"]))
  })

  it("of all switches bears it too", () => {
    const compiled = Compile.text(
      "defaults: { switch: { macMove: { moves: 0 } } }\nspanningTree: { protocol: pvst, uplinkRate: -1 }\nnodes: { sw1: { ports: 1 } }\n",
      "x.l2.yml",
    )
    assert.deepStrictEqual(Result.isFailure(compiled) ? compiled.failure.message.split("\n") : [], [
      "x.l2.yml:1:41: defaults.switch.macMove.moves: mac-move: 0 is out of range: write a number of moves from 2 to 1000",
      "x.l2.yml:2:45: spanningTree.uplinkRate: uplinkfast: -1 is out of range: write a number of frames a second from 0 to 32000",
    ])
  })
})
