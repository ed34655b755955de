import { defineProject } from "vitest/config"

export default defineProject({ test: { name: "@l2lab/pcap-writer", include: ["test/**/*.test.ts"] } })
