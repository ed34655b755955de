/** The tidy rules themselves: each finds what it is there to find, on the right line, names the cure, and leaves the innocent alone. */
import { assert, describe, it } from "vitest"
import { bannedCalls } from "./tidy/Banned.ts"
import * as Housekeeping from "./tidy/Housekeeping.ts"
import { dependencyRules, importRules, importsOf } from "./tidy/Imports.ts"
import { format, type Offence, of } from "./tidy/SourceText.ts"

const CORE = "packages/l2/src/Sample.ts"

type Rule = (files: ReadonlyArray<ReturnType<typeof of>>) => ReadonlyArray<Offence>

const find = (rule: Rule, path: string, text: string): ReadonlyArray<string> => rule([of(path, text)]).map(format)

/** Samples of what this repository must not hold are spelt with gaps, so that they are no finds themselves. */
const joined = (text: string): string => text.replaceAll("_", "")

/** The rule finds exactly one thing, at this line, with these words in its sentence. */
const finds = (rule: Rule, path: string, text: string, line: number, ...words: ReadonlyArray<string>): void => {
  const found = find(rule, path, text)
  assert.lengthOf(found, 1, `${text}\n${found.join("\n")}`)
  assert.isTrue(found[0].startsWith(`${path}:${line}: `), found[0])
  for (const word of words) assert.include(found[0], word)
}

const leavesAlone = (rule: Rule, path: string, text: string): void => assert.deepStrictEqual(find(rule, path, text), [])

describe("reading source text", () => {
  it("blanks comments and strings, and keeps every line where it is", () => {
    const text = [
      'const a = "Date.now() // no" // Date.now()',
      "/* Math.random()",
      "   Math.random() */ const b = `x ${Date.now() + `${a}`} Math.random()`",
      "const c = /[/]\"'`Date.now()/.test(a) ? 1 / 2 / 3 : 0 // any",
      'const d = "it\\"s" + \'"\'',
      "const e = { f: `}` }",
    ].join("\n")
    const { bare, code } = of(CORE, text)
    assert.strictEqual(bare.length, text.length)
    assert.strictEqual(bare.split("\n").length, 6)
    assert.strictEqual(bare.match(/Date\.now/g)?.length, 1, bare)
    assert.notInclude(bare, "Math.random")
    assert.notInclude(bare, "any")
    assert.include(bare, "? 1 / 2 / 3 : 0")
    assert.include(code, '"Date.now() // no"')
    assert.notInclude(code, "/* Math")
  })
})

describe("imports", () => {
  const line = (specifier: string): string => `\nimport * as X from "${specifier}"\n`

  it("are found in all their forms", () => {
    const text = `import a from "one"
import { type b, c as d } from "two"
import type { e } from "three"
import "four"
export * from "five"
export { f } from "six"
import g, {
  h,
} from "seven"
const i = await import("eight")
// import "nine"
const j = 'import "ten"'
`
    assert.deepStrictEqual(
      importsOf(of(CORE, text)).map(({ specifier, names, line: at }) => [specifier, names.join(" "), at]),
      [
        ["one", "", 1],
        ["two", "b c", 2],
        ["three", "e", 3],
        ["four", "", 4],
        ["five", "", 5],
        ["six", "f", 6],
        ["seven", "h", 7],
        ["eight", "", 10],
      ],
    )
  })

  it("go down only", () => {
    finds(importRules, "packages/sim/src/A.ts", line("@l2lab/l2/Bridge"), 2, "sim may not import l2", "no other package")
    finds(importRules, "packages/l2/test/A.test.ts", line("@l2lab/stp/Bpdu"), 2, "l2 may not import stp", "only sim")
    finds(importRules, "packages/pcap-writer/src/A.ts", line("@l2lab/sim/SimTime"), 2, "pcap-writer may not import sim")
    finds(importRules, "packages/l3/src/A.ts", line("@l2lab/hypervisor/Host"), 2, "l3 may not import hypervisor")
    leavesAlone(importRules, "packages/migration/src/A.ts", line("@l2lab/hypervisor/Host") + line("@l2lab/sim/SimTime"))
    leavesAlone(importRules, "packages/design/src/A.ts", line("@l2lab/stp/Bpdu") + line("@l2lab/migration/Vmotion"))
  })

  it("keep spanning tree and hypervisors apart", () => {
    finds(importRules, "packages/stp/src/A.ts", line("@l2lab/hypervisor/Host"), 2, "stp may not import hypervisor")
    finds(importRules, "packages/hypervisor/src/A.ts", line("@l2lab/stp/Bpdu"), 2, "hypervisor may not import stp")
    finds(importRules, "packages/migration/src/A.ts", line("@l2lab/stp/Bpdu"), 2, "migration may not import stp")
  })

  it("never lead into an application", () => {
    finds(importRules, "packages/design/src/A.ts", line("@l2lab/lab/Lab"), 2, "application")
    finds(importRules, "bench/src/A.ts", line("@l2lab/lab/Lab"), 2, "application")
    leavesAlone(importRules, "apps/lab/src/A.ts", line("@l2lab/stp/Bpdu") + line("./B.ts") + line("node:fs"))
  })

  it("reach into no one's inside, and leave no package by its path", () => {
    finds(importRules, "apps/lab/src/A.ts", line("@l2lab/pcap-writer/internal/pcapngReader"), 2, "closed to others")
    finds(importRules, "packages/l2/src/A.ts", line("../../sim/src/World.ts"), 2, "leaves the package", "@l2lab/sim/")
    finds(importRules, "packages/l2/src/A.ts", line("@l2lab/sim/World.ts"), 2, "without an ending")
    leavesAlone(importRules, "packages/stp/src/stp1998/A.ts", line("../Bpdu.ts") + line("./internal/B.ts"))
    leavesAlone(importRules, "packages/stp/test/A.test.ts", line("../src/Bpdu.ts"))
  })

  it("bring no runtime into the core", () => {
    finds(importRules, CORE, '\nimport { Result, Effect } from "effect"', 2, "Effect of Effect's runtime", "*Service.ts")
    finds(importRules, CORE, '\nimport * as Layer from "effect/Layer"', 2, "Layer")
    finds(importRules, CORE, '\nimport type { Scheduler } from "effect"', 2, "Scheduler")
    finds(importRules, CORE, '\nimport { readFileSync } from "node:fs"', 2, "node:fs in the core")
    leavesAlone(importRules, CORE, 'import { Result, Schema, type Option } from "effect"\nimport * as Brand from "effect/Brand"')
    leavesAlone(importRules, "packages/sim/src/VirtualTimeService.ts", 'import { Effect } from "effect"')
    leavesAlone(importRules, "packages/sim/test/A.test.ts", 'import { Effect } from "effect"')
  })
})

describe("package.json", () => {
  const manifest = (content: object) => of("packages/l2/package.json", JSON.stringify(content, null, 2))
  const source = (path: string, specifier: string) => of(`packages/l2/${path}`, `import * as X from "${specifier}"`)

  it("lists what sources and tests import, each in its place", () => {
    const one = dependencyRules([manifest({ devDependencies: { yaml: "1" } }), source("src/A.ts", "yaml/parse")])
    assert.deepStrictEqual(one.map(format), [
      "packages/l2/src/A.ts:1: yaml is not among the dependencies of packages/l2/package.json: add it there",
    ])
    const two = dependencyRules([manifest({}), source("test/A.test.ts", "@effect/vitest")])
    assert.include(two[0].problem, "@effect/vitest is not among the devDependencies")
    const none = dependencyRules([
      manifest({ dependencies: { "@l2lab/sim": "1" }, devDependencies: { vitest: "1" } }),
      source("src/A.ts", "@l2lab/sim/World"),
      source("src/B.ts", "@l2lab/l2/Bridge"),
      source("src/C.ts", "node:fs"),
      source("test/A.test.ts", "vitest"),
      source("test/B.test.ts", "@l2lab/sim/World"),
    ])
    assert.deepStrictEqual(none, [])
  })

  it("lists nothing that nobody imports", () => {
    const found = dependencyRules([manifest({ dependencies: { "@l2lab/sim": "1" } }), source("src/A.ts", "./B.ts")])
    assert.deepStrictEqual(found.map(format), [
      "packages/l2/package.json:3: nothing in packages/l2 imports @l2lab/sim: take it out",
    ])
  })
})

describe("banned calls", () => {
  const BANNED: ReadonlyArray<readonly [code: string, cure: string]> = [
    ["const t = Date.now()", "`now`"],
    ["const t = new Date()", "`now`"],
    ["const t = performance.now()", "`now`"],
    ["const r = Math.random()", "out.random()"],
    ["setTimeout(f, 1)", "out.startTimer"],
    ["setImmediate(f)", "out.startTimer"],
    ["console.log(1)", "out.trace"],
    ["const e = process.env.X", "application"],
    ["const y = Math.log2(x)", "differs between machines"],
    ["const y = Math.pow(x, 2)", "**"],
    ["const y = Math.sin(x)", "differs between machines"],
    ["names.sort((a, b) => a.localeCompare(b))", "compare with < and >"],
    ["const f = async () => 1", "synchronous"],
    ["const p: Promise<void> = q", "synchronous"],
    ["const x: any = 1", "unknown"],
    ["const x = y as unknown as Z", "predicate"],
    ["const g = globalThis.x", "nothing is global"],
  ]
  for (const [code, cure] of BANNED) {
    it(code, () => {
      finds(bannedCalls, CORE, `// a comment\n${code}\n`, 2, cure)
      leavesAlone(bannedCalls, "packages/l2/src/SomeService.ts", code)
      leavesAlone(bannedCalls, "apps/lab/src/Sample.ts", code)
      leavesAlone(bannedCalls, "packages/l2/test/Sample.test.ts", code)
      leavesAlone(bannedCalls, CORE, `// ${code}\nconst text = ${JSON.stringify(code)}\n`)
    })
  }

  it("leave alone what is exact or only looks alike", () => {
    leavesAlone(bannedCalls, CORE, "const y = Math.sqrt(x) + Math.floor(x) + Math.imul(x, 2) + x ** 2")
    leavesAlone(bannedCalls, CORE, "const many = company.process\nconst update = candidate")
  })

  it("are allowed below a disabled lint rule with a reason", () => {
    const any = "export type A = B<any>"
    leavesAlone(
      bannedCalls,
      CORE,
      `// Kinds are only ever given their own states.\n// oxlint-disable-next-line typescript/no-explicit-any\n${any}`,
    )
    leavesAlone(bannedCalls, CORE, `// oxlint-disable-next-line no-console -- for the reason\nconsole.log(1)`)
    finds(bannedCalls, CORE, `const x = 1\n// oxlint-disable-next-line no-console\nconsole.log(1)`, 3, "out.trace")
  })
})

describe("housekeeping", () => {
  it("finds long files", () => {
    finds(Housekeeping.lengths, CORE, "\n".repeat(451), 451, "451 lines", "450")
    leavesAlone(Housekeeping.lengths, CORE, "\n".repeat(450))
    leavesAlone(Housekeeping.lengths, "packages/l2/test/A.test.ts", "\n".repeat(700))
    leavesAlone(Housekeeping.lengths, "docs/A.md", "\n".repeat(1000))
  })

  it("finds notes to self", () => {
    for (const word of ["T_O_D_O", "F_I_X_M_E"].map(joined)) finds(Housekeeping.notes, "docs/A.md", `a\nb ${word}: c\n`, 2, word)
    leavesAlone(Housekeeping.notes, CORE, "const mastodon = 1")
  })

  it("finds tests that keep others from running, or do not run for no reason", () => {
    const path = "packages/l2/test/A.test.ts"
    finds(Housekeeping.tests, path, '\nit.only("a", f)', 2, ".only")
    finds(Housekeeping.tests, path, '\ndescribe.only("a", f)', 2, ".only")
    finds(Housekeeping.tests, path, '\nit.effect.skip("a", f)', 2, "why")
    leavesAlone(Housekeeping.tests, path, '// needs tshark\nit.skip("a", f)')
    leavesAlone(Housekeeping.tests, path, 'it("says it.only in a string", f)')
  })

  it("finds places of one machine", () => {
    for (const place of ["_/home/me/x", "_/work/main", "_/tmp/x.json", "C_:\\\\temp"].map(joined)) {
      finds(Housekeeping.machinePaths, "docs/A.md", `a\nsee ${place}\n`, 2, "one machine")
      finds(Housekeeping.machinePaths, CORE, `const a = "${place}"`, 1, "one machine")
    }
    finds(Housekeeping.machinePaths, "docs/A.md", ["see ..", "shared/x"].join("/"), 1, "beside the repository")
    leavesAlone(Housekeeping.machinePaths, "docs/A.md", "packages/work/main, https://example.org/tmp/x, a/home/b, 1/tmp")
  })

  it("finds exports without a word", () => {
    finds(Housekeeping.docstrings, CORE, "\nexport const a = 1\n", 2, "a is exported")
    finds(Housekeeping.docstrings, CORE, "/** A. */\nexport const a = 1\n\nexport const b = 2\n", 4, "b is exported")
    finds(Housekeeping.docstrings, CORE, "\nexport interface Thing {\n  /** X. */\n  readonly x: 1\n}\n", 2, "Thing")
    leavesAlone(Housekeeping.docstrings, CORE, "/** A, and B. */\nexport const a = 1\nexport const b = 2\n")
    leavesAlone(Housekeeping.docstrings, CORE, "// A.\nexport const a = 1\n")
    leavesAlone(Housekeeping.docstrings, CORE, "/** Samples. */\nimport x from 'x'\n\nexport interface Sample {}\n")
    leavesAlone(
      Housekeeping.docstrings,
      CORE,
      "/** A Schema. */\nexport const Vm = Struct()\nconst b = 1\nexport type Vm = typeof Vm.Type\n",
    )
    leavesAlone(Housekeeping.docstrings, "apps/lab/src/A.ts", "\nexport const a = 1\n")
  })
})
