/**
 * 802.1D-2004 17.29: Port Role Transitions (PRT), by its figures: Disabled Port, Root Port, Designated Port, Alternate and Backup Port. All arcs
 * but the unconditional ones are qualified by selected and not updtInfo.
 */
import { CONSISTENT } from "../Inconsistency.ts"
import * as Conditions from "./Conditions.ts"
import { UCT, type Figure, type When } from "../Machine.ts"
import * as Procedures from "./Procedures.ts"
import { ALTERNATE_PORT, BACKUP_PORT, DESIGNATED_PORT, DISABLED_PORT, ROOT_PORT, type State } from "./State.ts"

const becomes = (s: State, i: number, role: number): boolean => s.selectedRole[i] === role && s.role[i] !== role

/** When a root port may go on: its time is up, or all recent root ports have made way. */
const rootMayAdvance: When<State> = (s, i) =>
  s.fdWhile[i] === 0 || (Conditions.rstpVersion(s) && s.rbWhile[i] === 0 && Conditions.reRooted(s, i))

/** When a designated port may go on: its time is up, or its neighbour agrees, or there is none; and nothing holds it back. */
const designatedMayAdvance: When<State> = (s, i) =>
  (s.fdWhile[i] === 0 || s.agreed[i] === 1 || s.operEdge[i] === 1) &&
  (s.rrWhile[i] === 0 || s.reRoot[i] === 0) &&
  s.sync[i] === 0 &&
  s.inconsistent[i] === CONSISTENT

const isAgreement: When<State> = (s, i) => (s.agree[i] === 0 ? Conditions.allSynced(s, i) : s.proposed[i] === 1)

/** The figure of 17.29. */
export const PRT: Figure<State> = {
  abbreviation: "PRT",
  clause: "17.29",
  begin: () => "INIT_PORT",
  qualifier: (s, i) => s.selected[i] === 1 && s.updtInfo[i] === 0,
  global: [
    { when: (s, i) => becomes(s, i, DISABLED_PORT), to: "DISABLE_PORT" },
    { when: (s, i) => becomes(s, i, ROOT_PORT), to: "ROOT_PORT" },
    { when: (s, i) => becomes(s, i, DESIGNATED_PORT), to: "DESIGNATED_PORT" },
    { when: (s, i) => becomes(s, i, ALTERNATE_PORT) || becomes(s, i, BACKUP_PORT), to: "BLOCK_PORT" },
  ],
  states: {
    // 17.29.1: Disabled Port.
    INIT_PORT: {
      entry: (s, i, now, actions) => {
        Procedures.setRole(s, i, DISABLED_PORT, now, actions)
        s.learn[i] = 0
        s.forward[i] = 0
        s.synced[i] = 0
        s.sync[i] = 1
        s.reRoot[i] = 1
        s.rrWhile[i] = Conditions.fwdDelay(s, i)
        s.fdWhile[i] = Conditions.maxAge(s, i)
        s.rbWhile[i] = 0
      },
      exits: [{ when: UCT, to: "DISABLE_PORT" }],
    },
    DISABLE_PORT: {
      entry: (s, i, now, actions) => {
        Procedures.setRole(s, i, s.selectedRole[i], now, actions)
        s.learn[i] = 0
        s.forward[i] = 0
      },
      exits: [{ when: (s, i) => s.learning[i] === 0 && s.forwarding[i] === 0, to: "DISABLED_PORT" }],
    },
    DISABLED_PORT: {
      entry: (s, i) => {
        s.fdWhile[i] = Conditions.maxAge(s, i)
        s.synced[i] = 1
        s.rrWhile[i] = 0
        s.sync[i] = 0
        s.reRoot[i] = 0
      },
      exits: [
        {
          when: (s, i) => s.fdWhile[i] !== Conditions.maxAge(s, i) || s.sync[i] === 1 || s.reRoot[i] === 1 || s.synced[i] === 0,
          to: "DISABLED_PORT",
        },
      ],
    },

    // 17.29.2: Root Port.
    ROOT_PROPOSED: {
      entry: (s, i) => {
        Procedures.setSyncTree(s, i)
        s.proposed[i] = 0
      },
      exits: [{ when: UCT, to: "ROOT_PORT" }],
    },
    ROOT_AGREED: {
      entry: (s, i) => {
        s.proposed[i] = 0
        s.sync[i] = 0
        s.agree[i] = 1
        s.newInfo[i] = 1
      },
      exits: [{ when: UCT, to: "ROOT_PORT" }],
    },
    REROOT: {
      entry: Procedures.setReRootTree,
      exits: [{ when: UCT, to: "ROOT_PORT" }],
    },
    ROOT_FORWARD: {
      entry: (s, i) => {
        s.fdWhile[i] = 0
        s.forward[i] = 1
      },
      exits: [{ when: UCT, to: "ROOT_PORT" }],
    },
    ROOT_LEARN: {
      entry: (s, i) => {
        s.fdWhile[i] = Conditions.forwardDelay(s, i)
        s.learn[i] = 1
      },
      exits: [{ when: UCT, to: "ROOT_PORT" }],
    },
    REROOTED: {
      entry: (s, i) => {
        s.reRoot[i] = 0
      },
      exits: [{ when: UCT, to: "ROOT_PORT" }],
    },
    ROOT_PORT: {
      entry: (s, i, now, actions) => {
        Procedures.setRole(s, i, ROOT_PORT, now, actions)
        s.rrWhile[i] = Conditions.fwdDelay(s, i)
      },
      exits: [
        { when: (s, i) => s.proposed[i] === 1 && s.agree[i] === 0, to: "ROOT_PROPOSED" },
        { when: isAgreement, to: "ROOT_AGREED" },
        { when: (s, i) => s.forward[i] === 0 && s.reRoot[i] === 0, to: "REROOT" },
        { when: (s, i) => s.learn[i] === 0 && rootMayAdvance(s, i), to: "ROOT_LEARN" },
        { when: (s, i) => s.learn[i] === 1 && s.forward[i] === 0 && rootMayAdvance(s, i), to: "ROOT_FORWARD" },
        { when: (s, i) => s.reRoot[i] === 1 && s.forward[i] === 1, to: "REROOTED" },
        { when: (s, i) => s.rrWhile[i] !== Conditions.fwdDelay(s, i), to: "ROOT_PORT" },
      ],
    },

    // 17.29.3: Designated Port.
    DESIGNATED_PROPOSE: {
      entry: (s, i) => {
        s.proposing[i] = 1
        s.edgeDelayWhile[i] = Conditions.edgeDelay(s, i)
        s.newInfo[i] = 1
      },
      exits: [{ when: UCT, to: "DESIGNATED_PORT" }],
    },
    DESIGNATED_SYNCED: {
      entry: (s, i) => {
        s.rrWhile[i] = 0
        s.synced[i] = 1
        s.sync[i] = 0
      },
      exits: [{ when: UCT, to: "DESIGNATED_PORT" }],
    },
    DESIGNATED_RETIRED: {
      entry: (s, i) => {
        s.reRoot[i] = 0
      },
      exits: [{ when: UCT, to: "DESIGNATED_PORT" }],
    },
    DESIGNATED_FORWARD: {
      entry: (s, i) => {
        s.forward[i] = 1
        s.fdWhile[i] = 0
        s.agreed[i] = s.sendRSTP[i]
      },
      exits: [{ when: UCT, to: "DESIGNATED_PORT" }],
    },
    DESIGNATED_LEARN: {
      entry: (s, i) => {
        s.learn[i] = 1
        s.fdWhile[i] = Conditions.forwardDelay(s, i)
      },
      exits: [{ when: UCT, to: "DESIGNATED_PORT" }],
    },
    DESIGNATED_DISCARD: {
      entry: (s, i) => {
        s.learn[i] = 0
        s.forward[i] = 0
        s.disputed[i] = 0
        s.fdWhile[i] = Conditions.forwardDelay(s, i)
      },
      exits: [{ when: UCT, to: "DESIGNATED_PORT" }],
    },
    DESIGNATED_PORT: {
      entry: (s, i, now, actions) => Procedures.setRole(s, i, DESIGNATED_PORT, now, actions),
      exits: [
        {
          // A port that is kept from forwarding proposes nothing.
          when: (s, i) =>
            s.forward[i] === 0 &&
            s.agreed[i] === 0 &&
            s.proposing[i] === 0 &&
            s.operEdge[i] === 0 &&
            s.inconsistent[i] === CONSISTENT,
          to: "DESIGNATED_PROPOSE",
        },
        {
          when: (s, i) =>
            (s.learning[i] === 0 && s.forwarding[i] === 0 && s.synced[i] === 0) ||
            (s.agreed[i] === 1 && s.synced[i] === 0) ||
            (s.operEdge[i] === 1 && s.synced[i] === 0) ||
            (s.sync[i] === 1 && s.synced[i] === 1),
          to: "DESIGNATED_SYNCED",
        },
        { when: (s, i) => s.rrWhile[i] === 0 && s.reRoot[i] === 1, to: "DESIGNATED_RETIRED" },
        {
          when: (s, i) =>
            ((((s.sync[i] === 1 && s.synced[i] === 0) || (s.reRoot[i] === 1 && s.rrWhile[i] !== 0) || s.disputed[i] === 1) &&
              s.operEdge[i] === 0) ||
              s.inconsistent[i] !== CONSISTENT) &&
            (s.learn[i] === 1 || s.forward[i] === 1),
          to: "DESIGNATED_DISCARD",
        },
        { when: (s, i) => s.learn[i] === 0 && designatedMayAdvance(s, i), to: "DESIGNATED_LEARN" },
        { when: (s, i) => s.learn[i] === 1 && s.forward[i] === 0 && designatedMayAdvance(s, i), to: "DESIGNATED_FORWARD" },
      ],
    },

    // 17.29.4: Alternate Port and Backup Port.
    BLOCK_PORT: {
      entry: (s, i, now, actions) => {
        Procedures.setRole(s, i, s.selectedRole[i], now, actions)
        s.learn[i] = 0
        s.forward[i] = 0
      },
      exits: [{ when: (s, i) => s.learning[i] === 0 && s.forwarding[i] === 0, to: "ALTERNATE_PORT" }],
    },
    BACKUP_PORT: {
      entry: (s, i) => {
        s.rbWhile[i] = 2 * Conditions.helloTime(s, i)
      },
      exits: [{ when: UCT, to: "ALTERNATE_PORT" }],
    },
    ALTERNATE_PROPOSED: {
      entry: (s, i) => {
        Procedures.setSyncTree(s, i)
        s.proposed[i] = 0
      },
      exits: [{ when: UCT, to: "ALTERNATE_PORT" }],
    },
    ALTERNATE_AGREED: {
      entry: (s, i) => {
        s.proposed[i] = 0
        s.agree[i] = 1
        s.newInfo[i] = 1
      },
      exits: [{ when: UCT, to: "ALTERNATE_PORT" }],
    },
    ALTERNATE_PORT: {
      entry: (s, i) => {
        s.fdWhile[i] = Conditions.forwardDelay(s, i)
        s.synced[i] = 1
        s.rrWhile[i] = 0
        s.sync[i] = 0
        s.reRoot[i] = 0
      },
      exits: [
        {
          when: (s, i) =>
            s.fdWhile[i] !== Conditions.forwardDelay(s, i) || s.sync[i] === 1 || s.reRoot[i] === 1 || s.synced[i] === 0,
          to: "ALTERNATE_PORT",
        },
        { when: (s, i) => s.role[i] === BACKUP_PORT && s.rbWhile[i] !== 2 * Conditions.helloTime(s, i), to: "BACKUP_PORT" },
        { when: (s, i) => s.proposed[i] === 1 && s.agree[i] === 0, to: "ALTERNATE_PROPOSED" },
        { when: isAgreement, to: "ALTERNATE_AGREED" },
      ],
    },
  },
}
