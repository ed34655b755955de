/** What is said of line cards that a chassis does not have. */

/** `slot`: as it was asked for; `cards`: the slots of those that the chassis has. */
export const missing = (name: string, slot: number | string, cards: ReadonlyArray<number>): string =>
  cards.length === 0
    ? `${name} has no line cards to fail: give its pair some, like switch: { 1: { cards: { 1: [1-4], 2: [5-8] } } }`
    : `${name} has no line card ${slot}: it has ${cards.join(", ")}`
