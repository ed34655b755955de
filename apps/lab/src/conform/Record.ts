/**
 * A recorded case of what a real implementation did: a network, events, and what it settled to after each. One JSON object a line.
 * Decoded by Schema; what names things (bridges, ports, segments) is checked here too, so that a network can be built from a record
 * without looking back.
 *
 * Records carry more than is compared (notes, and transitions, which a test reads): unknown members are let pass.
 */
import * as MacAddress from "@l2lab/l2/MacAddress"
import { Result, Schema, SchemaIssue } from "effect"

const NonNegative = Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))
const Priority16 = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 65_535 }))
const Priority8 = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 255 }))
const PortNo = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 4_095 }))
const Cost = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 0xffffffff }))
/** 0.004 to 255 s: what a BPDU can say. */
const Seconds = Schema.Finite.check(Schema.isBetween({ minimum: 1 / 256, maximum: 255 }))
const Duration = Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 1_000_000 }))

const Attachment = Schema.Tuple([Schema.String, PortNo])
/** The segment that a port is plugged into; null or absent: none, a live link with nobody at its other end. */
const SegmentName = Schema.optionalKey(Schema.NullOr(Schema.String))

/** An instance of 802.1Q by its number; 0 is the CIST. */
const Mstid = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 4_094 }))
const MstidText = Schema.String.check(Schema.isPattern(/^\d{1,4}$/, { message: "expected an MSTID like 1" }))
const VlanId = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 4_094 }))

const Port = Schema.Struct({
  no: PortNo,
  /** In records of MSTP the external cost of the CIST. */
  cost: Schema.optionalKey(Cost),
  internal_cost: Schema.optionalKey(Cost),
  priority: Schema.optionalKey(Priority8),
  /** By MSTID; a cost is the internal one. */
  msti: Schema.optionalKey(
    Schema.Record(MstidText, Schema.Struct({ cost: Schema.optionalKey(Cost), priority: Schema.optionalKey(Priority8) })),
  ),
  segment: SegmentName,
})

const Region = Schema.Struct({
  id: Schema.NonEmptyString,
  name: Schema.String,
  revision: Priority16,
  /** Ranges of VLANs: the first, the last, the MSTID. */
  vlans: Schema.Array(Schema.Tuple([VlanId, VlanId, Mstid])),
  /** The MSTIs of the region, those without VLANs too. */
  mstis: Schema.optionalKey(Schema.Array(Mstid)),
})

const Bridge = Schema.Struct({
  name: Schema.NonEmptyString,
  mac: MacAddress.Text,
  priority: Schema.optionalKey(Priority16),
  /** Where not all bridges run one protocol: which this one does; `rstp-v0` is RSTP forced to version 0. */
  mode: Schema.optionalKey(Schema.Literals(["stp", "rstp", "rstp-v0", "mstp"])),
  /** The region that it begins in. */
  region: Schema.optionalKey(Schema.NullOr(Schema.String)),
  /** By MSTID. */
  msti: Schema.optionalKey(Schema.Record(MstidText, Schema.Struct({ priority: Schema.optionalKey(Priority16) }))),
  ports: Schema.Array(Port),
})

const Segment = Schema.Struct({
  name: Schema.NonEmptyString,
  via: Schema.Literals(["direct", "edge", "hub"]),
  attachments: Schema.Array(Attachment),
})

const OnBridge = { bridge: Schema.String }
const OnPort = { bridge: Schema.String, port: PortNo }

/** The CIST if absent. */
const OfTree = { msti: Schema.optionalKey(Mstid) }

const SingleEvent = Schema.Union([
  Schema.Struct({ type: Schema.Literals(["start", "none"]) }),
  Schema.Struct({ type: Schema.Literals(["link-down", "link-up"]), segment: Schema.String }),
  Schema.Struct({ type: Schema.Literals(["port-down", "port-up"]), ...OnPort }),
  Schema.Struct({ type: Schema.Literals(["bridge-remove", "bridge-silent", "bridge-up"]), ...OnBridge }),
  Schema.Struct({ type: Schema.Literal("set-bridge-priority"), ...OnBridge, ...OfTree, priority: Priority16 }),
  Schema.Struct({
    type: Schema.Literal("set-port-cost"),
    ...OnPort,
    ...OfTree,
    cost: Cost,
    external: Schema.optionalKey(Schema.Boolean),
  }),
  Schema.Struct({ type: Schema.Literal("set-port-priority"), ...OnPort, ...OfTree, priority: Priority8 }),
  Schema.Struct({ type: Schema.Literal("set-region"), ...OnBridge, region: Schema.String }),
  Schema.Struct({ type: Schema.Literal("port-move"), ...OnPort, segment: SegmentName, to: SegmentName }),
])

/** Several events at one instant. */
const ManyEvents = Schema.Struct({
  type: Schema.Literal("multi"),
  events: Schema.optionalKey(Schema.Array(SingleEvent)),
})

const Id = Schema.String.check(
  Schema.isPattern(/^[0-9a-f]{4}\.[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i, {
    message: "expected a bridge identifier like 8000.02:00:00:00:00:01",
  }),
)
const PortId = Schema.String.check(Schema.isPattern(/^[0-9a-f]{1,4}$/i, { message: "expected a port identifier like 8001" }))
const State = Schema.Literals(["disabled", "blocking", "discarding", "listening", "learning", "forwarding"])
/** What was not recorded is absent or null. */
const recorded = <S extends Schema.Top>(schema: S) => Schema.optionalKey(Schema.NullOr(schema))

/** What a record of MSTP has of a port in any tree. */
const ObservedTreePort = {
  port_id: recorded(PortId),
  cost: recorded(NonNegative),
  state: recorded(State),
  role: recorded(Schema.String),
  designated_regional_root: recorded(Id),
  designated_internal_cost: recorded(NonNegative),
  designated_bridge: recorded(Id),
  designated_port: recorded(PortId),
}

const ObservedMsti = Schema.Struct({
  bridge_id: recorded(Id),
  regional_root: recorded(Id),
  internal_path_cost: recorded(NonNegative),
  root_port: recorded(NonNegative),
  ports: recorded(Schema.Record(Schema.String, Schema.Struct(ObservedTreePort))),
})

const ObservedPort = Schema.Struct({
  ...ObservedTreePort,
  internal_cost: recorded(NonNegative),
  /** Raw flags of 802.1Q's machines; those that are left over from the past are not compared. */
  info_is: recorded(Schema.Literals(["Mine", "Received", "Aged", "Disabled"])),
  rcvd_internal: recorded(Schema.Boolean),
  info_internal: recorded(Schema.Boolean),
  send_rstp: recorded(Schema.Boolean),
  oper_edge: recorded(Schema.Boolean),
  disputed: recorded(Schema.Boolean),
  designated_root: recorded(Id),
  designated_cost: recorded(NonNegative),
  /** A fact of a textbook figure: this is not the root port. */
  not_root_port: recorded(Schema.Boolean),
})

const ObservedBridge = Schema.Struct({
  bridge_id: recorded(Id),
  root: recorded(Id),
  root_path_cost: recorded(NonNegative),
  /** Port number; 0 at the root. */
  root_port: recorded(NonNegative),
  regional_root: recorded(Id),
  internal_path_cost: recorded(NonNegative),
  mst_config: recorded(Schema.Struct({ name: Schema.String, revision: NonNegative, digest: Schema.String })),
  ports: recorded(Schema.Record(Schema.String, ObservedPort)),
  /** By MSTID. */
  msti: recorded(Schema.Record(MstidText, ObservedMsti)),
  /** Facts of textbook figures: the bridge is (not) the root; every live port is in (one of) these states; these are not the root port. */
  is_root: recorded(Schema.Boolean),
  all_ports_in: recorded(Schema.Union([State, Schema.Array(State)])),
  not_root_port: recorded(Schema.Union([Schema.Boolean, PortNo, Schema.Array(PortNo)])),
})

const Step = Schema.Struct({
  do: Schema.Union([SingleEvent, ManyEvents]),
  /** The attachments that have no carrier after the event. */
  ports_down: recorded(Schema.Array(Attachment)),
  /** The bridges that are silent after the event. */
  silent: recorded(Schema.Array(Schema.String)),
  /** Last change of a port's state (or role) after the event. */
  converged_after_s: recorded(Duration),
  /** Run for so long instead of until settled. */
  run_s: recorded(Duration),
  observed: recorded(Schema.Record(Schema.String, ObservedBridge)),
})

const Timers = Schema.Struct({
  hello_s: Seconds,
  forward_delay_s: Seconds,
  max_age_s: Seconds,
  max_hops: Schema.optionalKey(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 255 }))),
})

/** The protocols of records that are emulated. */
const EMULATED = ["stp", "rstp", "mixed", "mstp"] as const

const Golden = Schema.Struct({
  id: Schema.NonEmptyString,
  source: Schema.optionalKey(Schema.String),
  kind: Schema.optionalKey(Schema.String),
  protocol: Schema.Literals(EMULATED),
  timers: Schema.optionalKey(Timers),
  regions: Schema.optionalKey(Schema.Array(Region)),
  bridges: Schema.NonEmptyArray(Bridge),
  segments: Schema.Array(Segment),
  steps: Schema.NonEmptyArray(Step),
})

export type GoldenRecord = typeof Golden.Type
export type GoldenBridge = typeof Bridge.Type
export type GoldenSegment = typeof Segment.Type
export type GoldenStep = typeof Step.Type
export type GoldenEvent = typeof SingleEvent.Type
export type GoldenObservedBridge = typeof ObservedBridge.Type
export type GoldenObservedPort = typeof ObservedPort.Type
export type GoldenObservedMsti = typeof ObservedMsti.Type
export type GoldenRegion = typeof Region.Type

/** A record of a protocol that is not emulated yet: it counts as failed, with this sentence. */
export interface Unsupported {
  readonly id: string
  readonly unsupported: string
}

/** What one line may hold. */
export type Line = GoldenRecord | Unsupported

export const isUnsupported = (line: Line): line is Unsupported => "unsupported" in line

const EMULATED_WORDS = '"stp", "rstp", "mixed" and "mstp"'

const Header = Schema.Struct({ id: Schema.NonEmptyString, protocol: Schema.String })

const EVENT_TYPES = [
  "start",
  "none",
  "link-down",
  "link-up",
  "port-down",
  "port-up",
  "port-move",
  "bridge-remove",
  "bridge-silent",
  "bridge-up",
  "set-bridge-priority",
  "set-port-cost",
  "set-port-priority",
  "set-region",
  "multi",
] as const

/** A look at the kinds of events only: a union tells badly which of its members was meant. */
const EventTypes = Schema.Struct({
  steps: Schema.Array(
    Schema.Struct({
      do: Schema.Struct({
        type: Schema.Literals(EVENT_TYPES).annotate({ message: `expected one of ${EVENT_TYPES.join(", ")}` }),
      }),
    }),
  ),
})

/** Read one line. The failure is a phrase that follows a file name and line number. */
export const parse = (text: string): Result.Result<Line, string> => {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    const cut = text.startsWith("{") && !text.trimEnd().endsWith("}")
    return Result.fail(
      cut
        ? `the record ends in the middle, after ${text.length} characters; the file seems to be cut off`
        : "not a JSON record; golden files hold one JSON object a line",
    )
  }
  const header = Schema.decodeUnknownResult(Header)(json)
  if (Result.isFailure(header)) return Result.fail(phrase(header.failure))
  const { id, protocol } = header.success
  if (!EMULATED.some((known) => known === protocol)) {
    return Result.succeed({ id, unsupported: `protocol "${protocol}" is unknown; ${EMULATED_WORDS} are emulated` })
  }
  spellOut(json)
  const events = Schema.decodeUnknownResult(EventTypes)(json)
  if (Result.isFailure(events)) return Result.fail(phrase(events.failure))
  const record = Schema.decodeUnknownResult(Golden)(json)
  if (Result.isFailure(record)) return Result.fail(phrase(record.failure))
  const contradiction = check(record.success)
  return contradiction === undefined ? Result.succeed(record.success) : Result.fail(contradiction)
}

const isObject = (value: unknown): value is { [name: string]: unknown } =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const isListOfEvents = (value: unknown): boolean =>
  Array.isArray(value) && value.length > 0 && value.every((one) => isObject(one) && typeof one.type === "string")

/** Records write the same in several ways: an event by its name alone, several as a bare list or under a name of their own. */
const spellOut = (record: unknown): void => {
  if (!isObject(record) || !Array.isArray(record.steps)) return
  for (const step of record.steps) {
    if (!isObject(step)) continue
    if (typeof step.do === "string") step.do = { type: step.do }
    else if (isListOfEvents(step.do)) step.do = { type: "multi", events: step.do }
    else if (isObject(step.do) && step.do.type === "multi" && step.do.events === undefined) {
      const events = Object.values(step.do).find(isListOfEvents)
      if (events !== undefined) step.do = { ...step.do, events }
    }
  }
}

/** The first thing wrong, as `bridges.0.mac: expected ...`. */
const phrase = (error: Schema.SchemaError): string => {
  const [issue] = SchemaIssue.makeFormatterStandardSchemaV1()(error.issue).issues
  const path = (issue.path ?? []).map((part) => String(typeof part === "object" ? part.key : part)).join(".")
  const [message] = issue.message.split("\n")
  if (message === "Missing key") return `${path} is missing`
  return path === "" ? message : `${path}: ${message.length > 300 ? `${message.slice(0, 297)}...` : message}`
}

/** The events of a step, in order. */
export const eventsOf = (step: GoldenStep): ReadonlyArray<GoldenEvent> => {
  const what = step.do
  if (what.type !== "multi") return [what]
  return what.events ?? []
}

/** The segment that a port is moved to; null = none, a live link with nobody at its other end. */
export const destinationOf = (event: Extract<GoldenEvent, { readonly type: "port-move" }>): string | null =>
  event.segment ?? event.to ?? null

/** `link-down s3`, `set-port-cost b1:2 5`. */
export const formatEvent = (event: GoldenEvent): string => {
  const words: Array<string> = [event.type]
  if ("bridge" in event) words.push("port" in event ? `${event.bridge}:${event.port}` : event.bridge)
  if (event.type === "port-move") words.push(destinationOf(event) ?? "nowhere")
  else if ("segment" in event) words.push(event.segment)
  if ("msti" in event && event.msti !== undefined && event.msti !== 0) words.push(`msti ${event.msti}`)
  if ("region" in event) words.push(event.region)
  if ("priority" in event) words.push(String(event.priority))
  if ("cost" in event) words.push(String(event.cost))
  return words.join(" ")
}

/** What a record says about things that it does not have. */
const check = (record: GoldenRecord): string | undefined => {
  const ports = new Map<string, Set<number>>()
  for (const bridge of record.bridges) {
    if (ports.has(bridge.name)) return `two bridges are called "${bridge.name}"`
    ports.set(bridge.name, new Set(bridge.ports.map((port) => port.no)))
    if (ports.get(bridge.name)!.size < bridge.ports.length) return `bridge ${bridge.name}: two ports have one number`
  }
  const missing = (bridge: string, port: number): string | undefined =>
    !ports.has(bridge)
      ? `bridge "${bridge}" is not in the record`
      : ports.get(bridge)!.has(port)
        ? undefined
        : `bridge ${bridge} has no port ${port}`
  const regions = new Set<string>(record.regions?.map((region) => region.id))
  for (const bridge of record.bridges) {
    if (bridge.region == null || regions.has(bridge.region)) continue
    return `bridge ${bridge.name}: region "${bridge.region}" is not in the record`
  }
  const segments = new Set<string>()
  const used = new Set<string>()
  for (const { attachments, name, via } of record.segments) {
    if (segments.has(name)) return `two segments are called "${name}"`
    segments.add(name)
    if (via === "direct" && attachments.length > 2)
      return `segment ${name}: a direct cable has two ends, not ${attachments.length}`
    for (const [bridge, port] of attachments) {
      const fault = missing(bridge, port)
      if (fault !== undefined) return `segment ${name}: ${fault}`
      if (used.has(`${bridge}:${port}`)) return `segment ${name}: ${bridge}:${port} is plugged in twice`
      used.add(`${bridge}:${port}`)
    }
  }
  for (const bridge of record.bridges) {
    for (const port of bridge.ports) {
      if (port.segment == null || segments.has(port.segment)) continue
      return `bridge ${bridge.name} port ${port.no}: segment "${port.segment}" is not in the record`
    }
  }
  for (const [index, step] of record.steps.entries()) {
    const where = `step ${index + 1}`
    if (eventsOf(step).length === 0) return `${where}: multi without events; give them as a list, events: [{ type: ... }, ...]`
    for (const event of eventsOf(step)) {
      const target = event.type === "port-move" ? destinationOf(event) : "segment" in event ? event.segment : undefined
      if (typeof target === "string" && !segments.has(target)) return `${where}: segment "${target}" is not in the record`
      if (event.type === "set-region" && !regions.has(event.region)) {
        return `${where}: region "${event.region}" is not in the record`
      }
      if (!("bridge" in event)) continue
      const fault =
        "port" in event
          ? missing(event.bridge, event.port)
          : ports.has(event.bridge)
            ? undefined
            : `bridge "${event.bridge}" is not in the record`
      if (fault !== undefined) return `${where}: ${fault}`
    }
    for (const [bridge, port] of step.ports_down ?? []) {
      const fault = missing(bridge, port)
      if (fault !== undefined) return `${where}, ports_down: ${fault}`
    }
    for (const bridge of [...(step.silent ?? []), ...Object.keys(step.observed ?? {})]) {
      if (!ports.has(bridge)) return `${where}: bridge "${bridge}" is not in the record`
    }
    for (const [bridge, observed] of Object.entries(step.observed ?? {})) {
      for (const port of Object.keys(observed.ports ?? {})) {
        const fault = missing(bridge, Number(port))
        if (fault !== undefined) return `${where}, observed: ${fault}`
      }
    }
  }
  return undefined
}
