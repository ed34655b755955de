/** The program as a process: the link that npx runs, signals, a reader that goes away. */
import { spawnSync } from "node:child_process"
import { accessSync, constants, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import * as PcapReader from "@l2lab/pcap-writer/PcapReader"
import { Result } from "effect"
import { describe, expect, it } from "vitest"
import { ended, labProcess, start } from "./support/cli.ts"
import { TRIANGLE } from "./support/designs.ts"
import { temporaryFolder } from "./support/folder.ts"

const folder = temporaryFolder()
const MAIN = fileURLToPath(new URL("../src/main.ts", import.meta.url))

// Runs for ever, with enough frames to fill buffers, until someone interrupts it.
const ENDLESS = `
import { Effect } from "effect"
import { Lab } from "@l2lab/lab/Lab"
import * as Scenario from "@l2lab/lab/Scenario"
enum Each { Hour = "1 hour" }
export default Scenario.make("endless", { design: "triangle.l2.yml", capture: ["all"] }, Effect.gen(function* () {
  const lab = yield* Lab
  yield* lab.host("pc1").ping("pc2", { every: "1 millis" })
  yield* lab.say("started")
  yield* Effect.forever(Effect.sleep(Each.Hour))
}))
`
writeFileSync(join(folder, "triangle.l2.yml"), TRIANGLE)
writeFileSync(join(folder, "endless.ts"), ENDLESS)

describe("the program", () => {
  it("is executable, and says what it is to the shell", () => {
    accessSync(MAIN, constants.X_OK)
    expect(readFileSync(MAIN, "utf8").split("\n")[0]).toBe("#!/usr/bin/env node")
  })

  it("gives its exit codes to the shell", { timeout: 30_000 }, async () => {
    const codes = await Promise.all([
      labProcess(["run", "triangle.l2.yml", "-q"], { cwd: folder }),
      labProcess(["run", "triangle.l2.yml", "-q", "--limit", "10s"], { cwd: folder }),
      labProcess(["run", "triangle.l2.yml", "--bogus"], { cwd: folder }),
    ])
    expect(codes.map(({ code }) => code)).toEqual([0, 1, 2])
    expect(codes[0]).toEqual({ code: 0, out: "", err: "" })
  })

  it("interrupted in mid-run it ends with 130, one line, and a valid capture", { timeout: 30_000 }, async () => {
    const pcap = join(folder, "cut.pcapng")
    const child = start(["run", "endless.ts", "--pcap", pcap], { cwd: folder })
    let interrupted = false
    const { code, err } = await ended(child, (out) => {
      if (interrupted || !out.includes("started")) return
      interrupted = true
      // A few buffers' worth of packets later.
      setTimeout(() => child.kill("SIGINT"), 300)
    })
    expect(code).toBe(130)
    expect(err).toMatch(
      /^lab: endless interrupted after [\d.]+ k?s of virtual time; .*cut\.pcapng is valid and holds [\d,]+ packets\n$/,
    )
    const capture = PcapReader.parse(readFileSync(pcap))
    if (Result.isFailure(capture)) throw new Error(capture.failure.detail)
    const told = Number(/holds ([\d,]+) packets/.exec(err)?.[1].replaceAll(",", ""))
    expect(capture.success.packets.length).toBe(told)
    expect(told).toBeGreaterThan(100)
  })

  it("a reader that goes away is no error", { timeout: 30_000 }, () => {
    const { status, stderr } = spawnSync("sh", ["-c", `"${process.execPath}" "${MAIN}" run triangle.l2.yml | head -1`], {
      cwd: folder,
    })
    expect(status).toBe(0)
    expect(String(stderr)).toBe("")
  })

  it("a user's own mistake is told by its line, without a stack", { timeout: 30_000 }, async () => {
    const script = ENDLESS.replace("yield* lab.say", "const nothing: any = null\n  nothing.oops()\n  yield* lab.say")
    writeFileSync(join(folder, "mistake.ts"), script)
    const { code, err } = await labProcess(["run", "mistake.ts", "-q"], { cwd: folder })
    expect(code).toBe(2)
    expect(err).toMatch(/^lab: .*mistake\.ts:10:\d+: TypeError: Cannot read properties of null \(reading 'oops'\)\n$/)
  })

  it("what Effect refuses of a script is the script's mistake too", { timeout: 30_000 }, async () => {
    const mistakes = [
      ['yield* Effect.sleep("5s" as any)', /scenario-0\.ts:9: "5s" is no duration here: write "5 seconds"\n$/],
      [
        'yield* Effect.timeout(lab.converged, "9min" as any)',
        /scenario-1\.ts:9:\d+: "9min" is no duration here: write "9 minutes"\n$/,
      ],
      [
        'yield* lab.host("pc1").ping("pc2", { every: "100ms" as any })',
        /^lab: .*scenario-2\.ts:9: every: "100ms" is no duration here: write "100 millis"\n$/,
      ],
      ['yield* lab.link("sw1:1", "sw9:1").down', /scenario-3\.ts:9: there is no port "sw9:1": .*did you mean "sw/],
      [
        'yield* lab.storm.run({ lasting: "1 second", afterwards: { rate: 3 } })',
        /scenario-4\.ts:9: storm-rate: a storm cannot be slowed down to 3 bits a second: give a whole number from 1,000 on\n$/,
      ],
      ["yield* (lab as any).convergd", /scenario-5\.ts:9:\d+: what stands behind yield\* is no Effect: is its name right\?\n$/],
    ] as const
    for (const [i, [line, sentence]] of mistakes.entries()) {
      writeFileSync(join(folder, `scenario-${i}.ts`), ENDLESS.replace("yield* lab.say", `${line}\n  yield* lab.say`))
      const { code, err } = await labProcess(["run", `scenario-${i}.ts`, "-q"], { cwd: folder })
      expect(err).toMatch(sentence)
      expect(code).toBe(2)
    }
  })
})
