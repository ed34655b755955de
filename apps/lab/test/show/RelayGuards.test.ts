/** What the relay's guards show, whole tables in the layout of Catalyst switches, and the same for machines. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { fileURLToPath } from "node:url"
import { main } from "../../src/Cli.ts"
import { Output } from "../../src/Output.ts"

const GUARDS = fileURLToPath(new URL("../fixtures/relay-guards.l2.yml", import.meta.url))
const STORM = fileURLToPath(new URL("../../scenarios/storm-control/design.l2.yml", import.meta.url))

/** A second after everybody has said who he is, or what the arguments say. */
const show = (design: string, words: string, ...args: ReadonlyArray<string>) =>
  Effect.gen(function* () {
    const out: Array<string> = []
    const command = [
      "show",
      design,
      ...words.split(" "),
      "--after",
      "announce",
      ...(args.includes("--at") ? args : ["--at", "1s", ...args]),
    ]
    const code = yield* main(command).pipe(Effect.provide(Layer.merge(NodeServices.layer, Output.collect(out, []))))
    assert.strictEqual(code, 0)
    return out.join("")
  })

/** From the prompt on. */
const shown = (text: string): string => text.slice(text.search(/^\S+#show /m))

const TABLES: ReadonlyArray<readonly [title: string, words: string, text: string]> = [
  [
    "storm control, class by class",
    "storm-control",
    `sw1#show storm-control
Key: U - Unicast, B - Broadcast, M - Multicast, UU - Unknown Unicast
Interface  Filter State   Upper        Lower        Current      Action    Type
---------  -------------  -----------  -----------  -----------  --------- ----
Et0/2      Forwarding          20.00%        5.00%        0.01%  Trap      B
Et0/2      Forwarding          1k pps       1k pps        0 pps  Trap      M
Et0/2      Forwarding          2m bps       2m bps        0 bps  Trap      UU
Et0/3      Forwarding           1.00%        1.00%        0.01%  Shutdown  B

`,
  ],
  [
    "storm control of one port",
    "storm-control et0/3",
    `sw1#show storm-control et0/3
Key: U - Unicast, B - Broadcast, M - Multicast, UU - Unknown Unicast
Interface  Filter State   Upper        Lower        Current      Action    Type
---------  -------------  -----------  -----------  -----------  --------- ----
Et0/3      Forwarding           1.00%        1.00%        0.01%  Shutdown  B

`,
  ],
  [
    "port security",
    "port-security",
    `sw1#show port-security
Secure Port  MaxSecureAddr  CurrentAddr  SecurityViolation  Security Action
                (Count)       (Count)          (Count)
-----------------------------------------------------------------------------
      Et0/1              1            0                  1         Shutdown
      Et0/2              2            1                  0         Restrict
      Et0/3              3            2                  0          Protect
-----------------------------------------------------------------------------
Total Addresses in System (excluding one mac per port)     : 1
Max Addresses limit in System (excluding one mac per port) : 8192

`,
  ],
  [
    "port security of one port",
    "port-security interface Et0/3",
    `sw1#show port-security interface Et0/3
Port Security              : Enabled
Port Status                : Secure-up
Violation Mode             : Protect
Aging Time                 : 10 mins
Aging Type                 : Inactivity
SecureStatic Address Aging : Disabled
Maximum MAC Addresses      : 3
Total MAC Addresses        : 2
Configured MAC Addresses   : 1
Sticky MAC Addresses       : 0
Last Source Address:Vlan   : 0200.0000.3302:1
Security Violation Count   : 0

`,
  ],
  [
    "port security of a port that was taken out of service",
    "port-security int Et0/1",
    `sw1#show port-security interface Et0/1
Port Security              : Enabled
Port Status                : Secure-shutdown
Violation Mode             : Shutdown
Aging Time                 : 0 mins
Aging Type                 : Absolute
SecureStatic Address Aging : Disabled
Maximum MAC Addresses      : 1
Total MAC Addresses        : 0
Configured MAC Addresses   : 0
Sticky MAC Addresses       : 0
Last Source Address:Vlan   : 0200.0000.6601:1
Security Violation Count   : 1

`,
  ],
  [
    "secure addresses",
    "port-security address",
    `sw1#show port-security address
               Secure Mac Address Table
-----------------------------------------------------------------------------
Vlan    Mac Address       Type                          Ports   Remaining Age
                                                                   (mins)
----    -----------       ----                          -----   -------------
   1    0200.0000.2201   SecureSticky                  Et0/2       -
   1    0200.0000.3301   SecureConfigured              Et0/3       -
   1    0200.0000.3302   SecureDynamic                 Et0/3      10
-----------------------------------------------------------------------------
Total Addresses in System (excluding one mac per port)     : 1
Max Addresses limit in System (excluding one mac per port) : 8192

`,
  ],
  [
    "secure addresses of one port",
    "port-security interface Et0/3 address",
    `sw1#show port-security interface Et0/3 address
               Secure Mac Address Table
-----------------------------------------------------------------------------
Vlan    Mac Address       Type                          Ports   Remaining Age
                                                                   (mins)
----    -----------       ----                          -----   -------------
   1    0200.0000.3301   SecureConfigured              Et0/3       -
   1    0200.0000.3302   SecureDynamic                 Et0/3      10
-----------------------------------------------------------------------------
Total Addresses in System (excluding one mac per port)     : 1
Max Addresses limit in System (excluding one mac per port) : 8192

`,
  ],
  [
    "the processor",
    "control-plane",
    `sw1#show control-plane
Control plane is running
  Rate: 200 pps, queue 0/20 (frames/max)
  PDUs of all ports: 100 pps, burst 10, 0 dropped
  PDUs of a port: 50 pps
  BPDU storm: 15 pps for 3 seconds takes a port out of service

Port         PDUs (pps)     Dropped
----         ----------     -------
Et0/3        5              0

Kind         Processed      Queue full
----         ---------      ----------
PDU          0              0
broadcast    3              0
multicast    0              0

`,
  ],
  [
    "errdisable, from which causes ports come back",
    "errdisable recovery",
    `sw1#show errdisable recovery
ErrDisable Reason            Timer Status
-----------------            --------------
bpdu-storm                   Disabled
bpduguard                    Disabled
channel-misconfig            Disabled
dtp-flap                     Disabled
l2ptguard                    Disabled
link-flap                    Disabled
loopback                     Disabled
pagp-flap                    Disabled
psecure-violation            Enabled
storm-control                Disabled
udld                         Disabled
unicast-flood                Disabled
vmps                         Disabled

Timer interval: 60 seconds

Interfaces that will be enabled at the next timeout:

Interface       Errdisable reason       Time left(sec)
---------       -----------------       --------------
Et0/1              psecure-violation       60

`,
  ],
  [
    "errdisable, for which causes they go",
    "errdisable detect",
    `sw1#show errdisable detect
ErrDisable Reason            Detection        Mode
-----------------            ---------        ----
bpdu-storm                   Enabled          port
bpduguard                    Enabled          port
channel-misconfig            Enabled          port
dtp-flap                     Enabled          port
l2ptguard                    Enabled          port
link-flap                    Disabled         port
loopback                     Enabled          port
pagp-flap                    Enabled          port
psecure-violation            Enabled          port
storm-control                Enabled          port
udld                         Enabled          port
unicast-flood                Enabled          port
vmps                         Enabled          port

`,
  ],
  [
    "ports out of service",
    "interfaces status err-disabled",
    `sw1#show interfaces status err-disabled

Port      Name               Status       Reason              Err-disabled Vlans
Et0/1     h1:1               err-disabled psecure-violation

`,
  ],
]

describe("the relay's guards in words", () => {
  for (const [title, words, text] of TABLES) {
    it.live(title, () =>
      Effect.gen(function* () {
        const answer = yield* show(GUARDS, words, "--node", "sw1")
        assert.strictEqual(shown(answer), text)
        for (const line of text.split("\n")) assert.isAtMost(line.length, 80, line)
      }),
    )
  }

  it.live("a storm that is filtered, and one that took its ports out of service", () =>
    Effect.gen(function* () {
      assert.match(
        yield* show(STORM, "storm-control", "--node", "b1", "--at", "500ms"),
        /\nEt0\/1 {6}Blocking {13}1\.00% {8}1\.00% {8}0\.00% {2}None {6}B\nEt0\/2 {6}Blocking /,
      )
      assert.match(
        yield* show(STORM, "storm-control", "--node", "c1", "--at", "500ms"),
        /\nEt0\/1 {6}Link Down {12}1\.00% {8}1\.00% {8}0\.00% {2}Shutdown {2}B\nEt0\/2 {6}Link Down /,
      )
    }),
  )

  it.live("machines get the same", () =>
    Effect.gen(function* () {
      const answer = (design: string, words: string, node: string, ...args: ReadonlyArray<string>) =>
        Effect.map(
          show(design, words, "--node", node, "--json", ...args),
          (text) => (JSON.parse(text) as { readonly switches: ReadonlyArray<Record<string, unknown>> }).switches[0],
        )
      const storm = yield* answer(STORM, "storm-control", "b1", "--at", "500ms")
      assert.deepStrictEqual((storm.stormControl as ReadonlyArray<object>)[0], {
        interface: "Et0/1",
        class: "broadcast",
        state: "Blocking",
        unit: "percent",
        upper: 1,
        lower: 1,
        current: 0,
        action: "filter",
        filtered: (storm.stormControl as ReadonlyArray<{ readonly filtered: number }>)[0].filtered,
        storms: 1,
      })
      const security = yield* answer(GUARDS, "port-security", "sw1")
      assert.deepStrictEqual((security.portSecurity as ReadonlyArray<object>)[0], {
        interface: "Et0/1",
        status: "Secure-shutdown",
        violation: "shutdown",
        ageingMinutes: 0,
        ageingType: "absolute",
        maximum: 1,
        addresses: [],
        lastAddress: "0200.0000.6601",
        lastVlan: 1,
        violations: 1,
      })
      const addresses = yield* answer(GUARDS, "port-security address", "sw1")
      assert.deepStrictEqual(
        (addresses.secureAddresses as ReadonlyArray<{ readonly type: string; readonly secondsLeft: number | null }>).map(
          ({ secondsLeft, type }) => [type, secondsLeft],
        ),
        [
          ["sticky", null],
          ["configured", null],
          ["dynamic", 600],
        ],
      )
      const plane = yield* answer(GUARDS, "control-plane", "sw1")
      assert.deepStrictEqual(plane.controlPlane, {
        state: "running",
        rate: 200,
        queue: 20,
        waiting: 0,
        kinds: [
          { kind: "PDU", taken: 0, dropped: 0 },
          { kind: "broadcast", taken: 3, dropped: 0 },
          { kind: "multicast", taken: 0, dropped: 0 },
        ],
        unheard: 0,
        pduRate: 100,
        pduBurst: 10,
        pdusLimited: 0,
        pduRatePerPort: 50,
        bpduStorm: { rate: 15, seconds: 3 },
        ports: [{ interface: "Et0/3", pduRate: 5, dropped: 0 }],
      })
      const detect = yield* answer(GUARDS, "errdisable detect", "sw1")
      assert.deepStrictEqual(
        (detect.errdisableDetect as ReadonlyArray<{ readonly reason: string; readonly enabled: boolean }>)
          .filter(({ enabled }) => !enabled)
          .map(({ reason }) => reason),
        ["link-flap"],
      )
    }),
  )
})
