/** LLDP and CDP of switches: on and off, and whom they know. */
import type { PortRole } from "@l2lab/l2/Announcing"
import type { CdpPdu } from "@l2lab/l2/cdp/CdpPdu"
import type { DiscoveryCommand, DiscoveryProtocol } from "@l2lab/l2/DiscoveryCommand"
import * as Lldpdu from "@l2lab/l2/lldp/Lldpdu"
import type { BridgeState } from "@l2lab/l2/BridgeState"
import * as Effect from "effect/Effect"
import { badInput } from "../Failure.ts"
import type { Action, DiscoveryHandle, NeighbourReport } from "../Lab.ts"
import { bridgePortOf } from "@l2lab/design/Directory"
import * as Bridges from "../Bridges.ts"
import * as Neighbours from "../show/Neighbours.ts"
import { command, found, answering, gaveUp, portNamed, type Session } from "./Session.ts"

/** A switch that is on and has the protocol in its design. */
const speaker = (
  session: Session,
  name: string,
  protocol: DiscoveryProtocol,
): Action<{ readonly node: number; readonly bridge: BridgeState }> =>
  Effect.flatMap(
    found(() => answering(session, name)),
    (node): Action<{ readonly node: number; readonly bridge: BridgeState }> => {
      const bridge = Bridges.bridgeOf(session.simulation.world, node)
      if (bridge === null) return gaveUp(`${name} is switched off: it knows nobody`)
      return bridge.config.protocols.some(({ kind }) => kind === protocol)
        ? Effect.succeed({ node, bridge })
        : Effect.fail(badInput(`${name} has no ${protocol.toUpperCase()}: add ${protocol}: true to it in the design`))
    },
  )

const names = {
  lldp: (info: Lldpdu.Lldpdu) => ({
    device: info.systemName ?? Lldpdu.formatId(info.chassisId),
    itsPort: Lldpdu.formatId(info.portId),
    ...(info.portVlanId !== undefined && { itsVlan: info.portVlanId }),
  }),
  cdp: (info: CdpPdu) => ({
    device: info.deviceId ?? "",
    itsPort: info.portId ?? "",
    ...(info.nativeVlan !== undefined && { itsVlan: info.nativeVlan }),
  }),
}

/** A protocol of a switch. */
export const discovery = (session: Session, name: string, protocol: DiscoveryProtocol): DiscoveryHandle => {
  const run = (on: boolean): Action =>
    Effect.flatMap(speaker(session, name, protocol), ({ node }) => {
      const order: DiscoveryCommand = { type: `${protocol}.run`, on }
      return command(session, node, order)
    })
  return {
    run: run(true),
    stop: run(false),
    neighbours: Effect.map(speaker(session, name, protocol), ({ bridge, node }): ReadonlyArray<NeighbourReport> => {
      const { bridgePorts: ports } = session.directory.nodes[node]
      const { now } = session.simulation
      return (Neighbours.running(bridge, protocol)?.neighbours ?? []).map((neighbour) => ({
        port: ports[neighbour.port].end,
        ...names[protocol](neighbour.info as Lldpdu.Lldpdu & CdpPdu),
        secondsLeft: Neighbours.secondsLeft(neighbour, now),
      }))
    }),
  }
}

/** What a port does of a protocol. */
export const setRole = (session: Session, name: string, protocol: DiscoveryProtocol, role: PortRole): Action =>
  Effect.flatMap(
    found(() => portNamed(session, name)),
    (worldPort) => {
      const { nodeOfPort, portBase } = session.simulation.world
      const node = nodeOfPort[worldPort]
      const order: DiscoveryCommand = {
        type: `${protocol}.set-port`,
        port: bridgePortOf(session.directory, node, worldPort - portBase[node]),
        ...role,
      }
      return Effect.flatMap(speaker(session, session.directory.nodes[node].name, protocol), () => command(session, node, order))
    },
  )
