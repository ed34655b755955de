/** Every arc of PAgP's machine is taken by the switches below. */
import { assert, it } from "vitest"
import { type AnyMachine, observeArcs } from "../../src/Machine.ts"
import { MACHINE } from "../../src/pagp/Machine.ts"
import * as PagpPdu from "../../src/pagp/PagpPdu.ts"
import { alone, message, pair, THEM, YOU } from "./Pair.ts"

const frame = (pdu: PagpPdu.Information) => PagpPdu.frame(pdu, YOU + 8)

const networks = (): void => {
  const two = pair({ port: { rate: "fast" } }).run(5)
  two.world({ type: "link.direction", link: 0, from: "a", alive: false }).run(30)
  two.world({ type: "link.direction", link: 0, from: "a", alive: true }).run(5)
  two.world({ type: "link.disconnect", link: 0 }).run(1)
  // Two neighbours on an agreed port, and on one that is not; one of them goes, or both.
  for (const named of [true, false]) {
    const port = alone()
    const first = named ? message(YOU) : message(YOU, { partner: { ...message(YOU).partner, device: 0 } })
    port.hears(frame(first))
    port.hears(frame(message(THEM)))
    port.wait(3)
    port.hears(frame(first))
    port.wait(3)
    port.hears(frame(message(THEM)))
    port.wait(10)
    port.hears(frame(first))
    port.wait(10)
  }
}

it("every arc is taken", () => {
  const taken = new Set<string>()
  const before = observeArcs((machine: AnyMachine, arc) => taken.add(machine.arcNames[arc]))
  try {
    networks()
  } finally {
    observeArcs(before)
  }
  assert.deepEqual(
    MACHINE.arcNames.filter((name) => !taken.has(name)),
    [],
  )
})
