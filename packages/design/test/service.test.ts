/** Design files on disk: what cannot be read gets its sentence too. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem, Layer, PlatformError } from "effect"
import { Designs } from "@l2lab/design/DesignService"

const FILES: Record<string, Uint8Array> = {
  "good.l2.yml": new TextEncoder().encode("nodes: { sw1:, sw2: }\nlinks: [[sw1, sw2]]\n"),
  "bad.l2.yml": new TextEncoder().encode("nodes: { sw1: { prots: 4 } }\n"),
  "photo.l2.yml": new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 0x00]),
}

const refuse = (file: string, tag: "NotFound" | "PermissionDenied" | "BadResource" | "Unknown") =>
  PlatformError.systemError({ _tag: tag, module: "FileSystem", method: "readFile", pathOrDescriptor: file })

const files = FileSystem.layerNoop({
  readFile: (file) => {
    if (file === "locked.l2.yml") return Effect.fail(refuse(file, "PermissionDenied"))
    if (file === "folder") return Effect.fail(refuse(file, "BadResource"))
    if (file === "broken.l2.yml") return Effect.fail(refuse(file, "Unknown"))
    return Object.hasOwn(FILES, file) ? Effect.succeed(FILES[file]) : Effect.fail(refuse(file, "NotFound"))
  },
})

const layer = Designs.layer.pipe(Layer.provide(files))

const messageOf = (file: string) =>
  Designs.use((designs) => designs.load(file)).pipe(
    Effect.match({ onFailure: (failure) => failure.message, onSuccess: (compiled) => `compiled ${compiled.network.name}` }),
    Effect.provide(layer),
  )

const CASES: ReadonlyArray<readonly [file: string, message: string]> = [
  ["good.l2.yml", "compiled good"],
  ["bad.l2.yml", 'bad.l2.yml:1:17: nodes.sw1.prots: unknown key; did you mean "ports"?'],
  ["absent.l2.yml", "absent.l2.yml: there is no such file: check the name; shipped designs are in the folder designs"],
  ["locked.l2.yml", "locked.l2.yml: the file may not be read: check its permissions"],
  ["folder", "folder: this is not a file that can be read: name a design file, *.l2.yml"],
  ["photo.l2.yml", "photo.l2.yml: the file is not text in UTF-8: a design is a YAML file"],
  ["broken.l2.yml", "broken.l2.yml: the file cannot be read: Unknown: FileSystem.readFile (broken.l2.yml)"],
]

describe("design files", () => {
  for (const [file, message] of CASES) {
    it.effect(file, () =>
      Effect.gen(function* () {
        assert.strictEqual(yield* messageOf(file), message)
      }),
    )
  }
})
