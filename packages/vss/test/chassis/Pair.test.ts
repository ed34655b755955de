/** What two chassis are to each other: addresses, orders, preemption, versions that differ, and frames on their link that are not theirs. */
import { assert, describe, it } from "@effect/vitest"
import * as ErrdisableCause from "@l2lab/l2/ErrdisableCause"
import * as EthernetFrame from "@l2lab/l2/EthernetFrame"
import * as GroupAddress from "@l2lab/l2/GroupAddress"
import * as Protocol from "@l2lab/l2/Protocol"
import * as Fingerprint from "@l2lab/sim/Fingerprint"
import * as Prng from "@l2lab/sim/Prng"
import { SECOND } from "@l2lab/sim/SimTime"
import { Simulation } from "@l2lab/sim/Simulation"
import { CARRIER } from "@l2lab/sim/Trace"
import { emit, type Message } from "../../src/chassis/Message.ts"
import * as Query from "../../src/chassis/Query.ts"
import { carriedCodec, carry, segment, type Carried } from "../../src/chassis/VirtualSwitchHeader.ts"
import { Farm, type FarmSpec } from "./Farm.ts"
import { codecs, registry } from "./World.ts"

const RSTP: FarmSpec = { stp: { kind: "rstp2004", config: { priority: 4096 } } }
const order = (farm: Farm, s: 0 | 1, command: object): void => farm.simulation.command(s, command as never)

const allHear = (farm: Farm): void => {
  const counts = farm.everybodySpeaks()
  counts.forEach((row, from) => row.forEach((count, to) => assert.strictEqual(count, from === to ? 0 : 1, `${from} to ${to}`)))
}

describe("the address of a pair", () => {
  it("is that of the chassis that was active first, as long as the pair lives, and the other's when it dies whole", () => {
    const farm = new Farm(RSTP).run(60)
    const first = farm.chassis(0).config.vslp.address
    assert.strictEqual(farm.chassis(1).bridge.address, first)
    farm.off(0).run(5)
    farm.on(0).run(60)
    assert.deepStrictEqual([farm.modes, farm.chassis(0).bridge.address], ["standby hot, active", first])
    farm.off(1).off(0).run(1)
    farm.on(1).run(60)
    assert.strictEqual(farm.chassis(1).bridge.address, farm.chassis(1).config.vslp.address)
  })

  it("is the virtual one where management set it", () => {
    const farm = new Farm({ ...RSTP, config: { virtualAddress: 0x0008e3fffd34 } }).run(60)
    for (const s of [0, 1] as const) assert.strictEqual(farm.chassis(s).bridge.address, 0x0008e3fffd34)
    assert.isTrue(Query.of(farm.chassis(0), farm.simulation.now).isVirtualAddress)
  })
})

describe("orders", () => {
  it("to the standby are for the pair", () => {
    const farm = new Farm(RSTP).run(60)
    order(farm, 1, { type: "stp.set-bridge-priority", priority: 61_440 })
    farm.run(20)
    assert.include(farm.pairRoles(0).join(), "Root")
    farm.off(0).run(20)
    assert.include(farm.pairRoles(1).join(), "Root")
  })

  it("a switchover: the standby takes over, the other boots anew and stands by", () => {
    const farm = new Farm(RSTP).run(60)
    const roles = farm.accessRoles(0)
    order(farm, 0, { type: "chassis.switchover" })
    assert.isBelow(farm.gap(2, 3, 1), 0.5)
    assert.strictEqual(farm.modes, "reloading, active")
    farm.run(30)
    assert.strictEqual(farm.modes, "standby hot, active")
    assert.deepStrictEqual(farm.accessRoles(0), roles)
    allHear(farm)
  })

  it("a reload of the standby, and a port of it that is shut and opened", () => {
    const farm = new Farm(RSTP).run(60)
    order(farm, 1, { type: "chassis.reload" })
    farm.run(30)
    assert.strictEqual(farm.modes, "active, standby hot")
    farm.order({ type: "port.disable", node: 1, port: 2 }).run(5)
    assert.strictEqual(farm.access(0).bundles!.active[0], 1)
    farm.order({ type: "port.enable", node: 1, port: 2 }).run(5)
    assert.strictEqual(farm.access(0).bundles!.active[0], 2)
    allHear(farm)
  })
})

describe("a chassis that boots", () => {
  it("is refused where the bridge has other ports than the two have", () => {
    assert.throws(() => new Farm({ config: { ports: [5, 6] } }), "chassis of 5 and 6 ports are no bridge of 10 ports")
  })

  it("keeps its ports down until it knows what it is: its neighbours see no flap", () => {
    const farm = new Farm(RSTP).run(60)
    farm.off(0).run(1)
    const seen: Array<number> = []
    farm.simulation.listen({
      onTrace: ({ b, code, node }) => {
        if (code === CARRIER.code && node === 2 && b === 1) seen.push(farm.simulation.now / SECOND)
      },
    })
    farm.on(0).run(20)
    assert.lengthOf(seen, 1)
  })
})

describe("two chassis that do not go together", () => {
  it("of two versions: the standby's ports stay down, and it takes over cold, when its modules have booted", () => {
    const farm = new Farm({ ...RSTP, chassis: [{ version: "15.1" }, { version: "12.2" }] }).run(60)
    assert.strictEqual(farm.modes, "active, standby rpr")
    assert.strictEqual(farm.access(0).bundles!.active[0], 1)
    const heard = farm.everybodySpeaks()
    assert.deepStrictEqual(heard[0], [0, 0, 1, 1])
    farm.off(0).run(4.9)
    assert.strictEqual(farm.modes, "off, active")
    assert.deepStrictEqual(Array.from(farm.chassis(1).links.up), [0, 0, 0, 0, 0])
    farm.run(60)
    assert.deepStrictEqual(farm.everybodySpeaks()[1], [0, 0, 1, 1])
  })

  it("of two domains: no pair, each by itself", () => {
    const farm = new Farm({ ...RSTP, chassis: [{ domain: 1 }, { domain: 2 }] }).run(60)
    assert.strictEqual(farm.modes, "active, active")
    assert.notStrictEqual(farm.chassis(0).bridge.address, farm.chassis(1).bridge.address)
  })
})

describe("preemption", () => {
  it("gives the active role back to the chassis of higher priority", () => {
    const farm = new Farm({ ...RSTP, chassis: [{ priority: 110, preemptDelay: 20 * SECOND }, {}] }).run(60)
    assert.strictEqual(farm.modes, "active, standby hot")
    farm.off(0).run(10)
    farm.on(0).run(15)
    assert.strictEqual(farm.modes, "standby hot, active")
    farm.run(60)
    assert.strictEqual(farm.modes, "active, standby hot")
    allHear(farm)
  })
})

describe("what errdisable takes out of service on the standby", () => {
  it("is the active's doing, and comes back by its recovery: links that flap", () => {
    const errdisable = {
      recovery: ["link-flap"],
      intervalNs: 30 * SECOND,
      linkFlap: { flaps: 3, withinNs: 10 * SECOND },
    } as const
    const farm = new Farm({ ...RSTP, bundling: "none", access: 1, bridge: { errdisable } }).run(60)
    const cable = farm.uplink(0, 1)
    for (let flap = 0; flap < 3; flap++) {
      farm.cut(cable).run(0.5)
      farm.mend(cable).run(0.5)
    }
    const link = 2 + farm.ownPorts
    assert.strictEqual(farm.chassis(0).bridge.errdisable.cause[link], ErrdisableCause.LINK_FLAP)
    assert.strictEqual(farm.chassis(1).links.up[2], 0)
    const fork = farm.simulation.fork()
    farm.run(40)
    assert.strictEqual(farm.chassis(1).links.up[2], 1)
    assert.strictEqual(farm.chassis(0).bridge.errdisable.cause[link], 0)
    // Its time goes on where the standby takes over, for a port of its own.
    farm.simulation = fork
    farm.off(0).run(20)
    assert.deepStrictEqual(
      [farm.chassis(1).links.up[2], farm.chassis(1).bridge.errdisable.cause[link]],
      [0, ErrdisableCause.LINK_FLAP],
    )
    farm.run(20)
    assert.deepStrictEqual([farm.chassis(1).links.up[2], farm.chassis(1).bridge.errdisable.cause[link]], [1, 0])
  })

  it("is asked of the active, where the standby's hardware has found it: a broadcast storm", () => {
    const farm0 = new Farm(RSTP)
    const link = 2 * farm0.ownPorts - 1
    const stormControl = Array.from({ length: 2 * farm0.ownPorts + 2 }, (_, port) =>
      port === link ? ({ broadcast: { rising: 10, falling: 5, unit: "pps" }, action: "shutdown" } as const) : undefined,
    )
    const farm = new Farm({ ...RSTP, bridge: { stormControl } }).run(60)
    for (let i = 0; i < 200; i++) {
      farm.say(1)
      farm.run(0.005)
    }
    assert.strictEqual(farm.chassis(0).bridge.errdisable.cause[link], ErrdisableCause.STORM_CONTROL)
    assert.strictEqual(farm.chassis(1).links.up[farm.ownPorts - 1], 0)
  })
})

describe("frames on the virtual switch link that no chassis sent", () => {
  it("are refused or do no harm, whatever is in them", () => {
    const farm = new Farm(RSTP).run(60)
    const random = new Uint32Array(Prng.WORDS)
    Prng.seed(random, 0, 7, "forger")
    const below = (limit: number): number => Prng.next(random, 0) % limit
    const roles = farm.accessRoles(0)
    const inner = EthernetFrame.make(farm.address(2), farm.address(3), Protocol.EXPERIMENTAL, new Uint8Array(46), 46)
    for (let i = 0; i < 3000; i++) {
      const s = below(2) as 0 | 1
      const carried: Carried = {
        protocol: "virtual-switch-header",
        purpose: (["relay", "punt", "send"] as const)[below(3)],
        ingress: below(70_000) & 0xffff,
        egress: below(70_000) & 0xffff,
        tci: below(3) === 0 ? -1 : below(65_536),
        frame: inner,
      }
      const octets = new Uint8Array(carriedCodec(codecs).emit(carried))
      for (let times = below(4); times > 0; times--) octets[below(octets.length)] = below(256)
      const octetFrame = EthernetFrame.make(GroupAddress.LLDP, 0x02, Protocol.VIRTUAL_SWITCH, octets, octets.length)
      const frame = below(2) === 0 ? carry(0x020000000009, { ...carried, ingress: 5000 + below(1000), egress: 5000 }) : octetFrame
      farm.forge(s, below(2), frame)
    }
    farm.run(5)
    assert.strictEqual(farm.modes, "active, standby hot")
    assert.deepStrictEqual(farm.accessRoles(0), roles)
    assert.isAbove(Query.vslOf(farm.chassis(0), farm.simulation.now).lost.refused, 100)
    farm.everybodySpeaks()
    allHear(farm)
  })
})

describe("messages that no chassis would send", () => {
  it("are refused or do no harm, and the standby asks to be told everything anew", () => {
    const random = new Uint32Array(Prng.WORDS)
    Prng.seed(random, 0, 11, "forger")
    const below = (limit: number): number => Prng.next(random, 0) % limit
    const farm = new Farm(RSTP).run(60)
    for (let i = 0; i < 400; i++) {
      const to = below(2) as 0 | 1
      const [own, other] = [farm.chassis(to).channel, farm.chassis(to === 0 ? 1 : 0).channel]
      const messages: ReadonlyArray<Message> = [
        { kind: "program", entries: Array.from({ length: 8 }, () => below(40) - 2) },
        {
          kind: "program",
          entries: [8, 0, 0, 0],
          trees: [below(9)],
          existing: [below(5000)],
          switchPorts: [below(99), { mode: below(9) }],
        },
        { kind: "checkpoint", changes: Uint8Array.from({ length: below(40) }, () => below(256)), isBulk: below(9) === 0 },
        { kind: "addresses", entries: Float64Array.from({ length: 8 }, () => below(2 ** 31) - 9) },
        { kind: "link", link: below(40), up: below(2) === 0, rateBps: below(9), fullDuplex: true },
        { kind: "errdisable", link: below(40), cause: below(9) },
      ]
      const octets = emit(messages[below(messages.length)])
      if (below(2) === 0) octets[below(octets.length)] = below(256)
      const forged = segment(0x02, {
        protocol: "virtual-switch-segment",
        session: own.peer,
        peer: own.session,
        sequence: own.expected,
        acknowledge: other.first,
        isFirst: true,
        isLast: true,
        octets,
      })
      if (own.peer === 0) farm.run(3)
      else farm.forge(to, 0, forged)
      if (i % 40 === 0) farm.run(0.1)
    }
    // What was said in place of real messages is missing: management begins anew.
    for (const s of [0, 1] as const) farm.off(s).run(1)
    for (const s of [0, 1] as const) farm.on(s)
    farm.run(60)
    allHear(farm)
  })
})

describe("a world that is saved in the middle of a switchover", () => {
  it("goes on as it would have, in octets too", () => {
    for (const octets of [false, true]) {
      const farm = new Farm(RSTP, octets).run(60)
      farm.off(0)
      for (let step = 0; step < 12; step++) {
        farm.run([0.000_001, 0.000_3, 0.05, 0.2][step % 4])
        const restored = new Simulation(structuredClone(farm.simulation.save()), registry)
        const fork = farm.simulation.fork()
        if (step === 6) farm.on(0)
        if (octets) continue
        restored.run(restored.now + 2 * SECOND)
        fork.run(fork.now + 2 * SECOND)
        assert.strictEqual(Fingerprint.of(restored), Fingerprint.of(fork), `step ${step}`)
      }
    }
  })

  it("is the same with octets and without", () => {
    const run = (octets: boolean): string => {
      const farm = new Farm({ ...RSTP, access: 3 }, octets).run(60)
      farm.everybodySpeaks()
      farm.off(0).run(0.4)
      farm.everybodySpeaks()
      farm.on(0).run(30)
      farm.cut(farm.uplink(1, 1)).run(3)
      farm.everybodySpeaks()
      return farm.fingerprint
    }
    assert.strictEqual(run(true), run(false))
  })
})
