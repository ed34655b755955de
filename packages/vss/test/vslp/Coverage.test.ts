/** Every arc of both machines of VSLP is taken by the chassis below. */
import * as EthernetFrame from "@l2lab/l2/EthernetFrame"
import * as Protocol from "@l2lab/l2/Protocol"
import { SECOND } from "@l2lab/sim/SimTime"
import { assert, it } from "@effect/vitest"
import { LMP } from "../../src/vslp/LinkManagement.ts"
import { RRP } from "../../src/vslp/RoleResolution.ts"
import { CATALYST_6500 } from "../../src/vslp/Settings.ts"
import * as Vslp from "../../src/vslp/Vslp.ts"
import { untaken } from "../Arcs.ts"
import { pair, type Pair } from "./Pair.ts"

const BPDU = EthernetFrame.make(0x0180c2000000, 0x020000990000, Protocol.BPDU, new Uint8Array(35), 38)

/** One link, mute both ways until `alive`. */
const mute = (): Pair => {
  const both = pair({}, {}, 1).plug(false, 0)
  both.wires[0].alive[0] = both.wires[0].alive[1] = false
  return both.plug(true, 0)
}

/** The other end sends what no chassis sends, and nothing else. */
const foreign = (both: Pair): void => {
  both.wires[0].alive[1] = true
  both.send(1, 0, BPDU)
  both.wires[0].alive[1] = false
  both.run(0.001)
}

/** A chassis of another domain is plugged in at the other end, without a word of it by the link. */
const swap = (both: Pair): void => {
  both.nodes[1].state = { ...both.nodes[1].state, config: { ...both.nodes[1].config, domain: 99 } }
}

const networks = (): void => {
  const both = pair().run(5).plug(false, 0).run(1).plug(true, 0).run(1).plug(false, 0, 1).run(1)
  both.call(0, (state, actions) => Vslp.onRecovery(state, both.now, actions))
  both.plug(true, 0).run(5)
  const alone = mute().run(40)
  foreign(alone)
  alone.run(61)
  foreign(alone)
  const late = mute().run(31)
  late.wires[0].alive[0] = late.wires[0].alive[1] = true
  late.run(5)
  // Deaf, then deaf both ways; then heard; then rejected, in each state.
  const deaf = pair({}, {}, 1).run(5)
  deaf.wires[0].alive[0] = false
  deaf.run(70)
  deaf.wires[0].alive[1] = false
  deaf.run(70)
  deaf.wires[0].alive[1] = true
  deaf.run(5)
  deaf.wires[0].alive[0] = true
  deaf.run(5)
  swap(deaf)
  deaf.run(1)
  const oneWay = mute()
  oneWay.wires[0].alive[1] = true
  oneWay.run(5)
  swap(oneWay)
  oneWay.run(1)
  const checked = mute()
  checked.wires[0].alive[1] = true
  checked.run(0.6)
  foreign(checked)
  // A peer that goes mute in the middle of its check is given up where it is believed for less than a check takes.
  const times = { ...CATALYST_6500, dead: SECOND }
  const hasty = pair({ times }, {}, 1).plug(false, 0)
  hasty.wires[0].alive[0] = false
  hasty.plug(true, 0).run(0.6)
  hasty.wires[0].alive[1] = false
  hasty.run(2)
  // Links come up, and go before a word of roles has come; or none ever comes.
  const gone = pair({}, {}, 1)
  gone.run(0.000_025)
  gone.plug(false, 0).run(1)
  // The standby goes, cold and hot.
  const cold = pair()
  cold.nodes[1].synchronizes = false
  cold.run(5).plug(false, 0, 1)
  pair().run(5).plug(false, 0, 1).run(1).plug(true, 0).run(5)
}

it("every arc is taken", () => {
  assert.deepEqual(untaken([LMP, RRP], networks), [])
})

it("a peer whose links are right but that never speaks of roles is not waited for longer than any", () => {
  const both = pair()
  both.filter = ({ payload }) => "protocol" in payload && payload.protocol === "lmp"
  assert.strictEqual(both.run(29).states, "NEGOTIATE NEGOTIATE")
  assert.strictEqual(both.run(2).states, "ACTIVE ACTIVE")
  both.filter = () => true
  assert.strictEqual(both.run(5).states, "ACTIVE STANDBY_HOT")
})
