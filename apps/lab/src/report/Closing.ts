/** The end of a run's report: the verdict, and where the files are. */
import type { Report } from "../run/Run.ts"
import { counted, formatNs } from "./Quantity.ts"
import type { Style } from "./Style.ts"

/** The verdict on one line, for instance `3 checks passed`. */
export const verdict = (report: Report, style: Style): string => {
  const failed = report.checks.filter((check) => !check.passed).length
  if (report.failure !== undefined) return style.bad("stopped before its end")
  if (report.checks.length === 0) return style.warn("nothing was checked (a scenario checks with Check.that and its like)")
  return failed === 0
    ? style.good(`${counted(report.checks.length, "check")} passed`)
    : style.bad(`${failed} of ${counted(report.checks.length, "check")} failed`)
}

/** Verdict, cost, files. */
export const lines = (report: Report, style: Style): ReadonlyArray<string> => {
  const { capture, trace } = report
  const cost = `${formatNs(report.endedAt)} of virtual time, ${counted(report.events, "event")}, fingerprint ${report.fingerprint}`
  const list = ["", verdict(report, style), style.dim(cost)]
  if (capture !== undefined) {
    list.push(
      `capture  ${capture.file}  ${style.dim(`${counted(capture.packets, "packet")} at ${counted(capture.ports.length, "port")}`)}`,
    )
    if (capture.isDefault) list.push(style.dim("         every port: neither the scenario nor --capture chose"))
    if (capture.leftOut > 0) {
      list.push(style.dim(`         ${counted(capture.leftOut, "frame")} left out by the scenario (--capture PORTS keeps all)`))
    }
  }
  if (trace !== undefined) list.push(`trace    ${trace.file}  ${style.dim(counted(trace.events, "event"))}`)
  return list
}

/** The account for machines. */
export const json = (report: Report): unknown => ({ ...report, commandLog: undefined })
