/** 802.1D-2004 17.28: Port Role Selection (PRS), the one machine of the bridge: computes the roles of all ports of a tree. Its `i` is the tree. */
import { UCT, type Figure, type When } from "../Machine.ts"
import type { State } from "./State.ts"
import * as Procedures from "./Procedures.ts"

const isAnyReselect: When<State> = (s, tree) => {
  const first = tree * s.ports
  for (let i = first; i < first + s.ports; i++) if (s.reselect[i] === 1) return true
  return false
}

/** The figure of 17.28. */
export const PRS: Figure<State> = {
  abbreviation: "PRS",
  clause: "17.28",
  isOfTree: true,
  begin: () => "INIT_BRIDGE",
  states: {
    INIT_BRIDGE: {
      entry: Procedures.updtRoleDisabledTree,
      exits: [{ when: UCT, to: "ROLE_SELECTION" }],
    },
    ROLE_SELECTION: {
      entry: (s, tree, now, actions) => {
        Procedures.clearReselectTree(s, tree)
        Procedures.updtRolesTree(s, tree, now, actions)
        Procedures.setSelectedTree(s, tree)
        Procedures.wakeFollowers(s, tree)
      },
      exits: [{ when: isAnyReselect, to: "ROLE_SELECTION" }],
    },
  },
}
