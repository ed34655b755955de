/**
 * The JSON Schema of the design file, for editors: completion, descriptions, and a first check while typing. It is made from the Schema
 * in `Design.ts` and shipped as `schema/l2lab.schema.json`; a test keeps the two in step.
 *
 * The file says what JSON Schema can say: kinds of values, patterns, ranges. References between parts (a link's node, a VM's host) are
 * checked when the design is read.
 */
import { JsonSchema as EffectJsonSchema, Schema } from "effect"
import { Design } from "./Design.ts"

/** The address that the schema calls itself by. */
export const ID = "l2lab.schema.json"

/** The schema as plain data, in draft-07: what editors' YAML extensions read best. */
export const make = (): Record<string, unknown> => {
  const document = EffectJsonSchema.toDocumentDraft07(Schema.toJsonSchemaDocument(Design, { onExcessProperty: "error" }))
  const schema: Record<string, unknown> = {
    $schema: "http://json-schema.org/draft-07/schema#",
    $id: ID,
    title: "l2lab design",
    description: "A network of switches, hubs, hosts and hypervisors: nodes, links, VLANs, spanning tree, VMs.",
    ...document.schema,
    ...(Object.keys(document.definitions).length === 0 ? {} : { definitions: document.definitions }),
  }
  allowEmptyMappings(schema)
  return schema
}

/** The text of the shipped file. */
export const text = (): string => `${JSON.stringify(make(), null, 2)}\n`

// Record keys come out as `propertyNames: {type: string}`, which says nothing: all keys of JSON are strings.
const allowEmptyMappings = (schema: unknown): void => {
  if (typeof schema !== "object" || schema === null) return
  if ("propertyNames" in schema && JSON.stringify(schema.propertyNames) === '{"type":"string"}') delete schema.propertyNames
  for (const value of Object.values(schema)) allowEmptyMappings(value)
}
