import { assert, describe, it } from "vitest"
import * as Question from "../../src/show/Question.ts"

describe("questions", () => {
  const UNDERSTOOD: ReadonlyArray<readonly [words: string, flag: number | undefined, inFull: string]> = [
    ["spanning-tree", undefined, "show spanning-tree"],
    ["span", undefined, "show spanning-tree"],
    ["Spanning-Tree VLAN 10", undefined, "show spanning-tree vlan 10"],
    ["span", 10, "show spanning-tree vlan 10"],
    ["span sum", undefined, "show spanning-tree summary"],
    ["span mst", undefined, "show spanning-tree mst"],
    ["span mst 0", undefined, "show spanning-tree mst 0"],
    ["span mst 4094", undefined, "show spanning-tree mst 4094"],
    ["span mst det", undefined, "show spanning-tree mst detail"],
    ["span mst 2 detail", undefined, "show spanning-tree mst 2 detail"],
    ["span int Gi0/1", undefined, "show spanning-tree interface Gi0/1"],
    ["span int gi 0/1 det", undefined, "show spanning-tree interface gi0/1 detail"],
    ["span interface 3 portf", undefined, "show spanning-tree interface 3 portfast"],
    ["span blocked", undefined, "show spanning-tree blockedports"],
    ["span vlan 20-22,10", undefined, "show spanning-tree vlan 10,20-22"],
    ["span vlan 10,11 det", undefined, "show spanning-tree vlan 10-11 detail"],
    ["span vlan 7-7", undefined, "show spanning-tree vlan 7"],
    ["span mst conf", undefined, "show spanning-tree mst configuration"],
    ["span mst conf dig", undefined, "show spanning-tree mst configuration digest"],
    ["span det", 10, "show spanning-tree vlan 10 detail"],
    ["span vlan 10 det", undefined, "show spanning-tree vlan 10 detail"],
    ["span vlan 10 root", 10, "show spanning-tree vlan 10 root"],
    ["span root", undefined, "show spanning-tree root"],
    ["span inc", undefined, "show spanning-tree inconsistentports"],
    ["span vlan 10", 10, "show spanning-tree vlan 10"],
    ["mac address-table", undefined, "show mac address-table"],
    ["mac-address-table dyn", undefined, "show mac address-table dynamic"],
    ["mac add vlan 4094 static", undefined, "show mac address-table static vlan 4094"],
    ["mac add", 20, "show mac address-table vlan 20"],
    ["mac add address 02:00:00:00:00:01", undefined, "show mac address-table address 0200.0000.0001"],
    ["interfaces", undefined, "show interfaces"],
    ["int status", undefined, "show interfaces status"],
    ["int Gi0/1", undefined, "show interfaces Gi0/1"],
    ["int Gi 0/1", undefined, "show interfaces Gi0/1"],
    ["int 3", undefined, "show interfaces 3"],
    ["vlan", undefined, "show vlan brief"],
    ["vl br", undefined, "show vlan brief"],
    ["vlan id 10", undefined, "show vlan id 10"],
    ["vlan 10", undefined, "show vlan id 10"],
    ["vlan brief", 10, "show vlan id 10"],
  ]
  for (const [words, flag, inFull] of UNDERSTOOD) {
    it(`${words}${flag === undefined ? "" : ` --vlan ${flag}`} is ${inFull}`, () => {
      const question = Question.parse([words], flag)
      assert.notTypeOf(question, "string", String(question))
      if (typeof question !== "string") assert.strictEqual(Question.format(question), inFull)
      assert.deepStrictEqual(Question.parse(words.split(" "), flag), question, "quoted or not")
    })
  }

  const REFUSED: ReadonlyArray<readonly [words: string, flag: number | undefined, sentence: string]> = [
    ["", undefined, `show needs to know what: ${Question.FORMS}`],
    ["spaning-tree", undefined, 'nothing called "spaning-tree" can be shown; did you mean "spanning-tree"?'],
    ["clock", undefined, `nothing called "clock" can be shown: ${Question.FORMS}`],
    ["span vlan", undefined, "vlan needs a VLAN id: give a number from 1 to 4094"],
    ["span vlan 4095", undefined, '"4095" is no VLAN id: give a number from 1 to 4094'],
    ["span", 0, '"0" is no VLAN id: give a number from 1 to 4094'],
    ["span vlan 1e1", undefined, '"1e1" is no VLAN id: give a number from 1 to 4094'],
    ["span vlan 10", 20, "the VLAN is 10 in one place and 20 in another: name one"],
    ["span deteil", undefined, 'show spanning-tree does not know what to do with "deteil"; did you mean "detail"?'],
    [
      "span xyzzy",
      undefined,
      'show spanning-tree does not know what to do with "xyzzy": write vlan 10, mst, interface Gi0/1, summary, detail, root, inconsistentports or blockedports, or nothing',
    ],
    [
      "span vlan 10 inc",
      undefined,
      'show spanning-tree vlan 10 does not know what to do with "inc": write summary, detail or root, or nothing',
    ],
    ["span mst 4095", undefined, '"4095" is no instance: give a number from 0 to 4094'],
    ["span vlan 10,x", undefined, '"10,x" is no list of VLANs: write one like 10,20-22, from 1 to 4094'],
    ["span vlan 22-20", undefined, '"22-20" is no list of VLANs: write one like 10,20-22, from 1 to 4094'],
    ["span vlan 10,11", 10, "the VLANs are 10,11 in one place and 10 in another: name them once"],
    ["span int", undefined, "show spanning-tree interface needs an interface behind it: Gi0/1"],
    [
      "span int Gi0/1 foo",
      undefined,
      'show spanning-tree interface Gi0/1 does not know what to do with "foo": write detail or portfast, or nothing',
    ],
    ["span int Gi0/1 detail 5", undefined, 'show spanning-tree interface Gi0/1 detail does not know what to do with "5"'],
    ["span int Gi0/1", 10, "show spanning-tree interface has no VLAN: leave --vlan out"],
    ["span blockedports", 10, "show spanning-tree blockedports has no VLAN: leave --vlan out"],
    ["span mst detail 1", undefined, 'show spanning-tree mst detail does not know what to do with "1"'],
    ["span mst 1 2", undefined, 'show spanning-tree mst 1 does not know what to do with "2"'],
    [
      "span mst foo",
      undefined,
      'show spanning-tree mst does not know what to do with "foo": write the number of an instance, detail, configuration, or nothing',
    ],
    ["span mst conf foo", undefined, 'show spanning-tree mst configuration does not know what to do with "foo"'],
    ["span mst", 10, "show spanning-tree mst has no VLAN: leave --vlan out"],
    [
      "switch virtual redundancy",
      undefined,
      'show switch virtual does not know what to do with "redundancy": write dual-active, dual-active bfd, dual-active fast-hello, dual-active pagp, dual-active summary, link, link counters or role, or nothing',
    ],
    ["span vlan 10 root 5", undefined, 'show spanning-tree vlan 10 root does not know what to do with "5"'],
    ["span inconsistentports", 10, "show spanning-tree inconsistentports has no VLAN: leave --vlan out"],
    ["span summary totals", undefined, 'show spanning-tree summary does not know what to do with "totals"'],
    ["mac", undefined, 'show mac needs "address-table" behind it'],
    ["mac add address 0200.0000", undefined, '"0200.0000" is no MAC address: write 0200.0000.0001 or 02:00:00:00:00:01'],
    ["mac add address", undefined, "address needs a MAC address: 0200.0000.0001 or 02:00:00:00:00:01"],
    ["mac add count", undefined, 'show mac address-table does not know what to do with "count"'],
    ["int", 10, "show interfaces has no VLAN: leave --vlan out"],
    ["int status now", undefined, 'show interfaces status does not know what to do with "now"'],
    ["int Gi0/1 Gi0/2", undefined, 'show interfaces Gi0/1 does not know what to do with "Gi0/2"'],
    ["vlan id", undefined, "vlan needs a VLAN id: give a number from 1 to 4094"],
    ["vlan brief 10", undefined, 'show vlan brief does not know what to do with "10"'],
  ]
  for (const [words, flag, sentence] of REFUSED) {
    it(`"${words}"${flag === undefined ? "" : ` --vlan ${flag}`} is refused`, () => {
      assert.strictEqual(Question.parse([words], flag), sentence)
    })
  }
})
