/** What must not be left lying about: long files, notes to self, tests that do not run, traces of one machine, exports without a word. */
import { isTypeScript, type Offence, type SourceText } from "./SourceText.ts"

/** A source file is read in one sitting; in a file of tests people look things up. */
export const MOST_LINES = 450
export const MOST_TEST_LINES = 700

const perLine = (
  files: ReadonlyArray<SourceText>,
  check: (line: string, index: number, file: SourceText) => string | undefined,
): ReadonlyArray<Offence> =>
  files.flatMap((file) =>
    file.lines.flatMap((text, index) => {
      const problem = check(text, index, file)
      return problem === undefined ? [] : [{ path: file.path, line: index + 1, problem }]
    }),
  )

/** Source files that are too long. */
export const lengths = (files: ReadonlyArray<SourceText>): ReadonlyArray<Offence> =>
  files
    .filter(({ path }) => isTypeScript(path))
    .flatMap(({ path, lines }) => {
      const length = lines.at(-1) === "" ? lines.length - 1 : lines.length
      const most = path.includes("/test/") ? MOST_TEST_LINES : MOST_LINES
      if (length <= most) return []
      return [
        {
          path,
          line: most + 1,
          problem: `${length} lines: divide it so that each part is read in one sitting (${most} lines at most)`,
        },
      ]
    })

// Spelt apart, so that this file is none of its own finds.
const NOTE = new RegExp(`\\b(${["T_O_D_O", "F_I_X_M_E", "X_X_X", "H_A_C_K"].join("|").replaceAll("_", "")})\\b`)

/** Notes to self. */
export const notes = (files: ReadonlyArray<SourceText>): ReadonlyArray<Offence> =>
  perLine(files, (line) => {
    const [, word] = NOTE.exec(line) ?? []
    return word === undefined ? undefined : `${word} left over: do it, or write what is missing where users look for it`
  })

const ONLY = /\b(it|test|describe|suite)(\.\w+)*\.only\b/
const SKIP = /\b(it|test|describe|suite)(\.\w+)*\.(skip|todo)\b|\bxit\(|\bxdescribe\(/

/** Tests that keep others from running, and tests that do not run without saying why. */
export const tests = (files: ReadonlyArray<SourceText>): ReadonlyArray<Offence> =>
  files
    .filter(({ path }) => isTypeScript(path) && path.includes("/test/"))
    .flatMap((file) =>
      file.bare.split("\n").flatMap((line, index): ReadonlyArray<Offence> => {
        const offence = (problem: string) => [{ path: file.path, line: index + 1, problem }]
        if (ONLY.test(line)) return offence("only this test would run: take .only away")
        const said = (file.lines[index - 1] ?? "").trim().startsWith("//") || file.lines[index].includes("//")
        return SKIP.test(line) && !said ? offence("a test that does not run: say why in a comment above, or let it run") : []
      }),
    )

const MACHINE_PATH = /(^|[\s"'`(=:])(\/(work|tmp|home|root|Users|mnt|opt|var\/folders)\/[\w.-]+|[A-Z]:\\\\?[\w.-]+)/
const NEIGHBOUR = new RegExp(["\\.\\.", "shared\\b"].join("/"))

/** Places that exist on one machine only. */
export const machinePaths = (files: ReadonlyArray<SourceText>): ReadonlyArray<Offence> =>
  perLine(files, (line) => {
    const path = MACHINE_PATH.exec(line)?.[2]
    if (path !== undefined)
      return `${path} exists on one machine only: name it from the repository's root, or make a temporary folder`
    return NEIGHBOUR.test(line) ? "a place beside the repository: copy what is needed into it" : undefined
  })

const EXPORT = /^export (?:declare )?(?:abstract )?(?:const|let|function\*?|class|interface|type) ([\w$]+)/

/** Names whose meaning is stated once, where the seam that they serve is (`DeviceDefinition`, `ControlProtocolDefinition`, `TraceEvent`). */
const STATED_ELSEWHERE = new Set(["copy", "fingerprint", "TRACE_DEFINITIONS"])

/**
 * Exports of packages that nobody has said a word about. A doc comment or a line comment right above will do; one above the first of
 * several one-line exports that follow each other speaks for all of them; the head of a module speaks for what the module is named after.
 */
export const docstrings = (files: ReadonlyArray<SourceText>): ReadonlyArray<Offence> =>
  files
    .filter(({ path }) => /^packages\/[^/]+\/src\/.*\.ts$/.test(path))
    .flatMap(({ path, lines }) => {
      const named = lines[0].startsWith("/**") ? /([^/]+)\.ts$/.exec(path)?.[1] : undefined
      const known = new Set([named])
      let documented = false
      return lines.flatMap((line, index) => {
        const above = (lines[index - 1] ?? "").trim()
        const [, name] = EXPORT.exec(line) ?? []
        if (name === undefined) {
          documented = false // whatever is no export of one line ends a group
          return []
        }
        documented = above.endsWith("*/") || above.startsWith("//") || (documented && EXPORT.test(above))
        // A definition of a trace event names its operands; a type made from a Schema of its own name needs no second word.
        if (documented || known.has(name) || STATED_ELSEWHERE.has(name) || line.includes(" = define(")) {
          known.add(name)
          return []
        }
        return [{ path, line: index + 1, problem: `${name} is exported without a word: say what it is, with units and ranges` }]
      })
    })
