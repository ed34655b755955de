/** The virtual switch link of a VSS is cut: with each way to find out that both chassis are active, and with none. */
import * as Check from "@l2lab/lab/Check"
import { Lab } from "@l2lab/lab/Lab"
import { formatNs } from "@l2lab/lab/report/Quantity"
import * as Scenario from "@l2lab/lab/Scenario"
import { Duration, Effect } from "effect"

/** Who talks to whom: hosts behind bundles, and those that hang on one chassis alone. */
const TALKS = [
  ["pc1", "pc2"],
  ["pc3", "pc4"],
  ["pc1", "db-1"],
  ["pc3", "db-1"],
  ["pc1", "db-2"],
  ["pc3", "db-2"],
] as const

const WAYS = [
  { way: "fast hello", dualActive: { fastHello: ["core-1:3", "core-2:3"] } },
  { way: "ePAgP", dualActive: { pagp: true } },
  { way: "IP-BFD", dualActive: { bfd: ["core-1:4", "core-2:4"] } },
] as const

const NAMES = TALKS.map(([from, to]) => `${from}-${to}`)

/** Facilities of the lines that tell of who is active. */
const TELLING: ReadonlySet<string> = new Set(["PFREDUN", "SW_DA"])

const VSL = [1, 2] as const

/** How long the pings run after something has happened. */
const SPAN = "10 seconds"

const roles = Effect.gen(function* () {
  const lab = yield* Lab
  return (yield* lab.switch("core").roles).map(({ role, switch: name }) => `${name} ${role}`)
})

/** Let all cables go down or up of the virtual switch link. */
const vsl = (state: "down" | "up") =>
  Effect.gen(function* () {
    const lab = yield* Lab
    for (const port of VSL) yield* lab.link(`core-1:${port}`, `core-2:${port}`)[state]
  })

/** Let everybody ping while something happens; the longest silence of each, in milliseconds. */
const silence = (happen: ReturnType<typeof vsl>) =>
  Effect.gen(function* () {
    const lab = yield* Lab
    const probes = yield* Effect.forEach(TALKS, ([from, to]) => lab.host(from).ping(to, { every: "1 millis" }))
    yield* Effect.sleep("500500 micros")
    yield* happen
    yield* Effect.sleep(SPAN)
    const gaps: Array<number> = []
    for (const probe of probes) {
      gaps.push(Math.round(Duration.toMillis(yield* probe.longestGap)))
      yield* probe.stop
    }
    return gaps
  })

/** The virtual switch link is cut, and after ten seconds mended. */
const cutAndMend = (way: string) =>
  Effect.gen(function* () {
    const lab = yield* Lab
    yield* lab.converged
    const from = (yield* lab.now) + 500_500_000
    const cut = yield* silence(vsl("down"))
    const afterwards = yield* roles
    const roots = (yield* lab.tree).switches.filter(({ rootPort }) => rootPort === undefined)
    const told = (yield* lab.log.lines()).filter(({ at, facility }) => at >= from && TELLING.has(facility))
    const since = (mnemonic: string): number | undefined => {
      const line = told.find((entry) => entry.mnemonic === mnemonic)
      return line === undefined ? undefined : line.at - from
    }
    const detected = since("DETECTION")
    const recovery = since("RECOVERY")
    const mended = yield* silence(vsl("up"))
    yield* lab.converged
    return {
      way,
      told,
      cut,
      afterwards,
      roots: roots.length,
      rootIds: new Set(roots.map(({ bridge }) => bridge)).size,
      detected,
      recovery,
      mended,
      inTheEnd: yield* roles,
    }
  })

const span = (ns: number | undefined): string => (ns === undefined ? "-" : formatNs(ns))

export default Scenario.make(
  "dual-active",
  {
    design: "design.l2.yml",
    description:
      "The virtual switch link of a VSS is cut: dual-active detection by fast hello, enhanced PAgP and IP-BFD, and none",
    capture: ["core-1:3", "core-1:4", "core-1:5", "core-2:5"],
  },
  Effect.gen(function* () {
    const lab = yield* Lab
    yield* lab.log.print(false)
    const outcomes = []
    for (const { dualActive, way } of WAYS) {
      outcomes.push(yield* lab.redesign({ pairs: { core: { dualActive } } }, cutAndMend(way), { quiet: true }))
    }
    const none = yield* cutAndMend("none")
    outcomes.push(none)
    yield* lab.table(
      ["DETECTION", "AFTER", "RECOVERY", "ROOTS", "ROLES AFTERWARDS", "AND ONCE MENDED"],
      outcomes.map(({ afterwards, detected, inTheEnd, recovery, roots, way }) => [
        way,
        span(detected),
        span(recovery),
        roots,
        afterwards.map((role) => role.replace("core-", "").replace(" hot", "")).join(" "),
        inTheEnd.map((role) => role.replace("core-", "").replace(" hot", "")).join(" "),
      ]),
    )
    const [byFastHello] = outcomes
    yield* lab.say("fast hello, what the chassis say:")
    for (const { switch: name, text } of byFastHello.told) yield* lab.say(`${name} ${text}`)
    for (const what of ["cut", "mended"] as const) {
      const rows = outcomes.map((outcome) => [outcome.way, ...outcome[what]])
      yield* lab.table([`ms, VSL ${what}`, ...NAMES], rows)
      yield* lab.data(what, { columns: ["detection", ...NAMES], rows })
    }

    for (const { afterwards, cut, inTheEnd, roots, way } of outcomes.slice(0, 3)) {
      yield* Check.equals(`${way}: who is what afterwards`, afterwards, ["core-1 recovery", "core-2 active"])
      yield* Check.equals(`${way}: bridges that are root`, roots, 1)
      yield* Check.equals(`${way}: ms of silence behind bundles`, cut.slice(0, 2), [1, 1])
      yield* Check.atMost(`${way}: ms of silence of db-2, which hangs on the chassis that stays`, Math.max(...cut.slice(4)), 1000)
      yield* Check.equals(`${way}: who is what once the link is mended`, inTheEnd, ["core-1 standby hot", "core-2 active"])
    }
    yield* Check.equals("none: who is what afterwards", none.afterwards, ["core-1 active", "core-2 active"])
    yield* Check.equals("none: bridges that are root, of one bridge id", [none.roots, none.rootIds], [2, 1])
    yield* Check.equals("none: ms of silence behind bundles", none.cut.slice(0, 2), [1, 1])
    yield* Check.equals(
      "none: who is bundled to the other chassis than a host that hangs on one never reaches it, in ms of silence",
      [none.cut[2], none.cut[4], none.cut[5]],
      [10_000, 10_000, 10_000],
    )
    yield* Check.equals("none: who is what once the link is mended", none.inTheEnd, ["core-1 active", "core-2 standby hot"])
    yield* lab.hint([
      "npx --no lab show apps/lab/scenarios/dual-active/design.l2.yml switch virtual role --after 'link core-1:1 down' --after 'link core-1:2 down'",
    ])
  }),
)
