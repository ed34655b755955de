/** One bridge of a region with two MSTIs and three ports under test: a state, a recorder, and a clock that lets its seconds pass. */
import type { BridgeView } from "@l2lab/l2/ControlProtocol"
import * as EthernetFrame from "@l2lab/l2/EthernetFrame"
import * as Protocol from "@l2lab/l2/Protocol"
import { SECOND, type SimTime } from "@l2lab/sim/SimTime"
import * as Bpdu from "../../src/Bpdu.ts"
import type { MstpCommand } from "../../src/mstp/Command.ts"
import { Mstp } from "../../src/mstp/Entity.ts"
import * as Query from "../../src/mstp/Query.ts"
import * as Region from "../../src/mstp/Region.ts"
import type { MstpConfig } from "../../src/mstp/Settings.ts"
import type { State } from "../../src/mstp/State.ts"
import { Recorder } from "../Recorder.ts"
import { rst } from "../rstp2004/Bridge.ts"
import { BETTER, OWN, WORSE } from "../stp1998/Bridge.ts"

export const REGION = { name: "farm", revision: 7, instances: { 1: [[10, 19]], 2: [[20, 29]] } } as const

const VIEW: BridgeView = {
  address: OWN,
  bridgePorts: 3,
  trees: 4,
  switchPorts: Array.from({ length: 3 }, () => ({ mode: "trunk", native: 1, allowed: [1, 10, 20] })),
  vlans: [1, 10, 20],
  treeOfVlan: [0, 0, 0],
}

/** Seconds end half a second after the bridge was switched on. */
class MstpRecorder extends Recorder {
  flushed: Array<readonly [port: number, tree: number]> = []
  override random(): number {
    return SECOND / 2 - 1
  }
  override flush(port?: number, tree?: number): void {
    this.flushes++
    this.flushed.push([port!, tree!])
  }
}

type MstFields = Partial<Omit<Bpdu.MstBpdu, "protocol" | "kind" | "mstis">>
type MstiFields = Partial<Bpdu.MstiMessage>

/** An MST BPDU of the bridge `BETTER` of the same region, root of everything, designated port 1, that learns and forwards. */
export const mst = (fields: MstFields = {}, mstis: Readonly<Record<number, MstiFields>> = { 1: {}, 2: {} }): Bpdu.MstBpdu => ({
  ...rst(fields),
  kind: "mst",
  configurationId: Region.configurationId(REGION),
  internalRootPathCost: 0,
  cistBridgePriority: 32_768,
  cistBridgeAddress: BETTER,
  remainingHops: 20,
  ...fields,
  mstis: Object.entries(mstis).map(([mstid, own]) => ({
    master: false,
    topologyChange: false,
    proposal: false,
    role: "designated",
    learning: true,
    forwarding: true,
    agreement: false,
    regionalRootPriority: 32_768 | Number(mstid),
    regionalRootAddress: BETTER,
    internalRootPathCost: 0,
    bridgePriority: 32_768,
    portPriority: 128,
    remainingHops: 20,
    ...own,
  })),
})

/** The same of a bridge of another region. */
export const foreign = (fields: MstFields = {}, mstis: Readonly<Record<number, MstiFields>> = { 1: {}, 2: {} }): Bpdu.MstBpdu =>
  mst({ configurationId: Region.configurationId({ ...REGION, revision: 8 }), ...fields }, mstis)

/** What a worse bridge of the region answers to this one, which offers it a way to `root` at a cost: the root port of all trees. */
export const answer = (fields: MstFields = {}, own: MstiFields = {}, root = OWN): Bpdu.MstBpdu => {
  const common = { role: "root", agreement: true } as const
  const internalRootPathCost = root === OWN ? 20_000 : 40_000
  const msti = { ...common, regionalRootAddress: root, internalRootPathCost, ...own }
  return mst(
    { ...common, rootAddress: root, bridgeAddress: root, internalRootPathCost, cistBridgeAddress: WORSE, ...fields },
    { 1: msti, 2: msti },
  )
}

export class Bridge {
  readonly state: State
  readonly actions = new MstpRecorder()
  now: SimTime = 0

  constructor(settings: MstpConfig = {}, ports: ReadonlyArray<number> = [0, 1, 2]) {
    this.state = Mstp.make({ region: REGION, ...settings }, VIEW, 0)
    Mstp.onBoot(this.state, 0, this.actions)
    for (const port of ports) this.link(port, true)
  }

  /** 1 Gb/s links: cost 20,000. */
  link(port: number, up: boolean, fullDuplex = true): void {
    Mstp.onPort(this.state, port, { up, rateBps: 1_000_000_000, fullDuplex }, this.now, this.actions)
  }

  receive(port: number, bpdu: Bpdu.Bpdu | Uint8Array, tci = -1): void {
    const frame = EthernetFrame.make(Bpdu.GROUP_ADDRESS, WORSE, Protocol.BPDU, bpdu, 120)
    Mstp.onPdu(this.state, port, frame, tci, this.now, this.actions)
  }

  command(command: MstpCommand): void {
    Mstp.onCommand(this.state, command, this.now, this.actions)
  }

  /** Let timers fire up to and including an instant, in seconds. */
  until(seconds: number): void {
    const end = Math.round(seconds * SECOND)
    for (;;) {
      const next = this.actions.next()
      if (next === undefined || next[1] > end) break
      this.actions.timers.delete(next[0])
      this.now = next[1]
      Mstp.onTimer(this.state, next[0], this.now, this.actions)
    }
    this.now = end
  }

  port(port: number, mstid = 0): Query.PortSnapshot {
    return Query.portSnapshot(this.state, Query.treeOfMstid(this.state, mstid)!, port)
  }

  /** `Root forwarding`, by port. */
  tree(mstid = 0): ReadonlyArray<string> {
    return Query.snapshot(this.state, Query.treeOfMstid(this.state, mstid)!).ports.map((port) => `${port.role} ${port.state}`)
  }

  /** The BPDUs sent on a port since the last call. */
  sent(port: number): ReadonlyArray<Bpdu.Bpdu> {
    return this.actions.take().flatMap((one) => (one.port === port ? [one.bpdu] : []))
  }

  /** The MST BPDU sent last on a port since the last call. */
  said(port: number): Bpdu.MstBpdu {
    return this.sent(port).at(-1) as Bpdu.MstBpdu
  }
}
