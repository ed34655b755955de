/** Commands to the world itself: cables, ports, power. Plain data, recorded in the command log like commands to devices. */
import type { Command, PortIndex } from "./Device.ts"
import type { LinkIndex, NodeIndex } from "./World.ts"

/** Which transmitter of a link: the end `a` or `b` of its specification. */
export type LinkEndName = "a" | "b"

export type WorldCommand =
  /** Pull the cable: both ends lose their carrier, what is in flight is lost. */
  | { readonly type: "link.disconnect"; readonly link: LinkIndex }
  | { readonly type: "link.connect"; readonly link: LinkIndex }
  /** `alive: false` loses everything that end `from` sends while the carrier stays up. */
  | { readonly type: "link.direction"; readonly link: LinkIndex; readonly from: LinkEndName; readonly alive: boolean }
  /** Random loss and corruption (ratios 0..1) of one direction. */
  | {
      readonly type: "link.impair"
      readonly link: LinkIndex
      readonly from: LinkEndName
      readonly lossRatio: number
      readonly corruptionRatio: number
    }
  /** Let the link carry so many bits a second from now on, in both directions. Its ends are told when it next comes up. */
  | { readonly type: "link.rate"; readonly link: LinkIndex; readonly rateBps: number }
  /** Have one end take the link for half or full duplex. It goes down and comes up again by that, as where the speed is set anew. */
  | { readonly type: "link.duplex"; readonly link: LinkIndex; readonly end: LinkEndName; readonly fullDuplex: boolean }
  /** Administratively enable or shut a port (`no shutdown`, `shutdown`). */
  | { readonly type: "port.enable"; readonly node: NodeIndex; readonly port: PortIndex }
  | { readonly type: "port.disable"; readonly node: NodeIndex; readonly port: PortIndex }
  /** `keepCarrier`: neighbours see their links stay up and only silence. */
  | { readonly type: "node.power-off"; readonly node: NodeIndex; readonly keepCarrier: boolean }
  | { readonly type: "node.power-on"; readonly node: NodeIndex }

/** The node index under which commands to the world are logged. */
export const WORLD = -1

/** Whether a command is one to the world. */
export const isWorldCommand = (command: Command): command is WorldCommand => /^(link|port|node)\./.test(command.type)
