/** Ports that the bridge takes out of service: by whom, how they come back, and what a copy knows of it. */
import { Digest } from "@l2lab/sim/Digest"
import { NEVER, SECOND } from "@l2lab/sim/SimTime"
import { RecordingOutbox } from "@l2lab/sim/testing/RecordingOutbox"
import { assert, describe, it } from "vitest"
import { bridgeKind, type BridgeCommand } from "../src/Bridge.ts"
import type { BridgeConfig } from "../src/BridgeConfig.ts"
import * as Errdisable from "../src/Errdisable.ts"
import * as ErrdisableCause from "../src/ErrdisableCause.ts"
import type { EthernetFrame } from "../src/EthernetFrame.ts"
import * as Trace from "../src/Trace.ts"

const KIND = bridgeKind([])

const bridge = (errdisable?: Errdisable.ErrdisableConfig) => {
  const config: BridgeConfig = {
    address: 0x020000001000,
    vlans: [1],
    protocols: [],
    ports: [0, 1, 2].map(() => ({ mode: "access", vlan: 1 })),
    ...(errdisable && { errdisable }),
  }
  const state = KIND.make(config, 0)
  const out = new RecordingOutbox<EthernetFrame>()
  const link = (port: number, up: boolean, now = 0) => KIND.onLink(state, port, { up, rateBps: 1e9, fullDuplex: true }, now, out)
  for (let port = 0; port < 3; port++) link(port, true)
  out.take()
  return {
    state,
    out,
    link,
    command: (command: BridgeCommand | { readonly type: "port.shut"; readonly port: number }, now = 0) =>
      KIND.onCommand(state, command, now, out),
    disable: (port: number, cause: number, now = 0) => Errdisable.disable(state, port, cause, now, out),
    /** Let the timer run out that is due by `until`. */
    expire: (until: number) => {
      const at = out.nextTimerAt
      const timer = out.expire(until)
      if (timer !== undefined) KIND.onTimer(state, timer, at, out)
      return timer === undefined ? undefined : at
    },
    enables: () => out.requests.flatMap((each) => (each.type === "setPortEnabled" ? [[each.port, each.enabled]] : [])),
  }
}

describe("errdisable", () => {
  it("has a number for each name and a name for each number", () => {
    for (const [i, name] of ErrdisableCause.CAUSES.entries()) {
      assert.strictEqual(ErrdisableCause.nameOf(i), name)
      assert.strictEqual(ErrdisableCause.of(name), i === 0 ? undefined : i)
    }
    assert.strictEqual(ErrdisableCause.of("coffee"), undefined)
  })

  it("by default no port comes back by itself", () => {
    const sw = bridge()
    sw.disable(1, ErrdisableCause.BPDUGUARD)
    assert.deepStrictEqual(sw.enables(), [[1, false]])
    assert.strictEqual(sw.out.nextTimerAt, NEVER)
    assert.deepStrictEqual(
      sw.out.traces(Trace.ERRDISABLED.code).map(({ a, b }) => [a, b]),
      [[1, ErrdisableCause.BPDUGUARD]],
    )
  })

  it("a port that is out of service is not taken out again, and keeps its cause", () => {
    const sw = bridge()
    sw.disable(1, ErrdisableCause.BPDUGUARD)
    sw.disable(1, ErrdisableCause.UDLD)
    assert.strictEqual(sw.state.errdisable.cause[1], ErrdisableCause.BPDUGUARD)
    assert.strictEqual(sw.enables().length, 1)
  })

  it("comes back after the interval where the cause says so, each port in its own time", () => {
    const sw = bridge({ recovery: ["bpduguard"], intervalNs: 60 * SECOND })
    sw.disable(0, ErrdisableCause.BPDUGUARD, 5 * SECOND)
    sw.disable(1, ErrdisableCause.UDLD, 6 * SECOND)
    sw.disable(2, ErrdisableCause.BPDUGUARD, 7 * SECOND)
    sw.out.take()
    assert.strictEqual(sw.expire(100 * SECOND), 65 * SECOND)
    assert.deepStrictEqual(sw.enables(), [[0, true]])
    assert.strictEqual(sw.expire(100 * SECOND), 67 * SECOND)
    assert.strictEqual(sw.expire(1e6 * SECOND), undefined)
    assert.deepStrictEqual(Array.from(sw.state.errdisable.cause), [0, ErrdisableCause.UDLD, 0])
    assert.deepStrictEqual(
      sw.out.traces(Trace.ERRDISABLE_RECOVERY.code).map(({ a, b }) => [a, b]),
      [
        [0, ErrdisableCause.BPDUGUARD],
        [2, ErrdisableCause.BPDUGUARD],
      ],
    )
  })

  it("waits 300 s where the configuration gives no interval", () => {
    const sw = bridge({ recovery: ["udld"] })
    sw.disable(0, ErrdisableCause.UDLD, 1)
    assert.strictEqual(sw.out.nextTimerAt, 300 * SECOND + 1)
  })

  it("shutdown ends it, with or without a carrier, and the timer with it", () => {
    const sw = bridge({ recovery: ["udld"] })
    sw.disable(0, ErrdisableCause.UDLD)
    sw.link(0, false)
    sw.command({ type: "port.shut", port: 0 }, SECOND)
    assert.strictEqual(sw.state.errdisable.cause[0], ErrdisableCause.NONE)
    assert.strictEqual(sw.out.nextTimerAt, NEVER)
  })

  it("recovery is switched on while ports are out of service, and off again", () => {
    const sw = bridge()
    sw.disable(0, ErrdisableCause.UDLD)
    sw.command({ type: "bridge.errdisable-recovery", cause: "udld", on: true, intervalNs: 30 * SECOND }, 10 * SECOND)
    assert.strictEqual(sw.out.nextTimerAt, 40 * SECOND)
    sw.command({ type: "bridge.errdisable-recovery", cause: "udld", on: false }, 11 * SECOND)
    assert.strictEqual(sw.out.nextTimerAt, NEVER)
  })

  it("nobody watches flaps by default; where somebody does, the fifth within ten seconds is one too many", () => {
    const plain = bridge()
    for (let i = 0; i < 20; i++) {
      plain.link(0, false, i)
      plain.link(0, true, i)
    }
    assert.deepStrictEqual(plain.enables(), [])

    const flap = (apart: number): ReadonlyArray<number> => {
      const sw = bridge({ linkFlap: Errdisable.USUAL_LINK_FLAP })
      const causes: Array<number> = []
      for (let i = 0; i < 5; i++) {
        sw.link(0, false, i * apart)
        causes.push(sw.state.errdisable.cause[0])
        if (causes[i] === 0) sw.link(0, true, i * apart + 1)
      }
      return causes
    }
    assert.deepStrictEqual(flap(2 * SECOND), [0, 0, 0, 0, ErrdisableCause.LINK_FLAP])
    assert.deepStrictEqual(flap(3 * SECOND), [0, 0, 0, 0, 0], "12 s are longer than 10")
  })

  it("a copy goes its own way, and a fingerprint tells causes, deadlines and settings apart but not when it is", () => {
    const print = (state: typeof sw.state, now: number): string => {
      const digest = new Digest()
      KIND.fingerprint(state, digest, now)
      return digest.text
    }
    const sw = bridge({ recovery: ["udld"] })
    sw.disable(0, ErrdisableCause.UDLD, 0)
    const copy = KIND.copy(sw.state)
    assert.deepStrictEqual(copy.errdisable, structuredClone(sw.state.errdisable))
    assert.strictEqual(print(copy, 1), print(sw.state, 1))
    assert.notStrictEqual(print(copy, 1), print(sw.state, 2), "one second less is left")
    sw.command({ type: "bridge.errdisable-recovery", cause: "bpduguard", on: true }, 0)
    assert.notStrictEqual(print(copy, 1), print(sw.state, 1))
    sw.command({ type: "port.shut", port: 0 })
    assert.strictEqual(copy.errdisable.cause[0], ErrdisableCause.UDLD)
  })
})
