/** Migrations in a real world: hosts, bridges, frames. */
import { assert, describe, it } from "@effect/vitest"
import * as Host from "@l2lab/hypervisor/Host"
import type { HostConfig } from "@l2lab/hypervisor/HostConfig"
import * as HypervisorTrace from "@l2lab/hypervisor/Trace"
import * as L2Trace from "@l2lab/l2/Trace"
import * as NetworkStack from "@l2lab/l3/NetworkStack"
import type { PingStart } from "@l2lab/l3/StackCommand"
import type { MigrationRecord } from "@l2lab/migration/MigrationState"
import * as MigrationQuery from "@l2lab/migration/MigrationQuery"
import * as Reason from "@l2lab/migration/Reason"
import * as Trace from "@l2lab/migration/Trace"
import * as Fingerprint from "@l2lab/sim/Fingerprint"
import { MILLISECOND, NEVER, SECOND } from "@l2lab/sim/SimTime"
import type { TraceEvent } from "@l2lab/sim/TraceEvent"
import { WORLD } from "@l2lab/sim/WorldCommand"
import * as Farm from "./Farm.ts"

const record = (farm: Farm.Farm, role: MigrationRecord["role"], id = 1): MigrationRecord => {
  const found = MigrationQuery.latest(Farm.hostOf(farm, role === "source" ? Farm.ESX_1 : Farm.ESX_2), id, role)
  if (found === undefined) throw new Error(`no migration of VM ${id} in the role ${role}`)
  return found as MigrationRecord
}

const failure = (farm: Farm.Farm, id = 1): string => {
  const { reason, state } = record(farm, "source", id)
  return `${state}: ${Reason.nameOf(reason)}`
}

const clientPing: PingStart = { type: "ping.start", target: Farm.vmAddress(1), everyNs: 10 * MILLISECOND }

describe("a migration", () => {
  const farm = Farm.boot()
  const events: Array<TraceEvent> = []
  farm.listen({ onTrace: (event) => events.push(event) })
  farm.command(Farm.CLIENT, clientPing)
  const guestPing: PingStart = { type: "ping.start", target: 0x0a000afe, everyNs: 20 * MILLISECOND }
  Farm.tell(farm, Farm.ESX_1, { type: "vm.guest", vm: 1, command: guestPing })
  farm.run(2 * SECOND)
  Farm.move(farm)
  farm.run(4 * SECOND)
  const source = record(farm, "source")
  const destination = record(farm, "destination")

  it("goes through its steps in their order", () => {
    const names = new Map(
      [...Trace.TRACE_DEFINITIONS, ...HypervisorTrace.TRACE_DEFINITIONS].map(({ code, name }) => [code, name]),
    )
    const told = events.map(({ code, node }) => `${names.get(code)} @${node}`).filter((line) => /^migration|rarp @/.test(line))
    assert.deepStrictEqual(
      told.filter((line) => !line.startsWith("migration.state")),
      [
        "migration.started @0",
        "migration.checked @0",
        "migration.shell @1",
        "migration.round-started @0",
        "migration.round @0",
        "migration.stunned @0",
        "migration.last-sent @0",
        "migration.resumed @1",
        "hypervisor.rarp @1",
        "migration.removed @0",
      ],
    )
  })

  it("ends with the VM on the destination, with every page as it was at stun", () => {
    assert.deepStrictEqual(Farm.runningOn(farm), [Farm.ESX_2])
    assert.strictEqual(Host.slotOf(Farm.hostOf(farm, Farm.ESX_1), 1), -1)
    assert.notStrictEqual(source.memoryHash, 0)
    assert.strictEqual(source.memoryHash, destination.memoryHash)
    assert.isTrue(destination.confirmed)
    assert.isTrue(MigrationQuery.isIdle(Farm.hostOf(farm, Farm.ESX_1)))
    assert.isTrue(MigrationQuery.isIdle(Farm.hostOf(farm, Farm.ESX_2)))
  })

  it("is dark from stun to resume, and no longer: the RARP leaves at that instant", () => {
    assert.strictEqual(destination.rarpAt, destination.resumedAt)
    const [ping] = NetworkStack.pings(Farm.clientStack(farm))
    const darkNs = destination.resumedAt - source.stunnedAt
    assert.isAbove(darkNs, 40 * MILLISECOND)
    assert.isBelow(darkNs, 42 * MILLISECOND)
    assert.isAtLeast(ping.longestGapNs, darkNs)
    assert.isAtMost(ping.longestGapNs, darkNs + 2 * 10 * MILLISECOND)
    assert.strictEqual(ping.lost, Math.round(ping.longestGapNs / ping.everyNs) - 1)
  })

  it("turns the table of every bridge on the way to the new port", () => {
    const moves = events.filter((event) => event.code === L2Trace.CAM_MOVED.code && event.a === Farm.vmMac(1))
    assert.deepStrictEqual(
      moves.map(({ node, c, d, at }) => [node, c, d, at >= destination.rarpAt && at < destination.rarpAt + 20_000]),
      // sw-2 hears the RARP first: from the port of sw-1 (0) to that of esx-2 (1). sw-1: from esx-1 (0) to sw-2 (1).
      [
        [Farm.FIRST_BRIDGE + 1, 0, 1, true],
        [Farm.FIRST_BRIDGE, 0, 1, true],
      ],
    )
  })

  it("carries the guest's stack: its own ping goes on with the next sequence, its timer stood still meanwhile", () => {
    const machine = Host.machineOf(Farm.hostOf(farm, Farm.ESX_2), 1)
    const [ping] = NetworkStack.pings(machine?.stack as NetworkStack.NetworkStack)
    const stoodStillNs = destination.resumedAt - source.stunnedAt
    assert.strictEqual(ping.sent, Math.floor((3 * SECOND - stoodStillNs) / (20 * MILLISECOND)) + 1)
    assert.strictEqual(ping.lost, 0)
    assert.isAtLeast(ping.longestGapNs, stoodStillNs)
  })

  it("and the write model goes on where it stopped", () => {
    const memory = Host.machineOf(Farm.hostOf(farm, Farm.ESX_2), 1)?.memory
    assert.strictEqual(memory?.writes, Math.floor((1000 * source.stunnedAt) / SECOND))
  })

  it("back again works as well", () => {
    Farm.move(farm, 1, 1)
    farm.run(6 * SECOND)
    assert.deepStrictEqual(Farm.runningOn(farm), [Farm.ESX_1])
  })
})

describe("time and octets", () => {
  it("one round of an idle VM takes what its segments take on the narrowest link, within 1 %", () => {
    for (const [mtu, octetsAPage] of [
      // Three segments: 4096 + 3 * (24 + 28 + 14 + 4 tag + 4 + 20). Two pages a segment: (16 + 2 * 4104 + 28 + 42) / 2.
      [1500, 4096 + 3 * 94],
      [9000, (16 + 2 * 4104 + 28 + 14 + 4 + 4 + 20) / 2],
    ] as const) {
      const farm = Farm.boot({ mtu, vms: [{ memoryMib: 32, writes: { pagesPerSecond: 0, workingSetPages: 0 } }] })
      Farm.move(farm)
      farm.run(5 * SECOND)
      const [round] = record(farm, "source").rounds
      const wireNs = round.pages * octetsAPage * 8
      assert.isAbove(round.endedAt - round.startedAt, wireNs)
      assert.isBelow(round.endedAt - round.startedAt, wireNs * 1.01)
      assert.strictEqual(record(farm, "source").retransmissions, 0)
    }
  })

  it("zero pages travel as a few octets", () => {
    const farm = Farm.boot({ vms: [{ memoryMib: 1024, touchedMib: 4 }] })
    Farm.move(farm)
    farm.run(3 * SECOND)
    const [round] = record(farm, "source").rounds
    assert.deepStrictEqual([round.pages, round.zeroPages], [262_144, 261_120])
    assert.isBelow(round.endedAt - round.startedAt, 40 * MILLISECOND)
    assert.deepStrictEqual(Farm.runningOn(farm), [Farm.ESX_2])
  })

  it("rounds shrink as dirty rate to line rate, until the rest fits the goal", () => {
    // 20,000 pages a second against about 28,000: r = 0.7, of a working set too large to matter. The goal of 20 ms is some 560 pages.
    const writes = { pagesPerSecond: 20_000, workingSetPages: 8192 }
    const farm = Farm.boot({ vmotion: { switchoverGoalNs: 20 * MILLISECOND }, vms: [{ memoryMib: 32, writes }] })
    Farm.move(farm)
    farm.run(20 * SECOND)
    const { rounds, state } = record(farm, "source")
    assert.strictEqual(state, "DONE")
    assert.isAbove(rounds.length, 4)
    for (const [i, round] of rounds.entries()) {
      const written = ((round.endedAt - round.startedAt) / SECOND) * 20_000
      // Uniform writes hit some pages twice: of n pages, n (1 - (1 - 1/n)^w) are dirty after w writes.
      const expected = 8192 * (1 - (1 - 1 / 8192) ** written)
      if (round.round > 0) assert.closeTo(round.dirtyPages, expected, 0.05 * expected + 20)
      if (i > 0 && round.round > 0) assert.strictEqual(round.pages, rounds[i - 1].dirtyPages)
    }
    assert.isBelow(rounds[rounds.length - 1].endedAt - rounds[rounds.length - 1].startedAt, 30 * MILLISECOND)
  })
})

describe("refusals", () => {
  const without = (n: number, change: (config: HostConfig) => HostConfig) => ({
    host: (which: number, config: HostConfig) => (which === n ? change(config) : config),
  })
  const cases: ReadonlyArray<readonly [string, Farm.FarmOptions]> = [
    ["no-memory", without(2, (config) => ({ ...config, memoryMib: 3 }))],
    ["no-slot", without(2, (config) => ({ ...config, vmSlots: 0 }))],
    [
      "no-port-group",
      without(2, (config) => ({
        ...config,
        vSwitches: config.vSwitches.map((item) => ({
          ...item,
          portGroups: item.portGroups.map((group) => ({ ...group, name: group.name.replace("VM Network", "VM network") })),
        })),
      })),
    ],
    ["exists", without(2, (config) => ({ ...config, vms: [Farm.vm(9, { mac: Farm.vmMac(1) })] }))],
    ["no-vmotion-interface", without(1, (config) => ({ ...config, vmkernel: [] }))],
    [
      "wrong-vmotion-interface",
      without(2, (config) => ({ ...config, vmkernel: config.vmkernel.map((item) => ({ ...item, services: ["management"] })) })),
    ],
    ["unreachable", without(2, (config) => ({ ...config, vmkernel: [] }))],
    ["not-running", { vms: [{ poweredOn: false }] }],
  ]
  for (const [reason, options] of cases)
    it(reason, () => {
      const farm = Farm.boot(options)
      Farm.move(farm)
      farm.run(30 * SECOND)
      assert.strictEqual(failure(farm), `FAILED: ${reason}`)
      assert.deepStrictEqual(Farm.runningOn(farm), reason === "not-running" ? [] : [Farm.ESX_1])
      assert.isTrue(MigrationQuery.isIdle(Farm.hostOf(farm, Farm.ESX_1)))
      assert.isTrue(MigrationQuery.isIdle(Farm.hostOf(farm, Farm.ESX_2)))
      assert.isFalse(Farm.hostOf(farm, Farm.ESX_2).machines.some((machine) => machine?.state === "shell"))
      assert.notInclude(Reason.sentenceOf(record(farm, "source").reason), "unknown here")
    })

  it("no-such-vm, same-host", () => {
    const farm = Farm.boot()
    Farm.move(farm, 5)
    assert.strictEqual(failure(farm, 5), "FAILED: no-such-vm")
    Farm.tell(farm, Farm.ESX_1, { type: "vmotion.start", vm: 1, to: Farm.vmotionAddress(1) })
    assert.strictEqual(failure(farm), "FAILED: same-host")
  })
})

describe("given up", () => {
  it("when the VM writes faster than the wire: after rounds without progress, and the VM was never stunned", () => {
    const farm = Farm.boot({ vms: [{ memoryMib: 128, writes: { pagesPerSecond: 500_000, workingSetPages: 32_768 } }] })
    Farm.move(farm)
    farm.run(60 * SECOND)
    assert.strictEqual(failure(farm), "FAILED: not-converging")
    assert.strictEqual(record(farm, "source").stunnedAt, NEVER)
    assert.strictEqual(record(farm, "source").rounds.length, 3)
    assert.deepStrictEqual(Farm.runningOn(farm), [Farm.ESX_1])
    assert.strictEqual(Host.slotOf(Farm.hostOf(farm, Farm.ESX_2), 1), -1)
  })

  it("by command, at once, on both hosts", () => {
    const farm = Farm.boot({ vms: [{ memoryMib: 64 }] })
    Farm.move(farm)
    farm.run(SECOND + 100 * MILLISECOND)
    assert.strictEqual(record(farm, "source").state, "PRECOPY")
    Farm.tell(farm, Farm.ESX_1, { type: "vmotion.cancel", vm: 1 })
    farm.run(farm.now + MILLISECOND)
    assert.strictEqual(failure(farm), "FAILED: cancelled")
    assert.strictEqual(Reason.nameOf(record(farm, "destination").reason), "aborted-by-source")
    assert.strictEqual(Host.slotOf(Farm.hostOf(farm, Farm.ESX_2), 1), -1)
    assert.isNull(Host.machineOf(Farm.hostOf(farm, Farm.ESX_1), 1)?.memory?.dirty)
  })

  it("when the VM is powered off", () => {
    const farm = Farm.boot({ vms: [{ memoryMib: 64 }] })
    Farm.move(farm)
    farm.run(SECOND + 100 * MILLISECOND)
    Farm.tell(farm, Farm.ESX_1, { type: "vm.power-off", vm: 1 })
    farm.run(farm.now + SECOND)
    assert.strictEqual(failure(farm), "FAILED: powered-off")
    assert.deepStrictEqual(Farm.runningOn(farm), [])
  })

  it("when the switch-over takes too long: the VM goes on on the source", () => {
    const farm = Farm.boot({ vmotion: { maximumSwitchoverNs: 5 * MILLISECOND } })
    Farm.move(farm)
    farm.run(10 * SECOND)
    assert.strictEqual(failure(farm), "FAILED: switchover-timeout")
    assert.deepStrictEqual(Farm.runningOn(farm), [Farm.ESX_1])
  })
})

describe("several at once", () => {
  it("so many as allowed; the others wait and then go", () => {
    const farm = Farm.boot({ vms: [{}, {}, {}, {}], vmotion: { concurrent: 2 } })
    for (const id of [1, 2, 3, 4]) Farm.move(farm, id)
    farm.run(SECOND + 10 * MILLISECOND)
    assert.strictEqual(MigrationQuery.records(Farm.hostOf(farm, Farm.ESX_1)).length, 2)
    farm.run(5 * SECOND)
    for (const id of [1, 2, 3, 4]) {
      assert.deepStrictEqual(Farm.runningOn(farm, id), [Farm.ESX_2])
      assert.strictEqual(record(farm, "source", id).memoryHash, record(farm, "destination", id).memoryHash)
    }
  })

  it("a second command for a VM that waits is refused, and a VM that waits can be called back", () => {
    const farm = Farm.boot({ vms: [{}, {}], vmotion: { concurrent: 1 } })
    for (const id of [1, 2, 2]) Farm.move(farm, id)
    assert.strictEqual(failure(farm, 2), "FAILED: already-migrating")
    Farm.tell(farm, Farm.ESX_1, { type: "vmotion.cancel", vm: 2 })
    assert.strictEqual(failure(farm, 2), "FAILED: cancelled")
    farm.run(5 * SECOND)
    assert.deepStrictEqual(Farm.runningOn(farm, 1), [Farm.ESX_2])
    assert.deepStrictEqual(Farm.runningOn(farm, 2), [Farm.ESX_1])
    assert.isTrue(MigrationQuery.isIdle(Farm.hostOf(farm, Farm.ESX_1)))
  })

  it("in both directions", () => {
    const farm = Farm.boot({ host: (n, config) => ({ ...config, vms: [Farm.vm(n, { memoryMib: 16 })] }) })
    Farm.move(farm, 1, 2)
    Farm.move(farm, 2, 1)
    farm.run(5 * SECOND)
    assert.deepStrictEqual([Farm.runningOn(farm, 1), Farm.runningOn(farm, 2)], [[Farm.ESX_2], [Farm.ESX_1]])
  })
})

describe("the same way again", () => {
  const options: Farm.FarmOptions = { seed: 4, vms: [{ memoryMib: 8 }], link: { lossRatio: 0.005 } }
  const start = () => {
    const farm = Farm.boot(options)
    farm.command(Farm.CLIENT, clientPing)
    Farm.move(farm)
    return farm
  }
  const whole = start()
  whole.run(3 * SECOND)
  const fingerprint = Fingerprint.of(whole)

  it("a lossy wire costs repeats, not pages", () => {
    assert.isAbove(record(whole, "source").retransmissions, 10)
    assert.strictEqual(record(whole, "source").memoryHash, record(whole, "destination").memoryHash)
  })

  it("with every frame made of octets and read again", () => {
    const farm = start()
    Farm.forceOctets(farm)
    farm.run(3 * SECOND)
    assert.strictEqual(Fingerprint.of(farm), fingerprint)
  })

  it("in a fork from any moment, which leaves its parent as it was", () => {
    for (const at of [1, 1.0001, 1.05, 1.085, 1.11, 1.5]) {
      const farm = start()
      farm.run(at * SECOND)
      const before = Fingerprint.of(farm)
      const child = farm.fork()
      child.run(3 * SECOND)
      assert.strictEqual(Fingerprint.of(child), fingerprint, `forked at ${at} s`)
      assert.strictEqual(Fingerprint.of(farm), before)
      assert.deepStrictEqual(
        REGISTRY_COPY(farm.world.states[Farm.ESX_1] as Host.HostState),
        structuredClone(farm.world.states[Farm.ESX_1]),
      )
      farm.run(3 * SECOND)
      assert.strictEqual(Fingerprint.of(farm), fingerprint)
    }
  })
})

const REGISTRY_COPY = (state: Host.HostState): unknown => Farm.REGISTRY.kinds.get("hypervisor-host")?.copy(state)

it("a cable that fails in the middle costs repeats where the host has another: teaming moves the vMotion interface, RARP tells the switches", () => {
  const farm = Farm.boot({ dual: true, vms: [{ memoryMib: 64 }] })
  const events: Array<TraceEvent> = []
  farm.listen({ onTrace: (event) => events.push(event) })
  Farm.move(farm)
  farm.run(SECOND + 200 * MILLISECOND)
  const vmkernelMac = 0x005056600001
  assert.strictEqual(Farm.hostOf(farm, Farm.ESX_1).ports.uplink[0], 0)
  Farm.tell(farm, WORLD, { type: "link.disconnect", link: Farm.LINK_ESX_1 })
  farm.run(5 * SECOND)
  assert.deepStrictEqual(Farm.runningOn(farm), [Farm.ESX_2])
  assert.isAbove(record(farm, "source").retransmissions, 0)
  assert.strictEqual(record(farm, "source").memoryHash, record(farm, "destination").memoryHash)
  const announced = events.filter(({ a, code }) => code === HypervisorTrace.RARP.code && a === vmkernelMac)
  assert.deepStrictEqual(
    announced.map(({ at, b, c }) => [at, b, c]),
    [[SECOND + 200 * MILLISECOND, Farm.VMOTION_VLAN, 1]],
  )
})

it("the old host can be switched off afterwards, and what it says when it is back hurts nobody", () => {
  const farm = Farm.boot()
  farm.command(Farm.CLIENT, clientPing)
  Farm.move(farm)
  farm.run(3 * SECOND)
  Farm.tell(farm, WORLD, { type: "node.power-off", node: Farm.ESX_1, keepCarrier: false })
  farm.run(5 * SECOND)
  const lost = NetworkStack.pings(Farm.clientStack(farm))[0].lost
  farm.run(10 * SECOND)
  assert.strictEqual(NetworkStack.pings(Farm.clientStack(farm))[0].lost, lost)
  Farm.tell(farm, WORLD, { type: "node.power-on", node: Farm.ESX_1 })
  farm.run(20 * SECOND)
  assert.deepStrictEqual(Farm.runningOn(farm), [Farm.ESX_2])
  Farm.move(farm, 1, 1)
  farm.run(25 * SECOND)
  assert.deepStrictEqual(Farm.runningOn(farm), [Farm.ESX_1], "its stale entry makes room")
})
