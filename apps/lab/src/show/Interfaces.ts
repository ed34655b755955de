/**
 * `show interfaces` and `show interfaces status`, after the manner of Catalyst switches: state, rate, counters, and every reason for
 * which frames were dropped. What the emulator has no notion of (media, ARP, load averages) is left out rather than invented.
 */
import * as MacAddress from "@l2lab/l2/MacAddress"

/** What an interface is up to, in the words of `show interfaces status`. */
export type InterfaceStatus = "connected" | "notconnect" | "disabled" | "err-disabled" | "inactive"

export interface InterfaceView {
  /** `GigabitEthernet0/1` and `Gi0/1`. */
  readonly name: string
  readonly shortName: string
  readonly address: MacAddress.MacAddress
  /** Absent: none was configured. */
  readonly description?: string
  /** The other end of the cable, `sw2:1`; absent without one. */
  readonly peer?: string
  /** Of a port-channel: the members that are in it. */
  readonly members?: ReadonlyArray<string>
  readonly status: InterfaceStatus
  /** Why it is err-disabled; absent when it is not. */
  readonly errdisableCause?: string
  /** The VLAN of an access port, or `trunk`. */
  readonly vlan: number | "trunk"
  readonly mtu: number
  readonly rateBps: number
  readonly fullDuplex: boolean
  readonly latencyNs: number
  /** Octets that wait or are being sent now, and how many may wait. */
  readonly queuedOctets: number
  readonly queueLimitOctets: number
  readonly input: CountersView & {
    readonly crcErrors: number
    /** Fragments of frames that collided, shorter than any frame. */
    readonly runts: number
    /** Frames that the bridge did not relay, by reason; reasons that never occurred may be absent. */
    readonly drops: ReadonlyArray<ReasonView>
  }
  readonly output: CountersView & {
    readonly tailDrops: number
    readonly mtuDrops: number
    /** Sent and never arrived. */
    readonly lostOnLink: number
    /** Of a half-duplex end whose other end is full duplex. */
    readonly collisions: number
    readonly lateCollisions: number
    readonly excessiveCollisions: number
    readonly deferred: number
  }
}

export interface CountersView {
  readonly frames: number
  readonly octets: number
}

export interface ReasonView {
  readonly reason: string
  readonly frames: number
}

const HEADINGS: Readonly<Record<InterfaceStatus, string>> = {
  connected: "is up, line protocol is up (connected)",
  notconnect: "is down, line protocol is down (notconnect)",
  disabled: "is administratively down, line protocol is down (disabled)",
  "err-disabled": "is down, line protocol is down (err-disabled)",
  // Its cable has a carrier; its VLAN does not exist.
  inactive: "is up, line protocol is down (inactive)",
}

/** `10`, `100`, `1000`, `10G`: a rate as the Speed column has it. */
const speed = (rateBps: number): string => (rateBps >= 2e9 ? `${rateBps / 1e9}G` : String(rateBps / 1e6))

/** `100Mb/s`, `10Gb/s`. */
const speedInWords = (rateBps: number): string => (rateBps >= 2e9 ? `${rateBps / 1e9}Gb/s` : `${rateBps / 1e6}Mb/s`)

/** Whether its link has a carrier. */
const isUp = ({ status }: InterfaceView): boolean => status === "connected" || status === "inactive"

const sum = (reasons: ReadonlyArray<ReasonView>): number => reasons.reduce((total, { frames }) => total + frames, 0)

/** What a half-duplex end counts; nothing where there is nothing. */
const collisionLines = ({ collisions, deferred, excessiveCollisions, lateCollisions }: InterfaceView["output"]) =>
  collisions + deferred === 0
    ? []
    : [
        `     ${lateCollisions + excessiveCollisions} output errors, ${collisions} collisions`,
        `     ${lateCollisions} late collision, ${deferred} deferred`,
        ...(excessiveCollisions === 0 ? [] : [`     ${excessiveCollisions} excessive collisions`]),
      ]

/** The block of one interface. */
export const block = (view: InterfaceView): ReadonlyArray<string> => {
  const { input, output } = view
  const address = MacAddress.formatDotted(view.address)
  const drops = input.drops.filter(({ frames }) => frames > 0)
  const outputDrops = output.tailDrops + output.mtuDrops
  const up = isUp(view)
  const duplex = up ? (view.fullDuplex ? "Full-duplex" : "Half-duplex") : "Auto-duplex"
  const rate = up ? speedInWords(view.rateBps) : "Auto-speed"
  return [
    `${view.name} ${HEADINGS[view.status]}`,
    `  Hardware is Ethernet, address is ${address} (bia ${address})`,
    ...(view.description === undefined ? [] : [`  Description: ${view.description}`]),
    ...(view.peer === undefined ? [] : [`  Cable to ${view.peer}`]),
    `  MTU ${view.mtu} bytes, BW ${view.rateBps / 1000} Kbit/sec, DLY ${view.latencyNs / 1000} usec`,
    `  ${duplex}, ${rate}`,
    ...(view.members === undefined ? [] : [`  Members in this channel: ${view.members.join(" ")}`.trimEnd()]),
    `  Output queue: ${view.queuedOctets}/${view.queueLimitOctets} (octets/max); Total output drops: ${outputDrops}`,
    `     ${input.frames} packets input, ${input.octets} bytes`,
    ...(input.runts === 0 ? [] : [`     ${input.runts} runts`]),
    `     ${input.crcErrors + input.runts} input errors, ${input.crcErrors} CRC`,
    `     ${sum(drops)} input drops${drops.length === 0 ? "" : ":"}`,
    ...drops.map(({ reason, frames }) => `       ${frames} ${reason}`),
    `     ${output.frames} packets output, ${output.octets} bytes`,
    `     ${outputDrops} output drops${outputDrops === 0 ? "" : ":"}`,
    ...(output.tailDrops === 0 ? [] : [`       ${output.tailDrops} output queue full`]),
    ...(output.mtuDrops === 0 ? [] : [`       ${output.mtuDrops} longer than the MTU`]),
    ...collisionLines(output),
    ...(output.lostOnLink === 0 ? [] : [`     ${output.lostOnLink} lost on the link`]),
  ]
}

/** The blocks of several interfaces. */
export const lines = (views: ReadonlyArray<InterfaceView>): ReadonlyArray<string> => views.flatMap(block)

/** The table of `show interfaces status`. The Name column holds the description, or else the other end of the cable. */
export const statusLines = (views: ReadonlyArray<InterfaceView>): ReadonlyArray<string> => [
  "",
  "Port      Name               Status       Vlan       Duplex  Speed Type",
  ...views.map((view) => {
    const up = isUp(view)
    const duplex = up ? (view.fullDuplex ? "full" : "half") : "auto"
    return [
      view.shortName.padEnd(9),
      (view.description ?? view.peer ?? "").slice(0, 18).padEnd(18),
      view.status.padEnd(12),
      String(view.vlan).padEnd(10),
      duplex.padStart(6),
      (up ? speed(view.rateBps) : "auto").padStart(6),
    ]
      .join(" ")
      .trimEnd()
  }),
  "",
]

/** For machines: the views as they are, with addresses as text, absent values null and a total of the input drops. */
export const json = (views: ReadonlyArray<InterfaceView>): ReadonlyArray<object> =>
  views.map((view) => ({
    ...view,
    address: MacAddress.format(view.address),
    description: view.description ?? null,
    peer: view.peer ?? null,
    members: view.members ?? null,
    errdisableCause: view.errdisableCause ?? null,
    input: {
      ...view.input,
      drops: view.input.drops.filter(({ frames }) => frames > 0),
      totalDrops: sum(view.input.drops),
    },
  }))
