/** Design files on disk: reading and compiling them, with every failure as one `DesignError`. */
import { Context, Effect, FileSystem, Layer, Result } from "effect"
import * as Compile from "./Compile.ts"
import { DesignError, error } from "./DesignError.ts"

/** Reads designs from files. */
export class Designs extends Context.Service<
  Designs,
  {
    /** Read and compile a design file. */
    readonly load: (file: string) => Effect.Effect<Compile.Compiled, DesignError>
  }
>()("design/Designs") {
  /** Over the platform's file system. */
  static readonly layer = Layer.effect(
    Designs,
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const load = Effect.fn("Designs.load")(function* (file: string) {
        const text = yield* fs
          .readFile(file)
          .pipe(Effect.mapError((cause) => refusal(file, sentenceOf(cause.reason._tag, cause.message))))
        const decoded = decodeUtf8(text)
        if (decoded === undefined) return yield* refusal(file, "the file is not text in UTF-8: a design is a YAML file")
        const compiled = Compile.text(decoded, file)
        return Result.isFailure(compiled) ? yield* compiled.failure : compiled.success
      })
      return Designs.of({ load })
    }),
  )
}

const refusal = (file: string, message: string): DesignError =>
  new DesignError({ file, findings: [{ ...error([], message), file, line: 0, column: 0 }] })

const decodeUtf8 = (octets: Uint8Array): string | undefined => {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(octets)
  } catch {
    return undefined
  }
}

const sentenceOf = (tag: string, message: string): string => {
  switch (tag) {
    case "NotFound":
      return "there is no such file: check the name; shipped designs are in the folder designs"
    case "PermissionDenied":
      return "the file may not be read: check its permissions"
    case "BadResource":
      return "this is not a file that can be read: name a design file, *.l2.yml"
    default:
      return `the file cannot be read: ${message.split("\n")[0]}`
  }
}
