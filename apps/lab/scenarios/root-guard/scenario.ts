/** A rogue switch with priority 0, at a port that knows better and at one that does not. */
import * as Check from "@l2lab/lab/Check"
import { Lab } from "@l2lab/lab/Lab"
import * as Scenario from "@l2lab/lab/Scenario"
import { Effect } from "effect"

export default Scenario.make(
  "root-guard",
  {
    design: "design.l2.yml",
    description: "A switch with priority 0 is blocked by root guard, and is the root of all where there is none",
    capture: ["acc-1:2"],
  },
  Effect.gen(function* () {
    const lab = yield* Lab

    const roots = Effect.map(lab.tree, (tree) => tree.roots.map((root) => root.switch ?? root.bridge))
    yield* lab.converged
    const ping = yield* lab.host("client").ping("server", { every: "100 millis" })
    const guest = yield* lab.host("guest").ping("server")

    yield* lab.fork(
      Effect.gen(function* () {
        const other = yield* Lab
        yield* other.say("in a copy of the network: rogue at the port without a guard")
        yield* other.port("acc-1:4").noShutdown
        yield* Effect.sleep("20 seconds")
        const { roots: found, switches } = yield* other.tree
        yield* Check.equals(
          "without a guard rogue is the root of all",
          found.map(({ believers, switch: name }) => `${name} for ${believers}`),
          ["rogue for 4"],
        )
        yield* Check.equals(
          "and the cable between the distribution switches blocks: what they have to say goes through acc-1",
          switches
            .filter(({ switch: name }) => name.startsWith("dist"))
            .flatMap(({ blocked }) => blocked.map(({ port }) => port)),
          ["dist-2:1"],
        )
      }),
    )

    yield* lab.fork(
      Effect.gen(function* () {
        const other = yield* Lab
        yield* other.say("in another copy: the same port with BPDU guard")
        yield* other.port("acc-1:4").bpduGuard(true)
        yield* other.port("acc-1:4").noShutdown
        yield* Effect.sleep("20 seconds")
        yield* Check.equals(
          "BPDU guard takes the port out of service",
          (yield* other.log.find("%PM-4-ERR_DISABLE", "acc-1")).map(({ text }) => text),
          ["%PM-4-ERR_DISABLE: bpduguard error detected on Gi0/4, putting Gi0/4 in err-disable state"],
        )
        const { switches } = yield* other.tree
        const others = switches.filter(({ switch: name }) => name !== "rogue")
        yield* Check.that(
          "and dist-1 is the root of the others",
          others.every(({ rootSwitch }) => rootSwitch === "dist-1"),
        )
      }),
    )

    yield* lab.say("rogue, at the port with root guard")
    yield* lab.port("acc-1:3").noShutdown
    yield* Effect.sleep("20 seconds")
    yield* Check.equals(
      "acc-1 blocks it, in both VLANs",
      (yield* lab.log.find("ROOTGUARD_BLOCK", "acc-1")).map(({ text }) => text),
      [
        "%SPANTREE-2-ROOTGUARD_BLOCK: Root guard blocking port GigabitEthernet0/3 on VLAN0001.",
        "%SPANTREE-2-ROOTGUARD_BLOCK: Root guard blocking port GigabitEthernet0/3 on VLAN0010.",
      ],
    )
    yield* Check.that("dist-1 is the root of the others", (yield* roots).includes("dist-1"))
    yield* Check.atMost("outage of the client", yield* ping.longestGap, "200 millis")
    yield* Check.equals("pings of the guest that get through", yield* guest.received, 0)

    yield* lab.say("rogue comes to its senses: priority 32768")
    yield* lab.switch("rogue").stpPriority(32_768)
    yield* Effect.sleep("60 seconds")
    yield* Check.equals("VLANs that acc-1 unblocks", (yield* lab.log.find("ROOTGUARD_UNBLOCK", "acc-1")).length, 2)
    yield* Check.equals("roots", yield* roots, ["dist-1"])
    yield* Check.atLeast("pings of the guest that get through now", yield* guest.received, 10)
    yield* lab.hint([
      'npx --no lab show apps/lab/scenarios/root-guard/design.l2.yml spanning-tree inconsistentports --node acc-1 --after "port acc-1:3 no shutdown"',
    ])
  }),
)
