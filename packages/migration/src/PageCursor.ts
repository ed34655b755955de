/** Going through the pages of a bitmap, each in as many segments as its layout says. State of a source session: plain data. */
import * as GuestMemory from "@l2lab/hypervisor/GuestMemory"
import { PROTOCOL, PAGE, PAGES, type PageLayout, type StreamMessage } from "./VmotionMessage.ts"

/** Where a cursor stands. */
export interface PageCursor {
  /** One bit a page that is to be sent; null when there is nothing. The cursor owns it. */
  bitmap: Uint32Array | null
  /** The word of the bitmap that is being read, and what is left of it. */
  word: number
  bits: number
  /** The page of which parts are still to be sent, -1 = none; its version when its first part was read. */
  page: number
  version: number
  part: number
}

/** A cursor without a bitmap: at its end. */
export const make = (): PageCursor => ({ bitmap: null, word: 0, bits: 0, page: -1, version: 0, part: 0 })

/** Start on a bitmap. */
export const start = (cursor: PageCursor, bitmap: Uint32Array): void => {
  cursor.bitmap = bitmap
  cursor.word = 0
  cursor.bits = bitmap.length > 0 ? bitmap[0] : 0
  cursor.page = -1
}

/** The next page, -1 at the end. */
const nextPage = (cursor: PageCursor, bitmap: Uint32Array): number => {
  while (cursor.bits === 0) {
    if (cursor.word + 1 >= bitmap.length) return -1
    cursor.bits = bitmap[++cursor.word]
  }
  const bit = 31 - Math.clz32(cursor.bits & -cursor.bits)
  cursor.bits &= cursor.bits - 1
  return cursor.word * 32 + bit
}

/** The next segment of pages, with this place in the stream; null at the end. Reads the memory as it stands now. */
export const next = (
  cursor: PageCursor,
  memory: GuestMemory.GuestMemory,
  layout: PageLayout,
  migration: number,
  sequence: number,
  push: boolean,
): StreamMessage | null => {
  const { bitmap } = cursor
  if (bitmap === null) return null
  if (layout.pagesPerSegment > 1) return nextPages(cursor, bitmap, memory, layout, migration, sequence, push)
  if (cursor.page < 0) {
    cursor.page = nextPage(cursor, bitmap)
    if (cursor.page < 0) return null
    cursor.version = GuestMemory.versionOf(memory, cursor.page)
    cursor.part = 0
  }
  const { page, version, part } = cursor
  if (++cursor.part === layout.parts) cursor.page = -1
  return { protocol: PROTOCOL, migration, sequence, push, kind: PAGE, page, version, part, parts: layout.parts }
}

const nextPages = (
  cursor: PageCursor,
  bitmap: Uint32Array,
  memory: GuestMemory.GuestMemory,
  layout: PageLayout,
  migration: number,
  sequence: number,
  push: boolean,
): StreamMessage | null => {
  const pages: Array<number> = []
  const versions: Array<number> = []
  while (pages.length < layout.pagesPerSegment) {
    const page = nextPage(cursor, bitmap)
    if (page < 0) break
    pages.push(page)
    versions.push(GuestMemory.versionOf(memory, page))
  }
  return pages.length === 0 ? null : { protocol: PROTOCOL, migration, sequence, push, kind: PAGES, pages, versions }
}

/** Take the pages from `from` on out of the bitmap; how many there were. */
export const dropFrom = (bitmap: Uint32Array, from: number, pages: number): number => {
  let dropped = 0
  for (let page = from; page < pages; page++) {
    const bit = 1 << (page & 31)
    if ((bitmap[page >>> 5] & bit) === 0) continue
    bitmap[page >>> 5] &= ~bit
    dropped++
  }
  return dropped
}

/** An independent copy. */
export const copy = (cursor: PageCursor): PageCursor => ({
  ...cursor,
  bitmap: cursor.bitmap === null ? null : cursor.bitmap.slice(),
})
