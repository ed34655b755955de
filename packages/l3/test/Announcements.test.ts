/** What a stack announces and is told, how it is frozen and thawed, and that copies of it are independent. */
import { assert, describe, it } from "@effect/vitest"
import * as MacAddress from "@l2lab/l2/MacAddress"
import * as Protocol from "@l2lab/l2/Protocol"
import type { ArpPayload } from "@l2lab/l3/Arp"
import { END_STATION } from "@l2lab/l3/EndStation"
import * as NetworkStack from "@l2lab/l3/NetworkStack"
import type { RarpPayload } from "@l2lab/l3/Rarp"
import * as Trace from "@l2lab/l3/Trace"
import { Digest } from "@l2lab/sim/Digest"
import { SECOND } from "@l2lab/sim/SimTime"
import { A, A_IP, B_IP, Cable } from "./Cable.ts"
import { MS, Actions, alone, kinds, actionsOf } from "./Alone.ts"

describe("announcements", () => {
  it("RARP and gratuitous ARP are broadcast from the own address", () => {
    const { stack, actions } = alone()
    NetworkStack.announceRarp(stack, actions)
    NetworkStack.gratuitousArp(stack, actions)
    const [rarp, arp] = actions.takeSent()
    assert.deepStrictEqual([rarp.destination, rarp.source, rarp.protocol], [MacAddress.BROADCAST, A, Protocol.RARP])
    assert.deepStrictEqual((rarp.payload as RarpPayload).packet, {
      operation: 3,
      senderHardware: A,
      senderProtocol: 0,
      targetHardware: A,
      targetProtocol: 0,
    })
    assert.deepStrictEqual((arp.payload as ArpPayload).packet, {
      operation: 1,
      senderHardware: A,
      senderProtocol: A_IP,
      targetHardware: 0,
      targetProtocol: A_IP,
    })
    assert.deepStrictEqual(
      actions.traces(Trace.ANNOUNCED.code).map(({ a, b }) => [a, b]),
      [
        [1, A],
        [0, A],
      ],
    )
    NetworkStack.onDown(stack, 0, actions)
    NetworkStack.announceRarp(stack, actions)
    assert.deepStrictEqual(actions.sent, [])
  })
})

describe("commands", () => {
  it("those that make no sense change nothing and are traced with their reason", () => {
    const { stack, actions } = alone()
    const before = structuredClone(stack)
    const start = { type: "ping.start", target: B_IP, everyNs: SECOND } as const
    const send = { type: "udp.send", to: B_IP, sourcePort: 1, destinationPort: 2, payloadOctets: 3 } as const
    const rows = [
      [{ ...start, everyNs: 999 }, "interval"],
      [{ ...start, everyNs: Number.NaN }, "interval"],
      [{ ...start, target: 2 ** 32 }, "target"],
      [{ ...start, payloadOctets: 1473 }, "payload"],
      [{ ...start, count: 0 }, "count"],
      [{ ...start, timeoutNs: 0 }, "timeout"],
      [{ ...start, run: 65536 }, "count"],
      [{ ...send, destinationPort: 65536 }, "port"],
      [{ ...send, payloadOctets: -1 }, "payload"],
      [{ ...send, to: 0 }, "target"],
    ] as const
    for (const [command] of rows) NetworkStack.onCommand(stack, command, 0, actions)
    assert.deepStrictEqual(
      actions.traces(Trace.COMMAND_REFUSED.code).map(({ a }) => a),
      rows.map(([, reason]) => Trace.REFUSED[reason]),
    )
    assert.deepStrictEqual(structuredClone(stack), before)
    // The words of the trace stand where the numbers say.
    const [, format] = Trace.COMMAND_REFUSED.operands[0]
    for (const [word, number] of Object.entries(Trace.REFUSED)) assert.strictEqual(format[number], word)
  })

  it("udp.send sends zeros, arp.flush forgets", () => {
    const cable = new Cable()
    cable.command(0, { type: "udp.send", to: B_IP, sourcePort: 1, destinationPort: 2, payloadOctets: 300 })
    cable.run(SECOND)
    assert.deepStrictEqual(kinds(cable.sent), ["A arp to all", "B arp", "A udp"])
    assert.strictEqual(cable.sent[2].frame.wireOctets, 18 + 28 + 300)
    assert.strictEqual(NetworkStack.neighbours(cable.stacks[0]).length, 1)
    cable.command(0, { type: "arp.flush" })
    assert.strictEqual(NetworkStack.neighbours(cable.stacks[0]).length, 0)
  })
})

describe("freeze and thaw", () => {
  const freeze = (cable: Cable, of: 0 | 1) =>
    cable.with(of, ({ stack }, out) => NetworkStack.freeze(stack, cable.now, actionsOf(of, cable, out)))
  const thaw = (cable: Cable, of: 0 | 1) =>
    cable.with(of, ({ stack }, out) => NetworkStack.thaw(stack, cable.now, actionsOf(of, cable, out)))

  it("stops every timer and goes on with what each had left, to the nanosecond", () => {
    const cable = new Cable()
    cable.carries = ({ from }) => from === 0
    cable.command(0, { type: "ping.start", target: B_IP, everyNs: 300 * MS, timeoutNs: 1000 * MS })
    cable.run(123_456_789)
    assert.deepStrictEqual(
      [...cable.outs[0].timers].sort(([a], [b]) => a - b),
      [
        [0, SECOND],
        [1, 300 * MS],
        [2, SECOND],
      ],
    )
    freeze(cable, 0)
    assert.strictEqual(cable.outs[0].timers.size, 0)
    cable.run(777 * SECOND + 1)
    thaw(cable, 0)
    const stunned = 777 * SECOND + 1 - 123_456_789
    assert.deepStrictEqual(
      [...cable.outs[0].timers].sort(([a], [b]) => a - b),
      [
        [0, SECOND + stunned],
        [1, 300 * MS + stunned],
        [2, SECOND + stunned],
      ],
    )
  })

  it("a frozen stack hears and sends nothing, and its timers are void", () => {
    const cable = new Cable()
    freeze(cable, 1)
    cable.command(0, { type: "ping.start", target: B_IP, everyNs: 100 * MS, count: 1 })
    cable.run(2.5 * SECOND)
    assert.deepStrictEqual(kinds(cable.sent), ["A arp to all", "A arp to all", "A arp to all"])
    const before = structuredClone(cable.states[1].stack)
    NetworkStack.onTimer(cable.states[1].stack, 1, cable.now, actionsOf(1, cable, cable.outs[1]))
    cable.command(1, { type: "ping.start", target: A_IP, everyNs: 100 * MS })
    assert.deepStrictEqual(structuredClone(cable.states[1].stack), before)
    assert.strictEqual(cable.traces.at(-1)?.code, Trace.COMMAND_REFUSED.code)
    assert.isFalse(
      NetworkStack.sendDatagram(
        cable.states[1].stack,
        A_IP,
        1,
        2,
        new Uint8Array(1),
        1,
        cable.now,
        actionsOf(1, cable, cable.outs[1]),
      ),
    )
    assert.strictEqual(NetworkStack.counters(cable.stacks[1]).droppedFrozen, 3)
  })

  it("an outage by stun is measured by the world's clock on either side", () => {
    const cable = new Cable()
    cable.command(0, { type: "ping.start", target: B_IP, everyNs: 100 * MS })
    cable.command(1, { type: "ping.start", target: A_IP, everyNs: 100 * MS })
    cable.run(950 * MS)
    freeze(cable, 1)
    cable.run(1250 * MS)
    thaw(cable, 1)
    cable.run(5000 * MS)
    const [outside] = NetworkStack.pings(cable.stacks[0])
    const [guest] = NetworkStack.pings(cable.stacks[1])
    assert.deepStrictEqual([outside.lost, outside.longestGapNs], [3, 400 * MS])
    // The guest was about to send at 1000 ms and does so 300 ms later: no probe of its own is lost, and it is 400 ms without an answer.
    assert.deepStrictEqual([guest.lost, guest.longestGapNs], [0, 400 * MS])
    assert.deepStrictEqual(
      guest.gaps.map(({ unanswered }) => unanswered),
      [0],
    )
  })

  it("is plain data that travels: a copy thawed elsewhere later behaves as the original would have", () => {
    const journey = (at: number, stunNs: number) => {
      const cable = new Cable()
      cable.command(0, { type: "ping.start", target: B_IP, everyNs: 70 * MS })
      cable.command(1, { type: "ping.start", target: A_IP, everyNs: 110 * MS })
      cable.carries = ({ frame }) => frame.wireOctets !== 64 || cable.now < at
      cable.run(at)
      freeze(cable, 0)
      const frozen = structuredClone(cable.states[0].stack)
      assert.deepStrictEqual(NetworkStack.copy(cable.states[0].stack), frozen)
      const fingerprints = [at, at + stunNs].map((now) => {
        const digest = new Digest()
        NetworkStack.fingerprint(frozen, digest, now)
        return digest.text
      })
      assert.strictEqual(fingerprints[0], fingerprints[1])
      const out = new Actions()
      NetworkStack.thaw(frozen, at + stunNs, out)
      return [...out.timers].map(([id, deadline]) => [id, deadline - stunNs])
    }
    for (const at of [0, 1, 999 * MS, 65 * SECOND + 12_345]) assert.deepStrictEqual(journey(at, 3 * SECOND + 7), journey(at, 0))
  })

  it("a run can be stopped while its stack is frozen, and no timer starts for it", () => {
    const { stack, actions } = alone()
    for (const target of [B_IP, B_IP + 1])
      NetworkStack.onCommand(stack, { type: "ping.start", target, everyNs: SECOND }, 0, actions)
    NetworkStack.freeze(stack, 10, actions)
    NetworkStack.onTimer(stack, 1, 10 * SECOND, actions)
    NetworkStack.onCommand(stack, { type: "ping.stop", run: 1 }, 20, actions)
    assert.strictEqual(actions.timers.size, 0)
    assert.deepStrictEqual(
      NetworkStack.pings(stack).map(({ active, sent }) => [active, sent]),
      [
        [false, 1],
        [true, 1],
      ],
    )
  })

  it("freezing twice is freezing once, and so with thawing", () => {
    const { stack, actions } = alone()
    NetworkStack.onCommand(stack, { type: "ping.start", target: B_IP, everyNs: SECOND }, 0, actions)
    NetworkStack.freeze(stack, 10, actions)
    const frozen = structuredClone(stack)
    NetworkStack.freeze(stack, 20, actions)
    assert.deepStrictEqual(structuredClone(stack), frozen)
    NetworkStack.thaw(stack, 30, actions)
    const thawed = structuredClone(stack)
    NetworkStack.thaw(stack, 40, actions)
    assert.deepStrictEqual(structuredClone(stack), thawed)
  })
})

describe("copies and fingerprints", () => {
  it("a copy goes the same way as its original, and neither feels the other", () => {
    const text = (state: Cable["states"][0], now: number) => {
      const digest = new Digest()
      END_STATION.fingerprint(state, digest, now)
      return digest.text
    }
    const one = new Cable()
    one.command(0, { type: "ping.start", target: B_IP, everyNs: 100 * MS })
    one.command(1, { type: "ping.start", target: A_IP + 7, everyNs: 130 * MS })
    one.run(1234 * MS)
    const copies = one.states.map(END_STATION.copy)
    assert.deepStrictEqual(copies, structuredClone([...one.states]))
    const before = copies.map((state) => text(state, one.now))
    assert.deepStrictEqual(
      before,
      one.states.map((state) => text(state, one.now)),
    )
    one.run(3 * SECOND)
    assert.deepStrictEqual(
      copies.map((state) => text(state, 1234 * MS)),
      before,
    )
    assert.notDeepEqual(
      one.states.map((state) => text(state, one.now)),
      before,
    )
  })
})
