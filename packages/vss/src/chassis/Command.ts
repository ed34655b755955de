/**
 * Commands to a chassis itself. What else management says is for the bridge of the pair: whoever is told it passes it to who is active. Ports in commands
 * to the bridge are the pair's.
 */
export type ChassisCommand =
  /** A line card fails, or comes back. */
  | { readonly type: "chassis.line-card"; readonly card: number; readonly failed: boolean }
  /** `reload`: the chassis boots anew. */
  | { readonly type: "chassis.reload" }
  /** `redundancy force-switchover`, to the active: nothing happens where nobody stands by. */
  | { readonly type: "chassis.switchover" }
