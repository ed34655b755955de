/**
 * Why a migration was refused or failed. A reason travels as a number, so the order of this table is part of the wire format: new
 * ones go to the end. The sentence says what happened and what to do; where an operator knows a VMware message for it, that comes first.
 */

interface Entry {
  readonly name: string
  readonly sentence: string
}

const TABLE = [
  { name: "ok", sentence: "Compatibility checks succeeded." },
  { name: "no-such-vm", sentence: "The VM is not on this host: give the command to the host that runs it." },
  { name: "not-running", sentence: "The VM is not powered on: only a running VM can be moved by vMotion." },
  { name: "already-migrating", sentence: "The VM is being moved already: wait until that is over." },
  {
    name: "no-vmotion-interface",
    sentence:
      "The vMotion interface is not configured (or is misconfigured) on the source host: give a vmkernel interface the service vmotion.",
  },
  { name: "same-host", sentence: "The destination is the host itself: choose another." },
  {
    name: "unreachable",
    sentence:
      "The vMotion migrations failed because the ESX hosts were not able to connect over the vMotion network: check VLAN, addresses and links between the vMotion interfaces.",
  },
  { name: "no-memory", sentence: "The destination host has not enough free memory for the VM." },
  { name: "no-slot", sentence: "The destination host holds as many VMs as it can." },
  {
    name: "no-port-group",
    sentence:
      "The virtual machine's network is not accessible on the destination host: a port group of exactly the same name must exist there.",
  },
  { name: "exists", sentence: "The destination host has a VM of this identity, or with this MAC address, already." },
  { name: "busy", sentence: "The destination host takes part in as many migrations as it can: try again later." },
  {
    name: "wrong-vmotion-interface",
    sentence:
      "The vMotion interface is not configured (or is misconfigured) on the destination host: the address is not that of one.",
  },
  {
    name: "timeout",
    sentence: "Failed waiting for data: the other host was silent for too long. The VM goes on where it was.",
  },
  {
    name: "not-converging",
    sentence:
      "The VM changes its memory faster than the vMotion network carries it, so the rest never became small enough to switch over. The VM goes on on the source host: use a faster network, or wait until the VM is less busy.",
  },
  {
    name: "switchover-timeout",
    sentence:
      "The migration has exceeded the maximum switchover time. The VM goes on on the source host: wait until the VM is performing a less intensive workload, or use a faster network.",
  },
  { name: "cancelled", sentence: "The migration was cancelled. The VM goes on where it was." },
  { name: "powered-off", sentence: "The VM was powered off while it was being moved." },
  { name: "memory-incomplete", sentence: "The destination host did not get every page of memory: it refuses to run the VM." },
  { name: "state-invalid", sentence: "The destination host could not read the VM's device state: it refuses to run the VM." },
  {
    name: "unknown-migration",
    sentence: "The destination host knows nothing of this migration (it was restarted). The VM goes on on the source host.",
  },
  { name: "aborted-by-source", sentence: "The source host gave the migration up." },
] as const satisfies ReadonlyArray<Entry>

/** A reason's name, for instance `no-memory`. */
export type ReasonName = (typeof TABLE)[number]["name"]

/** A reason's number: an index of the table, 0 = no objection. */
export type Reason = number

/** Names by number, for traces. */
export const NAMES: ReadonlyArray<ReasonName> = TABLE.map((entry) => entry.name)

/** No objection. */
export const OK: Reason = 0

/** The number of a reason. */
export const of = (name: ReasonName): Reason => NAMES.indexOf(name)

/** The name of a number; a number beyond the table (a newer peer) is called `timeout`, as nothing more is known. */
export const nameOf = (reason: Reason): ReasonName => NAMES[reason] ?? "timeout"

/** What an operator reads. */
export const sentenceOf = (reason: Reason): string =>
  TABLE[reason]?.sentence ?? `The other host gave reason ${reason}, which is unknown here.`
