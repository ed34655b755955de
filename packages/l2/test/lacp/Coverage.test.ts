/** Every arc of every machine of LACP is taken by a pair of switches below. */
import { assert, it } from "vitest"
import { MACHINES } from "../../src/lacp/Machines.ts"
import { type AnyMachine, observeArcs } from "../../src/Machine.ts"
import { bundled, YOU } from "./Fed.ts"
import { pair } from "./Pair.ts"

const networks = (): void => {
  const both = pair({ rate: "fast" }).run(10)
  both.world({ type: "link.disconnect", link: 0 }).run(2)
  both.world({ type: "link.connect", link: 0 }).run(5)
  for (const from of ["a", "b"] as const) {
    both.world({ type: "link.direction", link: 0, from, alive: false }).run(20)
    both.world({ type: "link.direction", link: 0, from, alive: true }).run(10)
  }
  // The link goes down while each state is reached.
  for (const seconds of [0.5, 1, 2.5, 4, 70]) {
    both.world({ type: "link.direction", link: 0, from: "a", alive: false }).run(seconds)
    both.world({ type: "link.disconnect", link: 0 }).run(1)
    both.world({ type: "link.direction", link: 0, from: "a", alive: true })
    both.world({ type: "link.connect", link: 0 }).run(seconds)
  }
  pair({ mode: "active" }, { mode: "passive" }).run(70).world({ type: "link.disconnect", link: 0 }).run(5)
  const slow = pair({ rate: "slow" }).run(120)
  slow.world({ type: "link.direction", link: 0, from: "a", alive: false }).run(200)
  slow.world({ type: "link.direction", link: 0, from: "a", alive: true }).run(70)
  const half = pair().run(10)
  for (const end of ["a", "b"] as const) half.world({ type: "link.duplex", link: 0, end, fullDuplex: false })
  half.run(10).world({ type: "link.disconnect", link: 0 }).run(1)
  half.world({ type: "link.connect", link: 0 }).run(10)
  for (const end of ["a", "b"] as const) half.world({ type: "link.duplex", link: 0, end, fullDuplex: true })
  half.run(1).world({ type: "link.disconnect", link: 0 }).run(1)
  half.world({ type: "link.connect", link: 0 }).run(10)
  // Suspended alone for longer than a minute, then a partner; and one that goes while it churns.
  const churning = pair({ group: { suspendIndividual: true } }, { mode: "passive", group: { suspendIndividual: true } })
  churning.world({ type: "link.direction", link: 0, from: "a", alive: false }).run(70)
  churning.world({ type: "link.direction", link: 0, from: "a", alive: true }).run(70)
  churning.world({ type: "link.direction", link: 0, from: "a", alive: false }).run(170)
  churning.world({ type: "link.disconnect", link: 0 }).run(5)
  // A partner that is heard on another port than the one that is down.
  const moved = bundled()
  moved.link(0, false)
  moved.hears(1, moved.pdu(1, YOU, { port: 11 }))
  const standby = pair({ group: { maxBundle: 1 } }, {}).run(70)
  standby.world({ type: "link.disconnect", link: 0 }).run(10)
  standby.world({ type: "link.connect", link: 0 }).run(10)
  standby.world({ type: "link.disconnect", link: 1 }).run(1)
}

it("every arc is taken", () => {
  const taken = new Set<string>()
  const before = observeArcs((machine: AnyMachine, arc) => taken.add(machine.arcNames[arc]))
  try {
    networks()
  } finally {
    observeArcs(before)
  }
  const missed = MACHINES.flatMap(([machine]) => machine.arcNames).filter((name) => !taken.has(name))
  assert.deepEqual(missed, [])
})
