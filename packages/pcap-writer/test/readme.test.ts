/** The first example of the README, run as it stands. */
import { execFileSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, it } from "@effect/vitest"
import { Result } from "effect"
import { afterAll } from "vitest"
import * as PcapReader from "../src/PcapReader.ts"

const directory = mkdtempSync(join(tmpdir(), "pcap-writer-"))
afterAll(() => rmSync(directory, { recursive: true }))

it("the README's first example writes the capture that it says", () => {
  const [, example] = /```ts\n(.*?)```/s.exec(readFileSync(join(import.meta.dirname, "../README.md"), "utf8"))!
  assert.isAtMost(example.trim().split("\n").length, 10)
  const source = new URL("../src/", import.meta.url).href
  // Outside the package its name leads nowhere: point the import at the source.
  const script = example.replace(`"@l2lab/pcap-writer/Capture"`, `"${source}Capture.ts"`)
  writeFileSync(join(directory, "example.ts"), script)
  execFileSync(process.execPath, ["--no-warnings", "example.ts"], { cwd: directory })
  const capture = Result.getOrThrow(PcapReader.parse(readFileSync(join(directory, "first.pcapng"))))
  assert.strictEqual(capture.interfaces[0].name, "sw1:24")
  const [packet] = capture.packets
  assert.deepStrictEqual([packet.seconds, packet.nanoseconds, packet.direction], [2, 1, "in"])
  assert.deepStrictEqual(packet.comments, ["who is 192.0.2.2?"])
})
