/** The state of a bridge before BEGIN, from what a design says of it; and what of it hangs on the region that the bridge is in. */
import type { BridgeView } from "@l2lab/l2/ControlProtocol"
import { NEVER } from "@l2lab/sim/SimTime"
import * as BridgeIdentifier from "../BridgeIdentifier.ts"
import * as Discard from "../Discard.ts"
import * as PortIdentifier from "../PortIdentifier.ts"
import * as StpTime from "../StpTime.ts"
import * as PriorityVectors from "./PriorityVectors.ts"
import { tagsOf } from "./SstpFrames.ts"
import * as Region from "./Region.ts"
import * as Settings from "./Settings.ts"
import {
  assignTimes,
  CIST,
  COST_BY_RATE,
  costOf,
  type InstanceSettings,
  MACHINES,
  NO_PORT,
  POINT_TO_POINT_AUTO,
  POINT_TO_POINT_FORCE_FALSE,
  POINT_TO_POINT_FORCE_TRUE,
  type State,
  type Times,
  treeOf,
} from "./State.ts"

const times = (count: number): Times => ({
  messageAge: new Int32Array(count),
  maxAge: new Int32Array(count),
  helloTime: new Int32Array(count),
  forwardDelay: new Int32Array(count),
  remainingHops: new Uint8Array(count),
})

/** Room for VLAN ids. */
const VLAN_IDS = 4_096

/** Every port Disabled, the bridge its own root in all trees of its region. */
export const make = (config: Settings.MstpConfig, bridge: BridgeView): State => {
  const { bridgePorts: ports, trees } = bridge
  const vlans = config.pvstSimulation === true ? bridge.vlans : []
  const count = trees * ports
  const flags = (): Uint8Array => new Uint8Array(count)
  const seconds = (): Uint16Array => new Uint16Array(count)
  const portFlags = (): Uint8Array => new Uint8Array(ports)
  const portSeconds = (): Uint16Array => new Uint16Array(ports)
  const portCounter = (): Float64Array => new Float64Array(ports)
  const state: State = {
    trees,
    ports,
    address: bridge.address,
    pathCostMethod: config.pathCostMethod ?? "long",
    forceProtocolVersion: config.forceProtocolVersion ?? 3,
    migrateTime: config.migrateTime ?? Settings.DEFAULT_MIGRATE_TIME,
    txHoldCount: config.txHoldCount ?? Settings.DEFAULT_TX_HOLD_COUNT,
    maxHops: config.maxHops ?? Settings.DEFAULT_MAX_HOPS,
    configurationId: Region.configurationId({}),
    instances: 0,
    mstid: new Uint16Array(trees),
    treeOfVlan: new Uint8Array(VLAN_IDS),
    settings: {},
    bridgePriority: new Uint16Array(trees),
    bridgeTimes: times(trees),
    rootPort: new Int32Array(trees).fill(NO_PORT),
    rootPriority: PriorityVectors.make(trees),
    rootTimes: times(trees),
    mdelayWhile: portSeconds(),
    helloWhen: portSeconds(),
    edgeDelayWhile: portSeconds(),
    fdWhile: seconds(),
    rrWhile: seconds(),
    rbWhile: seconds(),
    tcWhile: seconds(),
    rcvdInfoWhile: seconds(),
    txCount: portSeconds(),
    operEdge: portFlags(),
    portEnabled: portFlags(),
    infoInternal: portFlags(),
    mcheck: portFlags(),
    newInfo: portFlags(),
    newInfoMsti: portFlags(),
    rcvdBPDU: portFlags(),
    rcvdInternal: portFlags(),
    rcvdRSTP: portFlags(),
    rcvdSTP: portFlags(),
    rcvdTcAck: portFlags(),
    rcvdTcn: portFlags(),
    restrictedRole: portFlags(),
    restrictedTcn: portFlags(),
    sendRSTP: portFlags(),
    tcAck: portFlags(),
    externalPortPathCost: portCounter(),
    agree: flags(),
    agreed: flags(),
    designatedPriority: PriorityVectors.make(count),
    designatedTimes: times(count),
    disputed: flags(),
    fdbFlush: flags(),
    forward: flags(),
    forwarding: flags(),
    infoIs: flags(),
    learn: flags(),
    learning: flags(),
    mastered: flags(),
    msgPriority: PriorityVectors.make(count),
    msgTimes: times(count),
    msgRole: flags(),
    msgProposal: flags(),
    msgLearning: flags(),
    msgAgreement: flags(),
    msgTopologyChange: flags(),
    msgMaster: flags(),
    msgPresent: flags(),
    msgKind: portFlags(),
    msgTopologyChangeAck: portFlags(),
    msgSameRegion: portFlags(),
    portId: new Uint16Array(count),
    internalPortPathCost: new Float64Array(count),
    portPriority: PriorityVectors.make(count),
    portTimes: times(count),
    proposed: flags(),
    proposing: flags(),
    rcvdInfo: flags(),
    rcvdMsg: flags(),
    rcvdTc: flags(),
    reRoot: flags(),
    reselect: flags(),
    role: flags(),
    selected: flags(),
    selectedRole: flags(),
    sync: flags(),
    synced: flags(),
    tcProp: flags(),
    updtInfo: flags(),
    machineState: new Uint8Array(MACHINES * count),
    tick: new Uint8Array(1),
    dirty: flags(),
    woken: new Uint8Array(trees),
    touched: portFlags(),
    pvstSimulation: config.pvstSimulation === true ? 1 : 0,
    sstpVlans: Uint16Array.from(vlans),
    sstpTag: tagsOf({ ...bridge, vlans }),
    sstpHeard: portFlags(),
    inconsistentWhile: portSeconds(),
    inconsistent: flags(),
    boundaryRole: portFlags(),
    masters: new Uint16Array(trees),
    adminEdge: portFlags(),
    autoEdge: portFlags(),
    adminPointToPointMAC: portFlags(),
    operPointToPointMAC: portFlags(),
    portNo: new Uint16Array(ports),
    enabled: portFlags(),
    up: portFlags(),
    rateBps: portCounter(),
    configuredExternalCost: portCounter().fill(COST_BY_RATE),
    priority: flags(),
    configuredCost: new Float64Array(count).fill(COST_BY_RATE),
    rapidAgeingWhile: new Uint16Array(1),
    lastChangeAt: new Float64Array(trees),
    topologyChangeCount: new Float64Array(trees),
    lastTopologyChangeAt: new Float64Array(trees).fill(NEVER),
    lastTopologyChangePort: new Int32Array(trees).fill(NO_PORT),
    mstSent: portCounter(),
    mstReceived: portCounter(),
    rstReceived: portCounter(),
    configSent: portCounter(),
    configReceived: portCounter(),
    tcnSent: portCounter(),
    tcnReceived: portCounter(),
    discarded: Discard.counters(ports),
    sstpSent: portCounter(),
    sstpReceived: portCounter(),
    flushes: new Float64Array(count),
    frame: Array.from({ length: ports }, () => null),
    tcnFrame: Array.from({ length: ports }, () => null),
    sstpSaid: Array.from({ length: vlans.length * ports }, () => null),
    sstpFrame: Array.from({ length: vlans.length * ports }, () => null),
  }
  configurePorts(state, config)
  configureInstances(state, config)
  configureCist(state, config)
  setRegion(state, config.region ?? {})
  return state
}

/** The rate that stands for that of a link that has not been up yet. */
const UNKNOWN_RATE_BPS = 100_000_000

const configurePorts = (s: State, config: Settings.MstpConfig): void => {
  for (let port = 0; port < s.ports; port++) {
    const settings = config.ports?.[port]
    s.portNo[port] = settings?.portNo ?? port + 1
    s.enabled[port] = (settings?.enabled ?? true) ? 1 : 0
    s.adminEdge[port] = (settings?.adminEdge ?? false) ? 1 : 0
    s.autoEdge[port] = (settings?.autoEdge ?? true) ? 1 : 0
    s.restrictedRole[port] = (settings?.restrictedRole ?? false) ? 1 : 0
    s.restrictedTcn[port] = (settings?.restrictedTcn ?? false) ? 1 : 0
    const pointToPoint = settings?.adminPointToPointMAC ?? "auto"
    s.adminPointToPointMAC[port] =
      pointToPoint === "auto" ? POINT_TO_POINT_AUTO : pointToPoint ? POINT_TO_POINT_FORCE_TRUE : POINT_TO_POINT_FORCE_FALSE
    s.rateBps[port] = UNKNOWN_RATE_BPS
    s.configuredExternalCost[port] = settings?.externalPathCost ?? COST_BY_RATE
    s.externalPortPathCost[port] = costOf(s, s.configuredExternalCost[port], UNKNOWN_RATE_BPS)
  }
}

const configureCist = (s: State, config: Settings.MstpConfig): void => {
  const own = settingsOf(s, CIST)
  own.priority = config.priority ?? BridgeIdentifier.DEFAULT_PRIORITY
  for (let port = 0; port < s.ports; port++) {
    const settings = config.ports?.[port]
    own.portPriority[port] = settings?.priority ?? PortIdentifier.DEFAULT_PRIORITY
    own.cost[port] = settings?.internalPathCost ?? settings?.externalPathCost ?? COST_BY_RATE
  }
  s.bridgeTimes.maxAge[CIST] = StpTime.fromSeconds(config.maxAge ?? Settings.DEFAULT_MAX_AGE)
  s.bridgeTimes.helloTime[CIST] = StpTime.fromSeconds(config.helloTime ?? Settings.DEFAULT_HELLO_TIME)
  s.bridgeTimes.forwardDelay[CIST] = StpTime.fromSeconds(config.forwardDelay ?? Settings.DEFAULT_FORWARD_DELAY)
  s.bridgeTimes.remainingHops.fill(s.maxHops)
}

const configureInstances = (s: State, config: Settings.MstpConfig): void => {
  for (const [mstid, settings] of Object.entries(config.mstis ?? {})) {
    const own = settingsOf(s, Number(mstid))
    own.priority = settings.priority ?? BridgeIdentifier.DEFAULT_PRIORITY
    for (let port = 0; port < s.ports; port++) {
      own.portPriority[port] = settings.ports?.[port]?.priority ?? PortIdentifier.DEFAULT_PRIORITY
      own.cost[port] = settings.ports?.[port]?.internalPathCost ?? COST_BY_RATE
    }
  }
}

/** What management gave a tree; the defaults, if nothing yet. */
export const settingsOf = (s: State, mstid: Settings.Mstid): InstanceSettings =>
  (s.settings[mstid] ??= {
    priority: BridgeIdentifier.DEFAULT_PRIORITY,
    cost: new Float64Array(s.ports).fill(COST_BY_RATE),
    portPriority: new Uint8Array(s.ports).fill(PortIdentifier.DEFAULT_PRIORITY),
  })

/** Put the bridge into a region: its identifier, its trees, which VLAN is in which, and every tree as before BEGIN. */
export const setRegion = (s: State, region: Settings.RegionConfig): void => {
  const mstids = Region.mstidsOf(region)
  if (mstids.length >= s.trees) throw new Error(`a region of ${mstids.length} MSTIs on a bridge with room for ${s.trees - 1}`)
  s.configurationId = Region.configurationId(region)
  s.instances = mstids.length
  s.mstid.fill(0)
  s.mstid.set(mstids, 1)
  const table = Region.configurationTable(region)
  for (let vlan = 0; vlan < VLAN_IDS; vlan++) s.treeOfVlan[vlan] = table[vlan] === 0 ? CIST : s.mstid.indexOf(table[vlan], 1)
  // Roles are BEGIN's to end, and `setRole` counts a Master Port off then: only what is mastered goes here.
  for (let i = 0; i < s.mastered.length; i++) s.masters[treeOf(s, i)] -= s.mastered[i]
  for (const column of [s.mastered, s.disputed, s.rcvdTc, s.tcProp, s.updtInfo, s.msgPresent, s.boundaryRole, s.infoInternal]) {
    column.fill(0)
  }
  for (let tree = CIST; tree <= s.instances; tree++) resetTree(s, tree)
}

const resetTree = (s: State, tree: number): void => {
  const own = settingsOf(s, s.mstid[tree])
  const priority = own.priority | s.mstid[tree]
  s.bridgePriority[tree] = priority
  assignTimes(s.rootTimes, tree, s.bridgeTimes, tree)
  setOwnVector(s, s.rootPriority, tree, tree, 0)
  s.rootPort[tree] = NO_PORT
  for (let port = 0; port < s.ports; port++) {
    const i = tree * s.ports + port
    s.priority[i] = own.portPriority[port]
    s.portId[i] = PortIdentifier.make(own.portPriority[port], s.portNo[port])
    s.configuredCost[i] = own.cost[port]
    s.internalPortPathCost[i] = costOf(s, own.cost[port], s.rateBps[port])
    assignTimes(s.designatedTimes, i, s.bridgeTimes, tree)
    assignTimes(s.portTimes, i, s.bridgeTimes, tree)
    setOwnVector(s, s.designatedPriority, i, tree, s.portId[i])
    PriorityVectors.assign(s.portPriority, i, s.designatedPriority, i)
  }
}

/** The vector of a bridge that is the root itself. */
const setOwnVector = (
  s: State,
  vectors: PriorityVectors.PriorityVectors,
  i: number,
  tree: number,
  portId: PortIdentifier.PortIdentifier,
): void => {
  const priority = s.bridgePriority[tree]
  if (tree === CIST) PriorityVectors.setRoot(vectors, i, priority, s.address, 0)
  else PriorityVectors.setRoot(vectors, i, 0, 0, 0)
  PriorityVectors.setRegionalRoot(vectors, i, priority, s.address, 0)
  PriorityVectors.setDesignated(vectors, i, priority, s.address, portId)
}
