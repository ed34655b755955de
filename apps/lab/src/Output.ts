/** Where a command writes, and what is at the other end. Writing is synchronous: lines appear as the emulated world produces them. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Style from "./report/Style.ts"

/** A way out of the program. */
export interface Channel {
  readonly write: (text: string) => void
  /** A person is watching: progress may be drawn over and over on one line. */
  readonly isTerminal: boolean
  /** Columns of the terminal; 80 where there is none. */
  readonly columns: number
}

/** Standard output for results, standard error for everything about the run itself. */
export class Output extends Context.Service<
  Output,
  {
    readonly out: Channel
    readonly err: Channel
    /** Colours and signs for `out`, plain where nobody sees them. */
    readonly style: Style.Style
    readonly errStyle: Style.Style
  }
>()("@l2lab/lab/Output") {
  /** The streams of this process. A reader that goes away (`| head`) ends the program without a word. */
  static readonly process = Layer.sync(Output, () => {
    const channel = (stream: NodeJS.WriteStream): Channel => {
      stream.on("error", (error: NodeJS.ErrnoException) => {
        if (error.code === "EPIPE") process.exit(0)
      })
      return { write: (text) => void stream.write(text), isTerminal: stream.isTTY, columns: stream.columns || 80 }
    }
    const out = channel(process.stdout)
    const err = channel(process.stderr)
    return Output.of({
      out,
      err,
      style: Style.make(Style.wanted(out.isTerminal, process.env)),
      errStyle: Style.make(Style.wanted(err.isTerminal, process.env)),
    })
  })

  /** Both channels into two lists, as if to files; for tests and programs. */
  static readonly collect = (out: Array<string>, err: Array<string>) => {
    const channel = (into: Array<string>): Channel => ({
      write: (text) => void into.push(text),
      isTerminal: false,
      columns: 80,
    })
    return Layer.succeed(
      Output,
      Output.of({ out: channel(out), err: channel(err), style: Style.make("plain"), errStyle: Style.make("plain") }),
    )
  }
}

/** A command that says so on standard error when Ctrl-C ends it. */
export const tellsOfInterruption = <A, E, R>(command: Effect.Effect<A, E, R>): Effect.Effect<A, E, R | Output> =>
  Effect.onInterrupt(command, () =>
    Effect.map(Output, ({ err }) => err.write(err.isTerminal ? "\r\u001b[2Klab: interrupted\n" : "lab: interrupted\n")),
  )
