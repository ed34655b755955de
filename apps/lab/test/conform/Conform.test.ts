/** `Conform.run`: what it prints, its exit codes, bad files, captures; and the records of textbook facts. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import * as PcapReader from "@l2lab/pcap-writer/PcapReader"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll } from "vitest"
import { gzipSync } from "node:zlib"
import * as Case from "../../src/conform/Case.ts"
import * as Conform from "../../src/conform/Conform.ts"
import * as Record from "../../src/conform/Record.ts"
import { Output } from "../../src/Output.ts"

const folder = mkdtempSync(join(tmpdir(), "conform-"))
afterAll(() => rmSync(folder, { recursive: true }))

const file = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

interface Outcome {
  readonly code: number | undefined
  readonly out: string
  readonly problem: string | undefined
}

const conform = async (options: Conform.Options): Promise<Outcome> => {
  const out: Array<string> = []
  const exit = await Conform.run(options).pipe(
    Effect.provide(Layer.merge(Output.collect(out, []), NodeServices.layer)),
    Effect.runPromiseExit,
  )
  const error = Exit.isFailure(exit) ? Cause.squash(exit.cause) : undefined
  return {
    code: Exit.isSuccess(exit) ? exit.value : undefined,
    out: out.join(""),
    problem: error instanceof Error ? error.message.replaceAll(`${folder}/`, "") : undefined,
  }
}

const id = (last: string) => `8000.02:00:00:00:${last}:01`

/** Two bridges on two cables. */
const pair = (fields: object = {}) => ({
  id: "pair",
  source: "test",
  protocol: "stp",
  bridges: ["01", "02"].map((last, index) => ({
    name: `b${index}`,
    mac: `02:00:00:00:${last}:01`,
    ports: [
      { no: 1, cost: 10, segment: "s0" },
      { no: 2, cost: 10, segment: "s1" },
    ],
  })),
  segments: ["s0", "s1"].map((name, index) => ({
    name,
    via: "direct",
    attachments: [
      ["b0", index + 1],
      ["b1", index + 1],
    ],
  })),
  steps: [
    {
      do: { type: "start" },
      converged_after_s: 30,
      observed: {
        b0: { is_root: true, all_ports_in: "forwarding" },
        b1: { root: id("01"), root_path_cost: 10, root_port: 1, ports: { "2": { state: "blocking", not_root_port: true } } },
      },
    },
  ],
  ...fields,
})

const jsonl = (...records: ReadonlyArray<object>): string => records.map((record) => `${JSON.stringify(record)}\n`).join("")

const step = (what: object, b1: object) => ({ do: what, observed: { b1 } })

describe("Conform.run", () => {
  it("prints a line a case and the sum", async () => {
    const path = file("good.jsonl", jsonl(pair()))
    // 40 hellos of the root on two ports, two of b1 before it knew of the root, and two answers to them.
    assert.deepEqual(await conform({ paths: [path] }), {
      code: 0,
      out:
        "ok     pair                          1 step      80.0 s       84 BPDUs\n" +
        "converged as fast as recorded, within 2 x hello + 1 s a hop: 1 of 1 step\n" +
        "1 passed, 0 failed\n",
      problem: undefined,
    })
  })

  it("names the first difference, and exits with 1", async () => {
    const steps = [...pair().steps, step({ type: "link-down", segment: "s0" }, { root_port: 2, root_path_cost: 11 })]
    const path = file("bad.jsonl.gz", gzipSync(jsonl(pair(), pair({ id: "other", steps }))))
    const { code, out } = await conform({ paths: [path], quiet: true })
    assert.strictEqual(code, 1)
    assert.match(out, /^FAILED other /)
    assert.include(out, "       step 2 (link-down s0): b1: root_path_cost is 10, recorded 11\n")
    assert.include(out, "1 passed, 1 failed\n")
    for (const line of out.split("\n")) assert.isAtMost(line.length, 80)
    const json = JSON.parse((await conform({ paths: [path], json: true })).out) as {
      readonly failed: number
      readonly files: ReadonlyArray<{ readonly cases: ReadonlyArray<{ readonly reason?: string }> }>
    }
    assert.strictEqual(json.failed, 1)
    assert.strictEqual(json.files[0].cases[1].reason, "step 2 (link-down s0): b1: root_path_cost is 10, recorded 11")
  })

  it("counts a protocol that is not emulated as failed", async () => {
    const path = file("spb.jsonl", jsonl({ id: "r1", protocol: "spb" }, { id: "r2", protocol: "vtp" }))
    const { code, out } = await conform({ paths: [path] })
    assert.strictEqual(code, 1)
    assert.include(out, 'protocol "spb" is unknown')
    assert.include(out, 'protocol "vtp" is unknown')
    assert.include(out, "0 passed, 2 failed\n")
  })

  it("tells a file without records from one that passed", async () => {
    assert.strictEqual((await conform({ paths: [file("empty.jsonl", "\n")] })).code, 3)
  })

  it("answers a bad file with one sentence that names file and line", async () => {
    const good = jsonl(pair())
    const alter = (fields: object) => jsonl(pair({ id: "x", ...fields }))
    const cases: ReadonlyArray<readonly [content: string | Uint8Array, problem: string | RegExp]> = [
      [good + good.slice(0, 200), /^f:2: the record ends in the middle, after 200 characters; the file seems to be cut off$/],
      [good + good, 'f:2: the id "pair" was used on line 1 already'],
      ["nonsense\n", "f:1: not a JSON record; golden files hold one JSON object a line"],
      ["[]\n", /^f:1: Expected /],
      [Uint8Array.of(0xff, 0xfe, 0x00, 0x80), /^f: is not text/],
      [gzipSync(good).subarray(0, 60), /^f: begins as a gzip file but cannot be unpacked/],
      [alter({ bridges: [] }), /^f:1: bridges/],
      [alter({ steps: [{ do: { type: "explode" } }] }), /^f:1: steps\.0\.do\.type: expected one of start, none, link-down/],
      [alter({ steps: [{ do: { type: "link-down", segment: "s9" } }] }), 'f:1: step 1: segment "s9" is not in the record'],
      [alter({ steps: [{ do: { type: "port-down", bridge: "b1", port: 7 } }] }), "f:1: step 1: bridge b1 has no port 7"],
      [alter({ steps: [{ do: { type: "bridge-remove", bridge: "b7" } }] }), 'f:1: step 1: bridge "b7" is not in the record'],
      [alter({ timers: { hello_s: 2, forward_delay_s: "15", max_age_s: 20 } }), /^f:1: timers\.forward_delay_s: /],
      [alter({ segments: [{ name: "s0", via: "radio", attachments: [] }] }), /^f:1: segments\.0\.via: /],
      [good.replace("02:00:00:00:01:01", "02:00:00:00:01:0g"), /^f:1: bridges\.0\.mac: expected a MAC address like/],
    ]
    for (const [content, problem] of cases) {
      const outcome = await conform({ paths: [file("f", content)] })
      assert.isUndefined(outcome.code)
      assert.strictEqual(outcome.out, "")
      if (typeof problem === "string") assert.strictEqual(outcome.problem, problem)
      else assert.match(outcome.problem ?? "", problem)
      assert.notInclude(outcome.problem ?? "", "\n")
    }
    assert.strictEqual((await conform({ paths: [join(folder, "none")] })).problem, "cannot read none: no such file")
  })

  it("captures every bridge port of one case", async () => {
    const path = file("two.jsonl", jsonl(pair(), pair({ id: "pair-2" })))
    const pcap = join(folder, "pair.pcapng")
    assert.match((await conform({ paths: [path], pcap })).problem ?? "", /^a capture holds one case and 2 are chosen/)
    assert.match((await conform({ paths: [path], cases: ["pear"] })).problem ?? "", /^no case is called "pear"/)
    const { code, out } = await conform({ paths: [path], pcap, cases: ["pair-2"] })
    assert.strictEqual(code, 0)
    const { interfaces, packets } = Result.getOrThrow(PcapReader.parse(readFileSync(pcap)))
    assert.deepEqual(
      interfaces.map(({ name }) => name),
      ["b0:1", "b0:2", "b1:1", "b1:2"],
    )
    // Every BPDU is seen twice, leaving and arriving, but for the last hello, which is on its way on two cables.
    const bpdus = Number(/(\d+) BPDUs/.exec(out)?.[1])
    assert.strictEqual(packets.length, 2 * bpdus - 2)
    assert.isTrue(packets.every((packet) => packet.octets.length === 60))
  })
})

describe("events", () => {
  const run = (steps: ReadonlyArray<object>, fields: object = {}) =>
    Case.run(Result.getOrThrow(Record.parse(JSON.stringify(pair({ steps, ...fields })))))
  const start = { do: { type: "start" } }

  it("none, multi, port-down, port-up, bridge-silent, bridge-up", () => {
    const result = run([
      start,
      step({ type: "none" }, { root_port: 1 }),
      step({ type: "port-down", bridge: "b1", port: 1 }, { root_port: 2, ports: { "1": { state: "disabled" } } }),
      step({ type: "port-up", bridge: "b1", port: 1 }, { root_port: 1 }),
      step(
        {
          type: "multi",
          events: [
            { type: "set-port-cost", bridge: "b1", port: 1, cost: 50 },
            { type: "set-bridge-priority", bridge: "b0", priority: 4096 },
          ],
        },
        { root_port: 2, root: "1000.02:00:00:00:01:01" },
      ),
      step({ type: "bridge-silent", bridge: "b0" }, { is_root: true, all_ports_in: "forwarding" }),
      // Switched on again it still has the priority that it was given.
      step({ type: "bridge-up", bridge: "b0" }, { root_port: 2, root: "1000.02:00:00:00:01:01" }),
      step({ type: "bridge-remove", bridge: "b0" }, { is_root: true, all_ports_in: ["disabled"] }),
      step({ type: "bridge-up", bridge: "b0" }, { is_root: false, root_port: 2, not_root_port: [1] }),
    ])
    assert.deepEqual(
      result.steps.map(({ difference }) => difference),
      result.steps.map(() => undefined),
    )
    assert.isTrue(result.passed)
    // Silence is noticed after max age, less the time since the last hello.
    assert.approximately(result.steps[5].convergedAfterNs / 1e9, 20 + 30, 2.1)
  })

  it("an event is an object, or its name alone; several are a list, under whatever name", () => {
    const events = [
      { type: "set-port-cost", bridge: "b1", port: 1, cost: 50 },
      { type: "set-bridge-priority", bridge: "b0", priority: 4096 },
    ]
    const after = { b1: { root_port: 2, root: "1000.02:00:00:00:01:01" } }
    for (const both of [events, { type: "multi", events }, { type: "multi", what: events }]) {
      const result = run([{ do: "start" }, { do: "none" }, { do: both, observed: after }])
      assert.isTrue(result.passed, JSON.stringify(both))
      assert.match(result.steps[2].event, /set-port-cost b1:1 50, set-bridge-priority b0 4096/)
    }
    const none = Record.parse(JSON.stringify(pair({ steps: [start, { do: { type: "multi" } }] })))
    assert.strictEqual(
      Result.isFailure(none) ? none.failure : "",
      "step 2: multi without events; give them as a list, events: [{ type: ... }, ...]",
    )
  })

  it("run_s runs so long, whatever goes on", () => {
    const result = run([
      { do: { type: "start" }, run_s: 0, observed: { b0: { all_ports_in: "listening" }, b1: { is_root: true } } },
      { do: { type: "none" }, run_s: 20, observed: { b0: { all_ports_in: "learning" } } },
    ])
    assert.isTrue(result.passed)
    assert.strictEqual(result.virtualNs, 20e9)
  })

  it("port-move takes a port from one segment to another, or to nobody", () => {
    const segments = [
      {
        name: "s0",
        via: "hub",
        attachments: [
          ["b0", 1],
          ["b1", 1],
        ],
      },
      {
        name: "s1",
        via: "direct",
        attachments: [
          ["b0", 2],
          ["b1", 2],
        ],
      },
    ]
    const result = run(
      [
        { ...start, observed: { b1: { root_port: 1, ports: { "2": { state: "blocking" } } } } },
        step(
          { type: "port-move", bridge: "b1", port: 1, segment: null },
          { root_port: 2, ports: { "1": { state: "forwarding" } } },
        ),
        step(
          { type: "port-move", bridge: "b1", port: 1, segment: "s1" },
          { root_port: 1, ports: { "2": { state: "blocking" } } },
        ),
        step({ type: "port-down", bridge: "b1", port: 2 }, { root_port: 1 }),
        step({ type: "port-move", bridge: "b1", port: 1, to: "s0" }, { root_port: 1, all_ports_in: "forwarding" }),
      ],
      { segments },
    )
    assert.deepEqual(
      result.steps.map(({ difference }) => difference),
      result.steps.map(() => undefined),
    )
    assert.isTrue(result.passed)
  })

  it("facts that do not hold are differences", () => {
    const differs = (b1: object): string | undefined => {
      const [{ difference }] = run([{ ...start, observed: { b1 } }]).steps
      return difference && `${difference.port ?? "-"} ${difference.field}: ${difference.emulated}, not ${difference.recorded}`
    }
    assert.isUndefined(differs({ is_root: false }))
    assert.strictEqual(differs({ is_root: true }), "- is_root: false, not true")
    assert.strictEqual(differs({ all_ports_in: "forwarding" }), "2 state: blocking, not forwarding")
    assert.strictEqual(differs({ not_root_port: 1 }), "1 root port: 1, not another")
    assert.strictEqual(differs({ not_root_port: true }), "- root_port: 1, not 0")
    assert.strictEqual(differs({ ports: { "1": { not_root_port: true } } }), "1 root port: 1, not another")
    assert.strictEqual(differs({ bridge_id: id("03") }), `- bridge_id: ${id("02")}, not ${id("03")}`)
    assert.strictEqual(differs({ ports: { "1": { designated_port: "8002" } } }), "1 designated_port: 8001, not 8002")
  })

  it("the source chooses the profile", () => {
    const profileOf = (source: string | undefined) =>
      Case.run(Result.getOrThrow(Record.parse(JSON.stringify(pair({ source }))))).profile
    assert.strictEqual(profileOf("linux-bridge 6.18.44"), "linux")
    assert.strictEqual(profileOf("openvswitch 3.1.0"), "openvswitch")
    assert.strictEqual(profileOf("802.1D-1998 figure"), "standard")
    assert.strictEqual(profileOf(undefined), "standard")
  })
})
