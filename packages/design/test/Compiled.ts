/** Designs compiled for tests, and what is in them. */
import { assert } from "@effect/vitest"
import * as MacAddress from "@l2lab/l2/MacAddress"
import { Result } from "effect"
import * as Compile from "@l2lab/design/Compile"
import type { NetworkNode, SwitchNode } from "@l2lab/design/Network"

export const compile = (text: string): Compile.Compiled => {
  const compiled = Compile.text(text, "test.l2.yml")
  if (Result.isFailure(compiled)) throw compiled.failure
  return compiled.success
}

export const switchNamed = (compiled: Compile.Compiled, name: string): SwitchNode => {
  const node = compiled.network.nodes.find((candidate) => candidate.name === name)
  assert.strictEqual(node?.kind, "switch")
  return node as SwitchNode
}

export const macOf = (node: NetworkNode): string =>
  MacAddress.format(node.kind === "host" ? node.station.mac : node.kind === "hub" ? 0 : node.address)
