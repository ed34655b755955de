import { defineProject } from "vitest/config"

export default defineProject({ test: { name: "@l2lab/sim", include: ["test/**/*.test.ts"], testTimeout: 60_000 } })
