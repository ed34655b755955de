/** What the core must not do, each with what to do instead. */
import { isCore } from "./Imports.ts"
import { lineAt, type Offence, type SourceText } from "./SourceText.ts"

interface Ban {
  readonly what: RegExp
  readonly instead: string
}

const BANS: ReadonlyArray<Ban> = [
  { what: /\bDate\s*\.\s*now\b|\bnew\s+Date\b|\bDate\s*\(/g, instead: "use the `now` that the handler was given" },
  { what: /\bperformance\s*\./g, instead: "use the `now` that the handler was given" },
  { what: /\bMath\s*\.\s*random\b|\bcrypto\s*\./g, instead: "draw with `out.random()`, or from a stream of sim/Prng" },
  { what: /\b(setTimeout|setInterval|setImmediate|queueMicrotask)\b/g, instead: "start a timer with `out.startTimer`" },
  { what: /\bconsole\s*\./g, instead: "trace with `out.trace` or `out.detail`, or return the value" },
  { what: /\bprocess\s*\./g, instead: "let the application pass it in" },
  { what: /\bglobalThis\b/g, instead: "pass the value in: nothing is global" },
  {
    what: /\bMath\s*\.\s*(log|log2|log10|log1p|exp|expm1|pow|sin|cos|tan|asin|acos|atan|atan2|sinh|cosh|tanh|asinh|acosh|atanh|cbrt|hypot)\b/g,
    instead: "it differs between machines: use integers, `**` of integers, or Math.sqrt, which is exact",
  },
  {
    what: /\.\s*(localeCompare|toLocale\w*)\b|\bIntl\s*\./g,
    instead: "it depends on the machine's language: compare with < and >, or format by hand",
  },
  { what: /\basync\b|\bawait\b|\bPromise\b/g, instead: "the core is synchronous: let a *Service.ts wait" },
  { what: /\bany\b/g, instead: "name the type, or `unknown`; where neither can be, oxlint-disable-next-line with the reason" },
  { what: /\bas\s+unknown\s+as\b/g, instead: "make the types agree, or narrow with a predicate" },
]

/** Files of the core that may use what is banned, with the reason. */
const EXCEPTIONS: ReadonlyArray<{ readonly path: string; readonly word: RegExp; readonly reason: string }> = []

/** Whether a line stands below a disabled lint rule that was given a reason: behind it (`-- why`), or in the comment that precedes it. */
const isExcused = (lines: ReadonlyArray<string>, line: number): boolean => {
  const above = lines[line - 2]?.trim() ?? ""
  if (!above.startsWith("// oxlint-disable-next-line")) return false
  if (/--\s*\S+/.test(above)) return true
  const reason = lines[line - 3]?.trim() ?? ""
  return reason.startsWith("//") || reason.endsWith("*/") || above.endsWith("oxlint-disable-next-line typescript/no-explicit-any")
}

/** Uses of what is banned in the core. */
export const bannedCalls = (files: ReadonlyArray<SourceText>): ReadonlyArray<Offence> =>
  files
    .filter(({ path }) => isCore(path))
    .flatMap(({ path, bare, lines }) =>
      BANS.flatMap(({ what, instead }) =>
        Array.from(bare.matchAll(what), (match) => ({ path, line: lineAt(bare, match.index), word: match[0] }))
          .filter(
            ({ line, word }) =>
              !isExcused(lines, line) && !EXCEPTIONS.some((known) => known.path === path && known.word.test(word)),
          )
          .map(({ line, word }) => ({ path, line, problem: `${word.replaceAll(/\s+/g, " ")} in the core: ${instead}` })),
      ),
    )
