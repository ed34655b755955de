/** What a switch of a pair, and a pair, can be told and asked beyond what any switch can. */
import { DEFAULT_PRIORITY as DEFAULT_ROLE_PRIORITY } from "@l2lab/vss/mlag/Settings"
import * as MlagQuery from "@l2lab/vss/mlag/Query"
import type { MlagCommand } from "@l2lab/vss/mlag/MlagActions"
import * as Chassis from "@l2lab/vss/chassis/ChassisState"
import type { ChassisCommand } from "@l2lab/vss/chassis/Command"
import * as Effect from "effect/Effect"
import * as Bridges from "../Bridges.ts"
import { badInput } from "../Failure.ts"
import type { Action } from "../Lab.ts"
import * as LineCards from "./LineCards.ts"
import { command, found, nodesNamed, orderSwitch, type Session } from "./Session.ts"

/** What one switch of a pair is. */
export interface PairRole {
  readonly switch: string
  /** `active`, `standby hot`, `recovery` ... of a chassis; `primary`, `secondary`, `secondary, operational primary` ... of a vPC peer; `off`. */
  readonly role: string
}

/** A line card of a chassis. */
export interface LineCard {
  /** Its ports go down. */
  readonly fail: Action
  readonly restore: Action
}

/** What the switches of a pair have beyond others. */
export interface PairHandle {
  /** What both switches of the pair are, the first one first; none for a switch by itself. */
  readonly roles: Action<ReadonlyArray<PairRole>>
  /** Have the hot standby take over (`redundancy force-switchover`). */
  readonly switchover: Action
  /** Boot a chassis anew; of a pair the active one. */
  readonly reload: Action
  /** A line card of a chassis, by its slot. */
  readonly lineCard: (slot: number) => LineCard
  /** `role priority` of a vPC peer, which counts when roles are next agreed upon. */
  readonly rolePriority: (priority: number) => Action
}

/** What each switch of a pair is. */
const roleOf = ({ directory, simulation: { world } }: Session, node: number): PairRole => {
  const { name } = directory.nodes[node]
  const chassis = Bridges.chassisOf(world, node)
  const peer = Bridges.peerOf(world, node)
  const role = chassis !== undefined ? Chassis.modeOf(chassis) : peer !== undefined ? MlagQuery.roleText(peer) : ("off" as const)
  return { switch: name, role }
}

/** Commands of a chassis, for the switch of a name that is one. */
const order = (session: Session, name: string, told: ChassisCommand): Action =>
  orderSwitch(session, name, (node) => {
    const { kinds } = session.simulation.world
    return kinds[node] === "chassis"
      ? command(session, node, told)
      : Effect.fail(badInput(`${name} is no chassis of a virtual switching system: it takes no "${told.type.split(".")[1]}"`))
  })

/** What there is to ask and to order of a switch by its name, or of a pair. */
export const pairing = (session: Session, name: string): PairHandle => ({
  roles: Effect.map(
    found(() => nodesNamed(session.directory, name, ["switch"])),
    (nodes) => {
      const { pair } = session.directory.nodes[nodes[0]]
      return (pair === undefined ? [] : session.directory.pairs[pair.pair].nodes).map((node) => roleOf(session, node))
    },
  ),
  switchover: order(session, name, { type: "chassis.switchover" }),
  reload: order(session, name, { type: "chassis.reload" }),
  lineCard: (slot) => {
    const set = (failed: boolean): Action =>
      orderSwitch(session, name, (node) => {
        const chassis = Bridges.chassisOf(session.simulation.world, node)
        const cards = session.directory.nodes[node].pair?.cards ?? []
        const card = cards.indexOf(slot)
        if (session.simulation.world.kinds[node] !== "chassis") {
          return Effect.fail(badInput(`${name} is no chassis of a virtual switching system: it has no line cards`))
        }
        if (chassis === undefined || card < 0) return Effect.fail(badInput(LineCards.missing(name, slot, cards)))
        return command(session, node, { type: "chassis.line-card", card, failed } as ChassisCommand)
      })
    return { fail: set(true), restore: set(false) }
  },
  rolePriority: (priority) =>
    Number.isInteger(priority) && priority >= 1 && priority <= 65_535
      ? orderSwitch(session, name, (node) =>
          session.simulation.world.kinds[node] === "mlag-peer"
            ? command(session, node, { type: "mlag.role-priority", priority } as MlagCommand)
            : Effect.fail(badInput(`${name} is no vPC peer: it has no role priority`)),
        )
      : Effect.fail(
          badInput(
            `${priority} is no role priority: write a whole number from 1 to 65535; ${DEFAULT_ROLE_PRIORITY} is the default`,
          ),
        ),
})
