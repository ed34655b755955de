/** Interfaces, snap lengths, back-pressure, and what a caller's mistakes are told. */
import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import * as Capture from "../src/Capture.ts"
import { formatOf } from "../src/CaptureFormat.ts"
import * as PcapReader from "../src/PcapReader.ts"

const read = (octets: Uint8Array): PcapReader.ReadCapture => Result.getOrThrow(PcapReader.parse(octets))

describe("interfaces", () => {
  it("may be added in mid-file, before their first packet", () => {
    const capture = Capture.make({ format: "pcapng" })
    const first = Capture.addInterface(capture, { name: "a" })
    Capture.packet(capture, { interface: first, at: 1, octets: Uint8Array.of(1) })
    const second = Capture.addInterface(capture, { name: "b" })
    Capture.packet(capture, { interface: second, at: 2, octets: Uint8Array.of(2) })
    const { interfaces, packets } = read(Capture.take(capture))
    assert.deepStrictEqual(
      interfaces.map((one) => one.name),
      ["a", "b"],
    )
    assert.deepStrictEqual(
      packets.map((packet) => packet.interface),
      [0, 1],
    )
  })

  it("an interface that was not added is a mistake, and so is an instant that is no integer", () => {
    const capture = Capture.make({ format: "pcapng" })
    const octets = new Uint8Array(0)
    assert.throws(() => Capture.packet(capture, { interface: 0, at: 0, octets }), "interface 0 was not added; the capture has 0")
    Capture.addInterface(capture, { name: "a" })
    for (const at of [-1, 0.5, Number.NaN, 2 ** 53])
      assert.throws(() => Capture.packet(capture, { interface: 0, at, octets }), `got ${at}`)
    assert.throws(() => Capture.make({ format: "pcapng", epochSeconds: 4_285_960_097 }), "epochSeconds")
    assert.throws(() => Capture.addInterface(capture, { name: "a", snapLength: -1 }), "snapLength")
  })
})

describe("snap length", () => {
  it("cuts packets and keeps their length, in every format", () => {
    for (const format of ["pcapng", "pcap-ns", "pcap-us"] as const) {
      const capture = Capture.make({ format, snapLength: 4 })
      const id = Capture.addInterface(capture, { name: "a" })
      Capture.packet(capture, { interface: id, at: 0, octets: Uint8Array.of(1, 2, 3, 4, 5, 6) })
      const [packet] = read(Capture.take(capture)).packets
      assert.deepStrictEqual([...packet.octets], [1, 2, 3, 4])
      assert.strictEqual(packet.originalLength, 6)
    }
  })
})

describe("back-pressure", () => {
  it("chunks put together are the capture that was never drained", () => {
    const options = { format: "pcapng", highWaterOctets: 512 } as const
    const drained = Capture.make(options)
    const whole = Capture.make(options)
    for (const capture of [drained, whole]) Capture.addInterface(capture, { name: "a" })
    const chunks: Array<Uint8Array> = []
    for (let i = 0; i < 500; i++) {
      const packet = {
        interface: 0,
        at: i,
        octets: new Uint8Array(i).fill(i),
        ...(i % 7 === 0 ? { comment: `packet ${i}` } : {}),
      }
      Capture.packet(drained, packet)
      Capture.packet(whole, packet)
      if (Capture.needsDrain(drained)) {
        const chunk = Capture.take(drained)
        chunks.push(chunk.slice())
        Capture.release(drained, chunk)
      }
    }
    chunks.push(Capture.take(drained))
    assert.isAbove(chunks.length, 100)
    assert.deepStrictEqual(Buffer.concat(chunks), Buffer.from(Capture.take(whole)))
  })

  it("two arrays serve any number of drains", () => {
    const capture = Capture.make({ format: "pcap-ns", highWaterOctets: 1000 })
    Capture.addInterface(capture, { name: "a" })
    const arrays = new Set<ArrayBufferLike>()
    const octets = new Uint8Array(100)
    for (let i = 0; i < 1000; i++) {
      Capture.packet(capture, { interface: 0, at: i, octets })
      if (!Capture.needsDrain(capture)) continue
      const chunk = Capture.take(capture)
      arrays.add(chunk.buffer)
      Capture.release(capture, chunk)
    }
    assert.strictEqual(arrays.size, 2)
  })

  it("a chunk that is not given back keeps what it holds", () => {
    const capture = Capture.make({ format: "pcap-ns" })
    Capture.addInterface(capture, { name: "a" })
    const head = Capture.take(capture)
    const before = head.slice()
    for (let i = 0; i < 100; i++) Capture.packet(capture, { interface: 0, at: i, octets: new Uint8Array(60).fill(i) })
    assert.deepStrictEqual(head, before)
  })
})

describe("formatOf", () => {
  it("goes by the ending, in any case", () => {
    assert.deepStrictEqual(formatOf("x/farm.pcapng"), Result.succeed("pcapng"))
    assert.deepStrictEqual(formatOf("FARM.PCAP"), Result.succeed("pcap-ns"))
  })

  it("refuses others with a sentence", () => {
    const refused = formatOf("farm.cap")
    assert.isTrue(Result.isFailure(refused) && refused.failure.includes(`"farm.cap"`) && refused.failure.includes(".pcapng"))
  })
})
