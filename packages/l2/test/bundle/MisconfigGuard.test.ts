/** EtherChannel guard, BPDU by BPDU. */
import { SECOND } from "@l2lab/sim/SimTime"
import { RecordingOutbox } from "@l2lab/sim/testing/RecordingOutbox"
import { assert, describe, it } from "vitest"
import * as BridgeState from "../../src/BridgeState.ts"
import * as Bundles from "../../src/bundle/Bundles.ts"
import * as MisconfigGuard from "../../src/bundle/MisconfigGuard.ts"
import type { EthernetFrame } from "../../src/EthernetFrame.ts"

const ACCESS = { mode: "access", vlan: 1 } as const
const PORT = 2
const [A, B] = [0x020000010001, 0x020000010002]

/** When a bundle trips that hears a BPDU every so many seconds, in the order given, again and again for five minutes; undefined if it does not. */
const tripsAt = (sources: ReadonlyArray<number>, everySeconds: number, guard = true): number | undefined => {
  const state = BridgeState.make(
    {
      address: 0x020000020000,
      ports: [ACCESS, ACCESS],
      vlans: [1],
      bundles: [{ members: [0, 1], isStatic: true, switchPort: ACCESS, loadBalance: "src-mac", guard }],
      protocols: [],
    },
    [],
    0,
  )
  state.bundles!.role.fill(Bundles.IN)
  const out = new RecordingOutbox<EthernetFrame>()
  for (let i = 0; i * everySeconds < 300; i++) {
    const now = i * everySeconds * SECOND
    if (MisconfigGuard.trips(state, PORT, sources[i % sources.length], now, out)) {
      assert.deepEqual(Array.from(state.errdisable.cause.slice(0, 2)), [2, 2])
      return i
    }
  }
  return undefined
}

describe("EtherChannel guard", () => {
  it("trips after more than 75 BPDUs of other addresses than the one before", () => {
    assert.strictEqual(tripsAt([A, B], 1), 76)
  })

  it("waits for more than 30 seconds, however many come", () => {
    assert.strictEqual(tripsAt([A, B], 0.1), 302)
  })

  it("begins anew after five in a row of one address, and never trips on one alone", () => {
    assert.isUndefined(tripsAt([A, B, B, B, B, B], 0.1))
    assert.isDefined(tripsAt([A, B, B, B, B], 0.1))
    assert.isUndefined(tripsAt([A], 0.1))
  })

  it("does nothing where it is off", () => {
    assert.isUndefined(tripsAt([A, B], 1, false))
  })
})
