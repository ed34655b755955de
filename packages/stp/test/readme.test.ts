/** The example of the README runs, and prints what the README says. */
import { spawnSync } from "node:child_process"
import { readFileSync } from "node:fs"
import { assert, it } from "@effect/vitest"

it("the README's example prints what it says", () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8")
  const [, program, output] = /```js\n([^]*?)```\n\n```\n([^]*?)```/.exec(readme) ?? []
  assert.isDefined(output)
  const run = spawnSync(process.execPath, ["--input-type=module", "-e", program], {
    cwd: new URL("..", import.meta.url),
    encoding: "utf8",
  })
  assert.strictEqual(run.stdout, output, run.stderr)
}, 30_000)
