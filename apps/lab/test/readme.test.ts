/** What the README shows runs as it stands there. */
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { expect, it } from "vitest"
import { labProcess } from "./support/cli.ts"
import { TRIANGLE } from "./support/designs.ts"
import { temporaryFolder } from "./support/folder.ts"

const folder = temporaryFolder()

it("the scenario of the README", { timeout: 30_000 }, async () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8")
  const [, script] = /```ts\n\/\/ reboot\.ts\n([\s\S]*?)```/.exec(readme) ?? []
  writeFileSync(join(folder, "triangle.l2.yml"), TRIANGLE)
  writeFileSync(join(folder, "reboot.ts"), script)
  const { code, out, err } = await labProcess(["run", "reboot.ts"], { cwd: folder })
  expect(err).toBe("")
  expect(code).toBe(0)
  expect(out).toMatch(/ok outage: 3\d(\.\d+)? s \(at most 60 s\)/)
})
