/** What is built all the same, and what its author is told. */
import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import * as Compile from "@l2lab/design/Compile"
import { format } from "@l2lab/design/DesignError"

const warningsOf = (text: string): ReadonlyArray<string> => {
  const compiled = Compile.text(text, "x.l2.yml")
  if (Result.isFailure(compiled)) throw compiled.failure
  return compiled.success.warnings.map(format)
}

const CASES: ReadonlyArray<readonly [desc: string, text: string, warnings: ReadonlyArray<string>]> = [
  ["the standard's timers", "nodes: { sw1:, sw2: }\nlinks: [[sw1, sw2]]\n", []],
  [
    "timers at the edge of both relations: 2 x (15 - 1) = 28, 2 x (2 + 1) = 6",
    "nodes: { sw1: { spanningTree: { maxAge: 28s } }, sw2: { spanningTree: { maxAge: 6s } } }\nlinks: [[sw1, sw2]]\n",
    [],
  ],
  ["a ring with spanning tree", "nodes: { sw1:, sw2:, sw3: }\nlinks: [[sw1, sw2], [sw2, sw3], [sw3, sw1]]\n", []],
  [
    "a ring without",
    "spanningTree: { protocol: none }\nnodes: { sw1:, sw2:, sw3: }\nlinks: [[sw1, sw2], [sw2, sw3], [sw3, sw1]]\n",
    [
      "x.l2.yml:3:33: links[2]: warning: sw3:2--sw1:2 closes a ring that no spanning tree opens: the first broadcast will storm; run spanning tree on all its switches, or mean it",
    ],
  ],
  [
    "a ring without, but with one of its ports shut",
    "spanningTree: { protocol: none }\nnodes: { sw1: { port: { 2: { shutdown: true } } }, sw2:, sw3: }\nlinks: [[sw1, sw2], [sw2, sw3], [sw3, sw1]]\n",
    [],
  ],
  [
    "a ring that a switch hides, since it drops BPDUs",
    "nodes: { sw1:, sw2: { spanningTree: { protocol: none } }, sw3: }\nlinks: [[sw1, sw2], [sw2, sw3], [sw3, sw1]]\n",
    [
      "x.l2.yml:2:21: links[1]: warning: sw2:2--sw3:1 closes a ring that no spanning tree opens: the first broadcast will storm; run spanning tree on all its switches, or mean it",
    ],
  ],
  [
    "a ring through a switch that passes BPDUs, and through a hub",
    "nodes: { sw1:, sw2: { reserved: flood, spanningTree: { protocol: none } }, hub: { kind: hub } }\nlinks: [[sw1, sw2], [sw2, hub], [hub, sw1]]\n",
    [],
  ],
  [
    "two hubs twice",
    "nodes: { a: { kind: hub }, b: { kind: hub } }\nlinks: [[a, b], [a, b]]\n",
    [
      "x.l2.yml:2:17: links[1]: warning: a:2--b:2 closes a ring that no spanning tree opens: the first broadcast will storm; run spanning tree on all its switches, or mean it",
    ],
  ],
  [
    "a switch plugged into itself",
    'nodes: { sw1:, sw2: }\nlinks: [["sw1:1", "sw1:2"], [sw1, sw2]]\n',
    [
      "x.l2.yml:2:9: links[0]: warning: both ends of this cable are in sw1, ports 1 and 2: name another node at one end, or mean it",
    ],
  ],
  [
    "native VLANs that differ",
    'vlans: [10]\nnodes: { sw1: { port: { 1: { native: 10 } } }, sw2: }\nlinks: [["sw1:1", sw2]]\n',
    [
      "x.l2.yml:3:9: links[0]: warning: untagged frames are in VLAN 10 at sw1:1 and in VLAN 1 at sw2:1: the two VLANs leak into each other; give both ends one native VLAN",
    ],
  ],
  [
    "native VLANs that differ between switches with a tree for each VLAN",
    'vlans: [10]\nspanningTree: { protocol: rapid-pvst }\nnodes: { sw1: { port: { 1: { native: 10 } } }, sw2: }\nlinks: [["sw1:1", sw2]]\n',
    [
      "x.l2.yml:4:9: links[0]: warning: untagged frames are in VLAN 10 at sw1:1 and in VLAN 1 at sw2:1: both switches notice and block the two VLANs on this link; give both ends one native VLAN",
    ],
  ],
  [
    "a native VLAN that one end refuses leaks nothing",
    'vlans: [10]\nnodes: { sw1: { port: { 1: { native: 10, allowed: [1] } } }, sw2: }\nlinks: [["sw1:1", sw2]]\n',
    [],
  ],
  [
    "a port group with the trunk's native VLAN as its tag",
    "nodes: { sw1:, esx: { portGroups: { vms: 1 } } }\nlinks: [[sw1, esx]]\n",
    [
      "x.l2.yml:2:9: links[0]: warning: sw1:1 sends VLAN 1 untagged, and port group vms of esx hears it tagged only: leave the port group untagged, or give the trunk another native VLAN",
    ],
  ],
  [
    "port groups whose VLANs the port does not carry",
    'vlans: [10, 20, 30]\nnodes: { sw1: { port: { 1: { allowed: [1, 10] } } }, esx: { portGroups: { a: 10, b: 20, c: 30 } } }\nlinks: [["sw1:1", esx]]\n',
    ["x.l2.yml:3:9: links[0]: warning: sw1:1 does not carry VLANs 20, 30 of esx's port groups: allow them on that port"],
  ],
  [
    "a port group that never uses the uplink is no matter",
    'vlans: [10, 20]\nnodes: { sw1: { port: { 1: { allowed: [10] } } }, esx: { uplinks: 2, portGroups: { a: 10, b: { vlan: 20, active: [vmnic1] } } } }\nlinks: [["sw1:1", "esx:1"], ["sw1:2", "esx:2"]]\n',
    [],
  ],
  [
    "a gateway elsewhere",
    "nodes: { a: { address: 10.0.0.1/24, gateway: 10.0.1.1 }, b: { address: 10.0.0.2/24, gateway: 10.0.0.254 } }\nlinks: [[a, b]]\n",
    [
      "x.l2.yml:1:46: nodes.a.gateway: warning: the gateway 10.0.1.1 of a is outside its network 10.0.0.1/24: it cannot be reached",
    ],
  ],
  [
    "two hosts of one VLAN in different networks",
    "nodes: { sw: , a: { address: 10.0.0.1/24 }, b: { address: 10.0.1.2/24 } }\nlinks: [[sw, a], [sw, b]]\n",
    [
      "x.l2.yml:1:59: nodes.b.address: warning: a (10.0.0.1/24) and b (10.0.1.2/24) are in VLAN 1 but in different networks: they cannot reach each other without a router; give them addresses of one network, or each a gateway in its own",
    ],
  ],
  [
    "hosts and VMs of three networks in one VLAN: one warning",
    `vlans: [10]
nodes:
  sw1:
  sw2:
  a: { address: 10.0.0.1/24, vlan: 10 }
  b: { address: 10.0.0.2/24, vlan: 10 }
  c: { address: 10.0.1.1/24, vlan: 10 }
  esx: { portGroups: { vms: 10 } }
links: [[sw1, sw2], [sw1, a], [sw2, b], [sw2, c], [sw2, esx]]
vms: { web: { host: esx, address: 10.0.2.1/24 } }
`,
    [
      "x.l2.yml:7:17: nodes.c.address: warning: a (10.0.0.1/24) and c (10.0.1.1/24) are in VLAN 10 but in different networks (there are 4 stations in 3 networks): they cannot reach each other without a router; give them addresses of one network, or each a gateway in its own",
    ],
  ],
  [
    "a host and a VM on the hypervisor's cable, and a prefix length that one of two has wrong",
    "nodes: { a: { address: 10.0.0.1/16 }, esx: { uplinks: 1, vms: { web: { address: 10.0.1.1/24 } } } }\nlinks: [[a, esx]]\n",
    [
      "x.l2.yml:1:81: nodes.esx.vms.web.address: warning: a (10.0.0.1/16) and web (10.0.1.1/24) are on one wire but in different networks: they cannot reach each other without a router; give them addresses of one network, or each a gateway in its own",
    ],
  ],
  [
    "different networks in different VLANs, with gateways, behind a port that is shut, or on a silent host",
    `vlans: [10, 20]
nodes:
  sw1: { port: { 9: { shutdown: true } } }
  sw2:
  a: { address: 10.0.0.1/24, vlan: 10 }
  b: { address: 10.0.1.1/24, vlan: 20 }
  c: { address: 10.0.2.1/24, vlan: 10, gateway: 10.0.2.254 }
  d: { address: 10.0.3.1/24, vlan: 10, silent: true }
  e: { address: 10.0.4.1/24 }
  f: { address: 10.0.5.1/24 }
  g: { address: 10.0.1.2/24, tag: 20 }
links: [[sw1, sw2], [sw1, a], [sw2, b], [sw2, c], [sw2, d], ["sw1:9", e], [sw2, f], [sw1, g]]
`,
    [],
  ],
  [
    "prefix lengths that differ and addresses that reach each other all the same",
    "nodes: { a: { address: 10.0.0.1/16 }, b: { address: 10.0.0.2/24 } }\nlinks: [[a, b]]\n",
    [],
  ],
  [
    "a node without a cable",
    "nodes: { sw1:, sw2:, sw3: }\nlinks: [[sw1, sw2]]\n",
    ["x.l2.yml:1:22: nodes.sw3: warning: sw3 has no cable: add it to links"],
  ],
  [
    "a jumbo frame and an ordinary link",
    "vlans: [20]\nnodes: { sw1:, esx: { uplinks: 2, portGroups: { v: { vlan: 20, active: [vmnic0] } }, vmkernel: { vmk0: { portGroup: v, address: 10.0.0.1/24, mtu: 9000 } } } }\nlinks: [[sw1, esx], [sw1, esx]]\n",
    [
      "x.l2.yml:3:9: links[0]: warning: vmk0 of esx sends packets of 9000 octets and sw1:1--esx:1 takes 1500: raise the mtu of the links on the way, or lower that of vmk0",
    ],
  ],
  [
    "port groups that differ between hosts of one vMotion network",
    `vlans: [10, 11, 20]
nodes:
  sw1:
  a: { portGroups: { vms: 10, vmotion: 20 }, vmkernel: { vmk0: { portGroup: vmotion, address: 10.0.0.1/24, services: [vmotion] } } }
  b: { portGroups: { vms: 11, vmotion: 20 }, vmkernel: { vmk0: { portGroup: vmotion, address: 10.0.0.2/24, services: [vmotion] } } }
  c: { portGroups: { vmotion: 20 }, vmkernel: { vmk0: { portGroup: vmotion, address: 10.0.0.3/24, services: [vmotion] } } }
  d: { portGroups: { other: 11 } }
links: [[sw1, a], [sw1, b], [sw1, c], [sw1, d]]
vms: { web: { host: a, address: 10.0.1.1/24 } }
`,
    [
      "x.l2.yml:5:27: nodes.b.portGroups.vms: warning: port group vms is VLAN 10 on a and VLAN 11 on b: a VM that moves would find itself in another network",
      "x.l2.yml:6:8: nodes.c.portGroups: warning: VMs in port group vms of a cannot move to c, which has no port group of that name",
    ],
  ],
  [
    "a host's VLAN behind a hub",
    "vlans: [10]\nnodes: { hub: { kind: hub }, a: { address: 10.0.0.1/24, vlan: 10 }, sw: }\nlinks: [[hub, a], [hub, sw]]\n",
    [
      "x.l2.yml:2:63: nodes.a.vlan: warning: vlan has no effect: a is plugged into the hub hub; set the VLAN at the switch port behind it",
    ],
  ],
]

describe("rules", () => {
  for (const [desc, text, warnings] of CASES) {
    it(desc, () => {
      assert.deepStrictEqual(warningsOf(text), [...warnings])
    })
  }
})
