/**
 * What Wireshark makes of our frames: a ping across a cable, a RARP and datagrams, put to tshark with every checksum checked. Skipped
 * where tshark and text2pcap are not installed (Debian package tshark).
 */
import { spawnSync } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import type { EthernetFrame, StructuredPayload } from "@l2lab/l2/EthernetFrame"
import * as MacAddress from "@l2lab/l2/MacAddress"
import { L3_CODECS } from "@l2lab/l3/codecs"
import { SECOND } from "@l2lab/sim/SimTime"
import { B_IP, Cable } from "./Cable.ts"

const installed = ["tshark", "text2pcap"].every((tool) => spawnSync(tool, ["--version"]).error === undefined)

/** A frame as it is captured: no FCS, padded to 60 octets. */
const octetsOf = (frame: EthernetFrame): Uint8Array => {
  const payload = frame.payload as StructuredPayload
  const codec = L3_CODECS.find(({ name }) => name === payload.protocol)
  assert.isDefined(codec)
  const octets = new Uint8Array(frame.wireOctets - 4)
  MacAddress.write(frame.destination, octets, 0)
  MacAddress.write(frame.source, octets, 6)
  octets[12] = frame.protocol >>> 8
  octets[13] = frame.protocol
  octets.set(codec.emit(payload), 14)
  return octets
}

/** The value of each field in each frame, a line a frame, as tshark finds them with every checksum checked. */
const dissect = (frames: ReadonlyArray<Uint8Array>, fields: ReadonlyArray<string>): ReadonlyArray<string> => {
  // Neither tool reads a socket, which is what a child's standard input is here.
  const folder = mkdtempSync(join(tmpdir(), "l2lab-"))
  try {
    const file = join(folder, "frames.pcap")
    const hex = frames.map((octets) => `000000 ${Array.from(octets, (octet) => octet.toString(16).padStart(2, "0")).join(" ")}\n`)
    const written = spawnSync("text2pcap", ["-q", "-", file], { input: hex.join("\n"), encoding: "utf8" })
    assert.strictEqual(written.status, 0, written.stderr)
    const checks = ["ip", "udp"].flatMap((protocol) => ["-o", `${protocol}.check_checksum:TRUE`])
    const columns = fields.flatMap((field) => ["-e", field])
    const read = spawnSync("tshark", ["-n", "-r", file, ...checks, "-T", "fields", "-E", "separator=;", ...columns], {
      encoding: "utf8",
    })
    assert.strictEqual(read.status, 0, read.stderr)
    return read.stdout.trim().split("\n")
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const FIELDS = ["frame.protocols", "arp.opcode", "icmp.type", "icmp.seq", "ip.dst", "udp.length", "_ws.expert.message"]

describe.skipIf(!installed)("tshark (skipped where tshark or text2pcap is not installed)", () => {
  it("finds every frame well-formed and every checksum right", () => {
    const cable = new Cable()
    cable.command(0, { type: "rarp.announce" })
    cable.command(0, { type: "arp.announce" })
    cable.command(0, { type: "ping.start", target: B_IP, everyNs: SECOND, count: 2 })
    cable.command(0, { type: "ping.start", target: B_IP, everyNs: SECOND, count: 1, payloadOctets: 1472 })
    cable.run(2 * SECOND)
    for (const payloadOctets of [0, 1, 1472])
      cable.command(0, { type: "udp.send", to: B_IP, sourcePort: 40_000, destinationPort: 40_001, payloadOctets })
    const lines = dissect(
      cable.sent.map(({ frame }) => octetsOf(frame)),
      FIELDS,
    )
    const request = (sequence: number) => `eth:ethertype:ip:icmp:data;;8;${sequence};10.0.0.2;;`
    const reply = (sequence: number) => `eth:ethertype:ip:icmp:data;;0;${sequence};10.0.0.1;;`
    assert.deepStrictEqual(lines, [
      "eth:ethertype:arp;3;;;;;",
      "eth:ethertype:arp;1;;;;;",
      "eth:ethertype:arp;1;;;;;",
      "eth:ethertype:arp;2;;;;;",
      request(0),
      request(0),
      reply(0),
      reply(0),
      request(1),
      reply(1),
      "eth:ethertype:ip:udp;;;;10.0.0.2;8;",
      "eth:ethertype:ip:udp:data;;;;10.0.0.2;9;",
      "eth:ethertype:ip:udp:data;;;;10.0.0.2;1480;",
    ])
  }, 30_000)

  it("finds a wrong checksum, so its silence above means something", () => {
    const cable = new Cable()
    cable.command(0, { type: "ping.start", target: B_IP, everyNs: SECOND, count: 1 })
    cable.run(SECOND)
    const octets = octetsOf(cable.sent[2].frame)
    octets[24] ^= 1
    octets[50] ^= 1
    const [line] = dissect([octets], ["_ws.expert.message"])
    assert.strictEqual(line.match(/Bad checksum/g)?.length, 2)
  }, 30_000)
})
