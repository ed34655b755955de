/**
 * Frames at chosen ports into a capture: every port an interface of its own, stamped with virtual time, with a direction and the
 * comments of annotation rules. Synchronous: the simulation calls it for every frame at a captured port.
 *
 * Stamps: `out` when the frame was handed to the port, `in` when its last octet had arrived. Frames are written without FCS.
 */
import { bridgePortOf, type Directory } from "@l2lab/design/Directory"
import { codecs } from "@l2lab/design/Registry"
import type { EthernetFrame } from "@l2lab/l2/EthernetFrame"
import * as FrameCodec from "@l2lab/l2/FrameCodec"
import * as MacAddress from "@l2lab/l2/MacAddress"
import * as Capture from "@l2lab/pcap-writer/Capture"
import * as PortRow from "@l2lab/sim/PortRow"
import type { Listener, Simulation } from "@l2lab/sim/Simulation"
import type { WorldPort } from "@l2lab/sim/World"
import type { SeenFrame } from "../Lab.ts"

export interface CaptureTap {
  /** Capture these ports too, from now on. */
  readonly add: (ports: Iterable<WorldPort>) => void
  /** Capture these ports until `add` chooses others. They become interfaces of the file with their first frames. */
  readonly addUntilChosen: (ports: Iterable<WorldPort>) => void
  /** Have a rule look at every frame before it is written; its text becomes a comment. */
  readonly annotate: (rule: (seen: SeenFrame) => string | undefined) => void
  /** Have a rule look at every frame before it is written; those that it says yes to are not written, only counted. */
  readonly leaveOut: (rule: (seen: SeenFrame) => boolean) => void
  /** Whether `add` was called. */
  readonly isChosen: () => boolean
  /** How many frames rules have left out. */
  readonly leftOut: () => number
  readonly onFrame: NonNullable<Listener<EthernetFrame>["onFrame"]>
  /** Names of the captured ports, in the order of their interfaces. */
  readonly ports: ReadonlyArray<string>
}

/** Comment on the first packet of a port behind a gap. Whoever is handed the file must see that it is not all. */
const GAP = "frames before this packet were left out at this port by the scenario's choice, and later ones may be as well"

/** A tap that writes to `capture`. When the capture wants to be drained the simulation is halted, so that memory stays bounded. */
export const make = (simulation: Simulation<EthernetFrame>, directory: Directory, capture: Capture.Capture): CaptureTap => {
  const { world } = simulation
  const interfaceOf = new Int32Array(world.peer.length).fill(-1)
  const names: Array<string> = []
  const rules: Array<(seen: SeenFrame) => string | undefined> = []
  const omissions: Array<(seen: SeenFrame) => boolean> = []
  let untilChosen: ReadonlyArray<WorldPort> = []
  let isChosen = false
  let leftOut = 0
  /** By port: 0 = nothing was left out, 1 = something was, 2 = and the capture says so. */
  const gaps = new Uint8Array(world.peer.length)

  const add = (port: WorldPort): void => {
    if (interfaceOf[port] < 0) addInterface(port)
    simulation.capture(port, true)
  }

  const addInterface = (port: WorldPort): void => {
    const node = world.nodeOfPort[port]
    const entry = directory.nodes[node]
    const { end, shortName, peer, description } = entry.ports[port - world.portBase[node]]
    const about = [peer === undefined ? "no cable" : `to ${peer}`, description].filter((text) => text !== undefined).join("; ")
    interfaceOf[port] = Capture.addInterface(capture, {
      name: `${end} ${shortName}`,
      description: about,
      hardware: `${entry.kind} ${entry.name}`,
      ...(world.peer[port] < 0 ? {} : { rateBps: PortRow.rateOf(world.rows, port * PortRow.STRIDE) }),
      ...macOf(entry.mac, entry.kind, bridgePortOf(directory, node, port - world.portBase[node])),
      fcsOctets: 0,
    })
    names.push(end)
  }

  return {
    ports: names,
    add: (ports) => {
      for (const port of untilChosen) simulation.capture(port, false)
      untilChosen = []
      isChosen = true
      for (const port of ports) add(port)
    },
    addUntilChosen: (ports) => {
      untilChosen = [...ports]
      for (const port of untilChosen) simulation.capture(port, true)
    },
    annotate: (rule) => void rules.push(rule),
    leaveOut: (rule) => void omissions.push(rule),
    isChosen: () => isChosen,
    leftOut: () => leftOut,
    onFrame: (port, direction, frame, tci, at) => {
      if (interfaceOf[port] < 0) addInterface(port)
      let comments: Array<string> | undefined
      if (rules.length > 0 || omissions.length > 0) {
        const seen: SeenFrame = { frame, tci, port: names[interfaceOf[port]], direction, at }
        for (const omits of omissions) {
          if (!omits(seen)) continue
          leftOut++
          if (gaps[port] === 0) gaps[port] = 1
          return
        }
        if (gaps[port] === 1) {
          gaps[port] = 2
          comments = [GAP]
        }
        for (const rule of rules) {
          const comment = rule(seen)
          if (comment !== undefined) (comments ??= []).push(comment)
        }
      }
      const length = FrameCodec.octetLength(frame, tci)
      const offset = Capture.reserve(capture, interfaceOf[port], at, direction, length, length, comments)
      FrameCodec.write(frame, tci, codecs, capture.octets, offset)
      if (Capture.needsDrain(capture)) simulation.halt()
    },
  }
}

/** The address that a port sends from: of a switch the bridge's plus one a port, of a hypervisor the base plus the NIC. */
const macOf = (mac: number | undefined, kind: string, port: number): { readonly macAddress?: Uint8Array } => {
  if (mac === undefined) return {}
  const octets = new Uint8Array(6)
  MacAddress.write(kind === "switch" ? mac + 1 + port : mac + port, octets, 0)
  return { macAddress: octets }
}
