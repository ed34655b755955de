/** Worked examples of the standards and of conformance suites, as texts in fixtures/figures, run by bridges of every protocol and of two at once. */
import { assert, describe, it } from "@effect/vitest"
import { readdirSync, readFileSync } from "node:fs"
import * as Figure from "./Figure.ts"
import { PROTOCOLS } from "./simulation/Protocols.ts"

const folder = new URL("fixtures/figures/", import.meta.url)
const texts = readdirSync(folder)
  .toSorted()
  .map((file) => [file, readFileSync(new URL(file, folder), "utf8")] as const)

const MIXES = [
  ["stp", "rstp"],
  ["rstp", "stp"],
  ["pvst", "rapid-pvst"],
] as const

describe.each(texts)("%s", (_file, text) => {
  const protocols = Figure.protocolsOf(text)
  it.each(protocols)("by %s", (protocol) => {
    assert.deepEqual(Figure.run(text, Figure.by(protocol)), [])
  })

  // The end is the same whatever bridges run; only how fast it is reached is not, and that is only asked of one protocol.
  it.each(MIXES.filter((mix) => mix.every((protocol) => protocols.includes(protocol))))("by %s and %s by turns", (even, odd) => {
    assert.deepEqual(Figure.run(text, { protocolOf: (bridge) => (bridge % 2 === 0 ? even : odd) }), [])
  })
})

describe("a text that is wrong", () => {
  const faults = (text: string): ReadonlyArray<string> => Figure.run(text, Figure.by("stp"))
  const bridge = "bridge 1 8000.00:00:00:00:00:01 = a b:5\n"

  it("fails with line and column", () => {
    assert.deepEqual(faults(`${bridge}check 1 = F F\nrun 40\n  check 1 = B F\ncheck 1 = root\nfly 1`), [
      'line 2, column 1: bridge 1 is "Li Li", not "F F"',
      'line 4, column 3: bridge 1 is "F F", not "B F"',
      'line 6, column 1: "fly" is no verb',
    ])
  })

  it("says what is missing or one too many, and what would do", () => {
    assert.deepEqual(
      faults(`${bridge}check 2 = F F\ncheck 1 = F\nroles 1 = Root Leaf\nrun\nrun 5 6\nrun soon\nmove 1.3 a\nmove 1 a`),
      [
        "line 2, column 7: there is no bridge 2",
        "line 3, column 11: 1 words for a bridge of 2 ports",
        'line 4, column 16: "Leaf" is none of Root, Designated, Alternate, Backup, Disabled',
        "line 5, column 4: a number of seconds is missing",
        'line 6, column 7: "6" is one word too many',
        'line 7, column 5: "soon" is no number: a number of seconds is wanted',
        "line 8, column 6: bridge 1 has no port 3",
        'line 9, column 6: "1" is no port, such as 1.2',
      ],
    )
  })

  it("says so of bridges too", () => {
    assert.deepEqual(
      faults("bridge 1 8000.1 = a\nbridge 1 8000.00:00:00:00:00:01 ospf = a\nbridge 1 8000.00:00:00:00:00:01 = a:b\nfor ospf"),
      [
        'line 1, column 10: "8000.1" is no identifier, such as 8000.00:00:00:00:00:01',
        `line 2, column 33: "ospf" is none of ${Object.keys(PROTOCOLS).join(", ")}`,
        'line 3, column 35: "a:b" is no port: a LAN and a cost, such as a or a:5, are wanted',
        `line 4, column 5: "ospf" is none of ${Object.keys(PROTOCOLS).join(", ")}`,
      ],
    )
  })

  it("waits no longer than it says", () => {
    assert.deepEqual(faults(`${bridge}within 31 check 1 = F F\nmove 1.1 down\nwithin 5 check 1 = F F`), [
      'line 4, column 1: bridge 1 is "D F", not "F F", after 5 s',
    ])
  })
})
