/** VTP's messages: octets of Catalysts both ways, their digests, and what is refused. */
import { assert, describe, it } from "@effect/vitest"
import { Result, Schema } from "effect"
import * as Database from "../src/vtp/Database.ts"
import * as VlanInfo from "../src/vtp/VlanInfo.ts"
import * as VtpPdu from "../src/vtp/VtpPdu.ts"

const octets = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replace(/\s/g, ""), "hex"))
const hex = (of: Uint8Array): string => Buffer.from(of).toString("hex")

/** A summary of a Catalyst and the VLANs of its subset, with the password 123: test vectors that John the Ripper publishes for its format `vtp`. */
const PUBLISHED = [
  {
    version: 2,
    summary: `0201010c 646f6d61696e313233343536 0000000000000000000000000000000000000000 00000015 00000000
      313431303039313433363137 6010913064949d6f47a53b2ad68ef06b 0000000106010002`,
    vlans: `14000107000105dc000186a164656661756c7400 14000105000505dc000186a56368656e61000000
      10000103000605dc000186a666666600 1800020c03ea05dc00018a8a666464692d64656661756c74
      3000030d03eb117800018a8b74726372662d64656661756c7400000001010ccc040103ed070100020801000709010007
      2000040f03ec05dc00018a8c666464696e65742d64656661756c740003010001
      2400050d03ed117800018a8d74726272662d64656661756c740000000201000f03010002`,
  },
  {
    version: 1,
    summary: `0101010c 646f6d61696e313233343536 0000000000000000000000000000000000000000 00000010 00000000
      313431303039313432373432 2212dd93025abc600281d74ddda8a21c 0101000200`,
    vlans: `14000107000105dc000186a164656661756c7400 14000105000505dc000186a568656c6c6f000000
      2000020c03ea05dc00018a8a666464692d64656661756c740101000004010000
      2800031203eb05dc00018a8b746f6b656e2d72696e672d64656661756c7400000101000004010000
      2400040f03ec05dc00018a8c666464696e65742d64656661756c74000201000003010001
      2400050d03ed05dc00018a8d74726e65742d64656661756c740000000201000003010002`,
  },
] as const

const subset = (version: 1 | 2, vlans: string): Uint8Array => {
  const head = new Uint8Array(40)
  head.set([version, 2, 1, 4, ...Buffer.from("FARM")])
  head[39] = 7
  return Uint8Array.from([...head, ...octets(vlans)])
}

const SUMMARY: VtpPdu.Summary = {
  protocol: "vtp",
  kind: "summary",
  version: 1,
  domain: "",
  followers: 0,
  revision: 0,
  updater: 0,
  timestamp: "",
  digest: new Uint8Array(16),
  trailer: VtpPdu.TRAILER[1],
}

describe("VTP", () => {
  it.each(PUBLISHED)(
    "version $version: summary and VLANs of a Catalyst are read, and written as they were",
    ({ summary, vlans, version }) => {
      const read = Result.getOrThrow(VtpPdu.parse(octets(summary)))
      assert.strictEqual(read.kind, "summary")
      assert.strictEqual(read.domain, "domain123456")
      assert.strictEqual(hex(VtpPdu.emit(read)), hex(octets(summary)))
      if (read.kind === "summary") assert.deepStrictEqual(read.trailer, VtpPdu.TRAILER[version])
      const part = Result.getOrThrow(VtpPdu.parse(subset(version, vlans)))
      assert.strictEqual(hex(VtpPdu.emit(part)), hex(subset(version, vlans)))
      if (part.kind !== "subset") throw new Error("no subset")
      assert.deepInclude(part.vlans[1], { id: 5, mtu: 1500, said: 100_005, type: VlanInfo.ETHERNET, status: 0 })
      const named = new Map(part.vlans.map(({ id, name }) => [id, name]))
      assert.deepStrictEqual(
        Database.make(Database.carrying(part.vlans), (id) => named.get(id), version),
        part.vlans,
        "the four of FDDI and Token Ring are the same",
      )
    },
  )

  it.each(PUBLISHED)(
    "version $version: the digest is that of the Catalyst, with its password and no other",
    ({ summary, vlans }) => {
      const read = Result.getOrThrow(VtpPdu.parse(octets(summary)))
      if (read.kind !== "summary") throw new Error("no summary")
      const database = Result.getOrThrow(VlanInfo.parse(octets(vlans), 0))
      assert.strictEqual(hex(Database.digestOf(Database.secretOf("123"), read, database)), hex(read.digest))
      assert.notStrictEqual(hex(Database.digestOf(Database.secretOf("1234"), read, database)), hex(read.digest))
      assert.strictEqual(
        hex(Database.digestOf(Database.secretOf("123"), { ...read, followers: 9, timestamp: "930301000000" }, database)),
        hex(read.digest),
        "whatever followers and time",
      )
    },
  )

  it("a switch out of the box has the digest that everyone knows", () => {
    const digest = Database.digestOf(
      Database.secretOf(""),
      SUMMARY,
      Database.make([1], () => undefined, 1),
    )
    assert.strictEqual(hex(digest), "57cd4065635947bd569d4a3ea56935bc")
  })

  it("a request has 38 octets", () => {
    const request: VtpPdu.Request = { protocol: "vtp", kind: "request", version: 2, domain: "FARM", start: 10 }
    assert.strictEqual(hex(VtpPdu.emit(request)), `020300044641524d${"00".repeat(28)}000a`)
    assert.deepStrictEqual(Result.getOrThrow(VtpPdu.parse(VtpPdu.emit(request))), request)
  })

  it("a large database goes in parts that fit into frames", () => {
    const all = Database.make(
      Array.from({ length: 1000 }, (_, i) => i + 1),
      () => undefined,
      2,
    )
    const parts = Database.parts(all)
    assert.deepStrictEqual(parts.flat(), all)
    for (const vlans of parts) {
      const part: VtpPdu.Subset = {
        protocol: "vtp",
        kind: "subset",
        version: 2,
        domain: "x".repeat(32),
        sequence: 1,
        revision: 1,
        vlans,
      }
      assert.isAtMost(VtpPdu.octetLength(part) + 8, 1500)
    }
    assert.strictEqual(Database.parts(all, 1000)[0][0].id, 1000)
  })

  it("says why octets are refused, at every length", () => {
    const reasonOf = (of: Uint8Array): string => {
      const parsed = VtpPdu.parse(of)
      return Result.isFailure(parsed) ? parsed.failure.reason : "taken"
    }
    const summary = octets(PUBLISHED[0].summary)
    for (let length = 0; length < 72; length++) assert.strictEqual(reasonOf(summary.subarray(0, length)), "Truncated")
    const whole = subset(2, PUBLISHED[0].vlans)
    for (let length = 0; length < whole.length; length++) {
      if (reasonOf(whole.subarray(0, length)) === "taken")
        assert.isTrue([40, 60, 80, 96, 120, 168, 200].includes(length), `${length}`)
    }
    const changed = (offset: number, value: number, of = whole): string => reasonOf(of.with(offset, value))
    assert.strictEqual(changed(0, 3), "BadVersion")
    assert.strictEqual(changed(1, 4), "UnknownType")
    assert.strictEqual(changed(3, 33), "BadLength")
    assert.strictEqual(changed(40, 0), "BadLength", "a VLAN without octets")
    assert.strictEqual(changed(40, 255), "BadLength")
    assert.strictEqual(changed(43, 33), "BadLength", "a name beyond its VLAN")
    assert.strictEqual(reasonOf(Uint8Array.from([...summary, ...new Uint8Array(64)])), "BadLength")
  })

  const Octet = Schema.Int.pipe(Schema.check(Schema.isBetween({ minimum: 0, maximum: 255 })))
  it.prop("of any octets is read or refused, and what is read is written again", { more: Schema.Array(Octet) }, ({ more }) => {
    for (const code of [1, 2, 3, 4]) {
      const whole = Uint8Array.from([2, code, 1, 4, ...Buffer.from("FARM"), ...new Uint8Array(28), ...new Uint8Array(4), ...more])
      const parsed = VtpPdu.parse(whole)
      if (Result.isFailure(parsed)) continue
      const written = VtpPdu.emit(parsed.success)
      assert.deepStrictEqual(Result.getOrThrow(VtpPdu.parse(written)), parsed.success)
    }
    VtpPdu.parse(Uint8Array.from(more))
  })
})
