/** The same mistake in farms of 4, 12, 50 and 200 access switches, in pods and beside VSS: what it does, against the hosts that a VM may reach. */
import * as Check from "@l2lab/lab/Check"
import type { FaultDomain } from "@l2lab/lab/FaultDomain"
import { Lab } from "@l2lab/lab/Lab"
import { formatNs } from "@l2lab/lab/report/Quantity"
import * as Scenario from "@l2lab/lab/Scenario"
import { Effect } from "effect"

type Kind = "one VLAN" | "pods" | "pods *" | "VSS"

/** A farm: so many access switches, each with a host, in so many pods with a VLAN each. */
interface Farm {
  readonly kind: Kind
  readonly access: number
  readonly pods: number
}

/** The smallest is the design as it stands; a VM of the pods reaches as many hosts as one of the smaller farms. */
const FARMS: ReadonlyArray<Farm> = [
  ...[12, 50, 200].map((access): Farm => ({ kind: "one VLAN", access, pods: 1 })),
  ...[50, 17, 4].map((pods): Farm => ({ kind: "pods", access: 200, pods })),
  ...[50, 17, 4].map((pods): Farm => ({ kind: "pods *", access: 200, pods })),
  ...[4, 12, 50, 200].map((access): Farm => ({ kind: "VSS", access, pods: 1 })),
]
const SMALLEST: Farm = { kind: "one VLAN", access: 4, pods: 1 }

/** Of the first pod; the others have the next ones. */
const FIRST_VLAN = 100

/** The port of a server in the design, and of a cable that should not be there. */
const HOST_PORT = 3
const SERVER_PORT = 9

/** The other end of the cable from acc-1: another access switch of its pod. */
const otherOf = ({ pods }: Farm): string => `acc-${1 + Math.max(2, pods)}`

/** The VM on the next host of the pod, the first again after the last. */
const neighbourOf = ({ access, pods }: Farm, vm: number): number => (vm + pods <= access ? vm + pods : ((vm - 1) % pods) + 1)

/** Hosts that the VM on `esx-1` may run on without a new address: those that have its VLAN. */
const reachOf = ({ access, pods }: Farm): number => Math.ceil(access / pods)

/** What makes this farm of the design. */
const changesFor = (farm: Farm): Readonly<Record<string, unknown>> => {
  const { access, kind, pods } = farm
  const vlans = Array.from({ length: pods }, (_, pod) => FIRST_VLAN + pod)
  const server = { port: { [SERVER_PORT]: { mode: "trunk", edge: true, bpduFilter: true, shutdown: true } } }
  // A star: the VMs' gateways are other boxes than the distribution switches.
  const gateway = { controlPlane: { rate: 50, queue: 100, punts: kind === "pods *" ? [] : ["broadcast"], vlans } }
  const isPair = kind === "VSS"
  const vlanOf = (i: number): number => FIRST_VLAN + ((i - 1) % pods)
  const ofPods = Array.from({ length: pods > 1 ? access : 0 }, (_, i) => i + 1)
  // Each trunk carries the VLAN of its pod alone: port 2 of both distribution switches leads to acc-1, and so on.
  const trunks = { port: Object.fromEntries(ofPods.map((i) => [i + 1, { allowed: [1, vlanOf(i)] }])) }
  const nodes = new Map<string, unknown>([
    ["dist-1", isPair ? null : { ...gateway, ...trunks }],
    ["dist-2", isPair ? null : { ...gateway, ...trunks }],
  ])
  for (const i of ofPods) nodes.set(`acc-${i}`, { vlans: [1, vlanOf(i)] })
  const other = otherOf(farm)
  nodes.set(other, Object.assign({}, nodes.get(other), server))
  return {
    vlans: Object.fromEntries(vlans.map((vlan) => [vlan, "vms"])),
    farm: {
      access,
      hosts: access,
      vms: vlans.map((vlan) => ({ vlan, network: `10.${vlan}.0.0/16` })),
      // Neither the virtual switch link's own traffic nor LACP's is scaled down: the one keeps its rate, the other is left out.
      ...(isPair ? { distribution: "vss", interlinkRate: "100M", portChannel: { cables: 1, mode: "on" } } : {}),
    },
    nodes: Object.fromEntries(nodes),
    ...(isPair ? { pairs: { dist: { type: "vss", ...gateway } } } : {}),
    links: [[`acc-1:${SERVER_PORT}`, `${other}:${SERVER_PORT}`]],
  }
}

/** What came of the mistake in a farm. */
interface Outcome {
  readonly farm: Farm
  readonly domain: FaultDomain
  /** Ports that spanning tree blocked before. */
  readonly blocked: number
  /** Octets that hosts had to hear because of it. */
  readonly octets: number
}

/** Everybody pings his neighbour, and ten times a second a VM of acc-1's VLAN asks something of all. */
const everydayLife = (farm: Farm) =>
  Effect.gen(function* () {
    const lab = yield* Lab
    for (let vm = 1; vm <= farm.access; vm++) {
      yield* lab.vm(`web-${vm}`).ping(`web-${neighbourOf(farm, vm)}`, { every: "500 millis" })
    }
    yield* Effect.sleep("2037 millis")
  })

const chatter = (farm: Farm) =>
  Effect.gen(function* () {
    const lab = yield* Lab
    for (let turn = 0; ; turn++) {
      yield* Effect.sleep("100 millis")
      yield* lab.vm(`web-${((turn * 7) % reachOf(farm)) * farm.pods + 1}`).broadcast
    }
  })

/** Octets that the access switches have sent to the hosts. */
const octetsToHosts = ({ access }: Farm) =>
  Effect.gen(function* () {
    const lab = yield* Lab
    let octets = 0
    for (let i = 1; i <= access; i++) octets += (yield* lab.port(`acc-${i}:${HOST_PORT}`).statistics).octetsSent
    return octets
  })

/** Ten seconds, with the cable or without, and what the hosts heard meanwhile. */
const tenSeconds = (farm: Farm, isPlugged: boolean) =>
  Effect.gen(function* () {
    const lab = yield* Lab
    yield* Effect.forkChild(chatter(farm))
    yield* Effect.sleep("150 millis")
    const before = yield* octetsToHosts(farm)
    const watch = yield* lab.faultDomain()
    if (isPlugged) {
      yield* lab.port(`acc-1:${SERVER_PORT}`).noShutdown
      yield* lab.port(`${otherOf(farm)}:${SERVER_PORT}`).noShutdown
    }
    yield* watch.lasting("10 seconds")
    return { watch, octets: (yield* octetsToHosts(farm)) - before }
  })

/** The mistake: for ten seconds a cable joins two server ports whose spanning tree somebody has filtered away. */
const mistake = (farm: Farm) =>
  Effect.gen(function* () {
    const lab = yield* Lab
    yield* lab.converged
    const blocked = (yield* lab.tree).switches.reduce((total, row) => total + row.blocked.length, 0)
    yield* everydayLife(farm)
    const { octets: usual } = yield* lab.fork(tenSeconds(farm, false), { quiet: true })
    const { octets, watch } = yield* tenSeconds(farm, true)
    yield* lab.port(`acc-1:${SERVER_PORT}`).shutdown
    yield* watch.lasting("15 seconds")
    const outcome: Outcome = { farm, domain: yield* watch.report, blocked, octets: octets - usual }
    return outcome
  })

/** Hosts whose cable was full towards them for a second at least. */
const floodedOf = ({ ports }: FaultDomain): number =>
  ports.filter(({ fullNs, name }) => fullNs >= 1e9 && name.endsWith(`:${HOST_PORT}`) && name.startsWith("acc-")).length

const sumOf = ({ switches }: FaultDomain, what: "flushed" | "moves"): number =>
  switches.reduce((total, each) => total + each[what], 0)

const longestOf = ({ dark }: FaultDomain): number => Math.max(0, ...dark.map(({ longestNs }) => longestNs))

const backOf = ({ dark }: FaultDomain): number => dark.filter(({ isBack }) => isBack).length

/** The row of a farm, for a plot and, with its last column in words, for the table. */
const rowOf = ({ blocked, domain, farm, octets }: Outcome) => [
  farm.kind,
  farm.access,
  blocked,
  reachOf(farm),
  floodedOf(domain),
  domain.dark.length,
  sumOf(domain, "flushed"),
  sumOf(domain, "moves"),
  octets,
  longestOf(domain) / 1e9,
]

const COLUMNS = ["FARM", "ACCESS", "BLOCKED", "REACH", "FLOODED", "DARK", "FLUSHED", "MOVED", "OCTETS", "SECONDS"]

/** What of them is shorter on a page of 80 columns. */
const HEADS = new Map([
  ["BLOCKED", "BLOCK"],
  ["FLUSHED", "FLUSH"],
])

const checkAll = (outcomes: ReadonlyArray<Outcome>) =>
  Effect.gen(function* () {
    const of = (kind: Kind) => outcomes.filter(({ farm }) => farm.kind === kind)
    const [smallest, , , largest] = of("one VLAN")
    for (const kind of ["one VLAN", "VSS"] as const) {
      yield* Check.equals(
        `${kind}: hosts flooded are those that a VM may reach`,
        of(kind).map(({ domain }) => floodedOf(domain)),
        of(kind).map(({ farm }) => reachOf(farm)),
      )
      yield* Check.equals(
        `${kind}: and as many stations are dark`,
        of(kind).map(({ domain }) => domain.dark.length),
        of(kind).map(({ farm }) => reachOf(farm)),
      )
    }
    yield* Check.atLeast(
      "one VLAN: entries flushed in the largest farm, for each in the smallest",
      Math.floor(sumOf(largest.domain, "flushed") / sumOf(smallest.domain, "flushed")),
      20,
    )
    yield* Check.that(
      "one VLAN: each farm flushes at least five times as many as beside VSS",
      of("one VLAN").every(({ domain }, i) => sumOf(domain, "flushed") >= 5 * sumOf(of("VSS")[i].domain, "flushed")),
    )
    const pods = of("pods")
    yield* Check.equals(
      "pods: hosts flooded are those of the pod",
      pods.map(({ domain }) => floodedOf(domain)),
      pods.map(({ farm }) => reachOf(farm)),
    )
    yield* Check.atLeast(
      "pods of 50 on shared gateways: dark are others too, whose trees and processors are the same",
      pods[2].domain.dark.length,
      100,
    )
    yield* Check.equals(
      "pods whose gateways are elsewhere: dark are those of the pod",
      of("pods *").map(({ domain }) => domain.dark.length),
      of("pods *").map(({ farm }) => reachOf(farm)),
    )
    yield* Check.equals(
      "VSS: ports that block",
      of("VSS").map(({ blocked }) => blocked),
      [0, 0, 0, 0],
    )
    yield* Check.that(
      "all stations are back within 15 s after the cable was pulled",
      outcomes.every(({ domain }) => backOf(domain) === domain.dark.length),
    )
  })

export default Scenario.make(
  "farm-growth",
  {
    design: "design.l2.yml",
    description:
      "One mistake in farms of 4 to 200 access switches, in pods, and beside VSS: what it does, against the hosts that a VM may reach",
    capture: ["esx-4"],
  },
  Effect.gen(function* () {
    const lab = yield* Lab
    yield* lab.log.print(false)
    yield* lab.say("cables carry a ten-thousandth of what they do in life, and the gateways' processors take 50 frames a second")
    const larger: Array<Outcome> = []
    for (const farm of FARMS) larger.push(yield* lab.redesign(changesFor(farm), mistake(farm), { quiet: true }))
    const outcomes = [yield* mistake(SMALLEST), ...larger]

    const rows = outcomes.map(rowOf)
    yield* lab.table(
      [...COLUMNS.slice(0, -1).map((column) => HEADS.get(column) ?? column), "LONGEST"],
      outcomes.map((outcome, i) => [...rows[i].slice(0, -1), formatNs(longestOf(outcome.domain))]),
    )
    yield* lab.table(
      ["FARM", "REACH", "OCTETS FLOODED, a mark for each quarter of a million"],
      outcomes.map(({ farm, octets }) => [farm.kind, reachOf(farm), "#".repeat(Math.ceil(octets / 250_000))]),
    )
    yield* lab.data("growth", { columns: COLUMNS.map((column) => column.toLowerCase()), rows })
    yield* checkAll(outcomes)
    yield* lab.hint(["npx --no lab run farm-growth --data out", "npx --no lab run farm-growth --pcap storm.pcapng"])
  }),
)
