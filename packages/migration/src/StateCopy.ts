/** Copying and fingerprinting the state of vMotion. */
import type { Digest } from "@l2lab/sim/Digest"
import type { SimTime } from "@l2lab/sim/SimTime"
import * as MemoryStream from "./MemoryStream.ts"
import type * as State from "./MigrationState.ts"
import * as PageCursor from "./PageCursor.ts"

const copyRecord = (record: State.MigrationRecord): State.MigrationRecord => ({
  ...record,
  rounds: record.rounds.map((round) => ({ ...round })),
})

const copySession = (session: State.Session): State.Session => {
  const shared = {
    sender: MemoryStream.copySender(session.sender),
    receiver: MemoryStream.copyReceiver(session.receiver),
    record: copyRecord(session.record),
    deviceState: session.deviceState === null ? null : session.deviceState.slice(),
  }
  return session.role === "source"
    ? {
        ...session,
        ...shared,
        cursor: PageCursor.copy(session.cursor),
        spare: session.spare === null ? null : session.spare.slice(),
      }
    : { ...session, ...shared, arrived: session.arrived === null ? null : session.arrived.slice() }
}

/** An independent copy. */
export const copy = (state: State.VmotionState): State.VmotionState => ({
  settings: state.settings,
  sessions: state.sessions.map((session) => (session === null ? null : copySession(session))),
  waiting: state.waiting.slice(),
  history: state.history.map(copyRecord),
})

const foldRecord = (record: State.MigrationRecord, digest: Digest): void => {
  for (const value of [
    record.migration,
    record.vm,
    record.peer,
    record.reason,
    record.startedAt,
    record.checkedAt,
    record.shellAt,
    record.stunnedAt,
    record.handoverAt,
    record.resumedAt,
    record.rarpAt,
    record.endedAt,
    record.stateOctets,
    record.pagesReceived,
    record.retransmissions,
    record.memoryHash,
  ])
    digest.number(value)
  digest.string(record.state)
  for (const round of record.rounds) {
    digest.number(round.pages)
    digest.number(round.startedAt)
    digest.number(round.endedAt)
    digest.number(round.octets)
    digest.number(round.dirtyPages)
  }
}

/** Records are of the past and stand as they are; what is still to come is taken relative to `now`. */
export const fingerprint = (state: State.VmotionState, digest: Digest, now: SimTime): void => {
  for (const session of state.sessions) {
    digest.int(session === null ? 0 : 1)
    if (session === null) continue
    foldRecord(session.record, digest)
    digest.number(session.heardAt - now)
    MemoryStream.fingerprintSender(session.sender, digest, now)
    MemoryStream.fingerprintReceiver(session.receiver, digest)
    if (session.deviceState !== null) digest.numbers(session.deviceState)
    if (session.role === "destination") {
      digest.number(session.arrivedPages)
      digest.number(session.deviceStateReceived)
      if (session.arrived !== null) digest.numbers(session.arrived)
      continue
    }
    const { cursor } = session
    digest.int(session.roundEnded ? 1 : 0)
    digest.number(session.stalled)
    digest.number(session.rateOctets)
    digest.number(session.deviceStateSent)
    digest.number(cursor.word)
    digest.number(cursor.bits)
    digest.number(cursor.page)
    digest.number(cursor.part)
    if (cursor.bitmap !== null) digest.numbers(cursor.bitmap)
  }
  for (const command of state.waiting) {
    digest.number(command.vm)
    digest.number(command.to)
  }
  digest.int(state.history.length)
  for (const record of state.history) foldRecord(record, digest)
}
