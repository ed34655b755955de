/** UDLD's machine as a Mermaid state diagram, drawn from the table that runs. */
import { MACHINE } from "@l2lab/l2/udld/Machine"

/** `allHearMe` as words: `all hear me`. */
const inWords = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)

/** Mermaid takes no hyphen in a state's name. */
const idOf = (phase: string): string => phase.replaceAll("-", "_")

/** The page. */
export const page = (): string =>
  [
    "# UDLD's state machine, as it runs here",
    "",
    "Drawn by `npm run figures` from the table in `packages/l2/src/udld/Machine.ts`. RFC 5171 draws none; see `DEVIATIONS.md` for where each part comes from. Of arcs that",
    "the same happening opens, the first one is taken whose condition holds.",
    "",
    "```mermaid",
    "stateDiagram-v2",
    "  [*] --> inactive",
    ...Object.entries(MACHINE).flatMap(([phase, arcs]) => [
      `  ${idOf(phase)}: ${phase}`,
      ...arcs.map(
        ({ on, to, when }) => `  ${idOf(phase)} --> ${idOf(to)}: ${on}${when === undefined ? "" : ` [${inWords(when.name)}]`}`,
      ),
    ]),
    "```",
    "",
  ].join("\n")
