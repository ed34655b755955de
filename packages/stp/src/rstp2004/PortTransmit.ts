/**
 * 802.1D-2004 17.26: Port Transmit (PTX). Sends what is new at once, at most TxHoldCount BPDUs ahead of one a second, and something every
 * HelloTime. A Disabled Port sends nothing, as all implementations have it (the figure leaves it to the MAC).
 */
import type { ControlActions } from "@l2lab/l2/ControlProtocol"
import { helloTime } from "./Conditions.ts"
import { UCT, type Figure, type When } from "../Machine.ts"
import { txConfig, txRstp, txTcn } from "./Procedures.ts"
import { DESIGNATED_PORT, DISABLED_PORT, ROOT_PORT, type State } from "./State.ts"

const mayTransmit: When<State> = (s, i) => s.newInfo[i] === 1 && s.txCount[i] < s.txHoldCount && s.helloWhen[i] !== 0

/** Whether no arc can be open in IDLE, where the machine rests. */
export const hasNothingToSend: When<State> = (s, i) => s.newInfo[i] === 0 && s.helloWhen[i] !== 0

/** The figure of 17.26. */
export const PTX: Figure<State> = {
  abbreviation: "PTX",
  clause: "17.26",
  begin: () => "TRANSMIT_INIT",
  qualifier: (s, i) => s.selected[i] === 1 && s.updtInfo[i] === 0 && s.role[i] !== DISABLED_PORT,
  states: {
    TRANSMIT_INIT: {
      entry: (s, i) => {
        s.newInfo[i] = 1
        s.txCount[i] = 0
      },
      exits: [{ when: UCT, to: "IDLE" }],
    },
    TRANSMIT_PERIODIC: {
      entry: (s, i) => {
        if (s.role[i] === DESIGNATED_PORT || (s.role[i] === ROOT_PORT && s.tcWhile[i] !== 0)) s.newInfo[i] = 1
      },
      exits: [{ when: UCT, to: "IDLE" }],
    },
    IDLE: {
      entry: (s, i) => {
        s.helloWhen[i] = helloTime(s, i)
      },
      exits: [
        { when: (s, i) => s.helloWhen[i] === 0, to: "TRANSMIT_PERIODIC" },
        { when: (s, i) => s.sendRSTP[i] === 0 && s.role[i] === DESIGNATED_PORT && mayTransmit(s, i), to: "TRANSMIT_CONFIG" },
        { when: (s, i) => s.sendRSTP[i] === 0 && s.role[i] === ROOT_PORT && mayTransmit(s, i), to: "TRANSMIT_TCN" },
        { when: (s, i) => s.sendRSTP[i] === 1 && mayTransmit(s, i), to: "TRANSMIT_RSTP" },
      ],
    },
    TRANSMIT_CONFIG: {
      entry: (s, i, _now, actions) => {
        s.newInfo[i] = 0
        txConfig(s, i, actions)
        s.txCount[i]++
        s.tcAck[i] = 0
      },
      exits: [{ when: UCT, to: "IDLE" }],
    },
    TRANSMIT_TCN: {
      entry: (s, i, _now, actions) => {
        s.newInfo[i] = 0
        txTcn(s, i, actions)
        s.txCount[i]++
      },
      exits: [{ when: UCT, to: "IDLE" }],
    },
    TRANSMIT_RSTP: {
      entry: (s, i, _now, actions) => {
        s.newInfo[i] = 0
        txRstp(s, i, actions)
        s.txCount[i]++
        s.tcAck[i] = 0
      },
      exits: [{ when: UCT, to: "IDLE" }],
    },
  },
}

const IDLE = Object.keys(PTX.states).indexOf("IDLE")

/**
 * What the way from IDLE through TRANSMIT_PERIODIC and TRANSMIT_RSTP comes to for a Designated Port whose hello is due. True if it was taken so.
 * (A settled tree does little else.)
 */
export const sendHello = (s: State, i: number, state: number, actions: ControlActions): boolean => {
  if (state !== IDLE || s.helloWhen[i] !== 0 || s.role[i] !== DESIGNATED_PORT || s.sendRSTP[i] === 0) return false
  if (s.selected[i] === 0 || s.updtInfo[i] === 1 || s.txCount[i] >= s.txHoldCount) return false
  s.newInfo[i] = 0
  s.helloWhen[i] = helloTime(s, i)
  txRstp(s, i, actions)
  s.txCount[i]++
  s.tcAck[i] = 0
  return true
}
