import { defineProject } from "vitest/config"

export default defineProject({ test: { name: "@l2lab/stp", include: ["test/**/*.test.ts"] } })
