/** A design that runs: a simulation, and what people call its parts. */
import { codecs, registry } from "@l2lab/design/Registry"
import type { Built, WorldPlan } from "@l2lab/design/Build"
import type { Directory } from "@l2lab/design/Directory"
import type { EthernetFrame } from "@l2lab/l2/EthernetFrame"
import * as FrameCodec from "@l2lab/l2/FrameCodec"
import type { Tci } from "@l2lab/sim/Device"
import { Simulation } from "@l2lab/sim/Simulation"
import { WORLD } from "@l2lab/sim/WorldCommand"
import * as Result from "effect/Result"

export interface Emulation {
  readonly simulation: Simulation<EthernetFrame>
  readonly directory: Directory
}

export interface BootOptions {
  /** Overrides the design's. */
  readonly seed?: number | undefined
  /** Every frame goes through octets at every transmission. */
  readonly octets?: boolean | undefined
  /** Called before anything is switched on: captures and listeners that want the first frames. */
  readonly prepare?: ((emulation: Emulation) => void) | undefined
}

/** A plan with the seed of this run. */
export const planWith = (plan: WorldPlan, seed: number | undefined): WorldPlan => (seed === undefined ? plan : { ...plan, seed })

/** Switch a built design on. Stands at instant 0, with the ports shut that the design wants shut. */
export const boot = ({ plan, directory }: Built, options: BootOptions = {}): Emulation => {
  const simulation = Simulation.boot(planWith(plan, options.seed), registry(), (made) => {
    if (options.octets === true) made.rewriteFrames(octetRewriter())
    options.prepare?.({ simulation: made, directory })
  })
  for (const command of plan.commands) simulation.command(WORLD, command)
  return { simulation, directory }
}

/**
 * Passes every frame through octets at every transmission. A frame that was read from octets and goes on unchanged, with the same
 * tag, would give the same octets and the same frame again, and is let through.
 */
const octetRewriter = (): ((frame: EthernetFrame, tci: Tci) => EthernetFrame) => {
  const readWithTag = new WeakMap<EthernetFrame, Tci>()
  return (frame, tci) => {
    if (readWithTag.get(frame) === tci) return frame
    const read = throughOctets(frame, tci)
    readWithTag.set(read, tci)
    return read
  }
}

/** A frame as a receiver reads it from the octets on the wire. A frame that does not survive is a bug of a codec, and throws. */
export const throughOctets = (frame: EthernetFrame, tci: Tci): EthernetFrame => {
  const parsed = FrameCodec.parse(FrameCodec.emit(frame, tci, codecs), codecs)
  if (Result.isFailure(parsed)) return lost(`octets are refused (${parsed.failure.detail})`, frame, tci)
  const { frame: read, refused } = parsed.success
  if (refused !== undefined && !(frame.payload instanceof Uint8Array)) {
    return lost(`the payload's octets are refused (${refused.detail})`, frame, tci)
  }
  if (read.wireOctets !== frame.wireOctets) {
    return lost(`a frame of ${frame.wireOctets} octets comes back with ${read.wireOctets}`, frame, tci)
  }
  return read
}

const lost = (why: string, frame: EthernetFrame, tci: Tci): never => {
  throw new Error(`${why}: ${FrameCodec.format(frame, tci, codecs)}`)
}
