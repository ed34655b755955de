/** MST BPDUs: captured frames with their decode by tshark, what is read as an RST BPDU instead, random octets, round trips. */
import * as FrameCodec from "@l2lab/l2/FrameCodec"
import * as PayloadCodec from "@l2lab/l2/PayloadCodec"
import { assert, describe, it } from "@effect/vitest"
import { Result, Schema } from "effect"
import { readFileSync } from "node:fs"
import { gunzipSync } from "node:zlib"
import * as Bpdu from "../src/Bpdu.ts"
import * as Wireshark from "./Wireshark.ts"

interface Captured {
  readonly id: string
  readonly bridge: string
  readonly port: number
  readonly hex: string
  readonly tshark: Readonly<Record<string, unknown>>
}

const captured: ReadonlyArray<Captured> = gunzipSync(readFileSync(new URL("fixtures/mst-frames.jsonl.gz", import.meta.url)))
  .toString()
  .split("\n")
  .filter((line) => line !== "")
  .map((line) => JSON.parse(line) as Captured)

/** Octets before the BPDU: addresses, length, LLC header. */
const HEADER_OCTETS = 17

const octetsOf = ({ hex }: Captured): Uint8Array => Uint8Array.from(Buffer.from(hex, "hex"))
const bpduOctetsOf = (frame: Captured): Uint8Array => octetsOf(frame).subarray(HEADER_OCTETS)
const parsed = (octets: Uint8Array): Bpdu.Bpdu => Result.getOrThrow(Bpdu.parse(octets))

const mstOf = (octets: Uint8Array): Bpdu.MstBpdu => {
  const bpdu = parsed(octets)
  if (bpdu.kind !== "mst") throw new Error(`read as ${bpdu.kind}`)
  return bpdu
}

describe("captured MST BPDUs", () => {
  it("are 117, with 0 to 8 MSTIs, in every role, and hold every flag but master set and clear", () => {
    assert.strictEqual(captured.length, 117)
    const messages = captured.map((frame) => mstOf(bpduOctetsOf(frame)).mstis)
    assert.deepEqual(
      [...new Set(messages.map(({ length }) => length))].toSorted((a, b) => a - b),
      [0, 1, 2, 3, 4, 5, 6, 7, 8],
    )
    for (const flag of ["topologyChange", "proposal", "learning", "forwarding", "agreement"] as const) {
      assert.strictEqual(new Set(messages.flat().map((message) => message[flag])).size, 2, flag)
    }
    assert.strictEqual(new Set(messages.flat().map(({ role }) => role)).size, Bpdu.RST_ROLES.length)
  })

  it("come out as tshark decodes them, and are emitted as the same octets again", () => {
    for (const frame of captured) {
      const octets = bpduOctetsOf(frame)
      const bpdu = mstOf(octets)
      const title = `${frame.id} ${frame.bridge} port ${frame.port}`
      const { "frame.len": length, ...expected } = frame.tshark
      const { msti, protocol, version_1_length, ...fields } = expected
      assert.deepEqual(Wireshark.fields(bpdu), fields as never, title)
      assert.deepEqual(bpdu.mstis.map(Wireshark.mstiFields), msti as never, title)
      assert.deepEqual([protocol, version_1_length], ["0x0000", "0"], title)
      assert.strictEqual(octets.length + HEADER_OCTETS, Number(length))
      assert.deepEqual(Bpdu.emit(bpdu), octets, title)
      assert.strictEqual(Bpdu.octetLength(bpdu), octets.length)
    }
  })

  it("go through the frame codec as payloads", () => {
    const codecs = PayloadCodec.registry([Bpdu.codec])
    for (const captive of captured) {
      const octets = octetsOf(captive)
      const { frame, refused } = Result.getOrThrow(FrameCodec.parse(octets, codecs))
      assert.isUndefined(refused)
      assert.deepEqual(FrameCodec.emit(frame, -1, codecs), octets)
    }
  })
})

/** The captured BPDU with the most MSTIs. */
const largest = bpduOctetsOf(captured.find(({ tshark }) => (tshark["msti"] as ReadonlyArray<unknown>).length === 8)!)
const withTwo = bpduOctetsOf(captured.find(({ tshark }) => (tshark["msti"] as ReadonlyArray<unknown>).length === 2)!)

const altered = (octets: Uint8Array, offset: number, ...values: ReadonlyArray<number>): Uint8Array => {
  const copy = octets.slice()
  copy.set(values, offset)
  return copy
}

/** What an 802.1D-2004 bridge reads: the first 36 octets, as version 2. */
const asRst = (octets: Uint8Array): Bpdu.Bpdu => parsed(altered(octets.subarray(0, Bpdu.RST_OCTETS), 2, 2))

describe("an MST BPDU that cannot be read as one is the RST BPDU of its first octets", () => {
  it("when it is cut anywhere behind them", () => {
    for (let length = Bpdu.RST_OCTETS; length < largest.length; length++) {
      assert.deepEqual(parsed(largest.subarray(0, length)), asRst(largest), `${length} octets`)
    }
    const result = Bpdu.parse(largest.subarray(0, Bpdu.RST_OCTETS - 1))
    assert.isTrue(Result.isFailure(result) && result.failure.reason === "Truncated")
  })

  it("when its version 3 length is no whole number of messages, or of more than 64", () => {
    const long = new Uint8Array(102 + 65 * 16)
    long.set(withTwo)
    for (const length of [0, 63, 65, 64 + 8, 64 + 65 * 16, 0xffff]) {
      const octets = altered(long, 36, length >> 8, length)
      assert.deepEqual(parsed(octets), asRst(octets), `version 3 length ${length}`)
    }
    assert.strictEqual(mstOf(altered(long, 36, (64 + 64 * 16) >> 8, 64 + 64 * 16)).mstis.length, 64)
  })

  it("when it has a version 1 part", () => {
    const octets = altered(withTwo, 35, 1)
    assert.deepEqual(parsed(octets), asRst(octets))
  })

  it("when its version is 2, whatever follows", () => {
    assert.deepEqual(parsed(altered(withTwo, 2, 2)), asRst(withTwo))
  })
})

describe("parse", () => {
  it("takes a version beyond 3 for 3, and octets behind the last message for padding", () => {
    assert.deepEqual(parsed(altered(withTwo, 2, 4)), parsed(withTwo))
    const padded = new Uint8Array(withTwo.length + 20).fill(0xa5)
    padded.set(withTwo)
    assert.deepEqual(parsed(padded), parsed(withTwo))
  })

  it("ignores what has no meaning: the highest flag of the CIST, the lower halves of priorities", () => {
    assert.deepEqual(parsed(altered(withTwo, 4, withTwo[4] | 0x80)), parsed(withTwo))
    const [bridge, port] = withTwo.subarray(102 + 13)
    assert.deepEqual(parsed(altered(withTwo, 102 + 13, bridge | 0x0f, port | 0x0f)), parsed(withTwo))
  })

  it("reads the master flag of an MSTI, the highest", () => {
    const octets = altered(withTwo, 102, withTwo[102] | 0x80)
    assert.deepEqual(
      mstOf(octets).mstis.map(({ master }) => master),
      [true, false],
    )
    assert.deepEqual(Bpdu.emit(parsed(octets)), octets)
  })

  it("keeps its own copy of the digest", () => {
    const octets = withTwo.slice()
    const bpdu = mstOf(octets)
    octets.fill(0)
    assert.deepEqual(bpdu, parsed(withTwo))
  })

  it.prop("never throws, and what it accepts comes back after emit", { octets: Schema.Uint8Array }, ({ octets }) => {
    for (const mstis of [0, 1, 5]) {
      const length = 64 + 16 * mstis
      const candidate = new Uint8Array(102 + 16 * mstis)
      candidate.set(octets.subarray(0, candidate.length))
      candidate.set([0, 0, 3, 2])
      candidate.set([0, length >> 8, length], 35)
      const bpdu = mstOf(candidate)
      assert.strictEqual(bpdu.mstis.length, mstis)
      assert.deepEqual(parsed(Bpdu.emit(bpdu)), bpdu)
    }
  })
})

const integer = (maximum: number) => Schema.Int.check(Schema.isBetween({ minimum: 0, maximum }))
const U16 = integer(0xffff)
const U32 = integer(0xffffffff)
const Address = integer(0xffffffffffff)
const flags = {
  topologyChange: Schema.Boolean,
  proposal: Schema.Boolean,
  role: Schema.Literals(Bpdu.RST_ROLES),
  learning: Schema.Boolean,
  forwarding: Schema.Boolean,
  agreement: Schema.Boolean,
}
const Msti = Schema.Struct({
  master: Schema.Boolean,
  ...flags,
  regionalRootPriority: U16,
  regionalRootAddress: Address,
  internalRootPathCost: U32,
  bridgePriority: Schema.Literals([0, 4096, 32_768, 61_440]),
  portPriority: Schema.Literals([0, 16, 128, 240]),
  remainingHops: integer(255),
})
const fields = {
  ...flags,
  rootPriority: U16,
  rootAddress: Address,
  rootPathCost: U32,
  bridgePriority: U16,
  bridgeAddress: Address,
  portIdentifier: U16,
  messageAge: U16,
  maxAge: U16,
  helloTime: U16,
  forwardDelay: U16,
  internalRootPathCost: U32,
  cistBridgePriority: U16,
  cistBridgeAddress: Address,
  remainingHops: integer(255),
}

describe("emit", () => {
  it.prop(
    "parse takes back whatever can be built",
    {
      fields: Schema.Struct(fields),
      mstis: Schema.Array(Msti).check(Schema.isMaxLength(64)),
      name: Schema.Literals(["", "a", "region name of 32 octets in all.", "caf\u00e9"]),
      revision: U16,
      digestOctet: integer(255),
    },
    ({ digestOctet, fields, mstis, name, revision }) => {
      const bpdu: Bpdu.MstBpdu = {
        protocol: "bpdu",
        kind: "mst",
        ...fields,
        configurationId: { formatSelector: 0, name, revision, digest: new Uint8Array(16).fill(digestOctet) },
        mstis,
      }
      assert.deepEqual(parsed(Bpdu.emit(bpdu)), bpdu)
    },
    { arbitrary: { runs: 100 } },
  )
})

it("format reads like tcpdump", () => {
  const frame = captured.find(
    ({ id, tshark }) => id === "m006-rand-big" && (tshark["msti"] as ReadonlyArray<unknown>).length === 1,
  )!
  assert.strictEqual(
    Bpdu.format(parsed(bpduOctetsOf(frame))),
    "STP 802.1s, Multiple STP, flags [root, learn, forward, agreement], root 1000.02:14:e4:fa:55:f6 cost 2000, " +
      "regional root 1000.02:f2:c7:58:80:17 port 8003, message-age 1s, max-age 20s, hello-time 2s, forwarding-delay 15s, " +
      'region "core" revision 0 digest 390b9292f7821f8a7029e94f9f1a86d5, internal cost 0, sender 1000.02:f2:c7:58:80:17, hops 15, ' +
      "MSTI 1 flags [master, learn, forward, agreement] root 8001.02:90:9e:88:1a:29 cost 2000 bridge-priority 32768 " +
      "port-priority 128 hops 19",
  )
})
