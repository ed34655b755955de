/** What Wireshark makes of a BFD session's frames. Skipped where tshark and text2pcap are not installed (Debian package tshark). */
import { spawnSync } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import type { EthernetFrame } from "@l2lab/l2/EthernetFrame"
import * as FrameCodec from "@l2lab/l2/FrameCodec"
import { registry } from "@l2lab/l2/PayloadCodec"
import { codecs } from "@l2lab/l3/codecs"
import { MILLISECOND, SECOND } from "@l2lab/sim/SimTime"
import * as BfdPdu from "../../src/dualactive/BfdPdu.ts"

const installed = ["tshark", "text2pcap"].every((tool) => spawnSync(tool, ["--version"]).error === undefined)
const CODECS = registry(codecs([BfdPdu.codec]))

const FIELDS = {
  "eth.dst": "01:00:5e:90:00:01",
  "ip.ttl": "255",
  "udp.dstport": "3784",
  "bfd.version": "1",
  "bfd.sta": "0x03",
  "bfd.flags.p": "1",
  "bfd.detect_time_multiplier": "3",
  "bfd.my_discriminator": "0x0000002a",
  "bfd.your_discriminator": "0xfedcba98",
  "bfd.desired_min_tx_interval": "100000",
  "bfd.required_min_rx_interval": "1000000",
  "_ws.malformed": "",
  "_ws.expert.message": "",
}

const dissect = (frame: EthernetFrame): ReadonlyArray<string> => {
  const folder = mkdtempSync(join(tmpdir(), "l2lab-"))
  try {
    const file = join(folder, "frames.pcap")
    const octets = FrameCodec.emit(frame, -1, CODECS)
    const input = `0 ${Buffer.from(octets).toString("hex").replace(/../g, "$& ")}\n`
    assert.strictEqual(spawnSync("text2pcap", ["-q", "-", file], { input }).status, 0)
    const columns = Object.keys(FIELDS).flatMap((field) => ["-e", field])
    const checks = ["ip", "udp"].flatMap((protocol) => ["-o", `${protocol}.check_checksum:TRUE`])
    const read = spawnSync("tshark", ["-n", "-r", file, ...checks, "-T", "fields", "-E", "separator=;", ...columns], {
      encoding: "utf8",
    })
    assert.strictEqual(read.status, 0, read.stderr)
    return read.stdout.replace(/\n$/, "").split(";")
  } finally {
    rmSync(folder, { recursive: true })
  }
}

describe.skipIf(!installed)("tshark (skipped where tshark or text2pcap is not installed)", () => {
  it("reads a BFD control packet, field by field, and has nothing to say against it", () => {
    const packet: BfdPdu.BfdPacket = {
      protocol: "bfd",
      diagnostic: BfdPdu.NO_DIAGNOSTIC,
      state: "Up",
      poll: true,
      final: false,
      detectMult: 3,
      myDiscriminator: 42,
      yourDiscriminator: 0xfedcba98,
      desiredMinTx: 100 * MILLISECOND,
      requiredMinRx: SECOND,
    }
    const read = dissect(BfdPdu.frame(packet, 0x020000000103, 0x0a000001, 0x0a000002))
    assert.deepStrictEqual(Object.fromEntries(Object.keys(FIELDS).map((field, i) => [field, read[i]])), FIELDS)
  })
})
