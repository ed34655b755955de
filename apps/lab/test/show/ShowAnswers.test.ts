/** `lab show` with orders, in networks that do not settle, and what is asked of guards. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { fileURLToPath } from "node:url"
import { design, lab, json } from "./Shown.ts"

describe("lab show, when told or asked of more", () => {
  it.live("sets priorities and costs, of all trees or of one", () =>
    Effect.gen(function* () {
      const rootsOf = (name: string, node: string, ...after: ReadonlyArray<string>) =>
        Effect.map(
          lab(design(name), "span", "root", "--node", node, ...after.flatMap((change) => ["--after", change])),
          ({ out }) =>
            out.match(/^(VLAN|MST)\d+ .*$/gm)?.map((row) =>
              row
                .replace(/ {2,}/g, " ")
                .split(" ")
                .filter((_, i) => i !== 2),
            ),
        )
      assert.deepStrictEqual(yield* rootsOf("triangle", "sw3", "priority sw3 0"), [["VLAN0001", "0", "0", "2", "20", "15"]])
      assert.deepStrictEqual(yield* rootsOf("rstp", "sw3", "cost sw3:1 500000"), [
        ["VLAN0001", "4096", "40000", "2", "20", "15", "Gi0/2"],
      ])
      assert.deepStrictEqual(yield* rootsOf("rstp", "sw3", "cost sw3:1 500000", "cost sw3:1 by-rate"), [
        ["VLAN0001", "4096", "20000", "2", "20", "15", "Gi0/1"],
      ])
      const perVlan = yield* rootsOf("rapid-pvst", "acc-1", "priority acc-1 vlan 30 0", "cost acc-1:1 vlan 10 500")
      assert.deepStrictEqual(perVlan?.slice(1, 4), [
        ["VLAN0010", "4106", "6", "2", "20", "15", "Gi0/2"],
        ["VLAN0020", "4116", "4", "2", "20", "15", "Gi0/2"],
        ["VLAN0030", "30", "0", "2", "20", "15"],
      ])
      assert.deepStrictEqual((yield* rootsOf("mst", "sw3", "priority sw3 mst 2 0"))?.[2], ["MST2", "2", "0", "2", "20", "15"])
    }),
  )

  it.live("says where no spanning tree runs", () =>
    Effect.gen(function* () {
      const { code, out } = yield* lab(design("loop"), "span", "--node", "sw1", "--at", "0s")
      assert.strictEqual(code, 0)
      assert.include(out, "No spanning tree instance exists.")
    }),
  )

  it.live("says that the network did not settle, shows how it stands, and exits with 1", () =>
    Effect.gen(function* () {
      const { code, out, err } = yield* lab(design("triangle"), "span", "--limit", "10s")
      assert.strictEqual(code, 1)
      assert.include(out, "Desg LIS")
      assert.match(err, /^lab: the network has not settled within 10 s: .*; raise --limit, or ask for an instant with --at\n$/)
    }),
  )

  it.live("says who loses the root again and again, which no --limit helps against", () =>
    Effect.gen(function* () {
      const ring = fileURLToPath(new URL("../../scenarios/diameter/design.l2.yml", import.meta.url))
      const { code, err } = yield* lab(ring, "span", "root", "--limit", "60s")
      assert.strictEqual(code, 1)
      assert.match(err, /; sw\d+:\d has lost the root at max age \d+ times: .*\? Ask for an instant with --at\n$/)
      assert.notInclude(err, "raise")
    }),
  )

  it.live("a port in all its trees, several VLANs, what is blocked; for machines in one list", () =>
    Effect.gen(function* () {
      const { code, out } = yield* lab(design("rapid-pvst"), "span", "int", "Gi0/2", "--node", "acc-1", "--node", "acc-2")
      assert.strictEqual(code, 0)
      assert.match(out, /acc-1#show spanning-tree interface Gi0\/2\n\nVlan +Role/)
      assert.match(out, /acc-2#show/)
      const vlans = yield* lab(design("rapid-pvst"), "span", "vlan", "10,20", "--node", "acc-1")
      assert.deepStrictEqual(vlans.out.match(/^VLAN\d+$/gm), ["VLAN0010", "VLAN0020"])
      const { switches } = yield* json(design("mst"), "span", "vlan", "10,20,77", "--node", "sw1")
      assert.strictEqual(switches[0].spanningTrees?.length, 2)
      const blocked = yield* lab(design("rapid-pvst"), "span", "blocked", "--node", "acc-1")
      assert.match(blocked.out, /VLAN0010 +Gi0\/2\n/)
      const bad = yield* lab(design("rapid-pvst"), "span", "int", "Gi0/99", "--node", "acc-1")
      assert.match(bad.err, /no switch that was asked has an interface "Gi0\/99"/)
    }),
  )

  it.live("how long the last change kept spanning tree busy is said as finely as rapid trees need it", () =>
    Effect.gen(function* () {
      const { out } = yield* lab(design("rapid-pvst"), "span", "root", "--node", "acc-1", "--after", "link acc-1:1 down")
      assert.match(out, /^! rapid-pvst after link acc-1:1 down: settled at [\d.]+ s, the last change at\n! [\d.]+ s\n/)
      assert.match(out, /^! the last change came [\d.]+ [mu]s after "link acc-1:1 down"$/m)
      const still = yield* lab(design("triangle"), "mac", "address-table", "--node", "sw1", "--after", "announce")
      assert.match(still.out, /^! spanning tree had nothing to do with "announce"$/m)
      const told = yield* lab(design("rapid-pvst"), "span", "root", "--node", "acc-1", "--after", "loopguard acc-1 enable")
      assert.match(told.out, /^! nothing changed after the instant of "loopguard acc-1 enable"$/m)
      const first = yield* lab(design("rapid-pvst"), "span", "root", "--node", "acc-1")
      assert.match(first.out, /the last change at [\d.]+ us$/m)
    }),
  )

  it.live("--after tells guards of running switches: what they do is shown", () =>
    Effect.gen(function* () {
      const after = (...changes: ReadonlyArray<string>) => changes.flatMap((change) => ["--after", change])
      const inconsistent = yield* lab(
        design("triangle"),
        "span",
        "inconsistentports",
        "--node",
        "sw2",
        ...after("guard sw2:1 root"),
        "--at",
        "10s",
      )
      assert.match(inconsistent.out, /VLAN0001 +GigabitEthernet0\/1 +Root Inconsistent/)
      const guarded = yield* lab(design("triangle"), "int", "status", "--node", "sw2", ...after("bpduguard sw2:1 enable"))
      assert.match(guarded.out, /Gi0\/1 .*err-disabled/)
      const defaults = yield* lab(
        design("triangle"),
        "span",
        "summary",
        "--node",
        "sw2",
        ...after("bpduguard sw2 enable", "loopguard sw2 enable", "bpdufilter sw2 enable", "bpdufilter sw2 disable"),
      )
      assert.match(defaults.out, /PortFast BPDU Guard Default +is enabled/)
      assert.match(defaults.out, /Portfast BPDU Filter Default +is disabled/)
      assert.match(defaults.out, /Loopguard Default +is enabled/)
      const edge = yield* lab(
        design("triangle"),
        "span",
        "detail",
        "--node",
        "sw2",
        ...after("portfast sw2:3 edge", "bpdufilter sw2:3 enable", "link sw2:3 down", "link sw2:3 up"),
      )
      assert.include(edge.out, "The port is in the portfast edge mode")
      assert.include(edge.out, "Bpdu filter is enabled")
    }),
  )

  const BAD: ReadonlyArray<readonly [args: ReadonlyArray<string>, sentence: RegExp]> = [
    [["spaning-tree"], /did you mean "spanning-tree"\?/],
    [["span", "--node", "sw9"], /--node sw9: the design has no switch of that name/],
    [["span", "--node", "pc1"], /--node pc1: it is a host, and only switches answer to show/],
    [["span", "--at", "soon"], /--at soon: /],
    [["span", "--limit=-3s"], /--limit -3s: /],
    [["span", "--vlan", "4095"], /"4095" is no VLAN id/],
    [["int", "Gi0/9"], /no switch that was asked has an interface "Gi0\/9": sw1 has Gi0\/1 to Gi0\/2/],
    [["span", "--after", "link sw1:9 down"], /there is no port "sw1:9": sw1 has sw1:1 to sw1:2/],
    [["span", "--after", "link sw7:1 down"], /the design has no node "sw7"/],
    [
      ["span", "--after", "link sw1:1 sideways"],
      /a link can go "down" or "up", or be "mute" \(what sw1:1 sends is lost\) and "heal", not "sideways"/,
    ],
    [["span", "--after", "port sw1:1 up"], /a port can be "shutdown" or "no shutdown", not "up"/],
    [["span", "--after", "node sw1 dead"], /not "dead"/],
    [["span", "--after", "node sw1"], /write "link sw1:1 down"/],
    [["span", "--after", "lnk sw1:1 down"], /nothing called "lnk" can happen; did you mean "link"\?/],
    [["span", "--after", "ping pc1"], /say who pings whom/],
    [["span", "--after", "ping pc1 pc7"], /the design has no station "pc7"/],
    [["span", "--after", "priority sw2 5000000"], /5000000 is no bridge priority: it is a whole number from 0 to 65535/],
    [["span", "--after", "priority sw2"], /write "link sw1:1 down"/],
    [["span", "--after", "priority sw2 vlan 10 0"], /sw2 runs stp, which has no tree of VLAN 10/],
    [["span", "--after", "priority sw2 mst 1 0"], /sw2 runs stp, which has no instances/],
    [["span", "--after", "priority sw2 high"], /"high" is no number/],
    [["span", "--after", "priority sw2 vlan ten 0"], /"vlan ten 0" is not understood/],
    [["span", "--after", "cost sw2 5"], /a cost is a port's: write cost sw2:1 5/],
    [["span", "--after", "cost sw2:9 5"], /there is no port "sw2:9": sw2 has sw2:1 to sw2:3/],
    [["span", "--after", "cost sw7:1 5"], /the design has no node "sw7"/],
    [["span", "--after", "cost pc1:1 5"], /pc1 is a host, and has no spanning tree/],
    [["span", "--after", "bpduguard sw2:9 enable"], /there is no port "sw2:9": sw2 has sw2:1 to sw2:3/],
    [["span", "--after", "bpduguard sw2:1 on"], /bpduguard is followed by enable, disable or default, not by "on"/],
    [["span", "--after", "bpduguard sw2 on"], /bpduguard of a switch is followed by enable or disable, not by "on"/],
    [["span", "--after", "loopguard sw2:1 enable"], /the design has no node "sw2:1"/],
    [["span", "--after", "loopguard pc1 enable"], /pc1 is a host, and has no spanning tree/],
    [["span", "--after", "guard sw2:1 bpdu"], /guard is followed by root, loop, none or default, not by "bpdu"/],
    [["span", "--after", "guard sw2:1"], /write "link sw1:1 down"/],
    [["span", "--after", "portfast pc1:1 edge"], /pc1 is a host, and has no spanning tree/],
    [["span", "--after", "portfast sw2:1 network"], /sw2 runs stp, whose ports are silent .*: it has no network ports/],
    [["span", "--after", "bpdugard sw2:1 enable"], /nothing called "bpdugard" can happen; did you mean "bpduguard"\?/],
    [["span", "--after", "announce sw1"], /the design has no station "sw1"/],
  ]
  for (const [args, sentence] of BAD) {
    it.live(`${args.join(" ")}: one sentence, exit code 2`, () =>
      Effect.gen(function* () {
        const { code, out, err } = yield* lab(design("triangle"), ...args)
        assert.strictEqual(code, 2)
        assert.strictEqual(out, "")
        assert.match(err, /^lab: [^\n]*\n$/)
        assert.match(err, sentence)
      }),
    )
  }

  it.live("a design that is not there", () =>
    Effect.gen(function* () {
      const { code, err } = yield* lab("nowhere.l2.yml", "span")
      assert.strictEqual(code, 2)
      assert.match(err, /there is no such file/)
    }),
  )
})

describe("what switches protect themselves from", () => {
  const flapping = fileURLToPath(new URL("../fixtures/flapping.l2.yml", import.meta.url))
  const flaps = [1, 2, 3].flatMap(() => ["--after", "link sw1:1 down", "--after", "link sw1:1 up"])

  it.effect("a link that flaps is taken out of service, with a reason and a time", () =>
    Effect.gen(function* () {
      const status = yield* lab(flapping, "int", "status", "err", "--node", "sw1", ...flaps, "--at", "1s")
      assert.match(status.out, /Gi0\/1 +sw2:1 +err-disabled link-flap$/m)
      const recovery = yield* lab(flapping, "errdisable", "recovery", "--node", "sw1", ...flaps, "--at", "1s")
      assert.match(recovery.out, /^link-flap +Enabled$/m)
      assert.match(recovery.out, /^udld +Disabled$/m)
      assert.match(recovery.out, /^Timer interval: 60 seconds$/m)
      assert.match(recovery.out, /^Gi0\/1 +link-flap +\d+$/m)
    }),
  )

  it.effect("and logs it, and that it comes back", () =>
    Effect.gen(function* () {
      const { out } = yield* lab(flapping, "logg", "--node", "sw1", ...flaps, "--at", "120s")
      assert.match(out, /: %PM-4-ERR_DISABLE: link-flap error detected on Gi0\/1, putting Gi0\/1 in err-disable state$/m)
      assert.match(out, /: %PM-4-ERR_RECOVER: Attempting to recover from link-flap err-disable state on Gi0\/1$/m)
      assert.match(out, /: %LINK-3-UPDOWN: Interface GigabitEthernet0\/1, changed state to down$/m)
    }),
  )

  it.effect("machines get the same", () =>
    Effect.gen(function* () {
      const { out } = yield* lab(flapping, "errdisable", "rec", "--node", "sw1", "--json")
      const [answer] = (
        JSON.parse(out) as {
          switches: ReadonlyArray<{ errdisableRecovery: { intervalSeconds: number; waiting: ReadonlyArray<unknown> } }>
        }
      ).switches
      assert.strictEqual(answer?.errdisableRecovery.intervalSeconds, 60)
      assert.deepStrictEqual(answer?.errdisableRecovery.waiting, [])
    }),
  )

  it.effect("half a question is told the other half", () =>
    Effect.gen(function* () {
      const { code, err } = yield* lab(flapping, "errdisable", "coffee")
      assert.strictEqual(code, 2)
      assert.match(err, /show errdisable does not know what to do with "coffee": write errdisable detect or errdisable recovery/)
    }),
  )
})
