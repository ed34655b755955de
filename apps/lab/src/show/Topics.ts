/** All questions of the toolkit. */
import { cdp, cdpNeighbors, cdpNeighborsDetail } from "./Cdp.ts"
import { controlPlane } from "./ControlPlane.ts"
import { dtp, dtpInterface } from "./Dtp.ts"
import { errdisabledInterfaces, errdisableDetect, errdisableRecovery } from "./Errdisable.ts"
import { etherchannelLoadBalance, etherchannelPortChannel, etherchannelSummary } from "./Etherchannel.ts"
import { lacpCounters, lacpNeighbor } from "./Lacp.ts"
import { linkStateGroup, linkStateGroupDetail } from "./LinkStateGroup.ts"
import { lldp, lldpNeighbors, lldpNeighborsDetail } from "./Lldp.ts"
import { logging } from "./Logging.ts"
import { pagpCounters, pagpDualActive, pagpNeighbor } from "./Pagp.ts"
import { portSecurity, portSecurityAddress } from "./PortSecurity.ts"
import { stormControl } from "./StormControl.ts"
import { interfacesSwitchport, interfacesTrunk } from "./Trunks.ts"
import {
  switchVirtual,
  switchVirtualDualActive,
  switchVirtualDualActiveBfd,
  switchVirtualDualActiveFastHello,
  switchVirtualDualActivePagp,
  switchVirtualDualActiveSummary,
  switchVirtualLink,
  switchVirtualLinkCounters,
  switchVirtualRole,
} from "./SwitchVirtual.ts"
import { udld, udldNeighbors } from "./Udld.ts"
import type { Topic } from "./Topic.ts"
import {
  vpc,
  vpcBrief,
  vpcConsistencyParameters,
  vpcConsistencyParametersGlobal,
  vpcOrphanPorts,
  vpcPeerKeepalive,
  vpcRole,
} from "./Vpc.ts"
import { vtpCounters, vtpStatus } from "./Vtp.ts"

export const TOPICS: ReadonlyArray<Topic> = [
  cdp,
  cdpNeighbors,
  cdpNeighborsDetail,
  controlPlane,
  dtp,
  dtpInterface,
  errdisabledInterfaces,
  errdisableDetect,
  errdisableRecovery,
  etherchannelLoadBalance,
  etherchannelPortChannel,
  etherchannelSummary,
  interfacesSwitchport,
  interfacesTrunk,
  lacpCounters,
  lacpNeighbor,
  linkStateGroup,
  linkStateGroupDetail,
  lldp,
  lldpNeighbors,
  lldpNeighborsDetail,
  logging,
  pagpCounters,
  pagpDualActive,
  pagpNeighbor,
  portSecurity,
  portSecurityAddress,
  stormControl,
  switchVirtual,
  switchVirtualDualActive,
  switchVirtualDualActiveBfd,
  switchVirtualDualActiveFastHello,
  switchVirtualDualActivePagp,
  switchVirtualDualActiveSummary,
  switchVirtualLink,
  switchVirtualLinkCounters,
  switchVirtualRole,
  vpc,
  vpcBrief,
  vpcConsistencyParameters,
  vpcConsistencyParametersGlobal,
  vpcOrphanPorts,
  vpcPeerKeepalive,
  vpcRole,
  vtpCounters,
  vtpStatus,
  udld,
  udldNeighbors,
]

/** By its words. */
export const topicNamed = (words: string): Topic | undefined => TOPICS.find((topic) => topic.words === words)
