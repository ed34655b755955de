/**
 * Failures at every step. One world is taken to every single event of a migration, forked there, and in each fork something breaks:
 * a cable, one direction of it, a host; for a while or for good. Then the clocks run until all timeouts have passed.
 *
 * The VM must never run twice, at any moment. It must run once at the end, but for what no protocol between two hosts can help:
 * a host that died took it along, or the network died for good while RESUME waited for its answer (see MigrationState.ts).
 */
import { assert, describe, it } from "@effect/vitest"
import * as Host from "@l2lab/hypervisor/Host"
import * as HypervisorTrace from "@l2lab/hypervisor/Trace"
import * as MigrationQuery from "@l2lab/migration/MigrationQuery"
import type { MigrationRecord } from "@l2lab/migration/MigrationState"
import { MILLISECOND, SECOND } from "@l2lab/sim/SimTime"
import { WORLD, type WorldCommand } from "@l2lab/sim/WorldCommand"
import { between } from "./between.ts"
import * as Farm from "./Farm.ts"

interface Fault {
  readonly name: string
  readonly breaks: WorldCommand
  readonly heals: WorldCommand
}

const direction = (link: number, from: "a" | "b", alive: boolean): WorldCommand => ({ type: "link.direction", link, from, alive })

const FAULTS: ReadonlyArray<Fault> = [
  {
    name: "the source's cable",
    breaks: { type: "link.disconnect", link: Farm.LINK_ESX_1 },
    heals: { type: "link.connect", link: Farm.LINK_ESX_1 },
  },
  {
    name: "the destination's cable",
    breaks: { type: "link.disconnect", link: Farm.LINK_ESX_2 },
    heals: { type: "link.connect", link: Farm.LINK_ESX_2 },
  },
  {
    name: "what the source sends",
    breaks: direction(Farm.LINK_ESX_1, "a", false),
    heals: direction(Farm.LINK_ESX_1, "a", true),
  },
  {
    name: "what the destination sends",
    breaks: direction(Farm.LINK_ESX_2, "a", false),
    heals: direction(Farm.LINK_ESX_2, "a", true),
  },
  {
    name: "the source's power",
    breaks: { type: "node.power-off", node: Farm.ESX_1, keepCarrier: false },
    heals: { type: "node.power-on", node: Farm.ESX_1 },
  },
  {
    name: "the destination's power",
    breaks: { type: "node.power-off", node: Farm.ESX_2, keepCarrier: false },
    heals: { type: "node.power-on", node: Farm.ESX_2 },
  },
]

const latest = (farm: Farm.Farm, node: number, role: MigrationRecord["role"]) => {
  const host = farm.world.states[node] as Host.HostState | null
  return host === null ? undefined : MigrationQuery.latest(host, 1, role)
}

/** Break something now, heal it after `healNs` (Infinity: never), wait for all timeouts, and judge. */
const judge = (farm: Farm.Farm, fault: Fault, healNs: number, label: string): void => {
  let twice = false
  farm.listen({
    onTrace: ({ code }) => {
      if (code === HypervisorTrace.VM_STATE.code && Farm.runningOn(farm).length > 1) twice = true
    },
  })
  const committedBefore = latest(farm, Farm.ESX_2, "destination")?.state
  farm.command(WORLD, fault.breaks)
  if (healNs < Infinity) {
    farm.run(farm.now + healNs)
    farm.command(WORLD, fault.heals)
  }
  farm.run(farm.now + 60 * SECOND)
  assert.isFalse(twice, `${label}: two ran at once`)
  const running = Farm.runningOn(farm)
  assert.isAtMost(running.length, 1, label)
  const source = latest(farm, Farm.ESX_1, "source")
  const destination = latest(farm, Farm.ESX_2, "destination")
  if (running.length === 1) {
    if (running[0] === Farm.ESX_2 && source !== undefined)
      assert.strictEqual(destination?.memoryHash, source.memoryHash, `${label}: memory differs`)
    return
  }
  const sourceDied = fault.breaks.type === "node.power-off" && fault.breaks.node === Farm.ESX_1
  const destinationDied = fault.breaks.type === "node.power-off" && fault.breaks.node === Farm.ESX_2
  if (sourceDied) {
    assert.notInclude(["RESUMING", "RUNNING"], committedBefore, `${label}: the destination lives and has everything`)
    return
  }
  // Nobody runs it: either the destination had it and died with it, or it waits, stunned, for a word that cannot come.
  if (destinationDied && source?.state === "DONE") return
  assert.strictEqual(source?.state, "HANDOVER", `${label}: nobody runs it`)
  assert.strictEqual(healNs, Infinity, `${label}: nobody runs it though the network is whole again`)
  assert.strictEqual(Host.machineOf(Farm.hostOf(farm, Farm.ESX_1), 1)?.state, "stunned")
}

/** A VM of a few pages, so that every event of its migration can be tried. */
const SMALL: Farm.FarmOptions = {
  bridges: 1,
  vms: [{ memoryMib: 1, touchedMib: 0, writes: { pagesPerSecond: 500, workingSetPages: 6 } }],
}

describe("every event of a migration", () => {
  const world = Farm.boot(SMALL)
  Farm.move(world)
  const first = world.eventCount
  const whole = world.fork()
  whole.run(3 * SECOND)
  const record = MigrationQuery.latest(Farm.hostOf(whole, Farm.ESX_1), 1, "source")
  const end = world.fork()
  end.run((record?.endedAt ?? 0) + MILLISECOND)
  const events = end.eventCount - first

  it("there are enough of them, and few enough to try all", () => {
    assert.strictEqual(record?.state, "DONE")
    assert.isAbove(events, 60)
    assert.isBelow(events, 400)
  })

  for (const fault of FAULTS)
    for (const [name, healNs] of [
      ["for good", Infinity],
      ["for 300 ms", 300 * MILLISECOND],
      ["for 25 s", 25 * SECOND],
    ] as const)
      it(`${fault.name}, ${name}`, () => {
        for (let n = 0; n <= events; n++) {
          const farm = world.fork()
          farm.run(Infinity, n)
          judge(farm, fault, healNs, `${fault.name} ${name} at event ${n} (${farm.now} ns)`)
        }
      })
})

const BUSY: Farm.FarmOptions = {
  vms: [{ memoryMib: 4, writes: { pagesPerSecond: 15_000, workingSetPages: 900 } }],
  vmotion: { switchoverGoalNs: 10 * MILLISECOND },
  link: { lossRatio: 0.002 },
}
const busy = Farm.boot(BUSY)
Farm.move(busy)

it.prop(
  "a busy VM on a lossy wire, at any time",
  { fault: between(0, FAULTS.length - 1), at: between(0, 300_000), heal: between(0, 40_000) },
  ({ at, fault, heal }) => {
    const farm = busy.fork()
    farm.run(SECOND + at * 1000)
    const healNs = heal < 5000 ? Infinity : heal * MILLISECOND
    judge(farm, FAULTS[fault], healNs, `${FAULTS[fault].name} at ${farm.now}, healed after ${healNs}`)
  },
  { arbitrary: { runs: 60, seed: 66 } },
)

it.prop(
  "below the rate of the wire it always comes to an end, and memory is equal",
  { rate: between(0, 24_000), workingSet: between(1, 2048), seed: between(1, 1000) },
  ({ rate, seed, workingSet }) => {
    const farm = Farm.boot({
      seed,
      bridges: 1,
      vms: [{ memoryMib: 8, writes: { pagesPerSecond: rate, workingSetPages: workingSet } }],
    })
    Farm.move(farm)
    farm.run(20 * SECOND)
    const source = latest(farm, Farm.ESX_1, "source")
    assert.strictEqual(source?.state, "DONE")
    assert.deepStrictEqual(Farm.runningOn(farm), [Farm.ESX_2])
    assert.strictEqual(source?.memoryHash, latest(farm, Farm.ESX_2, "destination")?.memoryHash)
  },
  { arbitrary: { runs: 20, seed: 67 } },
)
