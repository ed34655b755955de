/** The command line in process, and as a process. */
import { type ChildProcess, spawn } from "node:child_process"
import { fileURLToPath } from "node:url"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Effect, Layer } from "effect"
import { TestConsole } from "effect/testing"
import { main } from "../../src/Cli.ts"
import { Output } from "../../src/Output.ts"

export interface Ended {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** Run a command line in this process; help and version come in `out`. */
export const lab = (...args: ReadonlyArray<string>): Effect.Effect<Ended> =>
  Effect.gen(function* () {
    const out: Array<string> = []
    const err: Array<string> = []
    const code = yield* main(args).pipe(Effect.provide(Output.collect(out, err)))
    const lines = yield* TestConsole.logLines
    return { code, out: out.join("") + lines.join("\n"), err: err.join("") }
  }).pipe(Effect.provide(Layer.merge(NodeServices.layer, TestConsole.layer)))

const MAIN = fileURLToPath(new URL("../../src/main.ts", import.meta.url))

/** Start a command line as a process of its own. */
export const start = (args: ReadonlyArray<string>, options: { readonly cwd?: string } = {}): ChildProcess =>
  spawn(process.execPath, [MAIN, ...args], { ...options, stdio: ["ignore", "pipe", "pipe"] })

/** How a process ended, with what it wrote; `watch` sees its standard output as it comes. */
export const ended = (child: ChildProcess, watch: (out: string) => void = () => {}): Promise<Ended> =>
  new Promise((resolve, reject) => {
    let out = ""
    let err = ""
    child.stdout?.on("data", (chunk) => watch((out += String(chunk))))
    child.stderr?.on("data", (chunk) => (err += String(chunk)))
    child.on("error", reject)
    child.on("close", (code) => resolve({ code: code ?? -1, out, err }))
  })

/** Run a command line as a process of its own. */
export const labProcess = (args: ReadonlyArray<string>, options: { readonly cwd?: string } = {}): Promise<Ended> =>
  ended(start(args, options))
