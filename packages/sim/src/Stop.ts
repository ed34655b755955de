/** How a run of the scheduler ends. */

/** Why `run` came back. */
export type Stop =
  /** The instant asked for is reached; `now` is that instant. */
  | "reached"
  /** A wake-up that a script waits for is due; `takeWakes` tells which. */
  | "wake"
  /** `halt` was called (a capture must drain, a watcher saw what it waited for). */
  | "halted"
  /** As many events as asked for were processed. */
  | "budget"
