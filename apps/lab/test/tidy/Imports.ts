/** Who may import whom, and that each package says so in its package.json. */
import { lineAt, type Offence, type SourceText } from "./SourceText.ts"

/** What each package may import of the others. `sim <- l2 <- { stp, l3 }`, `{ stp, l3 } <- vss`, `l3 <- hypervisor <- migration`. */
const MAY_IMPORT: Readonly<Record<string, ReadonlyArray<string>>> = {
  sim: [],
  "pcap-writer": [],
  l2: ["sim"],
  stp: ["sim", "l2"],
  l3: ["sim", "l2"],
  vss: ["sim", "l2", "stp", "l3"],
  hypervisor: ["sim", "l2", "l3"],
  migration: ["sim", "l2", "l3", "hypervisor"],
  design: ["sim", "l2", "stp", "l3", "vss", "hypervisor", "migration", "pcap-writer"],
  bench: ["sim", "l2", "stp", "l3", "vss", "hypervisor", "migration", "pcap-writer", "design"],
}

/** Packages that are applications: they import everything, and nobody imports them. */
const APPS = new Set(["lab"])

/** Effect's values, which the core may use. Everything else of `effect` runs fibers or describes what does. */
const VALUES: ReadonlySet<string> = new Set(
  (
    "Array BigInt Boolean Brand Chunk Data Equal Equivalence Function Hash HashMap HashSet JsonSchema Number Option Order Ordering " +
    "Predicate Record Result Schema SchemaAST SchemaGetter SchemaIssue SchemaParser SchemaRepresentation SchemaTransformation String " +
    "Struct Tuple absurd flow hole identity pipe"
  ).split(" "),
)

interface Import {
  readonly specifier: string
  /** Names in braces, where there are any. */
  readonly names: ReadonlyArray<string>
  readonly line: number
}

const STATEMENT = /\b(?:import|export)\s+(?:type\s+)?(?:[\w$*\s]+from\s*|([\w$\s,*]*\{[^}]*\})\s*from\s*)?"([^"]+)"/g
const DYNAMIC = /\bimport\(\s*"([^"]+)"/g

/** Matches that begin in code and not within a string. */
const inCode = ({ code, bare }: SourceText, pattern: RegExp): ReadonlyArray<RegExpExecArray> =>
  Array.from(code.matchAll(pattern)).filter(({ index }) => bare[index] === code[index])

/** The imports of a file, re-exports and dynamic ones included. */
export const importsOf = (file: SourceText): ReadonlyArray<Import> => [
  ...inCode(file, STATEMENT).map((match) => ({
    specifier: match[2],
    names: Array.from((match[1] ?? "").replace(/^[^{]*\{|\}.*$/gs, "").split(","), (name) =>
      name
        .trim()
        .replace(/^type\s+/, "")
        .replace(/\s+as\s+.*/s, ""),
    ).filter((name) => name !== ""),
    line: lineAt(file.code, match.index),
  })),
  ...inCode(file, DYNAMIC).map((match) => ({ specifier: match[1], names: [], line: lineAt(file.code, match.index) })),
]

/** `sim` for `packages/sim/src/World.ts`, `lab` for `apps/lab/src/main.ts`, `bench` for its files; undefined for others. */
export const ownerOf = (path: string): string | undefined =>
  /^(?:(?:packages|apps)\/([^/]+)|(bench))\//.exec(path)?.slice(1).find(Boolean)

/** A part of the core: sources of packages that are no services. */
export const isCore = (path: string): boolean => /^packages\/[^/]+\/src\//.test(path) && !path.endsWith("Service.ts")

/** The package that a specifier names: `effect` for `effect/Result`, `@l2lab/sim` for `@l2lab/sim/World`; undefined for files. */
const packageOf = (specifier: string): string | undefined =>
  specifier.startsWith(".") || specifier.startsWith("node:") ? undefined : /^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0]

/** Where a relative import leads, from the root. */
const resolve = (from: string, specifier: string): string => {
  const steps = from.split("/").slice(0, -1)
  for (const step of specifier.split("/")) {
    if (step === "..") steps.pop()
    else if (step !== ".") steps.push(step)
  }
  return steps.join("/")
}

/** Imports that break the map, reach into what is closed, or bring a runtime into the core. */
export const importRules = (files: ReadonlyArray<SourceText>): ReadonlyArray<Offence> =>
  files.flatMap((file) => {
    const owner = ownerOf(file.path)
    if (owner === undefined) return []
    return importsOf(file).flatMap(({ specifier, names, line }): ReadonlyArray<Offence> => {
      const offence = (problem: string): ReadonlyArray<Offence> => [{ path: file.path, line, problem }]
      if (specifier.startsWith(".")) {
        const target = ownerOf(`${resolve(file.path, specifier)}/`)
        return target === owner ? [] : offence(`"${specifier}" leaves the package: import @l2lab/${target ?? "..."}/Name instead`)
      }
      const own = /^@l2lab\/([^/]+)(?:\/(.*))?$/.exec(specifier)
      if (own !== null) {
        const [, target, subpath = ""] = own
        if (APPS.has(target) && !APPS.has(owner)) return offence(`@l2lab/${target} is an application: nobody imports one`)
        if (!APPS.has(owner) && target !== owner && !(MAY_IMPORT[owner] ?? []).includes(target)) {
          const allowed = MAY_IMPORT[owner] ?? []
          return offence(
            `${owner} may not import ${target}, only ${allowed.join(", ") || "no other package"}: move what both need down, or let design bring them together`,
          )
        }
        if (/^internal(\/|$)/.test(subpath) && target !== owner)
          return offence(`${specifier} is closed to others: use what ${target} exports`)
        if (subpath.endsWith(".ts")) return offence(`${specifier}: subpaths of packages are written without an ending`)
        return []
      }
      if (!isCore(file.path)) return []
      if (specifier.startsWith("node:")) {
        return offence(`${specifier} in the core: let a *Service.ts or the application do it and hand over the data`)
      }
      const parts = specifier.split("/")
      if (parts[0] !== "effect" && parts[0] !== "@effect") return []
      const used = parts.length > 1 || parts[0] === "@effect" ? [parts.at(-1) ?? ""] : names
      return used
        .filter((name) => !VALUES.has(name))
        .flatMap((name) =>
          offence(
            `${name} of Effect's runtime in the core: take a value (Result, Option, Schema), or move this to a *Service.ts`,
          ),
        )
    })
  })

interface PackageJson {
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
}

/** Imports that package.json does not list, and entries that nothing imports. */
export const dependencyRules = (files: ReadonlyArray<SourceText>): ReadonlyArray<Offence> => {
  const offences: Array<Offence> = []
  for (const manifest of files) {
    const folder = /^((?:packages|apps)\/[^/]+|bench)\/package\.json$/.exec(manifest.path)?.[1]
    if (folder === undefined) continue
    const { dependencies = {}, devDependencies = {} } = JSON.parse(manifest.text) as PackageJson
    const owner = ownerOf(manifest.path)
    const self = `@l2lab/${owner}`
    const used = new Set<string>()
    for (const file of files) {
      if (ownerOf(file.path) !== owner) continue
      const shipped = /^((packages|apps)\/[^/]+|bench)\/(src|scenarios)\//.test(file.path)
      for (const { specifier, line } of importsOf(file)) {
        const name = packageOf(specifier)
        if (name === undefined || name === self) continue
        used.add(name)
        if (name in dependencies || (!shipped && name in devDependencies)) continue
        const where = shipped ? "dependencies" : "devDependencies"
        offences.push({
          path: file.path,
          line,
          problem: `${name} is not among the ${where} of ${folder}/package.json: add it there`,
        })
      }
    }
    for (const name of [...Object.keys(dependencies), ...Object.keys(devDependencies)]) {
      if (used.has(name)) continue
      const line = manifest.lines.findIndex((text) => text.includes(`"${name}"`)) + 1
      offences.push({ path: manifest.path, line, problem: `nothing in ${folder} imports ${name}: take it out` })
    }
  }
  return offences
}
