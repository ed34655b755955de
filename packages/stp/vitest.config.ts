import { defineProject } from "vitest/config"

export default defineProject({
  test: {
    name: "@l2lab/stp",
    include: ["test/**/*.test.ts"],
    // Whole networks for minutes of their time, and the machine may be busy.
    testTimeout: 60_000,
    // Only when tests are asked what they show (`report/Evidence.ts`).
    setupFiles: process.env["L2LAB_EVIDENCE"] === undefined ? [] : ["report/record.ts"],
  },
})
