/**
 * `show spanning-tree mst`, of all instances or of one, and `show spanning-tree mst configuration`: regions and their instances in the layout
 * of Catalyst switches. The digest, which those show on request only, always stands with the configuration: it is what makes a region.
 */
import * as MacAddress from "@l2lab/l2/MacAddress"
import * as Columns from "./Columns.ts"
import { table } from "./SpanningTree.ts"
import { statusOf } from "./SpanningTreeDetail.ts"
import * as View from "./SpanningTreeView.ts"

/** Trees that are instances of a region. */
type MstView = View.SpanningTreeView & { readonly instance: View.InstanceView }

const isInstance = (view: View.SpanningTreeView): view is MstView => view.instance !== undefined

const HEAD = 30
const WIDTH = 80
const INTERFACE = 16

const mapped = (text: string, width: number): ReadonlyArray<string> =>
  text === "" ? ["none"] : Columns.wrap(text.split(","), width).map((line) => line.replaceAll(", ", ","))

const bridgeId = (identifier: View.BridgeIdView): string => {
  const systemId = View.systemIdOf(identifier)
  const priority = String(identifier.priority).padEnd(5)
  return `address ${MacAddress.formatDotted(identifier.address)}  priority      ${priority} (${identifier.priority - systemId} sysid ${systemId})`
}

const cistLines = (view: MstView): ReadonlyArray<string> => {
  const { bridgeTimes, instance, rootPort, times } = view
  const root = View.isRoot(view)
    ? ["Root          this switch for the CIST"]
    : [
        `Root          ${bridgeId(view.root)}`,
        `              port    ${(rootPort?.interface ?? "none").padEnd(15)} path cost     ${view.rootPathCost}`,
        ...(instance.isRegionalRoot
          ? ["Regional Root this switch"]
          : [
              `Regional Root ${bridgeId(instance.regionalRoot)}`,
              `${" ".repeat(38)}internal cost ${String(instance.internalRootPathCost).padEnd(9)} rem hops ${instance.remainingHops}`,
            ]),
      ]
  const seconds = ({ helloTime, maxAge, forwardDelay }: View.TimesView): string =>
    `hello time ${String(helloTime).padEnd(2)}, forward delay ${String(forwardDelay).padEnd(2)}, max age ${String(maxAge).padEnd(2)}`
  return [
    ...root,
    `Operational   ${seconds(times)}, txholdcount ${view.transmitHoldCount ?? 6}`,
    `Configured    ${seconds(bridgeTimes)}, max hops    ${instance.maxHops}`,
  ]
}

const mstiLines = (view: MstView): ReadonlyArray<string> =>
  View.isRoot(view)
    ? [`Root          this switch for ${View.nameOf(view)}`]
    : [
        `Root          ${bridgeId(view.root)}`,
        `              port    ${(view.rootPort?.interface ?? "none").padEnd(15)} cost          ${String(view.rootPathCost).padEnd(9)} rem hops ${view.instance.remainingHops}`,
      ]

/** A port of `mst 1 detail`. Transitions to forwarding are not counted here and left out, and so is the regional root of its information. */
const detailLines = (view: MstView, port: View.SpanningTreePortView): ReadonlyArray<string> => {
  const bridge = ({ address, priority }: View.BridgeIdView): string =>
    `address ${MacAddress.formatDotted(address)}  priority  ${String(priority).padStart(5)}`
  const left = (word: string, value: string | number, width: number): string =>
    `${word}${String(value).padStart(width - word.length)}`
  const identifier = (priority: number, portNo: number): string => left("port id", `${priority}.${portNo}`, 16)
  return [
    "",
    `${port.name} of ${View.nameOf(view)} is ${statusOf(port)}`,
    `Port info             ${left("port id", `${port.priority}.${port.portNo}`, 22)}  ${left("priority", port.priority, 15)}  ${left("cost", port.cost, 16)}`,
    `Designated root       ${bridge(port.designatedRoot)}  ${left("cost", port.designatedCost, 16)}`,
    `Designated bridge     ${bridge(port.designatedBridge)}  ${identifier(port.designatedPort.priority, port.designatedPort.portNo)}`,
    `Timers: message expires in ${Math.ceil(port.messageAge)} sec, forward delay ${Math.ceil(port.forwardDelay)}`,
    `Bpdus ${view.instance.mstid === 0 ? "" : "(MRecords) "}sent ${port.bpdusSent}, received ${port.bpdusReceived}`,
  ]
}

const block = (view: MstView, isDetail: boolean): ReadonlyArray<string> => {
  const [first, ...rest] = mapped(view.instance.vlans, WIDTH - HEAD)
  return [
    "",
    `${`##### ${View.nameOf(view)}`.padEnd(13)} vlans mapped:   ${first}`,
    ...rest.map((line) => " ".repeat(HEAD) + line),
    `Bridge        ${bridgeId(view.bridge)}`,
    ...(view.instance.mstid === 0 ? cistLines(view) : mstiLines(view)),
    ...(isDetail ? view.ports.flatMap((port) => detailLines(view, port)) : ["", ...table(view.ports, INTERFACE)]),
  ]
}

const NOT_MST = ["", "% Switch is not in mst mode", ""]

/** All instances of a switch, or the one with this number; in `detail` port by port. */
export const lines = (view: View.SwitchTreesView | undefined, mstid?: number, isDetail = false): ReadonlyArray<string> => {
  if (view?.region === undefined) return NOT_MST
  const chosen = view.trees.filter(isInstance).filter((tree) => mstid === undefined || tree.instance.mstid === mstid)
  if (chosen.length === 0) return ["", `Spanning tree instance(s) for mst ${mstid} does not exist.`, ""]
  return [...chosen.flatMap((tree) => block(tree, isDetail)), ""]
}

const DASHES = 69

/** What makes the switch's region; with `digestOnly` without the table. */
export const configurationLines = (view: View.SwitchTreesView | undefined, digestOnly = false): ReadonlyArray<string> => {
  if (view?.region === undefined) return NOT_MST
  const { digest, name, revision } = view.region
  const trees = view.trees.filter(isInstance)
  const rows = trees.flatMap(({ instance }) =>
    mapped(instance.vlans, DASHES).map((line, i) => Columns.line([9], i === 0 ? instance.mstid : "", line)),
  )
  return [
    "",
    `Name      [${name}]`,
    `Revision  ${String(revision).padEnd(5)} Instances configured ${trees.length}`,
    `Digest    0x${digest.toUpperCase()}`,
    ...(digestOnly ? [] : ["", "Instance  Vlans mapped", `--------  ${"-".repeat(DASHES)}`, ...rows, "-".repeat(10 + DASHES)]),
    "",
  ]
}

/** For machines: the instances. */
export const json = (view: View.SwitchTreesView | undefined, mstid?: number): ReadonlyArray<object> | null =>
  view?.region === undefined
    ? null
    : view.trees
        .filter(isInstance)
        .filter((tree) => mstid === undefined || tree.instance.mstid === mstid)
        .map(View.json)

/** For machines: the region. */
export const configurationJson = (view: View.SwitchTreesView | undefined): object | null =>
  view?.region === undefined
    ? null
    : {
        ...view.region,
        instances: view.trees.filter(isInstance).map(({ instance }) => ({ mstid: instance.mstid, vlans: instance.vlans })),
      }
