/** All questions of the toolkit. */
import { controlPlane } from "./ControlPlane.ts"
import { errdisabledInterfaces, errdisableRecovery } from "./Errdisable.ts"
import { logging } from "./Logging.ts"
import { portSecurity, portSecurityAddress } from "./PortSecurity.ts"
import { stormControl } from "./StormControl.ts"
import type { Topic } from "./Topic.ts"
import { vtpCounters, vtpStatus } from "./Vtp.ts"

export const TOPICS: ReadonlyArray<Topic> = [
  controlPlane,
  errdisabledInterfaces,
  errdisableRecovery,
  logging,
  portSecurity,
  portSecurityAddress,
  stormControl,
  vtpCounters,
  vtpStatus,
]

/** By its words. */
export const topicNamed = (words: string): Topic | undefined => TOPICS.find((topic) => topic.words === words)
