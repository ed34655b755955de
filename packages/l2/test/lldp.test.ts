/** LLDP: octets both ways, timing, neighbours that come, age and say good-bye. */
import { assert, describe, it } from "@effect/vitest"
import { Result, Schema } from "effect"
import * as Fingerprint from "@l2lab/sim/Fingerprint"
import { SECOND } from "@l2lab/sim/SimTime"
import type { PortRole } from "../src/Announcing.ts"
import type { SwitchPort } from "../src/BridgeConfig.ts"
import * as Lldpdu from "../src/lldp/Lldpdu.ts"
import type { State } from "../src/lldp/State.ts"
import * as Trace from "../src/lldp/Trace.ts"
import { addressOf, DiscoveryNetwork } from "./DiscoveryNetwork.ts"

const hex = (octets: Uint8Array): string => Buffer.from(octets).toString("hex")
const octetsOf = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(/\s/g, ""), "hex"))

const FULL: Lldpdu.Lldpdu = {
  protocol: "lldp",
  chassisId: { subtype: Lldpdu.CHASSIS_MAC, address: 0x020000010000 },
  portId: { subtype: Lldpdu.PORT_INTERFACE_NAME, text: "Gi0/1" },
  timeToLive: 120,
  portDescription: "up",
  systemName: "sw1",
  systemDescription: "l2lab",
  capabilities: { system: 0x14, enabled: 4 },
  managementAddress: { family: "ipv4", address: 0x0a000001, ifIndex: 1 },
  portVlanId: 99,
}

// Made by hand from the tables of 802.1AB; tshark.test.ts has Wireshark read them.
const GOLDEN = `
  0207 04 020000010000   0406 05 4769302f31   0602 0078   0802 7570   0a03 737731   0c05 6c326c6162
  0e04 0014 0004   100c 05 01 0a000001 02 00000001 00   fe06 0080c2 01 0063   0000`

describe("an LLDPDU", () => {
  it("has these octets", () => assert.strictEqual(hex(Lldpdu.emit(FULL)), hex(octetsOf(GOLDEN))))

  it("is read from them, also when padded", () => {
    const padded = new Uint8Array([...octetsOf(GOLDEN), 0, 0, 0])
    assert.deepStrictEqual(Result.getOrThrow(Lldpdu.parse(padded)), FULL)
  })

  it("is refused, with the reason, where fields are missing, in another order or too short", () => {
    const reasonOf = (text: string): string => {
      const parsed = Lldpdu.parse(octetsOf(text))
      return Result.isFailure(parsed) ? parsed.failure.reason : "taken"
    }
    assert.strictEqual(reasonOf(""), "BadOrder")
    assert.strictEqual(reasonOf("0406054769302f31 020704020000010000 06020078 0000"), "BadOrder")
    assert.strictEqual(reasonOf("0201 04 0406054769302f31 06020078"), "BadLength")
    assert.strictEqual(reasonOf("0207 04 0200"), "Truncated")
    assert.strictEqual(reasonOf("020704020000010000 0406054769302f31 06020078"), "taken")
  })

  it("is refused or read at every length, and never throws", () => {
    const whole = octetsOf(GOLDEN)
    for (let length = 0; length <= whole.length; length++) Lldpdu.parse(whole.subarray(0, length))
  })

  const Octet = Schema.Int.pipe(Schema.check(Schema.isBetween({ minimum: 0, maximum: 255 })))
  it.prop(
    "of any octets is read or refused, and what is read is read again from what is written",
    [Schema.Array(Octet)],
    ([octets]) => {
      for (const start of [[], [0x02, 0x07, 4, 2, 0, 0, 1, 0, 0, 0x04, 0x02, 5, 65, 0x06, 0x02, 0, 9]]) {
        const parsed = Lldpdu.parse(Uint8Array.from([...start, ...octets]))
        if (Result.isFailure(parsed)) continue
        assert.deepStrictEqual(Lldpdu.parse(Lldpdu.emit(parsed.success)), parsed)
      }
    },
  )
})

const trunk: SwitchPort = { mode: "trunk", native: 1, allowed: [1, 10, 20] }
const access: SwitchPort = { mode: "access", vlan: 10 }

const pair = (more: object = {}) =>
  new DiscoveryNetwork(
    [
      { ports: [trunk, access], protocols: { lldp: more } },
      { ports: [trunk], protocols: { lldp: {} } },
    ],
    [
      [
        [0, 0],
        [1, 0],
      ],
    ],
  )

const names = (network: DiscoveryNetwork, node: number): ReadonlyArray<string | undefined> =>
  network.protocol<State>(node).neighbours.map(({ info }) => info.systemName)

describe("LLDP on a bridge", () => {
  it("says who it is at once, four times within seconds, then every 30 s, with a life of 120 s", () => {
    const network = pair().run(100)
    const times = network.seen.filter(({ node }) => node === 0).map(({ at }) => Math.floor(at / SECOND))
    assert.deepStrictEqual(times, [1, 2, 3, 4, 34, 64, 94], "and at 0, before anyone listened")
    const [first] = network.seen.filter(({ node }) => node === 0)
    const pdu = first.frame.payload as Lldpdu.Lldpdu
    assert.strictEqual(first.frame.destination, 0x0180c200000e)
    assert.strictEqual(first.frame.source, addressOf(0) + 1)
    assert.strictEqual(pdu.timeToLive, 120)
    assert.strictEqual(pdu.portVlanId, 1)
  })

  it("knows who is there", () => {
    const network = pair().run(5)
    assert.deepStrictEqual([names(network, 0), names(network, 1)], [["sw2"], ["sw1"]])
    assert.lengthOf(network.of(Trace.LLDP_HEARD), 2)
  })

  it("forgets who is silent for 120 s", () => {
    const network = pair().run(5)
    const heardLast = network.seen.findLast(({ node }) => node === 1)!.at
    network.world({ type: "link.direction", link: 0, from: "b", alive: false }).run(110)
    assert.deepStrictEqual(names(network, 0), ["sw2"])
    network.run(20)
    assert.deepStrictEqual([names(network, 0), names(network, 1)], [[], ["sw1"]])
    assert.closeTo(network.of(Trace.LLDP_GONE)[0].at, heardLast + 120 * SECOND, SECOND)
    assert.strictEqual(network.protocol<State>(0).agedOut[0], 1)
  })

  it("forgets at once who says good-bye; who was told to be silent is so for two seconds at least", () => {
    const network = pair().run(5)
    network.command(1, { type: "lldp.set-port", port: 0, transmit: false } as never).run(0.001)
    assert.deepStrictEqual([names(network, 0), names(network, 1)], [[], ["sw1"]])
    assert.lengthOf(network.of(Trace.LLDP_GONE), 1)
    network.command(1, { type: "lldp.set-port", port: 0, transmit: true } as never).run(1.9)
    assert.deepStrictEqual(names(network, 0), [])
    network.run(0.2)
    assert.deepStrictEqual(names(network, 0), ["sw2"])
  })

  it("remembers who is behind a cable that was pulled, for as long as they asked, or until they say something again", () => {
    const network = pair().run(5)
    network.world({ type: "link.disconnect", link: 0 }).run(110)
    assert.deepStrictEqual([names(network, 0), names(network, 1)], [["sw2"], ["sw1"]])
    network.run(20)
    assert.deepStrictEqual([names(network, 0), names(network, 1)], [[], []])
    assert.lengthOf(network.of(Trace.LLDP_GONE), 2)
    network.world({ type: "link.connect", link: 0 }).run(0.001)
    assert.deepStrictEqual([names(network, 0), names(network, 1)], [["sw2"], ["sw1"]])
  })

  it("says good-bye when management shuts the port, which goes down behind it; the other end is told nothing", () => {
    const network = pair().run(5)
    network.world({ type: "port.disable", node: 1, port: 0 }).run(0.001)
    const last = network.seen.findLast(({ node }) => node === 1)!
    assert.strictEqual((last.frame.payload as Lldpdu.Lldpdu).timeToLive, 0)
    assert.deepStrictEqual([names(network, 0), names(network, 1)], [[], ["sw1"]])
    assert.deepStrictEqual([network.bridge(0).up[0], network.bridge(1).up[0]], [0, 0])
    network.world({ type: "port.enable", node: 1, port: 0 }).run(0.001)
    assert.deepStrictEqual(names(network, 0), ["sw2"], "at once: what was said before the link went down does not hold it back")
  })

  it("has nothing to say where a processor hangs, a switch is switched off, or it was silent before", () => {
    for (const [expected, quieten] of [
      [["sw2"], { node: 1, command: { type: "bridge.control-plane", hung: true } }],
      [[], { node: 1, command: { type: "lldp.run", on: false } }],
    ] as const) {
      const network = pair().run(5)
      network.command(quieten.node, quieten.command as never).run(0.001)
      const before = network.protocol<State>(1).sent[0]
      network.world({ type: "port.disable", node: 1, port: 0 }).run(0.001)
      assert.deepStrictEqual(names(network, 0), expected)
      assert.strictEqual(network.protocol<State>(1).sent[0], before)
    }
    const network = pair().run(5)
    network.world({ type: "node.power-off", node: 1, keepCarrier: false }).run(1)
    assert.deepStrictEqual(names(network, 0), ["sw2"])
  })

  it("is switched off and on as a whole", () => {
    const network = pair()
      .run(5)
      .command(1, { type: "lldp.run", on: false } as never)
      .run(0.001)
    assert.deepStrictEqual([names(network, 0), names(network, 1)], [[], []])
    const { length } = network.seen.filter(({ node }) => node === 1)
    network.run(100)
    assert.deepStrictEqual(names(network, 1), [])
    assert.lengthOf(
      network.seen.filter(({ node }) => node === 1),
      length,
    )
    network.command(1, { type: "lldp.run", on: true } as never).run(40)
    assert.deepStrictEqual([names(network, 0), names(network, 1)], [["sw2"], ["sw1"]])
  })

  it("is deaf, dumb or both where a design says so", () => {
    const cases: ReadonlyArray<readonly [PortRole, ReadonlyArray<ReadonlyArray<string | undefined>>]> = [
      [{ transmit: false, receive: false }, [[], []]],
      [{ transmit: false }, [["sw2"], []]],
      [{ receive: false }, [[], ["sw1"]]],
    ]
    for (const [role, expected] of cases) {
      const network = pair({ ports: [role] }).run(40)
      assert.deepStrictEqual([names(network, 0), names(network, 1)], expected)
    }
  })

  it("has the interval and the life that a design gives it", () => {
    const network = pair({ intervalSeconds: 5, holdMultiplier: 3 }).run(24)
    const sent = network.seen.filter(({ node }) => node === 0)
    assert.deepStrictEqual(
      sent.map(({ at }) => Math.floor(at / SECOND)),
      [1, 2, 3, 4, 9, 14, 19, 24],
    )
    assert.strictEqual((sent[0].frame.payload as Lldpdu.Lldpdu).timeToLive, 15)
  })

  it("goes on in a fork as in the original", () => {
    const network = pair().run(10)
    const fork = network.simulation.fork()
    network.run(200)
    fork.run(network.simulation.now)
    assert.deepStrictEqual(
      (fork.world.states[0] as { protocols: Array<State> }).protocols[0].neighbours,
      network.protocol<State>(0).neighbours,
    )
    assert.strictEqual(Fingerprint.of(fork), network.fingerprint)
    fork.command(1, { type: "lldp.run", on: false } as never)
    fork.run(fork.now + SECOND)
    assert.deepStrictEqual(names(network, 0), ["sw2"], "what happens in the fork stays there")
    assert.notStrictEqual(Fingerprint.of(fork), network.run(1).fingerprint)
  })
})
