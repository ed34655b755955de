/** What is shown of guards: those that are on at a port, as it stands now. */
import { assert, describe, it } from "@effect/vitest"
import * as Query from "../../src/toolkit/Query.ts"
import * as State from "../../src/toolkit/State.ts"

const toolkit = State.make(
  {
    bpduGuardDefault: true,
    bpduFilterDefault: true,
    loopGuardDefault: true,
    ports: [
      undefined,
      { bpduGuard: true, bpduFilter: true, guard: "loop" },
      { bpduGuard: false, bpduFilter: false, guard: "root" },
    ],
  },
  1,
  3,
  0,
)

describe("guards of a port", () => {
  it("by default they are on where they watch: on edge ports, on point-to-point links to others", () => {
    assert.deepStrictEqual(Query.ofPort(toolkit, 0, true, true), { bpduGuard: "default", bpduFilter: "default", network: false })
    assert.deepStrictEqual(Query.ofPort(toolkit, 0, false, true), { loopGuard: "default", network: false })
    assert.deepStrictEqual(Query.ofPort(toolkit, 0, false, false), { network: false })
  })

  it("those that are set are on whatever the port is, and those that are forbidden are not", () => {
    const set = { bpduGuard: "on", bpduFilter: "on", loopGuard: "on", network: false } as const
    assert.deepStrictEqual(Query.ofPort(toolkit, 1, false, true), set)
    assert.deepStrictEqual(Query.ofPort(toolkit, 2, true, true), { rootGuard: "on", network: false })
  })

  it("a bridge without guards has bridge assurance for the network ports that it has not", () => {
    assert.deepInclude(Query.defaults(undefined), { bpduGuard: false, bridgeAssurance: true, uplinkFastMulticasts: 0 })
    assert.isTrue(Query.defaults(toolkit).loopGuard)
  })
})
