/** What `lab run` does with a bare design: boot it, wait until it has settled, show the tree. */
import * as Effect from "effect/Effect"
import * as Check from "../Check.ts"
import { Lab } from "../Lab.ts"

/** The program for a design file; `file` as the user named it. */
export const boot = (file: string) =>
  Effect.gen(function* () {
    const lab = yield* Lab
    yield* lab.converged
    const { trees } = yield* lab.tree
    yield* lab.showTree
    if (trees.length === 0) yield* lab.say("no spanning tree runs: there was nothing to wait for")
    else
      yield* Check.equals(
        "ports still on their way to forwarding",
        trees.reduce((sum, tree) => sum + tree.switches.reduce((ports, row) => ports + row.changing, 0), 0),
        0,
      )
    yield* lab.hint([
      `npx --no lab show ${file} spanning-tree`,
      `npx --no lab show ${file} mac address-table`,
      `npx --no lab run ${file} --pcap out.pcapng --capture all`,
    ])
  })
