/**
 * 802.1Q-2005 13.34: Port Role Transitions (PRT), by its figures: Disabled Port, Master Port, Root Port, Designated Port, Alternate and Backup
 * Port. All arcs but the unconditional ones are qualified by selected and not updtInfo.
 */
import { CONSISTENT } from "../Inconsistency.ts"
import { UCT, type Figure, type When } from "../Machine.ts"
import * as Conditions from "./Conditions.ts"
import * as Procedures from "./Procedures.ts"
import {
  ALTERNATE_PORT,
  BACKUP_PORT,
  CIST,
  DESIGNATED_PORT,
  DISABLED_PORT,
  MASTER_PORT,
  portOf,
  ROOT_PORT,
  type State,
  treeOf,
} from "./State.ts"

const becomes = (s: State, i: number, role: number): boolean => s.selectedRole[i] === role && s.role[i] !== role

const operEdge: When<State> = (s, i) => s.operEdge[portOf(s, i)] === 1

/** When a root port may go on: its time is up, or all recent root ports have made way. */
const rootMayAdvance: When<State> = (s, i) =>
  s.fdWhile[i] === 0 || (Conditions.rstpVersion(s) && s.rbWhile[i] === 0 && Conditions.reRooted(s, i))

/** At a region's edge an MSTI goes no further than the CIST does, which alone knows what is beyond (13.13 f)†). */
const learnsWithCist: When<State> = (s, i) => Conditions.isInRegion(s, i) || s.learn[portOf(s, i)] === 1
const forwardsWithCist: When<State> = (s, i) => Conditions.isInRegion(s, i) || s.forward[portOf(s, i)] === 1

/** When a designated port may go on: its time is up, or its neighbour agrees, or there is none; and nothing holds it back. */
const designatedMayAdvance: When<State> = (s, i) =>
  (s.fdWhile[i] === 0 || s.agreed[i] === 1 || operEdge(s, i)) && (s.rrWhile[i] === 0 || s.reRoot[i] === 0) && s.sync[i] === 0

/** When a master port may go on: its time is up, or the region is in step. One that is to discard does that first, and not the two by turns. */
const masterMayAdvance: When<State> = (s, i) =>
  (s.fdWhile[i] === 0 || Conditions.allSynced(s, i)) &&
  (s.rrWhile[i] === 0 || s.reRoot[i] === 0) &&
  (s.sync[i] === 0 || s.synced[i] === 1)

/** Root, Alternate and Master Ports agree when all are in step; asked again, they say so again. */
const isAgreement: When<State> = (s, i) => (s.agree[i] === 0 ? Conditions.allSynced(s, i) : s.proposed[i] === 1)

const isProposal: When<State> = (s, i) => s.proposed[i] === 1 && s.agree[i] === 0

/** A designated or a master port is in step when it discards, or is agreed with, or has nobody to agree. */
const isInStep: When<State> = (s, i) =>
  (s.learning[i] === 0 && s.forwarding[i] === 0 && s.synced[i] === 0) ||
  (s.agreed[i] === 1 && s.synced[i] === 0) ||
  (operEdge(s, i) && s.synced[i] === 0) ||
  (s.sync[i] === 1 && s.synced[i] === 1)

const outrunsCist: When<State> = (s, i) =>
  (s.learn[i] === 1 && !learnsWithCist(s, i)) || (s.forward[i] === 1 && !forwardsWithCist(s, i))

/** A designated or a master port that forwards must stop where the CIST has, where it is out of step, where a recent root port has to make way, and in a dispute. */
const mustDiscard: When<State> = (s, i) =>
  outrunsCist(s, i) ||
  (((s.sync[i] === 1 && s.synced[i] === 0) || (s.reRoot[i] === 1 && s.rrWhile[i] !== 0) || s.disputed[i] === 1) &&
    !operEdge(s, i) &&
    (s.learn[i] === 1 || s.forward[i] === 1))

const isRetired: When<State> = (s, i) => s.reRoot[i] === 1 && s.rrWhile[i] === 0

const discard = (s: State, i: number): void => {
  s.learn[i] = 0
  s.forward[i] = 0
  s.disputed[i] = 0
  s.fdWhile[i] = Conditions.forwardDelay(s, i)
}

const learn = (s: State, i: number): void => {
  s.learn[i] = 1
  s.fdWhile[i] = Conditions.forwardDelay(s, i)
}

const forward = (s: State, i: number): void => {
  s.forward[i] = 1
  s.fdWhile[i] = 0
}

const agree = (s: State, i: number): void => {
  s.proposed[i] = 0
  s.sync[i] = 0
  s.agree[i] = 1
}

const propagateProposal = (s: State, i: number): void => {
  Procedures.setSyncTree(s, i)
  s.proposed[i] = 0
}

const retire = (s: State, i: number): void => {
  s.reRoot[i] = 0
}

const beInStep = (s: State, i: number): void => {
  s.rrWhile[i] = 0
  s.synced[i] = 1
  s.sync[i] = 0
}

/** The figure of 13.34. */
export const PRT: Figure<State> = {
  abbreviation: "PRT",
  clause: "13.34",
  begin: () => "INIT_PORT",
  qualifier: (s, i) => s.selected[i] === 1 && s.updtInfo[i] === 0,
  global: [
    { when: (s, i) => becomes(s, i, DISABLED_PORT), to: "DISABLE_PORT" },
    { when: (s, i) => becomes(s, i, MASTER_PORT), to: "MASTER_PORT" },
    { when: (s, i) => becomes(s, i, ROOT_PORT), to: "ROOT_PORT" },
    { when: (s, i) => becomes(s, i, DESIGNATED_PORT), to: "DESIGNATED_PORT" },
    { when: (s, i) => becomes(s, i, ALTERNATE_PORT) || becomes(s, i, BACKUP_PORT), to: "BLOCK_PORT" },
  ],
  states: {
    // Disabled Port.
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
        beInStep(s, i)
        s.reRoot[i] = 0
      },
      exits: [
        {
          when: (s, i) => s.fdWhile[i] !== Conditions.maxAge(s, i) || s.sync[i] === 1 || s.reRoot[i] === 1 || s.synced[i] === 0,
          to: "DISABLED_PORT",
        },
      ],
    },

    // Master Port.
    MASTER_PROPOSED: { entry: propagateProposal, exits: [{ when: UCT, to: "MASTER_PORT" }] },
    MASTER_AGREED: { entry: agree, exits: [{ when: UCT, to: "MASTER_PORT" }] },
    MASTER_SYNCED: { entry: beInStep, exits: [{ when: UCT, to: "MASTER_PORT" }] },
    MASTER_RETIRED: { entry: retire, exits: [{ when: UCT, to: "MASTER_PORT" }] },
    MASTER_FORWARD: {
      entry: (s, i) => {
        forward(s, i)
        s.agreed[i] = s.sendRSTP[portOf(s, i)]
      },
      exits: [{ when: UCT, to: "MASTER_PORT" }],
    },
    MASTER_LEARN: { entry: learn, exits: [{ when: UCT, to: "MASTER_PORT" }] },
    MASTER_DISCARD: { entry: discard, exits: [{ when: UCT, to: "MASTER_PORT" }] },
    MASTER_PORT: {
      entry: (s, i, now, actions) => Procedures.setRole(s, i, MASTER_PORT, now, actions),
      exits: [
        { when: isRetired, to: "MASTER_RETIRED" },
        { when: isInStep, to: "MASTER_SYNCED" },
        { when: isAgreement, to: "MASTER_AGREED" },
        { when: isProposal, to: "MASTER_PROPOSED" },
        { when: (s, i) => s.learn[i] === 0 && learnsWithCist(s, i) && masterMayAdvance(s, i), to: "MASTER_LEARN" },
        {
          when: (s, i) => s.learn[i] === 1 && s.forward[i] === 0 && forwardsWithCist(s, i) && masterMayAdvance(s, i),
          to: "MASTER_FORWARD",
        },
        { when: mustDiscard, to: "MASTER_DISCARD" },
      ],
    },

    // Root Port.
    ROOT_PROPOSED: { entry: propagateProposal, exits: [{ when: UCT, to: "ROOT_PORT" }] },
    ROOT_AGREED: {
      entry: (s, i) => {
        agree(s, i)
        Procedures.setNewInfoXst(s, i)
      },
      exits: [{ when: UCT, to: "ROOT_PORT" }],
    },
    ROOT_SYNCED: {
      entry: (s, i) => {
        s.synced[i] = 1
        s.sync[i] = 0
      },
      exits: [{ when: UCT, to: "ROOT_PORT" }],
    },
    REROOT: { entry: Procedures.setReRootTree, exits: [{ when: UCT, to: "ROOT_PORT" }] },
    ROOT_FORWARD: { entry: forward, exits: [{ when: UCT, to: "ROOT_PORT" }] },
    ROOT_LEARN: { entry: learn, exits: [{ when: UCT, to: "ROOT_PORT" }] },
    REROOTED: { entry: retire, exits: [{ when: UCT, to: "ROOT_PORT" }] },
    ROOT_PORT: {
      entry: (s, i, now, actions) => {
        Procedures.setRole(s, i, ROOT_PORT, now, actions)
        s.rrWhile[i] = Conditions.fwdDelay(s, i)
      },
      exits: [
        { when: isProposal, to: "ROOT_PROPOSED" },
        { when: isAgreement, to: "ROOT_AGREED" },
        {
          when: (s, i) => (s.agreed[i] === 1 && s.synced[i] === 0) || (s.sync[i] === 1 && s.synced[i] === 1),
          to: "ROOT_SYNCED",
        },
        { when: (s, i) => s.forward[i] === 0 && s.reRoot[i] === 0, to: "REROOT" },
        { when: (s, i) => s.learn[i] === 0 && rootMayAdvance(s, i), to: "ROOT_LEARN" },
        { when: (s, i) => s.learn[i] === 1 && s.forward[i] === 0 && rootMayAdvance(s, i), to: "ROOT_FORWARD" },
        { when: (s, i) => s.reRoot[i] === 1 && s.forward[i] === 1, to: "REROOTED" },
        { when: (s, i) => s.rrWhile[i] !== Conditions.fwdDelay(s, i), to: "ROOT_PORT" },
      ],
    },

    // Designated Port.
    DESIGNATED_PROPOSE: {
      entry: (s, i) => {
        s.proposing[i] = 1
        if (treeOf(s, i) === CIST) s.edgeDelayWhile[i] = Conditions.edgeDelay(s, i)
        Procedures.setNewInfoXst(s, i)
      },
      exits: [{ when: UCT, to: "DESIGNATED_PORT" }],
    },
    DESIGNATED_AGREED: {
      entry: (s, i) => {
        agree(s, i)
        Procedures.setNewInfoXst(s, i)
      },
      exits: [{ when: UCT, to: "DESIGNATED_PORT" }],
    },
    DESIGNATED_SYNCED: { entry: beInStep, exits: [{ when: UCT, to: "DESIGNATED_PORT" }] },
    DESIGNATED_RETIRED: { entry: retire, exits: [{ when: UCT, to: "DESIGNATED_PORT" }] },
    DESIGNATED_FORWARD: {
      entry: (s, i) => {
        forward(s, i)
        s.agreed[i] = s.sendRSTP[portOf(s, i)]
      },
      exits: [{ when: UCT, to: "DESIGNATED_PORT" }],
    },
    DESIGNATED_LEARN: { entry: learn, exits: [{ when: UCT, to: "DESIGNATED_PORT" }] },
    DESIGNATED_DISCARD: { entry: discard, exits: [{ when: UCT, to: "DESIGNATED_PORT" }] },
    DESIGNATED_PORT: {
      entry: (s, i, now, actions) => Procedures.setRole(s, i, DESIGNATED_PORT, now, actions),
      exits: [
        { when: isRetired, to: "DESIGNATED_RETIRED" },
        { when: isInStep, to: "DESIGNATED_SYNCED" },
        { when: (s, i) => (s.proposed[i] === 1 || s.agree[i] === 0) && Conditions.allSynced(s, i), to: "DESIGNATED_AGREED" },
        {
          // A port that is kept from forwarding proposes nothing.
          when: (s, i) =>
            s.forward[i] === 0 &&
            s.agreed[i] === 0 &&
            s.proposing[i] === 0 &&
            !operEdge(s, i) &&
            s.inconsistent[i] === CONSISTENT,
          to: "DESIGNATED_PROPOSE",
        },
        { when: (s, i) => s.learn[i] === 0 && learnsWithCist(s, i) && designatedMayAdvance(s, i), to: "DESIGNATED_LEARN" },
        {
          when: (s, i) => s.learn[i] === 1 && s.forward[i] === 0 && forwardsWithCist(s, i) && designatedMayAdvance(s, i),
          to: "DESIGNATED_FORWARD",
        },
        { when: mustDiscard, to: "DESIGNATED_DISCARD" },
      ],
    },

    // Alternate Port and Backup Port.
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
    ALTERNATE_PROPOSED: { entry: propagateProposal, exits: [{ when: UCT, to: "ALTERNATE_PORT" }] },
    ALTERNATE_AGREED: {
      entry: (s, i) => {
        s.proposed[i] = 0
        s.agree[i] = 1
        Procedures.setNewInfoXst(s, i)
      },
      exits: [{ when: UCT, to: "ALTERNATE_PORT" }],
    },
    ALTERNATE_PORT: {
      entry: (s, i) => {
        s.fdWhile[i] = Conditions.forwardDelay(s, i)
        beInStep(s, i)
        s.reRoot[i] = 0
      },
      exits: [
        { when: isProposal, to: "ALTERNATE_PROPOSED" },
        { when: isAgreement, to: "ALTERNATE_AGREED" },
        {
          when: (s, i) => s.role[i] === BACKUP_PORT && s.rbWhile[i] !== 2 * Conditions.helloTime(s, i),
          to: "BACKUP_PORT",
        },
        {
          when: (s, i) =>
            s.fdWhile[i] !== Conditions.forwardDelay(s, i) || s.sync[i] === 1 || s.reRoot[i] === 1 || s.synced[i] === 0,
          to: "ALTERNATE_PORT",
        },
      ],
    },
  },
}
