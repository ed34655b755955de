/** What Wireshark's dissectors make of the frames of LLDP, CDP, UDLD, VTP and DTP: the fields that were meant, right checksums, and nothing to complain of. */
import { assert, describe, it } from "@effect/vitest"
import * as CdpPdu from "../src/cdp/CdpPdu.ts"
import type { EthernetFrame } from "../src/EthernetFrame.ts"
import * as DtpPdu from "../src/dtp/DtpPdu.ts"
import * as FrameCodec from "../src/FrameCodec.ts"
import * as Lacpdu from "../src/lacp/Lacpdu.ts"
import * as Lldpdu from "../src/lldp/Lldpdu.ts"
import * as PayloadCodec from "../src/PayloadCodec.ts"
import * as PagpPdu from "../src/pagp/PagpPdu.ts"
import * as UdldPdu from "../src/udld/UdldPdu.ts"
import * as Database from "../src/vtp/Database.ts"
import * as VtpPdu from "../src/vtp/VtpPdu.ts"
import { COMPLAINTS, dissect, installed } from "./Tshark.ts"

const codecs = PayloadCodec.registry([
  Lldpdu.codec,
  CdpPdu.codec,
  UdldPdu.codec,
  VtpPdu.codec,
  DtpPdu.codec,
  Lacpdu.codec,
  Lacpdu.markerCodec,
  PagpPdu.codec,
  PagpPdu.flushCodec,
])
const SOURCE = 0x020000010001

const read = (frame: EthernetFrame, fields: ReadonlyArray<string>): Readonly<Record<string, ReadonlyArray<string>>> =>
  dissect([FrameCodec.emit(frame, -1, codecs)], [...fields, ...COMPLAINTS])[0]

// Needs the Debian package tshark, which .ci/run installs.
describe.skipIf(!installed)("tshark reads", () => {
  it("LACP", () => {
    const party = { systemPriority: 32_768, system: 0x020000010000, key: 7, portPriority: 33, port: 2, state: 0x3d }
    const frame = Lacpdu.frame(
      {
        protocol: "lacp",
        actor: party,
        partner: { systemPriority: 1, system: 0x020000020000, key: 8, portPriority: 44, port: 5, state: 0x47 },
        collectorMaxDelay: 5,
      },
      SOURCE,
    )
    const sides = ["actor", "partner"].flatMap((side) =>
      ["sys_priority", "sysid", "key", "port_priority", "port", "state"].map((field) => `lacp.${side}.${field}`),
    )
    assert.deepEqual(read(frame, ["eth.dst", "slow.subtype", "lacp.version", ...sides, "lacp.collector.max_delay"]), {
      "eth.dst": ["01:80:c2:00:00:02"],
      "slow.subtype": ["0x01"],
      "lacp.version": ["0x01"],
      "lacp.actor.sys_priority": ["32768"],
      "lacp.actor.sysid": ["02:00:00:01:00:00"],
      "lacp.actor.key": ["7"],
      "lacp.actor.port_priority": ["33"],
      "lacp.actor.port": ["2"],
      "lacp.actor.state": ["0x3d"],
      "lacp.partner.sys_priority": ["1"],
      "lacp.partner.sysid": ["02:00:00:02:00:00"],
      "lacp.partner.key": ["8"],
      "lacp.partner.port_priority": ["44"],
      "lacp.partner.port": ["5"],
      "lacp.partner.state": ["0x47"],
      "lacp.collector.max_delay": ["5"],
    })
  })

  it("markers", () => {
    const marker: Lacpdu.Marker = { protocol: "lacp-marker", isResponse: true, port: 3, system: 0x020000010000, transaction: 77 }
    assert.deepEqual(read(Lacpdu.frame(marker, SOURCE), ["marker.requesterPort", "marker.requesterTransId"]), {
      "marker.requesterPort": ["3"],
      "marker.requesterTransId": ["77"],
    })
  })

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
        managementAddress: { family: "ipv4", address: 0x0a000001, ifIndex: 7 },
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
        "lldp.port.desc",
        "lldp.tlv.system.name",
        "lldp.tlv.system.desc",
        "lldp.tlv.system_cap.bridge",
        "lldp.tlv.enable_system_cap.bridge",
        "lldp.tlv.enable_system_cap.router",
        "lldp.mgn.addr.ip4",
        "lldp.mgn.interface.number",
        "lldp.ieee.802_1.port_vlan.id",
      ]),
      {
        "eth.dst": ["01:80:c2:00:00:0e"],
        "lldp.chassis.id.mac": ["02:00:00:01:00:00"],
        "lldp.port.id": ["Gi0/1"],
        "lldp.time_to_live": ["120"],
        "lldp.port.desc": ["to the core"],
        "lldp.tlv.system.name": ["sw1"],
        "lldp.tlv.system.desc": ["a switch of l2lab"],
        "lldp.tlv.system_cap.bridge": ["1"],
        "lldp.tlv.enable_system_cap.bridge": ["1"],
        "lldp.tlv.enable_system_cap.router": ["0"],
        "lldp.mgn.addr.ip4": ["10.0.0.1"],
        "lldp.mgn.interface.number": ["7"],
        "lldp.ieee.802_1.port_vlan.id": ["99"],
      },
    )
  })

  it("the good-bye of LLDP, and a switch that has no address of IP", () => {
    const ids = {
      protocol: "lldp",
      chassisId: { subtype: Lldpdu.CHASSIS_MAC, address: 0x020000010000 },
      portId: { subtype: Lldpdu.PORT_INTERFACE_NAME, text: "Gi0/1" },
    } as const
    assert.deepEqual(read(Lldpdu.frame({ ...ids, timeToLive: 0 }, SOURCE), ["lldp.time_to_live"]), { "lldp.time_to_live": ["0"] })
    const managementAddress = { family: "mac", address: 0x020000010000, ifIndex: 1 } as const
    const frame = Lldpdu.frame({ ...ids, timeToLive: 120, managementAddress }, SOURCE)
    assert.deepEqual(read(frame, ["lldp.mgn.addr.hex"]), { "lldp.mgn.addr.hex": ["020000010000"] })
  })

  it("CDP with all of its fields", () => {
    const frame = CdpPdu.frame(
      {
        protocol: "cdp",
        version: 2,
        timeToLive: 0,
        deviceId: "sw1",
        addresses: [0x0a000001],
        portId: "GigabitEthernet0/1",
        capabilities: CdpPdu.SWITCH,
        softwareVersion: "v1",
        platform: "l2lab",
        vtpDomain: "FARM",
        nativeVlan: 99,
        fullDuplex: false,
        managementAddresses: [0x0a000002],
      },
      SOURCE,
    )
    const fields = {
      "cdp.ttl": ["0"],
      "cdp.checksum.status": ["1"],
      "cdp.capabilities.switch": ["1"],
      "cdp.capabilities.router": ["0"],
      "cdp.software_version": ["v1"],
      "cdp.platform": ["l2lab"],
      "cdp.vtp_management_domain": ["FARM"],
      "cdp.native_vlan": ["99"],
      "cdp.duplex": ["0"],
      "cdp.nrgyz.ip_address": ["10.0.0.1", "10.0.0.2"],
    }
    assert.deepEqual(read(frame, Object.keys(fields)), fields)
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

  it("UDLD's probe, echo and flush, every field of them", () => {
    const common = { protocol: "udld", deviceId: "020000010000", portId: "Gi0/1", timeoutInterval: 5, deviceName: "sw1" } as const
    const pdus: ReadonlyArray<UdldPdu.UdldPdu> = [
      { ...common, opcode: "probe", recommendedTimeout: true, resynch: true, echo: [], messageInterval: 7, sequenceNumber: 1 },
      {
        ...common,
        opcode: "echo",
        recommendedTimeout: false,
        resynch: false,
        echo: [{ deviceId: "020000020000", portId: "Te0/12" }],
        messageInterval: 7,
        sequenceNumber: 70_000,
      },
      { ...common, opcode: "flush", recommendedTimeout: false, resynch: false, echo: [], messageInterval: 15, sequenceNumber: 3 },
    ]
    const hex = (text: string): string => Buffer.from(text).toString("hex")
    // Wireshark shows what stands in echo, intervals, name and sequence number as octets.
    const EXPECTED = [
      ["1", "0x01", "0x01", "00000000", "07", "00000001"],
      ["2", "0x00", "0x00", `00000001000c${hex("020000020000")}0006${hex("Te0/12")}`, "07", "00011170"],
      ["3", "0x00", "0x00", "00000000", "0f", "00000003"],
    ]
    pdus.forEach((pdu, i) => {
      const frame = UdldPdu.frame(pdu, SOURCE)
      const octets = UdldPdu.emit(pdu)
      const [opcode, rt, rsy, echo, interval, sequence] = EXPECTED[i]
      const fields = [
        "version",
        "opcode",
        "flags.rt",
        "flags.rsy",
        "checksum",
        "tlv.type",
        "device_id",
        "sent_through_interface",
        "data",
      ]
      const got = read(frame, ["eth.dst", "eth.src", "llc.oui", "llc.cisco_pid", ...fields.map((field) => `udld.${field}`)])
      assert.deepEqual(got, {
        "eth.dst": ["01:00:0c:cc:cc:cc"],
        "eth.src": ["02:00:00:01:00:01"],
        "llc.oui": ["12"],
        "llc.cisco_pid": ["0x0111"],
        "udld.version": ["1"],
        "udld.opcode": [opcode],
        "udld.flags.rt": [rt],
        "udld.flags.rsy": [rsy],
        "udld.checksum": [`0x${Buffer.from(octets.subarray(2, 4)).toString("hex")}`],
        "udld.tlv.type": ["0x0001", "0x0002", "0x0003", "0x0004", "0x0005", "0x0006", "0x0007"],
        "udld.device_id": ["020000010000"],
        "udld.sent_through_interface": ["Gi0/1"],
        "udld.data": [echo, interval, "05", hex("sw1"), sequence],
      })
    })
  })

  it("PAgP", () => {
    const party = { learns: 2, priority: 128, groupCapability: 0x10001 }
    const pdu: PagpPdu.Information = {
      protocol: "pagp",
      slowHello: true,
      auto: false,
      consistent: true,
      local: { ...party, device: 0x020000010000, port: 2, group: 27 },
      partner: { ...party, device: 0x020000020000, port: 3, group: 29, learns: 1 },
      partnerCount: 1,
      deviceName: "sw1",
      portName: "GigabitEthernet0/2",
      agportAddress: 0x02000001001a,
      activeId: 0x020000100000,
      toldId: 0,
    }
    const SIDE = ["devid", "learncap", "portpri", "sentportifindex", "groupcap", "groupifindex"]
    const fields = [
      "version",
      "flags",
      "flags.slowhello",
      "flags.automode",
      "flags.state",
      ...["local", "partner"].flatMap((side) =>
        SIDE.map((field) => (side === "local" && field === "learncap" ? "localearncap" : `${side}${field}`)),
      ),
      "partnercount",
      "numtlvs",
      "tlv",
      "tlvdevname",
      "tlvportname",
      "tlvagportmac",
    ].map((field) => `pagp.${field}`)
    assert.deepEqual(read(PagpPdu.frame(pdu, SOURCE), ["eth.dst", "llc.cisco_pid", ...fields]), {
      "eth.dst": ["01:00:0c:cc:cc:cc"],
      "llc.cisco_pid": ["0x0104"],
      "pagp.version": ["0x01"],
      "pagp.flags": ["0x05"],
      "pagp.flags.slowhello": ["1"],
      "pagp.flags.automode": ["0"],
      "pagp.flags.state": ["1"],
      "pagp.localdevid": ["02:00:00:01:00:00"],
      "pagp.localearncap": ["0x02"],
      "pagp.localportpri": ["128"],
      "pagp.localsentportifindex": ["2"],
      "pagp.localgroupcap": ["0x00010001"],
      "pagp.localgroupifindex": ["27"],
      "pagp.partnerdevid": ["02:00:00:02:00:00"],
      "pagp.partnerlearncap": ["0x01"],
      "pagp.partnerportpri": ["128"],
      "pagp.partnersentportifindex": ["3"],
      "pagp.partnergroupcap": ["0x00010001"],
      "pagp.partnergroupifindex": ["29"],
      "pagp.partnercount": ["1"],
      "pagp.numtlvs": ["5"],
      "pagp.tlv": ["1", "2", "3", "16", "17"],
      "pagp.tlvdevname": ["sw1"],
      "pagp.tlvportname": ["GigabitEthernet0/2"],
      "pagp.tlvagportmac": ["02:00:00:01:00:1a"],
    })
    const flush: PagpPdu.Flush = {
      protocol: "pagp-flush",
      device: 0x020000010000,
      partner: 0x020000020000,
      transaction: 0xdeadbeef,
    }
    const got = ["version", "flushlocaldevid", "flushpartnerdevid", "transid"].map((field) => `pagp.${field}`)
    assert.deepEqual(read(PagpPdu.frame(flush, SOURCE), got), {
      "pagp.version": ["0x02"],
      "pagp.flushlocaldevid": ["02:00:00:01:00:00"],
      "pagp.flushpartnerdevid": ["02:00:00:02:00:00"],
      "pagp.transid": ["0xdeadbeef"],
    })
  })
})

describe.skipIf(!installed)("tshark reads VTP", () => {
  const SUMMARY: VtpPdu.Summary = {
    protocol: "vtp",
    kind: "summary",
    version: 2,
    domain: "FARM",
    followers: 1,
    revision: 42,
    updater: 0x0a000001,
    timestamp: "930301000000",
    digest: Uint8Array.from({ length: 16 }, (_, i) => i),
    trailer: VtpPdu.TRAILER[2],
  }
  const vlans = Database.make([1, 10], (id) => (id === 10 ? "farm" : undefined), 2)

  it("summaries", () => {
    const fields = ["eth.dst", "llc.oui", "llc.cisco_pid", "vtp.version", "vtp.code", "vtp.followers", "vtp.md_len", "vtp.md"]
    const more = ["vtp.conf_rev_num", "vtp.upd_id", "vtp.upd_ts", "vtp.md5_digest"]
    assert.deepEqual(read(VtpPdu.frame(SUMMARY, SOURCE), [...fields, ...more]), {
      "eth.dst": ["01:00:0c:cc:cc:cc"],
      "llc.oui": ["12"],
      "llc.cisco_pid": ["0x2003"],
      "vtp.version": ["0x02"],
      "vtp.code": ["0x01"],
      "vtp.followers": ["1"],
      "vtp.md_len": ["4"],
      "vtp.md": ["FARM"],
      "vtp.conf_rev_num": ["42"],
      "vtp.upd_id": ["10.0.0.1"],
      "vtp.upd_ts": ["930301000000"],
      "vtp.md5_digest": ["000102030405060708090a0b0c0d0e0f"],
    })
  })

  it("subsets, VLAN by VLAN", () => {
    const subset: VtpPdu.Subset = {
      protocol: "vtp",
      kind: "subset",
      version: 2,
      domain: "FARM",
      revision: 42,
      sequence: 1,
      vlans,
    }
    const field = (name: string): string => `vtp.vlan_info.${name}`
    const names = ["vlan_type", "isl_vlan_id", "mtu_size", "802_10_index", "vlan_name"]
    assert.deepEqual(read(VtpPdu.frame(subset, SOURCE), ["vtp.code", "vtp.seq_num", "vtp.conf_rev_num", ...names.map(field)]), {
      "vtp.code": ["0x02"],
      "vtp.seq_num": ["1"],
      "vtp.conf_rev_num": ["42"],
      [field("vlan_type")]: ["0x01", "0x01", "0x02", "0x03", "0x04", "0x05"],
      [field("isl_vlan_id")]: ["0x0001", "0x000a", "0x03ea", "0x03eb", "0x03ec", "0x03ed"],
      [field("mtu_size")]: ["1500", "1500", "1500", "4472", "1500", "4472"],
      [field("802_10_index")]: ["0x000186a1", "0x000186aa", "0x00018a8a", "0x00018a8b", "0x00018a8c", "0x00018a8d"],
      [field("vlan_name")]: ["default", "farm", "fddi-default", "trcrf-default", "fddinet-default", "trbrf-default"],
    })
  })

  it("requests", () => {
    const request: VtpPdu.Request = { protocol: "vtp", kind: "request", version: 2, domain: "FARM", start: 10 }
    assert.deepEqual(read(VtpPdu.frame(request, SOURCE), ["vtp.code", "vtp.md", "vtp.start_value"]), {
      "vtp.code": ["0x03"],
      "vtp.md": ["FARM"],
      "vtp.start_value": ["0x000a"],
    })
  })
})

describe.skipIf(!installed)("tshark reads DTP", () => {
  it("domain, status, type and neighbour", () => {
    const pdu: DtpPdu.DtpPdu = {
      protocol: "dtp",
      domain: "FARM",
      isTrunk: true,
      admin: "desirable",
      encapsulation: "802.1q",
      adminEncapsulation: "negotiated",
      neighbour: SOURCE,
    }
    const fields = ["eth.dst", "llc.cisco_pid", "dtp.version", "dtp.domain", "dtp.tlv_type", "dtp.tlv_len"]
    const more = ["dtp.tos", "dtp.tas", "dtp.tot", "dtp.tat", "dtp.senderid"]
    assert.deepEqual(read(DtpPdu.frame(pdu, SOURCE), [...fields, ...more]), {
      "eth.dst": ["01:00:0c:cc:cc:cc"],
      "llc.cisco_pid": ["0x2004"],
      "dtp.version": ["1"],
      "dtp.domain": ["FARM"],
      "dtp.tlv_type": ["0x0001", "0x0002", "0x0003", "0x0004"],
      "dtp.tlv_len": ["9", "5", "5", "10"],
      "dtp.tos": ["0x01"],
      "dtp.tas": ["0x03"],
      "dtp.tot": ["0x05"],
      "dtp.tat": ["0x00"],
      "dtp.senderid": ["02:00:00:01:00:01"],
    })
  })

  it("a port without a domain", () => {
    const pdu: DtpPdu.DtpPdu = {
      protocol: "dtp",
      domain: "",
      isTrunk: false,
      admin: "auto",
      encapsulation: "native",
      adminEncapsulation: "negotiated",
      neighbour: SOURCE,
    }
    assert.deepEqual(read(DtpPdu.frame(pdu, SOURCE), ["dtp.tos", "dtp.tas", "dtp.tot", "dtp.tat"]), {
      "dtp.tos": ["0x00"],
      "dtp.tas": ["0x04"],
      "dtp.tot": ["0x01"],
      "dtp.tat": ["0x00"],
    })
  })
})
