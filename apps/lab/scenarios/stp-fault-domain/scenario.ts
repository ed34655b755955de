/** One engineer's mistake in a farm of forty access switches, by two spanning trees and with six sets of guards: how far it reaches, and what stops it. */
import * as Check from "@l2lab/lab/Check"
import type { DataTable, FaultDomain, FaultDomainWatch } from "@l2lab/lab/FaultDomain"
import { Lab } from "@l2lab/lab/Lab"
import { few, formatNs } from "@l2lab/lab/report/Quantity"
import * as Scenario from "@l2lab/lab/Scenario"
import { Duration, Effect } from "effect"

/** The cables between acc-7 and acc-23 by the number of their ports, and what stands guard at both; a star: without bpduFilter. */
const CABLES = [
  { port: 9, guards: "no guard" },
  { port: 10, guards: "BPDU guard" },
  { port: 11, guards: "storm control" },
  { port: 12, guards: "both" },
  { port: 13, guards: "BPDU guard *" },
  { port: 14, guards: "both *" },
] as const

const STATIONS = 42
const SWITCHES = 42
/** The switches whose processor has a limit. */
const GATEWAYS = 2

/** What came of a cable. */
interface Outcome {
  readonly guards: string
  readonly domain: FaultDomain
  /** Cables that somebody had to pull. */
  readonly pulled: number
}

/** Everybody pings somebody of his VLAN on another switch. */
const everybodyPings = Effect.gen(function* () {
  const lab = yield* Lab
  const every = "500 millis"
  for (let vm = 1; vm <= 40; vm++) yield* lab.vm(`web-${vm}`).ping(`web-${((vm + 3) % 40) + 1}`, { every })
  yield* lab.host("store-1").ping("store-2", { every })
  yield* lab.host("store-2").ping("store-1", { every })
})

/** Ten times a second one of the VMs asks something of its VLAN, as they do all day. */
const chatter = Effect.gen(function* () {
  const lab = yield* Lab
  for (let turn = 0; ; turn++) {
    yield* Effect.sleep("100 millis")
    yield* lab.vm(`web-${((turn * 7) % 40) + 1}`).broadcast
  }
})

/** The mistake: somebody plugs in a cable between two server ports, and pulls it when he is told, which is soon. */
const mistake = ({ guards, port }: (typeof CABLES)[number]) =>
  Effect.gen(function* () {
    const lab = yield* Lab
    yield* everybodyPings
    yield* Effect.forkChild(chatter)
    // Not on the beat of the hellos: what comes on it would find the processors of all two seconds in the same moment of their work.
    yield* Effect.sleep("2137 millis")
    const watch = yield* lab.faultDomain()
    yield* lab.port(`acc-7:${port}`).noShutdown
    yield* lab.port(`acc-23:${port}`).noShutdown
    yield* watch.lasting("52 seconds")
    const isGoingOn = (yield* ringOf(watch)).length > 0
    yield* lab.port(`acc-7:${port}`).shutdown
    yield* watch.lasting("3 seconds")
    // Where the backbone itself loops by now, it does not help that the cable is gone: its second uplinks have to go as well.
    const uplinks = (yield* ringOf(watch)).filter((name) => /^acc-\d+:2$/.test(name))
    for (const uplink of uplinks) yield* lab.port(uplink).shutdown
    yield* watch.lasting("60 seconds")
    return { guards, domain: yield* watch.report, pulled: (isGoingOn ? 1 : 0) + uplinks.length }
  })

/** The ports of a loop that lasts. */
const ringOf = (watch: FaultDomainWatch) =>
  Effect.map(watch.report, ({ loops }) => {
    const last = loops.at(-1)
    return last === undefined || last.until !== undefined ? [] : last.ports
  })

/** The settled farm, and what comes of the guarded cables, each in a copy of it. */
const guardedMistakes = Effect.gen(function* () {
  const lab = yield* Lab
  yield* lab.converged
  const outcomes: Array<Outcome> = []
  for (const cable of CABLES.slice(1)) outcomes.push(yield* lab.fork(mistake(cable), { quiet: true }))
  return outcomes
})

/** The last of the six is the one without a guard, in the farm itself: what is captured there is what is measured. */
const sixMistakes = Effect.gen(function* () {
  const guarded = yield* guardedMistakes
  return [yield* mistake(CABLES[0]), ...guarded]
})

/** Since the cable was plugged in. */
const since = ({ from }: FaultDomain, at: number | undefined): string =>
  at === undefined ? "-" : formatNs(Math.max(0, at - from))

const stoppedBy = ({ domain, pulled }: Outcome): string =>
  pulled > 0 ? `pulling ${pulled}` : [...new Set(domain.takenOut.map(({ cause }) => cause))].join(", ")

const loopLasted = ({ loops, until }: FaultDomain): number =>
  loops.reduce((total, loop) => total + (loop.until ?? until) - loop.from, 0)

const longestDark = ({ dark }: FaultDomain): number => Math.max(0, ...dark.map(({ longestNs }) => longestNs))

const first = (instants: ReadonlyArray<number | undefined>): number | undefined => {
  const earliest = Math.min(...instants.map((at) => at ?? Infinity))
  return earliest === Infinity ? undefined : earliest
}

const starved = ({ switches }: FaultDomain) => switches.filter(({ pdusLost }) => pdusLost > 0)
const flapping = ({ switches }: FaultDomain) => switches.filter(({ flappingAt }) => flappingAt !== undefined)

/** When more than the mistaken ring began to loop. */
const backboneAt = ({ moments }: FaultDomain): number | undefined => moments.find(({ ring }) => ring > 6)?.at

const showTables = (protocol: string, outcomes: ReadonlyArray<Outcome>) =>
  Effect.gen(function* () {
    const lab = yield* Lab
    yield* lab.say(`${protocol}: how far it reaches`)
    yield* lab.table(
      ["GUARDS", "LOOP", "SW", "PORTS", "VLANS", "HOSTS", "DARK", "LONGEST", "STOPPED BY"],
      outcomes.map((outcome) => {
        const { domain, guards } = outcome
        const { dark, flooded, ports, switches, vlans } = domain
        const longest = longestDark(domain)
        return [
          guards,
          formatNs(loopLasted(domain)),
          switches.length,
          ports.length,
          vlans.length,
          flooded.length,
          dark.length,
          longest === 0 ? "-" : formatNs(longest),
          stoppedBy(outcome),
        ]
      }),
    )
    yield* lab.say(`${protocol}: when, since the cable`)
    yield* lab.table(
      ["GUARDS", "LAST SW", "1ST DARK", "FLAP", "SINCE", "STARVE", "SINCE", "BACKBONE"],
      outcomes.map(({ domain, guards }) => [
        guards,
        since(domain, domain.switches.at(-1)?.at),
        since(domain, domain.moments.find(({ darkStations }) => darkStations > 0)?.at),
        flapping(domain).length,
        since(domain, first(flapping(domain).map(({ flappingAt }) => flappingAt))),
        `${starved(domain).length} of ${GATEWAYS}`,
        since(domain, first(starved(domain).map(({ starvedAt }) => starvedAt))),
        since(domain, backboneAt(domain)),
      ]),
    )
  })

/** What happened, but for the names of the cable's own ports. */
const courseOf = ({ dark, flooded, moments, switches }: FaultDomain): string =>
  JSON.stringify({ dark, flooded, moments, switches })

const ns = (span: number) => Duration.nanos(BigInt(span))

const checkAll = (protocol: string, outcomes: ReadonlyArray<Outcome>) =>
  Effect.gen(function* () {
    const [none, guard, storm, both, unfiltered, allOfIt] = outcomes.map(({ domain }) => domain)
    const of = (what: string): string => `${protocol}: ${what}`
    yield* Check.equals(of("switches that it reaches without a guard"), none.switches.length, SWITCHES)
    yield* Check.equals(of("stations dark, the stores in another VLAN among them"), none.dark.length, STATIONS)
    yield* Check.that(
      of("VLAN 30 is reached, which the cable does not carry"),
      none.vlans.some(({ vlan }) => vlan === 30),
    )
    yield* Check.equals(of("CAMs that flap"), flapping(none).length, SWITCHES)
    yield* Check.that(
      of("all stations are back in the end"),
      none.dark.every(({ isBack }) => isBack),
    )
    yield* Check.equals(of("ports that BPDU guard takes out behind bpduFilter"), guard.takenOut.length, 0)
    yield* Check.that(of("it changes nothing there, in no switch and at no instant"), courseOf(guard) === courseOf(none))
    for (const [name, domain] of [
      ["storm control", storm],
      ["both", both],
    ] as const) {
      yield* Check.atMost(of(`${name}: the loop`), ns(loopLasted(domain)), "1 second")
      yield* Check.atMost(of(`${name}: the longest silence`), ns(longestDark(domain)), "1 second")
      yield* Check.equals(of(`${name}: ports taken out`), domain.takenOut.length, 2)
    }
    yield* Check.atMost(of("BPDU guard without bpduFilter: the loop (a hello)"), ns(loopLasted(unfiltered)), "2 seconds")
    yield* Check.atMost(of("both without bpduFilter: the loop"), ns(loopLasted(allOfIt)), ns(loopLasted(unfiltered)))
  })

const MOMENTS = ["protocol", "guards", "seconds", "ring", "full", "frames/s", "flooded", "dark", "starved", "moves/s"]

const momentsOf = (protocol: string, { domain, guards }: Outcome) =>
  domain.moments.map((m) => [
    protocol,
    guards,
    (m.at - domain.from) / 1e9,
    m.ring,
    m.fullCables,
    m.framesPerSecond,
    m.floodedHosts,
    m.darkStations,
    m.starvedSwitches,
    m.movesPerSecond,
  ])

const REACHED = ["protocol", "guards", "what", "name", "seconds", "how"]

/** By name, who was reached, when, and how. */
const reachedOf = (protocol: string, { domain, guards }: Outcome) => {
  const { dark, doubled, flooded, ports, switches, takenOut, vlans } = domain
  const row = (what: string, name: string | number, at: number, how: string) => [
    protocol,
    guards,
    what,
    String(name),
    (Math.max(at, domain.from) - domain.from) / 1e9,
    how,
  ]
  return [
    ...switches.map(({ at, flushed, moves, name, pdusLost, portChanges }) =>
      row("switch", name, at, `${moves} moves, ${flushed} flushed, ${portChanges} port changes, ${pdusLost} BPDUs lost`),
    ),
    ...ports.map(({ at, fullNs, name }) => row("port", name, at, `full for ${formatNs(fullNs)}`)),
    ...flooded.map(({ at, name }) => row("host", name, at, "its cable is full")),
    ...dark.map(({ from, longestNs, name, vlan }) => row("station", name, from, `VLAN ${vlan}, dark for ${formatNs(longestNs)}`)),
    ...doubled.map(({ answers, name, vlan }) => row("doubled", name, domain.until, `VLAN ${vlan}, ${answers} answers twice`)),
    ...vlans.map(({ at, looped, vlan }) => row("VLAN", vlan, at, looped ? "loops" : "shares cables")),
    ...takenOut.map(({ at, cause, port }) => row("guard", port, at, cause)),
  ]
}

/** The first names of those that are reached, in their order. */
const sayWho = (protocol: string, { domain }: Outcome) =>
  Effect.gen(function* () {
    const lab = yield* Lab
    const names = (list: ReadonlyArray<{ readonly name: string }>) =>
      few(
        list.map(({ name }) => name),
        5,
      )
    yield* lab.say(
      `${protocol}, no guard: reached are ${names(domain.switches)}; dark ${names(domain.dark)}; ` +
        `VLANs ${domain.vlans.map(({ vlan }) => vlan).join(", ")}`,
    )
  })

export default Scenario.make(
  "stp-fault-domain",
  {
    design: "design.l2.yml",
    description: "One cable in the wrong ports of a farm of forty access switches: how far it reaches, and what stops it",
    capture: ["esx-40"],
  },
  Effect.gen(function* () {
    const lab = yield* Lab
    yield* lab.log.print(false)
    yield* lab.say("cables carry a thousandth of what they do in life, and the two gateways' processors take 50 frames a second")
    const byRapidPvst = yield* lab.redesign({ spanningTree: { protocol: "rapid-pvst" } }, sixMistakes, { quiet: true })
    const byStp = yield* sixMistakes

    const results = [
      ["802.1D", byStp],
      ["Rapid PVST+", byRapidPvst],
    ] as const
    for (const [protocol, outcomes] of results) {
      yield* showTables(protocol, outcomes)
      yield* sayWho(protocol, outcomes[0])
      yield* checkAll(protocol, outcomes)
    }
    const backbone = byStp[0].domain
    yield* Check.atLeast(
      "802.1D: the backbone loops once max age and two forward delays are over",
      ns((backboneAt(backbone) ?? 0) - backbone.from),
      "45 seconds",
    )
    yield* Check.atLeast("802.1D: cables to pull by then", byStp[0].pulled, 40)
    const rowsOf = (make: typeof momentsOf | typeof reachedOf) =>
      results.flatMap(([protocol, outcomes]) => outcomes.flatMap((outcome): DataTable["rows"] => make(protocol, outcome)))
    yield* lab.data("moments", { columns: MOMENTS, rows: rowsOf(momentsOf) })
    yield* lab.data("reached", { columns: REACHED, rows: rowsOf(reachedOf) })
    yield* lab.hint(["npx --no lab run stp-fault-domain --data out", "npx --no lab run stp-fault-domain --pcap storm.pcapng"])
  }),
)
