/** UDLD from its first message on: a cable that is well, two that are dark, a switch that hangs, and ports that come back by themselves. */
import type { UdldPdu } from "@l2lab/l2/udld/UdldPdu"
import * as Check from "@l2lab/lab/Check"
import { Lab } from "@l2lab/lab/Lab"
import * as Scenario from "@l2lab/lab/Scenario"
import { Effect } from "effect"

export default Scenario.make(
  "udld",
  {
    design: "design.l2.yml",
    description: "UDLD's messages; dark cables in normal and aggressive mode; a neighbour that hangs; errdisable recovery",
    capture: ["sw1"],
  },
  Effect.gen(function* () {
    const lab = yield* Lab
    yield* lab.capture.annotate(({ frame }) => {
      const pdu = frame.payload as Partial<UdldPdu>
      if (pdu.protocol !== "udld") return undefined
      return `UDLD ${pdu.opcode} of ${pdu.deviceName}, who hears ${(pdu.echo ?? []).length === 0 ? "nobody" : "its neighbour"}`
    })
    const at = (name: string, port: number) =>
      Effect.map(lab.switch(name).udld.port(port), ({ link, phase }) => `${phase} ${link}`)
    const out = (name: string) => Effect.map(lab.log.find("UDLD_PORT_DISABLED", name), (lines) => lines.map(({ text }) => text))
    const failed = (port: string) =>
      `%UDLD-4-UDLD_PORT_DISABLED: UDLD disabled interface ${port}, aggressive mode failure detected`

    yield* Effect.sleep("3 seconds")
    yield* Check.equals("sw1's first port, within five seconds", yield* at("sw1", 1), "detection undetermined")
    yield* Effect.sleep("57 seconds")
    for (const port of [1, 2, 3]) yield* Check.equals(`sw1's port ${port}`, yield* at("sw1", port), "advertisement bidirectional")
    const { sent } = yield* lab.switch("sw1").udld.port(1)
    yield* Check.equals("messages in a minute: a probe, five echoes, five probes in 28 s, then every 15 s", sent, 12)

    yield* lab.say("both cables to sw2 go dark in both directions; the carriers stay")
    for (const port of [1, 2]) {
      yield* lab.link(`sw1:${port}`, `sw2:${port}`).deadFrom("sw1")
      yield* lab.link(`sw1:${port}`, `sw2:${port}`).deadFrom("sw2")
    }
    const dark = yield* lab.now
    yield* Effect.sleep("54 seconds")
    yield* Check.equals("normal mode: sw1's first port", yield* at("sw1", 1), "link-up undetermined")
    yield* Check.equals("aggressive mode: sw1", yield* out("sw1"), [failed("Et0/2")])
    yield* Check.equals("aggressive mode: sw2", yield* out("sw2"), [failed("Et0/2")])
    const [first] = yield* lab.log.find("UDLD_PORT_DISABLED")
    yield* Check.atMost("seconds until then: three intervals and eight questions", ((first?.at ?? Infinity) - dark) / 1e9, 53)

    yield* lab.say("the cables are mended; the port comes back by itself 30 s after it went")
    for (const port of [1, 2]) yield* lab.link(`sw1:${port}`, `sw2:${port}`).heal
    yield* Effect.sleep("40 seconds")
    for (const port of [1, 2]) yield* Check.equals(`sw1's port ${port}`, yield* at("sw1", port), "advertisement bidirectional")

    yield* lab.say("sw3's processor hangs, while it forwards on")
    yield* lab.switch("sw3").controlPlane.hang
    yield* Effect.sleep("54 seconds")
    yield* Check.equals("sw1 has cut it off", (yield* out("sw1")).at(-1), failed("Et0/3"))
    yield* lab.switch("sw3").controlPlane.resume
    yield* Effect.sleep("40 seconds")
    yield* Check.equals("and takes it back", yield* at("sw1", 3), "advertisement bidirectional")
    yield* lab.hint([
      "npx --no lab show apps/lab/scenarios/udld/design.l2.yml udld neighbors",
      'npx --no lab show apps/lab/scenarios/udld/design.l2.yml udld --after "link sw1:2 mute" --at 60s',
    ])
  }),
)
