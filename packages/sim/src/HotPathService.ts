/**
 * Tell the compiler how far it may go on the hot path. A hop is one chain of calls (the loop, a bridge, its relay, learning, a
 * transmission, the queue), longer than V8 inlines by default; with more room W4 of `lab bench` went from 63 to
 * 71 % of the bare loop (medians of nine calls each, in turn: `bench/RESULTS.md`).
 */
import { setFlagsFromString } from "node:v8"

/** Call it first thing in a program that runs simulations; it holds for the process. Results do not depend on it, only their speed. */
export const prepare = (): void => {
  setFlagsFromString("--max-inlined-bytecode-size=1000")
  setFlagsFromString("--max-inlined-bytecode-size-cumulative=2000")
}
