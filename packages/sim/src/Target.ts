/** Targets in the timer queue that are not timers: what is to be done with a script's wake-up, or a port. */

/** A script's wake-up is due; the payload is its token. */
export const WAKE = -1
/** A device asked for its port to be shut, or opened; the payload is the world port, here and below. */
export const PORT_DISABLE = -2
export const PORT_ENABLE = -3
/** What a device had to say before management shuts its port has been heard. */
export const PORT_SHUT = -4
/** The half-duplex end of a link has something to do. */
export const HALF_DUPLEX = -5
