/**
 * The wire form of `VmotionMessage`. Big endian. A page's octets are not stored anywhere: they are made here from page and version,
 * and checked when read, so that a capture shows pages that differ where and when the guest wrote them.
 */
import { PAGE_OCTETS } from "@l2lab/hypervisor/GuestMemory"
import type { CodecError } from "@l2lab/l2/PayloadCodec"
import type { UdpPayloadCodec } from "@l2lab/l3/Udp"
import { Result, Schema } from "effect"
import * as Cbor from "./Cbor.ts"
import * as Reason from "./Reason.ts"
import * as M from "./VmotionMessage.ts"

/** Offsets in wire order; then come the fields of the kind. */
const FIELD = { magic: 0, version: 1, kind: 2, flags: 3, migration: 4, sequence: 8, body: 12 } as const

const MAGIC = 0x56
const VERSION = 1
const FLAG_PUSH = 1

const Natural = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }))

const VmSchema = Schema.Struct({
  id: Natural,
  name: Schema.optionalKey(Schema.String),
  mac: Natural,
  portGroup: Schema.String,
  address: Natural,
  prefixLength: Natural,
  gateway: Schema.optionalKey(Natural),
  memoryMib: Natural.check(Schema.isBetween({ minimum: 1, maximum: 0x1000000 })),
  touchedMib: Schema.optionalKey(Natural),
  writes: Schema.Struct({ pagesPerSecond: Natural, workingSetPages: Natural }),
  poweredOn: Schema.optionalKey(Schema.Boolean),
})
const decodeVm = Schema.decodeUnknownResult(VmSchema)

/** The octets of a VM: its keys in the order of the schema, whoever wrote them down in which. */
const vmOctets = (vm: typeof VmSchema.Type): Uint8Array => {
  const written: Readonly<Record<string, unknown>> = vm
  const keys = Object.keys(VmSchema.fields).filter((key) => written[key] !== undefined)
  return Cbor.emit(Object.fromEntries(keys.map((key) => [key, written[key]])))
}

const FIRST_FACTOR = 0x9e3779b1
const SECOND_FACTOR = 0x85ebca6b

/** Content of the page that was asked for last: a frame is mostly read right after it was written, and a page has several parts. */
const content = new Uint8Array(PAGE_OCTETS)
const contentWords = new DataView(content.buffer)
let contentPage = -1
let contentVersion = -1

/** The octets of a page: words that follow from page and version, no two pages or versions alike. Valid until the next call. */
const contentOf = (page: number, version: number): Uint8Array => {
  if (page === contentPage && version === contentVersion) return content
  contentPage = page
  contentVersion = version
  let word = Math.imul(page + 1, FIRST_FACTOR)
  const step = Math.imul(version + 1, SECOND_FACTOR) | 1
  for (let offset = 0; offset < PAGE_OCTETS; offset += 4) {
    contentWords.setUint32(offset, word)
    word = (word + step) | 0
  }
  return content
}

const writeContent = (octets: Uint8Array, offset: number, page: number, version: number, from: number, count: number): void =>
  octets.set(contentOf(page, version).subarray(from, from + count), offset)

/** Whether the octets at `offset` are those of the page from `from` on. Four at a time: forced octets come through here by the million. */
const isContent = (view: DataView, offset: number, page: number, version: number, from: number, count: number): boolean => {
  contentOf(page, version)
  let i = 0
  for (; i + 4 <= count; i += 4) if (view.getInt32(offset + i) !== contentWords.getInt32(from + i)) return false
  for (; i < count; i++) if (view.getUint8(offset + i) !== content[from + i]) return false
  return true
}

/** Octets that `emit` makes of a message. */
export const octetLength = (message: M.VmotionMessage): number => {
  switch (message.kind) {
    case M.PAGE:
      return M.PAGE_HEADER_OCTETS + M.partOctets(message.part, message.parts)
    case M.PAGES:
      return M.PAGES_HEADER_OCTETS + message.pages.length * (M.WHOLE_PAGE_HEADER_OCTETS + PAGE_OCTETS)
    case M.CHECK:
      return M.HEADER_OCTETS + vmOctets(message.vm).length
    case M.STATE:
      return M.STATE_HEADER_OCTETS + message.octets.length
    case M.ZEROS:
    case M.ROUND:
    case M.STUNNED:
      return M.HEADER_OCTETS + 8
    case M.CHECKED:
    case M.PREPARED:
    case M.VERDICT:
      return M.HEADER_OCTETS + 4
    default:
      return M.HEADER_OCTETS
  }
}

const emitBody = (message: M.VmotionMessage, octets: Uint8Array, view: DataView): void => {
  const at = FIELD.body
  switch (message.kind) {
    case M.PAGE: {
      view.setUint32(at, message.page)
      view.setUint32(at + 4, message.version)
      octets[at + 8] = message.part
      octets[at + 9] = message.parts
      const count = M.partOctets(message.part, message.parts)
      view.setUint16(at + 10, count)
      const from = message.part * M.partOctets(0, message.parts)
      writeContent(octets, M.PAGE_HEADER_OCTETS, message.page, message.version, from, count)
      return
    }
    case M.PAGES: {
      view.setUint32(at, message.pages.length)
      let offset = M.PAGES_HEADER_OCTETS
      message.pages.forEach((page, i) => {
        view.setUint32(offset, page)
        view.setUint32(offset + 4, message.versions[i])
        writeContent(octets, offset + M.WHOLE_PAGE_HEADER_OCTETS, page, message.versions[i], 0, PAGE_OCTETS)
        offset += M.WHOLE_PAGE_HEADER_OCTETS + PAGE_OCTETS
      })
      return
    }
    case M.CHECK:
      octets.set(vmOctets(message.vm), at)
      return
    case M.STATE:
      view.setUint32(at, message.offset)
      view.setUint32(at + 4, message.total)
      view.setUint32(at + 8, message.octets.length)
      octets.set(message.octets, M.STATE_HEADER_OCTETS)
      return
    case M.ZEROS:
      view.setUint32(at, message.page)
      view.setUint32(at + 4, message.count)
      return
    case M.ROUND:
    case M.STUNNED:
      view.setUint32(at, message.round)
      view.setUint32(at + 4, message.pages)
      return
    case M.CHECKED:
    case M.PREPARED:
      view.setUint32(at, message.reason)
      return
    case M.VERDICT:
      view.setUint16(at, message.outcome)
      view.setUint16(at + 2, message.reason)
      return
  }
}

/** Octets of a message. Cannot fail: no message is nonsense. */
export const emit = (message: M.VmotionMessage): Uint8Array => {
  const octets = new Uint8Array(octetLength(message))
  const view = new DataView(octets.buffer)
  octets[FIELD.magic] = MAGIC
  octets[FIELD.version] = VERSION
  octets[FIELD.kind] = message.kind
  octets[FIELD.flags] = message.push ? FLAG_PUSH : 0
  view.setUint32(FIELD.migration, message.migration)
  view.setUint32(FIELD.sequence, message.sequence)
  emitBody(message, octets, view)
  return octets
}

const fail = (reason: string, detail: string): Result.Result<never, CodecError> => Result.fail({ reason, detail })

type Parsed = Result.Result<M.VmotionMessage, CodecError>

interface Head {
  readonly protocol: typeof M.PROTOCOL
  readonly migration: number
  readonly sequence: number
  readonly push: boolean
}

const parsePage = (head: Head, octets: Uint8Array, view: DataView): Parsed => {
  if (octets.length < M.PAGE_HEADER_OCTETS) return fail("Truncated", `a page needs ${M.PAGE_HEADER_OCTETS} octets of header`)
  const at = FIELD.body
  const page = view.getUint32(at)
  const version = view.getUint32(at + 4)
  const part = octets[at + 8]
  const parts = octets[at + 9]
  const count = view.getUint16(at + 10)
  if (part >= parts) return fail("BadPart", `part ${part} of ${parts}`)
  if (count !== M.partOctets(part, parts) || count <= 0) return fail("BadLength", `part ${part} of ${parts} has ${count} octets`)
  if (octets.length !== M.PAGE_HEADER_OCTETS + count) return fail("BadLength", `${count} octets of page in ${octets.length}`)
  if (!isContent(view, M.PAGE_HEADER_OCTETS, page, version, part * M.partOctets(0, parts), count))
    return fail("BadContent", `the octets are not those of page ${page} version ${version}`)
  return Result.succeed({ ...head, kind: M.PAGE, page, version, part, parts })
}

const parsePages = (head: Head, octets: Uint8Array, view: DataView): Parsed => {
  if (octets.length < M.PAGES_HEADER_OCTETS) return fail("Truncated", `pages need ${M.PAGES_HEADER_OCTETS} octets of header`)
  const count = view.getUint32(FIELD.body)
  const each = M.WHOLE_PAGE_HEADER_OCTETS + PAGE_OCTETS
  if (octets.length !== M.PAGES_HEADER_OCTETS + count * each)
    return fail("BadLength", `${count} pages in ${octets.length} octets`)
  const pages: Array<number> = []
  const versions: Array<number> = []
  for (let i = 0, offset = M.PAGES_HEADER_OCTETS; i < count; i++, offset += each) {
    const page = view.getUint32(offset)
    const version = view.getUint32(offset + 4)
    if (!isContent(view, offset + M.WHOLE_PAGE_HEADER_OCTETS, page, version, 0, PAGE_OCTETS))
      return fail("BadContent", `the octets are not those of page ${page} version ${version}`)
    pages.push(page)
    versions.push(version)
  }
  return Result.succeed({ ...head, kind: M.PAGES, pages, versions })
}

const parseCheck = (head: Head, octets: Uint8Array): Parsed => {
  const value = Cbor.parse(octets.subarray(FIELD.body))
  if (Result.isFailure(value)) return Result.fail(value.failure)
  const vm = decodeVm(value.success, { onExcessProperty: "error" })
  if (Result.isFailure(vm)) return fail("BadVm", String(vm.failure))
  return Result.succeed({ ...head, kind: M.CHECK, vm: vm.success })
}

const parseState = (head: Head, octets: Uint8Array, view: DataView): Parsed => {
  if (octets.length < M.STATE_HEADER_OCTETS) return fail("Truncated", `state needs ${M.STATE_HEADER_OCTETS} octets of header`)
  const offset = view.getUint32(FIELD.body)
  const total = view.getUint32(FIELD.body + 4)
  const length = view.getUint32(FIELD.body + 8)
  const piece = octets.slice(M.STATE_HEADER_OCTETS)
  if (piece.length !== length) return fail("BadLength", `${length} octets of state in ${octets.length}`)
  if (offset + piece.length > total) return fail("BadLength", `${piece.length} octets at ${offset} of ${total}`)
  return Result.succeed({ ...head, kind: M.STATE, offset, total, octets: piece })
}

const parseVerdict = (head: Head, view: DataView): Parsed => {
  const outcome = view.getUint16(FIELD.body)
  if (outcome !== M.OUTCOME_UNKNOWN && outcome !== M.OUTCOME_ABORTED && outcome !== M.OUTCOME_RUNNING)
    return fail("BadOutcome", `outcome ${outcome} is not 0, 1 or 2`)
  return Result.succeed({ ...head, kind: M.VERDICT, outcome, reason: view.getUint16(FIELD.body + 2) })
}

/** Kinds whose body is a fixed number of octets. */
const FIXED_BODY: ReadonlyMap<number, number> = new Map([
  [M.PREPARE, 0],
  [M.ROUND, 8],
  [M.ZEROS, 8],
  [M.STUNNED, 8],
  [M.RESUME, 0],
  [M.REMOVED, 0],
  [M.ROUND_END, 0],
  [M.CHECKED, 4],
  [M.PREPARED, 4],
  [M.RESUMED, 0],
  [M.ACK, 0],
  [M.QUERY, 0],
  [M.VERDICT, 4],
])

/** The message that all of `octets` stand for. Total: any octets give a message or a reason. */
export const parse = (octets: Uint8Array): Parsed => {
  if (octets.length < M.HEADER_OCTETS) return fail("Truncated", `need ${M.HEADER_OCTETS} octets, have ${octets.length}`)
  if (octets[FIELD.magic] !== MAGIC) return fail("BadMagic", `starts with ${octets[FIELD.magic]}, not with ${MAGIC}`)
  if (octets[FIELD.version] !== VERSION) return fail("BadVersion", `version ${octets[FIELD.version]} is not ${VERSION}`)
  if (octets[FIELD.flags] > FLAG_PUSH) return fail("BadFlags", `flags ${octets[FIELD.flags]}`)
  const view = new DataView(octets.buffer, octets.byteOffset, octets.byteLength)
  const kind = octets[FIELD.kind]
  const head: Head = {
    protocol: M.PROTOCOL,
    migration: view.getUint32(FIELD.migration),
    sequence: view.getUint32(FIELD.sequence),
    push: octets[FIELD.flags] === FLAG_PUSH,
  }
  const body = FIXED_BODY.get(kind)
  if (body !== undefined && octets.length !== FIELD.body + body)
    return fail("BadLength", `a message of kind ${kind} has ${FIELD.body + body} octets, not ${octets.length}`)
  switch (kind) {
    case M.CHECK:
      return parseCheck(head, octets)
    case M.PAGE:
      return parsePage(head, octets, view)
    case M.PAGES:
      return parsePages(head, octets, view)
    case M.STATE:
      return parseState(head, octets, view)
    case M.VERDICT:
      return parseVerdict(head, view)
    case M.ZEROS:
      return Result.succeed({ ...head, kind, page: view.getUint32(FIELD.body), count: view.getUint32(FIELD.body + 4) })
    case M.ROUND:
    case M.STUNNED:
      return Result.succeed({ ...head, kind, round: view.getUint32(FIELD.body), pages: view.getUint32(FIELD.body + 4) })
    case M.CHECKED:
    case M.PREPARED:
      return Result.succeed({ ...head, kind, reason: view.getUint32(FIELD.body) })
    case M.PREPARE:
    case M.RESUME:
    case M.RESUMED:
    case M.REMOVED:
    case M.ROUND_END:
    case M.ACK:
    case M.QUERY:
      return Result.succeed({ ...head, kind })
    default:
      return fail("BadKind", `kind ${kind} is not used`)
  }
}

const NAMES: Readonly<Record<M.VmotionMessage["kind"], string>> = {
  [M.CHECK]: "check",
  [M.PREPARE]: "prepare",
  [M.ROUND]: "round",
  [M.PAGE]: "page",
  [M.PAGES]: "pages",
  [M.ZEROS]: "zero pages",
  [M.STUNNED]: "stunned",
  [M.STATE]: "state",
  [M.RESUME]: "resume",
  [M.REMOVED]: "removed",
  [M.ROUND_END]: "round end",
  [M.CHECKED]: "checked",
  [M.PREPARED]: "prepared",
  [M.RESUMED]: "resumed",
  [M.ACK]: "ack",
  [M.VERDICT]: "verdict",
  [M.QUERY]: "query",
}

const details = (message: M.VmotionMessage): string => {
  switch (message.kind) {
    case M.CHECK:
      return ` VM ${message.vm.id}, ${message.vm.memoryMib} MiB`
    case M.PAGE:
      return ` ${message.page} version ${message.version} part ${message.part + 1}/${message.parts}`
    case M.PAGES:
      return ` ${message.pages.join(",")}`
    case M.ZEROS:
      return ` ${message.page}+${message.count}`
    case M.ROUND:
      return ` ${message.round}, ${message.pages} pages`
    case M.STUNNED:
      return `, ${message.pages} pages`
    case M.STATE:
      return ` ${message.offset}+${message.octets.length}/${message.total}`
    case M.CHECKED:
    case M.PREPARED:
      return `: ${Reason.nameOf(message.reason)}`
    case M.VERDICT:
      return `: ${["unknown", "aborted", "running"][message.outcome]}`
    default:
      return ""
  }
}

/** `vMotion 1a2b3c4d seq 17 page 5 version 3 part 1/3`. */
export const format = (message: M.VmotionMessage): string =>
  `vMotion ${message.migration.toString(16).padStart(8, "0")} seq ${message.sequence} ${NAMES[message.kind]}${details(message)}`

/** For `codecs([...])` of `@l2lab/l3/codecs`. */
export const codec: UdpPayloadCodec<M.VmotionMessage> = {
  port: M.PORT,
  name: M.PROTOCOL,
  octetLength,
  emit,
  parse,
  format,
}
