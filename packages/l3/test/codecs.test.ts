import { assert, describe, it } from "@effect/vitest"
import type { PayloadCodec } from "@l2lab/l2/PayloadCodec"
import * as MacAddress from "@l2lab/l2/MacAddress"
import * as Protocol from "@l2lab/l2/Protocol"
import * as Arp from "@l2lab/l3/Arp"
import { codecs, L3_CODECS } from "@l2lab/l3/codecs"
import * as Ipv4 from "@l2lab/l3/Ipv4"
import * as Rarp from "@l2lab/l3/Rarp"
import type { UdpPayloadCodec } from "@l2lab/l3/Udp"
import { Result, Schema } from "effect"
import { fromHex, generator, noise, toHex } from "./octets.ts"

const Seed = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 2 ** 31 - 1 }))

const A = 0x020000000001
const B = 0x020000000002

const packet = (fields: Partial<Ipv4.Ipv4Packet> & Pick<Ipv4.Ipv4Packet, "body" | "ipProtocol">): Ipv4.Ipv4Payload => ({
  protocol: "ipv4",
  packet: {
    typeOfService: 0,
    identification: 1,
    dontFragment: true,
    moreFragments: false,
    fragmentOffset: 0,
    timeToLive: 64,
    source: 0x0a000001,
    destination: 0x0a000002,
    options: Ipv4.NO_OPTIONS,
    ...fields,
  },
})

/** A structured payload for UDP port 902: a number in four octets. */
interface Tick {
  readonly protocol: "tick"
  readonly value: number
}
const tick: UdpPayloadCodec<Tick> = {
  port: 902,
  name: "tick",
  octetLength: () => 4,
  emit: ({ value }) => Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value),
  parse: (octets) =>
    octets.length === 4
      ? Result.succeed({ protocol: "tick", value: new DataView(octets.buffer, octets.byteOffset).getUint32(0) })
      : Result.fail({ reason: "BadLength", detail: `need 4 octets, have ${octets.length}` }),
  format: ({ value }) => `tick ${value}`,
}

const WITH_TICK = codecs([tick])

// oxlint-disable-next-line typescript/no-explicit-any
const codecNamed = (name: string, list: ReadonlyArray<PayloadCodec<any>> = WITH_TICK): PayloadCodec<any> => {
  const codec = list.find((candidate) => candidate.name === name)
  assert.isDefined(codec)
  return codec
}

/** Each with its octets, checked by hand: the checksums are worked out beside them. */
const GOLDEN = [
  {
    name: "ARP request",
    payload: Arp.request(A, 0x0a000001, 0x0a000002).payload as Arp.ArpPayload,
    octets: "0001 0800 06 04 0001 020000000001 0a000001 000000000000 0a000002",
    line: "ARP, Request who-has 10.0.0.2 tell 10.0.0.1, length 28",
  },
  {
    name: "ARP reply",
    payload: {
      protocol: "arp",
      packet: {
        operation: 2,
        senderHardware: B,
        senderProtocol: 0x0a000002,
        targetHardware: A,
        targetProtocol: 0x0a000001,
      },
    },
    octets: "0001 0800 06 04 0002 020000000002 0a000002 020000000001 0a000001",
    line: "ARP, Reply 10.0.0.2 is-at 02:00:00:00:00:02, length 28",
  },
  {
    // As QEMU's announcement is known octet by octet.
    name: "RARP announcement",
    payload: Rarp.announcement(A).payload as Rarp.RarpPayload,
    octets: "0001 0800 06 04 0003 020000000001 00000000 020000000001 00000000",
    line: "RARP, Request who-is 02:00:00:00:00:01 tell 02:00:00:00:00:01, length 28",
  },
  {
    // ICMP: 0800+1234+0007+6162+6364+6566+6768 = 1abcf, folded abd0, complement 542f.
    // IPv4: 4500+0024+0001+4000+4001+0a00+0001+0a00+0002 = d929, complement 26d6.
    name: "echo request",
    payload: packet({
      ipProtocol: Ipv4.ICMP,
      body: {
        kind: "icmp.echo-request",
        identifier: 0x1234,
        sequence: 7,
        data: fromHex("6162636465666768"),
      },
    }),
    octets: "45000024000140004001 26d6 0a0000010a000002 0800 542f 1234 0007 6162636465666768",
    line: "IP 10.0.0.1 > 10.0.0.2: ICMP echo request, id 4660, seq 7, length 16",
  },
  {
    // UDP: pseudo 0a00+0001+0a00+0002+0011+000d, then 1f40+0387+000d+6865+6c6c+6f00 = 17ac6, folded 7ac7, complement 8538.
    // IPv4: 4500+0021+0002+4000+4011+0a00+0001+0a00+0002 = d937, complement 26c8.
    name: "UDP of octets, an odd number",
    payload: packet({
      identification: 2,
      ipProtocol: Ipv4.UDP,
      body: {
        kind: "udp",
        sourcePort: 8000,
        destinationPort: 903,
        payload: fromHex("68656c6c6f"),
        payloadOctets: 5,
      },
    }),
    octets: "45000021000240004011 26c8 0a0000010a000002 1f40 0387 000d 8538 68656c6c6f",
    line: "IP 10.0.0.1.8000 > 10.0.0.2.903: UDP, length 5",
  },
  {
    // UDP: pseudo 1403+0011+000c, then 1f40+0386+000c+0000+002a = 371c, complement c8e3.
    name: "UDP of a registered payload",
    payload: packet({
      identification: 3,
      ipProtocol: Ipv4.UDP,
      body: {
        kind: "udp",
        sourcePort: 8000,
        destinationPort: 902,
        payload: { protocol: "tick", value: 42 } as Tick,
        payloadOctets: 4,
      },
    }),
    octets: "45000020000340004011 26c8 0a0000010a000002 1f40 0386 000c c8e3 0000002a",
    line: "IP 10.0.0.1.8000 > 10.0.0.2.902: UDP, length 4: tick 42",
  },
  {
    name: "a fragment with options",
    payload: packet({
      ipProtocol: Ipv4.UDP,
      dontFragment: false,
      moreFragments: true,
      fragmentOffset: 0x123,
      options: fromHex("94040000"),
      body: { kind: "raw", octets: fromHex("0102030405060708") },
    }),
    // 4600+0020+0001+2123+4011+0a00+0001+0a00+0002+9404+0000 = 14f5c -> 4f5d, complement b0a2.
    octets: "46000020000121234011 b0a2 0a0000010a000002 94040000 0102030405060708",
    line: "IP 10.0.0.1 > 10.0.0.2: protocol 17, fragment at 2328, length 8",
  },
] as const

describe("golden octets", () => {
  for (const { name, payload, octets, line } of GOLDEN) {
    const codec = codecNamed(payload.protocol)
    it(`${name}: emits, parses, prints`, () => {
      const golden = fromHex(octets)
      assert.strictEqual(toHex(codec.emit(payload)), toHex(golden))
      assert.strictEqual(codec.octetLength(payload), golden.length)
      assert.deepStrictEqual(Result.getOrThrow(codec.parse(golden)), payload)
      assert.strictEqual(codec.format(payload), line)
    })

    it(`${name}: padding is no part of it, and every truncation is refused`, () => {
      const golden = fromHex(octets)
      const padded = new Uint8Array(64).fill(0xa5)
      padded.set(golden)
      assert.deepStrictEqual(Result.getOrThrow(codec.parse(padded)), payload)
      for (let length = 0; length < golden.length; length++) {
        const parsed = codec.parse(golden.subarray(0, length))
        assert.isTrue(Result.isFailure(parsed), `${length} octets`)
        if (Result.isFailure(parsed)) assert.strictEqual(parsed.failure.reason, "Truncated")
      }
    })

    it(`${name}: any wrong bit under a checksum is noticed`, () => {
      if (payload.protocol !== "ipv4") return
      const golden = fromHex(octets)
      const covered = payload.packet.body.kind === "raw" ? 24 : golden.length
      for (let bit = 0; bit < covered * 8; bit++) {
        const wrong = golden.slice()
        wrong[bit >>> 3] ^= 0x80 >>> (bit & 7)
        assert.isTrue(Result.isFailure(codec.parse(wrong)), `bit ${bit}`)
      }
    })
  }

  it("frames have their octets on the wire", () => {
    assert.strictEqual(Rarp.announcement(A).wireOctets, 64)
    const request = Arp.request(A, 1, 2)
    assert.deepStrictEqual([request.destination, request.source, request.protocol], [MacAddress.BROADCAST, A, Protocol.ARP])
    const datagram = packet({
      ipProtocol: Ipv4.UDP,
      body: { kind: "udp", sourcePort: 1, destinationPort: 2, payload: new Uint8Array(1472), payloadOctets: 1472 },
    })
    assert.strictEqual(Ipv4.frame(B, A, datagram).wireOctets, 1518)
  })
})

describe("refusals say why", () => {
  const reason = (name: string, text: string) => {
    const parsed = codecNamed(name).parse(fromHex(text))
    return Result.isFailure(parsed) ? `${parsed.failure.reason}: ${parsed.failure.detail}` : "accepted"
  }
  const rows = [
    ["arp", "0006 0800 06 04 0001".padEnd(80, "0"), "BadHardwareType: hardware type 6 is not Ethernet (1)"],
    ["arp", "0001 86dd 06 04 0001".padEnd(80, "0"), "BadProtocolType: protocol type 0x86dd is not IPv4 (0x800)"],
    ["arp", "0001 0800 06 10 0001".padEnd(80, "0"), "BadLength: address lengths 6 and 16 are not 6 and 4"],
    ["arp", "0001 0800 06 04 0003".padEnd(80, "0"), "BadOperation: operation 3 is neither 1 nor 2"],
    ["rarp", "0001 0800 06 04 0001".padEnd(80, "0"), "BadOperation: operation 1 is neither 3 nor 4"],
    ["ipv4", "6500".padEnd(40, "0"), "BadVersion: IP version 6 is not 4"],
    ["ipv4", "4400".padEnd(40, "0"), "BadLength: a header of 16 octets is shorter than 20"],
    ["ipv4", "46000017".padEnd(60, "0"), "BadLength: total length 23 is shorter than the header of 24"],
    ["ipv4", "45000015".padEnd(40, "0"), "Truncated: total length 21, have 20"],
    ["ipv4", "45000014".padEnd(40, "0"), "BadChecksum: the IPv4 header checksum does not match the header"],
    [
      "ipv4",
      "45000020000340004011 26c8 0a0000010a000002 1f40 0386 000d 0000 0000002a",
      "BadLength: UDP length 13 is not within 8..12",
    ],
    ["ipv4", "4500001f00034000401126c90a0000010a000002 1f40 0386 000b 0000 00002a", "BadLength: tick: need 4 octets, have 3"],
  ] as const
  for (const [name, text, expected] of rows)
    it(`${name} ${expected}`, () => {
      assert.strictEqual(reason(name, text), expected)
    })

  it("a datagram without a checksum is accepted", () => {
    const parsed = codecNamed("ipv4").parse(fromHex("45000020000340004011 26c8 0a0000010a000002 1f40 0386 000c 0000 0000002a"))
    assert.isTrue(Result.isSuccess(parsed))
  })

  it("a checksum that comes out as zero is sent as ffff, since zero says that there is none", () => {
    // Pseudo 1403+0011+000c, ports and length 1f40+0387+000c: 36f3, so a payload word of c90c makes ffff.
    const datagram = packet({
      ipProtocol: Ipv4.UDP,
      body: { kind: "udp", sourcePort: 8000, destinationPort: 903, payload: fromHex("c90c0000"), payloadOctets: 4 },
    })
    const octets = codecNamed("ipv4").emit(datagram)
    assert.strictEqual(toHex(octets.subarray(20)), "1f400387000cffffc90c0000")
    assert.deepStrictEqual(Result.getOrThrow(codecNamed("ipv4").parse(octets)), datagram)
  })

  it("what comes back from a registered port is of its payload too", () => {
    const back = packet({
      ipProtocol: Ipv4.UDP,
      body: {
        kind: "udp",
        sourcePort: 902,
        destinationPort: 50_000,
        payload: { protocol: "tick", value: 7 } as Tick,
        payloadOctets: 4,
      },
    })
    assert.deepStrictEqual(Result.getOrThrow(codecNamed("ipv4").parse(codecNamed("ipv4").emit(back))), back)
  })

  it("bugs in the codecs of UDP payloads are said at once", () => {
    assert.throws(() => codecs([tick, { ...tick, name: "tock" }]), /port 902/)
    assert.throws(() => codecs([tick, { ...tick, port: 1 }]), /named tick/)
    const structured = GOLDEN[5].payload
    assert.throws(() => codecNamed("ipv4", L3_CODECS).emit(structured), /"tick": pass it to codecs/)
    const short = packet({
      ipProtocol: Ipv4.UDP,
      body: { kind: "udp", sourcePort: 1, destinationPort: 2, payload: new Uint8Array(3), payloadOctets: 4 },
    })
    assert.throws(() => codecNamed("ipv4").emit(short), /says 4 octets of payload and its payload has 3/)
  })
})

const randomPayload = (random: () => number): Arp.ArpPayload | Rarp.RarpPayload | Ipv4.Ipv4Payload => {
  const mac = () => (random() & 0xffff) * 2 ** 32 + random()
  const kind = random() % 6
  const fields = { senderHardware: mac(), senderProtocol: random(), targetHardware: mac(), targetProtocol: random() }
  if (kind === 0) return { protocol: "arp", packet: { operation: random() & 1 ? 1 : 2, ...fields } }
  if (kind === 1) return { protocol: "rarp", packet: { operation: random() & 1 ? 3 : 4, ...fields } }
  const header = {
    typeOfService: random() & 0xff,
    identification: random() & 0xffff,
    dontFragment: (random() & 1) === 1,
    timeToLive: random() & 0xff,
    source: random(),
    destination: random(),
    options: noise(random, 4 * (random() % 11)),
  }
  const length = random() % 100
  if (kind === 2)
    return packet({
      ...header,
      ipProtocol: Ipv4.ICMP,
      body: {
        kind: random() & 1 ? "icmp.echo-request" : "icmp.echo-reply",
        identifier: random() & 0xffff,
        sequence: random() & 0xffff,
        data: noise(random, length),
      },
    })
  if (kind === 3)
    return packet({
      ...header,
      ipProtocol: Ipv4.ICMP,
      body: { kind: "icmp.other", type: 9 + (random() % 200), code: random() & 0xff, octets: noise(random, 4 + length) },
    })
  if (kind === 4) {
    const ticks = (random() & 1) === 1
    return packet({
      ...header,
      ipProtocol: Ipv4.UDP,
      body: {
        kind: "udp",
        sourcePort: 1024 + (random() & 0x7fff),
        destinationPort: ticks ? 902 : 1024 + (random() & 0x7fff),
        payload: ticks ? ({ protocol: "tick", value: random() } as Tick) : noise(random, length),
        payloadOctets: ticks ? 4 : length,
      },
    })
  }
  const fragment = (random() & 1) === 1
  return packet({
    ...header,
    ipProtocol: fragment ? Ipv4.UDP : Ipv4.TCP,
    moreFragments: fragment,
    fragmentOffset: random() & 0x1fff,
    body: { kind: "raw", octets: noise(random, length) },
  })
}

describe("properties", () => {
  it.prop(
    "parse gives back what emit was given",
    { seed: Seed },
    ({ seed }) => {
      const payload = randomPayload(generator(seed))
      const codec = codecNamed(payload.protocol)
      const octets = codec.emit(payload)
      assert.strictEqual(octets.length, codec.octetLength(payload))
      assert.deepStrictEqual(Result.getOrThrow(codec.parse(octets)), payload)
      assert.isString(codec.format(payload))
    },
    { arbitrary: { seed: 4, runs: 1000 } },
  )

  it.prop(
    "parse is total, and what it accepts is emitted in one canonical form",
    { seed: Seed },
    ({ seed }) => {
      const random = generator(seed)
      // Noise, or a good packet with a few octets changed and its end cut off: the latter gets past the first checks.
      const good = randomPayload(random)
      let octets = codecNamed(good.protocol).emit(good)
      if ((random() & 3) === 0) octets = noise(random, random() % 80)
      else {
        for (let i = random() % 4; i > 0; i--) octets[random() % octets.length] = random()
        octets = octets.subarray(0, octets.length - (random() & 1 ? random() % 40 : 0))
      }
      for (const codec of WITH_TICK) {
        const parsed = codec.parse(octets)
        if (Result.isFailure(parsed)) {
          assert.isAbove(parsed.failure.reason.length * parsed.failure.detail.length, 0)
          continue
        }
        const canonical = codec.emit(parsed.success)
        assert.deepStrictEqual(Result.getOrThrow(codec.parse(canonical)), parsed.success)
      }
    },
    { arbitrary: { seed: 5, runs: 2000 } },
  )
})
