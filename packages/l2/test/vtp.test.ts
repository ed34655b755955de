/** VTP on bridges: who tells whom what when, whose revision wins, what is lost, and what keeps it from being lost. */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import * as Fingerprint from "@l2lab/sim/Fingerprint"
import { SECOND } from "@l2lab/sim/SimTime"
import { RecordingOutbox } from "@l2lab/sim/testing/RecordingOutbox"
import * as TextOperand from "@l2lab/sim/TextOperand"
import type { Command } from "@l2lab/sim/Device"
import type { SwitchPort } from "../src/BridgeConfig.ts"
import * as BridgeVlans from "../src/BridgeVlans.ts"
import * as EthernetFrame from "../src/EthernetFrame.ts"
import * as GroupAddress from "../src/GroupAddress.ts"
import * as Protocol from "../src/Protocol.ts"
import * as BridgeTrace from "../src/Trace.ts"
import { LOG } from "../src/vtp/Log.ts"
import type { State, VtpConfig } from "../src/vtp/State.ts"
import * as Trace from "../src/vtp/Trace.ts"
import * as VtpPdu from "../src/vtp/VtpPdu.ts"
import { type BridgeSpec, DiscoveryNetwork, KIND } from "./DiscoveryNetwork.ts"

const TRUNK: SwitchPort = { mode: "trunk", native: 1, allowed: [1, 10, 20, 99] }
const ACCESS: SwitchPort = { mode: "access", vlan: 10 }

const ALL = [1, 10, 20]

const bridge = (own: Partial<VtpConfig>, existing: ReadonlyArray<number> = ALL, ports = [TRUNK, TRUNK, ACCESS]): BridgeSpec => ({
  ports,
  protocols: { vtp: { domain: "FARM", mode: "server", version: 2, revision: 2, password: "", ...own } satisfies VtpConfig },
  more: { existing },
})

/** Bridges in a row: port 1 of each to port 0 of the next. */
const row = (...bridges: ReadonlyArray<BridgeSpec>): DiscoveryNetwork =>
  new DiscoveryNetwork(
    bridges,
    bridges.slice(1).map((_, i) => [
      [i, 1],
      [i + 1, 0],
    ]),
  )

const vlansOf = (network: DiscoveryNetwork, node: number): ReadonlyArray<number> => BridgeVlans.existing(network.bridge(node))
const vtp = (network: DiscoveryNetwork, node: number): State => network.protocol<State>(node)
const set = (order: object): Command => ({ type: "vtp.set", ...order }) as Command
const setVlans = (...existing: ReadonlyArray<number>): Command => ({ type: "bridge.set-vlans", existing }) as Command

const kinds = (network: DiscoveryNetwork, from = 0): ReadonlyArray<string> =>
  network.seen.slice(from).map(({ frame, node }) => {
    const pdu = frame.payload as VtpPdu.VtpPdu
    return `${node} ${pdu.kind}${pdu.kind === "summary" ? ` ${pdu.revision}+${pdu.followers}` : ""}`
  })

describe("VTP on a bridge", () => {
  it("tells what there is when a trunk comes up, then every 300 s, in VLAN 1; and asks once", () => {
    const network = row(bridge({}), bridge({})).run(650)
    const sent = network.seen.filter(({ node }) => node === 0)
    assert.deepStrictEqual(
      sent.map(({ at, frame }) => [Math.round(at / SECOND), (frame.payload as VtpPdu.VtpPdu).kind]),
      [
        [0, "summary"],
        [0, "subset"],
        [300, "summary"],
        [600, "summary"],
      ],
      "and a summary and a request at 0, before anyone listened",
    )
    assert.deepInclude(vtp(network, 0).counters, { summariesSent: 4, subsetsSent: 1, requestsSent: 1, requestsReceived: 1 })
    assert.strictEqual(sent[0].frame.destination, 0x01000ccccccc)
    assert.strictEqual(sent[0].tci, -1)
    assert.deepStrictEqual(vtp(network, 0).mismatch, new Uint8Array(3))
    assert.isEmpty(network.of(Trace.VTP_UPDATED))
  })

  it("takes a higher revision from whoever has it, passes it on, and ports of VLANs that are gone are dark", () => {
    const network = row(bridge({}), bridge({ mode: "client" }), bridge({ mode: "client", revision: 40 }, [1, 99])).run(1)
    for (const node of [0, 1, 2]) assert.deepStrictEqual(vlansOf(network, node), [1, 99], `bridge ${node}`)
    assert.deepStrictEqual(
      network.of(Trace.VTP_UPDATED).map(({ a, b, c, node }) => [node, a, b, c]),
      [
        [1, 1, 40, 2],
        [0, 1, 40, 2],
      ],
    )
    assert.isTrue(BridgeVlans.isInactive(network.bridge(0), 2))
    assert.deepStrictEqual(
      network.of(BridgeTrace.VLAN_DELETED).map(({ a, node }) => [node, a]),
      [
        [1, 10],
        [1, 20],
        [0, 10],
        [0, 20],
      ],
    )
    network.world({ type: "link.disconnect", link: 1 }).run(1)
    network.command(0, setVlans(1, 10)).run(1)
    const from = network.seen.length
    network.world({ type: "link.connect", link: 1 }).run(1)
    assert.deepStrictEqual(kinds(network, from), ["1 summary 41+0", "2 summary 40+0", "2 request", "1 summary 41+1", "1 subset"])
    assert.deepStrictEqual(vlansOf(network, 2), [1, 10])
    network.run(300)
    assert.deepStrictEqual(vtp(network, 0).mismatch, new Uint8Array(3), "all have the same digest")
  })

  it("a client that knows nothing learns all from a server", () => {
    const network = row(bridge({}), bridge({ mode: "client", revision: 0 }, [1])).run(1)
    assert.deepStrictEqual(vlansOf(network, 1), ALL)
    assert.strictEqual(vtp(network, 1).revision, 2)
  })

  it("a transparent switch keeps its own and passes on what it hears, of any domain in version 2, of its own in version 1", () => {
    const through = (own: Partial<VtpConfig>): DiscoveryNetwork =>
      row(bridge({}), bridge({ mode: "transparent", ...own }), bridge({ revision: 9 }, [1])).run(1)
    const two = through({ domain: "OTHER" })
    assert.deepStrictEqual(
      [0, 1, 2].map((node) => vlansOf(two, node)),
      [[1], ALL, [1]],
    )
    assert.strictEqual(vtp(two, 1).revision, 0)
    assert.isAbove(vtp(two, 1).counters.relayed, 3)
    const one = through({ domain: "OTHER", version: 1 })
    assert.deepStrictEqual(
      [0, 1, 2].map((node) => vlansOf(one, node)),
      [ALL, ALL, [1]],
    )
    assert.strictEqual(vtp(one, 1).counters.relayed, 0)
  })

  it("another domain is not listened to, and no domain takes the first that it hears of", () => {
    const network = row(
      bridge({ domain: "OTHER" }),
      bridge({ revision: 9 }, [1]),
      bridge({ domain: "", revision: 0 }, [1, 20]),
    ).run(1)
    assert.deepStrictEqual(vlansOf(network, 0), ALL)
    assert.isAbove(vtp(network, 0).counters.otherDomain, 0)
    assert.strictEqual(vtp(network, 2).domain, "FARM")
    assert.deepStrictEqual(vlansOf(network, 2), [1])
    const [event] = network.of(Trace.VTP_DOMAIN)
    assert.strictEqual(TextOperand.unpack(event.a, event.b, event.c, event.d), "FARM")
    const line = LOG.find(({ definition }) => definition === Trace.VTP_DOMAIN)
    assert.strictEqual(line?.message(event, {} as never), "VTP domain name changed to FARM.")
  })

  it("another password: a higher revision is not taken, an equal one is told of", () => {
    const network = row(bridge({ password: "secret" }), bridge({ revision: 9 }, [1])).run(1)
    assert.deepStrictEqual(vlansOf(network, 0), ALL)
    // Once for what it was told, once for what it had asked.
    assert.strictEqual(vtp(network, 0).counters.digestErrors, 2)
    assert.deepStrictEqual(
      network.of(Trace.VTP_DIGEST).map(({ a, b, c, node }) => [node, a, Trace.REVISIONS[b], c]),
      [
        [0, 1, "higher", 9],
        [0, 1, "higher", 9],
      ],
    )
    assert.strictEqual(vtp(network, 0).mismatch[1], 1)
    const equal = row(bridge({ password: "secret" }), bridge({})).run(1)
    const [event] = equal.of(Trace.VTP_DIGEST)
    const line = LOG.find(({ definition }) => definition === Trace.VTP_DIGEST)
    assert.strictEqual(
      line?.message(event, { port: () => "Gi0/1" } as never),
      "VTP protocol user notification: MD5 digest checksum mismatch on receipt of equal revision summary on trunk: Gi0/1",
    )
    assert.strictEqual(vtp(equal, 0).counters.revisionErrors, 2)
    equal.command(1, set({ password: "secret" })).run(1)
    assert.strictEqual(vtp(equal, 0).mismatch[1], 0, "and cured")
  })

  it("a VLAN made or removed at a server is a revision more, and goes everywhere; at a client it is taken back", () => {
    const network = row(bridge({}), bridge({ mode: "client" })).run(1)
    network.command(0, setVlans(1, 10, 99)).run(1)
    for (const node of [0, 1]) assert.deepStrictEqual([vlansOf(network, node), vtp(network, node).revision], [[1, 10, 99], 3])
    network.command(1, setVlans(1)).run(1)
    for (const node of [0, 1]) assert.deepStrictEqual([vlansOf(network, node), vtp(network, node).revision], [[1, 10, 99], 3])
  })

  it("nothing goes over access ports, and what comes there is not heard", () => {
    const network = new DiscoveryNetwork(
      [bridge({}, ALL, [ACCESS]), bridge({ revision: 9 }, [1], [ACCESS])],
      [
        [
          [0, 0],
          [1, 0],
        ],
      ],
    ).run(310)
    assert.isEmpty(network.seen)
    network.command(1, { type: "bridge.set-switch-port", port: 0, settings: TRUNK } as Command).run(1)
    assert.isAbove(vtp(network, 0).counters.noTrunk, 0)
    assert.deepStrictEqual(vlansOf(network, 0), ALL)
    network.command(0, { type: "bridge.set-switch-port", port: 0, settings: TRUNK } as Command).run(1)
    assert.deepStrictEqual(vlansOf(network, 0), [1], "a trunk is spoken on at once")
  })

  it("being made transparent, or another domain, makes the revision 0", () => {
    const network = row(bridge({}), bridge({}))
    network.command(0, set({ mode: "transparent" })).run(1)
    assert.strictEqual(vtp(network, 0).revision, 0)
    network.command(0, set({ mode: "server", domain: "LAB" })).run(1)
    assert.deepStrictEqual([vtp(network, 0).revision, vtp(network, 0).domain], [0, "LAB"])
    assert.deepStrictEqual(vlansOf(network, 0), ALL, "the VLANs stay")
  })

  it("hostile messages are counted and change nothing", () => {
    const network = row(bridge({}), bridge({})).run(1)
    const out = new RecordingOutbox<EthernetFrame.EthernetFrame>()
    // As if they came over its cable.
    const hear = (payload: EthernetFrame.Payload): void => {
      const frame = EthernetFrame.make(GroupAddress.CISCO, 0x02aa, Protocol.VTP, payload, 100)
      KIND.onFrame(network.bridge(0), 1, frame, -1, network.simulation.now, out)
    }
    const summary: VtpPdu.Summary = {
      protocol: "vtp",
      kind: "summary",
      version: 2,
      domain: "FARM",
      followers: 2,
      revision: 0xffff_ffff,
      updater: 0,
      timestamp: "",
      digest: new Uint8Array(16),
      trailer: VtpPdu.TRAILER[2],
    }
    const part = (sequence: number): VtpPdu.Subset => ({
      protocol: "vtp",
      kind: "subset",
      version: 2,
      domain: "FARM",
      revision: 0xffff_ffff,
      sequence,
      vlans: [],
    })
    for (const payload of [new Uint8Array(92), part(1), summary, part(2), part(1), part(1), part(2)]) hear(payload)
    assert.deepStrictEqual(vlansOf(network, 0), ALL)
    const { counters } = vtp(network, 0)
    assert.deepStrictEqual([counters.malformed, counters.stray, counters.digestErrors], [1, 4, 1])
    assert.isNull(vtp(network, 0).pending)
  })

  const Octet = Schema.Int.pipe(Schema.check(Schema.isBetween({ minimum: 0, maximum: 255 })))
  it.prop("whatever comes, VLAN 1 stays, and the bridge goes on", { rounds: Schema.Array(Schema.Array(Octet)) }, ({ rounds }) => {
    const network = row(bridge({}), bridge({})).run(1)
    const out = new RecordingOutbox<EthernetFrame.EthernetFrame>()
    rounds.forEach((octets, i) => {
      const head = [2, (i % 4) + 1, octets[0] ?? 1, 4, ...Buffer.from("FARM"), ...new Uint8Array(28)]
      const payload = Uint8Array.from([...head, ...octets, ...new Uint8Array(octets[1] ?? 0)])
      const frame = EthernetFrame.make(GroupAddress.CISCO, 0x02aa, Protocol.VTP, payload, 8 + payload.length)
      KIND.onFrame(network.bridge(0), i % 3, frame, -1, network.simulation.now, out)
    })
    network.run(700)
    assert.include(vlansOf(network, 0), 1)
    assert.isAbove(vtp(network, 0).counters.summariesReceived, 1)
  })

  it("goes on in a fork as in the original", () => {
    const network = row(bridge({}), bridge({ mode: "client" }), bridge({ revision: 40 }, [1, 99]))
    network.world({ type: "link.disconnect", link: 1 }).run(10)
    network.world({ type: "link.connect", link: 1 })
    network.simulation.run(network.simulation.now + 5_000)
    const fork = network.simulation.fork()
    network.run(400)
    fork.run(network.simulation.now)
    assert.strictEqual(Fingerprint.of(fork), network.fingerprint)
    network
      .command(0, set({ mode: "transparent" }))
      .command(1, set({ password: "x" }))
      .command(0, setVlans(1, 99))
      .run(20)
    assert.strictEqual(network.replayed(), network.fingerprint)
    assert.deepStrictEqual(vlansOf(network, 0), [1, 99])
  })
})
