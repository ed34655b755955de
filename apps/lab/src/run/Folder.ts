/** Folders that a flag names. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Path from "effect/Path"
import { badInput, type InputError } from "../Failure.ts"
import { isMissing, why } from "../report/TextSink.ts"

/** Make the folder of `--flag` where it is not there, and those above it. */
export const make = (flag: string, folder: string): Effect.Effect<void, InputError, FileSystem.FileSystem | Path.Path> =>
  Effect.flatMap(Path.Path, (path) => makeFolder(path.resolve(folder), `--${flag} ${folder}`))

/** One by one: Node's own way of it never ends where the system takes none, as below /proc. */
const makeFolder = (folder: string, shown: string): Effect.Effect<void, InputError, FileSystem.FileSystem | Path.Path> =>
  Effect.gen(function* () {
    const fs = yield* FileSystem.FileSystem
    const path = yield* Path.Path
    const info = yield* Effect.option(fs.stat(folder))
    if (Option.isSome(info)) {
      return info.value.type === "Directory"
        ? undefined
        : yield* badInput(`${shown}: ${folder} is a file, and no folder: name another`)
    }
    const parent = path.dirname(folder)
    if (parent !== folder) yield* makeFolder(parent, shown)
    yield* fs
      .makeDirectory(folder)
      .pipe(
        Effect.mapError((error) =>
          badInput(`${shown}: ${isMissing(error) ? `${parent} takes no folders: name another` : why(error)}`),
        ),
      )
  })
