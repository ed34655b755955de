/** What a port concludes of its partner from an LACPDU: a port is in sync with who speaks of it, and of nobody else. */
import { assert, describe, it } from "vitest"
import * as Lacpdu from "../../src/lacp/Lacpdu.ts"
import * as Procedures from "../../src/lacp/Procedures.ts"
import * as State from "../../src/lacp/State.ts"

const IN_SYNC = Lacpdu.ACTIVITY | Lacpdu.AGGREGATION | Lacpdu.SYNCHRONIZATION
const PARTNER: Lacpdu.Party = { systemPriority: 1, system: 0x020000020000, key: 9, portPriority: 2, port: 3, state: IN_SYNC }

/** Whether the port takes its partner for in sync, having heard what is said of it, and of itself. */
const hears = (ofMe: Partial<Lacpdu.Party>, ofItself: Partial<Lacpdu.Party> = {}): boolean => {
  const s = State.make(
    { groups: [{ bundle: 0, key: 7, members: [0] }], ports: [{ mode: "active" }] },
    { address: 0x020000010000, bridgePorts: 1, trees: 1, switchPorts: [], vlans: [], treeOfVlan: [] },
  )
  s.pdu[0] = {
    protocol: "lacp",
    actor: { ...PARTNER, ...ofItself },
    partner: { ...State.actorOf(s, 0), ...ofMe },
    collectorMaxDelay: 0,
  }
  Procedures.takePdu(s, 0)
  return State.partnerHas(s, 0, Lacpdu.SYNCHRONIZATION)
}

describe("recordPDU", () => {
  it("takes a partner for in sync that says so and speaks of this port", () => {
    assert.isTrue(hears({}))
    assert.isFalse(hears({}, { state: IN_SYNC & ~Lacpdu.SYNCHRONIZATION }))
  })

  it("does not, if it speaks of another port, system or key", () => {
    const others: ReadonlyArray<Partial<Lacpdu.Party>> = [
      { port: 2 },
      { portPriority: 1 },
      { system: 0x020000030000 },
      { systemPriority: 5 },
      { key: 8 },
      { state: 0 },
    ]
    for (const other of others) assert.isFalse(hears(other), JSON.stringify(other))
  })

  it("does, whatever it speaks of, if it does not aggregate; not if neither keeps the link alive", () => {
    assert.isTrue(hears({ port: 2 }, { state: IN_SYNC & ~Lacpdu.AGGREGATION }))
    const passive = { state: IN_SYNC & ~Lacpdu.ACTIVITY }
    assert.isTrue(hears({}, passive))
    assert.isFalse(hears({ state: Lacpdu.AGGREGATION }, passive))
  })
})
