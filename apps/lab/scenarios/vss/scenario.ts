/** Two chassis as one switch: what a lost uplink, a lost VSL member and the loss of the active chassis cost, in frames. */
import * as Check from "@l2lab/lab/Check"
import { type Action, Lab } from "@l2lab/lab/Lab"
import * as Scenario from "@l2lab/lab/Scenario"
import { Duration, Effect } from "effect"

/** Who talks to whom: hosts behind the access switches, whose frames take different members, and the printer, which hangs on core-2 alone. */
const TALKS = [
  ["pc1", "pc2"],
  ["pc3", "pc4"],
  ["pc1", "pc4"],
  ["pc1", "printer"],
  ["pc2", "printer"],
] as const

const NAMES = TALKS.map(([from, to]) => `${from}-${to}`)

/** The longest silence of the pings while something happens, in milliseconds, and how many were lost, by who talks. */
const silence = (what: string, happen: Action) =>
  Effect.gen(function* () {
    const lab = yield* Lab
    const probes = yield* Effect.forEach(TALKS, ([from, to]) => lab.host(from).ping(to, { every: "1 millis" }))
    yield* Effect.sleep("500500 micros")
    yield* lab.say(what)
    yield* happen
    yield* Effect.sleep("5 seconds")
    const gaps: Array<number> = []
    for (const probe of probes) {
      gaps.push(Math.round(Duration.toMillis(yield* probe.longestGap)))
      yield* probe.stop
    }
    yield* Effect.sleep("1 second")
    return gaps
  })

export default Scenario.make(
  "vss",
  {
    design: "design.l2.yml",
    description: "Two chassis as one switch (VSS): an uplink, a VSL member and the active chassis are lost, and what each costs",
    capture: ["core-1:1", "core-1:4", "core-2:4", "acc-1:1", "acc-1:2"],
  },
  Effect.gen(function* () {
    const lab = yield* Lab
    const roles = Effect.map(lab.switch("core").roles, (both) => both.map(({ role, switch: name }) => `${name} ${role}`))
    const rootPorts = Effect.map(lab.tree, ({ switches }) =>
      switches.map((row) => `${row.switch} ${row.rootPort?.portName ?? "is the root"}`),
    )
    const rows: Array<ReadonlyArray<string | number>> = []
    const tell = (what: string, happen: Action) =>
      Effect.map(silence(what, happen), (gaps) => {
        rows.push([what, ...gaps])
        return gaps
      })

    yield* lab.converged
    yield* lab.showTree
    yield* Check.equals("who is what", yield* roles, ["core-1 active", "core-2 standby hot"])
    const before = yield* rootPorts
    const blocked = (yield* lab.tree).switches.flatMap((row) => row.blocked)
    yield* Check.equals("one bridge to everybody: ports that block", blocked.length, 0)

    const uplink = yield* tell("an uplink is lost", lab.link("acc-1", "core-1").down)
    yield* lab.link("acc-1", "core-1").up
    yield* Effect.sleep("5 seconds")
    const vsl = yield* tell("a VSL member is lost", lab.link("core-1:1", "core-2").down)
    yield* lab.link("core-1:1", "core-2").up
    yield* Effect.sleep("5 seconds")
    const active = yield* tell("the active is turned off", lab.switch("core-1").powerOff)
    yield* Check.equals("who is what", yield* roles, ["core-1 off", "core-2 active"])
    yield* Check.equals("no surviving port has another role", yield* rootPorts, before)
    const back = yield* tell("it comes back", lab.switch("core-1").powerOn)
    yield* lab.converged
    yield* Check.equals("who is what", yield* roles, ["core-1 standby hot", "core-2 active"])
    const hang = yield* tell("the active hangs", lab.switch("core").controlPlane.hang)
    yield* Check.equals("who is what", yield* roles, ["core-1 active", "core-2 reloading"])
    yield* lab.converged
    yield* Check.equals("who is what", yield* roles, ["core-1 active", "core-2 standby hot"])

    yield* lab.table(["ms of silence after", ...NAMES], rows)
    yield* lab.data("silence", { columns: ["event", ...NAMES], rows })
    // Every probe was answered: the silence is that between two of them.
    yield* Check.equals("a lost uplink: nobody loses a frame", uplink, [1, 1, 1, 1, 1])
    yield* Check.equals("a lost VSL member: only what crosses the VSL waits for 100 ms", vsl, [1, 1, 1, 101, 101])
    yield* Check.equals("the loss of the active: nobody behind a bundle loses a frame", active.slice(0, 3), [1, 1, 1])
    yield* Check.equals("a chassis that comes back: nobody loses a frame", back, [1, 1, 1, 1, 1])
    yield* Check.equals("an active that hangs: nobody behind a bundle loses a frame", hang.slice(0, 3), [1, 1, 1])
    yield* Check.atLeast("silence of the printer in ms, whose chassis boots anew", hang[3], 4500)
    yield* lab.hint([
      "npx --no lab show apps/lab/scenarios/vss/design.l2.yml switch virtual role",
      "npx --no lab show apps/lab/scenarios/vss/design.l2.yml etherchannel summary --node core --after 'node core-1 off'",
    ])
  }),
)
