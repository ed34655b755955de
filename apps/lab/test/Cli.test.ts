/** The command line in process: what is said, where, and with which exit code. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { lab } from "./support/cli.ts"
import { TRIANGLE } from "./support/designs.ts"
import { temporaryFolder } from "./support/folder.ts"

const folder = temporaryFolder()
const file = (name: string, text: string): string => {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}
const triangle = file("triangle.l2.yml", TRIANGLE)

/** Bad input: exit code 2, nothing on standard output but the heading, one message on standard error, no stack. */
const refused = (args: ReadonlyArray<string>, ...patterns: ReadonlyArray<RegExp>) =>
  Effect.gen(function* () {
    const { code, err } = yield* lab(...args)
    assert.strictEqual(code, 2, err)
    for (const pattern of patterns) assert.match(err, pattern)
    assert.notMatch(err, /^ {4}at /m)
    return err
  })

describe("help", () => {
  it.effect("every command has a description and examples", () =>
    Effect.gen(function* () {
      for (const command of ["run", "demo", "show", "conform", "replay"]) {
        const { code, out } = yield* lab(command, "--help")
        assert.strictEqual(code, 0)
        assert.match(out, /DESCRIPTION[\s\S]*USAGE\s+lab [\s\S]*EXAMPLES\s+# /, command)
      }
    }),
  )

  it.effect("without a command the commands are listed", () =>
    Effect.gen(function* () {
      const { code, out } = yield* lab()
      assert.strictEqual(code, 0)
      for (const command of ["demo", "run", "show", "conform", "replay"]) assert.match(out, new RegExp(`^ {2}${command} `, "m"))
    }),
  )
})

describe("a mistyped command line is exit code 2 and one line", () => {
  const cases: ReadonlyArray<readonly [args: ReadonlyArray<string>, line: RegExp]> = [
    [["rum"], /^lab: there is no command "rum"; did you mean run\?\n$/],
    [["run"], /^lab: lab run needs <what>: npx --no lab run --help tells more\n$/],
    [["run", "x", "--sede", "3"], /^lab: lab run has no flag --sede; did you mean --seed\?\n$/],
    [["run", "x", "--bogus"], /^lab: lab run has no flag --bogus: npx --no lab run --help tells more\n$/],
    [["run", "x", "--seed", "x"], /^lab: --seed cannot be "x": give a number\n$/],
    [["run", "x", "--seed"], /^lab: --seed needs a value: npx --no lab run --help tells more\n$/],
    [["run", "x", "y"], /^lab: lab run does not know what to do with "y": npx --no lab run --help tells more\n$/],
    [["run", "x", "--seed", "-1"], /^lab: --seed -1: a seed is an integer from 0 to 4294967295\n$/],
    [["run", "x", "--limit", "3"], /^lab: --limit 3: 3 has no unit: write .*\b3s\b/],
    [["run", "x", "--capture", "sw1"], /^lab: --capture sw1: there is no file to capture to; add --pcap FILE\.pcapng\n$/],
    [["run", "x", "--capture", ", ", "--pcap", "x.pcapng"], /^lab: --capture ", " names no port: write sw1:1, sw1, or all\n$/],
    [["conform", "x", "--limit", "5"], /^lab: --limit 5: 5 has no unit/],
    [["run", "vmotoin"], /^lab: there is no scenario "vmotoin"; did you mean "vmotion"\?/],
    [["run", "vmotion", "--limit", "-5s"], /^lab: --limit needs a value: npx --no lab run --help tells more\n$/],
  ]
  for (const [args, line] of cases) it.effect(`lab ${args.join(" ")}`, () => refused(args, line))
})

describe("bad designs and files are exit code 2 and say where", () => {
  it.effect("a file that is not there", () => refused(["run", "none.l2.yml"], /^lab: none\.l2\.yml: there is no such file/))
  it.effect("a folder", () => refused(["run", file("x.l2.yml", "").replace("x.l2.yml", "")], /^lab: there is no scenario/))
  it.effect("an unknown key, with line, column and cure", () =>
    refused(
      ["run", file("key.l2.yml", "nodes:\n  sw1: { prots: 4 }\n")],
      /key\.l2\.yml:2:10: nodes\.sw1\.prots: .*did you mean "ports"/,
    ),
  )
  it.effect("several problems are several lines", () =>
    Effect.gen(function* () {
      const design = file(
        "many.l2.yml",
        'nodes:\n  sw1: { ports: 2, mac: 02:00:00:00:00:0g }\nvlans: [4095]\nlinks: [["sw1:1", "sw2:1"]]\n',
      )
      const err = yield* refused(["run", design], /02:00:00:00:00:0g/, /4095/)
      assert.isAtLeast(err.trim().split("\n").length, 2)
    }),
  )
  it.effect("random octets", () => refused(["run", file("junk.l2.yml", "\u0000\u0001{{[\ufffd")], /junk\.l2\.yml/))

  it.effect("a scenario that is none", () =>
    refused(
      ["run", file("none.ts", "export default 3\n")],
      /its default export is no scenario: write "export default Scenario\.make/,
    ),
  )
  it.effect("a scenario that does not parse", () =>
    refused(["run", file("broken.ts", "export default (\n")], /cannot load the scenario .*broken\.ts/),
  )
  it.effect("a scenario whose design is not there", () =>
    refused(
      [
        "run",
        file(
          "lost.ts",
          'import { Effect } from "effect"\nimport * as Scenario from "@l2lab/lab/Scenario"\nexport default Scenario.make("lost", { design: "gone.l2.yml" }, Effect.void)\n',
        ),
      ],
      /gone\.l2\.yml: there is no such file/,
    ),
  )

  it.effect("a capture whose ending says nothing, or whose folder does not exist", () =>
    Effect.gen(function* () {
      yield* refused(["run", triangle, "--pcap", join(folder, "x.txt")], /end the name in \.pcapng .* or \.pcap/)
      yield* refused(
        ["run", triangle, "--pcap", join(folder, "no/x.pcapng")],
        /its directory does not exist \(ENOENT\)\. Make the directory first/,
      )
      mkdirSync(join(folder, "folder.pcapng"))
      yield* refused(["run", triangle, "--pcap", join(folder, "folder.pcapng")], /it is a directory \(EISDIR\)/)
    }),
  )
  it.effect("a mistyped port leaves an old capture alone", () =>
    Effect.gen(function* () {
      const old = file("old.pcapng", "precious")
      yield* refused(["run", triangle, "--pcap", old, "--capture", "sw1:9"], /sw1 has no port "9"; it has sw1:1 to sw1:2/)
      yield* refused(["run", triangle, "--pcap", old, "--capture", "sw1,sw4"], /no node "sw4"; did you mean "sw1"\?/)
      assert.strictEqual(readFileSync(old, "utf8"), "precious")
    }),
  )
  it.effect.skipIf(!existsSync("/dev/full"))("a full disk, for captures, traces and command logs", () =>
    Effect.gen(function* () {
      const full = join(folder, "full.pcapng")
      symlinkSync("/dev/full", full)
      yield* refused(
        ["run", triangle, "--pcap", full],
        /cannot write the capture to .*full\.pcapng: no space left on the device \(ENOSPC\)/,
      )
      yield* refused(
        ["run", triangle, "--trace", "/dev/full"],
        /cannot write the trace to \/dev\/full: no space left on the device/,
      )
      yield* refused(["run", triangle, "--save-log", "/dev/full"], /cannot write the command log to \/dev\/full: no space left/)
    }),
  )
  it.effect("a command log that cannot be written is told before the run", () =>
    Effect.gen(function* () {
      const { code, out, err } = yield* lab("run", triangle, "--save-log", join(folder, "no/log.json"))
      assert.strictEqual(code, 2)
      assert.strictEqual(out, "")
      assert.match(err, /^lab: cannot write the command log to .*no\/log\.json: its directory does not exist/)
    }),
  )
  it.effect("looking whether it can be written leaves no file behind", () =>
    Effect.gen(function* () {
      const log = join(folder, "unborn.json")
      yield* refused(["run", triangle, "--save-log", log, "--pcap", join(folder, "no/x.pcapng")], /Make the directory first/)
      assert.isFalse(existsSync(log))
    }),
  )
  it.effect("a folder for the demo that is a file, or cannot be made", () =>
    Effect.gen(function* () {
      yield* refused(
        ["demo", "--out", file("taken", "")],
        /^lab: --out .*taken: .*taken is a file, and no folder: name another\n$/,
      )
      yield* refused(["demo", "--out", join(folder, "taken/below")], /taken is a file, and no folder/)
      yield* refused(["demo", "--out", "/proc/nope"], /^lab: --out \/proc\/nope: /)
    }),
  )
  it.effect("a command log that is none", () =>
    Effect.gen(function* () {
      yield* refused(["replay", join(folder, "none.json")], /^lab: there is no file .*none\.json\n$/)
      yield* refused(["replay", file("junk.json", "{}")], /junk\.json is no command log of this version/)
    }),
  )
})

describe("lab run on a design", () => {
  it.effect("settles, shows the tree and where to go on", () =>
    Effect.gen(function* () {
      const { code, out, err } = yield* lab("run", triangle)
      assert.strictEqual(code, 0)
      assert.strictEqual(err, "")
      assert.include(out, "triangle: 3 switches, 2 hosts, 5 cables; seed 1\n")
      assert.include(out, "settled: nothing has changed since 30.000 s")
      assert.match(out, /root sw1 \(1000\.02:/)
      assert.match(out, /sw3 +Gi0\/1 to sw1 +4 +1 +Gi0\/2 to sw2/)
      assert.include(out, `try  npx --no lab show ${triangle} spanning-tree`)
      for (const line of out.split("\n")) if (!line.includes(triangle)) assert.isAtMost(line.length, 80, line)
    }),
  )

  it.effect("with a limit too short is exit code 1", () =>
    Effect.gen(function* () {
      const { code, out } = yield* lab("run", triangle, "--limit", "20s")
      assert.strictEqual(code, 1)
      assert.match(out, /FAILED the network has not settled within 20 s/)
    }),
  )

  it.effect("a warning is broken at 80 columns, its place first, and one line with --json", () =>
    Effect.gen(function* () {
      const warned = file(
        "warned.l2.yml",
        "nodes: { sw1: { port: { 1: { bpduGuard: true, rootGuard: true } } }, sw2: }\nlinks: [[sw1, sw2]]\n",
      )
      const [first, ...more] = (yield* lab("run", warned, "--limit", "1s")).err.trimEnd().split("\n")
      assert.match(first ?? "", /^warning: \S*warned\.l2\.yml:1:\d+:/)
      assert.isAbove(more.length, 0)
      for (const line of more.slice(0, 2)) assert.match(line, /^ {2}\S.{0,77}$/)
      const { err } = yield* lab("run", warned, "--limit", "1s", "--json")
      assert.match(err, /^warning: \S*warned\.l2\.yml:1:\d+: .*contradictory-guards: bpduGuard .* one of the two will do\n/)
    }),
  )

  it.effect("for programs: JSON and nothing else", () =>
    Effect.gen(function* () {
      const { code, out, err } = yield* lab("run", triangle, "--json", "--seed", "7")
      assert.strictEqual(code, 0)
      assert.strictEqual(err, "")
      const report = JSON.parse(out)
      assert.strictEqual(report.design, "triangle")
      assert.strictEqual(report.seed, 7)
      assert.strictEqual(report.exitCode, 0)
      assert.strictEqual(report.endedAt, 80e9)
      assert.match(report.fingerprint, /^[0-9a-f]{16}$/)
    }),
  )

  it.effect("quietly: nothing at all", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* lab("run", triangle, "--quiet"), { code: 0, out: "", err: "" })
    }),
  )

  it.effect("a trace is one JSON object a line, with names for numbers", () =>
    Effect.gen(function* () {
      const trace = join(folder, "t.ndjson")
      yield* lab("run", triangle, "-q", "--trace", trace)
      const lines = readFileSync(trace, "utf8").trimEnd().split("\n")
      const events = lines.map((line) => JSON.parse(line))
      assert.deepStrictEqual(events[0], { at: "0.000000000", node: "sw1", event: "sim.carrier", port: "sw1:1", state: "up" })
      const forwarding = events.filter((event) => event.event === "stp.port-state" && event.to === "forwarding")
      assert.deepStrictEqual(
        forwarding.map((event) => `${event.at} ${event.port}`).sort(),
        ["sw1:1", "sw1:2", "sw2:1", "sw2:2", "sw2:3", "sw3:1", "sw3:3"].map((port) => `30.000000000 ${port}`),
      )
    }),
  )

  it.effect("tables of numbers go to a folder of their own, as CSV", () =>
    Effect.gen(function* () {
      const script = join(folder, "keeps.ts")
      writeFileSync(
        script,
        `import { Effect } from "effect"
import * as Check from "@l2lab/lab/Check"
import { Lab } from "@l2lab/lab/Lab"
import * as Scenario from "@l2lab/lab/Scenario"
export default Scenario.make("keeps", { design: "two-switches.l2.yml" }, Effect.gen(function* () {
  const lab = yield* Lab
  yield* lab.data("heard", { columns: ["who", "what"], rows: [["sw1", 'says "here", twice'], ["sw2", 2.5]] })
  yield* Check.that("kept", true)
}))
`,
      )
      const data = join(folder, "new/data")
      const { code, out } = yield* lab("run", script, "--data", data)
      assert.strictEqual(code, 0)
      assert.include(out, `data     ${join(data, "heard.csv")}\n`)
      assert.strictEqual(readFileSync(join(data, "heard.csv"), "utf8"), 'who,what\nsw1,"says ""here"", twice"\nsw2,2.5\n')
      assert.include((yield* lab("run", triangle, "--data", data)).out, "data     the scenario keeps none\n")
      yield* refused(
        ["run", triangle, "--data", script],
        /--data .*keeps\.ts: .*keeps\.ts is a file, and no folder: name another/,
      )
      yield* refused(["run", script, "--data", "/proc/no"], /--data \/proc\/no: \/proc takes no folders: name another/)
    }),
  )

  it.effect("a saved log replays to the same fingerprint without its script", () =>
    Effect.gen(function* () {
      for (const scenario of ["triangle-stp", "two-switch-loop"]) {
        const log = join(folder, `${scenario}.json`)
        assert.strictEqual((yield* lab("run", scenario, "-q", "--save-log", log)).code, 0)
        const { code, out } = yield* lab("replay", log, "--json")
        assert.strictEqual(code, 0, out)
        assert.isTrue(JSON.parse(out).same)
        const changed = JSON.parse(readFileSync(log, "utf8"))
        changed.commands.pop()
        writeFileSync(log, JSON.stringify(changed))
        assert.strictEqual((yield* lab("replay", log)).code, 1, "a log without its last command goes another way")
        changed.commands[0].node = 99
        writeFileSync(log, JSON.stringify(changed))
        yield* refused(["replay", log], /does not fit its design: command 0 is for node 99, and the design has \d+\n$/)
      }
    }),
  )
})
