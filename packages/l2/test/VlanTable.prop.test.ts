/** The relay's tables against the rules that they were made from, port by port and VLAN by VLAN, on random configurations. */
import * as Prng from "@l2lab/sim/Prng"
import { RecordingOutbox } from "@l2lab/sim/testing/RecordingOutbox"
import { assert, describe, it } from "vitest"
import { bridgeKind } from "../src/Bridge.ts"
import type { BridgeConfig, SwitchPort } from "../src/BridgeConfig.ts"
import * as BridgeState from "../src/BridgeState.ts"
import * as EthernetFrame from "../src/EthernetFrame.ts"
import * as MacAddress from "../src/MacAddress.ts"
import * as VlanTable from "../src/VlanTable.ts"

const dice = (seed: number) => {
  const state = new Uint32Array(Prng.WORDS)
  Prng.seed(state, 0, seed, "vlans")
  return (sides: number): number => Prng.next(state, 0) % sides
}

const some = (roll: (sides: number) => number, from: ReadonlyArray<number>): Array<number> => from.filter(() => roll(4) > 0)

/** Four VLANs that may exist, and one that never does. */
const CANDIDATES = [1, 10, 20, 4094]
const MISSING = 77

const randomConfig = (roll: (sides: number) => number): BridgeConfig => {
  const vlans = some(roll, CANDIDATES)
  const named = [...CANDIDATES, MISSING].sort((x, y) => x - y)
  return {
    address: 0x020000000000,
    vlans,
    treeOfVlan: vlans.map(() => roll(3)),
    ports: Array.from({ length: 1 + roll(5) }, (): SwitchPort => {
      const vlan = named[roll(named.length)]
      if (roll(2) === 0) return { mode: "access", vlan }
      return { mode: "trunk", native: vlan, allowed: some(roll, named), ...(roll(3) === 0 && { tagNative: true }) }
    }),
    protocols: [],
  }
}

/** The VLAN that a frame with this tag belongs to on this port; undefined where it is refused. */
const ingressVlan = (port: SwitchPort, tag: number, vlans: ReadonlyArray<number>): number | undefined => {
  const untagged = tag <= 0
  if (untagged && port.mode === "trunk" && port.tagNative === true) return undefined
  const vlan = untagged ? (port.mode === "access" ? port.vlan : port.native) : tag
  const carried = port.mode === "access" ? vlan === port.vlan : port.allowed.includes(vlan)
  return carried && vlans.includes(vlan) ? vlan : undefined
}

/** The tag with which a VLAN leaves a port; undefined where it does not. */
const egressTag = (port: SwitchPort, vlan: number): number | undefined => {
  if (port.mode === "access") return port.vlan === vlan ? -1 : undefined
  if (!port.allowed.includes(vlan)) return undefined
  return vlan === port.native && port.tagNative !== true ? -1 : vlan
}

const kind = bridgeKind([])

describe("VLANs on random switches", () => {
  it("a broadcast leaves every other forwarding port that carries its VLAN, tagged as configured, and no other", () => {
    let relayed = 0
    for (let seed = 1; seed <= 400; seed++) {
      const roll = dice(seed)
      const config = randomConfig(roll)
      const state = kind.make(config, 0)
      const out = new RecordingOutbox<EthernetFrame.EthernetFrame>()
      const { ports, vlans, treeOfVlan } = config
      for (let port = 0; port < ports.length; port++)
        kind.onLink(state, port, { up: true, rateBps: 1e9, fullDuplex: true }, 0, out)
      const blocked = new Set<string>()
      for (let tree = 0; tree < state.trees; tree++) {
        for (let port = 0; port < ports.length; port++) {
          if (roll(4) > 0) continue
          BridgeState.setPortState(state, tree, port, 0)
          blocked.add(`${tree} ${port}`)
        }
      }
      const broadcast = EthernetFrame.make(MacAddress.BROADCAST, 0x020000000001, 0x88b5, new Uint8Array(0), 0)
      for (let port = 0; port < ports.length; port++) {
        for (const tag of [-1, 0, ...CANDIDATES, MISSING]) {
          out.take()
          kind.onFrame(state, port, broadcast, tag, 1, out)
          const vlan = ingressVlan(ports[port], tag, vlans)
          const tree = vlan === undefined ? 0 : (treeOfVlan?.[vlans.indexOf(vlan)] ?? 0)
          const expected =
            vlan === undefined || blocked.has(`${tree} ${port}`)
              ? []
              : ports.flatMap((egress, p) => {
                  const leaves = egressTag(egress, vlan)
                  return p === port || leaves === undefined || blocked.has(`${tree} ${p}`) ? [] : [[p, leaves]]
                })
          assert.deepStrictEqual(
            out.transmissions.map((copy) => [copy.port, copy.tci]),
            expected,
            `seed ${seed}, port ${port}, tag ${tag}, ${JSON.stringify(config)}`,
          )
          relayed += expected.length
        }
      }
    }
    assert.isAbove(relayed, 1000, "the configurations let something through")
  })

  it("the VLANs of each tree are listed once, and the trees cover all VLANs", () => {
    for (let seed = 1; seed <= 100; seed++) {
      const config = randomConfig(dice(seed))
      const table = VlanTable.make(config)
      const seen: Array<number> = []
      for (let tree = 0; tree + 1 < table.treeStart.length; tree++) {
        for (let i = table.treeStart[tree]; i < table.treeStart[tree + 1]; i++) {
          assert.strictEqual(table.treeOf[table.byTree[i]], tree)
          seen.push(table.byTree[i])
        }
      }
      assert.deepStrictEqual(
        seen.sort((x, y) => x - y),
        config.vlans.map((_, i) => i),
      )
    }
  })
})
