/**
 * The clause map: from each clause to what implements it, and to tests in which that is called. Claims are read from the sources
 * (`Claims.ts`); that a test calls a function was seen when it ran (`Evidence.ts`).
 */
import type { AnyMachine } from "../src/Machine.ts"
import { clausesOf, letterNumber, scan, type Claim, type Declaration } from "./Claims.ts"
import type { TestEvidence } from "./Evidence.ts"
import { PROTOCOLS, type Protocol } from "./Protocols.ts"
import { SCOPES, type Scope } from "./Scope.ts"

/** So many tests are named for a claim. */
const MOST_TESTS = 2

/** Files that name everything without doing anything with it. */
const MENTIONS_ALL = /(^|\/)(State|InitialState|Settings|Query|Columns|Command)\.ts$/

/** Tests that take every arc on purpose say nothing of any. */
const DOES_ALL = /Coverage\.test\.ts$/

const TABLE_FUNCTIONS = ["begin", "when", "entry", "qualifier"]
const SETTINGS = /(^|\/)Settings\.ts$/

/** What a test can be seen to do: call a function (`rstp2004/Procedures.ts#rcvInfo`), take an arc (`rstp2004 PIM CURRENT -> RECEIVE`). */
type Deed = string

const deedsOfTest = ({ arcs, functions }: TestEvidence): ReadonlyArray<Deed> => [...Object.keys(functions), ...arcs]

const call = ({ file, name }: Declaration): Deed => `${file}#${name}`

const isFigure = ({ text }: Declaration): boolean => /^export const \w+: Figure</.test(text)

/** The machine that a declared figure is the table of. */
const machineOf = ({ file, name }: Declaration): readonly [Protocol, AnyMachine] | undefined => {
  for (const protocol of PROTOCOLS) {
    if (!file.startsWith(`${protocol.name}/`)) continue
    const machine = protocol.machines.find(({ figure }) => figure.abbreviation === name)
    if (machine !== undefined) return [protocol, machine]
  }
  return undefined
}

/** The arcs of a machine whose condition, or the entry of the state to which they lead, speaks of a word. */
const arcsThatSpeakOf = (declaration: Declaration, word: RegExp): ReadonlyArray<Deed> => {
  const [protocol, machine] = machineOf(declaration) ?? []
  if (protocol === undefined || machine === undefined) return []
  const resolved = [...machine.global, ...machine.exits.flat()]
  return resolved
    .filter(({ to, when }) => word.test(when.toString()) || word.test(machine.entries[to].toString()))
    .map(({ number }) => `${protocol.name} ${machine.arcNames[number]}`)
}

/** The arcs of a machine; of a part of its table those that begin in a state there. */
const arcsOf = (declaration: Declaration, part?: string): ReadonlyArray<Deed> => {
  const [protocol, machine] = machineOf(declaration) ?? []
  if (protocol === undefined || machine === undefined) return []
  return machine.arcNames
    .filter((arc) => part === undefined || part.includes(` ${arc.split(" ")[1]}: {`))
    .map((arc) => `${protocol.name} ${arc}`)
}

/** The folder that a name is used in; what stands in no folder is used everywhere. */
const isNear = (from: string, to: string): boolean => !from.includes("/") || from.split("/")[0] === to.split("/")[0]

/** What a test does when it exercises a claim: call the function, or one of the file's, or one that uses the variable or the type; take an arc. */
const deedsOf = ({ file, name, part }: Claim, declarations: ReadonlyArray<Declaration>): ReadonlySet<Deed> => {
  const own = declarations.filter((declaration) => declaration.file === file)
  if (name === "") {
    const figure = own.find(isFigure)
    return new Set(figure === undefined ? own.map(call) : arcsOf(figure))
  }
  const declared = own.find((declaration) => declaration.name === name)
  if (declared !== undefined && isFigure(declared)) return new Set(arcsOf(declared, part))
  if (declared !== undefined && /^(export )?(const|function) \w+(: Entry<|: When<| = \(| = <)/.test(declared.text)) {
    return new Set([call(declared)])
  }
  const word = new RegExp(String.raw`\b${name.split(".").at(-1)}\b`)
  const users = declarations.filter(
    (user) =>
      isNear(file, user.file) &&
      (SETTINGS.test(file) ? !SETTINGS.test(user.file) : !MENTIONS_ALL.test(user.file)) &&
      user !== declared &&
      word.test(user.text),
  )
  return new Set(users.flatMap((user) => (isFigure(user) ? arcsThatSpeakOf(user, word) : [call(user)])))
}

/** A test as the map names it. */
const nameOf = ({ file, titles }: TestEvidence): string =>
  `\`${file.replace(/^test\//, "")}\`: ${titles.join(", ")}`.replaceAll("|", String.raw`\|`)

const escape = (text: string): string => text.replaceAll(/[.)]/g, String.raw`\$&`)

/** `forwardDelay` and `forward delay`. */
const spellings = (name: string): string => {
  const last = name.split(".").at(-1)!
  return `${last}|${last.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)}`
}

/**
 * Tests that speak of the clause or the name first, then those of which it is the largest part. What few tests do counts for more than
 * what all of them do, which is how a bridge begins; of the latter the test says most that runs most of it.
 */
const rank = (
  claim: Claim,
  deeds: ReadonlySet<Deed>,
  tests: ReadonlyArray<TestEvidence>,
  weightOf: (deed: Deed) => number,
): ReadonlyArray<TestEvidence> => {
  const name = claim.name === "" ? "" : String.raw`|\b(${spellings(claim.name)})\b`
  const spoken = new RegExp(String.raw`(^|[^\d.])${escape(claim.clause)}(?![\d.]*\d)${name}`, "i")
  const judged = tests.map((test) => {
    let all = 0
    let own = 0
    let run = 0
    for (const deed of deedsOfTest(test)) {
      const weight = weightOf(deed)
      all += weight
      if (!deeds.has(deed)) continue
      const share = test.functions[deed] ?? 1
      own += weight * share
      run += share
    }
    return {
      test,
      all,
      run,
      speaks: test.titles.some((title) => spoken.test(title)) ? 1 : 0,
      share: all === 0 ? 0 : own / Math.sqrt(all),
    }
  })
  return judged
    .toSorted((a, b) => b.speaks - a.speaks || b.share - a.share || b.run - a.run || a.all - b.all)
    .map(({ test }) => test)
}

interface Row extends Claim {
  readonly tests: ReadonlyArray<string>
}

/** Numbers of a clause, then of its item. */
const placesOf = (clause: string): ReadonlyArray<number> => {
  const [number, item = ""] = clause.split(" ")
  return [...number.split(".").map(Number), ...(item === "" ? [] : [letterNumber(item.replace(")", ""))])]
}

const compareClauses = (a: string, b: string): number => {
  const [left, right] = [placesOf(a), placesOf(b)]
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? -1) - (right[i] ?? -1)
    if (difference !== 0) return difference
  }
  return 0
}

const placeOf = ({ file, name }: Claim): string => (name === "" ? `\`${file}\`` : `\`${name}\` in \`${file}\``)

const cells = (row: Row): string => `| ${row.clause}${row.recalled ? "†" : ""} | ${placeOf(row)} | ${row.tests.join("<br>")} |`

/** The tests that an earlier map names for a claim. */
const earlier = (before: string, claim: Claim): ReadonlyArray<string> => {
  const section = before.split("\n## ").find((text) => text.startsWith(claim.edition)) ?? ""
  const start = `| ${claim.clause}${claim.recalled ? "†" : ""} | ${placeOf(claim)} | `
  const line = section.split("\n").find((text) => text.startsWith(start))
  return line === undefined ? [] : line.slice(start.length).replace(/ \|$/, "").split("<br>")
}

/** Every claim with its tests. What an earlier map said stays as long as it is true, so that maps change little. */
const rowsOf = (evidence: ReadonlyArray<TestEvidence>, before: string): ReadonlyArray<Row> => {
  const { claims, declarations } = scan()
  // The functions of a table have no names of their own: all are called `when` or `entry`. Its arcs tell more.
  const tables = new Set(declarations.filter(isFigure).flatMap(({ file }) => TABLE_FUNCTIONS.map((fn) => `${file}#${fn}`)))
  const doers = new Map<Deed, Array<TestEvidence>>()
  for (const test of evidence) {
    if (DOES_ALL.test(test.file)) continue
    for (const deed of deedsOfTest(test)) {
      if (tables.has(deed)) continue
      const tests = doers.get(deed)
      if (tests === undefined) doers.set(deed, [test])
      else tests.push(test)
    }
  }
  // The deed that most tests of a folder do is the measure of what is common there.
  const most = new Map<string, number>()
  for (const [deed, tests] of doers) most.set(folderOf(deed), Math.max(most.get(folderOf(deed)) ?? 0, tests.length))
  const weightOf = (deed: Deed): number => Math.log((most.get(folderOf(deed)) ?? 1) / (doers.get(deed)?.length ?? 1))
  const once = new Map(claims.map((claim) => [`${claim.edition} ${claim.clause} ${claim.file} ${claim.name}`, claim]))
  return [...once.values()]
    .toSorted((a, b) => compareClauses(a.clause, b.clause))
    .map((claim) => {
      const deeds = deedsOf(claim, declarations)
      const tests = new Set([...deeds].flatMap((deed) => doers.get(deed) ?? []))
      const names = new Set([...tests].map(nameOf))
      const kept = earlier(before, claim).filter((name) => names.has(name))
      if (kept.length > 0) return { ...claim, tests: kept }
      const inOrder = evidence.filter((test) => tests.has(test))
      const chosen = rank(claim, deeds, inOrder, weightOf).map(nameOf)
      return { ...claim, tests: [...new Set(chosen)].slice(0, MOST_TESTS) }
    })
}

const folderOf = (deed: Deed): string => /^(\w+)[/ ]/.exec(deed)?.[1] ?? ""

/** What is wrong: clauses in scope that nothing claims, claims that no test exercises, clauses left out that are claimed. */
const faultsOf = (rows: ReadonlyArray<Row>, scopes: ReadonlyArray<Scope>): ReadonlyArray<string> => [
  ...scopes.flatMap(({ edition, inScope, omissions }) => {
    const claimed = new Set(rows.filter((row) => row.edition === edition).map(({ clause }) => clause))
    return [
      ...inScope
        .flatMap((list) => clausesOf(list, edition))
        .filter(({ clause }) => !claimed.has(clause))
        .map(({ clause }) => `${edition} ${clause} is in scope, and no comment in the sources begins with it`),
      ...omissions
        .filter(({ clause }) => claimed.has(clause.replace("†", "")))
        .map(({ clause }) => `${edition} ${clause} is said to be left out, and something claims it`),
    ]
  }),
  ...rows
    .filter(({ tests }) => tests.length === 0)
    .map((row) => `${row.edition} ${row.clause}: no test exercises ${row.name === "" ? row.file : `${row.name} in ${row.file}`}`),
  ...rows
    .filter((row) => !scopes.some(({ edition }) => edition === row.edition))
    .map((row) => `${row.edition} ${row.clause} is claimed by ${row.file}: no scope is said for that edition`),
]

const HEAD = `# Clause map

Written by \`npm run clauses\`: which clause of a standard is where, and by which tests it is exercised. A comment in \`packages/stp/src\` that begins with a clause
number claims it for what stands below it. Tests were seen, when they ran, to call that function, to take an arc of that machine, or (of a variable or a type) to do either with
it; of many, those are named whose title speaks of it, then those of which it is the largest part. A dagger (†) marks clause numbers that are recalled, not read from a named source. A test fails when this page is not what
the sources and the tests say, when a clause in scope is claimed by nothing, and when a claim is exercised by no test.`

/** The map, and what is wrong with it. `before` is the map as it was. */
export const map = (
  evidence: ReadonlyArray<TestEvidence>,
  before: string,
  scopes: ReadonlyArray<Scope> = SCOPES,
): { readonly page: string; readonly faults: ReadonlyArray<string> } => {
  const rows = rowsOf(evidence, before)
  const sections = scopes.map(({ edition, inScope, omissions, title }) => {
    const own = rows.filter((row) => row.edition === edition)
    const clauses = new Set(own.map(({ clause }) => clause))
    return [
      `## ${edition}: ${title}`,
      "",
      `${clauses.size} clauses; in scope: ${inScope.join(", ")}.`,
      "",
      "| clause | what | tests |",
      "|---|---|---|",
      ...own.map(cells),
      ...(omissions.length === 0 ? [] : ["", "Left out:", ""]),
      ...omissions.map(({ clause, reason }) => `- ${clause}: ${reason}.`),
    ].join("\n")
  })
  return { page: `${[HEAD, ...sections].join("\n\n")}\n`, faults: faultsOf(rows, scopes) }
}
