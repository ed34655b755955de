/** A node's place at the scheduler. */
import type { AnyDeviceKind, WireFrame } from "./Device.ts"
import type * as World from "./World.ts"

/** All that an event needs to know of the node it concerns, in one object. */
export class Seat<F extends WireFrame> {
  readonly node: World.NodeIndex
  readonly firstPort: World.WorldPort
  readonly firstTimer: number
  readonly device: AnyDeviceKind<F>
  /** The device's state, as in the world; null while it is off. */
  state: unknown

  /** The kind of a world's device; throws where the registry does not hold it. */
  static kindNamed<F extends WireFrame>(registry: World.Registry<F>, name: string): AnyDeviceKind<F> {
    const kind = registry.kinds.get(name)
    if (kind === undefined) throw new Error(`the world holds a device of the kind "${name}", which the registry does not`)
    return kind
  }

  constructor(node: World.NodeIndex, world: World.World<F>, device: AnyDeviceKind<F>) {
    this.node = node
    this.firstPort = world.portBase[node]
    this.firstTimer = world.timerBase[node]
    this.device = device
    this.state = world.states[node]
  }
}
