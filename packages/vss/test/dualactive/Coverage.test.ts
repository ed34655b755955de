/** Every arc of both machines of dual-active detection is taken by the chassis below. */
import { assert, it } from "@effect/vitest"
import { BFD } from "../../src/dualactive/BfdSession.ts"
import { FH } from "../../src/dualactive/FastHello.ts"
import { untaken } from "../Arcs.ts"
import { Chassis } from "./Chassis.ts"

const mute = (pair: Chassis, from: "a" | "b", isMute: boolean): Chassis =>
  pair.world({ type: "link.direction", link: 2, from, alive: !isMute })

const networks = (): void => {
  const hellos = new Chassis({ cables: ["fast-hello"] }).run(5)
  mute(hellos, "a", true).run(5)
  mute(hellos, "a", false).run(5).world({ type: "link.disconnect", link: 2 }).run(1)
  // Another chassis answers where the peer did, and then the peer again.
  const other = new Chassis({ cables: ["fast-hello"] }).run(5)
  const { detection } = other.state(1)
  other.state(1).detection = { ...detection, config: { ...detection.config, address: 0x0a } }
  other.run(1)
  other.state(1).detection = { ...other.state(1).detection, config: detection.config }
  mute(other, "b", true).run(5)
  mute(other, "b", false).run(5)
  // From the start.
  new Chassis({ cables: ["fast-hello"], detection: [{ domain: 1 }, {}] }).run(5)
  const bfd = new Chassis({ cables: ["bfd"] }).run(5).cut().run(5)
  mute(bfd, "a", true).run(5)
  mute(bfd, "a", false).run(5)
  mute(bfd, "b", true).run(5)
  bfd.cut(true).run(5)
  // In INIT: the peer is heard, and then is not.
  const deaf = new Chassis({ cables: ["bfd"] }).run(5)
  mute(deaf, "a", true).cut().run(2)
  mute(deaf, "b", true).run(5)
}

it("every arc is taken", () => {
  assert.deepEqual(untaken([FH, BFD], networks), [])
})
