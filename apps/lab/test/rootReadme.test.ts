/** What the repository's README tells a first-time user to type works as it stands there. */
import { spawnSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, assert, describe, it } from "@effect/vitest"

const readme = readFileSync(new URL("../../../README.md", import.meta.url), "utf8")
const block = (language: string): string => new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``).exec(readme)?.[1] ?? ""

const folder = mkdtempSync(join(tmpdir(), "lab-readme-"))
afterAll(() => rmSync(folder, { recursive: true }))
writeFileSync(join(folder, "two.l2.yml"), block("yaml"))
writeFileSync(join(folder, "pull.ts"), block("ts"))

const main = new URL("../src/main.ts", import.meta.url).pathname
// The command lines, without what stands behind a #; quotes hold words together.
const commands = [...readme.matchAll(/^npx --no lab ([^#\n]*)/gm)].map(([, line]) =>
  [...line.trim().matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain),
)

describe("the README's commands", () => {
  it("are there", () => {
    assert.isAtLeast(commands.length, 6)
  })

  for (const args of commands) {
    it(`lab ${args.join(" ")}`, () => {
      const run = spawnSync(process.execPath, [main, ...args], { cwd: folder, encoding: "utf8" })
      assert.strictEqual(run.status, 0, run.stderr)
      assert.notStrictEqual(run.stdout, "")
      if (args.includes("mac")) assert.include(run.stdout, "DYNAMIC")
      if (args.includes("--pcap")) assert.isAbove(readFileSync(join(folder, args[args.indexOf("--pcap") + 1])).length, 1000)
    }, 60_000)
  }
})
