import * as MacAddress from "@l2lab/l2/MacAddress"
import { assert, describe, it } from "vitest"
import * as Interfaces from "../../src/show/Interfaces.ts"

const UP: Interfaces.InterfaceView = {
  name: "GigabitEthernet0/1",
  shortName: "Gi0/1",
  address: MacAddress.parse("0200.0000.0101") ?? -1,
  peer: "sw2:1",
  status: "connected",
  vlan: "trunk",
  mtu: 1500,
  rateBps: 1e9,
  fullDuplex: true,
  latencyNs: 500,
  queuedOctets: 0,
  queueLimitOctets: 1048576,
  input: { frames: 120, octets: 7680, crcErrors: 0, runts: 0, drops: [] },
  output: {
    frames: 3,
    octets: 192,
    tailDrops: 0,
    mtuDrops: 0,
    lostOnLink: 0,
    collisions: 0,
    lateCollisions: 0,
    excessiveCollisions: 0,
    deferred: 0,
  },
}

const BUSY: Interfaces.InterfaceView = {
  ...UP,
  name: "TenGigabitEthernet0/2",
  shortName: "Te0/2",
  description: "to the core, second of two",
  vlan: 10,
  rateBps: 10e9,
  fullDuplex: false,
  queuedOctets: 1500,
  input: {
    frames: 1000,
    octets: 64000,
    crcErrors: 7,
    runts: 3,
    drops: [
      { reason: "unknown VLAN", frames: 0 },
      { reason: "port blocked by spanning tree", frames: 12 },
      { reason: "destination on ingress port", frames: 3 },
    ],
  },
  output: {
    frames: 5,
    octets: 7590,
    tailDrops: 20,
    mtuDrops: 1,
    lostOnLink: 4,
    collisions: 300,
    lateCollisions: 25,
    excessiveCollisions: 2,
    deferred: 60,
  },
}

const { peer: _peer, ...WITHOUT_CABLE } = UP
const EMPTY: Interfaces.InterfaceView = { ...WITHOUT_CABLE, status: "notconnect", vlan: 1 }

describe("show interfaces", () => {
  it("prints an interface that is up", () => {
    assert.strictEqual(
      Interfaces.block(UP).join("\n"),
      `GigabitEthernet0/1 is up, line protocol is up (connected)
  Hardware is Ethernet, address is 0200.0000.0101 (bia 0200.0000.0101)
  Cable to sw2:1
  MTU 1500 bytes, BW 1000000 Kbit/sec, DLY 0.5 usec
  Full-duplex, 1000Mb/s
  Output queue: 0/1048576 (octets/max); Total output drops: 0
     120 packets input, 7680 bytes
     0 input errors, 0 CRC
     0 input drops
     3 packets output, 192 bytes
     0 output drops`,
    )
  })

  it("prints every reason for which frames were dropped, and none that did not occur", () => {
    assert.strictEqual(
      Interfaces.block(BUSY).join("\n"),
      `TenGigabitEthernet0/2 is up, line protocol is up (connected)
  Hardware is Ethernet, address is 0200.0000.0101 (bia 0200.0000.0101)
  Description: to the core, second of two
  Cable to sw2:1
  MTU 1500 bytes, BW 10000000 Kbit/sec, DLY 0.5 usec
  Half-duplex, 10Gb/s
  Output queue: 1500/1048576 (octets/max); Total output drops: 21
     1000 packets input, 64000 bytes
     3 runts
     10 input errors, 7 CRC
     15 input drops:
       12 port blocked by spanning tree
       3 destination on ingress port
     5 packets output, 7590 bytes
     21 output drops:
       20 output queue full
       1 longer than the MTU
     27 output errors, 300 collisions
     25 late collision, 60 deferred
     2 excessive collisions
     4 lost on the link`,
    )
  })

  it("tells why an interface is down", () => {
    const first = (status: Interfaces.InterfaceStatus): string => Interfaces.block({ ...EMPTY, status })[0]
    assert.strictEqual(first("notconnect"), "GigabitEthernet0/1 is down, line protocol is down (notconnect)")
    assert.strictEqual(first("disabled"), "GigabitEthernet0/1 is administratively down, line protocol is down (disabled)")
    assert.strictEqual(first("err-disabled"), "GigabitEthernet0/1 is down, line protocol is down (err-disabled)")
    assert.include(Interfaces.block(EMPTY), "  Auto-duplex, Auto-speed")
  })

  it("prints the status table", () => {
    assert.strictEqual(
      Interfaces.statusLines([
        UP,
        BUSY,
        EMPTY,
        { ...EMPTY, shortName: "Gi0/4", status: "err-disabled" },
        { ...UP, rateBps: 2.5e9, shortName: "Tw0/5" },
      ]).join("\n"),
      `
Port      Name               Status       Vlan       Duplex  Speed Type
Gi0/1     sw2:1              connected    trunk        full   1000
Te0/2     to the core, secon connected    10           half    10G
Gi0/1                        notconnect   1            auto   auto
Gi0/4                        err-disabled 1            auto   auto
Tw0/5     sw2:1              connected    trunk        full   2.5G
`,
    )
  })

  it("gives machines everything, absent values as null", () => {
    const [busy, empty] = Interfaces.json([BUSY, EMPTY]) as ReadonlyArray<Record<string, unknown>>
    assert.strictEqual(busy.address, "02:00:00:00:01:01")
    assert.deepInclude(busy.input as object, { totalDrops: 15, crcErrors: 7 })
    assert.isNull(empty.peer)
    assert.isNull(empty.description)
  })
})
