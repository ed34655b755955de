/** Which cable goes into which port: ends that name their port first, then the others into the lowest free ones, in order. */
import type { LinkBlock } from "./Design.ts"
import { error, formatPath, type Path, type Problem } from "./DesignError.ts"
import type { LinkEnd } from "./Network.ts"
import { endOf } from "./Scalars.ts"
import { didYouMean } from "./Suggestion.ts"

/** A link as it was written or generated. */
export interface LinkDraft {
  readonly ends: readonly [string, string]
  /** Where each end stands. */
  readonly endPaths: readonly [Path, Path]
  readonly path: Path
  readonly settings: Omit<LinkBlock, "ends">
}

/** What the cabling must know of a node. */
export interface Socket {
  readonly name: string
  readonly kind: string
  /** Number of ports when the design gives one (a host has one). */
  readonly ports: number | undefined
  /** The least number of ports, by the port settings of the node. */
  readonly atLeast: number
}

/** Most ports that a node without a number of ports may grow to. */
const MOST_PORTS = 4000

export interface Cabling {
  /** For each draft its ends; undefined where they could not be found. */
  readonly ends: ReadonlyArray<readonly [LinkEnd, LinkEnd] | undefined>
  /** Number of ports of each node. */
  readonly ports: ReadonlyArray<number>
  readonly problems: ReadonlyArray<Problem>
}

/** `core-1:8 or core-2:8`. */
const oneOf = (switches: ReadonlyArray<string>, port: number | undefined): string =>
  switches.map((name) => (port === undefined ? name : `${name}:${port}`)).join(" or ")

/** Place all cables; `pairs`: the switches of each pair, by its name. */
export const plug = (
  sockets: ReadonlyArray<Socket>,
  drafts: ReadonlyArray<LinkDraft>,
  pairs: ReadonlyMap<string, ReadonlyArray<string>> = new Map(),
): Cabling => {
  const problems: Array<Problem> = []
  const indexOf = new Map(sockets.map((socket, index) => [socket.name, index]))
  /** By node: the path of the end in each port that is taken. */
  const taken = sockets.map(() => new Map<number, Path>())
  const lowest = new Int32Array(sockets.length)
  const found: Array<[LinkEnd | undefined, LinkEnd | undefined]> = drafts.map(() => [undefined, undefined])
  const waiting: Array<readonly [draft: number, end: 0 | 1, node: number]> = []

  drafts.forEach((draft, index) => {
    for (const end of [0, 1] as const) {
      const written = endOf(draft.ends[end])
      const path = draft.endPaths[end]
      const node = written === undefined ? undefined : indexOf.get(written.node)
      if (written === undefined || node === undefined) {
        const name = written?.node ?? draft.ends[end]
        const pair = pairs.get(name)
        problems.push(
          error(
            path,
            pair === undefined
              ? `there is no node "${name}"${didYouMean(name, indexOf.keys(), ": add it to nodes")}`
              : `${name} is a pair, and a cable ends in one of its switches: write ${oneOf(pair, written?.port)}`,
          ),
        )
        continue
      }
      if (written.port === undefined) {
        waiting.push([index, end, node])
        continue
      }
      const socket = sockets[node]
      const problem = problemOfPort(socket, written.port)
      if (problem !== undefined) {
        problems.push(error(path, problem))
        continue
      }
      const port = written.port - 1
      const holder = taken[node].get(port)
      if (holder !== undefined) {
        problems.push(
          error(
            path,
            `${socket.name}:${written.port} already holds the cable of ${formatPath(holder)}: a port takes one; name another port, or write "${socket.name}" for a free one`,
          ),
        )
        continue
      }
      taken[node].set(port, path)
      found[index][end] = { node, port }
    }
  })

  for (const [index, end, node] of waiting) {
    const socket = sockets[node]
    let port = lowest[node]
    while (taken[node].has(port)) port++
    lowest[node] = port + 1
    if (port >= (socket.ports ?? MOST_PORTS)) {
      problems.push(
        error(
          drafts[index].endPaths[end],
          socket.kind === "host"
            ? `${socket.name} is a host and has one port, which holds a cable already: put a switch or a hub between`
            : `${socket.ports === 1 ? `the one port of ${socket.name} is` : `all ${socket.ports ?? MOST_PORTS} ports of ${socket.name} are`} taken: raise its ${portsKey(socket)}`,
        ),
      )
      continue
    }
    taken[node].set(port, drafts[index].endPaths[end])
    found[index][end] = { node, port }
  }

  const ports = sockets.map((socket, node) => {
    if (socket.ports !== undefined) return socket.ports
    let most = socket.atLeast
    for (const port of taken[node].keys()) if (port + 1 > most) most = port + 1
    return most
  })
  return { ends: found.map(([a, b]) => (a === undefined || b === undefined ? undefined : [a, b])), ports, problems }
}

const portsKey = (socket: Socket): string => (socket.kind === "hypervisor" ? "uplinks" : "ports")

const problemOfPort = (socket: Socket, port: number): string | undefined => {
  if (port === 0) return `${socket.name}:0 does not exist: ports count from 1`
  if (socket.ports === undefined)
    return port > MOST_PORTS ? `${socket.name}:${port} does not exist: a node has at most ${MOST_PORTS} ports` : undefined
  if (port <= socket.ports) return undefined
  if (socket.kind === "host") return `${socket.name}:${port} does not exist: a host has one port, ${socket.name}:1`
  const many = socket.ports === 1 ? "1 port" : `${socket.ports} ports`
  return `${socket.name}:${port} does not exist: ${socket.name} has ${many}; use a lower port, or raise its ${portsKey(socket)}`
}
