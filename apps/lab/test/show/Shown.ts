/** `lab show` in a test: what it prints, and with which code it ends. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { fileURLToPath } from "node:url"
import { main } from "../../src/Cli.ts"
import { Output } from "../../src/Output.ts"

export const design = (name: string): string => fileURLToPath(new URL(`../../../../designs/${name}.l2.yml`, import.meta.url))

export const lab = (...args: ReadonlyArray<string>) =>
  Effect.gen(function* () {
    const out: Array<string> = []
    const err: Array<string> = []
    const code = yield* main(["show", ...args]).pipe(Effect.provide(Layer.merge(NodeServices.layer, Output.collect(out, err))))
    return { code, out: out.join(""), err: err.join("") }
  })

export interface Document {
  readonly at: number
  readonly settled: boolean | null
  readonly switches: ReadonlyArray<{
    readonly name: string
    readonly power: string
    readonly spanningTrees?: ReadonlyArray<{
      readonly isRoot: boolean
      readonly ports: ReadonlyArray<{ readonly interface: string; readonly role: string; readonly state: string }>
    }>
    readonly macAddressTable?: {
      readonly entries: ReadonlyArray<{ readonly vlan: number; readonly interface: string; readonly ageSeconds: number }>
    }
    readonly interfaces?: ReadonlyArray<{ readonly shortName: string; readonly status: string; readonly peer: string | null }>
  }>
}

export const json = (...args: ReadonlyArray<string>) =>
  Effect.map(lab(...args, "--json"), ({ code, out, err }) => {
    assert.strictEqual(err, "")
    assert.strictEqual(code, 0)
    return JSON.parse(out) as Document
  })

/** `sw1 Gi0/1 root forwarding` of every port that is up. */
export const roles = ({ switches }: Document): ReadonlyArray<string> =>
  switches.flatMap(({ name, spanningTrees = [] }) =>
    spanningTrees.flatMap(({ ports }) => ports.map((port) => `${name} ${port.interface} ${port.role} ${port.state}`)),
  )
