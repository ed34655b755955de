/** Bundles as the relay knows them: who is in, which member a frame leaves by, and what a lost member changes. */
import type { Command } from "@l2lab/sim/Device"
import { assert, describe, it } from "vitest"
import * as Bundles from "../../src/bundle/Bundles.ts"
import * as LoadBalance from "../../src/bundle/LoadBalance.ts"
import * as EthernetFrame from "../../src/EthernetFrame.ts"
import * as FilteringDatabase from "../../src/FilteringDatabase.ts"
import * as Protocol from "../../src/Protocol.ts"
import { Farm } from "./Farm.ts"

const SWITCH_PORT = { mode: "access", vlan: 1 } as const

/** Four members, all in, their buckets dealt. */
const dealt = (hashDistribution: "fixed" | "adaptive") => {
  const configs: ReadonlyArray<Bundles.BundleConfig> = [
    { members: [0, 1, 2, 3], isStatic: true, switchPort: SWITCH_PORT, loadBalance: "src-mac", hashDistribution },
  ]
  const bundles = Bundles.make(4, configs)
  bundles.role.fill(Bundles.IN)
  Bundles.deal(bundles, configs, 0)
  const set = (link: number, role: number): string => {
    bundles.role[link] = role
    Bundles.deal(bundles, configs, 0)
    return bundles.owner.join("")
  }
  return { owner: bundles.owner.join(""), set }
}

describe("buckets", () => {
  it("are dealt anew when a member goes, where the distribution is fixed", () => {
    const { owner, set } = dealt("fixed")
    assert.strictEqual(owner, "01230123")
    assert.strictEqual(set(1, Bundles.OUT), "02302302")
    assert.strictEqual(set(1, Bundles.IN), "01230123")
  })

  it("stay with those who have them, where it is adaptive", () => {
    const { owner, set } = dealt("adaptive")
    assert.strictEqual(owner, "01230123")
    assert.strictEqual(set(1, Bundles.OUT), "00230223")
    assert.strictEqual([...set(1, Bundles.IN)].toSorted().join(""), "00112233")
    for (const link of [0, 1, 2]) set(link, Bundles.OUT)
    assert.strictEqual(set(3, Bundles.OUT), Array.from({ length: 8 }, () => -1).join(""))
  })
})

const frame = (source: number, destination: number, payload: EthernetFrame.Payload = new Uint8Array(0)) =>
  EthernetFrame.make(destination, source, Protocol.IPV4, payload, 46)

describe("load balance", () => {
  const readers: LoadBalance.FlowReaders = new Map([
    [
      "ip",
      (payload: { readonly flow: Omit<LoadBalance.Flow, "hasPorts"> }, flow) =>
        Object.assign(flow, payload.flow, { hasPorts: true }),
    ],
  ]) as LoadBalance.FlowReaders
  const packet = (source: number, destination: number, sourcePort: number, destinationPort: number) =>
    ({ protocol: "ip", flow: { source, destination, sourcePort, destinationPort } }) as EthernetFrame.StructuredPayload

  it("looks at what its method names, and at nothing else", () => {
    const of = (
      method: LoadBalance.Method,
      source: number,
      destination: number,
      ...ip: [number, number, number, number]
    ): number => LoadBalance.bucketOf(method, frame(source, destination, packet(...ip)), readers)
    /** What a change of each field does, over many values: whether any of them changes the bucket. */
    const matters = (method: LoadBalance.Method): string => {
      const base = [0x020000000001, 0x020000000002, 0x0a000001, 0x0a000002, 1000, 80] as const
      return ["src-mac", "dst-mac", "src-ip", "dst-ip", "src-port", "dst-port"]
        .filter((_, field) =>
          Array.from({ length: 32 }, (_, i) => base.map((value, f) => (f === field ? value + i : value))).some(
            (values) => of(method, ...(values as [number, number, number, number, number, number])) !== of(method, ...base),
          ),
        )
        .join(" ")
    }
    assert.deepEqual(
      LoadBalance.METHODS.map((method) => [method, matters(method)]),
      [
        ["src-mac", "src-mac"],
        ["dst-mac", "dst-mac"],
        ["src-dst-mac", "src-mac dst-mac"],
        ["src-ip", "src-ip"],
        ["dst-ip", "dst-ip"],
        ["src-dst-ip", "src-ip dst-ip"],
        ["src-port", "src-port"],
        ["dst-port", "dst-port"],
        ["src-dst-port", "src-port dst-port"],
        ["src-dst-mixed-ip-port", "src-ip dst-ip src-port dst-port"],
      ],
    )
  })

  it("never changes: the same frame takes the same bucket, and many frames take all of them about as often", () => {
    const buckets = Array.from({ length: 32 }, (_, i) => LoadBalance.bucketOf("src-mac", frame(0x060000000000 + i, 1), readers))
    assert.strictEqual(buckets.join(""), "41772203562627345441150523332100")
    const counts = Array.from({ length: 8 }, () => 0)
    for (let i = 0; i < 8000; i++)
      counts[LoadBalance.bucketOf("src-dst-mac", frame(0x060000000000 + i, 0x0a0000000001), readers)]++
    for (const count of counts) assert.isTrue(count > 850 && count < 1150, counts.join(" "))
  })

  it("falls back to addresses of frames for a payload that it cannot read", () => {
    const octets = frame(0x020000000001, 0x020000000002)
    assert.strictEqual(LoadBalance.bucketOf("src-dst-ip", octets, readers), LoadBalance.bucketOf("src-dst-mac", octets, readers))
  })
})

for (const mode of ["on", "active"] as const) {
  describe(`a bundle of three cables, ${mode}`, () => {
    it("is one port: a host hears everything once, and is learnt on the bundle", () => {
      const farm = new Farm({ cables: 3, modes: [mode, mode] }).run(6)
      const all = farm.say(0)
      farm.run(0.01)
      assert.deepEqual(
        [1, 2, 3].map((h) => farm.heard(h, all)),
        [1, 1, 1],
      )
      const back = farm.say(3, 0)
      farm.run(0.01)
      assert.deepEqual([farm.heard(0, back), farm.heard(1, back)], [1, 0])
      const learnt = FilteringDatabase.entries(farm.bridge(1).fdb, farm.simulation.now)
      assert.strictEqual(learnt.find(({ address }) => address === farm.address(0))?.port, 5)
    })

    it("uses all of its members, each conversation one of them", () => {
      const farm = new Farm({ cables: 3, modes: [mode, mode], hosts: 8 }).run(6)
      for (let h = 8; h < 16; h++) farm.say(h)
      farm.run(0.1)
      const before = farm.sent()
      for (let h = 0; h < 8; h++) for (let to = 8; to < 16; to++) farm.say(h, to)
      farm.run(0.1)
      const sent = farm.sent().map((frames, port) => frames - before[port])
      assert.strictEqual(
        sent.reduce((sum, frames) => sum + frames, 0),
        64,
      )
      for (const frames of sent) assert.isAbove(frames, 10)
    })

    it("loses what is under way on a member that dies, and counts it; the rest carry on, and nothing is forgotten", () => {
      const farm = new Farm({ cables: 3, modes: [mode, mode], hosts: 8 }).run(6)
      for (let h = 0; h < 16; h++) farm.say(h)
      farm.run(0.1)
      // Not the host opposite: all those pairs differ in the same bits, and would share a bucket.
      const peer = (h: number): number => 8 + ((h * 3) % 8)
      const before = farm.sent()
      const words = Array.from({ length: 8 }, (_, h) => farm.say(h, peer(h)))
      farm.run(0.000_001_5)
      const dying = farm.sent().findIndex((frames, port) => frames > before[port])
      farm.world({ type: "link.disconnect", link: dying }).run(0.1)
      const lost = words.filter((word, h) => farm.heard(peer(h), word) === 0).length
      assert.isAbove(lost, 0)
      assert.strictEqual(farm.simulation.statistics(dying).lost, lost)
      for (let h = 0; h < 8; h++) {
        const word = farm.say(h, peer(h))
        farm.run(0.01)
        assert.strictEqual(farm.heard(peer(h), word), 1)
      }
      assert.strictEqual(FilteringDatabase.entries(farm.bridge(0).fdb, farm.simulation.now).length, 16)
    })
  })
}

describe("a bundle whose processor hangs", () => {
  it("drops a member that dies, takes none that LACP has not asked, and goes on where it was when the processor does", () => {
    const farm = new Farm({ cables: 3, modes: ["active", "active"] }).run(6)
    const roles = (): string => farm.bridge(0).bundles!.role.slice(0, 3).join("")
    const reached = (): number => {
      const word = farm.say(0)
      farm.run(0.01)
      return farm.heard(3, word)
    }
    farm.simulation.command(0, { type: "bridge.control-plane", hung: true } as Command)
    farm.world({ type: "link.disconnect", link: 0 }).run(0.1)
    assert.deepEqual([roles(), reached()], ["022", 1])
    farm.world({ type: "link.connect", link: 0 }).run(10)
    assert.deepEqual([roles(), reached()], ["022", 1])
    farm.simulation.command(0, { type: "bridge.control-plane", hung: false } as Command)
    farm.run(6)
    assert.deepEqual([roles(), reached()], ["222", 1])
    assert.strictEqual(farm.replayed(), farm.fingerprint)
  })
})

describe("a static entry of the filtering database", () => {
  it("may lead to a bundle: what is for it leaves by one member, whichever is left, and it neither moves nor is flushed", () => {
    const address = 0x060000000009
    const farm = new Farm({ cables: 2, modes: ["on", "on"], more: { staticEntries: [{ vlan: 1, address, port: 4 }] } }).run(1)
    const sent = (): ReadonlyArray<number> => {
      const before = farm.sent()
      for (let i = 0; i < 4; i++) farm.say(0, 8)
      farm.run(0.01)
      return farm.sent().map((frames, port) => frames - before[port])
    }
    const whole = sent()
    assert.deepEqual(whole.toSorted(), [0, 4])
    const used = whole.indexOf(4)
    farm.world({ type: "link.disconnect", link: used }).run(0.1)
    assert.strictEqual(sent()[1 - used], 4)
    const entry = FilteringDatabase.entries(farm.bridge(0).fdb, farm.simulation.now).find((each) => each.address === address)
    assert.deepEqual([entry?.port, entry?.isStatic], [4, true])
  })
})

describe("a static bundle", () => {
  it("takes no member of another rate than its first", () => {
    const farm = new Farm({ cables: 2, modes: ["on", "on"] })
    farm.world({ type: "link.disconnect", link: 1 }).world({ type: "link.rate", link: 1, rateBps: 10_000_000 })
    farm.world({ type: "link.connect", link: 1 }).run(1)
    assert.deepEqual(Array.from(farm.bridge(0).bundles!.role.slice(0, 2)), [Bundles.IN, Bundles.OUT])
    farm.world({ type: "link.disconnect", link: 0 }).run(1)
    assert.deepEqual(Array.from(farm.bridge(0).bundles!.role.slice(0, 2)), [Bundles.OUT, Bundles.IN])
  })

  it("is as fast as its members together, or as all that it should have", () => {
    for (const [rate, expected] of [
      ["members", 1e9],
      ["whole", 2e9],
    ] as const) {
      const farm = new Farm({ cables: 2, modes: ["on", "on"], bundle: { rate } }).run(1)
      const whole = farm.bridge(0).rateBps[4]
      farm.world({ type: "link.disconnect", link: 0 }).run(1)
      assert.deepEqual([whole, farm.bridge(0).rateBps[4]], [2e9, expected])
    }
  })

  it("sends what it hears back by another member where the other end does not bundle: a host hears it twice, and is learnt on the bundle", () => {
    const farm = new Farm({ cables: 2, modes: ["on", "none"] }).run(1)
    const word = farm.say(0)
    farm.run(0.01)
    assert.isAbove(farm.heard(1, word), 1)
    assert.strictEqual(
      FilteringDatabase.entries(farm.bridge(0).fdb, farm.simulation.now).find(({ address }) => address === farm.address(0))?.port,
      4,
    )
  })
})
