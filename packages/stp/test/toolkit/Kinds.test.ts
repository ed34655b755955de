/** The five protocols as bridges hold them. */
import { assert, it } from "vitest"
import * as Kinds from "../../src/toolkit/Kinds.ts"

it("what they claim are BPDUs, by which a bridge counts a BPDU storm", () => {
  const kinds = Object.values(Kinds)
  assert.lengthOf(kinds, 5)
  assert.deepStrictEqual(
    kinds.filter(({ bpdus }) => !bpdus).map(({ kind }) => kind),
    [],
  )
})
