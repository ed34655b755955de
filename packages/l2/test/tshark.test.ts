/** What Wireshark's dissectors make of the frames of LLDP, CDP and UDLD: the fields that were meant, right checksums, and nothing to complain of. */
import { assert, describe, it } from "@effect/vitest"
import * as CdpPdu from "../src/cdp/CdpPdu.ts"
import type { EthernetFrame } from "../src/EthernetFrame.ts"
import * as FrameCodec from "../src/FrameCodec.ts"
import * as Lldpdu from "../src/lldp/Lldpdu.ts"
import * as PayloadCodec from "../src/PayloadCodec.ts"
import * as UdldPdu from "../src/udld/UdldPdu.ts"
import { COMPLAINTS, dissect, installed } from "./Tshark.ts"

const codecs = PayloadCodec.registry([Lldpdu.codec, CdpPdu.codec, UdldPdu.codec])
const SOURCE = 0x020000010001

const read = (frame: EthernetFrame, fields: ReadonlyArray<string>): Readonly<Record<string, ReadonlyArray<string>>> =>
  dissect([FrameCodec.emit(frame, -1, codecs)], [...fields, ...COMPLAINTS])[0]

// Needs the Debian package tshark, which .ci/run installs.
describe.skipIf(!installed)("tshark reads", () => {
  it("LLDP", () => {
    const frame = Lldpdu.frame(
      {
        protocol: "lldp",
        chassisId: { subtype: Lldpdu.CHASSIS_MAC, address: 0x020000010000 },
        portId: { subtype: Lldpdu.PORT_INTERFACE_NAME, text: "Gi0/1" },
        timeToLive: 120,
        portDescription: "to the core",
        systemName: "sw1",
        systemDescription: "a switch of l2lab",
        capabilities: { system: Lldpdu.BRIDGE, enabled: Lldpdu.BRIDGE },
        portVlanId: 99,
      },
      SOURCE,
    )
    assert.deepEqual(
      read(frame, [
        "eth.dst",
        "lldp.chassis.id.mac",
        "lldp.port.id",
        "lldp.time_to_live",
        "lldp.tlv.system.name",
        "lldp.ieee.802_1.port_vlan.id",
      ]),
      {
        "eth.dst": ["01:80:c2:00:00:0e"],
        "lldp.chassis.id.mac": ["02:00:00:01:00:00"],
        "lldp.port.id": ["Gi0/1"],
        "lldp.time_to_live": ["120"],
        "lldp.tlv.system.name": ["sw1"],
        "lldp.ieee.802_1.port_vlan.id": ["99"],
      },
    )
  })

  it("CDP, of even and odd lengths", () => {
    for (const deviceId of ["sw1", "sw10"]) {
      const frame = CdpPdu.frame(
        { protocol: "cdp", version: 2, timeToLive: 180, deviceId, portId: "Gi0/1", nativeVlan: 99, fullDuplex: true },
        SOURCE,
      )
      assert.deepEqual(
        read(frame, [
          "eth.dst",
          "cdp.version",
          "cdp.ttl",
          "cdp.checksum.status",
          "cdp.deviceid",
          "cdp.portid",
          "cdp.native_vlan",
        ]),
        {
          "eth.dst": ["01:00:0c:cc:cc:cc"],
          "cdp.version": ["2"],
          "cdp.ttl": ["180"],
          "cdp.checksum.status": ["1"],
          "cdp.deviceid": [deviceId],
          "cdp.portid": ["Gi0/1"],
          "cdp.native_vlan": ["99"],
        },
      )
    }
  })

  it("UDLD", () => {
    const frame = UdldPdu.frame(
      {
        protocol: "udld",
        opcode: "probe",
        recommendedTimeout: false,
        resynch: true,
        deviceId: "sw1",
        portId: "Gi0/1",
        echo: [],
        messageInterval: 15,
        timeoutInterval: 5,
        sequenceNumber: 7,
      },
      SOURCE,
    )
    assert.deepEqual(read(frame, ["eth.dst", "udld.version", "udld.opcode", "udld.flags.rsy"]), {
      "eth.dst": ["01:00:0c:cc:cc:cc"],
      "udld.version": ["1"],
      "udld.opcode": ["1"],
      "udld.flags.rsy": ["0x01"],
    })
  })
})
