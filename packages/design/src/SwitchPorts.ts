/** The ports of a switch: what the design says of them, and what follows from who is plugged in. */
import type { AccessPort, SwitchPort as RelayPort, TrunkPort } from "@l2lab/l2/BridgeConfig"
import type { SwitchNode, SwitchPort } from "./NodeBlocks.ts"
import { error, type Path, type Problem } from "./DesignError.ts"
import * as Discovery from "./Discovery.ts"
import type { PortSettings } from "./Network.ts"
import { isDynamic } from "./Dtp.ts"
import * as PortGuards from "./PortGuards.ts"
import { rangeOf } from "./Scalars.ts"
import { problemsOfKeys } from "./SpanningTrees.ts"
import { isOneUnit, settleTraffic } from "./TrafficKeys.ts"
import * as Udld from "./Udld.ts"
import * as VlanSet from "./VlanSet.ts"

/** Who is at the other end of a switch port's cable. */
export interface Neighbour {
  readonly name: string
  readonly kind: string
  /** VLAN that a host asks for. */
  readonly vlan: number | undefined
  /** It sends tagged frames. */
  readonly tagged: boolean
  readonly path: Path
}

/** The port numbers (from 1) that a key of `port` means: `3`, `1-24`; or why it means none. */
export const portsOfKey = (key: string): { readonly first: number; readonly last: number } | { readonly problem: string } => {
  const range = /^\d{1,5}$/.test(key) ? ([Number(key), Number(key)] as const) : rangeOf(key)
  if (range === undefined) return { problem: `"${key}" is not a port number or a range: write it like 3 or 1-24` }
  const [first, last] = range
  if (first < 1) return { problem: `port ${first} does not exist: ports count from 1` }
  if (first > last) return { problem: `the range ${key} runs backwards: write ${last}-${first}` }
  return last > 4000 ? { problem: `port ${last} does not exist: a switch has at most 4000 ports` } : { first, last }
}

/** The highest port number that the settings of a switch name; 0 for none. */
export const highestNamed = (port: SwitchNode["port"]): number =>
  Object.keys(port ?? {}).reduce((most, key) => {
    const named = portsOfKey(key)
    return "problem" in named ? most : Math.max(most, named.last)
  }, 0)

/** One entry of `port` with its place. */
interface Written {
  readonly block: SwitchPort
  readonly path: Path
}

/** Settle all ports of a switch. `neighbour(p)` is at the other end of port p (from 0), if anyone is. */
export const settle = (
  name: string,
  path: Path,
  port: SwitchNode["port"],
  ports: number,
  vlans: ReadonlyArray<number>,
  neighbour: (port: number) => Neighbour | undefined,
  problems: Array<Problem>,
): ReadonlyArray<PortSettings> => {
  const written = new Map<number, Written>()
  const exact = new Set<number>()
  for (const [key, block] of Object.entries(port ?? {})) {
    const keyPath = [...path, "port", key]
    const named = portsOfKey(key)
    if ("problem" in named) {
      problems.push(error(keyPath, named.problem, "key"))
      continue
    }
    if (named.last > ports) {
      problems.push(
        error(
          keyPath,
          `port ${named.last} does not exist: ${name} has ${ports === 1 ? "1 port" : `${ports} ports`}; name a lower one, or raise ports`,
          "key",
        ),
      )
      continue
    }
    problems.push(
      ...contradictions(block, keyPath),
      ...unitsOfLevels(block, keyPath),
      ...problemsOfKeys(Object.keys(block.vlans ?? {}), [...keyPath, "vlans"]),
      ...problemsOfKeys(Object.keys(block.instances ?? {}), [...keyPath, "instances"], "instance", true),
    )
    for (let number = named.first; number <= named.last; number++) {
      // A single port's settings go before those of a range that it lies in, key by key.
      const before = written.get(number - 1)
      const single = named.first === named.last
      const merged =
        before === undefined
          ? block
          : exact.has(number - 1) && !single
            ? { ...block, ...before.block }
            : { ...before.block, ...block }
      written.set(number - 1, { block: merged, path: before !== undefined && !single ? before.path : keyPath })
      if (single) exact.add(number - 1)
    }
  }

  // Hundreds of ports that nothing is said about share these.
  const trunk: PortSettings = { vlans: trunkOf({}, vlans), shutdown: false, priority: 128 }
  const trunkToHost: PortSettings = { ...trunk, toHost: true }
  const accessOf = new Map<number, PortSettings>()
  const access = (vlan: number): PortSettings => {
    const known = accessOf.get(vlan)
    if (known !== undefined) return known
    const made: PortSettings = { vlans: { mode: "access", vlan }, shutdown: false, priority: 128 }
    accessOf.set(vlan, made)
    return made
  }

  const settings: Array<PortSettings> = []
  for (let index = 0; index < ports; index++) {
    const other = neighbour(index)
    const own = written.get(index)
    const trunkByNature = other !== undefined && (other.tagged || other.kind === "switch" || other.kind === "hypervisor")
    if (own === undefined) {
      settings.push(!trunkByNature ? access(other?.vlan ?? 1) : isHost(other) ? trunkToHost : trunk)
    } else settings.push(settleOne(`${name}:${index + 1}`, own, trunkByNature, other, vlans, problems))
  }
  return settings
}

const isHost = (other: Neighbour | undefined): boolean => other?.kind === "host" || other?.kind === "hypervisor"

const settleOne = (
  where: string,
  { block, path }: Written,
  trunkByNature: boolean,
  other: Neighbour | undefined,
  vlans: ReadonlyArray<number>,
  problems: Array<Problem>,
): PortSettings => {
  const saysTrunk = block.native !== undefined || block.allowed !== undefined || block.tagNative !== undefined
  const mode = block.mode ?? (saysTrunk ? "trunk" : block.vlan !== undefined || !trunkByNature ? "access" : "trunk")
  const access: AccessPort = { mode: "access", vlan: block.vlan ?? other?.vlan ?? 1 }
  const relay: RelayPort = mode === "trunk" ? trunkOf(block, vlans) : access
  const untagged = relay.mode === "trunk" ? relay.native : relay.vlan
  if (other?.vlan !== undefined && other.vlan !== untagged) {
    problems.push(
      error(
        [...other.path, "vlan"],
        `${other.name} wants VLAN ${other.vlan}, but untagged frames at its port ${where} are in VLAN ${untagged}: say it at one of the two places only`,
      ),
    )
  }
  return {
    vlans: relay,
    ...(isHost(other) && { toHost: true }),
    ...(isDynamic(mode) || block.nonegotiate !== undefined
      ? {
          dtp: {
            ...(isDynamic(mode) ? { dynamic: mode } : {}),
            nonegotiate: block.nonegotiate ?? false,
            access,
            trunk: trunkOf(block, vlans),
          },
        }
      : {}),
    ...(block.description === undefined ? {} : { description: block.description }),
    shutdown: block.shutdown ?? false,
    ...(block.cost === undefined ? {} : { cost: block.cost }),
    priority: block.priority ?? 128,
    ...(block.edge === undefined ? {} : { edge: block.edge !== false }),
    ...(block.autoEdge === undefined ? {} : { autoEdge: block.autoEdge }),
    ...(block.linkType === undefined ? {} : { linkType: block.linkType }),
    ...PortGuards.ofPort(block),
    ...(block.vlans === undefined
      ? {}
      : {
          ofVlans: Object.entries(block.vlans).map(([key, own]) => ({
            ...own,
            vlans: VlanSet.idsOfKey(key) ?? [],
            path: [...path, "vlans", key],
          })),
        }),
    ...(block.instances === undefined
      ? {}
      : {
          ofInstances: Object.entries(block.instances).map(([key, own]) => ({
            ...own,
            mstids: key === "0" ? [0] : (VlanSet.idsOfKey(key) ?? []),
            path: [...path, "instances", key],
          })),
        }),
    ...settleTraffic(block),
    ...Discovery.ofPort(block),
    ...Udld.ofPort(block),
    path,
  }
}

const trunkOf = (block: SwitchPort, vlans: ReadonlyArray<number>): TrunkPort => {
  const existing = new Set(vlans)
  const allowed = block.allowed === undefined ? vlans : VlanSet.ids(block.allowed).filter((id) => existing.has(id))
  return { mode: "trunk", native: block.native ?? 1, allowed, ...(block.tagNative === true ? { tagNative: true } : {}) }
}

const unitsOfLevels = ({ stormControl }: SwitchPort, path: Path): ReadonlyArray<Problem> =>
  (["broadcast", "multicast", "unicast", "unknownUnicast"] as const).flatMap((key) =>
    isOneUnit(stormControl?.[key])
      ? []
      : [
          error(
            [...path, "stormControl", key, "falling"],
            "storm-control: the falling threshold is in another unit than the rising one: write both in %, pps or bps",
          ),
        ],
  )

const contradictions = (block: SwitchPort, path: Path): ReadonlyArray<Problem> => {
  const trunkKey = (["native", "allowed", "tagNative"] as const).find((key) => block[key] !== undefined)
  if (block.mode === "trunk" && block.vlan !== undefined) {
    return [
      error(
        [...path, "vlan"],
        `a trunk has no vlan: write native: ${block.vlan} for its untagged frames, or mode: access`,
        "key",
      ),
    ]
  }
  if (trunkKey !== undefined && (block.mode === "access" || (block.mode === undefined && block.vlan !== undefined))) {
    return [
      error(
        [...path, trunkKey],
        `an access port has no ${trunkKey}: write mode: trunk${block.vlan === undefined ? "" : " without vlan"}, or remove it`,
        "key",
      ),
    ]
  }
  return []
}
