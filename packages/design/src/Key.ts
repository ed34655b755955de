/** Keys of a design's blocks: a Schema with what editors show of it. */
import { Schema } from "effect"

/** What a key's documentation says beyond its type: editors show it, and docs/design-file.md must agree. */
export interface KeyDoc {
  readonly description: string
  /** What holds when the key is left out, as a value; */
  readonly default?: unknown
  /** or in words, where it is not one value. */
  readonly otherwise?: string
  readonly examples?: ReadonlyArray<unknown>
}

/** A key that may be left out. */
export const optional = <S extends Schema.Top>(schema: S, { otherwise, ...doc }: KeyDoc) =>
  Schema.optionalKey(
    schema.annotate({
      ...doc,
      description: otherwise === undefined ? doc.description : `${doc.description} Default: ${otherwise}.`,
    }) as S,
  )

/** A key that must be there. */
export const required = <S extends Schema.Top>(schema: S, doc: KeyDoc) => schema.annotate({ ...doc }) as S

/** A mapping from names to blocks, of which any may be left empty (`sw1:`). */
export const mapping = <S extends Schema.Top>(value: S, expected: string) =>
  Schema.Record(Schema.String, value).annotate({ expected })
