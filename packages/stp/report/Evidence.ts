/** What tests show: which functions each of them calls, which arcs it takes. Found by running them, with `record.ts` beside them. */
import { spawnSync } from "node:child_process"
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

/** What one test did. */
export interface TestEvidence {
  /** From the package's folder: `test/rstp2004/Machines.test.ts`. */
  readonly file: string
  /** Its groups and the test itself, outermost first. */
  readonly titles: ReadonlyArray<string>
  /** `rstp2004/Procedures.ts#rcvInfo`, and how much of it was run: 0..1. */
  readonly functions: Readonly<Record<string, number>>
  /** `rstp2004 PIM CURRENT -> RECEIVE`. */
  readonly arcs: ReadonlyArray<string>
}

const PACKAGE = fileURLToPath(new URL("../", import.meta.url))

/** Test files whose runs show nothing in particular: random networks go everywhere, octets go to other programs; and the one that asks for this. */
const LEFT_OUT = [
  "**/*.prop.test.ts",
  "**/*.sim.test.ts",
  "**/simulation/**",
  "**/Interworking.test.ts",
  "**/Shortcuts.test.ts",
  "**/Times.test.ts",
  "**/tshark.test.ts",
  "**/Evidence.test.ts",
]

/** The environment without what a test runner that we may be part of left in it. */
const withoutVitest = (): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(VITEST|TEST$|FORCE_COLOR)/.test(name)))

/** Tests that do not pass show nothing. */
export class TestsFailed extends Error {
  constructor(printed: string) {
    const failed = printed.split("\n").filter((line) => /^\s*(FAIL|\w*Error:)/.test(line))
    const told = failed.slice(0, 10).map((line) => `\n${line}`)
    super(
      `the tests of packages/stp do not pass, so they show nothing; npx --no vitest run packages/stp says more${told.join("")}`,
    )
  }
}

/** Run the package's tests and gather what they did, in the order of files and tests. */
export const gather = (): ReadonlyArray<TestEvidence> => {
  const folder = mkdtempSync(join(tmpdir(), "l2lab-evidence-"))
  try {
    const vitest = fileURLToPath(new URL("../vitest.mjs", import.meta.resolve("vitest")))
    const { status, stderr, stdout } = spawnSync(
      process.execPath,
      [vitest, "run", "--reporter", "agent", "--testTimeout", "120000", ...LEFT_OUT.flatMap((pattern) => ["--exclude", pattern])],
      { cwd: PACKAGE, env: { ...withoutVitest(), NO_COLOR: "1", L2LAB_EVIDENCE: folder }, encoding: "utf8" },
    )
    if (status !== 0) throw new TestsFailed(`${stdout}${stderr}`)
    const lines = readdirSync(folder).flatMap((file) => readFileSync(join(folder, file), "utf8").trimEnd().split("\n"))
    const order = lines.map((line, index) => ({ index, evidence: JSON.parse(line) as TestEvidence }))
    return order
      .toSorted((a, b) => (a.evidence.file < b.evidence.file ? -1 : a.evidence.file > b.evidence.file ? 1 : a.index - b.index))
      .map(({ evidence }) => evidence)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
