/** Every arc of every machine is taken by a network below, or listed with the reason why none can take it. */
import { assert, it } from "@effect/vitest"
import * as Bpdu from "../../src/Bpdu.ts"
import * as NeverTaken from "../../report/NeverTaken.ts"
import { MACHINES } from "../../src/rstp2004/Engine.ts"
import { observeArcs } from "../../src/Machine.ts"
import { BETTER, config, OWN, WORSE } from "../stp1998/Bridge.ts"
import { Bridge, rst } from "./Bridge.ts"
import { RapidLan, type RapidSpec } from "./RapidLan.ts"

const bridge = (n: number, lans: ReadonlyArray<number>, more: Partial<RapidSpec> = {}): RapidSpec => ({
  id: { priority: 32_768, address: 0x020000000000 + n * 256 },
  ports: lans.map((lan) => ({ lan })),
  ...more,
})

const fromBelow = (fields: Partial<Bpdu.RstBpdu> = {}) =>
  rst({ rootAddress: OWN, rootPathCost: 20_000, bridgeAddress: WORSE, role: "root", agreement: true, ...fields })

const networks = (): void => {
  const ring = new RapidLan([bridge(1, [0, 1]), bridge(2, [1, 2, 7, 7]), bridge(3, [2, 3]), bridge(4, [3, 0])])
  ring.run(40)
  for (const up of [false, true]) {
    ring.plug(1, 0, up)
    ring.plug(0, 1, up)
    ring.run(40)
  }
  ring.manage(2, { type: "stp.set-bridge-priority", priority: 4096 })
  ring.run(40)
  const shared = { config: { ports: [{ adminPointToPointMAC: false }, { adminPointToPointMAC: false }] } } as const
  new RapidLan([bridge(1, [0, 0], shared), bridge(2, [0, 1], shared), bridge(3, [0, 1], shared)]).run(80)
  const mixed = new RapidLan([bridge(1, [0, 1]), bridge(2, [1, 2]), bridge(3, [2, 0], { protocol: "stp1998" })])
  mixed.run(80)
  mixed.plug(0, 1, false)
  mixed.run(80)
  new RapidLan([
    bridge(1, [0, 1], { protocol: "stp1998" }),
    bridge(2, [1, 2]),
    bridge(3, [2, 0], { config: { forceProtocolVersion: 0 } }),
  ]).run(120)
}

const single = (): void => {
  const edge = new Bridge({ ports: [{ adminEdge: true }] })
  edge.receive(0, rst({ rootAddress: WORSE }))
  edge.link(0, false)
  edge.until(10)
  edge.link(1, false)
  edge.link(1, true)
  edge.until(10.6)
  edge.link(1, false)

  const migrating = new Bridge()
  migrating.until(3.6)
  migrating.receive(0, config({ rootAddress: WORSE }))
  migrating.until(8)
  migrating.receive(0, rst({ rootAddress: WORSE }))
  migrating.until(16)
  migrating.link(0, false)

  const disputed = new Bridge()
  disputed.receive(0, fromBelow())
  disputed.receive(0, rst({ rootAddress: WORSE, learning: true }))
  disputed.receive(0, rst({ rootAddress: BETTER, role: "root" }))
  disputed.receive(0, Bpdu.TCN)
  disputed.receive(0, fromBelow({ topologyChange: true }))
  disputed.receive(1, rst({ proposal: true }))
  disputed.receive(2, rst({ proposal: true, portIdentifier: 0x8002 }))
  disputed.receive(2, Bpdu.TCN)
  disputed.until(40)

  const toldWhileLearning = new Bridge({ forceProtocolVersion: 0 })
  toldWhileLearning.until(25)
  toldWhileLearning.receive(0, config({ rootAddress: OWN, bridgeAddress: WORSE, topologyChange: true }))
  toldWhileLearning.receive(0, Bpdu.TCN)
  toldWhileLearning.link(1, false)

  const acknowledged = new Bridge()
  acknowledged.until(3.6)
  acknowledged.receive(0, config())
  for (let at = 4; at < 40; at += 2) {
    acknowledged.until(at)
    acknowledged.receive(0, config({ topologyChangeAcknowledgment: at > 36 }))
  }
}

it("every arc is taken, or cannot be", () => {
  const taken = new Set<string>()
  const before = observeArcs((machine, arc) => {
    taken.add(machine.arcNames[arc])
    before?.(machine, arc)
  })
  try {
    networks()
    single()
  } finally {
    observeArcs(before)
  }
  const all = MACHINES.flatMap((machine) => machine.arcNames)
  assert.deepEqual(
    all.filter((arc) => !taken.has(arc)),
    Object.keys(NeverTaken.RSTP2004),
  )
})
