/** Hypervisors with their port groups, VMkernel interfaces and VMs. */
import * as Ipv4Address from "@l2lab/l3/Ipv4Address"
import * as MacAddress from "@l2lab/l2/MacAddress"
import type { VmotionConfig } from "@l2lab/migration/VmotionConfig"
import * as Addresses from "./Addresses.ts"
import type { Design } from "./Design.ts"
import type { HypervisorNode as Block, NestedVm, PortGroup as WrittenPortGroup, Vmotion } from "./NodeBlocks.ts"
import { error, type Path, type Problem } from "./DesignError.ts"
import * as IpNetwork from "./IpNetwork.ts"
import type { HypervisorNode, PortGroup, Station, Vm, Vmkernel } from "./Network.ts"
import { vmnicOf } from "./Scalars.ts"
import { didYouMean } from "./Suggestion.ts"
import { sizeOctetsOf, timeNsOf } from "./Units.ts"

const MIB = 1024 ** 2
const PAGE_OCTETS = 4096

/** A VM as it was written or generated, with the host that it starts on. */
export interface VmDraft {
  readonly name: string
  readonly path: Path
  readonly block: NestedVm
  /** From 1, unique in the design. */
  readonly id: number
}

/** Addresses as a station has them; `mac` must have been settled. */
export const station = (block: { readonly address: string; readonly gateway?: string }, mac: number): Station => {
  const parsed = IpNetwork.parse(block.address)
  if ("problem" in parsed) throw new Error(parsed.problem)
  const gateway = block.gateway === undefined ? undefined : Ipv4Address.parse(block.gateway)
  return { mac, address: parsed.address, prefixLength: parsed.prefixLength, ...(gateway === undefined ? {} : { gateway }) }
}

/** A MAC address that the design gives, as a number. */
export const macOf = (written: string): number => MacAddress.parse(written) ?? 0

/** Whole MiB of a size; a size with a fraction of one is a problem at `path`. */
const mib = (written: string, path: Path, problems: Array<Problem>): number => {
  const octets = sizeOctetsOf(written)
  const whole = Math.floor(octets / MIB)
  if (whole * MIB !== octets || whole === 0)
    problems.push(error(path, `${written} is not a whole number of MiB: write ${Math.max(1, whole)}MiB`))
  return whole
}

/** Settle one hypervisor. `uplinks` is the number of its ports. */
export const settle = (
  name: string,
  path: Path,
  block: Block,
  uplinks: number,
  vmDrafts: ReadonlyArray<VmDraft>,
  defaults: Design["defaults"],
  taken: Addresses.Taken,
  problems: Array<Problem>,
): HypervisorNode => {
  const base = defaults?.hypervisor
  const address = block.mac === undefined ? Addresses.allot(taken, "hypervisor", name) : macOf(block.mac)
  const groupPath =
    block.portGroups === undefined && base?.portGroups !== undefined
      ? ["defaults", "hypervisor", "portGroups"]
      : [...path, "portGroups"]
  const portGroups = Object.entries(block.portGroups ?? base?.portGroups ?? { vms: null }).map(([group, written]) =>
    portGroup(group, written, name, uplinks, [...groupPath, group], problems),
  )
  const names = portGroups.map((group) => group.name)
  const unknownGroup = (group: string): string =>
    `${name} has no port group "${group}"${didYouMean(group, names, names.length === 0 ? ": add it to its portGroups" : `; it has ${names.join(", ")}`)}`

  const vmkernel = Object.entries(block.vmkernel ?? {}).map(([vmk, written], index): Vmkernel => {
    const vmkPath = [...path, "vmkernel", vmk]
    if (!names.includes(written.portGroup)) problems.push(error([...vmkPath, "portGroup"], unknownGroup(written.portGroup)))
    const mac = written.mac === undefined ? address + Addresses.VMKERNEL_OFFSET + index : macOf(written.mac)
    return {
      name: vmk,
      path: vmkPath,
      portGroup: written.portGroup,
      station: station(written, mac),
      mtu: written.mtu ?? 1500,
      services: written.services ?? [],
    }
  })

  const usual = names.filter((group) => vmkernel.every((vmk) => vmk.portGroup !== group))
  const vms = vmDrafts.map((draft): Vm => {
    const written = { ...defaults?.vm, ...draft.block }
    const group = written.portGroup ?? (usual.length === 1 ? usual[0] : undefined)
    if (group === undefined) {
      problems.push(
        error(
          draft.path,
          `portGroup is missing: ${name} has ${names.length === 0 ? "none" : names.join(", ")}; name the one that ${draft.name} is in`,
          "key",
        ),
      )
    } else if (!names.includes(group)) problems.push(error([...draft.path, "portGroup"], unknownGroup(group)))
    const memoryMib = mib(written.memory ?? "1GiB", [...draft.path, "memory"], problems)
    const touchedMib = written.touched === undefined ? memoryMib : mib(written.touched, [...draft.path, "touched"], problems)
    const workingSet =
      written.writes?.workingSet === undefined ? Math.min(touchedMib, memoryMib) * MIB : sizeOctetsOf(written.writes.workingSet)
    const writesPath = [...draft.path, "writes", "workingSet"]
    if (workingSet > memoryMib * MIB)
      problems.push(
        error(writesPath, `a working set of ${written.writes?.workingSet} does not fit into ${memoryMib}MiB of memory: lower it`),
      )
    // What is written has been touched.
    else if (workingSet > touchedMib * MIB)
      problems.push(
        error(
          writesPath,
          `a working set of ${written.writes?.workingSet} does not fit into ${touchedMib}MiB of touched memory: lower it, or raise touched`,
        ),
      )
    if (touchedMib > memoryMib)
      problems.push(
        error([...draft.path, "touched"], `${touchedMib}MiB cannot be touched in ${memoryMib}MiB of memory: lower it`),
      )
    return {
      id: draft.id,
      name: draft.name,
      path: draft.path,
      portGroup: group ?? "",
      station: station(written, written.mac === undefined ? Addresses.allot(taken, "vm", draft.name) : macOf(written.mac)),
      memoryMib,
      touchedMib,
      pagesPerSecond: written.writes?.pagesPerSecond ?? 0,
      workingSetPages: Math.max(1, Math.floor(workingSet / PAGE_OCTETS)),
      poweredOn: written.poweredOn ?? true,
    }
  })

  const vmSlots = block.vmSlots ?? base?.vmSlots ?? 2 * vms.length + 8
  if (vms.length > vmSlots)
    problems.push(error([...path, "vmSlots"], `${name} starts with ${vms.length} VMs and can hold ${vmSlots}: raise vmSlots`))
  return {
    kind: "hypervisor",
    name,
    path,
    ports: uplinks,
    address,
    memoryMib: mib(block.memory ?? base?.memory ?? "32GiB", [...path, "memory"], problems),
    portGroups,
    notifySwitches: block.notifySwitches ?? base?.notifySwitches ?? true,
    vmotion: vmotionConfig({ ...base?.vmotion, ...block.vmotion }),
    vmkernel,
    vmSlots,
    vms,
  }
}

const vmotionConfig = ({ timeout, switchoverGoal, maximumRounds, concurrent }: Vmotion): VmotionConfig => ({
  ...(timeout === undefined ? {} : { timeoutNs: timeNsOf(timeout) }),
  ...(switchoverGoal === undefined ? {} : { switchoverGoalNs: timeNsOf(switchoverGoal) }),
  ...(maximumRounds === undefined ? {} : { maximumRounds }),
  ...(concurrent === undefined ? {} : { concurrent }),
})

const portGroup = (
  group: string,
  written: WrittenPortGroup,
  host: string,
  uplinks: number,
  path: Path,
  problems: Array<Problem>,
): PortGroup => {
  if (written === null) return { name: group }
  if (typeof written === "number") return { name: group, vlan: written }
  const nics = (key: "active" | "standby"): ReadonlyArray<number> | undefined =>
    written[key]?.map((nic, index) => {
      const number = vmnicOf(nic) ?? 0
      if (number >= uplinks) {
        const has = uplinks === 1 ? "vmnic0 only" : `vmnic0 to vmnic${uplinks - 1}`
        problems.push(error([...path, key, index], `${host} has no ${nic}: it has ${has}; use one of them, or raise its uplinks`))
      }
      return number
    })
  const active = nics("active")
  const standby = nics("standby")
  return {
    name: group,
    ...(written.vlan === undefined ? {} : { vlan: written.vlan }),
    ...(active === undefined ? {} : { active }),
    ...(standby === undefined ? {} : { standby }),
  }
}
