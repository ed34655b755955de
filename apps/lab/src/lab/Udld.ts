/** UDLD of a switch, as scenarios have it. */
import { findBridgePort } from "@l2lab/design/Directory"
import type { BridgeCommand } from "@l2lab/l2/Bridge"
import type { BridgeState } from "@l2lab/l2/BridgeState"
import type { UdldCommand } from "@l2lab/l2/udld/Command"
import * as Query from "@l2lab/l2/udld/Query"
import { LONGEST_MESSAGE_TIME, type Mode, SHORTEST_MESSAGE_TIME } from "@l2lab/l2/udld/State"
import * as Effect from "effect/Effect"
import { badInput, type InputError } from "../Failure.ts"
import type { Action } from "../Lab.ts"
import { command, gaveUp, orderSwitch, type Session } from "./Session.ts"

/** UDLD of a switch. */
export interface UdldHandle {
  /** What it says of one of its ports, `1` or `Gi0/1`. */
  readonly port: (port: number | string) => Action<Query.PortView>
  /** Bring up the ports that it took out of service (`udld reset`). */
  readonly reset: Action
  /** `udld port`, `udld port aggressive`, `no udld port`, while the switch runs. */
  readonly mode: (port: number | string, mode: Mode) => Action
  /** `udld message time`, while the switch runs: whole seconds from 1 to 90. */
  readonly messageTime: (seconds: number) => Action
}

/** What there is to ask and to order. */
export const udldOf = (session: Session, name: string, bridge: Action<BridgeState>): UdldHandle => {
  const running = Effect.filterOrElse(
    bridge,
    (state) => Query.stateOf(state) !== undefined,
    () => gaveUp(`${name} does not run UDLD: give it, or one of its ports, udld: normal`),
  )
  const portOf = (port: number | string): Effect.Effect<number, InputError> => {
    const place = findBridgePort(session.directory, `${name}:${port}`)
    return place?.places.length !== 1 ? Effect.fail(badInput(`${name} has no port ${port}`)) : Effect.succeed(place.port)
  }
  const order = (told: UdldCommand | BridgeCommand) => orderSwitch(session, name, (node) => command(session, node, told))
  return {
    port: (port) =>
      Effect.zipWith(running, portOf(port), (state, linkPort) => Query.portOf(state, linkPort, session.simulation.now)),
    reset: order({ type: "bridge.errdisable-reset", cause: "udld" }),
    mode: (port, mode) =>
      Effect.flatMap(Effect.zip(running, portOf(port)), ([, linkPort]) => order({ type: "udld.set-mode", port: linkPort, mode })),
    messageTime: (seconds) =>
      Number.isInteger(seconds) && seconds >= SHORTEST_MESSAGE_TIME && seconds <= LONGEST_MESSAGE_TIME
        ? Effect.andThen(running, order({ type: "udld.set-message-time", seconds }))
        : Effect.fail(
            badInput(
              `udld: a message time of ${seconds} s is none: write ${SHORTEST_MESSAGE_TIME} to ${LONGEST_MESSAGE_TIME} whole seconds`,
            ),
          ),
  }
}
