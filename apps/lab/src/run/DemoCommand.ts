/** `lab demo`: the main job, with its files in one folder and a word on how to open them. */
import * as Effect from "effect/Effect"
import * as Path from "effect/Path"
import { EXIT, Finished } from "../Failure.ts"
import { Output } from "../Output.ts"
import * as Closing from "../report/Closing.ts"
import * as Folder from "./Folder.ts"
import * as RunCommand from "./RunCommand.ts"

/** RARP frames and topology changes. tshark knows RARP by ARP's opcode 3 alone: it has no protocol "rarp" to filter by. */
const WHO_TOLD = "arp.opcode == 3 or stp.flags.tc == 1"

export const demo = Effect.fnUntraced(function* (input: { readonly out: string }) {
  const path = yield* Path.Path
  const { out, style } = yield* Output
  yield* Folder.make("out", input.out)
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
    data: undefined,
    json: false,
    quiet: false,
  })
  for (const line of Closing.lines(report, style)) out.write(`${line}\n`)
  out.write(
    [
      "",
      "Open the capture:",
      `  wireshark ${pcap}`,
      style.dim("  # the packets with a comment; who told the switches, and when the tree changed"),
      `  tshark -t e -r ${pcap} -Y frame.comment`,
      `  tshark -t e -r ${pcap} -Y '${WHO_TOLD}'`,
      style.dim("  # Packets are stamped in virtual seconds since the epoch, as in this report:"),
      style.dim("  # Wireshark: View > Time Display Format > Seconds Since 1970. -t e of tshark"),
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
