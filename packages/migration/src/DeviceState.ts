/**
 * The device state of a stunned guest in octets: everything that is not memory. The guest's IP stack goes as it is (caches, ping runs,
 * deadlines as the time they had left), and where the write model has come to.
 */
import type * as GuestMemory from "@l2lab/hypervisor/GuestMemory"
import * as NetworkStack from "@l2lab/l3/NetworkStack"
import type { CodecError } from "@l2lab/l2/PayloadCodec"
import { Result } from "effect"
import * as Cbor from "./Cbor.ts"

/** What a guest is, beside its memory's pages. */
export interface DeviceState {
  readonly stack: NetworkStack.NetworkStack
  /** `writes` and `remainder` of the memory. */
  readonly writes: number
  readonly remainder: number
}

const FORMAT = 1

/** Octets of a stunned guest's state. */
export const emit = (stack: NetworkStack.NetworkStack, memory: GuestMemory.GuestMemory): Uint8Array =>
  Cbor.emit({ format: FORMAT, writes: memory.writes, remainder: memory.remainder, stack })

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value)

/** Whether `value` has the shape of `like`: the same fields of the same types, as deep as records go. */
const isLike = (value: unknown, like: unknown): boolean => {
  if (!isRecord(like)) {
    if (typeof value !== typeof like || Array.isArray(value) !== Array.isArray(like)) return false
    return !ArrayBuffer.isView(like) || (ArrayBuffer.isView(value) && value.constructor === like.constructor)
  }
  return isRecord(value) && Object.entries(like).every(([key, field]) => isLike(value[key], field))
}

/**
 * The state in these octets, for a guest whose stack was made from `config`. Total. The shape is checked against a fresh stack; what
 * the fields hold is taken as it came, as a hypervisor takes the state of a guest.
 */
export const parse = (octets: Uint8Array, config: NetworkStack.StackConfig): Result.Result<DeviceState, CodecError> => {
  const parsed = Cbor.parse(octets)
  if (Result.isFailure(parsed)) return Result.fail(parsed.failure)
  const value = parsed.success
  const refuse = (detail: string): Result.Result<never, CodecError> => Result.fail({ reason: "BadState", detail })
  if (!isRecord(value) || value["format"] !== FORMAT) return refuse(`no device state of format ${FORMAT}`)
  const { stack, writes, remainder } = value
  if (typeof writes !== "number" || typeof remainder !== "number") return refuse("the write model's count is missing")
  if (!isLike(stack, NetworkStack.make(config, 0))) return refuse("the IP stack has not the fields of one")
  // `isLike` has compared it with a real one, field by field.
  return Result.succeed({ stack: stack as NetworkStack.NetworkStack, writes, remainder })
}
