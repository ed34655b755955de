/** Arc coverage: which arcs of the machines' figures tests take, and why nothing takes the others. */
import type { TestEvidence } from "./Evidence.ts"
import { inOrderOfClauses, PROTOCOLS, type Protocol } from "./Protocols.ts"

/** More than this share of arcs must not be listed as impossible. */
const MOST_NEVER_TAKEN = 0.05

/** An arc and the tests that take it. */
interface ArcEvidence {
  /** `PIM CURRENT -> RECEIVE`. */
  readonly arc: string
  readonly tests: ReadonlyArray<TestEvidence>
}

const title = ({ file, titles }: TestEvidence): string => `${file.replace(/^test\//, "")}: ${titles.join(", ")}`

/** The one that takes the fewest other arcs says the most about this one. */
const mostFocused = (tests: ReadonlyArray<TestEvidence>): TestEvidence =>
  tests.reduce((best, test) => (test.arcs.length < best.arcs.length ? test : best))

const takenBy = (protocol: Protocol, evidence: ReadonlyArray<TestEvidence>): ReadonlyArray<ReadonlyArray<ArcEvidence>> =>
  inOrderOfClauses(protocol.machines).map(({ arcNames }) =>
    arcNames.map((arc) => ({ arc, tests: evidence.filter(({ arcs }) => arcs.includes(`${protocol.name} ${arc}`)) })),
  )

/** What is wrong: arcs that no test takes and no reason excuses, reasons for arcs that are taken or do not exist, too many of them. */
export const faults = (evidence: ReadonlyArray<TestEvidence>): ReadonlyArray<string> =>
  PROTOCOLS.flatMap((protocol) => {
    const arcs = takenBy(protocol, evidence).flat()
    const excused = Object.keys(protocol.neverTaken)
    const share = excused.length / arcs.length
    return [
      ...arcs
        .filter(({ arc, tests }) => tests.length === 0 && !excused.includes(arc))
        .map(({ arc }) => `${protocol.name}: no test takes ${arc}, and nothing says why none can`),
      ...excused
        .filter((arc) => !arcs.some((known) => known.arc === arc && known.tests.length === 0))
        .map((arc) => `${protocol.name}: ${arc} is said never to be taken, but it is, or there is no such arc`),
      ...(share > MOST_NEVER_TAKEN
        ? [`${protocol.name}: ${excused.length} of ${arcs.length} arcs are never taken, more than ${MOST_NEVER_TAKEN * 100} %`]
        : []),
    ]
  })

/** A protocol in one line, and below it what nothing takes. */
const inShort = (protocol: Protocol, evidence: ReadonlyArray<TestEvidence>): ReadonlyArray<string> => {
  const machines = takenBy(protocol, evidence)
  const taken = (arcs: ReadonlyArray<ArcEvidence>): number => arcs.filter(({ tests }) => tests.length > 0).length
  const counts = machines.map((arcs, index) => {
    const { abbreviation } = inOrderOfClauses(protocol.machines)[index].figure
    return `${abbreviation} ${taken(arcs)}/${arcs.length}`
  })
  const all = machines.flat()
  return [
    `${protocol.edition}: ${taken(all)} of ${all.length} arcs taken (${counts.join(", ")})`,
    ...Object.entries(protocol.neverTaken).map(([arc, reason]) => `  never: ${arc}: ${reason}`),
  ]
}

/** The report, line by line: every arc, and at the end all in short. */
export const lines = (evidence: ReadonlyArray<TestEvidence>): ReadonlyArray<string> => [
  ...PROTOCOLS.flatMap((protocol) => inFull(protocol, evidence)),
  ...PROTOCOLS.flatMap((protocol) => inShort(protocol, evidence)),
]

const inFull = (protocol: Protocol, evidence: ReadonlyArray<TestEvidence>): ReadonlyArray<string> => {
  const machines = takenBy(protocol, evidence)
  const arcs = machines.flat()
  const taken = arcs.filter(({ tests }) => tests.length > 0)
  const width = Math.max(...arcs.map(({ arc }) => arc.length))
  return [
    `${protocol.edition} (${protocol.name}): ${protocol.machines.length} machines, ${taken.length} of ${arcs.length} arcs taken by tests`,
    ...machines.flatMap((ofMachine, index) => {
      const { abbreviation, clause } = inOrderOfClauses(protocol.machines)[index].figure
      const count = ofMachine.filter(({ tests }) => tests.length > 0).length
      return [
        "",
        `${abbreviation} (${clause}): ${count} of ${ofMachine.length}`,
        ...ofMachine.map(({ arc, tests }) => `  ${arc.padEnd(width)}  ${took(protocol, arc, tests)}`),
      ]
    }),
    "",
  ]
}

const took = ({ neverTaken }: Protocol, arc: string, tests: ReadonlyArray<TestEvidence>): string => {
  if (tests.length === 0) return neverTaken[arc] === undefined ? "NOT TAKEN" : `never: ${neverTaken[arc]}`
  const others = tests.length === 1 ? "" : `, and ${tests.length - 1} more`
  return `${title(mostFocused(tests))}${others}`
}
