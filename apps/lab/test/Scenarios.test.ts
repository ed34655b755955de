/** Every shipped scenario, as users run them: checks hold, captures are the same each time, octets change nothing. */
import { spawnSync } from "node:child_process"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import * as PcapReader from "@l2lab/pcap-writer/PcapReader"
import { Result } from "effect"
import { describe, expect, it } from "vitest"
import { labProcess } from "./support/cli.ts"
import { temporaryFolder } from "./support/folder.ts"

const folder = temporaryFolder()
const scenarios = readdirSync(fileURLToPath(new URL("../scenarios/", import.meta.url))).sort()
const hasTshark = spawnSync("tshark", ["--version"]).status === 0

const run = async (scenario: string, ...flags: ReadonlyArray<string>) => {
  const { code, out, err } = await labProcess(["run", scenario, "--json", ...flags])
  expect(code, `${out}${err}`).toBe(0)
  return JSON.parse(out)
}

describe.each(scenarios)("%s", (scenario) => {
  const file = (name: string) => join(folder, `${scenario}-${name}`)
  let plain: Promise<Awaited<ReturnType<typeof run>>> | undefined
  const plainRun = () => (plain ??= run(scenario))

  it("its checks hold", { timeout: 180_000 }, async () => {
    const { checks } = await plainRun()
    expect(checks.length).toBeGreaterThan(2)
    expect(checks.filter((check: { readonly passed: boolean }) => !check.passed)).toEqual([])
  })

  it(
    "captured, traced and through octets it goes the same way; two captures are the same octets",
    { timeout: 300_000 },
    async () => {
      const a = await run(scenario, "--pcap", file("a.pcapng"))
      const b = await run(scenario, "--pcap", file("b.pcapng"), "--trace", file("b.ndjson"), "--octets")
      const { fingerprint } = await plainRun()
      expect([a.fingerprint, b.fingerprint]).toEqual([fingerprint, fingerprint])
      const octets = readFileSync(file("a.pcapng"))
      expect(octets.equals(readFileSync(file("b.pcapng")))).toBe(true)
      const capture = PcapReader.parse(octets)
      expect(Result.isSuccess(capture) && capture.success.packets.length).toBe(a.capture.packets)
    },
  )

  it.skipIf(!hasTshark)("tshark finds no malformed packet (skipped without tshark)", { timeout: 120_000 }, () => {
    const { status, stdout, stderr } = spawnSync("tshark", [
      "-r",
      file("a.pcapng"),
      "-Y",
      "_ws.malformed || _ws.expert.severity == error",
    ])
    expect(status, String(stderr)).toBe(0)
    expect(String(stdout)).toBe("")
  })
})
