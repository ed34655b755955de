/** From a frame to the BPDU in it, for protocols that know one tree and speak untagged. */
import type { EthernetFrame } from "@l2lab/l2/EthernetFrame"
import { Result } from "effect"
import * as Bpdu from "./Bpdu.ts"
import * as Discard from "./Discard.ts"

const VID = 0x0fff

/** The BPDU, or the code in `Discard` of why there is none. */
export const readFrame = ({ payload }: EthernetFrame, tci: number): Bpdu.Bpdu | number => {
  // A tag other than a priority tag makes it another VLAN's frame.
  if (tci >= 0 && (tci & VID) !== 0) return Discard.TAGGED
  if (!(payload instanceof Uint8Array)) return payload.protocol === "bpdu" ? (payload as Bpdu.Bpdu) : Discard.MALFORMED
  const parsed = Bpdu.parse(payload)
  return Result.isSuccess(parsed) ? parsed.success : Discard.ofCodecError(parsed.failure.reason)
}
