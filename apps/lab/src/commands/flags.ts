/** Flags that several commands have. */
import * as Flag from "effect/cli/Flag"
import * as Option from "effect/Option"

/** `undefined` instead of an absent option, which is what plain code takes. */
export const orUndefined = <A>(flag: Flag.Flag<Option.Option<A>>): Flag.Flag<A | undefined> =>
  Flag.map(flag, Option.getOrUndefined)

export const seed = Flag.Int("seed").pipe(
  Flag.withDescription("Seed of all random streams, instead of the design's"),
  Flag.optional,
  orUndefined,
)

export const pcap = Flag.String("pcap").pipe(
  Flag.withMetavar("FILE"),
  Flag.withDescription("Capture to FILE: .pcapng (port names, comments) or .pcap"),
  Flag.optional,
  orUndefined,
)

export const json = Flag.Boolean("json").pipe(Flag.withDescription("Print JSON, for programs"), Flag.withDefault(false))

export const quiet = Flag.Boolean("quiet").pipe(
  Flag.withAlias("q"),
  Flag.withDescription("Print only what went wrong"),
  Flag.withDefault(false),
)
