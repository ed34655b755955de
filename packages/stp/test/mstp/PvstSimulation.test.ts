/** A region beside PVST+ and Rapid PVST+ bridges: who is root of which VLAN, and which claims block the trunk between them. */
import { assert, describe, it } from "@effect/vitest"
import * as EthernetFrame from "@l2lab/l2/EthernetFrame"
import * as Sstp from "../../src/pvst/Sstp.ts"
import type { SstpBpdu } from "../../src/pvst/Sstp.ts"
import * as SpanningTree from "../../src/SpanningTree.ts"
import * as Trace from "../../src/Trace.ts"
import { Cabled, type CabledBridge, mstpBridge } from "./Cabled.ts"

const VLANS = [1, 10, 20]
const REGION = { name: "farm", revision: 1, instances: { 1: [[10, 10]], 2: [[20, 20]] } } as const

const member = (n: number, priority: number, simulates = true): CabledBridge =>
  mstpBridge(n, 3, { region: REGION, priority, pvstSimulation: simulates }, { vlans: VLANS })

const perVlan = (n: number, protocol: "pvst" | "rapid-pvst", priorities: Readonly<Record<number, number>>): CabledBridge => ({
  address: 0x020000000000 + n * 256,
  protocol,
  ports: 3,
  vlans: VLANS,
  treeOfVlan: [0, 1, 2],
  config: {
    vlans: Object.fromEntries(VLANS.map((vlan) => [vlan, { priority: priorities[vlan] ?? 32_768 }])),
  },
})

/** Two bridges of a region in a row, and a PVST+ bridge cabled to both: a triangle with two trunks between the worlds. */
const triangle = (region: CabledBridge, other: CabledBridge, outsider: CabledBridge): Cabled =>
  new Cabled(
    [region, other, outsider],
    [
      { a: [0, 0], b: [1, 0] },
      { a: [0, 1], b: [2, 0] },
      { a: [1, 1], b: [2, 1] },
    ],
  )

const outside = (lan: Cabled, vlan: number): ReadonlyArray<string> => {
  const bridge = lan.bridge(2)
  return SpanningTree.snapshot(lan.running(2), bridge.vlans.treeOf[bridge.vlans.indexOf[vlan]], lan.simulation.now).ports.map(
    (port) => `${port.role} ${port.state}`,
  )
}

const inconsistencies = (lan: Cabled, bridge: number, port: number): ReadonlyArray<string> =>
  lan.tree(bridge).ports[port].inconsistencies

for (const protocol of ["pvst", "rapid-pvst"] as const) {
  const blocked = protocol === "pvst" ? "Blocked blocking" : "Alternate discarding"

  describe(`a region beside ${protocol === "pvst" ? "PVST+" : "Rapid PVST+"}`, () => {
    it("is the root of every VLAN where its CIST is the best: one trunk blocks in each", () => {
      const lan = triangle(member(0, 4096), member(1, 8192), perVlan(2, protocol, {}))
      lan.run(120)
      for (const vlan of VLANS) assert.deepEqual(outside(lan, vlan).slice(0, 2), ["Root forwarding", blocked], `VLAN ${vlan}`)
      for (const mstid of [0, 1, 2]) {
        assert.deepEqual(lan.describe(0, mstid).slice(0, 2), ["Designated forwarding", "Designated forwarding"])
        assert.deepEqual(lan.describe(1, mstid).slice(1, 2), ["Designated forwarding"])
      }
      assert.isTrue(lan.tree(0).ports[1].isPvstBoundary)
      assert.isFalse(lan.tree(0).ports[0].isPvstBoundary)
      assert.deepEqual(inconsistencies(lan, 0, 1), [])
    })

    it("goes by VLAN 1 where the root lies beyond, and blocks its root port when another VLAN's root is worse", () => {
      const lan = triangle(member(0, 32_768), member(1, 32_768), perVlan(2, protocol, { 1: 8192, 10: 4096, 20: 32_768 }))
      lan.run(120)
      assert.strictEqual(lan.tree(0).root.priority, 8193)
      assert.strictEqual(lan.tree(0).ports[1].role, "Root")
      assert.strictEqual(lan.tree(0).ports[1].state, "discarding")
      assert.deepEqual(inconsistencies(lan, 0, 1), ["pvst"])
      // Cured where it was caused: the root of VLAN 20 must not be worse than that of VLAN 1 either.
      lan.simulation.command(2, { type: "stp.set-bridge-priority", vlan: 20, priority: 4096 } as { type: string })
      lan.run(60)
      assert.deepEqual(inconsistencies(lan, 0, 1), [])
      assert.deepEqual(lan.describe(0).slice(1, 2), ["Root forwarding"])
      for (const mstid of [1, 2]) assert.deepEqual(lan.describe(0, mstid).slice(1, 2), ["Master forwarding"])
    })

    it("blocks its designated port when one VLAN alone claims a better root", () => {
      const lan = triangle(member(0, 8192), member(1, 8192), perVlan(2, protocol, { 10: 4096 }))
      lan.run(120)
      for (const bridge of [0, 1]) {
        assert.strictEqual(lan.tree(bridge).ports[1].role, "Designated")
        assert.strictEqual(lan.tree(bridge).ports[1].state, "discarding")
        assert.deepEqual(inconsistencies(lan, bridge, 1), ["pvst"])
      }
      const traced = lan.events.filter((event) => event.code === Trace.INCONSISTENT.code)
      assert.isAtLeast(traced.length, 2)
      lan.simulation.command(2, { type: "stp.set-bridge-priority", vlan: 10, priority: 32_768 } as { type: string })
      lan.run(60)
      for (const bridge of [0, 1]) assert.deepEqual(inconsistencies(lan, bridge, 1), [])
      assert.deepEqual(outside(lan, 10).slice(0, 2), ["Root forwarding", blocked])
    })
  })
}

describe("PVST simulation", () => {
  it("says the CIST's BPDU again in each VLAN of the trunk: VLAN 1 untagged, the others with their tags, each with its PVID", () => {
    const lan = triangle(member(0, 4096), member(1, 8192), perVlan(2, "rapid-pvst", {}))
    const said = new Map<number, Set<number>>()
    const port = lan.simulation.world.portBase[0] + 1
    lan.simulation.capture(port, true)
    lan.simulation.listen({
      onFrame: (_port, direction, frame, tci) => {
        if (direction !== "out" || frame.payload instanceof Uint8Array || frame.payload.protocol !== "sstp") return
        const { pvid = 0 } = frame.payload as SstpBpdu
        said.set(pvid, (said.get(pvid) ?? new Set()).add(tci < 0 ? 0 : tci & 0x0fff))
      },
    })
    lan.run(30)
    assert.deepEqual(
      [...said].map(([pvid, tags]) => [pvid, ...tags]),
      [
        [1, 0],
        [10, 10],
        [20, 20],
      ],
    )
  })

  it("goes on while the region is root and PVST+ bridges keep silent, and ends with the link", () => {
    const lan = triangle(member(0, 4096), member(1, 8192), perVlan(2, "rapid-pvst", {}))
    lan.run(100)
    assert.isTrue(lan.tree(0).ports[1].isPvstBoundary)
    lan.plug(1, false)
    assert.isFalse(lan.tree(0).ports[1].isPvstBoundary)
  })

  it("is off unless asked for: SSTP frames are then data, and PVST+ passes through the region", () => {
    const lan = triangle(member(0, 4096, false), member(1, 8192, false), perVlan(2, "rapid-pvst", { 10: 4096 }))
    lan.run(120)
    assert.isFalse(lan.tree(0).ports[1].isPvstBoundary)
    assert.strictEqual(lan.tree(0).ports[1].sstpReceived, 0)
    // VLAN 10 hears itself through the region, which joins the two trunks: it blocks one of them.
    assert.include(outside(lan, 10).slice(0, 2), "Backup discarding")
  })

  it("counts frames that say no VLAN by their reason, and goes on", () => {
    const lan = triangle(member(0, 4096), member(1, 8192), perVlan(2, "rapid-pvst", {}))
    // Every SSTP frame arrives as an RST BPDU without the TLV behind it.
    lan.simulation.rewriteFrames((frame) => {
      const { payload } = frame
      if (payload instanceof Uint8Array || payload.protocol !== "sstp") return frame
      const octets = Sstp.emit(payload as SstpBpdu).subarray(0, 36)
      return EthernetFrame.make(frame.destination, frame.source, frame.protocol, octets, 8 + octets.length)
    })
    lan.run(60)
    assert.isAbove(lan.tree(0).ports[1].discardedByReason["no-pvid"] ?? 0, 0)
    assert.deepEqual(lan.describe(0).slice(0, 2), ["Designated forwarding", "Designated forwarding"])
  })
})
