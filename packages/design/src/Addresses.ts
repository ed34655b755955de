/**
 * MAC addresses for whoever was given none. They come from the name alone, so adding a node does not change another's address, and
 * they sort as people expect: of `sw1`, `sw2` and `sw10` the first has the lowest, and so wins an election among equals.
 *
 *     first octet    02 switch, 06 host, 0a hypervisor, 0e VM   (locally administered, one adapter's own)
 *     switch         02:ss:ss:nn:n0:00    s: 16 bits from the name without its final number, n: the number; 4096 addresses apart, so
 *                                         that port p of the bridge has room for address + 1 + p
 *     hypervisor     0a:ss:ss:nn:n0:00    NIC p has address + p, VMkernel interface k address + 256 + k
 *     host, VM       06:ss:ss:ss:nn:nn    s: 24 bits, n: the number
 *
 * A number too large for its field, or written with a leading zero, and a name without one are hashed whole; where two names meet in
 * one address the later tries its next hash.
 */
import type { MacAddress } from "@l2lab/l2/MacAddress"

/** Who an address is for. */
export type Holder = "switch" | "host" | "hypervisor" | "vm"

/** How far apart the addresses of bridges, and of hypervisors, are. */
export const BLOCK = 4096

/** VMkernel interface k of a hypervisor has this much more than the host's own address, plus k. */
export const VMKERNEL_OFFSET = 256

const FIRST_OCTET: Readonly<Record<Holder, number>> = { switch: 0x02, host: 0x06, hypervisor: 0x0a, vm: 0x0e }

/** Addresses already taken, by those that were given and those that were made. */
export interface Taken {
  /** Blocks of BLOCK addresses in which every address counts as taken: address / BLOCK, rounded down. */
  readonly blocks: Set<number>
  readonly single: Set<MacAddress>
  /** Blocks in which a single address is taken: no bridge may have them. */
  readonly touched: Set<number>
}

/** Nobody has an address yet. */
export const noneTaken = (): Taken => ({ blocks: new Set(), single: new Set(), touched: new Set() })

const blockOf = (address: MacAddress): number => Math.floor(address / BLOCK)

const takeSingle = (taken: Taken, address: MacAddress): void => {
  taken.single.add(address)
  taken.touched.add(blockOf(address))
}

/** Mark an address that the design gives; the block of a bridge's is closed to others. */
export const take = (taken: Taken, holder: Holder, address: MacAddress): void => {
  if (isBlock(holder)) {
    taken.blocks.add(blockOf(address))
    // A given address may lie anywhere in its block, so the ports of the bridge may reach into the next.
    taken.blocks.add(blockOf(address + BLOCK - 1))
  } else takeSingle(taken, address)
}

/** An address for `name` that nobody has, and mark it. The same names in the same order always get the same addresses. */
export const allot = (taken: Taken, holder: Holder, name: string): MacAddress => {
  const block = isBlock(holder)
  const base = FIRST_OCTET[holder] * 2 ** 40
  for (let attempt = 0; ; attempt++) {
    const address = base + offsetOf(name, attempt, block)
    const at = blockOf(address)
    if (taken.blocks.has(at) || (block ? taken.touched.has(at) : taken.single.has(address))) continue
    if (block) taken.blocks.add(at)
    else takeSingle(taken, address)
    return address
  }
}

const isBlock = (holder: Holder): boolean => holder === "switch" || holder === "hypervisor"

const STEM_AND_NUMBER = /^(.*?)([1-9]\d{0,4})$/

/** Forty bits for a name: what follows the first octet. */
const offsetOf = (name: string, attempt: number, block: boolean): number => {
  const match = attempt === 0 ? STEM_AND_NUMBER.exec(name) : null
  const number = match === null ? 0 : Number(match[2])
  if (block) {
    if (match !== null && number < 4096) return (hash(match[1], 0) & 0xffff) * 2 ** 24 + number * BLOCK
    return (hash(name, attempt + 1) & 0xfffffff) * BLOCK
  }
  if (match !== null && number < 65536) return (hash(match[1], 0) & 0xffffff) * 65536 + number
  return (hash(name, attempt + 1) & 0xffffff) * 65536 + (hash(name, attempt + 0x10001) & 0xffff)
}

/** 32 bits from a text: multiply-xor over its UTF-16 code units, with a final mix so that like names part. */
const hash = (text: string, salt: number): number => {
  let h = (0x811c9dc5 ^ salt) | 0
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  h = Math.imul(h ^ (h >>> 16), 0x7feb352d)
  h = Math.imul(h ^ (h >>> 15), 0x846ca68b)
  return (h ^ (h >>> 16)) >>> 0
}
