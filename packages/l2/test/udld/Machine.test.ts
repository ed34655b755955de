/** UDLD's machine, arc by arc, and what a port makes of messages that no good neighbour sends. */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { MACHINE } from "../../src/udld/Machine.ts"
import * as UdldPdu from "../../src/udld/UdldPdu.ts"
import { ME, message, port, TAKEN, THEM, YOU } from "./Port.ts"

type Port = ReturnType<typeof port>

/** A port whose neighbour hears it. */
const proven = (mode: "normal" | "aggressive" = "normal"): Port => {
  const made = port(mode)
  made.hear(message("echo", YOU, [ME]))
  made.pass(5)
  assert.strictEqual(made.at(), "advertisement bidirectional")
  return made
}

/** A port that is in extended detection, since its neighbour hears nobody. */
const doubtful = (): Port => {
  const made = port()
  made.hear(message("probe", YOU, []))
  made.pass(5)
  assert.strictEqual(made.at(), "extended-detection undetermined")
  return made
}

describe("the machine", () => {
  it("judges after five seconds, and a neighbour that does not hear the port only when it says so again", () => {
    const made = doubtful()
    assert.isFalse(made.isDisabled())
    made.hear(message("probe", YOU, []))
    assert.strictEqual(made.at(), "disabled unidirectional")
    assert.isTrue(made.isDisabled())
    assert.strictEqual(made.sent.at(-1)?.opcode, "flush")
  })

  it("a neighbour that begins anew and is still deaf is no exception", () => {
    const made = doubtful()
    made.hear(message("probe", YOU, [], { resynch: true }))
    assert.strictEqual(made.why(), "unidirectional link detected")
  })

  it("a neighbour that hears others only is a mismatch", () => {
    const made = port()
    made.hear(message("echo", YOU, [THEM]))
    made.pass(5)
    assert.isFalse(made.isDisabled())
    made.hear(message("echo", YOU, [THEM]))
    assert.strictEqual(made.at(), "disabled mismatch")
    assert.strictEqual(made.why(), "neighbor mismatch detected")
  })

  it("one that hears the port at last is believed", () => {
    for (const resynch of [false, true]) {
      const made = doubtful()
      made.hear(message("probe", YOU, [ME], { resynch }))
      assert.strictEqual(made.at(), "advertisement bidirectional")
    }
  })

  it("a port that hears itself is looped", () => {
    const made = port()
    made.hear(message("probe", ME, []))
    made.pass(5)
    assert.strictEqual(made.at(), "disabled loop")
    assert.strictEqual(made.why(), "transmit/receive loop detected")
  })

  it("a port that hears itself among others is looped, whoever spoke last", () => {
    const made = port()
    made.hear(message("probe", ME, []))
    made.hear(message("echo", YOU, [ME]))
    made.pass(5)
    assert.strictEqual(made.why(), "transmit/receive loop detected")
  })

  it("has a fingerprint of what its neighbours say", () => {
    const prints = [[ME], [ME, THEM], [THEM]].map((echo) => {
      const made = port()
      made.hear(message("echo", YOU, [ME]))
      made.hear(message("echo", YOU, echo))
      made.state.said[0] = 0
      return made.print()
    })
    assert.lengthOf(new Set(prints), 3)
  })

  it("its own other port is a neighbour like any", () => {
    const made = port()
    made.hear(message("probe", { ...ME, portId: "Gi0/2" }, [ME]))
    made.pass(5)
    assert.strictEqual(made.at(), "advertisement bidirectional")
  })

  it("a neighbour that begins anew, that is new, or that no longer hears the port is looked at anew", () => {
    for (const pdu of [
      message("probe", YOU, [], { resynch: true }),
      message("probe", YOU, [ME], { resynch: true }),
      message("probe", YOU, [THEM]),
      message("probe", THEM, []),
    ]) {
      const made = proven()
      made.sent.length = 0
      made.hear(pdu)
      assert.strictEqual(made.at(), "detection undetermined")
      assert.strictEqual(made.sent[0].opcode, "echo", "answered at once")
    }
    const made = proven()
    made.hear(message("probe", YOU, [ME]))
    assert.strictEqual(made.at(), "advertisement bidirectional")
  })

  it("a new neighbour prolongs detection, one that begins anew does not", () => {
    const made = port()
    made.hear(message("echo", YOU, [ME]))
    made.pass(3)
    made.hear(message("probe", YOU, [ME], { resynch: true }))
    made.pass(2)
    assert.strictEqual(made.at(), "advertisement bidirectional")
    const other = port()
    other.hear(message("echo", YOU, [ME]))
    other.pass(3)
    other.hear(message("echo", THEM, [ME]))
    other.pass(4.9)
    assert.strictEqual(other.at(), "detection undetermined")
    const third = doubtful()
    third.hear(message("echo", THEM, [ME]))
    assert.strictEqual(third.at(), "detection undetermined")
  })

  it("a doubtful neighbour that goes leaves the others", () => {
    for (const leave of [(made: Port) => made.hear(message("flush", YOU, [])), (made: Port) => made.pass(15)]) {
      const made = port()
      made.hear(message("probe", YOU, [], { messageInterval: 5 }))
      made.hear(message("echo", THEM, [ME]))
      made.pass(5)
      assert.strictEqual(made.at(), "extended-detection undetermined")
      leave(made)
      assert.strictEqual(made.at(), "advertisement bidirectional")
    }
  })

  it("a neighbour that goes leaves the port alone, in every phase", () => {
    for (const make of [() => proven("aggressive"), doubtful, () => (doubtful(), port())]) {
      const flushed = make()
      flushed.hear(message("probe", YOU, [ME], { messageInterval: 1 }))
      flushed.hear(message("flush", YOU, []))
      assert.strictEqual(flushed.at(), "link-up undetermined")
      flushed.pass(60)
      assert.isFalse(flushed.isDisabled(), "good-bye is no loss")
    }
    const silent = port()
    silent.hear(message("probe", YOU, [], { messageInterval: 1 }))
    silent.pass(4)
    assert.strictEqual(silent.at(), "link-up undetermined", "in detection")
    const doubted = doubtful()
    doubted.pass(60)
    assert.strictEqual(doubted.at(), "link-up undetermined", "in extended detection")
  })

  it("is aggressive only about a link that was proven", () => {
    const made = port("aggressive")
    made.hear(message("probe", YOU, [], { messageInterval: 1 }))
    made.pass(60)
    assert.isFalse(made.isDisabled())
    const lost = proven("aggressive")
    lost.pass(39.9 + 8)
    assert.isFalse(lost.isDisabled())
    lost.pass(0.2)
    assert.strictEqual(lost.at(), "disabled undetermined")
    assert.strictEqual(lost.why(), "aggressive mode failure detected")
  })

  it("ends with the link, but for a port that was taken out of service, and begins with it", () => {
    for (const make of [
      () => port(),
      () => {
        const made = port()
        made.hear(message("probe", YOU, []))
        return made
      },
      doubtful,
      proven,
    ]) {
      const made = make()
      made.link(false)
      assert.strictEqual(made.at(), "inactive unknown")
      assert.lengthOf(made.state.neighbours, 0)
      made.pass(60)
      assert.strictEqual(made.at(), "inactive unknown")
      made.link(true)
      assert.strictEqual(made.at(), "link-up undetermined")
    }
    const made = doubtful()
    made.hear(message("probe", YOU, []))
    made.link(false)
    made.pass(60)
    assert.strictEqual(made.at(), "disabled unidirectional")
    made.link(true)
    assert.strictEqual(made.at(), "link-up undetermined")
  })

  it("has no way between phases that was not taken by now", () => {
    const ways = Object.entries(MACHINE).flatMap(([from, arcs]) => arcs.map(({ to }) => `${from} -> ${to}`))
    assert.deepEqual([...new Set(ways)].sort(), [...TAKEN].sort())
  })
})

describe("hostile messages", () => {
  it("that cannot be read are counted, and change nothing", () => {
    const made = proven()
    const octets = UdldPdu.emit(message("probe", YOU, [ME]))
    for (let length = 0; length < octets.length; length++) made.hear(octets.subarray(0, length))
    for (let i = 0; i < octets.length; i++) made.hear(octets.map((octet, at) => (at === i ? octet ^ 0x55 : octet)))
    assert.strictEqual(made.state.refused[0], octets.length * 2)
    assert.strictEqual(made.at(), "advertisement bidirectional")
  })

  it("from more neighbours than there is room for are counted, and the port's own messages stay short", () => {
    const made = proven()
    for (let i = 0; i < 500; i++) made.hear(message("probe", { deviceId: `${i}`.padStart(200, "x"), portId: "Gi0/1" }, [ME]))
    assert.isAtLeast(made.state.ignored[0], 490)
    assert.isAtMost(Math.max(...made.sent.map(UdldPdu.octetLength)), 1400)
    const many = proven()
    for (let i = 0; i < 500; i++) many.hear(message("probe", { deviceId: `${i}`, portId: "1" }, [ME]))
    assert.strictEqual(many.state.neighbours.length, 32)
  })

  it("with intervals of nothing or of minutes are held for three seconds at least", () => {
    const made = port()
    made.hear(message("echo", YOU, [ME], { messageInterval: 0 }))
    made.pass(2.9)
    assert.lengthOf(made.state.neighbours, 1)
    made.hear(message("echo", THEM, [ME], { messageInterval: 255 }))
    made.pass(700)
    assert.lengthOf(made.state.neighbours, 1)
  })

  it("to a port that was just taken out of service are not listened to", () => {
    const made = doubtful()
    made.hear(message("probe", YOU, []))
    made.hear(message("echo", YOU, [ME]))
    assert.strictEqual(made.at(), "disabled unidirectional")
    assert.lengthOf(made.state.neighbours, 0)
  })

  const Octet = Schema.Int.pipe(Schema.check(Schema.isBetween({ minimum: 0, maximum: 255 })))
  it.prop("of any octets are survived", [Schema.Array(Schema.Array(Octet))], ([frames]) => {
    const made = port("aggressive")
    for (const octets of frames) {
      made.hear(Uint8Array.from(octets))
      made.pass(1)
    }
    made.pass(100)
  })

  const Who = Schema.Literals([ME, YOU, THEM].map(({ portId }) => portId))
  const Message = Schema.Struct({
    opcode: Schema.Literals(["probe", "echo", "flush"]),
    from: Who,
    echo: Schema.Array(Who),
    resynch: Schema.Boolean,
    messageInterval: Schema.Int.pipe(Schema.check(Schema.isBetween({ minimum: 0, maximum: 255 }))),
    pause: Schema.Int.pipe(Schema.check(Schema.isBetween({ minimum: 0, maximum: 20 }))),
  })
  const partyOf = (id: string): UdldPdu.Party => [ME, YOU, THEM].find(({ portId }) => portId === id) ?? YOU
  it.prop("well formed, in any order, leave a port that is in a phase or out of service", [Schema.Array(Message)], ([list]) => {
    const made = port("aggressive")
    for (const { echo, from, messageInterval, opcode, pause, resynch } of list) {
      made.hear(message(opcode, partyOf(from), echo.map(partyOf), { resynch, messageInterval }))
      made.pass(pause)
      assert.strictEqual(made.isDisabled(), made.at().startsWith("disabled"))
      assert.strictEqual(made.at() === "advertisement bidirectional", made.state.link[0] === 2)
    }
  })
})
