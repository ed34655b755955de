/**
 * W5: Rapid PVST+ on a farm of two core switches, joined to each other, and access switches with a trunk to each; all VLANs on all trunks, a
 * tree for each. The first core switch is every VLAN's root, the second its deputy. Cold start, power off at the root after 30 s, and on
 * to 60 s of virtual time.
 */
import { bridgeKind } from "@l2lab/l2/Bridge"
import type { BridgeConfig, SwitchPort } from "@l2lab/l2/BridgeConfig"
import type { BridgeState } from "@l2lab/l2/BridgeState"
import type { EthernetFrame } from "@l2lab/l2/EthernetFrame"
import { MILLISECOND, SECOND } from "@l2lab/sim/SimTime"
import { Simulation } from "@l2lab/sim/Simulation"
import type { Registry, WorldSpec } from "@l2lab/sim/World"
import { WORLD, type WorldCommand } from "@l2lab/sim/WorldCommand"
import { RapidPvst } from "@l2lab/stp/pvst/Entity"
import * as Query from "@l2lab/stp/pvst/Query"
import { type PvstConfig, treeOfVlan } from "@l2lab/stp/pvst/Settings"
import * as Query2004 from "@l2lab/stp/rstp2004/Query"
import type { State as State2004 } from "@l2lab/stp/rstp2004/State"
import { processorSeconds } from "./Measure.ts"
import * as Trees from "./Trees.ts"

const KIND = bridgeKind([RapidPvst])

export const REGISTRY: Registry<EthernetFrame> = { kinds: new Map([[KIND.kind, KIND]]), fingerprintFrame: () => {} }

export interface Size {
  readonly access: number
  readonly vlans: number
}

/** What the workload is by its name. */
export const SIZE: Size = { access: 200, vlans: 100 }

const ROOT = 0
const PRIORITIES = [24_576, 28_672] as const
const FAILURE = 30 * SECOND
const END = 60 * SECOND

export const farm = ({ access, vlans }: Size): WorldSpec => {
  const all = Array.from({ length: vlans }, (_, i) => i + 1)
  const trunk: SwitchPort = { mode: "trunk", native: 1, allowed: all }
  return Trees.farm(access, (name, index, ports) => ({
    name,
    kind: "bridge",
    config: {
      address: 0x021000000000 + index * 4096,
      ports: Array.from({ length: ports }, () => trunk),
      vlans: all,
      treeOfVlan: treeOfVlan(all, {}),
      protocols: [{ kind: RapidPvst.kind, config: (index < 2 ? { priority: PRIORITIES[index] } : {}) satisfies PvstConfig }],
    } satisfies BridgeConfig,
  }))
}

export interface PerVlanRow extends Size {
  readonly workload: "W5"
  readonly bridges: number
  /** Wall seconds to lay out and boot the world, and to run it. */
  readonly buildSeconds: number
  readonly runSeconds: number
  /** Processor seconds of both, all threads. */
  readonly processorSeconds: number
  readonly events: number
  readonly eventsPerSecond: number
  readonly bpdus: number
  /** Names of the switches that are the root of some VLAN to some switch, and (port, VLAN)s that discard: just before the failure, and at the end. */
  readonly roots: ReadonlyArray<string>
  readonly rootsAfter: ReadonlyArray<string>
  readonly blocked: number
  readonly blockedAfter: number
  /** Virtual time from the failure to the last change of a role, a port state or a vector in any VLAN on any switch. */
  readonly settledMilliseconds: number
  readonly peakMegabytes: number
}

/** The switches that are on. */
const running = (simulation: Simulation<EthernetFrame>): ReadonlyArray<Query.PvstState> =>
  simulation.world.states.flatMap((state) => (state === null ? [] : [(state as BridgeState).protocols[0] as Query.PvstState]))

const rootsOf = (simulation: Simulation<EthernetFrame>): ReadonlyArray<string> => {
  const nameOf = new Map(
    simulation.world.configs.map((config, node) => [(config as BridgeConfig).address, simulation.world.names[node]]),
  )
  const roots = running(simulation).flatMap(({ machines }) => [...(machines as State2004).rootPriority.rootAddress])
  return [...new Set(roots)].map((address) => nameOf.get(address) ?? String(address))
}

const blockedIn = (simulation: Simulation<EthernetFrame>): number => {
  let blocked = 0
  for (const { instances, machines, ports } of running(simulation)) {
    for (let tree = 0; tree < instances; tree++) {
      for (let port = 0; port < ports; port++) {
        const role = Query2004.roleOf(machines as State2004, tree, port)
        if (role === "Alternate" || role === "Backup") blocked++
      }
    }
  }
  return blocked
}

const bpdusOf = (simulation: Simulation<EthernetFrame>): number =>
  running(simulation).reduce((sum, state) => sum + Query.bpdusSent(state), 0)

const lastChange = (simulation: Simulation<EthernetFrame>): number =>
  running(simulation).reduce(
    (last, state) => Math.max(last, ...Array.from({ length: state.instances }, (_, tree) => Query.lastChangeAt(state, tree))),
    0,
  )

/** Run it. Questions about the network are asked with the clock stopped. */
export const measure = (size: Size): PerVlanRow => {
  const [start, busy] = [Trees.wallSeconds(), processorSeconds()]
  const simulation = Simulation.boot(farm(size), REGISTRY)
  const built = Trees.wallSeconds()
  simulation.run(FAILURE)
  const failing = Trees.wallSeconds()
  const before = { roots: rootsOf(simulation), blocked: blockedIn(simulation) }
  const ofRoot = Query.bpdusSent(running(simulation)[ROOT])
  const failed = Trees.wallSeconds()
  const powerOff: WorldCommand = { type: "node.power-off", node: ROOT, keepCarrier: false }
  simulation.command(WORLD, powerOff)
  simulation.run(END)
  const busyUntil = processorSeconds()
  const runSeconds = Trees.wallSeconds() - failed + failing - built
  return {
    workload: "W5",
    ...size,
    bridges: simulation.world.names.length,
    buildSeconds: built - start,
    runSeconds,
    processorSeconds: busyUntil - busy,
    events: simulation.eventCount,
    eventsPerSecond: simulation.eventCount / runSeconds,
    bpdus: ofRoot + bpdusOf(simulation),
    ...before,
    rootsAfter: rootsOf(simulation),
    blockedAfter: blockedIn(simulation),
    settledMilliseconds: (lastChange(simulation) - FAILURE) / MILLISECOND,
    peakMegabytes: Trees.peakMegabytes(),
  }
}
