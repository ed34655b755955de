/** The spanning trees of this package with the guards around them: what registries of bridge kinds hold. */
import { Mstp as PlainMstp } from "../mstp/Entity.ts"
import { Pvst as PlainPvst, RapidPvst as PlainRapidPvst } from "../pvst/Entity.ts"
import { Rstp2004 as PlainRstp2004 } from "../rstp2004/Entity.ts"
import { Stp1998 as PlainStp1998 } from "../stp1998/Entity.ts"
import { FAST_OF_PVST } from "./FastOfPvst.ts"
import { guarded } from "./Guarded.ts"
import { TREES_1998 } from "./TreesOf1998.ts"
import { TREES_2004 } from "./TreesOf2004.ts"
import { TREES_MSTP } from "./TreesOfMstp.ts"
import { treesOfPvst } from "./TreesOfPvst.ts"

/** 802.1D-1998 with guards. */
export const Stp1998 = guarded(PlainStp1998, TREES_1998)
/** 802.1D-2004 with guards. */
export const Rstp2004 = guarded(PlainRstp2004, TREES_2004)
/** 802.1Q-2005 with guards, whose trees are the CIST and the MSTIs. */
export const Mstp = guarded(PlainMstp, TREES_MSTP)
/** PVST+ with guards, UplinkFast and BackboneFast. */
export const Pvst = guarded(PlainPvst, treesOfPvst(TREES_1998), FAST_OF_PVST)
/** Rapid PVST+ with guards. */
export const RapidPvst = guarded(PlainRapidPvst, treesOfPvst(TREES_2004))
