/**
 * How many packets a second the writer takes, without a disk: `pnpm exec node packages/pcap-writer/bench/throughput.ts`.
 * Best of five runs of a million packets each, per format and size; the copy loop beside it is what memory alone allows.
 */
import * as Capture from "../src/Capture.ts"

const PACKETS = 1_000_000
const RUNS = 5

const best = (run: () => void): number => {
  let shortest = Infinity
  for (let i = 0; i < RUNS; i++) {
    const start = performance.now()
    run()
    shortest = Math.min(shortest, performance.now() - start)
  }
  return shortest
}

const report = (name: string, milliseconds: number): void => {
  const nanoseconds = (milliseconds * 1e6) / PACKETS
  console.log(
    `${name.padEnd(38)} ${(1000 / nanoseconds).toFixed(1).padStart(6)} M packets/s ${nanoseconds.toFixed(0).padStart(6)} ns each`,
  )
}

for (const size of [60, 1514]) {
  const octets = new Uint8Array(size).fill(0x5a)
  const target = new Uint8Array(1_100_000)
  report(
    `copy of ${size} octets alone`,
    best(() => {
      for (let i = 0, at = 0; i < PACKETS; i++) {
        target.set(octets, at)
        at += size
        if (at > 1_048_576) at = 0
      }
    }),
  )
  for (const format of ["pcap-ns", "pcapng"] as const)
    for (const comment of format === "pcapng" ? [undefined, "first answered ping"] : [undefined])
      report(
        `${format}, ${size} octets${comment === undefined ? "" : ", with a comment"}`,
        best(() => {
          const capture = Capture.make({ format })
          const id = Capture.addInterface(capture, { name: "sw1:1" })
          for (let i = 0; i < PACKETS; i++) {
            Capture.packet(capture, { interface: id, at: i * 51_200, direction: "in", octets, comment })
            if (Capture.needsDrain(capture)) Capture.release(capture, Capture.take(capture))
          }
        }),
      )
  report(
    `pcapng, ${size} octets, by reserve`,
    best(() => {
      const capture = Capture.make({ format: "pcapng" })
      const id = Capture.addInterface(capture, { name: "sw1:1" })
      for (let i = 0; i < PACKETS; i++) {
        const at = Capture.reserve(capture, id, i * 51_200, "in", size, size, undefined)
        capture.octets.set(octets, at)
        if (Capture.needsDrain(capture)) Capture.release(capture, Capture.take(capture))
      }
    }),
  )
}
