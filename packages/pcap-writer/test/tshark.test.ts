/** Wireshark's own readers, as independent judges of what is written. Skipped where they are not installed (Debian: apt install tshark). */
import { execFileSync, spawnSync } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { afterAll } from "vitest"
import * as Capture from "../src/Capture.ts"
import type { CaptureFormat } from "../src/CaptureFormat.ts"

const hasTool = (name: string): boolean => spawnSync(name, ["--version"]).status === 0
const installed = hasTool("tshark") && hasTool("capinfos")
const title = installed ? "tshark and capinfos" : "tshark and capinfos (skipped: not installed; apt install tshark)"

const directory = mkdtempSync(join(tmpdir(), "pcap-writer-"))
afterAll(() => rmSync(directory, { recursive: true }))

// Several packets of one flow: an ARP request of 60 octets, and its answer.
const arp = Uint8Array.from(
  Buffer.from("ffffffffffff02000000000108060001080006040001020000000001c0000201000000000000c0000202".padEnd(120, "0"), "hex"),
)

const write = (format: CaptureFormat, epochSeconds = 0): string => {
  const capture = Capture.make({
    format,
    epochSeconds,
    section: {
      comment: "two ports of one cable",
      hardware: "emulated farm",
      os: "l2lab virtual time",
      application: "l2lab test",
    },
  })
  const first = Capture.addInterface(capture, { name: "sw1:1", description: "trunk to sw2", comment: "blocks at first" })
  const second = Capture.addInterface(capture, { name: "sw2:1", rateBps: 10_000_000_000, fcsOctets: 0 })
  Capture.packet(capture, { interface: first, at: 1, octets: arp, direction: "out", comment: "first on the wire" })
  Capture.packet(capture, { interface: second, at: 2_000_000_001, octets: arp, direction: "in", comment: ["one", "zwei – 二"] })
  Capture.packet(capture, { interface: second, at: 2 ** 53 - 1, octets: arp.subarray(0, 42), originalLength: 60 })
  const third = Capture.addInterface(capture, { name: "late" })
  Capture.packet(capture, { interface: third, at: 3_600_000_000_000, octets: arp })
  const path = join(directory, `${format}-${epochSeconds}.${format === "pcapng" ? "pcapng" : "pcap"}`)
  writeFileSync(path, Capture.take(capture))
  return path
}

const run = (tool: string, ...args: Array<string>): string => execFileSync(tool, args, { encoding: "utf8", stdio: "pipe" })

/** Fields of each packet, in rows. */
const fields = (path: string, ...names: Array<string>): Array<Array<string>> =>
  run("tshark", "-r", path, "-T", "fields", "-E", "occurrence=a", ...names.flatMap((name) => ["-e", name]))
    .trimEnd()
    .split("\n")
    .map((line) => line.split("\t"))

describe.skipIf(!installed)(title, () => {
  it("pcapng: names, directions, comments and nanoseconds are read back", () => {
    const rows = fields(
      write("pcapng"),
      "frame.interface_name",
      "frame.interface_description",
      "frame.time_epoch",
      "frame.packet_flags_direction",
      "frame.comment",
      "frame.len",
      "frame.cap_len",
      "frame.protocols",
    )
    // A direction is shown as a number in the flags word; what stands for a comment of several is tshark's joining.
    assert.deepStrictEqual(rows, [
      ["sw1:1", "trunk to sw2", "0.000000001", "0x00000002", "first on the wire", "60", "60", "eth:ethertype:arp"],
      ["sw2:1", "", "2.000000001", "0x00000001", "one,zwei – 二", "60", "60", "eth:ethertype:arp"],
      ["sw2:1", "", "9007199.254740991", "", "", "60", "42", "eth:ethertype:arp"],
      ["late", "", "3600.000000000", "", "", "60", "60", "eth:ethertype:arp"],
    ])
  })

  it("pcapng: an epoch moves every stamp by whole seconds", () => {
    assert.deepStrictEqual(fields(write("pcapng", 1_199_145_600), "frame.time_epoch").flat(), [
      "1199145600.000000001",
      "1199145602.000000001",
      "1208152799.254740991",
      "1199149200.000000000",
    ])
  })

  it("capinfos: section options and interfaces", () => {
    const text = run("capinfos", write("pcapng"))
    for (const line of [
      /File type: +Wireshark\/\.\.\. - pcapng/,
      /Number of packets: +4\b/,
      /Capture hardware: +emulated farm/,
      /Capture oper-sys: +l2lab virtual time/,
      /Capture application: +l2lab test/,
      /Capture comment: +two ports of one cable/,
      /Number of interfaces in file: 3/,
      /Name = sw1:1/,
      /Description = trunk to sw2/,
      /Comment = blocks at first/,
      /Name = sw2:1/,
      /Speed = 10000000000/,
      /Name = late/,
      /Time precision = nanoseconds \(9\)/,
    ])
      assert.match(text, line)
  })

  it("classic pcap in both resolutions", () => {
    assert.deepStrictEqual(fields(write("pcap-ns"), "frame.time_epoch", "frame.len"), [
      ["0.000000001", "60"],
      ["2.000000001", "60"],
      ["9007199.254740991", "60"],
      ["3600.000000000", "60"],
    ])
    assert.deepStrictEqual(fields(write("pcap-us"), "frame.time_epoch").flat(), [
      "0.000000000",
      "2.000000000",
      "9007199.254740000",
      "3600.000000000",
    ])
    assert.match(run("capinfos", write("pcap-ns")), /nanosecond/)
  })
})
