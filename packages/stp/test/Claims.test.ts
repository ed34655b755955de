/** Which clauses a comment claims. */
import { assert, describe, it } from "@effect/vitest"
import { clausesOf } from "../report/Claims.ts"

const claimed = (comment: string): ReadonlyArray<string> =>
  clausesOf(comment, "own").map(
    ({ clause, edition, recalled }) => `${edition === "own" ? "" : `${edition} `}${clause}${recalled ? "†" : ""}`,
  )

describe("a comment claims the clauses that it begins with", () => {
  it.each([
    ["17.21.8: what the message is to the port.", ["17.21.8"]],
    ["17.19.40†: it does.", ["17.19.40†"]],
    ["8.8.2 Enable Port. Of the port state selection", ["8.8.2"]],
    ["802.1Q-2005 13.27: Port Timers (PTI).", ["802.1Q-2005 13.27"]],
    ["8.8.7, 8.8.8†: Enable and Disable Change Detection.", ["8.8.7", "8.8.8†"]],
    ["17.21.3 to 17.21.6: disableForwarding, disableLearning", ["17.21.3", "17.21.4", "17.21.5", "17.21.6"]],
    ["8.5.3.8 .. 8.5.3.10: the three times above", ["8.5.3.8", "8.5.3.9", "8.5.3.10"]],
    ["17.20.11 and 17.20.12: the bridge may speak", ["17.20.11", "17.20.12"]],
    ["13.24 ai)†: the selected role.", ["13.24 ai)†"]],
    ["13.24 w)†, x)†: the port shall forward; it does.", ["13.24 w)†", "13.24 x)†"]],
    ["13.22 k), m), 6.4.3 and what follows from it.", ["13.22 k)", "13.22 m)", "6.4.3"]],
    ["17.21.25 a) to c): the port whose vector is best", ["17.21.25 a)", "17.21.25 b)", "17.21.25 c)"]],
    ["13.24 z) to ab)†.", ["13.24 z)†", "13.24 aa)†", "13.24 ab)†"]],
  ])("%s", (comment, clauses) => {
    assert.deepEqual(claimed(comment), clauses)
  })

  it.each([
    "Message Age one bridge on (17.21.23, 17.21.25).",
    "802.1D-2004 rapid spanning tree as a control protocol",
    "1.5x faster",
    "17.1-2 is no clause",
  ])("and nothing else: %s", (comment) => {
    assert.deepEqual(claimed(comment), [])
  })
})
