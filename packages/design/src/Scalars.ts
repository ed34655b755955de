/**
 * The single values of a design file, as Schemas. The file form is kept (text stays text): a value is checked here, once, and turned
 * into numbers by `Expand`. Each carries `expected`, the phrase that an error about a wrong type uses, and its JSON Schema.
 */
import * as MacAddress from "@l2lab/l2/MacAddress"
import * as Ipv4Address from "@l2lab/l3/Ipv4Address"
import { Schema } from "effect"
import * as IpNetwork from "./IpNetwork.ts"
import * as Units from "./Units.ts"

/** A text that `problemOf` accepts; `pattern` is what editors check it by. */
const text = (expected: string, pattern: string, problemOf: (text: string) => string | undefined) =>
  Schema.String.annotate({ expected }).check(Schema.makeFilter(problemOf, { toJsonSchema: () => [{ pattern }, true] }))

const problem = (reading: Units.Reading): string | undefined => (Units.isValue(reading) ? undefined : reading.problem)

/** A whole number from `minimum` to `maximum`; `outside` makes the sentence for one that is not. */
export const integer = (expected: string, minimum: number, maximum: number, outside?: (value: number) => string) =>
  Schema.Number.annotate({ expected }).check(
    Schema.isFinite({ expected }),
    Schema.makeFilter(
      (value: number) =>
        Number.isInteger(value) && value >= minimum && value <= maximum
          ? undefined
          : (outside?.(value) ?? `${value} is out of range: write ${expected}`),
      { toJsonSchema: () => ({ type: "integer", minimum, maximum }) },
    ),
  )

/** Any text on one line. */
export const Text = Schema.String.annotate({ expected: "a text" })

/** Yes or no. */
export const YesNo = Schema.Boolean.annotate({ expected: "true or false" })

/** A VLAN id that frames may carry. */
export const VlanId = integer(
  "a VLAN id from 1 to 4094",
  1,
  4094,
  (value) => `VLAN ${value} does not exist: VLAN ids are whole numbers from 1 to 4094`,
)

/** VLANs `20-30`. */
export const VlanRange = text("a range of VLANs like 20-30", "^[0-9]{1,4} *- *[0-9]{1,4}$", (range) =>
  problemOfRange(range, 4094, "VLAN"),
)

/** VLANs in a list: ids and ranges. */
export const VlanList = Schema.Array(
  Schema.Union([VlanId, VlanRange]).annotate({ expected: "a VLAN id from 1 to 4094 or a range like 20-30" }),
).annotate({ expected: "a list of VLANs like [1, 10, 20-30]" })

/** First and last of `20-30`; undefined when the text is no range of numbers. */
export const rangeOf = (range: string): readonly [first: number, last: number] | undefined => {
  const match = /^(\d{1,5}) *- *(\d{1,5})$/.exec(range)
  return match === null ? undefined : [Number(match[1]), Number(match[2])]
}

const problemOfRange = (range: string, maximum: number, noun: string): string | undefined => {
  const ends = rangeOf(range)
  if (ends === undefined) return `"${range}" is not a ${noun} or a range of ${noun}s: write it like 20-30`
  const [first, last] = ends
  const beyond = first < 1 || first > maximum ? first : last < 1 || last > maximum ? last : undefined
  if (beyond !== undefined) return `${noun} ${beyond} does not exist: ${noun} ids are whole numbers from 1 to ${maximum}`
  return first > last ? `the range ${range} runs backwards: write ${last}-${first}` : undefined
}

/** Bits per second with a unit: `100M`, `1G`, `10G`. */
export const Rate = text("a rate with its unit, like 1G", "^[0-9]+(\\.[0-9]+)? *[KMGT]$", (rate) => problem(Units.rateBps(rate)))

/** Octets with a unit: `64KiB`, `1MiB`, `4GiB`. */
export const Size = text("a size with its unit, like 1GiB", "^[0-9]+(\\.[0-9]+)? *([KMGT]iB|B)$", (size) =>
  problem(Units.sizeOctets(size)),
)

/** A time with a unit: `500ns`, `20us`, `2ms`, `15s`, `5min`. */
export const Time = text("a time with its unit, like 2s", "^[0-9]+(\\.[0-9]+)? *(ns|us|ms|s|min|h)$", (time) =>
  problem(Units.timeNs(time)),
)

/** A share: a number 0..1 or a percentage. */
export const Ratio = Schema.Union([
  Schema.Number.check(
    Schema.isFinite({ expected: "a share like 0.001 or 0.1%" }),
    Schema.makeFilter((value: number) => problem(Units.ratio(value)), {
      toJsonSchema: () => ({ type: "number", minimum: 0, maximum: 1 }),
    }),
  ),
  text("a share like 0.001 or 0.1%", "^[0-9]+(\\.[0-9]+)? *%$", (share) => problem(Units.ratio(share))),
]).annotate({ expected: "a share like 0.001 or 0.1%" })

/** An address that one adapter may have: `02:00:00:00:00:01`, `02-00-00-00-00-01` or `0200.0000.0001`. */
export const Mac = text(
  "a MAC address like 02:00:00:00:00:01",
  "^([0-9A-Fa-f]{1,2}([:-][0-9A-Fa-f]{1,2}){5}|[0-9A-Fa-f]{4}(\\.[0-9A-Fa-f]{4}){2})$",
  (mac) => {
    const address = MacAddress.parse(mac)
    if (address === undefined) {
      const bad = /[^0-9a-fA-F:.-]/.exec(mac)
      const why =
        bad === null
          ? "write six pairs of hexadecimal digits"
          : `"${bad[0]}" is not a hexadecimal digit; write six pairs of 0-9 and a-f`
      return `"${mac}" is not a MAC address: ${why}, like 02:00:00:00:00:01`
    }
    if (MacAddress.isGroup(address)) return `${mac} is a group address: an adapter's first octet is even, like 02:00:00:00:00:01`
    return address === 0 ? `${mac} is nobody's address: write one like 02:00:00:00:00:01, or leave mac out` : undefined
  },
)

/** An IPv4 address with its prefix length: `10.0.10.5/24`. */
export const InterfaceAddress = text(
  "an IPv4 address with its prefix length, like 10.0.10.5/24",
  "^[0-9]{1,3}(\\.[0-9]{1,3}){3}/[0-9]{1,2}$",
  (address) => {
    const parsed = IpNetwork.parse(address)
    return "problem" in parsed ? parsed.problem : IpNetwork.problemOfHost(parsed)
  },
)

/** An IPv4 network: `10.0.0.0/16`. */
export const Network = text("an IPv4 network like 10.0.0.0/16", "^[0-9]{1,3}(\\.[0-9]{1,3}){3}/[0-9]{1,2}$", (network) => {
  const parsed = IpNetwork.parse(network)
  if ("problem" in parsed) return parsed.problem
  const base = IpNetwork.networkOf(parsed)
  return base === parsed.address
    ? undefined
    : `${network} is an address in a network: write the network, ${Ipv4Address.format(base)}/${parsed.prefixLength}`
})

/** An IPv4 address without a prefix length: `10.0.10.1`. */
export const Address = text("an IPv4 address like 10.0.10.1", "^[0-9]{1,3}(\\.[0-9]{1,3}){3}$", (address) =>
  Ipv4Address.parse(address) === undefined
    ? address.includes("/")
      ? `"${address}" has a prefix length: write the address alone, ${address.split("/")[0]}`
      : `"${address}" is not an IPv4 address: write four numbers from 0 to 255, like 10.0.10.1`
    : undefined,
)

/** A physical adapter of a hypervisor: `vmnic0` is its port 1. */
export const Vmnic = text("an adapter like vmnic0", "^vmnic[0-9]{1,2}$", (name) =>
  vmnicOf(name) === undefined
    ? `"${name}" is not an adapter: write vmnic0 for the host's port 1, vmnic1 for port 2 and so on`
    : undefined,
)

/** The index (from 0) of `vmnic0`; undefined for any other text. */
export const vmnicOf = (name: string): number | undefined => {
  const match = /^vmnic(\d{1,2})$/.exec(name)
  return match === null ? undefined : Number(match[1])
}

/** One end of a link: `sw1:1`, a node and its port number from 1, or `sw1`, the node's next free port. */
export const End = text("an end like sw1:1", "^[A-Za-z][A-Za-z0-9_.-]*(:[0-9]{1,4})?$", (end) =>
  endOf(end) === undefined
    ? `"${end}" is not an end of a link: ${
        portNumberCure(end) ?? "write node:port, like sw1:1, or the node's name for its next free port"
      }`
    : undefined,
)

/** Elsewhere ports go by the names of their interfaces, `Gi0/2` and `vmnic0`: which number that is here. */
const portNumberCure = (end: string): string | undefined => {
  const match = /^([^:\s]+):([A-Za-z]+(?:\d+\/)+([1-9]\d{0,3})|vmnic\d{1,2})$/i.exec(end)
  if (match === null) return undefined
  const [, node, name, last] = match
  const port = last ?? `${vmnicOf(name.toLowerCase())! + 1}`
  return `${name} is written ${port}: ${node}:${port}`
}

/** The parts of an end; `port` counts from 1 and is undefined when the next free port is meant. Undefined for any other text. */
export const endOf = (end: string): { readonly node: string; readonly port: number | undefined } | undefined => {
  const match = /^([^:\s]+)(?::(\d{1,4}))?$/.exec(end)
  return match === null ? undefined : { node: match[1], port: match[2] === undefined ? undefined : Number(match[2]) }
}
