/**
 * The peers on the peer-link: hellos, by which they find each other and agree on roles, and what they tell each other from then on. A peer-link does not come up before
 * the keepalive was heard once (Nexus 5500 configuration guide); until the peers have each other it carries no data.
 */
import type { SimTime } from "@l2lab/sim/SimTime"
import * as Channel from "./Channel.ts"
import * as Consistency from "./Consistency.ts"
import * as Legs from "./Legs.ts"
import * as MacSync from "./MacSync.ts"
import type { MlagActions } from "./MlagActions.ts"
import * as MlagPdu from "./MlagPdu.ts"
import { MOST_ITEMS, type MlagRecord, NO_VPC, type Parameter } from "./MlagRecord.ts"
import * as Role from "./Role.ts"
import { DEFAULT_DELAY_RESTORE, DEFAULT_DELAY_RESTORE_ORPHAN, HELLO_INTERVAL, HELLO_TIMEOUT, SWEEP_INTERVAL } from "./Settings.ts"
import { MISMATCH, NOT_RESTORED, PEER_LINK_DOWN, PRIMARY, RESTORE_AT, SECONDARY, type State, UNSAID, vpcOf } from "./State.ts"
import * as Trace from "./Trace.ts"

const sayHello = (s: State, actions: MlagActions): void =>
  actions.send({
    ...Channel.senderOf(s),
    kind: "hello",
    role: MlagPdu.ROLES[s.role],
    isSticky: s.sticky === 1,
    rolePriority: s.rolePriority,
    session: s.session,
    heard: s.peer.session,
  })

/** A second has passed. */
export const tick = (s: State, actions: MlagActions): void => {
  sayHello(s, actions)
  actions.startTimer("hello", actions.now + HELLO_INTERVAL)
}

/** A session that nobody has had before; never 0. */
const renew = (s: State, actions: MlagActions): void => {
  s.session = (actions.random() | 1) >>> 0
  s.peer.session = 0
}

/** Tell the peer what has to be alike, if it is another than was told. */
export const tellParameters = (s: State, isNew: boolean, actions: MlagActions): void => {
  const now = Consistency.of(s)
  const same =
    now.length === s.own.length &&
    now.every(({ name, value, vpc }, i) => s.own[i].vpc === vpc && s.own[i].name === name && s.own[i].value === value)
  if (same && !isNew) return
  s.own = now
  if (s.adjacent === 1) {
    const record = (parameters: ReadonlyArray<Parameter>, isFirst: boolean): MlagRecord => ({
      type: "parameters",
      isFirst,
      parameters,
    })
    Channel.tellAll(s, now, MOST_ITEMS.parameters, record, actions)
  }
  checkConsistency(s, actions)
}

/** Legs of what is not alike go out of service, or come back. */
export const checkConsistency = (s: State, actions: MlagActions): void => {
  if (s.adjacent === 0) return
  const compared = Consistency.compare(s)
  const different = compared.filter(({ isSame }) => !isSame)
  const keys = different.map(({ name, vpc }) => `${vpc}/${name}`)
  for (const { name, type, vpc } of different) {
    if (!s.different.includes(`${vpc}/${name}`)) actions.trace(Trace.CONSISTENCY.code, vpc, 0, name, type)
  }
  for (const { name, type, vpc } of compared) {
    const key = `${vpc}/${name}`
    if (s.different.includes(key) && !keys.includes(key)) actions.trace(Trace.CONSISTENCY.code, vpc, 1, name, type)
  }
  s.different = keys
  const suspends = s.config.gracefulConsistencyCheck === false || s.role === SECONDARY
  s.config.vpcs.forEach(({ id }, v) => {
    const isDown = suspends && Consistency.isMismatched(different, id)
    Legs.setReasons(s, v, (s.reasons[v] & ~MISMATCH) | (isDown ? MISMATCH : 0), actions)
  })
}

/** Legs that wait come back after a while. */
const delayRestore = (s: State, actions: MlagActions): void => {
  if (s.reasons.every((reasons) => (reasons & (NOT_RESTORED | PEER_LINK_DOWN)) === 0)) return
  for (let v = 0; v < s.reasons.length; v++) {
    const waits = (s.reasons[v] & (NOT_RESTORED | PEER_LINK_DOWN)) !== 0
    Legs.setReasons(s, v, (s.reasons[v] & MISMATCH) | (waits ? NOT_RESTORED : 0), actions)
  }
  const after = s.config.delayRestoreNs ?? DEFAULT_DELAY_RESTORE
  s.times[RESTORE_AT] = actions.now + after
  actions.trace(Trace.DELAY_RESTORE.code, after, 0, 0, 0)
  actions.startTimer("restore", actions.now + after)
}

/** The peers have each other. */
const form = (s: State, actions: MlagActions): void => {
  s.adjacent = 1
  Channel.open(s, actions)
  s.theirs = null
  s.peerUp.fill(0)
  s.toldIn.fill(Infinity)
  s.said.fill(UNSAID)
  actions.trace(Trace.ADJACENCY.code, 1, s.config.domain, 0, 0)
  Role.set(s, Role.isFirst(s) ? PRIMARY : SECONDARY, actions)
  s.given.fill(0)
  s.bpdus.clear()
  s.dirty.fill(1)
  sayHello(s, actions)
  tellParameters(s, true, actions)
  for (let v = 0; v < s.localUp.length; v++) if (s.localUp[v] === 1) Legs.report(s, v, actions)
  MacSync.forget(s)
  MacSync.tellAll(s, actions)
  delayRestore(s, actions)
  actions.startTimer("restoreOrphans", actions.now + (s.config.delayRestoreOrphanNs ?? DEFAULT_DELAY_RESTORE_ORPHAN))
  actions.startTimer("sweep", actions.now + SWEEP_INTERVAL)
}

/** They have lost each other: the link is down, the peer is silent, or it has begun anew. */
export const lose = (s: State, actions: MlagActions): void => {
  const was = s.adjacent
  s.adjacent = 0
  renew(s, actions)
  if (was === 0) return
  Channel.open(s, actions)
  s.peerUp.fill(0)
  s.theirs = null
  s.macs.clear()
  s.dirty.fill(1)
  actions.stopTimer("adjacencyLost")
  actions.stopTimer("sweep")
  actions.trace(Trace.ADJACENCY.code, 0, s.config.domain, 0, 0)
}

/** The peer-link came up or went down. */
export const follow = (s: State, actions: MlagActions): void => {
  const { bridge, config } = s
  const up = bridge.up[config.peerLink]
  if (up === s.linkUp) return
  s.linkUp = up
  s.dirty.fill(1)
  actions.trace(Trace.PEER_LINK.code, config.peerLink, up, config.domain, 0)
  if (up === 1) {
    renew(s, actions)
    tick(s, actions)
    return
  }
  actions.stopTimer("hello")
  lose(s, actions)
}

const refuse = (s: State, why: number, own: number, theirs: number, actions: MlagActions): void => {
  s.refused++
  // Told once in so many, as hellos come every second.
  if (s.strangers++ % 60 === 0) actions.trace(Trace.REFUSED.code, why, own, theirs, 0)
}

/** A hello came in. */
export const hear = (s: State, hello: MlagPdu.Hello, actions: MlagActions): void => {
  const { peer } = s
  if (hello.domain !== s.config.domain) return refuse(s, 0, s.config.domain, hello.domain, actions)
  if (hello.system === s.bridge.address) return refuse(s, 1, s.config.domain, hello.domain, actions)
  const isNew = hello.session !== peer.session
  if (isNew) {
    if (s.adjacent === 1) lose(s, actions)
    peer.session = hello.session
  }
  peer.system = hello.system
  peer.role = MlagPdu.ROLES.indexOf(hello.role)
  peer.isSticky = hello.isSticky ? 1 : 0
  peer.rolePriority = hello.rolePriority
  if (isNew) sayHello(s, actions)
  if (hello.heard !== s.session) return
  actions.startTimer("adjacencyLost", actions.now + HELLO_TIMEOUT)
  if (s.adjacent === 0) {
    if (s.everAlive === 1) form(s, actions)
  } else if (s.role === PRIMARY && peer.role === PRIMARY && !Role.isFirst(s)) {
    Role.set(s, SECONDARY, actions)
    delayRestore(s, actions)
    checkConsistency(s, actions)
  }
}

/** A record came in, the next one. */
export const hearRecord = (s: State, record: MlagRecord, now: SimTime, actions: MlagActions): void => {
  switch (record.type) {
    case "parameters":
      s.theirs = [...(record.isFirst ? [] : (s.theirs ?? [])), ...record.parameters]
      return checkConsistency(s, actions)
    case "legs":
      for (const { up, vpc } of record.legs) {
        const v = vpcOf(s, vpc)
        if (v < 0) continue
        Legs.hear(s, v, up, actions)
        // A peer whose leg came up has forgotten what was on the peer-link.
        if (up) MacSync.tellAll(s, actions)
        else if (s.localUp[v] === 1) MacSync.tellVpc(s, v, actions)
      }
      return
    case "states":
      for (const { bits, role, tree, vpc } of record.states) {
        const v = vpcOf(s, vpc)
        if (v < 0 || tree >= s.dirty.length) continue
        s.given[tree * s.localUp.length + v] = Legs.packed(role, bits)
        s.dirty[tree] = 1
      }
      return
    case "flushes":
      for (const { tree, vpc } of record.flushes) {
        if (vpc === NO_VPC) MacSync.tellOthers(s, actions)
        const v = vpcOf(s, vpc)
        if (v >= 0 && tree < s.dirty.length) actions.flush(s.portOfVpc[v], tree)
      }
      return
    case "macs":
      return MacSync.hear(s, record.macs, now)
    case "errdisable": {
      const v = vpcOf(s, record.vpc)
      if (v >= 0) actions.errdisable(s.portOfVpc[v], record.cause)
      return
    }
  }
}
