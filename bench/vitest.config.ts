import { defineProject } from "vitest/config"

export default defineProject({ test: { name: "@l2lab/bench", include: ["test/**/*.test.ts"] } })
