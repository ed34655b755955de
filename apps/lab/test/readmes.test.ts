/** The examples of the packages' READMEs run, and print what the READMEs say. */
import { spawnSync } from "node:child_process"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { assert, describe, it } from "@effect/vitest"

const packages = new URL("../../../packages/", import.meta.url)
const EXAMPLE = /```js\n([^]*?)```\n\n```\n([^]*?)```/

const examples = readdirSync(packages).flatMap((name) => {
  const readme = new URL(`${name}/README.md`, packages)
  const example = existsSync(readme) ? EXAMPLE.exec(readFileSync(readme, "utf8")) : null
  return example === null ? [] : [{ name, program: example[1], output: example[2] }]
})

describe("the example of a package's README prints what it says", () => {
  it("there are such packages", () => {
    assert.includeMembers(
      examples.map(({ name }) => name),
      ["design", "hypervisor", "l2", "l3", "migration", "sim", "stp"],
    )
  })

  for (const { name, program, output } of examples) {
    it(
      name,
      () => {
        const run = spawnSync(process.execPath, ["--input-type=module", "-e", program], {
          cwd: new URL(`${name}/`, packages),
          encoding: "utf8",
        })
        assert.strictEqual(run.stdout, output, run.stderr)
      },
      30_000,
    )
  }
})
