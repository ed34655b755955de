/**
 * Stateful switch-over: the standby holds the states of the active's protocols and the deadlines of their timers, and with them all that must be of one instant:
 * what the relay does on each port, who is in a bundle, which links the protocols were told of. The active tells it what changed, as often as `ChassisTimes` says and
 * soon after ports change; a standby that takes over begins at the last checkpoint that is whole.
 */
import * as Errdisable from "@l2lab/l2/Errdisable"
import * as BridgeState from "@l2lab/l2/BridgeState"
import * as Bundles from "@l2lab/l2/bundle/Bundles"
import type { AnyControlProtocolKind } from "@l2lab/l2/ControlProtocol"
import type { EthernetFrame } from "@l2lab/l2/EthernetFrame"
import type { Outbox } from "@l2lab/sim/Device"
import { MILLISECOND, NEVER, type DurationNs, type SimTime } from "@l2lab/sim/SimTime"
import { timesOf } from "./ChassisConfig.ts"
import { CHECKPOINT_REST, makeBridge, type ChassisState } from "./ChassisState.ts"
import * as Cursor from "./OctetCursor.ts"
import * as PlainData from "./PlainData.ts"

/** Changes of ports wait for so long, so that those of one cause go together†. */
export const SOON: DurationNs = MILLISECOND

/** What of a bridge must be of one instant with its protocols. */
interface Control {
  readonly portStates: Uint8Array
  readonly up: Uint8Array
  readonly rateBps: Float64Array
  readonly fullDuplex: Uint8Array
  readonly errdisable: Errdisable.Errdisable
  /** An empty record where there are no bundles. */
  readonly bundles: Partial<Bundles.Bundles>
  /** Groups of link-state tracking that are down; none where there are no groups. */
  readonly groups: Uint8Array
}

/** What is told of a bridge, by reference. */
interface Parts {
  readonly protocols: Array<unknown>
  readonly deadlines: Float64Array
  readonly control: Control
}

const bundlesOf = ({ bundles }: BridgeState.BridgeState): Partial<Bundles.Bundles> => {
  if (bundles === null) return {}
  const { bpduSource, bpdusInARow, bpdusOfOthers, fullDuplex, othersSince, rateBps, role, up, wanted } = bundles
  return { role, wanted, up, rateBps, fullDuplex, bpduSource, bpdusInARow, bpdusOfOthers, othersSince }
}

const NO_GROUPS = new Uint8Array(0)

const controlOf = (bridge: BridgeState.BridgeState): Control => {
  const { errdisable, fullDuplex, linkState, portStates, rateBps, up } = bridge
  return { portStates, up, rateBps, fullDuplex, errdisable, bundles: bundlesOf(bridge), groups: linkState?.down ?? NO_GROUPS }
}

const partsOf = (bridge: BridgeState.BridgeState, deadlines: Float64Array): Parts => ({
  protocols: bridge.protocols,
  deadlines,
  control: controlOf(bridge),
})

/** Parts of a bridge that was just made: what both sides begin with. */
const initial = ({ bridge, config, deadlines }: ChassisState, kinds: ReadonlyArray<AnyControlProtocolKind>): Parts =>
  partsOf(makeBridge(config, bridge.address, kinds, true), new Float64Array(deadlines.length).fill(NEVER))

/** On an active: a standby is there, which knows nothing yet. */
export const beginTelling = (state: ChassisState, kinds: ReadonlyArray<AnyControlProtocolKind>): void => {
  state.checkpoint.told = PlainData.clone(initial(state, kinds)) as Parts
}

/** On a standby: the bridge was made anew, and waits to be told. */
export const beginListening = (state: ChassisState, kinds: ReadonlyArray<AnyControlProtocolKind>): void => {
  const { control, deadlines } = initial(state, kinds)
  state.checkpoint.told = PlainData.clone({ control, deadlines }) as object
}

/** Something may have changed. */
export const touch = (state: ChassisState, isSoon: boolean, now: SimTime): void => {
  if (!state.isTelling) return
  const at = isSoon ? Math.max(now + SOON, state.checkpoint.toldAt + CHECKPOINT_REST) : now + timesOf(state.config).checkpoint
  if (at < state.checkpoint.dueAt) state.checkpoint.dueAt = at
}

/** On an active: what changed since it was told last, as octets; undefined: nothing did. */
export const changes = ({ bridge, checkpoint, deadlines }: ChassisState, now: SimTime): Uint8Array | undefined => {
  checkpoint.dueAt = NEVER
  checkpoint.toldAt = now
  const to = new Cursor.Writer()
  const told = checkpoint.told as Parts
  return PlainData.writeChanges(to, told, partsOf(bridge, deadlines)) ? to.written() : undefined
}

/** On a standby: take a checkpoint. False where the octets are none. */
export const take = ({ bridge, checkpoint }: ChassisState, octets: Uint8Array): boolean => {
  const from = new Cursor.Reader(octets)
  PlainData.readChanges(from, { protocols: bridge.protocols, ...checkpoint.told })
  return !from.failed
}

/** The bridge goes on at the last checkpoint: ports and timers are as they were then. What is due by now is done at once. */
export const resume = (state: ChassisState, now: SimTime, out: Outbox<EthernetFrame>): void => {
  const { bridge, checkpoint } = state
  const { control, deadlines } = checkpoint.told as Pick<Parts, "control" | "deadlines">
  for (let tree = 0; tree < bridge.trees; tree++) {
    for (let port = 0; port < bridge.ports; port++) {
      BridgeState.setPortState(bridge, tree, port, control.portStates[tree * bridge.ports + port])
    }
  }
  assign(controlOf(bridge), control)
  if (bridge.bundles !== null) resumeBundles(bridge, bridge.bundles)
  state.deadlines.set(deadlines)
  const order = Array.from(deadlines.keys()).filter((timer) => deadlines[timer] !== NEVER)
  order.sort((x, y) => deadlines[x] - deadlines[y] || x - y)
  for (const timer of order) out.startTimer(timer, Math.max(now, deadlines[timer]))
  checkpoint.told = null
}

/** Columns, and numbers between them, as they were. */
const assign = (to: object, from: object): void => {
  for (const [name, value] of Object.entries(from)) {
    const own = (to as Record<string, unknown>)[name]
    if (ArrayBuffer.isView(own)) (own as Float64Array).set(value as ArrayLike<number>)
    else if (typeof own === "object" && own !== null) assign(own, value as object)
    else (to as Record<string, unknown>)[name] = value
  }
}

/** What follows from the roles of members. */
const resumeBundles = (bridge: BridgeState.BridgeState, bundles: Bundles.Bundles): void => {
  const { config } = bridge
  bundles.pending = 0
  for (let link = 0; link < bundles.links; link++) {
    bridge.bridgePortOf[link] = bundles.role[link] === Bundles.IN ? bundles.links + bundles.bundleOf[link] : link
  }
  config.bundles!.forEach((bundle, b) => {
    Bundles.deal(bundles, config.bundles!, b)
    bridge.linkPortOf[bundles.links + b] = Bundles.membersThatSend(bundles, bundle)[0] ?? -1
  })
}
