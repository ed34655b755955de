/** Frames put to tshark, where it and text2pcap are installed (Debian package tshark). */
import { spawnSync } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert } from "@effect/vitest"

/** Whether both tools are there. */
export const installed = ["tshark", "text2pcap"].every((tool) => spawnSync(tool, ["--version"]).error === undefined)

const run = (tool: string, args: ReadonlyArray<string>, input = ""): string => {
  const { status, stderr, stdout } = spawnSync(tool, args, { input, encoding: "utf8" })
  assert.strictEqual(status, 0, stderr)
  return stdout
}

/** The values of fields in each frame, by field; a field that stands several times has several values. */
export const dissect = (
  frames: ReadonlyArray<Uint8Array>,
  fields: ReadonlyArray<string>,
): ReadonlyArray<Readonly<Record<string, ReadonlyArray<string>>>> => {
  const folder = mkdtempSync(join(tmpdir(), "l2lab-"))
  try {
    const file = join(folder, "frames.pcap")
    run(
      "text2pcap",
      ["-q", "-", file],
      frames.map((octets) => `0 ${Buffer.from(octets).toString("hex").replace(/../g, "$& ")}\n`).join("\n"),
    )
    const columns = fields.flatMap((field) => ["-e", field])
    const printed = run("tshark", ["-n", "-r", file, "-T", "fields", "-E", "separator=;", "-E", "aggregator=|", ...columns])
    return printed
      .trimEnd()
      .split("\n")
      .map((line) =>
        Object.fromEntries(line.split(";").flatMap((text, index) => (text === "" ? [] : [[fields[index], text.split("|")]]))),
      )
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Nothing that tshark has to say against a frame. */
export const COMPLAINTS = ["_ws.malformed", "_ws.expert.message"]
