/** Why a network does not settle, where that can be told. */
import { oneSided } from "@l2lab/l2/bundle/MisconfigGuard"
import type { DurationNs } from "@l2lab/sim/SimTime"
import * as Bridges from "../Bridges.ts"
import type { Emulation } from "../Emulation.ts"
import type { AgedOut } from "./AgedOut.ts"

/** A port-channel that the other end does not bundle: its BPDUs come from several ports in turn, and each is news. */
const misbundled = ({ directory, simulation }: Pick<Emulation, "directory" | "simulation">): string | undefined => {
  for (const [node, { bridgePorts }] of directory.nodes.entries()) {
    const state = Bridges.controlOf(simulation.world, node)
    const [port] = state === null ? [] : oneSided(state)
    if (port === undefined) continue
    return `${bridgePorts[port].end} hears BPDUs of several ports in turn, each of which is news to it: does the other end not bundle it?`
  }
  return undefined
}

/** A sentence that ends in a question; undefined where nothing is known. `windowNs`: for how long nothing may change. */
export const verdict = (
  emulation: Pick<Emulation, "directory" | "simulation">,
  agedOut: AgedOut,
  windowNs: DurationNs,
): string | undefined => misbundled(emulation) ?? agedOut.verdict(emulation.simulation.now, windowNs)
