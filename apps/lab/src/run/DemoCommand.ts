/** `lab demo`: the main job, with its files in one folder and a word on how to open them. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import { badInput, EXIT, Finished } from "../Failure.ts"
import { Output } from "../Output.ts"
import * as Closing from "../report/Closing.ts"
import { why } from "../report/TextSink.ts"
import * as RunCommand from "./RunCommand.ts"

export const demo = Effect.fnUntraced(function* (input: { readonly out: string }) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const { out, style } = yield* Output
  yield* fs
    .makeDirectory(input.out, { recursive: true })
    .pipe(Effect.mapError((error) => badInput(`cannot make the folder ${input.out}: ${why(error)}`)))
  const pcap = path.join(input.out, "vmotion.pcapng")
  const trace = path.join(input.out, "vmotion.trace.ndjson")
  const report = yield* RunCommand.account({
    target: "vmotion",
    seed: undefined,
    pcap,
    capture: undefined,
    trace,
    octets: false,
    limit: "10min",
    saveLog: undefined,
    json: false,
    quiet: false,
  })
  for (const line of Closing.lines(report, style)) out.write(`${line}\n`)
  out.write(
    [
      "",
      "Open the capture:",
      `  wireshark ${pcap}`,
      `  tshark -r ${pcap} -Y frame.comment   ${style.dim("# the packets with a comment")}`,
      `  tshark -r ${pcap} -Y rarp            ${style.dim("# who told the switches")}`,
      "Read the trace:",
      `  grep cam-moved ${trace}`,
      "Go on:",
      `  npx --no lab                                        ${style.dim("# all commands")}`,
      `  npx --no lab show designs/farm-2008.l2.yml vlan     ${style.dim("# ask the switches")}`,
      `  npx --no lab run designs/triangle.l2.yml            ${style.dim("# a small network")}`,
      "",
    ].join("\n"),
  )
  if (report.exitCode !== EXIT.ok) return yield* new Finished({ code: report.exitCode })
})
