/** UDLD between switches: who says what when, and what one-way cables, dead switches and shared media come to. */
import { assert, describe, it } from "@effect/vitest"
import * as Fingerprint from "@l2lab/sim/Fingerprint"
import { SECOND } from "@l2lab/sim/SimTime"
import type { BridgeCommand } from "../../src/Bridge.ts"
import type { UdldCommand } from "../../src/udld/Command.ts"
import * as ErrdisableCause from "../../src/ErrdisableCause.ts"
import * as Trace from "../../src/udld/Trace.ts"
import type { DiscoveryNetwork } from "../DiscoveryNetwork.ts"
import { at, cut, disabled, isErrdisabled, pair, said, shared, stateOf } from "./Pair.ts"

const UDLD_OFF = { mode: "disabled" } as const
const AGGRESSIVE = { mode: "aggressive" } as const

describe("on a cable that is well", () => {
  // What two Catalysts say in tests/udld.pcap of tcpdump: an echo a second for five seconds, a probe at once, four times after 7 s, then every 15 s.
  it("says what Catalysts say, when they say it", () => {
    const network = pair()
    network.world({ type: "port.disable", node: 1, port: 0 }).world({ type: "port.enable", node: 1, port: 0 })
    network.run(70)
    assert.deepEqual(said(network, 0), [
      "0 probe RT RSY 7s #1 []",
      "0 echo 7s #1 [Gi0/1]",
      "1 echo 7s #2 [Gi0/1]",
      "2 echo 7s #3 [Gi0/1]",
      "3 echo 7s #4 [Gi0/1]",
      "4 echo 7s #5 [Gi0/1]",
      "5 probe RT 15s #1 [Gi0/1]",
      "12 probe RT 15s #2 [Gi0/1]",
      "19 probe RT 15s #3 [Gi0/1]",
      "26 probe RT 15s #4 [Gi0/1]",
      "33 probe RT 15s #5 [Gi0/1]",
      "48 probe RT 15s #6 [Gi0/1]",
      "63 probe RT 15s #7 [Gi0/1]",
    ])
    assert.strictEqual(at(network, 0), "advertisement bidirectional")
    assert.strictEqual(at(network, 1), "advertisement bidirectional")
    const [neighbour] = stateOf(network, 1).neighbours
    assert.deepEqual(
      [neighbour.info.deviceId, neighbour.info.portId, neighbour.info.deviceName],
      ["020000010000", "Gi0/1", "sw1"],
    )
    assert.strictEqual(Math.floor(neighbour.expiresAt / SECOND), 63 + 45, "held for three of its intervals")
  })

  it("a message time below seven seconds is the fast one too", () => {
    const network = pair({ messageTime: 2 }).run(12)
    assert.deepEqual(said(network, 0).slice(-3), [
      "7 probe RT 2s #2 [Gi0/1]",
      "9 probe RT 2s #3 [Gi0/1]",
      "11 probe RT 2s #4 [Gi0/1]",
    ])
    assert.deepEqual(disabled(network), [])
  })

  it("goes on asking where nobody answers, every seven seconds, and does nothing about it", () => {
    const network = pair(AGGRESSIVE, UDLD_OFF).run(600)
    assert.deepEqual(said(network, 0).slice(0, 2), ["7 probe RT RSY 7s #2 []", "14 probe RT RSY 7s #3 []"])
    assert.strictEqual(at(network, 0), "link-up undetermined")
    assert.deepEqual(disabled(network), [])
    assert.deepEqual(said(network, 1), [], "a port without UDLD is silent")
    assert.strictEqual(stateOf(network, 1).received[0], 0, "and deaf")
  })

  it("starts anew when the link comes back", () => {
    const network = pair().run(20)
    network.world({ type: "link.disconnect", link: 0 }).run(1)
    assert.strictEqual(at(network, 0), "inactive unknown")
    assert.lengthOf(stateOf(network, 0).neighbours, 0)
    network.world({ type: "link.connect", link: 0 }).run(6)
    assert.strictEqual(at(network, 0), "advertisement bidirectional")
  })

  it("says good-bye where UDLD is switched off, and is forgotten at once without being missed", () => {
    const network = pair(AGGRESSIVE).run(20)
    network.command(0, { type: "udld.set-mode", port: 0, mode: "disabled" } as UdldCommand).run(1)
    assert.match(said(network, 0).at(-1) ?? "", /^20 flush 15s #\d+ \[\]$/)
    assert.strictEqual(at(network, 0), "inactive unknown")
    assert.strictEqual(at(network, 1), "link-up undetermined")
    network.run(60)
    assert.deepEqual(disabled(network), [])
    network.command(0, { type: "udld.set-mode", port: 0, mode: "aggressive" } as UdldCommand).run(6)
    assert.strictEqual(at(network, 1), "advertisement bidirectional")
  })

  it("another message time holds from the next message on", () => {
    const network = pair().run(40)
    network.command(0, { type: "udld.set-message-time", seconds: 30 } as UdldCommand).run(40)
    assert.deepEqual(said(network, 0).slice(-2), ["48 probe RT 30s #6 [Gi0/1]", "78 probe RT 30s #7 [Gi0/1]"])
  })
})

describe("a cable that carries one direction", () => {
  it("is found by who is not heard, in normal mode too: the deaf end tells it so", () => {
    const network = cut(pair().run(50), "a")
    network.run(60)
    // sw1 last spoke at 48 s. sw2 forgets it at 93 s, begins anew, and says so once more after seven seconds.
    assert.deepEqual(disabled(network), [{ node: 0, at: disabled(network)[0].at, why: "unidirectional link detected" }])
    assert.strictEqual(Math.floor(disabled(network)[0].at), 100)
    assert.strictEqual(at(network, 0), "disabled unidirectional")
    assert.strictEqual(at(network, 1), "inactive unknown", "the link is down at both ends")
    assert.isTrue(isErrdisabled(network, 0))
    assert.isFalse(isErrdisabled(network, 1))
  })

  it("is found sooner in aggressive mode, where the deaf end asks once a second", () => {
    const network = cut(pair(AGGRESSIVE).run(50), "a")
    network.run(60)
    assert.deepEqual(
      disabled(network).map(({ at: when, ...rest }) => ({ ...rest, at: Math.floor(when) })),
      [{ node: 0, at: 98, why: "unidirectional link detected" }],
    )
  })

  it("is found within seconds where it was so from the beginning", () => {
    const network = pair()
    network.world({ type: "link.disconnect", link: 0 })
    cut(network, "b").world({ type: "link.connect", link: 0 }).run(20)
    assert.deepEqual(
      disabled(network).map(({ at: when, ...rest }) => ({ ...rest, at: Math.floor(when) })),
      [{ node: 1, at: 7, why: "unidirectional link detected" }],
    )
  })

  it("is taken for well again when it heals before that", () => {
    const network = cut(pair().run(50), "a")
    network.run(48)
    assert.strictEqual(at(network, 0), "detection undetermined")
    assert.strictEqual(at(network, 1), "link-up undetermined")
    cut(network, "a", true).run(60)
    assert.deepEqual(disabled(network), [])
    assert.strictEqual(at(network, 0), "advertisement bidirectional")
    assert.strictEqual(at(network, 1), "advertisement bidirectional")
  })

  it("that carries none is undetermined in normal mode, and out of service in aggressive mode after eight questions", () => {
    const dark = (network: DiscoveryNetwork): DiscoveryNetwork => cut(cut(network.run(50), "a"), "b").run(100)
    const normal = dark(pair())
    assert.deepEqual(disabled(normal), [])
    assert.deepEqual([at(normal, 0), at(normal, 1)], ["link-up undetermined", "link-up undetermined"])
    const aggressive = dark(pair(AGGRESSIVE, {}))
    assert.deepEqual(
      disabled(aggressive).map(({ at: when, ...rest }) => ({ ...rest, at: Math.floor(when) })),
      [{ node: 0, at: 101, why: "aggressive mode failure detected" }],
    )
    assert.deepEqual(said(aggressive, 0).slice(-9), [
      ...Array.from({ length: 8 }, (_, i) => `${93 + i} probe RT RSY 7s #${i + 1} []`),
      "101 flush 7s #1 []",
    ])
  })
})

describe("a port that UDLD took out of service", () => {
  it("comes back by itself where recovery is on, goes again while the cable is as it was, and stays when it has healed", () => {
    const network = cut(
      pair({ ...AGGRESSIVE, more: { errdisable: { recovery: ["udld"], intervalNs: 30 * SECOND } } }).run(50),
      "a",
    )
    network.run(50)
    assert.lengthOf(disabled(network), 1)
    network.run(45)
    assert.lengthOf(disabled(network), 2, "30 s later it is up, and 7 s later out again")
    cut(network, "a", true).run(60)
    assert.lengthOf(disabled(network), 2)
    assert.strictEqual(at(network, 0), "advertisement bidirectional")
  })

  it("comes back with udld reset, and with no other cause's reset", () => {
    const network = cut(pair(AGGRESSIVE).run(50), "a").run(50)
    assert.isTrue(isErrdisabled(network, 0))
    cut(network, "a", true)
    network.command(0, { type: "bridge.errdisable-reset", cause: "bpduguard" } as BridgeCommand).run(1)
    assert.isTrue(isErrdisabled(network, 0))
    network.command(0, { type: "bridge.errdisable-reset", cause: "udld" } as BridgeCommand).run(6)
    assert.strictEqual(network.bridge(0).errdisable.cause[0], ErrdisableCause.NONE)
    assert.strictEqual(at(network, 0), "advertisement bidirectional")
  })

  it("comes back with shutdown and no shutdown", () => {
    const network = cut(pair(AGGRESSIVE).run(50), "a").run(50)
    cut(network, "a", true)
    network.world({ type: "port.disable", node: 0, port: 0 }).world({ type: "port.enable", node: 0, port: 0 }).run(6)
    assert.strictEqual(at(network, 0), "advertisement bidirectional")
  })
})

describe("a switch whose processor hangs", () => {
  it("is taken out by its aggressive neighbour, and left alone by a normal one", () => {
    for (const [neighbour, expected] of [
      [AGGRESSIVE, "aggressive mode failure detected"],
      [{}, undefined],
    ] as const) {
      const network = pair({}, neighbour).run(50)
      network.command(0, { type: "bridge.control-plane", hung: true } as BridgeCommand).run(100)
      assert.strictEqual(disabled(network)[0]?.why, expected)
    }
  })

  it("is heard again when it goes on in time", () => {
    const network = pair(AGGRESSIVE).run(50)
    network.command(0, { type: "bridge.control-plane", hung: true } as BridgeCommand).run(40)
    network.command(0, { type: "bridge.control-plane", hung: false } as BridgeCommand).run(100)
    assert.deepEqual(disabled(network), [])
    assert.strictEqual(at(network, 1), "advertisement bidirectional")
  })
})

describe("on a shared medium", () => {
  it("several neighbours that all hear the port are as good as one", () => {
    const network = shared({}, {}, {}).run(30)
    for (const node of [0, 1, 2]) {
      assert.strictEqual(at(network, node), "advertisement bidirectional")
      assert.lengthOf(stateOf(network, node).neighbours, 2)
    }
  })

  it("one that hears others but not the port is a mismatch", () => {
    const network = shared({}, {}, {}).run(50)
    // What sw1 sends is lost: the others forget it and go on hearing each other.
    cut(network, "a", false, 0).run(90)
    assert.deepEqual(
      disabled(network).map(({ node, why }) => [node, why]),
      [[0, "neighbor mismatch detected"]],
    )
    assert.strictEqual(at(network, 0), "disabled mismatch")
    assert.strictEqual(at(network, 1), "advertisement bidirectional")
  })

  it("one whose port is shut says good-bye, and is forgotten at once", () => {
    const network = shared(AGGRESSIVE, AGGRESSIVE).run(50)
    network.world({ type: "port.disable", node: 0, port: 0 }).run(1)
    assert.match(said(network, 0).at(-1) ?? "", /^50 flush /)
    assert.strictEqual(at(network, 1), "link-up undetermined")
    network.run(100)
    assert.deepEqual(disabled(network), [])
  })

  it("one that is gone is forgotten, and the others stay", () => {
    const network = shared(AGGRESSIVE, AGGRESSIVE, AGGRESSIVE).run(50)
    network.world({ type: "port.disable", node: 2, port: 0 }).run(60)
    assert.deepEqual(disabled(network), [])
    assert.lengthOf(stateOf(network, 0).neighbours, 1)
    assert.strictEqual(at(network, 0), "advertisement bidirectional")
  })
})

describe("in the middle of detection", () => {
  it("a fork goes on as the original does, as a run that was never stopped, and as one from the command log", () => {
    const fault = (network: DiscoveryNetwork): DiscoveryNetwork => cut(network.run(50), "a").run(45)
    const whole = fault(pair(AGGRESSIVE)).run(60)
    const network = fault(pair(AGGRESSIVE))
    assert.strictEqual(at(network, 0), "detection undetermined")
    assert.strictEqual(network.replayed(), network.fingerprint)
    const fork = network.simulation.fork()
    network.run(60)
    fork.run(network.simulation.now)
    assert.lengthOf(disabled(network), 1)
    assert.strictEqual(network.fingerprint, whole.fingerprint)
    assert.strictEqual(Fingerprint.of(fork), whole.fingerprint)
    assert.strictEqual(network.replayed(), whole.fingerprint)
  })
})

describe("trace", () => {
  it("tells of phases, of neighbours and of the end", () => {
    const network = cut(pair(AGGRESSIVE).run(50), "a").run(60)
    const names = new Set(
      network.events.filter(({ code }) => Trace.TRACE_DEFINITIONS.some((d) => d.code === code)).map(({ code }) => code),
    )
    assert.isTrue(names.has(Trace.UDLD_PHASE.code) && names.has(Trace.UDLD_DISABLED.code) && names.has(Trace.UDLD_GONE.code))
  })
})
