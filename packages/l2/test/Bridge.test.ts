/** The bridge as a device, with an outbox that records: ingress and egress rules, learning, flooding, reserved addresses, commands. */
import { RecordingOutbox } from "@l2lab/sim/testing/RecordingOutbox"
import { SECOND } from "@l2lab/sim/SimTime"
import { assert, describe, it } from "vitest"
import { bridgeKind } from "../src/Bridge.ts"
import type { BridgeConfig, SwitchPort } from "../src/BridgeConfig.ts"
import * as BridgeState from "../src/BridgeState.ts"
import { ControlProtocolKind } from "../src/ControlProtocol.ts"
import * as EthernetFrame from "../src/EthernetFrame.ts"
import * as FilteringDatabase from "../src/FilteringDatabase.ts"
import * as Flooding from "../src/Flooding.ts"
import * as MacAddress from "../src/MacAddress.ts"
import * as PortCounters from "../src/PortCounters.ts"
import * as Protocol from "../src/Protocol.ts"
import * as Trace from "../src/Trace.ts"

type Frame = EthernetFrame.EthernetFrame

const A = 0x02000000000a
const B = 0x02000000000b
const C = 0x02000000000c

const access = (vlan: number): SwitchPort => ({ mode: "access", vlan })
const trunk = (native: number, allowed: ReadonlyArray<number>, tagNative = false): SwitchPort => ({
  mode: "trunk",
  native,
  allowed,
  ...(tagNative && { tagNative }),
})

const frame = (source: number, destination: number, octets = 46): Frame =>
  EthernetFrame.make(destination, source, Protocol.EXPERIMENTAL, new Uint8Array(octets), octets)

const CONFIG: Pick<BridgeConfig, "address" | "vlans" | "protocols"> = {
  address: 0x020000001000,
  vlans: [1, 10, 20],
  protocols: [],
}

const PLAIN = bridgeKind([])

/** A bridge with all its links up, and hands to feed it. */
const bridge = (ports: ReadonlyArray<SwitchPort>, more: Partial<BridgeConfig> = {}, kind = PLAIN) => {
  const config: BridgeConfig = { ...CONFIG, ports, ...more }
  const state = kind.make(config, 0)
  const out = new RecordingOutbox<Frame>()
  kind.onBoot(state, 0, out)
  for (let port = 0; port < ports.length; port++) kind.onLink(state, port, { up: true, rateBps: 1e9, fullDuplex: true }, 0, out)
  out.take()
  return {
    state,
    out,
    link: (port: number, up: boolean, now = 0) => kind.onLink(state, port, { up, rateBps: 1e9, fullDuplex: true }, now, out),
    command: (command: { readonly type: string; readonly port?: number }) => kind.onCommand(state, command, 0, out),
    /** Where a frame that comes in on `port` goes: `port:tag` for each copy, untagged without the tag. */
    relay: (port: number, sent: Frame, tci = -1, now = 1): ReadonlyArray<string> => {
      out.take()
      kind.onFrame(state, port, sent, tci, now, out)
      return out.transmissions.map((copy) => {
        assert.strictEqual(copy.frame, sent, "one frame object serves all ports")
        return copy.tci < 0 ? `${copy.port}` : `${copy.port}:${copy.tci}`
      })
    },
    drops: (port: number): Record<string, number> =>
      Object.fromEntries(
        PortCounters.DROP_REASONS.map((reason, i) => [reason, state.drops[port * PortCounters.REASONS + i]] as const).filter(
          ([, count]) => count > 0,
        ),
      ),
    port: (address: number, vlan: number, now = 1): number => {
      const { vlans, fdb } = state
      const index = vlans.indexOf[vlan]
      const [low, high] = [MacAddress.low(address), MacAddress.high(address)]
      return FilteringDatabase.lookup(fdb, low, high, vlans.fidOf[index], vlans.treeOf[index], now)
    },
  }
}

describe("learning and forwarding", () => {
  it("floods the unknown, forwards to the known, filters on the way back in", () => {
    const { relay, drops, state } = bridge([access(1), access(1), access(1)])
    assert.deepStrictEqual(relay(0, frame(A, B)), ["1", "2"])
    assert.strictEqual(Flooding.frames(state), 1)
    assert.strictEqual(Flooding.octets(state), 128)
    assert.deepStrictEqual(relay(1, frame(B, A)), ["0"])
    assert.deepStrictEqual(relay(0, frame(A, B)), ["1"])
    assert.deepStrictEqual(relay(0, frame(C, A)), [], "A lies where this came from")
    assert.deepStrictEqual(drops(0), { "destination on ingress port": 1 })
    assert.strictEqual(Flooding.frames(state), 1)
  })

  it("floods broadcast and multicast, and counts them as no unknown unicast", () => {
    const { relay, state } = bridge([access(1), access(1), access(1)])
    assert.deepStrictEqual(relay(2, frame(A, MacAddress.BROADCAST)), ["0", "1"])
    assert.deepStrictEqual(relay(2, frame(A, 0x01005e000001)), ["0", "1"])
    assert.strictEqual(Flooding.frames(state), 0)
  })

  it("counts the octets of unknown unicast by the copies that left", () => {
    const { relay, state } = bridge([access(1), access(1), access(1), access(10)])
    relay(0, frame(A, B, 1000))
    assert.strictEqual(Flooding.octets(state), 2 * 1018)
  })

  it("refuses a group address as source, and learns nothing from it", () => {
    const { relay, drops, state } = bridge([access(1), access(1)])
    assert.deepStrictEqual(relay(0, frame(0x030000000001, B)), [])
    assert.deepStrictEqual(drops(0), { "group source address": 1 })
    assert.strictEqual(FilteringDatabase.count(state.fdb, 1), 0)
  })

  it("forgets after the ageing time, with the default of 300 s", () => {
    const { relay } = bridge([access(1), access(1), access(1)])
    relay(0, frame(A, B), -1, 0)
    assert.deepStrictEqual(relay(1, frame(B, A), -1, 300 * SECOND), ["0"])
    assert.deepStrictEqual(relay(1, frame(B, A), -1, 300 * SECOND + 1), ["0", "2"])
  })

  it("goes on flooding what a full table could not learn", () => {
    const { relay, state } = bridge([access(1), access(1), access(1)], { capacity: 1 })
    relay(0, frame(A, B))
    relay(1, frame(B, A))
    assert.strictEqual(state.fdb.refusals, 1)
    assert.deepStrictEqual(relay(0, frame(A, B)), ["1", "2"])
  })

  it("traces what the CAM does as details: learnt, moved from where to where, full", () => {
    const { relay, out } = bridge([access(1), access(10), access(1)], { capacity: 1 })
    relay(0, frame(A, B))
    assert.deepInclude(out.traces()[0], { type: "detail", code: Trace.CAM_LEARNT.code, a: A, b: 1, c: 0 })
    relay(0, frame(A, B))
    assert.lengthOf(out.traces(), 0, "a refreshed entry is no news")
    relay(2, frame(A, B))
    assert.deepInclude(out.traces()[0], { type: "detail", code: Trace.CAM_MOVED.code, a: A, b: 1, c: 0, d: 2 })
    relay(1, frame(B, A))
    assert.deepInclude(out.traces()[0], { type: "detail", code: Trace.CAM_FULL.code, a: B, b: 10, c: 1 })
    out.tracing = false
    relay(0, frame(A, B))
    assert.lengthOf(out.traces(), 0, "nobody listens")
  })
})

describe("VLANs", () => {
  it("keeps access ports of different VLANs apart", () => {
    const { relay } = bridge([access(10), access(10), access(20), access(20)])
    assert.deepStrictEqual(relay(0, frame(A, MacAddress.BROADCAST)), ["1"])
    assert.deepStrictEqual(relay(2, frame(B, MacAddress.BROADCAST)), ["3"])
  })

  it("learns in each VLAN for itself", () => {
    const { relay, port } = bridge([access(10), access(20), trunk(1, [1, 10, 20])])
    relay(0, frame(A, B))
    relay(2, frame(A, B), 20)
    assert.strictEqual(port(A, 10), 0)
    assert.strictEqual(port(A, 20), 2)
  })

  it("shares learning where VLANs share a filtering database", () => {
    const { relay } = bridge([access(10), trunk(1, [1, 10, 20]), access(20)], { fidOfVlan: [0, 1, 1] })
    relay(0, frame(A, B))
    assert.deepStrictEqual(relay(1, frame(B, A), 20), [], "A is known on a port that VLAN 20 does not reach")
  })

  it("tags on trunks, but for the native VLAN", () => {
    const { relay } = bridge([access(10), access(1), trunk(1, [1, 10])])
    assert.deepStrictEqual(relay(0, frame(A, MacAddress.BROADCAST)), ["2:10"])
    assert.deepStrictEqual(relay(1, frame(B, MacAddress.BROADCAST)), ["2"])
  })

  it("takes the VLAN from the tag, or from the native VLAN", () => {
    const { relay } = bridge([access(10), access(1), trunk(1, [1, 10])])
    assert.deepStrictEqual(relay(2, frame(A, MacAddress.BROADCAST), 10), ["0"])
    assert.deepStrictEqual(relay(2, frame(A, MacAddress.BROADCAST)), ["1"])
    assert.deepStrictEqual(relay(2, frame(A, MacAddress.BROADCAST), 1), ["1"], "the native VLAN tagged is taken too")
  })

  it("carries priority and drop eligibility through, and a priority tag is no VLAN", () => {
    const { relay } = bridge([access(10), trunk(1, [1, 10, 20]), trunk(20, [10, 20])])
    const priority = EthernetFrame.tci(10, 5, true)
    assert.deepStrictEqual(relay(1, frame(A, MacAddress.BROADCAST), priority), ["0", `2:${priority}`])
    assert.deepStrictEqual(relay(0, frame(B, MacAddress.BROADCAST), EthernetFrame.tci(0, 3)), [
      `1:${EthernetFrame.tci(10, 3)}`,
      `2:${EthernetFrame.tci(10, 3)}`,
    ])
  })

  it("leaks between VLANs where the two ends of a trunk differ in their native VLAN", () => {
    const left = bridge([access(10), trunk(10, [1, 10, 20])])
    const right = bridge([access(20), access(10), trunk(20, [1, 10, 20])])
    const [onWire] = left.relay(0, frame(A, MacAddress.BROADCAST))
    assert.strictEqual(onWire, "1", "VLAN 10 leaves untagged")
    assert.deepStrictEqual(right.relay(2, frame(A, MacAddress.BROADCAST), -1), ["0"], "and arrives in VLAN 20")
    assert.strictEqual(right.port(A, 20), 2)
  })

  it("tags the native VLAN too where told so, and then refuses the untagged", () => {
    const { relay, drops } = bridge([access(1), trunk(1, [1, 10], true)])
    assert.deepStrictEqual(relay(0, frame(A, MacAddress.BROADCAST)), ["1:1"])
    assert.deepStrictEqual(relay(1, frame(B, MacAddress.BROADCAST), 1), ["0"])
    assert.deepStrictEqual(relay(1, frame(B, MacAddress.BROADCAST)), [])
    assert.deepStrictEqual(relay(1, frame(B, MacAddress.BROADCAST), EthernetFrame.tci(0, 7)), [])
    assert.deepStrictEqual(drops(1), { "untagged frame refused": 2 })
  })

  it("refuses the untagged on a trunk that does not allow its native VLAN", () => {
    const { relay, drops } = bridge([access(1), trunk(1, [10])])
    assert.deepStrictEqual(relay(0, frame(A, MacAddress.BROADCAST)), [])
    assert.deepStrictEqual(relay(1, frame(B, MacAddress.BROADCAST)), [])
    assert.deepStrictEqual(drops(1), { "untagged frame refused": 1 })
  })

  it("drops and counts a VLAN that does not exist, and one that the port does not carry", () => {
    const { relay, drops, state } = bridge([access(10), trunk(1, [1, 10, 99]), access(99)])
    for (const vid of [99, 2, 4094, 4095]) assert.deepStrictEqual(relay(1, frame(A, B), vid), [])
    assert.deepStrictEqual(relay(1, frame(A, B), 20), [], "exists, but is not allowed")
    assert.deepStrictEqual(relay(0, frame(A, B), 20), [], "tagged for another VLAN than the access port's")
    assert.deepStrictEqual(relay(2, frame(A, B)), [], "an access VLAN that nobody created")
    assert.deepStrictEqual(drops(1), { "unknown VLAN": 4, "VLAN not allowed on port": 1 })
    assert.deepStrictEqual(drops(0), { "VLAN not allowed on port": 1 })
    assert.deepStrictEqual(drops(2), { "unknown VLAN": 1 })
    assert.strictEqual(FilteringDatabase.count(state.fdb, 1), 0)
  })

  it("an access port takes a frame tagged with its own VLAN", () => {
    const { relay } = bridge([access(10), access(10)])
    assert.deepStrictEqual(relay(0, frame(A, MacAddress.BROADCAST), 10), ["1"])
  })
})

describe("port states", () => {
  const ports = [access(1), access(1), access(1)]
  const { LEARNING, FORWARDING } = BridgeState

  it("a blocked port learns nothing and passes nothing, in either direction", () => {
    const { relay, state, drops, port } = bridge(ports)
    BridgeState.setPortState(state, 0, 0, 0)
    assert.deepStrictEqual(relay(0, frame(A, B)), [])
    assert.strictEqual(port(A, 1), FilteringDatabase.UNKNOWN)
    assert.deepStrictEqual(drops(0), { "port blocked by spanning tree": 1 })
    assert.deepStrictEqual(relay(1, frame(B, MacAddress.BROADCAST)), ["2"])
  })

  it("a learning port learns, and passes nothing", () => {
    const { relay, state, drops, port } = bridge(ports)
    BridgeState.setPortState(state, 0, 0, LEARNING)
    assert.deepStrictEqual(relay(0, frame(A, B)), [])
    assert.strictEqual(port(A, 1), 0)
    assert.deepStrictEqual(relay(1, frame(B, A)), [], "A is known behind a port that does not forward")
    assert.deepStrictEqual(drops(1), { "egress port blocked": 1 })
    BridgeState.setPortState(state, 0, 0, LEARNING | FORWARDING)
    assert.deepStrictEqual(relay(1, frame(B, A)), ["0"])
  })

  it("follow the tree of the VLAN", () => {
    const { relay, state } = bridge([trunk(1, [1, 10, 20]), access(10), access(20)], { treeOfVlan: [0, 0, 1] })
    BridgeState.setPortState(state, 1, 0, 0)
    assert.deepStrictEqual(relay(1, frame(A, MacAddress.BROADCAST)), ["0:10"])
    assert.deepStrictEqual(relay(2, frame(A, MacAddress.BROADCAST)), [])
    assert.deepStrictEqual(relay(0, frame(B, MacAddress.BROADCAST), 20), [])
  })

  it("a link that goes down forgets what was learnt there", () => {
    const { relay, link, out, port } = bridge(ports)
    relay(0, frame(A, B))
    relay(1, frame(B, A))
    link(0, false)
    assert.deepInclude(out.traces(Trace.CAM_FLUSHED.code)[0], { a: 0, b: 0, c: 1 })
    assert.strictEqual(port(A, 1), FilteringDatabase.UNKNOWN)
    assert.strictEqual(port(B, 1), 1)
    assert.deepStrictEqual(relay(1, frame(B, A)), ["2"], "and nothing is sent there")
    link(0, true)
    assert.deepStrictEqual(relay(1, frame(B, A)), ["0", "2"])
  })
})

describe("static entries", () => {
  it("discard, forward, and stay where they are", () => {
    const staticEntries = [
      { vlan: 1, address: A, port: -1 },
      { vlan: 1, address: B, port: 2 },
    ]
    const { relay, drops, command, port } = bridge([access(1), access(1), access(1)], { staticEntries })
    assert.deepStrictEqual(relay(0, frame(C, A)), [])
    assert.deepStrictEqual(drops(0), { "static discard entry": 1 })
    assert.deepStrictEqual(relay(0, frame(C, B)), ["2"])
    relay(1, frame(B, C))
    assert.strictEqual(port(B, 1, 1000 * SECOND), 2, "not moved, not aged")
    assert.deepStrictEqual(relay(0, frame(A, C)).length, 0, "C lies where this came from")
    command({ type: "bridge.clear-dynamic" })
    assert.strictEqual(port(B, 1), 2)
    assert.strictEqual(port(C, 1), FilteringDatabase.UNKNOWN)
  })

  it("count in their VLAN only", () => {
    const { relay } = bridge([access(10), access(10), access(20), access(20)], {
      staticEntries: [{ vlan: 20, address: A, port: -1 }],
    })
    assert.deepStrictEqual(relay(0, frame(B, A)), ["1"])
    assert.deepStrictEqual(relay(2, frame(B, A)), [])
  })
})

describe("commands", () => {
  it("clear-dynamic forgets one port, or all", () => {
    const { relay, command, port } = bridge([access(1), access(1), access(1)])
    const learnAll = () => [A, B, C].forEach((address, i) => relay(i, frame(address, MacAddress.BROADCAST)))
    learnAll()
    command({ type: "bridge.clear-dynamic", port: 1 })
    assert.deepStrictEqual(
      [A, B, C].map((address) => port(address, 1)),
      [0, FilteringDatabase.UNKNOWN, 2],
    )
    learnAll()
    command({ type: "bridge.clear-dynamic" })
    for (const address of [A, B, C]) assert.strictEqual(port(address, 1), FilteringDatabase.UNKNOWN)
  })
})

describe("reserved group addresses", () => {
  const ports = [access(1), access(1), access(1)]

  it("01-80-C2-00-00-00..0F stop at a bridge, whatever the port state, and are counted", () => {
    const { relay, drops, state } = bridge(ports)
    for (let i = 0; i < 16; i++) assert.deepStrictEqual(relay(0, frame(A, 0x0180c2000000 + i)), [])
    assert.deepStrictEqual(drops(0), { "reserved group address": 16 })
    assert.strictEqual(FilteringDatabase.count(state.fdb, 1), 0, "their sources are not learnt")
    assert.deepStrictEqual(relay(0, frame(A, 0x0180c2000010)), ["1", "2"], "the next one is ordinary multicast")
  })

  it("are flooded by an unmanaged switch", () => {
    const { relay } = bridge(ports, { reserved: "flood" })
    assert.deepStrictEqual(relay(0, frame(A, 0x0180c2000000)), ["1", "2"])
  })

  it("Cisco's group addresses are ordinary multicast where nobody claims them", () => {
    const { relay } = bridge(ports)
    assert.deepStrictEqual(relay(0, frame(A, 0x01000ccccccd)), ["1", "2"])
  })

  it("go to the first protocol that claims them, blocked port or not, with the tag beside them", () => {
    const heard: Array<string> = []
    const listener = (name: string, address: number) =>
      new ControlProtocolKind<{ readonly name: string }, null>({
        kind: name,
        passive: true,
        timers: () => 1,
        make: () => ({ name }),
        claims: ({ destination }) => destination === address,
        onBoot: () => {},
        onPdu: (state, port, pdu, tci, now, actions) => {
          heard.push(`${state.name} ${port} ${tci}`)
          actions.sendPdu(port, pdu, -1)
          actions.startTimer(0, now + 10)
        },
        onTimer: (state) => heard.push(`${state.name} timer`),
        onPort: (state, port, status) => heard.push(`${state.name} port ${port} ${status.up ? "up" : "down"}`),
        onCommand: (state, command) => heard.push(`${state.name} ${command.type}`),
        copy: (state) => state,
        fingerprint: () => {},
      })
    const kind = bridgeKind([listener("x", 0x0180c2000000), listener("y", 0x0180c2000000), listener("z", 0x01000ccccccd)])
    const protocols = ["x", "y", "z"].map((name) => ({ kind: name, config: null }))
    const { relay, state, out, command } = bridge([access(1), access(1)], { protocols }, kind)
    assert.lengthOf(heard, 6, "each protocol was told of both ports")
    heard.length = 0
    BridgeState.setPortState(state, 0, 1, 0)
    assert.deepStrictEqual(relay(1, frame(A, 0x0180c2000000)), ["1"], "what the protocol sent")
    assert.strictEqual(out.transmissions[0].type, "transmitControl")
    assert.deepStrictEqual(relay(0, frame(A, 0x01000ccccccd), 7), ["0"])
    assert.deepStrictEqual([...out.timers.keys()], [0, 2], "each protocol has its own range of timers")
    kind.onTimer(state, 2, 11, out)
    command({ type: "x.something" })
    assert.deepStrictEqual(heard, ["x 1 -1", "z 0 7", "z timer", "x x.something", "y x.something", "z x.something"])
  })
})

describe("the control class", () => {
  const speaker = new ControlProtocolKind<{ readonly none: 0 }, null>({
    kind: "speaker",
    passive: true,
    timers: () => 0,
    make: () => ({ none: 0 }),
    claims: () => false,
    onBoot: () => {},
    onPdu: () => {},
    onTimer: () => {},
    onPort: () => {},
    onCommand: (_state, _command, _now, actions) => actions.sendPdu(0, frame(A, B), -1),
    copy: (state) => state,
    fingerprint: () => {},
  })

  it("carries PDUs past waiting data, unless the platform has none", () => {
    const kind = bridgeKind([speaker])
    for (const [controlClass, type] of [
      [undefined, "transmitControl"],
      [true, "transmitControl"],
      [false, "transmit"],
    ] as const) {
      const config = { protocols: [{ kind: "speaker", config: null }], ...(controlClass !== undefined && { controlClass }) }
      const one = bridge([access(1)], config, kind)
      one.command({ type: "speak" })
      assert.strictEqual(one.out.transmissions[0].type, type)
    }
  })
})

describe("errdisable", () => {
  const shutter = new ControlProtocolKind<{ readonly none: 0 }, null>({
    kind: "shutter",
    passive: true,
    timers: () => 0,
    make: () => ({ none: 0 }),
    claims: () => false,
    onBoot: () => {},
    onPdu: () => {},
    onTimer: () => {},
    onPort: () => {},
    onCommand: (_state, _command, _now, actions) => actions.errdisable(1, 7),
    copy: (state) => state,
    fingerprint: () => {},
  })

  it("takes the port out of service and keeps the cause until the link is up again", () => {
    const kind = bridgeKind([shutter])
    const one = bridge([access(1), access(1)], { protocols: [{ kind: "shutter", config: null }] }, kind)
    one.command({ type: "shut" })
    assert.deepInclude(one.out.take(), { type: "setPortEnabled", port: 1, enabled: false })
    one.link(1, false)
    assert.strictEqual(one.state.errdisable.cause[1], 7)
    one.link(1, true, 0)
    assert.strictEqual(one.state.errdisable.cause[1], 7, "the link came up before the world took the port out")
    one.link(1, false, 0)
    one.link(1, true, 1)
    assert.strictEqual(one.state.errdisable.cause[1], 0, "management or recovery has brought it back")
  })
})

describe("copies", () => {
  it("are independent, and agree with structuredClone", () => {
    const { state, relay, out } = bridge([access(1), access(1), access(1)])
    relay(0, frame(A, B))
    const twin = PLAIN.copy(state)
    const oracle = structuredClone(state)
    assert.deepStrictEqual({ ...twin, fdb: { ...twin.fdb, shared: false } }, { ...oracle, fdb: { ...oracle.fdb, shared: false } })
    PLAIN.onFrame(twin, 1, frame(B, A), -1, 2, out)
    PLAIN.onFrame(twin, 1, frame(A, B), -1, 2, out)
    PLAIN.onLink(twin, 2, { up: false, rateBps: 1e9, fullDuplex: true }, 2, out)
    assert.deepStrictEqual(
      { ...state, fdb: { ...state.fdb, shared: false } },
      { ...oracle, fdb: { ...oracle.fdb, shared: false } },
    )
  })
})
