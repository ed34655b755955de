/** Keys of guards, and the rule in whose name a value of theirs is refused: an error about a guard says which one it is about. */
import type { Path, Problem } from "./DesignError.ts"

/** By key, or by a key within another. */
const RULE_OF: Readonly<Record<string, string>> = {
  stormControl: "storm-control",
  portSecurity: "port-security",
  macMove: "mac-move",
  controlPlane: "control-plane",
  pduRate: "pdu-rate",
  pduBurst: "pdu-rate",
  pduRatePerPort: "pdu-rate",
  bpduStorm: "pdu-rate",
  "errdisable.interval": "errdisable-times",
  linkFlap: "errdisable-times",
  udld: "udld",
  uplinkFast: "uplinkfast",
  uplinkRate: "uplinkfast",
  backboneFast: "backbonefast",
}

/** The rule of the innermost guard that a path leads to; undefined: it leads to none. What people name themselves is no key. */
export const ruleOf = (path: Path): string | undefined => {
  const keys = path[0] === "nodes" ? path.slice(2) : path
  if (keys[0] === "vms" || keys[0] === "portGroups") return undefined
  for (let i = keys.length - 1; i >= 0; i--) {
    const rule = [keys[i], `${keys[i - 1]}.${keys[i]}`].find((key) => Object.hasOwn(RULE_OF, key))
    if (rule !== undefined) return RULE_OF[rule]
  }
  return undefined
}

/** What is wrong with a value, in the name of its guard's rule. Keys that are not there are no guard's. */
export const inName = (problem: Problem): Problem => {
  const rule = problem.message.startsWith("unknown key") ? undefined : ruleOf(problem.path)
  return rule === undefined ? problem : { ...problem, message: `${rule}: ${problem.message}` }
}
