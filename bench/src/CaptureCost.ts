/** What a capture at one port of W1's path costs: the same workload with and without, in turn. */
import * as FrameCodec from "@l2lab/l2/FrameCodec"
import * as PayloadCodec from "@l2lab/l2/PayloadCodec"
import * as Capture from "@l2lab/pcap-writer/Capture"
import { median } from "./Measure.ts"
import * as Workloads from "./Workloads.ts"

const CODECS = PayloadCodec.registry([])

const seconds = (work: () => void): number => {
  const { user, system } = process.cpuUsage()
  work()
  const after = process.cpuUsage()
  return (after.user + after.system - user - system) / 1e6
}

/** Median of the rates with capture over the median of those without, pcapng into a buffer that is emptied as it fills. */
export const ratio = (octets: number, rounds: number): number => {
  const plain: Array<number> = []
  const captured: Array<number> = []
  for (let round = 0; round <= rounds; round++) {
    const without = Workloads.forward(octets, 200_000)
    const plainSeconds = seconds(without.run)
    const ready = Workloads.forward(octets, 200_000)
    const capture = Capture.make({ format: "pcapng" })
    const port = Capture.addInterface(capture, { name: "s5:1" })
    ready.simulation.listen({
      onFrame: (_port, direction, frame, tci, at) => {
        const length = FrameCodec.octetLength(frame, tci)
        const offset = Capture.reserve(capture, port, at, direction, length, length, undefined)
        FrameCodec.write(frame, tci, CODECS, capture.octets, offset)
        if (Capture.needsDrain(capture)) Capture.release(capture, Capture.take(capture))
      },
    })
    ready.simulation.capture(ready.simulation.world.portBase[5], true)
    const capturedSeconds = seconds(ready.run)
    if (round === 0) continue
    plain.push(without.units() / plainSeconds)
    captured.push(ready.units() / capturedSeconds)
  }
  return median(captured) / median(plain)
}
