/** Which frames carry which VLAN's BPDUs on which port, and what is made of those that come in. */
import { assert, describe, it } from "@effect/vitest"
import type { SwitchPort } from "@l2lab/l2/BridgeConfig"
import { access, type NodeSpec, nameOf, octetsOf, trunk, VlanNetwork } from "./VlanNetwork.ts"

const KINDS = ["pvst", "rapid-pvst"] as const

/** What a root sends on a port of this kind in the first seconds, each frame once, sorted. */
const sent = (run: NodeSpec["run"], port: SwitchPort, vlans: ReadonlyArray<number> = [1, 10, 20]): ReadonlyArray<string> => {
  const network = new VlanNetwork(
    [
      { run, ports: [port], vlans },
      { run: "station", ports: [port] },
    ],
    [
      [
        [0, 0],
        [1, 0],
      ],
    ],
  )
  network.watch(0, 0)
  network.run(5)
  return [...new Set(network.seen.map(nameOf))].sort()
}

describe.each(KINDS)("%s sends", (run) => {
  const kind = run === "pvst" ? "config" : "rst"

  it("on an access port plain BPDUs of its VLAN's tree", () => {
    assert.deepEqual(sent(run, access(1)), [`IEEE ${kind} untagged`])
    assert.deepEqual(sent(run, access(10)), [`IEEE ${kind} untagged`])
  })

  it("on a trunk VLAN 1 both ways and untagged, the others tagged", () => {
    assert.deepEqual(sent(run, trunk(1, 1, 10, 20)), [
      `IEEE ${kind} untagged`,
      `SSTP 1 ${kind} untagged`,
      `SSTP 10 ${kind} tag 10`,
      `SSTP 20 ${kind} tag 20`,
    ])
  })

  it("on a trunk with another native VLAN that one untagged, VLAN 1's SSTP tagged, its plain one still untagged", () => {
    assert.deepEqual(sent(run, trunk(10, 1, 10, 20)), [
      `IEEE ${kind} untagged`,
      `SSTP 1 ${kind} tag 1`,
      `SSTP 10 ${kind} untagged`,
      `SSTP 20 ${kind} tag 20`,
    ])
  })

  it("nothing of a VLAN that the trunk does not carry or that does not exist", () => {
    assert.deepEqual(sent(run, trunk(1, 10, 20)), [`SSTP 10 ${kind} tag 10`, `SSTP 20 ${kind} tag 20`])
    assert.deepEqual(sent(run, trunk(10, 10)), [`SSTP 10 ${kind} untagged`])
    assert.deepEqual(sent(run, trunk(1, 1, 10), [10]), [`SSTP 10 ${kind} tag 10`])
  })

  it("the native VLAN tagged where the switch tags it", () => {
    assert.deepEqual(sent(run, { mode: "trunk", native: 10, allowed: [1, 10], tagNative: true }), [
      `IEEE ${kind} untagged`,
      `SSTP 1 ${kind} tag 1`,
      `SSTP 10 ${kind} tag 10`,
    ])
  })
})

describe("octets on the wire", () => {
  const network = new VlanNetwork(
    [
      { run: "rapid-pvst", ports: [trunk(1, 1, 10)], config: { priority: 4096, vlans: { 10: { helloTime: 1 } } } },
      { run: "station", ports: [access(1)] },
    ],
    [
      [
        [0, 0],
        [1, 0],
      ],
    ],
  )
  network.watch(0, 0)
  network.run(60)
  const last = (name: string): string =>
    Buffer.from(octetsOf(network.seen.findLast((one) => nameOf(one) === name)!)).toString("hex")

  // Root, designated, learning and forwarding, proposing since nobody answers: flags 3e. Bridge 02:00:00:01:00:00, port 8001.
  const rst = (vlan: string, hello: string): string => {
    const bridge = `1${vlan}020000010000`
    return `000002023e${bridge}00000000${bridge}800100001400${hello}0f0000`
  }
  it("are those of a plain BPDU with the VLAN in its identifiers", () => {
    const padding = "00".repeat(60 - 17 - 36)
    assert.strictEqual(last("IEEE rst untagged"), `0180c20000000200000100010027424203${rst("001", "0200")}${padding}`)
  })
  it("are those of an SSTP frame with SNAP header and TLV, untagged", () => {
    const header = "01000ccccccd0200000100010032aaaa0300000c010b"
    assert.strictEqual(last("SSTP 1 rst untagged"), `${header}${rst("001", "0200")}000000020001`)
  })
  it("are the same behind a tag of priority 7, with the VLAN's own hello time", () => {
    const header = "01000ccccccd0200000100018100e00a0032aaaa0300000c010b"
    assert.strictEqual(last("SSTP 10 rst tag 10"), `${header}${rst("00a", "0100")}00000002000a`)
  })
})

describe.each(KINDS)("%s in a settled network", (run) => {
  it("sends the same frames again", () => {
    const network = new VlanNetwork(
      [0, 1].map(() => ({ run, ports: [trunk(1, 1, 10)] })),
      [
        [
          [0, 0],
          [1, 0],
        ],
      ],
    )
    network.run(120)
    network.watch(0, 0)
    network.run(20)
    const objects = Map.groupBy(network.seen, nameOf)
    assert.strictEqual(objects.size, 3)
    for (const [name, frames] of objects) {
      assert.isAtLeast(frames.length, 9, name)
      assert.strictEqual(new Set(frames.map(({ frame }) => frame)).size, 1, name)
    }
  })

  it("tells topology changes of a VLAN in that VLAN only, notifications too", () => {
    const network = new VlanNetwork(
      [
        { run, ports: [trunk(1, 1, 10), trunk(1, 1, 10)], config: { priority: 4096 } },
        { run, ports: [trunk(1, 1, 10), access(10)], config: {} },
        { run, ports: [trunk(1, 1, 10)], config: {} },
        { run: "station", ports: [access(10)] },
      ],
      [
        [
          [0, 0],
          [1, 0],
        ],
        [
          [0, 1],
          [2, 0],
        ],
        [
          [1, 1],
          [3, 0],
        ],
      ],
    )
    network.run(100)
    network.plug(2, false)
    network.run(60)
    const before = [1, 10].map((vlan) => network.tree(0, vlan).topologyChangeCount)
    network.watch(1, 0)
    network.plug(2, true)
    network.run(60)
    assert.deepEqual(
      [1, 10].map((vlan) => network.tree(0, vlan).topologyChangeCount),
      [before[0], before[1] + 1],
    )
    const names = new Set(network.seen.map(nameOf))
    if (run === "pvst") assert.deepEqual([...names], ["SSTP - tcn tag 10"])
    else assert.deepEqual([...names], ["SSTP 10 rst tag 10"])
  })
})
