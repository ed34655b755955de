/** Writes what is made from the Schema: `schema/l2lab.schema.json`, and the tables of docs/design-file.md. */
import { readFileSync, writeFileSync } from "node:fs"
import * as JsonSchema from "../src/JsonSchema.ts"
import * as Reference from "../src/Reference.ts"

const page = new URL("../../../docs/design-file.md", import.meta.url)
writeFileSync(new URL("../schema/l2lab.schema.json", import.meta.url), JsonSchema.text())
writeFileSync(page, Reference.fill(readFileSync(page, "utf8")))
