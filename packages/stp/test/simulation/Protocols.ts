/** The protocols that a network is simulated with, and the broken ones that the checks must catch. */
import type { ProtocolConfig } from "@l2lab/l2/BridgeConfig"
import { type AnyControlProtocolKind, type ControlActions, ControlProtocolKind } from "@l2lab/l2/ControlProtocol"
import type { SimTime } from "@l2lab/sim/SimTime"
import type { BridgeIdentifier } from "../../src/BridgeIdentifier.ts"
import { Rstp2004 } from "../../src/rstp2004/Entity.ts"
import * as Query2004 from "../../src/rstp2004/Query.ts"
import type { State as State2004 } from "../../src/rstp2004/State.ts"
import { Stp1998 } from "../../src/stp1998/Entity.ts"
import * as Query1998 from "../../src/stp1998/Query.ts"
import type { State as State1998 } from "../../src/stp1998/State.ts"

export interface Timers {
  readonly helloTime: number
  readonly maxAge: number
  readonly forwardDelay: number
}

/** What a bridge is configured with, whatever it runs. */
export interface Settings extends Timers {
  readonly priority: number
  readonly ports: ReadonlyArray<{ readonly cost: number; readonly priority: number; readonly isShared: boolean }>
  readonly autoEdge: boolean
}

/** A tree as a bridge sees it, in the words that all protocols share. */
export interface View {
  readonly root: BridgeIdentifier
  readonly rootPathCost: number
  readonly rootPort?: number
  readonly ports: ReadonlyArray<{
    readonly role: string
    readonly designatedRoot: BridgeIdentifier
    readonly designatedCost: number
    readonly designatedBridge: BridgeIdentifier
  }>
}

export interface Protocol {
  readonly kind: AnyControlProtocolKind
  readonly config: (settings: Settings) => ProtocolConfig
  readonly view: (state: unknown, now: SimTime) => View
  /** Whether a BPDU waits because the port has sent as many as it may within a second. */
  readonly isHeld: (state: unknown) => boolean
  /** Whether it waits out its timers instead of agreeing with its neighbours. */
  readonly isTimed: boolean
}

const config1998 = (kind: string, { ports, ...settings }: Settings): ProtocolConfig => ({
  kind,
  config: { ...settings, ports: ports.map(({ cost, priority }) => ({ pathCost: cost, priority })) },
})

const config2004 = (kind: string, { ports, autoEdge, ...settings }: Settings): ProtocolConfig => ({
  kind,
  config: {
    ...settings,
    ports: ports.map(({ cost, priority, isShared }) => ({
      pathCost: cost,
      priority,
      autoEdge,
      ...(isShared && { adminPointToPointMAC: false }),
    })),
  },
})

const view1998 = (state: unknown, now: SimTime): View => Query1998.snapshot(state as State1998, 0, now)
const view2004 = (state: unknown): View => Query2004.snapshot(state as State2004, 0)

const timed = (kind: AnyControlProtocolKind): Protocol => ({
  kind,
  config: (settings) => config1998(kind.kind, settings),
  view: view1998,
  isHeld: () => false,
  isTimed: true,
})

const rapid = (kind: AnyControlProtocolKind): Protocol => ({
  kind,
  config: (settings) => config2004(kind.kind, settings),
  view: view2004,
  isHeld: (state) => {
    const { newInfo, txCount, txHoldCount } = state as State2004
    return txCount.some((count, i) => newInfo[i] === 1 && count >= txHoldCount)
  },
  isTimed: false,
})

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

/** Its ports 0 forward as soon as anything is said of their state. */
const deafRelay = (actions: ControlActions): ControlActions =>
  new Proxy(actions, {
    get: (target, name) =>
      name === "setPortState"
        ? (port: number, tree: number, learning: boolean, forwarding: boolean) =>
            target.setPortState(port, tree, learning || port === 0, forwarding || port === 0)
        : typeof Reflect.get(target, name) === "function"
          ? Reflect.get(target, name).bind(target)
          : Reflect.get(target, name),
  })

export const PROTOCOLS = {
  stp: timed(Stp1998),
  rstp: rapid(Rstp2004),
} as const satisfies Readonly<Record<string, Protocol>>

/** Bridges that are wrong on purpose. */
export const BROKEN = {
  /** 802.1D-1998, but the relay forwards on the first port whatever its state. */
  "stp-forwards-while-blocking": timed(broken(Stp1998, "broken1998", { actions: deafRelay })),
  /** 802.1D-2004, but the relay forwards on the first port whatever its state. */
  "rstp-forwards-while-discarding": rapid(broken(Rstp2004, "broken2004", { actions: deafRelay })),
  /** 802.1D-2004, but every port takes its neighbour's agreement for granted. */
  "rstp-takes-agreement-for-granted": rapid(
    broken(Rstp2004, "hasty2004", { after: (state: State2004) => void state.agreed.fill(1) }),
  ),
} as const satisfies Readonly<Record<string, Protocol>>

export const ALL = { ...PROTOCOLS, ...BROKEN } as const
export type ProtocolName = keyof typeof ALL
