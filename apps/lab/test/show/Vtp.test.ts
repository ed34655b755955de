/** `show vtp status` and `show vtp counters` of a running switch. */
import { readFileSync } from "node:fs"
import { assert, describe, it } from "vitest"
import { boot } from "../../src/Emulation.ts"
import * as LogBook from "../../src/report/LogBook.ts"
import type { Asked } from "../../src/show/Topic.ts"
import * as Vtp from "../../src/show/Vtp.ts"
import { compiled, TRIANGLE } from "../support/designs.ts"

const DESIGN = readFileSync(new URL("../../scenarios/vtp-revision/design.l2.yml", import.meta.url), "utf8")

const asked = (text: string, node: number, plug = false): Asked => {
  const emulation = boot(compiled(text))
  emulation.simulation.run(40e9)
  if (plug) emulation.simulation.command(-1, { type: "port.enable", node: 1, port: 3 } as { readonly type: string })
  emulation.simulation.run(50e9)
  return { emulation, node, log: LogBook.make(emulation.directory) }
}

const STATUS = `VTP Version                     : running VTP2
Configuration Revision          : 57
Maximum VLANs supported locally : 1005
Number of existing VLANs        : 6
VTP Operating Mode              : Client
VTP Domain Name                 : FARM
VTP Pruning Mode                : Disabled
VTP V2 Mode                     : Enabled
VTP Traps Generation            : Disabled
MD5 digest                      : 0x28 0xA3 0x0B 0xFA 0xAF 0x3A 0x4B 0xE9
                                  0xB6 0x8F 0x70 0x77 0xD0 0xBD 0x1E 0x71
Configuration last modified by 0.0.0.0 at 3-1-93 00:00:00
`

describe("show vtp", () => {
  it("prints the status", () => {
    const lines = Vtp.vtpStatus.lines(asked(DESIGN, 2, true))
    assert.strictEqual(lines.join("\n"), STATUS)
    for (const line of lines) assert.isAtMost(line.length, 80)
  })

  it("prints where another password is used", () => {
    const bench = DESIGN.replace("revision: 57 }", "revision: 57, password: other }")
    assert.include(Vtp.vtpStatus.lines(asked(bench, 1, true)), "*** MD5 digest checksum mismatch on trunk: Gi0/4 ***")
  })

  it("gives machines the same", () => {
    assert.deepStrictEqual(Vtp.vtpStatus.json(asked(DESIGN, 2)), {
      vtp: {
        version: 2,
        revision: 2,
        vlans: 7,
        mode: "client",
        domain: "FARM",
        digest: "6ec8b71cd3a19509d53563d96e2c0761",
        updater: "0.0.0.0",
        updatedAt: "930301000000",
        mismatches: [],
      },
    })
  })

  it("prints counters, and machines get more of them", () => {
    const who = asked(DESIGN, 2)
    const lines = Vtp.vtpCounters.lines(who)
    assert.strictEqual(lines[0], "VTP statistics:")
    assert.match(lines[1], /^Summary advertisements received {6}: \d+$/)
    assert.strictEqual((Vtp.vtpCounters.json(who)["vtpCounters"] as { readonly malformed: number }).malformed, 0)
  })

  it("says where there is none", () => {
    const who = asked(TRIANGLE, 0)
    assert.deepStrictEqual(Vtp.vtpStatus.lines(who), ["VTP is not running"])
    assert.deepStrictEqual(Vtp.vtpStatus.json(who), { vtp: null })
  })
})
