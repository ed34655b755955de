/**
 * A running world: the scheduler, and all that is done to a world from outside: switching it on, commands to devices, cables, ports and
 * power, and the world as a whole: saved, forked, counted.
 */
import type { Command, LinkStatus, PortShut, WireFrame } from "./Device.ts"
import * as PortRow from "./PortRow.ts"
import * as PortStatistics from "./PortStatistics.ts"
import { Scheduler } from "./Scheduler.ts"
import { NEVER, type SimTime } from "./SimTime.ts"
import * as Trace from "./Trace.ts"
import * as Transmitter from "./Transmitter.ts"
import * as World from "./World.ts"
import { isWorldCommand, WORLD, type WorldCommand } from "./WorldCommand.ts"

export type { CaptureDirection, Listener, Stop } from "./Scheduler.ts"

/** The one thing that runs a world. */
export class Simulation<F extends WireFrame> extends Scheduler<F> {
  /**
   * A new world, laid out and switched on: all nodes boot at instant 0 in their order, then every port with a live link is told so.
   * `prepare` gets the simulation before anything is on: whoever wants to see the very first frames listens from there.
   */
  static boot<F extends WireFrame>(
    spec: World.WorldSpec,
    registry: World.Registry<F>,
    prepare?: (simulation: Simulation<F>) => void,
  ): Simulation<F> {
    const simulation = new Simulation(World.make(spec, registry), registry)
    prepare?.(simulation)
    const { world } = simulation
    for (let node = 0; node < world.names.length; node++) {
      world.power[node] = World.ON
      simulation.occupy(node, simulation.seats[node].device.make(world.configs[node], 0))
    }
    simulation.booting = true
    for (let node = 0; node < world.names.length; node++) {
      const seat = simulation.enter(node)
      seat.device.onBoot(seat.state, 0, simulation)
    }
    simulation.booting = false
    for (let port = 0; port < simulation.hook.length; port++) simulation.refreshCarrier(port)
    return simulation
  }

  // -------------------------------------------------------------------------------------------------------------- commands

  /** Give a command to a node's device, or to the world with node WORLD. It takes effect now and is recorded. */
  command(node: World.NodeIndex, command: Command): void {
    this.world.commandLog.push({ at: this.now, afterEvents: this.events, node, command })
    if (node === WORLD) {
      if (isWorldCommand(command)) this.applyWorldCommand(command)
      return
    }
    const seat = this.enter(node)
    if (seat.state !== null) seat.device.onCommand(seat.state, command, this.now, this) // switched off, nobody listens
  }

  /**
   * Process events until `events` have been processed since the start, then let time pass until `at`: the place of a recorded
   * command. False if the world had nothing more to do before it came to that many.
   */
  advanceTo(at: SimTime, events: number): boolean {
    while (this.events < events) {
      if (this.run(NEVER, events - this.events) === "reached") return false
    }
    if (at > this.now) this.now = at
    return true
  }

  private applyWorldCommand(command: WorldCommand): void {
    switch (command.type) {
      case "link.disconnect":
      case "link.connect": {
        this.setConnected(this.world.links[command.link], command.type === "link.connect")
        return
      }
      case "link.direction":
      case "link.impair": {
        const link = this.world.links[command.link]
        const direction = link.from[command.from === "a" ? 0 : 1]
        if (command.type === "link.direction") direction.alive = command.alive
        else {
          direction.lossRatio = command.lossRatio
          direction.corruptionRatio = command.corruptionRatio
        }
        this.refreshHook(command.from === "a" ? link.a : link.b)
        return
      }
      case "link.rate": {
        const { a, b } = this.world.links[command.link]
        for (const port of [a, b]) PortRow.setRate(this.rows, port * PortRow.STRIDE, command.rateBps)
        return
      }
      case "link.duplex": {
        const link = this.world.links[command.link]
        const { connected } = link
        this.setConnected(link, false)
        link.from[command.end === "a" ? 0 : 1].fullDuplex = command.fullDuplex
        World.settleDuplex(link)
        this.setConnected(link, connected)
        return
      }
      case "port.enable": {
        const port = this.portBase[command.node] + command.port
        this.finishShut(port)
        this.applyEnabled(port, World.ENABLED)
        return
      }
      case "port.disable":
        this.shut(command.node, command.port)
        return
      case "node.power-off":
        this.powerOff(command.node, command.keepCarrier)
        return
      case "node.power-on":
        this.powerOn(command.node)
        return
    }
  }

  private setConnected(link: World.Link<F>, connected: boolean): void {
    link.connected = connected
    this.refreshCarrier(link.a)
    this.refreshCarrier(link.b)
  }

  protected override applyDeviceEnabled(port: World.WorldPort, enabled: boolean): void {
    const state = this.world.enabled[port]
    if (state === World.SHUT || state === World.SHUTTING) return
    this.applyEnabled(port, enabled ? World.ENABLED : World.SHUT_BY_DEVICE)
  }

  /**
   * Shut a port: at once, or where its device has something to say at that, a protocol's good-bye, as soon as it has been heard. Before
   * anything has happened nobody has heard of the port, and there is nothing to wait for.
   */
  private shut(node: World.NodeIndex, port: number): void {
    const worldPort = this.portBase[node] + port
    if (this.world.enabled[worldPort] === World.SHUTTING) return
    const row = worldPort * PortRow.STRIDE
    const sent = this.rows[row + PortRow.TX_FRAMES]
    this.tellShut(node, port)
    if (this.rows[row + PortRow.TX_FRAMES] === sent || this.events === 0) return this.applyEnabled(worldPort, World.SHUT)
    this.world.enabled[worldPort] = World.SHUTTING
    this.shutAt(Transmitter.controlArrivesBy(this.rows, row, this.now), worldPort)
  }

  protected override finishShut(port: World.WorldPort): void {
    if (this.world.enabled[port] === World.SHUTTING) this.applyEnabled(port, World.SHUT)
  }

  private tellShut(node: World.NodeIndex, port: number): void {
    const { device, state } = this.enter(node)
    const shut: PortShut = { type: "port.shut", port }
    if (state !== null) device.onCommand(state, shut, this.now, this)
  }

  private applyEnabled(port: World.WorldPort, state: number): void {
    this.world.enabled[port] = state
    this.refreshCarrier(port)
    if (this.peer[port] >= 0) this.refreshCarrier(this.peer[port])
  }

  private powerOff(node: World.NodeIndex, keepCarrier: boolean): void {
    const { world } = this
    // Twice off is off; what is silent may still lose its carrier.
    if (world.power[node] === World.OFF || (world.power[node] === World.SILENT && keepCarrier)) return
    world.power[node] = keepCarrier ? World.SILENT : World.OFF
    this.occupy(node, null)
    for (let timer = this.timerBase[node]; timer < this.timerBase[node + 1]; timer++) this.timerAt[timer] = NEVER
    this.enter(node)
    this.trace(Trace.POWER.code, world.power[node], 0, 0, 0)
    for (let port = this.portBase[node]; port < this.portBase[node + 1]; port++) {
      world.carrier[port] = 0
      this.refreshHook(port)
      if (keepCarrier || this.peer[port] < 0) continue
      this.loseInFlight(port, this.peer[port])
      this.refreshCarrier(this.peer[port])
    }
  }

  private powerOn(node: World.NodeIndex): void {
    const { world } = this
    if (world.power[node] === World.ON) return
    world.power[node] = World.ON
    for (let port = this.portBase[node]; port < this.portBase[node + 1]; port++) {
      if (world.enabled[port] === World.SHUT_BY_DEVICE) world.enabled[port] = World.ENABLED
    }
    const { device } = this.enter(node)
    this.occupy(node, device.make(world.configs[node], this.now))
    this.trace(Trace.POWER.code, World.ON, 0, 0, 0)
    this.booting = true
    device.onBoot(this.seat.state, this.now, this)
    this.booting = false
    for (let port = this.portBase[node]; port < this.portBase[node + 1]; port++) {
      this.refreshCarrier(port)
      if (this.peer[port] >= 0) this.refreshCarrier(this.peer[port])
    }
  }

  // ----------------------------------------------------------------------------------------------------------------- links

  /** Tell a port's device if its carrier changed. */
  private refreshCarrier(port: World.WorldPort): void {
    const { world } = this
    const seat = this.seatOfPort[port]
    const up = World.hasCarrier(this.world, port)
    this.refreshHook(port)
    if (seat.state === null) {
      // Nobody to tell, but what a silent node sent before may still be on its way.
      if (!up && this.peer[port] >= 0) this.loseInFlight(port, this.peer[port])
      return
    }
    if ((world.carrier[port] === 1) === up) return
    world.carrier[port] = up ? 1 : 0
    if (!up) this.loseInFlight(port, this.peer[port])
    const link: LinkStatus = {
      up,
      rateBps: PortRow.rateOf(this.rows, port * PortRow.STRIDE),
      fullDuplex: World.directionOf(world, port).fullDuplex,
    }
    this.seat = seat
    this.trace(Trace.CARRIER.code, port - seat.firstPort, up ? 1 : 0, 0, 0)
    seat.device.onLink(seat.state, port - seat.firstPort, link, this.now, this)
  }

  /** What `from` has sent towards `to` and has not arrived is lost, and its queue is empty. */
  private loseInFlight(from: World.WorldPort, to: World.WorldPort): void {
    const { half } = this.world.links[this.world.linkOfPort[from]]
    if (half !== null) Transmitter.loseWaiting(this.rows, half)
    const lost = Transmitter.loseInFlight(this.rows, this.frames, from, to, this.now)
    if (lost > 0 && this.tracing) {
      this.seat = this.seatOfPort[from]
      this.detail(Trace.IN_FLIGHT_LOST.code, from - this.seat.firstPort, lost, 0, 0)
    }
  }

  // -------------------------------------------------------------------------------------------------------------- the whole

  /** Write the cached scalars back: the result is the whole world, which this simulation goes on using. */
  save(): World.World<F> {
    const { world } = this
    world.now = this.now
    world.events = this.events
    world.sequence = this.sequence
    world.frames = this.frames.save()
    world.timers = this.timers.save()
    world.traceDigest = this.digest.lanes
    return world
  }

  /** What a port sent and received so far. */
  statistics(port: World.WorldPort): PortStatistics.PortStatistics {
    return PortStatistics.of(this.world, this.frames, port)
  }

  /** An independent simulation that goes on from here, without this one's script and listeners. */
  fork(): Simulation<F> {
    const child = new Simulation(World.copy(this.save(), this.registry), this.registry)
    child.rewriteFrames(this.rewrite)
    return child
  }
}
