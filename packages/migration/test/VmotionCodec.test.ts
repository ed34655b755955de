import { assert, describe, it } from "@effect/vitest"
import * as M from "@l2lab/migration/VmotionMessage"
import * as VmotionCodec from "@l2lab/migration/VmotionCodec"
import { Result, Schema } from "effect"
import { between } from "./between.ts"
import { vm } from "./Farm.ts"

const head = { protocol: M.PROTOCOL, migration: 0x1a2b3c4d, sequence: 17, push: true } as const

const MESSAGES: ReadonlyArray<M.VmotionMessage> = [
  { ...head, kind: M.CHECK, vm: vm(3, { name: "web-3", gateway: 0x0a000a01, touchedMib: 2 }) },
  { ...head, kind: M.PREPARE },
  { ...head, kind: M.ROUND, round: 2, pages: 1000 },
  { ...head, kind: M.PAGE, page: 5, version: 9, part: 1, parts: 3 },
  { ...head, kind: M.PAGE, page: 16_777_215, version: 0xffffffff, part: 0, parts: 1 },
  { ...head, kind: M.PAGES, pages: [5, 700], versions: [1, 2] },
  { ...head, kind: M.ZEROS, page: 100, count: 924 },
  { ...head, kind: M.ROUND_END },
  { ...head, kind: M.STUNNED, round: 0, pages: 34 },
  { ...head, kind: M.STATE, offset: 1444, total: 1500, octets: new Uint8Array(56).fill(7) },
  { ...head, kind: M.RESUME },
  { ...head, kind: M.REMOVED },
  { ...head, kind: M.CHECKED, reason: 7 },
  { ...head, kind: M.PREPARED, reason: 0 },
  { ...head, kind: M.RESUMED },
  { ...head, push: false, kind: M.ACK },
  { ...head, push: false, kind: M.VERDICT, outcome: M.OUTCOME_RUNNING, reason: 0 },
  { ...head, push: false, kind: M.QUERY },
]

describe("every kind", () => {
  for (const message of MESSAGES)
    it(VmotionCodec.format(message), () => {
      const octets = VmotionCodec.emit(message)
      assert.strictEqual(octets.length, VmotionCodec.octetLength(message))
      assert.deepStrictEqual(Result.getOrThrow(VmotionCodec.parse(octets)), message)
      for (let length = 0; length < octets.length; length++)
        assert.isTrue(Result.isFailure(VmotionCodec.parse(octets.slice(0, length))), `cut to ${length}`)
    })
})

it("golden octets: an acknowledgement, a verdict, the start of a page", () => {
  const hex = (message: M.VmotionMessage) => Buffer.from(VmotionCodec.emit(message)).toString("hex")
  assert.strictEqual(hex(MESSAGES[15]), "560120001a2b3c4d00000011")
  assert.strictEqual(hex(MESSAGES[16]), "560121001a2b3c4d0000001100020000")
  assert.strictEqual(hex(MESSAGES[3]).slice(0, 48), "560104011a2b3c4d00000011000000050000000901030556")
})

it("the parts of a page are one page, and it differs from version to version", () => {
  const part = (version: number, which: number, parts: number) =>
    VmotionCodec.emit({ ...head, kind: M.PAGE, page: 5, version, part: which, parts }).subarray(M.PAGE_HEADER_OCTETS)
  const parts = Buffer.concat([0, 1, 2].map((which) => part(9, which, 3)))
  assert.strictEqual(parts.length, 4096)
  assert.isTrue(parts.equals(part(9, 0, 1)))
  assert.isFalse(parts.equals(part(10, 0, 1)))
})

it("octets that are not the page's content are refused", () => {
  const octets = VmotionCodec.emit(MESSAGES[3])
  octets[1000] ^= 1
  const parsed = VmotionCodec.parse(octets)
  assert.isTrue(Result.isFailure(parsed) && parsed.failure.reason === "BadContent")
})

describe("layout", () => {
  it("MTU 1500: three segments a page; MTU 9000: two pages a segment; nothing is larger than the room", () => {
    assert.deepStrictEqual(M.layoutFor(1472), { parts: 3, pagesPerSegment: 1, stateOctets: 1448 })
    assert.deepStrictEqual(M.layoutFor(8972), { parts: 1, pagesPerSegment: 2, stateOctets: 8948 })
  })

  it.prop(
    "fits any MTU",
    { room: between(100, 65_000) },
    ({ room }) => {
      const { pagesPerSegment, parts, stateOctets } = M.layoutFor(room)
      let page = 0
      for (let part = 0; part < parts; part++) {
        page += M.partOctets(part, parts)
        assert.isAbove(M.partOctets(part, parts), 0)
        if (pagesPerSegment === 1) assert.isAtMost(M.PAGE_HEADER_OCTETS + M.partOctets(part, parts), room)
      }
      assert.strictEqual(page, 4096)
      if (pagesPerSegment > 1)
        assert.isAtMost(M.PAGES_HEADER_OCTETS + pagesPerSegment * (4096 + M.WHOLE_PAGE_HEADER_OCTETS), room)
      assert.isAbove(stateOctets, 0)
    },
    { arbitrary: { runs: 300, seed: 63 } },
  )
})

it.prop(
  "parse is total, and emit(parse(octets)) is octets",
  { kind: between(0, 40), flags: between(0, 2), rest: Schema.Array(between(0, 255)) },
  ({ flags, kind, rest }) => {
    const octets = Uint8Array.from([0x56, 1, kind, flags, ...rest])
    const parsed = VmotionCodec.parse(octets)
    if (Result.isFailure(parsed)) assert.isAbove(parsed.failure.detail.length, 0)
    else assert.deepStrictEqual(VmotionCodec.emit(parsed.success), octets)
  },
  { arbitrary: { runs: 2000, seed: 64, size: 24 } },
)
