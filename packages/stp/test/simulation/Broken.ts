/** Bridges that are wrong on purpose: whoever checks networks must find them out. */
import { type AnyControlProtocolKind, type ControlActions, ControlProtocolKind } from "@l2lab/l2/ControlProtocol"
import { Rstp2004 } from "../../src/rstp2004/Entity.ts"
import type { State as State2004 } from "../../src/rstp2004/State.ts"
import { Stp1998 } from "../../src/stp1998/Entity.ts"
import { type Protocol, PROTOCOLS, rapid, timed } from "./Protocols.ts"

/** The same protocol under another name, whose actions or state are tampered with. */
const broken = <State, Config>(
  of: ControlProtocolKind<State, Config>,
  name: string,
  tamper: { readonly actions?: (actions: ControlActions) => ControlActions; readonly after?: (state: State) => void },
): AnyControlProtocolKind => {
  const through = tamper.actions ?? ((actions: ControlActions) => actions)
  const after = tamper.after ?? (() => {})
  return new ControlProtocolKind<State, Config>({
    ...of,
    kind: name,
    onBoot: (state, now, actions) => of.onBoot(state, now, through(actions)),
    onPdu: (state, port, frame, tci, now, actions) => {
      of.onPdu(state, port, frame, tci, now, through(actions))
      after(state)
    },
    onTimer: (state, timer, now, actions) => {
      of.onTimer(state, timer, now, through(actions))
      after(state)
    },
    onPort: (state, port, status, now, actions) => of.onPort(state, port, status, now, through(actions)),
    onCommand: (state, command, now, actions) => of.onCommand(state, command, now, through(actions)),
  })
}

/** The relay forwards on the first port as soon as anything is said of its state. */
const deafRelay = (actions: ControlActions): ControlActions =>
  new Proxy(actions, {
    get: (target, name) => {
      if (name === "setPortState") {
        return (port: number, tree: number, learning: boolean, forwarding: boolean) =>
          target.setPortState(port, tree, learning || port === 0, forwarding || port === 0)
      }
      const value = Reflect.get(target, name)
      return typeof value === "function" ? value.bind(target) : value
    },
  })

export const BROKEN = {
  "stp-forwards-while-blocking": timed(broken(Stp1998, "broken1998", { actions: deafRelay })),
  "rstp-forwards-while-discarding": rapid(broken(Rstp2004, "broken2004", { actions: deafRelay })),
  /** Every port takes its neighbour's agreement for granted. */
  "rstp-takes-agreement-for-granted": rapid(
    broken(Rstp2004, "hasty2004", { after: (state: State2004) => void state.agreed.fill(1) }),
  ),
} as const satisfies Readonly<Record<string, Protocol>>

/** Right and wrong ones. */
export const ALL = { ...PROTOCOLS, ...BROKEN } as const
export type ProtocolName = keyof typeof ALL
