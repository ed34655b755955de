/**
 * Networks as text, one worked example a file, run with real bridges in emulated time:
 *
 *     for stp rstp                                    # protocols that the file is meant for; all without this line
 *     bridge 1 8000.00:00:00:00:00:97 = c:5 a d:5     # a port on each LAN, with its path cost (10 by default)
 *     bridge 2 8000.00:00:00:00:00:98 rstp = a c      # this one runs rstp, whatever the others do
 *     run 100                                         # seconds
 *     check 1 = F F:10 B                              # port states; `:10` marks the root port and the cost to the root
 *     check 2 = root                                  # a root whose ports all forward
 *     roles 1 = Designated Root Backup
 *     within 50 check 1 = F F:10 F                    # time passes until it is so, 50 seconds at most
 *     move 1.2 b                                      # plug port 2 into another LAN; `down` pulls its cable, `up` puts it back
 *     slide 1.2 b                                     # the same without the port noticing
 *     off 1                                           # power; `silence` leaves the neighbours their carrier; `on`
 *     priority 1 24576
 *     port-priority 1.2 144
 *     cost 1.2 5
 *     stp: check 1 = Li Li                            # only when run by that protocol
 *
 * A LAN is whatever ports are on it: two make a cable, more a shared segment, one an empty one; `-` is a LAN of the port's own.
 * States: F forwarding, Le learning, Li listening, B blocking (discarding, as 2004 has it), D disabled.
 */
import * as BridgeIdentifier from "../src/BridgeIdentifier.ts"
import { FigureNetwork } from "./FigureNetwork.ts"
import { PROTOCOLS, type StandardProtocol } from "./simulation/Protocols.ts"

/** What is wrong with a text, or does not hold; lines and columns from 1. */
export interface Fault {
  readonly line: number
  readonly column: number
  readonly problem: string
}

export const format = ({ column, line, problem }: Fault): string => `line ${line}, column ${column}: ${problem}`

interface Word {
  readonly text: string
  readonly column: number
}

/** Ends the reading of a line. */
class Refusal extends Error {
  readonly column: number
  constructor(word: Word, problem: string) {
    super(problem)
    this.column = word.column
  }
}

const STATES = ["F", "Le", "Li", "B", "D"]
const ROLES = ["Root", "Designated", "Alternate", "Backup", "Disabled"]
const isProtocol = (text: string): text is StandardProtocol => Object.hasOwn(PROTOCOLS, text)

const wordsOf = (raw: string): ReadonlyArray<Word> =>
  Array.from(raw.replace(/#.*/, "").matchAll(/\S+/g), ({ 0: text, index }) => ({ text, column: index + 1 }))

/** The words of one line, taken one by one. */
class Line {
  private readonly words: ReadonlyArray<Word>
  private readonly end: Word
  private next = 0

  constructor(words: ReadonlyArray<Word>, raw: string) {
    this.words = words
    this.end = { text: "the end of the line", column: raw.trimEnd().length + 1 }
  }

  peek(): Word | undefined {
    return this.words[this.next]
  }

  take(what: string): Word {
    const word = this.words[this.next++]
    if (word === undefined) throw new Refusal(this.end, `${what} is missing`)
    return word
  }

  literal(text: string): void {
    const word = this.take(`"${text}"`)
    if (word.text !== text) throw new Refusal(word, `"${word.text}" stands where "${text}" should`)
  }

  rest(what: string): ReadonlyArray<Word> {
    const rest = this.words.slice(this.next)
    this.next = this.words.length
    if (rest.length === 0) throw new Refusal(this.end, `${what} is missing`)
    return rest
  }

  close(): void {
    const more = this.words[this.next]
    if (more !== undefined) throw new Refusal(more, `"${more.text}" is one word too many`)
  }

  number(what: string): number {
    const word = this.take(what)
    const value = Number(word.text)
    if (!Number.isFinite(value) || value < 0) throw new Refusal(word, `"${word.text}" is no number: ${what} is wanted`)
    return value
  }
}

export interface Options {
  /** What bridges run that do not say; by their position in the file. */
  readonly protocolOf: (bridge: number) => StandardProtocol
}

/** All bridges run one protocol. */
export const by = (protocol: StandardProtocol): Options => ({ protocolOf: () => protocol })

/** Protocols that a text is meant for. */
export const protocolsOf = (text: string): ReadonlyArray<StandardProtocol> => {
  const named = /^\s*for\s+([^#\n]*)/m.exec(text)?.[1].trim().split(/\s+/).filter(isProtocol)
  return named ?? (Object.keys(PROTOCOLS) as ReadonlyArray<StandardProtocol>)
}

/** Run a text. What does not hold, each with its line and column. */
export const run = (text: string, options: Options): ReadonlyArray<string> => {
  const faults: Array<Fault> = []
  const figure = new Figure(options)
  for (const [index, raw] of text.split("\n").entries()) {
    const words = wordsOf(raw)
    if (words.length === 0) continue
    try {
      figure.read(new Line(words, raw))
    } catch (refusal) {
      if (!(refusal instanceof Refusal)) throw refusal
      faults.push({ line: index + 1, column: refusal.column, problem: refusal.message })
    }
  }
  return faults.map(format)
}

class Figure {
  private readonly options: Options
  private readonly lans = new Map<string, number>()
  private readonly numbers = new Map<string, number>()
  private readonly network = new FigureNetwork()
  private lone = -1

  constructor(options: Options) {
    this.options = options
  }

  read(line: Line): void {
    const verb = line.take("a verb")
    if (verb.text.endsWith(":") && isProtocol(verb.text.slice(0, -1))) {
      // For networks of one protocol only.
      if (this.network.bridges.every(({ protocol }) => `${protocol}:` === verb.text)) this.read(line)
      return
    }
    switch (verb.text) {
      case "for":
        for (const word of line.rest("a protocol")) {
          if (!isProtocol(word.text)) throw new Refusal(word, `"${word.text}" is none of ${Object.keys(PROTOCOLS).join(", ")}`)
        }
        return
      case "bridge":
        return this.bridge(line)
      case "run":
        this.network.run(line.number("a number of seconds"))
        return line.close()
      case "check":
      case "roles": {
        const claim = this.claim(verb.text, line)
        const problem = claim()
        if (problem !== undefined) throw new Refusal(verb, problem)
        return
      }
      case "within": {
        const seconds = line.number("a number of seconds")
        const what = line.take(`"check" or "roles"`)
        if (what.text !== "check" && what.text !== "roles") throw new Refusal(what, `"${what.text}" is neither check nor roles`)
        const claim = this.claim(what.text, line)
        for (let waited = 0; waited < seconds && claim() !== undefined; waited += 0.25) this.network.run(0.25)
        const problem = claim()
        if (problem !== undefined) throw new Refusal(verb, `${problem}, after ${seconds} s`)
        return
      }
      case "move":
      case "slide": {
        const [bridge, port] = this.port(line)
        const { text } = line.take("a LAN")
        line.close()
        if (text === "down") return this.network.plug(bridge, port, false)
        if (text === "up") return this.network.plug(bridge, port, true)
        return this.network.move(bridge, port, this.lan(text), verb.text === "move")
      }
      case "off":
      case "silence":
      case "on": {
        const bridge = this.known(line)
        line.close()
        return this.network.power(bridge, verb.text)
      }
      case "priority": {
        const bridge = this.known(line)
        const priority = line.number("a priority")
        line.close()
        return this.network.manage(bridge, { type: "stp.set-bridge-priority", priority })
      }
      case "port-priority": {
        const [bridge, port] = this.port(line)
        const priority = line.number("a priority")
        line.close()
        return this.network.manage(bridge, { type: "stp.set-port-priority", port, priority })
      }
      case "cost": {
        const [bridge, port] = this.port(line)
        const cost = line.number("a cost")
        line.close()
        return this.network.manage(bridge, { type: "stp.set-path-cost", port, cost })
      }
      default:
        throw new Refusal(verb, `"${verb.text}" is no verb`)
    }
  }

  private bridge(line: Line): void {
    const name = line.take("a name")
    if (this.numbers.has(name.text)) throw new Refusal(name, `there is a bridge ${name.text} already`)
    if (this.network.isRunning) throw new Refusal(name, "the network runs already: bridges come first")
    const idWord = line.take("an identifier, such as 8000.00:00:00:00:00:01")
    const id = BridgeIdentifier.parse(idWord.text)
    if (id === undefined) throw new Refusal(idWord, `"${idWord.text}" is no identifier, such as 8000.00:00:00:00:00:01`)
    const word = line.peek()
    let protocol = this.options.protocolOf(this.network.bridges.length)
    if (word !== undefined && word.text !== "=") {
      line.take("a protocol")
      if (!isProtocol(word.text)) throw new Refusal(word, `"${word.text}" is none of ${Object.keys(PROTOCOLS).join(", ")}`)
      protocol = word.text
    }
    line.literal("=")
    const ports = line.rest("a LAN").map((port) => {
      const [lan, cost = "10", more] = port.text.split(":")
      if (lan === "" || more !== undefined || !/^\d+$/.test(cost)) {
        throw new Refusal(port, `"${port.text}" is no port: a LAN and a cost, such as a or a:5, are wanted`)
      }
      return { lan: this.lan(lan), cost: Number(cost) }
    })
    this.numbers.set(name.text, this.network.bridges.length)
    this.network.bridges.push({ id, protocol, ports })
  }

  private lan(name: string): number {
    if (name === "-") return this.lone--
    if (!this.lans.has(name)) this.lans.set(name, this.lans.size)
    return this.lans.get(name)!
  }

  private numberOf(name: string, word: Word): number {
    const number = this.numbers.get(name)
    if (number === undefined) throw new Refusal(word, `there is no bridge ${name}`)
    return number
  }

  private known(line: Line): number {
    const word = line.take("a bridge")
    return this.numberOf(word.text, word)
  }

  private port(line: Line): readonly [bridge: number, port: number] {
    const word = line.take("a port, such as 1.2")
    const [, name, portNo] = /^(.+)\.(\d+)$/.exec(word.text) ?? []
    if (name === undefined) throw new Refusal(word, `"${word.text}" is no port, such as 1.2`)
    const bridge = this.numberOf(name, word)
    const port = Number(portNo) - 1
    if (this.network.bridges[bridge].ports[port] === undefined) throw new Refusal(word, `bridge ${name} has no port ${portNo}`)
    return [bridge, port]
  }

  /** What is claimed of a bridge: a question whose answer is what is wrong with it. */
  private claim(verb: "check" | "roles", line: Line): () => string | undefined {
    const name = line.take("a bridge")
    const bridge = this.numberOf(name.text, name)
    line.literal("=")
    const expected = line.rest(verb === "check" ? "a state" : "a role")
    const isRoot = verb === "check" && expected.length === 1 && expected[0].text === "root"
    if (!isRoot) {
      const ports = this.network.bridges[bridge].ports.length
      if (expected.length !== ports) {
        throw new Refusal(expected[0], `${expected.length} words for a bridge of ${ports} ports`)
      }
      for (const word of expected) {
        const known = verb === "roles" ? ROLES.includes(word.text) : STATES.includes(word.text.replace(/:\d+$/, ""))
        if (!known) throw new Refusal(word, `"${word.text}" is none of ${(verb === "roles" ? ROLES : STATES).join(", ")}`)
      }
    }
    const wanted = expected.map(({ text }) => text).join(" ")
    return () => {
      const seen = verb === "roles" ? this.network.roles(bridge) : this.network.states(bridge, isRoot)
      return seen === wanted ? undefined : `bridge ${name.text} is "${seen}", not "${wanted}"`
    }
  }
}
