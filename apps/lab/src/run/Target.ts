/** What `lab run X` means: a shipped scenario by name, a scenario file, a folder with one, or a design file. */
import * as Compile from "@l2lab/design/Compile"
import * as DesignError from "@l2lab/design/DesignError"
import { Designs } from "@l2lab/design/DesignService"
import { didYouMean } from "@l2lab/design/Suggestion"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import { fileURLToPath } from "node:url"
import { badInput, type InputError } from "../Failure.ts"
import { isScenario, type Scenario } from "../Scenario.ts"
import * as ScriptFault from "./ScriptFault.ts"

/** The repository's folders of shipped scenarios and designs. */
export const SCENARIOS = fileURLToPath(new URL("../../scenarios/", import.meta.url))
export const DESIGNS = fileURLToPath(new URL("../../../../designs/", import.meta.url))

export type Target =
  | { readonly kind: "scenario"; readonly file: string; readonly scenario: Scenario; readonly design: string }
  | { readonly kind: "design"; readonly design: string }

/** Names of the shipped scenarios. */
export const shipped = Effect.gen(function* () {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const names: Array<string> = []
  for (const name of (yield* fs.readDirectory(SCENARIOS).pipe(Effect.orElseSucceed(() => []))).sort()) {
    if (yield* exists(path.join(SCENARIOS, name, "scenario.ts"))) names.push(name)
  }
  return names
})

const exists = (file: string) => FileSystem.FileSystem.use((fs) => fs.exists(file)).pipe(Effect.orElseSucceed(() => false))

const SCRIPT = /\.[cm]?[jt]s$/
const DESIGN = /\.ya?ml$/

/** Find what is meant, and load it if it is a scenario. */
export const resolve = Effect.fnUntraced(function* (argument: string) {
  const path = yield* Path.Path
  if (DESIGN.test(argument)) return { kind: "design", design: argument } satisfies Target as Target
  if (SCRIPT.test(argument)) return yield* scenarioAt(path.resolve(argument), argument)
  const own = path.join(SCENARIOS, argument, "scenario.ts")
  if (/^[\w.-]+$/.test(argument) && (yield* exists(own))) return yield* scenarioAt(own, argument)
  const inFolder = path.resolve(argument, "scenario.ts")
  if (yield* exists(inFolder)) return yield* scenarioAt(inFolder, argument)
  const names = yield* shipped
  return yield* badInput(
    `there is no scenario "${argument}"${didYouMean(argument, names, `: shipped are ${names.join(", ")}`)} (a scenario file, *.ts, or a design file, *.l2.yml, will do as well)`,
  )
})

const scenarioAt = Effect.fnUntraced(function* (file: string, argument: string) {
  if (!(yield* exists(file))) {
    return yield* badInput(`${argument}: there is no such file; shipped scenarios are ${(yield* shipped).join(", ")}`)
  }
  const loaded = yield* load(file)
  if (!isScenario(loaded)) {
    return yield* badInput(
      `${argument}: its default export is no scenario: write "export default Scenario.make(name, { design }, program)"`,
    )
  }
  const design = yield* designOf(file, loaded.design)
  return { kind: "scenario", file, scenario: loaded, design } satisfies Target as Target
})

/** Shipped scenarios are plain enough for Node itself; others may use any TypeScript, which tsx takes. */
const load = (file: string): Effect.Effect<unknown, InputError> =>
  Effect.tryPromise({
    try: async () => {
      const { importScenario } = await import("./ScenarioLoader.ts")
      const module: { readonly default?: unknown } = await importScenario(file, !file.startsWith(SCENARIOS))
      return module.default
    },
    catch: (cause) =>
      ScriptFault.isOf(cause, file)
        ? ScriptFault.inputError(cause, file)
        : badInput(`cannot load the scenario ${file}: ${cause instanceof Error ? firstParagraph(cause.message) : String(cause)}`),
  })

const firstParagraph = (message: string): string => message.split("\n").slice(0, 3).join(" ").trim()

/** A design is looked for beside the scenario, a bare name among the shipped designs too. */
const designOf = Effect.fnUntraced(function* (script: string, design: string) {
  const path = yield* Path.Path
  const beside = path.resolve(path.dirname(script), design)
  const cwd = path.relative(path.resolve("."), beside)
  const shown = cwd.startsWith("..") ? beside : cwd
  if (path.basename(design) !== design || (yield* exists(beside))) return shown
  const own = path.join(DESIGNS, design)
  if (!(yield* exists(own))) return shown
  const near = path.relative(path.resolve("."), own)
  return near.startsWith("..") ? own : near
})

/** What a design that compiles is still warned of, a sentence each. */
export const warnings = (compiled: Compile.Compiled): ReadonlyArray<string> =>
  compiled.warnings.map((finding) => DesignError.format(finding).replace(": warning:", ":"))

/** Read and compile a design file; all its problems are one failure. */
export const compile = (file: string): Effect.Effect<Compile.Compiled, InputError, FileSystem.FileSystem> =>
  Designs.use((designs) => designs.load(file)).pipe(
    Effect.mapError((error) => badInput(error.message)),
    Effect.provide(Designs.layer),
  )
