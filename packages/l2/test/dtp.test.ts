/** DTP on bridges: which pairs of modes make a trunk, when, and what undoes it. */
import { assert, describe, it } from "@effect/vitest"
import type { Command } from "@l2lab/sim/Device"
import * as Fingerprint from "@l2lab/sim/Fingerprint"
import { SECOND } from "@l2lab/sim/SimTime"
import { RecordingOutbox } from "@l2lab/sim/testing/RecordingOutbox"
import type { AccessPort, TrunkPort } from "../src/BridgeConfig.ts"
import type { State as CdpState } from "../src/cdp/State.ts"
import * as DtpPdu from "../src/dtp/DtpPdu.ts"
import { LOG } from "../src/dtp/Log.ts"
import { MODES, REASONS, type Mode, type Reason, type State } from "../src/dtp/State.ts"
import * as Trace from "../src/dtp/Trace.ts"
import * as EthernetFrame from "../src/EthernetFrame.ts"
import * as GroupAddress from "../src/GroupAddress.ts"
import * as Protocol from "../src/Protocol.ts"
import { addressOf, type BridgeSpec, DiscoveryNetwork, KIND } from "./DiscoveryNetwork.ts"

const ACCESS: AccessPort = { mode: "access", vlan: 10 }
const TRUNK: TrunkPort = { mode: "trunk", native: 1, allowed: [1, 10, 20, 99] }

const bridge = (mode: Mode, negotiate = true, vtpDomain?: string): BridgeSpec => ({
  ports: [mode === "trunk" ? TRUNK : ACCESS],
  protocols: { dtp: { ports: [{ mode, negotiate, access: ACCESS, trunk: TRUNK }] } },
  ...(vtpDomain === undefined ? {} : { more: { vtpDomain } }),
})

const pair = (a: BridgeSpec, b: BridgeSpec): DiscoveryNetwork =>
  new DiscoveryNetwork(
    [a, b],
    [
      [
        [0, 0],
        [1, 0],
      ],
    ],
  )

const isTrunk = (network: DiscoveryNetwork, node: number): boolean => network.bridge(node).switchPorts[0].mode === "trunk"
const both = (network: DiscoveryNetwork): ReadonlyArray<boolean> => [isTrunk(network, 0), isTrunk(network, 1)]
const dtp = (network: DiscoveryNetwork, node: number): State => network.protocol<State>(node)
const set = (order: object): Command => ({ type: "dtp.set", port: 0, ...order }) as Command
const dropped = (state: State, reason: Reason): number => state.dropped[REASONS.indexOf(reason)]

/** What Cisco's configuration guides say: `t` both are trunks, `a` both are access ports, `m` each is what it is set to be. */
const TABLE: Readonly<Record<Mode, string>> = {
  "dynamic-auto": "atta",
  "dynamic-desirable": "ttta",
  trunk: "tttm",
  access: "aama",
}
const COLUMNS: ReadonlyArray<Mode> = ["dynamic-auto", "dynamic-desirable", "trunk", "access"]

describe("DTP on a bridge", () => {
  for (const [mine, row] of Object.entries(TABLE) as ReadonlyArray<[Mode, string]>) {
    for (const [i, its] of COLUMNS.entries()) {
      it(`${mine} and ${its}: ${{ t: "trunk", a: "access", m: "limited connectivity" }[row[i]]}`, () => {
        const network = pair(bridge(mine), bridge(its)).run(5)
        const expected = row[i] === "m" ? [mine === "trunk", its === "trunk"] : [row[i] === "t", row[i] === "t"]
        assert.deepStrictEqual(both(network), expected)
        network.run(600)
        assert.deepStrictEqual(both(network), expected, "and it stays so")
      })
    }
  }

  it("with nonegotiate at one end a dynamic port stays an access port", () => {
    for (const mode of ["trunk", "access"] as const) {
      for (const its of ["dynamic-auto", "dynamic-desirable"] as const) {
        const network = pair(bridge(mode, false), bridge(its)).run(60)
        assert.deepStrictEqual(both(network), [mode === "trunk", false])
        assert.strictEqual(dtp(network, 0).sent[0], 0)
        assert.isAbove(dropped(dtp(network, 0), "nonegotiate"), 0)
      }
    }
  })

  it("two trunks that say nothing are trunks", () => {
    assert.deepStrictEqual(both(pair(bridge("trunk", false), bridge("trunk", false)).run(60)), [true, true])
  })

  it("speaks untagged, every second at first, then every 30 s", () => {
    const network = pair(bridge("dynamic-auto"), bridge("dynamic-auto")).run(100)
    const sent = network.seen.filter(({ node }) => node === 0)
    assert.deepStrictEqual([...new Set(sent.map(({ at }) => Math.round(at / SECOND)))], [0, 1, 2, 32, 62, 92])
    assert.isTrue(sent.every(({ frame, tci }) => tci === -1 && frame.destination === 0x01000ccccccc))
  })

  it("a trunk is told of, and lasts for 300 s when the other end falls silent", () => {
    const network = pair(bridge("dynamic-auto"), bridge("dynamic-desirable")).run(2)
    const line = (index: number): ReadonlyArray<string | undefined> => {
      const event = network.of(Trace.DTP_TRUNK)[index]
      return LOG.filter(({ definition }) => definition === Trace.DTP_TRUNK)
        .map(({ message }) => message(event, { port: () => "Gi0/1" } as never))
        .filter((text) => text !== undefined)
    }
    assert.lengthOf(network.of(Trace.DTP_TRUNK), 2)
    assert.deepStrictEqual(line(0), ["Port Gi0/1 has become dot1q trunk"])
    network.world({ type: "link.direction", link: 0, from: "b", alive: false }).run(290)
    assert.deepStrictEqual(both(network), [true, true])
    network.run(40)
    assert.isFalse(isTrunk(network, 0))
    assert.strictEqual(dtp(network, 0).timeouts[0], 1)
    assert.deepStrictEqual(line(2), ["Port Gi0/1 has become non-trunk"])
  })

  it("a trunk ends with the link, and is back with it", () => {
    const network = pair(bridge("dynamic-auto"), bridge("dynamic-desirable")).run(2)
    network.world({ type: "link.disconnect", link: 0 }).run(1)
    assert.deepStrictEqual(both(network), [false, false])
    network.world({ type: "link.connect", link: 0 }).run(1)
    assert.deepStrictEqual(both(network), [true, true])
  })

  it("another VTP domain: no trunk is negotiated, and it is told of once; one that has none is of any", () => {
    const network = pair(bridge("dynamic-desirable", true, "FARM"), bridge("dynamic-desirable", true, "farm")).run(100)
    assert.deepStrictEqual(both(network), [false, false])
    assert.deepStrictEqual(
      network.of(Trace.DTP_DOMAIN_MISMATCH).map(({ a, b, node }) => [node, a, b]),
      [
        [1, 0, addressOf(0) + 1],
        [0, 0, addressOf(1) + 1],
      ],
    )
    const [event] = network.of(Trace.DTP_DOMAIN_MISMATCH)
    const line = LOG.find(({ definition }) => definition === Trace.DTP_DOMAIN_MISMATCH)
    assert.strictEqual(
      line?.message(event, { port: () => "Gi0/1" } as never),
      "Unable to perform trunk negotiation on port Gi0/1 because of VTP domain mismatch.",
    )
    assert.isAbove(dropped(dtp(network, 0), "domain mismatches"), 2)
    const one = pair(bridge("dynamic-desirable", true, "FARM"), bridge("dynamic-auto")).run(2)
    assert.deepStrictEqual(both(one), [true, true])
    const on = pair(bridge("trunk", true, "FARM"), bridge("trunk", true, "LAB")).run(2)
    assert.deepStrictEqual(both(on), [true, true], "what is set to be a trunk is one, and complains")
    assert.lengthOf(on.of(Trace.DTP_DOMAIN_MISMATCH), 2)
  })

  it("a domain that VTP learns is that of DTP, and VTP goes over the trunk that it made", () => {
    const vtp = (domain: string, revision: number) => ({
      domain,
      mode: "server" as const,
      version: 2 as const,
      revision,
      password: "",
    })
    const withVtp = (mode: Mode, domain: string, revision: number, existing: ReadonlyArray<number>): BridgeSpec => {
      const plain = bridge(mode)
      return {
        ...plain,
        protocols: { ...plain.protocols, vtp: vtp(domain, revision), cdp: {} },
        more: { vtpDomain: domain, existing },
      }
    }
    const network = pair(withVtp("dynamic-auto", "", 0, [1, 10]), withVtp("dynamic-desirable", "FARM", 9, [1, 20])).run(5)
    assert.deepStrictEqual(both(network), [true, true])
    assert.strictEqual(dtp(network, 0).domain, "FARM")
    assert.strictEqual(network.bridge(0).vtpDomain, "FARM")
    assert.strictEqual(network.protocol<CdpState>(0, 2).vtpDomain, "FARM", "and CDP says it")
  })

  it("management ends it: mode access takes the trunk away from both, nonegotiate too", () => {
    const network = pair(bridge("dynamic-auto"), bridge("dynamic-desirable")).run(2)
    network.command(0, set({ mode: "access" })).run(1)
    assert.deepStrictEqual(both(network), [false, false])
    network.command(0, set({ mode: "dynamic-auto" })).run(1)
    assert.deepStrictEqual(both(network), [true, true])
    network.command(0, set({ mode: "access", negotiate: false })).run(1)
    assert.deepStrictEqual(both(network), [false, true], "the other end does not know yet")
    network.run(330)
    assert.deepStrictEqual(both(network), [false, false])
  })

  it("a port that is given other settings is set to be that", () => {
    const network = pair(bridge("dynamic-auto"), bridge("dynamic-auto")).run(2)
    network.command(1, { type: "bridge.set-switch-port", port: 0, settings: TRUNK } as Command).run(1)
    assert.strictEqual(MODES[dtp(network, 1).mode[0]], "trunk")
    assert.deepStrictEqual(both(network), [true, true], "and says so")
  })

  it("hostile messages are counted by reason and change nothing", () => {
    const network = pair(bridge("dynamic-auto"), bridge("access")).run(2)
    const hear = (octets: Uint8Array): void => {
      const frame = EthernetFrame.make(GroupAddress.CISCO, 0x02aa, Protocol.DTP, octets, 50)
      KIND.onFrame(network.bridge(0), 0, frame, -1, network.simulation.now, new RecordingOutbox<EthernetFrame.EthernetFrame>())
    }
    const whole = DtpPdu.emit({
      protocol: "dtp",
      domain: "",
      isTrunk: true,
      admin: "on",
      encapsulation: "802.1q",
      adminEncapsulation: "802.1q",
      neighbour: 0x02aa,
    })
    // Version, a field's length, status, type, and nothing at all.
    for (const bad of [whole.with(0, 9), whole.with(4, 1), whole.with(10, 0x87), whole.with(15, 0xff), new Uint8Array(0)])
      hear(bad)
    assert.deepStrictEqual(
      (["bad version", "bad TLVs", "bad TAS", "bad TOT"] as const).map((reason) => dropped(dtp(network, 0), reason)),
      [1, 2, 1, 1],
    )
    assert.isFalse(isTrunk(network, 0))
    hear(whole)
    assert.isTrue(isTrunk(network, 0), "but whoever speaks well gets a trunk")
  })

  it("goes on in a fork as in the original", () => {
    const network = pair(bridge("dynamic-auto"), bridge("dynamic-desirable"))
    network.world({ type: "link.disconnect", link: 0 }).run(3)
    network.world({ type: "link.connect", link: 0 })
    network.simulation.run(network.simulation.now + 1_000)
    const fork = network.simulation.fork()
    network.run(100)
    fork.run(network.simulation.now)
    assert.strictEqual(Fingerprint.of(fork), network.fingerprint)
    network.command(0, set({ mode: "access", negotiate: false })).run(20)
    assert.strictEqual(network.replayed(), network.fingerprint)
    network.command(0, set({ mode: "dynamic-auto", negotiate: true })).run(20)
    assert.deepStrictEqual(both(network), [true, true])
  })
})
