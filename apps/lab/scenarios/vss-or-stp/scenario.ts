/** One farm of two hundred access switches by 802.1D, by Rapid PVST+, with a VSS and with a vPC pair: what each uses, loses and spreads. */
import * as Check from "@l2lab/lab/Check"
import type { FaultDomain } from "@l2lab/lab/FaultDomain"
import { type Action, Lab, type LabApi } from "@l2lab/lab/Lab"
import { formatNs } from "@l2lab/lab/report/Quantity"
import * as Scenario from "@l2lab/lab/Scenario"
import { Effect } from "effect"

/** A way to build the farm: what the design is changed by, and for how long it is watched after something has happened. */
interface Way {
  readonly name: string
  readonly changes: Readonly<Record<string, unknown>>
  readonly seconds: number
}

const rapid = { spanningTree: { protocol: "rapid-pvst" } }
/**
 * The first is the design as it stands. Watched for longer than max age and two forward delays of 802.1D; than three hellos; than the 90 s after which LACP
 * misses its partner, and what comes of the members then.
 */
const WAYS: ReadonlyArray<Way> = [
  { name: "802.1D", changes: {}, seconds: 60 },
  { name: "Rapid PVST+", changes: rapid, seconds: 20 },
  { name: "VSS", changes: { ...rapid, farm: { distribution: "vss" } }, seconds: 110 },
  { name: "vPC", changes: { ...rapid, farm: { distribution: "vpc" } }, seconds: 110 },
]

/** Hosts whose VMs ping the VM of their VLAN on the next one of these. */
const HOSTS = [1, 2, 3, 4, 40, 80, 100, 120, 160, 200]

const VLANS = [10, 11] as const

/** On each host a VM of either VLAN. */
const vmOn = (host: number, vlan: number): string => `web-${2 * host - (vlan === 10 ? 1 : 0)}`

const TALKS = HOSTS.flatMap((host, i) =>
  VLANS.map((vlan) => ({ vlan, from: vmOn(host, vlan), to: vmOn(HOSTS[(i + 1) % HOSTS.length], vlan) })),
)

/** What happens, each in a copy of the farm. The pair of a VSS or vPC is lost by half: the active or primary one. */
const EVENTS: ReadonlyArray<{ readonly what: string; readonly happen: (lab: LabApi) => Action }> = [
  { what: "uplink loss", happen: (lab) => lab.link("acc-1:1", "dist-1").down },
  { what: "distribution loss", happen: (lab) => lab.switch("dist-1").powerOff },
  { what: "access switch loss", happen: (lab) => lab.switch("acc-1").powerOff },
  { what: "control-plane loss", happen: (lab) => lab.switch("dist-1").controlPlane.hang },
]

/** The ports of the cable that should not be there. */
const CABLE = ["acc-1:20", "acc-3:20"] as const

/** Hosts on acc-1 that together ask for more than its uplinks carry, and these. */
const LOADS = [1, 2, 3, 4, 5, 6, 7, 8]
const UPLINKS = ["acc-1:1", "acc-1:2"] as const

/** The silence of a VM's pings. */
interface Silence {
  readonly vm: string
  readonly vlan: number
  /** 0 where every ping was answered. */
  readonly ns: number
  readonly isForGood: boolean
}

/** How far a mistake reaches. */
interface Reach {
  readonly domain: FaultDomain
  /** Of all pings, 0 to 1. */
  readonly lost: number
}

/** What was measured of a way. */
interface Study {
  readonly way: Way
  readonly blocked: number
  readonly treePorts: number
  readonly controlFramesPerSecond: number
  readonly uplinkBps: number
  readonly outages: ReadonlyArray<ReadonlyArray<Silence>>
  readonly mistake: Reach
}

/** The VMs ping ten times a second, and now and then one of them asks something of all. */
const everydayLife = Effect.gen(function* () {
  const lab = yield* Lab
  const probes = yield* Effect.forEach(TALKS, ({ from, to }) => lab.vm(from).ping(to, { every: "100 millis" }))
  yield* Effect.forkChild(
    Effect.gen(function* () {
      for (let turn = 0; ; turn++) {
        yield* Effect.sleep("500 millis")
        yield* lab.vm(TALKS[(turn * 7) % TALKS.length].from).broadcast
      }
    }),
  )
  yield* Effect.sleep("1137 millis")
  return probes
})

/** How long each VM was silent because of an event. */
const outagesOf = (happen: (lab: LabApi) => Action, seconds: number) =>
  Effect.gen(function* () {
    const lab = yield* Lab
    const probes = yield* everydayLife
    const at = yield* lab.now
    yield* happen(lab)
    yield* Effect.sleep(`${seconds} seconds`)
    const now = yield* lab.now
    return yield* Effect.forEach(probes, (probe, i) =>
      Effect.map(probe.report, ({ everyNs, gaps, lastAnsweredAt = at }): Silence => {
        const { from: vm, vlan } = TALKS[i]
        const isForGood = 2 * (now - lastAnsweredAt) > 3 * everyNs
        const silences = gaps.filter(({ to }) => to > at).map(({ from, to }) => to - from)
        return { vm, vlan, ns: Math.max(0, ...silences, isForGood ? now - lastAnsweredAt : 0), isForGood }
      }),
    )
  })

/** Five seconds of a cable between two server ports, and five more: how far it reaches, and the share of pings that it leaves without an answer. */
const mistake = Effect.gen(function* () {
  const lab = yield* Lab
  const probes = yield* everydayLife
  const answers = Effect.forEach(probes, (probe) => Effect.map(probe.report, ({ received, sent }) => ({ received, sent })))
  const watch = yield* lab.faultDomain()
  const before = yield* answers
  for (const port of CABLE) yield* lab.port(port).noShutdown
  yield* watch.lasting("5 seconds")
  const after = yield* answers
  for (const port of CABLE) yield* lab.port(port).shutdown
  yield* watch.lasting("5 seconds")
  const grown = (what: "received" | "sent"): number => after.reduce((total, each, i) => total + each[what] - before[i][what], 0)
  const reach: Reach = { domain: yield* watch.report, lost: 1 - grown("received") / grown("sent") }
  return reach
})

/** What acc-1 sends on both uplinks, in bits a second, when its hosts have more to say than they carry. */
const uplinkBps = Effect.gen(function* () {
  const lab = yield* Lab
  for (const i of LOADS) yield* lab.host(`load-${i}`).ping(vmOn(i + 1, 10), { every: "120 millis", payloadOctets: 1000 })
  yield* Effect.sleep("5 seconds")
  const sent = Effect.forEach(UPLINKS, (port) => Effect.map(lab.port(port).statistics, ({ octetsSent }) => octetsSent))
  const before = yield* sent
  yield* Effect.sleep("10 seconds")
  const after = yield* sent
  return (after.reduce((total, octets, i) => total + octets - before[i], 0) * 8) / 10
})

/** What distribution switches send and hear in a second while nobody says anything: frames of protocols, of the busier one. */
const controlFramesPerSecond = Effect.gen(function* () {
  const lab = yield* Lab
  const frames = Effect.forEach(["dist-1", "dist-2"], (name) =>
    Effect.map(lab.switch(name).statistics, ({ framesReceived, framesSent }) => framesReceived + framesSent),
  )
  const before = yield* frames
  yield* Effect.sleep("30 seconds")
  const after = yield* frames
  return Math.max(...after.map((count, i) => count - before[i])) / 30
})

const study = (way: Way) =>
  Effect.gen(function* () {
    const lab = yield* Lab
    yield* lab.converged
    const { switches } = yield* lab.tree
    const portsOf = switches.map(({ blocked, designated, rootPort }) => designated + blocked.length + (rootPort ? 1 : 0))
    const outages: Array<ReadonlyArray<Silence>> = []
    for (const { happen } of EVENTS) outages.push(yield* lab.fork(outagesOf(happen, way.seconds), { quiet: true }))
    const outcome: Study = {
      way,
      blocked: switches.reduce((total, { blocked }) => total + blocked.length, 0),
      treePorts: Math.max(...portsOf),
      outages,
      mistake: yield* lab.fork(mistake, { quiet: true }),
      controlFramesPerSecond: yield* lab.fork(controlFramesPerSecond, { quiet: true }),
      uplinkBps: yield* uplinkBps,
    }
    return outcome
  })

/** `2 VMs 30.2 s`: those who lost a ping, and the longest silence of one. */
const inWords = (silences: ReadonlyArray<Silence>): string => {
  const hit = silences.filter(({ ns }) => ns > 0)
  const longest = hit.some(({ isForGood }) => isForGood) ? "for good" : formatNs(Math.max(0, ...hit.map(({ ns }) => ns)))
  return hit.length === 0 ? "none" : `${hit.length} ${longest}`
}

const ofVlan = (silences: ReadonlyArray<Silence>, vlan: number) => silences.filter((silence) => silence.vlan === vlan)

/** Hosts whose cable was full towards them for a second at least. */
const floodedBy = ({ ports }: FaultDomain): number =>
  ports.filter(({ fullNs, name }) => fullNs >= 1e9 && /^acc-\d+:3$/.test(name)).length

const rowsOf = (studies: ReadonlyArray<Study>): ReadonlyArray<ReadonlyArray<string | number>> => [
  ["links blocked, of 400", ...studies.map(({ blocked }) => blocked)],
  ["kbit/s of acc-1, of 400", ...studies.map((each) => Math.round(each.uplinkBps / 1000))],
  ["tree's ports, busiest", ...studies.map(({ treePorts }) => treePorts)],
  ["control frames/s, busier", ...studies.map((each) => Math.round(each.controlFramesPerSecond))],
  ...EVENTS.flatMap(({ what }, i) =>
    VLANS.map((vlan) => [`${what}, VLAN ${vlan}`, ...studies.map(({ outages }) => inWords(ofVlan(outages[i], vlan)))]),
  ),
  ["mistake: switches reached", ...studies.map(({ mistake: { domain } }) => domain.switches.length)],
  ["mistake: flooded, of 200", ...studies.map(({ mistake: { domain } }) => floodedBy(domain))],
  ["mistake: VMs dark, of 20", ...studies.map(({ mistake: { domain } }) => domain.dark.length)],
  ["mistake: pings lost", ...studies.map(({ mistake: { lost } }) => `${Math.round(100 * lost)} %`)],
]

const checkAll = (studies: ReadonlyArray<Study>) =>
  Effect.gen(function* () {
    const ms = (one: Study, event: number): number => Math.max(...one.outages[event].map(({ ns }) => ns)) / 1e6
    const lost = (one: Study, event: number): number => one.outages[event].filter(({ isForGood }) => isForGood).length
    const [stp, rapidPvst, ...pairs] = studies
    const [vss, vpc] = pairs
    yield* Check.equals(
      "links blocked",
      studies.map(({ blocked }) => blocked),
      [200, 200, 0, 0],
    )
    for (const { uplinkBps: carried, way } of studies) {
      const isPair = pairs.some((pair) => pair.way === way)
      yield* (isPair ? Check.atLeast : Check.atMost)(`${way.name}: kbit/s up from acc-1`, carried / 1000, isPair ? 300 : 200)
    }
    yield* Check.atLeast("802.1D, an uplink: ms of silence, listening and learning", ms(stp, 0), 30_000)
    yield* Check.atMost("Rapid PVST+, an uplink: ms of silence", ms(rapidPvst, 0), 1000)
    yield* Check.equals(
      "VSS and vPC, an uplink: ms of silence",
      pairs.map((pair) => ms(pair, 0)),
      [0, 0],
    )
    yield* Check.atLeast("802.1D, a distribution switch: ms of silence", ms(stp, 1), 30_000)
    for (const one of [rapidPvst, ...pairs]) {
      yield* Check.atMost(`${one.way.name}, a distribution switch: ms of silence`, ms(one, 1), 1000)
    }
    yield* Check.equals(
      "an access switch: VMs lost for good, those on it and those that ask them",
      studies.map((one) => lost(one, 2)),
      [4, 4, 4, 4],
    )
    yield* Check.equals(
      "a control plane, but for VSS: VMs lost for good, in a backbone that loops",
      [lost(stp, 3), lost(rapidPvst, 3), lost(vpc, 3)],
      [20, 20, 20],
    )
    yield* Check.atMost("VSS, a control plane: ms of silence", ms(vss, 3), 1000)
    yield* Check.atMost("vPC, a control plane: ms of silence in 110 s, the last of them", ms(vpc, 3), 22_000)
    yield* Check.equals(
      "the mistake: hosts flooded",
      studies.map(({ mistake: { domain } }) => floodedBy(domain)),
      [200, 200, 200, 200],
    )
    yield* Check.equals(
      "the mistake: VMs dark",
      studies.map(({ mistake: { domain } }) => domain.dark.length),
      [20, 20, 20, 20],
    )
  })

export default Scenario.make(
  "vss-or-stp",
  {
    design: "design.l2.yml",
    description:
      "One farm of 200 access switches by 802.1D, Rapid PVST+, VSS and vPC: blocked links, bandwidth, outages, and how far one mistake reaches",
    capture: ["acc-1:1", "acc-1:2"],
  },
  Effect.gen(function* () {
    const lab = yield* Lab
    yield* lab.log.print(false)
    yield* lab.say("cables carry a ten-thousandth of what they do in life, but for those between the distribution switches")
    const others: Array<Study> = []
    for (const way of WAYS.slice(1)) others.push(yield* lab.redesign(way.changes, study(way), { quiet: true }))
    const studies = [yield* study(WAYS[0]), ...others]
    yield* lab.table(["", ...WAYS.map(({ name }) => name)], rowsOf(studies))
    yield* lab.say("outages: VMs of ten in a VLAN that lost a ping, and the longest silence of one")
    yield* lab.data("outages", {
      columns: ["way", "event", "vm", "vlan", "ms", "for good"],
      rows: studies.flatMap(({ outages, way }) =>
        outages.flatMap((silences, i) =>
          silences.map(({ isForGood, ns, vlan, vm }) => [way.name, EVENTS[i].what, vm, vlan, ns / 1e6, isForGood ? 1 : 0]),
        ),
      ),
    })
    yield* checkAll(studies)
    yield* lab.hint(["npx --no lab run vss-or-stp --data out", "npx --no lab run vss --pcap vss.pcapng"])
  }),
)
