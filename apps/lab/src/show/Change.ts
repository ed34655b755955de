/**
 * What happens to a network before it is looked at: `link sw1:1 down`, `port sw1:1 shutdown`, `node sw2 off` and their opposites;
 * `link sw1:1 mute` (what that end sends is lost) and `heal`; `udld sw1 reset`; `priority sw2 vlan 10 4096`, `cost sw2:1 100`;
 * guards of a port (`bpduguard sw2:1 enable`); `control-plane sw1 hang`, `switchover core`, `reload core-1`, `card core-1 1 fail`; `announce`, since switches know only who has spoken; `ping pc1 pc2`.
 */
import { type Directory, findBridgePort, type StationEntry } from "@l2lab/design/Directory"
import { didYouMean } from "@l2lab/design/Suggestion"
import type { BridgeCommand } from "@l2lab/l2/Bridge"
import type { HostCommand } from "@l2lab/hypervisor/HostCommand"
import * as Ipv4Address from "@l2lab/l3/Ipv4Address"
import type { StackCommand } from "@l2lab/l3/StackCommand"
import type { Command } from "@l2lab/sim/Device"
import type { ChassisCommand } from "@l2lab/vss/chassis/Command"
import * as GuardOrder from "../lab/GuardOrder.ts"
import * as LineCards from "../lab/LineCards.ts"
import * as TreeOrder from "../lab/TreeOrder.ts"
import { SECOND, type DurationNs } from "@l2lab/sim/SimTime"
import { WORLD, type WorldCommand } from "@l2lab/sim/WorldCommand"
import { CHANGE_FORMS } from "./Vocabulary.ts"

/** A change as it is given to a simulation. */
export interface Change {
  readonly commands: ReadonlyArray<{ readonly node: number; readonly command: Command }>
  /** How long it takes beyond what spanning tree does with it: until a ping is answered, say. */
  readonly lastsNs: DurationNs
}

/** Long enough for ARP and an answer over any link that spanning tree would run on. */
const TRAFFIC_LASTS: DurationNs = SECOND

const describePorts = (directory: Directory, node: number): string => {
  const { name, ports } = directory.nodes[node]
  if (ports.length === 0) return `${name} has no ports`
  return ports.length === 1 ? `${name} has ${ports[0].end} only` : `${name} has ${ports[0].end} to ${ports.at(-1)?.end}`
}

/** The change that a text stands for; a sentence where there is no such thing in the design. */
export const parse = (text: string, directory: Directory): Change | string => {
  const [what = "", name = "", ...rest] = text.trim().split(/\s+/)
  const action = rest.join(" ")
  const change = ((): WorldCommand | Change | Refusal => {
    switch (what) {
      case "announce":
        return announce(directory, [name, ...rest].join(" ").trim())
      case "ping":
        return name === "" || action === "" ? new Refusal('say who pings whom: "ping pc1 pc2"') : ping(directory, name, action)
      case "node":
        return name === "" || action === "" ? new Refusal(`write ${CHANGE_FORMS}`) : power(directory, name, action)
      case "port":
      case "link":
        return name === "" || action === "" ? new Refusal(`write ${CHANGE_FORMS}`) : cable(directory, what, name, action)
      case "udld":
        return name === "" || action === "" ? new Refusal(`write ${CHANGE_FORMS}`) : udld(directory, name, action)
      case "control-plane":
      case "switchover":
      case "reload":
      case "card":
        return pairOrder(directory, what, name, rest)
      case "priority":
      case "cost":
        return name === "" || action === "" ? new Refusal(`write ${CHANGE_FORMS}`) : treeOrder(directory, what, name, rest)
      case "portfast":
      case "bpduguard":
      case "bpdufilter":
      case "guard":
        return name === "" || action === "" ? new Refusal(`write ${CHANGE_FORMS}`) : guardOrder(directory, what, name, action)
      case "loopguard":
        return name === "" || action === "" ? new Refusal(`write ${CHANGE_FORMS}`) : guardDefault(directory, what, name, action)
      default: {
        const near = didYouMean(
          what,
          [
            "link",
            "port",
            "node",
            "priority",
            "cost",
            "udld",
            "control-plane",
            "switchover",
            "reload",
            "card",
            ...Object.keys(GuardOrder.ORDERS),
            "loopguard",
            "announce",
            "ping",
          ],
          `: write ${CHANGE_FORMS}`,
        )
        return new Refusal(`nothing called "${what}" can happen${near}`)
      }
    }
  })()
  if (change instanceof Refusal) return `--after "${text}": ${change.sentence}`
  return "type" in change ? { commands: [{ node: WORLD, command: change }], lastsNs: 0 } : change
}

class Refusal {
  readonly sentence: string
  constructor(sentence: string) {
    this.sentence = sentence
  }
}

const power = (directory: Directory, name: string, action: string): Change | Refusal => {
  const nodes = nodesNamed(directory, name)
  if (nodes instanceof Refusal) return nodes
  const all = (order: (node: number) => WorldCommand): Change => ({
    commands: nodes.map((node) => ({ node: WORLD, command: order(node) })),
    lastsNs: 0,
  })
  switch (action) {
    case "on":
      return all((node) => ({ type: "node.power-on", node }))
    case "off":
      return all((node) => ({ type: "node.power-off", node, keepCarrier: false }))
    case "silent":
      return all((node) => ({ type: "node.power-off", node, keepCarrier: true }))
    default:
      return new Refusal(`a node can be switched "on", "off", or "silent" (off, but its links stay up), not "${action}"`)
  }
}

/** The nodes of a name: one, or the two of a pair. */
const nodesNamed = (directory: Directory, name: string): ReadonlyArray<number> | Refusal => {
  const node = directory.nodeByName.get(name)
  if (node !== undefined) return [node]
  const names = [...directory.nodeByName.keys(), ...directory.pairByName.keys()]
  return directory.pairByName.get(name)?.nodes ?? new Refusal(`the design has no node "${name}"${didYouMean(name, names)}`)
}

/** The nodes that an order to a switch goes to: of two chassis either, which passes it to who is active; both vPC peers. */
const ordered = (directory: Directory, name: string): ReadonlyArray<number> | Refusal => {
  const nodes = nodesNamed(directory, name)
  return nodes instanceof Refusal || directory.pairByName.get(name)?.type !== "vss" ? nodes : nodes.slice(0, 1)
}

const noPort = (directory: Directory, name: string): Refusal => {
  const owner = name.split(":")[0]
  const node = directory.nodeByName.get(owner)
  return new Refusal(
    node === undefined
      ? `the design has no node "${owner}"${didYouMean(owner, directory.nodeByName.keys())}`
      : `there is no port "${name}": ${describePorts(directory, node)}`,
  )
}

/** `bpduguard sw2:1 enable`. */
const guardOrder = (
  directory: Directory,
  what: keyof typeof GuardOrder.ORDERS,
  name: string,
  action: string,
): Change | Refusal => {
  if ((what === "bpduguard" || what === "bpdufilter") && (directory.nodeByName.has(name) || directory.pairByName.has(name))) {
    return guardDefault(directory, what, name, action)
  }
  const place = findBridgePort(directory, name)
  if (place === undefined) return noPort(directory, name)
  const order = GuardOrder.parse(what, action)
  const command = typeof order === "string" ? order : GuardOrder.commandOf(directory.nodes[place.node], place.port, order)
  return typeof command === "string" ? new Refusal(command) : { commands: [{ node: place.node, command }], lastsNs: 0 }
}

/** `bpduguard sw2 enable`, `loopguard sw2 disable`: for all ports that say nothing of their own. */
const guardDefault = (directory: Directory, what: GuardOrder.Default, name: string, action: string): Change | Refusal => {
  const nodes = ordered(directory, name)
  if (nodes instanceof Refusal) return nodes
  if (action !== "enable" && action !== "disable") {
    return new Refusal(`${what} of a switch is followed by enable or disable, not by "${action}"`)
  }
  const command = GuardOrder.defaultOf(directory.nodes[nodes[0]], what, action === "enable")
  return typeof command === "string" ? new Refusal(command) : { commands: nodes.map((node) => ({ node, command })), lastsNs: 0 }
}

/** `udld sw1 reset`. */
const udld = (directory: Directory, name: string, action: string): Change | Refusal => {
  if (name === "reset" && !directory.nodeByName.has(name)) {
    return new Refusal(`the switch comes before the word: write "udld ${action} reset"`)
  }
  const nodes = ordered(directory, name)
  if (nodes instanceof Refusal) return nodes
  const { kind } = directory.nodes[nodes[0]]
  if (kind !== "switch") return new Refusal(`${name} is a ${kind}: UDLD runs on switches`)
  if (action !== "reset")
    return new Refusal(`UDLD can be told to "reset" (the ports that it took out of service), not to "${action}"`)
  const command: BridgeCommand = { type: "bridge.errdisable-reset", cause: "udld" }
  return { commands: nodes.map((node) => ({ node, command })), lastsNs: 0 }
}

/** `control-plane sw1 hang`, `switchover core`, `reload core-1`, `card core-1 1 fail`. */
const pairOrder = (
  directory: Directory,
  what: "control-plane" | "switchover" | "reload" | "card",
  name: string,
  words: ReadonlyArray<string>,
): Change | Refusal => {
  const nodes = ordered(directory, name)
  if (nodes instanceof Refusal) return nodes
  const { kind, pair } = directory.nodes[nodes[0]]
  if (kind !== "switch") return new Refusal(`${name} is a ${kind}: it has no processor or cards that fail here`)
  const all = (command: Command): Change => ({ commands: nodes.map((node) => ({ node, command })), lastsNs: 0 })
  const action = words.join(" ")
  if (what === "control-plane") {
    return action === "hang" || action === "resume"
      ? all({ type: "bridge.control-plane", hung: action === "hang" } as BridgeCommand)
      : new Refusal(`a control plane can "hang" or "resume", not "${action}"`)
  }
  if (pair === undefined || directory.pairs[pair.pair].type !== "vss") {
    return new Refusal(`${name} is no chassis of a virtual switching system: there is no ${what} of it`)
  }
  if (what !== "card") {
    const order: ChassisCommand = { type: what === "reload" ? "chassis.reload" : "chassis.switchover" }
    return action === "" ? all(order) : new Refusal(`"${what} ${name}" is all: leave "${action}" out`)
  }
  const [slot = "", verb = ""] = words
  const card = pair.cards.indexOf(Number(slot))
  if (card < 0) {
    return new Refusal(LineCards.missing(name, slot, pair.cards))
  }
  if (words.length !== 2 || (verb !== "fail" && verb !== "restore")) {
    return new Refusal(`a line card can "fail" or be told to "restore", not "${words.slice(1).join(" ")}"`)
  }
  const order: ChassisCommand = { type: "chassis.line-card", card, failed: verb === "fail" }
  return all(order)
}

const cable = (directory: Directory, what: "link" | "port", name: string, action: string): WorldCommand | Change | Refusal => {
  const place = findBridgePort(directory, name)
  if (place === undefined) return noPort(directory, name)
  const { places } = place
  const all = (commands: ReadonlyArray<WorldCommand>): Change => ({
    commands: commands.map((command) => ({ node: WORLD, command })),
    lastsNs: 0,
  })
  if (what === "port") {
    if (action !== "shutdown" && action !== "no shutdown") {
      return new Refusal(`a port can be "shutdown" or "no shutdown", not "${action}"`)
    }
    return all(places.map((at) => ({ type: action === "shutdown" ? "port.disable" : "port.enable", ...at })))
  }
  const cables = places.map(({ node, port }) => directory.nodes[node].ports[port]).filter(({ link }) => link >= 0)
  if (cables.length === 0) return new Refusal(`no cable is in ${name}`)
  if (action === "down") return all(cables.map(({ link }) => ({ type: "link.disconnect", link })))
  if (action === "up") return all(cables.map(({ link }) => ({ type: "link.connect", link })))
  const direction = (link: number, from: "a" | "b", alive: boolean): WorldCommand => ({
    type: "link.direction",
    link,
    from,
    alive,
  })
  if (action === "mute") return all(cables.map(({ link, linkEnd = "a" }) => direction(link, linkEnd, false)))
  if (action === "heal")
    return all(cables.flatMap(({ link }) => (["a", "b"] as const).map((from) => direction(link, from, true))))
  return new Refusal(`a link can go "down" or "up", or be "mute" (what ${name} sends is lost) and "heal", not "${action}"`)
}

/** `priority sw2 4096`, `priority sw2:1 mst 1 64`, `cost sw2:1 vlan 10 100`, `cost sw2:1 by-rate`. */
const treeOrder = (
  directory: Directory,
  what: "priority" | "cost",
  name: string,
  words: ReadonlyArray<string>,
): Change | Refusal => {
  const place = findBridgePort(directory, name)
  const pair = directory.pairByName.get(name)
  const node = directory.nodeByName.get(name) ?? pair?.nodes[0] ?? place?.node
  const isSwitch = directory.nodeByName.has(name) || pair !== undefined
  if (node === undefined || (what === "cost" && isSwitch)) {
    const owner = name.split(":")[0]
    const known = directory.nodeByName.get(owner)
    return new Refusal(
      known === undefined
        ? `the design has no node "${owner}"${didYouMean(owner, directory.nodeByName.keys())}`
        : isSwitch
          ? `a cost is a port's: write cost ${name}:1 ${words.join(" ")}`
          : `there is no port "${name}": ${describePorts(directory, known)}`,
    )
  }
  const [kind, id, ...more] = words.length === 1 ? [undefined, undefined, words[0]] : words
  if ((kind !== undefined && kind !== "vlan" && kind !== "mst") || more.length !== 1 || !/^\d+$/.test(id ?? "0")) {
    return new Refusal(
      `"${words.join(" ")}" is not understood: write ${what} ${name} 4096, with "vlan 10" or "mst 1" before the number`,
    )
  }
  const value = more[0] === "by-rate" && what === "cost" ? undefined : Number(more[0])
  if (value !== undefined && !/^\d+$/.test(more[0] ?? "")) return new Refusal(`"${more[0]}" is no number`)
  const setting: TreeOrder.Setting =
    what === "cost"
      ? { what, port: place?.port ?? 0, value }
      : isSwitch
        ? { what: "bridge priority", value: value ?? 0 }
        : { what: "port priority", port: place?.port ?? 0, value: value ?? 0 }
  const commands = TreeOrder.commandsOf(directory.nodes[node], setting, kind === undefined ? {} : { [kind]: Number(id) })
  if (typeof commands === "string") return new Refusal(commands)
  const nodes = pair?.type === "vpc" ? pair.nodes : [node]
  return { commands: nodes.flatMap((each) => commands.map((command) => ({ node: each, command }))), lastsNs: 0 }
}

/** A command for the IP stack of a station, as its node takes it. */
const tell = ({ kind, name, node, vm }: StationEntry, command: StackCommand): Change["commands"][number] => {
  if (kind === "host") return { node, command }
  const order: HostCommand =
    kind === "vm" ? { type: "vm.guest", vm: vm ?? 0, command } : { type: "vmkernel.stack", vmkernel: name.split(" ")[1], command }
  return { node, command: order }
}

const stationNamed = ({ stations }: Directory, name: string): StationEntry | Refusal => {
  const names = stations.map((station) => station.name)
  return stations[names.indexOf(name)] ?? new Refusal(`the design has no station "${name}"${didYouMean(name, names)}`)
}

const announce = (directory: Directory, name: string): Change | Refusal => {
  const station = name === "" ? undefined : stationNamed(directory, name)
  if (station instanceof Refusal) return station
  const speakers = station === undefined ? directory.stations : [station]
  return { commands: speakers.map((speaker) => tell(speaker, { type: "arp.announce" })), lastsNs: TRAFFIC_LASTS }
}

const ping = (directory: Directory, from: string, to: string): Change | Refusal => {
  const sender = stationNamed(directory, from)
  if (sender instanceof Refusal) return sender
  const known = Ipv4Address.parse(to) ?? stationNamed(directory, to)
  if (known instanceof Refusal) return known
  const target = typeof known === "number" ? known : known.address
  return { commands: [tell(sender, { type: "ping.start", target, everyNs: SECOND, count: 1 })], lastsNs: TRAFFIC_LASTS }
}
