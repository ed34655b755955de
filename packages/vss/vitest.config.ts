import { defineProject } from "vitest/config"

export default defineProject({ test: { name: "@l2lab/vss", include: ["test/**/*.test.ts"], testTimeout: 60_000 } })
