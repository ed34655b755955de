/** What a port takes of the traffic that comes in, as keys of a design: storm control and port security. */
import type { PortSecurityConfig } from "@l2lab/l2/PortSecurity"
import type { StormControlConfig, StormLevel } from "@l2lab/l2/StormControl"
import { Schema } from "effect"
import { macOf } from "./Hypervisors.ts"
import { optional, required } from "./Key.ts"
import type { PortSettings } from "./Network.ts"
import { integer, Mac, Time, YesNo } from "./Scalars.ts"
import { timeNsOf } from "./Units.ts"

const LEVEL = /^(\d+(?:\.\d+)?) *(%|pps|[kMG]?bps)$/
const EXPECTED = "a level like 20%, 1000pps or 10Mbps"

const LevelText = Schema.String.annotate({ expected: EXPECTED }).check(
  Schema.makeFilter(
    (text: string) => (LEVEL.test(text) ? undefined : `"${text}" is no level: write it like 20%, 1000pps or 10Mbps`),
    { toJsonSchema: () => [{ pattern: LEVEL.source }, true] },
  ),
)

const Level = Schema.Union([
  LevelText,
  Schema.Struct({
    rising: required(LevelText, { description: "Above it the class is filtered. Required.", examples: ["20%"] }),
    falling: optional(LevelText, { description: "Below it the class is let in again.", otherwise: "the rising one" }),
  }),
]).annotate({ expected: `${EXPECTED}, or a block like {rising: 20%, falling: 10%}` })

const level = (of: string) =>
  optional(Level, { description: `Level of ${of} that the port takes in a second.`, otherwise: "any", examples: ["20%"] })

/** Storm control of a port. */
export const StormControlBlock = Schema.Struct({
  broadcast: level("broadcast"),
  multicast: level("multicast"),
  unicast: level("unicast, to known and unknown addresses"),
  unknownUnicast: level("unicast to unknown addresses"),
  action: optional(Schema.Literals(["filter", "shutdown", "trap"]), {
    description: "What a storm does: it is filtered; it takes the port out of service; it is filtered and told of.",
    default: "filter",
  }),
  takesBpdus: optional(YesNo, {
    description: "The platform counts BPDUs as multicast and filters them too; Catalysts do not.",
    default: false,
  }),
}).annotate({ expected: "a block like {broadcast: 1%, action: shutdown}" })

/** Port security of a port. */
export const PortSecurityBlock = Schema.Struct({
  maximum: optional(integer("a number of addresses from 1 to 8320", 1, 8320), {
    description: "Most source addresses that the port takes.",
    default: 1,
  }),
  violation: optional(Schema.Literals(["protect", "restrict", "shutdown"]), {
    description: "What a frame of any other does: it is dropped; dropped, counted and told of; it takes the port out of service.",
    default: "shutdown",
  }),
  sticky: optional(YesNo, { description: "Addresses that are learnt stay until the switch is switched off.", default: false }),
  addresses: optional(Schema.Array(Mac).annotate({ expected: "a list of addresses like [02:00:00:00:00:01]" }), {
    description: "Addresses that are secure from the start.",
    default: [],
    examples: [["02:00:00:00:00:01"]],
  }),
  ageing: optional(Time, {
    description: "Learnt addresses are forgotten after so long, from 1s to 1440min; 0s = they stay.",
    otherwise: "they stay",
  }),
  ageingType: optional(Schema.Literals(["absolute", "inactivity"]), {
    description: "Counted since the address was learnt, or since it was last heard.",
    default: "absolute",
  }),
}).annotate({ expected: "a block like {maximum: 2, violation: restrict}" })

/** Keys of a switch port. */
export const TRAFFIC_KEYS = {
  stormControl: optional(StormControlBlock, {
    description: "How much broadcast, multicast and unicast the port takes in a second.",
    otherwise: "as much as comes",
  }),
  portSecurity: optional(PortSecurityBlock, {
    description: "Which source addresses the port takes, and how many; {} is one address and shutdown.",
    otherwise: "all",
  }),
  pduRate: optional(integer("a number of PDUs a second from 1 to 100000", 1, 100_000), {
    description: "PDUs that the port hands to the switch's processor in a second, with as many at once; more are dropped.",
    otherwise: "`controlPlane.pduRatePerPort`",
  }),
}

const SCALE: Readonly<Record<string, number>> = { kbps: 1e3, Mbps: 1e6, Gbps: 1e9 }

const parse = (text: string): Pick<StormLevel, "unit" | "rising"> => {
  const [, amount = "0", unit = "%"] = LEVEL.exec(text) ?? []
  if (unit === "%") return { unit: "percent", rising: Number(amount) }
  return unit === "pps"
    ? { unit, rising: Number(amount) }
    : { unit: "bps", rising: Math.round(Number(amount) * (SCALE[unit] ?? 1)) }
}

/** A level as the bridge has it. Units of the two thresholds that differ are a rule's business: both are kept as written. */
const levelOf = (written: typeof Level.Type | undefined): StormLevel | undefined => {
  if (written === undefined) return undefined
  if (typeof written === "string") return parse(written)
  return { ...parse(written.rising), ...(written.falling === undefined ? {} : { falling: parse(written.falling).rising }) }
}

/** Whether both thresholds of a level are in one unit. */
export const isOneUnit = (written: typeof Level.Type | undefined): boolean =>
  written === undefined ||
  typeof written === "string" ||
  written.falling === undefined ||
  parse(written.rising).unit === parse(written.falling).unit

const stormControlOf = (block: typeof StormControlBlock.Type): StormControlConfig => {
  const levels = {
    broadcast: levelOf(block.broadcast),
    multicast: levelOf(block.multicast),
    unicast: levelOf(block.unicast),
    unknownUnicast: levelOf(block.unknownUnicast),
  }
  return {
    ...(Object.fromEntries(Object.entries(levels).filter(([, each]) => each !== undefined)) as StormControlConfig),
    action: block.action ?? "filter",
    ...(block.takesBpdus === true ? { takesBpdus: true } : {}),
  }
}

const portSecurityOf = (block: typeof PortSecurityBlock.Type): PortSecurityConfig => {
  const ageingNs = timeNsOf(block.ageing ?? "0s")
  return {
    maximum: block.maximum ?? 1,
    violation: block.violation ?? "shutdown",
    sticky: block.sticky ?? false,
    addresses: (block.addresses ?? []).map(macOf),
    ...(ageingNs === 0 ? {} : { ageingNs }),
    ageingType: block.ageingType ?? "absolute",
  }
}

/** What the keys of a port become. */
export const settleTraffic = (block: {
  readonly stormControl?: typeof StormControlBlock.Type | undefined
  readonly portSecurity?: typeof PortSecurityBlock.Type | undefined
  readonly pduRate?: number | undefined
}): Pick<PortSettings, "pduRate" | "portSecurity" | "stormControl"> => ({
  ...(block.stormControl === undefined ? {} : { stormControl: stormControlOf(block.stormControl) }),
  ...(block.portSecurity === undefined ? {} : { portSecurity: portSecurityOf(block.portSecurity) }),
  ...(block.pduRate === undefined ? {} : { pduRate: block.pduRate }),
})
