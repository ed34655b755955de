/** The machines of 802.1D-2004 clause 17 and 802.1Q-2005 clause 13, as `@l2lab/l2/Machine` has them, with the trace of this package. */
import * as L2 from "@l2lab/l2/Machine"
import * as Trace from "./Trace.ts"

export {
  advance,
  begin,
  observeArcs,
  openArc,
  UCT,
  type AnyMachine,
  type Arc,
  type Entry,
  type Figure,
  type PortColumns,
  type When,
} from "@l2lab/l2/Machine"

const TRACE: L2.MachineTrace = { code: Trace.MACHINE.code, states: Trace.MACHINE_STATES }

/** A figure of this package ready to run. */
export class Machine<S extends L2.PortColumns> extends L2.Machine<S> {
  constructor(figure: L2.Figure<S>) {
    super(figure, TRACE)
  }
}
