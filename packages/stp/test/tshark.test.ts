/**
 * What Wireshark makes of every kind of BPDU that is sent here: whole frames, put to tshark, and each of its fields held against what the
 * BPDU was made from. Skipped where tshark and text2pcap are not installed (Debian package tshark).
 */
import { assert, describe, it } from "@effect/vitest"
import * as EthernetFrame from "@l2lab/l2/EthernetFrame"
import * as FrameCodec from "@l2lab/l2/FrameCodec"
import * as PayloadCodec from "@l2lab/l2/PayloadCodec"
import * as Protocol from "@l2lab/l2/Protocol"
import * as Bpdu from "../src/Bpdu.ts"
import type * as Sstp from "../src/pvst/Sstp.ts"
import { nameOf, octetsOf, type Seen, trunk, VlanNetwork } from "./pvst/VlanNetwork.ts"
import { mst, rst } from "./rstp2004/Bridge.ts"
import { BETTER, config, OWN, WORSE } from "./stp1998/Bridge.ts"
import { COMPLAINTS, dissect, installed } from "./Tshark.ts"
import * as Wireshark from "./Wireshark.ts"

const codecs = PayloadCodec.registry([Bpdu.codec])

/** A BPDU in a frame, as it is captured. */
const framed = (bpdu: Bpdu.Bpdu): Uint8Array => {
  const octets = 3 + Bpdu.octetLength(bpdu)
  return FrameCodec.emit(EthernetFrame.make(Bpdu.GROUP_ADDRESS, OWN, Protocol.BPDU, bpdu, octets), -1, codecs)
}

const SHAPE = ["frame.len", "eth.dst", "llc.dsap", "llc.ssap", "llc.control", "stp.protocol", "stp.version_1_length"]

const named = (field: string): string => (field.startsWith("mstp.") ? field : `stp.${field}`)

/** Everything that the BPDU says, in the words of tshark's fields. */
const said = (bpdu: Bpdu.Bpdu): Record<string, ReadonlyArray<string>> => {
  const found: Record<string, ReadonlyArray<string>> = Object.fromEntries(
    Object.entries(Wireshark.fields(bpdu)).map(([field, value]) => [named(field), [value]]),
  )
  if (bpdu.kind === "rst" || bpdu.kind === "mst") found["stp.version_1_length"] = ["0"]
  const messages = bpdu.kind === "mst" ? bpdu.mstis.map(Wireshark.mstiFields) : []
  for (const field of Object.keys(messages[0] ?? {})) found[`mstp.msti.${field}`] = messages.map((message) => message[field])
  return { "stp.protocol": ["0x0000"], ...found }
}

/** What must be found in a frame of 802.1D. */
const expected = (bpdu: Bpdu.Bpdu): Record<string, ReadonlyArray<string>> => {
  const octets = 17 + Bpdu.octetLength(bpdu)
  return {
    "frame.len": [String(Math.max(60, octets))],
    "eth.dst": ["01:80:c2:00:00:00"],
    "llc.dsap": ["0x42"],
    "llc.ssap": ["0x42"],
    "llc.control": ["0x0003"],
    ...said(bpdu),
  }
}

/** What must be found in a frame that left a port of a bridge with a tree per VLAN. */
const expectedOf = ({ frame, tci }: Seen): Record<string, ReadonlyArray<string>> => {
  const payload = frame.payload as Bpdu.Bpdu | Sstp.SstpBpdu
  const tag = tci < 0 ? {} : { "vlan.id": [String(tci & 0xfff)], "vlan.priority": ["7"] }
  if (payload.protocol === "bpdu") return { ...expected(payload), ...tag }
  return {
    "frame.len": [tci < 0 ? "64" : "68"],
    "eth.dst": ["01:00:0c:cc:cc:cd"],
    ...tag,
    "llc.dsap": ["0xaa"],
    "llc.ssap": ["0xaa"],
    "llc.control": ["0x0003"],
    "llc.oui": ["12"],
    "llc.cisco_pid": ["0x010b"],
    ...said(payload.bpdu),
    "stp.pvst.tlvtype": ["0x0000"],
    "stp.pvst.tlvlen": ["2"],
    "stp.pvst.origvlan": [String(payload.pvid)],
  }
}

/** An MSTI that differs from all others in every field. */
const msti = (index: number): Bpdu.MstiMessage => ({
  master: index % 2 === 1,
  topologyChange: index % 3 === 1,
  proposal: index % 5 === 1,
  role: Bpdu.RST_ROLES[index % 4],
  learning: index % 7 !== 1,
  forwarding: index % 7 > 2,
  agreement: index % 11 === 1,
  regionalRootPriority: ((index % 16) << 12) | (index === 63 ? 4094 : index + 1),
  regionalRootAddress: BETTER + index,
  internalRootPathCost: 20_000 * index,
  bridgePriority: 4096 * (15 - (index % 16)),
  portPriority: 16 * ((index + 3) % 16),
  remainingHops: 20 - (index % 20),
})

const mstis = (count: number): ReadonlyArray<Bpdu.MstiMessage> => Array.from({ length: count }, (_, index) => msti(index))

const vector = {
  rootPriority: 0x1000 | 12,
  rootPathCost: 4_000_000_000,
  bridgePriority: 0xf000 | 4094,
  bridgeAddress: WORSE,
  portIdentifier: 0x9abc,
  messageAge: 256,
  maxAge: 40 * 256,
  helloTime: 512,
  forwardDelay: 30 * 256,
} as const

const BPDUS: Readonly<Record<string, Bpdu.Bpdu>> = {
  Configuration: config(vector),
  "Configuration, both flags": config({ topologyChange: true, topologyChangeAcknowledgment: true }),
  "Topology Change Notification": Bpdu.TCN,
  RST: rst(vector),
  "RST, every flag": rst({ topologyChange: true, proposal: true, role: "designated", agreement: true }),
  "RST of a root port that discards": rst({ role: "root", learning: false, forwarding: false, agreement: true }),
  "RST of an alternate port": rst({ role: "alternate", learning: false, forwarding: false }),
  "RST of an unknown role": rst({ role: "unknown", learning: false, forwarding: false }),
  "MST without MSTIs": { ...mst(vector), mstis: [] },
  "MST with one MSTI": { ...mst({ topologyChange: true, proposal: true }), mstis: mstis(1) },
  "MST with 64 MSTIs": { ...mst(vector), cistBridgePriority: 0x2000, remainingHops: 40, mstis: mstis(64) },
  "MST of a region whose name fills the field": {
    ...mst(),
    configurationId: {
      formatSelector: 0,
      name: "region name of 32 octets in all.",
      revision: 65_535,
      digest: new Uint8Array(16),
    },
  },
}

describe.skipIf(!installed)("tshark (skipped where tshark or text2pcap is not installed)", () => {
  it("reads every kind of BPDU with the fields that it was made from, and finds nothing wrong", () => {
    const bpdus = Object.entries(BPDUS)
    const all = new Set([...SHAPE, ...COMPLAINTS, ...bpdus.flatMap(([, bpdu]) => Object.keys(expected(bpdu)))])
    const found = dissect(
      bpdus.map(([, bpdu]) => framed(bpdu)),
      [...all],
    )
    assert.strictEqual(found.length, bpdus.length)
    bpdus.forEach(([title, bpdu], index) => {
      assert.deepEqual(found[index], expected(bpdu), title)
    })
  }, 30_000)

  it.each(["pvst", "rapid-pvst"] as const)(
    "reads what %s sends on trunks: untagged, tagged, the native VLAN's",
    (run) => {
      const kind = run === "pvst" ? "config" : "rst"
      for (const native of [1, 10]) {
        const port = trunk(native, 1, 10, 20)
        const network = new VlanNetwork(
          [
            { run, ports: [port] },
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
        network.run(3)
        const frames = [...new Map(network.seen.map((seen) => [nameOf(seen), seen])).values()]
        const tagged = (vlan: number): string => `SSTP ${vlan} ${kind} ${vlan === native ? "untagged" : `tag ${vlan}`}`
        assert.sameMembers(frames.map(nameOf), [`IEEE ${kind} untagged`, tagged(1), tagged(10), tagged(20)])
        const fields = new Set([...COMPLAINTS, ...frames.flatMap((frame) => Object.keys(expectedOf(frame)))])
        const found = dissect(frames.map(octetsOf), [...fields])
        frames.forEach((frame, index) => assert.deepEqual(found[index], expectedOf(frame), nameOf(frame)))
      }
    },
    30_000,
  )

  it("finds a field that is wrong, so its silence above means something", () => {
    const octets = framed(BPDUS["MST with one MSTI"])
    octets[17 + 102 + 15] = 7
    const [found] = dissect([octets], ["mstp.msti.remaining_hops"])
    assert.deepEqual(found["mstp.msti.remaining_hops"], ["7"])
    const [cut] = dissect([framed(BPDUS["MST with 64 MSTIs"]).subarray(0, 400)], COMPLAINTS)
    assert.notDeepEqual(cut, {})
  }, 30_000)
})
