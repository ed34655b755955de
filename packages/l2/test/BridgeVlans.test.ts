/** VLANs that come and go, and ports that become trunks, while a bridge runs. */
import { assert, describe, it } from "vitest"
import { RecordingOutbox } from "@l2lab/sim/testing/RecordingOutbox"
import { bridgeKind } from "../src/Bridge.ts"
import type { BridgeConfig, SwitchPort } from "../src/BridgeConfig.ts"
import * as BridgeState from "../src/BridgeState.ts"
import * as BridgeVlans from "../src/BridgeVlans.ts"
import type { BridgeView } from "../src/ControlProtocol.ts"
import { ControlProtocolKind } from "../src/ControlProtocol.ts"
import * as EthernetFrame from "../src/EthernetFrame.ts"
import * as FilteringDatabase from "../src/FilteringDatabase.ts"
import * as PortCounters from "../src/PortCounters.ts"
import * as Protocol from "../src/Protocol.ts"
import * as Trace from "../src/Trace.ts"
import * as VlanTable from "../src/VlanTable.ts"

const A = 0x02000000000a
const B = 0x02000000000b
const access = (vlan: number): SwitchPort => ({ mode: "access", vlan })
const trunk = (native: number, ...allowed: ReadonlyArray<number>): SwitchPort => ({ mode: "trunk", native, allowed })
const frame = (source: number, destination: number) =>
  EthernetFrame.make(destination, source, Protocol.EXPERIMENTAL, new Uint8Array(46), 46)

/** A protocol that writes down what it is told of VLANs. */
const Listener = new ControlProtocolKind<{ told: Array<BridgeView> }, object>({
  kind: "listener",
  passive: true,
  timers: () => 0,
  make: () => ({ told: [] }),
  claims: () => false,
  onBoot: () => {},
  onPdu: () => {},
  onTimer: () => {},
  onPort: () => {},
  onVlans: (state, view) => void state.told.push(view),
  onCommand: () => {},
  copy: (state) => ({ told: state.told.slice() }),
  fingerprint: () => {},
})

const KIND = bridgeKind([Listener])
const PORTS = [access(10), access(10), access(20), trunk(1, 1, 10, 20)]

const bridge = (more: Partial<BridgeConfig> = {}) => {
  const config: BridgeConfig = {
    address: 0x020000001000,
    vlans: [1, 10, 20],
    ports: PORTS,
    protocols: [{ kind: "listener", config: {} }],
    ...more,
  }
  const state = KIND.make(config, 0)
  const out = new RecordingOutbox<EthernetFrame.EthernetFrame>()
  for (let port = 0; port < config.ports.length; port++) {
    KIND.onLink(state, port, { up: true, rateBps: 1e9, fullDuplex: true }, 0, out)
  }
  return {
    state,
    out,
    vlans: (...existing: ReadonlyArray<number>) =>
      KIND.onCommand(state, { type: "bridge.set-vlans", existing } as { readonly type: string }, 1, out),
    port: (port: number, settings: SwitchPort) =>
      KIND.onCommand(state, { type: "bridge.set-switch-port", port, settings } as { readonly type: string }, 1, out),
    relay: (port: number, sent = frame(A, B), tci = -1): ReadonlyArray<string> => {
      out.take()
      KIND.onFrame(state, port, sent, tci, 2, out)
      return out.transmissions.map((copy) => (copy.tci < 0 ? `${copy.port}` : `${copy.port}:${copy.tci & 0xfff}`))
    },
    told: (): ReadonlyArray<BridgeView> => (state.protocols[0] as { told: Array<BridgeView> }).told,
  }
}

describe("VLANs of a running bridge", () => {
  it("carry nothing once they are gone, and their access ports are inactive", () => {
    const { out, relay, state, vlans } = bridge()
    assert.deepStrictEqual(relay(0), ["1", "3:10"])
    vlans(1, 20)
    assert.deepStrictEqual(relay(0), [])
    assert.deepStrictEqual(relay(3, frame(B, A), 10), [])
    assert.strictEqual(state.drops[PortCounters.UNKNOWN_VLAN], 1)
    assert.strictEqual(state.drops[3 * PortCounters.REASONS + PortCounters.UNKNOWN_VLAN], 1)
    assert.deepStrictEqual(
      [0, 1, 2, 3].map((port) => BridgeVlans.isInactive(state, port)),
      [true, true, false, false],
    )
    assert.deepStrictEqual(relay(2), ["3:20"], "others go on")
    assert.isEmpty(out.requests.filter(({ type }) => type === "trace"))
  })

  it("are as before when they come back, with nothing known", () => {
    const { relay, state, vlans } = bridge()
    relay(0)
    relay(2)
    assert.strictEqual(FilteringDatabase.count(state.fdb, 2), 2)
    vlans(1, 20)
    assert.deepStrictEqual(
      FilteringDatabase.entries(state.fdb, 2).map(({ port }) => port),
      [2],
      "only of what went",
    )
    vlans(1, 10, 20)
    assert.deepStrictEqual(relay(1, frame(B, A)), ["0", "3:10"])
  })

  it("are traced one by one, and protocols are told once for each change", () => {
    const { out, told, vlans } = bridge()
    out.take()
    vlans(1)
    const traced = out.requests.flatMap((request) => (request.type === "trace" ? [[request.code, request.a]] : []))
    assert.deepStrictEqual(traced, [
      [Trace.VLAN_DELETED.code, 10],
      [Trace.VLAN_DELETED.code, 20],
    ])
    vlans(1)
    assert.lengthOf(told(), 1, "nothing was changed by that")
    assert.deepStrictEqual(told()[0].existing, [1])
    assert.deepStrictEqual(told()[0].vlans, [1, 10, 20])
  })

  it("may have room and not exist yet", () => {
    const { relay, state, vlans } = bridge({ existing: [1, 10] })
    assert.deepStrictEqual(BridgeVlans.existing(state), [1, 10])
    assert.deepStrictEqual(relay(2), [])
    vlans(1, 10, 20, 30)
    assert.deepStrictEqual(BridgeVlans.existing(state), [1, 10, 20], "there is no room for 30")
    assert.deepStrictEqual(relay(2), ["3:20"])
  })

  it("keep the port states of their trees, whatever happens in between", () => {
    const { state, relay, vlans } = bridge({ treeOfVlan: [0, 1, 2] })
    BridgeState.setPortState(state, 1, 3, 0)
    vlans(1, 20)
    BridgeState.setPortState(state, 1, 1, 0)
    vlans(1, 10, 20)
    assert.strictEqual(state.vlans.treeOf[1], 1)
    assert.deepStrictEqual(relay(0), [], "both other ports of the tree block")
    BridgeState.setPortState(state, 1, 3, BridgeState.LEARNING | BridgeState.FORWARDING)
    assert.deepStrictEqual(relay(0), ["3:10"])
  })

  it("go on in a copy as in the original, and make its fingerprint another", () => {
    const { state, vlans } = bridge()
    vlans(1, 20)
    const copy = KIND.copy(state)
    assert.deepStrictEqual(BridgeVlans.existing(copy), [1, 20])
    BridgeState.setVlans(copy, [1], 3)
    assert.deepStrictEqual(BridgeVlans.existing(state), [1, 20])
  })
})

describe("a port of a running bridge", () => {
  it("becomes a trunk: what was learnt there is forgotten, and protocols are told", () => {
    const { port, relay, state, told } = bridge()
    relay(0)
    port(0, trunk(1, 1, 10, 20))
    assert.strictEqual(FilteringDatabase.count(state.fdb, 2), 0)
    assert.deepStrictEqual(relay(2), ["0:20", "3:20"])
    assert.deepStrictEqual(relay(0, frame(A, B), 10), ["1", "3:10"])
    assert.deepStrictEqual(told()[0].switchPorts[0], trunk(1, 1, 10, 20))
    port(0, access(10))
    assert.deepStrictEqual(relay(0, frame(A, B), 20), [])
    assert.deepStrictEqual(relay(2), ["3:20"])
  })

  it("shares nothing with the configuration", () => {
    const { port, state } = bridge()
    port(0, access(20))
    assert.deepStrictEqual(state.config.ports[0], access(10))
    assert.strictEqual(VlanTable.make(state.config).pvid[0], 10)
    assert.strictEqual(state.vlans.pvid[0], 20)
  })
})
