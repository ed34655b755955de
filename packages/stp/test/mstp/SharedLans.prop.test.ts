/**
 * Regions, RSTP and STP bridges on shared LANs, several ports of a bridge and bridges of several regions on one of them: after cables were pulled and settings
 * changed the network comes to rest, and then what forwards joins in each VLAN everything that is cabled together, by one way only.
 */
import { assert, describe, it } from "@effect/vitest"
import type { BridgeState } from "@l2lab/l2/BridgeState"
import { FORWARDING } from "@l2lab/l2/BridgeState"
import { Draw } from "../simulation/Draw.ts"
import { region, RegionLan, type RegionSpec } from "./RegionLan.ts"

const NETWORKS = 60
const VLANS = [1, 10, 20]
const REGIONS = ["east", "west"]
const PRIORITIES = [5, 6, 7, 8, 9].map((step) => step * 4096)

/** Sets that are joined one by one. */
class Joined {
  private readonly parents = new Map<string, string>()
  find(of: string): string {
    const parent = this.parents.get(of)
    return parent === undefined || parent === of ? of : this.find(parent)
  }
  /** False if they were joined already. */
  join(a: string, b: string): boolean {
    const [x, y] = [this.find(a), this.find(b)]
    this.parents.set(x, y)
    return x !== y
  }
}

const draw = (from: Draw): ReadonlyArray<RegionSpec> => {
  const lans = from.between(1, 6)
  const bridges = Array.from({ length: from.between(2, 7) }, () => ({
    protocol: from.one(["mstp", "mstp", "mstp", "mstp", "rstp2004", "stp1998"] as const),
    region: from.one(REGIONS),
    lans: Array.from({ length: from.between(1, 4) }, () => from.between(0, lans - 1)),
  }))
  const on = (lan: number): number => bridges.flatMap((bridge) => bridge.lans).filter((other) => other === lan).length
  return bridges.map((bridge) => ({
    ...bridge,
    config: {
      priority: from.one(PRIORITIES),
      ports: bridge.lans.map((lan) => ({ adminPointToPointMAC: on(lan) === 2 })),
      mstis: Object.fromEntries([1, 2].map((mstid) => [mstid, { priority: from.one(PRIORITIES) }])),
    },
  }))
}

/** What is wrong with the network of a seed; undefined if nothing is. */
const conduct = (seed: number): string | undefined => {
  const from = new Draw(seed, "shared LANs")
  const specs = draw(from)
  const places = specs.flatMap(({ lans }, bridge) => lans.map((lan, port) => ({ bridge, port, lan })))
  const lan = new RegionLan(specs, seed)
  const down = new Set<number>()
  for (let change = from.between(0, 8); change > 0; change--) {
    lan.run(from.one([0, 0.7, 3, 25, 100]))
    const place = from.between(0, places.length - 1)
    const bridge = from.between(0, specs.length - 1)
    const isMstp = specs[bridge].protocol === "mstp"
    const priority = from.one(PRIORITIES)
    switch (from.one(["unplug", "plug", "priority", "msti-priority", "region"])) {
      case "unplug":
        down.add(place)
        lan.plug(places[place].bridge, places[place].port, false)
        break
      case "plug":
        down.delete(place)
        lan.plug(places[place].bridge, places[place].port, true)
        break
      case "priority":
        lan.manage(bridge, { type: "stp.set-bridge-priority", priority })
        break
      case "msti-priority":
        if (isMstp) lan.manage(bridge, { type: "stp.set-bridge-priority", msti: 1, priority })
        break
      case "region":
        if (isMstp) lan.manage(bridge, { type: "stp.set-region", region: region(from.one(REGIONS)) })
        break
    }
  }
  lan.run(300)
  const { now } = lan.simulation
  lan.run(60)
  if (lan.lastChangeSince(now) > 0) return "does not come to rest"
  for (const vlan of VLANS) {
    const [cabled, forwarding] = [new Joined(), new Joined()]
    for (const [index, place] of places.entries()) {
      if (down.has(index)) continue
      cabled.join(`b${place.bridge}`, `l${place.lan}`)
      const state = lan.simulation.world.states[place.bridge] as BridgeState
      const bits = state.relay[state.vlans.indexOf[vlan] * state.ports + place.port]
      if ((bits & FORWARDING) === 0) continue
      if (!forwarding.join(`b${place.bridge}`, `l${place.lan}`)) return `loops in VLAN ${vlan} at b${place.bridge}:${place.port}`
    }
    for (let a = 0; a < specs.length; a++) {
      for (let b = 0; b < a; b++) {
        const isOne = forwarding.find(`b${a}`) === forwarding.find(`b${b}`)
        if (cabled.find(`b${a}`) === cabled.find(`b${b}`) && !isOne) return `VLAN ${vlan} is not joined between b${b} and b${a}`
      }
    }
  }
  return undefined
}

describe("802.1Q-2005 on shared LANs", () => {
  it(`${NETWORKS} networks come to rest as one tree a VLAN`, { timeout: 60_000 }, () => {
    for (let seed = 1; seed <= NETWORKS; seed++) assert.isUndefined(conduct(seed), `seed ${seed}`)
  })
})
