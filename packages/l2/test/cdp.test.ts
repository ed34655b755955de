/** CDP: octets both ways with their checksum, timing, neighbours, and what it complains of. */
import { assert, describe, it } from "@effect/vitest"
import { Result, Schema } from "effect"
import { SECOND } from "@l2lab/sim/SimTime"
import type { SwitchPort } from "../src/BridgeConfig.ts"
import * as CdpPdu from "../src/cdp/CdpPdu.ts"
import type { State } from "../src/cdp/State.ts"
import * as Trace from "../src/cdp/Trace.ts"
import { addressOf, DiscoveryNetwork } from "./DiscoveryNetwork.ts"

const FULL: CdpPdu.CdpPdu = {
  protocol: "cdp",
  version: 2,
  timeToLive: 180,
  deviceId: "sw1",
  addresses: [0x0a000001],
  portId: "GigabitEthernet0/1",
  capabilities: CdpPdu.SWITCH | CdpPdu.IGMP,
  softwareVersion: "l2lab",
  platform: "l2lab",
  vtpDomain: "FARM",
  nativeVlan: 99,
  fullDuplex: true,
  managementAddresses: [0x0a000001],
}

const hex = (octets: Uint8Array): string => Buffer.from(octets).toString("hex")

// Fields by hand; tshark.test.ts has Wireshark check the checksum.
const FIELDS = [
  ["0001", "0007", "737731"],
  ["0002", "0011", "00000001", "0101cc0004", "0a000001"],
  ["0003", "0016", Buffer.from("GigabitEthernet0/1").toString("hex")],
  ["0004", "0008", "00000028"],
  ["0005", "0009", "6c326c6162"],
  ["0006", "0009", "6c326c6162"],
  ["0009", "0008", "4641524d"],
  ["000a", "0006", "0063"],
  ["000b", "0005", "01"],
  ["0016", "0011", "00000001", "0101cc0004", "0a000001"],
].map((field) => field.join(""))

describe("a CDP message", () => {
  it("has these octets", () => {
    const octets = hex(CdpPdu.emit(FULL))
    assert.strictEqual(octets.slice(0, 4), "02b4")
    assert.strictEqual(octets.slice(8), FIELDS.join(""))
  })

  it("is read from them", () => assert.deepStrictEqual(Result.getOrThrow(CdpPdu.parse(CdpPdu.emit(FULL))), FULL))

  it("is refused with the reason when an octet is wrong, a field too long, the version unknown", () => {
    const whole = CdpPdu.emit(FULL)
    const reasonOf = (octets: Uint8Array): string => {
      const parsed = CdpPdu.parse(octets)
      return Result.isFailure(parsed) ? parsed.failure.reason : "taken"
    }
    assert.strictEqual(reasonOf(new Uint8Array(3)), "Truncated")
    assert.strictEqual(reasonOf(Uint8Array.from([9, 0, 0, 0])), "BadVersion")
    for (let i = 2; i < whole.length; i++) {
      const spoilt = whole.slice()
      spoilt[i] ^= 0x41
      assert.strictEqual(reasonOf(spoilt), "BadChecksum", `octet ${i}`)
    }
    for (let length = 0; length < whole.length; length++) assert.notStrictEqual(reasonOf(whole.subarray(0, length)), "taken")
  })

  const Octet = Schema.Int.pipe(Schema.check(Schema.isBetween({ minimum: 0, maximum: 255 })))
  it.prop(
    "of any octets is read or refused; of any texts it is read as it was written",
    [Schema.Array(Octet), Schema.String],
    ([octets, text]) => {
      CdpPdu.parse(Uint8Array.from(octets))
      const deviceId = Buffer.from(octets).toString("latin1").slice(0, 255)
      const softwareVersion = Buffer.from(text).toString("latin1").slice(0, 255)
      const pdu: CdpPdu.CdpPdu = { protocol: "cdp", version: 2, timeToLive: 180, deviceId, softwareVersion }
      assert.deepStrictEqual(Result.getOrThrow(CdpPdu.parse(CdpPdu.emit(pdu))), pdu)
    },
  )
})

const trunk = (native: number): SwitchPort => ({ mode: "trunk", native, allowed: [1, 10, 99] })

const pair = (a: SwitchPort, b: SwitchPort, fullDuplex = true) =>
  new DiscoveryNetwork(
    [
      { ports: [a], protocols: { cdp: {} }, more: { vtpDomain: "FARM" } },
      { ports: [b], protocols: { cdp: {} } },
    ],
    [
      [
        [0, 0],
        [1, 0],
      ],
    ],
    fullDuplex,
  )

describe("CDP on a bridge", () => {
  it("speaks at once, four times within seconds, then every 60 s, to be held for 180 s", () => {
    const network = pair(trunk(1), trunk(1)).run(150)
    const sent = network.seen.filter(({ node }) => node === 0)
    assert.deepStrictEqual(
      sent.map(({ at }) => Math.floor(at / SECOND)),
      [1, 2, 3, 4, 64, 124],
      "and at 0, before anyone listened",
    )
    assert.strictEqual(sent[0].frame.destination, 0x01000ccccccc)
    assert.strictEqual(sent[0].tci, -1)
    assert.strictEqual((sent[0].frame.payload as CdpPdu.CdpPdu).vtpDomain, "FARM")
    const [neighbour] = network.protocol<State>(1).neighbours
    assert.strictEqual(neighbour.info.deviceId, "sw1")
    assert.isAtMost(neighbour.expiresAt, 124.1 * SECOND + 180 * SECOND)
    assert.lengthOf(network.of(Trace.NATIVE_VLAN_MISMATCH), 0)
  })

  it("forgets who is silent for 180 s", () => {
    const network = pair(trunk(1), trunk(1)).run(5)
    network.world({ type: "link.direction", link: 0, from: "b", alive: false }).run(170)
    assert.lengthOf(network.protocol<State>(0).neighbours, 1)
    network.run(20)
    assert.lengthOf(network.protocol<State>(0).neighbours, 0)
    assert.lengthOf(network.of(Trace.CDP_GONE), 1)
  })

  it("goes in VLAN 1, with its tag where the trunk's untagged frames are another's, and complains once an interval at both ends", () => {
    const network = pair(trunk(1), trunk(99)).run(130)
    assert.strictEqual(network.seen.find(({ node }) => node === 1)?.tci, (7 << 13) | 1)
    const complaints = network.of(Trace.NATIVE_VLAN_MISMATCH)
    assert.deepStrictEqual(
      complaints
        .slice(0, 2)
        .sort((x, y) => x.node - y.node)
        .map(({ node, a, b, c, d }) => [node, a, b, c, d]),
      [
        [0, 0, 1, addressOf(1) + 1, 99],
        [1, 0, 99, addressOf(0) + 1, 1],
      ],
    )
    assert.lengthOf(complaints, 6)
  })

  it("says good-bye with a hold time of 0 before its port is shut, and where it is switched off", () => {
    const network = pair(trunk(1), trunk(1)).run(5)
    network.world({ type: "port.disable", node: 1, port: 0 }).run(0.001)
    assert.lengthOf(network.protocol<State>(0).neighbours, 0)
    assert.lengthOf(network.of(Trace.CDP_GONE), 1)
    const other = pair(trunk(1), trunk(1)).run(5)
    other.command(1, { type: "cdp.set-port", port: 0, transmit: false, receive: false } as never).run(0.001)
    assert.deepStrictEqual(
      [0, 1].map((node) => other.protocol<State>(node).neighbours.length),
      [0, 0],
    )
    other.command(1, { type: "cdp.set-port", port: 0, transmit: true, receive: true } as never).run(61)
    assert.deepStrictEqual(
      [0, 1].map((node) => other.protocol<State>(node).neighbours.length),
      [1, 1],
    )
  })

  it("remembers who is behind a cable that was pulled until its hold time is over", () => {
    const network = pair(trunk(1), trunk(1)).run(5)
    network.world({ type: "link.disconnect", link: 0 }).run(170)
    assert.lengthOf(network.protocol<State>(0).neighbours, 1)
    network.run(20)
    assert.lengthOf(network.protocol<State>(0).neighbours, 0)
  })

  it("passes through a switch that does not run it", () => {
    const quiet = { ports: [trunk(1), trunk(1)], protocols: {} }
    const speaking = { ports: [trunk(1)], protocols: { cdp: {} } }
    const network = new DiscoveryNetwork(
      [speaking, quiet, speaking],
      [
        [
          [0, 0],
          [1, 0],
        ],
        [
          [1, 1],
          [2, 0],
        ],
      ],
    ).run(5)
    assert.strictEqual(network.protocol<State>(0).neighbours[0].info.deviceId, "sw3")
  })

  it("complains of an end that is half duplex at one that is full", () => {
    const network = pair(trunk(1), trunk(1), false)
    network.run(1)
    assert.lengthOf(network.of(Trace.DUPLEX_MISMATCH), 0)
    const frame = CdpPdu.frame({ protocol: "cdp", version: 2, timeToLive: 180, deviceId: "rogue", fullDuplex: true }, 0x02aa)
    const state = network.protocol<State>(0)
    assert.strictEqual(state.fullDuplex[0], 0)
    assert.strictEqual((frame.payload as CdpPdu.CdpPdu).fullDuplex, true)
  })
})
