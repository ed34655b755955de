/** The relay's log lines, word for word; each is a view of a trace event. */
import { SECOND } from "@l2lab/sim/SimTime"
import { assert, describe, it } from "vitest"
import { LOG } from "../src/Log.ts"
import type { StormControlConfig } from "../src/StormControl.ts"
import { A, ALL, B, bpdu, bridge, frame } from "./Guarded.ts"

type Sw = ReturnType<typeof bridge>

const NAMES = { port: (port: number) => `Gi0/${port + 1}`, portInFull: (port: number) => `GigabitEthernet0/${port + 1}` }

/** What a switch has logged so far. */
const lines = (sw: Sw): ReadonlyArray<string> =>
  sw.out.requests.flatMap((request) => {
    if (request.type !== "trace") return []
    return LOG.flatMap(({ definition, facility, message, mnemonic, severity }) => {
      if (definition.code !== request.code) return []
      const text = message(request as never, NAMES as never)
      return text === undefined ? [] : [`%${facility}-${severity}-${mnemonic}: ${text}`]
    })
  })

describe("the relay's log", () => {
  const STORMS: ReadonlyArray<readonly [config: StormControlConfig, lines: ReadonlyArray<string>]> = [
    [
      { broadcast: { unit: "pps", rising: 5 } },
      [
        "%STORM_CONTROL-3-FILTERED: A Broadcast storm detected on Gi0/1. A packet filter action has been applied on the interface.",
      ],
    ],
    [
      { broadcast: { unit: "pps", rising: 5 }, action: "trap" },
      ["%STORM_CONTROL-3-TRAP: A packet storm was detected on Gi0/1. Sending SNMP trap."],
    ],
    [
      { broadcast: { unit: "pps", rising: 5 }, action: "shutdown" },
      [
        "%STORM_CONTROL-3-SHUTDOWN: A packet storm was detected on Gi0/1. The interface has been disabled.",
        "%PM-4-ERR_DISABLE: storm-control error detected on Gi0/1, putting Gi0/1 in err-disable state",
      ],
    ],
  ]
  for (const [config, said] of STORMS) {
    it(`of a storm, ${config.action ?? "filter"}`, () => {
      const sw = bridge({ stormControl: [config] })
      for (let i = 0; i < 10; i++) sw.receive(0, frame(A, ALL), i)
      assert.deepStrictEqual(lines(sw), said)
      // A storm that goes on is one line; the next storm is another.
      for (let i = 0; i < 10; i++) sw.receive(0, frame(A, ALL), SECOND + i)
      assert.deepStrictEqual(lines(sw), said)
    })
  }

  it("of a class that has no level nothing", () => {
    const sw = bridge({ stormControl: [{ multicast: { unit: "pps", rising: 1 } }] })
    for (let i = 0; i < 10; i++) sw.receive(0, frame(A, ALL), i)
    assert.deepStrictEqual(lines(sw), [])
  })

  it("of port security, a host that flaps, limits of PDUs and a port that comes back", () => {
    const sw = bridge({
      portSecurity: [{}],
      macMove: { moves: 2, withinNs: SECOND },
      controlPlane: { pduRatePerPort: 1, pduRate: 1, pduBurst: 1, bpduStorm: { rate: 4, seconds: 1 } },
      errdisable: { recovery: ["psecure-violation"], intervalNs: 30 * SECOND },
    })
    sw.receive(0, frame(A, ALL), 1)
    sw.receive(0, frame(B, ALL), 2)
    for (let i = 0; i < 3; i++) sw.receive(1 + (i % 2), frame(B, ALL), 10 + i)
    for (let i = 0; i < 4; i++) sw.receive(1, bpdu(), 20 + i)
    sw.receive(2, bpdu(), 30)
    sw.expire(31 * SECOND)
    assert.deepStrictEqual(lines(sw), [
      "%PM-4-ERR_DISABLE: psecure-violation error detected on Gi0/1, putting Gi0/1 in err-disable state",
      "%PORT_SECURITY-2-PSECURE_VIOLATION: Security violation occurred, caused by MAC address 0200.0000.000b on port GigabitEthernet0/1.",
      "%SW_MATM-4-MACFLAP_NOTIF: Host 0200.0000.000b in vlan 1 is flapping between port Gi0/3 and port Gi0/2",
      "%CONTROL_PLANE-4-PDU_LIMIT: PDUs on Gi0/2 exceed 1 a second, the rest is dropped",
      "%PM-4-ERR_DISABLE: bpdu-storm error detected on Gi0/2, putting Gi0/2 in err-disable state",
      "%CONTROL_PLANE-4-PDU_LIMIT: PDUs exceed 1 a second on all ports together, the rest is dropped",
      "%PM-4-ERR_RECOVER: Attempting to recover from psecure-violation err-disable state on Gi0/1",
    ])
  })
})
