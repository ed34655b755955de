/** What `lab run` does with a bare design: boot it, wait until it has settled, show the tree. */
import * as Effect from "effect/Effect"
import * as Check from "../Check.ts"
import { Lab } from "../Lab.ts"

/** The program for a design file; `file` as the user named it. */
export const boot = (file: string) =>
  Effect.gen(function* () {
    const lab = yield* Lab
    yield* lab.converged
    const { switches } = yield* lab.tree
    yield* lab.showTree
    yield* Check.that(
      switches.length === 0 ? "no spanning tree runs: nothing to wait for" : "the spanning tree has settled",
      true,
    )
    yield* lab.hint([
      `lab show ${file} spanning-tree`,
      `lab show ${file} mac address-table`,
      `lab run ${file} --pcap out.pcapng --capture all`,
    ])
  })
