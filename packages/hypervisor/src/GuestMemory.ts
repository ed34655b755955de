/**
 * The memory of a guest: 4 KiB pages, a model of how the guest writes them, and the dirty log that pre-copy lives on.
 *
 * Content is not stored. A page's *version* is the number of the last write to it since the log was switched on (0 = none), and its
 * octets follow from page and version; two memories are equal when their versions are. Writes are a function of the write's number,
 * so nothing is computed for them while the log is off: only their count advances, and there are no versions. Memories of more
 * than 1 GiB never have versions, only the log.
 */
import type { Digest } from "@l2lab/sim/Digest"
import { type DurationNs, SECOND, type SimTime } from "@l2lab/sim/SimTime"
import type { VmConfig } from "./HostConfig.ts"

/** Octets of a page. */
export const PAGE_OCTETS = 4096
/** Pages of a MiB. */
export const PAGES_PER_MIB = 256

/** Largest memory, in pages, of which versions are kept: 1 GiB. */
export const VERSIONED_PAGES = 262_144

/** Version of a page that has not arrived on this host yet. */
export const ABSENT = 0xffffffff

/** The state of a memory: plain data, some 100 octets, and bitmap and versions while it moves. */
export interface GuestMemory {
  readonly pages: number
  /** Pages from this one on are zero until they are written. */
  readonly touchedPages: number
  /** Page writes a second of guest run time. */
  readonly pagesPerSecond: number
  /** Writes fall on pages 0 .. workingSetPages - 1. */
  readonly workingSetPages: number
  /** Chooses the sequence of written pages: the VM's id. */
  readonly seed: number
  /** Whether the guest runs: a stunned guest writes nothing. */
  running: boolean
  /** Writes are counted up to this instant. */
  since: SimTime
  /** The part of the next write that is done, in write-nanoseconds: 0 .. 10^9 - 1. */
  remainder: number
  /** Writes so far: the number of the last write. */
  writes: number
  /** One bit a page, set by a write; null while the log is off. */
  dirty: Uint32Array | null
  /** Bits set in `dirty`. */
  dirtyPages: number
  /** By page; null while the log is off, and always for large memories. */
  versions: Uint32Array | null
}

/** A memory whose guest does not run yet. */
export const make = (vm: VmConfig): GuestMemory => {
  const pages = vm.memoryMib * PAGES_PER_MIB
  const writes = vm.writes.pagesPerSecond > 0
  const workingSetPages = writes ? Math.min(vm.writes.workingSetPages, pages) : 0
  return {
    pages,
    touchedPages: Math.min(pages, Math.max((vm.touchedMib ?? vm.memoryMib) * PAGES_PER_MIB, workingSetPages)),
    pagesPerSecond: workingSetPages === 0 ? 0 : vm.writes.pagesPerSecond,
    workingSetPages,
    seed: vm.id,
    running: false,
    since: 0,
    remainder: 0,
    writes: 0,
    dirty: null,
    dirtyPages: 0,
    versions: null,
  }
}

/** A memory of which no page has arrived yet: what a shell has. */
export const makeAbsent = (vm: VmConfig): GuestMemory => {
  const memory = make(vm)
  if (memory.pages <= VERSIONED_PAGES) memory.versions = new Uint32Array(memory.pages).fill(ABSENT)
  return memory
}

/** Octets of a dirty log, in 32-bit words. */
export const bitmapWords = (pages: number): number => (pages + 31) >>> 5

/** A bitmap with the bits of all pages set. */
export const fullBitmap = (pages: number): Uint32Array => {
  const bitmap = new Uint32Array(bitmapWords(pages)).fill(0xffffffff)
  if ((pages & 31) !== 0) bitmap[bitmap.length - 1] = (1 << (pages & 31)) - 1
  return bitmap
}

/** The page that write number `write` (1, 2, ...) falls on: uniform over the working set, a function of nothing else. */
export const pageOfWrite = (memory: GuestMemory, write: number): number => {
  let x = Math.imul(write | 0, 0x9e3779b1) ^ Math.imul(memory.seed, 0x85ebca6b) ^ Math.trunc(write / 4294967296)
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d)
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b)
  x ^= x >>> 16
  return Math.floor(((x >>> 0) * memory.workingSetPages) / 4294967296)
}

/** Writes of a run time, with the remainder before it: whole writes, and the new remainder. The product of both factors stays below 2^53. */
const countWrites = (memory: GuestMemory, elapsed: DurationNs): number => {
  const whole = Math.floor(elapsed / SECOND)
  const part = (elapsed - whole * SECOND) * memory.pagesPerSecond + memory.remainder
  const writes = Math.floor(part / SECOND)
  memory.remainder = part - writes * SECOND
  return whole * memory.pagesPerSecond + writes
}

/** Let the guest's writes up to `now` happen. */
export const advance = (memory: GuestMemory, now: SimTime): void => {
  if (!memory.running || now === memory.since) return
  const count = countWrites(memory, now - memory.since)
  memory.since = now
  const { dirty, versions } = memory
  if (dirty !== null) {
    for (let write = memory.writes + 1, last = memory.writes + count; write <= last; write++) {
      const page = pageOfWrite(memory, write)
      const word = page >>> 5
      const bit = 1 << (page & 31)
      if ((dirty[word] & bit) === 0) {
        dirty[word] |= bit
        memory.dirtyPages++
      }
      if (versions !== null) versions[page] = write
    }
  }
  memory.writes += count
}

/** The guest runs from now on. */
export const run = (memory: GuestMemory, now: SimTime): void => {
  memory.running = true
  memory.since = now
}

/** The guest stands still from now on; its writes up to now happen first. */
export const pause = (memory: GuestMemory, now: SimTime): void => {
  advance(memory, now)
  memory.running = false
}

/** Switch the dirty log on, empty. Content has versions from here on, all pages starting with 0. */
export const startLogging = (memory: GuestMemory, now: SimTime): void => {
  advance(memory, now)
  memory.dirty = new Uint32Array(bitmapWords(memory.pages))
  memory.dirtyPages = 0
  memory.versions = memory.pages <= VERSIONED_PAGES ? new Uint32Array(memory.pages) : null
}

/** Switch the dirty log off; it and all versions are forgotten. */
export const stopLogging = (memory: GuestMemory, now: SimTime): void => {
  advance(memory, now)
  memory.dirty = null
  memory.dirtyPages = 0
  memory.versions = null
}

/** Take what was logged and go on with `empty`, a bitmap of the same size without bits. The log must be on. */
export const exchangeLog = (memory: GuestMemory, empty: Uint32Array): Uint32Array => {
  const logged = memory.dirty ?? empty
  memory.dirty = empty
  memory.dirtyPages = 0
  return logged
}

/** The version of a page; 0 where versions are not kept. */
export const versionOf = (memory: GuestMemory, page: number): number => (memory.versions === null ? 0 : memory.versions[page])

/** Whether a page holds nothing but zeros. */
export const isZero = (memory: GuestMemory, page: number): boolean => page >= memory.touchedPages

/** A 32-bit hash of all content, by which two hosts' copies can be compared; 0 where versions are not kept. */
export const contentHash = (memory: GuestMemory): number => {
  if (memory.versions === null) return 0
  let hash = memory.pages | 0
  for (let page = 0; page < memory.pages; page++) hash = Math.imul(hash ^ memory.versions[page], 0x01000193) ^ (hash >>> 15)
  return hash >>> 0
}

/** An independent copy. */
export const copy = (memory: GuestMemory): GuestMemory => ({
  ...memory,
  dirty: memory.dirty === null ? null : memory.dirty.slice(),
  versions: memory.versions === null ? null : memory.versions.slice(),
})

/** Fold what distinguishes this memory; the instant up to which writes are counted is relative to `now`. */
export const fingerprint = (memory: GuestMemory, digest: Digest, now: SimTime): void => {
  digest.int(memory.running ? 1 : 0)
  if (memory.running) digest.number(memory.since - now)
  digest.number(memory.remainder)
  digest.number(memory.writes)
  digest.number(memory.dirtyPages)
  if (memory.dirty !== null) digest.numbers(memory.dirty)
  digest.int(contentHash(memory))
}
