/** What a capture holds: an interface a port, virtual stamps, directions, comments, and the frames that a scenario wants. */
import { assert, describe, it } from "@effect/vitest"
import * as PcapReader from "@l2lab/pcap-writer/PcapReader"
import { Effect, Result } from "effect"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import * as PortSelection from "../src/capture/PortSelection.ts"
import * as Frames from "../src/Frames.ts"
import { Lab } from "../src/Lab.ts"
import { compiled, PAIR, runOn, TRIANGLE } from "./support/designs.ts"
import { temporaryFolder } from "./support/folder.ts"

const folder = temporaryFolder()

const read = (file: string): PcapReader.ReadCapture => {
  const capture = PcapReader.parse(readFileSync(file))
  if (Result.isFailure(capture)) throw new Error(capture.failure.detail)
  return capture.success
}

describe("a capture", () => {
  it.effect("has the first frames, in the order of virtual time, each direction with its own stamp", () =>
    Effect.gen(function* () {
      const file = join(folder, "first.pcapng")
      yield* runOn(TRIANGLE, Effect.sleep("5 seconds"), { pcap: file, capture: ["sw1:1", "sw2:1"] })
      const capture = read(file)
      assert.deepStrictEqual(
        capture.interfaces.map((port) => [port.name, port.description]),
        [
          ["sw1:1 Gi0/1", "to sw2:1"],
          ["sw2:1 Gi0/1", "to sw1:1"],
        ],
      )
      const seen = capture.packets.map(
        (packet) => [packet.seconds * 1e9 + packet.nanoseconds, packet.interface, packet.direction] as const,
      )
      // The hello timers start with the bridges: both send at 2 s. 64 octets take 512 ns at 1 Gb/s, the cable 500 ns.
      assert.deepStrictEqual(seen.slice(0, 4), [
        [2_000_000_000, 0, "out"],
        [2_000_000_000, 1, "out"],
        [2_000_001_012, 1, "in"],
        [2_000_001_012, 0, "in"],
      ])
      assert.deepStrictEqual(
        seen.map(([at]) => at),
        seen.map(([at]) => at).sort((a, b) => a - b),
      )
    }),
  )

  it.effect("takes ports, comments and omissions from the scenario, unless the user chose the ports", () =>
    Effect.gen(function* () {
      const program = Effect.gen(function* () {
        const lab = yield* Lab
        yield* lab.capture.along("client", "web-1")
        yield* lab.capture.annotate(({ frame }) => (Frames.echoIn(frame)?.kind === "reply" ? "an answer" : undefined))
        yield* lab.capture.leaveOut(({ frame }) => Frames.echoIn(frame)?.kind === "request")
        yield* lab.host("client").ping("web-1", { every: "100 millis" })
        yield* Effect.sleep("1 second")
      })
      const own = join(folder, "own.pcapng")
      const { report } = yield* runOn(PAIR, program, { pcap: own })
      const capture = read(own)
      assert.deepStrictEqual(
        capture.interfaces.map((port) => port.name?.split(" ")[0]),
        // The hypervisors' announcements at boot come before the program can choose.
        ["esx-1:1", "esx-2:1", "client:1", "sw1:4", "sw1:2"],
      )
      const answers = capture.packets.filter((packet) => packet.comments.includes("an answer"))
      // Ten answers in a second, each leaving one port and entering the next, on two cables.
      assert.strictEqual(answers.length, 40)
      assert.strictEqual(report.capture?.leftOut, 40)
      // The file says so itself, once at each port.
      const gaps = capture.packets.filter((packet) => packet.comments.some((text) => text.includes("left out")))
      assert.strictEqual(gaps.length, 4)
      assert.strictEqual(report.capture?.packets, capture.packets.length)

      const users = join(folder, "users.pcapng")
      const chosen = yield* runOn(PAIR, program, { pcap: users, capture: ["client"] })
      assert.deepStrictEqual(
        read(users).interfaces.map((port) => port.name),
        ["client:1 eth0"],
      )
      assert.strictEqual(chosen.report.capture?.leftOut, 0)
      assert.strictEqual(chosen.report.fingerprint, report.fingerprint)
    }),
  )

  it.effect("is of every port where nobody chooses, and until the program does", () =>
    Effect.gen(function* () {
      const file = join(folder, "every.pcapng")
      const { report } = yield* runOn(TRIANGLE, Effect.sleep("3 seconds"), { pcap: file })
      assert.isTrue(report.capture?.isDefault)
      // Three cables between switches, and two to PCs, which hear hellos and send nothing.
      assert.strictEqual(read(file).interfaces.length, 10)
      assert.strictEqual(report.capture?.packets, 16)

      const later = Effect.gen(function* () {
        const lab = yield* Lab
        yield* Effect.sleep("3 seconds")
        yield* lab.capture.ports("sw1:1")
        yield* Effect.sleep("2 seconds")
      })
      const chosen = yield* runOn(TRIANGLE, later, { pcap: file })
      assert.isFalse(chosen.report.capture?.isDefault)
      const names = read(file).packets.flatMap(({ seconds, interface: i }) =>
        seconds > 3 ? [read(file).interfaces[i].name] : [],
      )
      assert.deepStrictEqual([...new Set(names)], ["sw1:1 Gi0/1"])
    }),
  )

  it.effect("larger than its buffer does not change the run", () =>
    Effect.gen(function* () {
      const program = Effect.gen(function* () {
        const lab = yield* Lab
        yield* lab.host("client").ping("web-1", { every: "100 micros", payloadOctets: 1400 })
        yield* Effect.sleep("500 millis")
        yield* lab.say(yield* lab.fingerprint)
      })
      const file = join(folder, "large.pcap")
      const { report } = yield* runOn(PAIR, program, { pcap: file, capture: ["all"] })
      const { report: plain } = yield* runOn(PAIR, program)
      assert.deepStrictEqual(report.said, plain.said)
      assert.isAbove(readFileSync(file).length, 16 << 20)
      assert.strictEqual(read(file).packets.length, report.capture?.packets)
    }),
  )
})

describe("a selection of ports", () => {
  const { directory } = compiled(PAIR)
  const portBase = new Int32Array(directory.nodes.length + 1)
  directory.nodes.forEach((node, index) => (portBase[index + 1] = portBase[index] + node.ports.length))
  const names = (...items: ReadonlyArray<string>) => {
    const ports = PortSelection.parse(items, directory, { portBase })
    if ("_tag" in ports) return ports.message
    const all = directory.nodes.flatMap((node) => node.ports.map((port) => port.end))
    return ports.map((port) => all[port]).join(" ")
  }

  it("is of ports by any of their names, nodes, or all; each port once, and no port without a cable", () => {
    assert.strictEqual(names("sw1:1", "sw2:Gi0/2", "esx-1:vmnic0", "client", "sw1:1"), "sw1:1 sw2:2 esx-1:1 client:1")
    assert.strictEqual(names("sw1"), "sw1:1 sw1:2 sw1:4")
    assert.strictEqual(names("all").split(" ").length, 10)
    assert.deepStrictEqual(PortSelection.items(" sw1:1, ,sw2 "), ["sw1:1", "sw2"])
  })

  it("of something else is refused with the cure", () => {
    assert.strictEqual(names("web-1"), 'cannot capture at "web-1": a VM has no cable; capture its host, esx-1')
    assert.strictEqual(names("sw1:99"), 'cannot capture at "sw1:99": sw1 has no port "99"; it has sw1:1 to sw1:4')
    assert.strictEqual(names("swx:1"), 'cannot capture at "swx:1": the design has no node "swx"; did you mean "sw1"?')
    assert.match(names("zzzzzz"), /has no node "zzzzzz": name ports \(sw1:1\), nodes \(sw1\), or all/)
  })
})
