/** The shipped JSON Schema: up to date, true of the shipped designs, and not fooled by what the Schema refuses. */
import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import { readdirSync, readFileSync } from "node:fs"
import * as Yaml from "yaml"
import * as DesignFile from "@l2lab/design/DesignFile"
import * as JsonSchema from "@l2lab/design/JsonSchema"

type Json = null | boolean | number | string | ReadonlyArray<Json> | { readonly [key: string]: Json }

/** As much of draft-07 as the file uses; a keyword that is not here fails, so that nothing goes unchecked. */
const isValid = (schema: Record<string, unknown>, value: Json): boolean =>
  Object.entries(schema).every(([keyword, argument]) => {
    const object =
      typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, Json>) : undefined
    switch (keyword) {
      case "$schema":
      case "$id":
      case "title":
      case "description":
      case "default":
      case "examples":
        return true
      case "type":
        return argument === "integer"
          ? Number.isInteger(value)
          : argument === (value === null ? "null" : Array.isArray(value) ? "array" : typeof value)
      case "enum":
        return (argument as ReadonlyArray<Json>).includes(value)
      case "anyOf":
        return (argument as ReadonlyArray<Record<string, unknown>>).some((member) => isValid(member, value))
      case "minimum":
        return typeof value !== "number" || value >= (argument as number)
      case "maximum":
        return typeof value !== "number" || value <= (argument as number)
      case "pattern":
        return typeof value !== "string" || new RegExp(argument as string, "u").test(value)
      case "minItems":
        return !Array.isArray(value) || value.length >= (argument as number)
      case "maxItems":
        return !Array.isArray(value) || value.length <= (argument as number)
      case "items":
        if (!Array.isArray(value)) return true
        return Array.isArray(argument)
          ? value.every((item, i) => i >= argument.length || isValid(argument[i] as Record<string, unknown>, item as Json))
          : value.every((item) => isValid(argument as Record<string, unknown>, item as Json))
      case "required":
        return object === undefined || (argument as ReadonlyArray<string>).every((key) => Object.hasOwn(object, key))
      case "properties":
        return (
          object === undefined ||
          Object.entries(argument as Record<string, Record<string, unknown>>).every(
            ([key, member]) => !Object.hasOwn(object, key) || isValid(member, object[key]),
          )
        )
      case "additionalProperties": {
        if (object === undefined) return true
        const known = (schema["properties"] ?? {}) as Record<string, unknown>
        const others = Object.keys(object).filter((key) => !Object.hasOwn(known, key))
        return argument === false
          ? others.length === 0
          : others.every((key) => isValid(argument as Record<string, unknown>, object[key]))
      }
      default:
        throw new Error(`the test does not know the keyword ${keyword}`)
    }
  })

const schema = JsonSchema.make()
const DESIGNS = new URL("../../../designs/", import.meta.url)

describe("the JSON Schema", () => {
  it("as shipped is the one that the Schema gives (pnpm --filter @l2lab/design generate writes it)", () => {
    const shipped = readFileSync(new URL("../schema/l2lab.schema.json", import.meta.url), "utf8")
    assert.strictEqual(shipped, JsonSchema.text())
  })

  for (const name of readdirSync(DESIGNS).filter((file) => file.endsWith(".l2.yml"))) {
    it(`holds of ${name}`, () => {
      const text = readFileSync(new URL(name, DESIGNS), "utf8")
      assert.isTrue(isValid(schema, Yaml.parse(text) as Json))
      assert.isTrue(Result.isSuccess(DesignFile.parse(text, name)))
      assert.match(text, /^# yaml-language-server: \$schema=\.\.\/packages\/design\/schema\/l2lab\.schema\.json\n/)
    })
  }

  const WRONG: ReadonlyArray<string> = [
    "nodes: { sw1: { prots: 4 } }",
    "spanning-tree: {}",
    "nodes: { sw1: { kind: swich } }",
    "nodes: { pc: { kind: host } }",
    "nodes: { sw1: { mac: 02:00:00:00:00:0g } }",
    "nodes: { sw1: { port: { 1: { vlan: 4095 } } } }",
    "vlans: [4095]",
    "vlans: [a]",
    "defaults: { link: { rate: 10 } }",
    "defaults: { link: { rate: 1g } }",
    "defaults: { link: { latency: 5 } }",
    "defaults: { link: { queue: 1MB } }",
    "links: [[sw1]]",
    "links: [[sw1, sw2, sw3]]",
    "links: [{ end: [sw1, sw2] }]",
    "links: [[sw1, 'sw2:']]",
    "farm: { acess: 3 }",
    "vms: { a: { host: x } }",
    "nodes: 5",
  ]
  for (const text of WRONG) {
    it(`refuses ${text}, as the Schema does`, () => {
      assert.isFalse(isValid(schema, Yaml.parse(text) as Json))
      const parsed = DesignFile.parse(text, "x")
      assert.isTrue(Result.isFailure(parsed) || parsed.success.problems.length > 0)
    })
  }
})
