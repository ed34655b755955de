/** What a chassis logs, beside VSLP's lines. */
import { assert, describe, it } from "@effect/vitest"
import * as LogLine from "@l2lab/sim/LogLine"
import { LOG } from "../../src/chassis/Log.ts"
import { Farm } from "./Farm.ts"

const LINES = LogLine.registry(LOG)
const NAMES: LogLine.LogNames = {
  port: (port) => `Te1/${port + 1}`,
  portInFull: (port) => `TenGigabitEthernet1/${port + 1}`,
  tree: String,
  sender: String,
}

/** Lines of the two chassis from now on, as they come. */
const listen = (farm: Farm): Array<string> => {
  const lines: Array<string> = []
  farm.simulation.listen({
    onTrace: (event) => {
      for (const line of LINES.get(event.code) ?? []) {
        const message = line.message(event, NAMES)
        if (message !== undefined) lines.push(`${event.node + 1} ${LogLine.format(line, message)}`)
      }
    },
  })
  return lines
}

describe("log lines of a chassis", () => {
  it("of a standby that joins, a member and a card that fail, a switchover, a reload", () => {
    const farm = new Farm({ access: 2, config: { cards: [[2, 3]] } }).run(40)
    const lines = listen(farm)
    farm.off(1).run(1)
    lines.length = 0
    farm.on(1).run(20)
    assert.deepStrictEqual(lines.splice(0), [
      "2 %PFREDUN-6-STANDBY: Initializing as Virtual Switch STANDBY processor",
      "2 %PFREDUN-6-STANDBY: Ready for SSO mode",
    ])
    farm.cut(farm.vslCable(1)).run(1)
    assert.deepStrictEqual(lines.splice(0).toSorted(), [
      "1 %VSL-4-MEMBER: Te1/2 left the virtual switch link, which has 1 left",
      "2 %VSL-4-MEMBER: Te1/2 left the virtual switch link, which has 1 left",
    ])
    for (const failed of [true, false]) {
      farm.simulation.command(1, { type: "chassis.line-card", card: 0, failed } as never)
      farm.run(1)
    }
    assert.deepStrictEqual(lines.splice(0), [
      "2 %OIR-6-REMCARD: Card removed from slot 1, interfaces disabled",
      "2 %OIR-6-INSCARD: Card inserted in slot 1, interfaces are now online",
    ])
    farm.run(5)
    farm.off(0).run(1)
    assert.deepStrictEqual(lines.splice(0).slice(-1), [
      "2 %PFREDUN-3-SWITCHOVER: SSO switchover: 3 own ports are up, 3 of the other chassis are gone",
    ])
    farm.on(0).run(20)
    lines.length = 0
    farm.simulation.command(0, { type: "chassis.reload" } as never)
    farm.run(1)
    assert.deepStrictEqual(lines.splice(0), ["1 %SYS-5-RELOAD: Reload requested by an order"])
    farm.run(20)
    farm.simulation.command(1, { type: "bridge.control-plane", hung: true } as never)
    farm.run(1)
    assert.include(lines, "2 %SYS-5-RELOAD: Reload requested by the other chassis")
  })
})
