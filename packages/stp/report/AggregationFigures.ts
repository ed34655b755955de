/** The machines of LACP and PAgP as Mermaid state diagrams, drawn from the tables that run. */
import { MACHINES } from "@l2lab/l2/lacp/Machines"
import { MACHINE } from "@l2lab/l2/pagp/Machine"
import * as Figures from "./Figures.ts"

const NAMES: Readonly<Record<string, string>> = {
  RX: "Receive",
  PTX: "Periodic Transmission",
  MUX: "Mux, coupled control",
  ACH: "Actor Churn Detection",
  PCH: "Partner Churn Detection",
}

/** The page of LACP. */
export const lacp = (): string =>
  [
    "# The state machines of LACP, as they run here",
    "",
    "Drawn by `npm run figures` from the tables in `packages/l2/src/lacp/Machines.ts`; names are those of 802.1AX, whose text was not at hand (see `DEVIATIONS.md`). Boxes show what is done on",
    "entry, arcs when they are taken (UCT: at once); `partner.state` and `actorState` are Partner_Oper_Port_State and Actor_Oper_Port_State.",
    ...MACHINES.flatMap(([machine]) => [
      "",
      `## ${NAMES[machine.figure.abbreviation]} (${machine.figure.abbreviation})`,
      "",
      ...Figures.diagram(machine),
    ]),
    "",
  ].join("\n")

/** The page of PAgP. */
export const pagp = (): string =>
  [
    "# PAgP's state machine, as it runs here",
    "",
    "Drawn by `npm run figures` from the table in `packages/l2/src/pagp/Machine.ts`. Cisco draws none; see `DEVIATIONS.md` for where each part comes from.",
    "",
    ...Figures.diagram(MACHINE),
    "",
  ].join("\n")
