/**
 * Random networks of regions, RSTP and STP bridges against trees computed another way: after any sequence of cables pulled, settings changed and
 * bridges moved to another region, once settled, every port's role in every tree is the textbook's. mstpd keeps Master Ports and MSTIs of
 * the past in some of these.
 */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import type { Mstid, MstpConfig, RegionConfig } from "../../src/mstp/Settings.ts"
import * as MstpEngine from "../../src/mstp/Engine.ts"
import { MASTER_PORT, treeOf } from "../../src/mstp/State.ts"
import * as RstpEngine from "../../src/rstp2004/Engine.ts"
import type { State as State2004 } from "../../src/rstp2004/State.ts"
import * as SpanningTree from "../../src/SpanningTree.ts"
import { Cabled, type CableSpec } from "./Cabled.ts"
import * as Reference from "./ReferenceTrees.ts"

const within = (minimum: number, maximum: number) => Schema.Int.check(Schema.isBetween({ minimum, maximum }))

/** Regions that differ in their names, in their revisions, and in their VLANs. */
const REGIONS: ReadonlyArray<RegionConfig> = [
  { name: "north", revision: 1, instances: { 1: [[10, 19]], 2: [[20, 29]] } },
  { name: "south", revision: 1, instances: { 1: [[10, 19]], 2: [[20, 29]] } },
  { name: "north", revision: 2, instances: { 1: [[10, 29]], 3: [[30, 39]] } },
]
const MSTIDS: ReadonlyArray<Mstid> = [1, 2, 3]
const TREES = 3

const Change = Schema.Struct({
  what: Schema.Literals([
    "down",
    "up",
    "region",
    "priority",
    "msti-priority",
    "cost",
    "external-cost",
    "msti-cost",
    "port-priority",
  ]),
  bridge: within(0, 7),
  cable: within(0, 13),
  end: within(0, 1),
  msti: within(1, 3),
  value: within(0, 9),
})

const Network = Schema.Struct({
  bridges: Schema.Array(
    Schema.Struct({ protocol: within(0, 5), region: within(0, 2), priority: within(6, 8), msti: within(6, 8) }),
  ).check(Schema.isMinLength(2), Schema.isMaxLength(8)),
  cables: Schema.Array(
    Schema.Struct({ a: within(0, 7), b: within(0, 7), cost: within(1, 3), internal: within(1, 3), msti: within(1, 3) }),
  ).check(Schema.isMaxLength(14)),
  changes: Schema.Array(Change).check(Schema.isMaxLength(4)),
  seed: within(1, 1_000_000),
})

const PROTOCOLS = ["mstp", "mstp", "mstp", "mstp", "rstp2004", "stp1998"] as const

const addressOf = (bridge: number): number => 0x020000000000 + bridge * 256
const idOf = (priority: number, bridge: number): number => priority * 2 ** 20 + bridge * 256
const idOfText = ({ priority, address }: { readonly priority: number; readonly address: number }): number =>
  priority * 2 ** 20 + (address - 0x020000000000)

interface Port {
  external: number
  internal: number
  priority: number
  readonly msti: Map<Mstid, { cost: number; priority: number }>
}

interface Bridge {
  readonly protocol: (typeof PROTOCOLS)[number]
  region: number
  priority: number
  readonly msti: Map<Mstid, number>
  readonly ports: Array<Port>
}

const configOf = (bridge: Bridge): object => {
  if (bridge.protocol !== "mstp") {
    return {
      priority: bridge.priority,
      ports: bridge.ports.map((port) => ({ pathCost: port.external, priority: port.priority })),
    }
  }
  return {
    priority: bridge.priority,
    region: REGIONS[bridge.region],
    ports: bridge.ports.map((port) => ({
      externalPathCost: port.external,
      internalPathCost: port.internal,
      priority: port.priority,
    })),
    mstis: Object.fromEntries(
      MSTIDS.map((mstid) => [
        mstid,
        {
          priority: bridge.msti.get(mstid)!,
          ports: bridge.ports.map((port) => ({ internalPathCost: port.msti.get(mstid)!.cost })),
        },
      ]),
    ),
  } satisfies MstpConfig
}

const conduct = ({ bridges: specs, cables, changes, seed }: typeof Network.Type): void => {
  const bridges: ReadonlyArray<Bridge> = specs.map((spec) => ({
    protocol: PROTOCOLS[spec.protocol],
    region: spec.region,
    priority: spec.priority * 4096,
    msti: new Map(MSTIDS.map((mstid) => [mstid, ((spec.msti + mstid) % 3) * 4096 + 4096 * 6])),
    ports: [],
  }))
  const wires: Array<CableSpec> = cables.map(({ a, b, cost, internal, msti }) => {
    const [x, y] = [a, b].map((n) => {
      const bridge = n % bridges.length
      const port: Port = {
        external: cost,
        internal,
        priority: 128,
        msti: new Map(MSTIDS.map((mstid) => [mstid, { cost: 1 + ((msti + mstid) % 3), priority: 128 }])),
      }
      return [bridge, bridges[bridge].ports.push(port) - 1] as const
    })
    return { a: x, b: y }
  })
  const lan = new Cabled(
    bridges.map((bridge, index) => ({
      address: addressOf(index),
      protocol: bridge.protocol,
      ports: bridge.ports.length,
      config: configOf(bridge),
      trees: TREES,
      vlans: [1, 10, 20, 30],
    })),
    wires,
    seed,
  )
  const down = new Set<number>()
  const check = (): void => {
    // Whatever is not looked at in time shows here, while things still change.
    for (let part = 0; part < 60; part++) {
      lan.run(0.37)
      assertAtRest(lan, bridges)
    }
    lan.run(240)
    assertAtRest(lan, bridges)
    compare(lan, bridges, wires, down)
  }
  check()
  for (const change of changes) {
    apply(lan, bridges, wires, down, change)
    check()
  }
}

/** Between events no arc of any machine is open: everything that had to be looked at was. And what is counted is what a recount gives. */
const assertAtRest = (lan: Cabled, bridges: ReadonlyArray<Bridge>): void =>
  bridges.forEach(({ protocol }, index) => {
    if (protocol === "mstp") {
      const s = lan.mstp(index)
      assert.deepEqual(MstpEngine.openArcs(s), [], `b${index}`)
      const recount = Array<number>(s.masters.length).fill(0)
      for (let i = 0; i < s.role.length; i++) recount[treeOf(s, i)] += s.mastered[i] + (s.role[i] === MASTER_PORT ? 1 : 0)
      assert.deepEqual([...s.masters], recount, `b${index}: masters`)
    }
    if (protocol === "rstp2004")
      assert.deepEqual(RstpEngine.openArcs(lan.bridge(index).protocols[0] as State2004), [], `b${index}`)
  })

const apply = (
  lan: Cabled,
  bridges: ReadonlyArray<Bridge>,
  wires: ReadonlyArray<CableSpec>,
  down: Set<number>,
  change: typeof Change.Type,
): void => {
  const index = change.bridge % bridges.length
  const bridge = bridges[index]
  const { value, msti } = change
  if (change.what === "region") {
    if (bridge.protocol !== "mstp") return
    bridge.region = value % REGIONS.length
    return lan.manage(index, { type: "stp.set-region", region: REGIONS[bridge.region] })
  }
  if (change.what === "priority") {
    bridge.priority = value * 4096
    return lan.manage(index, { type: "stp.set-bridge-priority", priority: bridge.priority })
  }
  if (change.what === "msti-priority") {
    if (bridge.protocol !== "mstp") return
    bridge.msti.set(msti, value * 4096)
    return lan.manage(index, { type: "stp.set-bridge-priority", msti, priority: value * 4096 })
  }
  if (wires.length === 0) return
  const cable = change.cable % wires.length
  const [at, port] = change.end === 0 ? wires[cable].a : wires[cable].b
  const own = bridges[at].ports[port]
  const isMstp = bridges[at].protocol === "mstp"
  switch (change.what) {
    case "down":
      down.add(cable)
      return lan.plug(cable, false)
    case "up":
      down.delete(cable)
      return lan.plug(cable, true)
    case "port-priority":
      own.priority = value * 16
      return lan.manage(at, { type: "stp.set-port-priority", port, priority: value * 16 })
    case "external-cost":
      own.external = value + 1
      return lan.manage(at, { type: "stp.set-path-cost", port, cost: value + 1, ...(isMstp && { external: true }) })
    case "cost":
      if (!isMstp) return
      own.internal = value + 1
      return lan.manage(at, { type: "stp.set-path-cost", port, cost: value + 1 })
    case "msti-cost":
      if (!isMstp) return
      own.msti.get(msti)!.cost = value + 1
      return lan.manage(at, { type: "stp.set-path-cost", msti, port, cost: value + 1 })
  }
}

const hasMsti = (bridge: Bridge, mstid: Mstid): boolean =>
  bridge.protocol === "mstp" && REGIONS[bridge.region].instances![mstid] !== undefined

const compare = (
  lan: Cabled,
  bridges: ReadonlyArray<Bridge>,
  wires: ReadonlyArray<CableSpec>,
  down: ReadonlySet<number>,
): void => {
  const ids = bridges.map((bridge, index): Reference.ReferenceBridge => ({
    id: idOf(bridge.priority, index),
    region: bridge.protocol === "mstp" ? String(bridge.region) : undefined,
    protocol: bridge.protocol,
    mstiId: new Map(
      MSTIDS.filter((mstid) => hasMsti(bridge, mstid)).map((mstid) => [mstid, idOf(bridge.msti.get(mstid)! + mstid, index)]),
    ),
    on: true,
  }))
  const end = ([bridge, port]: readonly [number, number]): Reference.ReferencePort => {
    const own = bridges[bridge].ports[port]
    return {
      bridge,
      port,
      portId: own.priority * 256 + port + 1,
      externalCost: own.external,
      internalCost: own.internal,
      msti: new Map([...own.msti].map(([mstid, { cost, priority }]) => [mstid, { cost, portId: priority * 256 + port + 1 }])),
    }
  }
  const cables = wires.filter((_, cable) => !down.has(cable)).map(({ a, b }): Reference.ReferenceCable => [end(a), end(b)])
  const cist = Reference.cist(ids, cables)
  bridges.forEach((bridge, index) => compareTree(lan, bridge, index, 0, cist.get(index)!))
  for (const mstid of MSTIDS) {
    for (const [index, expected] of Reference.msti(ids, cables, mstid, cist))
      compareTree(lan, bridges[index], index, mstid, expected)
  }
}

const compareTree = (lan: Cabled, bridge: Bridge, index: number, mstid: Mstid, expected: Reference.ExpectedTree): void => {
  if (bridge.ports.length === 0) return // whatever it believes, nobody can tell
  const where = `b${index}${mstid === 0 ? "" : ` MSTI ${mstid}`}`
  if (bridge.protocol === "mstp") {
    const tree = lan.tree(index, mstid)
    assert.strictEqual(idOfText(tree.root), expected.root, `${where} root`)
    assert.strictEqual(idOfText(tree.regionalRoot), expected.regionalRoot, `${where} regional root`)
    assert.strictEqual(tree.internalRootPathCost, expected.internalCost, `${where} internal cost`)
    if (mstid === 0) assert.strictEqual(tree.rootPathCost, expected.externalCost, `${where} external cost`)
  }
  const tree =
    bridge.protocol === "mstp" ? lan.tree(index, mstid) : SpanningTree.snapshot(lan.running(index), 0, lan.simulation.now)
  assert.strictEqual(tree.rootPort, expected.rootPort, `${where} root port`)
  for (const port of tree.ports) {
    const want = expected.ports.get(port.port)?.role ?? "Disabled"
    const isBlocked = port.role === "Blocked" && (want === "Alternate" || want === "Backup")
    if (!isBlocked) assert.strictEqual(port.role, want, `${where} port ${port.port}`)
    const forwards = want === "Root" || want === "Designated" || want === "Master"
    assert.strictEqual(port.state === "forwarding", forwards, `${where} port ${port.port} forwards`)
    // The relay does in each VLAN what its tree says.
    const vlan = mstid === 0 ? 1 : mstid * 10
    const state = lan.bridge(index)
    const place = state.vlans.indexOf[vlan] * state.ports + port.port
    assert.strictEqual((state.relay[place] & 8) !== 0, forwards, `${where} port ${port.port} VLAN ${vlan}`)
  }
}

describe("802.1Q-2005 on random networks", () => {
  it.prop(
    "of regions, RSTP and STP bridges settles into the textbook's trees, whatever happened before",
    { network: Network },
    ({ network }) => conduct(network),
    { arbitrary: { runs: 150, size: 20 }, timeout: 60_000 },
  )
})
