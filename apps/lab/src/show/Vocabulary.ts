/** The words of `lab show` for people: for its help, its sentences and its README, so that they are the same everywhere. Loads nothing. */

/** What can happen, each with an example and the words that may stand in place of its last one. */
const HAPPENINGS: ReadonlyArray<readonly [example: string, others?: ReadonlyArray<string>]> = [
  ["link sw1:1 down", ["up", "mute", "heal"]],
  ["port sw1:1 shutdown", ["no shutdown"]],
  ["node sw2 off", ["silent", "on"]],
  ["priority sw2 4096"],
  ["cost sw2:1 vlan 10 100"],
  ["portfast sw2:1 edge", ["network", "disable"]],
  ["bpduguard sw2:1 enable", ["disable", "default"]],
  ["bpdufilter sw2:1 enable", ["disable", "default"]],
  ["guard sw2:1 root", ["loop", "none", "default"]],
  ["loopguard sw2 enable", ["disable"]],
  ["udld sw1 reset"],
  ["control-plane sw1 hang", ["resume"]],
  ["switchover core"],
  ["reload core-1"],
  ["card core-1 1 fail", ["restore"]],
  ["announce"],
  ["announce pc1"],
  ["ping pc1 pc2"],
]

/** Every change as it can be written, for tests: with all its words. */
export const CHANGES: ReadonlyArray<string> = HAPPENINGS.flatMap(([example, others = []]) => [
  example,
  ...others.map((word) => example.replace(/\S+$/, word)),
])

/** What `--after` takes, for sentences. */
export const CHANGE_FORMS = HAPPENINGS.map(([example, others]) =>
  others === undefined ? `"${example}"` : `"${example}" (${others.join(", ")})`,
).join(", ")

/** What can be asked. */
export const QUESTIONS =
  "spanning-tree (vlan 10, summary, detail, root, interface Gi0/1, blockedports, inconsistentports, mst), mac address-table, interfaces (Gi0/1, status, status err-disabled, trunk, switchport), vlan, errdisable recovery, errdisable detect, logging, storm-control, port-security (address), udld (neighbors), lldp or cdp (neighbors, neighbors detail), vtp status, vtp counters, dtp (interface Gi0/1), etherchannel summary, etherchannel port-channel, etherchannel load-balance, lacp neighbor, lacp counters, pagp neighbor, pagp counters, pagp dual-active, switch virtual (role, link, link counters, dual-active, dual-active summary, dual-active fast-hello, dual-active bfd, dual-active pagp), vpc (brief, role, consistency-parameters, consistency-parameters global, peer-keepalive, orphan-ports), link state group (detail), control-plane"
