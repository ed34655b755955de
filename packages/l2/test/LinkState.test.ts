/** Link-state tracking: downstream ports go down with the last upstream port of their group, and come back with the first. */
import * as Fingerprint from "@l2lab/sim/Fingerprint"
import type { Command } from "@l2lab/sim/Device"
import { WORLD } from "@l2lab/sim/WorldCommand"
import { assert, describe, it } from "vitest"
import type { BridgeConfig, SwitchPort } from "../src/BridgeConfig.ts"
import * as ErrdisableCause from "../src/ErrdisableCause.ts"
import type { LinkStateGroup } from "../src/LinkState.ts"
import * as Trace from "../src/Trace.ts"
import { DiscoveryNetwork } from "./DiscoveryNetwork.ts"

const ACCESS: SwitchPort = { mode: "access", vlan: 1 }
const GROUP: LinkStateGroup = { number: 1, upstream: [0, 1], downstream: [2, 3] }

/** sw1, whose ports 0 and 1 lead to sw2 and 2 to 4 to sw3. */
const farm = (groups: ReadonlyArray<LinkStateGroup>, more: Partial<BridgeConfig> = {}): DiscoveryNetwork => {
  const ports = Array.from({ length: 5 }, () => ACCESS)
  return new DiscoveryNetwork(
    [
      { ports, protocols: {}, more: { linkStateGroups: groups, ...more } },
      { ports, protocols: {} },
      { ports, protocols: {} },
    ],
    [
      [
        [0, 0],
        [1, 0],
      ],
      [
        [0, 1],
        [1, 1],
      ],
      [
        [0, 2],
        [2, 2],
      ],
      [
        [0, 3],
        [2, 3],
      ],
      [
        [0, 4],
        [2, 4],
      ],
    ],
  ).run(1)
}

/** Which of sw1's ports are up: `11110`. */
const up = (of: DiscoveryNetwork): string => Array.from(of.bridge(0).up, String).join("").slice(0, 5)
const cut = (of: DiscoveryNetwork, ...links: ReadonlyArray<number>): DiscoveryNetwork => {
  for (const link of links) of.world({ type: "link.disconnect", link })
  return of.run(0.1)
}
const mend = (of: DiscoveryNetwork, ...links: ReadonlyArray<number>): DiscoveryNetwork => {
  for (const link of links) of.world({ type: "link.connect", link })
  return of.run(0.1)
}

describe("a link-state group", () => {
  it("changes nothing while an upstream port is up, at the start too, in whatever order links come up", () => {
    const of = farm([{ ...GROUP, upstream: [2, 3], downstream: [0, 1] }])
    assert.deepEqual([up(of), of.of(Trace.ERRDISABLED).length], ["11111", 0])
    assert.strictEqual(up(cut(of, 2)), "11011")
  })

  it("takes its downstream ports out of service with the last upstream port, and brings them back with the first", () => {
    const of = cut(farm([GROUP]), 0)
    assert.strictEqual(up(of), "01111")
    assert.strictEqual(up(cut(of, 1)), "00001")
    assert.deepEqual(
      of.of(Trace.ERRDISABLED).map(({ a, b }) => [a, ErrdisableCause.nameOf(b)]),
      [
        [2, "lsgroup"],
        [3, "lsgroup"],
      ],
    )
    // The other end sees a cable without carrier.
    assert.strictEqual(of.bridge(2).up[2], 0)
    assert.strictEqual(up(mend(of, 1)), "01111")
    assert.strictEqual(of.of(Trace.ERRDISABLE_RECOVERY).length, 2)
    assert.deepEqual(
      of.of(Trace.LINK_STATE_GROUP).map(({ a, b }) => [a, b]),
      [
        [1, 0],
        [1, 1],
      ],
    )
    assert.strictEqual(of.replayed(), of.fingerprint)
  })

  it("holds down what management brings up, and leaves to management what it has shut", () => {
    const of = cut(farm([GROUP]), 0, 1)
    const port = (type: "port.enable" | "port.disable", at: number) =>
      of.simulation.command(WORLD, { type, node: 0, port: at } as Command)
    port("port.disable", 2)
    of.run(0.1)
    port("port.enable", 2)
    of.run(0.1)
    assert.strictEqual(up(of), "00001")
    port("port.disable", 3)
    of.run(0.1)
    assert.strictEqual(up(mend(of, 0)), "10101")
    port("port.enable", 3)
    assert.strictEqual(up(of.run(0.1)), "10111")
  })

  it("leaves ports out of service that are for another cause", () => {
    const of = farm([GROUP], { errdisable: { linkFlap: { flaps: 2, withinNs: 10e9 } } })
    for (let i = 0; i < 2; i++) mend(cut(of, 3), 3)
    assert.strictEqual(up(of), "11101")
    assert.strictEqual(up(mend(cut(of, 0, 1), 0)), "10101")
  })

  it("may have bundles on either side: up while the bundle is, down with all members", () => {
    const bundle = (members: ReadonlyArray<number>) => ({
      members,
      isStatic: true,
      switchPort: ACCESS,
      loadBalance: "src-mac" as const,
    })
    const of = farm([{ number: 1, upstream: [5], downstream: [6] }], { bundles: [bundle([0, 1]), bundle([2, 3])] })
    const bridge = of.bridge(0)
    const links = (): string => Array.from(bridge.bundles!.up, String).join("")
    assert.strictEqual(links(), "11111")
    assert.deepEqual([links(), Array.from(bridge.up.slice(5))], ["11111", [1, 1]])
    cut(of, 0)
    assert.strictEqual(links(), "01111")
    cut(of, 1)
    assert.deepEqual([links(), Array.from(bridge.up.slice(5))], ["00001", [0, 0]])
    mend(of, 0)
    assert.deepEqual([links(), Array.from(bridge.up.slice(5))], ["10111", [1, 1]])
  })

  it("is the same forked while it is down", () => {
    const of = cut(farm([GROUP]), 0, 1)
    const fork = of.simulation.fork()
    mend(of, 0)
    fork.command(WORLD, { type: "link.connect", link: 0 } as Command)
    fork.run(of.simulation.now)
    assert.strictEqual(Fingerprint.of(fork), of.fingerprint)
  })
})
