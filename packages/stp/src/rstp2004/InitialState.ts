/** The state of a bridge before BEGIN (17.18.1), from what a design says of it. */
import type { BridgeView } from "@l2lab/l2/ControlProtocol"
import { NEVER } from "@l2lab/sim/SimTime"
import * as BridgeIdentifier from "../BridgeIdentifier.ts"
import * as Discard from "../Discard.ts"
import * as PortIdentifier from "../PortIdentifier.ts"
import * as StpTime from "../StpTime.ts"
import * as PriorityVectors from "./PriorityVectors.ts"
import * as Settings from "./Settings.ts"
import {
  assignTimes,
  COST_BY_RATE,
  costOf,
  MACHINES,
  NO_PORT,
  POINT_TO_POINT_AUTO,
  POINT_TO_POINT_FORCE_FALSE,
  POINT_TO_POINT_FORCE_TRUE,
  type State,
  type Times,
} from "./State.ts"

const times = (count: number): Times => ({
  messageAge: new Int32Array(count),
  maxAge: new Int32Array(count),
  helloTime: new Int32Array(count),
  forwardDelay: new Int32Array(count),
})

/** Every port Disabled, the bridge its own root. */
export const make = (config: Settings.Rstp2004Config, bridge: BridgeView, trees: number): State => {
  const ports = bridge.bridgePorts
  const count = trees * ports
  const flags = (): Uint8Array => new Uint8Array(count)
  const seconds = (): Uint16Array => new Uint16Array(count)
  const counter = (): Float64Array => new Float64Array(count)
  const state: State = {
    trees,
    ports,
    address: bridge.address,
    pathCostMethod: config.pathCostMethod ?? "long",
    forceProtocolVersion: config.forceProtocolVersion ?? 2,
    migrateTime: config.migrateTime ?? Settings.DEFAULT_MIGRATE_TIME,
    txHoldCount: config.txHoldCount ?? Settings.DEFAULT_TX_HOLD_COUNT,
    bridgePriority: new Uint16Array(trees),
    bridgeTimes: times(trees),
    rootPort: new Int32Array(trees).fill(NO_PORT),
    rootPriority: PriorityVectors.make(trees),
    rootTimes: times(trees),
    edgeDelayWhile: seconds(),
    fdWhile: seconds(),
    helloWhen: seconds(),
    mdelayWhile: seconds(),
    rbWhile: seconds(),
    rcvdInfoWhile: seconds(),
    rrWhile: seconds(),
    tcWhile: seconds(),
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
    mcheck: flags(),
    msgPriority: PriorityVectors.make(count),
    msgKind: flags(),
    msgRole: flags(),
    msgProposal: flags(),
    msgLearning: flags(),
    msgAgreement: flags(),
    msgTopologyChange: flags(),
    msgTopologyChangeAck: flags(),
    msgTimes: times(count),
    newInfo: flags(),
    operEdge: flags(),
    portEnabled: flags(),
    portId: new Uint16Array(count),
    portPathCost: new Float64Array(count),
    portPriority: PriorityVectors.make(count),
    portTimes: times(count),
    proposed: flags(),
    proposing: flags(),
    rcvdBPDU: flags(),
    rcvdInfo: flags(),
    rcvdMsg: flags(),
    rcvdRSTP: flags(),
    rcvdSTP: flags(),
    rcvdTc: flags(),
    rcvdTcAck: flags(),
    rcvdTcn: flags(),
    reRoot: flags(),
    reselect: flags(),
    role: flags(),
    selected: flags(),
    selectedRole: flags(),
    sendRSTP: flags(),
    sync: flags(),
    synced: flags(),
    tcAck: flags(),
    tcProp: flags(),
    tick: new Uint8Array(trees),
    txCount: seconds(),
    updtInfo: flags(),
    machineState: new Uint8Array(MACHINES * count),
    dirty: flags(),
    woken: new Uint8Array(trees),
    adminEdge: new Uint8Array(ports),
    autoEdge: new Uint8Array(ports),
    adminPointToPointMAC: new Uint8Array(ports),
    operPointToPointMAC: new Uint8Array(ports),
    portNo: new Uint16Array(ports),
    enabled: new Uint8Array(ports),
    up: new Uint8Array(ports),
    rateBps: new Float64Array(ports),
    priority: flags(),
    configuredCost: counter().fill(COST_BY_RATE),
    member: flags().fill(1),
    inconsistent: flags(),
    rapidAgeingWhile: new Uint16Array(trees),
    lastChangeAt: new Float64Array(trees),
    topologyChangeCount: new Float64Array(trees),
    lastTopologyChangeAt: new Float64Array(trees).fill(NEVER),
    lastTopologyChangePort: new Int32Array(trees).fill(NO_PORT),
    rstSent: counter(),
    rstReceived: counter(),
    configSent: counter(),
    configReceived: counter(),
    tcnSent: counter(),
    tcnReceived: counter(),
    flushes: counter(),
    discarded: Discard.counters(ports),
    frame: Array.from({ length: count }, () => null),
    tcnFrame: Array.from({ length: count }, () => null),
    repeated: Array.from({ length: count }, () => null),
  }
  configure(state, config)
  return state
}

/** The rate that stands for that of a link that has not been up yet. */
const UNKNOWN_RATE_BPS = 100_000_000

const configure = (state: State, config: Settings.Rstp2004Config): void => {
  for (let port = 0; port < state.ports; port++) {
    const settings = config.ports?.[port]
    state.portNo[port] = settings?.portNo ?? port + 1
    state.enabled[port] = (settings?.enabled ?? true) ? 1 : 0
    state.adminEdge[port] = (settings?.adminEdge ?? false) ? 1 : 0
    state.autoEdge[port] = (settings?.autoEdge ?? true) ? 1 : 0
    const pointToPoint = settings?.adminPointToPointMAC ?? "auto"
    state.adminPointToPointMAC[port] =
      pointToPoint === "auto" ? POINT_TO_POINT_AUTO : pointToPoint ? POINT_TO_POINT_FORCE_TRUE : POINT_TO_POINT_FORCE_FALSE
    for (let tree = 0; tree < state.trees; tree++) {
      const own = config.trees?.[tree]?.ports?.[port]
      const i = tree * state.ports + port
      state.priority[i] = own?.priority ?? settings?.priority ?? PortIdentifier.DEFAULT_PRIORITY
      state.portId[i] = PortIdentifier.make(state.priority[i], state.portNo[port])
      state.configuredCost[i] = own?.pathCost ?? settings?.pathCost ?? COST_BY_RATE
      state.portPathCost[i] = costOf(state, i, UNKNOWN_RATE_BPS)
    }
  }
  for (let tree = 0; tree < state.trees; tree++) {
    const own = config.trees?.[tree]
    const priority = own?.priority ?? config.priority ?? BridgeIdentifier.DEFAULT_PRIORITY
    state.bridgePriority[tree] = priority
    state.bridgeTimes.maxAge[tree] = StpTime.fromSeconds(own?.maxAge ?? config.maxAge ?? Settings.DEFAULT_MAX_AGE)
    state.bridgeTimes.helloTime[tree] = StpTime.fromSeconds(own?.helloTime ?? config.helloTime ?? Settings.DEFAULT_HELLO_TIME)
    state.bridgeTimes.forwardDelay[tree] = StpTime.fromSeconds(
      own?.forwardDelay ?? config.forwardDelay ?? Settings.DEFAULT_FORWARD_DELAY,
    )
    assignTimes(state.rootTimes, tree, state.bridgeTimes, tree)
    PriorityVectors.set(state.rootPriority, tree, priority, state.address, 0, priority, state.address, 0)
    for (let port = 0; port < state.ports; port++) {
      const i = tree * state.ports + port
      assignTimes(state.designatedTimes, i, state.bridgeTimes, tree)
      assignTimes(state.portTimes, i, state.bridgeTimes, tree)
      PriorityVectors.set(state.designatedPriority, i, priority, state.address, 0, priority, state.address, state.portId[i])
      PriorityVectors.assign(state.portPriority, state.designatedPriority, i)
    }
  }
}
