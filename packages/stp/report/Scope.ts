/** Which clauses must be claimed, and which are left out, for what reason. A dagger marks numbers that are recalled, not read from a named source. */

/** A clause that is not implemented. */
export interface Omission {
  readonly clause: string
  readonly reason: string
}

/** What of an edition is to be done. */
export interface Scope {
  readonly edition: string
  readonly title: string
  /** In the form in which comments claim them. */
  readonly inScope: ReadonlyArray<string>
  readonly omissions: ReadonlyArray<Omission>
}

/** All editions, oldest first. */
export const SCOPES: ReadonlyArray<Scope> = [
  {
    edition: "802.1D-1998",
    title: "spanning tree (clauses 8 and 9)",
    inScope: [
      "8.4",
      "8.5.1.1 .. 8.5.1.10",
      "8.5.3.1 .. 8.5.3.14",
      "8.5.4.1 .. 8.5.4.3",
      "8.5.5.1 .. 8.5.5.10",
      "8.5.6.1 .. 8.5.6.3",
      "8.6.1 .. 8.6.16",
      "8.7.1 .. 8.7.8",
      "8.8.1 .. 8.8.8",
      "9.3.1, 9.3.2, 9.3.4",
    ],
    omissions: [
      { clause: "8.5.2†", reason: "a Topology Change Notification BPDU has no parameters" },
      { clause: "8.9†", reason: "a program in C that says again what 8.5 to 8.8 say" },
    ],
  },
  {
    edition: "802.1D-2004",
    title: "rapid spanning tree (clauses 9 and 17)",
    inScope: [
      "6.4.3",
      "9.2.9, 9.3.3, 9.3.4",
      "17.6",
      "17.13.1, 17.13.3 .. 17.13.12",
      "17.14",
      "17.17.1 .. 17.17.8",
      "17.18.1 .. 17.18.7",
      "17.19.1 .. 17.19.45",
      "17.20.1 .. 17.20.13",
      "17.21.1 .. 17.21.25",
      "17.22 .. 17.31",
      "17.29.1 .. 17.29.4",
    ],
    omissions: [
      { clause: "17.13.2†", reason: "the ageing time is the relay's, and set there (`packages/l2/src/FilteringDatabase.ts`)" },
      { clause: "17.15†", reason: "notation of the figures; here it is that of TypeScript (`packages/stp/src/Machine.ts`)" },
    ],
  },
  {
    edition: "802.1Q-2005",
    title: "multiple spanning trees (clauses 13 and 14)",
    inScope: [
      "13.7",
      "13.9 .. 13.11",
      "13.21 a) to h)",
      "13.22 e) to i), k), m), o) to q)",
      "13.23 c), f), g)",
      "13.23.4, 13.23.7",
      "13.24 b), c), e), f), h) to n), q) to av)",
      "13.24.1 .. 13.24.6, 13.24.9",
      "13.25.1 .. 13.25.3, 13.25.6 .. 13.25.10, 13.25.12 .. 13.25.14, 13.25.16, 13.25.17",
      "13.26 a), f)",
      "13.26.1 .. 13.26.24",
      "13.26.23 a) to m)",
      "13.27 .. 13.36",
      "14.4, 14.6, 14.6.1",
    ],
    omissions: [],
  },
]
