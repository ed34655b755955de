/** All questions of the toolkit. */
import { errdisabledInterfaces, errdisableRecovery } from "./Errdisable.ts"
import { logging } from "./Logging.ts"
import type { Topic } from "./Topic.ts"

export const TOPICS: ReadonlyArray<Topic> = [errdisabledInterfaces, errdisableRecovery, logging]

/** By its words. */
export const topicNamed = (words: string): Topic | undefined => TOPICS.find((topic) => topic.words === words)
