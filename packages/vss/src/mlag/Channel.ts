/** Records from one peer to the other, in order and without a gap: numbered, acknowledged as far as they have come, sent again when that takes too long. */
import type { MlagActions } from "./MlagActions.ts"
import type { Ack, Data, Sender } from "./MlagPdu.ts"
import type { MlagRecord } from "./MlagRecord.ts"
import { RETRANSMIT_AFTER } from "./Settings.ts"
import type { State } from "./State.ts"

/** Who speaks. */
export const senderOf = ({ bridge, config }: State): Sender => ({
  protocol: "mlag",
  domain: config.domain,
  system: bridge.address,
})

/** Begin a session: nothing was said. */
export const open = ({ channel }: State, actions: MlagActions): void => {
  channel.next = channel.expected = 1
  channel.acknowledged = 0
  channel.waiting.length = 0
  actions.stopTimer("retransmit")
}

const transmit = (s: State, sequence: number, record: MlagRecord, actions: MlagActions): void =>
  actions.send({ ...senderOf(s), kind: "data", session: s.session, sequence, record })

/** Tell the peer; the number of the record. */
export const tell = (s: State, record: MlagRecord, actions: MlagActions): number => {
  const { channel } = s
  channel.waiting.push(record)
  s.recordsSent++
  transmit(s, channel.next, record, actions)
  if (channel.waiting.length === 1) actions.startTimer("retransmit", actions.now + RETRANSMIT_AFTER)
  return channel.next++
}

/** Tell the peer a list that may be longer than a record; the number of the last record. */
export const tellAll = <A>(
  s: State,
  items: ReadonlyArray<A>,
  most: number,
  record: (part: ReadonlyArray<A>, isFirst: boolean) => MlagRecord,
  actions: MlagActions,
): number => {
  let last = 0
  for (let at = 0; at < items.length; at += most) last = tell(s, record(items.slice(at, at + most), at === 0), actions)
  return last
}

/** The peer has not acknowledged for too long. */
export const repeat = (s: State, actions: MlagActions): void => {
  const { acknowledged, waiting } = s.channel
  waiting.forEach((record, i) => transmit(s, acknowledged + 1 + i, record, actions))
  s.retransmitted += waiting.length
  if (waiting.length > 0) actions.startTimer("retransmit", actions.now + RETRANSMIT_AFTER)
}

/** An acknowledgment came in; whether it said anything new. */
export const acknowledge = (s: State, ack: Ack, actions: MlagActions): boolean => {
  const { channel } = s
  if (ack.session !== s.session || ack.acknowledged <= channel.acknowledged || ack.acknowledged >= channel.next) return false
  channel.waiting.splice(0, ack.acknowledged - channel.acknowledged)
  channel.acknowledged = ack.acknowledged
  if (channel.waiting.length === 0) actions.stopTimer("retransmit")
  else actions.startTimer("retransmit", actions.now + RETRANSMIT_AFTER)
  return true
}

/** A record came in; whether it is the next one. It is acknowledged when `confirm` is called, which is when it has been dealt with. */
export const accept = (s: State, data: Data): boolean => {
  if (data.session !== s.peer.session) return false
  if (data.sequence !== s.channel.expected) return false
  s.channel.expected++
  s.recordsHeard++
  return true
}

/** Acknowledge what has come so far. */
export const confirm = (s: State, actions: MlagActions): void =>
  actions.send({ ...senderOf(s), kind: "ack", session: s.peer.session, acknowledged: s.channel.expected - 1 })
