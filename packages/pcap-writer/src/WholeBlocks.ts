/**
 * Where the last whole block of a piece of a capture ends. A write that stops half-way (a full disk) leaves part of a packet behind;
 * cutting the file back to this point keeps it valid.
 */
import type { CaptureFormat } from "./CaptureFormat.ts"
import * as Pcap from "./Pcap.ts"
import * as Pcapng from "./Pcapng.ts"

/** What the first `taken` octets of a chunk hold whole. */
export interface WholeBlocks {
  readonly octets: number
  readonly packets: number
}

/**
 * Count the whole blocks among the first `taken` octets of `chunk`, which must begin at a block's start as the chunks of
 * `Capture.take` do. `first` says that the chunk is the first of the capture (classic pcap has its file header there).
 */
export const count = (format: CaptureFormat, chunk: Uint8Array, taken: number, first: boolean): WholeBlocks => {
  const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength)
  let octets = 0
  let packets = 0
  if (format === "pcapng") {
    while (octets + 12 <= taken) {
      const next = octets + view.getUint32(octets + 4, true)
      if (next > taken) break
      if (view.getUint32(octets, true) === Pcapng.ENHANCED_PACKET) packets++
      octets = next
    }
    return { octets, packets }
  }
  if (first) {
    if (taken < Pcap.FILE_HEADER_OCTETS) return { octets: 0, packets: 0 }
    octets = Pcap.FILE_HEADER_OCTETS
  }
  while (octets + Pcap.RECORD_HEADER_OCTETS <= taken) {
    const next = octets + Pcap.RECORD_HEADER_OCTETS + view.getUint32(octets + 8, true)
    if (next > taken) break
    packets++
    octets = next
  }
  return { octets, packets }
}
