/**
 * How packages teach the frame codec their payloads. Each protocol package exports its codecs; `design` (or a test) puts them into
 * one registry value. Nothing is registered globally.
 */
import { Result } from "effect"
import type { EthernetFrame, Payload, Protocol, StructuredPayload } from "./EthernetFrame.ts"

/** Why octets were refused: a tag, and numbers or a phrase that make a sentence. */
export interface CodecError {
  /** For instance `Truncated`, `BadVersion`, `BadLength`. */
  readonly reason: string
  /** A full phrase for people: `need 35 octets, have 12`. */
  readonly detail: string
}

/** `parse` never throws, on any octets; `emit` cannot fail, since nonsense cannot be built. */
export interface PayloadCodec<P extends StructuredPayload = StructuredPayload> {
  /** The `protocol` name in the payload objects. */
  readonly name: string
  /** The encapsulation under which `parse` is tried. Several codecs may share one: the first that accepts wins. */
  readonly encapsulation: Protocol
  /** Octets of the payload behind the LLC or SNAP header, without padding. */
  readonly octetLength: (payload: P) => number
  readonly emit: (payload: P) => Uint8Array
  /** `octets` may be followed by padding up to the least frame. */
  readonly parse: (octets: Uint8Array) => Result.Result<P, CodecError>
  /** One line in the manner of tcpdump. */
  readonly format: (payload: P) => string
}

/** The codecs of a world. */
export interface PayloadCodecs {
  readonly byName: ReadonlyMap<string, PayloadCodec>
  readonly byEncapsulation: ReadonlyMap<Protocol, ReadonlyArray<PayloadCodec>>
}

// A codec is only ever given payloads that carry its own name, so forgetting the payload type is sound.
// oxlint-disable-next-line typescript/no-explicit-any
export const registry = (codecs: Iterable<PayloadCodec<any>>): PayloadCodecs => {
  const byName = new Map<string, PayloadCodec>()
  const byEncapsulation = new Map<Protocol, Array<PayloadCodec>>()
  for (const codec of codecs) {
    byName.set(codec.name, codec)
    const same = byEncapsulation.get(codec.encapsulation)
    if (same === undefined) byEncapsulation.set(codec.encapsulation, [codec])
    else same.push(codec)
  }
  return { byName, byEncapsulation }
}

/** Whether a payload is one in meaning, and not octets. */
export const isStructured = (payload: Payload): payload is StructuredPayload => !(payload instanceof Uint8Array)

/** What a frame carries as this codec has it, from meaning or from octets; undefined where it cannot be read. */
export const payloadOf = <P extends StructuredPayload>({ payload }: EthernetFrame, codec: PayloadCodec<P>): P | undefined => {
  if (isStructured(payload)) return payload.protocol === codec.name ? (payload as P) : undefined
  const parsed = codec.parse(payload)
  return Result.isSuccess(parsed) ? parsed.success : undefined
}
