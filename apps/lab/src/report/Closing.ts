/** The end of a run's report: the verdict, and where the files are. */
import type { Report } from "../run/Run.ts"
import { counted, formatCount, formatNs } from "./Quantity.ts"
import type { Style } from "./Style.ts"

/** The verdict on one line, for instance `3 checks passed`. */
export const verdict = (report: Report, style: Style): string => {
  const failed = report.checks.filter((check) => !check.passed).length
  if (report.failure !== undefined) return style.bad("stopped before its end")
  if (report.checks.length === 0) return style.warn("nothing was checked: a scenario should end with Check.that(...) or its like")
  return failed === 0
    ? style.good(`${counted(report.checks.length, "check")} passed`)
    : style.bad(`${failed} of ${counted(report.checks.length, "check")} failed`)
}

/** Verdict, cost, files. */
export const lines = (report: Report, style: Style): ReadonlyArray<string> => [
  "",
  `${verdict(report, style)} ${style.dim(`after ${formatNs(report.endedAt)} of virtual time, ${counted(report.events, "event")}, fingerprint ${report.fingerprint}`)}`,
  ...(report.capture === undefined
    ? []
    : [
        `capture  ${report.capture.file}  ${style.dim(`${formatCount(report.capture.packets)} packets at ${counted(report.capture.ports.length, "port")}`)}`,
      ]),
  ...(report.trace === undefined ? [] : [`trace    ${report.trace.file}  ${style.dim(counted(report.trace.events, "event"))}`]),
]

/** The account for machines. */
export const json = (report: Report): unknown => ({ ...report, commandLog: undefined })
