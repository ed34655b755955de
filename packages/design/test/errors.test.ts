/** What people get wrong, and the sentence that each gets: file, line, column, key, what is wrong, how to put it right. */
import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import * as Compile from "@l2lab/design/Compile"

const linesOf = (text: string): ReadonlyArray<string> => {
  const compiled = Compile.text(text, "x.l2.yml")
  return Result.isFailure(compiled) ? compiled.failure.message.split("\n") : []
}

interface Case {
  readonly desc: string
  readonly text: string
  readonly lines: ReadonlyArray<string>
}

const CASES: ReadonlyArray<Case> = [
  {
    desc: "an unknown key of a node, with the one that was meant",
    text: "# a design\nnodes:\n  sw1: { prots: 4 }\n",
    lines: ['x.l2.yml:3:10: nodes.sw1.prots: unknown key; did you mean "ports"?'],
  },
  {
    desc: "a key in kebab case",
    text: "spanning-tree: { priority: 4096 }\nnodes: { sw1: }\n",
    lines: ['x.l2.yml:1:1: spanning-tree: unknown key; did you mean "spanningTree"?'],
  },
  {
    desc: "an unknown key that resembles nothing",
    text: "nodes:\n  h1: { kind: hub, xyzzy: 1 }\n",
    lines: ["x.l2.yml:2:20: nodes.h1.xyzzy: unknown key of a hub; known keys are kind, ports"],
  },
  {
    desc: "a key of another kind",
    text: "nodes:\n  sw1: { kind: switch, address: 10.0.0.1/24 }\n",
    lines: ["x.l2.yml:2:24: nodes.sw1.address: a switch has no address, a host has: write kind: host, or remove it"],
  },
  {
    desc: "an unknown key does not hide what else is wrong",
    text: "nodes: { sw1: { prots: 4 }, sw2: }\nlinks: [[sw1, sw3]]\n",
    lines: [
      'x.l2.yml:1:17: nodes.sw1.prots: unknown key; did you mean "ports"?',
      'x.l2.yml:2:15: links[0][1]: there is no node "sw3"; did you mean "sw1"?',
    ],
  },
  {
    desc: "a link to a port that does not exist",
    text: 'nodes:\n  sw1: { ports: 4 }\n  sw2:\nlinks:\n  - ["sw1:5", "sw2:1"]\n',
    lines: ["x.l2.yml:5:6: links[0][0]: sw1:5 does not exist: sw1 has 4 ports; use a lower port, or raise its ports"],
  },
  {
    desc: "port 0",
    text: 'nodes: { sw1:, sw2: }\nlinks: [["sw1:0", sw2]]\n',
    lines: ["x.l2.yml:2:10: links[0][0]: sw1:0 does not exist: ports count from 1"],
  },
  {
    desc: "a host's second port",
    text: 'nodes: { pc: { address: 10.0.0.1/24 }, sw2: }\nlinks: [["pc:2", sw2]]\n',
    lines: ["x.l2.yml:2:10: links[0][0]: pc:2 does not exist: a host has one port, pc:1"],
  },
  {
    desc: "a link to a node that does not exist",
    text: 'nodes:\n  sw1:\n  sw2:\nlinks:\n  - { ends: ["sw1:1", "sv2:1"] }\n',
    lines: ['x.l2.yml:5:23: links[0].ends[1]: there is no node "sv2"; did you mean "sw2"?'],
  },
  {
    desc: "a link to a node that resembles none",
    text: "nodes: { sw1: }\nlinks: [[sw1, zurich-core-17]]\n",
    lines: ['x.l2.yml:2:15: links[0][1]: there is no node "zurich-core-17": add it to nodes'],
  },
  {
    desc: "a port used twice",
    text: 'nodes: { sw1:, sw2:, sw3: }\nlinks:\n  - ["sw1:1", "sw2:1"]\n  - ["sw3:1", "sw1:1"]\n',
    lines: [
      'x.l2.yml:4:15: links[1][1]: sw1:1 already holds the cable of links[0][0]: a port takes one; name another port, or write "sw1" for a free one',
    ],
  },
  {
    desc: "more cables than ports",
    text: "nodes: { sw1: { ports: 1 }, sw2: }\nlinks: [[sw1, sw2], [sw1, sw2]]\n",
    lines: ["x.l2.yml:2:22: links[1][0]: the one port of sw1 is taken: raise its ports"],
  },
  {
    desc: "two nodes of one name",
    text: "nodes:\n  sw1:\n  sw2:\n  sw1: { ports: 3 }\n",
    lines: ['x.l2.yml:4:3: nodes.sw1: there are two nodes named "sw1": rename one of them'],
  },
  {
    desc: "two VMs of one name",
    text: "nodes: { esx: { kind: hypervisor } }\nvms:\n  a: { host: esx, address: 10.0.0.1/24 }\n  a: { host: esx, address: 10.0.0.2/24 }\n",
    lines: ['x.l2.yml:4:3: vms.a: there are two VMs named "a": rename one of them'],
  },
  {
    desc: "a VM named like a node",
    text: "nodes: { esx: { kind: hypervisor } }\nvms:\n  esx: { host: esx, address: 10.0.0.1/24 }\n",
    lines: ['x.l2.yml:3:3: vms.esx: "esx" is the name of a hypervisor already: rename one of them'],
  },
  {
    desc: "a key that stands twice",
    text: "nodes: { sw1: }\nvlans: [1]\nvlans: [2]\n",
    lines: ['x.l2.yml:3:1: vlans: the key "vlans" stands here for the second time: keep one of the two'],
  },
  {
    desc: "a name that cannot be one",
    text: "nodes:\n  1st: { ports: 2 }\n",
    lines: [
      'x.l2.yml:2:3: nodes.1st: "1st" cannot be a name: names start with a letter and go on with letters, digits, ".", "_" or "-", up to 63 in all',
    ],
  },
  {
    desc: "VLAN 4095",
    text: "nodes:\n  sw1:\n    port:\n      3: { mode: access, vlan: 4095 }\n",
    lines: ["x.l2.yml:4:32: nodes.sw1.port.3.vlan: VLAN 4095 does not exist: VLAN ids are whole numbers from 1 to 4094"],
  },
  {
    desc: "bad VLANs in a list, each by itself",
    text: "vlans: [1, 4095, 10-5000, 30-20, x, 2.5, true]\nnodes: { sw1: }\n",
    lines: [
      "x.l2.yml:1:12: vlans[1]: VLAN 4095 does not exist: VLAN ids are whole numbers from 1 to 4094",
      "x.l2.yml:1:18: vlans[2]: VLAN 5000 does not exist: VLAN ids are whole numbers from 1 to 4094",
      "x.l2.yml:1:27: vlans[3]: the range 30-20 runs backwards: write 20-30",
      'x.l2.yml:1:34: vlans[4]: "x" is not a VLAN or a range of VLANs: write it like 20-30',
      "x.l2.yml:1:37: vlans[5]: VLAN 2.5 does not exist: VLAN ids are whole numbers from 1 to 4094",
      "x.l2.yml:1:42: vlans[6]: expected a VLAN id from 1 to 4094 or a range like 20-30, found true",
    ],
  },
  {
    desc: "VLANs in a mapping",
    text: "vlans: { 4095: x, ten: y }\nnodes: { sw1: }\n",
    lines: [
      "x.l2.yml:1:10: vlans.4095: VLAN 4095 does not exist: VLAN ids are whole numbers from 1 to 4094",
      'x.l2.yml:1:19: vlans.ten: "ten" is not a VLAN id or a range: write it like 10 or 20-30',
    ],
  },
  {
    desc: "a VLAN that the design does not have",
    text: "vlans: { 10: office }\nnodes: { sw1:, pc: { address: 10.0.0.1/24, vlan: 11 } }\nlinks: [[sw1, pc]]\n",
    lines: ["x.l2.yml:2:50: nodes.pc.vlan: VLAN 11 is not among the design's vlans: add it there, or use one of 1, 10"],
  },
  {
    desc: "an access port with trunk settings, and the other way round",
    text: "nodes:\n  sw1: { port: { 1: { mode: access, native: 3 }, 2: { mode: trunk, vlan: 3 }, 3: { vlan: 3, allowed: [4] } } }\n",
    lines: [
      "x.l2.yml:2:37: nodes.sw1.port.1.native: an access port has no native: write mode: trunk, or remove it",
      "x.l2.yml:2:68: nodes.sw1.port.2.vlan: a trunk has no vlan: write native: 3 for its untagged frames, or mode: access",
      "x.l2.yml:2:93: nodes.sw1.port.3.allowed: an access port has no allowed: write mode: trunk without vlan, or remove it",
    ],
  },
  {
    desc: "a host and its port that disagree",
    text: 'nodes:\n  sw1: { port: { 1: { vlan: 20 } } }\n  pc: { address: 10.0.0.1/24, vlan: 10 }\nlinks: [["sw1:1", pc]]\n',
    lines: [
      "x.l2.yml:3:37: nodes.pc.vlan: pc wants VLAN 10, but untagged frames at its port sw1:1 are in VLAN 20: say it at one of the two places only",
    ],
  },
  {
    desc: "a second port where there is one",
    text: "nodes:\n  sw1: { ports: 1, port: { 2: {} } }\n",
    lines: ["x.l2.yml:2:28: nodes.sw1.port.2: port 2 does not exist: sw1 has 1 port; name a lower one, or raise ports"],
  },
  {
    desc: "settings of a port that is not there",
    text: "nodes:\n  sw1: { ports: 2, port: { 3: {}, x: {}, 2-1: {} } }\n",
    lines: [
      "x.l2.yml:2:28: nodes.sw1.port.3: port 3 does not exist: sw1 has 2 ports; name a lower one, or raise ports",
      'x.l2.yml:2:35: nodes.sw1.port.x: "x" is not a port number or a range: write it like 3 or 1-24',
      "x.l2.yml:2:42: nodes.sw1.port.2-1: the range 2-1 runs backwards: write 1-2",
    ],
  },
  {
    desc: "a MAC address with a bad digit",
    text: "nodes:\n  sw1: { mac: 02:00:00:00:00:0g }\n",
    lines: [
      'x.l2.yml:2:15: nodes.sw1.mac: "02:00:00:00:00:0g" is not a MAC address: "g" is not a hexadecimal digit; write six pairs of 0-9 and a-f, like 02:00:00:00:00:01',
    ],
  },
  {
    desc: "a MAC address too short, and a group's",
    text: "nodes:\n  sw1: { mac: 02:00:00 }\n  sw2: { mac: 01:80:c2:00:00:00 }\n",
    lines: [
      'x.l2.yml:2:15: nodes.sw1.mac: "02:00:00" is not a MAC address: write six pairs of hexadecimal digits, like 02:00:00:00:00:01',
      "x.l2.yml:3:15: nodes.sw2.mac: 01:80:c2:00:00:00 is a group address: an adapter's first octet is even, like 02:00:00:00:00:01",
    ],
  },
  {
    desc: "a MAC address that two have",
    text: "nodes:\n  sw1: { mac: 02:00:00:00:10:00 }\n  sw2: { mac: 02:00:00:00:10:01 }\nlinks: [[sw1, sw2]]\n",
    lines: [
      "x.l2.yml:3:15: nodes.sw2.mac: 02:00:00:00:10:01 belongs to sw1 and sw2 (sw1 uses 02:00:00:00:10:00 to 02:00:00:00:10:01): give one of them another mac",
    ],
  },
  {
    desc: "an IPv4 address that two have",
    text: "nodes:\n  a: { address: 10.0.0.1/24 }\n  b: { address: 10.0.0.1/24 }\nlinks: [[a, b]]\n",
    lines: ["x.l2.yml:3:17: nodes.b.address: 10.0.0.1 belongs to a already: give b another address"],
  },
  {
    desc: "IPv4 addresses that cannot be",
    text: "nodes:\n  a: { address: 10.0.0.1 }\n  b: { address: 10.0.0.256/24 }\n  c: { address: 10.0.0.0/24 }\n  d: { address: 10.0.0.255/24 }\n  e: { address: 224.0.0.1/4 }\n  f: { address: 10.0.0.9/24, gateway: 10.0.0.1/24 }\n  g: { address: 10.0.0.1/33 }\n",
    lines: [
      `x.l2.yml:2:17: nodes.a.address: "10.0.0.1" has no prefix length: write 10.0.0.1/24 (or the length of your network's prefix)`,
      'x.l2.yml:3:17: nodes.b.address: "10.0.0.256/24" is not an IPv4 address: write four numbers from 0 to 255 and the prefix length, like 10.0.10.5/24',
      "x.l2.yml:4:17: nodes.c.address: 10.0.0.0 is the network itself: stations of /24 start at 10.0.0.1",
      "x.l2.yml:5:17: nodes.d.address: 10.0.0.255 is the broadcast address of its network: stations end at 10.0.0.254",
      "x.l2.yml:6:17: nodes.e.address: 224.0.0.1 is a multicast address: a station needs an address of its own, like 10.0.10.5/24",
      'x.l2.yml:7:39: nodes.f.gateway: "10.0.0.1/24" has a prefix length: write the address alone, 10.0.0.1',
      'x.l2.yml:8:17: nodes.g.address: "/33" is not a prefix length: write a number from 0 to 32, like 10.0.0.1/24',
    ],
  },
  {
    desc: "a host without an address",
    text: "nodes:\n  pc: { kind: host }\n",
    lines: ['x.l2.yml:2:3: nodes.pc: "address" is missing: add it, like address: 10.0.10.5/24'],
  },
  {
    desc: "a VM on a host that is not there, and on a switch",
    text: "nodes: { esx-1: { kind: hypervisor }, sw1: }\nvms:\n  a: { host: esx1, address: 10.0.0.1/24 }\n  b: { host: sw1, address: 10.0.0.2/24 }\n  c: { address: 10.0.0.3/24, host: zzz }\n",
    lines: [
      'x.l2.yml:3:14: vms.a.host: there is no node "esx1"; did you mean "esx-1"?',
      'x.l2.yml:4:14: vms.b.host: sw1 is a switch, not a hypervisor; did you mean "esx-1"?',
      'x.l2.yml:5:36: vms.c.host: there is no node "zzz"; hypervisors are esx-1',
    ],
  },
  {
    desc: "port groups that are not there",
    text: "nodes:\n  esx-1: { portGroups: { vms: 10, vmotion: 20 }, vmkernel: { vmk0: { portGroup: vmotoin, address: 10.0.20.1/24 } } }\nvms:\n  a: { host: esx-1, portGroup: vm, address: 10.0.0.1/24 }\n  b: { host: esx-1, address: 10.0.0.2/24 }\n",
    lines: [
      'x.l2.yml:2:81: nodes.esx-1.vmkernel.vmk0.portGroup: esx-1 has no port group "vmotoin"; did you mean "vmotion"?',
      'x.l2.yml:4:32: vms.a.portGroup: esx-1 has no port group "vm"; did you mean "vms"?',
      "x.l2.yml:5:3: vms.b: portGroup is missing: esx-1 has vms, vmotion; name the one that b is in",
    ],
  },
  {
    desc: "an adapter that is not there",
    text: "nodes:\n  esx-1: { uplinks: 2, portGroups: { vms: { vlan: 10, active: [vmnic2, eth0] } } }\n",
    lines: [
      'x.l2.yml:2:72: nodes.esx-1.portGroups.vms.active[1]: "eth0" is not an adapter: write vmnic0 for the host\'s port 1, vmnic1 for port 2 and so on',
    ],
  },
  {
    desc: "more memory than there is",
    text: "nodes:\n  esx-1: { memory: 1GiB }\nvms:\n  a: { host: esx-1, memory: 2GiB, address: 10.0.0.1/24 }\n",
    lines: [
      "x.l2.yml:2:20: nodes.esx-1.memory: the VMs of esx-1 need 2048MiB and it has 1024MiB: raise its memory, or move VMs away",
    ],
  },
  {
    desc: "quantities without their unit, or with a wrong one",
    text: "defaults:\n  link: { rate: 10, latency: 5, queue: 1MB, mtu: big, loss: 7 }\nspanningTree: { helloTime: 2, maxAge: 20sec }\nnodes: { sw1: { ageing: 300x } }\n",
    lines: [
      "x.l2.yml:2:17: defaults.link.rate: 10 has no unit: write for instance 10M or 10G (units are K, M, G, T)",
      "x.l2.yml:2:30: defaults.link.latency: 5 has no unit: write for instance 5us (units are ns, us, ms, s, min, h)",
      'x.l2.yml:2:40: defaults.link.queue: "MB" is not a unit of a size: write 1MiB (units are B, KiB, MiB, GiB, TiB)',
      'x.l2.yml:2:50: defaults.link.mtu: expected an MTU from 64 to 65535 octets, found the text "big"',
      "x.l2.yml:2:61: defaults.link.loss: 7 is not a share: write a number from 0 to 1, or a percentage like 0.1%",
      "x.l2.yml:3:28: spanningTree.helloTime: 2 has no unit: write for instance 2s (units are ns, us, ms, s, min, h)",
      'x.l2.yml:3:39: spanningTree.maxAge: "sec" is not a unit of a time: write 20s (units are ns, us, ms, s, min, h)',
      'x.l2.yml:4:25: nodes.sw1.ageing: "x" is not a unit of a time: units are ns, us, ms, s, min, h',
    ],
  },
  {
    desc: "spanning trees by the words of others, and one that does not exist",
    text: "spanningTree: { protocol: mstp }\nnodes: { sw1: { spanningTree: { protocol: pvst+ } }, sw2: { spanningTree: { protocol: RPVST } }, sw3: { spanningTree: { protocol: spt } } }\n",
    lines: [
      'x.l2.yml:1:27: spanningTree.protocol: "mstp" is called mst here: write protocol: mst',
      'x.l2.yml:2:43: nodes.sw1.spanningTree.protocol: "pvst+" is called pvst here: write protocol: pvst',
      'x.l2.yml:2:87: nodes.sw2.spanningTree.protocol: "RPVST" is called rapid-pvst here: write protocol: rapid-pvst',
      'x.l2.yml:2:131: nodes.sw3.spanningTree.protocol: "spt" is not a choice here: write stp, rstp, pvst, rapid-pvst, mst or none',
    ],
  },
  {
    desc: "ports by the names of their interfaces",
    text: 'nodes: { sw1:, esx-1: { uplinks: 2 } }\nlinks:\n  - ["sw1:Gi0/2", "esx-1:vmnic0"]\n  - { ends: ["sw1:TenGigabitEthernet1/0/24", "esx-1:eth1"] }\n',
    lines: [
      'x.l2.yml:3:6: links[0][0]: "sw1:Gi0/2" is not an end of a link: Gi0/2 is written 2: sw1:2',
      'x.l2.yml:3:19: links[0][1]: "esx-1:vmnic0" is not an end of a link: vmnic0 is written 1: esx-1:1',
      'x.l2.yml:4:14: links[1].ends[0]: "sw1:TenGigabitEthernet1/0/24" is not an end of a link: TenGigabitEthernet1/0/24 is written 24: sw1:24',
      'x.l2.yml:4:46: links[1].ends[1]: "esx-1:eth1" is not an end of a link: write node:port, like sw1:1, or the node\'s name for its next free port',
    ],
  },
  {
    desc: "a mistyped nodes, without what follows from it",
    text: "node: { sw1:, sw2: }\nlinks: [[sw1, sw2]]\nspanningTree: { priorty: 1 }\n",
    lines: [
      'x.l2.yml:1:1: node: unknown key; did you mean "nodes"?',
      'x.l2.yml:3:17: spanningTree.priorty: unknown key; did you mean "priority"?',
    ],
  },
  {
    desc: "a mistyped farm beside nodes, without what follows from it",
    text: "fram: { access: 2 }\nnodes: { sw1: }\nlinks: [[sw1, acc-1]]\n",
    lines: ['x.l2.yml:1:1: fram: unknown key; did you mean "farm"?'],
  },
  {
    desc: "another mistyped key hides nothing",
    text: "sede: 3\nnodes: { sw1: }\nlinks: [[sw1, sw2]]\n",
    lines: [
      'x.l2.yml:1:1: sede: unknown key; did you mean "seed"?',
      'x.l2.yml:3:15: links[0][1]: there is no node "sw2"; did you mean "sw1"?',
    ],
  },
  {
    desc: "a choice that is none",
    text: "spanningTree: { protocol: rtsp, priority: 99999 }\nnodes: { sw1: { kind: swich }, sw2: { kind: router } }\n",
    lines: [
      'x.l2.yml:1:27: spanningTree.protocol: "rtsp" is not a choice here: write stp, rstp, pvst, rapid-pvst, mst or none',
      "x.l2.yml:1:43: spanningTree.priority: 99999 is out of range: write a bridge priority from 0 to 65535",
      'x.l2.yml:2:23: nodes.sw1.kind: there is no kind "swich"; did you mean "switch"?',
      'x.l2.yml:2:45: nodes.sw2.kind: there is no kind "router": kinds are switch, hub, host, hypervisor',
    ],
  },
  {
    desc: "wrong types",
    text: "nodes: { sw1: 5, sw2: [] }\nlinks: { a: b }\nfarm: yes\n",
    lines: [
      "x.l2.yml:1:15: nodes.sw1: expected a block of settings like {kind: switch}, or nothing, found the number 5",
      "x.l2.yml:1:23: nodes.sw2: expected a block of settings like {kind: switch}, or nothing, found an empty list",
      "x.l2.yml:2:1: links: expected a list of links, found a mapping",
      'x.l2.yml:3:7: farm: expected a block like {access: 12, dualHomed: true, hosts: 20}, found the text "yes"',
    ],
  },
  {
    desc: "links of the wrong shape",
    text: "nodes: { sw1:, sw2: }\nlinks:\n  - [sw1]\n  - [sw1, sw2, sw1]\n  - { end: [sw1, sw2] }\n  - sw1\n  - [sw1, 5]\n",
    lines: [
      'x.l2.yml:3:5: links[0]: element 2 is missing: write two, like ["sw1:1", "sw2:1"]',
      'x.l2.yml:4:16: links[1][2]: one too many: two ends like ["sw1:1", "sw2:1"] is expected here',
      'x.l2.yml:5:5: links[2]: "ends" is missing: add it, like ends: ["sw1:1","sw2:1"]',
      'x.l2.yml:5:7: links[2].end: unknown key; did you mean "ends"?',
      'x.l2.yml:6:5: links[3]: expected a link: two ends like ["sw1:1", "sw2:1"], or a block like {ends: ["sw1:1", "sw2:1"], rate: 10G}, found the text "sw1"',
      "x.l2.yml:7:11: links[4][1]: expected an end like sw1:1, found the number 5",
    ],
  },
  {
    desc: "a farm that asks for too much",
    text: "farm: { hosts: 100, vmsPerHost: 5, vms: { network: 10.0.0.0/24 }, acess: 4 }\n",
    lines: [
      "x.l2.yml:1:52: farm.vms.network: 10.0.0.0/24 has room for 154 VMs (from its address 101 on), the farm has 500: give it a shorter prefix",
      'x.l2.yml:1:67: farm.acess: unknown key; did you mean "access"?',
    ],
  },
  {
    desc: "a default that is wrong for forty switches alike",
    text: "farm: { access: 40 }\ndefaults: { switch: { errdisable: { interval: 10s } } }\n",
    lines: [
      "x.l2.yml:2:47: defaults.switch.errdisable.interval: errdisable-times: ports of dist-1 cannot come back after 10 s: write an interval from 30s to 86400s (and so for 41 more)",
    ],
  },
  {
    desc: "VLANs of a processor that the design has not",
    text: "vlans: [10]\nnodes: { sw1: { controlPlane: { rate: 10, punts: [broadcast], vlans: [10, 30] } }, sw2: }\nlinks: [[sw1, sw2]]\n",
    lines: [
      "x.l2.yml:2:75: nodes.sw1.controlPlane.vlans[1]: VLAN 30 is not among the design's vlans: add it there, or use one of 1, 10",
    ],
  },
  {
    desc: "a node that the farm has as another kind",
    text: "farm: { access: 2 }\nnodes: { acc-1: { kind: host, address: 10.0.0.1/24 } }\n",
    lines: ["x.l2.yml:2:25: nodes.acc-1.kind: acc-1 of the farm is a switch: rename your host, or make it a switch"],
  },
  {
    desc: "a working set in memory that was never touched",
    text: "nodes: {esx-1: {kind: hypervisor, vms: {a: {address: 10.0.0.1/24, touched: 64MiB, writes: {pagesPerSecond: 1, workingSet: 65MiB}}}}}\n",
    lines: [
      "x.l2.yml:1:123: nodes.esx-1.vms.a.writes.workingSet: a working set of 65MiB does not fit into 64MiB of touched memory: lower it, or raise touched",
    ],
  },
  {
    desc: "a design of nothing",
    text: "name: nothing\n",
    lines: ["x.l2.yml:1:1: the design has no nodes: add nodes, for instance {sw1:, sw2:}, or a farm"],
  },
  {
    desc: "an empty file",
    text: "",
    lines: [
      'x.l2.yml:1:1: the design is empty: give it nodes and links, for instance "nodes: {sw1:, sw2:}" and "links: [[sw1, sw2]]"',
    ],
  },
  {
    desc: "comments only",
    text: "# later\n",
    lines: [
      'x.l2.yml:1:1: the design is empty: give it nodes and links, for instance "nodes: {sw1:, sw2:}" and "links: [[sw1, sw2]]"',
    ],
  },
  {
    desc: "text that is no design",
    text: "hello world\n",
    lines: ['x.l2.yml:1:1: a design is a mapping of keys such as nodes and links, this file holds the text "hello world"'],
  },
  {
    desc: "octets that are no text",
    text: "\u0000\u0001\u0002",
    lines: [
      'x.l2.yml:1:1: a design is a mapping of keys such as nodes and links, this file holds the text "\\u0000\\u0001\\u0002"',
    ],
  },
  {
    desc: "a list",
    text: "- sw1\n- sw2\n",
    lines: ["x.l2.yml:1:1: a design is a mapping of keys such as nodes and links, this file holds a list"],
  },
  {
    desc: "YAML that breaks off",
    text: "nodes:\n  sw1: { ports: 4, spanningTree: { pri",
    lines: ["x.l2.yml:2:39: not valid YAML: Flow map in block collection must be sufficiently indented and end with a }"],
  },
  {
    desc: "a tab",
    text: "nodes:\n\tsw1:\n",
    lines: ["x.l2.yml:2:1: not valid YAML: Tabs are not allowed as indentation"],
  },
  {
    desc: "an alias without its anchor",
    text: "nodes: *there\n",
    lines: ["x.l2.yml:1:1: not valid YAML: Unresolved alias (the anchor must be set before the alias): there"],
  },
  {
    desc: "aliases that multiply",
    text: `a: &a [${"x,".repeat(20)}]\nb: &b [${"*a,".repeat(20)}]\nc: &c [${"*b,".repeat(20)}]\nd: [${"*c,".repeat(20)}]\n`,
    lines: ["x.l2.yml:1:1: not valid YAML: Excessive alias count indicates a resource exhaustion attack"],
  },
  {
    desc: "a name that objects have",
    text: "nodes: { __proto__: { ports: 3 }, sw1: { toString: 1 } }\n",
    lines: [
      'x.l2.yml:1:10: nodes.__proto__: "__proto__" cannot be a name: names start with a letter and go on with letters, digits, ".", "_" or "-", up to 63 in all',
      "x.l2.yml:1:42: nodes.sw1.toString: unknown key of a switch; known keys are kind, ports, spanningTree, vlans, ageing, cam, reserved, controlClass, errdisable, controlPlane, macMove, vtp, dtp, lldp, cdp, udld, loadBalance, lacpPriority, enhancedPagp, port, portChannel, linkStateGroup, mac",
    ],
  },
]

describe("errors", () => {
  for (const { desc, text, lines } of CASES) {
    it(desc, () => {
      assert.deepStrictEqual(linesOf(text), [...lines])
    })
  }

  it("of values come first, those between parts once the values are right", () => {
    const text = "nodes: { sw1: { ports: few } }\nseed: x\nlinks: [[sw1, sw2]]\n"
    assert.deepStrictEqual(
      linesOf(text).map((line) => line.split(": ")[1]),
      ["nodes.sw1.ports", "seed"],
    )
    const cured = text.replace("few", "4").replace("x", "3")
    assert.deepStrictEqual(
      linesOf(cured).map((line) => line.split(": ")[1]),
      ["links[0][1]"],
    )
  })

  it("are one line each, whatever the file says", () => {
    const [line, ...more] = linesOf('nodes:\n  "sw\\n1": { ports: "a\\nb" }\n')
    assert.strictEqual(
      line,
      'x.l2.yml:2:21: nodes.sw\\u000a1.ports: expected a number of ports from 1 to 4000, found the text "a\\nb"',
    )
    assert.deepStrictEqual(more, [])
  })

  it("stop at fifty lines, and say how many there were", () => {
    const links = Array.from({ length: 80 }, (_, i) => `  - [sw1, missing-${i}-zzzzzzzzzzzz]`).join("\n")
    const lines = linesOf(`nodes: { a: }\nlinks:\n${links}\n`)
    assert.strictEqual(lines.length, 51)
    assert.strictEqual(lines[50], "x.l2.yml: and 110 more like these")
  })

  it("deep nesting is refused and not a stack trace", () => {
    const lines = linesOf("[".repeat(20_000))
    assert.strictEqual(lines.length, 1)
    assert.match(lines[0], /^x\.l2\.yml:1:\d+: nested too deeply to be a design$/)
  })
})
