/** What becomes of designs in tests. */
import * as Build from "@l2lab/design/Build"
import * as Compile from "@l2lab/design/Compile"
import { format } from "@l2lab/design/DesignError"
import type { SwitchNode } from "@l2lab/design/Network"
import { Result } from "effect"

/** The lines that a design is refused with; those it is warned of when it is a record of what exists. */
export const judge = (text: string): { readonly refused: ReadonlyArray<string>; readonly warned: ReadonlyArray<string> } => {
  const compiled = Compile.text(text, "x.l2.yml")
  return Result.isFailure(compiled)
    ? { refused: compiled.failure.message.split("\n"), warned: [] }
    : { refused: [], warned: compiled.success.warnings.map(format) }
}

export const protocolOf = (text: string): unknown => {
  const compiled = Compile.text(text, "x.l2.yml")
  if (Result.isFailure(compiled)) throw compiled.failure
  return Build.bridgeConfig(compiled.success.network.nodes[0] as SwitchNode).protocols
}
