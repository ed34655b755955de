/** `show vlan`: which VLANs a switch has and which access ports are in them, in the layout of Catalyst switches. Trunks are not listed there. */
import * as Columns from "./Columns.ts"

export interface VlanView {
  readonly id: number
  readonly name: string
  /** Access ports in the VLAN, `Gi0/1`. */
  readonly accessPorts: ReadonlyArray<string>
  /** Trunks that carry it; shown to machines only. */
  readonly trunkPorts: ReadonlyArray<string>
}

const WIDTHS = [4, 32, 9, 31]

/** The table, of one VLAN if `vlan` is given. */
export const lines = (views: ReadonlyArray<VlanView>, vlan?: number): ReadonlyArray<string> => {
  const chosen = views.filter((view) => vlan === undefined || view.id === vlan)
  if (chosen.length === 0 && vlan !== undefined) return ["", `VLAN id ${vlan} not found in current VLAN database`, ""]
  return [
    "",
    Columns.line(WIDTHS, "VLAN", "Name", "Status", "Ports"),
    Columns.rule(...WIDTHS),
    ...chosen.flatMap(({ id, name, accessPorts }) => {
      const [first, ...rest] = Columns.wrap(accessPorts, WIDTHS[3])
      return [
        Columns.line(WIDTHS, id, name.slice(0, WIDTHS[1]), "active", first),
        ...rest.map((ports) => Columns.line(WIDTHS, "", "", "", ports)),
      ]
    }),
    "",
  ]
}

/** For machines: the views as they are. */
export const json = (views: ReadonlyArray<VlanView>, vlan?: number): ReadonlyArray<VlanView> =>
  views.filter((view) => vlan === undefined || view.id === vlan)
