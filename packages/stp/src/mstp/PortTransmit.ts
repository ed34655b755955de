/**
 * 802.1Q-2005 13.31: Port Transmit (PTX). Sends what is new in any tree at once, at most TxHoldCount BPDUs ahead of one a second, and something
 * every HelloTime. A Disabled Port sends nothing.
 */
import { UCT, type Figure, type When } from "../Machine.ts"
import * as Conditions from "./Conditions.ts"
import { txConfig, txMstp, txTcn } from "./Procedures.ts"
import * as SstpFrames from "./SstpFrames.ts"
import { DESIGNATED_PORT, DISABLED_PORT, ROOT_PORT, type State } from "./State.ts"

const mayTransmit: When<State> = (s, port) => s.txCount[port] < s.txHoldCount && s.helloWhen[port] !== 0

/** The figure of 13.31. */
export const PTX: Figure<State> = {
  abbreviation: "PTX",
  clause: "13.31",
  begin: () => "TRANSMIT_INIT",
  qualifier: (s, port) => s.role[port] !== DISABLED_PORT && Conditions.allTransmitReady(s, port),
  states: {
    TRANSMIT_INIT: {
      entry: (s, port) => {
        s.newInfo[port] = 1
        s.newInfoMsti[port] = 1
        s.txCount[port] = 0
      },
      exits: [{ when: UCT, to: "IDLE" }],
    },
    TRANSMIT_PERIODIC: {
      entry: (s, port) => {
        if (Conditions.cistDesignatedOrTCpropagatingRootPort(s, port)) s.newInfo[port] = 1
        if (Conditions.mstiDesignatedOrTCpropagatingRootPort(s, port)) s.newInfoMsti[port] = 1
      },
      exits: [{ when: UCT, to: "IDLE" }],
    },
    IDLE: {
      entry: (s, port) => {
        s.helloWhen[port] = Conditions.helloTime(s, port)
      },
      exits: [
        { when: (s, port) => s.helloWhen[port] === 0, to: "TRANSMIT_PERIODIC" },
        {
          when: (s, port) =>
            s.sendRSTP[port] === 0 && s.newInfo[port] === 1 && s.role[port] === DESIGNATED_PORT && mayTransmit(s, port),
          to: "TRANSMIT_CONFIG",
        },
        {
          when: (s, port) =>
            s.sendRSTP[port] === 0 && s.newInfo[port] === 1 && s.role[port] === ROOT_PORT && mayTransmit(s, port),
          to: "TRANSMIT_TCN",
        },
        {
          when: (s, port) =>
            s.sendRSTP[port] === 1 &&
            (s.newInfo[port] === 1 || (s.newInfoMsti[port] === 1 && !Conditions.mstiMasterPort(s, port))) &&
            mayTransmit(s, port),
          to: "TRANSMIT_RSTP",
        },
      ],
    },
    TRANSMIT_CONFIG: {
      entry: (s, port, _now, actions) => {
        s.newInfo[port] = 0
        txConfig(s, port, actions)
        SstpFrames.repeat(s, port, actions)
        s.txCount[port]++
        s.tcAck[port] = 0
      },
      exits: [{ when: UCT, to: "IDLE" }],
    },
    TRANSMIT_TCN: {
      entry: (s, port, _now, actions) => {
        s.newInfo[port] = 0
        txTcn(s, port, actions)
        SstpFrames.repeatTcn(s, port, actions)
        s.txCount[port]++
      },
      exits: [{ when: UCT, to: "IDLE" }],
    },
    TRANSMIT_RSTP: {
      entry: (s, port, _now, actions) => {
        s.newInfo[port] = 0
        s.newInfoMsti[port] = 0
        txMstp(s, port, actions)
        SstpFrames.repeat(s, port, actions)
        s.txCount[port]++
        s.tcAck[port] = 0
      },
      exits: [{ when: UCT, to: "IDLE" }],
    },
  },
}
