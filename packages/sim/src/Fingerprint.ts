/**
 * The fingerprint of a world: one line that tells whether two runs went the same way. It covers every device's state, every
 * counter of every port, all that is pending in its order, the random streams, and the digest of all significant trace events.
 * It leaves out what a script or an onlooker leaves behind (its wake-ups, the command log), so that a replay without the script,
 * with or without capture and trace, has the same.
 */
import type { WireFrame } from "./Device.ts"
import { Digest } from "./Digest.ts"
import { EventQueue } from "./EventQueue.ts"
import * as HalfDuplex from "./HalfDuplex.ts"
import * as PortRow from "./PortRow.ts"
import { NEVER, type SimTime } from "./SimTime.ts"
import type { Simulation } from "./Simulation.ts"
import type { Link, Registry, World } from "./World.ts"

/** Sixteen hexadecimal digits for a saved world. */
export const ofWorld = <F extends WireFrame>(world: World<F>, registry: Registry<F>): string => {
  const digest = new Digest()
  const { now } = world
  digest.number(now)
  digest.int(world.traceDigest[0])
  digest.int(world.traceDigest[1])
  world.states.forEach((state, node) => {
    digest.int(world.power[node])
    if (state !== null) registry.kinds.get(world.kinds[node])!.fingerprint(state, digest, now)
  })
  for (let port = 0; port < world.peer.length; port++) {
    const row = port * PortRow.STRIDE
    for (let column = 0; column < PortRow.STRIDE; column++) {
      if (column === PortRow.BUSY || column === PortRow.CONTROL_BUSY) digest.number(Math.max(0, world.rows[row + column] - now))
      else if (column === PortRow.REMAINDER) digest.number(world.rows[row + PortRow.BUSY] >= now ? world.rows[row + column] : 0)
      else digest.number(world.rows[row + column])
    }
    digest.int(world.enabled[port])
    digest.int(world.carrier[port])
  }
  for (const link of world.links) {
    digest.int(link.connected ? 1 : 0)
    for (const { alive, lossRatio, corruptionRatio } of link.from) {
      digest.int(alive ? 1 : 0)
      digest.number(lossRatio)
      digest.number(corruptionRatio)
    }
    duplex(link, registry, digest, now)
  }
  digest.numbers(world.random)
  pendingFrames(world, registry, digest)
  pendingTimers(world, digest)
  return digest.text
}

/** What ends that differ about duplex are about, and have counted. Of others there is nothing to fold. */
const duplex = <F extends WireFrame>(link: Link<F>, registry: Registry<F>, digest: Digest, now: SimTime): void => {
  const counted = link.from.flatMap(({ counters }) => Object.values(counters) as Array<number>)
  if (link.half === null && counted.every((count) => count === 0)) return
  digest.numbers(counted)
  for (const { fullDuplex } of link.from) digest.int(fullDuplex ? 1 : 0)
  if (link.half !== null) HalfDuplex.fingerprint(link.half, digest, now, registry.fingerprintFrame)
}

const pendingFrames = <F extends WireFrame>(world: World<F>, registry: Registry<F>, digest: Digest): void => {
  const queue = EventQueue.restore(world.frames)
  for (const { slot, at } of queue.inOrder()) {
    const frame = queue.frame[slot]
    if (frame === null) continue
    digest.number(at - world.now)
    digest.int(queue.targetOf(slot))
    digest.int(queue.extraOf(slot))
    digest.int(frame.wireOctets)
    registry.fingerprintFrame(frame, digest)
  }
}

/** Running timers in the order in which they will fire: queue entries differ with the history of restarts, deadlines do not. */
const pendingTimers = <F extends WireFrame>(world: World<F>, digest: Digest): void => {
  const running: Array<number> = []
  for (let timer = 0; timer < world.timerAt.length; timer++) if (world.timerAt[timer] !== NEVER) running.push(timer)
  running.sort((x, y) => world.timerAt[x] - world.timerAt[y] || world.timerOrder[x] - world.timerOrder[y])
  for (const timer of running) {
    digest.int(timer)
    digest.number(world.timerAt[timer] - world.now)
  }
}

/** The fingerprint of a running simulation, at its present instant. */
export const of = <F extends WireFrame>(simulation: Simulation<F>): string => ofWorld(simulation.save(), simulation.registry)
