/**
 * Every change of a port's state that the Linux kernel reported with its time, in networks with the standard's timers: the same states in
 * the same order on every port in every step, each within the tolerance of its step. Records with short timers are not held to
 * this: there hellos and forward delays end within the same seconds, and the phases of the bridges' timers decide what a port goes through.
 */
import { assert, describe, it } from "@effect/vitest"
import * as StpTrace from "@l2lab/stp/Trace"
import { readFileSync } from "node:fs"
import { gunzipSync } from "node:zlib"
import * as Case from "../../src/conform/Case.ts"
import type { GoldenRecord, GoldenStep } from "../../src/conform/Record.ts"

type Transition = readonly [seconds: number, bridge: string, port: number, state: string]
type TimedStep = GoldenStep & { readonly transitions: ReadonlyArray<Transition> }
type TimedRecord = Omit<GoldenRecord, "steps"> & { readonly steps: readonly [TimedStep, ...ReadonlyArray<TimedStep>] }
type Course = ReadonlyArray<readonly [seconds: number, state: string]>

const read = (name: string): ReadonlyArray<TimedRecord> =>
  gunzipSync(readFileSync(new URL(`../fixtures/golden/${name}.jsonl.gz`, import.meta.url)))
    .toString()
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as TimedRecord)

/** A kernel takes milliseconds where the emulation takes none: states that do not last longer are not told apart. */
const INSTANT_S = 0.005

const STATES = [...StpTrace.PORT_STATES, "discarding"]

/** Courses by port. Left out: the first listening after the start, which comes before the emulation's first event; disabled, which bridges that are off do not say. */
const coursesOf = (transitions: ReadonlyArray<Transition>, isStart: boolean): ReadonlyMap<string, Course> => {
  const courses = new Map<string, Array<readonly [number, string]>>()
  for (const [seconds, bridge, port, state] of transitions) {
    const key = `${bridge} port ${port}`
    if (!courses.has(key)) courses.set(key, [])
    courses.get(key)!.push([seconds, state])
  }
  const lasting = (course: Course): Course =>
    course
      .filter(([, state], i) => state !== "disabled" && !(isStart && i === 0 && state === "listening"))
      .filter(([at], i, all) => i + 1 === all.length || all[i + 1][0] - at >= INSTANT_S)
      .filter(([, state], i, all) => i === 0 || all[i - 1][1] !== state)
  return new Map([...courses].map(([key, course]) => [key, lasting(course)]))
}

/** Ports whose course is another than recorded, and how many there are in all. */
const compare = (record: TimedRecord): { readonly ports: number; readonly differing: ReadonlyArray<string> } => {
  const seen = record.steps.map((): Array<Transition> => [])
  let step = 0
  let startOfStep = 0
  const result = Case.run(record, {
    onStep: (number) => (step = number - 1),
    listen: () => ({
      onTrace: ({ code, at, node, a, d }) => {
        if (code !== StpTrace.PORT_STATE.code) return
        seen[step].push([at / 1e9, record.bridges[node].name, record.bridges[node].ports[a].no, STATES[d]])
      },
    }),
  })
  let ports = 0
  const differing = record.steps.flatMap(({ do: event, transitions }, index) => {
    const isStart = (event as { readonly type: string }).type === "start"
    startOfStep = result.steps[index].atNs / 1e9
    const want = coursesOf(transitions, isStart)
    const have = coursesOf(
      seen[index].map(([at, ...rest]) => [at - startOfStep, ...rest]),
      isStart,
    )
    const tolerance = result.steps[index].toleranceNs / 1e9
    return [...new Set([...want.keys(), ...have.keys()])].flatMap((key) => {
      ports++
      const [recorded, emulated] = [want.get(key) ?? [], have.get(key) ?? []]
      const isSame =
        recorded.length === emulated.length &&
        recorded.every(([at, state], i) => state === emulated[i][1] && Math.abs(at - emulated[i][0]) <= tolerance)
      return isSame ? [] : [`${record.id} step ${index + 1}: ${key}`]
    })
  })
  return { ports, differing }
}

describe("recorded transitions", () => {
  it("linux-stp-timeline: 361 courses of ports, state by state and in time", () => {
    const results = read("linux-stp-timeline").map(compare)
    assert.strictEqual(
      results.reduce((sum, { ports }) => sum + ports, 0),
      361,
    )
    // In both a state that the kernel was in for 0.1 ms: listening, which lasts 8 ms here; blocking, which the port does not come to here.
    assert.deepEqual(
      results.flatMap(({ differing }) => differing),
      ["kt09-campus step 2: b9 port 1", "kt17-shared-mix step 1: b3 port 3"],
    )
  })

  it("notices a state that is missing, and one that comes too late", () => {
    const [record] = read("linux-stp-timeline")
    const [step, ...steps] = record.steps
    const altered = (transitions: ReadonlyArray<Transition>): ReadonlyArray<string> =>
      compare({ ...record, steps: [{ ...step, transitions }, ...steps] }).differing
    const isFirst = ([, bridge, port, state]: Transition): boolean => bridge === "b0" && port === 1 && state === "learning"
    assert.deepEqual(altered(step.transitions), [])
    assert.deepEqual(altered(step.transitions.filter((one) => !isFirst(one))), ["kt00-line step 1: b0 port 1"])
    assert.deepEqual(
      altered(step.transitions.map((one): Transition => (isFirst(one) ? [one[0] - 13, one[1], one[2], one[3]] : one))),
      ["kt00-line step 1: b0 port 1"],
    )
  })
})
