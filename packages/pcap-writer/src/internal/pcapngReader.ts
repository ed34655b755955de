/** The pcapng half of `PcapReader`. */
import { Result } from "effect"
import type { ReadCapture, ReadError, ReadInterface, ReadPacket, ReadSection } from "../PcapReader.ts"
import * as Pcapng from "../Pcapng.ts"

/** Octets of a block without a body: type, length, length again. */
const EMPTY_BLOCK = 12

interface Reading {
  readonly octets: Uint8Array
  readonly view: DataView
  little: boolean
  /** Index in `interfaces` of the current section's interface 0. */
  firstInterface: number
  readonly sections: Array<ReadSection>
  readonly interfaces: Array<ReadInterface>
  readonly packets: Array<ReadPacket>
}

/** One option: its code and where its value lies. */
interface OptionValue {
  readonly code: number
  readonly at: number
  readonly length: number
}

type Step = ReadError | undefined

/** Read a pcapng file, in either byte order, with any number of sections. Never throws. */
export const readPcapng = (octets: Uint8Array, view: DataView): Result.Result<ReadCapture, ReadError> => {
  const reading: Reading = { octets, view, little: true, firstInterface: 0, sections: [], interfaces: [], packets: [] }
  let bigEndian = false
  let offset = 0
  while (offset < octets.length) {
    const left = octets.length - offset
    if (left < EMPTY_BLOCK) return Result.fail(error("Truncated", `need ${EMPTY_BLOCK} octets for a block, have ${left}`, offset))
    // The type of a section header reads the same in both orders; it announces the order of everything behind it.
    if (view.getUint32(offset, true) === Pcapng.SECTION_HEADER) {
      const magic = view.getUint32(offset + 8, true)
      if (magic !== Pcapng.BYTE_ORDER_MAGIC && view.getUint32(offset + 8, false) !== Pcapng.BYTE_ORDER_MAGIC)
        return Result.fail(error("NotACapture", `a section header without the byte-order magic`, offset))
      reading.little = magic === Pcapng.BYTE_ORDER_MAGIC
      if (offset === 0) bigEndian = !reading.little
    }
    const length = view.getUint32(offset + 4, reading.little)
    if (length < EMPTY_BLOCK || (length & 3) !== 0)
      return Result.fail(
        error("BadLength", `a block of ${length} octets; a block has ${EMPTY_BLOCK} or more, a multiple of 4`, offset),
      )
    if (length > left) return Result.fail(error("Truncated", `need ${length} octets for a block, have ${left}`, offset))
    const again = view.getUint32(offset + length - 4, reading.little)
    if (again !== length) return Result.fail(error("BadLength", `a block of ${length} octets whose end says ${again}`, offset))
    const failure = readBlock(reading, offset, length)
    if (failure !== undefined) return Result.fail(failure)
    offset += length
  }
  const { sections, interfaces, packets } = reading
  return Result.succeed({ format: "pcapng", bigEndian, sections, interfaces, packets })
}

const error = (reason: ReadError["reason"], detail: string, offset: number): ReadError => ({ reason, detail, offset })

const readBlock = (reading: Reading, block: number, length: number): Step => {
  switch (reading.view.getUint32(block, reading.little)) {
    case Pcapng.SECTION_HEADER:
      return readSection(reading, block, length)
    case Pcapng.INTERFACE_DESCRIPTION:
      return readInterface(reading, block, length)
    case Pcapng.ENHANCED_PACKET:
      return readEnhancedPacket(reading, block, length)
    case Pcapng.SIMPLE_PACKET:
      return readSimplePacket(reading, block, length)
    default:
      return undefined
  }
}

const readSection = (reading: Reading, block: number, length: number): Step => {
  if (length < 28) return error("BadLength", `a section header of ${length} octets; it has 28 or more`, block)
  const major = reading.view.getUint16(block + 12, reading.little)
  if (major !== 1) return error("BadVersion", `expected version 1.x, got ${major}`, block)
  const options = readOptions(reading, block, block + 24, block + length - 4)
  if (Result.isFailure(options)) return options.failure
  reading.firstInterface = reading.interfaces.length
  reading.sections.push({
    comments: texts(reading, options.success, Pcapng.OPTION.comment),
    hardware: text(reading, options.success, Pcapng.OPTION.sectionHardware),
    os: text(reading, options.success, Pcapng.OPTION.sectionOs),
    application: text(reading, options.success, Pcapng.OPTION.sectionApplication),
  })
  return undefined
}

const readInterface = (reading: Reading, block: number, length: number): Step => {
  if (length < 20) return error("BadLength", `an interface description of ${length} octets; it has 20 or more`, block)
  const { view, little, octets } = reading
  const result = readOptions(reading, block, block + 16, block + length - 4)
  if (Result.isFailure(result)) return result.failure
  const options = result.success
  const mac = find(options, Pcapng.OPTION.interfaceMacAddress)
  const speed = find(options, Pcapng.OPTION.interfaceSpeed)
  const resolution = find(options, Pcapng.OPTION.interfaceTimestampResolution)
  const fcs = find(options, Pcapng.OPTION.interfaceFcsLength)
  const timestampOffset = find(options, Pcapng.OPTION.interfaceTimestampOffset)
  const wrong =
    wrongSize(mac, 6, block) ??
    wrongSize(speed, 8, block) ??
    wrongSize(resolution, 1, block) ??
    wrongSize(fcs, 1, block) ??
    wrongSize(timestampOffset, 8, block)
  if (wrong !== undefined) return wrong
  reading.interfaces.push({
    linkType: view.getUint16(block + 8, little),
    snapLength: view.getUint32(block + 12, little),
    name: text(reading, options, Pcapng.OPTION.interfaceName),
    description: text(reading, options, Pcapng.OPTION.interfaceDescription),
    comments: texts(reading, options, Pcapng.OPTION.comment),
    hardware: text(reading, options, Pcapng.OPTION.interfaceHardware),
    macAddress: mac === undefined ? undefined : octets.subarray(mac.at, mac.at + 6),
    rateBps: speed === undefined ? undefined : Number(view.getBigUint64(speed.at, little)),
    fcsOctets: fcs === undefined ? undefined : octets[fcs.at],
    timestampResolution: resolution === undefined ? 6 : octets[resolution.at],
    timestampOffsetSeconds: timestampOffset === undefined ? 0 : Number(view.getBigInt64(timestampOffset.at, little)),
  })
  return undefined
}

const readEnhancedPacket = (reading: Reading, block: number, length: number): Step => {
  if (length < 32) return error("BadLength", `a packet block of ${length} octets; it has 32 or more`, block)
  const { view, little } = reading
  const number = view.getUint32(block + 8, little)
  const from = findInterface(reading, number)
  if (from === undefined) return noInterface(reading, number, block)
  const captured = view.getUint32(block + 20, little)
  const originalLength = view.getUint32(block + 24, little)
  if (captured > length - 32)
    return error("BadLength", `${captured} octets captured in a packet block that has room for ${length - 32}`, block)
  const data = block + 28
  const result = readOptions(reading, block, data + captured + (-captured & 3), block + length - 4)
  if (Result.isFailure(result)) return result.failure
  const flags = find(result.success, Pcapng.OPTION.packetFlags)
  const wrong = wrongSize(flags, 4, block)
  if (wrong !== undefined) return wrong
  const direction = flags === undefined ? 0 : view.getUint32(flags.at, little) & 3
  const high = BigInt(view.getUint32(block + 12, little))
  const stamp = (high << 32n) | BigInt(view.getUint32(block + 16, little))
  reading.packets.push({
    interface: reading.firstInterface + number,
    ...instant(stamp, from),
    octets: reading.octets.subarray(data, data + captured),
    originalLength,
    direction: direction === 1 ? "in" : direction === 2 ? "out" : undefined,
    comments: texts(reading, result.success, Pcapng.OPTION.comment),
  })
  return undefined
}

/** A simple packet block has neither interface nor stamp: interface 0, instant 0, cut by the interface's snap length. */
const readSimplePacket = (reading: Reading, block: number, length: number): Step => {
  if (length < 16) return error("BadLength", `a simple packet block of ${length} octets; it has 16 or more`, block)
  const from = findInterface(reading, 0)
  if (from === undefined) return noInterface(reading, 0, block)
  const originalLength = reading.view.getUint32(block + 8, reading.little)
  const captured = from.snapLength === 0 ? originalLength : Math.min(originalLength, from.snapLength)
  if (captured > length - 16)
    return error("BadLength", `${captured} octets captured in a packet block that has room for ${length - 16}`, block)
  reading.packets.push({
    interface: reading.firstInterface,
    seconds: 0,
    nanoseconds: 0,
    octets: reading.octets.subarray(block + 12, block + 12 + captured),
    originalLength,
    direction: undefined,
    comments: [],
  })
  return undefined
}

const findInterface = (reading: Reading, number: number): ReadInterface | undefined =>
  reading.interfaces[reading.firstInterface + number]

const noInterface = (reading: Reading, number: number, block: number): ReadError =>
  error(
    "BadInterface",
    `a packet of interface ${number}, of which the section has ${reading.interfaces.length - reading.firstInterface}`,
    block,
  )

const SECOND = 1_000_000_000n

/** Seconds and nanoseconds of a stamp in the interface's units; what is finer than a nanosecond is cut off. */
const instant = (stamp: bigint, from: ReadInterface): { readonly seconds: number; readonly nanoseconds: number } => {
  const exponent = BigInt(from.timestampResolution & 0x7f)
  const perSecond = from.timestampResolution < 128 ? 10n ** exponent : 2n ** exponent
  const seconds = stamp / perSecond
  return {
    seconds: Number(seconds) + from.timestampOffsetSeconds,
    nanoseconds: Number(((stamp - seconds * perSecond) * SECOND) / perSecond),
  }
}

const readOptions = (
  reading: Reading,
  block: number,
  from: number,
  end: number,
): Result.Result<Array<OptionValue>, ReadError> => {
  const options: Array<OptionValue> = []
  let at = from
  while (at < end) {
    if (end - at < 4) return Result.fail(error("BadOption", `need 4 octets for an option, have ${end - at}`, block))
    const code = reading.view.getUint16(at, reading.little)
    const length = reading.view.getUint16(at + 2, reading.little)
    if (code === Pcapng.OPTION.end) {
      if (length !== 0) return Result.fail(error("BadOption", `the end of options has a length of ${length}`, block))
      return Result.succeed(options)
    }
    const padded = length + (-length & 3)
    if (padded > end - at - 4)
      return Result.fail(error("BadOption", `option ${code} of ${length} octets, of which the block has ${end - at - 4}`, block))
    options.push({ code, at: at + 4, length })
    at += 4 + padded
  }
  return Result.succeed(options)
}

const find = (options: ReadonlyArray<OptionValue>, code: number): OptionValue | undefined =>
  options.find((option) => option.code === code)

const wrongSize = (option: OptionValue | undefined, size: number, block: number): Step =>
  option === undefined || option.length === size
    ? undefined
    : error("BadOption", `option ${option.code} of ${option.length} octets; it has ${size}`, block)

// Text that is no UTF-8 is shown with replacement characters: a damaged comment is no reason to refuse a capture.
const decoder = new TextDecoder("utf-8", { ignoreBOM: true })

const decode = (reading: Reading, option: OptionValue): string =>
  decoder.decode(reading.octets.subarray(option.at, option.at + option.length))

const text = (reading: Reading, options: ReadonlyArray<OptionValue>, code: number): string | undefined => {
  const option = find(options, code)
  return option === undefined ? undefined : decode(reading, option)
}

const texts = (reading: Reading, options: ReadonlyArray<OptionValue>, code: number): Array<string> =>
  options.filter((option) => option.code === code).map((option) => decode(reading, option))
