/** A device that shuts a port as it boots: the port does not come up, at either end, until the device opens it. */
import { assert, it } from "@effect/vitest"
import { DeviceKind, type AnyDeviceKind, type WireFrame } from "../src/Device.ts"
import { SECOND } from "../src/SimTime.ts"
import { Simulation } from "../src/Simulation.ts"
import type { Registry } from "../src/World.ts"
import { WORLD, type WorldCommand } from "../src/WorldCommand.ts"

interface State {
  readonly shuts: boolean
  /** By turns: when a link went up (1) or down (0). */
  readonly seen: Array<number>
}

/** Shuts its port as it boots, if it is told to, and opens it a second later. */
const KIND = new DeviceKind<State, WireFrame, boolean>({
  kind: "shy",
  ports: () => 1,
  timers: () => 1,
  make: (shuts) => ({ shuts, seen: [] }),
  onBoot: ({ shuts }, now, out) => {
    if (!shuts) return
    out.setPortEnabled(0, false)
    out.startTimer(0, now + SECOND)
  },
  onFrame: () => {},
  onTimer: (_state, _timer, _now, out) => out.setPortEnabled(0, true),
  onLink: ({ seen }, _port, { up }, now) => {
    seen.push(now / SECOND, up ? 1 : 0)
  },
  onCommand: () => {},
  copy: (state) => ({ ...state, seen: [...state.seen] }),
  fingerprint: (state, digest) => digest.numbers(state.seen),
})

const registry: Registry<WireFrame> = {
  kinds: new Map([["shy", KIND as AnyDeviceKind<WireFrame>]]),
  fingerprintFrame: () => {},
}

it("a port that is shut in onBoot comes up when it is opened, and not before; so after power-on", () => {
  const simulation = Simulation.boot(
    {
      seed: 1,
      nodes: [
        { name: "a", kind: "shy", config: true },
        { name: "b", kind: "shy", config: false },
      ],
      links: [{ a: { node: 0, port: 0 }, b: { node: 1, port: 0 } }],
    },
    registry,
  )
  const seen = (node: number): ReadonlyArray<number> => (simulation.world.states[node] as State).seen
  simulation.run(2 * SECOND)
  assert.deepStrictEqual(
    [seen(0), seen(1)],
    [
      [1, 1],
      [1, 1],
    ],
  )
  const order = (command: WorldCommand): void => simulation.command(WORLD, command)
  order({ type: "node.power-off", node: 0, keepCarrier: false })
  simulation.run(3 * SECOND)
  order({ type: "node.power-on", node: 0 })
  simulation.run(6 * SECOND)
  assert.deepStrictEqual(
    [seen(0), seen(1)],
    [
      [4, 1],
      [1, 1, 2, 0, 4, 1],
    ],
  )
})
