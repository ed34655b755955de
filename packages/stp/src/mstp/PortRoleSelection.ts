/** 802.1Q-2005 13.33: Port Role Selection (PRS), one for each tree of the bridge: computes the roles of its ports. Its `i` is the tree. */
import { UCT, type Figure, type When } from "../Machine.ts"
import * as Procedures from "./Procedures.ts"
import { updtRolesTree } from "./RoleSelection.ts"
import type { State } from "./State.ts"

const isAnyReselect: When<State> = (s, tree) => {
  const first = tree * s.ports
  for (let i = first; i < first + s.ports; i++) if (s.reselect[i] === 1) return true
  return false
}

/** The figure of 13.33. */
export const PRS: Figure<State> = {
  abbreviation: "PRS",
  clause: "13.33",
  isOfTree: true,
  begin: () => "INIT_TREE",
  states: {
    INIT_TREE: {
      entry: Procedures.updtRolesDisabledTree,
      exits: [{ when: UCT, to: "ROLE_SELECTION" }],
    },
    ROLE_SELECTION: {
      entry: (s, tree, now, actions) => {
        Procedures.clearReselectTree(s, tree)
        updtRolesTree(s, tree, now, actions)
        Procedures.setSelectedTree(s, tree)
        Procedures.wakeFollowers(s, tree)
      },
      exits: [{ when: isAnyReselect, to: "ROLE_SELECTION" }],
    },
  },
}
