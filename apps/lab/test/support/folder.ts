/** A folder that a test may write to. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll } from "vitest"

/** A new folder, gone when the file's tests are over. */
export const temporaryFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "l2lab-"))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
