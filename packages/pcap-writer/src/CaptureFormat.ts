/** The three file formats, and how a file's ending chooses one. */
import { Result } from "effect"

/**
 * `pcapng`: many named interfaces, comments, directions, nanoseconds. `pcap-ns` and `pcap-us`: classic pcap with nanosecond or
 * microsecond stamps, which has no place for any of the others.
 */
export type CaptureFormat = "pcapng" | "pcap-ns" | "pcap-us"

/** A link type of the registry that pcap and pcapng share: what the first octet of a packet is. */
export type LinkType = number

/** LINKTYPE_ETHERNET: a packet begins with the destination address. */
export const ETHERNET: LinkType = 1

/** The snap length that stands for "whole packets"; what dumpcap and tcpdump write. */
export const WHOLE_PACKETS = 262_144

/**
 * The format that a file's ending asks for: `.pcapng` is pcapng, `.pcap` is classic pcap with nanosecond stamps (read by
 * Wireshark, tcpdump and every libpcap since 1.5†). Anything else is refused with a sentence for people.
 */
export const formatOf = (path: string): Result.Result<CaptureFormat, string> => {
  const lower = path.toLowerCase()
  if (lower.endsWith(".pcapng")) return Result.succeed("pcapng")
  if (lower.endsWith(".pcap")) return Result.succeed("pcap-ns")
  return Result.fail(
    `cannot tell the capture format of "${path}" from its ending: end the name in .pcapng (interface names, comments, directions) or .pcap (classic)`,
  )
}
