import { defineProject } from "vitest/config"

export default defineProject({
  test: {
    name: "@l2lab/stp",
    include: ["test/**/*.test.ts"],
    // Only when tests are asked what they show (`report/Evidence.ts`).
    setupFiles: process.env["L2LAB_EVIDENCE"] === undefined ? [] : ["report/record.ts"],
  },
})
