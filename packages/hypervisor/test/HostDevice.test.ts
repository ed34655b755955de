/** A host against a recording outbox: what its vSwitches do with frames, what it announces, and that its state is plain data. */
import { assert, describe, it } from "@effect/vitest"
import * as Host from "@l2lab/hypervisor/Host"
import type { HostCommand } from "@l2lab/hypervisor/HostCommand"
import type { HostConfig, TeamingConfig, VmConfig } from "@l2lab/hypervisor/HostConfig"
import { hostKind } from "@l2lab/hypervisor/HostDevice"
import * as Trace from "@l2lab/hypervisor/Trace"
import { LOCAL_DELIVERY_NS } from "@l2lab/hypervisor/VirtualSwitch"
import * as EthernetFrame from "@l2lab/l2/EthernetFrame"
import * as FrameCodec from "@l2lab/l2/FrameCodec"
import * as MacAddress from "@l2lab/l2/MacAddress"
import * as PayloadCodec from "@l2lab/l2/PayloadCodec"
import * as Protocol from "@l2lab/l2/Protocol"
import { L3_CODECS } from "@l2lab/l3/codecs"
import * as NetworkStack from "@l2lab/l3/NetworkStack"
import type { PingStart } from "@l2lab/l3/StackCommand"
import { Digest } from "@l2lab/sim/Digest"
import { MILLISECOND, SECOND, type SimTime } from "@l2lab/sim/SimTime"
import { RecordingOutbox } from "@l2lab/sim/testing/RecordingOutbox"
import { Schema } from "effect"
import { between } from "./between.ts"

const KIND = hostKind([])
const UP = { up: true, rateBps: 1e9, fullDuplex: true }
const DOWN = { up: false, rateBps: 0, fullDuplex: true }
const OUTSIDE = 0x020000000099

const vmMac = (id: number) => 0x005056000000 + id

const vm = (id: number, portGroup: string): VmConfig => ({
  id,
  mac: vmMac(id),
  portGroup,
  address: 0x0a000a00 + id,
  prefixLength: 24,
  memoryMib: 16,
  writes: { pagesPerSecond: 0, workingSetPages: 0 },
})

/** Two vSwitches: NICs 0 and 1 with a tagged and an untagged port group, NIC 2 alone. VMs 1 and 2 in VLAN 10, 3 untagged, 4 apart. */
const config = (teaming?: TeamingConfig, changes: Partial<HostConfig> = {}): HostConfig => ({
  address: 0x020000000100,
  uplinks: 4,
  memoryMib: 64,
  vSwitches: [
    {
      name: "vSwitch0",
      uplinks: [0, 1],
      portGroups: [{ name: "VLAN 10", vlan: 10 }, { name: "untagged" }],
      ...(teaming === undefined ? {} : { teaming }),
    },
    { name: "vSwitch1", uplinks: [2], portGroups: [{ name: "apart", vlan: 10 }] },
  ],
  vmkernel: [],
  vmSlots: 5,
  vms: [vm(1, "VLAN 10"), vm(2, "VLAN 10"), vm(3, "untagged"), vm(4, "apart")],
  services: [],
  announceAfterNs: [0, 50 * MILLISECOND],
  ...changes,
})

/** A host with its outbox, playing its timers. */
class Bench {
  readonly out = new RecordingOutbox<EthernetFrame.EthernetFrame>()
  readonly host: Host.HostState
  now: SimTime = 0

  constructor(hostConfig: HostConfig, nicsUp: ReadonlyArray<number> = [0, 1, 2]) {
    this.host = KIND.make(hostConfig, 0)
    KIND.onBoot(this.host, 0, this.out)
    for (const nic of nicsUp) KIND.onLink(this.host, nic, UP, 0, this.out)
    this.run(SECOND)
    this.out.take()
  }

  run(until: SimTime): void {
    for (;;) {
      const at = this.out.nextTimerAt
      const timer = this.out.expire(until)
      if (timer === undefined) break
      this.now = at
      KIND.onTimer(this.host, timer, at, this.out)
    }
    this.now = until
  }

  link(nic: number, up: boolean): void {
    KIND.onLink(this.host, nic, up ? UP : DOWN, this.now, this.out)
  }

  frame(nic: number, destination: number, source: number, vlan = -1): void {
    KIND.onFrame(this.host, nic, frame(destination, source), vlan, this.now, this.out)
  }

  tell(command: HostCommand): void {
    KIND.onCommand(this.host, command, this.now, this.out)
  }

  received(id: number): number {
    const stack = Host.machineOf(this.host, id)?.stack
    return stack ? NetworkStack.counters(stack).framesReceived : -1
  }
}

const frame = (destination: number, source: number) =>
  EthernetFrame.make(destination, source, Protocol.EXPERIMENTAL, new Uint8Array(46), 46)

describe("frames that come in", () => {
  it("go to the VM that has the address, in its VLAN and by its uplink", () => {
    const bench = new Bench(config())
    // Port 0 is VM 1: uplink 0. Port 1 is VM 2: uplink 1.
    bench.frame(0, vmMac(1), OUTSIDE, 10)
    bench.frame(1, vmMac(2), OUTSIDE, 10)
    bench.frame(0, vmMac(3), OUTSIDE)
    bench.frame(2, vmMac(4), OUTSIDE, 10)
    assert.deepStrictEqual(
      [1, 2, 3, 4].map((id) => bench.received(id)),
      [1, 1, 1, 1],
    )
    bench.frame(0, vmMac(1), OUTSIDE)
    bench.frame(0, vmMac(1), OUTSIDE, 20)
    bench.frame(0, vmMac(3), OUTSIDE, 10)
    bench.frame(0, vmMac(4), OUTSIDE, 10)
    bench.frame(0, 0x020000000055, OUTSIDE, 10)
    assert.deepStrictEqual(
      [1, 2, 3, 4].map((id) => bench.received(id)),
      [1, 1, 1, 1],
    )
    assert.strictEqual(bench.host.counters.unknownDestination, 5)
  })

  it("a broadcast reaches each VM of its VLAN once, though it comes in by both uplinks", () => {
    const bench = new Bench(config())
    for (const nic of [0, 1]) bench.frame(nic, MacAddress.BROADCAST, OUTSIDE, 10)
    assert.deepStrictEqual(
      [1, 2, 3, 4].map((id) => bench.received(id)),
      [1, 1, 0, 0],
    )
    assert.strictEqual(bench.host.counters.wrongUplink, 2)
  })

  it("without the reverse policy it reaches them once for each uplink", () => {
    const bench = new Bench(config({ policy: "originating-port", reversePolicy: false }))
    for (const nic of [0, 1]) bench.frame(nic, MacAddress.BROADCAST, OUTSIDE, 10)
    assert.deepStrictEqual(
      [1, 2].map((id) => bench.received(id)),
      [2, 2],
    )
  })

  it("with the source address of a VM of the host they are reflections and dropped", () => {
    const bench = new Bench(config())
    bench.frame(0, MacAddress.BROADCAST, vmMac(2), 10)
    bench.frame(1, vmMac(1), vmMac(2), 10)
    assert.strictEqual(bench.host.counters.reflected, 2)
    assert.strictEqual(bench.received(1), 0)
    // Another vSwitch does not know the address.
    bench.frame(2, MacAddress.BROADCAST, vmMac(2), 10)
    assert.strictEqual(bench.received(4), 1)
  })

  it("by a NIC that no vSwitch uses are dropped", () => {
    const bench = new Bench(config(), [0, 1, 2, 3])
    bench.frame(3, MacAddress.BROADCAST, OUTSIDE)
    assert.strictEqual(bench.host.counters.noSwitch, 1)
  })
})

describe("frames of VMs", () => {
  const ping = (bench: Bench, from: number, to: number) => {
    const command: PingStart = { type: "ping.start", target: 0x0a000a00 + to, everyNs: SECOND, count: 1 }
    bench.tell({ type: "vm.guest", vm: from, command })
  }

  it("between two VMs of a VLAN stay in the host; the broadcast that asks for the address also leaves, tagged", () => {
    const bench = new Bench(config())
    ping(bench, 1, 2)
    bench.run(2 * SECOND)
    const stack = Host.machineOf(bench.host, 1)?.stack
    const [run] = NetworkStack.pings(stack as NetworkStack.NetworkStack)
    assert.strictEqual(run.received, 1)
    // ARP request and reply, echo request and reply: four deliveries.
    assert.strictEqual(run.rttMinNs, 4 * LOCAL_DELIVERY_NS)
    assert.deepStrictEqual(
      bench.out.transmissions.map(({ port, tci, frame: sent }) => [port, tci, sent.protocol]),
      [[0, 10, Protocol.ARP]],
    )
  })

  it("never reach another VLAN or vSwitch inside the host", () => {
    const bench = new Bench(config())
    ping(bench, 1, 3)
    ping(bench, 1, 4)
    bench.run(5 * SECOND)
    assert.deepStrictEqual(
      [3, 4].map((id) => bench.received(id)),
      [0, 0],
    )
    assert.isAbove(bench.received(2), 0)
  })

  it("find no way out when no uplink has link", () => {
    const bench = new Bench(config(), [])
    ping(bench, 1, 9)
    assert.strictEqual(bench.out.transmissions.length, 0)
    assert.strictEqual(bench.host.counters.noUplink, 1)
  })
})

describe("notify switches", () => {
  it("announces the VMs of a failed uplink by the other one, and by the first when it returns", () => {
    const bench = new Bench(config())
    bench.link(0, false)
    const moved = bench.out.transmissions
    // VMs 1 and 3 (ports 0 and 2) were on NIC 0.
    assert.deepStrictEqual(
      moved.map(({ port, tci, frame: sent }) => [port, tci, sent.source, sent.destination]),
      [
        [1, 10, vmMac(1), MacAddress.BROADCAST],
        [1, -1, vmMac(3), MacAddress.BROADCAST],
      ],
    )
    assert.deepStrictEqual(
      bench.out.traces(Trace.UPLINK.code).map(({ a, b, c, d }) => [a, b, c, d]),
      [
        [vmMac(1), 0, 1, 10],
        [vmMac(3), 0, 1, 0],
      ],
    )
    bench.out.take()
    bench.run(2 * SECOND)
    assert.strictEqual(bench.out.transmissions.length, 2, "the second frame of each announcement")
    bench.out.take()
    bench.link(0, true)
    assert.deepStrictEqual(
      bench.out.transmissions.map(({ port }) => port),
      [0, 0],
    )
  })

  it("is RARP, octet by octet as QEMU's", () => {
    const bench = new Bench(config())
    bench.link(0, false)
    const [{ frame: rarp, tci }] = bench.out.transmissions
    const octets = FrameCodec.emit(rarp, -1, PayloadCodec.registry(L3_CODECS))
    assert.strictEqual(tci, 10)
    const header = ["ffffffffffff", "005056000001", "8035", "0001", "0800", "06", "04", "0003"]
    const fields = header.concat("005056000001", "00000000", "005056000001", "00000000", "00".repeat(18))
    assert.strictEqual(Buffer.from(octets).toString("hex"), fields.join(""))
  })

  it("is silent when it is switched off, and the VMs still move", () => {
    const quiet = config()
    const bench = new Bench({ ...quiet, vSwitches: quiet.vSwitches.map((item) => ({ ...item, notifySwitches: false })) })
    bench.link(0, false)
    assert.strictEqual(bench.out.transmissions.length, 0)
    assert.deepStrictEqual(Array.from(bench.host.ports.uplink.subarray(0, 4)), [1, 1, 1, 2])
  })

  it("ends with the VM", () => {
    const bench = new Bench(config())
    bench.link(0, false)
    bench.out.take()
    bench.tell({ type: "vm.power-off", vm: 1 })
    bench.run(2 * SECOND)
    assert.deepStrictEqual(
      bench.out.transmissions.map(({ frame: sent }) => sent.source),
      [vmMac(3)],
    )
  })
})

describe("power", () => {
  it("switching on announces; a VM that is off is unknown to the vSwitch; memory is asked for", () => {
    const bench = new Bench(config(undefined, { memoryMib: 64 }))
    assert.strictEqual(Host.freeMemoryMib(bench.host), 0)
    bench.tell({ type: "vm.power-off", vm: 2 })
    assert.strictEqual(Host.freeMemoryMib(bench.host), 16)
    bench.frame(1, vmMac(2), OUTSIDE, 10)
    assert.strictEqual(bench.host.counters.unknownDestination, 1)
    bench.out.take()
    bench.tell({ type: "vm.power-on", vm: 2 })
    assert.isTrue(Host.runs(bench.host, 2))
    assert.deepStrictEqual(
      bench.out.transmissions.map(({ port, frame: sent }) => [port, sent.source]),
      [[1, vmMac(2)]],
    )
  })

  it("a VM for which the host has no memory stays off", () => {
    const bench = new Bench(config(undefined, { memoryMib: 40 }))
    assert.deepStrictEqual(
      [1, 2, 3, 4].map((id) => Host.runs(bench.host, id)),
      [true, true, false, false],
    )
  })

  it("a host that is switched on later starts no VM", () => {
    const out = new RecordingOutbox<EthernetFrame.EthernetFrame>()
    const host = KIND.make(config(), SECOND)
    KIND.onBoot(host, SECOND, out)
    assert.isFalse(Host.runs(host, 1))
  })

  it("a configuration that contradicts itself is refused with a sentence", () => {
    assert.throws(() => KIND.make(config(undefined, { vms: [vm(1, "vlan 10")] }), 0), /port group "vlan 10"/)
    assert.throws(() => KIND.make(config(undefined, { vmSlots: 1 }), 0), /1 VM slots is given 4 VMs/)
    assert.throws(() => KIND.timers(config(undefined, { services: [{ kind: "ha", config: {} }] })), /service "ha"/)
  })
})

const fingerprint = (host: Host.HostState, now: SimTime) => {
  const digest = new Digest()
  KIND.fingerprint(host, digest, now)
  return digest.text
}

const Step = Schema.Struct({
  kind: between(0, 9),
  nic: between(0, 3),
  destination: between(0, 6),
  source: between(0, 6),
  vlan: between(0, 2),
})

it.prop(
  "on any input: nothing goes from uplink to uplink, copy is structuredClone's, and it shares nothing",
  { steps: Schema.Array(Step) },
  ({ steps }) => {
    const bench = new Bench(config())
    const addresses = [MacAddress.BROADCAST, OUTSIDE, 1, 2, 3, 4, 9].map((n) => (n < 10 ? vmMac(n) : n))
    for (const step of steps) {
      bench.out.take()
      if (step.kind === 0) bench.link(step.nic, step.destination > 2)
      else if (step.kind === 1) {
        const type = step.vlan === 0 ? "vm.power-off" : "vm.power-on"
        bench.tell({ type, vm: step.source })
      } else if (step.kind === 2) bench.run(bench.now + step.destination * 20 * MILLISECOND)
      else {
        bench.frame(step.nic, addresses[step.destination], addresses[step.source], [-1, 10, 20][step.vlan])
        assert.strictEqual(bench.out.transmissions.length, 0)
      }
    }
    const copy = KIND.copy(bench.host)
    assert.deepStrictEqual(copy, structuredClone(bench.host))
    const before = fingerprint(bench.host, bench.now)
    assert.strictEqual(fingerprint(copy, bench.now), before)
    for (const nic of [0, 1, 2]) KIND.onLink(copy, nic, DOWN, bench.now, new RecordingOutbox())
    for (const id of [1, 2, 3, 4]) {
      const off: HostCommand = { type: "vm.power-off", vm: id }
      KIND.onCommand(copy, off, bench.now, new RecordingOutbox())
    }
    assert.strictEqual(fingerprint(bench.host, bench.now), before)
  },
  { arbitrary: { runs: 150, seed: 53, size: 40 } },
)
