/**
 * VSLP and dual-active detection on a chassis: what happens is handed to them, and what they ask for is done. Where one of them has something for the other, or wants the
 * chassis to boot anew, that is done when the call is over.
 */
import type { EthernetFrame } from "@l2lab/l2/EthernetFrame"
import * as PagpQuery from "@l2lab/l2/pagp/Query"
import type { Outbox, TimerId } from "@l2lab/sim/Device"
import type { SimTime } from "@l2lab/sim/SimTime"
import type { DualActiveActions } from "../dualactive/Actions.ts"
import * as DualActive from "../dualactive/DualActive.ts"
import type { VslpActions } from "../vslp/Actions.ts"
import * as Vslp from "../vslp/Vslp.ts"
import type { RedundancyMode, Role } from "../vslp/VslpPdu.ts"
import type { ChassisConfig } from "./ChassisConfig.ts"
import { ACTIVE, type ChassisState } from "./ChassisState.ts"
import type { Supervisor } from "./Supervisor.ts"
import * as VirtualSwitchLink from "./VirtualSwitchLink.ts"

type Out = Outbox<EthernetFrame>

/** Timers of a chassis behind those of its bridge: VSLP's, detection's. */
export const timersOf = ({ dualActive, vslp }: ChassisConfig): number =>
  Vslp.timers(vslp) + (dualActive === undefined ? 0 : DualActive.timers(dualActive))

const firstTimer = ({ deadlines }: ChassisState): number => deadlines.length
const firstDetectionTimer = (state: ChassisState): number => firstTimer(state) + Vslp.timers(state.config.vslp)

/** What both of them may do; valid during one call. */
abstract class Common {
  protected readonly state: ChassisState
  protected readonly now: SimTime
  protected readonly out: Out
  readonly tracing: boolean
  /** Detection says that the chassis is to make way. */
  recovers = false

  constructor(state: ChassisState, now: SimTime, out: Out) {
    this.state = state
    this.now = now
    this.out = out
    this.tracing = out.tracing
  }

  protected abstract get timers(): number

  startTimer(id: TimerId, at: SimTime): void {
    this.out.startTimer(this.timers + id, at)
  }
  stopTimer(id: TimerId): void {
    this.out.stopTimer(this.timers + id)
  }
  random(): number {
    return this.out.random()
  }
  trace(code: number, a: number, b: number, c: number, d: number): void {
    this.out.trace(code, a, b, c, d)
  }
  detail(code: number, a: number, b: number, c: number, d: number): void {
    this.out.detail(code, a, b, c, d)
  }
}

class DetectionActions extends Common implements DualActiveActions {
  protected get timers(): number {
    return firstDetectionTimer(this.state)
  }
  send(detection: number, frame: EthernetFrame): void {
    this.out.transmitControl(this.state.config.dualActive!.ports[detection].port, frame, -1)
  }
  recovery(_isOn: true): void {
    this.recovers = true
  }
}

class Actions extends Common implements VslpActions {
  private readonly supervisor: Supervisor
  reloads = false

  constructor(supervisor: Supervisor, state: ChassisState, now: SimTime, out: Out) {
    super(state, now, out)
    this.supervisor = supervisor
  }

  protected get timers(): number {
    return firstTimer(this.state)
  }
  send(link: number, frame: EthernetFrame): void {
    VirtualSwitchLink.sendVslp(this.state.vsl, this.state.config, link, frame, this.out)
  }
  memberChanged(link: number, usable: boolean): void {
    this.supervisor.setMember(this.state, link, usable, this.now, this.out)
    this.tellDetection()
  }
  roleChanged(role: Role, _peer: Role, mode: RedundancyMode): void {
    this.supervisor.become(this.state, role, mode, this.now, this.out)
    this.tellDetection()
  }
  peerLost(): void {
    this.supervisor.losePeer(this.state, this.now, this.out)
    this.tellDetection()
  }
  reload(): void {
    this.reloads = true
  }

  /** Detection hears what VSLP says. */
  private tellDetection(): void {
    const { dualActive, vsl, vslp } = this.state
    if (dualActive === null) return
    const actions = new DetectionActions(this.state, this.now, this.out)
    const peer = vslp.heardAddress.find((address) => address !== 0) ?? 0
    DualActive.onPair(dualActive, VirtualSwitchLink.usable(vsl) > 0, Vslp.roleOf(vslp), peer, this.now, actions)
    if (actions.recovers) this.recovers = true
  }
}

export class Mount {
  private readonly supervisor: Supervisor
  private readonly reload: (state: ChassisState, now: SimTime, out: Out) => void

  /** `reload` boots a chassis anew because VSLP wants it. */
  constructor(supervisor: Supervisor, reload: (state: ChassisState, now: SimTime, out: Out) => void) {
    this.supervisor = supervisor
    this.reload = reload
  }

  /** Let VSLP do something. */
  vslp(state: ChassisState, now: SimTime, out: Out, call: (actions: VslpActions) => void): void {
    const actions = new Actions(this.supervisor, state, now, out)
    call(actions)
    if (actions.reloads) this.reload(state, now, out)
    else if (actions.recovers) this.recover(state, now, out)
  }

  /** Let detection do something, where there is any. */
  detection(
    state: ChassisState,
    now: SimTime,
    out: Out,
    call: (dualActive: DualActive.State, actions: DualActiveActions) => void,
  ): void {
    const { dualActive } = state
    if (dualActive === null) return
    const actions = new DetectionActions(state, now, out)
    call(dualActive, actions)
    if (actions.recovers) this.recover(state, now, out)
  }

  private recover(state: ChassisState, now: SimTime, out: Out): void {
    this.vslp(state, now, out, (actions) => Vslp.onRecovery(state.vslp, now, actions))
  }

  /** Neighbours may have said in PAgP who is active. */
  hearPagp(state: ChassisState, now: SimTime, out: Out): void {
    if (state.mode !== ACTIVE) return
    this.detection(state, now, out, (dualActive, actions) => {
      const others = PagpQuery.othersActive(state.bridge).map(({ activeId }) => activeId)
      DualActive.onPagp(dualActive, others, state.config.vslp.address, now, actions)
    })
  }

  /** A timer of theirs has run out; false: it is of neither. */
  onTimer(state: ChassisState, timer: TimerId, now: SimTime, out: Out): boolean {
    const detectionTimer = firstDetectionTimer(state)
    if (timer < detectionTimer) {
      this.vslp(state, now, out, (actions) => Vslp.onTimer(state.vslp, timer - firstTimer(state), now, actions))
      return true
    }
    if (timer >= firstTimer(state) + timersOf(state.config)) return false
    this.detection(state, now, out, (dualActive, actions) => DualActive.onTimer(dualActive, timer - detectionTimer, now, actions))
    return true
  }
}
