/** Which arcs of machines nobody takes. */
import { type AnyMachine, observeArcs } from "@l2lab/l2/Machine"

/** The arcs of `machines` that `networks` leave untaken, by name. */
export const untaken = (machines: ReadonlyArray<AnyMachine>, networks: () => void): ReadonlyArray<string> => {
  const taken = new Set<string>()
  const before = observeArcs((machine, arc) => taken.add(machine.arcNames[arc]))
  try {
    networks()
  } finally {
    observeArcs(before)
  }
  return machines.flatMap(({ arcNames }) => arcNames).filter((name) => !taken.has(name))
}
