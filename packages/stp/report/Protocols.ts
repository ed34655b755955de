/** The machines of each protocol, and which of their arcs nothing can take. */
import type { AnyMachine } from "../src/Machine.ts"
import * as NeverTaken from "./NeverTaken.ts"
import * as Mstp from "../src/mstp/Engine.ts"
import * as Rstp2004 from "../src/rstp2004/Engine.ts"

export interface Protocol {
  /** `rstp2004`, as its folder. */
  readonly name: string
  readonly edition: string
  /** The page of its figures, in `docs`. */
  readonly page: string
  /** Words of ours in its figures, besides those of all. */
  readonly words: ReadonlyArray<string>
  readonly machines: ReadonlyArray<AnyMachine>
  /** Arcs that nothing takes, each with the reason. */
  readonly neverTaken: Readonly<Record<string, string>>
}

export const PROTOCOLS: ReadonlyArray<Protocol> = [
  {
    name: "rstp2004",
    edition: "802.1D-2004",
    page: "machines-rstp.md",
    words: [],
    machines: Rstp2004.MACHINES,
    neverTaken: NeverTaken.RSTP2004,
  },
  {
    name: "mstp",
    edition: "802.1Q-2005",
    page: "machines-mstp.md",
    words: [
      "So do `wakePort()` and the like. `agree()`, `forward()` and `beInStep()` are what MASTER_AGREED, ROOT_FORWARD and MASTER_SYNCED do; `setNewInfoXst()` sets newInfo in the CIST",
      "and newInfoMsti in an MSTI; `setInfoInternal()` takes infoInternal over from rcvdInternal; `setSendRSTP()` assigns sendRSTP and has the roles computed anew.",
    ],
    machines: Mstp.MACHINES,
    neverTaken: NeverTaken.MSTP,
  },
]

/** Machines in the order of the standard's figures. */
export const inOrderOfClauses = (machines: ReadonlyArray<AnyMachine>): ReadonlyArray<AnyMachine> =>
  machines.toSorted((a, b) => numberOf(a.figure.clause) - numberOf(b.figure.clause))

/** 17.22 before 17.3; no clause has a hundred parts. */
const numberOf = (clause: string): number =>
  clause.split(".").reduce((number, part) => number * 100 + Number.parseInt(part, 10), 0)

/** The protocol that a machine belongs to. */
export const protocolOf = (machine: AnyMachine): string => {
  const protocol = PROTOCOLS.find(({ machines }) => machines.includes(machine))
  if (protocol === undefined) throw new Error(`${machine.figure.abbreviation} belongs to no protocol of the list`)
  return protocol.name
}
